//! Forms sent twice: each form carries a token that can be claimed once, so that a double click is carried out once.
//! The second answer leads where the first one led.
//!
//! What became of a form is never guessed. Its result is written in the transaction of the entries that carry it out, so a row with
//! a result says that they are recorded, and a row without one, once nobody can be at work on it, says that they are not:
//! - After a crash: one process at a time has the store. What it finds without a result when it opens it belongs to a process
//!   that is gone, and is given back. A transaction that PostgreSQL is still committing for that process has locked the row,
//!   so that giving it back waits for the commit and then finds a result.
//! - When it is not known whether a commit was made: giving the claim back waits in the same way, and takes only a row without a result.
//!   When that cannot be done now, it is done before the next claim.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use record::{content_hash, time_text};
use sqlx::{AnyPool, Row};

use crate::{FormDone, Store, StoreError, error::sql, writer::Together};

/// The answer to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The form is new: carry it out, with what it records in [`Store::append_all`] or, if it was refused, [`Store::release_form`].
    Yours,
    /// It is being carried out right now.
    Underway,
    /// It was carried out and led to this path.
    Done(String),
}

impl Store {
    /// Claims a form's token; of any number of callers exactly one is told [`Claim::Yours`].
    pub async fn claim(&self, token: &str, at: Timestamp) -> Result<Claim, StoreError> {
        let failed = sql("claim a form");
        let hash = content_hash(token.as_bytes()).0.to_vec();
        if self.inner.doubtful.holds(&hash) {
            self.release_form(token).await?;
        }
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
        let hash = content_hash(token.as_bytes()).0.to_vec();
        // Until it is known that it was given back.
        self.inner.doubtful.put(&hash);
        let query = sqlx::query("DELETE FROM used_form WHERE token_hash = $1 AND result IS NULL")
            .bind(hash.clone());
        self.write("release a form", query).await?;
        self.inner.doubtful.take(&hash);
        Ok(())
    }

    /// Forgets tokens claimed before an instant, and answers how many.
    pub async fn forget_forms_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let query =
            sqlx::query("DELETE FROM used_form WHERE claimed_at < $1").bind(time_text(before));
        self.write("forget old forms", query).await
    }
}

/// Claims that were to be given back and may not have been, because the database was away.
#[derive(Default)]
pub(crate) struct Doubtful(Mutex<HashSet<Vec<u8>>>);

impl Doubtful {
    fn change<T>(&self, change: impl FnOnce(&mut HashSet<Vec<u8>>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn holds(&self, hash: &[u8]) -> bool {
        self.change(|set| set.contains(hash))
    }

    fn put(&self, hash: &[u8]) {
        self.change(|set| set.insert(hash.to_vec()));
    }

    fn take(&self, hash: &[u8]) {
        self.change(|set| set.remove(hash));
    }
}

/// Gives back what a process that is gone had claimed and not carried out; see the head of this file.
///
/// When it cannot be done, because the disk is full, the store opens all the same, and each is given back before its next claim.
pub(crate) async fn give_back(writing: &AnyPool) -> Result<Doubtful, StoreError> {
    let given = sqlx::query("DELETE FROM used_form WHERE result IS NULL")
        .execute(writing)
        .await;
    let doubtful = Doubtful::default();
    match given.map(|done| done.rows_affected()) {
        Ok(0) => {}
        Ok(given) => tracing::info!(
            given,
            "forms that were being carried out when the program stopped may be sent again"
        ),
        Err(error) => {
            tracing::warn!(%error, "forms claimed before could not be given back yet");
            let failed = sql("read which forms were claimed before");
            let rows = sqlx::query("SELECT token_hash FROM used_form WHERE result IS NULL")
                .fetch_all(writing)
                .await
                .map_err(&failed)?;
            for row in rows {
                let hash: Vec<u8> = row.try_get(0).map_err(&failed)?;
                doubtful.put(&hash);
            }
        }
    }
    Ok(doubtful)
}

/// Writes down with the entries that carried a form out that it was, claimed or not.
pub(crate) fn finish<'a>(to: &mut Together<'a>, form: &'a FormDone) {
    to.insert(
        "used_form (token_hash, claimed_at, result)",
        3,
        "ON CONFLICT (token_hash) DO UPDATE SET result = excluded.result",
    );
    to.value(content_hash(form.token.as_bytes()).0.to_vec());
    to.value(time_text(Timestamp::now()));
    to.value(form.path.as_str());
}
