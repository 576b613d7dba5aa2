//! Who may see the case, who is barred from it, and who runs it.
//! Access comes from here, never from rank.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Case;
use crate::Date;
use crate::context::{Context, Refusal, required};
use crate::interests::Scope;

/// In what part someone takes part in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Runs the case: all powers in it.
    Manages,
    /// Decides and signs for a safeguarding partner.
    Decides,
    /// Chairs, and speaks to the family.
    Chairs,
    /// Reads.
    Reads,
    /// Reviews independently.
    Reviews,
    /// Sits on the panel of the review.
    Panel,
    /// Gives legal advice.
    Advises,
    /// Prepares what is said in public.
    Communicates,
    /// Answers for an agency: sees what that agency is asked, and nothing else.
    Contributes,
    /// Inspects for a limited time: reads and changes nothing.
    Inspects,
}

impl Part {
    /// All of them, those of the decision first.
    pub const ALL: [Part; 10] = [
        Part::Decides,
        Part::Chairs,
        Part::Reads,
        Part::Manages,
        Part::Contributes,
        Part::Reviews,
        Part::Panel,
        Part::Advises,
        Part::Communicates,
        Part::Inspects,
    ];

    /// The word under which forms name it.
    pub fn id(self) -> &'static str {
        match self {
            Part::Manages => "manages",
            Part::Decides => "decides",
            Part::Chairs => "chairs",
            Part::Reads => "reads",
            Part::Reviews => "reviews",
            Part::Panel => "panel",
            Part::Advises => "advises",
            Part::Communicates => "communicates",
            Part::Contributes => "contributes",
            Part::Inspects => "inspects",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Part::Manages => "runs the case",
            Part::Decides => "decides and signs for a partner",
            Part::Chairs => "chairs and speaks to the family",
            Part::Reads => "reads",
            Part::Reviews => "reviews independently",
            Part::Panel => "sits on the review panel",
            Part::Advises => "gives legal advice",
            Part::Communicates => "prepares what is said in public",
            Part::Contributes => "answers for an agency",
            Part::Inspects => "inspects for a limited time",
        }
    }
}

/// What happened to the membership of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// Someone was added.
    MemberAdded {
        /// Person id.
        person: String,
        /// The person's name on that day.
        name: String,
        /// In what part.
        part: Part,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
        /// The agency of this case that they answer for (id), when they contribute.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agency: Option<String>,
        /// The last day on which they take part.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// A member who answers for an agency also answers for another one.
    AgencyAdded {
        /// Person id.
        person: String,
        /// The other agency of this case (id).
        agency: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
    },
    /// A member no longer answers for one of several agencies.
    AgencyTaken {
        /// Person id.
        person: String,
        /// The agency of this case (id).
        agency: String,
        /// Why.
        why: String,
    },
    /// Someone was removed.
    MemberRemoved {
        /// Person id.
        person: String,
        /// Why.
        why: String,
    },
    /// Someone was barred: excluded whatever else would admit them.
    PersonBarred {
        /// Person id.
        person: String,
        /// The person's name on that day.
        name: String,
        /// Why.
        why: String,
    },
    /// A bar was lifted.
    BarLifted {
        /// Person id.
        person: String,
        /// Why.
        why: String,
    },
    /// The case was handed over to another person who runs it.
    HandedOver {
        /// From (person id).
        from: String,
        /// To (person id).
        to: String,
        /// The name of the new person on that day.
        name: String,
        /// Why.
        why: String,
    },
}

/// The command says what is wanted in the same words as its event.
pub type Command = Event;

/// Who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Members {
    /// Person id -> name and part.
    pub list: BTreeMap<String, (String, Part)>,
    /// Barred people: id -> name.
    pub barred: BTreeMap<String, String>,
    /// Who runs the case.
    pub owner: Option<String>,
    /// The agencies of this case that members answer for: person id -> agency ids.
    pub agencies: BTreeMap<String, BTreeSet<String>>,
    /// The last day on which members take part, of those who do for a limited time: person id -> day.
    pub until: BTreeMap<String, Date>,
}

impl Members {
    /// The part a person has, unless barred.
    pub fn part(&self, person: &str) -> Option<Part> {
        if self.barred.contains_key(person) {
            return None;
        }
        self.list.get(person).map(|(_, part)| *part)
    }

    /// Whether a person answers for an agency of this case (id).
    pub fn answers_for(&self, person: &str, agency: &str) -> bool {
        self.agencies
            .get(person)
            .is_some_and(|own| own.contains(agency))
    }

    /// All who may see the case.
    pub fn admitted(&self) -> BTreeSet<&str> {
        self.list
            .keys()
            .map(String::as_str)
            .filter(|p| !self.barred.contains_key(*p))
            .collect()
    }
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let state = &case.members;
    let back = |person: &str| case.interests.keeps(person, Scope::Everything);
    match &command {
        Event::MemberAdded {
            person,
            part,
            agency,
            until,
            ..
        } => {
            if state.barred.contains_key(person) {
                return Err(Refusal::field(
                    "person",
                    "This person is barred from the case: lift the bar first, with the reason",
                ));
            }
            if back(person) {
                return Err(Refusal::field(
                    "person",
                    "This person stepped back from the whole case: the decision about their interest has to change first",
                ));
            }
            let there = |id: &String| case.agencies.list.iter().any(|a| &a.id == id);
            match (part, agency) {
                (Part::Contributes, Some(agency)) if there(agency) => {}
                (Part::Contributes, _) => {
                    return Err(Refusal::field(
                        "agency",
                        "Choose the agency of this case that they answer for",
                    ));
                }
                (_, Some(_)) => {
                    return Err(Refusal::field(
                        "agency",
                        "Only someone who answers for an agency is added for one: choose no agency, or that part",
                    ));
                }
                (_, None) => {}
            }
            match until {
                Some(day) if *day < ctx.today => {
                    return Err(Refusal::field(
                        "until",
                        "Enter a last day that is today or later",
                    ));
                }
                None if *part == Part::Inspects => {
                    return Err(Refusal::field(
                        "until",
                        "Enter the last day on which they inspect the case",
                    ));
                }
                _ => {}
            }
            let same = state.list.get(person).is_some_and(|(_, p)| p == part)
                && state.agencies.get(person) == agency.clone().map(|one| [one].into()).as_ref()
                && state.until.get(person) == until.as_ref();
            if same {
                return Err(Refusal::field(
                    "person",
                    "This person already takes part in the case",
                ));
            }
            if state.owner.as_deref() == Some(person) && *part != Part::Manages {
                return Err(Refusal::field(
                    "person",
                    "This person runs the case: hand the case over first",
                ));
            }
        }
        Event::AgencyAdded { person, agency, .. } => {
            if state.part(person) != Some(Part::Contributes) {
                return Err(Refusal::field(
                    "person",
                    "This person does not answer for an agency of the case: add them in that part",
                ));
            }
            if !case.agencies.list.iter().any(|a| &a.id == agency) {
                return Err(Refusal::field(
                    "agency",
                    "Choose an agency that is recorded in this case",
                ));
            }
            if state.answers_for(person, agency) {
                return Err(Refusal::field(
                    "agency",
                    "This person answers for that agency already",
                ));
            }
        }
        Event::AgencyTaken {
            person,
            agency,
            why,
        } => {
            required(
                "why",
                why,
                "Enter why this person no longer answers for the agency",
            )?;
            if !state.answers_for(person, agency) {
                return Err(Refusal::field(
                    "agency",
                    "This person does not answer for that agency in this case",
                ));
            }
            if state.agencies.get(person).is_none_or(|own| own.len() < 2) {
                return Err(Refusal::field(
                    "agency",
                    "It is the only agency they answer for in this case: remove the person",
                ));
            }
        }
        Event::MemberRemoved { person, why } => {
            required("why", why, "Enter why this person is removed")?;
            if state.owner.as_deref() == Some(person) {
                return Err(Refusal::field(
                    "person",
                    "This person runs the case: hand the case over first",
                ));
            }
        }
        Event::PersonBarred { person, why, .. } => {
            required("why", why, "Enter why this person is barred")?;
            if state.owner.as_deref() == Some(person) {
                return Err(Refusal::field(
                    "person",
                    "This person runs the case: hand the case over first",
                ));
            }
        }
        Event::BarLifted { why, .. } => required("why", why, "Enter why the bar is lifted")?,
        Event::HandedOver { to, why, .. } => {
            required("why", why, "Enter why the case is handed over")?;
            if state.barred.contains_key(to) {
                return Err(Refusal::field("to", "This person is barred from the case"));
            }
            if back(to) {
                return Err(Refusal::field(
                    "to",
                    "This person stepped back from the whole case: choose someone else",
                ));
            }
        }
    }
    Ok(vec![command])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Members, event: &Event) {
    match event {
        Event::MemberAdded {
            person,
            name,
            part,
            agency,
            until,
            ..
        } => {
            state.list.insert(person.clone(), (name.clone(), *part));
            put(
                &mut state.agencies,
                person,
                agency.clone().map(|one| [one].into()),
            );
            put(&mut state.until, person, *until);
            if *part == Part::Manages && state.owner.is_none() {
                state.owner = Some(person.clone());
            }
        }
        Event::AgencyAdded { person, agency, .. } => {
            let own = state.agencies.entry(person.clone()).or_default();
            own.insert(agency.clone());
        }
        Event::AgencyTaken { person, agency, .. } => {
            if let Some(own) = state.agencies.get_mut(person) {
                own.remove(agency);
            }
        }
        Event::MemberRemoved { person, .. } => {
            state.list.remove(person);
            put(&mut state.agencies, person, None);
            put(&mut state.until, person, None);
        }
        Event::PersonBarred { person, name, .. } => {
            state.barred.insert(person.clone(), name.clone());
        }
        Event::BarLifted { person, .. } => {
            state.barred.remove(person);
        }
        Event::HandedOver { to, name, .. } => {
            state.list.insert(to.clone(), (name.clone(), Part::Manages));
            put(&mut state.agencies, to, None);
            put(&mut state.until, to, None);
            state.owner = Some(to.clone());
        }
    }
}

/// Keeps what is said of a person, or nothing.
fn put<T>(map: &mut BTreeMap<String, T>, person: &str, value: Option<T>) {
    match value {
        Some(value) => map.insert(person.to_owned(), value),
        None => map.remove(person),
    };
}
