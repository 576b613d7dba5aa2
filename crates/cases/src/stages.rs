//! Where a case stands: its stage in a word, the stages as a task list, and what to do next.
//! One file, because each stage's state, words and next step are read against one another.

use guidance::Rules;

use crate::incident::Danger;
use serde::Serialize;

use crate::definition::Outcome;
use crate::{Case, Missing, Place, decision, family};

/// How far a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nothing yet.
    NotStarted,
    /// Begun.
    InProgress,
    /// Waits for something else, which the hint names.
    CannotStart,
    /// Done.
    Completed,
    /// Does not arise in this case.
    NotNeeded,
}

impl Status {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Status::NotStarted => "Not started",
            Status::InProgress => "In progress",
            Status::CannotStart => "Cannot start yet",
            Status::Completed => "Completed",
            Status::NotNeeded => "Not needed",
        }
    }
}

/// One stage of the task list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// Where it is.
    pub place: Place,
    /// How far it is.
    pub status: Status,
    /// One line of what is there or missing.
    pub hint: String,
}

/// The name of the review in this edition.
pub fn review_name(rules: &Rules) -> String {
    rules
        .names
        .get("review")
        .cloned()
        .unwrap_or_else(|| "review".into())
}

/// The stage of the case in a word or two.
pub fn stage(case: &Case, rules: &Rules) -> &'static str {
    if case.closing.closed.is_some() {
        return "Closed";
    }
    if let Some(round) = case.decision.complete() {
        return match (
            &case.publication.published,
            round.proposal.conduct,
            case.decision.current.completed,
        ) {
            (_, _, None) => "Reconsideration",
            (Some(_), _, _) => "Published",
            (None, Some(true), _) => "Review under way",
            _ => "Decided, no review",
        };
    }
    if case.decision.current.not_agreed.is_some() {
        return "No agreed decision";
    }
    let (considered, all) = case.consideration.progress(rules);
    if case.decision.current.versions > 0 || (considered == all && all > 0) {
        "Decision"
    } else if considered > 0 || !case.rapid_review.reports.is_empty() {
        "Consideration"
    } else if case.notification.obliges_rapid_review(rules) {
        "Rapid review"
    } else if case.definition.case_outcome(case, rules) == Outcome::Met {
        "Notification"
    } else if case.definition.tests.is_empty() {
        "Incident"
    } else {
        "Definition"
    }
}

/// The stages as a task list.
pub fn stages(case: &Case, rules: &Rules) -> Vec<Stage> {
    vec![
        incident(case),
        people(case),
        definition(case, rules),
        notification(case, rules),
        rapid_review(case, rules),
        consideration(case, rules),
        decide(case, rules),
        with_family(case, rules),
    ]
}

fn incident(case: &Case) -> Stage {
    let unknown = not_yet_known(case);
    let (status, hint) = if unknown.is_empty() {
        (
            Status::Completed,
            case.incident.facts.happened_on.map_or(String::new(), |d| {
                format!("Happened on {}", calendar::words::short(d))
            }),
        )
    } else {
        (
            Status::InProgress,
            format!("Not yet known: {}", unknown.join(", ")),
        )
    };
    Stage {
        name: "Incident",
        place: Place::Incident,
        status,
        hint,
    }
}

/// What is not yet known of the incident, in words.
pub fn not_yet_known(case: &Case) -> Vec<&'static str> {
    let facts = &case.incident.facts;
    let mut list = Vec::new();
    if case
        .incident
        .awareness
        .as_ref()
        .and_then(|a| a.on)
        .is_none()
    {
        list.push("when the authority became aware");
    }
    if facts.happened_on.is_none() && facts.time.is_empty() {
        list.push("when it happened");
    }
    if facts.whereabouts.is_none() {
        list.push("where it happened");
    }
    if facts.summary.is_empty() {
        list.push("what happened");
    }
    list
}

fn people(case: &Case) -> Stage {
    let (children, adults) = (case.people.children.len(), case.people.adults.len());
    let unknown: usize = case
        .people
        .children
        .iter()
        .filter(|c| !c.not_yet_known().is_empty())
        .count();
    let status = if children == 0 {
        Status::NotStarted
    } else if unknown == 0 {
        Status::Completed
    } else {
        Status::InProgress
    };
    let mut hint = format!(
        "{} and {}",
        count(children, "child", "children"),
        count(adults, "adult", "adults")
    );
    if unknown > 0 {
        hint.push_str(&format!(
            "; something is not yet known of {}",
            count(unknown, "child", "children")
        ));
    }
    Stage {
        name: "People",
        place: Place::People,
        status,
        hint,
    }
}

fn definition(case: &Case, rules: &Rules) -> Stage {
    let place = case
        .people
        .subjects()
        .next()
        .map_or(Place::People, |c| Place::Definition(c.id.clone()));
    let missing = case.definition.missing(case, rules).len();
    let outcome = case.definition.case_outcome(case, rules);
    let status = if case.people.subjects().next().is_none() {
        Status::CannotStart
    } else if missing > 0 {
        if case.definition.tests.is_empty() {
            Status::NotStarted
        } else {
            Status::InProgress
        }
    } else if outcome == Outcome::NotYetKnown {
        Status::InProgress
    } else {
        Status::Completed
    };
    Stage {
        name: "Definition",
        place,
        status,
        hint: format!("Definition {}", outcome.words()),
    }
}

fn notification(case: &Case, rules: &Rules) -> Stage {
    let n = &case.notification;
    let (status, hint) = match (&n.decision, n.sent.last()) {
        (_, Some(sent)) => {
            let kind = rules
                .notification(&sent.kind)
                .map_or("Notification", |k| k.label.as_str());
            (
                Status::Completed,
                format!("{kind}, sent {}", calendar::words::short(sent.on)),
            )
        }
        (Some(d), None) if d.notify => (Status::InProgress, "To be sent".into()),
        (Some(_), None) => (Status::Completed, "Decided not to notify".into()),
        (None, None) => (
            Status::NotStarted,
            "The authority has not yet decided whether to notify".into(),
        ),
    };
    Stage {
        name: "Notification",
        place: Place::Notification,
        status,
        hint,
    }
}

fn rapid_review(case: &Case, rules: &Rules) -> Stage {
    let r = &case.rapid_review;
    let (status, hint) = if let Some(report) = r.reports.last() {
        (
            Status::Completed,
            format!("Report sent {}", calendar::words::short(report.on)),
        )
    } else if let Some(meeting) = r.meetings.last() {
        let word = if meeting.planned {
            "Meeting planned for"
        } else {
            "Met on"
        };
        (
            Status::InProgress,
            format!("{word} {}", calendar::words::short(meeting.on)),
        )
    } else if case.notification.obliges_rapid_review(rules) {
        (Status::NotStarted, "Obliged by the notification".into())
    } else {
        (Status::NotNeeded, "Nothing obliges one so far".into())
    };
    Stage {
        name: "Rapid review",
        place: Place::RapidReview,
        status,
        hint,
    }
}

fn consideration(case: &Case, rules: &Rules) -> Stage {
    let (done, all) = case.consideration.progress(rules);
    let status = match done {
        0 => Status::NotStarted,
        n if n == all && case.consideration.missing(rules).is_empty() => Status::Completed,
        _ => Status::InProgress,
    };
    Stage {
        name: "Consideration",
        place: Place::Element(String::new()),
        status,
        hint: format!("{done} of {all} considered"),
    }
}

fn decide(case: &Case, rules: &Rules) -> Stage {
    let round = &case.decision.current;
    let (status, hint) = if let Some(day) = round.completed {
        let what = if round.proposal.conduct == Some(true) {
            "To conduct a review"
        } else {
            "Not to conduct a review"
        };
        (
            Status::Completed,
            format!("{what}, decided {}", calendar::words::short(day)),
        )
    } else if round.not_agreed.is_some() {
        (
            Status::InProgress,
            "No agreed decision on the due day".into(),
        )
    } else {
        let missing = decision::missing(case, rules).len();
        let signed = round.signatures.iter().filter(|s| !s.set_aside).count();
        if round.versions == 0 && missing > 0 {
            (
                Status::CannotStart,
                format!(
                    "{} before anyone can sign",
                    count(missing, "thing is missing", "things are missing")
                ),
            )
        } else if missing > 0 {
            (
                Status::InProgress,
                format!(
                    "{} before anyone can sign",
                    count(missing, "thing is missing", "things are missing")
                ),
            )
        } else {
            (
                Status::InProgress,
                format!(
                    "Ready to sign; {} so far",
                    count(signed, "signature", "signatures")
                ),
            )
        }
    };
    Stage {
        name: "Decision",
        place: Place::Decision,
        status,
        hint,
    }
}

fn with_family(case: &Case, rules: &Rules) -> Stage {
    let people = family::to_consider(case);
    let informed = people
        .iter()
        .filter(|id| {
            case.family
                .people
                .get(*id)
                .is_some_and(|p| p.told().is_some())
        })
        .count();
    let missing = family::missing(case, rules).len();
    let status = if people.is_empty() {
        Status::NotStarted
    } else if missing == 0 {
        Status::Completed
    } else if case.family.people.is_empty() {
        Status::NotStarted
    } else {
        Status::InProgress
    };
    Stage {
        name: "Child and family",
        place: Place::Family(String::new()),
        status,
        hint: format!("Told of the decision: {informed} of {}", people.len()),
    }
}

/// What to do next, most pressing first: what holds up a signature, then what is owed to the family.
pub fn next_steps(case: &Case, rules: &Rules) -> Vec<Missing> {
    if !case.is_open() {
        return Vec::new();
    }
    let mut list = Vec::new();
    if case
        .incident
        .danger()
        .is_some_and(|(d, _)| d == Danger::NotKnown)
    {
        list.push(Missing::new(
            "Find out whether any child may be in danger now",
            "",
            Place::Incident,
        ));
    }
    let unknown = not_yet_known(case);
    if !unknown.is_empty() {
        list.push(Missing::new(
            format!("Find out {}", unknown.join(", ")),
            "",
            Place::Incident,
        ));
    }
    if case.definition.case_outcome(case, rules) == Outcome::Met
        && case.notification.decision.is_none()
        && case.notification.sent.is_empty()
    {
        list.push(Missing::new(
            "Record whether the authority notifies",
            "",
            Place::Notification,
        ));
    }
    if case.notification.obliges_rapid_review(rules) && case.rapid_review.reports.is_empty() {
        list.push(Missing::new(
            "Hold the rapid review and send its report",
            "",
            Place::RapidReview,
        ));
    }
    if case.decision.current.completed.is_none() {
        list.extend(decision::missing(case, rules));
    }
    list.extend(family::missing(case, rules));
    list
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
