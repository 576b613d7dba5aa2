//! Adding a passkey to an account, at the first sign-in or on one's own page, and removing one.

use access::office::OfficeEvent;
use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::KeptPasskey;
use webauthn_rs::prelude::{
    CredentialID, Passkey, PasskeyRegistration, RegisterPublicKeyCredential,
};

use super::{
    Answered, Asked, Key, LONGEST_LABEL, OwnPasskey, Purpose, cose, hash_of, name_of, unmade,
    unproved,
};
use crate::accounts::attempts::Tried;
use crate::accounts::second_step::new_codes;
use crate::accounts::{Session, SignIn};
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;

/// Kinds of key that are asked for: ES256, with which decisions can be signed, before RS256, which some older computers make only.
const KINDS: [i64; 2] = [-7, -257];

/// A name as it is kept.
/// What one's first passkey is called.
const FIRST: &str = "My first passkey";

/// What was asked of someone who was invited.
#[derive(Serialize, Deserialize)]
struct JoinAsked {
    person: String,
    state: PasskeyRegistration,
}

fn label_of(typed: &str) -> Result<String, DeskError> {
    let label = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if label.is_empty() {
        return Err(DeskError::field(
            "label",
            "Enter a name by which you will know it, such as \u{201c}Work laptop\u{201d}",
        ));
    }
    if label.chars().count() > LONGEST_LABEL {
        return Err(DeskError::field(
            "label",
            "Enter a name of at most 60 characters",
        ));
    }
    Ok(label)
}

impl Desk {
    async fn ask_for_new(
        &self,
        account: &store::Account,
        purpose: Purpose,
    ) -> Result<Asked, DeskError> {
        let has = self.keys_of(&account.id).await?;
        let has = has
            .iter()
            .map(|(_, key)| key.passkey.cred_id().clone())
            .collect();
        let (options, state) = self.new_options(&account.id, &account.email, has)?;
        self.ask(Some(&account.id), purpose, &state, &options).await
    }

    /// What a browser is told to make a passkey that this account does not have yet.
    fn new_options(
        &self,
        account: &str,
        email: &str,
        has: Vec<CredentialID>,
    ) -> Result<(Value, PasskeyRegistration), DeskError> {
        let (options, state) = (self.site()?.webauthn)
            .start_passkey_registration(self.handle(account), email, email, Some(has))
            .map_err(unmade)?;
        let mut options = serde_json::to_value(&options).map_err(unmade)?;
        if let Some(asked) = options.get_mut("publicKey") {
            // Kept on the device, so that it signs in alone; the device makes sure of the person either way.
            asked["authenticatorSelection"]["residentKey"] = json!("required");
            asked["authenticatorSelection"]["requireResidentKey"] = json!(true);
            if let Some(kinds) = asked["pubKeyCredParams"].as_array_mut() {
                kinds.retain(|kind| kind["alg"].as_i64().is_some_and(|alg| KINDS.contains(&alg)));
            }
        }
        Ok((options, state))
    }

    /// Checks what a browser made, and keeps it.
    async fn keep_new(
        &self,
        account: &str,
        purpose: Purpose,
        answered: Answered<'_>,
        label: &str,
        codes: Option<&[[u8; 32]]>,
    ) -> Result<(), DeskError> {
        let state: PasskeyRegistration = self
            .asked(Some(account), purpose, answered.ceremony)
            .await?;
        let passkey = self.made(answered, &state)?;
        self.keep_made(account, passkey, label, codes).await
    }

    /// The passkey that a browser made, checked.
    fn made(
        &self,
        answered: Answered<'_>,
        state: &PasskeyRegistration,
    ) -> Result<Passkey, DeskError> {
        let made: RegisterPublicKeyCredential =
            serde_json::from_str(answered.answer).map_err(|_| unproved())?;
        (self.site()?.webauthn)
            .finish_passkey_registration(&made, state)
            .map_err(|error| {
                tracing::info!(%error, "a passkey was not added");
                unproved()
            })
    }

    async fn keep_made(
        &self,
        account: &str,
        passkey: Passkey,
        label: &str,
        codes: Option<&[[u8; 32]]>,
    ) -> Result<(), DeskError> {
        let now = Timestamp::now();
        let key = Key {
            label: label.into(),
            counter: 0,
            signed: Vec::new(),
            passkey,
        };
        let new = KeptPasskey {
            credential: hash_of(key.passkey.cred_id()),
            account: account.into(),
            content: key.written()?,
            made_at: now,
            used_at: None,
        };
        if !self.inner.store.add_passkey(&new, codes).await? {
            return Err(unproved());
        }
        let event = OfficeEvent::PasskeyAdded {
            person: account.to_owned(),
            label: key.label,
            credential: Base64UrlUnpadded::encode_string(key.passkey.cred_id()),
            public_key: cose(key.passkey.get_public_key()),
        };
        self.said_of_a_step(account, event).await
    }

    /// What the browser of someone who has no second step yet is asked, to make a passkey.
    ///
    /// # Errors
    /// The password has to be given again; there is a second step.
    pub async fn ask_to_set_up(&self, secret: &str) -> Result<Asked, DeskError> {
        let account = self.half(secret, Timestamp::now()).await?;
        if self.has_step(&account.id).await? {
            return Err(DeskError::NotSignedIn);
        }
        self.ask_for_new(&account, Purpose::SetUp).await
    }

    /// Takes a passkey into use as the second step of someone who had none, and signs in. The codes on paper are answered this once.
    ///
    /// # Errors
    /// The passkey did not work; or the password has to be given again.
    pub async fn set_up_with_passkey(
        &self,
        secret: &str,
        answered: Answered<'_>,
        label: &str,
        network: &str,
    ) -> Result<(SignIn, Vec<String>), DeskError> {
        let now = Timestamp::now();
        let account = self.half(secret, now).await?;
        if self.has_step(&account.id).await? {
            return Err(DeskError::NotSignedIn);
        }
        let label = label_of(label).unwrap_or_else(|_| FIRST.into());
        let (codes, hashes) = new_codes(&account.id)?;
        self.keep_new(&account.id, Purpose::SetUp, answered, &label, Some(&hashes))
            .await?;
        let signed_in = self.whole(secret, &account, network, now).await?;
        Ok((signed_in, codes))
    }

    /// What the browser of someone who was invited is asked, to make a passkey in place of choosing a password.
    ///
    /// # Errors
    /// [`DeskError::NotThere`] for a link that is no use, and where the site has no passkeys.
    pub async fn ask_to_join(&self, token: &str) -> Result<Asked, DeskError> {
        let person = self.joining(token).await?.person;
        let (options, state) = self.new_options(&person.id, &person.email, Vec::new())?;
        let state = JoinAsked {
            person: person.id,
            state,
        };
        self.ask(None, Purpose::Join, &state, &options).await
    }

    /// Accepts an invitation with a passkey alone, which is both steps; nobody knows a password of the account.
    /// The codes on paper are answered this once.
    ///
    /// # Errors
    /// [`DeskError::NotThere`] for a link that is no use; a field to correct: `passkey`.
    pub async fn join_with_passkey(
        &self,
        token: &str,
        answered: Answered<'_>,
        network: &str,
    ) -> Result<(SignIn, Vec<String>), DeskError> {
        let person = self.joining(token).await?.person;
        let asked: JoinAsked = self.asked(None, Purpose::Join, answered.ceremony).await?;
        // What was made for one invitation is no use for another.
        if asked.person != person.id {
            return Err(unproved());
        }
        let passkey = self.made(answered, &asked.state)?;
        if (self
            .inner
            .store
            .passkey(&hash_of(passkey.cred_id()))
            .await?)
            .is_some()
        {
            return Err(unproved());
        }
        let (codes, hashes) = new_codes(&person.id)?;
        let account = self.accept_without_password(token, &person).await?;
        self.keep_made(&account.id, passkey, FIRST, Some(&hashes))
            .await?;
        self.joined(&person.id).await?;
        let now = Timestamp::now();
        self.tried_and_succeeded(&Tried::new(&account.email, network), now)
            .await?;
        Ok((self.begin_session(&account, now).await?, codes))
    }

    /// What the browser is asked to make another passkey. The caller has asked for the password or a passkey again.
    ///
    /// # Errors
    /// The site has no passkeys.
    pub async fn ask_to_add(&self, session: &Session) -> Result<Asked, DeskError> {
        let account = self.inner.store.account(&session.actor.person.id).await?;
        let account = account.ok_or(DeskError::NotSignedIn)?;
        self.ask_for_new(&account, Purpose::Add).await
    }

    /// Adds a passkey to one's own account.
    ///
    /// # Errors
    /// The name is missing; the password was not given again lately; the passkey did not work.
    pub async fn add_passkey(
        &self,
        session: &Session,
        answered: Answered<'_>,
        label: &str,
    ) -> Result<(), DeskError> {
        let label = label_of(label)?;
        let account = &session.actor.person.id;
        self.keep_new(account, Purpose::Add, answered, &label, None)
            .await
    }

    /// One's own passkeys, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn own_passkeys(&self, actor: &Actor) -> Result<Vec<OwnPasskey>, DeskError> {
        let keys = self.keys_of(&actor.person.id).await?;
        Ok(keys
            .into_iter()
            .map(|(kept, key)| OwnPasskey {
                name: name_of(&kept.credential),
                signs: cose(key.passkey.get_public_key()).is_some(),
                label: key.label,
                made: kept.made_at,
                used: kept.used_at,
            })
            .collect())
    }

    /// Removes one's own passkey, by its name. The caller has asked for the password or a passkey again.
    ///
    /// # Errors
    /// There is no such passkey, or it is the last second step.
    pub async fn remove_passkey(&self, actor: &Actor, name: &str) -> Result<String, DeskError> {
        let account = &actor.person.id;
        let keys = self.keys_of(account).await?;
        let (kept, key) = keys
            .into_iter()
            .find(|(kept, _)| name_of(&kept.credential) == name)
            .ok_or(DeskError::NotThere)?;
        if !(self.inner.store)
            .remove_passkey(account, &kept.credential)
            .await?
        {
            return Err(DeskError::field(
                "passkey-remove",
                "This is your only second step: add another passkey before you remove it",
            ));
        }
        let (person, label) = (account.clone(), key.label.clone());
        self.said_of_a_step(account, OfficeEvent::PasskeyRemoved { person, label })
            .await?;
        Ok(key.label)
    }
}

/// The options for a browser that is asked for one of these passkeys over a challenge.
pub(super) fn request(site: &str, challenge: &str, credentials: &[Value]) -> Value {
    json!({"publicKey": {
        "challenge": challenge,
        "rpId": site,
        "timeout": 300_000,
        "userVerification": "required",
        "allowCredentials": credentials,
    }})
}
