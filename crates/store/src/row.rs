//! A row of the record: read as it is, turned into an entry the chain can check, and opened with its keys.

use std::{collections::HashMap, fmt};

use jiff::Timestamp;
use record::{Entry, Hash};
use sqlx::{AnyConnection, Row, any::AnyRow};

use crate::{
    StoreError,
    error::sql,
    key::Key,
    seal::{Bound, Sealed, open},
};

/// An entry of the record, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its place in the partnership's log, from 1.
    pub position: u64,
    /// The stream it belongs to.
    pub stream: String,
    /// Its place in the stream, from 1.
    pub number: u64,
    /// What kind of event the content is.
    pub kind: String,
    /// The version of that kind.
    pub version: u16,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who acted.
    pub actor: String,
    /// The handle of its key.
    pub key_id: String,
    /// Its hash.
    pub hash: Hash,
    /// What it says, if that still exists.
    pub content: Content,
}

/// What an entry says.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// The content, as it was given.
    Clear(Vec<u8>),
    /// The key was destroyed: the content cannot be known any more, that it existed can.
    Destroyed,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Content::Clear(bytes) => write!(f, "Clear({} bytes)", bytes.len()),
            Content::Destroyed => f.write_str("Destroyed"),
        }
    }
}

/// What every query of the record selects, in the order [`Stored::read`] takes it.
macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "SELECT e.partnership, e.position, e.stream, e.number, e.kind, e.kind_version, e.recorded_at, e.actor, \
             e.key_id, e.nonce, e.content_hash, e.previous, e.hash, e.sealed, k.wrapped, d.destroyed_at \
             FROM entry e LEFT JOIN entry_key k ON k.partnership = e.partnership AND k.position = e.position \
             AND k.key_id = e.key_id \
             LEFT JOIN destroyed_key d ON d.key_id = e.key_id ",
            $rest
        )
    };
}
pub(crate) use select_entries;

/// An entry as stored: what the chain covers, and what is needed to open it.
pub(crate) struct Stored {
    pub(crate) entry: Entry,
    pub(crate) hash: Hash,
    pub(crate) sealed: Vec<u8>,
    wrapped: Option<Vec<u8>>,
    destroyed: bool,
}

impl Stored {
    /// Reads a row; the error says which column cannot be what it should be.
    pub(crate) fn read(row: &AnyRow) -> Result<Stored, String> {
        Ok(Stored {
            entry: Entry {
                partnership: text(row, 0)?,
                position: count(row, 1)?,
                stream: text(row, 2)?,
                number: count(row, 3)?,
                kind: text(row, 4)?,
                version: u16::try_from(count(row, 5)?)
                    .map_err(|_| "the version of its kind is too large".to_owned())?,
                at: text(row, 6)?,
                actor: text(row, 7)?,
                key_id: text(row, 8)?,
                nonce: bytes(row, 9)?,
                content_hash: Hash(bytes(row, 10)?),
                previous: Hash(bytes(row, 11)?),
            },
            hash: Hash(bytes(row, 12)?),
            sealed: row.try_get(13).map_err(|error| error.to_string())?,
            wrapped: row.try_get(14).map_err(|error| error.to_string())?,
            destroyed: row
                .try_get::<Option<String>, _>(15)
                .map_err(|error| error.to_string())?
                .is_some(),
        })
    }

    /// Whether the content was destroyed; the error says when neither a key nor a destruction is there, or both.
    pub(crate) fn destroyed(&self) -> Result<bool, String> {
        match (&self.wrapped, self.destroyed) {
            (Some(_), false) => Ok(false),
            (None, true) => Ok(true),
            (None, false) => {
                Err("its key is missing, and no destruction of it is written down".to_owned())
            }
            (Some(_), true) => Err("its key is said to be destroyed and is still there".to_owned()),
        }
    }

    /// The key of the content, which must not have been destroyed; the error says what is wrong with it.
    pub(crate) fn content_key(&self, stream_key: &Key) -> Result<Key, String> {
        let Entry {
            partnership,
            stream,
            key_id,
            ..
        } = &self.entry;
        let key = self
            .wrapped
            .as_deref()
            .and_then(Sealed::split)
            .and_then(|wrapped| {
                open(
                    stream_key,
                    &Bound::EntryKey {
                        partnership,
                        stream,
                        key_id,
                    },
                    &wrapped,
                )
            })
            .and_then(|bytes| Key::from_bytes(&bytes))
            .ok_or("its key does not open; the key has been altered or moved")?;
        Ok(key)
    }

    /// Opens the content; the error says what is wrong with it.
    pub(crate) fn content(&self, stream_key: &Key) -> Result<Content, String> {
        if self.destroyed()? {
            return Ok(Content::Destroyed);
        }
        let Entry {
            partnership,
            stream,
            number,
            kind,
            nonce,
            ..
        } = &self.entry;
        let key = self.content_key(stream_key)?;
        let sealed = Sealed {
            nonce: *nonce,
            bytes: self.sealed.clone(),
        };
        let bound = Bound::Content {
            partnership,
            stream,
            number: *number,
            kind,
        };
        let clear = open(&key, &bound, &sealed)
            .ok_or("its content does not open; it has been altered or moved")?;
        Ok(Content::Clear(clear.to_vec()))
    }
}

/// The keys of the streams met so far while reading.
pub(crate) struct StreamKeys<'a> {
    pub(crate) partnership_key: &'a Key,
    pub(crate) partnership: &'a str,
    pub(crate) known: HashMap<String, Key>,
}

impl<'a> StreamKeys<'a> {
    pub(crate) fn new(partnership_key: &'a Key, partnership: &'a str) -> StreamKeys<'a> {
        StreamKeys {
            partnership_key,
            partnership,
            known: HashMap::new(),
        }
    }

    /// The key of a stream that has entries.
    pub(crate) async fn get(
        &mut self,
        connection: &mut AnyConnection,
        stream: &str,
    ) -> Result<Key, StoreError> {
        if let Some(key) = self.known.get(stream) {
            return Ok(key.clone());
        }
        let row = stream_key_row(connection, self.partnership, stream)
            .await?
            .ok_or_else(|| {
                unreadable(format!("the key of `{stream}`"), "it is missing".to_owned())
            })?;
        let key = open_stream_key(self.partnership_key, self.partnership, stream, &row)?;
        self.known.insert(stream.to_owned(), key.clone());
        Ok(key)
    }

    /// Opens an entry for a reader.
    pub(crate) async fn open(
        &mut self,
        connection: &mut AnyConnection,
        stored: Stored,
    ) -> Result<Opened, StoreError> {
        let place = || format!("entry {}", stored.entry.position);
        // Where a whole stream was erased, its key is gone as well.
        let content = if stored.destroyed().map_err(|why| unreadable(place(), why))? {
            Content::Destroyed
        } else {
            let key = self.get(connection, &stored.entry.stream).await?;
            stored
                .content(&key)
                .map_err(|why| unreadable(place(), why))?
        };
        let at = stored
            .entry
            .at
            .parse()
            .map_err(|_| unreadable(place(), "its time is not a time".to_owned()))?;
        Ok(Opened {
            position: stored.entry.position,
            stream: stored.entry.stream,
            number: stored.entry.number,
            kind: stored.entry.kind,
            version: stored.entry.version,
            at,
            actor: stored.entry.actor,
            key_id: stored.entry.key_id,
            hash: stored.hash,
            content,
        })
    }
}

/// The stored key of a stream: its handle and the sealed key.
pub(crate) async fn stream_key_row(
    connection: &mut AnyConnection,
    partnership: &str,
    stream: &str,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let failed = sql("read the key of a stream");
    sqlx::query("SELECT key_id, wrapped FROM stream_key WHERE partnership = $1 AND stream = $2")
        .bind(partnership)
        .bind(stream)
        .fetch_optional(connection)
        .await
        .map_err(&failed)?
        .map(|row| {
            Ok((
                row.try_get(0).map_err(&failed)?,
                row.try_get(1).map_err(&failed)?,
            ))
        })
        .transpose()
}

/// Opens a stream's key with the key of the partnership.
pub(crate) fn open_stream_key(
    partnership_key: &Key,
    partnership: &str,
    stream: &str,
    (key_id, wrapped): &(String, Vec<u8>),
) -> Result<Key, StoreError> {
    Sealed::split(wrapped)
        .and_then(|wrapped| {
            open(
                partnership_key,
                &Bound::StreamKey {
                    partnership,
                    stream,
                    key_id,
                },
                &wrapped,
            )
        })
        .and_then(|bytes| Key::from_bytes(&bytes))
        .ok_or_else(|| {
            unreadable(
                format!("the key of `{stream}`"),
                "it has been altered or moved".to_owned(),
            )
        })
}

pub(crate) fn unreadable(what: String, why: String) -> StoreError {
    StoreError::Unreadable { what, why }
}

fn text(row: &AnyRow, column: usize) -> Result<String, String> {
    row.try_get(column).map_err(|error| error.to_string())
}

fn count(row: &AnyRow, column: usize) -> Result<u64, String> {
    let value: i64 = row.try_get(column).map_err(|error| error.to_string())?;
    u64::try_from(value)
        .map_err(|_| format!("it holds the number {value} where none below zero can be"))
}

fn bytes<const N: usize>(row: &AnyRow, column: usize) -> Result<[u8; N], String> {
    let value: Vec<u8> = row.try_get(column).map_err(|error| error.to_string())?;
    value
        .try_into()
        .map_err(|value: Vec<u8>| format!("it holds {} bytes where {N} belong", value.len()))
}
