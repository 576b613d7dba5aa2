//! Signed heads of the log: whoever holds one can show later that today's log begins with the one they saw.
//! One is made after every decision, at least once a day while something was recorded, and when someone asks.

use jiff::Timestamp;
use record::{
    checkpoint::{Checkpoint, SigningKey, VerifierKey},
    time_text,
};
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow};

use crate::{
    Store, StoreError,
    database::{self, whole},
    error::sql,
    key::{Key, random_handle},
    row::unreadable,
    seal::{Bound, Sealed, open, seal},
    tree::{self, TreeHead},
};

/// A signed head as it was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// The size and root it states.
    pub head: TreeHead,
    /// The signed note, as a file or a mail holds it.
    pub note: String,
    /// When it was made.
    pub at: Timestamp,
    /// What it was made for, in words.
    pub why: String,
}

/// The name under which a partnership's log signs: also the origin in its checkpoints.
/// Made from the partnership's name, because a key name holds no spaces and no plus sign.
pub fn log_name(partnership: &str) -> String {
    let mut name = String::from("candour/");
    for c in partnership.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_end_matches('-').to_owned()
}

/// Makes the log's key when there is none yet.
pub(crate) async fn prepare(
    pool: &AnyPool,
    partnership: &str,
    under: &Key,
) -> Result<(), StoreError> {
    let failed = sql("make the key of the log");
    let mut tx = database::begin(pool).await.map_err(&failed)?;
    let there = sqlx::query("SELECT 1 FROM log_key WHERE partnership = $1")
        .bind(partnership)
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
    if there.is_some() {
        return Ok(());
    }
    let (seed, key_id) = (Key::random()?, random_handle()?);
    let bound = Bound::LogKey {
        partnership,
        key_id: &key_id,
    };
    let wrapped = seal(under, &bound, seed.bytes())?.joined();
    let key = signing_key(partnership, &seed)?;
    sqlx::query(
        "INSERT INTO log_key (partnership, number, verifier, key_id, wrapped, made_at) VALUES ($1, 1, $2, $3, $4, $5)",
    )
    .bind(partnership)
    .bind(key.verifier().to_string())
    .bind(key_id)
    .bind(wrapped)
    .bind(time_text(Timestamp::now()))
    .execute(&mut *tx)
    .await
    .map_err(&failed)?;
    tx.commit().await.map_err(&failed)
}

fn signing_key(partnership: &str, seed: &Key) -> Result<SigningKey, StoreError> {
    SigningKey::from_seed(log_name(partnership), seed.bytes())
        .map_err(|why| unreadable("the key of the log".into(), why.to_string()))
}

/// The newest key of the log, opened.
pub(crate) async fn newest_key(
    connection: &mut AnyConnection,
    partnership: &str,
    under: &Key,
) -> Result<SigningKey, StoreError> {
    let failed = sql("read the key of the log");
    let row = sqlx::query(
        "SELECT key_id, wrapped FROM log_key WHERE partnership = $1 ORDER BY number DESC",
    )
    .bind(partnership)
    .fetch_one(connection)
    .await
    .map_err(&failed)?;
    let key_id: String = row.try_get(0).map_err(&failed)?;
    let wrapped: Vec<u8> = row.try_get(1).map_err(&failed)?;
    let bound = Bound::LogKey {
        partnership,
        key_id: &key_id,
    };
    let seed = Sealed::split(&wrapped)
        .and_then(|sealed| open(under, &bound, &sealed))
        .and_then(|bytes| Key::from_bytes(&bytes))
        .ok_or_else(|| {
            unreadable(
                "the key of the log".into(),
                "it has been altered or moved".into(),
            )
        })?;
    signing_key(partnership, &seed)
}

/// The public halves of every key the log has signed with.
pub(crate) async fn verifiers(
    connection: &mut AnyConnection,
    partnership: &str,
) -> Result<Vec<VerifierKey>, StoreError> {
    let failed = sql("read the keys of the log");
    let rows = sqlx::query("SELECT verifier FROM log_key WHERE partnership = $1 ORDER BY number")
        .bind(partnership)
        .fetch_all(connection)
        .await
        .map_err(&failed)?;
    rows.iter()
        .map(|row| {
            let text: String = row.try_get(0).map_err(&failed)?;
            text.parse()
                .map_err(|_| unreadable("a key of the log".into(), "it is damaged".into()))
        })
        .collect()
}

/// Every checkpoint that was given out, the oldest first.
pub(crate) async fn all(
    connection: &mut AnyConnection,
    partnership: &str,
) -> Result<Vec<SignedCheckpoint>, StoreError> {
    let failed = sql("read the checkpoints");
    sqlx::query("SELECT note, made_at, why FROM checkpoint WHERE partnership = $1 ORDER BY size")
        .bind(partnership)
        .fetch_all(connection)
        .await
        .map_err(&failed)?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &AnyRow) -> Result<SignedCheckpoint, StoreError> {
    let failed = sql("read a checkpoint");
    let note: String = row.try_get(0).map_err(&failed)?;
    let at: String = row.try_get(1).map_err(&failed)?;
    let damaged = || unreadable("a checkpoint".into(), "it is damaged".into());
    let stated = Checkpoint::read_unchecked(&note).map_err(|_| damaged())?;
    Ok(SignedCheckpoint {
        head: TreeHead {
            size: stated.size,
            root: stated.root,
        },
        note,
        at: at.parse().map_err(|_| damaged())?,
        why: row.try_get(2).map_err(&failed)?,
    })
}

impl Store {
    /// Signs the head of the log as it is now and keeps it; when it was signed already, gives that.
    /// `None` while nothing is recorded.
    pub async fn checkpoint(
        &self,
        why: &str,
        at: Timestamp,
    ) -> Result<Option<SignedCheckpoint>, StoreError> {
        let failed = sql("make a checkpoint");
        let partnership = self.partnership();
        let mut tx = self.begin("make a checkpoint").await?;
        let edge = tree::edge(&mut tx, partnership).await?;
        if edge.size() == 0 {
            return Ok(None);
        }
        let there = sqlx::query(
            "SELECT note, made_at, why FROM checkpoint WHERE partnership = $1 AND size = $2",
        )
        .bind(partnership)
        .bind(whole(edge.size()))
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        if let Some(row) = there {
            return read(&row).map(Some);
        }
        let key = newest_key(&mut tx, partnership, &self.inner.partnership_key).await?;
        let note = Checkpoint::new(key.name(), edge.size(), edge.root())
            .sign(&key)
            .map_err(|why| unreadable("the key of the log".into(), why.to_string()))?;
        sqlx::query(
            "INSERT INTO checkpoint (partnership, size, note, made_at, why) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(partnership)
        .bind(whole(edge.size()))
        .bind(note.as_str())
        .bind(time_text(at))
        .bind(why)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
        Ok(Some(SignedCheckpoint {
            head: TreeHead {
                size: edge.size(),
                root: edge.root(),
            },
            note,
            at,
            why: why.to_owned(),
        }))
    }

    /// Every checkpoint that was given out, the oldest first.
    pub async fn checkpoints(&self) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let failed = sql("read the checkpoints");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        all(&mut connection, self.partnership()).await
    }

    /// The first checkpoint that covers the entry at this position, if one was made since.
    pub async fn checkpoint_over(
        &self,
        position: u64,
    ) -> Result<Option<SignedCheckpoint>, StoreError> {
        let failed = sql("read a checkpoint");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        sqlx::query(
            "SELECT note, made_at, why FROM checkpoint WHERE partnership = $1 AND size >= $2 ORDER BY size LIMIT 1",
        )
        .bind(self.partnership())
        .bind(whole(position))
        .fetch_optional(&mut *connection)
        .await
        .map_err(&failed)?
        .map(|row| read(&row))
        .transpose()
    }

    /// The public keys the log has signed with: what a witness keeps beside the checkpoints.
    pub async fn log_keys(&self) -> Result<Vec<VerifierKey>, StoreError> {
        let failed = sql("read the keys of the log");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        verifiers(&mut connection, self.partnership()).await
    }
}
