//! One entry as a receiver gets it: every field the hash covers, and its words either in clear with their key or withheld.
//! Whoever gets the words can seal them again and compare; whoever does not sees that something is there, and its hash.

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

use crate::{
    Entry, Hash,
    content::{COMMITTING, ContentKey, committing_key_id, seals_to},
    tree::verify_inclusion,
};

/// The fields of an entry in JSON; hashes and nonce as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryFields {
    /// See [`Entry::partnership`].
    pub partnership: String,
    /// See [`Entry::position`].
    pub position: u64,
    /// See [`Entry::stream`].
    pub stream: String,
    /// See [`Entry::number`].
    pub number: u64,
    /// See [`Entry::kind`].
    pub kind: String,
    /// See [`Entry::version`].
    pub version: u16,
    /// See [`Entry::at`].
    pub at: String,
    /// See [`Entry::actor`].
    pub actor: String,
    /// See [`Entry::key_id`].
    pub key_id: String,
    /// See [`Entry::nonce`]; 48 hexadecimal digits.
    pub nonce: String,
    /// See [`Entry::content_hash`].
    pub content_hash: Hash,
    /// See [`Entry::previous`].
    pub previous: Hash,
}

/// What is shown of an entry's content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shown {
    /// The content, which is text, and the key it was sealed with.
    Clear {
        /// The content.
        text: String,
        /// The key of this entry's content; 64 hexadecimal digits.
        key: String,
    },
    /// The content, which is not text, and the key it was sealed with.
    Bytes {
        /// The content in base64.
        base64: String,
        /// The key of this entry's content; 64 hexadecimal digits.
        key: String,
    },
    /// The receiver may not see it.
    Withheld {
        /// Why, in words.
        why: String,
    },
    /// The key was destroyed; nobody can see it any more.
    Destroyed {
        /// When, and by which rule, in words.
        why: String,
    },
}

/// Content is never printed by accident.
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Shown::Clear { .. } | Shown::Bytes { .. } => "Shown::Clear",
            Shown::Withheld { .. } => "Shown::Withheld",
            Shown::Destroyed { .. } => "Shown::Destroyed",
        })
    }
}

/// An entry with its proof: one line of `entries.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownEntry {
    /// What the hash covers.
    pub entry: EntryFields,
    /// The hash of the entry.
    pub hash: Hash,
    /// The hashes that lead from it to the root of the checkpoint it is given with.
    pub proof: Vec<Hash>,
    /// Its content, or why it is not there.
    pub content: Shown,
}

/// Why an entry handed out does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotShown {
    /// The nonce is not 48 hexadecimal digits.
    #[error("its nonce is not 48 digits from 0-9 and a-f")]
    Nonce,
    /// The hash beside the entry is not that of its fields.
    #[error("its fields do not match its hash; one of them has been altered")]
    Altered,
    /// It is not at that place of the log.
    #[error("it is not entry {0} of the log the checkpoint was signed for")]
    NotInLog(u64),
    /// The key is not 64 hexadecimal digits, or the bytes are not base64.
    #[error("the key or the bytes beside its content cannot be read")]
    Key,
    /// The key is not the one its id was computed from.
    #[error("the key beside its content is not the key of this entry")]
    OtherKey,
    /// Sealed again, the words are not those the entry was hashed with.
    #[error("the content shown is not the content that was sealed")]
    OtherWords,
}

impl EntryFields {
    /// The entry, as it is hashed.
    pub fn entry(&self) -> Result<Entry, NotShown> {
        Ok(Entry {
            partnership: self.partnership.clone(),
            position: self.position,
            stream: self.stream.clone(),
            number: self.number,
            kind: self.kind.clone(),
            version: self.version,
            at: self.at.clone(),
            actor: self.actor.clone(),
            key_id: self.key_id.clone(),
            nonce: from_hex(&self.nonce).ok_or(NotShown::Nonce)?,
            content_hash: self.content_hash,
            previous: self.previous,
        })
    }
}

impl From<&Entry> for EntryFields {
    fn from(entry: &Entry) -> EntryFields {
        EntryFields {
            partnership: entry.partnership.clone(),
            position: entry.position,
            stream: entry.stream.clone(),
            number: entry.number,
            kind: entry.kind.clone(),
            version: entry.version,
            at: entry.at.clone(),
            actor: entry.actor.clone(),
            key_id: entry.key_id.clone(),
            nonce: to_hex(&entry.nonce),
            content_hash: entry.content_hash,
            previous: entry.previous,
        }
    }
}

impl Shown {
    /// Content in clear: as text where it is text.
    pub fn clear(content: &[u8], key: &ContentKey) -> Shown {
        let key = to_hex(key);
        match std::str::from_utf8(content) {
            Ok(text) => Shown::Clear {
                text: text.to_owned(),
                key,
            },
            Err(_) => Shown::Bytes {
                base64: Base64::encode_string(content),
                key,
            },
        }
    }

    /// The content and its key; `None` where it is not shown.
    pub fn opened(&self) -> Result<Option<(Vec<u8>, ContentKey)>, NotShown> {
        let (content, key) = match self {
            Shown::Clear { text, key } => (text.clone().into_bytes(), key),
            Shown::Bytes { base64, key } => {
                (Base64::decode_vec(base64).map_err(|_| NotShown::Key)?, key)
            }
            Shown::Withheld { .. } | Shown::Destroyed { .. } => return Ok(None),
        };
        Ok(Some((content, from_hex(key).ok_or(NotShown::Key)?)))
    }
}

impl ShownEntry {
    /// An entry, its proof in the log of the checkpoint it goes with, and what is shown of its content.
    pub fn new(entry: &Entry, proof: Vec<Hash>, content: Shown) -> ShownEntry {
        ShownEntry {
            entry: entry.into(),
            hash: entry.hash(),
            proof,
            content,
        }
    }

    /// Checks it against the size and root of a checkpoint; answers with the entry.
    pub fn check(&self, size: u64, root: &Hash) -> Result<Entry, NotShown> {
        let entry = self.entry.entry()?;
        if entry.hash() != self.hash {
            return Err(NotShown::Altered);
        }
        let absent = NotShown::NotInLog(entry.position);
        let leaf = entry.position.checked_sub(1).ok_or(absent.clone())?;
        verify_inclusion(&self.hash, leaf, size, &self.proof, root).map_err(|_| absent)?;
        if let Some((content, key)) = self.content.opened()? {
            if entry.key_id.starts_with(COMMITTING) && entry.key_id != committing_key_id(&key) {
                return Err(NotShown::OtherKey);
            }
            if !seals_to(&key, &entry, &content) {
                return Err(NotShown::OtherWords);
            }
        }
        Ok(entry)
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if text.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}
