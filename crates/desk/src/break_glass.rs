//! Opening a case one does not take part in: by its reference, with a written reason, after the password again;
//! whoever runs the case is told at once. A reference that is not theirs to open is answered as one that does not exist.

use access::Act;
use cases::break_glass::{Command as Glass, Opened};
use cases::{Case, Command};
use serde::{Deserialize, Serialize};
use store::NewMail;

use crate::actor::Actor;
use crate::decide::Grown;
use crate::error::DeskError;
use crate::load::Desk;
use crate::mail::Mail;
use crate::view::CaseView;

/// What whoever runs a case is told: that it was opened, and where to read who, why and until when. Nothing of the case.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Told {
    /// To whom (person id): the address is looked up when it is sent.
    pub told: String,
    /// The case (id).
    pub case: String,
    /// Its reference.
    pub reference: String,
}

/// The same for a reference that is not there and for one that is not theirs to open.
const NOT_TO_OPEN: &str = "There is no case with this reference that you can open: check the reference, or ask the business manager";

impl Desk {
    /// Opens a case by its reference for whoever does not take part in it, to read it for the time the settings say; answers its id.
    /// Whoever sees the case already is led to it, and nothing is recorded. The password was asked for before.
    ///
    /// # Errors
    /// Not a role that may, or a field to correct; a wrong reference and one that is not theirs are answered alike.
    pub async fn open_with_reason(
        &self,
        actor: &Actor,
        reference: &str,
        why: &str,
    ) -> Result<String, DeskError> {
        access::permit_in_office(&actor.person, Act::OpenWithReason)?;
        if reference.trim().is_empty() {
            return Err(DeskError::field(
                "reference",
                "Enter the reference of the case",
            ));
        }
        if why.trim().is_empty() {
            return Err(DeskError::field(
                "why",
                "Enter why you need to see this case now",
            ));
        }
        let not_to_open = || DeskError::field("reference", NOT_TO_OPEN);
        let id = self
            .find_reference(reference.trim())
            .ok_or_else(not_to_open)?;
        let lock = self.writing(&id).await;
        let _alone = lock.lock().await;
        let case = self.load(&id).await.map_err(|error| match error {
            DeskError::NotThere => not_to_open(),
            other => other,
        })?;
        if self.permit(actor, &case, Act::ReadCase).is_ok() {
            return Ok(id);
        }
        let permit = self
            .permit(actor, &case, Act::OpenWithReason)
            .map_err(|_| not_to_open())?;
        let rules = self.editions().for_step(&case, self.today())?;
        let mut grown = Grown::from((*case).clone());
        let command = Command::BreakGlass(Glass::Open {
            why: why.trim().to_owned(),
            hours: self.settings().access.open_hours,
        });
        self.decide(actor, &mut grown, &rules, command)?;
        self.record_one(permit, grown, None).await?;
        self.inner.reads.forget(&actor.person.id, &id);
        // The opening is in the record and on the first page of whoever runs the case; a mail that cannot be queued now is queued later.
        if let Err(error) = self.queue_openings().await {
            tracing::error!(%error, "whoever runs a case could not be told by mail that it was opened");
        }
        Ok(id)
    }

    /// Who opened a case with a written reason, newest first.
    ///
    /// # Errors
    /// Not theirs to see.
    pub fn openings(&self, actor: &Actor, view: &CaseView) -> Result<Vec<Opened>, DeskError> {
        self.permit(actor, &view.case, Act::SeeOpenings)?;
        let mut list = view.case.break_glass.list.clone();
        list.reverse();
        Ok(list)
    }

    /// The opening under which someone reads a case now, when that is how they read it.
    pub fn own_opening<'a>(&self, actor: &Actor, view: &'a CaseView) -> Option<&'a Opened> {
        let case: &Case = &view.case;
        (view.standing.way == access::Way::Opened)
            .then(|| {
                let now = self.inner.clock.now();
                case.break_glass.under(&actor.person.id, now)
            })
            .flatten()
    }

    /// Queues a mail for whoever runs a case, and for whoever covers for them, of each opening that nobody has reviewed;
    /// however often it is asked for, each is queued once.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn queue_openings(&self) -> Result<(), DeskError> {
        let mut mails = Vec::new();
        let (office, today) = (self.office(), self.today());
        let waiting: Vec<_> = self.inner.register.read().map_or_else(
            |_| Vec::new(),
            |register| {
                let open = register.values().filter(|s| !s.to_review.is_empty());
                open.cloned().collect()
            },
        );
        for summary in waiting {
            let Some(owner) = &summary.owner else {
                continue;
            };
            let cover = office.cover_of(owner, today).map(|p| p.id.clone());
            for person in [Some(owner.clone()), cover].into_iter().flatten() {
                for (opening, opener, _) in &summary.to_review {
                    if *opener == person {
                        continue;
                    }
                    let told = Told {
                        told: person.clone(),
                        case: summary.id.clone(),
                        reference: summary.reference.clone(),
                    };
                    mails.push(NewMail {
                        id: self.told_id(&summary.id, opening, &person),
                        size: 0,
                        content: serde_json::to_vec(&Mail::Opened(told))
                            .map_err(|e| DeskError::Other(e.to_string()))?,
                    });
                }
            }
        }
        self.inner
            .store
            .queue_mails(&mails, self.inner.clock.now())
            .await?;
        Ok(())
    }

    /// Whether someone who was to be told of an opening still runs the case or covers it, and their address today.
    pub(crate) fn still_told(&self, told: &Told) -> Option<String> {
        let office = self.office();
        let person = office.person(&told.told)?;
        let register = self.inner.register.read().ok()?;
        let summary = register.get(&told.case)?;
        self.may_in(&self.actor(person), summary, Act::SeeOpenings)
            .then(|| person.email.clone())
    }

    /// The subject and the text of such a mail: the reference and a link, nothing else of the case.
    pub(crate) fn told_words(&self, told: &Told) -> (String, String) {
        let settings = self.settings();
        let address = settings.access.address.trim_end_matches('/').to_owned();
        let page = format!("/cases/{}/openings", told.case);
        let link = if address.is_empty() {
            format!("Sign in to Candour and go to this page: {page}")
        } else {
            format!("Sign in to read who, why and until when: {address}{page}")
        };
        (
            format!("{}: opened with a written reason", told.reference),
            format!(
                "Someone who does not take part in {} has opened it with a written reason.\r\n\r\n{link}\r\n\r\n{}\r\n",
                told.reference, settings.name
            ),
        )
    }

    /// The same for the same opening and person, so that nobody is told twice.
    fn told_id(&self, case: &str, opening: &str, person: &str) -> String {
        self.once_id("opened", &[case, opening, person])
    }
}
