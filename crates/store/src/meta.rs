//! Named values that are neither the record nor about a case: whose store this is, settings, imported files such as a newer list of holidays.
//! They are kept in clear.

use sqlx::{AnyPool, Executor, Row};

use crate::{Store, StoreError, database, error::sql, key::Key};

const PARTNERSHIP: &str = "store.partnership";
pub(crate) const MASTER: &str = "store.master-key";
/// Where the record was moved to; a copy with this name must not be used any more.
pub(crate) const MOVED: &str = "store.moved-to";

/// Whose store this is, and which master key it needs.
pub(crate) struct Founded {
    pub(crate) partnership: String,
    pub(crate) master_fingerprint: String,
}

/// Writes whose store this is, once.
pub(crate) async fn found(
    pool: &AnyPool,
    partnership: &str,
    master: &Key,
) -> Result<(), StoreError> {
    let failed = sql("found the store");
    let mut tx = database::begin(pool).await.map_err(&failed)?;
    for (name, value) in [
        (PARTNERSHIP, partnership.to_owned()),
        (MASTER, master.fingerprint()),
    ] {
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2)")
            .bind(name)
            .bind(value)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
    }
    tx.commit().await.map_err(&failed)
}

/// Reads whose store this is; `None` when its creation was cut short.
pub(crate) async fn founded(pool: &AnyPool) -> Result<Option<Founded>, StoreError> {
    let (Some(partnership), Some(master_fingerprint)) =
        (get(pool, PARTNERSHIP).await?, get(pool, MASTER).await?)
    else {
        return Ok(None);
    };
    Ok(Some(Founded {
        partnership,
        master_fingerprint,
    }))
}

/// Where the record was moved to, if it was.
pub(crate) async fn moved_to(pool: &AnyPool) -> Result<Option<String>, StoreError> {
    get(pool, MOVED).await
}

/// Whether a PostgreSQL database holds anything already: tables of something else, or a record.
/// What an interrupted beginning left, layout and no record, does not count.
pub(crate) async fn in_use(pool: &AnyPool) -> Result<bool, StoreError> {
    let failed = sql("look into the database");
    let row = pool
        .fetch_one(
            "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'p')), \
             to_regclass('meta') IS NOT NULL AND to_regclass('_sqlx_migrations') IS NOT NULL",
        )
        .await
        .map_err(&failed)?;
    let (anything, ours): (bool, bool) = (
        row.try_get(0).map_err(&failed)?,
        row.try_get(1).map_err(&failed)?,
    );
    match (anything, ours) {
        (false, _) => Ok(false),
        (true, false) => Ok(true),
        (true, true) => Ok(founded(pool).await?.is_some()),
    }
}

async fn get(pool: &AnyPool, name: &str) -> Result<Option<String>, StoreError> {
    let failed = sql("read a setting");
    sqlx::query("SELECT value FROM meta WHERE name = $1")
        .bind(name)
        .fetch_optional(pool)
        .await
        .map_err(&failed)?
        .map(|row| row.try_get(0).map_err(&failed))
        .transpose()
}

impl Store {
    /// The value under a name, or `None`.
    pub async fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        get(&self.inner.reading, name).await
    }

    /// Keeps a value under a name, in place of the one before. Never put anything about a case here.
    /// Names that begin with `store.` are the store's own and refused.
    pub async fn put_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        if name.starts_with("store.") {
            return Err(StoreError::Unfit {
                doing: "keep a setting",
                why: format!("the name `{name}` is the store's own"),
            });
        }
        let query = sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(name)
            .bind(value);
        self.write("keep a setting", query).await?;
        Ok(())
    }
}
