//! What a case would come to without an entry, to be read before anyone proposes, approves or waits for its erasure;
//! and where else in the case the same words stand, because erasing one entry does not reach copies of them in others.

use std::sync::Arc;

use guidance::Rules;
use serde_json::Value;

use super::{Certificate, Event, GoneEntry, Head, Rule, Signed, Target};
use crate::{Case, Event as CaseEvent, Recorded, decision, stages};

/// How many characters a text has at least that is looked for in other entries; shorter ones stand in many by chance.
pub const LONG_ENOUGH: usize = 24;

/// What would change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effect {
    /// What the case would no longer say, or say otherwise, in words.
    pub changes: Vec<String>,
    /// Other entries (numbers) in which words of this one stand as well.
    pub copies: Vec<u64>,
}

/// What would change in a case; it needs every entry at hand.
pub fn effect(case: &Case, rules: &Rules, target: &Target) -> Effect {
    match target {
        Target::Entry(number) => of_entry(case, rules, *number),
        Target::File(_) => Effect {
            changes: vec![
                "The file can no longer be opened. Its title, and who added it, stay in the record.".into(),
            ],
            copies: Vec::new(),
        },
        Target::Case => Effect {
            changes: vec![
                format!("All {} entries of the case lose their content, with every finding, decision, signature and letter, and so do the entries on who read it.", case.story.len()),
                format!("{} files can no longer be opened.", case.documents.list.len()),
                "The case leaves every list, and its pages are no longer there. The reference, the day and the rule of the erasure stay known to the manager.".into(),
            ],
            copies: Vec::new(),
        },
    }
}

fn of_entry(case: &Case, rules: &Rules, number: u64) -> Effect {
    let Some(entry) = case.story.iter().find(|r| r.number == number) else {
        return Effect::default();
    };
    let without = carried_out(case, entry);
    let mut changes = Vec::new();
    let (now, then) = (stages::stage(case, rules), stages::stage(&without, rules));
    if now != then {
        changes.push(format!(
            "The stage would be \u{201c}{then}\u{201d} instead of \u{201c}{now}\u{201d}."
        ));
    }
    for element in rules.considered().chain(rules.questions.iter()) {
        let of = |case: &Case| case.consideration.words(element);
        match (of(case), of(&without)) {
            (Some(_), None) => changes.push(format!(
                "There would be no finding on \u{201c}{}\u{201d}.",
                element.label
            )),
            (Some(_), Some(earlier))
                if case.consideration.of(element.id.as_str())
                    != without.consideration.of(element.id.as_str()) =>
            {
                changes.push(format!(
                    "The finding on \u{201c}{}\u{201d} would be the one before: {}.",
                    element.label,
                    earlier.to_lowercase()
                ));
            }
            _ => {}
        }
    }
    let missing = decision::missing(case, rules);
    for one in decision::missing(&without, rules) {
        if !missing.contains(&one) {
            changes.push(format!("Missing for a decision: {}.", one.what));
        }
    }
    if case.decision != without.decision {
        changes.push("What is recorded of the decision would change.".into());
    }
    let counted = !case.closing.marks.contains_key(&number);
    if counted && entry.event.is_part_of_the_text() && case.decision.complete().is_none() {
        changes.push(
            "The text of the decision would change, and signatures on it are set aside.".into(),
        );
    }
    let (before, after) = (parts(case), parts(&without));
    let names: Vec<String> = before
        .iter()
        .zip(&after)
        .filter(|(a, b)| a != b)
        .map(|((name, _), _)| name.replace('-', " "))
        .collect();
    if names.is_empty() {
        changes.push("Nothing the case has come to would change: the entry counts no more already, or a later one has taken its place.".into());
    } else {
        changes.push(format!(
            "What the case holds under these headings would change: {}. A date that rests on it is worked out again.",
            names.join(", ")
        ));
    }
    if case.closing.closed.is_some() != without.closing.closed.is_some() {
        changes.push("The case would be open again, or closed again.".into());
    }
    Effect {
        changes,
        copies: copies(case, entry),
    }
}

/// The case as it would be from the moment at which the entry is erased.
fn carried_out(case: &Case, entry: &Recorded) -> Case {
    let signed = || Signed {
        by: entry.by.clone(),
        at: entry.at,
    };
    let certificate = Certificate {
        id: String::new(),
        case: case.id.clone(),
        reference: String::new(),
        target: Target::Entry(entry.number),
        rule: Rule {
            id: String::new(),
            title: String::new(),
            at_once_when_hidden: false,
        },
        proposed: signed(),
        approved: signed(),
        due: entry.at,
        at: entry.at,
        before: Head {
            size: 0,
            root: String::new(),
        },
        entries: vec![GoneEntry {
            number: entry.number,
            position: 0,
            kind: entry.event.kind(),
            at: entry.at,
            actor: String::new(),
            size: 0,
            hash: String::new(),
            key: String::new(),
            in_text: entry.event.is_part_of_the_text(),
        }],
        files: Vec::new(),
        reads: None,
    };
    let mut story = case.story.clone();
    story.push(Arc::new(Recorded {
        number: case.version() + 1,
        event: CaseEvent::Erasure(Event::ContentErased(Box::new(certificate))),
        missing: Vec::new(),
        imported: None,
        pasted: Vec::new(),
        ..entry.clone()
    }));
    Case::fold(&case.id, story)
}

/// The parts of a case as it is written down, without what is said about erasure itself.
fn parts(case: &Case) -> Vec<(String, Value)> {
    match serde_json::to_value(case) {
        Ok(Value::Object(map)) => map.into_iter().filter(|(k, _)| k != "erasure").collect(),
        _ => Vec::new(),
    }
}

fn copies(case: &Case, entry: &Recorded) -> Vec<u64> {
    let mut words = Vec::new();
    texts(
        &serde_json::to_value(&entry.event).unwrap_or_default(),
        &mut words,
    );
    words.retain(|w| w.chars().count() >= LONG_ENOUGH && w.contains(' '));
    case.story
        .iter()
        .filter(|other| other.number != entry.number)
        .filter(|other| {
            let mut theirs = Vec::new();
            texts(
                &serde_json::to_value(&other.event).unwrap_or_default(),
                &mut theirs,
            );
            words.iter().any(|w| theirs.iter().any(|t| t.contains(w)))
        })
        .map(|other| other.number)
        .collect()
}

fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.trim().to_owned()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        // The name of a meeting stands in every finding of that meeting.
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| *key != "considered-by")
            .for_each(|(_, item)| texts(item, into)),
        _ => {}
    }
}
