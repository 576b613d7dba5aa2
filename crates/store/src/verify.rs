//! The check of the whole record as it lies on disk: the chain, the tree, every ciphertext against its hash, every key,
//! the kept heads, and every checkpoint that was given out.
//! Without the keys everything but the opening is checked, which is what a backup made without it needs.

use std::{num::NonZeroUsize, thread};

use record::{
    Broken, Hash, Verified,
    audit::{Audit, Audited, Run},
    checkpoint::{Checkpoint, VerifierKey},
    tree::Kept,
};
use sqlx::{AnyConnection, AnyPool, Row as _};

use crate::{
    Store, StoreError, checkpoints,
    database::is_postgres,
    error::{Kind, kind, sql},
    key::Key,
    read::{head, page},
    row::{Stored, StreamKeys, unreadable},
    tree,
};

/// How many entries are held in memory at once.
const PAGE: u32 = 2_000;

impl Store {
    /// Checks every entry: its place, its link, its hash, that its ciphertext is the one hashed, and that it opens
    /// (unless its content was destroyed). Sees the record as of one moment and does not hold up writers.
    /// The error is [`StoreError::Broken`] with the first position that does not hold.
    pub async fn verify(&self) -> Result<Verified, StoreError> {
        Ok(self.audit(&[], &[]).await?.log)
    }

    /// The same, with the tree and its root; compares the log also with checkpoints that were kept elsewhere, each a signed note.
    /// A checkpoint proves that the log it was made from is a beginning of this one: an end cut off or rewritten is found.
    /// `keys` are verifier keys kept elsewhere; without any, those in the database are believed.
    pub async fn audit(
        &self,
        held: &[String],
        keys: &[VerifierKey],
    ) -> Result<Audited, StoreError> {
        let failed = sql("verify the record");
        let known = {
            let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
            checkpoints::verifiers(&mut connection, self.partnership()).await?
        };
        let keys = if keys.is_empty() { &known } else { keys };
        let held = held
            .iter()
            .map(|note| {
                Checkpoint::open(note, keys).map_err(|why| StoreError::Unfit {
                    doing: "compare with a checkpoint",
                    why: why.to_string(),
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        audit(
            &self.inner.reading,
            self.partnership(),
            Some(&self.inner.partnership_key),
            held,
        )
        .await
    }
}

/// Checks the record in any database; with the partnership's key also that everything opens.
pub(crate) async fn verify(
    pool: &AnyPool,
    partnership: &str,
    partnership_key: Option<&Key>,
) -> Result<Verified, StoreError> {
    Ok(audit(pool, partnership, partnership_key, Vec::new())
        .await?
        .log)
}

async fn audit(
    pool: &AnyPool,
    partnership: &str,
    partnership_key: Option<&Key>,
    mut held: Vec<Checkpoint>,
) -> Result<Audited, StoreError> {
    let failed = sql("verify the record");
    let mut tx = pool.begin().await.map_err(&failed)?;
    held.extend(given_out(&mut tx, partnership).await?);
    let mut keys = partnership_key.map(|key| StreamKeys::new(key, partnership));
    let mut audit = Audit::new(held);
    let mut limit = PAGE;
    let mut checking: Option<Checking> = None;
    let mut fetched = 0;
    loop {
        // The next page is read while the last one is checked.
        let rows = page(&mut tx, partnership, fetched, limit).await;
        if let Some(before) = checking.take() {
            take_over(&mut tx, partnership, &mut audit, before).await?;
        }
        let rows = match rows {
            Ok(rows) => rows,
            // Something in this page cannot be read: go on one by one, to name the first.
            Err(error) if damaged(&error) && limit > 1 => {
                limit = 1;
                continue;
            }
            Err(error) if damaged(&error) => {
                return Err(broken(fetched + 1, format!("it cannot be read ({error})")));
            }
            Err(error) => return Err(failed(error)),
        };
        if rows.is_empty() {
            break;
        }
        let mut page = Vec::with_capacity(rows.len());
        for row in &rows {
            fetched += 1;
            let key = match Stored::read(row) {
                Ok(stored) => {
                    let key = key_of(&mut tx, &mut keys, &stored).await?;
                    Ok((stored, key))
                }
                Err(why) => Err(broken(fetched, why)),
            };
            page.push(key);
        }
        checking = Some(tokio::task::spawn_blocking(move || check_page(page)));
    }
    let edge = audit.frontier().clone();
    let audited = audit.finish()?;
    let verified = audited.log;
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
    // A backup of a version without the tree has none.
    let kept_edge = tree::kept_edge(&mut tx, partnership).await?;
    if kept_edge.is_some_and(|kept| kept != edge) {
        return Err(broken(
            verified.entries + 1,
            "the kept head of the tree is not that of these entries".to_owned(),
        ));
    }
    if !is_postgres(pool) {
        indexes(&mut tx).await?;
    }
    Ok(audited)
}

/// Checks that SQLite's tables and indexes agree: the rows below are read in the order of the log, and pages read them by other indexes.
/// PostgreSQL has no such check without an extension; what its indexes leave out or exchange is refused when a stream is read.
async fn indexes(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let failed = sql("verify the record");
    let said = sqlx::query("PRAGMA integrity_check(1)")
        .fetch_all(connection)
        .await;
    let first: String = match said {
        Ok(rows) => match rows.first() {
            Some(row) => row.try_get(0).map_err(&failed)?,
            None => String::new(),
        },
        Err(error) if damaged(&error) => error.to_string(),
        Err(error) => return Err(failed(error)),
    };
    match first.as_str() {
        "ok" => Ok(()),
        why => Err(unreadable(
            "the database".to_owned(),
            format!("it is damaged: {why}"),
        )),
    }
}

/// An entry with the key of its stream (none is asked for without the partnership's key) or why that is not there, or why the row cannot be read.
type Row = Result<(Stored, StreamKey), StoreError>;
type StreamKey = Result<Option<Key>, String>;
type Checking = tokio::task::JoinHandle<Page>;

/// A page that was checked by itself.
struct Page {
    rows: Vec<Row>,
    /// What each of its parts says; none when a row could not even be read or opened.
    runs: Vec<Run>,
    /// The first row that does not open, by its place in the page.
    closed: Option<(usize, String)>,
}

/// Checks a page on all cores: chain, ciphertext and opening. What is wrong is named when the page is taken over.
fn check_page(rows: Vec<Row>) -> Page {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let part = rows.len().div_ceil(cores).max(1);
    let parts: Vec<&[Row]> = rows.chunks(part).collect();
    let checked: Vec<(Run, Option<(usize, String)>)> = thread::scope(|scope| {
        let threads: Vec<_> = parts
            .iter()
            .map(|part| scope.spawn(|| check_part(part)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| check_part(&[])))
            .collect()
    });
    let closed = checked
        .iter()
        .enumerate()
        .find_map(|(n, (_, closed))| closed.clone().map(|(at, why)| (n * part + at, why)));
    Page {
        runs: checked.into_iter().map(|(run, _)| run).collect(),
        rows,
        closed,
    }
}

fn check_part(part: &[Row]) -> (Run, Option<(usize, String)>) {
    let run = Run::check(part.iter().map_while(|row| {
        let (stored, _) = row.as_ref().ok()?;
        Some((&stored.entry, &stored.hash, Some(stored.sealed.as_slice())))
    }));
    let closed = part
        .iter()
        .enumerate()
        .find_map(|(n, row)| does_not_open(row).map(|why| (n, why)));
    (run, closed)
}

fn does_not_open(row: &Row) -> Option<String> {
    let (stored, key) = row.as_ref().ok()?;
    if stored.entry.at.parse::<jiff::Timestamp>().is_err() {
        return Some("its time is not a time".to_owned());
    }
    match key {
        Ok(Some(key)) => stored.content(key).map(drop).err(),
        Ok(None) => stored.destroyed().map(drop).err(),
        Err(why) => Some(why.clone()),
    }
}

/// Adds a checked page to the audit, and compares the kept hashes of the tree with those computed.
async fn take_over(
    connection: &mut AnyConnection,
    partnership: &str,
    audit: &mut Audit,
    checking: Checking,
) -> Result<(), StoreError> {
    let Page { rows, runs, closed } = checking.await.map_err(|why| StoreError::Unfit {
        doing: "verify the record",
        why: why.to_string(),
    })?;
    let whole = closed.is_none() && rows.iter().all(Result::is_ok);
    let before = audit.verified().entries;
    let mut kept = Vec::new();
    if whole {
        for run in &runs {
            match audit.join(run) {
                Some(more) => kept.extend(more),
                None => break,
            }
        }
    }
    // What did not join is gone through entry by entry, to name the first that fails.
    let joined = (audit.verified().entries - before) as usize;
    for (at, row) in rows.iter().enumerate().skip(joined) {
        let (stored, _) = row.as_ref().map_err(Clone::clone)?;
        kept.extend(audit.push(&stored.entry, &stored.hash, Some(&stored.sealed))?);
        if let Some((_, why)) = closed.as_ref().filter(|(closed, _)| *closed == at) {
            return Err(broken(before + at as u64 + 1, why.clone()));
        }
    }
    same_nodes(connection, partnership, &kept, audit.verified().entries).await
}

async fn same_nodes(
    connection: &mut AnyConnection,
    partnership: &str,
    kept: &[Kept],
    position: u64,
) -> Result<(), StoreError> {
    for node in kept {
        let there: Option<Hash> = tree::kept_node(connection, partnership, node).await?;
        if there.is_some_and(|hash| hash != node.hash) {
            return Err(broken(
                position,
                "a kept hash of the tree over the entries up to it is another".to_owned(),
            ));
        }
    }
    Ok(())
}

/// The key of the entry's stream, when the partnership's key is there to open it with.
async fn key_of(
    connection: &mut AnyConnection,
    keys: &mut Option<StreamKeys<'_>>,
    stored: &Stored,
) -> Result<StreamKey, StoreError> {
    let Some(keys) = keys else {
        return Ok(Ok(None));
    };
    // What was destroyed needs no key, and where a whole stream was erased there is none.
    if stored.destroyed() == Ok(true) {
        return Ok(Ok(None));
    }
    match keys.get(connection, &stored.entry.stream).await {
        Ok(key) => Ok(Ok(Some(key))),
        Err(StoreError::Unreadable { what, why }) => Ok(Err(format!("{what}: {why}"))),
        Err(other) => Err(other),
    }
}

/// The checkpoints kept in the database, each with a signature of this log.
async fn given_out(
    connection: &mut AnyConnection,
    partnership: &str,
) -> Result<Vec<Checkpoint>, StoreError> {
    let keys = checkpoints::verifiers(connection, partnership).await?;
    let given = checkpoints::all(connection, partnership).await?;
    given
        .iter()
        .map(|given| {
            Checkpoint::open(&given.note, &keys).map_err(|why| {
                broken(
                    given.head.size,
                    format!("the checkpoint kept for it does not hold: {why}"),
                )
            })
        })
        .collect()
}

fn broken(position: u64, why: String) -> StoreError {
    StoreError::Broken(Broken { position, why })
}

/// Whether the error speaks of what is stored rather than of the way to it.
fn damaged(error: &sqlx::Error) -> bool {
    use sqlx::Error::{AnyDriverError, ColumnDecode, Database, Decode};
    match error {
        AnyDriverError(_) | ColumnDecode { .. } | Decode(_) => true,
        Database(_) => !matches!(kind(error), Kind::Away | Kind::NoSpace),
        _ => false,
    }
}
