//! Reading a bundle from its archive and checking it; nothing in it is believed before that, and nothing is unpacked to disk.
//! An archive that says one thing to this reader and another to someone else's is refused.

use std::io::{Cursor, Read};

use record::{
    checkpoint::VerifierKey,
    content_hash,
    proof::{Bundle, BundleError, BundleHolds, File, Shown, check_bundle},
};
use zip::ZipArchive;

use super::{ENTRIES, MANIFEST, SEAL};
use crate::signatures::check_shown;

/// No more than this is unpacked, so that a small file cannot fill the memory: 1 GiB.
const LARGEST: u64 = 1 << 30;

/// A bundle that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleChecked {
    /// What holds.
    pub holds: BundleHolds,
    /// How many readable files it has.
    pub documents: usize,
    /// How many signatures in it were made with a passkey; all of them hold.
    pub passkeys: u64,
}

/// Why a bundle was not found to hold.
#[derive(Debug, thiserror::Error)]
pub enum BundleFault {
    /// It is not a bundle at all, so nothing could be checked.
    #[error("this is no evidence bundle: {0}")]
    NotABundle(&'static str),
    /// The archive is damaged, or was put together by someone else.
    #[error("the archive does not hold: {0}")]
    Archive(String),
    /// What is in it does not hold.
    #[error(transparent)]
    Wrong(#[from] BundleError),
    /// A signature that a passkey made does not hold.
    #[error("entry {position} does not hold: {why}")]
    Signature {
        /// The entry.
        position: u64,
        /// Why.
        why: String,
    },
}

/// Checks a bundle as a file. `known` are keys of the log from elsewhere; with none, the one in the bundle is used.
///
/// # Errors
/// The first thing that does not hold.
pub fn check_bundle_file(
    bytes: &[u8],
    known: &[VerifierKey],
) -> Result<BundleChecked, BundleFault> {
    if bytes.starts_with(b"age-encryption.org/") {
        return Err(BundleFault::NotABundle(
            "it is sealed for a recipient; open it first with the identity it was sealed for",
        ));
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Err(BundleFault::NotABundle("it is not a zip archive"));
    }
    let members = unpack(bytes)?;
    let part = |name: &str| {
        members
            .iter()
            .find(|(path, _)| path == name)
            .map(|(_, bytes)| bytes.as_slice())
            .ok_or_else(|| BundleFault::Archive(format!("the file `{name}` is missing")))
    };
    let seal = std::str::from_utf8(part(SEAL)?)
        .map_err(|_| BundleFault::Archive(format!("the file `{SEAL}` is not text")))?;
    let files: Vec<File> = members
        .iter()
        .filter(|(path, _)| ![MANIFEST, SEAL, ENTRIES].contains(&path.as_str()))
        .map(|(path, bytes)| File {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sha256: content_hash(bytes),
        })
        .collect();
    let holds = check_bundle(
        &Bundle {
            manifest: part(MANIFEST)?,
            seal,
            entries: part(ENTRIES)?,
            files: &files,
        },
        known,
    )?;
    let mut passkeys = 0;
    for one in &holds.entries {
        let Shown::Clear { text, .. } = &one.content else {
            continue;
        };
        let position = one.entry.position;
        match check_shown(&one.entry.kind, text) {
            None => {}
            Some(Ok(())) => passkeys += 1,
            Some(Err(why)) => return Err(BundleFault::Signature { position, why }),
        }
    }
    Ok(BundleChecked {
        passkeys,
        holds,
        documents: files.len(),
    })
}

/// Every file of the archive with its path.
fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, BundleFault> {
    let damaged = |why: String| BundleFault::Archive(why);
    // The list at the end says how many files there are; a reader that keeps one of each name would not see a second of the same.
    let listed = bytes
        .len()
        .checked_sub(22)
        .map(|at| &bytes[at..])
        .filter(|end| end.starts_with(b"PK\x05\x06"))
        .map(|end| usize::from(u16::from_le_bytes([end[10], end[11]])))
        .ok_or_else(|| damaged("it does not end as an archive ends".into()))?;
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(error.to_string()))?;
    if archive.len() != listed || archive.offset() != 0 {
        return Err(damaged(
            "a file is in it twice, or something stands before it".into(),
        ));
    }
    let mut left = LARGEST;
    let mut members = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let member = archive
            .by_index(at)
            .map_err(|error| damaged(error.to_string()))?;
        let name = std::str::from_utf8(member.name_raw())
            .map_err(|_| damaged("the name of a file is not text".into()))?
            .to_owned();
        if !member.is_file() {
            return Err(damaged(format!("`{name}` is not a file")));
        }
        let mut content = Vec::new();
        member
            .take(left + 1)
            .read_to_end(&mut content)
            .map_err(|error| damaged(format!("the file `{name}` cannot be read: {error}")))?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or_else(|| damaged(format!("it unpacks to more than {LARGEST} bytes")))?;
        members.push((name, content));
    }
    Ok(members)
}
