//! The check of the whole record as it lies on disk: the chain, every ciphertext against its hash, every key, and the kept heads.
//! Without the master key everything but the opening is checked, which is what a backup made without it needs.

use std::collections::HashMap;

use record::{Broken, Chain, Verified, content_hash};
use sqlx::{AnyConnection, AnyPool};

use crate::{
    Store, StoreError,
    error::sql,
    key::Key,
    read::{head, page, stream_heads},
    row::{Stored, StreamKeys},
};

/// How many entries are held in memory at once.
const PAGE: u32 = 500;

impl Store {
    /// Checks every entry: its place, its link, its hash, that its ciphertext is the one hashed, and that it opens
    /// (unless its content was destroyed). Sees the record as of one moment and does not hold up writers.
    /// The error is [`StoreError::Broken`] with the first position that does not hold.
    pub async fn verify(&self) -> Result<Verified, StoreError> {
        verify(
            &self.inner.reading,
            self.partnership(),
            Some(&self.inner.master),
        )
        .await
    }
}

/// Checks the record in any database; with the master key also that everything opens.
pub(crate) async fn verify(
    pool: &AnyPool,
    partnership: &str,
    master: Option<&Key>,
) -> Result<Verified, StoreError> {
    let failed = sql("verify the record");
    let mut tx = pool.begin().await.map_err(&failed)?;
    let mut keys = master.map(|master| StreamKeys::new(master, partnership));
    let mut chain = Chain::new();
    let mut last_positions: HashMap<String, u64> = HashMap::new();
    let mut limit = PAGE;
    loop {
        let done = chain.verified().entries;
        let rows = match page(&mut tx, partnership, done, limit).await {
            Ok(rows) => rows,
            // Something in this page cannot be read: go on one by one, to name the first.
            Err(error) if damaged(&error) && limit > 1 => {
                limit = 1;
                continue;
            }
            Err(error) if damaged(&error) => {
                return Err(broken(done + 1, format!("it cannot be read ({error})")));
            }
            Err(error) => return Err(failed(error)),
        };
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let position = chain.verified().entries + 1;
            let stored = Stored::read(row).map_err(|why| broken(position, why))?;
            chain.push(&stored.entry, &stored.hash)?;
            check(&mut tx, &mut keys, &stored).await?;
            last_positions.insert(stored.entry.stream, position);
        }
    }
    let verified = chain.verified();
    let kept = head(&mut tx, partnership).await?;
    if (kept.position, kept.hash) != (verified.entries, verified.last) {
        return Err(broken(
            verified.entries + 1,
            format!(
                "the log ends at entry {}, but its kept head is entry {} with the hash beginning {}",
                verified.entries,
                kept.position,
                kept.hash.spoken()
            ),
        ));
    }
    let heads = stream_heads(&mut tx, partnership).await?;
    let named: HashMap<&str, (u64, u64)> = heads
        .iter()
        .map(|head| (head.stream.as_str(), (head.entries, head.last_position)))
        .collect();
    let wrong = last_positions.iter().find(|(stream, last)| {
        named.get(stream.as_str()) != Some(&(chain.streams()[stream.as_str()], **last))
    });
    if let Some((stream, last)) = wrong {
        return Err(broken(
            *last,
            format!("the kept head of the stream `{stream}` is not this entry"),
        ));
    }
    if let Some(extra) = heads
        .iter()
        .find(|head| !last_positions.contains_key(&head.stream))
    {
        return Err(broken(
            extra.last_position,
            format!("the stream `{}` has a head and no entries", extra.stream),
        ));
    }
    Ok(verified)
}

async fn check(
    connection: &mut AnyConnection,
    keys: &mut Option<StreamKeys<'_>>,
    stored: &Stored,
) -> Result<(), StoreError> {
    let position = stored.entry.position;
    if content_hash(&stored.sealed) != stored.entry.content_hash {
        return Err(broken(
            position,
            "its sealed content does not match its hash; it has been altered".to_owned(),
        ));
    }
    if stored.entry.at.parse::<jiff::Timestamp>().is_err() {
        return Err(broken(position, "its time is not a time".to_owned()));
    }
    let Some(keys) = keys else {
        return stored
            .destroyed()
            .map(drop)
            .map_err(|why| broken(position, why));
    };
    let key = match keys.get(connection, &stored.entry.stream).await {
        Ok(key) => key,
        Err(StoreError::Unreadable { what, why }) => {
            return Err(broken(position, format!("{what}: {why}")));
        }
        Err(other) => return Err(other),
    };
    stored
        .content(&key)
        .map(drop)
        .map_err(|why| broken(position, why))
}

fn broken(position: u64, why: String) -> StoreError {
    StoreError::Broken(Broken { position, why })
}

/// Whether the error speaks of what is stored rather than of the way to it.
fn damaged(error: &sqlx::Error) -> bool {
    use sqlx::Error::{AnyDriverError, ColumnDecode, Database, Decode};
    matches!(
        error,
        AnyDriverError(_) | ColumnDecode { .. } | Database(_) | Decode(_)
    )
}
