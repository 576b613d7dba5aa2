//! Sessions: who is signed in, since when, and the one notice to show next.
//! Only the hash of a session's id is kept; the notice is sealed, because it may name a case.

use jiff::Timestamp;
use record::time_text;
use sqlx::{Row, any::AnyRow};

use crate::{
    Store, StoreError,
    accounts::time,
    error::sql,
    seal::{Bound, Sealed, open, seal},
};

/// A session to begin.
#[derive(Clone)]
pub struct NewSession {
    /// SHA-256 of the session's id.
    pub id_hash: [u8; 32],
    /// The account that signed in.
    pub account: String,
    /// When.
    pub created: Timestamp,
    /// The secret from which form tokens are made.
    pub csrf_secret: Vec<u8>,
}

/// A session as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the session's id.
    pub id_hash: [u8; 32],
    /// The account that signed in.
    pub account: String,
    /// When it began.
    pub created: Timestamp,
    /// When it was last used.
    pub last_seen: Timestamp,
    /// When the password was last asked for again, if ever.
    pub reauthenticated_at: Option<Timestamp>,
    /// The secret from which form tokens are made.
    pub csrf_secret: Vec<u8>,
    /// Whether names are shown instead of pseudonyms.
    pub names_shown: bool,
    /// When it ended, if it has.
    pub ended: Option<Timestamp>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("account", &self.account)
            .field("created", &self.created)
            .field("last_seen", &self.last_seen)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

macro_rules! select_session {
    ($rest:literal) => {
        concat!(
            "SELECT id_hash, account, created, last_seen, reauthenticated_at, csrf_secret, names_shown, ended FROM session ",
            $rest
        )
    };
}

impl Store {
    /// Begins a session.
    pub async fn begin_session(&self, new: NewSession) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO session (id_hash, account, created, last_seen, csrf_secret, names_shown) \
             VALUES ($1, $2, $3, $3, $4, 0)",
        )
        .bind(new.id_hash.to_vec())
        .bind(new.account)
        .bind(time_text(new.created))
        .bind(new.csrf_secret);
        self.write("begin a session", query).await?;
        Ok(())
    }

    /// The session with this hash, ended or not.
    pub async fn session(&self, id_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        sqlx::query(select_session!("WHERE id_hash = $1"))
            .bind(id_hash.to_vec())
            .fetch_optional(&self.inner.reading)
            .await
            .map_err(sql("find a session"))?
            .as_ref()
            .map(session)
            .transpose()
    }

    /// The sessions of an account that have not ended, the latest used first.
    pub async fn sessions_of(&self, account: &str) -> Result<Vec<Session>, StoreError> {
        sqlx::query(select_session!(
            "WHERE account = $1 AND ended IS NULL ORDER BY last_seen DESC"
        ))
        .bind(account)
        .fetch_all(&self.inner.reading)
        .await
        .map_err(sql("list the sessions"))?
        .iter()
        .map(session)
        .collect()
    }

    /// Notes that a session was used.
    pub async fn session_seen(&self, id_hash: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        self.change_session(
            "UPDATE session SET last_seen = $2 WHERE id_hash = $1 AND ended IS NULL",
            id_hash,
            time_text(at),
        )
        .await
    }

    /// Notes that the password was asked for again and was right.
    pub async fn session_reauthenticated(
        &self,
        id_hash: &[u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.change_session(
            "UPDATE session SET reauthenticated_at = $2 WHERE id_hash = $1 AND ended IS NULL",
            id_hash,
            time_text(at),
        )
        .await
    }

    /// Shows names, or pseudonyms again.
    pub async fn show_names(&self, id_hash: &[u8; 32], shown: bool) -> Result<(), StoreError> {
        self.change_session(
            "UPDATE session SET names_shown = $2 WHERE id_hash = $1",
            id_hash,
            i64::from(shown),
        )
        .await
    }

    /// Ends a session; ending it twice keeps the first time.
    pub async fn end_session(&self, id_hash: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        self.change_session(
            "UPDATE session SET ended = $2 WHERE id_hash = $1 AND ended IS NULL",
            id_hash,
            time_text(at),
        )
        .await
    }

    /// Ends every session of an account but one, and answers how many; after a new password, or when it is disabled.
    pub async fn end_sessions_of(
        &self,
        account: &str,
        but: Option<&[u8; 32]>,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let kept = but.map(|hash| hash.to_vec()).unwrap_or_default();
        let query = sqlx::query(
            "UPDATE session SET ended = $2 WHERE account = $1 AND ended IS NULL AND id_hash <> $3",
        )
        .bind(account)
        .bind(time_text(at))
        .bind(kept);
        self.write("end the sessions of an account", query).await
    }

    /// Forgets sessions last used before an instant, and answers how many.
    pub async fn forget_sessions_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let query = sqlx::query("DELETE FROM session WHERE last_seen < $1").bind(time_text(before));
        self.write("forget old sessions", query).await
    }

    /// Keeps a notice for the next page of this session, in place of the one before.
    pub async fn put_notice(&self, id_hash: &[u8; 32], notice: &str) -> Result<(), StoreError> {
        let sealed = seal(
            &self.inner.partnership_key,
            &self.notice_bound(id_hash),
            notice.as_bytes(),
        )?
        .joined();
        self.change_session(
            "UPDATE session SET notice = $2 WHERE id_hash = $1",
            id_hash,
            sealed,
        )
        .await
    }

    /// Takes the notice, so that it is shown once.
    pub async fn take_notice(&self, id_hash: &[u8; 32]) -> Result<Option<String>, StoreError> {
        let failed = sql("take the notice of a session");
        let find = "SELECT notice FROM session WHERE id_hash = $1 AND notice IS NOT NULL";
        let waiting = sqlx::query(find)
            .bind(id_hash.to_vec())
            .fetch_optional(&self.inner.reading)
            .await
            .map_err(&failed)?;
        if waiting.is_none() {
            return Ok(None);
        }
        let mut tx = self.begin("take the notice of a session").await?;
        let row = sqlx::query(find)
            .bind(id_hash.to_vec())
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get(0).map_err(&failed)?;
        sqlx::query("UPDATE session SET notice = NULL WHERE id_hash = $1")
            .bind(id_hash.to_vec())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
        let clear = Sealed::split(&sealed).and_then(|sealed| {
            open(
                &self.inner.partnership_key,
                &self.notice_bound(id_hash),
                &sealed,
            )
        });
        Ok(clear.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()))
    }

    fn notice_bound<'a>(&'a self, id_hash: &'a [u8; 32]) -> Bound<'a> {
        Bound::Notice {
            partnership: self.partnership(),
            session: id_hash,
        }
    }

    async fn change_session<'q, V>(
        &self,
        query: &'static str,
        id_hash: &[u8; 32],
        value: V,
    ) -> Result<(), StoreError>
    where
        V: sqlx::Encode<'q, sqlx::Any> + sqlx::Type<sqlx::Any> + Send + 'q,
    {
        let query = sqlx::query(query).bind(id_hash.to_vec()).bind(value);
        self.write("change a session", query).await?;
        Ok(())
    }
}

fn session(row: &AnyRow) -> Result<Session, StoreError> {
    let failed = sql("read a session");
    let damaged = || StoreError::Unreadable {
        what: "a session".to_owned(),
        why: "it is damaged".to_owned(),
    };
    let id_hash: Vec<u8> = row.try_get(0).map_err(&failed)?;
    Ok(Session {
        id_hash: id_hash.try_into().map_err(|_| damaged())?,
        account: row.try_get(1).map_err(&failed)?,
        created: time(Some(row.try_get(2).map_err(&failed)?))?.ok_or_else(damaged)?,
        last_seen: time(Some(row.try_get(3).map_err(&failed)?))?.ok_or_else(damaged)?,
        reauthenticated_at: time(row.try_get(4).map_err(&failed)?)?,
        csrf_secret: row.try_get(5).map_err(&failed)?,
        names_shown: row.try_get::<i64, _>(6).map_err(&failed)? != 0,
        ended: time(row.try_get(7).map_err(&failed)?)?,
    })
}
