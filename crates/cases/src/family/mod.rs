//! The child's and the family's part: informing, what was explained, the four principles, views sought or the recorded reason why not.
//! A child who has died has no informing step, letter or views question.
//! Long because the part of one person, its commands and its rules are one thing; the pages take them apart.

mod letter;

use std::collections::BTreeMap;

use calendar::Date;
use guidance::Rules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use letter::{Letter, LetterKind, SafetyCheck, warnings};

use crate::Case;
use crate::context::{Context, Refusal, required};
use crate::missing::{Missing, Place};

/// Whether informing this person is appropriate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Appropriate {
    /// The person's id.
    pub person: String,
    /// Yes or no.
    pub appropriate: bool,
    /// Reasons.
    pub reasons: String,
    /// Who decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decided_by: String,
    /// The day to look again, when it is not appropriate now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_again: Option<Date>,
}

/// What a contact was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ContactKind {
    /// Contact, before or beside the decision.
    Contact,
    /// The person was told of the decision, which needs a decision.
    ToldOfDecision,
}

/// One contact: a call, a visit, a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Contact {
    /// The person's id.
    pub person: String,
    /// What it was.
    pub kind: ContactKind,
    /// The day.
    pub on: Date,
    /// The time in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// By whom, by name.
    pub by_whom: String,
    /// The role of whoever made it (a role id of the pack).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// Why someone acted on behalf of the role the pack names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on_behalf: String,
    /// How: in person, by telephone, by letter.
    pub how: String,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// What was explained (element id -> the words used).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub explained: BTreeMap<String, String>,
    /// A promise made, such as "call before publication".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub promise: String,
    /// Who keeps the promise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub promise_keeper: String,
}

/// How one principle is applied for this family or person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Principles {
    /// Principle id -> how it is applied.
    pub applied: BTreeMap<String, String>,
}

/// Where the question of a person's views stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Views {
    /// Not yet asked.
    NotYetAsked,
    /// Asked, waiting for an answer.
    AskedWaiting {
        /// The day.
        on: Date,
        /// How.
        how: String,
    },
    /// Given, in their words.
    Given {
        /// The day.
        on: Date,
        /// Their words.
        words: String,
    },
    /// Declined; they can change their mind.
    Declined {
        /// The day.
        on: Date,
        /// What they said, if anything.
        #[serde(default)]
        words: String,
    },
    /// Could not be reached.
    CouldNotBeReached {
        /// The day of the last attempt.
        on: Date,
        /// What was tried.
        tried: String,
    },
    /// Decided not to ask: who, when, why and a day to look again; it cannot be blank.
    #[serde(rename_all = "kebab-case")]
    NotAsked {
        /// Who decided.
        who: String,
        /// When.
        on: Date,
        /// Why.
        why: String,
        /// The day to look again.
        look_again: Date,
    },
}

impl Views {
    /// The state in words.
    pub fn words(&self) -> &'static str {
        match self {
            Views::NotYetAsked => "not yet asked",
            Views::AskedWaiting { .. } => "asked, waiting for an answer",
            Views::Given { .. } => "given",
            Views::Declined { .. } => "declined",
            Views::CouldNotBeReached { .. } => "could not be reached",
            Views::NotAsked { .. } => "decided not to ask",
        }
    }
}

/// A person's views, as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ViewsOf {
    /// The person's id.
    pub person: String,
    /// Where it stands.
    pub views: Views,
}

/// What happened with the child and the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// Whether informing is appropriate was decided.
    AppropriatenessDecided(Appropriate),
    /// A contact was made.
    ContactMade(Contact),
    /// How the principles are applied was recorded.
    PrinciplesApplied(Principles),
    /// Where the views stand was recorded.
    ViewsRecorded(ViewsOf),
    /// What is safe was asked and recorded.
    SafetyChecked(SafetyCheck),
    /// A letter was read and released by a person.
    LetterReleased(Letter),
    /// A promise was kept.
    PromiseKept {
        /// The person's id.
        person: String,
        /// The promise in its words.
        promise: String,
        /// The day.
        on: Date,
    },
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Decide whether informing is appropriate.
    DecideAppropriate(Appropriate),
    /// Record a contact.
    RecordContact(Contact),
    /// Record how the principles are applied.
    ApplyPrinciples(Principles),
    /// Record where views stand.
    RecordViews(ViewsOf),
    /// Record what is safe.
    CheckSafety(SafetyCheck),
    /// Release a letter.
    ReleaseLetter(Letter),
    /// Record that a promise was kept.
    KeepPromise {
        /// The person's id.
        person: String,
        /// The promise in its words.
        promise: String,
        /// The day.
        on: Date,
    },
}

/// What is known of one person's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct PersonPart {
    /// Whether informing is appropriate.
    pub appropriate: Option<Appropriate>,
    /// Contacts, in the order they were recorded.
    pub contacts: Vec<Contact>,
    /// Where the views stand; absent is "not yet asked".
    pub views: Option<Views>,
    /// What is safe.
    pub safety: Option<SafetyCheck>,
    /// Letters released.
    pub letters: Vec<Letter>,
    /// Promises kept (promise, day).
    pub kept: Vec<(String, Date)>,
}

impl PersonPart {
    /// The contact at which the person was told of the decision.
    pub fn told(&self) -> Option<&Contact> {
        self.contacts
            .iter()
            .find(|c| c.kind == ContactKind::ToldOfDecision)
    }

    /// When and in what words an element was explained.
    pub fn explained(&self, element: &str) -> Option<(Date, &str)> {
        self.contacts.iter().find_map(|c| {
            c.explained
                .get(element)
                .filter(|w| !w.trim().is_empty())
                .map(|w| (c.on, w.as_str()))
        })
    }

    /// Promises that are still open (promise, who keeps it).
    pub fn open_promises(&self) -> Vec<(&str, &str)> {
        self.contacts
            .iter()
            .filter(|c| !c.promise.is_empty() && !self.kept.iter().any(|(p, _)| p == &c.promise))
            .map(|c| (c.promise.as_str(), c.promise_keeper.as_str()))
            .collect()
    }
}

/// The child's and the family's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Family {
    /// By person id.
    pub people: BTreeMap<String, PersonPart>,
    /// Principle id -> how it is applied for this family.
    pub principles: BTreeMap<String, String>,
}

/// The people who are to be considered: each living child and each relevant family member, by id.
pub fn to_consider(case: &Case) -> Vec<String> {
    let children = case.people.children_to_consider().map(|c| c.id.clone());
    let adults = case
        .people
        .adults
        .iter()
        .filter(|a| a.family)
        .map(|a| a.id.clone());
    children.chain(adults).collect()
}

/// What is missing in the child's and the family's part, for the page and the case file.
pub fn missing(case: &Case, rules: &Rules) -> Vec<Missing> {
    let source = rules.family.source.to_string();
    let decided = case.decision.complete().is_some();
    let mut list = Vec::new();
    for id in to_consider(case) {
        let who = case.people.called(&id);
        let part = case.family.people.get(&id).cloned().unwrap_or_default();
        let mut need = |what: String| {
            list.push(Missing::new(
                what,
                source.clone(),
                Place::Family(id.clone()),
            ))
        };
        if case
            .people
            .child(&id)
            .is_some_and(|c| c.life == crate::people::Life::NotYetKnown)
        {
            need(format!(
                "Record whether {who} is living, before anything is sent to {who}"
            ));
        }
        match &part.appropriate {
            None => need(format!("{who}: decide whether informing is appropriate")),
            Some(a) if a.appropriate && decided && part.told().is_none() => {
                need(format!("{who}: tell them of the decision"))
            }
            Some(a) if a.appropriate && part.told().is_some() => {
                for element in rules
                    .family
                    .explain
                    .iter()
                    .filter(|e| part.explained(e.id.as_str()).is_none())
                {
                    need(format!(
                        "{who}: explain \u{201c}{}\u{201d}",
                        element.label.to_lowercase()
                    ));
                }
            }
            _ => {}
        }
        if matches!(part.views, None | Some(Views::NotYetAsked)) {
            need(format!(
                "{who}: ask for their views, or record who decided not to ask, when and why"
            ));
        }
    }
    for principle in rules
        .family
        .principles
        .iter()
        .filter(|p| !case.family.principles.contains_key(p.id.as_str()))
    {
        if !to_consider(case).is_empty() {
            list.push(Missing::new(
                format!(
                    "Say how {} is applied for this family",
                    principle.label.to_lowercase()
                ),
                source.clone(),
                Place::Family(String::new()),
            ));
        }
    }
    list
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::DecideAppropriate(a) => {
            must_be_able(case, &a.person)?;
            required("reasons", &a.reasons, "Enter the reasons")?;
            if !a.appropriate && a.look_again.is_none() {
                return Err(Refusal::field(
                    "look-again",
                    "Enter a day to look at this again",
                ));
            }
            Event::AppropriatenessDecided(a)
        }
        Command::RecordContact(c) => {
            must_be_able(case, &c.person)?;
            ctx.past("on", c.on)?;
            required("by-whom", &c.by_whom, "Enter who made the contact")?;
            required("how", &c.how, "Enter how, like in person or by telephone")?;
            if c.kind == ContactKind::ToldOfDecision {
                let Some(round) = case.decision.complete() else {
                    return Err(Refusal::field(
                        "kind",
                        "There is no decision yet to tell of: record this as contact",
                    ));
                };
                if round.completed.is_some_and(|day| c.on < day) {
                    return Err(Refusal::field(
                        "on",
                        "Enter a day that is not before the decision: earlier contact is recorded as contact",
                    ));
                }
                if c.role != ctx.rules.family.informer.as_str() {
                    required(
                        "on-behalf",
                        &c.on_behalf,
                        "Enter why someone else informed them on behalf of the role the procedure names",
                    )?;
                }
            }
            Event::ContactMade(c)
        }
        Command::ApplyPrinciples(mut p) => {
            p.applied.retain(|_, words| !words.trim().is_empty());
            if p.applied.is_empty() {
                return Err(Refusal::field(
                    "principles",
                    "Enter how at least one principle is applied",
                ));
            }
            Event::PrinciplesApplied(p)
        }
        Command::RecordViews(v) => {
            must_be_able(case, &v.person)?;
            check_views(&v.views, ctx)?;
            Event::ViewsRecorded(v)
        }
        Command::CheckSafety(s) => {
            must_be_able(case, &s.person)?;
            Event::SafetyChecked(s)
        }
        Command::ReleaseLetter(l) => {
            must_be_able(case, &l.person)?;
            let part = case.family.people.get(&l.person);
            if part.and_then(|p| p.safety.as_ref()).is_none() {
                return Err(Refusal::because(
                    "answer first what is safe for this person: an answer may be \u{201c}not asked\u{201d}",
                ));
            }
            required("text", &l.text, "Enter the text of the letter")?;
            Event::LetterReleased(l)
        }
        Command::KeepPromise {
            person,
            promise,
            on,
        } => {
            must_be_able(case, &person)?;
            ctx.past("on", on)?;
            let part = case.family.people.get(&person);
            if !part.is_some_and(|p| p.open_promises().iter().any(|(open, _)| *open == promise)) {
                return Err(Refusal::field(
                    "promise",
                    "Choose a promise that was made to this person and is still open",
                ));
            }
            Event::PromiseKept {
                person,
                promise,
                on,
            }
        }
    };
    Ok(vec![event])
}

fn must_be_able(case: &Case, person: &str) -> Result<(), Refusal> {
    if let Some(child) = case.people.child(person) {
        if child.died() {
            return Err(Refusal::because(format!(
                "{} has died: there is no informing step, letter or views question",
                child.pseudonym
            )));
        }
        return Ok(());
    }
    case.people
        .adult(person)
        .map(|_| ())
        .ok_or_else(|| Refusal::because("this person is not in this case"))
}

fn check_views(views: &Views, ctx: &Context<'_>) -> Result<(), Refusal> {
    match views {
        Views::NotYetAsked => Ok(()),
        Views::AskedWaiting { on, how } => ctx
            .past("views-on", *on)
            .and_then(|()| required("views-how", how, "Enter how they were asked")),
        Views::Given { on, words } => ctx
            .past("views-on", *on)
            .and_then(|()| required("views-words", words, "Enter what they said, in their words")),
        Views::Declined { on, .. } => ctx.past("views-on", *on),
        Views::CouldNotBeReached { on, tried } => ctx
            .past("views-on", *on)
            .and_then(|()| required("views-tried", tried, "Enter what was tried")),
        Views::NotAsked {
            who,
            on,
            why,
            look_again,
        } => {
            ctx.past("views-on", *on)?;
            required("views-who", who, "Enter who decided not to ask")?;
            required(
                "views-why",
                why,
                "Enter why their views are not sought: this reason is part of the record",
            )?;
            if *look_again <= *on {
                return Err(Refusal::field(
                    "views-again",
                    "Enter a day to look again that is after the day it was decided",
                ));
            }
            Ok(())
        }
    }
}

/// Applies an event of this stage.
pub fn apply(state: &mut Family, event: &Event) {
    fn part<'a>(state: &'a mut Family, id: &str) -> &'a mut PersonPart {
        state.people.entry(id.to_owned()).or_default()
    }
    match event {
        Event::AppropriatenessDecided(a) => part(state, &a.person).appropriate = Some(a.clone()),
        Event::ContactMade(c) => part(state, &c.person).contacts.push(c.clone()),
        Event::PrinciplesApplied(p) => state.principles.extend(p.applied.clone()),
        Event::ViewsRecorded(v) => part(state, &v.person).views = Some(v.views.clone()),
        Event::SafetyChecked(s) => part(state, &s.person).safety = Some(s.clone()),
        Event::LetterReleased(l) => part(state, &l.person).letters.push(l.clone()),
        Event::PromiseKept {
            person,
            promise,
            on,
        } => part(state, person).kept.push((promise.clone(), *on)),
    }
}
