//! A password that was forgotten. A link, asked for by the person or given by whoever restores accounts, opens a page for a new one.
//! The second step stays: whoever reads somebody's mail has the link and is still asked for the code.

use access::Person;
use access::invitation::{Answer, Invitation, Invited};
use access::office::OfficeEvent;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::NewMail;

use super::attempts::Tried;
use super::unused::Back;
use super::{Half, check_password, hash, id_of, known_of};
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};
use crate::mail::Mail;

/// For how long a link that somebody asked for themselves can be used.
const ASKED: SignedDuration = SignedDuration::from_hours(1);
/// For how long one can be used that was given by whoever restores accounts.
const GIVEN: SignedDuration = SignedDuration::from_hours(24);

/// A mail with a link for a new password, as it waits; the link is made when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToRenew {
    /// Whose password (person id).
    pub renewed: String,
    /// Which of their links.
    pub renewal: String,
}

/// What the page behind the link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewing {
    /// Whose password.
    pub person: Person,
    /// Until when the link can be used (UTC).
    pub until: Timestamp,
}

fn path(token: &str) -> String {
    format!("/new-password/{token}")
}

impl Desk {
    /// Gives somebody a link for a new password. The caller has asked for the password of whoever acts again.
    /// Where this server sends no mail, the path of the link comes back, to be handed over; it is shown this once.
    ///
    /// # Errors
    /// Not allowed, or a field to correct: `restore-person`, `restore-why`.
    pub async fn give_new_password(
        &self,
        actor: &Actor,
        person: &str,
        why: &str,
    ) -> Result<Option<String>, DeskError> {
        let permit = self.may_restore(&actor.person)?;
        if why.trim().is_empty() {
            return Err(DeskError::field(
                "restore-why",
                "Enter how you made sure that it is this person who asks",
            ));
        }
        if actor.person.id == person {
            return Err(DeskError::field(
                "restore-person",
                "Someone else has to do this for you: change your password on your own page",
            ));
        }
        let alone = self.inner.office_writing.lock().await;
        let account = self.inner.store.account(person).await?;
        let there = self.office().person(person).is_some();
        if !there || account.is_none_or(|account| account.disabled) {
            return Err(DeskError::field(
                "restore-person",
                "This person has no account: send the invitation again",
            ));
        }
        if self.office().locked.contains(person) {
            return Err(DeskError::field(
                "restore-person",
                "This account is locked: unlock it first",
            ));
        }
        let renewal = self.new_renewal(person, &actor.person.id, GIVEN)?;
        let event = OfficeEvent::NewPasswordAllowed {
            renewal: renewal.clone(),
            why: why.trim().to_owned(),
        };
        self.append_office(permit, &actor.person.id, vec![event])
            .await?;
        self.inner.store.drop_invitation(person).await?;
        drop(alone);
        self.tell_restored(actor, person, Back::Password).await?;
        if self.mail_server().is_some() {
            self.queue_renewals().await?;
            return Ok(None);
        }
        let to = ToRenew {
            renewed: person.to_owned(),
            renewal: renewal.id,
        };
        Ok(Some(self.new_renewal_link(&to).await?))
    }

    /// Whether somebody can ask for a link by themselves: it goes out by mail or not at all.
    pub fn sends_new_passwords(&self) -> bool {
        self.mail_server().is_some()
    }

    /// Asks for a link for whoever has an account with this address. The answer is the same, and comes as soon, for everybody.
    ///
    /// # Errors
    /// Asked too often from this network; the store failed.
    pub async fn ask_new_password(&self, email: &str, network: &str) -> Result<(), DeskError> {
        let (now, tried) = (Timestamp::now(), Tried::forgotten(email, network));
        self.may_try(&tried, now).await?;
        self.tried_and_failed(&tried, now).await?;
        let (desk, email) = (self.clone(), email.trim().to_owned());
        tokio::spawn(async move {
            if let Err(error) = desk.send_new_password(&email).await {
                tracing::error!(%error, "a link for a new password could not be made");
            }
        });
        Ok(())
    }

    async fn send_new_password(&self, email: &str) -> Result<(), DeskError> {
        if self.mail_server().is_none() {
            return Ok(());
        }
        let Some(account) = self.inner.store.account_by_email(email).await? else {
            return Ok(());
        };
        // Where a code is asked for elsewhere, or not at all yet, the link would stand for both steps.
        let elsewhere = self.inner.store.account_home(&account.id).await?.is_some();
        if elsewhere || !self.holds(&account) || !self.has_step(&account.id).await? {
            return Ok(());
        }
        let alone = self.inner.office_writing.lock().await;
        let now = self.inner.clock.now();
        // One at a time: nobody fills a mailbox, or the record.
        let before = self.office().renewals.get(&account.person).cloned();
        if before.is_some_and(|before| now.duration_since(before.sent.at) < ASKED) {
            return Ok(());
        }
        let renewal = self.new_renewal(&account.person, &account.person, ASKED)?;
        let permit =
            access::Permit::for_system("whoever forgot a password is sent a link for a new one");
        let event = OfficeEvent::NewPasswordAllowed {
            renewal,
            why: String::new(),
        };
        self.append_office(permit, &account.person, vec![event])
            .await?;
        drop(alone);
        self.queue_renewals().await
    }

    fn new_renewal(
        &self,
        person: &str,
        by: &str,
        lasts: SignedDuration,
    ) -> Result<Invitation, DeskError> {
        let at = self.inner.clock.now();
        Ok(Invitation {
            id: fresh()?,
            person: person.to_owned(),
            by: by.to_owned(),
            at,
            until: at
                .checked_add(lasts)
                .map_err(|e| DeskError::Other(e.to_string()))?,
        })
    }

    /// Queues the mail of each link that waits; each once, however often it is asked for.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn queue_renewals(&self) -> Result<(), DeskError> {
        if self.mail_server().is_none() {
            return Ok(());
        }
        let now = self.inner.clock.now();
        let mut mails = Vec::new();
        for renewal in self.office().renewals.values() {
            let known = self.inner.queued.lock();
            if !renewal.is_open(now) || known.is_ok_and(|q| q.contains(&renewal.sent.id)) {
                continue;
            }
            let mail = Mail::ToRenew(ToRenew {
                renewed: renewal.sent.person.clone(),
                renewal: renewal.sent.id.clone(),
            });
            mails.push(NewMail {
                id: renewal.sent.id.clone(),
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

    /// The link that is meant, while it can be used by someone who still has an account.
    fn open_renewal(&self, to: &ToRenew) -> Option<(Person, Invited)> {
        let (office, now) = (self.office(), self.inner.clock.now());
        let renewal = office.renewals.get(&to.renewed)?;
        let open = renewal.sent.id == to.renewal && renewal.is_open(now);
        let person = office.person(&to.renewed)?;
        let held = !office.locked.contains(&person.id);
        (open && held).then(|| (person.clone(), renewal.clone()))
    }

    /// The address of someone whose link can still be used.
    pub(crate) fn still_renewed(&self, to: &ToRenew) -> Option<String> {
        self.open_renewal(to).map(|(person, _)| person.email)
    }

    /// A fresh link, in place of the one before; only the hash of its secret is kept.
    pub(crate) async fn new_renewal_link(&self, to: &ToRenew) -> Result<String, DeskError> {
        let (_, renewal) = self.open_renewal(to).ok_or(DeskError::NotThere)?;
        let token = format!("{}{}", fresh()?, fresh()?);
        let kept = store::Invitation {
            person: to.renewed.clone(),
            invitation: to.renewal.clone(),
            ends_at: renewal.sent.until,
        };
        (self.inner.store)
            .keep_invitation(&id_of(&token), &kept)
            .await?;
        Ok(path(&token))
    }

    /// The subject and the text of such a mail.
    pub(crate) fn renewed_words(&self, to: &ToRenew, link: &str) -> (String, String) {
        let office = self.office();
        let renewal = office.renewals.get(&to.renewed).map(|r| &r.sent);
        let asked = match renewal {
            Some(sent) if sent.by != sent.person => {
                let by = office.people.get(&sent.by);
                let by = by.map_or("Whoever restores accounts", |p| p.name.as_str());
                format!("{by} sends you a link for a new password in Candour.")
            }
            _ => "A new password for Candour was asked for with your e-mail address.".to_owned(),
        };
        let until = renewal.map_or_else(String::new, |sent| {
            calendar::words::moment(&self.inner.clock.local(sent.until))
        });
        let name = self.settings().name.clone();
        (
            format!("A new password for Candour: {name}"),
            format!(
                "{asked}\r\n\r\n{open}\r\n\r\n\
                 The link is for you alone and works once, until {until}. Afterwards you are asked for a code as always.\r\n\r\n\
                 If you did not ask for it, do not open it: your password stays as it is. If it happens again, tell the business manager.\r\n\r\n{name}\r\n",
                open = self.link_in_words(link, "choose a new password"),
            ),
        )
    }

    /// What the page behind a link shows; looking changes nothing.
    ///
    /// # Errors
    /// [`DeskError::NotThere`] for a link that is unknown, used or over: all alike.
    pub async fn renewing(&self, token: &str) -> Result<Renewing, DeskError> {
        let kept = self.inner.store.invitation(&id_of(token)).await?;
        let found = kept.and_then(|kept| {
            self.open_renewal(&ToRenew {
                renewed: kept.person,
                renewal: kept.invitation,
            })
        });
        let (person, renewal) = found.ok_or(DeskError::NotThere)?;
        Ok(Renewing {
            person,
            until: renewal.sent.until,
        })
    }

    /// Sets the new password: every session ends, here and at the partnerships that use this account, and the code is asked for next.
    /// An account whose password another partnership kept is its own from then on.
    ///
    /// # Errors
    /// Those of [`renewing`](Desk::renewing); a field to correct: `password`.
    pub async fn renew_password(&self, token: &str, password: &str) -> Result<Half, DeskError> {
        let person = self.renewing(token).await?.person;
        check_password(password, &known_of(&person))?;
        let hashed = hash(password.to_owned()).await?;
        let (now, at) = (Timestamp::now(), self.inner.clock.now());
        let alone = self.inner.office_writing.lock().await;
        self.renewing(token).await?;
        let renewal = self.office().renewals.get(&person.id).cloned();
        let renewal = renewal.ok_or(DeskError::NotThere)?.sent.id;
        let done = (self.inner.store)
            .renew_password(&id_of(token), &person.id, &hashed, at, now)
            .await?;
        if !done {
            return Err(DeskError::NotThere);
        }
        self.forget_sessions_of(&person.id, None);
        let permit = access::Permit::for_system("each person chooses their own password");
        let event = OfficeEvent::NewPasswordChosen {
            person: person.id.clone(),
            renewal,
            at,
        };
        self.append_office(permit, &person.id, vec![event]).await?;
        drop(alone);
        self.end_elsewhere(&person.id).await?;
        self.half_signed_in(&person.id, now).await
    }
}

/// Whether a link waits for somebody, for whoever changes the password in another way.
pub(super) fn waits(renewal: Option<&Invited>) -> bool {
    renewal.is_some_and(|renewal| renewal.answer == Answer::Waits)
}
