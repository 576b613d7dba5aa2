//! What an evidence bundle needs from the store: the entries of a stream with the key of each one's content, and the log's signature.
//! Whoever is handed such a key can read that one entry for ever and no other, so it is given against a permit only.

use std::io::{Read, Write};

use access::Permit;
use record::{Entry, Hash, checkpoint::VerifierKey, content::ContentKey, proof::sign_manifest};
use sqlx::Row;

use crate::{
    Content, Head, Identities, Recipients, Store, StoreError, checkpoints,
    database::whole,
    error::sql,
    row::{Stored, StreamKeys, select_entries, unreadable},
};

/// An entry as a proof needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What its hash covers.
    pub entry: Entry,
    /// What it says, with its key, or that this was destroyed.
    pub held: Held,
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evidence")
            .field("position", &self.entry.position)
            .finish_non_exhaustive()
    }
}

/// What there is of an entry's content.
#[derive(Clone, PartialEq, Eq)]
pub enum Held {
    /// The content and the key of it.
    Content(Vec<u8>, ContentKey),
    /// The key was destroyed.
    Destroyed {
        /// When, as it is written in the record.
        at: String,
        /// By which rule.
        rule: String,
    },
}

impl Store {
    /// The entries of a stream up to a position of the log, each with the key of its content. The permit says why they are handed out;
    /// that someone took them is for the caller to write down first.
    pub async fn evidence(
        &self,
        _permit: &Permit,
        stream: &str,
        up_to: u64,
    ) -> Result<Vec<Evidence>, StoreError> {
        let failed = sql("read a stream");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        let rows = sqlx::query(select_entries!(
            "WHERE e.partnership = $1 AND e.stream = $2 AND e.position <= $3 ORDER BY e.number"
        ))
        .bind(self.partnership())
        .bind(stream)
        .bind(whole(up_to))
        .fetch_all(&mut *connection)
        .await
        .map_err(&failed)?;
        let mut keys = StreamKeys::new(&self.inner.partnership_key, self.partnership());
        let mut list = Vec::with_capacity(rows.len());
        for row in &rows {
            let stored = Stored::read(row).map_err(|why| unreadable("an entry".into(), why))?;
            let place = || format!("entry {}", stored.entry.position);
            // Where a whole stream was erased, its key is gone as well.
            let opened = match stored.destroyed().map_err(|why| unreadable(place(), why))? {
                true => None,
                false => {
                    let stream_key = keys.get(&mut connection, stream).await?;
                    let content = stored
                        .content(&stream_key)
                        .map_err(|why| unreadable(place(), why))?;
                    Some((content, stream_key))
                }
            };
            let held = match opened {
                Some((Content::Clear(clear), stream_key)) => {
                    let key = stored
                        .content_key(&stream_key)
                        .map_err(|why| unreadable(place(), why))?;
                    Held::Content(clear, *key.bytes())
                }
                Some((Content::Destroyed, _)) | None => {
                    let row = sqlx::query(
                        "SELECT destroyed_at, rule FROM destroyed_key WHERE key_id = $1",
                    )
                    .bind(stored.entry.key_id.as_str())
                    .fetch_one(&mut *connection)
                    .await
                    .map_err(&failed)?;
                    Held::Destroyed {
                        at: row.try_get(0).map_err(&failed)?,
                        rule: row.try_get(1).map_err(&failed)?,
                    }
                }
            };
            list.push(Evidence {
                entry: stored.entry,
                held,
            });
        }
        Ok(list)
    }

    /// Position in the log and hash of an entry of a stream; `None` where there is none with this number.
    pub async fn place_of(&self, stream: &str, number: u64) -> Result<Option<Head>, StoreError> {
        let failed = sql("find an entry");
        let row = sqlx::query(
            "SELECT position, hash FROM entry WHERE partnership = $1 AND stream = $2 AND number = $3",
        )
        .bind(self.partnership())
        .bind(stream)
        .bind(whole(number))
        .fetch_optional(&self.inner.reading)
        .await
        .map_err(&failed)?;
        let Some(row) = row else { return Ok(None) };
        let position: i64 = row.try_get(0).map_err(&failed)?;
        let hash: Vec<u8> = row.try_get(1).map_err(&failed)?;
        match (u64::try_from(position), hash.try_into()) {
            (Ok(position), Ok(hash)) => Ok(Some(Head {
                position,
                hash: Hash(hash),
            })),
            _ => Err(unreadable("an entry".into(), "its place is damaged".into())),
        }
    }

    /// The public half of the key the log signs with now.
    pub async fn log_key(&self) -> Result<VerifierKey, StoreError> {
        self.log_keys()
            .await?
            .pop()
            .ok_or_else(|| unreadable("the key of the log".into(), "it is missing".into()))
    }

    /// The log's signature over the manifest of a bundle.
    pub async fn sign_manifest(
        &self,
        _permit: &Permit,
        manifest: &[u8],
    ) -> Result<String, StoreError> {
        let failed = sql("read the key of the log");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        let key = checkpoints::newest_key(
            &mut connection,
            self.partnership(),
            &self.inner.partnership_key,
        )
        .await?;
        sign_manifest(manifest, &key)
            .map_err(|why| unreadable("the key of the log".into(), why.to_string()))
    }
}

impl Recipients {
    /// Seals bytes for all of them, as a file of the age format.
    pub fn seal(&self, clear: &[u8]) -> Result<Vec<u8>, StoreError> {
        let unfit = |why: String| StoreError::Unfit {
            doing: "seal a bundle",
            why,
        };
        let all = self.0.iter().map(|one| one as &dyn age::Recipient);
        let sealed =
            age::Encryptor::with_recipients(all).map_err(|error| unfit(error.to_string()))?;
        let mut bytes = Vec::new();
        let mut writer = sealed
            .wrap_output(&mut bytes)
            .map_err(|error| unfit(error.to_string()))?;
        writer
            .write_all(clear)
            .and_then(|()| writer.finish().map(drop))
            .map_err(|error| unfit(error.to_string()))?;
        Ok(bytes)
    }
}

impl Identities {
    /// Opens a file of the age format that was sealed for one of them.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let unfit = |why: String| StoreError::Unfit {
            doing: "open a sealed bundle",
            why,
        };
        let opened =
            age::Decryptor::new_buffered(sealed).map_err(|error| unfit(error.to_string()))?;
        let all = self.0.iter().map(|one| one.as_ref() as &dyn age::Identity);
        let mut clear = Vec::new();
        opened
            .decrypt(all)
            .map_err(|error| unfit(error.to_string()))?
            .read_to_end(&mut clear)
            .map_err(|error| unfit(error.to_string()))?;
        Ok(clear)
    }
}
