//! Keys: 32 random bytes that wipe themselves, and the file that holds the master key.
//! The file must be readable by its owner only; it is never part of a backup unless asked for.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use record::Hash;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{StoreError, error::file};

/// The name of the master key's file in the data folder.
pub(crate) const MASTER_KEY_FILE: &str = "master.key";
/// Its name when it is sealed under a passphrase.
pub(crate) const MASTER_KEY_SEALED_FILE: &str = "master.key.sealed";

const HEADING: &str = "candour-master-key/1 ";

/// A symmetric key; wiped from memory when dropped, never shown.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A new random key.
    pub(crate) fn random() -> Result<Key, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut()).map_err(|_| StoreError::NoRandomness)?;
        Ok(Key(bytes))
    }

    /// A key from bytes that were opened; `None` when they are not 32.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Key> {
        Some(Key(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The bytes, for sealing, wrapping and nothing else.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Tells one master key from another without giving anything of it away.
    pub(crate) fn fingerprint(&self) -> String {
        let mut sha = Sha256::new();
        sha.update(b"candour-master-key-check/1");
        sha.update(self.bytes());
        Hash(sha.finalize().into()).to_hex()
    }
}

/// Random bytes as hexadecimal digits, for the handle of a key or the id of a draft.
pub(crate) fn random_handle() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The text of a key file.
pub(crate) fn master_key_text(key: &Key) -> Zeroizing<String> {
    let digits = Zeroizing::new(Hash(*key.bytes()).to_hex());
    Zeroizing::new(format!("{HEADING}{}\n", digits.as_str()))
}

/// Writes the text of a key to a new file, readable by its owner only, to stay on disk before anything is sealed with the key.
pub(crate) fn write_private(path: &Path, text: &[u8]) -> Result<(), StoreError> {
    let failed = file("write the master key", path);
    let mut target = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(&failed)?;
    target.write_all(text).map_err(&failed)?;
    target.sync_all().map_err(&failed)
}

/// Reads the text of a key file; refuses one with any of the forbidden permissions.
pub(crate) fn read_private(path: &Path, forbidden: u32) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => StoreError::MasterKeyMissing(path.to_owned()),
        _ => file("read the master key", path)(error),
    })?;
    let mode = about.permissions().mode() & 0o7777;
    if mode & forbidden != 0 {
        return Err(StoreError::MasterKeyExposed {
            path: path.to_owned(),
            mode,
        });
    }
    fs::read(path)
        .map(Zeroizing::new)
        .map_err(file("read the master key", path))
}

/// Reads the text of a key file; `None` when it is cut off or something else.
pub(crate) fn parse_master_key(text: &[u8]) -> Option<Key> {
    let text = std::str::from_utf8(text).ok()?;
    let digits = text.strip_prefix(HEADING)?.strip_suffix('\n')?;
    let hash = Hash::from_hex(digits).ok()?;
    Key::from_bytes(&hash.0)
}
