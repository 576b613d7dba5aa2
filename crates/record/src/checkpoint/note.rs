//! Signed notes (C2SP `signed-note`): a text, an empty line, and a line for each signature.
//! A note is read strictly, so that no two programs can take one text for different ones.

use base64ct::{Base64, Encoding};

use super::{CheckpointError, SigningKey, VerifierKey, keys::is_name};

/// A note with more signatures than this is refused unread.
pub const MOST_SIGNATURES: usize = 100;

/// What every line of a signature begins with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// A note taken apart; nothing about it is checked yet but its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text that was signed, with its last line feed.
    pub text: String,
    /// The signatures, in the order they stand.
    pub signatures: Vec<NoteSignature>,
}

/// One line of signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub id: u32,
    /// The signature itself, of whatever kind the key is.
    pub signature: Vec<u8>,
}

/// A key given by the caller whose signature was found and fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub id: u32,
}

impl Note {
    /// Takes a note apart.
    pub fn parse(note: &str) -> Result<Note, CheckpointError> {
        if note.chars().any(|letter| letter < ' ' && letter != '\n') {
            return Err(wrong("there is a control character in it"));
        }
        let Some(at) = note.rfind("\n\n") else {
            return Err(wrong("there is no empty line before the signatures"));
        };
        let (text, lines) = (&note[..=at], &note[at + 2..]);
        let Some(lines) = lines.strip_suffix('\n') else {
            return Err(wrong("it has no signature, or the last line does not end"));
        };
        let signatures = lines
            .split('\n')
            .take(MOST_SIGNATURES + 1)
            .map(NoteSignature::parse)
            .collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MOST_SIGNATURES {
            return Err(wrong("it has too many signatures"));
        }
        Ok(Note {
            text: text.to_owned(),
            signatures,
        })
    }
}

impl NoteSignature {
    fn parse(line: &str) -> Result<NoteSignature, CheckpointError> {
        let bad = || {
            wrong(&format!(
                "`{line}` is not a signature: an em dash, a name and base64"
            ))
        };
        let (name, encoded) = line
            .strip_prefix(DASH)
            .and_then(|rest| rest.split_once(' '))
            .ok_or_else(bad)?;
        let bytes = Base64::decode_vec(encoded).map_err(|_| bad())?;
        let (id, signature) = bytes.split_first_chunk().ok_or_else(bad)?;
        if signature.is_empty() || !is_name(name) {
            return Err(bad());
        }
        Ok(NoteSignature {
            name: name.to_owned(),
            id: u32::from_be_bytes(*id),
            signature: signature.to_vec(),
        })
    }
}

/// Signs a text, which has to end with a line feed, with each of the keys.
pub fn sign_note(text: &str, keys: &[&SigningKey]) -> Result<String, CheckpointError> {
    if !text.ends_with('\n') {
        return Err(wrong("the text to sign does not end with a line feed"));
    }
    let mut note = format!("{text}\n");
    for key in keys {
        let mut bytes = key.id().to_be_bytes().to_vec();
        bytes.extend_from_slice(&key.sign(text.as_bytes()));
        note.push_str(&format!(
            "{DASH}{} {}\n",
            key.name(),
            Base64::encode_string(&bytes)
        ));
    }
    // What cannot be read back must not be handed out.
    Note::parse(&note)?;
    Ok(note)
}

/// Checks a note: each signature that names one of these keys has to fit, and there has to be one.
/// Signatures of other keys are ignored, also those that share a name or an id with a known one.
pub fn open_note(note: &str, keys: &[VerifierKey]) -> Result<(Note, Vec<Signer>), CheckpointError> {
    let note = Note::parse(note)?;
    let mut signers: Vec<Signer> = Vec::new();
    for line in &note.signatures {
        let Some(key) = keys
            .iter()
            .find(|key| key.name() == line.name && key.id() == line.id)
        else {
            continue;
        };
        if !key.fits(note.text.as_bytes(), &line.signature) {
            return Err(CheckpointError::BadSignature(format!(
                "{}+{:08x}",
                line.name, line.id
            )));
        }
        let signer = Signer {
            name: line.name.clone(),
            id: line.id,
        };
        if !signers.contains(&signer) {
            signers.push(signer);
        }
    }
    if signers.is_empty() {
        let found: Vec<String> = note
            .signatures
            .iter()
            .map(|line| format!("{}+{:08x}", line.name, line.id))
            .collect();
        return Err(CheckpointError::Unsigned(format!(
            "it is signed by {}",
            found.join(", ")
        )));
    }
    Ok((note, signers))
}

fn wrong(why: &str) -> CheckpointError {
    CheckpointError::Note(why.to_owned())
}
