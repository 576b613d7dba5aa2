//! Proving oneself with a passkey: signing in with it alone, as the second step, once more before something grave, and
//! under a decision, where what is signed is the hash of the exact text.

use base64ct::{Base64UrlUnpadded, Encoding};
use cases::decision::Passkey as SignedWith;
use jiff::Timestamp;
use record::passkey::{Assertion, SignedText};
use serde::Deserialize;
use serde_json::json;
use store::KeptPasskey;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, PasskeyAuthentication, PublicKeyCredential,
};

use super::add::request;
use super::{Answered, Asked, Key, Purpose, cose, hash_of, name_of, unmade, unproved};
use crate::accounts::attempts::Tried;
use crate::accounts::{Session, SignIn};
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;

/// What a browser gives of a signature, base64url as it is kept.
#[derive(Deserialize)]
struct Given {
    response: GivenResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenResponse {
    authenticator_data: String,
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    signature: String,
}

/// The part of a signature that nobody but the device can make anew: of an ECDSA signature (DER) anyone can write the second
/// number in another way, and it still holds.
fn that_is_once(signature: &[u8]) -> &[u8] {
    match signature {
        [0x30, _, 0x02, length, rest @ ..] => rest.get(..usize::from(*length)).unwrap_or(signature),
        _ => signature,
    }
}

fn read(answer: &str) -> Result<PublicKeyCredential, DeskError> {
    serde_json::from_str(answer).map_err(|_| unproved())
}

impl Desk {
    /// Notes a use; refused when the passkey was used or removed at the same time.
    async fn used(
        &self,
        kept: &KeptPasskey,
        mut key: Key,
        proved: &AuthenticationResult,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        // The device's own count, also of decisions that were signed with it: one that falls back was copied.
        if key.counter > 0 && proved.counter() <= key.counter {
            return Err(unproved());
        }
        key.counter = proved.counter();
        key.passkey.update_credential(proved);
        let noted = (self.inner.store)
            .passkey_used(kept, &key.written()?, now)
            .await?;
        if noted { Ok(()) } else { Err(unproved()) }
    }

    /// What a browser is asked on the page for signing in; it tells nothing of anyone.
    ///
    /// # Errors
    /// The site has no passkeys; too many attempts from this network.
    pub async fn ask_to_sign_in(&self, network: &str) -> Result<Asked, DeskError> {
        self.may_try(&Tried::passkey(network), Timestamp::now())
            .await?;
        let (mut options, state) = (self.site()?.webauthn)
            .start_discoverable_authentication()
            .map_err(unmade)?;
        options.mediation = None;
        self.ask(None, Purpose::SignIn, &state, &options).await
    }

    /// Signs in with a passkey alone: the device has made sure of the person, so it is both steps.
    ///
    /// # Errors
    /// The same words whatever did not hold; too many attempts from this network.
    pub async fn sign_in_with_passkey(
        &self,
        answered: Answered<'_>,
        network: &str,
    ) -> Result<SignIn, DeskError> {
        let now = Timestamp::now();
        let tried = Tried::passkey(network);
        self.may_try(&tried, now).await?;
        match self.proved_alone(answered, now).await {
            Ok(account) => {
                self.tried_and_succeeded(&Tried::new(&account.email, network), now)
                    .await?;
                self.begin_session(&account, now).await
            }
            Err(DeskError::Field { .. }) => {
                self.tried_and_failed(&tried, now).await?;
                Err(unproved())
            }
            Err(other) => Err(other),
        }
    }

    async fn proved_alone(
        &self,
        answered: Answered<'_>,
        now: Timestamp,
    ) -> Result<store::Account, DeskError> {
        let state: DiscoverableAuthentication =
            self.asked(None, Purpose::SignIn, answered.ceremony).await?;
        let given = read(answered.answer)?;
        let credential = hash_of(given.get_credential_id());
        let kept = self.inner.store.passkey(&credential).await?;
        let kept = kept.ok_or_else(unproved)?;
        let key = Key::read(&kept)?;
        let handle = self.handle(&kept.account);
        if given.get_user_unique_id() != Some(handle.as_bytes().as_slice()) {
            return Err(unproved());
        }
        let account = self.inner.store.account(&kept.account).await?;
        let account = account
            .filter(|a| !a.disabled && self.office().person(&a.person).is_some())
            .ok_or_else(unproved)?;
        let proved = (self.site()?.webauthn)
            .finish_discoverable_authentication_v2(&given, state, &key.passkey)
            .map_err(|_| unproved())?;
        self.used(&kept, key, &proved, now).await?;
        Ok(account)
    }

    async fn ask_of(&self, account: &str, purpose: Purpose) -> Result<Asked, DeskError> {
        let keys = self.keys_of(account).await?;
        let keys: Vec<_> = keys.into_iter().map(|(_, key)| key.passkey).collect();
        if keys.is_empty() {
            return Err(DeskError::NotThere);
        }
        let (options, state) = (self.site()?.webauthn)
            .start_passkey_authentication(&keys)
            .map_err(unmade)?;
        self.ask(Some(account), purpose, &state, &options).await
    }

    async fn proved_of(
        &self,
        account: &str,
        purpose: Purpose,
        answered: Answered<'_>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let state: PasskeyAuthentication = self
            .asked(Some(account), purpose, answered.ceremony)
            .await?;
        let given = read(answered.answer)?;
        let credential = hash_of(given.get_credential_id());
        let keys = self.keys_of(account).await?;
        let (kept, key) = keys
            .into_iter()
            .find(|(kept, _)| kept.credential == credential)
            .ok_or_else(unproved)?;
        let proved = (self.site()?.webauthn)
            .finish_passkey_authentication(&given, &state)
            .map_err(|_| unproved())?;
        self.used(&kept, key, &proved, now).await
    }

    /// What the browser of someone whose password was right is asked.
    ///
    /// # Errors
    /// The password has to be given again; there is no passkey.
    pub async fn ask_for_step(&self, secret: &str) -> Result<Asked, DeskError> {
        let account = self.half(secret, Timestamp::now()).await?;
        self.ask_of(&account.id, Purpose::Step).await
    }

    /// True when whoever is half signed in has a passkey for the second step.
    ///
    /// # Errors
    /// The password has to be given again.
    pub async fn step_has_passkey(&self, secret: &str) -> Result<bool, DeskError> {
        let account = self.half(secret, Timestamp::now()).await?;
        Ok(!self.inner.store.passkeys(&account.id).await?.is_empty())
    }

    /// Signs in with a passkey after the password.
    ///
    /// # Errors
    /// The passkey did not work; or the password has to be given again.
    pub async fn step_with_passkey(
        &self,
        secret: &str,
        answered: Answered<'_>,
        network: &str,
    ) -> Result<SignIn, DeskError> {
        let now = Timestamp::now();
        let account = self.half(secret, now).await?;
        let tried = Tried::new(&account.email, network);
        self.may_try(&tried, now).await?;
        self.one_more_code(secret).await?;
        match self
            .proved_of(&account.id, Purpose::Step, answered, now)
            .await
        {
            Ok(()) => self.whole(secret, &account, network, now).await,
            Err(error) => {
                if matches!(error, DeskError::Field { .. }) {
                    self.tried_and_failed(&tried, now).await?;
                }
                Err(error)
            }
        }
    }

    /// What the browser of someone signed in is asked, before something grave.
    ///
    /// # Errors
    /// There is no passkey.
    pub async fn ask_again(&self, session: &Session) -> Result<Asked, DeskError> {
        self.ask_of(&session.actor.person.id, Purpose::Again).await
    }

    /// A passkey in place of the password, before something grave.
    ///
    /// # Errors
    /// The passkey did not work; too many attempts.
    pub async fn again_with_passkey(
        &self,
        session: &Session,
        answered: Answered<'_>,
    ) -> Result<(), DeskError> {
        let account = &session.actor.person.id;
        let (now, tried) = (Timestamp::now(), Tried::again(account));
        self.may_try(&tried, now).await?;
        let proved = self.proved_of(account, Purpose::Again, answered, now).await;
        self.after_again(session, &tried, proved, now).await
    }

    async fn after_again<T>(
        &self,
        session: &Session,
        tried: &Tried,
        proved: Result<T, DeskError>,
        now: Timestamp,
    ) -> Result<T, DeskError> {
        match proved {
            Ok(proved) => {
                self.tried_and_succeeded(tried, now).await?;
                let store = &self.inner.store;
                store.session_reauthenticated(&session.id, now).await?;
                self.forget_session(&session.id);
                Ok(proved)
            }
            Err(error) => {
                if matches!(error, DeskError::Field { .. }) {
                    self.tried_and_failed(tried, now).await?;
                }
                Err(error)
            }
        }
    }

    /// True when the person has a passkey with which decisions can be signed, and the site is one of passkeys.
    ///
    /// # Errors
    /// The store failed.
    pub async fn signs_with_passkey(&self, actor: &Actor) -> Result<bool, DeskError> {
        let keys = self.own_passkeys(actor).await?;
        Ok(self.passkeys_at().is_some() && keys.iter().any(|key| key.signs))
    }

    /// What the browser is asked to sign: the hash of the exact text.
    ///
    /// # Errors
    /// There is no passkey that can sign.
    pub async fn ask_to_sign(
        &self,
        session: &Session,
        signed: &SignedText<'_>,
    ) -> Result<Asked, DeskError> {
        let account = &session.actor.person.id;
        let keys = self.keys_of(account).await?;
        let allowed: Vec<_> = keys
            .iter()
            .filter(|(_, key)| cose(key.passkey.get_public_key()).is_some())
            .map(|(_, key)| {
                let id = Base64UrlUnpadded::encode_string(key.passkey.cred_id());
                json!({"type": "public-key", "id": id})
            })
            .collect();
        if allowed.is_empty() {
            return Err(DeskError::NotThere);
        }
        let challenge = Base64UrlUnpadded::encode_string(&signed.hash());
        let options = request(&self.site()?.name, &challenge, &allowed);
        self.ask(Some(account), Purpose::Sign, &challenge, &options)
            .await
    }

    /// The signature as it goes into the record, checked; it also stands for giving the password again.
    ///
    /// # Errors
    /// The passkey did not sign exactly this text, just now; too many attempts.
    pub async fn signed_with_passkey(
        &self,
        session: &Session,
        answered: Answered<'_>,
        signed: &SignedText<'_>,
    ) -> Result<SignedWith, DeskError> {
        let (now, tried) = (Timestamp::now(), Tried::again(&session.actor.person.id));
        self.may_try(&tried, now).await?;
        let proved = self.signature(session, answered, signed, now).await;
        self.after_again(session, &tried, proved, now).await
    }

    async fn signature(
        &self,
        session: &Session,
        answered: Answered<'_>,
        signed: &SignedText<'_>,
        now: Timestamp,
    ) -> Result<SignedWith, DeskError> {
        let account = &session.actor.person.id;
        let asked: String = self
            .asked(Some(account), Purpose::Sign, answered.ceremony)
            .await?;
        if asked != Base64UrlUnpadded::encode_string(&signed.hash()) {
            return Err(unproved());
        }
        let credential = read(answered.answer)?;
        let given: Given = serde_json::from_str(answered.answer).map_err(|_| unproved())?;
        let hash = hash_of(credential.get_credential_id());
        let keys = self.keys_of(account).await?;
        let (kept, mut key) = keys
            .into_iter()
            .find(|(kept, _)| kept.credential == hash)
            .ok_or_else(unproved)?;
        let (site, given) = (self.site()?, given.response);
        let with = SignedWith {
            site: site.name.clone(),
            credential: Base64UrlUnpadded::encode_string(key.passkey.cred_id()),
            public_key: cose(key.passkey.get_public_key()).ok_or_else(unproved)?,
            authenticator_data: given.authenticator_data,
            client_data: given.client_data,
            signature: given.signature,
        };
        let assertion = Assertion {
            site: &with.site,
            public_key: &with.public_key,
            authenticator_data: &with.authenticator_data,
            client_data: &with.client_data,
            signature: &with.signature,
        };
        record::passkey::check(signed, &assertion).map_err(|_| unproved())?;
        let client = Base64UrlUnpadded::decode_vec(&with.client_data).map_err(|_| unproved())?;
        let client: serde_json::Value = serde_json::from_slice(&client).map_err(|_| unproved())?;
        if client["origin"] != site.origin.as_str() {
            return Err(unproved());
        }
        // The same text gives the same challenge: a signature that lies in the record already is not one of now.
        let device = Base64UrlUnpadded::decode_vec(&with.authenticator_data);
        let device = device.map_err(|_| unproved())?;
        let signature = Base64UrlUnpadded::decode_vec(&with.signature).map_err(|_| unproved())?;
        let once = name_of(&hash_of(that_is_once(&signature)));
        let count = device.get(33..37).and_then(|four| four.try_into().ok());
        let count = u32::from_be_bytes(count.ok_or_else(unproved)?);
        if key.signed.contains(&once) || (key.counter > 0 && count <= key.counter) {
            return Err(unproved());
        }
        key.counter = count;
        key.signed.push(once);
        let noted = (self.inner.store)
            .passkey_used(&kept, &key.written()?, now)
            .await?;
        if noted { Ok(with) } else { Err(unproved()) }
    }
}
