//! Everything in one database copied to another, row by row as it stands, and compared afterwards.
//! Ciphertext stays ciphertext: no key is needed, and nothing is opened. A backup of a PostgreSQL database is such a copy too.
//! Long, because copying, comparing and changing over are one procedure and are read together.

use std::path::Path;

use futures_core::Stream;
use record::Hash;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row, any::AnyRow};

use crate::{
    Store, StoreError,
    database::{self, DATABASE_FILE},
    error::{file, sql},
    lease, meta,
    place::{self, Address, DatabaseAt, Place},
    row::unreadable,
    store::{new_private_file, prepare_postgres, sync_folder},
    verify::verify,
};

/// How many rows go into one statement, and how many bytes at most before it is sent.
const ROWS: usize = 200;
const BYTES: usize = 4 << 20;

/// The name the old file gets when the record was moved out of it.
const MOVED_FILE: &str = "candour.sqlite.moved";

/// What one table holds, in a form in which two databases can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSum {
    /// The table.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 over the sorted hashes of its rows.
    pub hash: Hash,
}

/// A copy that was made and compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Where it is now, without a password.
    pub to: String,
    /// How far the record in it goes, as verified in the copy.
    pub verified: record::Verified,
    /// What each table holds, the same in both.
    pub tables: Vec<TableSum>,
}

/// A table and the kinds of its columns.
pub(crate) struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
    part: Option<Part>,
}

/// A condition on the rows of a table, in SQL.
pub(crate) struct Part(pub(crate) String);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Bytes,
}

enum Value {
    Text(Option<String>),
    Whole(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

impl Store {
    /// Copies everything into an empty database elsewhere, in one transaction, and compares the two before it is committed.
    /// Nothing can be written meanwhile. This store goes on as it is; [`move_to`](Store::move_to) also changes over.
    ///
    /// [`DatabaseAt::Folder`] writes `candour.sqlite.unfinished` into the data folder.
    pub async fn copy_to(&self, to: &DatabaseAt) -> Result<Copied, StoreError> {
        let mut from = self.begin_beside("copy the database").await?;
        unhurried(&mut from, &self.inner.writing).await?;
        self.copy_from(&mut from, to).await
    }

    async fn copy_from(
        &self,
        from: &mut AnyConnection,
        to: &DatabaseAt,
    ) -> Result<Copied, StoreError> {
        match (&self.inner.place, to) {
            (Place::Sqlite(_), DatabaseAt::Folder)
            | (Place::Postgres(_), DatabaseAt::Postgres { .. }) => Err(StoreError::Unfit {
                doing: "copy the database",
                why: "it is of that kind already".to_owned(),
            }),
            (Place::Sqlite(_), DatabaseAt::Postgres { server, owner }) => {
                let address = Address::read(server)?;
                let tables = tables(from).await?;
                let target = prepare_postgres(&address, owner).await?;
                let done = async {
                    let tables = fill(from, &target, &tables).await?;
                    let verified = verify(
                        &target,
                        self.partnership(),
                        Some(&self.inner.partnership_key),
                    )
                    .await?;
                    Ok::<_, StoreError>((tables, verified))
                }
                .await;
                target.close().await;
                let (tables, verified) = done?;
                Ok(Copied {
                    to: address.to_string(),
                    tables,
                    verified,
                })
            }
            (Place::Postgres(_), DatabaseAt::Folder) => {
                let path = self.inner.dir.join(format!("{DATABASE_FILE}.unfinished"));
                if path.exists() {
                    std::fs::remove_file(&path)
                        .map_err(file("remove the unfinished copy", &path))?;
                }
                let tables = to_file(from, &path).await?;
                let resting = database::resting(&path).await?;
                let verified = verify(
                    &resting,
                    self.partnership(),
                    Some(&self.inner.partnership_key),
                )
                .await;
                resting.close().await;
                Ok(Copied {
                    to: path.display().to_string(),
                    tables,
                    verified: verified?,
                })
            }
        }
    }

    /// Copies everything as [`copy_to`](Store::copy_to) does, makes the data folder name the new database, and closes this store.
    /// The old database is kept and marked, so that it is not taken for the record again. A store in use by others must not be moved:
    /// whoever calls this is the only one who holds it.
    pub async fn move_to(self, to: &DatabaseAt) -> Result<Copied, StoreError> {
        let dir = self.inner.dir.clone();
        let mut copied = self.copy_to(to).await?;
        match to {
            DatabaseAt::Postgres { server, .. } => {
                let address = Address::read(server)?;
                place::keep(&dir, &address)?;
                self.mark_moved(&address.to_string()).await?;
                self.close().await;
                let old = dir.join(DATABASE_FILE);
                std::fs::rename(&old, dir.join(MOVED_FILE))
                    .map_err(file("set the old database aside", &old))?;
            }
            DatabaseAt::Folder => {
                let new = dir.join(DATABASE_FILE);
                std::fs::rename(dir.join(format!("{DATABASE_FILE}.unfinished")), &new)
                    .map_err(file("name the new database", &new))?;
                place::forget(&dir)?;
                self.mark_moved(&new.display().to_string()).await?;
                self.close().await;
                copied.to = new.display().to_string();
            }
        }
        sync_folder(&dir)?;
        Ok(copied)
    }

    async fn mark_moved(&self, to: &str) -> Result<(), StoreError> {
        let query = sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(meta::MOVED)
            .bind(to);
        self.write("mark the old database", query).await?;
        Ok(())
    }

    /// What every table holds, for comparing two databases; the same rows give the same sums on SQLite and PostgreSQL.
    pub async fn logical_dump(&self) -> Result<Vec<TableSum>, StoreError> {
        sums_in(&self.inner.reading).await
    }
}

/// Copies a snapshot into a new SQLite file, readable by its owner only, and compares it. Used for backups of PostgreSQL.
pub(crate) async fn to_file(
    from: &mut AnyConnection,
    path: &Path,
) -> Result<Vec<TableSum>, StoreError> {
    let failed = sql("copy the database");
    if !path.exists() {
        drop(new_private_file(path)?);
    }
    let target = database::alone(path).await?;
    let done = async {
        database::migrate(&target, &Place::Sqlite(path.to_owned())).await?;
        let tables = {
            let mut connection = target.acquire().await.map_err(&failed)?;
            tables(&mut connection).await?
        };
        fill(from, &target, &tables).await
    }
    .await;
    target.close().await;
    let done = done?;
    std::fs::File::open(path)
        .and_then(|copy| copy.sync_all())
        .map_err(file("write the copy", path))?;
    Ok(done)
}

/// Copies a part of a SQLite database into a new file.
pub(crate) async fn part_to_file(
    from: &mut AnyConnection,
    path: &Path,
    part: &(dyn Fn(&str) -> Option<Part> + Sync),
) -> Result<(), StoreError> {
    let mut tables = tables(from).await?;
    for table in &mut tables {
        let Some(part) = part(&table.name) else {
            return Err(unreadable(
                format!("the table `{}`", table.name),
                "what of it belongs to an earlier moment is not known".to_owned(),
            ));
        };
        table.part = Some(part);
    }
    drop(new_private_file(path)?);
    let target = database::alone(path).await?;
    let done = async {
        database::migrate(&target, &Place::Sqlite(path.to_owned())).await?;
        fill(from, &target, &tables).await
    }
    .await;
    target.close().await;
    done?;
    std::fs::File::open(path)
        .and_then(|copy| copy.sync_all())
        .map_err(file("write the copy", path))
}

/// Copies a SQLite file that nobody uses into an empty database elsewhere, and compares the two.
pub(crate) async fn file_to(path: &Path, target: &AnyPool) -> Result<(), StoreError> {
    let failed = sql("copy the database");
    let resting = database::resting(path).await?;
    let done = async {
        let mut from = resting.acquire().await.map_err(&failed)?;
        let tables = tables(&mut from).await?;
        fill(&mut from, target, &tables).await
    }
    .await;
    resting.close().await;
    done?;
    Ok(())
}

/// What every table of a database holds as of one moment. A SQLite database is taken in the layout it has.
pub(crate) async fn sums_in(pool: &AnyPool) -> Result<Vec<TableSum>, StoreError> {
    let failed = sql("compare the databases");
    let tables = match database::is_postgres(pool) {
        true => {
            let scratch = layout().await?;
            let mut connection = scratch.acquire().await.map_err(&failed)?;
            tables(&mut connection).await?
        }
        false => {
            let mut connection = pool.acquire().await.map_err(&failed)?;
            tables(&mut connection).await?
        }
    };
    let mut tx = pool.begin().await.map_err(&failed)?;
    sums(&mut tx, &tables).await
}

/// The names of the tables of a SQLite database.
#[cfg(test)]
pub(crate) async fn table_names(sqlite: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    let tables = tables(sqlite).await?;
    Ok(tables.into_iter().map(|table| table.name).collect())
}

/// An empty database in memory, to read the layout from.
async fn layout() -> Result<AnyPool, StoreError> {
    let pool = database::in_memory().await?;
    database::migrate(&pool, &Place::Sqlite(":memory:".into())).await?;
    Ok(pool)
}

/// The tables of the layout, those that others refer to first. Read from the SQLite side, where there always is one.
async fn tables(sqlite: &mut AnyConnection) -> Result<Vec<Table>, StoreError> {
    let failed = sql("read the layout of the database");
    let names = sqlx::query(
        "SELECT CAST(name AS TEXT) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND name <> '_sqlx_migrations' ORDER BY name",
    )
    .fetch_all(&mut *sqlite)
    .await
    .map_err(&failed)?;
    let mut waiting: Vec<(Table, Vec<String>)> = Vec::new();
    for row in names {
        let name: String = row.try_get(0).map_err(&failed)?;
        let columns = sqlx::query(
            "SELECT CAST(name AS TEXT), CAST(lower(type) AS TEXT) FROM pragma_table_info($1) ORDER BY cid",
        )
        .bind(name.as_str())
        .fetch_all(&mut *sqlite)
        .await
        .map_err(&failed)?
        .iter()
        .map(|row| {
            let column: String = row.try_get(0).map_err(&failed)?;
            let kind: String = row.try_get(1).map_err(&failed)?;
            let kind = match kind.as_str() {
                "text" => Kind::Text,
                "bigint" | "integer" => Kind::Whole,
                "blob" => Kind::Bytes,
                other => {
                    return Err(unreadable(
                        format!("the column `{column}` of `{name}`"),
                        format!("its type is `{other}`"),
                    ));
                }
            };
            Ok((column, kind))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
        let needs = sqlx::query("SELECT CAST(\"table\" AS TEXT) FROM pragma_foreign_key_list($1)")
            .bind(name.as_str())
            .fetch_all(&mut *sqlite)
            .await
            .map_err(&failed)?
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<Vec<String>, _>>()
            .map_err(&failed)?;
        let part = None;
        waiting.push((
            Table {
                name,
                columns,
                part,
            },
            needs,
        ));
    }
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let next = waiting.iter().position(|(table, needs)| {
            needs
                .iter()
                .all(|need| *need == table.name || ordered.iter().any(|done| done.name == *need))
        });
        // Tables that refer to one another in a ring do not occur; if they did, the first would be taken.
        let (table, _) = waiting.remove(next.unwrap_or(0));
        ordered.push(table);
    }
    Ok(ordered)
}

impl Table {
    fn quoted_columns(&self) -> String {
        self.columns
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// What is no part of the copy: who has the database open, and where it was moved to.
    fn select(&self) -> String {
        let mut rest = match self.name.as_str() {
            "meta" => format!(
                " WHERE name NOT IN ('{}', '{}')",
                lease::OPENED,
                meta::MOVED
            ),
            _ => " WHERE 1 = 1".to_owned(),
        };
        if let Some(Part(part)) = &self.part {
            rest.push_str(&format!(" AND ({part})"));
        }
        format!(
            "SELECT {} FROM \"{}\"{rest}",
            self.quoted_columns(),
            self.name
        )
    }

    fn insert(&self, rows: usize) -> String {
        let width = self.columns.len();
        let values: Vec<String> = (0..rows)
            .map(|row| {
                let places: Vec<String> = (1..=width)
                    .map(|column| format!("${}", row * width + column))
                    .collect();
                format!("({})", places.join(", "))
            })
            .collect();
        format!(
            "INSERT INTO \"{}\" ({}) VALUES {}",
            self.name,
            self.quoted_columns(),
            values.join(", ")
        )
    }

    fn values(&self, row: &AnyRow) -> Result<Vec<Value>, StoreError> {
        self.columns
            .iter()
            .enumerate()
            .map(|(at, (column, kind))| {
                match kind {
                    Kind::Text => row.try_get(at).map(Value::Text),
                    Kind::Whole => row.try_get(at).map(Value::Whole),
                    Kind::Bytes => row.try_get(at).map(Value::Bytes),
                }
                .map_err(|error| {
                    unreadable(
                        format!("the column `{column}` of `{}`", self.name),
                        error.to_string(),
                    )
                })
            })
            .collect()
    }
}

impl Value {
    fn size(&self) -> usize {
        match self {
            Value::Text(Some(text)) => text.len(),
            Value::Bytes(Some(bytes)) => bytes.len(),
            _ => 8,
        }
    }

    /// The value in bytes that no other value has.
    fn hashed(&self, sha: &mut Sha256) {
        let whole_bytes;
        let (tag, bytes): (u8, &[u8]) = match self {
            Value::Text(Some(text)) => (1, text.as_bytes()),
            Value::Whole(Some(number)) => {
                whole_bytes = number.to_be_bytes();
                (2, &whole_bytes)
            }
            Value::Bytes(Some(bytes)) => (3, bytes),
            _ => (0, &[]),
        };
        sha.update([tag]);
        sha.update((bytes.len() as u64).to_be_bytes());
        sha.update(bytes);
    }
}

/// Copies all tables in one transaction of the target, compares, and commits only what is equal.
async fn fill(
    from: &mut AnyConnection,
    target: &AnyPool,
    tables: &[Table],
) -> Result<Vec<TableSum>, StoreError> {
    let failed = sql("write the copy");
    let mut to = database::begin(target).await.map_err(&failed)?;
    unhurried(&mut to, target).await?;
    for table in tables {
        copy(from, &mut to, table).await?;
    }
    let there = sums(&mut to, tables).await?;
    let here = sums(from, tables).await?;
    if let Some((_, wrong)) = here.iter().zip(&there).find(|(a, b)| a != b) {
        return Err(unreadable(
            "the copy".to_owned(),
            format!("the table `{}` is not the same in both", wrong.table),
        ));
    }
    to.commit().await.map_err(&failed)?;
    Ok(there)
}

/// One side waits while the other is read through; the limit on idle transactions is not meant for that.
async fn unhurried(connection: &mut AnyConnection, pool: &AnyPool) -> Result<(), StoreError> {
    if database::is_postgres(pool) {
        sqlx::query("SET LOCAL idle_in_transaction_session_timeout = 0")
            .execute(connection)
            .await
            .map_err(sql("copy the database"))?;
    }
    Ok(())
}

async fn copy(
    from: &mut AnyConnection,
    to: &mut AnyConnection,
    table: &Table,
) -> Result<(), StoreError> {
    let failed = sql("read the rows to copy");
    let mut rows = sqlx::query(AssertSqlSafe(table.select())).fetch(from);
    let mut batch: Vec<Vec<Value>> = Vec::with_capacity(ROWS);
    let mut bytes = 0;
    while let Some(row) = next(&mut rows).await {
        let values = table.values(&row.map_err(&failed)?)?;
        bytes += values.iter().map(Value::size).sum::<usize>();
        batch.push(values);
        if batch.len() == ROWS || bytes > BYTES {
            send(to, table, &mut batch).await?;
            bytes = 0;
        }
    }
    send(to, table, &mut batch).await
}

async fn send(
    to: &mut AnyConnection,
    table: &Table,
    batch: &mut Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    if batch.is_empty() {
        return Ok(());
    }
    let mut query = sqlx::query(AssertSqlSafe(table.insert(batch.len())));
    for value in batch.drain(..).flatten() {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Whole(number) => query.bind(number),
            Value::Bytes(bytes) => query.bind(bytes),
        };
    }
    query.execute(to).await.map_err(sql("write the copy"))?;
    Ok(())
}

/// What each table holds.
async fn sums(
    connection: &mut AnyConnection,
    tables: &[Table],
) -> Result<Vec<TableSum>, StoreError> {
    let failed = sql("compare the databases");
    let mut sums = Vec::with_capacity(tables.len());
    for table in tables {
        let mut rows = sqlx::query(AssertSqlSafe(table.select())).fetch(&mut *connection);
        let mut hashes: Vec<[u8; 32]> = Vec::new();
        while let Some(row) = next(&mut rows).await {
            let mut sha = Sha256::new();
            for value in table.values(&row.map_err(&failed)?)? {
                value.hashed(&mut sha);
            }
            hashes.push(sha.finalize().into());
        }
        hashes.sort_unstable();
        let mut sha = Sha256::new();
        hashes.iter().for_each(|hash| sha.update(hash));
        sums.push(TableSum {
            table: table.name.clone(),
            rows: hashes.len() as u64,
            hash: Hash(sha.finalize().into()),
        });
    }
    sums.sort_by(|a, b| a.table.cmp(&b.table));
    Ok(sums)
}

/// The next item of a stream.
async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| std::pin::Pin::new(&mut *stream).poll_next(context)).await
}
