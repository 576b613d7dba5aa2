//! Who gets in by signing on: only someone who is known here already, by the name the provider gave them the first time.
//! The first time an address that the organisation speaks for leads to the person who was invited with it; never again after that,
//! so that an address that is given to someone else is nobody's way in.

use access::office::OfficeEvent;
use access::{Act, Permit, Person};
use jiff::{SignedDuration, Timestamp};
use store::{Account, NewAccount, SignOnLink};

use super::provider::Vouched;
use super::{Organisation, derived};
use crate::accounts::attempts::Tried;
use crate::accounts::{FRESH, Half, Session, SignIn, hash};
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

/// By how much the clocks of two servers may differ.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(60);

/// How far signing on led.
#[derive(Debug)]
pub enum SignedOn {
    /// All the way: the organisation asked for a second factor.
    Whole(SignIn),
    /// To the second step, which Candour asks for itself.
    Half(Half),
}

/// Where a person signs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSignOn {
    /// The organisation's id in the settings of the server; empty when it is there no longer.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Organisation {
    /// The address in an answer that leads to a person: one the organisation speaks for.
    fn address(&self, vouched: &Vouched) -> Option<String> {
        let email = vouched.email.as_deref()?.trim().to_lowercase();
        let (_, domain) = email.rsplit_once('@')?;
        let speaks_for = self.domains.iter().any(|d| d == domain);
        let verified = vouched.email_verified || self.gives_out_addresses;
        (speaks_for && verified).then_some(email)
    }

    /// Whether a second factor was used, as far as the provider says.
    fn saw_second_factor(&self, vouched: &Vouched) -> bool {
        (vouched.methods.iter()).any(|method| self.second_factor.contains(method))
    }
}

impl Desk {
    /// Signs in whoever an answer of an organisation's provider names; `secret` is that of the cookie.
    ///
    /// # Errors
    /// [`DeskError::NotSignedIn`] for everyone else, whatever the reason; too many attempts from this network; a locked account;
    /// [`DeskError::Elsewhere`] when the provider does not answer.
    pub async fn signed_on(
        &self,
        organisation: &str,
        secret: &str,
        code: &str,
        network: &str,
    ) -> Result<SignedOn, DeskError> {
        let (sign_on, found) = self.organisation(organisation)?;
        let (now, tried) = (Timestamp::now(), Tried::sign_on(secret, network));
        self.may_try(&tried, now).await?;
        let vouched = sign_on.providers.vouched(&found.id, secret, code).await;
        let known = match vouched {
            Ok(vouched) => {
                (self.known_by(found, &vouched).await?).map(|account| (account, vouched))
            }
            Err(DeskError::NotSignedIn) => None,
            Err(other) => return Err(other),
        };
        let Some((account, vouched)) = known else {
            self.tried_and_failed(&tried, now).await?;
            return Err(DeskError::NotSignedIn);
        };
        if self.office().locked.contains(&account.person) {
            return Err(self.locked_words());
        }
        if found.saw_second_factor(&vouched) {
            return Ok(SignedOn::Whole(self.begin_session(&account, now).await?));
        }
        Ok(SignedOn::Half(self.half_signed_in(&account.id, now).await?))
    }

    /// The account that an answer leads to, linked to it from now on.
    async fn known_by(
        &self,
        organisation: &Organisation,
        vouched: &Vouched,
    ) -> Result<Option<Account>, DeskError> {
        let store = &self.inner.store;
        let usable = |account: &Account| {
            let office = self.office();
            !account.disabled && office.person(&account.person).is_some()
        };
        let linked = store.sign_on(&vouched.issuer, &vouched.subject).await?;
        if let Some(link) = linked {
            if link.organisation != organisation.id {
                return Ok(None);
            }
            return Ok(store.account(&link.account).await?.filter(usable));
        }
        let Some(email) = organisation.address(vouched) else {
            return Ok(None);
        };
        let office = self.office();
        let person = (office.people.values()).find(|p| !p.left && p.email.to_lowercase() == email);
        let Some(person) = person else {
            return Ok(None);
        };
        // Who is linked already is another to the provider: the address was given to someone else.
        let links = store.sign_ons_of(&person.id).await?;
        if links
            .iter()
            .any(|link| link.organisation == organisation.id)
        {
            return Ok(None);
        }
        let account = match store.account(&person.id).await? {
            Some(account) => Some(account),
            None => self.joined_by_signing_on(person).await?,
        };
        let Some(account) = account.filter(usable) else {
            return Ok(None);
        };
        let new = SignOnLink {
            issuer: vouched.issuer.clone(),
            subject: vouched.subject.clone(),
            account: account.id.clone(),
            organisation: organisation.id.clone(),
            linked_at: Timestamp::now(),
        };
        if !store.link_sign_on(&new).await? {
            return Ok(None);
        }
        let event = OfficeEvent::SignOnLinked {
            person: person.id.clone(),
            organisation: organisation.name.clone(),
        };
        self.said_of_a_step(&person.id, event).await?;
        Ok(Some(account))
    }

    /// The account of someone whose invitation waits, made by signing on: with a password that nobody knows.
    async fn joined_by_signing_on(&self, person: &Person) -> Result<Option<Account>, DeskError> {
        let now = self.inner.clock.now();
        let waits = |office: &access::office::Office| {
            let invited = office.invitations.get(&person.id);
            invited.is_some_and(|invited| invited.is_open(now))
        };
        let nobody_knows = format!("{}{}{}", fresh()?, fresh()?, fresh()?);
        let new = NewAccount {
            id: person.id.clone(),
            email: person.email.clone(),
            password_hash: hash(derived(&nobody_knows, "password")).await?,
            person: person.id.clone(),
        };
        // It may have been withdrawn meanwhile; from here on it cannot be.
        let alone = self.inner.office_writing.lock().await;
        if !waits(&self.office()) {
            return Ok(None);
        }
        let store = &self.inner.store;
        store.create_account(new).await?;
        store.drop_invitation(&person.id).await?;
        drop(alone);
        self.joined(&person.id).await?;
        Ok(store.account(&person.id).await?)
    }

    /// Notes that whoever holds a session has just proved at their organisation who they are, before something grave.
    ///
    /// # Errors
    /// [`DeskError::NotSignedIn`] when the answer names someone else, or is of a proof some minutes ago.
    pub async fn signed_on_again(
        &self,
        session: &Session,
        organisation: &str,
        secret: &str,
        code: &str,
    ) -> Result<(), DeskError> {
        let (sign_on, found) = self.organisation(organisation)?;
        let account = &session.actor.person.id;
        let (now, tried) = (Timestamp::now(), Tried::again(account));
        self.may_try(&tried, now).await?;
        let vouched = sign_on.providers.vouched(&found.id, secret, code).await?;
        let links = self.inner.store.sign_ons_of(account).await?;
        let theirs = |link: &SignOnLink| {
            link.organisation == found.id
                && link.issuer == vouched.issuer
                && link.subject == vouched.subject
        };
        let just_now = vouched.proved_at.is_some_and(|at| {
            let age = now.as_second().saturating_sub(at);
            age >= -CLOCKS_DIFFER.as_secs() && age <= FRESH.as_secs()
        });
        if !links.iter().any(theirs) || !just_now {
            self.tried_and_failed(&tried, now).await?;
            return Err(DeskError::NotSignedIn);
        }
        self.tried_and_succeeded(&tried, now).await?;
        (self.inner.store)
            .session_reauthenticated(&session.id, now)
            .await?;
        self.forget_session(&session.id);
        Ok(())
    }

    /// Where a person signs on, if they do.
    pub fn sign_on_of(&self, person: &str) -> Option<OwnSignOn> {
        let office = self.office();
        let name = office.sign_ons.get(person)?;
        let all = self.sign_on_choices();
        let known = all.into_iter().find(|(_, known)| known == name);
        Some(OwnSignOn {
            id: known.map_or_else(String::new, |(id, _)| id),
            name: name.clone(),
        })
    }

    /// Whether someone who signs on proved at their organisation within a few minutes who they are.
    pub fn proved_by_signing_on(&self, session: &Session) -> bool {
        self.sign_on_of(&session.actor.person.id).is_some() && self.is_fresh(session)
    }

    /// Takes a person's sign-on away: the next time they sign on their address counts again, as for someone new. Their sessions end.
    ///
    /// # Errors
    /// Not allowed, nobody there, or a field to correct: `sign-on-why`.
    pub async fn remove_sign_on(
        &self,
        actor: &Actor,
        person: &str,
        why: &str,
    ) -> Result<(), DeskError> {
        let permit: Permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        if self.sign_on_of(person).is_none() {
            return Err(DeskError::NotThere);
        }
        if why.trim().is_empty() {
            return Err(DeskError::field(
                "sign-on-why",
                "Enter why they no longer sign on there",
            ));
        }
        let _alone = self.inner.office_writing.lock().await;
        // First what it opens, so that nothing is left open should the rest fail.
        let store = &self.inner.store;
        store.unlink_sign_ons(person).await?;
        store
            .end_sessions_of(person, None, Timestamp::now())
            .await?;
        self.forget_sessions_of(person, None);
        let event = OfficeEvent::SignOnRemoved {
            person: person.into(),
            why: why.trim().into(),
        };
        self.append_office(permit, &actor.person.id, vec![event])
            .await
    }
}
