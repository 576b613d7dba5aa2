//! The partnership's key: opened with the master key, made for a folder that has none yet.
//! A folder of before, where the master key wrapped everything itself, is brought over in one transaction.

use jiff::Timestamp;
use record::time_text;
use sqlx::{AnyConnection, AnyPool, Row};

use crate::{
    StoreError, database,
    error::sql,
    key::{Key, random_handle},
    row::unreadable,
    seal::{Bound, Sealed, open, seal},
};

/// Called before every statement that changes something; a test stops there.
pub(super) type Step<'a> = &'a mut (dyn FnMut() -> Result<(), StoreError> + Send);

/// How many keys and other things were wrapped again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Rewrapped {
    pub(super) streams: u64,
    /// What did not open with the key it should be wrapped by: damaged before, and left as it is.
    pub(super) unopened: u64,
}

/// The partnership's key. Made now, in one transaction with everything that is to be wrapped by it, if there is none.
pub(crate) async fn unlock(
    pool: &AnyPool,
    partnership: &str,
    master: &Key,
) -> Result<Key, StoreError> {
    unlock_in_steps(pool, partnership, master, &mut || Ok(())).await
}

pub(super) async fn unlock_in_steps(
    pool: &AnyPool,
    partnership: &str,
    master: &Key,
    step: Step<'_>,
) -> Result<Key, StoreError> {
    let failed = sql("make the key of the partnership");
    let mut tx = database::begin(pool).await.map_err(&failed)?;
    if let Some(key) = find(&mut tx, partnership, master).await? {
        tx.rollback().await.map_err(&failed)?;
        return Ok(key);
    }
    let key = Key::random()?;
    let done = rewrap(&mut tx, partnership, master, &key, step).await?;
    if done.unopened > 0 {
        tracing::warn!(
            unopened = done.unopened,
            "some keys did not open with the master key and were left as they are"
        );
    }
    let (key_id, now) = (random_handle()?, time_text(Timestamp::now()));
    let wrapped = wrap(master, partnership, &key_id, &key)?;
    step()?;
    sqlx::query(
        "INSERT INTO partnership_key (partnership, key_id, wrapped, made_at, wrapped_at) VALUES ($1, $2, $3, $4, $4)",
    )
    .bind(partnership)
    .bind(key_id)
    .bind(wrapped)
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(&failed)?;
    step()?;
    tx.commit().await.map_err(&failed)?;
    Ok(key)
}

/// The key that a copy of the database needs, without changing it: the master key itself in one of before.
pub(crate) async fn held(
    copy: &AnyPool,
    partnership: &str,
    master: &Key,
) -> Result<Key, StoreError> {
    let failed = sql("read the key of the partnership");
    let mut connection = copy.acquire().await.map_err(&failed)?;
    let there = sqlx::query(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'partnership_key'",
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(&failed)?;
    let found = match there {
        Some(_) => find(&mut connection, partnership, master).await?,
        None => None,
    };
    Ok(found.unwrap_or_else(|| master.clone()))
}

pub(super) fn wrap(
    master: &Key,
    partnership: &str,
    key_id: &str,
    key: &Key,
) -> Result<Vec<u8>, StoreError> {
    let bound = Bound::PartnershipKey {
        partnership,
        key_id,
    };
    Ok(seal(master, &bound, key.bytes())?.joined())
}

pub(super) async fn find(
    connection: &mut AnyConnection,
    partnership: &str,
    master: &Key,
) -> Result<Option<Key>, StoreError> {
    let failed = sql("read the key of the partnership");
    let row = sqlx::query("SELECT key_id, wrapped FROM partnership_key WHERE partnership = $1")
        .bind(partnership)
        .fetch_optional(connection)
        .await
        .map_err(&failed)?;
    let Some(row) = row else { return Ok(None) };
    let key_id: String = row.try_get(0).map_err(&failed)?;
    let wrapped: Vec<u8> = row.try_get(1).map_err(&failed)?;
    let bound = Bound::PartnershipKey {
        partnership,
        key_id: &key_id,
    };
    Sealed::split(&wrapped)
        .and_then(|sealed| open(master, &bound, &sealed))
        .and_then(|bytes| Key::from_bytes(&bytes))
        .map(Some)
        .ok_or_else(|| {
            unreadable(
                "the key of the partnership".into(),
                "it has been altered or moved".into(),
            )
        })
}

/// Wraps everything again that is sealed under one key, under another. Part of the caller's transaction.
pub(super) async fn rewrap(
    tx: &mut AnyConnection,
    partnership: &str,
    from: &Key,
    to: &Key,
    step: Step<'_>,
) -> Result<Rewrapped, StoreError> {
    let failed = sql("wrap the keys again");
    let mut done = Rewrapped::default();
    let again = |bound: &Bound<'_>, sealed: &[u8]| -> Result<Option<Vec<u8>>, StoreError> {
        match Sealed::split(sealed).and_then(|sealed| open(from, bound, &sealed)) {
            Some(clear) => Ok(Some(seal(to, bound, &clear)?.joined())),
            None => Ok(None),
        }
    };

    let rows = sqlx::query("SELECT stream, key_id, wrapped FROM stream_key WHERE partnership = $1")
        .bind(partnership)
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
    for row in &rows {
        let stream: String = row.try_get(0).map_err(&failed)?;
        let key_id: String = row.try_get(1).map_err(&failed)?;
        let wrapped: Vec<u8> = row.try_get(2).map_err(&failed)?;
        let bound = Bound::StreamKey {
            partnership,
            stream: &stream,
            key_id: &key_id,
        };
        let Some(wrapped) = again(&bound, &wrapped)? else {
            done.unopened += 1;
            continue;
        };
        step()?;
        sqlx::query("UPDATE stream_key SET wrapped = $3 WHERE partnership = $1 AND stream = $2")
            .bind(partnership)
            .bind(stream)
            .bind(wrapped)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        done.streams += 1;
    }

    let rows = sqlx::query("SELECT key_id, wrapped FROM log_key WHERE partnership = $1")
        .bind(partnership)
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
    for row in &rows {
        let key_id: String = row.try_get(0).map_err(&failed)?;
        let wrapped: Vec<u8> = row.try_get(1).map_err(&failed)?;
        let bound = Bound::LogKey {
            partnership,
            key_id: &key_id,
        };
        let Some(wrapped) = again(&bound, &wrapped)? else {
            done.unopened += 1;
            continue;
        };
        step()?;
        sqlx::query("UPDATE log_key SET wrapped = $3 WHERE partnership = $1 AND key_id = $2")
            .bind(partnership)
            .bind(key_id)
            .bind(wrapped)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
    }

    let rows = sqlx::query("SELECT id, sealed FROM draft")
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
    for row in &rows {
        let id: String = row.try_get(0).map_err(&failed)?;
        let sealed: Vec<u8> = row.try_get(1).map_err(&failed)?;
        let bound = Bound::Draft {
            partnership,
            id: &id,
        };
        let Some(sealed) = again(&bound, &sealed)? else {
            done.unopened += 1;
            continue;
        };
        step()?;
        sqlx::query("UPDATE draft SET sealed = $2 WHERE id = $1")
            .bind(id)
            .bind(sealed)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
    }

    let rows = sqlx::query("SELECT id_hash, notice FROM session WHERE notice IS NOT NULL")
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
    for row in &rows {
        let session: Vec<u8> = row.try_get(0).map_err(&failed)?;
        let sealed: Vec<u8> = row.try_get(1).map_err(&failed)?;
        let bound = Bound::Notice {
            partnership,
            session: &session,
        };
        let Some(sealed) = again(&bound, &sealed)? else {
            done.unopened += 1;
            continue;
        };
        step()?;
        sqlx::query("UPDATE session SET notice = $2 WHERE id_hash = $1")
            .bind(session)
            .bind(sealed)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
    }

    let rows = sqlx::query("SELECT id, sealed FROM outbox WHERE partnership = $1")
        .bind(partnership)
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
    for row in &rows {
        let id: String = row.try_get(0).map_err(&failed)?;
        let sealed: Vec<u8> = row.try_get(1).map_err(&failed)?;
        let bound = Bound::Mail {
            partnership,
            id: &id,
        };
        let Some(sealed) = again(&bound, &sealed)? else {
            done.unopened += 1;
            continue;
        };
        step()?;
        sqlx::query("UPDATE outbox SET sealed = $3 WHERE partnership = $1 AND id = $2")
            .bind(partnership)
            .bind(id)
            .bind(sealed)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
    }

    // What a register keeps is made again from the record by whoever opens it next.
    step()?;
    sqlx::query("DELETE FROM summary WHERE partnership = $1")
        .bind(partnership)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
    Ok(done)
}
