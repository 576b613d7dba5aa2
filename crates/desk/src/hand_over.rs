//! Handing over cases, tasks and drafts in one act.

use access::Act;
use access::office::OfficeEvent;
use cases::members::{self, Part};
use cases::{Command, Refusal};

use crate::actor::Actor;
use crate::decide::Grown;
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

/// Someone to be added to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// The person (id).
    pub person: String,
    /// In which part.
    pub part: Part,
    /// Why they need to know.
    pub why: String,
    /// The agency of the case that they answer for (id), for those who do.
    pub agency: Option<String>,
    /// The last day on which they take part, if it is for a limited time.
    pub until: Option<calendar::Date>,
}

impl NewMember {
    /// Someone with a part, without a limit.
    pub fn new(person: &str, part: Part, why: &str) -> NewMember {
        NewMember {
            person: person.into(),
            part,
            why: why.into(),
            agency: None,
            until: None,
        }
    }
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
        let _alone = self.inner.office_writing.lock().await;
        let mut held = Vec::with_capacity(owned.len());
        let mut grown = Vec::with_capacity(owned.len());
        // All cases change hands in one transaction, with the entry that says so.
        for (id, _) in &owned {
            held.push(self.writing(id).await.lock_owned().await);
            let case = self.load(id).await?;
            if case.members.barred.contains_key(to) {
                return Err(Refusal::field(
                    "to",
                    "This person is barred from one of the cases: choose someone else",
                )
                .into());
            }
            if case
                .interests
                .keeps(to, cases::interests::Scope::Everything)
            {
                return Err(Refusal::field(
                    "to",
                    "This person stepped back from one of the cases: choose someone else",
                )
                .into());
            }
            let event = members::Event::HandedOver {
                from: from.into(),
                to: to.into(),
                name: to_person.name.clone(),
                why: why.into(),
            };
            grown.push(self.handed(actor, &case, event)?);
        }
        let mut references: Vec<String> =
            owned.into_iter().map(|(_, reference)| reference).collect();
        references.sort();
        let events = vec![OfficeEvent::WorkHandedOver {
            from: from.into(),
            to: to.into(),
            cases: references.clone(),
            why: why.into(),
        }];
        let change = self.office_change(&actor.person.id, &events)?;
        self.record(permit, grown, Some(change), None).await?;
        self.office_follows(&events);
        let drafts = self.inner.store.transfer_drafts(from, to).await?;
        Ok(HandedOver {
            cases: references,
            drafts,
        })
    }

    /// One case changes hands; the entry names who did it, the permit comes from the office.
    fn handed(
        &self,
        actor: &Actor,
        case: &cases::Case,
        event: members::Event,
    ) -> Result<Grown, DeskError> {
        let rules = self.editions().for_step(case, self.today())?;
        let mut grown = Grown::from(case.clone());
        grown.push(std::sync::Arc::new(cases::Recorded {
            number: case.version() + 1,
            at: self.inner.clock.now(),
            by: actor.by(),
            edition: rules.id.clone(),
            event: event.into(),
            missing: Vec::new(),
            imported: None,
            pasted: Vec::new(),
        }));
        Ok(grown)
    }

    /// Adds someone to a case.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn add_member(
        &self,
        actor: &Actor,
        case: &str,
        new: NewMember,
    ) -> Result<crate::Acted, DeskError> {
        let office = self.office();
        let Some(found) = office.person(&new.person) else {
            return Err(DeskError::field("person", "Choose a person"));
        };
        if found.role == access::Role::Administrator {
            return Err(DeskError::field(
                "person",
                "The administrator sees no case content and cannot be added to a case",
            ));
        }
        let parts = access::parts_for(found);
        if !parts.contains(&new.part) {
            let words: Vec<&str> = parts.iter().map(|p| p.words()).collect();
            return Err(DeskError::Field {
                field: "part".into(),
                message: format!(
                    "The role of {} does not carry this part. With it a person {}",
                    found.name,
                    words.join(", or ")
                ),
            });
        }
        if let Some(agency) = &new.agency {
            let loaded = self.load(case).await?;
            let of = loaded.agencies.find(agency).map(|a| a.of.clone());
            if of.is_some_and(|of| !of.is_empty() && !found.answers_for(&of)) {
                return Err(DeskError::field(
                    "agency",
                    "This person has their account for another agency: choose theirs",
                ));
            }
        }
        // Whoever answers for one agency of the case already goes on answering for it.
        let before = self.load(case).await?.members.clone();
        let goes_on = before.part(&new.person) == Some(members::Part::Contributes)
            && new.part == members::Part::Contributes;
        let own = before.agencies.get(&new.person).filter(|_| goes_on);
        let also = |agency: &String| members::Event::AgencyAdded {
            person: new.person.clone(),
            agency: agency.clone(),
            why: new.why.clone(),
        };
        let same_time = before.until.get(&new.person) == new.until.as_ref();
        let events = match (own, &new.agency) {
            (Some(_), Some(agency)) if same_time => vec![also(agency)],
            _ => {
                let others = own.into_iter().flatten();
                let others = others.filter(|one| Some(*one) != new.agency.as_ref());
                let others: Vec<_> = others.map(also).collect();
                let mut events = vec![members::Event::MemberAdded {
                    name: found.name.clone(),
                    person: new.person.clone(),
                    part: new.part,
                    why: new.why.clone(),
                    agency: new.agency.clone(),
                    until: new.until,
                }];
                events.extend(others);
                events
            }
        };
        let commands = events.into_iter().map(Command::Members).collect();
        self.act(actor, case, None, true, commands).await
    }
}
