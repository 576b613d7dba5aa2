//! Attempts to sign in that failed, counted by whatever the caller names: an address from a network, a network, an address.
//! They are in the database, so that a restart forgives nobody; only hashes of what is counted are kept.

use jiff::Timestamp;
use record::time_text;
use sqlx::Row;

use crate::{Store, StoreError, accounts::time, error::sql};

/// What is known of attempts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempts {
    /// Failures since the first that still counts.
    pub failed: u32,
    /// When the first of them was (UTC).
    pub first_at: Option<Timestamp>,
    /// Until when no attempt is taken (UTC).
    pub until: Option<Timestamp>,
    /// When the last one succeeded (UTC).
    pub succeeded: Option<Timestamp>,
}

impl Store {
    /// What is known of attempts counted under a hash.
    pub async fn attempts(&self, counted: &[u8; 32]) -> Result<Attempts, StoreError> {
        let failed = sql("look at failed attempts");
        let Some(row) = sqlx::query(
            "SELECT failed, first_at, until, succeeded FROM attempt WHERE counted = $1",
        )
        .bind(counted.to_vec())
        .fetch_optional(&self.inner.reading)
        .await
        .map_err(&failed)?
        else {
            return Ok(Attempts::default());
        };
        let count: i64 = row.try_get(0).map_err(&failed)?;
        Ok(Attempts {
            failed: u32::try_from(count).unwrap_or(u32::MAX),
            first_at: time(row.try_get(1).map_err(&failed)?)?,
            until: time(row.try_get(2).map_err(&failed)?)?,
            succeeded: time(row.try_get(3).map_err(&failed)?)?,
        })
    }

    /// Counts a failure and answers how many there are with it; those that began before `since` no longer count.
    pub async fn count_attempt(
        &self,
        counted: &[u8; 32],
        at: Timestamp,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let failed = sql("count a failed attempt");
        let query = sqlx::query(
            "INSERT INTO attempt (counted, failed, first_at) VALUES ($1, 1, $2) \
             ON CONFLICT (counted) DO UPDATE SET \
             failed = CASE WHEN attempt.first_at < $3 THEN 1 ELSE attempt.failed + 1 END, \
             first_at = CASE WHEN attempt.first_at < $3 THEN excluded.first_at ELSE attempt.first_at END \
             RETURNING failed",
        )
        .bind(counted.to_vec())
        .bind(time_text(at))
        .bind(time_text(since));
        let rows = (self.write_answering("count a failed attempt", query)).await?;
        let count: i64 = match rows.first() {
            Some(row) => row.try_get(0).map_err(&failed)?,
            None => 0,
        };
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Takes no attempt until an instant, and counts from nought after it.
    pub async fn hold_attempts(
        &self,
        counted: &[u8; 32],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE attempt SET until = $2, failed = 0 WHERE counted = $1")
            .bind(counted.to_vec())
            .bind(time_text(until));
        self.write("hold attempts", query).await?;
        Ok(())
    }

    /// Notes that an attempt succeeded: what failed before no longer counts.
    pub async fn attempt_succeeded(
        &self,
        counted: &[u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO attempt (counted, failed, first_at, succeeded) VALUES ($1, 0, $2, $2) \
             ON CONFLICT (counted) DO UPDATE SET failed = 0, first_at = excluded.first_at, until = NULL, \
             succeeded = excluded.succeeded",
        )
        .bind(counted.to_vec())
        .bind(time_text(at));
        self.write("note a sign-in", query).await?;
        Ok(())
    }

    /// Forgets what was last counted or succeeded before an instant.
    pub async fn forget_attempts_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let query = sqlx::query(
            "DELETE FROM attempt WHERE first_at < $1 AND (succeeded IS NULL OR succeeded < $1) \
             AND (until IS NULL OR until < $1)",
        )
        .bind(time_text(before));
        self.write("forget old attempts", query).await
    }
}
