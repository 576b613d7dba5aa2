//! What the writer knows of the record from its own last commit: the end of the log, the edge of the tree, the streams it wrote to.
//! It is forgotten after any failure and whenever something else has begun to change the database; then it is read again.
//! Should it ever be behind, the numbers of the entries are taken already, and the database refuses the commit.

use std::collections::HashMap;

use record::tree::Frontier;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row, any::AnyArguments, query::Query};

use crate::{
    StoreError,
    error::sql,
    key::Key,
    read::{self, Head},
    row::open_stream_key,
    tree,
};

/// How many streams are remembered at most.
const STREAMS: usize = 20_000;
/// How many streams are read in one statement at most; what is left over goes in halves of it, so that few texts are in use.
const ROWS: usize = 32;

/// A stream as it stands.
#[derive(Default)]
pub(super) struct Growing {
    pub(super) entries: u64,
    pub(super) key: Option<Key>,
}

/// The record as of the last commit.
pub(super) struct Known {
    pub(super) head: Head,
    pub(super) edge: Frontier,
    /// Those that were asked for; one without entries is there too.
    pub(super) streams: HashMap<String, Growing>,
    /// How often others had changed the database when this was read.
    pub(super) as_of: u64,
}

impl Known {
    /// Reads the ends of the log and of the tree as they stand in this transaction.
    pub(super) async fn read(
        connection: &mut AnyConnection,
        partnership: &str,
        as_of: u64,
    ) -> Result<Known, StoreError> {
        Ok(Known {
            head: read::head(connection, partnership).await?,
            edge: tree::edge(connection, partnership).await?,
            streams: HashMap::new(),
            as_of,
        })
    }

    /// Reads the streams that are not known yet.
    pub(super) async fn read_streams<'a>(
        &mut self,
        connection: &mut AnyConnection,
        partnership: &str,
        under: &Key,
        names: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<(), StoreError> {
        if self.streams.len() > STREAMS {
            self.streams.clear();
        }
        let mut missing: Vec<&str> = names
            .filter(|name| !self.streams.contains_key(*name))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        for some in in_pieces(&missing) {
            self.read_some(connection, partnership, under, some).await?;
        }
        Ok(())
    }

    async fn read_some(
        &mut self,
        connection: &mut AnyConnection,
        partnership: &str,
        under: &Key,
        names: &[&str],
    ) -> Result<(), StoreError> {
        let failed = sql("read how far streams have come");
        let list: Vec<String> = (2..names.len() + 2).map(|n| format!("${n}")).collect();
        let list = list.join(", ");
        for name in names {
            self.streams.insert((*name).to_owned(), Growing::default());
        }
        let rows: Vec<String> = (2..names.len() + 2).map(|n| format!("(${n})")).collect();
        let text = format!(
            "WITH named (stream) AS (VALUES {}) SELECT stream, coalesce((SELECT max(number) FROM entry \
             WHERE partnership = $1 AND entry.stream = named.stream), 0) FROM named",
            rows.join(", ")
        );
        let rows = named(&text, partnership, names)
            .fetch_all(&mut *connection)
            .await
            .map_err(&failed)?;
        for row in rows {
            let name: String = row.try_get(0).map_err(&failed)?;
            let entries: i64 = row.try_get(1).map_err(&failed)?;
            if let Some(stream) = self.streams.get_mut(name.as_str()) {
                stream.entries = entries.try_into().unwrap_or(0);
            }
        }
        let text = format!(
            "SELECT stream, key_id, wrapped FROM stream_key WHERE partnership = $1 AND stream IN ({list})"
        );
        let rows = named(&text, partnership, names)
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
                stream.key = Some(open_stream_key(under, partnership, &name, &sealed)?);
            }
        }
        Ok(())
    }
}

/// A query over one partnership and a list of names.
fn named<'q>(text: &str, partnership: &'q str, names: &[&'q str]) -> Query<'q, Any, AnyArguments> {
    let query = sqlx::query(AssertSqlSafe(text.to_owned())).bind(partnership);
    names.iter().fold(query, |query, name| query.bind(*name))
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
    }
}
