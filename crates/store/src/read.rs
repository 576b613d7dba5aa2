//! Reading the record: one stream, the whole log in pages, the streams there are, and the head.

use record::Hash;
use sqlx::{AnyConnection, Row, any::AnyRow};

use crate::{
    Opened, Store, StoreError,
    database::whole,
    error::sql,
    row::{Stored, StreamKeys, select_entries, unreadable},
};

/// The end of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The position of the last entry; 0 when there is none.
    pub position: u64,
    /// Its hash; all zeros when there is none.
    pub hash: Hash,
}

/// How far a stream has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamHead {
    /// The stream.
    pub stream: String,
    /// How many entries it has.
    pub entries: u64,
    /// The position of its last entry in the log.
    pub last_position: u64,
}

impl Store {
    /// The entries of a stream whose number is greater than `after`, in order. An unknown stream has none.
    /// None is left out and none comes from elsewhere: a damaged index is an error, not another story.
    pub async fn stream(&self, stream: &str, after: u64) -> Result<Vec<Opened>, StoreError> {
        let failed = sql("read a stream");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        // Read first: entries that are added meanwhile may be among those read after it.
        let least = entries_of(&mut connection, self.partnership(), stream).await?;
        let rows = sqlx::query(select_entries!(
            "WHERE e.partnership = $1 AND e.stream = $2 AND e.number > $3 ORDER BY e.number"
        ))
        .bind(self.partnership())
        .bind(stream)
        .bind(whole(after))
        .fetch_all(&mut *connection)
        .await
        .map_err(&failed)?;
        let opened = self.open_all(&mut connection, &rows).await?;
        let in_place = (opened.iter().zip(after + 1..))
            .all(|(one, number)| one.stream == stream && one.number == number);
        match in_place && after + opened.len() as u64 >= least {
            true => Ok(opened),
            false => Err(unreadable(
                format!("the entries of `{stream}`"),
                "some are missing or out of place; check the record with `candour record verify`"
                    .to_owned(),
            )),
        }
    }

    /// Up to `limit` entries of the log whose position is greater than `after_position`, in order.
    pub async fn log(&self, after_position: u64, limit: u32) -> Result<Vec<Opened>, StoreError> {
        let mut connection = self
            .inner
            .reading
            .acquire()
            .await
            .map_err(sql("read the log"))?;
        let rows = page(&mut connection, self.partnership(), after_position, limit)
            .await
            .map_err(sql("read the log"))?;
        self.open_all(&mut connection, &rows).await
    }

    /// Every stream and how far it has come, by name.
    pub async fn streams(&self) -> Result<Vec<StreamHead>, StoreError> {
        let mut connection = self
            .inner
            .reading
            .acquire()
            .await
            .map_err(sql("list the streams"))?;
        stream_heads(&mut connection, self.partnership()).await
    }

    /// The end of the log.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let mut connection = self
            .inner
            .reading
            .acquire()
            .await
            .map_err(sql("read the head of the log"))?;
        head(&mut connection, self.partnership()).await
    }

    async fn open_all(
        &self,
        connection: &mut AnyConnection,
        rows: &[AnyRow],
    ) -> Result<Vec<Opened>, StoreError> {
        let mut keys = StreamKeys::new(&self.inner.partnership_key, self.partnership());
        let mut opened = Vec::with_capacity(rows.len());
        for row in rows {
            let stored = Stored::read(row).map_err(|why| unreadable("an entry".to_owned(), why))?;
            opened.push(keys.open(connection, stored).await?);
        }
        Ok(opened)
    }
}

/// How many entries a stream had at the last commit.
async fn entries_of(
    connection: &mut AnyConnection,
    partnership: &str,
    stream: &str,
) -> Result<u64, StoreError> {
    let failed = sql("read the head of a stream");
    let row = sqlx::query(
        "SELECT coalesce(max(number), 0) FROM entry WHERE partnership = $1 AND stream = $2",
    )
    .bind(partnership)
    .bind(stream)
    .fetch_optional(connection)
    .await
    .map_err(&failed)?;
    let entries: Option<i64> = row.map(|row| row.try_get(0)).transpose().map_err(&failed)?;
    entries.map_or(Ok(0), |entries| {
        u64::try_from(entries).map_err(|_| {
            unreadable(
                format!("the head of `{stream}`"),
                "it is damaged".to_owned(),
            )
        })
    })
}

/// A page of the log as stored.
pub(crate) async fn page(
    connection: &mut AnyConnection,
    partnership: &str,
    after: u64,
    limit: u32,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    sqlx::query(select_entries!(
        "WHERE e.partnership = $1 AND e.position > $2 ORDER BY e.position LIMIT $3"
    ))
    .bind(partnership)
    .bind(whole(after))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
}

/// The end of the log as it was kept with the last commit.
pub(crate) async fn head(
    connection: &mut AnyConnection,
    partnership: &str,
) -> Result<Head, StoreError> {
    let failed = sql("read the head of the log");
    let row = sqlx::query("SELECT position, hash FROM log_head WHERE partnership = $1")
        .bind(partnership)
        .fetch_optional(connection)
        .await
        .map_err(&failed)?;
    let Some(row) = row else {
        return Ok(Head {
            position: 0,
            hash: Hash::ZERO,
        });
    };
    let position: i64 = row.try_get(0).map_err(&failed)?;
    let hash: Vec<u8> = row.try_get(1).map_err(&failed)?;
    match (u64::try_from(position), hash.try_into()) {
        (Ok(position), Ok(hash)) => Ok(Head {
            position,
            hash: Hash(hash),
        }),
        _ => Err(unreadable(
            "the head of the log".to_owned(),
            "it is damaged".to_owned(),
        )),
    }
}

/// The last entry of each stream. The names are gone through one by one in their index, so that what it costs grows with
/// the streams and not with the entries. Not a join: SQLite may begin one with all entries.
pub(crate) async fn stream_heads(
    connection: &mut AnyConnection,
    partnership: &str,
) -> Result<Vec<StreamHead>, StoreError> {
    let failed = sql("list the streams");
    let rows = sqlx::query(
        "WITH RECURSIVE named (stream) AS ( \
         SELECT min(stream) FROM entry WHERE partnership = $1 \
         UNION ALL \
         SELECT (SELECT min(e.stream) FROM entry e WHERE e.partnership = $1 AND e.stream > named.stream) \
         FROM named WHERE named.stream IS NOT NULL) \
         SELECT stream, \
         (SELECT l.number FROM entry l WHERE l.partnership = $1 AND l.stream = named.stream ORDER BY l.number DESC LIMIT 1), \
         (SELECT l.position FROM entry l WHERE l.partnership = $1 AND l.stream = named.stream ORDER BY l.number DESC LIMIT 1) \
         FROM named WHERE stream IS NOT NULL ORDER BY stream",
    )
    .bind(partnership)
    .fetch_all(connection)
    .await
    .map_err(&failed)?;
    rows.iter()
        .map(|row| {
            let count = |place: usize| -> Result<u64, StoreError> {
                let count: i64 = row.try_get(place).map_err(&failed)?;
                Ok(count.try_into().unwrap_or(0))
            };
            Ok(StreamHead {
                stream: row.try_get(0).map_err(&failed)?,
                entries: count(1)?,
                last_position: count(2)?,
            })
        })
        .collect()
}
