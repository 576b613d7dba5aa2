//! The manifest of an evidence bundle, `candour-bundle/1`: what is in it, to which checkpoint it is proved, and which streams it shows whole.
//! It is signed, because the choice of entries and the readable documents are not in the log.

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

use crate::{
    Hash,
    checkpoint::{CheckpointError, SigningKey, sign_note},
    content_hash,
};

/// The name and version of the format of a bundle.
pub const BUNDLE_FORMAT: &str = "candour-bundle/1";

/// The file `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`BUNDLE_FORMAT`].
    pub format: String,
    /// The partnership whose record this is from.
    pub partnership: String,
    /// What the bundle is about, in words.
    pub title: String,
    /// When it was made; RFC 3339, as in an entry.
    pub made_at: String,
    /// Who made it: a person's id.
    pub made_by: String,
    /// The verifier key of the log. To be compared with one known from elsewhere.
    pub key: String,
    /// The signed note to which every entry is proved.
    pub checkpoint: String,
    /// Earlier checkpoints, such as that of a decision, with the proof that the log continues them.
    pub earlier: Vec<EarlierCheckpoint>,
    /// The file of entries.
    pub entries: EntriesLine,
    /// The streams that are shown whole: every entry up to the checkpoint is in the bundle, in clear or withheld.
    pub streams: Vec<StreamLine>,
    /// Every other file.
    pub documents: Vec<DocumentLine>,
}

/// An earlier checkpoint and the way from it to that of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierCheckpoint {
    /// The signed note.
    pub checkpoint: String,
    /// The hashes of the consistency proof.
    pub proof: Vec<Hash>,
}

/// The file `entries.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntriesLine {
    /// How many lines it has.
    pub count: u64,
    /// The SHA-256 of the file.
    pub sha256: Hash,
}

/// A stream shown whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamLine {
    /// Its name.
    pub stream: String,
    /// How many entries it had at the checkpoint.
    pub entries: u64,
}

/// A readable file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentLine {
    /// Where it is in the bundle, such as `documents/decision.pdf`; parts divided by `/`.
    pub path: String,
    /// What it is, in words.
    pub title: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Hash,
}

/// The text that is signed for a manifest: the log, the format, and the SHA-256 of the file in base64, a line each.
/// Its second line is no number, so it is never taken for a checkpoint.
pub fn seal_text(origin: &str, manifest: &[u8]) -> String {
    let hash = Base64::encode_string(&content_hash(manifest).0);
    format!("{origin}\n{BUNDLE_FORMAT}\n{hash}\n")
}

/// The file `manifest.note`: the signature over `manifest.json` by the key of the log.
pub fn sign_manifest(manifest: &[u8], key: &SigningKey) -> Result<String, CheckpointError> {
    sign_note(&seal_text(key.name(), manifest), &[key])
}
