//! Linking, splitting, closing with a reason and re-opening; marking an entry as made in error; which edition applies.

mod rests;

use std::collections::BTreeMap;

pub use rests::{Rest, rests_on};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Case;
use crate::context::{Context, Refusal, required};

/// Why a case is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Everything is done.
    Complete,
    /// The definition is not met.
    NotMet,
    /// Opened in error.
    OpenedInError,
    /// The same as another case.
    Duplicate,
    /// Another area leads.
    AnotherAreaLeads,
}

impl Reason {
    /// All reasons, in the order they are offered.
    pub const ALL: [Reason; 5] = [
        Reason::Complete,
        Reason::NotMet,
        Reason::OpenedInError,
        Reason::Duplicate,
        Reason::AnotherAreaLeads,
    ];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Complete => "complete",
            Reason::NotMet => "the definition is not met",
            Reason::OpenedInError => "opened in error",
            Reason::Duplicate => "a duplicate of another case",
            Reason::AnotherAreaLeads => "another area leads",
        }
    }
}

/// How a case was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Closed {
    /// Why.
    pub reason: Reason,
    /// In words.
    pub words: String,
    /// The case it duplicates (reference), or the area that leads.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub other: String,
}

/// A mark on an entry made in error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Mark {
    /// The number of the entry in this case.
    pub entry: u64,
    /// Why it is wrong.
    pub why: String,
    /// The number of the entry that says it right, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<u64>,
    /// True when its content is hidden from all but `visible_to`.
    #[serde(default)]
    pub hidden: bool,
    /// The people (ids) who may still see it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visible_to: Vec<String>,
}

/// What happened to the case as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// Linked with another case.
    CaseLinked {
        /// Its reference.
        to: String,
        /// Why.
        why: String,
    },
    /// Split: some children went to another case.
    CaseSplit {
        /// The new case's reference.
        to: String,
        /// The children's ids.
        children: Vec<String>,
        /// Why.
        why: String,
    },
    /// Closed.
    CaseClosed(Closed),
    /// Re-opened.
    CaseReopened {
        /// Why.
        why: String,
    },
    /// An entry was marked as made in error.
    EntryMarked(Mark),
    /// Which edition applies to what has begun.
    EditionChosen {
        /// The composite id.
        edition: String,
        /// Why.
        why: String,
    },
    /// The reason why a clock was or will be late.
    LateExplained {
        /// The clock's id.
        clock: String,
        /// The reason.
        why: String,
    },
}

/// The command says what is wanted in the same words as its event.
pub type Command = Event;

/// The case as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Closing {
    /// Linked cases (reference, why).
    pub links: Vec<(String, String)>,
    /// Cases split off (reference, children, why).
    pub splits: Vec<(String, Vec<String>, String)>,
    /// How it was closed; absent while open.
    pub closed: Option<Closed>,
    /// Marks on entries, by entry number.
    #[serde(serialize_with = "crate::case::as_list")]
    pub marks: BTreeMap<u64, Mark>,
    /// Reasons given for lateness, by clock.
    pub late: BTreeMap<String, String>,
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let state = &case.closing;
    match &command {
        Event::CaseLinked { to, why } => {
            required("to", to, "Enter the reference of the other case")?;
            required("why", why, "Enter why the cases are linked")?;
            if state.links.iter().any(|(t, _)| t == to) {
                return Err(Refusal::field("to", "These cases are already linked"));
            }
        }
        Event::CaseSplit { children, why, .. } => {
            required("why", why, "Enter why the case is split")?;
            if children.is_empty() {
                return Err(Refusal::field(
                    "children",
                    "Choose the children who go to the new case",
                ));
            }
            if children.len() >= case.people.children.len() {
                return Err(Refusal::field(
                    "children",
                    "Leave at least one child in this case",
                ));
            }
        }
        Event::CaseClosed(closed) => {
            if state.closed.is_some() {
                return Err(Refusal::because("this case is already closed"));
            }
            required(
                "words",
                &closed.words,
                "Enter why the case is closed, in words",
            )?;
            match closed.reason {
                Reason::Duplicate => required(
                    "other",
                    &closed.other,
                    "Enter the reference of the case this duplicates",
                )?,
                Reason::AnotherAreaLeads => {
                    required("other", &closed.other, "Enter which area leads")?
                }
                _ => {}
            }
        }
        Event::CaseReopened { why } => {
            if state.closed.is_none() {
                return Err(Refusal::because("this case is open"));
            }
            required("why", why, "Enter why the case is re-opened")?;
        }
        Event::EntryMarked(mark) => {
            required("why", &mark.why, "Enter what is wrong with the entry")?;
            // What the entry did is taken back by folding the others again.
            if !case.is_whole() {
                return Err(Refusal::because(
                    "an entry is marked with every entry of the case at hand",
                ));
            }
            let entry = case
                .story
                .iter()
                .find(|r| r.number == mark.entry)
                .ok_or_else(|| Refusal::because("there is no such entry"))?;
            if mark.hidden && mark.visible_to.is_empty() {
                return Err(Refusal::field(
                    "visible-to",
                    "Choose who may still see the entry",
                ));
            }
            if !entry.event.can_be_marked(case) {
                return Err(Refusal::because(
                    "this entry cannot be marked as made in error: close the case as opened in error, or reconsider the decision, instead",
                ));
            }
        }
        Event::EditionChosen { edition, why } => {
            required("edition", edition, "Choose the edition that applies")?;
            required(
                "why",
                why,
                "Enter why this edition applies to what has begun",
            )?;
        }
        Event::LateExplained { why, .. } => required("why", why, "Enter the reason")?,
    }
    let _ = ctx;
    Ok(vec![command])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Closing, event: &Event) {
    match event {
        Event::CaseLinked { to, why } => state.links.push((to.clone(), why.clone())),
        Event::CaseSplit { to, children, why } => {
            state
                .splits
                .push((to.clone(), children.clone(), why.clone()))
        }
        Event::CaseClosed(closed) => state.closed = Some(closed.clone()),
        Event::CaseReopened { .. } => state.closed = None,
        Event::EntryMarked(mark) => {
            state.marks.insert(mark.entry, mark.clone());
        }
        Event::EditionChosen { .. } => {}
        Event::LateExplained { clock, why } => {
            state.late.insert(clock.clone(), why.clone());
        }
    }
}
