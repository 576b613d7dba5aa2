//! What the tests of the store share: a store in a temporary folder, on SQLite or on PostgreSQL, short ways to append and read,
//! and a way round it.
#![allow(dead_code, reason = "each test file uses its own part of this")]

pub mod postgres;

use std::{fs, path::Path};

use access::Permit;
use jiff::Timestamp;
use sqlx::{
    AnyConnection, AssertSqlSafe, Connection, Executor, SqliteConnection,
    sqlite::SqliteConnectOptions,
};
use store::{Appended, Content, DatabaseAt, NewEntry, Opened, Store, StoreError};
use tempfile::TempDir;

/// Which database a test runs on. Each test of a suite runs on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The engine that the name of a module says: `on_sqlite` or `on_postgres`.
    pub fn of(module: &str) -> Engine {
        if module.contains("on_postgres") {
            Engine::Postgres
        } else {
            assert!(module.contains("on_sqlite"), "{module} names no database");
            Engine::Sqlite
        }
    }
}

/// Where a test's store lives: a temporary folder, and a database of its own when it is on PostgreSQL.
pub struct Home {
    pub dir: TempDir,
    pub database: Option<postgres::Database>,
}

impl Home {
    /// A new home on this engine.
    pub async fn new(engine: Engine) -> Home {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(postgres::server().database().await),
        };
        Home {
            dir: tempfile::tempdir().unwrap(),
            database,
        }
    }

    /// The folder; the data are in `data` in it.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn engine(&self) -> Engine {
        match self.database {
            Some(_) => Engine::Postgres,
            None => Engine::Sqlite,
        }
    }

    /// Where its database is to be made.
    pub fn at(&self) -> DatabaseAt {
        match &self.database {
            None => DatabaseAt::Folder,
            Some(database) => DatabaseAt::Postgres {
                server: database.server.clone(),
                owner: database.owner.clone(),
            },
        }
    }

    /// Everything the store has on disk: the folder, and the files of the server.
    pub fn on_disk(&self) -> Vec<&Path> {
        let mut places = vec![self.path()];
        if self.database.is_some() {
            places.push(&postgres::server().folder);
        }
        places
    }
}

/// A new store of the invented partnership Merrowshire on SQLite, in `data` in a temporary folder.
pub async fn new_store() -> (TempDir, Store) {
    let (home, store) = new_store_on(Engine::Sqlite).await;
    (home.dir, store)
}

/// A new store of the invented partnership Merrowshire on this engine.
pub async fn new_store_on(engine: Engine) -> (Home, Store) {
    let home = Home::new(engine).await;
    let store = Store::create_on(&home.path().join("data"), "merrowshire", &home.at())
        .await
        .unwrap();
    (home, store)
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

/// A connection to the SQLite file that goes round the store, as someone with the file in hand would.
pub async fn raw(dir: &TempDir) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(dir.path().join("data/candour.sqlite"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// A connection to either database that goes round the store, as someone with the files or the administrator's role would.
pub struct Raw {
    pub connection: AnyConnection,
    engine: Engine,
}

/// Opens one.
pub async fn raw_on(home: &Home) -> Raw {
    let url = match &home.database {
        None => format!(
            "sqlite://{}",
            home.path().join("data/candour.sqlite").display()
        ),
        Some(database) => database.root.clone(),
    };
    let mut connection = postgres::connect(&url).await;
    if home.database.is_some() {
        connection
            .execute(
                "CREATE OR REPLACE FUNCTION zeroblob(n integer) RETURNS bytea LANGUAGE sql AS \
                 $$ SELECT decode(repeat('00', n), 'hex') $$",
            )
            .await
            .unwrap();
    }
    Raw {
        connection,
        engine: home.engine(),
    }
}

impl Raw {
    /// Carries out statements written for SQLite, in the words of the engine.
    pub async fn run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = match self.engine {
            Engine::Sqlite => sql.to_owned(),
            Engine::Postgres => for_postgres(sql),
        };
        self.connection.execute(AssertSqlSafe(sql)).await?;
        Ok(())
    }
}

/// The few words in which the two differ.
fn for_postgres(sql: &str) -> String {
    let sql = sql
        .replace("CAST(sealed || x'00' AS BLOB)", "sealed || '\\x00'::bytea")
        .replace("x'00'", "'\\x00'::bytea")
        .replace(
            "BEGIN IMMEDIATE",
            "BEGIN; LOCK TABLE entry IN EXCLUSIVE MODE",
        );
    sql.split("; ")
        .map(|statement| match statement.strip_prefix("DROP TRIGGER ") {
            Some(name) => {
                let table = name.split("_is_").next().unwrap();
                format!("DROP TRIGGER {name} ON {table}")
            }
            None => statement.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("; ")
}

/// Whether these bytes stand in any file under a folder. Files may come and go while it is looked through.
pub fn anywhere(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).into_iter().flatten().any(|item| {
        let path = item.unwrap().path();
        if path.is_dir() {
            return anywhere(&path, needle);
        }
        path.is_file()
            && fs::read(&path)
                .is_ok_and(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
    })
}
