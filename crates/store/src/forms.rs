//! Forms sent twice: each form carries a token that can be claimed once, so that a double click is carried out once.
//! The second answer leads where the first one led.

use jiff::Timestamp;
use record::{content_hash, time_text};
use sqlx::{AnyConnection, Row};

use crate::{FormDone, Store, StoreError, error::sql};

/// The answer to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The form is new: carry it out, then call [`Store::finish_form`] or, if it was refused, [`Store::release_form`].
    Yours,
    /// It is being carried out right now, or was when the program stopped.
    Underway,
    /// It was carried out and led to this path.
    Done(String),
}

impl Store {
    /// Claims a form's token; of any number of callers exactly one is told [`Claim::Yours`].
    pub async fn claim(&self, token: &str, at: Timestamp) -> Result<Claim, StoreError> {
        let failed = sql("claim a form");
        let hash = content_hash(token.as_bytes()).0.to_vec();
        let query = sqlx::query(
            "INSERT INTO used_form (token_hash, claimed_at) VALUES ($1, $2) ON CONFLICT (token_hash) DO NOTHING",
        )
        .bind(hash.clone())
        .bind(time_text(at));
        if self.write("claim a form", query).await? == 1 {
            return Ok(Claim::Yours);
        }
        let row = sqlx::query("SELECT result FROM used_form WHERE token_hash = $1")
            .bind(hash)
            .fetch_optional(&self.inner.writing)
            .await
            .map_err(&failed)?;
        let result: Option<String> = match row {
            Some(row) => row.try_get(0).map_err(&failed)?,
            None => None,
        };
        Ok(result.map_or(Claim::Underway, Claim::Done))
    }

    /// Writes down where a claimed form led.
    pub async fn finish_form(&self, token: &str, path: &str) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE used_form SET result = $2 WHERE token_hash = $1")
            .bind(content_hash(token.as_bytes()).0.to_vec())
            .bind(path);
        self.write("finish a form", query).await?;
        Ok(())
    }

    /// Gives a claim back, because the form was refused and may be sent again with corrections.
    pub async fn release_form(&self, token: &str) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM used_form WHERE token_hash = $1 AND result IS NULL")
            .bind(content_hash(token.as_bytes()).0.to_vec());
        self.write("release a form", query).await?;
        Ok(())
    }

    /// Forgets tokens claimed before an instant, and answers how many.
    pub async fn forget_forms_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let query =
            sqlx::query("DELETE FROM used_form WHERE claimed_at < $1").bind(time_text(before));
        self.write("forget old forms", query).await
    }
}

/// Writes down with the entries that carried a form out that it was, claimed or not.
pub(crate) async fn finish(
    connection: &mut AnyConnection,
    form: &FormDone,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO used_form (token_hash, claimed_at, result) VALUES ($1, $2, $3) \
         ON CONFLICT (token_hash) DO UPDATE SET result = excluded.result",
    )
    .bind(content_hash(form.token.as_bytes()).0.to_vec())
    .bind(time_text(Timestamp::now()))
    .bind(form.path.as_str())
    .execute(connection)
    .await
    .map_err(sql("finish a form"))?;
    Ok(())
}
