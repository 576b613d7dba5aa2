//! Connections: one pool that writes through a single connection, one that only reads.
//! Every commit is on disk before it is answered (`synchronous=FULL`), and what is deleted is overwritten.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    Any, AnyPool, Executor, Transaction,
    any::AnyPoolOptions,
    migrate::{MigrateError, Migrator},
};

use crate::{StoreError, error::sql};

/// The name of the database's file in the data folder and in a backup.
pub(crate) const DATABASE_FILE: &str = "candour.sqlite";

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

const WRITING: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON;";
const READING: &str =
    "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;";

/// Opens the connection that writes. There is only one, so writers wait for one another in turn.
pub(crate) async fn writing(path: &Path) -> Result<AnyPool, StoreError> {
    connect(path, "mode=rw", 1, WRITING).await
}

/// Opens the connections that read; they see the last commit and never hold up the writer.
pub(crate) async fn reading(path: &Path) -> Result<AnyPool, StoreError> {
    connect(path, "mode=rw", 8, READING).await
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

/// Opens a database that nobody writes to, leaving no file beside it: a backup.
pub(crate) async fn resting(path: &Path) -> Result<AnyPool, StoreError> {
    connect(path, "mode=ro&immutable=true", 1, "PRAGMA query_only = ON;").await
}

/// Begins to write. The lock is taken at once: SQLite waits for it only at the start of a transaction,
/// and one that has read before it writes would fail instead of waiting.
pub(crate) async fn begin(pool: &AnyPool) -> Result<Transaction<'static, Any>, sqlx::Error> {
    pool.begin_with("BEGIN IMMEDIATE").await
}

/// Brings the layout up to date; refuses a database that a newer program has written.
pub(crate) async fn migrate(pool: &AnyPool, path: &Path) -> Result<(), StoreError> {
    MIGRATIONS.run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) => StoreError::Newer {
            path: path.to_owned(),
            found,
            known: MIGRATIONS.iter().map(|one| one.version).max().unwrap_or(0),
        },
        other => StoreError::Layout {
            path: path.to_owned(),
            source: Arc::new(other),
        },
    })
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
        let writes = writing(&path).await.unwrap();
        for (query, value) in [
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA synchronous", "2"),
            ("PRAGMA foreign_keys", "1"),
            ("PRAGMA secure_delete", "1"),
            ("PRAGMA busy_timeout", "5000"),
        ] {
            assert_eq!(pragma(&writes, query).await, value, "{query}");
        }
        migrate(&writes, &path).await.unwrap();
        let reads = reading(&path).await.unwrap();
        assert_eq!(pragma(&reads, "PRAGMA query_only").await, "1");
        assert!(
            sqlx::query("INSERT INTO meta VALUES ('a', 'b')")
                .execute(&reads)
                .await
                .is_err()
        );
    }
}
