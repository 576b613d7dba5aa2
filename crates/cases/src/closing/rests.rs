//! What rests on an entry: what would no longer be so, or be so again, if it were marked as made in error.
//! Nothing is guessed: the case is folded once more without the entry, and where the two differ is said in words.
//! Long because every kind of thing that can rest on an entry is asked here once, one after another, with its words beside it.

use std::collections::BTreeMap;

use calendar::Date;
use guidance::Rules;
use serde::Serialize;

use super::{Event as Closing, Mark};
use crate::clocks::{Clock, clocks};
use crate::{Case, Editions, Event, Evidence, Place, Recorded, stages};

/// One thing that rests on an entry, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rest {
    /// What it is.
    pub what: String,
    /// What becomes of it.
    pub then: String,
    /// Where it is to be seen.
    pub place: Place,
}

fn rest(what: impl Into<String>, then: impl Into<String>, place: Place) -> Rest {
    Rest {
        what: what.into(),
        then: then.into(),
        place,
    }
}

/// What rests on the entry with this number: clocks, findings, the decision and its signatures, people, letters, evidence,
/// corrections and stages. Empty when nothing does, or when there is no such entry; needs the [whole](Case::is_whole) story.
pub fn rests_on(
    case: &Case,
    entry: u64,
    editions: &dyn Editions,
    rules: &Rules,
    today: Date,
) -> Vec<Rest> {
    let Some(marked) = case.story.iter().find(|r| r.number == entry) else {
        return Vec::new();
    };
    let after = without(case, marked);
    let mut list = Vec::new();
    list.extend(clocks_differ(
        &clocks(case, editions, rules, today),
        &clocks(&after, editions, rules, today),
    ));
    list.extend(findings_differ(case, &after, rules));
    list.extend(decision_differs(case, &after, marked, editions, today));
    list.extend(people_differ(case, &after));
    list.extend(letters_after(case, marked));
    list.extend(evidence_cites(&after, marked, rules));
    list.extend(corrected_by(case, entry));
    list.extend(stages_differ(case, &after, rules));
    list
}

/// The case as it would be with the entry marked.
fn without(case: &Case, marked: &Recorded) -> Case {
    let mut after = case.clone();
    after.push(std::sync::Arc::new(Recorded {
        number: case.version() + 1,
        event: Event::Closing(Closing::EntryMarked(Mark {
            entry: marked.number,
            why: String::new(),
            correction: None,
            hidden: false,
            visible_to: Vec::new(),
        })),
        missing: Vec::new(),
        imported: None,
        pasted: Vec::new(),
        ..marked.clone()
    }));
    after
}

fn clocks_differ(before: &[Clock], after: &[Clock]) -> Vec<Rest> {
    let long = calendar::words::long;
    // Several clocks may run under one rule; the first of one side is compared with the first of the other.
    fn keyed(clocks: &[Clock]) -> BTreeMap<(&str, usize), &Clock> {
        let nth = |at: usize| {
            clocks[..at]
                .iter()
                .filter(|c| c.id == clocks[at].id)
                .count()
        };
        let places = clocks.iter().enumerate();
        places
            .map(|(at, c)| ((c.id.as_str(), nth(at)), c))
            .collect()
    }
    let (now, then) = (keyed(before), keyed(after));
    let mut list = Vec::new();
    for (key, clock) in &now {
        let words = match (clock.due, then.get(key)) {
            (_, None) => "It no longer runs: what started it no longer counts.".to_owned(),
            (Some(due), Some(new)) if new.due.is_none() => format!(
                "It is worked out again, and cannot be for now. It was due on {}.",
                long(due)
            ),
            (due, Some(new)) if new.due != due => format!(
                "It is worked out again: due on {}{}{}.",
                new.due.map(long).unwrap_or_default(),
                due.map_or_else(String::new, |d| format!(" instead of {}", long(d))),
                if new.assumed && !clock.assumed {
                    ", on a cautious assumption"
                } else {
                    ""
                }
            ),
            (_, Some(new)) if clock.done.is_some() && new.done.is_none() => {
                "It is no longer shown as done.".to_owned()
            }
            (_, Some(new)) if new.done != clock.done => format!(
                "It is shown as done on {}.",
                new.done.map(long).unwrap_or_default()
            ),
            _ => continue,
        };
        let what = format!("Clock: {}", clock.title);
        list.push(rest(what, words, clock.place.clone()));
    }
    for (_, clock) in then.iter().filter(|(key, _)| !now.contains_key(*key)) {
        let due = clock
            .due
            .map_or_else(String::new, |d| format!(", due on {}", long(d)));
        list.push(rest(
            format!("Clock: {}", clock.title),
            format!("It runs again{due}."),
            clock.place.clone(),
        ));
    }
    list
}

fn findings_differ(case: &Case, after: &Case, rules: &Rules) -> Vec<Rest> {
    let mut list = Vec::new();
    for element in rules.considered().chain(rules.questions.iter()) {
        let id = element.id.as_str();
        let (before, then) = (case.consideration.of(id), after.consideration.of(id));
        let words = match (before, then) {
            (Some(_), None) => "It is no longer considered. Consider it again.".to_owned(),
            (Some(b), Some(t)) if b != t => format!(
                "The finding written down before counts again: {}.",
                after.consideration.words(element).unwrap_or_default()
            ),
            _ => continue,
        };
        let what = format!("Finding: {}", element.label);
        list.push(rest(what, words, Place::Element(id.to_owned())));
    }
    for ((child, limb), tested) in &case.definition.tests {
        let then = after.definition.test(child, limb);
        let label = rules
            .definition
            .limbs
            .iter()
            .find(|l| l.element.id.as_str() == limb)
            .map_or(limb.as_str(), |l| l.element.label.as_str());
        let words = match then {
            None => "It is no longer tested. Test it again.",
            Some(t) if t != tested => "The test written down before counts again.",
            Some(_) => continue,
        };
        let what = format!("Definition, {}: {label}", case.people.called(child));
        list.push(rest(what, words, Place::Definition(child.clone())));
    }
    list
}

fn decision_differs(
    case: &Case,
    after: &Case,
    marked: &Recorded,
    editions: &dyn Editions,
    today: Date,
) -> Vec<Rest> {
    let (before, then) = (&case.decision.current, &after.decision.current);
    let mut list = Vec::new();
    if before.proposal != then.proposal {
        let words = if then.versions == 0 {
            "No text stands any more. Write it again before anyone signs."
        } else {
            "The text written before counts again."
        };
        list.push(rest("The text of the decision", words, Place::Decision));
    }
    let seats = editions.seats(today);
    for signed in before.signatures.iter().filter(|s| !s.set_aside) {
        let seat = &signed.signature.seat;
        let kept = then.signatures.iter().find(|s| s.entry == signed.entry);
        let words = match kept {
            Some(s) if s.set_aside => {
                "It is set aside and kept, as the text it was given for has changed. They sign again."
            }
            None => "It no longer counts. They sign again.",
            Some(_) => continue,
        };
        let body = seats
            .iter()
            .find(|s| s.seat == *seat)
            .map_or_else(|| seat.body.replace('-', " "), |s| s.body.clone());
        list.push(rest(
            format!("The signature of {body}"),
            words,
            Place::Decision,
        ));
    }
    if case.decision.complete().is_some() && marked.event.is_part_of_the_text() {
        list.push(rest(
            "The complete decision",
            "It stands as it was signed, and so does its text. If it would have been another without this entry, begin a reconsideration.",
            Place::Decision,
        ));
    }
    list
}

/// The people who would be gone or otherwise, and what names them.
fn people_differ(case: &Case, after: &Case) -> Vec<Rest> {
    let (people, then) = (&case.people, &after.people);
    let mut list = Vec::new();
    for child in &people.children {
        match then.child(&child.id) {
            None => list.extend(gone(case, after, &child.id)),
            Some(t) if t != child => list.push(rest(
                format!("What is known of {}", child.pseudonym),
                format!("What was recorded before counts again, as {}.", t.pseudonym),
                Place::People,
            )),
            Some(_) => {}
        }
    }
    for adult in &people.adults {
        match then.adult(&adult.id) {
            None => list.extend(gone(case, after, &adult.id)),
            Some(t) if t != adult => list.push(rest(
                format!("What is known of {}", adult.label),
                "What was recorded before counts again.",
                Place::People,
            )),
            Some(_) => {}
        }
    }
    for relationship in &people.relationships {
        if !then.relationships.contains(relationship) {
            let (one, other) = (
                people.called(&relationship.one),
                people.called(&relationship.other),
            );
            list.push(rest(
                format!("{one}: {}, {other}", relationship.kind),
                "It is no longer recorded that they are so related.",
                Place::People,
            ));
        }
    }
    list
}

/// Someone who would no longer be recorded.
fn gone(case: &Case, after: &Case, id: &str) -> Vec<Rest> {
    let called = case.people.called(id);
    let mut list = vec![rest(
        called.clone(),
        "They are no longer among the people of the case.",
        Place::People,
    )];
    let named = after
        .people
        .relationships
        .iter()
        .filter(|r| r.one == id || r.other == id)
        .count();
    if named > 0 {
        list.push(rest(
            format!("Relationships of {called}: {named}"),
            "They stay, and name someone who is no longer recorded. Take them off.",
            Place::People,
        ));
    }
    if case.definition.tests.keys().any(|(child, _)| child == id) {
        list.push(rest(
            format!("The definition, tested for {called}"),
            "It no longer counts for the case. It stays in the story.",
            Place::People,
        ));
    }
    if let Some(part) = case.family.people.get(id) {
        let counted = match (part.contacts.len(), part.letters.len()) {
            (0, 0) => String::new(),
            (contacts, letters) => format!(" (contacts: {contacts}; letters: {letters})"),
        };
        list.push(rest(
            format!("What was recorded of informing {called}{counted}"),
            "It stays in the story and is shown on no other page.",
            Place::Family(String::new()),
        ));
    }
    list
}

/// Letters that were given to people after the entry was made: what is in them cannot be taken back.
fn letters_after(case: &Case, marked: &Recorded) -> Vec<Rest> {
    let about = matches!(
        marked.event,
        Event::Incident(_)
            | Event::People(_)
            | Event::Definition(_)
            | Event::Consideration(_)
            | Event::Decision(_)
            | Event::Notification(_)
    );
    case.story
        .iter()
        .filter_map(|r| match &r.event {
            Event::Family(crate::family::Event::LetterReleased(l)) => Some((r, l)),
            _ => None,
        })
        .filter_map(|(r, letter)| {
            let then = if r.number == marked.number {
                "It is no longer among the letters. If it was given, tell the person."
            } else if about && r.number > marked.number && !case.closing.marks.contains_key(&r.number) {
                "It was released after this entry and stays as it was given. If it says what was wrong, write again."
            } else {
                return None;
            };
            let what = format!(
                "Letter to {}, {}",
                case.people.called(&letter.person),
                calendar::words::short(letter.dated)
            );
            Some(rest(what, then, Place::Family(letter.person.clone())))
        })
        .collect()
}

/// What names a document of the case as its evidence, when the entry added that document.
fn evidence_cites(after: &Case, marked: &Recorded, rules: &Rules) -> Vec<Rest> {
    let Event::Documents(crate::documents::Event::FileAdded(document)) = &marked.event else {
        return Vec::new();
    };
    let cites = |list: &[Evidence]| {
        list.iter()
            .any(|e| matches!(e, Evidence::Document { file, .. } if *file == document.id))
    };
    let words = "It names the document by its title, which then leads to nothing. Give other evidence, or add the document again.";
    let mut list = vec![rest(
        format!("The document \u{201c}{}\u{201d}", document.title),
        "It leaves the list, and can no longer be downloaded.",
        Place::Case,
    )];
    for (id, found) in &after.consideration.elements {
        if cites(&found.finding.evidence) {
            let label =
                crate::consideration::element(rules, id).map_or(id.as_str(), |e| e.label.as_str());
            list.push(rest(
                format!("Evidence of the finding: {label}"),
                words,
                Place::Element(id.clone()),
            ));
        }
    }
    for ((child, _), tested) in &after.definition.tests {
        if cites(&tested.test.evidence) {
            let what = format!("Evidence of the definition, {}", after.people.called(child));
            list.push(rest(what, words, Place::Definition(child.clone())));
        }
    }
    if cites(&after.decision.current.proposal.evidence) {
        list.push(rest("Evidence of the decision", words, Place::Decision));
    }
    list
}

/// Earlier marks that name this entry as the one that says it right.
fn corrected_by(case: &Case, entry: u64) -> Vec<Rest> {
    case.closing
        .marks
        .values()
        .filter(|m| m.correction == Some(entry))
        .map(|m| {
            rest(
                format!("Entry {}, made in error", m.entry),
                "It names this entry as the one that says it right. Record the right one.",
                Place::Case,
            )
        })
        .collect()
}

fn stages_differ(case: &Case, after: &Case, rules: &Rules) -> Vec<Rest> {
    let words = |s: &stages::Stage| {
        let hint = if s.hint.is_empty() {
            String::new()
        } else {
            format!(" ({})", s.hint)
        };
        format!("{}{hint}", s.status.words())
    };
    stages::stages(case, rules)
        .iter()
        .zip(stages::stages(after, rules).iter())
        .filter(|(before, then)| words(before) != words(then))
        .map(|(before, then)| {
            rest(
                format!("Stage: {}", before.name),
                format!(
                    "From \u{201c}{}\u{201d} to \u{201c}{}\u{201d}.",
                    words(before),
                    words(then)
                ),
                then.place.clone(),
            )
        })
        .collect()
}
