//! Accounts that nobody uses are locked after the time the settings say; never that of someone who is needed: those the manager
//! confirms each quarter. A locked account, or a lost second step, is restored by the manager or either of two people the settings name.

use access::office::OfficeEvent;
use access::{Act, Permit, Person, Role};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::NewMail;

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};
use crate::mail::Mail;

/// How long a confirmation holds: a quarter of a year.
const QUARTER: SignedDuration = SignedDuration::from_hours(24 * 91);

/// Someone who has not signed in for the time after which others are locked, and is not locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToConfirm {
    /// The person.
    pub person: Person,
    /// When they last signed in, or when it began to count (UTC).
    pub last_used: Timestamp,
    /// Why they are not locked.
    pub why: &'static str,
}

/// What was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Back {
    /// A locked account.
    Account,
    /// The second step was taken off, to be set up again.
    SecondStep,
    /// A link for a new password was given.
    Password,
}

/// Someone is told that an account was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToldRestored {
    /// Whom (person id): the address is looked up when it is sent.
    pub tell: String,
    /// Whose account (person id).
    pub restored: String,
    /// What was restored.
    pub back: Back,
    /// By whom (person id).
    pub by: String,
    /// When (UTC).
    pub at: Timestamp,
}

impl Desk {
    /// Whether someone may restore the accounts of others.
    ///
    /// # Errors
    /// The named no.
    pub fn may_restore(&self, person: &Person) -> Result<Permit, DeskError> {
        let named = (self.settings().access.restored_by.iter())
            .any(|address| address.eq_ignore_ascii_case(&person.email));
        match access::permit_in_office(person, Act::ManagePeople) {
            Err(_) if named && !person.left => Ok(Permit::for_system(
                "either of two people named in the settings restores accounts",
            )),
            other => Ok(other?),
        }
    }

    /// The people whom the settings name to restore accounts.
    pub fn restorers(&self) -> Vec<Person> {
        (self.settings().access.restored_by.iter())
            .filter_map(|address| self.person_by_email(address))
            .collect()
    }

    /// What is said to whoever gave the right password of a locked account.
    pub(super) fn locked_words(&self) -> DeskError {
        let names: Vec<String> = self.restorers().into_iter().map(|p| p.name).collect();
        let whom = match names.is_empty() {
            true => "the business manager".to_owned(),
            false => format!("{} or the business manager", names.join(", ")),
        };
        DeskError::field(
            "email",
            &format!(
                "This account is locked, as it was not used for a long time: ask {whom} to unlock it"
            ),
        )
    }

    /// Why someone's account is not locked although nobody uses it.
    fn is_needed(&self, person: &Person) -> Option<&'static str> {
        if matches!(
            person.role,
            Role::BusinessManager | Role::DeputyManager | Role::Delegate | Role::DeputyDelegate
        ) {
            return Some("is a manager, a delegate or a deputy");
        }
        if self.restorers().iter().any(|one| one.id == person.id) {
            return Some("restores accounts");
        }
        let today = self.today();
        let register = self.inner.register.read().ok()?;
        let takes_part = register.values().any(|case| {
            let admitted = &case.admission;
            let until = admitted.until.get(&person.id);
            case.open
                && admitted.members.contains_key(&person.id)
                && until.is_none_or(|until| today <= *until)
        });
        takes_part.then_some("takes part in an open case")
    }

    /// Everyone with an account who has not signed in for the time the settings say, with since when. One of which that is not
    /// known begins to count now.
    async fn unused(&self) -> Result<Vec<(Person, Timestamp)>, DeskError> {
        let (now, office) = (self.inner.clock.now(), self.office());
        let days = i64::from(self.settings().access.unused_days);
        let used = self.inner.store.accounts_used().await?;
        let mut list = Vec::new();
        for account in self.inner.store.accounts().await? {
            let Some(person) = office.person(&account.person).filter(|_| !account.disabled) else {
                continue;
            };
            match used.iter().find(|(id, _)| *id == account.id) {
                None => self.inner.store.account_used(&account.id, now).await?,
                Some((_, at))
                    if now.duration_since(*at) >= SignedDuration::from_hours(24 * days)
                        && !office.locked.contains(&person.id) =>
                {
                    list.push((person.clone(), *at));
                }
                Some(_) => {}
            }
        }
        Ok(list)
    }

    /// Locks the accounts that nobody has used for the time the settings say; answers how many.
    ///
    /// # Errors
    /// The store failed.
    pub async fn lock_unused(&self) -> Result<usize, DeskError> {
        let mut locked = 0;
        for (person, last_used) in self.unused().await? {
            if self.is_needed(&person).is_some() {
                continue;
            }
            let alone = self.inner.office_writing.lock().await;
            let event = OfficeEvent::AccountLocked {
                person: person.id.clone(),
                last_used,
            };
            let permit = Permit::for_system("accounts that nobody uses are locked");
            self.append_office(permit, "candour", vec![event]).await?;
            drop(alone);
            (self.inner.store)
                .end_sessions_of(&person.id, None, Timestamp::now())
                .await?;
            self.forget_sessions_of(&person.id, None);
            locked += 1;
        }
        Ok(locked)
    }

    /// Who would be locked were they not needed: the list that the manager confirms each quarter.
    ///
    /// # Errors
    /// Not allowed, or the store failed.
    pub async fn to_confirm(&self, actor: &Actor) -> Result<Vec<ToConfirm>, DeskError> {
        access::permit_in_office(&actor.person, Act::HandOver)?;
        let unused = self.unused().await?;
        Ok(unused
            .into_iter()
            .filter_map(|(person, last_used)| {
                let why = self.is_needed(&person)?;
                Some(ToConfirm {
                    person,
                    last_used,
                    why,
                })
            })
            .collect())
    }

    /// Whether the list waits to be confirmed: there is someone on it, and it was not confirmed in the last quarter of a year.
    ///
    /// # Errors
    /// Those of [`to_confirm`](Desk::to_confirm).
    pub async fn confirmation_is_due(&self, actor: &Actor) -> Result<bool, DeskError> {
        let now = self.inner.clock.now();
        let lately = (self.office().confirmed.as_ref())
            .is_some_and(|(at, _)| now.duration_since(*at) < QUARTER);
        Ok(!lately && !self.to_confirm(actor).await?.is_empty())
    }

    /// Confirms that everyone on the list still needs their account.
    ///
    /// # Errors
    /// Not allowed, or the list is no longer the one that was read.
    pub async fn confirm_unused(&self, actor: &Actor, read: &[String]) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::HandOver)?;
        let list = self.to_confirm(actor).await?;
        let people: Vec<String> = list.into_iter().map(|one| one.person.id).collect();
        if people.is_empty() || people != read {
            return Err(DeskError::field(
                "confirm",
                "The list has changed: read it again, then confirm it",
            ));
        }
        let _alone = self.inner.office_writing.lock().await;
        let event = OfficeEvent::AccessConfirmed {
            by: actor.person.id.clone(),
            at: self.inner.clock.now(),
            people,
        };
        self.append_office(permit, &actor.person.id, vec![event])
            .await
    }

    /// Unlocks an account. The caller has asked for the password again.
    ///
    /// # Errors
    /// Not allowed, not locked, or a field to correct.
    pub async fn unlock_account(
        &self,
        actor: &Actor,
        person: &str,
        why: &str,
    ) -> Result<(), DeskError> {
        let permit = self.may_restore(&actor.person)?;
        if why.trim().is_empty() {
            return Err(DeskError::field(
                "restore-why",
                "Enter how you made sure that it is this person who asks",
            ));
        }
        let alone = self.inner.office_writing.lock().await;
        if self.office().person(person).is_none() || !self.office().locked.contains(person) {
            return Err(DeskError::field(
                "restore-person",
                "This account is not locked",
            ));
        }
        let event = OfficeEvent::AccountUnlocked {
            person: person.into(),
            why: why.trim().into(),
        };
        let now = self.inner.clock.now();
        // First, so that it is not locked again at once.
        self.inner.store.account_used(person, now).await?;
        self.append_office(permit, &actor.person.id, vec![event])
            .await?;
        drop(alone);
        self.tell_restored(actor, person, Back::Account).await
    }

    /// Tells the person, and both who restore accounts, that one was restored.
    pub(super) async fn tell_restored(
        &self,
        actor: &Actor,
        person: &str,
        back: Back,
    ) -> Result<(), DeskError> {
        let mut whom: Vec<String> = vec![person.to_owned()];
        whom.extend(self.restorers().into_iter().map(|p| p.id));
        whom.sort();
        whom.dedup();
        let at = self.inner.clock.now();
        let mut mails = Vec::new();
        for tell in whom {
            let mail = Mail::Restored(ToldRestored {
                tell,
                restored: person.to_owned(),
                back,
                by: actor.person.id.clone(),
                at,
            });
            mails.push(NewMail {
                id: fresh()?,
                size: 0,
                content: serde_json::to_vec(&mail).map_err(|e| DeskError::Other(e.to_string()))?,
            });
        }
        self.inner.store.queue_mails(&mails, at).await?;
        Ok(())
    }

    /// The subject and the text of such a mail.
    pub(crate) fn restored_words(&self, told: &ToldRestored) -> (String, String) {
        let office = self.office();
        let name = |id: &str| (office.people.get(id)).map_or("someone", |p| p.name.as_str());
        let (whose, by) = (name(&told.restored), name(&told.by));
        let what = match told.back {
            Back::Account => format!("{by} unlocked the account of {whose}"),
            Back::SecondStep => format!("{by} took the second step off the account of {whose}"),
            Back::Password => format!("{by} sent a link for a new password to {whose}"),
        };
        let at = calendar::words::moment(&self.inner.clock.local(told.at));
        (
            "Candour: an account was restored".to_owned(),
            format!(
                "{what} on {at}. How {by} made sure who asked is in the record.\r\n\r\n\
                 If this is not right, tell the business manager at once.\r\n\r\n{}\r\n",
                self.settings().name
            ),
        )
    }
}
