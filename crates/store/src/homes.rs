//! Accounts whose password and codes another partnership keeps.

use jiff::Timestamp;
use record::time_text;
use sqlx::Row;

use crate::{Store, StoreError, error::sql};

/// Where the password and the codes of an account are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountHome {
    /// The partnership that keeps them.
    pub partnership: String,
    /// The account there.
    pub account: String,
}

impl Store {
    /// Where the password and the codes of an account are, when that is elsewhere.
    pub async fn account_home(&self, account: &str) -> Result<Option<AccountHome>, StoreError> {
        let failed = sql("find where an account is kept");
        let row =
            sqlx::query("SELECT partnership, home_account FROM account_home WHERE account = $1")
                .bind(account.to_owned())
                .fetch_optional(&self.inner.reading)
                .await
                .map_err(&failed)?;
        row.map(|row| {
            Ok(AccountHome {
                partnership: row.try_get(0).map_err(&failed)?,
                account: row.try_get(1).map_err(&failed)?,
            })
        })
        .transpose()
    }

    /// The accounts here whose password and codes that account of that partnership keeps.
    pub async fn accounts_at_home(
        &self,
        partnership: &str,
        home_account: &str,
    ) -> Result<Vec<String>, StoreError> {
        let failed = sql("list accounts by where they are kept");
        let rows = sqlx::query(
            "SELECT account FROM account_home WHERE partnership = $1 AND home_account = $2 ORDER BY account",
        )
        .bind(partnership.to_owned())
        .bind(home_account.to_owned())
        .fetch_all(&self.inner.reading)
        .await
        .map_err(&failed)?;
        rows.iter()
            .map(|row| row.try_get(0).map_err(&failed))
            .collect()
    }

    /// Says where the password and the codes of an account are from now on; nowhere else when `home` is none.
    pub async fn set_account_home(
        &self,
        account: &str,
        home: Option<&AccountHome>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = match home {
            Some(home) => sqlx::query(
                "INSERT INTO account_home (account, partnership, home_account, since) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (account) DO UPDATE SET partnership = excluded.partnership, \
                 home_account = excluded.home_account, since = excluded.since",
            )
            .bind(account.to_owned())
            .bind(home.partnership.clone())
            .bind(home.account.clone())
            .bind(time_text(at)),
            None => sqlx::query("DELETE FROM account_home WHERE account = $1")
                .bind(account.to_owned()),
        };
        self.write("say where an account is kept", query).await?;
        Ok(())
    }
}
