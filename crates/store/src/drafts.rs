//! Drafts: what a person has typed on a page and not yet sent, sealed, so that nothing typed is lost.
//! A handover moves drafts to someone else without overwriting what that person has typed on the same page.

use jiff::Timestamp;
use record::time_text;
use serde_json::Value;
use sqlx::{Row, any::AnyRow};

use crate::{
    Store, StoreError,
    accounts::time,
    database::whole,
    error::sql,
    key::random_handle,
    row::unreadable,
    seal::{Bound, Sealed, open, seal},
};

const OWN: &str = "own";

/// What someone has typed on a page.
#[derive(Clone, PartialEq)]
pub struct Draft {
    /// The draft's id.
    pub id: String,
    /// Whose it is now.
    pub person: String,
    /// The path of the page it was typed on.
    pub page: String,
    /// How many entries of the case the page was based on, if it was.
    pub based_on: Option<u64>,
    /// The fields as typed.
    pub values: Value,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// Who typed it, when it was handed over.
    pub handed_from: Option<String>,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft")
            .field("page", &self.page)
            .field("saved_at", &self.saved_at)
            .finish_non_exhaustive()
    }
}

macro_rules! select_draft {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, page, handed_from, based_on, sealed, saved_at FROM draft ",
            $rest
        )
    };
}

impl Store {
    /// Keeps what a person has typed on a page, in place of what they had typed there before.
    pub async fn put_draft(
        &self,
        person: &str,
        page: &str,
        based_on: Option<u64>,
        values: &Value,
        saved_at: Timestamp,
    ) -> Result<(), StoreError> {
        let id = random_handle()?;
        let sealed = seal(
            &self.inner.partnership_key,
            &self.draft_bound(&id),
            values.to_string().as_bytes(),
        )?
        .joined();
        let query = sqlx::query(
            "INSERT INTO draft (id, person, page, slot, based_on, sealed, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (person, page, slot) DO UPDATE SET id = excluded.id, based_on = excluded.based_on, \
             sealed = excluded.sealed, saved_at = excluded.saved_at, handed_from = NULL",
        )
        .bind(id)
        .bind(person)
        .bind(page)
        .bind(OWN)
        .bind(based_on.map(whole))
        .bind(sealed)
        .bind(time_text(saved_at));
        self.write("keep a draft", query).await?;
        Ok(())
    }

    /// The draft to show a person on a page: their own, else the latest handed over to them.
    pub async fn draft(&self, person: &str, page: &str) -> Result<Option<Draft>, StoreError> {
        let row = sqlx::query(select_draft!(
            "WHERE person = $1 AND page = $2 ORDER BY CASE WHEN slot = 'own' THEN 0 ELSE 1 END, saved_at DESC LIMIT 1"
        ))
        .bind(person)
        .bind(page)
        .fetch_optional(&self.inner.reading)
        .await
        .map_err(sql("find a draft"))?;
        row.as_ref().map(|row| self.open_draft(row)).transpose()
    }

    /// All drafts of a person, the latest first.
    pub async fn drafts(&self, person: &str) -> Result<Vec<Draft>, StoreError> {
        sqlx::query(select_draft!(
            "WHERE person = $1 ORDER BY saved_at DESC, id"
        ))
        .bind(person)
        .fetch_all(&self.inner.reading)
        .await
        .map_err(sql("list the drafts"))?
        .iter()
        .map(|row| self.open_draft(row))
        .collect()
    }

    /// Deletes a draft by its id, and answers whether it was there.
    /// The id changes with every save, so that sending a page never deletes words saved after it was read.
    pub async fn delete_draft(&self, person: &str, id: &str) -> Result<bool, StoreError> {
        let query = sqlx::query("DELETE FROM draft WHERE person = $1 AND id = $2")
            .bind(person)
            .bind(id);
        Ok(self.write("delete a draft", query).await? > 0)
    }

    /// Deletes what a person had typed on a page, once it has been sent. Drafts handed over to them stay.
    pub async fn delete_own_draft(&self, person: &str, page: &str) -> Result<bool, StoreError> {
        let query = sqlx::query("DELETE FROM draft WHERE person = $1 AND page = $2 AND slot = $3")
            .bind(person)
            .bind(page)
            .bind(OWN);
        Ok(self.write("delete a draft", query).await? > 0)
    }

    /// Hands all drafts of one person over to another, in one act, and answers how many.
    /// Where the other has typed on the same page, both are kept.
    pub async fn transfer_drafts(&self, from: &str, to: &str) -> Result<u64, StoreError> {
        if from == to {
            return Ok(0);
        }
        let failed = sql("hand over drafts");
        let mut tx = self.begin("hand over drafts").await?;
        let moved = sqlx::query(
            "UPDATE draft SET person = $2, handed_from = COALESCE(handed_from, $1), slot = 'handed-' || id WHERE person = $1",
        )
        .bind(from)
        .bind(to)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
        Ok(moved.rows_affected())
    }

    fn draft_bound<'a>(&'a self, id: &'a str) -> Bound<'a> {
        Bound::Draft {
            partnership: self.partnership(),
            id,
        }
    }

    fn open_draft(&self, row: &AnyRow) -> Result<Draft, StoreError> {
        let failed = sql("read a draft");
        let id: String = row.try_get(0).map_err(&failed)?;
        let damaged = || unreadable(format!("the draft `{id}`"), "it is damaged".to_owned());
        let sealed: Vec<u8> = row.try_get(5).map_err(&failed)?;
        let values = Sealed::split(&sealed)
            .and_then(|sealed| open(&self.inner.partnership_key, &self.draft_bound(&id), &sealed))
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(damaged)?;
        Ok(Draft {
            person: row.try_get(1).map_err(&failed)?,
            page: row.try_get(2).map_err(&failed)?,
            handed_from: row.try_get(3).map_err(&failed)?,
            based_on: row
                .try_get::<Option<i64>, _>(4)
                .map_err(&failed)?
                .and_then(|count| count.try_into().ok()),
            values,
            saved_at: time(Some(row.try_get(6).map_err(&failed)?))?.ok_or_else(damaged)?,
            id,
        })
    }
}
