//! The child or children, the family and others; relationships; pseudonyms.

mod person;
mod pseudonym;
mod relationship;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use person::{Adult, Birth, Child, Coded, Life, Part, Relationship};
pub use pseudonym::{check as check_pseudonym, suggest as suggest_pseudonym};
pub use relationship::{Because, Withdrawn};

use crate::context::{Context, Refusal, required};

/// A change of the name by which a child is known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PseudonymChange {
    /// The child's id.
    pub child: String,
    /// The new pseudonym.
    pub pseudonym: String,
    /// Whose wish it was, and why.
    pub why: String,
}

/// What happened to the people of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
#[expect(
    clippy::large_enum_variant,
    reason = "a child is most of what is recorded, and events are few and short-lived outside the story"
)]
pub enum Event {
    /// A child was recorded, or what is known of the child was changed.
    ChildRecorded(Child),
    /// A child's pseudonym was changed.
    PseudonymChanged(PseudonymChange),
    /// An adult was recorded or changed.
    AdultRecorded(Adult),
    /// A relationship was recorded.
    RelationshipRecorded(Relationship),
    /// A relationship was taken off: recorded in error, or no longer so.
    RelationshipWithdrawn(Withdrawn),
    /// A child moved to another case when the case was split.
    ChildMoved {
        /// The child's id.
        child: String,
        /// The reference of the other case.
        to: String,
    },
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a child is most of what is recorded, and events are few and short-lived outside the story"
)]
pub enum Command {
    /// Record a child; an empty id means a new one.
    RecordChild(Child),
    /// Change a pseudonym at the family's wish.
    ChangePseudonym(PseudonymChange),
    /// Record an adult; an empty id means a new one.
    RecordAdult(Adult),
    /// Record a relationship.
    RecordRelationship(Relationship),
    /// Take a relationship off, with the reason.
    WithdrawRelationship(Withdrawn),
    /// Note that a child moved to another case.
    MoveChild {
        /// The child's id.
        child: String,
        /// The reference of the other case.
        to: String,
    },
}

/// The people of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct People {
    /// The children, in the order they were recorded.
    pub children: Vec<Child>,
    /// The adults.
    pub adults: Vec<Adult>,
    /// Their relationships.
    pub relationships: Vec<Relationship>,
    /// Relationships that were so and no longer stand, each with the reason it was taken off.
    pub former_relationships: Vec<(Relationship, String)>,
    /// Earlier pseudonyms (child, pseudonym), oldest first.
    pub earlier_pseudonyms: Vec<(String, String)>,
    /// Children who moved to another case (child, reference).
    pub moved: Vec<(String, String)>,
}

impl People {
    /// A child by id.
    pub fn child(&self, id: &str) -> Option<&Child> {
        self.children.iter().find(|c| c.id == id)
    }

    /// An adult by id.
    pub fn adult(&self, id: &str) -> Option<&Adult> {
        self.adults.iter().find(|a| a.id == id)
    }

    /// The children the definition is tested for.
    pub fn subjects(&self) -> impl Iterator<Item = &Child> {
        self.children
            .iter()
            .filter(|c| c.parts.contains(&Part::Subject))
    }

    /// The children who are living, or of whom it is not yet known: those to be thought of when informing.
    pub fn children_to_consider(&self) -> impl Iterator<Item = &Child> {
        self.children.iter().filter(|c| !c.died() && !c.unborn())
    }

    /// What to call the person with this id: the pseudonym of a child, the label of an adult.
    pub fn called(&self, id: &str) -> String {
        self.child(id)
            .map(|c| c.pseudonym.clone())
            .or_else(|| self.adult(id).map(|a| a.label.clone()))
            .unwrap_or_else(|| "someone no longer in this case".into())
    }

    /// Everyone's names as recorded, for checks on pseudonyms and texts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.children
            .iter()
            .map(|c| c.name.as_str())
            .chain(self.adults.iter().map(|a| a.name.as_str()))
            .filter(|n| !n.is_empty())
    }
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(state: &People, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::RecordChild(mut child) => {
            if child.id.is_empty() {
                child.id = ctx.fresh.to_owned();
            }
            if child.parts.is_empty() {
                return Err(Refusal::field(
                    "parts",
                    "Choose at least one part the child has in this case",
                ));
            }
            if let Birth::On { on } = child.birth {
                ctx.past("born", on)?;
            }
            if let Life::Died { on: Some(on) } = child.life {
                ctx.past("died", on)?;
                if let Birth::On { on: born } = child.birth
                    && on < born
                {
                    return Err(Refusal::field(
                        "died",
                        "Enter a day of death that is not before the birth",
                    ));
                }
            }
            ctx.past_if_known("harmed-on", child.harmed_on)?;
            if child.pseudonym.trim().is_empty() {
                child.pseudonym = pseudonym::suggest(state, Some(&child));
            }
            pseudonym::check(state, Some(&child), &child.id, &child.pseudonym)?;
            if let Some(before) = state.child(&child.id)
                && before.pseudonym != child.pseudonym
            {
                return Err(Refusal::field(
                    "pseudonym",
                    "Change the pseudonym on its own page, so that whose wish it was is recorded",
                ));
            }
            Event::ChildRecorded(child)
        }
        Command::ChangePseudonym(change) => {
            let child = state
                .child(&change.child)
                .ok_or_else(|| Refusal::because("this child is not in this case"))?;
            pseudonym::check(state, Some(child), &change.child, &change.pseudonym)?;
            required("why", &change.why, "Enter whose wish this is, and why")?;
            Event::PseudonymChanged(change)
        }
        Command::RecordAdult(mut adult) => {
            if adult.id.is_empty() {
                adult.id = ctx.fresh.to_owned();
            }
            required(
                "label",
                &adult.label,
                "Enter who this is to the child, like mother or grandfather",
            )?;
            Event::AdultRecorded(adult)
        }
        Command::RecordRelationship(relationship) => {
            if relationship.one == relationship.other {
                return Err(Refusal::field("other", "Choose two different people"));
            }
            required("kind", &relationship.kind, "Enter how they are related")?;
            Event::RelationshipRecorded(relationship)
        }
        Command::WithdrawRelationship(withdrawn) => {
            relationship::check(state, &withdrawn)?;
            Event::RelationshipWithdrawn(withdrawn)
        }
        Command::MoveChild { child, to } => {
            state
                .child(&child)
                .ok_or_else(|| Refusal::because("this child is not in this case"))?;
            Event::ChildMoved { child, to }
        }
    };
    Ok(vec![event])
}

/// Applies an event of this stage.
pub fn apply(state: &mut People, event: &Event) {
    match event {
        Event::ChildRecorded(child) => replace(&mut state.children, child, |c| &c.id),
        Event::PseudonymChanged(change) => {
            if let Some(child) = state.children.iter_mut().find(|c| c.id == change.child) {
                let before = std::mem::replace(&mut child.pseudonym, change.pseudonym.clone());
                state
                    .earlier_pseudonyms
                    .push((change.child.clone(), before));
            }
        }
        Event::AdultRecorded(adult) => replace(&mut state.adults, adult, |a| &a.id),
        Event::RelationshipRecorded(relationship) => {
            let another = |r: &Relationship| {
                !(r.one == relationship.one
                    && r.other == relationship.other
                    && r.kind == relationship.kind)
            };
            state.relationships.retain(another);
            state.former_relationships.retain(|(r, _)| another(r));
            state.relationships.push(relationship.clone());
        }
        Event::RelationshipWithdrawn(withdrawn) => relationship::apply(state, withdrawn),
        Event::ChildMoved { child, to } => {
            state.children.retain(|c| &c.id != child);
            state.moved.push((child.clone(), to.clone()));
        }
    }
}

fn replace<T: Clone>(list: &mut Vec<T>, one: &T, id: impl Fn(&T) -> &String) {
    match list.iter_mut().find(|x| id(x) == id(one)) {
        Some(place) => *place = one.clone(),
        None => list.push(one.clone()),
    }
}
