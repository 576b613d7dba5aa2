//! The writer's own connection to SQLite: a commit on the thread that makes it, with statements that stay prepared and values that are not copied.
//! Through the driver that the rest of the store uses, every statement of a commit is a way to another thread and back.
//! While it is used, the writer holds the one connection that writes, so that nothing else changes the database meanwhile.

use std::{borrow::Cow, error::Error, fmt, path::Path};

use rusqlite::{Connection, OpenFlags, ffi};
use sqlx::error::{DatabaseError, ErrorKind};

use super::together::{Insert, Together, Value};
use crate::database::WRITING;

/// How many prepared statements are kept.
const PREPARED: usize = 64;

/// The connection.
pub(super) struct Direct(Connection);

/// Why a transaction was not made.
pub(super) struct NotMade {
    pub(super) error: sqlx::Error,
    /// Everything before its commit was done.
    pub(super) committing: bool,
}

impl Direct {
    /// Opens a database that is there, with the same settings as the store's other connections.
    pub(super) fn open(path: &Path) -> Result<Direct, sqlx::Error> {
        let opened = || {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags)?;
            connection.set_prepared_statement_cache_capacity(PREPARED);
            connection.execute_batch(WRITING)?;
            Ok(Direct(connection))
        };
        opened().map_err(said)
    }

    /// Writes everything in one transaction, on the calling thread. After an error the connection is given up.
    pub(super) fn commit(&self, together: &Together<'_>) -> Result<(), NotMade> {
        let mut committing = false;
        let made = self.write(together).and_then(|()| {
            committing = true;
            self.run("COMMIT")
        });
        made.map_err(|error| NotMade {
            error: said(error),
            committing,
        })
    }

    fn write(&self, together: &Together<'_>) -> rusqlite::Result<()> {
        self.run("BEGIN IMMEDIATE")?;
        together
            .inserts
            .iter()
            .try_for_each(|insert| self.insert(insert))
    }

    fn insert(&self, insert: &Insert<'_>) -> rusqlite::Result<()> {
        let mut statement = self.0.prepare_cached(&insert.text(1, 1))?;
        for row in insert.values.chunks(insert.columns) {
            for (place, value) in (1..).zip(row) {
                match value {
                    Value::Text(text) => statement.raw_bind_parameter(place, text.as_ref()),
                    Value::Bytes(bytes) => statement.raw_bind_parameter(place, bytes.as_ref()),
                    Value::Whole(whole) => statement.raw_bind_parameter(place, whole),
                }?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }

    fn run(&self, text: &str) -> rusqlite::Result<()> {
        self.0.prepare_cached(text)?.execute([]).map(|_| ())
    }

    /// Leaves room for so many more pages: the database's own limit stands for the disk's, and is answered with the same error.
    #[cfg(test)]
    pub(super) fn leave_room(&self, pages: i64) {
        let there: i64 = (self.0)
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap();
        let limit = format!("PRAGMA max_page_count = {}", there + pages);
        self.0.query_row(&limit, [], |_| Ok(())).unwrap();
    }
}

/// What SQLite said, in the form in which the rest of the store knows errors of a database.
#[derive(Debug)]
pub(crate) struct Said {
    /// The extended result code.
    code: i32,
    text: String,
}

fn said(error: rusqlite::Error) -> sqlx::Error {
    let (code, text) = match &error {
        rusqlite::Error::SqliteFailure(failure, text) => (
            failure.extended_code,
            text.clone().unwrap_or_else(|| failure.to_string()),
        ),
        other => (ffi::SQLITE_ERROR, other.to_string()),
    };
    sqlx::Error::Database(Box::new(Said { code, text }))
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.text)
    }
}

impl Error for Said {}

impl DatabaseError for Said {
    fn message(&self) -> &str {
        &self.text
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                ErrorKind::UniqueViolation
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Together<'static> {
        let mut together = Together::default();
        together.insert("a (x, y)", 2, "");
        for value in 1..=4 {
            together.value(value);
        }
        together.insert(
            "b (z)",
            1,
            "ON CONFLICT (z) DO UPDATE SET z = excluded.z || '!'",
        );
        together.value("five");
        together
    }

    fn open(dir: &tempfile::TempDir, tables: &str) -> Direct {
        let path = dir.path().join("some.sqlite");
        Connection::open(&path)
            .unwrap()
            .execute_batch(tables)
            .unwrap();
        Direct::open(&path).unwrap()
    }

    fn rows(direct: &Direct) -> (i64, i64, String) {
        let query = "SELECT count(*), coalesce(max(y), 0), coalesce((SELECT group_concat(z) FROM b), '') FROM a";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        direct.0.query_row(query, [], row).unwrap()
    }

    #[test]
    fn what_is_committed_is_there_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let direct = open(
            &dir,
            "CREATE TABLE a (x integer primary key, y integer); CREATE TABLE b (z text primary key)",
        );
        assert!(direct.commit(&two()).is_ok());
        assert_eq!(rows(&direct), (2, 4, "five".to_owned()));
        let again = direct.commit(&two()).unwrap_err();
        assert!(!again.committing);
        let error = again.error.as_database_error().unwrap();
        assert!(error.is_unique_violation(), "{error}");
        drop(direct);
        let direct = Direct::open(&dir.path().join("some.sqlite")).unwrap();
        assert_eq!(rows(&direct), (2, 4, "five".to_owned()));
    }

    #[test]
    fn it_is_known_whether_it_was_the_commit_that_failed() {
        let dir = tempfile::tempdir().unwrap();
        // A constraint that is looked at when the transaction is committed.
        let direct = open(
            &dir,
            "CREATE TABLE c (x integer primary key); CREATE TABLE b (z text primary key); \
             CREATE TABLE a (x integer primary key, y integer references c (x) deferrable initially deferred)",
        );
        let refused = direct.commit(&two()).unwrap_err();
        assert!(refused.committing, "{}", refused.error);
    }

    #[test]
    fn a_full_database_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let direct = open(
            &dir,
            "CREATE TABLE a (x integer primary key, y blob); CREATE TABLE b (z text primary key)",
        );
        direct.leave_room(2);
        let mut together = Together::default();
        together.insert("a (x, y)", 2, "");
        together.value(1);
        together.value(vec![0; 100_000]);
        let refused = direct.commit(&together).unwrap_err();
        assert_eq!(
            crate::error::kind(&refused.error),
            crate::error::Kind::NoSpace
        );
    }
}
