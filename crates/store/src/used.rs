//! When each account was last signed in with, for locking those that nobody uses.

use jiff::Timestamp;
use record::time_text;
use sqlx::Row;

use crate::{Store, StoreError, accounts::time, error::sql};

impl Store {
    /// Notes that an account was signed in with, or that its time begins to count.
    pub async fn account_used(&self, account: &str, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO account_used (account, used_at) VALUES ($1, $2) \
             ON CONFLICT (account) DO UPDATE SET used_at = excluded.used_at",
        )
        .bind(account.to_owned())
        .bind(time_text(at));
        self.write("note the use of an account", query).await?;
        Ok(())
    }

    /// Every account of which that is known (id), with when (UTC).
    pub async fn accounts_used(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let failed = sql("read when accounts were used");
        let rows = sqlx::query("SELECT account, used_at FROM account_used ORDER BY account")
            .fetch_all(&self.inner.reading)
            .await
            .map_err(&failed)?;
        let mut list = Vec::with_capacity(rows.len());
        for row in &rows {
            let at = time(Some(row.try_get(1).map_err(&failed)?))?;
            list.push((
                row.try_get(0).map_err(&failed)?,
                at.unwrap_or(Timestamp::UNIX_EPOCH),
            ));
        }
        Ok(list)
    }
}
