//! What the database holds of each file: whose it is, how long, the hash of its sealed bytes, its wrapped key.

use std::sync::Arc;

use access::Permit;
use jiff::Timestamp;
use record::{Hash, time_text};
use sqlx::{Row, any::AnyRow};

use super::{FinishedFile, shelf};
use crate::{
    Destruction, Store, StoreError,
    database::whole,
    error::sql,
    key::Key,
    row::{open_stream_key, stream_key_row, unreadable},
    store::Inner,
    writer::Together,
};

/// A file as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its id.
    pub id: String,
    /// The stream it belongs to.
    pub stream: String,
    /// How many bytes it has in clear.
    pub size: u64,
    /// How many bytes lie on the shelf.
    pub sealed_size: u64,
    /// SHA-256 of those.
    pub sealed_hash: Hash,
    /// The position of the entry that speaks of it.
    pub position: u64,
    /// Whether its key was destroyed.
    pub destroyed: bool,
}

/// What every query of files selects, in the order [`read`] takes it.
macro_rules! select_files {
    ($rest:literal) => {
        concat!(
            "SELECT f.id, f.stream, f.size, f.sealed_size, f.sealed_hash, f.position, d.destroyed_at, k.wrapped \
             FROM file f LEFT JOIN file_key k ON k.id = f.id LEFT JOIN destroyed_key d ON d.key_id = f.id ",
            $rest
        )
    };
}

fn read(row: &AnyRow) -> Result<(FileRow, Option<Vec<u8>>), sqlx::Error> {
    let count = |column: usize| {
        row.try_get::<i64, _>(column)
            .map(|value| u64::try_from(value).unwrap_or(0))
    };
    let hash: Vec<u8> = row.try_get(4)?;
    let hash: [u8; 32] = hash
        .try_into()
        .map_err(|_| sqlx::Error::Decode("the hash of a file is not 32 bytes long".into()))?;
    let file = FileRow {
        id: row.try_get(0)?,
        stream: row.try_get(1)?,
        size: count(2)?,
        sealed_size: count(3)?,
        sealed_hash: Hash(hash),
        position: count(5)?,
        destroyed: row.try_get::<Option<String>, _>(6)?.is_some(),
    };
    Ok((file, row.try_get(7)?))
}

/// One file of a stream, with its wrapped key.
pub(super) async fn one(
    inner: &Arc<Inner>,
    stream: &str,
    id: &str,
) -> Result<Option<(FileRow, Option<Vec<u8>>)>, StoreError> {
    let failed = sql("find a file");
    if !shelf::is_name(id) {
        return Ok(None);
    }
    sqlx::query(select_files!(
        "WHERE f.partnership = $1 AND f.stream = $2 AND f.id = $3"
    ))
    .bind(inner.partnership.as_str())
    .bind(stream)
    .bind(id)
    .fetch_optional(&inner.reading)
    .await
    .map_err(&failed)?
    .map(|row| read(&row).map_err(&failed))
    .transpose()
}

/// The files after an id, at most 500 of them, in the order of their ids.
pub(super) async fn after(
    inner: &Arc<Inner>,
    id: &str,
) -> Result<Vec<(FileRow, Option<Vec<u8>>)>, StoreError> {
    let failed = sql("list the files");
    sqlx::query(select_files!(
        "WHERE f.partnership = $1 AND f.id > $2 ORDER BY f.id LIMIT 500"
    ))
    .bind(inner.partnership.as_str())
    .bind(id)
    .fetch_all(&inner.reading)
    .await
    .map_err(&failed)?
    .iter()
    .map(|row| read(row).map_err(&failed))
    .collect()
}

/// Whether a file with this id counts, in whatever stream.
pub(super) async fn is_known(inner: &Arc<Inner>, id: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query("SELECT 1 FROM file WHERE id = $1")
        .bind(id)
        .fetch_optional(&inner.reading)
        .await
        .map_err(sql("find a file"))?
        .is_some())
}

/// The key of a stream that has entries.
pub(super) async fn stream_key(inner: &Arc<Inner>, stream: &str) -> Result<Key, StoreError> {
    let mut connection = inner
        .reading
        .acquire()
        .await
        .map_err(sql("read the key of a stream"))?;
    let row = stream_key_row(&mut connection, &inner.partnership, stream)
        .await?
        .ok_or_else(|| unreadable(format!("the key of `{stream}`"), "it is missing".to_owned()))?;
    open_stream_key(&inner.partnership_key, &inner.partnership, stream, &row)
}

/// Writes down a finished file in the transaction that writes its entry.
pub(crate) fn insert<'a>(
    to: &mut Together<'a>,
    partnership: &'a str,
    file: &'a FinishedFile,
    position: u64,
) {
    to.insert(
        "file (partnership, id, stream, size, sealed_size, sealed_hash, position)",
        7,
        "",
    );
    to.value(partnership);
    to.value(file.id.as_str());
    to.value(file.stream.as_str());
    to.value(whole(file.size));
    to.value(whole(file.sealed_size));
    to.value(file.sealed_hash.0.as_slice());
    to.value(whole(position));
    to.insert("file_key (id, wrapped)", 2, "");
    to.value(file.id.as_str());
    to.value(file.wrapped.as_slice());
}

impl Store {
    /// The files of a stream, in the order in which they were entered.
    pub async fn files_of(&self, stream: &str) -> Result<Vec<FileRow>, StoreError> {
        let failed = sql("list the files");
        sqlx::query(select_files!(
            "WHERE f.partnership = $1 AND f.stream = $2 ORDER BY f.position, f.id"
        ))
        .bind(self.partnership())
        .bind(stream)
        .fetch_all(&self.inner.reading)
        .await
        .map_err(&failed)?
        .iter()
        .map(|row| read(row).map(|(file, _)| file).map_err(&failed))
        .collect()
    }

    /// Destroys the key of a file, so that nobody can read it again, and then its bytes.
    /// Whether that is allowed was decided before; the permit says by which rule. What the record says of the file stays.
    pub async fn destroy_file(
        &self,
        permit: Permit,
        stream: &str,
        id: &str,
    ) -> Result<Destruction, StoreError> {
        let failed = sql("destroy the key of a file");
        let (row, _) = one(&self.inner, stream, id)
            .await?
            .ok_or_else(|| StoreError::NoSuchFile(id.to_owned()))?;
        if !row.destroyed {
            let mut tx = self.begin("destroy the key of a file").await?;
            sqlx::query("INSERT INTO destroyed_key (key_id, destroyed_at, actor, rule) VALUES ($1, $2, $3, $4)")
                .bind(id)
                .bind(time_text(Timestamp::now()))
                .bind(permit.actor())
                .bind(permit.rule())
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
            sqlx::query("DELETE FROM file_key WHERE id = $1")
                .bind(id)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
            tx.commit().await.map_err(&failed)?;
        }
        let swept = self.sweep().await?;
        self.inner.files.shelf.delete(id).await?;
        Ok(Destruction {
            already: row.destroyed,
            swept,
        })
    }
}
