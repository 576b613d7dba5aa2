//! The two halves of a log's signing key: the seed that signs, and the verifier key that is handed out.
//! A verifier key is written `name+id+base64`, as in the `note` package of Go, so that existing verifiers read it.

use std::{fmt, str::FromStr};

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use sha2::{Digest, Sha256};

use super::CheckpointError;

/// The byte that says Ed25519, in front of a public key and in its id.
const ED25519: u8 = 1;

/// What a log signs with. Shown without its secret.
pub struct SigningKey {
    name: String,
    id: u32,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key made from 32 secret bytes, under the name of its log.
    pub fn from_seed(
        name: impl Into<String>,
        seed: &[u8; 32],
    ) -> Result<SigningKey, CheckpointError> {
        let name = checked_name(name.into())?;
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let id = key_id(&name, key.verifying_key().as_bytes());
        Ok(SigningKey { name, id, key })
    }

    /// Its name, that of the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id: the first four bytes of the SHA-256 of name, line feed, a one byte and the public key.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The half to hand out.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey {
            name: self.name.clone(),
            id: self.id,
            key: self.key.verifying_key(),
        }
    }

    pub(super) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.key.sign(text).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}+{:08x})", self.name, self.id)
    }
}

/// What a log's signatures are checked with; public.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Its name, that of the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id, as [`SigningKey::id`].
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The 32 bytes of the public key (RFC 8032).
    pub fn public(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    pub(super) fn fits(&self, text: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            self.id,
            Base64::encode_string(&bytes)
        )
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = CheckpointError;

    /// Reads `name+id+base64`; the exact inverse of writing it.
    fn from_str(text: &str) -> Result<VerifierKey, CheckpointError> {
        let wrong = |why| CheckpointError::Key {
            key: text.to_owned(),
            why,
        };
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("it is not `name+id+key`"));
        };
        let bytes = Base64::decode_vec(key).map_err(|_| wrong("its last part is not base64"))?;
        let public = match bytes.split_first() {
            Some((&ED25519, public)) => <&[u8; 32]>::try_from(public)
                .map_err(|_| wrong("the public key does not have 32 bytes"))?,
            _ => return Err(wrong("it is not of the kind Ed25519")),
        };
        let key = VerifyingKey::from_bytes(public)
            .ok()
            .filter(|key| !key.is_weak() && key.as_bytes() == public)
            .ok_or_else(|| wrong("its public key is none"))?;
        let name = checked_name(name.to_owned())?;
        let known = key_id(&name, public);
        if id != format!("{known:08x}") {
            return Err(wrong("its id does not fit its name and public key"));
        }
        Ok(VerifierKey {
            name,
            id: known,
            key,
        })
    }
}

fn checked_name(name: String) -> Result<String, CheckpointError> {
    if is_name(&name) {
        Ok(name)
    } else {
        Err(CheckpointError::KeyName(name))
    }
}

/// Whether this can name a key: not empty, no space of any kind, no plus sign, no control character.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control() || letter == '+')
}

fn key_id(name: &str, public: &[u8; 32]) -> u32 {
    let mut sha = Sha256::new();
    sha.update(name.as_bytes());
    sha.update([b'\n', ED25519]);
    sha.update(public);
    let [a, b, c, d, ..]: [u8; 32] = sha.finalize().into();
    u32::from_be_bytes([a, b, c, d])
}
