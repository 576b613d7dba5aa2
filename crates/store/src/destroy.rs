//! Erasure of one entry's content: its key is destroyed, its place in the chain stays and still verifies.
//! Whether that is allowed (two people, no legal hold) was decided before; the permit says by which rule.

use std::time::Duration;

use access::Permit;
use jiff::Timestamp;
use record::time_text;
use sqlx::Row;

use crate::{Store, StoreError, database, erase, error::sql};

/// How a destruction went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destruction {
    /// The key had been destroyed before; nothing was done now.
    pub already: bool,
    /// The write-ahead file was emptied too. When false, the sealed key may stay there until the next check-point,
    /// at the latest until the store is closed. Backups made earlier keep it until they are deleted.
    pub swept: bool,
}

impl Store {
    /// Destroys the key of one entry, so that nobody can read its content again; writes down when, by whom and by which rule.
    /// The handle is [`Appended::key_id`](crate::Appended) or [`Opened::key_id`](crate::Opened).
    pub async fn destroy_content(
        &self,
        permit: Permit,
        key_id: &str,
    ) -> Result<Destruction, StoreError> {
        let failed = sql("destroy the key of an entry");
        let mut tx = self.begin("destroy the key of an entry").await?;
        let gone = sqlx::query("SELECT 1 FROM destroyed_key WHERE key_id = $1")
            .bind(key_id)
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?
            .is_some();
        if gone {
            // There is one writing connection only, and the sweep below needs it.
            drop(tx);
        } else {
            sqlx::query("INSERT INTO destroyed_key (key_id, destroyed_at, actor, rule) VALUES ($1, $2, $3, $4)")
                .bind(key_id)
                .bind(time_text(Timestamp::now()))
                .bind(permit.actor())
                .bind(permit.rule())
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
            let positions =
                erase::positions(&mut tx, self.partnership(), &[key_id.to_owned()]).await?;
            let Some(position) = positions.get(key_id) else {
                return Err(StoreError::NoSuchKey(key_id.to_owned()));
            };
            sqlx::query("DELETE FROM entry_key WHERE partnership = $1 AND position = $2")
                .bind(self.partnership())
                .bind(position)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
            tx.commit().await.map_err(&failed)?;
        }
        Ok(Destruction {
            already: gone,
            swept: self.sweep().await?,
        })
    }

    /// Moves everything out of the write-ahead file and empties it; false when readers kept it busy.
    /// PostgreSQL keeps what was deleted in its files until its own housekeeping, which the server's role cannot order.
    pub(crate) async fn sweep(&self) -> Result<bool, StoreError> {
        if database::is_postgres(&self.inner.writing) {
            return Ok(false);
        }
        let failed = sql("empty the write-ahead file");
        for _ in 0..5 {
            let turn = self.turn().await.map_err(&failed)?;
            let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .fetch_one(&self.inner.writing)
                .await
                .map_err(&failed)?;
            if row.try_get::<i64, _>(0).map_err(&failed)? == 0 {
                return Ok(true);
            }
            drop(turn);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tracing::warn!(
            "readers kept the write-ahead file busy; a destroyed key may stay in it until the next check-point"
        );
        Ok(false)
    }
}
