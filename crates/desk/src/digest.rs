//! Once a week the lead of each agency and the delegates of each safeguarding partner are told by mail who of theirs has access:
//! names and roles, nothing of any case.

use access::{Person, Role};
use serde::{Deserialize, Serialize};
use store::NewMail;

use crate::error::DeskError;
use crate::load::Desk;
use crate::mail::Mail;

/// Such a mail as it waits; who has access is looked up when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Digest {
    /// To whom (person id).
    pub digest_to: String,
    /// The week, such as `2026-W23`.
    pub week: String,
}

/// Whether two people answer for the same agency, or act for the same body.
fn same(one: &Person, other: &Person) -> bool {
    let agency = one.agencies().any(|own| other.answers_for(own));
    agency || (one.seat.is_some() && one.seat == other.seat)
}

impl Desk {
    fn week(&self) -> String {
        let week = self.today().iso_week_date();
        format!("{}-W{:02}", week.year(), week.week())
    }

    /// Queues the mails of this week; each once, however often it is asked for. None without a mail server.
    ///
    /// # Errors
    /// The store failed.
    pub async fn queue_digests(&self) -> Result<(), DeskError> {
        if self.mail_server().is_none() {
            return Ok(());
        }
        let week = self.week();
        let mut mails = Vec::new();
        for person in self.office().people.values().filter(|p| self.is_told(p)) {
            let id = self.once_id("digest", &[&person.id, &week]);
            if self.inner.queued.lock().is_ok_and(|q| q.contains(&id)) {
                continue;
            }
            let mail = Mail::Digest(Digest {
                digest_to: person.id.clone(),
                week: week.clone(),
            });
            let content = serde_json::to_vec(&mail).map_err(|e| DeskError::Other(e.to_string()))?;
            mails.push(NewMail {
                id,
                size: 0,
                content,
            });
        }
        let now = self.inner.clock.now();
        self.inner.store.queue_mails(&mails, now).await?;
        if let Ok(mut queued) = self.inner.queued.lock() {
            queued.extend(mails.into_iter().map(|mail| mail.id));
        }
        Ok(())
    }

    /// Whether someone is told: a lead or delegate who has access themselves.
    fn is_told(&self, person: &Person) -> bool {
        matches!(person.role, Role::AgencyLead | Role::Delegate) && self.has_access(person)
    }

    fn has_access(&self, person: &Person) -> bool {
        let office = self.office();
        let awaited = (office.invitations.get(&person.id)).is_some_and(|invited| {
            !matches!(invited.answer, access::invitation::Answer::Accepted(_))
        });
        !person.left && !awaited && !office.locked.contains(&person.id)
    }

    /// The address of someone who is still to be told, in the same week.
    pub(crate) fn still_digested(&self, digest: &Digest) -> Option<String> {
        let office = self.office();
        let person = office.person(&digest.digest_to)?;
        (digest.week == self.week() && self.is_told(person)).then(|| person.email.clone())
    }

    /// The subject and the text.
    pub(crate) fn digest_words(&self, digest: &Digest) -> (String, String) {
        let office = self.office();
        let mut lines: Vec<String> = Vec::new();
        let leads = office
            .person(&digest.digest_to)
            .is_some_and(|lead| access::permit_in_office(lead, access::Act::KeepOwnAgency).is_ok());
        let ends = if leads {
            "end it today under \u{201c}Your agency\u{201d}"
        } else {
            "tell the business manager today"
        };
        if let Some(lead) = office.person(&digest.digest_to) {
            let theirs = office.people.values().filter(|p| same(lead, p));
            lines.extend(
                theirs
                    .filter(|p| self.has_access(p))
                    .map(|p| format!("- {}, {}", p.name, self.part_words(p))),
            );
        }
        (
            "Candour: who of yours has access".to_owned(),
            format!(
                "These people and systems of yours have access to Candour today:\r\n\r\n{}\r\n\r\n\
                 If someone has left or no longer needs it, {ends}. You get this mail once a week.\r\n\r\n{}\r\n",
                lines.join("\r\n"),
                self.settings().name
            ),
        )
    }
}
