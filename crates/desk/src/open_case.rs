//! Opening a case: the next free reference, the first entry, and who may see it from the start.

use access::Act;
use cases::incident::{self, Danger, Opening};
use cases::members::{self, Part};
use cases::{Case, Command};

use crate::act::{Acted, SentForm};
use crate::actor::Actor;
use crate::decide::Grown;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

/// What is said when a case is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// Whether a child may be in danger now.
    pub danger: Danger,
    /// What was done about it.
    pub danger_action: String,
    /// The reference in an earlier list.
    pub old_reference: Option<String>,
    /// The day the partnership first heard.
    pub heard_on: Option<calendar::Date>,
    /// True for a case already under way.
    pub under_way: bool,
    /// Who may see it from the start: person ids and parts; whoever opens it is added anyway.
    pub members: Vec<(String, Part)>,
    /// What else is known, as commands on the new case.
    pub known: Vec<Command>,
}

impl Desk {
    /// The next free reference of this year, such as `MER-2026-004`.
    pub fn next_reference(&self) -> String {
        let prefix = format!("{}-{}-", self.settings().short, self.today().year());
        let office = self.office();
        let last = self
            .inner
            .register
            .read()
            .map(|r| {
                let of_cases = r.values().map(|s| s.reference.as_str());
                // A reference is not given twice, also when what it stood for is no longer there.
                let of_erased = office.erasures.iter().map(|c| c.reference.as_str());
                of_cases
                    .chain(of_erased)
                    .filter_map(|reference| {
                        reference
                            .strip_prefix(&prefix)
                            .and_then(|n| n.parse::<u32>().ok())
                    })
                    .max()
                    .unwrap_or(0)
            })
            .unwrap_or(0);
        format!("{prefix}{:03}", last + 1)
    }

    /// Opens a case.
    ///
    /// # Errors
    /// The person may not open cases, or something known is refused.
    pub async fn open_case(&self, actor: &Actor, new: NewCase) -> Result<Acted, DeskError> {
        self.open_case_for(actor, new, None).await
    }

    /// The same for a form that was sent.
    ///
    /// # Errors
    /// As [`Desk::open_case`].
    pub async fn open_case_for(
        &self,
        actor: &Actor,
        new: NewCase,
        form: Option<SentForm<'_>>,
    ) -> Result<Acted, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::OpenCase)?;
        let _one_reference_at_a_time = self.inner.office_writing.lock().await;
        let grown = self.decide_opening(actor, new)?;
        self.record_one(permit, grown, form).await
    }

    /// The first entries of a new case; whoever calls holds the lock on references.
    pub(crate) fn decide_opening(&self, actor: &Actor, new: NewCase) -> Result<Grown, DeskError> {
        let rules = self.editions().in_force(self.today())?;
        let opening = Opening {
            reference: self.next_reference(),
            old_reference: new.old_reference,
            danger: new.danger,
            danger_action: new.danger_action,
            heard_on: new.heard_on,
            under_way: new.under_way,
            edition: rules.id.clone(),
        };
        let mut commands = vec![
            Command::Incident(incident::Command::Open(opening)),
            Command::Members(self.member(&actor.person.id, Part::Manages)),
        ];
        for (person, part) in new.members {
            if person != actor.person.id && self.office().person(&person).is_some() {
                commands.push(Command::Members(self.member(&person, part)));
            }
        }
        commands.extend(new.known);
        self.decide_new(actor, &fresh()?, commands)
    }

    fn member(&self, person: &str, part: Part) -> members::Event {
        let name = self
            .office()
            .person(person)
            .map_or_else(String::new, |p| p.name.clone());
        members::Event::MemberAdded {
            person: person.to_owned(),
            name,
            part,
            why: "added when the case was opened".into(),
            agency: None,
            until: None,
        }
    }

    /// Decides the first commands of a case that is not in the record yet.
    pub(crate) fn decide_new(
        &self,
        actor: &Actor,
        id: &str,
        commands: Vec<Command>,
    ) -> Result<Grown, DeskError> {
        let rules = self.editions().in_force(self.today())?;
        let mut grown = Grown::from(Case {
            id: id.to_owned(),
            ..Case::default()
        });
        for command in commands {
            self.decide(actor, &mut grown, &rules, command)?;
        }
        Ok(grown)
    }
}
