//! Who is sent the checkpoints, and the outbox they wait in: one mail for each checkpoint and address, however often it is asked for.
//! A mail to a witness holds the checkpoint and what to do with it, and nothing about any case; whoever runs a case is told by its
//! reference alone that it was opened with a written reason, and an agency that it is asked.

use access::office::{OfficeEvent, Witness};
use access::{Act, Permit};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{KeptMail, NewMail, SignedCheckpoint};

use crate::accounts::{ToInvited, ToRenew, ToldRestored};
use crate::actor::Actor;
use crate::asked_mail::ToAgency;
use crate::break_glass::Told;
use crate::digest::Digest as Weekly;
use crate::error::DeskError;
use crate::load::Desk;
use crate::mail_send::is_address;

/// To whom and what, as it is kept sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Letter {
    /// Who the witness is, in words.
    pub who: String,
    /// The address.
    pub address: String,
    /// The signed note.
    pub note: String,
    /// When the checkpoint was made.
    pub made_at: Timestamp,
}

/// A mail as it is kept: to whom and what.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Mail {
    /// A checkpoint for a witness.
    Checkpoint(Letter),
    /// Whoever runs a case is told that it was opened with a written reason.
    Opened(Told),
    /// An agency is told what it is asked for, by reference.
    ToAgency(ToAgency),
    /// Someone is invited.
    ToInvited(ToInvited),
    /// Someone is sent a link for a new password.
    ToRenew(ToRenew),
    /// Someone is told that an account was restored.
    Restored(ToldRestored),
    /// A lead or delegate is told who of theirs has access.
    Digest(Weekly),
}

/// A mail as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLine {
    /// Who the witness is, in words.
    pub who: String,
    /// The address.
    pub address: String,
    /// How many entries the checkpoint covers.
    pub size: u64,
    /// Since when it waits.
    pub queued_at: Timestamp,
    /// How often sending it failed.
    pub tries: u32,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// What went wrong the last time; empty before the first try.
    pub problem: String,
    /// When it was sent, if it was.
    pub sent_at: Option<Timestamp>,
}

impl Desk {
    /// Who is sent the checkpoints.
    pub fn witnesses(&self) -> Vec<Witness> {
        self.office().witnesses.clone()
    }

    /// Names the witnesses, in place of those before, and queues the newest checkpoint for them.
    ///
    /// # Errors
    /// Not allowed, or a field to correct: `who-N` or `address-N`, N from 0.
    pub async fn name_witnesses(
        &self,
        actor: &Actor,
        witnesses: Vec<Witness>,
    ) -> Result<(), DeskError> {
        let permit: Permit = access::permit_in_office(&actor.person, Act::ManageSettings)?;
        for (at, witness) in witnesses.iter().enumerate() {
            if witness.who.trim().is_empty() {
                return Err(DeskError::field(
                    &format!("who-{at}"),
                    "Enter who this is, like the independent scrutineer",
                ));
            }
            if !is_address(&witness.address) {
                return Err(DeskError::field(
                    &format!("address-{at}"),
                    "Enter an e-mail address, like name@example.org",
                ));
            }
            let again = witnesses[..at]
                .iter()
                .any(|w| w.address.eq_ignore_ascii_case(&witness.address));
            if again {
                return Err(DeskError::field(
                    &format!("address-{at}"),
                    "This address is already in the list: enter each once",
                ));
            }
        }
        let _alone = self.inner.office_writing.lock().await;
        if witnesses == self.witnesses() {
            return Ok(());
        }
        let event = OfficeEvent::WitnessesNamed { witnesses };
        self.append_office(permit, &actor.person.id, vec![event])
            .await?;
        self.queue_newest().await
    }

    /// Queues what was not queued: the newest checkpoint for every witness who is not yet sent it, after a change of the list, after
    /// a start, and for a checkpoint that was made on the command line; and for whoever runs a case that it was opened with a reason.
    ///
    /// # Errors
    /// The store failed.
    pub async fn queue_newest(&self) -> Result<(), DeskError> {
        self.queue_openings().await?;
        self.queue_asked().await?;
        self.queue_invitations().await?;
        self.queue_renewals().await?;
        match self.checkpoints().await?.pop() {
            Some(newest) => self.queue_for_witnesses(&newest).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn queue_for_witnesses(
        &self,
        made: &SignedCheckpoint,
    ) -> Result<(), DeskError> {
        let mut mails = Vec::new();
        for witness in self.witnesses() {
            let letter = Letter {
                who: witness.who,
                address: witness.address,
                note: made.note.clone(),
                made_at: made.at,
            };
            mails.push(NewMail {
                id: self.mail_id(made.head.size, &letter.address),
                size: made.head.size,
                content: serde_json::to_vec(&letter)
                    .map_err(|e| DeskError::Other(e.to_string()))?,
            });
        }
        let new = self
            .inner
            .store
            .queue_mails(&mails, self.inner.clock.now())
            .await?;
        if new > 0 {
            tracing::debug!(new, "a checkpoint was queued for witnesses");
        }
        Ok(())
    }

    /// The mails that wait, those of the smallest checkpoint first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn waiting_mail(&self) -> Result<Vec<MailLine>, DeskError> {
        lines(self.inner.store.waiting_mails().await?)
    }

    /// The newest mails that were sent.
    ///
    /// # Errors
    /// The store failed.
    pub async fn sent_mail(&self, limit: u32) -> Result<Vec<MailLine>, DeskError> {
        lines(self.inner.store.sent_mails(limit).await?)
    }

    /// The same for the same checkpoint and address.
    fn mail_id(&self, size: u64, address: &str) -> String {
        self.once_id("mail", &[&size.to_string(), &address.to_lowercase()])
    }

    /// The id of a mail, made from what it tells and to whom: it is what stops a second one with the same news, and part of the mail's Message-ID.
    pub(crate) fn once_id(&self, news: &str, parts: &[&str]) -> String {
        let news = format!("candour-{news}/1");
        let mut sha = Sha256::new();
        for field in [news.as_str(), self.inner.store.partnership()]
            .iter()
            .chain(parts)
        {
            sha.update((field.len() as u64).to_be_bytes());
            sha.update(field);
        }
        let hash: [u8; 32] = sha.finalize().into();
        hash[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

pub(crate) fn read_mail(mail: &KeptMail) -> Result<Mail, DeskError> {
    serde_json::from_slice(&mail.content)
        .map_err(|_| DeskError::Other("a mail in the outbox cannot be read".into()))
}

fn lines(mails: Vec<KeptMail>) -> Result<Vec<MailLine>, DeskError> {
    mails
        .into_iter()
        .filter_map(|mail| match read_mail(&mail) {
            // Who was told of an opening is known to the case, not to this list.
            Ok(Mail::Checkpoint(letter)) => Some(Ok((mail, letter))),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .map(|read| {
            let (mail, Letter { who, address, .. }) = read?;
            Ok(MailLine {
                who,
                address,
                size: mail.size,
                queued_at: mail.queued_at,
                tries: mail.tries,
                next_at: mail.next_at,
                problem: mail.problem,
                sent_at: mail.sent_at,
            })
        })
        .collect()
}
