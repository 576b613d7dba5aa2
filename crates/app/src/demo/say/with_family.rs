//! What is said with the child and the family.

use std::collections::BTreeMap;

use cases::family::{
    self, Appropriate, Contact, ContactKind, Letter, LetterKind, Principles, SafetyCheck, Views,
    ViewsOf,
};
use cases::{Command, Date};

pub(in super::super) fn inform(person: &str, reasons: &str, decided_by: &str) -> Command {
    Command::Family(family::Command::DecideAppropriate(Appropriate {
        person: person.into(),
        appropriate: true,
        reasons: reasons.into(),
        decided_by: decided_by.into(),
        look_again: None,
    }))
}

pub(in super::super) fn do_not_inform(
    person: &str,
    reasons: &str,
    decided_by: &str,
    look_again: Date,
) -> Command {
    Command::Family(family::Command::DecideAppropriate(Appropriate {
        person: person.into(),
        appropriate: false,
        reasons: reasons.into(),
        decided_by: decided_by.into(),
        look_again: Some(look_again),
    }))
}

/// Contact by the chair, before or beside a decision.
pub(in super::super) fn spoke(
    person: &str,
    on: Date,
    time: &str,
    how: &str,
    words: &str,
) -> Contact {
    Contact {
        person: person.into(),
        kind: ContactKind::Contact,
        on,
        time: time.into(),
        by_whom: "Beatrix Holloway-Quill".into(),
        role: "chair".into(),
        on_behalf: String::new(),
        how: how.into(),
        words: words.into(),
        explained: BTreeMap::new(),
        promise: String::new(),
        promise_keeper: String::new(),
    }
}

/// The chair tells someone of the decision, with what was explained.
pub(in super::super) fn told_of_decision(
    person: &str,
    on: Date,
    time: &str,
    how: &str,
    words: &str,
    explained: [&str; 3],
) -> Contact {
    let [purpose, process, publication] = explained.map(str::to_owned);
    let explained = [
        ("purpose".to_owned(), purpose),
        ("process".to_owned(), process),
        ("publication".to_owned(), publication),
    ]
    .into_iter()
    .filter(|(_, words)| !words.is_empty())
    .collect();
    Contact {
        kind: ContactKind::ToldOfDecision,
        explained,
        ..spoke(person, on, time, how, words)
    }
}

pub(in super::super) fn contacted(contact: Contact) -> Command {
    Command::Family(family::Command::RecordContact(contact))
}

pub(in super::super) fn views(person: &str, views: Views) -> Command {
    Command::Family(family::Command::RecordViews(ViewsOf {
        person: person.into(),
        views,
    }))
}

pub(in super::super) fn kept(person: &str, promise: &str, on: Date) -> Command {
    Command::Family(family::Command::KeepPromise {
        person: person.into(),
        promise: promise.into(),
        on,
    })
}

pub(in super::super) fn principles(
    clarity: &str,
    transparency: &str,
    negotiation: &str,
    inclusivity: &str,
) -> Command {
    let applied = [
        ("clarity", clarity),
        ("transparency", transparency),
        ("negotiation", negotiation),
        ("inclusivity", inclusivity),
    ]
    .into_iter()
    .map(|(id, words)| (id.to_owned(), words.to_owned()))
    .collect();
    Command::Family(family::Command::ApplyPrinciples(Principles { applied }))
}

pub(in super::super) fn safety(
    person: &str,
    address: &str,
    way: &str,
    responsibility: &str,
    witness: &str,
    officer: &str,
) -> Command {
    Command::Family(family::Command::CheckSafety(SafetyCheck {
        person: person.into(),
        address: address.into(),
        way: way.into(),
        parental_responsibility: responsibility.into(),
        suspect_or_witness: witness.into(),
        officer_consulted: officer.into(),
    }))
}

pub(in super::super) fn letter(
    person: &str,
    kind: LetterKind,
    salutation: &str,
    text: &str,
    dated: Date,
) -> Command {
    let signed_by = "Beatrix Holloway-Quill, Independent Chair".into();
    Command::Family(family::Command::ReleaseLetter(Letter {
        person: person.into(),
        kind,
        salutation: salutation.into(),
        text: text.into(),
        signed_by,
        dated,
    }))
}
