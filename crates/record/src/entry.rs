//! One entry of the record: everything about it that is proved by the chain.
//! The content itself is not here, only the hash of its ciphertext, so that content can be destroyed and the chain still verified.

use jiff::Timestamp;

use crate::Hash;

/// The 24 bytes drawn at random for sealing one entry's content (XChaCha20-Poly1305).
pub type Nonce = [u8; 24];

/// One entry as the chain sees it; see `docs/record-format.md` for the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The partnership whose log this is.
    pub partnership: String,
    /// The place in the partnership's log: the first entry is 1, and there are no gaps.
    pub position: u64,
    /// What the entry is about: a case, or another stream such as who looked at a case.
    pub stream: String,
    /// The place in the stream: the first entry is 1, and there are no gaps.
    pub number: u64,
    /// What kind of event the content is.
    pub kind: String,
    /// The version of that kind, so that old entries can be read for ever.
    pub version: u16,
    /// When it was recorded: UTC, RFC 3339 with exactly six decimals, as [`time_text`] writes it.
    pub at: String,
    /// Who acted: a person's id, or a part of the program.
    pub actor: String,
    /// The handle of the key that seals the content; destroying that key destroys the content.
    pub key_id: String,
    /// The nonce the content was sealed with.
    pub nonce: Nonce,
    /// SHA-256 of the sealed content (ciphertext followed by its tag).
    pub content_hash: Hash,
    /// The hash of the entry before it in the partnership's log; all zeros for the first.
    pub previous: Hash,
}

impl Entry {
    /// The hash by which the next entry, a tree and a decision record refer to this one.
    pub fn hash(&self) -> Hash {
        crate::leaf_hash(&crate::canonical(self))
    }
}

/// An instant as entries carry it: UTC, RFC 3339, six decimals, `Z` (`2026-11-23T02:19:02.000000Z`).
/// What is finer than a microsecond is cut off.
pub fn time_text(at: Timestamp) -> String {
    format!("{at:.6}")
}
