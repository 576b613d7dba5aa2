//! What is decided: the text, the views and what reached the manager on paper or otherwise.

use std::collections::BTreeMap;

use cases::decision::{self, Given, Proposal, Signature, View, ViewGiven};
use cases::{Command, Date};

use super::super::partnership::Who;

pub(in super::super) fn text(proposal: Proposal) -> Command {
    Command::Decision(decision::Command::WriteText(proposal))
}

pub(in super::super) fn why_not(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter()
        .map(|(element, words)| ((*element).to_owned(), (*words).to_owned()))
        .collect()
}

/// A view given by a delegate who is signed in.
pub(in super::super) fn view(who: Who, view: View, note: &str) -> Command {
    view_given(who, view, note, Given::InPerson)
}

/// A view that reached the manager otherwise.
pub(in super::super) fn view_given(who: Who, view: View, note: &str, given: Given) -> Command {
    let seat = who.seat().unwrap_or_else(|| cases::Seat {
        partner: String::new(),
        body: String::new(),
    });
    Command::Decision(decision::Command::GiveView(ViewGiven {
        seat,
        view,
        note: note.into(),
        given,
        provisional: false,
    }))
}

/// A signature that was given on paper, or otherwise, and is written down by someone else.
pub(in super::super) fn signed_otherwise(
    who: Who,
    view: View,
    note: &str,
    way: &str,
    person: &str,
    on: Date,
) -> Command {
    let seat = who.seat().unwrap_or_else(|| cases::Seat {
        partner: String::new(),
        body: String::new(),
    });
    let given = Given::Otherwise {
        way: way.into(),
        person: person.into(),
        on,
        kept: String::new(),
    };
    Command::Decision(decision::Command::Sign(Signature {
        seat,
        view,
        note: note.into(),
        given,
        authority: None,
        text: String::new(),
        passkey: None,
    }))
}

pub(in super::super) fn otherwise(way: &str, person: &str, on: Date) -> Given {
    Given::Otherwise {
        way: way.into(),
        person: person.into(),
        on,
        kept: String::new(),
    }
}
