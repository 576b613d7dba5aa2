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
        /// The backup folder.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
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

/// `map_err(sql("..."))`: a database error with what was attempted.
pub(crate) fn sql(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |source| StoreError::Database {
        doing,
        source: Arc::new(source),
    }
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
