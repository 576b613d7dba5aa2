//! Accounts: who may sign in, and as which person.
//! Only the hash of a password is ever here. The columns `failed` and `locked_until` are of before; see `attempts.rs`.

use jiff::Timestamp;
use record::time_text;
use sqlx::{Row, any::AnyRow};

use crate::{Store, StoreError, error::sql};

/// An account to create.
#[derive(Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: String,
    /// The address to sign in with; kept in lower case, one account each.
    pub email: String,
    /// The password's hash, with its parameters.
    pub password_hash: String,
    /// The person who signs in with it.
    pub person: String,
}

/// An account as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// The address to sign in with, in lower case.
    pub email: String,
    /// The password's hash, with its parameters.
    pub password_hash: String,
    /// The person who signs in with it.
    pub person: String,
    /// Whether it may no longer sign in.
    pub disabled: bool,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .field("person", &self.person)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

macro_rules! select_account {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, password_hash, person, disabled FROM account ",
            $rest
        )
    };
}

impl Store {
    /// Creates an account. The answer is [`StoreError::EmailTaken`] when the address has one.
    pub async fn create_account(&self, new: NewAccount) -> Result<(), StoreError> {
        let email = folded(&new.email);
        let query = sqlx::query(
            "INSERT INTO account (id, email, password_hash, person, disabled, failed) VALUES ($1, $2, $3, $4, 0, 0) \
             ON CONFLICT (email) DO NOTHING",
        )
        .bind(new.id)
        .bind(email.as_str())
        .bind(new.password_hash)
        .bind(new.person);
        match self.write("create the account", query).await? {
            0 => Err(StoreError::EmailTaken(email)),
            _ => Ok(()),
        }
    }

    /// The account with this id.
    pub async fn account(&self, id: &str) -> Result<Option<Account>, StoreError> {
        self.one_account(select_account!("WHERE id = $1"), id).await
    }

    /// The account with this address, however it is capitalised.
    pub async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        self.one_account(select_account!("WHERE email = $1"), &folded(email))
            .await
    }

    /// All accounts, by address.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        sqlx::query(select_account!("ORDER BY email"))
            .fetch_all(&self.inner.reading)
            .await
            .map_err(sql("list the accounts"))?
            .iter()
            .map(account)
            .collect()
    }

    /// Replaces the password's hash.
    pub async fn set_password_hash(&self, id: &str, password_hash: &str) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE account SET password_hash = $2 WHERE id = $1");
        self.change_account(id, query.bind(id).bind(password_hash))
            .await
    }

    /// Stops an account from signing in and ends every session of it, and any half sign-in, in one transaction.
    pub async fn end_account(&self, id: &str, at: Timestamp) -> Result<(), StoreError> {
        let failed = sql("end an account");
        let mut tx = self.begin("end an account").await?;
        let done = sqlx::query("UPDATE account SET disabled = 1 WHERE id = $1")
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?
            .rows_affected();
        if done == 0 {
            return Err(StoreError::NoSuchAccount(id.to_owned()));
        }
        for statement in [
            "DELETE FROM half_signed_in WHERE account = $1",
            "DELETE FROM passkey_asked WHERE account = $1",
            "DELETE FROM sign_on WHERE account = $1",
            "DELETE FROM account_home WHERE account = $1",
        ] {
            sqlx::query(statement)
                .bind(id)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        sqlx::query("UPDATE session SET ended = $2 WHERE account = $1 AND ended IS NULL")
            .bind(id)
            .bind(time_text(at))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn one_account(
        &self,
        query: &'static str,
        value: &str,
    ) -> Result<Option<Account>, StoreError> {
        sqlx::query(query)
            .bind(value)
            .fetch_optional(&self.inner.reading)
            .await
            .map_err(sql("find the account"))?
            .as_ref()
            .map(account)
            .transpose()
    }

    async fn change_account(
        &self,
        id: &str,
        query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
    ) -> Result<(), StoreError> {
        match self.write("change the account", query).await? {
            0 => Err(StoreError::NoSuchAccount(id.to_owned())),
            _ => Ok(()),
        }
    }
}

pub(crate) fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

fn account(row: &AnyRow) -> Result<Account, StoreError> {
    let failed = sql("read the account");
    Ok(Account {
        id: row.try_get(0).map_err(&failed)?,
        email: row.try_get(1).map_err(&failed)?,
        password_hash: row.try_get(2).map_err(&failed)?,
        person: row.try_get(3).map_err(&failed)?,
        disabled: row.try_get::<i64, _>(4).map_err(&failed)? != 0,
    })
}

/// A time as the tables hold it.
pub(crate) fn time(text: Option<String>) -> Result<Option<Timestamp>, StoreError> {
    text.map(|text| {
        text.parse().map_err(|_| StoreError::Unreadable {
            what: format!("the time `{text}`"),
            why: "it is not a time".to_owned(),
        })
    })
    .transpose()
}
