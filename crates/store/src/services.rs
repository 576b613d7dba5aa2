//! The tokens with which other systems ask. Only the hash of each is here.

use jiff::Timestamp;
use record::time_text;
use sqlx::Row;

use crate::{Store, StoreError, accounts::time, error::sql};

/// A token of a service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceToken {
    /// Whose it is (person id).
    pub service: String,
    /// By what it is called: its first letters, which open nothing.
    pub called: String,
    /// When it was made (UTC).
    pub made_at: Timestamp,
    /// When it ends (UTC); none while nothing took its place.
    pub ends_at: Option<Timestamp>,
    /// When it was last used (UTC), to the minute.
    pub used_at: Option<Timestamp>,
}

fn token(row: &sqlx::any::AnyRow) -> Result<ServiceToken, StoreError> {
    let failed = sql("read a token");
    let made = time(Some(row.try_get(2).map_err(&failed)?))?;
    Ok(ServiceToken {
        service: row.try_get(0).map_err(&failed)?,
        called: row.try_get(1).map_err(&failed)?,
        made_at: made.unwrap_or(Timestamp::UNIX_EPOCH),
        ends_at: time(row.try_get(3).map_err(&failed)?)?,
        used_at: time(row.try_get(4).map_err(&failed)?)?,
    })
}

impl Store {
    /// The token with this hash.
    pub async fn service_token(&self, hash: &[u8; 32]) -> Result<Option<ServiceToken>, StoreError> {
        let row = sqlx::query(
            "SELECT service, called, made_at, ends_at, used_at FROM service_token WHERE token_hash = $1",
        )
            .bind(hash.to_vec())
            .fetch_optional(&self.inner.reading)
            .await
            .map_err(sql("find a token"))?;
        row.as_ref().map(token).transpose()
    }

    /// The tokens of a service account, the newest first.
    pub async fn service_tokens(&self, service: &str) -> Result<Vec<ServiceToken>, StoreError> {
        let rows = sqlx::query(
            "SELECT service, called, made_at, ends_at, used_at FROM service_token WHERE service = $1 ORDER BY made_at DESC, called",
        )
            .bind(service.to_owned())
            .fetch_all(&self.inner.reading)
            .await
            .map_err(sql("list tokens"))?;
        rows.iter().map(token).collect()
    }

    /// Keeps a new token; those before it end at `others_end`, if they do not end sooner.
    pub async fn add_service_token(
        &self,
        hash: &[u8; 32],
        new: &ServiceToken,
        others_end: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = sql("keep a token");
        let mut tx = self.begin("keep a token").await?;
        sqlx::query("UPDATE service_token SET ends_at = $2 WHERE service = $1 AND (ends_at IS NULL OR ends_at > $2)")
            .bind(new.service.clone())
            .bind(time_text(others_end))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        sqlx::query("INSERT INTO service_token (token_hash, service, called, made_at) VALUES ($1, $2, $3, $4)")
            .bind(hash.to_vec())
            .bind(new.service.clone())
            .bind(new.called.clone())
            .bind(time_text(new.made_at))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Ends a token of a service account by what it is called, or all of them; true when there was one.
    pub async fn end_service_tokens(
        &self,
        service: &str,
        called: Option<&str>,
    ) -> Result<bool, StoreError> {
        let query = match called {
            Some(called) => {
                sqlx::query("DELETE FROM service_token WHERE service = $1 AND called = $2")
                    .bind(service.to_owned())
                    .bind(called.to_owned())
            }
            None => {
                sqlx::query("DELETE FROM service_token WHERE service = $1").bind(service.to_owned())
            }
        };
        let done = self.write("end a token", query).await?;
        Ok(done > 0)
    }

    /// Notes that a token was used.
    pub async fn service_token_used(
        &self,
        hash: &[u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE service_token SET used_at = $2 WHERE token_hash = $1")
            .bind(hash.to_vec())
            .bind(time_text(at));
        self.write("note that a token was used", query).await?;
        Ok(())
    }
}
