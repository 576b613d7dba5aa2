//! Interests: who said that they are close to the family or the practice, what a named person decided about it,
//! and from which parts of the case somebody stepped back.
//! Leading an agency under review is not in itself a conflict; personal or line-management involvement is to be declared.

mod decide;

use std::collections::BTreeSet;

use calendar::Date;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{By, Seat};

pub use decide::decide;

/// What kind of interest it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Personal involvement with a child or the family.
    Family,
    /// Took part in the work with the child or the family that is looked at.
    Practice,
    /// Line manages, or managed then, someone whose work is looked at.
    LineManages,
    /// Leads an agency whose work is looked at: not in itself a conflict.
    LeadsAgency,
    /// Something else.
    Other,
}

impl Kind {
    /// All kinds, in the order they are offered.
    pub const ALL: [Kind; 5] = [
        Kind::Family,
        Kind::Practice,
        Kind::LineManages,
        Kind::LeadsAgency,
        Kind::Other,
    ];

    /// Its id in forms.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Family => "family",
            Kind::Practice => "practice",
            Kind::LineManages => "line-manages",
            Kind::LeadsAgency => "leads-agency",
            Kind::Other => "other",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Family => "personal involvement with a child or the family",
            Kind::Practice => "a part in the work that is looked at",
            Kind::LineManages => "line management of someone whose work is looked at",
            Kind::LeadsAgency => "leading an agency whose work is looked at",
            Kind::Other => "something else",
        }
    }
}

/// A part of the case from which somebody can step back.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The whole case: it is as if it were not there.
    Everything,
    /// The decision: what is considered, the text, views and signatures.
    Decision,
    /// Contact with the child and the family, and letters to them.
    Family,
    /// The documents: opening, adding, printing and exporting.
    Documents,
}

impl Scope {
    /// All parts, in the order they are offered.
    pub const ALL: [Scope; 4] = [
        Scope::Everything,
        Scope::Decision,
        Scope::Family,
        Scope::Documents,
    ];

    /// Its id in forms.
    pub fn id(self) -> &'static str {
        match self {
            Scope::Everything => "everything",
            Scope::Decision => "decision",
            Scope::Family => "family",
            Scope::Documents => "documents",
        }
    }

    /// In words, after "stepped back from".
    pub fn words(self) -> &'static str {
        match self {
            Scope::Everything => "the whole case",
            Scope::Decision => "the decision and signing",
            Scope::Family => "contact with the child and the family",
            Scope::Documents => "the documents",
        }
    }
}

/// Parts of the case in words, joined for a sentence.
pub fn scopes_in_words(from: &BTreeSet<Scope>) -> String {
    let words: Vec<&str> = from.iter().map(|s| s.words()).collect();
    match words.as_slice() {
        [] => "nothing".into(),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        one => one.concat(),
    }
}

/// An interest as it was declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Declared {
    /// Its id in the case.
    pub id: String,
    /// Whose interest (person id).
    pub person: String,
    /// The person's name on that day.
    pub name: String,
    /// The part they act in, in words: "delegate, police".
    pub acts_as: String,
    /// The seat they act for, when they act for a safeguarding partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<Seat>,
    /// What kind.
    pub kind: Kind,
    /// In words.
    pub words: String,
    /// Since when, in words.
    pub since: String,
}

/// What was decided about an interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is no conflict.
    NoConflict,
    /// They take part, and the interest is stated.
    TakesPart,
    /// They step back.
    StepsBack,
}

impl Outcome {
    /// All outcomes, in the order they are offered.
    pub const ALL: [Outcome; 3] = [Outcome::NoConflict, Outcome::TakesPart, Outcome::StepsBack];

    /// Its id in forms.
    pub fn id(self) -> &'static str {
        match self {
            Outcome::NoConflict => "no-conflict",
            Outcome::TakesPart => "takes-part",
            Outcome::StepsBack => "steps-back",
        }
    }
}

/// A named person's decision about an interest; a later one takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Answer {
    /// The interest (id).
    pub interest: String,
    /// What was decided.
    pub outcome: Outcome,
    /// From which parts they step back; empty unless they do.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub from: BTreeSet<Scope>,
    /// How the interest is stated in the record of meetings and of the decision; empty unless they take part with it stated.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stated: String,
    /// Why.
    pub why: String,
    /// The day it was decided.
    pub on: Date,
}

/// What happened to the interests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// Somebody declared an interest, or the manager did for them.
    InterestDeclared(Declared),
    /// A named person decided about it.
    InterestDecided(Answer),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Declare an interest of one's own; person, name and part are taken from whoever acts.
    Declare(Declared),
    /// Declare an interest for someone who takes part in the case.
    DeclareFor(Declared),
    /// Decide about an interest of somebody else.
    Decide(Answer),
}

/// A decision about an interest with who made it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Answered {
    /// The decision.
    pub answer: Answer,
    /// Who made it.
    pub by: By,
    /// When (UTC).
    pub at: Timestamp,
}

/// An interest with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Interest {
    /// As it was declared.
    pub declared: Declared,
    /// Who declared it: the person, or whoever runs the case for them.
    pub by: By,
    /// When (UTC).
    pub at: Timestamp,
    /// The decisions about it, oldest first; the newest holds.
    pub answers: Vec<Answered>,
}

impl Interest {
    /// The decision that holds, if there is one.
    pub fn holds(&self) -> Option<&Answered> {
        self.answers.last()
    }

    /// What became of it, in a line that can stand beside who was present at a meeting: without what the interest is,
    /// but for the words in which it was to be stated.
    pub fn line(&self) -> String {
        let d = &self.declared;
        let what = match self.holds().map(|a| &a.answer) {
            None => "declared an interest; nobody has decided about it yet".into(),
            Some(a) => match a.outcome {
                Outcome::NoConflict => "declared an interest; decided to be no conflict".into(),
                Outcome::TakesPart => format!("takes part with an interest stated: {}", a.stated),
                Outcome::StepsBack => {
                    format!("stepped back from {}", scopes_in_words(&a.from))
                }
            },
        };
        format!("{}, {}: {what}", d.name, d.acts_as)
    }

    /// The decision that held at a moment.
    pub fn held_at(&self, moment: Option<Timestamp>) -> Option<&Answered> {
        match moment {
            None => self.holds(),
            Some(moment) => self.answers.iter().rev().find(|a| a.at <= moment),
        }
    }
}

impl Answered {
    /// Whether it keeps somebody from a part of the case.
    pub fn keeps_from(&self, scope: Scope) -> bool {
        self.answer.outcome == Outcome::StepsBack
            && (self.answer.from.contains(&scope) || self.answer.from.contains(&Scope::Everything))
    }
}

/// The interests of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Interests {
    /// Oldest first.
    pub list: Vec<Interest>,
}

impl Interests {
    /// The interest with this id.
    pub fn find(&self, id: &str) -> Option<&Interest> {
        self.list.iter().find(|i| i.declared.id == id)
    }

    /// Interests about which nobody has decided.
    pub fn open(&self) -> impl Iterator<Item = &Interest> {
        self.list.iter().filter(|i| i.answers.is_empty())
    }

    /// From which parts a person stepped back; of several interests each counts.
    pub fn stepped_back(&self, person: &str) -> BTreeSet<Scope> {
        self.list
            .iter()
            .filter(|i| i.declared.person == person)
            .filter_map(Interest::holds)
            .filter(|a| a.answer.outcome == Outcome::StepsBack)
            .flat_map(|a| a.answer.from.iter().copied())
            .collect()
    }

    /// Whether a person stepped back from a part, or from everything.
    pub fn keeps(&self, person: &str, from: Scope) -> bool {
        let back = self.stepped_back(person);
        back.contains(&from) || back.contains(&Scope::Everything)
    }

    /// Everyone who stepped back from anything (person ids).
    pub fn people_back(&self) -> BTreeSet<&str> {
        self.list
            .iter()
            .filter(|i| {
                i.holds()
                    .is_some_and(|a| a.answer.outcome == Outcome::StepsBack)
            })
            .map(|i| i.declared.person.as_str())
            .collect()
    }

    /// Who acts for a safeguarding partner and stepped back from the decision, as it stood at a moment; now without one.
    pub fn back_from_decision(
        &self,
        moment: Option<Timestamp>,
    ) -> impl Iterator<Item = (&Declared, &Answered)> {
        self.list.iter().filter_map(move |i| {
            let held = i.held_at(moment)?;
            (i.declared.seat.is_some() && held.keeps_from(Scope::Decision))
                .then_some((&i.declared, held))
        })
    }

    /// What the text of the decision says of interests, line by line: who stepped back from it, and who takes part with an interest stated.
    /// What the interest is stays out of it, but for the words in which it was to be stated.
    pub fn in_the_text(&self, moment: Option<Timestamp>) -> Vec<String> {
        let mut lines = Vec::new();
        for interest in self.list.iter().filter(|i| i.declared.seat.is_some()) {
            let d = &interest.declared;
            let Some(held) = interest.held_at(moment) else {
                continue;
            };
            if held.keeps_from(Scope::Decision) {
                lines.push(format!(
                    "Stepped back from this decision: {}, {}; decided by {}, {}, on {}. Someone else with authority for this partner acts in their place.",
                    d.name,
                    d.acts_as,
                    held.by.name,
                    held.by.part,
                    calendar::words::long(held.answer.on)
                ));
            } else if held.answer.outcome == Outcome::TakesPart {
                lines.push(format!(
                    "Takes part with an interest stated: {}, {}: {}",
                    d.name, d.acts_as, held.answer.stated
                ));
            }
        }
        lines
    }
}

/// Applies an event of this stage.
pub fn apply(state: &mut Interests, event: &Event, recorded: &crate::Recorded) {
    match event {
        Event::InterestDeclared(declared) => state.list.push(Interest {
            declared: declared.clone(),
            by: recorded.by.clone(),
            at: recorded.at,
            answers: Vec::new(),
        }),
        Event::InterestDecided(answer) => {
            if let Some(interest) = state
                .list
                .iter_mut()
                .find(|i| i.declared.id == answer.interest)
            {
                interest.answers.push(Answered {
                    answer: answer.clone(),
                    by: recorded.by.clone(),
                    at: recorded.at,
                });
            }
        }
    }
}
