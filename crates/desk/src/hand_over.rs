//! Handing over cases, tasks and drafts in one act.

use access::Act;
use access::office::OfficeEvent;
use cases::members::{self, Part};
use cases::{Command, Refusal};

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;

/// What was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// References of the cases.
    pub cases: Vec<String>,
    /// How many drafts.
    pub drafts: u64,
}

impl Desk {
    /// Hands over all that a person runs, with their tasks and drafts, to another.
    /// Cases that the acting person may not see are handed over too, without being shown.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn hand_over(
        &self,
        actor: &Actor,
        from: &str,
        to: &str,
        why: &str,
    ) -> Result<HandedOver, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::HandOver)?;
        if from == to {
            return Err(DeskError::field("to", "Choose someone else"));
        }
        if why.trim().is_empty() {
            return Err(DeskError::field("why", "Enter why the work is handed over"));
        }
        let office = self.office();
        let Some(to_person) = office.person(to).filter(|p| {
            matches!(
                p.role,
                access::Role::BusinessManager | access::Role::DeputyManager
            )
        }) else {
            return Err(DeskError::field("to", "Choose a manager or deputy"));
        };
        let owned: Vec<(String, String)> = self
            .inner
            .register
            .read()
            .map(|r| {
                r.values()
                    .filter(|s| s.owner.as_deref() == Some(from))
                    .map(|s| (s.id.clone(), s.reference.clone()))
                    .collect()
            })
            .unwrap_or_default();
        for (id, _) in &owned {
            if self.load(id).await?.members.barred.contains_key(to) {
                return Err(Refusal::field(
                    "to",
                    "This person is barred from one of the cases: choose someone else",
                )
                .into());
            }
        }
        let _alone = self.inner.office_writing.lock().await;
        let mut references = Vec::new();
        for (id, reference) in owned {
            let lock = self.writing(&id).await;
            let _one = lock.lock().await;
            let case = self.load(&id).await?;
            let event = members::Event::HandedOver {
                from: from.into(),
                to: to.into(),
                name: to_person.name.clone(),
                why: why.into(),
            };
            self.hand_one(actor, case, event).await?;
            references.push(reference);
        }
        let drafts = self.inner.store.transfer_drafts(from, to).await?;
        references.sort();
        self.append_office(
            permit,
            &actor.person.id,
            vec![OfficeEvent::WorkHandedOver {
                from: from.into(),
                to: to.into(),
                cases: references.clone(),
                why: why.into(),
            }],
        )
        .await?;
        Ok(HandedOver {
            cases: references,
            drafts,
        })
    }

    /// One case changes hands; the entry names who did it, the permit comes from the office.
    async fn hand_one(
        &self,
        actor: &Actor,
        case: std::sync::Arc<cases::Case>,
        event: members::Event,
    ) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::HandOver)?;
        let rules = self.editions().for_step(&case, self.today())?;
        let recorded = std::sync::Arc::new(cases::Recorded {
            number: case.version() + 1,
            at: self.inner.clock.now(),
            by: actor.by(),
            edition: rules.id.clone(),
            event: event.into(),
            missing: Vec::new(),
            imported: None,
        });
        self.append(permit, &case, std::slice::from_ref(&recorded))
            .await?;
        let mut after = (*case).clone();
        after.push(recorded);
        let after = std::sync::Arc::new(after);
        self.keep(&after);
        self.summarise(&after);
        Ok(())
    }

    /// Adds someone to a case.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn add_member(
        &self,
        actor: &Actor,
        case: &str,
        person: &str,
        part: Part,
        why: &str,
    ) -> Result<crate::Acted, DeskError> {
        let office = self.office();
        let Some(found) = office.person(person) else {
            return Err(DeskError::field("person", "Choose a person"));
        };
        if found.role == access::Role::Administrator {
            return Err(DeskError::field(
                "person",
                "The administrator sees no case content and cannot be added to a case",
            ));
        }
        let event = members::Event::MemberAdded {
            person: person.into(),
            name: found.name.clone(),
            part,
            why: why.into(),
        };
        self.act(actor, case, None, true, vec![Command::Members(event)])
            .await
    }
}
