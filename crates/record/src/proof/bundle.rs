//! The check of a whole evidence bundle, offline and without any other key than the log's public one.
//! It answers with the first thing that does not hold: a signature, a file, or an entry by its position.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{BUNDLE_FORMAT, Manifest, Shown, ShownEntry, manifest::seal_text};
use crate::{
    Broken, Hash,
    checkpoint::{Checkpoint, CheckpointError, VerifierKey, open_note},
    content_hash,
    tree::verify_consistency,
};

/// A bundle, as it was read from a folder or an archive.
#[derive(Debug, Clone, Copy)]
pub struct Bundle<'a> {
    /// `manifest.json`.
    pub manifest: &'a [u8],
    /// `manifest.note`.
    pub seal: &'a str,
    /// `entries.jsonl`.
    pub entries: &'a [u8],
    /// Every other file in it.
    pub files: &'a [File],
}

/// A file of a bundle, measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is in the bundle; parts divided by `/`.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Hash,
}

/// What holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleHolds {
    /// The manifest.
    pub manifest: Manifest,
    /// The checkpoint the entries are proved to.
    pub checkpoint: Checkpoint,
    /// Whether the key is one the caller knew. If not, it came with the bundle and proves only that the bundle fits together.
    pub key_known: bool,
    /// The entries, each in its line's order, which is that of their positions.
    pub entries: Vec<ShownEntry>,
    /// How many of them show their content.
    pub in_clear: u64,
}

/// The first thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// A signature, a key or the checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The manifest cannot be read, or contradicts itself.
    #[error("read `manifest.json`: {0}")]
    Manifest(String),
    /// The signature beside the manifest is for another one.
    #[error(
        "check `manifest.note`: it was signed for another `manifest.json`; one of them has been altered"
    )]
    OtherManifest,
    /// A file is missing, altered, or not listed.
    #[error("check the file `{path}`: {why}")]
    File {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A line of `entries.jsonl` is not an entry.
    #[error("read line {line} of `entries.jsonl`: {why}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// Why not.
        why: String,
    },
    /// An earlier checkpoint is not a beginning of this log.
    #[error("compare with the checkpoint of {size} entries: this log does not begin with it")]
    NotContinued {
        /// Its size.
        size: u64,
    },
    /// An entry does not hold.
    #[error(transparent)]
    Entry(#[from] Broken),
}

/// Checks a bundle. `known` are the keys of the log the caller has from elsewhere;
/// with none, the key in the bundle is used, and [`BundleHolds::key_known`] says so.
pub fn check_bundle(
    bundle: &Bundle<'_>,
    known: &[VerifierKey],
) -> Result<BundleHolds, BundleError> {
    let manifest: Manifest = serde_json::from_slice(bundle.manifest)
        .map_err(|error| BundleError::Manifest(error.to_string()))?;
    if manifest.format != BUNDLE_FORMAT {
        return Err(BundleError::Manifest(format!(
            "the format is `{}`, expected `{BUNDLE_FORMAT}`",
            manifest.format
        )));
    }
    let keys = if known.is_empty() {
        vec![manifest.key.parse()?]
    } else {
        known.to_vec()
    };
    let checkpoint = Checkpoint::open(&manifest.checkpoint, &keys)?;
    check_seal(bundle, &checkpoint.origin, &keys)?;
    check_files(bundle, &manifest)?;
    check_earlier(&manifest, &checkpoint, &keys)?;
    let entries = read_entries(bundle.entries, &manifest)?;
    check_entries(&entries, &manifest, &checkpoint)?;
    let in_clear = entries
        .iter()
        .filter(|entry| matches!(entry.content, Shown::Clear { .. } | Shown::Bytes { .. }))
        .count() as u64;
    Ok(BundleHolds {
        manifest,
        checkpoint,
        key_known: !known.is_empty(),
        entries,
        in_clear,
    })
}

fn check_seal(bundle: &Bundle<'_>, origin: &str, keys: &[VerifierKey]) -> Result<(), BundleError> {
    let (seal, signers) = open_note(bundle.seal, keys)?;
    if seal.text != seal_text(origin, bundle.manifest)
        || !signers.iter().any(|signer| signer.name == origin)
    {
        return Err(BundleError::OtherManifest);
    }
    Ok(())
}

fn check_files(bundle: &Bundle<'_>, manifest: &Manifest) -> Result<(), BundleError> {
    let wrong = |path: &str, why| BundleError::File {
        path: path.to_owned(),
        why,
    };
    if content_hash(bundle.entries) != manifest.entries.sha256 {
        return Err(wrong("entries.jsonl", "it has been altered"));
    }
    let mut found: BTreeMap<&str, &File> = BTreeMap::new();
    for file in bundle.files {
        if found.insert(&file.path, file).is_some() {
            return Err(wrong(&file.path, "it is there twice"));
        }
    }
    for listed in &manifest.documents {
        if !is_plain(&listed.path) {
            return Err(wrong(&listed.path, "its name leads out of the bundle"));
        }
        let file = found
            .remove(listed.path.as_str())
            .ok_or_else(|| wrong(&listed.path, "it is listed and missing, or listed twice"))?;
        if (file.bytes, file.sha256) != (listed.bytes, listed.sha256) {
            return Err(wrong(&listed.path, "it has been altered"));
        }
    }
    match found.keys().next() {
        Some(path) => Err(wrong(path, "it is not listed in the manifest")),
        None => Ok(()),
    }
}

/// A path below the bundle, written in one way only.
fn is_plain(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}

fn check_earlier(
    manifest: &Manifest,
    checkpoint: &Checkpoint,
    keys: &[VerifierKey],
) -> Result<(), BundleError> {
    for earlier in &manifest.earlier {
        let old = Checkpoint::open(&earlier.checkpoint, keys)?;
        let continued = verify_consistency(
            old.size,
            checkpoint.size,
            &earlier.proof,
            &old.root,
            &checkpoint.root,
        );
        if old.origin != checkpoint.origin || continued.is_err() {
            return Err(BundleError::NotContinued { size: old.size });
        }
    }
    Ok(())
}

fn read_entries(bytes: &[u8], manifest: &Manifest) -> Result<Vec<ShownEntry>, BundleError> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    // Every line ends with a line feed, so what is left behind the last is nothing.
    if lines.pop().is_none_or(|rest| !rest.is_empty()) {
        return Err(BundleError::Line {
            line: lines.len() + 1,
            why: "the line does not end".to_owned(),
        });
    }
    if lines.len() as u64 != manifest.entries.count {
        return Err(BundleError::Manifest(format!(
            "it says that there are {} entries; there are {}",
            manifest.entries.count,
            lines.len()
        )));
    }
    lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            serde_json::from_slice(line).map_err(|error| BundleError::Line {
                line: at + 1,
                why: error.to_string(),
            })
        })
        .collect()
}

fn check_entries(
    entries: &[ShownEntry],
    manifest: &Manifest,
    checkpoint: &Checkpoint,
) -> Result<(), BundleError> {
    let mut numbers: HashMap<&str, u64> = HashMap::new();
    let whole: BTreeSet<&str> = manifest.streams.iter().map(|s| s.stream.as_str()).collect();
    let mut before: Option<&ShownEntry> = None;
    for shown in entries {
        let position = shown.entry.position;
        let broken = |why: String| BundleError::Entry(Broken { position, why });
        let entry = shown
            .check(checkpoint.size, &checkpoint.root)
            .map_err(|error| broken(error.to_string()))?;
        if entry.partnership != manifest.partnership {
            return Err(broken(format!(
                "it belongs to the partnership `{}`",
                entry.partnership
            )));
        }
        if let Some(before) = before {
            if before.entry.position >= position {
                return Err(broken("it is repeated or out of order".to_owned()));
            }
            if before.entry.position + 1 == position && entry.previous != before.hash {
                return Err(broken(
                    "it does not follow from the entry before it".to_owned(),
                ));
            }
        }
        let number = numbers.entry(shown.entry.stream.as_str()).or_insert(0);
        let expected = u128::from(*number) + 1;
        let found = u128::from(entry.number);
        let missing = whole.contains(shown.entry.stream.as_str()) && found != expected;
        if missing || found < expected {
            return Err(broken(format!(
                "it says it is number {} of the stream `{}`; number {expected} was expected",
                entry.number, entry.stream
            )));
        }
        *number = entry.number;
        before = Some(shown);
    }
    for line in &manifest.streams {
        let found = numbers.get(line.stream.as_str()).copied().unwrap_or(0);
        if found != line.entries {
            return Err(BundleError::Manifest(format!(
                "it says that all {} entries of the stream `{}` are in the bundle; {found} are",
                line.entries, line.stream
            )));
        }
    }
    Ok(())
}
