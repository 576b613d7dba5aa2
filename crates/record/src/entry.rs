//! One entry of the record: everything about it that is proved by the chain.
//! The content itself is not here, only the hash of its ciphertext, so that content can be destroyed and the chain still verified.

use jiff::{Timestamp, civil::Date};

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

/// Whether this is a time as [`time_text`] writes it: a moment that exists, in exactly that form.
pub fn is_time_text(text: &str) -> bool {
    let Ok(bytes) = <&[u8; 27]>::try_from(text.as_bytes()) else {
        return false;
    };
    let form = b"dddd-dd-ddTdd:dd:dd.ddddddZ";
    let formed = bytes.iter().zip(form).all(|(byte, form)| match form {
        b'd' => byte.is_ascii_digit(),
        _ => byte == form,
    });
    let number = |at: usize| i8::try_from((bytes[at] - b'0') * 10 + (bytes[at + 1] - b'0'));
    let year = |century: i8, year: i8| i16::from(century) * 100 + i16::from(year);
    formed
        && matches!(
            (number(0), number(2), number(5), number(8), number(11), number(14), number(17)),
            (Ok(c), Ok(y), Ok(month), Ok(day), Ok(..=23), Ok(..=59), Ok(..=59))
                if year(c, y) > 0 && Date::new(year(c, y), month, day).is_ok()
        )
}
