//! One event variant and one command variant per stage; an event as it stands in the record; the way from command to events.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{By, Context, Refusal};
use crate::{
    Case, Missing, agencies, already::already, break_glass, closing, consideration, decision,
    definition, documents, erasure, family, incident, interests, members, notification, parallel,
    people, publication, rapid_review,
};

/// What happened: one variant per stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "stage", content = "event", rename_all = "kebab-case")]
pub enum Event {
    /// What happened, where, when, and who became aware.
    Incident(incident::Event),
    /// The people.
    People(people::Event),
    /// The definition.
    Definition(definition::Event),
    /// The agencies.
    Agencies(agencies::Event),
    /// The notification.
    Notification(notification::Event),
    /// The rapid review.
    RapidReview(rapid_review::Event),
    /// The consideration.
    Consideration(consideration::Event),
    /// The decision.
    Decision(decision::Event),
    /// Child and family.
    Family(family::Event),
    /// Publication.
    Publication(publication::Event),
    /// Parallel processes.
    Parallel(parallel::Event),
    /// Documents added as files.
    Documents(documents::Event),
    /// Who may see the case.
    Members(members::Event),
    /// The case as a whole.
    Closing(closing::Event),
    /// Legal holds and erasure.
    Erasure(erasure::Event),
    /// Conflicts of interest.
    Interests(interests::Event),
    /// Opening the case with a written reason.
    BreakGlass(break_glass::Event),
}

/// What is asked: one variant per stage.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each variant is the stage of the same name in `Event`"
)]
pub enum Command {
    Incident(incident::Command),
    People(people::Command),
    Definition(definition::Command),
    Agencies(agencies::Command),
    Notification(notification::Command),
    RapidReview(rapid_review::Command),
    Consideration(consideration::Command),
    Decision(decision::Command),
    Family(family::Command),
    Publication(publication::Command),
    Parallel(parallel::Command),
    Documents(documents::Command),
    Members(members::Command),
    Closing(closing::Command),
    Erasure(erasure::Command),
    Interests(interests::Command),
    BreakGlass(break_glass::Command),
}

macro_rules! stages {
    ($($variant:ident => $module:ident),* $(,)?) => {
        $(
            impl From<$module::Event> for Event {
                fn from(event: $module::Event) -> Event {
                    Event::$variant(event)
                }
            }
        )*
    };
}

stages! {
    Incident => incident, People => people, Definition => definition, Agencies => agencies, Notification => notification,
    RapidReview => rapid_review, Consideration => consideration, Decision => decision, Family => family,
    Publication => publication, Parallel => parallel, Documents => documents, Members => members, Closing => closing, Erasure => erasure,
    Interests => interests, BreakGlass => break_glass,
}

/// The newest version of every event's form; earlier ones are read for ever through [`upcast`].
pub const EVENT_VERSION: u16 = 1;

/// Brings the stored form of an event of any earlier version to the newest.
/// Version 1 is the first, so there is nothing to change yet; a later change adds a step here and a file under `tests/written`.
///
/// # Errors
/// A version this program does not know.
pub fn upcast(version: u16, content: serde_json::Value) -> Result<serde_json::Value, String> {
    match version {
        EVENT_VERSION => Ok(content),
        other => Err(format!(
            "this entry was written by a newer Candour (event version `{other}`): use that version to read it"
        )),
    }
}

/// A decided event with what was missing when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The event.
    pub event: Event,
    /// What a gate would have asked for.
    pub missing: Vec<Missing>,
}

impl Decided {
    /// An event with nothing missing.
    pub fn plain(event: impl Into<Event>) -> Decided {
        Decided {
            event: event.into(),
            missing: Vec::new(),
        }
    }
}

/// When something recorded elsewhere was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Imported {
    /// Who brought it in.
    pub by: By,
    /// When (UTC).
    #[schemars(with = "String")]
    pub at: Timestamp,
}

/// An event as it stands in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Recorded {
    /// The entry's number in the case, from 1.
    #[serde(default)]
    pub number: u64,
    /// When it was recorded (UTC).
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Who recorded it.
    pub by: By,
    /// The composite id of the edition that applied.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub edition: String,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// What was missing: recorded afterwards, against a gate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// When it came from another record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Imported>,
    /// Where text that was pasted came from, as far as the browser said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pasted: Vec<crate::pasted::Pasted>,
}

impl Recorded {
    /// An entry that is not in the record yet, to try out what an event would change.
    pub(crate) fn sketch(ctx: &Context<'_>) -> Recorded {
        Recorded {
            number: 0,
            at: ctx.now,
            by: ctx.by.clone(),
            edition: ctx.rules.id.clone(),
            event: Event::Closing(closing::Event::CaseReopened { why: String::new() }),
            missing: Vec::new(),
            imported: None,
            pasted: Vec::new(),
        }
    }
}

impl Event {
    /// The kind in the log, such as `consideration.element-considered`; the stored form starts with the same words.
    pub fn kind(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        let word = |v: Option<&serde_json::Value>| {
            v.and_then(|x| x.as_str()).unwrap_or("unknown").to_owned()
        };
        format!(
            "{}.{}",
            word(value.get("stage")),
            word(value.get("event").and_then(|e| e.get("is")))
        )
    }

    /// The stage's name as stored, used to see whether two people changed the same part.
    pub fn stage(&self) -> &'static str {
        match self {
            Event::Incident(_) => "incident",
            Event::People(_) => "people",
            Event::Definition(_) => "definition",
            Event::Agencies(_) => "agencies",
            Event::Notification(_) => "notification",
            Event::RapidReview(_) => "rapid-review",
            Event::Consideration(_) => "consideration",
            Event::Decision(_) => "decision",
            Event::Family(_) => "family",
            Event::Publication(_) => "publication",
            Event::Parallel(_) => "parallel",
            Event::Documents(_) => "documents",
            Event::Members(_) => "members",
            Event::Closing(_) => "closing",
            Event::Erasure(_) => "erasure",
            Event::Interests(_) => "interests",
            Event::BreakGlass(_) => "break-glass",
        }
    }

    /// The part of the stage this event is about, such as an element, a child or a person; empty for the whole stage.
    pub fn about(&self) -> String {
        match self {
            Event::Consideration(consideration::Event::ElementConsidered(f)) => f.element.clone(),
            Event::Definition(definition::Event::LimbTested(t)) => {
                format!("{}/{}", t.child, t.limb)
            }
            Event::People(people::Event::ChildRecorded(c)) => c.id.clone(),
            Event::People(people::Event::PseudonymChanged(c)) => c.child.clone(),
            Event::People(people::Event::AdultRecorded(a)) => a.id.clone(),
            Event::Agencies(agencies::Event::AgencyRecorded(a)) => a.id.clone(),
            Event::Agencies(agencies::Event::Request(step)) => step.request().to_owned(),
            Event::Parallel(parallel::Event::ProcessRecorded(p)) => p.id.clone(),
            Event::Documents(documents::Event::FileAdded(d)) => d.id.clone(),
            Event::Documents(documents::Event::FileWithdrawn { file, .. }) => file.clone(),
            Event::Family(event) => match event {
                family::Event::AppropriatenessDecided(a) => a.person.clone(),
                family::Event::ContactMade(c) => c.person.clone(),
                family::Event::ViewsRecorded(v) => v.person.clone(),
                family::Event::SafetyChecked(s) => s.person.clone(),
                family::Event::LetterReleased(l) => l.person.clone(),
                family::Event::PromiseKept { person, .. } => person.clone(),
                family::Event::PrinciplesApplied(_) => String::new(),
            },
            Event::Interests(interests::Event::InterestDecided(a)) => a.interest.clone(),
            _ => String::new(),
        }
    }

    /// Whether the entry can be marked as made in error: not the opening, not membership, not an interest (it is decided anew),
    /// not an opening with a reason, not a mark, not what a complete decision rests on.
    pub fn can_be_marked(&self, case: &Case) -> bool {
        match self {
            Event::Incident(incident::Event::CaseOpened(_))
            | Event::Members(_)
            | Event::Interests(_)
            | Event::BreakGlass(_)
            | Event::Closing(closing::Event::EntryMarked(_))
            | Event::Erasure(_) => false,
            Event::Decision(_) => case.decision.complete().is_none(),
            _ => true,
        }
    }
}

/// Decides a command on a case; what the record says already just so is not said again.
///
/// # Errors
/// A [`Refusal`] in words a practitioner understands.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Decided>, Refusal> {
    fn plain<E: Into<Event>>(events: Vec<E>) -> Vec<Decided> {
        events.into_iter().map(Decided::plain).collect()
    }
    let closed = case.closing.closed.is_some();
    let may_when_closed = matches!(
        &command,
        Command::Closing(_)
            | Command::Erasure(_)
            | Command::Members(_)
            | Command::Interests(_)
            | Command::BreakGlass(_)
            | Command::Family(_)
            | Command::Publication(_)
            | Command::Documents(documents::Command::MakeCopies { .. })
    );
    if closed && !may_when_closed {
        return Err(Refusal::because(
            "this case is closed: re-open it first, with the reason",
        ));
    }
    let mut decided = match command {
        Command::Incident(c) => plain(incident::decide(&case.incident, c, ctx)?),
        Command::People(c) => plain(people::decide(&case.people, c, ctx)?),
        Command::Definition(c) => plain(definition::decide(case, c, ctx)?),
        Command::Agencies(c) => plain(agencies::decide(case, c, ctx)?),
        Command::Notification(c) => plain(notification::decide(c, ctx)?),
        Command::RapidReview(c) => plain(rapid_review::decide(c, ctx)?),
        Command::Consideration(c) => plain(consideration::decide(c, ctx)?),
        Command::Decision(c) => decision::decide(case, c, ctx)?,
        Command::Family(c) => plain(family::decide(case, c, ctx)?),
        Command::Publication(c) => plain(publication::decide(c, ctx)?),
        Command::Parallel(c) => plain(parallel::decide(c, ctx)?),
        Command::Documents(c) => plain(documents::decide(&case.documents, c, ctx)?),
        Command::Members(c) => plain(members::decide(case, c, ctx)?),
        Command::Closing(c) => plain(closing::decide(case, c, ctx)?),
        Command::Erasure(c) => plain(erasure::decide(case, c, ctx)?),
        Command::Interests(c) => plain(interests::decide(case, c, ctx)?),
        Command::BreakGlass(c) => plain(break_glass::decide(&case.break_glass, c, ctx)?),
    };
    decided.retain(|one| !already(case, &one.event, ctx));
    Ok(decided)
}

impl Event {
    /// Whether what this event says stands in the text of the decision, so that a change to it sets signatures aside.
    pub fn is_part_of_the_text(&self) -> bool {
        match self {
            Event::Definition(_)
            | Event::Consideration(_)
            | Event::Decision(decision::Event::TextWritten(_))
            | Event::Interests(interests::Event::InterestDecided(_)) => true,
            Event::People(e) => matches!(
                e,
                people::Event::ChildRecorded(_)
                    | people::Event::PseudonymChanged(_)
                    | people::Event::ChildMoved { .. }
            ),
            _ => false,
        }
    }

    /// Whether this event takes the place of what stood before, so that two people writing at once must be shown both texts.
    pub fn replaces(&self) -> bool {
        match self {
            Event::Incident(e) => matches!(
                e,
                incident::Event::AwarenessRecorded(_)
                    | incident::Event::FactsRecorded(_)
                    | incident::Event::LeadAgreed(_)
                    | incident::Event::DangerAnswered(_)
            ),
            Event::People(e) => !matches!(
                e,
                people::Event::RelationshipRecorded(_) | people::Event::RelationshipWithdrawn(_)
            ),
            Event::Definition(_) | Event::Consideration(_) | Event::Parallel(_) => true,
            Event::Agencies(e) => matches!(
                e,
                agencies::Event::AgencyRecorded(_)
                    | agencies::Event::Request(agencies::asked::Step::Answered(_))
            ),
            Event::Notification(e) => matches!(e, notification::Event::NotifyingDecided(_)),
            Event::RapidReview(_)
            | Event::Publication(_)
            | Event::Documents(_)
            | Event::Members(_)
            | Event::Closing(_)
            | Event::Erasure(_)
            | Event::BreakGlass(_) => false,
            // Two answers to the same interest: whoever comes second reads the first.
            Event::Interests(e) => matches!(e, interests::Event::InterestDecided(_)),
            Event::Decision(e) => matches!(e, decision::Event::TextWritten(_)),
            Event::Family(e) => !matches!(
                e,
                family::Event::ContactMade(_)
                    | family::Event::LetterReleased(_)
                    | family::Event::PromiseKept { .. }
            ),
        }
    }

    /// What two events must share to be about the same text.
    pub fn touches(&self) -> (String, String) {
        (self.kind(), self.about())
    }
}
