//! Everything that can go wrong in the store, in words an operator or a practitioner can act on.
//! The errors can be cloned because one failed commit answers many callers.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What the store could not do, and why.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Someone else appended to the stream after the decision was based on it. Nothing was written.
    #[error(
        "append to `{stream}`: the change was based on {expected} entries, and there are now {now}"
    )]
    Conflict {
        /// The stream concerned.
        stream: String,
        /// How many entries the decision was based on.
        expected: u64,
        /// How many there are.
        now: u64,
    },
    /// The record does not hold at a position.
    #[error(transparent)]
    Broken(#[from] record::Broken),
    /// The database refused or failed. Nothing of what was attempted is kept.
    #[error("{doing}: the database failed")]
    Database {
        /// What was attempted.
        doing: &'static str,
        /// The driver's error.
        #[source]
        source: Arc<sqlx::Error>,
    },
    /// There is no room on the disk. Nothing of what was attempted is kept; it heals when there is room again.
    #[error("{doing}: the disk is full; make room, nothing needs to be restarted")]
    NoSpace {
        /// What was attempted.
        doing: &'static str,
        /// The driver's error.
        #[source]
        source: Arc<sqlx::Error>,
    },
    /// The disk failed. Whether what was attempted is kept cannot be known; nothing more is written until the store is opened again.
    #[error("{doing}: the disk failed")]
    Disk {
        /// What was attempted.
        doing: &'static str,
        /// The driver's error.
        #[source]
        source: Arc<sqlx::Error>,
    },
    /// The database cannot be reached at the moment. Nothing of what was attempted is kept; it heals when it is back.
    #[error("{doing}: the database cannot be reached at the moment; try again")]
    Unavailable {
        /// What was attempted.
        doing: &'static str,
        /// The driver's error.
        #[source]
        source: Arc<sqlx::Error>,
    },
    /// The database went away while it was committing, and has not said since whether it did. Look before doing it again.
    #[error(
        "{doing}: the database went away meanwhile; look whether it is there before doing it again"
    )]
    Unknown {
        /// What was attempted.
        doing: &'static str,
    },
    /// The store has stopped writing after a failure and has to be opened again.
    #[error(
        "write to the record: writing has stopped ({0}); look at the disk, then start Candour again"
    )]
    Halted(String),
    /// Another process has opened the same database since. This one must not write any more.
    #[error("another Candour has opened this database since; this one writes nothing more")]
    Superseded,
    /// Another process has the database open.
    #[error("open `{0}`: another Candour is using this database; stop it first")]
    Occupied(String),
    /// The settings of the database are wrong.
    #[error("read `{}`: {why}", path.display())]
    DatabaseSettings {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The database's layout is older than this program, and the server's role may not change it.
    #[error("open `{}`: its layout is {found}, and this program needs {known}; stop Candour, make a backup, and run `candour upgrade` with the address of the role that owns the tables", path.display())]
    Older {
        /// The database.
        path: PathBuf,
        /// The layout found.
        found: i64,
        /// The layout needed.
        known: i64,
    },
    /// The role could alter the record.
    #[error(
        "open `{database}`: its role `{role}` may change or delete entries of the record; name a role that does not own the tables (see docs/postgresql.md)"
    )]
    RoleTooStrong {
        /// The database.
        database: String,
        /// The role.
        role: String,
    },
    /// The database to be filled already holds something.
    #[error("set up `{0}`: there are tables in it already; name an empty database")]
    NotEmpty(String),
    /// The record was moved to another database.
    #[error(
        "open `{from}`: the record was moved from here to `{to}`; this copy must not be used any more"
    )]
    Moved {
        /// Where it was.
        from: String,
        /// Where it went.
        to: String,
    },
    /// A file could not be read or written.
    #[error("{doing} `{}`", path.display())]
    File {
        /// What was attempted.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: Arc<io::Error>,
    },
    /// Another process has the data folder open.
    #[error("open `{}`: another Candour is using this data folder; stop it first", .0.display())]
    InUse(PathBuf),
    /// The folder already holds a store.
    #[error("create a store in `{}`: there is one already, or the beginnings of one; name another folder", .0.display())]
    AlreadyThere(PathBuf),
    /// The folder does not hold a (finished) store.
    #[error("open `{}`: no Candour data is there; `candour init` creates it", .0.display())]
    NotAStore(PathBuf),
    /// The database was written by a newer program.
    #[error("open `{}`: the data was written by a newer Candour (layout {found}, this program knows {known}); use the newer program, or restore a backup made before the upgrade", path.display())]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The layout found.
        found: i64,
        /// The newest layout this program knows.
        known: i64,
    },
    /// The database's layout was altered by something other than Candour, or could not be brought up to date.
    #[error("prepare the database `{}`", path.display())]
    Layout {
        /// The database file.
        path: PathBuf,
        /// The driver's error.
        #[source]
        source: Arc<sqlx::migrate::MigrateError>,
    },
    /// The master key is not in the data folder.
    #[error("read the master key `{}`: it is not there; put back the copy kept apart from the backups, readable by its owner only", .0.display())]
    MasterKeyMissing(PathBuf),
    /// Others than its owner can read the master key.
    #[error("read the master key `{}`: others can read it (mode {mode:04o}); run `chmod 600 {}`, and consider who may have copied it", path.display(), path.display())]
    MasterKeyExposed {
        /// The key file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The key file does not hold a master key.
    #[error("read the master key `{}`: it is damaged or not a master key", .0.display())]
    MasterKeyMalformed(PathBuf),
    /// The master key is sealed under a passphrase, and there is none.
    #[error("read the master key `{}`: it is sealed under a passphrase, and {why}", path.display())]
    PassphraseNeeded {
        /// The key file.
        path: PathBuf,
        /// Why there is none, and what to do.
        why: String,
    },
    /// The passphrase does not open the master key.
    #[error("read the master key `{}`: this passphrase does not open it; try again. If it is forgotten, move the file elsewhere and bring the master key back from two shares with `candour keys restore`", .0.display())]
    PassphraseWrong(PathBuf),
    /// The key file holds the master key of another store.
    #[error("open `{}`: the master key there belongs to another store", .0.display())]
    MasterKeyOther(PathBuf),
    /// A stored item is damaged, or its key is missing though no destruction was recorded.
    #[error("open {what}: {why}")]
    Unreadable {
        /// What was to be opened.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// The input cannot be stored as it is.
    #[error("{doing}: {why}")]
    Unfit {
        /// What was attempted.
        doing: &'static str,
        /// What is wrong with the input.
        why: String,
    },
    /// There is no key with this handle.
    #[error("destroy the content under key `{0}`: there is no such key")]
    NoSuchKey(String),
    /// The stream has no file with this id.
    #[error("read the file `{0}`: there is none with this id here")]
    NoSuchFile(String),
    /// The file's key was destroyed: that it existed is known, what it said is not.
    #[error("read the file `{0}`: it was destroyed")]
    FileDestroyed(String),
    /// Another account has this address.
    #[error("create the account: `{0}` already has one")]
    EmailTaken(String),
    /// There is no such account.
    #[error("find the account `{0}`: there is none")]
    NoSuchAccount(String),
    /// The backup is altered, cut off or not a backup.
    #[error("read the backup `{}`: {why}; nothing was restored", path.display())]
    BadBackup {
        /// The backup.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The backup is sealed, and nothing was given that opens it.
    #[error("read the backup `{}`: it is sealed; give the file of the identity that opens it with `--identity`", .0.display())]
    IdentityNeeded(PathBuf),
    /// The target of a backup or restore already holds something.
    #[error("write to `{}`: something is there already; name an empty or new folder", .0.display())]
    TargetInUse(PathBuf),
    /// The system gave no random bytes.
    #[error("draw random bytes for a key: the system gave none")]
    NoRandomness,
    /// The store was closed.
    #[error("write to the record: the store is closed")]
    Closed,
}

/// `map_err(sql("..."))`: a database error with what was attempted, sorted by what it means for the caller.
pub(crate) fn sql(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |error| {
        let kind = kind(&error);
        let source = Arc::new(error);
        match kind {
            Kind::NoSpace => StoreError::NoSpace { doing, source },
            Kind::Disk => StoreError::Disk { doing, source },
            Kind::Away => StoreError::Unavailable { doing, source },
            Kind::Closed => StoreError::Closed,
            Kind::Other => StoreError::Database { doing, source },
        }
    }
}

/// What a database error means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    NoSpace,
    Disk,
    Away,
    Closed,
    Other,
}

/// Sorts an error by SQLite's result codes, PostgreSQL's SQLSTATE and the driver's own kinds.
pub(crate) fn kind(error: &sqlx::Error) -> Kind {
    use crate::writer::Said;
    use sqlx::{Error as E, postgres::PgDatabaseError, sqlite::SqliteError};
    match error {
        E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::WorkerCrashed | E::Protocol(_) => Kind::Away,
        E::PoolClosed => Kind::Closed,
        E::Database(said) => {
            let code = said.code().unwrap_or_default();
            if said.try_downcast_ref::<PgDatabaseError>().is_some() {
                return match code.as_ref() {
                    "53100" => Kind::NoSpace,
                    "58030" | "XX001" | "XX002" => Kind::Disk,
                    // Shutdown, crash, start, too many connections, a lock waited for too long, read-only standby.
                    "57P01" | "57P02" | "57P03" | "53300" | "55P03" | "25006" | "25P03" => {
                        Kind::Away
                    }
                    other if other.starts_with("08") => Kind::Away,
                    _ => Kind::Other,
                };
            }
            if said.try_downcast_ref::<SqliteError>().is_some()
                || said.try_downcast_ref::<Said>().is_some()
            {
                // The primary result code is the lowest byte.
                return match code.parse::<i64>().map(|code| code & 0xff) {
                    Ok(13) => Kind::NoSpace,
                    Ok(10) => Kind::Disk,
                    Ok(5) => Kind::Away,
                    _ => Kind::Other,
                };
            }
            Kind::Other
        }
        _ => Kind::Other,
    }
}

/// An error with what lies behind it, in one line.
pub(crate) fn with_sources(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        words.push_str(": ");
        words.push_str(&inner.to_string());
        source = inner.source();
    }
    words
}

/// `map_err(file("...", path))`: a file error with what was attempted and where.
pub(crate) fn file<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl Fn(io::Error) -> StoreError + 'a {
    move |source| StoreError::File {
        doing,
        path: path.to_owned(),
        source: Arc::new(source),
    }
}
