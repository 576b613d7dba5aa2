//! The one place where anything is sealed or opened: XChaCha20-Poly1305 with a fresh random nonce.
//! What is sealed is bound to where it belongs, so that ciphertext moved elsewhere does not open.

use chacha20poly1305::{
    Key as CipherKey, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use record::Nonce;
use zeroize::Zeroizing;

use crate::{StoreError, key::Key};

/// What a sealed thing is and where it belongs; part of what the tag proves.
pub(crate) enum Bound<'a> {
    /// The content of an entry, under the entry's key.
    Content {
        partnership: &'a str,
        stream: &'a str,
        number: u64,
        kind: &'a str,
    },
    /// An entry's key, under its stream's key.
    EntryKey {
        partnership: &'a str,
        stream: &'a str,
        key_id: &'a str,
    },
    /// A file's key, under its stream's key.
    FileKey {
        partnership: &'a str,
        stream: &'a str,
        file: &'a str,
    },
    /// A piece of a file, under the file's key.
    Piece {
        partnership: &'a str,
        stream: &'a str,
        file: &'a str,
        number: u32,
        last: bool,
    },
    /// The partnership's key, under the master key.
    PartnershipKey {
        partnership: &'a str,
        key_id: &'a str,
    },
    /// The master key, under what was made of a passphrase as the lines say.
    MasterKey { lines: &'a str },
    /// A stream's key, under the partnership's key.
    StreamKey {
        partnership: &'a str,
        stream: &'a str,
        key_id: &'a str,
    },
    /// A draft, under the partnership's key.
    Draft { partnership: &'a str, id: &'a str },
    /// The secret half of a key the log signs with, under the partnership's key.
    LogKey {
        partnership: &'a str,
        key_id: &'a str,
    },
    /// What a register holds of a stream, under the partnership's key.
    Summary {
        partnership: &'a str,
        stream: &'a str,
    },
    /// A mail in the outbox, under the partnership's key.
    Mail { partnership: &'a str, id: &'a str },
    /// The secret of an account's second step, under the partnership's key.
    SecondStep {
        partnership: &'a str,
        account: &'a str,
    },
    /// A passkey, or what a browser was asked to prove with one, under the partnership's key.
    Passkey {
        partnership: &'a str,
        account: &'a str,
        id: &'a [u8],
    },
    /// A session's notice, under the partnership's key.
    Notice {
        partnership: &'a str,
        session: &'a [u8],
    },
}

impl Bound<'_> {
    /// The bytes that the tag proves besides what is sealed.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let number_bytes;
        let piece_bytes;
        let fields: [&[u8]; 5] = match self {
            Bound::Content {
                partnership,
                stream,
                number,
                kind,
            } => {
                number_bytes = number.to_be_bytes();
                [
                    b"candour-content/1",
                    partnership.as_bytes(),
                    stream.as_bytes(),
                    &number_bytes,
                    kind.as_bytes(),
                ]
            }
            Bound::EntryKey {
                partnership,
                stream,
                key_id,
            } => [
                b"candour-entry-key/1",
                partnership.as_bytes(),
                stream.as_bytes(),
                key_id.as_bytes(),
                b"",
            ],
            Bound::FileKey {
                partnership,
                stream,
                file,
            } => [
                b"candour-file-key/1",
                partnership.as_bytes(),
                stream.as_bytes(),
                file.as_bytes(),
                b"",
            ],
            Bound::Piece {
                partnership,
                stream,
                file,
                number,
                last,
            } => {
                let [a, b, c, d] = number.to_be_bytes();
                piece_bytes = [a, b, c, d, u8::from(*last)];
                [
                    b"candour-file-piece/1",
                    partnership.as_bytes(),
                    stream.as_bytes(),
                    file.as_bytes(),
                    &piece_bytes,
                ]
            }
            Bound::MasterKey { lines } => [
                b"candour-master-key-sealed/1",
                lines.as_bytes(),
                b"",
                b"",
                b"",
            ],
            Bound::PartnershipKey {
                partnership,
                key_id,
            } => [
                b"candour-partnership-key/1",
                partnership.as_bytes(),
                key_id.as_bytes(),
                b"",
                b"",
            ],
            Bound::StreamKey {
                partnership,
                stream,
                key_id,
            } => [
                b"candour-stream-key/1",
                partnership.as_bytes(),
                stream.as_bytes(),
                key_id.as_bytes(),
                b"",
            ],
            Bound::Draft { partnership, id } => [
                b"candour-draft/1",
                partnership.as_bytes(),
                id.as_bytes(),
                b"",
                b"",
            ],
            Bound::Mail { partnership, id } => [
                b"candour-mail/1",
                partnership.as_bytes(),
                id.as_bytes(),
                b"",
                b"",
            ],
            Bound::LogKey {
                partnership,
                key_id,
            } => [
                b"candour-log-key/1",
                partnership.as_bytes(),
                key_id.as_bytes(),
                b"",
                b"",
            ],
            Bound::Summary {
                partnership,
                stream,
            } => [
                b"candour-summary/1",
                partnership.as_bytes(),
                stream.as_bytes(),
                b"",
                b"",
            ],
            Bound::SecondStep {
                partnership,
                account,
            } => [
                b"candour-second-step/1",
                partnership.as_bytes(),
                account.as_bytes(),
                b"",
                b"",
            ],
            Bound::Passkey {
                partnership,
                account,
                id,
            } => [
                b"candour-passkey/1",
                partnership.as_bytes(),
                account.as_bytes(),
                id,
                b"",
            ],
            Bound::Notice {
                partnership,
                session,
            } => [
                b"candour-notice/1",
                partnership.as_bytes(),
                session,
                b"",
                b"",
            ],
        };
        let mut bytes = Vec::new();
        for field in fields {
            bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
            bytes.extend_from_slice(field);
        }
        bytes
    }
}

/// Ciphertext with its tag, and the nonce it needs to be opened.
pub(crate) struct Sealed {
    pub(crate) nonce: Nonce,
    pub(crate) bytes: Vec<u8>,
}

impl Sealed {
    /// Nonce and ciphertext in one value, for columns that hold both.
    pub(crate) fn joined(&self) -> Vec<u8> {
        [&self.nonce, self.bytes.as_slice()].concat()
    }

    /// The inverse of [`joined`](Sealed::joined); `None` when too short.
    pub(crate) fn split(joined: &[u8]) -> Option<Sealed> {
        let (nonce, bytes) = joined.split_first_chunk()?;
        Some(Sealed {
            nonce: *nonce,
            bytes: bytes.to_vec(),
        })
    }
}

/// Seals bytes under a key, bound to where they belong, with a nonce drawn at random.
pub(crate) fn seal(key: &Key, bound: &Bound<'_>, clear: &[u8]) -> Result<Sealed, StoreError> {
    let mut nonce: Nonce = [0; 24];
    getrandom::fill(&mut nonce).map_err(|_| StoreError::NoRandomness)?;
    let bytes = cipher(key)
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: clear,
                aad: &bound.bytes(),
            },
        )
        .map_err(|_| StoreError::Unfit {
            doing: "seal content",
            why: "it is too large".to_owned(),
        })?;
    Ok(Sealed { nonce, bytes })
}

/// Opens what [`seal`] sealed; `None` when the key, the place or a single bit differs.
pub(crate) fn open(key: &Key, bound: &Bound<'_>, sealed: &Sealed) -> Option<Zeroizing<Vec<u8>>> {
    cipher(key)
        .decrypt(
            &XNonce::from(sealed.nonce),
            Payload {
                msg: &sealed.bytes,
                aad: &bound.bytes(),
            },
        )
        .ok()
        .map(Zeroizing::new)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&CipherKey::from(*key.bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_only_in_its_place_and_unaltered() {
        let key = Key::random().unwrap();
        let at = |number, kind| Bound::Content {
            partnership: "merrowshire",
            stream: "case/1",
            number,
            kind,
        };
        let sealed = seal(&key, &at(3, "note"), b"calm words").unwrap();
        assert_eq!(
            open(&key, &at(3, "note"), &sealed).unwrap().as_slice(),
            b"calm words"
        );
        assert!(open(&key, &at(4, "note"), &sealed).is_none());
        assert!(open(&key, &at(3, "note "), &sealed).is_none());
        assert!(open(&Key::random().unwrap(), &at(3, "note"), &sealed).is_none());
        for position in 0..sealed.bytes.len() {
            let mut altered = Sealed::split(&sealed.joined()).unwrap();
            altered.bytes[position] ^= 1;
            assert!(open(&key, &at(3, "note"), &altered).is_none());
        }
    }

    #[test]
    fn the_same_words_sealed_twice_do_not_look_alike() {
        let key = Key::random().unwrap();
        let bound = Bound::Draft {
            partnership: "merrowshire",
            id: "1",
        };
        let one = seal(&key, &bound, b"same").unwrap();
        let other = seal(&key, &bound, b"same").unwrap();
        assert_ne!(one.bytes, other.bytes);
        assert_ne!(one.nonce, other.nonce);
    }
}
