//! Invitations that wait to be accepted. Only the hash of the secret in a link is here; accepting one makes the account
//! and uses the invitation up in one transaction, so that no link makes two accounts.

use jiff::Timestamp;
use record::time_text;
use sqlx::Row;

use crate::{NewAccount, Store, StoreError, accounts::time, error::sql};

/// An invitation that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Whom it is for.
    pub person: String,
    /// Its id in the record.
    pub invitation: String,
    /// Until when it can be accepted (UTC).
    pub ends_at: Timestamp,
}

impl Store {
    /// Keeps an invitation under the hash of its secret, in place of the one before for the same person.
    pub async fn keep_invitation(
        &self,
        token_hash: &[u8; 32],
        new: &Invitation,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO invitation (person, invitation, token_hash, ends_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (person) DO UPDATE SET invitation = excluded.invitation, \
             token_hash = excluded.token_hash, ends_at = excluded.ends_at",
        )
        .bind(new.person.clone())
        .bind(new.invitation.clone())
        .bind(token_hash.to_vec())
        .bind(time_text(new.ends_at));
        self.write("keep an invitation", query).await?;
        Ok(())
    }

    /// The invitation with this hash, also when its time is over.
    pub async fn invitation(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<Invitation>, StoreError> {
        let failed = sql("find an invitation");
        let Some(row) =
            sqlx::query("SELECT person, invitation, ends_at FROM invitation WHERE token_hash = $1")
                .bind(token_hash.to_vec())
                .fetch_optional(&self.inner.reading)
                .await
                .map_err(&failed)?
        else {
            return Ok(None);
        };
        let ends_at = time(Some(row.try_get(2).map_err(&failed)?))?;
        Ok(Some(Invitation {
            person: row.try_get(0).map_err(&failed)?,
            invitation: row.try_get(1).map_err(&failed)?,
            ends_at: ends_at.unwrap_or(Timestamp::UNIX_EPOCH),
        }))
    }

    /// Takes the invitation of a person away, if one waits.
    pub async fn drop_invitation(&self, person: &str) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM invitation WHERE person = $1").bind(person.to_owned());
        self.write("take an invitation away", query).await?;
        Ok(())
    }

    /// Uses an invitation up and creates the account; false when it is there no longer, or its time is over, and nothing is made.
    ///
    /// # Errors
    /// [`StoreError::EmailTaken`] when the address has an account; the invitation stays.
    pub async fn accept_invitation(
        &self,
        token_hash: &[u8; 32],
        new: NewAccount,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let failed = sql("accept an invitation");
        let email = crate::accounts::folded(&new.email);
        let mut tx = self.begin("accept an invitation").await?;
        let used = sqlx::query(
            "DELETE FROM invitation WHERE token_hash = $1 AND person = $2 AND ends_at > $3",
        )
        .bind(token_hash.to_vec())
        .bind(new.person.as_str())
        .bind(time_text(at))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?
        .rows_affected();
        if used == 0 {
            return Ok(false);
        }
        let made = sqlx::query(
            "INSERT INTO account (id, email, password_hash, person, disabled, failed) VALUES ($1, $2, $3, $4, 0, 0) \
             ON CONFLICT (email) DO NOTHING",
        )
        .bind(new.id)
        .bind(email.as_str())
        .bind(new.password_hash)
        .bind(new.person)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?
        .rows_affected();
        if made == 0 {
            return Err(StoreError::EmailTaken(email));
        }
        tx.commit().await.map_err(&failed)?;
        Ok(true)
    }

    /// Uses a link for a new password up: the account has that password, is kept here, and every session of it and any half sign-in end,
    /// in one transaction. False when the link is there no longer, or its time is over, and nothing is changed.
    /// `at` is the time by which the link counts, `now` that of the sessions.
    ///
    /// # Errors
    /// [`StoreError::NoSuchAccount`].
    pub async fn renew_password(
        &self,
        token_hash: &[u8; 32],
        account: &str,
        password_hash: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let failed = sql("set a new password");
        let mut tx = self.begin("set a new password").await?;
        let used = sqlx::query(
            "DELETE FROM invitation WHERE token_hash = $1 AND person = $2 AND ends_at > $3",
        )
        .bind(token_hash.to_vec())
        .bind(account)
        .bind(time_text(at))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?
        .rows_affected();
        if used == 0 {
            return Ok(false);
        }
        let set =
            sqlx::query("UPDATE account SET password_hash = $2 WHERE id = $1 AND disabled = 0")
                .bind(account)
                .bind(password_hash)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?
                .rows_affected();
        if set == 0 {
            return Err(StoreError::NoSuchAccount(account.to_owned()));
        }
        for statement in [
            "DELETE FROM half_signed_in WHERE account = $1",
            "DELETE FROM account_home WHERE account = $1",
        ] {
            sqlx::query(statement)
                .bind(account)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        sqlx::query("UPDATE session SET ended = $2 WHERE account = $1 AND ended IS NULL")
            .bind(account)
            .bind(time_text(now))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
        Ok(true)
    }
}
