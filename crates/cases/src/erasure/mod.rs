//! Legal holds, and the erasure of content: of one entry, of a file, of the whole case.
//! One person proposes, another approves, time passes, and only then is the key destroyed. While a hold stands nothing is.
//! What was erased stays as a line that says so; it counts no more, as if it had never been said.
//! Longer than most: every way to be refused stands beside the state it reads; what would change and the certificate have files of their own.

mod certificate;
mod effect;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use certificate::{Certificate, GoneEntry, GoneFile, GoneReads, Head, Signed};
pub use effect::{Effect, LONG_ENOUGH, effect};

use crate::context::{By, Context, Refusal, required};
use crate::{Case, Event as CaseEvent, Recorded, closing, incident};

/// What is to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "which", rename_all = "kebab-case")]
pub enum Target {
    /// The content of one entry, by its number in the case; with it the file it added, if it added one.
    Entry(u64),
    /// A file that was added, by its id. What the record says of it stays.
    File(String),
    /// Everything: every entry, every file, and who read what.
    Case,
}

impl Target {
    /// In words, such as "the content of entry 12".
    pub fn words(&self) -> String {
        match self {
            Target::Entry(number) => format!("the content of entry {number}"),
            Target::File(_) => "a file".into(),
            Target::Case => "the whole case".into(),
        }
    }
}

/// The rule under which something is erased, as it was in the partnership's settings on that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// As people read it.
    pub title: String,
    /// True when an entry that is hidden already does not wait.
    #[serde(default)]
    pub at_once_when_hidden: bool,
}

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Hold {
    /// Its id.
    pub id: String,
    /// Who requires it, such as the coroner or a public inquiry.
    pub required_by: String,
    /// Why.
    pub why: String,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Proposal {
    /// Its id.
    pub id: String,
    /// What is to be erased.
    pub target: Target,
    /// Under which rule.
    pub rule: Rule,
    /// Why.
    pub why: String,
}

/// What happened about holds and erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// A legal hold was placed.
    HoldPlaced(Hold),
    /// A legal hold was lifted.
    HoldLifted {
        /// Which (id).
        hold: String,
        /// Why.
        why: String,
    },
    /// An erasure was proposed.
    ErasureProposed(Proposal),
    /// A second person approved it.
    ErasureApproved {
        /// Which (id).
        proposal: String,
        /// Not to be carried out before (UTC).
        #[schemars(with = "String")]
        due: Timestamp,
    },
    /// It was withdrawn before it was carried out.
    ErasureWithdrawn {
        /// Which (id).
        proposal: String,
        /// Why.
        why: String,
    },
    /// It was carried out: from this entry on, what it names counts no more.
    ContentErased(Box<Certificate>),
}

/// What people ask of this stage. Carrying out is no one's to ask: it follows when it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Place a legal hold.
    PlaceHold {
        /// Who requires it.
        required_by: String,
        /// Why.
        why: String,
    },
    /// Lift one.
    LiftHold {
        /// Which (id).
        hold: String,
        /// Why.
        why: String,
    },
    /// Propose an erasure.
    Propose {
        /// What is to be erased.
        target: Target,
        /// Under which rule; absent when none was chosen.
        rule: Option<Rule>,
        /// Why.
        why: String,
    },
    /// Approve one, as a second person.
    Approve {
        /// Which (id).
        proposal: String,
        /// The partnership's waiting time in days.
        wait_days: u16,
    },
    /// Withdraw one.
    Withdraw {
        /// Which (id).
        proposal: String,
        /// Why.
        why: String,
    },
}

/// By whom and when something was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Said {
    /// By whom.
    pub by: By,
    /// When (UTC).
    pub at: Timestamp,
    /// Why, where a reason is asked for.
    pub why: String,
}

/// A hold as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Held {
    /// The hold.
    pub hold: Hold,
    /// Who placed it, when.
    pub placed: Said,
    /// Who lifted it, when, why.
    pub lifted: Option<Said>,
}

/// A proposal as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Proposed {
    /// The proposal.
    pub proposal: Proposal,
    /// Who proposed it, when.
    pub proposed: Said,
    /// Who approved it, when, and from when on it is due.
    pub approved: Option<(Said, Timestamp)>,
    /// Who withdrew it, when, why.
    pub withdrawn: Option<Said>,
    /// When it was carried out.
    pub done: Option<Timestamp>,
}

impl Proposed {
    /// Whether it is neither withdrawn nor carried out.
    pub fn is_open(&self) -> bool {
        self.withdrawn.is_none() && self.done.is_none()
    }

    /// From when on it is to be carried out, once it is approved and as long as it is open.
    pub fn due(&self) -> Option<Timestamp> {
        let (_, due) = self.approved.as_ref().filter(|_| self.is_open())?;
        Some(*due)
    }
}

/// An entry whose content was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Gone {
    /// What is still known of it.
    pub entry: GoneEntry,
    /// When its content was erased (UTC).
    pub on: Timestamp,
    /// Under which rule.
    pub rule: String,
}

/// Holds and erasures of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Erasure {
    /// Holds, oldest first.
    pub holds: Vec<Held>,
    /// Proposals, oldest first.
    pub proposals: Vec<Proposed>,
    /// Entries whose content was erased, by number.
    #[serde(serialize_with = "crate::case::as_list")]
    pub entries: BTreeMap<u64, Gone>,
    /// Files that were erased, with when and under which rule.
    pub files: BTreeMap<String, (Timestamp, String)>,
}

impl Erasure {
    /// The holds that stand.
    pub fn standing(&self) -> impl Iterator<Item = &Held> {
        self.holds.iter().filter(|h| h.lifted.is_none())
    }

    /// A proposal.
    pub fn find(&self, id: &str) -> Option<&Proposed> {
        self.proposals.iter().find(|p| p.proposal.id == id)
    }

    /// When the first of what was approved is to be carried out; nothing is while a hold stands.
    pub fn due(&self) -> Option<Timestamp> {
        if self.standing().next().is_some() {
            return None;
        }
        self.proposals.iter().filter_map(Proposed::due).min()
    }

    /// Who proposed what waits for a second person (ids); nobody while a hold stands.
    pub fn to_approve(&self) -> impl Iterator<Item = &str> {
        let held = self.standing().next().is_some();
        self.proposals
            .iter()
            .filter(move |p| !held && p.is_open() && p.approved.is_none())
            .map(|p| p.proposed.by.person.as_str())
    }

    fn open(&self, id: &str) -> Result<&Proposed, Refusal> {
        let found = self
            .find(id)
            .ok_or_else(|| Refusal::because("there is no such proposal in this case"))?;
        if found.withdrawn.is_some() {
            return Err(Refusal::because("this proposal was withdrawn"));
        }
        if found.done.is_some() {
            return Err(Refusal::because("this erasure has been carried out"));
        }
        Ok(found)
    }

    fn held(&self) -> Result<(), Refusal> {
        match self.standing().next() {
            None => Ok(()),
            Some(held) => Err(Refusal::because(format!(
                "a legal hold stands, required by {}: nothing of this case can be erased until it is lifted",
                held.hold.required_by
            ))),
        }
    }
}

/// Whether the content of an entry can be erased by itself: not what the case could not be read without, nor what says
/// who may see it, which entry was wrong, or what was erased; nor what a complete decision rests on.
pub fn can_be_erased(event: &CaseEvent, case: &Case) -> bool {
    match event {
        CaseEvent::Erasure(_)
        | CaseEvent::Members(_)
        | CaseEvent::Interests(_)
        | CaseEvent::BreakGlass(_) => false,
        CaseEvent::Incident(incident::Event::CaseOpened(_)) => false,
        CaseEvent::Closing(closing::Event::EntryMarked(_)) => false,
        CaseEvent::Decision(_) => case.decision.complete().is_none(),
        _ => true,
    }
}

fn check_target(case: &Case, target: &Target) -> Result<(), Refusal> {
    let state = &case.erasure;
    match target {
        Target::Entry(number) => {
            if state.entries.contains_key(number) {
                return Err(Refusal::because(
                    "the content of this entry is erased already",
                ));
            }
            if !case.is_whole() {
                return Err(Refusal::because(
                    "an entry is chosen with every entry of the case at hand",
                ));
            }
            let entry = case
                .story
                .iter()
                .find(|r| r.number == *number)
                .ok_or_else(|| Refusal::because("there is no such entry"))?;
            if !can_be_erased(&entry.event, case) {
                return Err(Refusal::because(
                    "the content of this entry cannot be erased by itself: the case, or its decision, could not be read without it",
                ));
            }
        }
        Target::File(file) => {
            if state.files.contains_key(file) {
                return Err(Refusal::because("this file is erased already"));
            }
            if case.documents.find(file).is_none_or(|f| !f.here) {
                return Err(Refusal::because("there is no such file in this case"));
            }
        }
        Target::Case => {}
    }
    Ok(())
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct, or says why it cannot be.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let state = &case.erasure;
    Ok(vec![match command {
        Command::PlaceHold { required_by, why } => {
            required(
                "required-by",
                &required_by,
                "Enter who requires the hold, like the coroner or a public inquiry",
            )?;
            required("why", &why, "Enter why nothing may be erased")?;
            Event::HoldPlaced(Hold {
                id: ctx.fresh.to_owned(),
                required_by,
                why,
            })
        }
        Command::LiftHold { hold, why } => {
            if !state.standing().any(|h| h.hold.id == hold) {
                return Err(Refusal::because("there is no such hold that stands"));
            }
            required("why", &why, "Enter why the hold is lifted")?;
            Event::HoldLifted { hold, why }
        }
        Command::Propose { target, rule, why } => {
            state.held()?;
            check_target(case, &target)?;
            let covered = state
                .proposals
                .iter()
                .any(|p| p.is_open() && (p.proposal.target == target));
            if covered {
                return Err(Refusal::because("this is proposed already"));
            }
            let rule = rule.ok_or_else(|| {
                Refusal::field("rule", "Choose the rule under which it is erased")
            })?;
            required("why", &why, "Enter why it is to be erased")?;
            Event::ErasureProposed(Proposal {
                id: ctx.fresh.to_owned(),
                target,
                rule,
                why,
            })
        }
        Command::Approve {
            proposal,
            wait_days,
        } => {
            let found = state.open(&proposal)?;
            state.held()?;
            if found.approved.is_some() {
                return Err(Refusal::because("this proposal is approved already"));
            }
            if found.proposed.by.person == ctx.by.person {
                return Err(Refusal::because(
                    "you proposed this: someone else has to approve it",
                ));
            }
            check_target(case, &found.proposal.target)?;
            let days = i64::from(waits(case, &found.proposal, wait_days));
            let due = ctx
                .now
                .checked_add(SignedDuration::from_hours(24 * days))
                .map_err(|_| Refusal::because("the waiting time is too long"))?;
            Event::ErasureApproved { proposal, due }
        }
        Command::Withdraw { proposal, why } => {
            state.open(&proposal)?;
            required("why", &why, "Enter why it is withdrawn")?;
            Event::ErasureWithdrawn { proposal, why }
        }
    }])
}

/// How many days a proposal waits once it is approved: none for an entry that is hidden already, where its rule says so.
pub fn waits(case: &Case, proposal: &Proposal, wait_days: u16) -> u16 {
    let hidden = match proposal.target {
        Target::Entry(number) => case.closing.marks.get(&number).is_some_and(|m| m.hidden),
        _ => false,
    };
    if hidden && proposal.rule.at_once_when_hidden {
        0
    } else {
        wait_days
    }
}

/// Whether a proposal can be carried out now; everything is asked again, whatever was true when it was approved.
///
/// # Errors
/// Why not.
pub fn ready<'a>(case: &'a Case, proposal: &str, now: Timestamp) -> Result<&'a Proposed, Refusal> {
    let found = case.erasure.open(proposal)?;
    case.erasure.held()?;
    let Some((approved, due)) = &found.approved else {
        return Err(Refusal::because("this proposal is not approved yet"));
    };
    if approved.by.person == found.proposed.by.person {
        return Err(Refusal::because("one person proposed and approved this"));
    }
    if now < *due {
        return Err(Refusal::because("the waiting time is not over"));
    }
    check_target(case, &found.proposal.target)?;
    Ok(found)
}

/// Applies an event of this stage.
pub fn apply(state: &mut Erasure, event: &Event, recorded: &Recorded) {
    let said = |why: &str| Said {
        by: recorded.by.clone(),
        at: recorded.at,
        why: why.to_owned(),
    };
    let Erasure {
        holds,
        proposals,
        entries,
        files,
    } = state;
    let mut with = |id: &str, change: &mut dyn FnMut(&mut Proposed)| {
        if let Some(found) = proposals.iter_mut().find(|p| p.proposal.id == *id) {
            change(found);
        }
    };
    match event {
        Event::HoldPlaced(hold) => holds.push(Held {
            hold: hold.clone(),
            placed: said(&hold.why),
            lifted: None,
        }),
        Event::HoldLifted { hold, why } => {
            if let Some(held) = holds.iter_mut().find(|h| h.hold.id == *hold) {
                held.lifted = Some(said(why));
            }
        }
        Event::ErasureProposed(proposal) => proposals.push(Proposed {
            proposal: proposal.clone(),
            proposed: said(&proposal.why),
            approved: None,
            withdrawn: None,
            done: None,
        }),
        Event::ErasureApproved { proposal, due } => {
            with(proposal, &mut |p| p.approved = Some((said(""), *due)));
        }
        Event::ErasureWithdrawn { proposal, why } => {
            with(proposal, &mut |p| p.withdrawn = Some(said(why)));
        }
        Event::ContentErased(certificate) => {
            with(&certificate.id, &mut |p| p.done = Some(certificate.at));
            for entry in &certificate.entries {
                entries.insert(
                    entry.number,
                    Gone {
                        entry: entry.clone(),
                        on: certificate.at,
                        rule: certificate.rule.title.clone(),
                    },
                );
            }
            for file in &certificate.files {
                files.insert(
                    file.id.clone(),
                    (certificate.at, certificate.rule.title.clone()),
                );
            }
        }
    }
}
