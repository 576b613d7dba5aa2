//! Opening one entry's content with the key of that one entry, so that a receiver can check that words shown to him are those that were sealed.
//! XChaCha20-Poly1305 with the entry's nonce and its place as additional data; the same bytes as the store seals.

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};

use crate::{Entry, Hash, content_hash};

/// The key of one entry's content: 32 random bytes used for nothing else, so that it can be given away with that content.
pub type ContentKey = [u8; 32];

/// What a key id begins with that is computed from the key, as [`committing_key_id`] does.
pub const COMMITTING: &str = "sha256:";

/// What the tag of a sealed content proves besides the content: format, partnership, stream, number and kind,
/// each with its length as eight bytes, most significant first.
pub fn content_binding(partnership: &str, stream: &str, number: u64, kind: &str) -> Vec<u8> {
    let fields: [&[u8]; 5] = [
        b"candour-content/1",
        partnership.as_bytes(),
        stream.as_bytes(),
        &number.to_be_bytes(),
        kind.as_bytes(),
    ];
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
        bytes.extend_from_slice(field);
    }
    bytes
}

/// Opens the sealed content of an entry; `None` when the key, the place or a single bit differs.
pub fn open_content(key: &ContentKey, entry: &Entry, sealed: &[u8]) -> Option<Vec<u8>> {
    let aad = binding(entry);
    cipher(key)
        .decrypt(
            &XNonce::from(entry.nonce),
            Payload {
                msg: sealed,
                aad: &aad,
            },
        )
        .ok()
}

/// The sealed content that this key, the entry's nonce and these words give; always the same.
/// `None` only when the words are too long for the cipher (256 GiB).
///
/// For comparing with what was sealed. Sealing something new takes a new key and a nonce drawn at random.
pub fn sealed_again(key: &ContentKey, entry: &Entry, clear: &[u8]) -> Option<Vec<u8>> {
    let aad = binding(entry);
    cipher(key)
        .encrypt(
            &XNonce::from(entry.nonce),
            Payload {
                msg: clear,
                aad: &aad,
            },
        )
        .ok()
}

/// Whether these words, sealed with this key, are the content the entry was hashed with.
pub fn seals_to(key: &ContentKey, entry: &Entry, clear: &[u8]) -> bool {
    sealed_again(key, entry, clear)
        .is_some_and(|sealed| content_hash(&sealed) == entry.content_hash)
}

/// A key id that fixes the key itself: `sha256:` and the SHA-256 of `candour-content-key/1`, a zero byte and the key.
///
/// The cipher's tag alone does not fix the key: whoever seals can prepare a ciphertext that opens to one text with one key and to another
/// with another. An entry whose key id is this one can be opened in one way only. The hash of 32 random bytes gives nothing of them away,
/// and stays harmless when the key is destroyed.
pub fn committing_key_id(key: &ContentKey) -> String {
    let mut sha = Sha256::new();
    sha.update(b"candour-content-key/1\0");
    sha.update(key);
    format!("{COMMITTING}{}", Hash(sha.finalize().into()))
}

fn binding(entry: &Entry) -> Vec<u8> {
    content_binding(&entry.partnership, &entry.stream, entry.number, &entry.kind)
}

fn cipher(key: &ContentKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}
