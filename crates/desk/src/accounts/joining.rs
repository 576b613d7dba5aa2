//! Invitations: someone named invites a person, who chooses their own password and has an account from then on.
//! The secret in the link is made when the mail goes out, or for the page where there is no mail; only its hash is kept.

use access::invitation::{Answer, Invitation};
use access::office::OfficeEvent;
use access::{Act, Permit, Person};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{AccountHome, NewAccount, NewMail};

use super::attempts::Tried;
use super::{Half, check_password, hash, id_of, known_of, matches};
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};
use crate::mail::Mail;
use crate::people::Invitee;

/// A mail with an invitation, as it waits: whom, and which of their invitations. The link is made when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToInvited {
    /// The person's id.
    pub invited: String,
    /// The invitation.
    pub invitation: String,
}

/// Someone who was just invited.
#[derive(Clone, PartialEq, Eq)]
pub struct JustInvited {
    /// The person.
    pub person: Person,
    /// The path of the link, to be handed over, where this server sends no mail; it is shown this once.
    pub link: Option<String>,
}

impl std::fmt::Debug for JustInvited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JustInvited")
            .field("person", &self.person.id)
            .finish_non_exhaustive()
    }
}

/// What the page behind the link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// Who was invited.
    pub person: Person,
    /// Their part in the partnership, in words.
    pub part: String,
    /// The agency they answer for.
    pub agency: Option<String>,
    /// Who invited them, by name.
    pub by: String,
    /// Until when it can be accepted (UTC).
    pub until: Timestamp,
}

/// The path of the page behind a link.
fn path(token: &str) -> String {
    format!("/sign-up/{token}")
}

/// A password that nobody is told.
fn nobody_knows() -> Result<String, DeskError> {
    Ok(format!("{}{}{}", fresh()?, fresh()?, fresh()?))
}

async fn new_account(person: &Person, password: &str) -> Result<NewAccount, DeskError> {
    Ok(NewAccount {
        id: person.id.clone(),
        email: person.email.clone(),
        password_hash: hash(password.to_owned()).await?,
        person: person.id.clone(),
    })
}

impl Desk {
    /// Records a person and invites them.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn invite(&self, actor: &Actor, new: Invitee) -> Result<JustInvited, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        let alone = self.inner.office_writing.lock().await;
        let person = self.checked_person(new)?;
        if (self.inner.store.account_by_email(&person.email).await?).is_some() {
            return Err(DeskError::field(
                "email",
                "There was an account with this e-mail address before: enter another one",
            ));
        }
        let sent = self.new_invitation(&person.id, actor)?;
        let events = vec![
            OfficeEvent::PersonRecorded(person.clone()),
            OfficeEvent::InvitationSent(sent.clone()),
        ];
        self.append_office(permit, &actor.person.id, events).await?;
        drop(alone);
        let link = self.send_invitation(&sent).await?;
        Ok(JustInvited { person, link })
    }

    /// Invites a person once more; the link of before is over.
    ///
    /// # Errors
    /// Not allowed, not there, or the person has an account.
    pub async fn invite_again(
        &self,
        actor: &Actor,
        person: &str,
    ) -> Result<JustInvited, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        let alone = self.inner.office_writing.lock().await;
        let invited = self.office().person(person).cloned();
        let invited = invited.ok_or(DeskError::NotThere)?;
        if self.inner.store.account(person).await?.is_some() {
            return Err(DeskError::field(
                "invitation",
                "This person has an account already",
            ));
        }
        let sent = self.new_invitation(person, actor)?;
        self.append_office(
            permit,
            &actor.person.id,
            vec![OfficeEvent::InvitationSent(sent.clone())],
        )
        .await?;
        self.inner.store.drop_invitation(person).await?;
        drop(alone);
        let link = self.send_invitation(&sent).await?;
        Ok(JustInvited {
            person: invited,
            link,
        })
    }

    /// Withdraws the invitation of a person: its link is over at once.
    ///
    /// # Errors
    /// Not allowed, or no invitation waits.
    pub async fn withdraw_invitation(&self, actor: &Actor, person: &str) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        let _alone = self.inner.office_writing.lock().await;
        let invited = self.office().invitations.get(person).cloned();
        let invited = invited
            .filter(|i| i.answer == Answer::Waits)
            .ok_or_else(|| DeskError::field("invitation", "No invitation waits any more"))?;
        let event = OfficeEvent::InvitationWithdrawn {
            person: person.into(),
            invitation: invited.sent.id,
        };
        self.append_office(permit, &actor.person.id, vec![event])
            .await?;
        Ok(self.inner.store.drop_invitation(person).await?)
    }

    fn new_invitation(&self, person: &str, actor: &Actor) -> Result<Invitation, DeskError> {
        let at = self.inner.clock.now();
        let days = i64::from(self.settings().access.invitation_days);
        Ok(Invitation {
            id: fresh()?,
            person: person.into(),
            by: actor.person.id.clone(),
            at,
            until: at
                .checked_add(SignedDuration::from_hours(24 * days))
                .map_err(|e| DeskError::Other(e.to_string()))?,
        })
    }

    /// Queues the mail; or makes the link, to be shown to whoever invites, where this server sends none.
    async fn send_invitation(&self, sent: &Invitation) -> Result<Option<String>, DeskError> {
        if self.mail_server().is_some() {
            self.queue_invitations().await?;
            return Ok(None);
        }
        let to = ToInvited {
            invited: sent.person.clone(),
            invitation: sent.id.clone(),
        };
        Ok(Some(self.new_link(&to).await?))
    }

    /// Queues the mail of each invitation that waits; each once, however often it is asked for.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn queue_invitations(&self) -> Result<(), DeskError> {
        if self.mail_server().is_none() {
            return Ok(());
        }
        let now = self.inner.clock.now();
        let mut mails = Vec::new();
        for invited in self.office().invitations.values() {
            let known = self.inner.queued.lock();
            if !invited.is_open(now) || known.is_ok_and(|q| q.contains(&invited.sent.id)) {
                continue;
            }
            let mail = Mail::ToInvited(ToInvited {
                invited: invited.sent.person.clone(),
                invitation: invited.sent.id.clone(),
            });
            mails.push(NewMail {
                id: invited.sent.id.clone(),
                size: 0,
                content: serde_json::to_vec(&mail).map_err(|e| DeskError::Other(e.to_string()))?,
            });
        }
        self.inner.store.queue_mails(&mails, now).await?;
        if let Ok(mut queued) = self.inner.queued.lock() {
            queued.extend(mails.into_iter().map(|mail| mail.id));
        }
        Ok(())
    }

    /// The address of someone whose invitation still waits.
    pub(crate) fn still_invited(&self, to: &ToInvited) -> Option<String> {
        let office = self.office();
        let invited = office.invitations.get(&to.invited)?;
        (invited.sent.id == to.invitation && invited.is_open(self.inner.clock.now()))
            .then(|| office.person(&to.invited).map(|p| p.email.clone()))
            .flatten()
    }

    /// A fresh link for an invitation that waits, in place of the one before; only the hash of its secret is kept.
    pub(crate) async fn new_link(&self, to: &ToInvited) -> Result<String, DeskError> {
        let office = self.office();
        let invited = office.invitations.get(&to.invited);
        let invited = invited
            .filter(|i| i.sent.id == to.invitation)
            .ok_or(DeskError::NotThere)?;
        let token = format!("{}{}", fresh()?, fresh()?);
        let kept = store::Invitation {
            person: to.invited.clone(),
            invitation: to.invitation.clone(),
            ends_at: invited.sent.until,
        };
        (self.inner.store)
            .keep_invitation(&id_of(&token), &kept)
            .await?;
        Ok(path(&token))
    }

    /// A link as a mail says it, with what it is for.
    pub(super) fn link_in_words(&self, link: &str, what_for: &str) -> String {
        let settings = self.settings();
        let address = match settings.access.address.trim_end_matches('/') {
            "" => self.passkeys_at().unwrap_or_default(),
            named => named,
        };
        match address {
            "" => format!("Go to Candour and open this page: {link}"),
            address => format!("Open this link to {what_for}:\r\n{address}{link}"),
        }
    }

    /// The subject and the text of such a mail: who invites, until when, and the link.
    pub(crate) fn invited_words(&self, to: &ToInvited, link: &str) -> (String, String) {
        let (settings, office) = (self.settings(), self.office());
        let invited = office.invitations.get(&to.invited);
        let by = invited.and_then(|i| office.people.get(&i.sent.by));
        let by = by.map_or("the business manager", |p| p.name.as_str());
        let until = invited.map_or_else(String::new, |i| {
            calendar::words::moment(&self.inner.clock.local(i.sent.until))
        });
        let open = self.link_in_words(link, "choose your password");
        (
            format!("Your invitation to Candour: {}", settings.name),
            format!(
                "{by} invites you to Candour, the system of record of {name}.\r\n\r\n{open}\r\n\r\n\
                 The link is for you alone and works once, until {until}. \
                 You need an authenticator app on your telephone, or a passkey.\r\n\r\n\
                 If you did not expect this, do not open it, and ask {by} on a number you already have.\r\n\r\n{name}\r\n",
                name = settings.name,
            ),
        )
    }

    /// What the page behind a link shows; looking changes nothing.
    ///
    /// # Errors
    /// [`DeskError::NotThere`] for a link that is unknown, used, withdrawn or over: all alike.
    pub async fn joining(&self, token: &str) -> Result<Joining, DeskError> {
        let now = self.inner.clock.now();
        let kept = self.inner.store.invitation(&id_of(token)).await?;
        let office = self.office();
        let found = kept.filter(|kept| now < kept.ends_at).and_then(|kept| {
            let invited = office.invitations.get(&kept.person)?;
            let open = invited.sent.id == kept.invitation && invited.is_open(now);
            let person = office.person(&kept.person).filter(|_| open)?;
            Some((person.clone(), invited.sent.clone()))
        });
        let (person, sent) = found.ok_or(DeskError::NotThere)?;
        Ok(Joining {
            part: self.part_words(&person),
            agency: (person.agency.as_ref())
                .and_then(|id| office.agencies.get(id))
                .map(|agency| agency.name.clone()),
            by: (office.people.get(&sent.by)).map_or_else(String::new, |p| p.name.clone()),
            until: sent.until,
            person,
        })
    }

    /// Accepts an invitation with a password of one's own; the second step is set up next.
    ///
    /// # Errors
    /// Those of [`joining`](Desk::joining); the password is refused.
    pub async fn join(&self, token: &str, password: &str) -> Result<Half, DeskError> {
        let person = self.joining(token).await?.person;
        check_password(password, &known_of(&person))?;
        let new = new_account(&person, password).await?;
        // It may have been withdrawn while the password was worked on; from here on it cannot be.
        let alone = self.inner.office_writing.lock().await;
        self.joining(token).await?;
        let now = self.inner.clock.now();
        let made = (self.inner.store)
            .accept_invitation(&id_of(token), new, now)
            .await?;
        if !made {
            return Err(DeskError::NotThere);
        }
        drop(alone);
        self.joined(&person.id).await?;
        self.half_signed_in(&person.id, Timestamp::now()).await
    }

    /// Accepts an invitation for someone who signs in with a passkey alone.
    pub(super) async fn accept_without_password(
        &self,
        token: &str,
        person: &Person,
    ) -> Result<store::Account, DeskError> {
        let new = new_account(person, &nobody_knows()?).await?;
        let alone = self.inner.office_writing.lock().await;
        self.joining(token).await?;
        let now = self.inner.clock.now();
        let made = (self.inner.store)
            .accept_invitation(&id_of(token), new, now)
            .await?;
        drop(alone);
        let account = match made {
            true => self.inner.store.account(&person.id).await?,
            false => None,
        };
        account.ok_or(DeskError::NotThere)
    }

    /// Accepts an invitation with the account that the same person has at another partnership of this program: no second password.
    /// Whether there is one, and where, is told only to whoever knows its password.
    ///
    /// # Errors
    /// Those of [`joining`](Desk::joining); a field to correct: `own-password`; too many attempts.
    pub async fn join_with_account(
        &self,
        token: &str,
        password: &str,
        network: &str,
    ) -> Result<Half, DeskError> {
        let person = self.joining(token).await?.person;
        let (now, tried) = (Timestamp::now(), Tried::new(&person.email, network));
        self.may_try(&tried, now).await?;
        let mut found = None;
        for other in self.neighbours() {
            let account = other.inner.store.account_by_email(&person.email).await?;
            let Some(account) = account.filter(|account| other.holds(account)) else {
                continue;
            };
            // One that is itself kept elsewhere is found there.
            if (other.inner.store.account_home(&account.id).await?).is_some() {
                continue;
            }
            other.may_try(&tried, now).await?;
            if matches(password.to_owned(), account.password_hash.clone()).await {
                found = Some((other, account));
                break;
            }
            other.tried_and_failed(&tried, now).await?;
        }
        let Some((home, account)) = found else {
            self.tried_and_failed(&tried, now).await?;
            return Err(DeskError::field(
                "own-password",
                "The password is not right, or this address has no account at another partnership here",
            ));
        };
        let app = home.inner.store.second_step(&account.id).await?;
        if app.is_none_or(|step| step.confirmed_at.is_none()) {
            return Err(DeskError::field(
                "own-password",
                "Your account there has no app that makes codes, and its passkeys work only there: choose a password of your own here",
            ));
        }
        let new = new_account(&person, &nobody_knows()?).await?;
        let kept = AccountHome {
            partnership: home.inner.store.partnership().to_owned(),
            account: account.id.clone(),
        };
        // It may have been withdrawn while the password was worked on; from here on it cannot be.
        let alone = self.inner.office_writing.lock().await;
        self.joining(token).await?;
        let store = &self.inner.store;
        // Before the account is there: then it is never one with a password that nobody knows.
        store.set_account_home(&person.id, Some(&kept), now).await?;
        let at = self.inner.clock.now();
        if !store.accept_invitation(&id_of(token), new, at).await? {
            store.set_account_home(&person.id, None, now).await?;
            return Err(DeskError::NotThere);
        }
        drop(alone);
        self.joined(&person.id).await?;
        let here = OfficeEvent::AccountKeptElsewhere {
            person: person.id.clone(),
        };
        self.said_of_a_step(&person.id, here).await?;
        let there = OfficeEvent::AccountUsedElsewhere {
            person: account.person.clone(),
        };
        home.said_of_a_step(&account.person, there).await?;
        self.half_signed_in(&person.id, now).await
    }

    /// Records that an invitation was accepted, once; also at the next sign-in, when that failed.
    pub(super) async fn joined(&self, person: &str) -> Result<(), DeskError> {
        let waits = || {
            let invited = self.office().invitations.get(person).cloned();
            invited.filter(|i| i.answer == Answer::Waits)
        };
        if waits().is_none() {
            return Ok(());
        }
        let _alone = self.inner.office_writing.lock().await;
        let Some(invited) = waits() else {
            return Ok(());
        };
        let event = OfficeEvent::InvitationAccepted {
            person: person.to_owned(),
            invitation: invited.sent.id,
            at: self.inner.clock.now(),
        };
        let permit = Permit::for_system("each person accepts their own invitation");
        self.append_office(permit, person, vec![event]).await
    }
}
