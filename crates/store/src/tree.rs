//! The Merkle tree as it lies in the database: its growing edge, the kept hashes, and proofs made from them.
//! The leaves are the hashes of the entries, so nothing of them is stored twice.

use record::{
    Hash,
    tree::{self, Frontier, Kept, Loaded, Nodes as _, Read},
};
use sqlx::{AnyConnection, AnyPool, Row};

use crate::{
    Store, StoreError,
    database::{self, whole},
    error::sql,
    read::head,
    row::unreadable,
    writer::Together,
};

/// How many hashes are read at once when the tree is made from a log that has none yet.
const STEP: u64 = 10_000;

/// The size of the tree and its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// How many entries the tree has.
    pub size: u64,
    /// The root over them (RFC 6962).
    pub root: Hash,
}

/// The edge as kept with the last commit, beside the head of the log; that of an empty tree when there is none.
pub(crate) async fn edge(
    connection: &mut AnyConnection,
    partnership: &str,
) -> Result<Frontier, StoreError> {
    let kept = kept_edge(connection, partnership).await?;
    Ok(kept.unwrap_or_default())
}

/// The same; `None` in a log that has no tree yet.
pub(crate) async fn kept_edge(
    connection: &mut AnyConnection,
    partnership: &str,
) -> Result<Option<Frontier>, StoreError> {
    let failed = sql("read the head of the tree");
    let row = sqlx::query("SELECT edge FROM log_head WHERE partnership = $1")
        .bind(partnership)
        .fetch_optional(connection)
        .await
        .map_err(&failed)?;
    let kept: Option<Option<Vec<u8>>> =
        row.map(|row| row.try_get(0)).transpose().map_err(&failed)?;
    kept.flatten()
        .map(|bytes| {
            Frontier::from_bytes(&bytes)
                .map_err(|_| unreadable("the head of the tree".into(), "it is damaged".into()))
        })
        .transpose()
}

/// Adds the hashes of new entries to the tree, and those that are kept to what is written in the same transaction.
pub(crate) fn extend<'a>(
    to: &mut Together<'a>,
    partnership: &'a str,
    edge: &mut Frontier,
    leaves: impl IntoIterator<Item = Hash>,
) {
    for leaf in leaves {
        for kept in edge.push(leaf) {
            to.insert("tree_node (partnership, level, place, hash)", 4, "");
            to.value(partnership);
            to.value(i64::from(kept.level));
            to.value(whole(kept.index));
            to.value(kept.hash.0.to_vec());
        }
    }
}

/// Makes the tree of a log written before there was one; a step at a time, so it can be interrupted and goes on where it was.
pub(crate) async fn catch_up(pool: &AnyPool, partnership: &str) -> Result<(), StoreError> {
    let failed = sql("make the tree");
    let postgres = database::is_postgres(pool);
    loop {
        let mut tx = database::begin(pool).await.map_err(&failed)?;
        let mut edge = edge(&mut tx, partnership).await?;
        let end = head(&mut tx, partnership).await?.position;
        if edge.size() >= end {
            return Ok(());
        }
        let until = end.min(edge.size() + STEP);
        let leaves = leaves(&mut tx, partnership, edge.size(), until).await?;
        let mut together = Together::default();
        extend(&mut together, partnership, &mut edge, leaves);
        sqlx::query("UPDATE log_head SET edge = $2 WHERE partnership = $1")
            .bind(partnership)
            .bind(edge.to_bytes())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        together.send(&mut tx, postgres).await.map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
    }
}

/// The hashes of the entries after position `from` up to `until`.
async fn leaves(
    connection: &mut AnyConnection,
    partnership: &str,
    from: u64,
    until: u64,
) -> Result<Vec<Hash>, StoreError> {
    let failed = sql("read the hashes of entries");
    let rows = sqlx::query(
        "SELECT hash FROM entry WHERE partnership = $1 AND position > $2 AND position <= $3 ORDER BY position",
    )
    .bind(partnership)
    .bind(whole(from))
    .bind(whole(until))
    .fetch_all(connection)
    .await
    .map_err(&failed)?;
    let hashes = rows
        .iter()
        .map(|row| hash(row.try_get(0).map_err(&failed)?))
        .collect::<Result<Vec<_>, _>>()?;
    if hashes.len() as u64 == until - from {
        Ok(hashes)
    } else {
        Err(unreadable(
            "the hashes of entries".into(),
            "some are missing".into(),
        ))
    }
}

fn hash(bytes: Vec<u8>) -> Result<Hash, StoreError> {
    bytes
        .try_into()
        .map(Hash)
        .map_err(|_| unreadable("a hash of the tree".into(), "it is damaged".into()))
}

/// Reads what a proof asks for.
async fn load(
    connection: &mut AnyConnection,
    partnership: &str,
    reads: Vec<Read>,
) -> Result<Loaded, StoreError> {
    let failed = sql("read the tree");
    let mut loaded = Loaded::new();
    for Read { level, range } in reads {
        if level == 0 {
            let hashes = leaves(connection, partnership, range.start, range.end).await?;
            range
                .zip(hashes)
                .for_each(|(place, hash)| loaded.insert(0, place, hash));
            continue;
        }
        let rows = sqlx::query(
            "SELECT place, hash FROM tree_node WHERE partnership = $1 AND level = $2 AND place >= $3 AND place < $4",
        )
        .bind(partnership)
        .bind(i64::from(level))
        .bind(whole(range.start))
        .bind(whole(range.end))
        .fetch_all(&mut *connection)
        .await
        .map_err(&failed)?;
        for row in rows {
            let place: i64 = row.try_get(0).map_err(&failed)?;
            let place = u64::try_from(place).unwrap_or(u64::MAX);
            loaded.insert(level, place, hash(row.try_get(1).map_err(&failed)?)?);
        }
    }
    Ok(loaded)
}

/// The kept hash at the place of one that was computed; `None` when it was not kept.
pub(crate) async fn kept_node(
    connection: &mut AnyConnection,
    partnership: &str,
    node: &Kept,
) -> Result<Option<Hash>, StoreError> {
    let read = Read {
        level: node.level,
        range: node.index..node.index + 1,
    };
    let loaded = load(connection, partnership, vec![read]).await?;
    Ok(loaded.hash(node.level, node.index))
}

fn no_proof(why: tree::TreeError) -> StoreError {
    unreadable("the tree".into(), why.to_string())
}

impl Store {
    /// The tree as of the last commit.
    pub async fn tree_head(&self) -> Result<TreeHead, StoreError> {
        let failed = sql("read the head of the tree");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        let edge = edge(&mut connection, self.partnership()).await?;
        Ok(TreeHead {
            size: edge.size(),
            root: edge.root(),
        })
    }

    /// The hashes that lead from the entry at `position` (from 1) to the root of the tree of the first `size` entries.
    pub async fn inclusion(&self, position: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        let leaf = position.saturating_sub(1);
        let reads = tree::reads_for_inclusion(leaf, size).map_err(no_proof)?;
        let failed = sql("read the tree");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        let loaded = load(&mut connection, self.partnership(), reads).await?;
        tree::inclusion_proof(leaf, size, &loaded).map_err(no_proof)
    }

    /// The hashes that show that the tree of the first `new` entries begins with that of the first `old`.
    pub async fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        let reads = tree::reads_for_consistency(old, new).map_err(no_proof)?;
        let failed = sql("read the tree");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        let loaded = load(&mut connection, self.partnership(), reads).await?;
        tree::consistency_proof(old, new, &loaded).map_err(no_proof)
    }
}
