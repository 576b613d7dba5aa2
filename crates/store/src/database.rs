//! Connections: one pool that writes through a single connection, one that only reads; to SQLite or to PostgreSQL.
//! Every commit is on disk before it is answered (`synchronous=FULL`, `synchronous_commit=on`), and what SQLite deletes is overwritten.
//! The SQL elsewhere is the same for both; what differs stands here.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    Any, AnyPool, Connection, Executor, Row, Transaction,
    any::AnyPoolOptions,
    migrate::{MigrateError, Migrator},
};

use crate::{
    StoreError,
    error::sql,
    place::{Address, Place},
};

/// The name of the database's file in the data folder and in a backup.
pub(crate) const DATABASE_FILE: &str = "candour.sqlite";

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The settings of every connection that writes to SQLite.
pub(crate) const WRITING: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON;";
const READING: &str =
    "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;";

/// A commit is answered when it is on disk, whatever the server's own settings say.
const WRITING_POSTGRES: &str = "SET synchronous_commit = on; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning;";
/// A transaction that reads sees the record as of one moment.
const READING_POSTGRES: &str = "SET default_transaction_isolation = 'repeatable read'; \
     SET default_transaction_read_only = on; SET client_min_messages = warning;";

/// Every transaction that writes to PostgreSQL holds this lock. One whose connection was cut while it was committing
/// still holds it until its outcome is settled, so that whoever begins next sees that outcome.
const TURN: &str = "SELECT pg_advisory_xact_lock(27973521982743922) IS NULL";

/// Whether a pool leads to PostgreSQL.
pub(crate) fn is_postgres(pool: &AnyPool) -> bool {
    pool.connect_options()
        .database_url
        .scheme()
        .starts_with("postgres")
}

/// Opens the connection that writes. There is only one, so writers wait for one another in turn.
pub(crate) async fn writing(place: &Place) -> Result<AnyPool, StoreError> {
    match place {
        Place::Sqlite(path) => connect(path, "mode=rw", 1, WRITING).await,
        Place::Postgres(address) => connect_postgres(address, 1, WRITING_POSTGRES).await,
    }
}

/// Opens the connections that read; they see the last commit and never hold up the writer.
pub(crate) async fn reading(place: &Place) -> Result<AnyPool, StoreError> {
    match place {
        Place::Sqlite(path) => connect(path, "mode=rw", 8, READING).await,
        Place::Postgres(address) => connect_postgres(address, 8, READING_POSTGRES).await,
    }
}

/// Opens one more connection to copy the database through; reading connections may not write even to another file.
pub(crate) async fn copying(path: &Path) -> Result<AnyPool, StoreError> {
    connect(path, "mode=rw", 1, "PRAGMA busy_timeout = 5000;").await
}

/// Opens a database that nobody else has open, to change it and leave no write-ahead file beside it.
pub(crate) async fn alone(path: &Path) -> Result<AnyPool, StoreError> {
    let pragmas = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA secure_delete = ON;";
    connect(path, "mode=rw", 1, pragmas).await
}

/// Opens an empty database that is nowhere on disk.
pub(crate) async fn in_memory() -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    AnyPoolOptions::new()
        .max_connections(1)
        .connect("sqlite::memory:")
        .await
        .map_err(sql("open the database"))
}

/// Opens a database that nobody writes to as it lies, leaving no file beside it: a backup, to add up what is in its tables.
pub(crate) async fn as_it_lies(path: &Path) -> Result<AnyPool, StoreError> {
    connect(path, "mode=ro&immutable=true", 1, "PRAGMA query_only = ON;").await
}

/// Opens a database that nobody writes to, leaving no file beside it: a backup. One of an earlier layout is read as if it had this one.
pub(crate) async fn resting(path: &Path) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=ro&immutable=true", escaped(path)?);
    AnyPoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                for view in views(connection).await? {
                    connection.execute(view).await?;
                }
                connection.execute("PRAGMA query_only = ON").await?;
                Ok(())
            })
        })
        .connect(&url)
        .await
        .map_err(sql("open the database"))
}

/// What stands before the tables of an earlier layout, under the names and with the columns of this one.
async fn views(connection: &mut sqlx::AnyConnection) -> Result<Vec<&'static str>, sqlx::Error> {
    const KEYS: &str = "CREATE TEMP VIEW entry_key AS SELECT e.partnership, e.position, k.key_id, k.wrapped \
         FROM main.entry e JOIN main.entry_key k ON k.key_id = e.key_id";
    const HEADS: &str = "CREATE TEMP VIEW log_head AS SELECT h.partnership, h.position, h.hash, t.frontier AS edge \
         FROM main.log_head h LEFT JOIN main.tree_head t ON t.partnership = h.partnership";
    const HEADS_WITHOUT_TREES: &str = "CREATE TEMP VIEW log_head AS \
         SELECT h.partnership, h.position, h.hash, NULL AS edge FROM main.log_head h";
    let said = connection
        .fetch_one(
            "SELECT (SELECT count(*) FROM pragma_table_info('entry_key') WHERE name = 'position'), \
             (SELECT count(*) FROM sqlite_master WHERE name = 'entry_key'), \
             (SELECT count(*) FROM sqlite_master WHERE name = 'tree_head')",
        )
        .await?;
    let (positions, keys, trees): (i64, i64, i64) =
        (said.try_get(0)?, said.try_get(1)?, said.try_get(2)?);
    Ok(match (positions, keys, trees) {
        (0, 1, 0) => vec![KEYS, HEADS_WITHOUT_TREES],
        (0, 1, _) => vec![KEYS, HEADS],
        _ => Vec::new(),
    })
}

/// Begins to write. The lock is taken at once: SQLite waits for it only at the start of a transaction,
/// and one that has read before it writes would fail instead of waiting.
pub(crate) async fn begin(pool: &AnyPool) -> Result<Transaction<'static, Any>, sqlx::Error> {
    if is_postgres(pool) {
        let mut tx = pool.begin().await?;
        (&mut *tx).execute(TURN).await?;
        Ok(tx)
    } else {
        pool.begin_with("BEGIN IMMEDIATE").await
    }
}

/// The same on a connection to PostgreSQL that is already held.
pub(crate) async fn begin_on(
    connection: &mut sqlx::AnyConnection,
) -> Result<Transaction<'_, Any>, sqlx::Error> {
    let mut tx = connection.begin().await?;
    (&mut *tx).execute(TURN).await?;
    Ok(tx)
}

/// Brings the layout up to date; refuses a database that a newer program has written.
pub(crate) async fn migrate(pool: &AnyPool, place: &Place) -> Result<(), StoreError> {
    let migrations = migrations(pool);
    migrations.run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) => StoreError::Newer {
            path: place.name(),
            found,
            known: newest(migrations),
        },
        other => StoreError::Layout {
            path: place.name(),
            source: Arc::new(other),
        },
    })
}

/// Checks that the layout is the one this program knows, where it may not change it: with the server's role on PostgreSQL.
pub(crate) async fn check_layout(pool: &AnyPool, place: &Place) -> Result<(), StoreError> {
    let failed = sql("read the layout of the database");
    let known = migrations(pool);
    let there = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
    let there: bool = (pool.fetch_one(there).await.map_err(&failed)?)
        .try_get(0)
        .map_err(&failed)?;
    if !there {
        return Err(StoreError::NotAStore(place.name()));
    }
    let rows = sqlx::query("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
        .fetch_all(pool)
        .await
        .map_err(&failed)?;
    let applied: Vec<i64> = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()
        .map_err(&failed)?;
    if let Some(&found) = applied
        .iter()
        .rev()
        .find(|one| !known.version_exists(**one))
    {
        return Err(StoreError::Newer {
            path: place.name(),
            found,
            known: newest(known),
        });
    }
    match known.iter().find(|one| !applied.contains(&one.version)) {
        Some(_) => Err(StoreError::Older {
            path: place.name(),
            found: applied.last().copied().unwrap_or(0),
            known: newest(known),
        }),
        None => Ok(()),
    }
}

fn migrations(pool: &AnyPool) -> &'static Migrator {
    match is_postgres(pool) {
        true => &POSTGRES,
        false => &SQLITE,
    }
}

/// The newest layout this program knows.
pub(crate) fn known_layout() -> i64 {
    newest(&SQLITE)
}

fn newest(migrations: &Migrator) -> i64 {
    migrations.iter().map(|one| one.version).max().unwrap_or(0)
}

async fn connect_postgres(
    address: &Address,
    most: u32,
    settings: &'static str,
) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    AnyPoolOptions::new()
        .max_connections(most)
        // A database that is away is said to be away, rather than waited for.
        .acquire_timeout(Duration::from_secs(5))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(settings).await?;
                Ok(())
            })
        })
        .connect(address.url())
        .await
        .map_err(sql("connect to the database"))
}

async fn connect(
    path: &Path,
    mode: &str,
    most: u32,
    pragmas: &'static str,
) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?{mode}", escaped(path)?);
    AnyPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(Duration::from_secs(30))
        // There is nothing between here and the file that could have gone away.
        .test_before_acquire(false)
        // SQLite ends a transaction by itself when the disk is full; then the rollback fails, and the connection still believes
        // itself in a transaction. It is given up, so that the next change does not fail when there is room again.
        .before_acquire(|connection, _| {
            let between = !connection.is_in_transaction();
            Box::pin(async move { Ok(between) })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(pragmas).await?;
                Ok(())
            })
        })
        .connect(&url)
        .await
        .map_err(sql("open the database"))
}

/// The path as a URL wants it: everything but letters, digits and a few signs as `%xx`.
fn escaped(path: &Path) -> Result<String, StoreError> {
    let text = path.to_str().ok_or_else(|| StoreError::Unfit {
        doing: "open the database",
        why: format!("the path `{}` is not UTF-8", PathBuf::from(path).display()),
    })?;
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                url.push(char::from(byte))
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(url)
}

/// A count as the database holds it.
pub(crate) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::*;

    async fn pragma(pool: &AnyPool, query: &'static str) -> String {
        let row = sqlx::query(query).fetch_one(pool).await.unwrap();
        row.try_get::<String, _>(0)
            .unwrap_or_else(|_| row.get::<i64, _>(0).to_string())
    }

    #[tokio::test]
    async fn a_commit_is_on_disk_before_it_is_answered_and_readers_cannot_write() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DATABASE_FILE);
        std::fs::write(&path, "").unwrap();
        let place = Place::Sqlite(path);
        let writes = writing(&place).await.unwrap();
        for (query, value) in [
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA synchronous", "2"),
            ("PRAGMA foreign_keys", "1"),
            ("PRAGMA secure_delete", "1"),
            ("PRAGMA busy_timeout", "5000"),
        ] {
            assert_eq!(pragma(&writes, query).await, value, "{query}");
        }
        migrate(&writes, &place).await.unwrap();
        let reads = reading(&place).await.unwrap();
        assert_eq!(pragma(&reads, "PRAGMA query_only").await, "1");
        assert!(
            sqlx::query("INSERT INTO meta VALUES ('a', 'b')")
                .execute(&reads)
                .await
                .is_err()
        );
    }
}
