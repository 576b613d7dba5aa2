//! Mails that wait to be sent, sealed, and those that were: what stops one from being queued or sent a second time.
//! A mail is marked as sent only after the other side took it; what is lost in between is sent again, under the same id.

use jiff::Timestamp;
use record::time_text;
use sqlx::{Row, any::AnyRow};

use crate::{
    Store, StoreError,
    accounts::time,
    database::whole,
    error::sql,
    row::unreadable,
    seal::{Bound, Sealed, open, seal},
};

/// A mail to wait in the outbox.
#[derive(Clone, PartialEq, Eq)]
pub struct NewMail {
    /// The same for the same mail, whoever asks and however often.
    pub id: String,
    /// The size of the checkpoint it carries.
    pub size: u64,
    /// To whom and what; kept sealed.
    pub content: Vec<u8>,
}

/// A mail as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptMail {
    /// Its id.
    pub id: String,
    /// The size of the checkpoint it carries.
    pub size: u64,
    /// To whom and what.
    pub content: Vec<u8>,
    /// Since when it waits.
    pub queued_at: Timestamp,
    /// How often sending it failed.
    pub tries: u32,
    /// When it is to be tried next.
    pub next_at: Timestamp,
    /// What went wrong the last time, in words; empty before the first try.
    pub problem: String,
    /// When it was sent, if it was.
    pub sent_at: Option<Timestamp>,
}

impl std::fmt::Debug for KeptMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptMail")
            .field("id", &self.id)
            .field("size", &self.size)
            .field("tries", &self.tries)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}

macro_rules! select_mail {
    ($rest:literal) => {
        concat!(
            "SELECT id, size, sealed, queued_at, tries, next_at, problem, sent_at FROM outbox ",
            $rest
        )
    };
}

impl Store {
    /// Puts mails into the outbox that are not there yet; answers how many were new.
    pub async fn queue_mails(&self, mails: &[NewMail], at: Timestamp) -> Result<u64, StoreError> {
        let failed = sql("queue a mail");
        if mails.is_empty() {
            return Ok(0);
        }
        let partnership = self.partnership();
        let mut tx = self.begin_beside("queue a mail").await?;
        let mut new = 0;
        for mail in mails {
            let bound = Bound::Mail {
                partnership,
                id: &mail.id,
            };
            let sealed = seal(&self.inner.partnership_key, &bound, &mail.content)?.joined();
            new += sqlx::query(
                "INSERT INTO outbox (partnership, id, size, sealed, queued_at, tries, next_at, problem) \
                 VALUES ($1, $2, $3, $4, $5, 0, $5, '') ON CONFLICT (partnership, id) DO NOTHING",
            )
            .bind(partnership)
            .bind(mail.id.as_str())
            .bind(whole(mail.size))
            .bind(sealed)
            .bind(time_text(at))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?
            .rows_affected();
        }
        tx.commit().await.map_err(&failed)?;
        Ok(new)
    }

    /// The mails that wait, those of the smallest checkpoint first.
    pub async fn waiting_mails(&self) -> Result<Vec<KeptMail>, StoreError> {
        let failed = sql("read the outbox");
        sqlx::query(select_mail!(
            "WHERE partnership = $1 AND sent_at IS NULL ORDER BY size, id"
        ))
        .bind(self.partnership())
        .fetch_all(&self.inner.reading)
        .await
        .map_err(&failed)?
        .iter()
        .map(|row| self.open_mail(row))
        .collect()
    }

    /// The newest mails that were sent, at most this many.
    pub async fn sent_mails(&self, limit: u32) -> Result<Vec<KeptMail>, StoreError> {
        let failed = sql("read the outbox");
        sqlx::query(select_mail!(
            "WHERE partnership = $1 AND sent_at IS NOT NULL ORDER BY sent_at DESC, id LIMIT $2"
        ))
        .bind(self.partnership())
        .bind(i64::from(limit))
        .fetch_all(&self.inner.reading)
        .await
        .map_err(&failed)?
        .iter()
        .map(|row| self.open_mail(row))
        .collect()
    }

    /// Marks a mail as sent: it is never sent again.
    pub async fn mail_sent(&self, id: &str, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(
            "UPDATE outbox SET sent_at = $3, problem = '' WHERE partnership = $1 AND id = $2 AND sent_at IS NULL",
        )
        .bind(self.partnership().to_owned())
        .bind(id.to_owned())
        .bind(time_text(at));
        self.write("mark a mail as sent", query).await?;
        Ok(())
    }

    /// Notes that sending failed, why in words that name nobody, and when to try again.
    pub async fn mail_failed(
        &self,
        id: &str,
        problem: &str,
        next_at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "UPDATE outbox SET tries = tries + 1, problem = $3, next_at = $4 WHERE partnership = $1 AND id = $2 AND sent_at IS NULL",
        )
        .bind(self.partnership().to_owned())
        .bind(id.to_owned())
        .bind(problem.to_owned())
        .bind(time_text(next_at));
        self.write("note that a mail was not sent", query).await?;
        Ok(())
    }

    /// Takes a mail out that waits and is wanted no more.
    pub async fn drop_mail(&self, id: &str) -> Result<(), StoreError> {
        let query = sqlx::query(
            "DELETE FROM outbox WHERE partnership = $1 AND id = $2 AND sent_at IS NULL",
        )
        .bind(self.partnership().to_owned())
        .bind(id.to_owned());
        self.write("take a mail out of the outbox", query).await?;
        Ok(())
    }

    fn open_mail(&self, row: &AnyRow) -> Result<KeptMail, StoreError> {
        let failed = sql("read a mail");
        let id: String = row.try_get(0).map_err(&failed)?;
        let damaged = || unreadable(format!("the mail `{id}`"), "it is damaged".to_owned());
        let sealed: Vec<u8> = row.try_get(2).map_err(&failed)?;
        let bound = Bound::Mail {
            partnership: self.partnership(),
            id: &id,
        };
        let content = Sealed::split(&sealed)
            .and_then(|sealed| open(&self.inner.partnership_key, &bound, &sealed))
            .ok_or_else(damaged)?
            .to_vec();
        let moment = |column: usize| -> Result<Option<Timestamp>, StoreError> {
            time(row.try_get(column).map_err(&failed)?)
        };
        Ok(KeptMail {
            size: (row.try_get::<i64, _>(1).map_err(&failed)?)
                .try_into()
                .map_err(|_| damaged())?,
            content,
            queued_at: moment(3)?.ok_or_else(damaged)?,
            tries: (row.try_get::<i64, _>(4).map_err(&failed)?)
                .try_into()
                .unwrap_or(u32::MAX),
            next_at: moment(5)?.ok_or_else(damaged)?,
            problem: row.try_get(6).map_err(&failed)?,
            sent_at: moment(7)?,
            id,
        })
    }
}
