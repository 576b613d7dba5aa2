//! One batch on its way into the record: its streams read at once, its entries sealed in memory, and written many rows to a statement.
//! With many writers at once it is the number of statements that costs, not the bytes.

use std::collections::{HashMap, HashSet};

use record::{Entry, Hash, content::committing_key_id, content_hash, time_text};
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row, any::AnyArguments, query::Query};

use crate::{
    Appended, NewEntry, StoreError,
    append::{Answer, Change, Request},
    database::whole,
    error::sql,
    files, forms,
    key::{Key, random_handle},
    read::Head,
    row::open_stream_key,
    seal::{Bound, seal},
    tree,
};

/// How many rows go into one statement at most; what is left over goes in halves of it, so that few texts of statements are in use.
const ROWS: usize = 32;

/// A stream as the batch sees it.
#[derive(Default)]
struct Growing {
    entries: u64,
    last_position: u64,
    key: Option<Key>,
    grew: bool,
}

/// An entry ready to be written.
struct SealedRow {
    entry: Entry,
    hash: Hash,
    sealed: Vec<u8>,
    wrapped: Vec<u8>,
}

/// What a batch does to the record.
pub(super) struct Batch<'a> {
    partnership: &'a str,
    /// What the keys of new streams are sealed with.
    under: &'a Key,
    streams: HashMap<&'a str, Growing>,
    rows: Vec<SealedRow>,
    /// The end of the log once the batch is written.
    pub(super) head: Head,
}

impl<'a> Batch<'a> {
    /// Reads the streams that the requests name, as they stand in this transaction.
    pub(super) async fn begin(
        connection: &mut AnyConnection,
        partnership: &'a str,
        under: &'a Key,
        requests: &'a [Request],
    ) -> Result<Batch<'a>, StoreError> {
        let head = crate::read::head(connection, partnership).await?;
        let mut batch = Batch {
            partnership,
            under,
            streams: HashMap::new(),
            rows: Vec::new(),
            head,
        };
        let changes = requests.iter().flat_map(|request| &request.changes);
        let names: HashSet<&str> = changes.map(|change| change.stream.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        for some in in_pieces(&names) {
            batch.read(connection, some).await?;
        }
        Ok(batch)
    }

    async fn read(
        &mut self,
        connection: &mut AnyConnection,
        names: &[&'a str],
    ) -> Result<(), StoreError> {
        let failed = sql("read the heads of streams");
        let list = places(2, names.len());
        for name in names {
            self.streams.insert(name, Growing::default());
        }
        let text = format!(
            "SELECT stream, entries, last_position FROM stream_head WHERE partnership = $1 AND stream IN ({list})"
        );
        let rows = named(&text, self.partnership, names)
            .fetch_all(&mut *connection)
            .await
            .map_err(&failed)?;
        for row in rows {
            let name: String = row.try_get(0).map_err(&failed)?;
            let entries: i64 = row.try_get(1).map_err(&failed)?;
            let last: i64 = row.try_get(2).map_err(&failed)?;
            if let Some(stream) = self.streams.get_mut(name.as_str()) {
                stream.entries = entries.try_into().unwrap_or(0);
                stream.last_position = last.try_into().unwrap_or(0);
            }
        }
        let text = format!(
            "SELECT stream, key_id, wrapped FROM stream_key WHERE partnership = $1 AND stream IN ({list})"
        );
        let rows = named(&text, self.partnership, names)
            .fetch_all(connection)
            .await
            .map_err(&failed)?;
        for row in rows {
            let name: String = row.try_get(0).map_err(&failed)?;
            let sealed: (String, Vec<u8>) = (
                row.try_get(1).map_err(&failed)?,
                row.try_get(2).map_err(&failed)?,
            );
            if let Some(stream) = self.streams.get_mut(name.as_str()) {
                let key = open_stream_key(self.under, self.partnership, &name, &sealed)?;
                stream.key = Some(key);
            }
        }
        Ok(())
    }

    /// Takes a request in, or answers with the conflict that keeps it out. Entries are written only by [`Batch::write`].
    pub(super) async fn take(
        &mut self,
        connection: &mut AnyConnection,
        request: &'a Request,
    ) -> Result<Answer, StoreError> {
        if let Some(conflict) = self.conflict(request) {
            return Ok(Err(conflict));
        }
        let mut appended = Vec::with_capacity(request.changes.len());
        for change in &request.changes {
            appended.push(self.grow(connection, change).await?);
        }
        if let Some(form) = &request.form {
            forms::finish(connection, form).await?;
        }
        Ok(Ok(appended))
    }

    /// The first change that was based on fewer entries than there are.
    fn conflict(&self, request: &Request) -> Option<StoreError> {
        request.changes.iter().find_map(|change| {
            let now = self.streams.get(change.stream.as_str())?.entries;
            let expected = change.expected.filter(|expected| *expected != now)?;
            Some(StoreError::Conflict {
                stream: change.stream.clone(),
                expected,
                now,
            })
        })
    }

    /// Seals the entries of one change, behind what its stream and the log have by now.
    async fn grow(
        &mut self,
        connection: &mut AnyConnection,
        change: &'a Change,
    ) -> Result<Vec<Appended>, StoreError> {
        let name = change.stream.as_str();
        let mut stream = self.streams.remove(name).unwrap_or_default();
        let mut appended = Vec::with_capacity(change.entries.len());
        for new in &change.entries {
            let key = match &stream.key {
                Some(key) => key.clone(),
                None => self.new_stream_key(connection, name).await?,
            };
            let row = self.seal(name, &key, stream.entries + 1, new)?;
            stream.key = Some(key);
            self.head = Head {
                position: row.entry.position,
                hash: row.hash,
            };
            stream.entries = row.entry.number;
            stream.last_position = row.entry.position;
            stream.grew = true;
            appended.push(Appended {
                position: row.entry.position,
                number: row.entry.number,
                key_id: row.entry.key_id.clone(),
                hash: row.hash,
            });
            self.rows.push(row);
        }
        self.streams.insert(name, stream);
        if let Some(first) = appended.first() {
            for file in &change.files {
                files::insert(connection, self.partnership, file, first.position).await?;
            }
        }
        Ok(appended)
    }

    async fn new_stream_key(
        &self,
        connection: &mut AnyConnection,
        stream: &str,
    ) -> Result<Key, StoreError> {
        let key = Key::random()?;
        let key_id = random_handle()?;
        let bound = Bound::StreamKey {
            partnership: self.partnership,
            stream,
            key_id: &key_id,
        };
        let wrapped = seal(self.under, &bound, key.bytes())?.joined();
        sqlx::query(
            "INSERT INTO stream_key (partnership, stream, key_id, wrapped) VALUES ($1, $2, $3, $4)",
        )
        .bind(self.partnership)
        .bind(stream)
        .bind(key_id)
        .bind(wrapped)
        .execute(connection)
        .await
        .map_err(sql("keep the key of a stream"))?;
        Ok(key)
    }

    fn seal(
        &self,
        stream: &str,
        stream_key: &Key,
        number: u64,
        new: &NewEntry,
    ) -> Result<SealedRow, StoreError> {
        // The id is computed from the key: the cipher alone would let one text open to two with two keys.
        let key = Key::random()?;
        let key_id = committing_key_id(key.bytes());
        let (partnership, kind) = (self.partnership, new.kind.as_str());
        let content = Bound::Content {
            partnership,
            stream,
            number,
            kind,
        };
        let sealed = seal(&key, &content, &new.content)?;
        let bound = Bound::EntryKey {
            partnership,
            stream,
            key_id: &key_id,
        };
        let wrapped = seal(stream_key, &bound, key.bytes())?.joined();
        let entry = Entry {
            partnership: partnership.to_owned(),
            position: self.head.position + 1,
            stream: stream.to_owned(),
            number,
            kind: kind.to_owned(),
            version: new.version,
            at: time_text(new.at),
            actor: new.actor.clone(),
            key_id,
            nonce: sealed.nonce,
            content_hash: content_hash(&sealed.bytes),
            previous: self.head.hash,
        };
        Ok(SealedRow {
            hash: entry.hash(),
            entry,
            sealed: sealed.bytes,
            wrapped,
        })
    }

    /// Writes the entries, their keys, the heads and the tree.
    pub(super) async fn write(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let failed = sql("append to the record");
        for rows in in_pieces(&self.rows) {
            let text = format!(
                "INSERT INTO entry (partnership, position, stream, number, kind, kind_version, recorded_at, actor, key_id, \
                 nonce, content_hash, previous, hash, sealed) VALUES {}",
                values(14, rows.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for row in rows {
                query = bind_entry(query, row);
            }
            query.execute(&mut *connection).await.map_err(&failed)?;
            let text = format!(
                "INSERT INTO entry_key (key_id, wrapped) VALUES {}",
                values(2, rows.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for row in rows {
                query = query
                    .bind(row.entry.key_id.as_str())
                    .bind(row.wrapped.as_slice());
            }
            query.execute(&mut *connection).await.map_err(&failed)?;
        }
        self.keep_heads(connection).await?;
        let mut edge = tree::edge(connection, self.partnership).await?;
        let leaves: Vec<Hash> = self.rows.iter().map(|row| row.hash).collect();
        tree::extend(connection, self.partnership, &mut edge, leaves).await
    }

    async fn keep_heads(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let failed = sql("keep the head of the log");
        let grown: Vec<(&&str, &Growing)> = self.streams.iter().filter(|(_, s)| s.grew).collect();
        for some in in_pieces(&grown) {
            let text = format!(
                "INSERT INTO stream_head (partnership, stream, entries, last_position) VALUES {} \
                 ON CONFLICT (partnership, stream) DO UPDATE SET entries = excluded.entries, last_position = excluded.last_position",
                values(4, some.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (name, stream) in some {
                query = query
                    .bind(self.partnership)
                    .bind(**name)
                    .bind(whole(stream.entries))
                    .bind(whole(stream.last_position));
            }
            query.execute(&mut *connection).await.map_err(&failed)?;
        }
        if self.rows.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO log_head (partnership, position, hash) VALUES ($1, $2, $3) \
             ON CONFLICT (partnership) DO UPDATE SET position = excluded.position, hash = excluded.hash",
        )
        .bind(self.partnership)
        .bind(whole(self.head.position))
        .bind(self.head.hash.0.as_slice())
        .execute(connection)
        .await
        .map_err(&failed)?;
        Ok(())
    }
}

fn bind_entry<'q>(
    query: Query<'q, Any, AnyArguments>,
    row: &'q SealedRow,
) -> Query<'q, Any, AnyArguments> {
    let entry = &row.entry;
    query
        .bind(entry.partnership.as_str())
        .bind(whole(entry.position))
        .bind(entry.stream.as_str())
        .bind(whole(entry.number))
        .bind(entry.kind.as_str())
        .bind(i64::from(entry.version))
        .bind(entry.at.as_str())
        .bind(entry.actor.as_str())
        .bind(entry.key_id.as_str())
        .bind(entry.nonce.as_slice())
        .bind(entry.content_hash.0.as_slice())
        .bind(entry.previous.0.as_slice())
        .bind(row.hash.0.as_slice())
        .bind(row.sealed.as_slice())
}

/// A query over one partnership and a list of names.
fn named<'q>(text: &str, partnership: &'q str, names: &[&'q str]) -> Query<'q, Any, AnyArguments> {
    let query = sqlx::query(AssertSqlSafe(text.to_owned())).bind(partnership);
    names.iter().fold(query, |query, name| query.bind(*name))
}

/// `$3, $4, $5`: so many places from the first on.
fn places(first: usize, count: usize) -> String {
    let list: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    list.join(", ")
}

/// `($1, $2), ($3, $4)`: so many rows of so many columns.
fn values(columns: usize, rows: usize) -> String {
    let list: Vec<String> = (0..rows)
        .map(|row| format!("({})", places(row * columns + 1, columns)))
        .collect();
    list.join(", ")
}

/// A list in pieces of [`ROWS`], and the rest in halves, quarters and so on of it.
fn in_pieces<T>(mut list: &[T]) -> Vec<&[T]> {
    let mut pieces = Vec::new();
    let mut size = ROWS;
    while !list.is_empty() {
        while size > list.len() {
            size /= 2;
        }
        let (piece, rest) = list.split_at(size);
        pieces.push(piece);
        list = rest;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_taken_in_pieces_without_leaving_anything_out() {
        for length in 0..200 {
            let list: Vec<usize> = (0..length).collect();
            let pieces = in_pieces(&list);
            assert_eq!(pieces.concat(), list);
            assert!(
                pieces
                    .iter()
                    .all(|p| p.len().is_power_of_two() && p.len() <= ROWS)
            );
        }
        assert_eq!(values(2, 2), "($1, $2), ($3, $4)");
    }
}
