//! The whole story: every entry as a plain sentence with what changed, for the page, the papers and the command line.
//! Long because every kind of event has its sentence here, in the order of the stages.

use std::collections::BTreeMap;

use guidance::Rules;
use serde::Serialize;
use serde_json::Value;

use crate::decision::{Event as D, Given};
use crate::family::{ContactKind, Event as F};
use crate::incident::Event as I;
use crate::{
    Case, Event, Recorded, agencies, break_glass, closing, consideration, decision, definition,
    documents, erasure, family, incident, interests, members, notification, parallel, people,
    publication, rapid_review,
};

/// One line of the story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Line {
    /// The entry's number.
    pub number: u64,
    /// What happened, beginning with a verb: "considered ...".
    pub said: String,
    /// What was entered or changed: words for the part, and the text.
    pub details: Vec<(String, String)>,
    /// True when it was marked as made in error.
    pub in_error: Option<String>,
    /// True when its content is hidden from this reader.
    pub hidden: bool,
}

/// The story as a reader may see it, without names; `may_see` answers whether a hidden entry's content is shown to them.
pub fn story(case: &Case, rules: &Rules, may_see: impl Fn(&closing::Mark) -> bool) -> Vec<Line> {
    story_with_names(case, rules, false, may_see)
}

/// What of an entry is a name or leads to one: shown only to those who turned names on.
/// A safe address is never shown in the story: it stands on letters only.
fn confidential(event: &Event, key: &str, names: bool) -> bool {
    match event {
        Event::People(_) => !names && matches!(key, "name" | "identifier"),
        // What an agency wrote names whoever it speaks of.
        Event::Agencies(agencies::Event::Request(_)) => !names && key == "of",
        Event::Family(_) => key == "address",
        Event::Documents(_) => !names && key == "file-name",
        // What somebody said of their own life stands on the page of the interests, for those who may see it; ids say nothing to anyone.
        Event::Interests(_) => !matches!(key, "stated" | "on"),
        Event::BreakGlass(_) => matches!(key, "why" | "words"),
        _ => false,
    }
}

/// Whether an entry as a whole holds something of what [`story`] leaves out: such an entry is not handed on in clear.
pub fn holds_confidential(event: &Event, names: bool) -> bool {
    let Value::Object(map) = payload(event) else {
        return false;
    };
    map.iter().any(|(key, value)| {
        confidential(event, key, names) && !value.is_null() && value.as_str() != Some("")
    })
}

/// The story, with names where the reader turned them on.
pub fn story_with_names(
    case: &Case,
    rules: &Rules,
    names: bool,
    may_see: impl Fn(&closing::Mark) -> bool,
) -> Vec<Line> {
    let mut before: BTreeMap<String, Value> = BTreeMap::new();
    let mut list = Vec::with_capacity(case.story.len());
    for recorded in &case.story {
        let mark = case.closing.marks.get(&recorded.number);
        let hidden = mark.is_some_and(|m| m.hidden && !may_see(m));
        let key = format!("{}/{}", recorded.event.kind(), recorded.event.about());
        let value = payload(&recorded.event);
        // A certificate, an interest and an opening with a reason have pages of their own.
        let elsewhere = matches!(
            &recorded.event,
            Event::Erasure(erasure::Event::ContentErased(_))
                | Event::Agencies(agencies::Event::Request(_))
                | Event::Interests(_)
                | Event::BreakGlass(_)
        );
        let details = if hidden || elsewhere {
            Vec::new()
        } else {
            changed(case, before.get(&key), &value, |k| {
                confidential(&recorded.event, k, names)
            })
        };
        before.insert(key, value);
        list.push(Line {
            number: recorded.number,
            said: if hidden {
                "made an entry that is hidden, as it was made in error".into()
            } else {
                said(recorded, case, rules)
            },
            details,
            in_error: mark.map(|m| m.why.clone()),
            hidden,
        });
    }
    list
}

/// The newest `n` lines, newest first, without what changed: for a glance, at a cost that does not grow with the story.
pub fn latest(
    case: &Case,
    rules: &Rules,
    n: usize,
    may_see: impl Fn(&closing::Mark) -> bool,
) -> Vec<Line> {
    let line = |recorded: &std::sync::Arc<Recorded>| {
        let mark = case.closing.marks.get(&recorded.number);
        let hidden = mark.is_some_and(|m| m.hidden && !may_see(m));
        Line {
            number: recorded.number,
            said: if hidden {
                "made an entry that is hidden, as it was made in error".into()
            } else {
                said(recorded, case, rules)
            },
            details: Vec::new(),
            in_error: mark.map(|m| m.why.clone()),
            hidden,
        }
    };
    case.story.iter().rev().take(n).map(line).collect()
}

fn payload(event: &Event) -> Value {
    let value = serde_json::to_value(event).unwrap_or_default();
    value
        .get("event")
        .and_then(|e| e.get("with"))
        .cloned()
        .unwrap_or(Value::Null)
}

/// The parts that differ from the entry before of the same kind about the same thing.
fn changed(
    case: &Case,
    before: Option<&Value>,
    now: &Value,
    confidential: impl Fn(&str) -> bool,
) -> Vec<(String, String)> {
    let Value::Object(map) = now else {
        return Vec::new();
    };
    let mut list = Vec::new();
    for (key, value) in map {
        if [
            "id",
            "child",
            "person",
            "element",
            "limb",
            "entry",
            "text",
            "file",
            "sealed-sha-256",
        ]
        .contains(&key.as_str())
        {
            continue;
        }
        if before.and_then(|b| b.get(key)) != Some(value) {
            let words = if confidential(key) && value.as_str() != Some("") {
                "recorded, not shown here".to_owned()
            } else {
                show(case, value)
            };
            if !words.is_empty() {
                list.push((label(key), words));
            }
        }
    }
    if let Some(Value::Object(old)) = before {
        for key in old.keys().filter(|k| !map.contains_key(*k)) {
            list.push((label(key), "removed, not yet known".into()));
        }
    }
    list
}

fn label(key: &str) -> String {
    let words = key.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |f| {
        f.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn show(case: &Case, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Number(n) => n.to_string(),
        Value::String(text) => match text.parse::<calendar::Date>() {
            Ok(day) => calendar::words::long(day),
            Err(_) if case.people.child(text).is_some() || case.people.adult(text).is_some() => {
                case.people.called(text)
            }
            Err(_) if !text.contains(' ') && text.contains('-') => text.replace('-', " "),
            Err(_) => text.clone(),
        },
        Value::Array(items) => items
            .iter()
            .map(|i| show(case, i))
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join("; "),
        Value::Object(map) => map
            .iter()
            .map(|(k, v)| (label(k), show(case, v)))
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| format!("{k}: {v}"))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// What an entry says, as a sentence without its subject: "considered ...: it may".
pub fn said(recorded: &Recorded, case: &Case, rules: &Rules) -> String {
    match &recorded.event {
        Event::Incident(event) => incident_said(event),
        Event::People(event) => people_said(event, case),
        Event::Definition(definition::Event::LimbTested(t)) => {
            let limb = rules
                .definition
                .limbs
                .iter()
                .find(|l| l.element.id.as_str() == t.limb);
            let name = limb.map_or(t.limb.as_str(), |l| l.element.label.as_str());
            let found = limb
                .and_then(|l| l.element.findings.iter().find(|f| f.id == t.finding))
                .map_or(t.finding.as_str(), |f| f.label.as_str());
            format!(
                "tested \u{201c}{name}\u{201d} for {}: {}",
                case.people.called(&t.child),
                found.to_lowercase()
            )
        }
        Event::Agencies(agencies::Event::AgencyRecorded(a)) => {
            format!("recorded the agency {}", a.name)
        }
        Event::Agencies(agencies::Event::Request(step)) => step.said(case),
        Event::Notification(event) => match event {
            notification::Event::NotifyingDecided(d) if d.notify => {
                format!("recorded that {} decided to notify", d.who)
            }
            notification::Event::NotifyingDecided(d) => {
                format!("recorded that {} decided not to notify", d.who)
            }
            notification::Event::NotificationSent(s) => format!(
                "recorded that the notification was sent on {}",
                calendar::words::long(s.on)
            ),
            notification::Event::OthersTold(t) => format!(
                "recorded that {} was told on {}",
                t.who,
                calendar::words::long(t.on)
            ),
            notification::Event::FoundNotMet(f) => format!(
                "recorded that {} found the criteria for notifying were not met",
                f.by_whom
            ),
        },
        Event::RapidReview(event) => match event {
            rapid_review::Event::MeetingRecorded(m) if m.planned => format!(
                "planned the rapid review meeting for {}",
                calendar::words::long(m.on)
            ),
            rapid_review::Event::MeetingRecorded(m) => format!(
                "recorded the rapid review meeting of {}",
                calendar::words::long(m.on)
            ),
            rapid_review::Event::ReportSent(r) => format!(
                "recorded that the rapid review was sent to {} on {}",
                r.to,
                calendar::words::long(r.on)
            ),
            rapid_review::Event::PanelAnswered(a) => format!(
                "recorded the Panel\u{2019}s answer: it {}",
                a.answer.words()
            ),
        },
        Event::Consideration(consideration::Event::ElementConsidered(f)) => {
            let element = consideration::element(rules, &f.element);
            let name = element.map_or(f.element.as_str(), |e| e.label.as_str());
            let found = element
                .and_then(|e| e.findings.iter().find(|c| c.id == f.finding))
                .map_or(f.finding.as_str(), |c| c.label.as_str());
            let agreed = if f.agreed { "" } else { ", not agreed" };
            format!(
                "wrote down the finding on \u{201c}{name}\u{201d}: {}{agreed}",
                found.to_lowercase()
            )
        }
        Event::Decision(event) => decision_said(event),
        Event::Family(event) => family_said(event, case),
        Event::Publication(event) => match event {
            publication::Event::PublicationPlanned { on } => {
                format!("planned publication for {}", calendar::words::long(*on))
            }
            publication::Event::SentAhead { on, to } => format!(
                "recorded that the report was sent to {to} on {}",
                calendar::words::long(*on)
            ),
            publication::Event::Published { on, .. } => {
                format!("recorded publication on {}", calendar::words::long(*on))
            }
            publication::Event::DelayReported { to, .. } => {
                format!("recorded that the delay was reported to {to}")
            }
        },
        Event::Parallel(parallel::Event::ProcessRecorded(p)) => format!("recorded the {}", p.kind),
        Event::Documents(documents::Event::FileAdded(d)) => {
            let inside = match documents::inside::words(&d.inside) {
                words if words.is_empty() => words,
                words => format!(", which holds {words}"),
            };
            format!("added the document \u{201c}{}\u{201d}{inside}", d.title)
        }
        Event::Documents(documents::Event::CopiesMade(made)) => format!(
            "made {} of {} to hand out",
            match made.copies.len() {
                1 => "a copy".to_owned(),
                n => format!("{n} copies"),
            },
            made.paper
        ),
        Event::Documents(documents::Event::FileWithdrawn { file, .. }) => {
            let title = case.documents.find(file).map(|f| &f.document.title);
            format!(
                "withdrew the document \u{201c}{}\u{201d}",
                title.map_or("", String::as_str)
            )
        }
        Event::Members(event) => match event {
            members::Event::MemberAdded { name, part, .. } => {
                format!("added {name}, who {}", part.words())
            }
            members::Event::AgencyAdded { person, agency, .. } => {
                let name = case
                    .agencies
                    .find(agency)
                    .map_or("another agency", |a| &a.name);
                format!("added that {} answers for {name} too", member(case, person))
            }
            members::Event::AgencyTaken { person, agency, .. } => {
                let name = case.agencies.find(agency).map_or("one agency", |a| &a.name);
                format!("ended that {} answers for {name}", member(case, person))
            }
            members::Event::MemberRemoved { person, .. } => {
                format!("removed {}", member(case, person))
            }
            members::Event::PersonBarred { name, .. } => format!("barred {name} from the case"),
            members::Event::BarLifted { person, .. } => {
                format!("lifted the bar on {}", member(case, person))
            }
            members::Event::HandedOver { name, .. } => format!("handed the case over to {name}"),
        },
        Event::Closing(event) => match event {
            closing::Event::CaseLinked { to, .. } => format!("linked the case with {to}"),
            closing::Event::CaseSplit { to, .. } => {
                format!("split the case: {to} was opened for some of the children")
            }
            closing::Event::CaseClosed(c) => format!("closed the case: {}", c.reason.words()),
            closing::Event::CaseReopened { .. } => "re-opened the case".into(),
            closing::Event::EntryMarked(m) => format!("marked entry {} as made in error", m.entry),
            closing::Event::EditionChosen { edition, .. } => {
                format!("recorded which edition applies to what has begun: {edition}")
            }
            closing::Event::LateExplained { .. } => "gave the reason why a date was missed".into(),
        },
        Event::Erasure(event) => erasure_said(event, case),
        Event::Interests(event) => interest_said(event, recorded, case),
        Event::BreakGlass(break_glass::Event::OpenedWithReason(_)) => {
            "opened this case with a written reason, to read it for a limited time".into()
        }
        Event::BreakGlass(break_glass::Event::OpeningReviewed(r)) => {
            let name = case.break_glass.find(&r.opening);
            let name = name.map_or("someone", |o| o.opening.name.as_str());
            let found = if r.right { "right" } else { "not right" };
            format!("reviewed that {name} opened this case, and found it {found}")
        }
    }
}

fn interest_said(event: &interests::Event, recorded: &Recorded, case: &Case) -> String {
    match event {
        interests::Event::InterestDeclared(d) if d.person == recorded.by.person => {
            "declared an interest".into()
        }
        interests::Event::InterestDeclared(d) => {
            format!("declared an interest of {}", d.name)
        }
        interests::Event::InterestDecided(a) => {
            let name = case.interests.find(&a.interest);
            let name = name.map_or("a person", |i| i.declared.name.as_str());
            match a.outcome {
                interests::Outcome::NoConflict => {
                    format!("decided that an interest of {name} is no conflict")
                }
                interests::Outcome::TakesPart => {
                    format!("decided that {name} takes part with an interest stated")
                }
                interests::Outcome::StepsBack => format!(
                    "decided that {name} steps back from {}",
                    interests::scopes_in_words(&a.from)
                ),
            }
        }
    }
}

fn erasure_said(event: &erasure::Event, case: &Case) -> String {
    use erasure::Event as E;
    let what = |proposal: &str| {
        case.erasure
            .find(proposal)
            .map_or_else(|| "content".into(), |p| p.proposal.target.words())
    };
    match event {
        E::HoldPlaced(hold) => format!("placed a legal hold, required by {}", hold.required_by),
        E::HoldLifted { .. } => "lifted a legal hold".into(),
        E::ErasureProposed(p) => {
            format!("proposed to erase {}: {}", p.target.words(), p.rule.title)
        }
        E::ErasureApproved { proposal, .. } => format!("approved erasing {}", what(proposal)),
        E::ErasureWithdrawn { proposal, .. } => {
            format!("withdrew the proposal to erase {}", what(proposal))
        }
        E::ContentErased(c) => format!("erased {}: {}", c.target.words(), c.rule.title),
    }
}

fn member(case: &Case, person: &str) -> String {
    case.members
        .list
        .get(person)
        .map(|(n, _)| n.clone())
        .or_else(|| case.members.barred.get(person).cloned())
        .unwrap_or_else(|| "a person".into())
}

fn incident_said(event: &I) -> String {
    match event {
        I::CaseOpened(o) if o.under_way => {
            format!("entered the case {} , already under way", o.reference).replace(" ,", ",")
        }
        I::CaseOpened(o) => format!("opened the case {}", o.reference),
        I::AwarenessRecorded(incident::Awareness { on: Some(on), .. }) => format!(
            "recorded that the authority became aware on {}",
            calendar::words::long(*on)
        ),
        I::AwarenessRecorded(_) => {
            "recorded that the day the authority became aware is not yet known".into()
        }
        I::ContactRecorded(c) => format!(
            "recorded a contact of {} from {}",
            calendar::words::long(c.on),
            c.from
        ),
        I::FactsRecorded(_) => "recorded what is known of the incident".into(),
        I::AreaAdded(a) => format!("added another area: {}", a.name),
        I::DangerAnswered(d) => format!("recorded that {}", d.danger.words()),
        I::LeadAgreed(l) => format!("recorded that {} leads", l.area),
    }
}

fn people_said(event: &people::Event, case: &Case) -> String {
    match event {
        people::Event::ChildRecorded(c) => format!("recorded what is known of {}", c.pseudonym),
        people::Event::PseudonymChanged(c) => format!("changed a pseudonym to {}", c.pseudonym),
        people::Event::AdultRecorded(a) => format!("recorded {}", a.label),
        people::Event::RelationshipRecorded(r) => format!(
            "recorded that {} is {} of {}",
            case.people.called(&r.one),
            r.kind,
            case.people.called(&r.other)
        ),
        people::Event::RelationshipWithdrawn(w) => format!(
            "recorded that \u{201c}{}: {}, {}\u{201d} {}",
            case.people.called(&w.one),
            w.kind,
            case.people.called(&w.other),
            w.because.words()
        ),
        people::Event::ChildMoved { to, .. } => format!("moved a child to {to}"),
    }
}

fn decision_said(event: &D) -> String {
    let otherwise = |given: &Given| match given {
        Given::InPerson => String::new(),
        Given::Otherwise {
            way, person, on, ..
        } => format!(
            ", given by {person} by {way} on {}",
            calendar::words::long(*on)
        ),
    };
    match event {
        D::TextWritten(p) => format!(
            "wrote the text of the decision: {}",
            match p.conduct {
                Some(true) => "to conduct a review",
                Some(false) => "not to conduct a review",
                None => "not yet answered",
            }
        ),
        D::ViewGiven(v) => format!(
            "recorded a view for {}: {}{}{}",
            v.seat.partner.replace('-', " "),
            v.view.words(),
            if v.provisional { ", provisional" } else { "" },
            otherwise(&v.given)
        ),
        D::Signed(s) => format!(
            "{} for {}: {}{}",
            if s.given == Given::InPerson {
                "signed the decision"
            } else {
                "recorded a signature"
            },
            s.seat.partner.replace('-', " "),
            s.view.words(),
            otherwise(&s.given)
        ),
        D::Completed { decided_on } => format!(
            "the decision is complete: the partners decided on {}",
            calendar::words::long(*decided_on)
        ),
        D::Resolved(r) => format!("recorded how {} resolved the disagreement", r.by_whom),
        D::NotAgreedRecorded(_) => {
            "recorded that there was no agreed decision on the due day".into()
        }
        D::SlipCorrected(_) => "corrected a slip in the decision".into(),
        D::ReconsiderationBegun { .. } => "began a reconsideration of the decision".into(),
    }
}

fn family_said(event: &F, case: &Case) -> String {
    match event {
        F::AppropriatenessDecided(a) => format!(
            "recorded that informing {} is {}",
            case.people.called(&a.person),
            if a.appropriate {
                "appropriate"
            } else {
                "not appropriate now"
            }
        ),
        F::ContactMade(c) => match c.kind {
            ContactKind::Contact => format!(
                "recorded contact with {} on {}",
                case.people.called(&c.person),
                calendar::words::long(c.on)
            ),
            ContactKind::ToldOfDecision => format!(
                "recorded that {} told {} of the decision on {}",
                c.by_whom,
                case.people.called(&c.person),
                calendar::words::long(c.on)
            ),
        },
        F::PrinciplesApplied(_) => "recorded how the principles are applied for this family".into(),
        F::ViewsRecorded(family::ViewsOf { person, views }) => format!(
            "recorded the views of {}: {}",
            case.people.called(person),
            views.words()
        ),
        F::SafetyChecked(s) => format!(
            "recorded what is safe for {}",
            case.people.called(&s.person)
        ),
        F::LetterReleased(l) => format!("released a letter to {}", case.people.called(&l.person)),
        F::PromiseKept {
            person, promise, ..
        } => format!(
            "recorded that a promise to {} was kept: {promise}",
            case.people.called(person)
        ),
    }
}

/// The views and signatures of the current round in words, for the state "no agreed decision on the due day".
pub fn views(case: &Case, seats: &[crate::context::NamedSeat]) -> Vec<(String, String)> {
    decision::views_in_words(&case.decision.current, seats)
}
