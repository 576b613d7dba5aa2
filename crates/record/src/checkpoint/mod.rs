//! Checkpoints: the size and root of a log, signed, in the text of C2SP `tlog-checkpoint` inside a C2SP `signed-note`.
//! Whoever holds one can prove later that what the log said then is still at its beginning, whatever the server says now.
//! The keys and the time come from the caller; nothing here knows who may sign.

mod keys;
mod note;

pub use keys::{SigningKey, VerifierKey};
pub use note::{MOST_SIGNATURES, Note, NoteSignature, Signer, open_note, sign_note};

use base64ct::{Base64, Encoding};

use crate::Hash;

/// The size and root of a log at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log this is, such as `candour.example/merrowshire`; also the name of the key that signs it.
    pub origin: String,
    /// How many entries the log has.
    pub size: u64,
    /// The root of the Merkle tree over them.
    pub root: Hash,
    /// Further lines. Candour writes none; those of others are kept, and mean nothing here.
    pub extensions: Vec<String>,
}

/// Why a text is no checkpoint, or one that proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is not made as a note has to be.
    #[error("read the signed note: {0}")]
    Note(String),
    /// The text of the note is not that of a checkpoint.
    #[error("read the checkpoint: {0}")]
    Text(String),
    /// A verifier key that is not made as one has to be.
    #[error("read the key `{key}`: {why}")]
    Key {
        /// What was given.
        key: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A key name with a space or a plus sign, or none.
    #[error("name a key `{0}`: a name has at least one letter, no space and no plus sign")]
    KeyName(String),
    /// A signature of a known key that does not fit the text.
    #[error("check the signature of `{0}`: it does not fit the text; one of them has been altered")]
    BadSignature(String),
    /// No signature of a known key.
    #[error("check the signatures: none is by a key that is known here ({0})")]
    Unsigned(String),
    /// Signed with a known key, but for another log.
    #[error("check the checkpoint: it is of the log `{found}`, signed by `{signer}`")]
    OtherLog {
        /// The origin it names.
        found: String,
        /// The name of the key that signed it.
        signer: String,
    },
}

impl Checkpoint {
    /// A checkpoint without further lines.
    pub fn new(origin: impl Into<String>, size: u64, root: Hash) -> Checkpoint {
        Checkpoint {
            origin: origin.into(),
            size,
            root,
            extensions: Vec::new(),
        }
    }

    /// The text that is signed: origin, size and root, a line each, and any further lines.
    /// The error says which line cannot be written, as one that is empty or has a line break in it.
    pub fn text(&self) -> Result<String, CheckpointError> {
        let mut text = String::new();
        let root = Base64::encode_string(&self.root.0);
        let size = self.size.to_string();
        let lines = [self.origin.as_str(), &size, &root]
            .into_iter()
            .chain(self.extensions.iter().map(String::as_str));
        for line in lines {
            if line.is_empty() || line.chars().any(|letter| letter < ' ') {
                return Err(CheckpointError::Text(format!(
                    "the line `{}` is empty or has a control character in it",
                    line.escape_debug()
                )));
            }
            text.push_str(line);
            text.push('\n');
        }
        Ok(text)
    }

    /// Reads the text of a checkpoint, without signatures; the exact inverse of [`text`](Checkpoint::text).
    pub fn parse(text: &str) -> Result<Checkpoint, CheckpointError> {
        let wrong = |why: &str| CheckpointError::Text(why.to_owned());
        let body = text
            .strip_suffix('\n')
            .ok_or_else(|| wrong("the last line does not end"))?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(wrong("it has fewer than three lines"));
        };
        let number = size
            .parse()
            .ok()
            .filter(|number: &u64| number.to_string() == size)
            .ok_or_else(|| wrong("the second line is not a number of entries"))?;
        let mut bytes = [0; 32];
        if !matches!(Base64::decode(root, &mut bytes), Ok(found) if found.len() == 32) {
            return Err(wrong("the third line is not a hash in base64"));
        }
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: number,
            root: Hash(bytes),
            extensions: lines.map(str::to_owned).collect(),
        };
        // Empty lines and control characters are refused where they would be written.
        checkpoint.text()?;
        Ok(checkpoint)
    }

    /// The whole signed note, as it is handed out, mailed and printed.
    /// The key has to carry the name of the log ([`Checkpoint::origin`]).
    pub fn sign(&self, key: &SigningKey) -> Result<String, CheckpointError> {
        if key.name() != self.origin {
            return Err(CheckpointError::OtherLog {
                found: self.origin.clone(),
                signer: key.name().to_owned(),
            });
        }
        sign_note(&self.text()?, &[key])
    }

    /// Reads a signed note and checks it: a key given here, named as the log is, has signed it, and no signature of a key given here is wrong.
    /// Give every key the log ever signed with; signatures by others are ignored.
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Checkpoint, CheckpointError> {
        let (note, signers) = open_note(note, keys)?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        if signers
            .iter()
            .any(|signer| signer.name == checkpoint.origin)
        {
            return Ok(checkpoint);
        }
        Err(CheckpointError::OtherLog {
            found: checkpoint.origin,
            signer: signers.into_iter().map(|s| s.name).collect(),
        })
    }

    /// Reads a signed note without checking a signature: to show what it claims, never to rely on it.
    pub fn read_unchecked(note: &str) -> Result<Checkpoint, CheckpointError> {
        Checkpoint::parse(&Note::parse(note)?.text)
    }
}
