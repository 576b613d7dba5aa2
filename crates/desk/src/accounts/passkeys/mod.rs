//! Passkeys (WebAuthn): the site they belong to, what a browser is asked and answers, and what is kept of each.
//! What is asked is kept on the server, sealed, answered once and for a few minutes.

mod add;
mod prove;

use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use store::{KeptPasskey, PasskeyAsked};
use webauthn_rs::WebauthnBuilder;
use webauthn_rs::prelude::{
    COSEKey, COSEKeyType, ECDSACurve, EDDSACurve, Passkey, Url, Uuid, Webauthn,
};

use super::id_of;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

/// How long an answer is waited for.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);
/// The longest name of a passkey, in characters.
const LONGEST_LABEL: usize = 60;

/// The site that passkeys belong to.
#[derive(Debug)]
pub(crate) struct Site {
    webauthn: Webauthn,
    /// Such as `https://candour.example.org`.
    origin: String,
    /// Such as `candour.example.org`.
    name: String,
}

/// What a browser is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The secret that goes back with the answer.
    pub ceremony: String,
    /// The options for the browser, JSON.
    pub options: String,
}

/// What a browser answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered<'a> {
    /// The secret that came with what was asked.
    pub ceremony: &'a str,
    /// What the passkey gave, JSON.
    pub answer: &'a str,
}

/// A passkey of one's own, as its page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPasskey {
    /// What it is called in forms.
    pub name: String,
    /// What its owner calls it.
    pub label: String,
    /// When it was added (UTC).
    pub made: Timestamp,
    /// When it was last used (UTC).
    pub used: Option<Timestamp>,
    /// True when decisions can be signed with it, as its key is of a kind that anyone can check.
    pub signs: bool,
}

/// What is kept of a passkey, sealed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Key {
    label: String,
    passkey: Passkey,
    /// How often the device says that it was used; many always say 0.
    counter: u32,
    /// Hashes of signatures that were used to sign decisions, as what is signed then is no random number.
    signed: Vec<String>,
}

/// What a browser is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    SignIn,
    Step,
    SetUp,
    Add,
    Join,
    Again,
    Sign,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign-in",
            Purpose::Step => "step",
            Purpose::SetUp => "set-up",
            Purpose::Add => "add",
            Purpose::Join => "join",
            Purpose::Again => "again",
            Purpose::Sign => "sign",
        }
    }
}

fn unmade(error: impl std::fmt::Display) -> DeskError {
    DeskError::Other(format!("a passkey could not be used: {error}"))
}

/// What is said when a passkey did not prove what it should, whatever the reason.
fn unproved() -> DeskError {
    DeskError::field(
        "passkey",
        "The passkey did not work, or it took too long: try again, or go on without it",
    )
}

fn hash_of(credential: &[u8]) -> [u8; 32] {
    Sha256::digest(credential).into()
}

fn name_of(credential: &[u8; 32]) -> String {
    credential
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Key {
    fn read(kept: &KeptPasskey) -> Result<Key, DeskError> {
        serde_json::from_slice(&kept.content).map_err(unmade)
    }

    fn written(&self) -> Result<Vec<u8>, DeskError> {
        serde_json::to_vec(self).map_err(unmade)
    }
}

/// A public key as passkeys write it (COSE, canonical), base64url; `None` for a kind that signatures are not checked of.
fn cose(key: &COSEKey) -> Option<String> {
    let mut bytes = Vec::with_capacity(77);
    match &key.key {
        COSEKeyType::EC_EC2(key) if key.curve == ECDSACurve::SECP256R1 => {
            bytes.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
            bytes.extend(&key.x);
            bytes.extend([0x22, 0x58, 0x20]);
            bytes.extend(&key.y);
        }
        COSEKeyType::EC_OKP(key) if key.curve == EDDSACurve::ED25519 => {
            bytes.extend([0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20]);
            bytes.extend(&key.x);
        }
        _ => return None,
    }
    Some(Base64UrlUnpadded::encode_string(&bytes))
}

impl Desk {
    /// Lets passkeys be used at the address at which browsers reach this server, such as `https://candour.example.org`.
    /// Said once; without it there are none.
    ///
    /// # Errors
    /// It is no address at which a browser uses passkeys: https and a name, or http and `localhost` or a name below it.
    pub fn use_passkeys_at(&self, address: &str) -> Result<(), DeskError> {
        let wrong = || {
            DeskError::Other(format!(
                "passkeys need an address such as `https://candour.example.org`, not `{address}`"
            ))
        };
        let url = Url::parse(address).map_err(|_| wrong())?;
        let name = url.domain().ok_or_else(wrong)?.to_owned();
        if !(url.scheme() == "https"
            || (url.scheme() == "http" && (name == "localhost" || name.ends_with(".localhost"))))
            || url.path() != "/"
        {
            return Err(wrong());
        }
        let webauthn = WebauthnBuilder::new(&name, &url)
            .and_then(|builder| builder.rp_name("Candour").build())
            .map_err(|_| wrong())?;
        let origin = url.origin().ascii_serialization();
        let _ = self.inner.site.set(Site {
            webauthn,
            origin,
            name,
        });
        Ok(())
    }

    /// The address at which passkeys can be used, if that was said; browsers at another offer none.
    pub fn passkeys_at(&self) -> Option<&str> {
        self.inner.site.get().map(|site| site.origin.as_str())
    }

    fn site(&self) -> Result<&Site, DeskError> {
        self.inner.site.get().ok_or(DeskError::NotThere)
    }

    /// The name under which a device keeps the passkey of an account.
    fn handle(&self, account: &str) -> Uuid {
        let mut hash = Sha256::new();
        for part in [
            "candour-passkey-user/1",
            self.inner.store.partnership(),
            account,
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        Uuid::from_bytes(bytes)
    }

    async fn keys_of(&self, account: &str) -> Result<Vec<(KeptPasskey, Key)>, DeskError> {
        let kept = self.inner.store.passkeys(account).await?;
        kept.into_iter()
            .map(|kept| Key::read(&kept).map(|key| (kept, key)))
            .collect()
    }

    async fn ask(
        &self,
        account: Option<&str>,
        purpose: Purpose,
        state: &impl Serialize,
        options: &impl Serialize,
    ) -> Result<Asked, DeskError> {
        let ceremony = format!("{}{}", fresh()?, fresh()?);
        let now = Timestamp::now();
        let store = &self.inner.store;
        let old = now.saturating_sub(PATIENCE).unwrap_or(now);
        store.forget_passkeys_asked(old).await?;
        let asked = PasskeyAsked {
            account: account.map(str::to_owned),
            purpose: purpose.word().into(),
            content: serde_json::to_vec(state).map_err(unmade)?,
            begun: now,
        };
        store.ask_for_passkey(&id_of(&ceremony), &asked).await?;
        Ok(Asked {
            ceremony,
            options: serde_json::to_string(options).map_err(unmade)?,
        })
    }

    /// What was asked, once, for this purpose and of this account.
    async fn asked<S: DeserializeOwned>(
        &self,
        account: Option<&str>,
        purpose: Purpose,
        ceremony: &str,
    ) -> Result<S, DeskError> {
        let now = Timestamp::now();
        let old = now.saturating_sub(PATIENCE).unwrap_or(now);
        let asked = (self.inner.store)
            .take_passkey_asked(&id_of(ceremony), old)
            .await?
            .filter(|asked| asked.purpose == purpose.word() && asked.account.as_deref() == account)
            .ok_or_else(unproved)?;
        serde_json::from_slice(&asked.content).map_err(unmade)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use webauthn_rs::prelude::{COSEAlgorithm, COSEEC2Key, COSEOKPKey};

    #[test]
    fn a_key_is_written_as_the_record_reads_it_and_another_kind_is_not() {
        let p256 = COSEKey {
            type_: COSEAlgorithm::ES256,
            key: COSEKeyType::EC_EC2(COSEEC2Key {
                curve: ECDSACurve::SECP256R1,
                x: vec![1; 32],
                y: vec![2; 32],
            }),
        };
        let bytes = Base64UrlUnpadded::decode_vec(&cose(&p256).unwrap()).unwrap();
        assert_eq!(bytes.len(), 77);
        assert_eq!(bytes[42..45], [0x22, 0x58, 0x20]);
        let ed = COSEKey {
            type_: COSEAlgorithm::EDDSA,
            key: COSEKeyType::EC_OKP(COSEOKPKey {
                curve: EDDSACurve::ED25519,
                x: vec![3; 32],
            }),
        };
        assert_eq!(
            Base64UrlUnpadded::decode_vec(&cose(&ed).unwrap())
                .unwrap()
                .len(),
            42
        );
        let p384 = COSEKey {
            type_: COSEAlgorithm::ES384,
            key: COSEKeyType::EC_EC2(COSEEC2Key {
                curve: ECDSACurve::SECP384R1,
                x: vec![1; 48],
                y: vec![2; 48],
            }),
        };
        assert_eq!(cose(&p384), None);
    }
}
