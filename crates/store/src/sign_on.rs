//! By which name the provider of an organisation knows the holder of an account.

use jiff::Timestamp;
use record::time_text;
use sqlx::Row;

use crate::{Store, StoreError, accounts::time, error::sql};

/// An account that is signed in to at the provider of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOnLink {
    /// Who vouches: the provider's issuer.
    pub issuer: String,
    /// How the provider calls the person: never used again for someone else.
    pub subject: String,
    /// The account.
    pub account: String,
    /// The organisation's id in the settings of the server.
    pub organisation: String,
    /// Since when (UTC).
    pub linked_at: Timestamp,
}

fn link(row: &sqlx::any::AnyRow) -> Result<SignOnLink, StoreError> {
    let failed = sql("read a link to a provider of sign-in");
    let linked_at = time(Some(row.try_get(4).map_err(&failed)?))?;
    Ok(SignOnLink {
        issuer: row.try_get(0).map_err(&failed)?,
        subject: row.try_get(1).map_err(&failed)?,
        account: row.try_get(2).map_err(&failed)?,
        organisation: row.try_get(3).map_err(&failed)?,
        linked_at: linked_at.unwrap_or(Timestamp::UNIX_EPOCH),
    })
}

impl Store {
    /// The account that a provider's subject is linked to.
    pub async fn sign_on(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<SignOnLink>, StoreError> {
        let row = sqlx::query(
            "SELECT issuer, subject, account, organisation, linked_at FROM sign_on WHERE issuer = $1 AND subject = $2",
        )
            .bind(issuer.to_owned())
            .bind(subject.to_owned())
            .fetch_optional(&self.inner.reading)
            .await
            .map_err(sql("find a link to a provider of sign-in"))?;
        row.as_ref().map(link).transpose()
    }

    /// The links of an account.
    pub async fn sign_ons_of(&self, account: &str) -> Result<Vec<SignOnLink>, StoreError> {
        let rows = sqlx::query(
            "SELECT issuer, subject, account, organisation, linked_at FROM sign_on WHERE account = $1 ORDER BY linked_at",
        )
            .bind(account.to_owned())
            .fetch_all(&self.inner.reading)
            .await
            .map_err(sql("list links to providers of sign-in"))?;
        rows.iter().map(link).collect()
    }

    /// Links an account; false when the subject is linked already.
    pub async fn link_sign_on(&self, new: &SignOnLink) -> Result<bool, StoreError> {
        let query = sqlx::query(
            "INSERT INTO sign_on (issuer, subject, account, organisation, linked_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (issuer, subject) DO NOTHING",
        )
        .bind(new.issuer.clone())
        .bind(new.subject.clone())
        .bind(new.account.clone())
        .bind(new.organisation.clone())
        .bind(time_text(new.linked_at));
        let done = self.write("link a provider of sign-in", query).await?;
        Ok(done == 1)
    }

    /// Takes the links of an account away; true when there were any.
    pub async fn unlink_sign_ons(&self, account: &str) -> Result<bool, StoreError> {
        let query = sqlx::query("DELETE FROM sign_on WHERE account = $1").bind(account.to_owned());
        let done = self.write("unlink a provider of sign-in", query).await?;
        Ok(done > 0)
    }
}
