//! A signature on a decision made with a passkey (WebAuthn): what it is made over, and its check with the public key alone.
//! The passkey signs the hash of the exact text with who signs and how, so that nobody can show it under another text.
//! Whose passkey it is is said elsewhere in the record; here is only the mathematics.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey as Ed25519Key};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey as P256Key};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The first field of what is hashed.
const DOMAIN: &[u8] = b"candour-decision-signature/1";
/// The person was there.
const PRESENT: u8 = 0x01;
/// The device made sure of the person, with a PIN, a finger or a face.
const VERIFIED: u8 = 0x04;

/// What is signed: who signs for whom, how, and the exact text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedText<'a> {
    /// The safeguarding partner (id).
    pub partner: &'a str,
    /// The body of that partner (id).
    pub body: &'a str,
    /// The view that is signed (id), such as `agrees`.
    pub view: &'a str,
    /// The note, or the reasons of a dissent.
    pub note: &'a str,
    /// The exact text of the decision.
    pub text: &'a str,
}

impl SignedText<'_> {
    /// SHA-256 over the fields, each after its length in eight bytes: the challenge that a passkey is given.
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let fields = [self.partner, self.body, self.view, self.note, self.text];
        for field in std::iter::once(DOMAIN).chain(fields.map(str::as_bytes)) {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field);
        }
        hash.finalize().into()
    }
}

/// What a passkey gave, as it is kept: base64url without padding, but for the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assertion<'a> {
    /// The name of the site that the passkey belongs to, such as `candour.example.org`.
    pub site: &'a str,
    /// The public key (COSE, RFC 9052), as the passkey gave it when it was registered.
    pub public_key: &'a str,
    /// What the device says of itself and of the person.
    pub authenticator_data: &'a str,
    /// What the browser says: JSON, byte for byte.
    pub client_data: &'a str,
    /// The signature.
    pub signature: &'a str,
}

/// Why an assertion proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// Something cannot be read.
    #[error("the {0} of the passkey's signature cannot be read")]
    Unreadable(&'static str),
    /// It was made over another text, for another partner, or with another view.
    #[error("the passkey signed something else than this text")]
    AnotherText,
    /// It was made for another site, or not for signing in at one.
    #[error("the passkey's signature was made for another site or purpose")]
    AnotherSite,
    /// The device did not make sure of the person.
    #[error("the passkey's device did not make sure of the person")]
    NotVerified,
    /// A key of a kind that is not known here.
    #[error("the passkey's key is of a kind that cannot be checked here")]
    UnknownKey,
    /// The signature is not of this key over these bytes.
    #[error("the passkey's signature does not hold")]
    Wrong,
}

/// What the browser says, as far as it is looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

fn bytes(text: &str, what: &'static str) -> Result<Vec<u8>, Unproved> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| Unproved::Unreadable(what))
}

/// Checks a signature with what is kept of it and nothing else.
///
/// # Errors
/// Why it proves nothing.
pub fn check(signed: &SignedText<'_>, assertion: &Assertion<'_>) -> Result<(), Unproved> {
    let client_data = bytes(assertion.client_data, "statement of the browser")?;
    let said: ClientData = serde_json::from_slice(&client_data)
        .map_err(|_| Unproved::Unreadable("statement of the browser"))?;
    if said.r#type != "webauthn.get" || said.cross_origin || !is_of(&said.origin, assertion.site) {
        return Err(Unproved::AnotherSite);
    }
    if bytes(&said.challenge, "challenge")? != signed.hash() {
        return Err(Unproved::AnotherText);
    }
    let device = bytes(assertion.authenticator_data, "statement of the device")?;
    let (Some(site), Some(flags)) = (device.get(..32), device.get(32)) else {
        return Err(Unproved::Unreadable("statement of the device"));
    };
    if device.len() < 37 {
        return Err(Unproved::Unreadable("statement of the device"));
    }
    if site != Sha256::digest(assertion.site.as_bytes()).as_slice() {
        return Err(Unproved::AnotherSite);
    }
    if flags & PRESENT == 0 || flags & VERIFIED == 0 {
        return Err(Unproved::NotVerified);
    }
    let message = [device.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
    let signature = bytes(assertion.signature, "signature")?;
    match key(&bytes(assertion.public_key, "key")?)? {
        Key::Ed25519(key) => {
            let signature = Ed25519Signature::from_slice(&signature)
                .map_err(|_| Unproved::Unreadable("signature"))?;
            key.verify_strict(&message, &signature)
                .map_err(|_| Unproved::Wrong)
        }
        Key::P256(key) => {
            let signature = DerSignature::try_from(signature.as_slice())
                .map_err(|_| Unproved::Unreadable("signature"))?;
            key.verify(&message, &signature)
                .map_err(|_| Unproved::Wrong)
        }
    }
}

/// Whether an origin is the site's, or that of a part of it; over https, or on this machine.
fn is_of(origin: &str, site: &str) -> bool {
    let Some(host) = origin.strip_prefix("https://").or_else(|| {
        origin
            .strip_prefix("http://")
            .filter(|rest| *rest == "localhost" || rest.starts_with("localhost:"))
    }) else {
        return false;
    };
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    !site.is_empty() && (host == site || host.ends_with(&format!(".{site}")))
}

enum Key {
    Ed25519(Ed25519Key),
    P256(P256Key),
}

/// The two kinds of key in the form that passkeys write them in (CTAP2 canonical CBOR), which can be written in one way only.
fn key(cose: &[u8]) -> Result<Key, Unproved> {
    // {1: 1 (OKP), 3: -8 (EdDSA), -1: 6 (Ed25519), -2: 32 bytes}
    const ED25519: &[u8] = &[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
    // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: 32 bytes, -3: 32 bytes}
    const P256: &[u8] = &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    const SECOND: &[u8] = &[0x22, 0x58, 0x20];
    let unreadable = || Unproved::Unreadable("key");
    if let Some(rest) = cose.strip_prefix(ED25519) {
        let point = rest.try_into().map_err(|_| unreadable())?;
        let key = Ed25519Key::from_bytes(point).map_err(|_| unreadable())?;
        return Ok(Key::Ed25519(key));
    }
    if let Some(rest) = cose.strip_prefix(P256) {
        let (x, rest) = rest.split_at_checked(32).ok_or_else(unreadable)?;
        let y = rest.strip_prefix(SECOND).ok_or_else(unreadable)?;
        let point = [&[0x04], x, y].concat();
        let key = P256Key::from_sec1_bytes(&point).map_err(|_| unreadable())?;
        return Ok(Key::P256(key));
    }
    Err(Unproved::UnknownKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::Signer as _;
    use p256::ecdsa::signature::Signer as _;

    const SITE: &str = "candour.example.org";
    const TEXT: SignedText<'static> = SignedText {
        partner: "council",
        body: "merrowshire-council",
        view: "agrees",
        note: "",
        text: "MER-2026-004: decision of the safeguarding partners",
    };

    struct Made {
        key: String,
        device: Vec<u8>,
        client: String,
        signature: Vec<u8>,
    }

    enum Device {
        Ed(ed25519_dalek::SigningKey),
        P(p256::ecdsa::SigningKey),
    }

    fn devices() -> [Device; 2] {
        [
            Device::Ed(ed25519_dalek::SigningKey::from_bytes(&[7; 32])),
            Device::P(p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap()),
        ]
    }

    /// What a device and a browser would make of a challenge.
    fn made(device: &Device, site: &str, flags: u8, client: String) -> Made {
        let mut data = Sha256::digest(site.as_bytes()).to_vec();
        data.push(flags);
        data.extend(5u32.to_be_bytes());
        let message = [
            data.as_slice(),
            Sha256::digest(client.as_bytes()).as_slice(),
        ]
        .concat();
        let (key, signature) = match device {
            Device::Ed(key) => {
                let mut cose = vec![0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
                cose.extend(key.verifying_key().as_bytes());
                (cose, key.sign(&message).to_bytes().to_vec())
            }
            Device::P(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                let mut cose = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
                cose.extend(point.x().unwrap());
                cose.extend([0x22, 0x58, 0x20]);
                cose.extend(point.y().unwrap());
                let signature: DerSignature = key.sign(&message);
                (cose, signature.as_bytes().to_vec())
            }
        };
        Made {
            key: Base64UrlUnpadded::encode_string(&key),
            device: data,
            client,
            signature,
        }
    }

    fn client(text: &SignedText<'_>, kind: &str, origin: &str) -> String {
        let challenge = Base64UrlUnpadded::encode_string(&text.hash());
        format!(
            r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
        )
    }

    fn verdict(text: &SignedText<'_>, site: &str, made: &Made) -> Result<(), Unproved> {
        let text_of = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        let (device, client) = (text_of(&made.device), text_of(made.client.as_bytes()));
        let signature = text_of(&made.signature);
        check(
            text,
            &Assertion {
                site,
                public_key: &made.key,
                authenticator_data: &device,
                client_data: &client,
                signature: &signature,
            },
        )
    }

    fn good(device: &Device) -> Made {
        let origin = "https://candour.example.org";
        made(device, SITE, 0x05, client(&TEXT, "webauthn.get", origin))
    }

    #[test]
    fn a_signature_over_the_text_holds_with_the_public_key_alone() {
        for device in devices() {
            assert_eq!(verdict(&TEXT, SITE, &good(&device)), Ok(()));
        }
    }

    #[test]
    fn it_holds_for_no_other_text_partner_view_or_note() {
        for device in devices() {
            let made = good(&device);
            for other in [
                SignedText {
                    text: "MER-2026-004: decision of the safeguarding partners ",
                    ..TEXT
                },
                SignedText {
                    partner: "police",
                    ..TEXT
                },
                SignedText {
                    body: "other",
                    ..TEXT
                },
                SignedText {
                    view: "dissents",
                    ..TEXT
                },
                SignedText {
                    note: "With a note.",
                    ..TEXT
                },
                // The same letters, divided otherwise.
                SignedText {
                    partner: "councilm",
                    body: "errowshire-council",
                    ..TEXT
                },
            ] {
                assert_eq!(verdict(&other, SITE, &made), Err(Unproved::AnotherText));
            }
        }
    }

    #[test]
    fn every_altered_byte_of_what_is_kept_is_found() {
        for device in devices() {
            let whole = good(&device);
            let lengths = [
                whole.device.len(),
                whole.client.len(),
                whole.signature.len(),
            ];
            for (part, length) in lengths.into_iter().enumerate() {
                for at in 0..length {
                    let mut bad = good(&device);
                    match part {
                        0 => bad.device[at] ^= 0x40,
                        1 => {
                            let mut bytes = bad.client.into_bytes();
                            bytes[at] ^= 1;
                            bad.client = String::from_utf8(bytes).unwrap();
                        }
                        _ => bad.signature[at] ^= 1,
                    }
                    assert!(
                        verdict(&TEXT, SITE, &bad).is_err(),
                        "part {part}, byte {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn one_made_elsewhere_for_something_else_or_without_the_person_proves_nothing() {
        let [device, _] = devices();
        let origin = "https://candour.example.org";
        let of = |site: &str, flags, kind: &str, origin: &str| {
            let made = made(&device, site, flags, client(&TEXT, kind, origin));
            verdict(&TEXT, SITE, &made)
        };
        assert_eq!(
            of(SITE, 0x05, "webauthn.create", origin),
            Err(Unproved::AnotherSite)
        );
        assert_eq!(
            of("evil.example", 0x05, "webauthn.get", origin),
            Err(Unproved::AnotherSite)
        );
        for origin in [
            "https://evil.example",
            "https://candour.example.org.evil.example",
            "https://evilcandour.example.org",
            "http://candour.example.org",
        ] {
            assert_eq!(
                of(SITE, 0x05, "webauthn.get", origin),
                Err(Unproved::AnotherSite),
                "{origin}"
            );
        }
        for flags in [0x00, 0x01, 0x04] {
            assert_eq!(
                of(SITE, flags, "webauthn.get", origin),
                Err(Unproved::NotVerified)
            );
        }
        assert_eq!(
            of(
                SITE,
                0x05,
                "webauthn.get",
                "https://sub.candour.example.org:8443"
            ),
            Ok(())
        );
    }

    #[test]
    fn a_key_of_another_kind_or_form_is_not_guessed_at() {
        let [device, other] = devices();
        let mut made = good(&device);
        made.key = good(&other).key;
        assert!(verdict(&TEXT, SITE, &made).is_err());
        made.key = Base64UrlUnpadded::encode_string(&[0xa0]);
        assert_eq!(verdict(&TEXT, SITE, &made), Err(Unproved::UnknownKey));
        made.key = "not base64!".into();
        assert_eq!(
            verdict(&TEXT, SITE, &made),
            Err(Unproved::Unreadable("key"))
        );
    }
}
