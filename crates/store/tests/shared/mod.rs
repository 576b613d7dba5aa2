//! What the tests of the store share: a store in a temporary folder, short ways to append and read, and a way round it.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::{fs, path::Path};

use access::Permit;
use jiff::Timestamp;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{Appended, Content, NewEntry, Opened, Store, StoreError};
use tempfile::TempDir;

/// A new store of the invented partnership Merrowshire, in `data` in a temporary folder.
pub async fn new_store() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("data"), "merrowshire")
        .await
        .unwrap();
    (dir, store)
}

/// A permit as the tests need it.
pub fn permit() -> Permit {
    Permit::for_system("test")
}

/// The instant at which everything in these tests happens.
pub fn at() -> Timestamp {
    "2026-11-23T09:32:00.123456Z".parse().unwrap()
}

/// An entry with these words.
pub fn entry(words: &str) -> NewEntry {
    NewEntry {
        kind: "note".into(),
        version: 1,
        at: at(),
        actor: "person-1".into(),
        content: words.as_bytes().to_vec(),
    }
}

/// Appends an entry for each of these words.
pub async fn append(
    store: &Store,
    stream: &str,
    expected: Option<u64>,
    words: &[&str],
) -> Result<Vec<Appended>, StoreError> {
    store
        .append(
            permit(),
            stream,
            expected,
            words.iter().map(|words| entry(words)).collect(),
        )
        .await
}

/// The words of opened entries.
pub fn words(opened: &[Opened]) -> Vec<String> {
    opened
        .iter()
        .map(|entry| match &entry.content {
            Content::Clear(bytes) => String::from_utf8(bytes.clone()).unwrap(),
            Content::Destroyed => "(destroyed)".to_owned(),
        })
        .collect()
}

/// A connection to the database that goes round the store, as someone with the file in hand would.
pub async fn raw(dir: &TempDir) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(dir.path().join("data/candour.sqlite"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Whether these bytes stand in any file under a folder.
pub fn anywhere(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|item| {
        let path = item.unwrap().path();
        if path.is_dir() {
            return anywhere(&path, needle);
        }
        fs::read(&path)
            .unwrap()
            .windows(needle.len())
            .any(|window| window == needle)
    })
}
