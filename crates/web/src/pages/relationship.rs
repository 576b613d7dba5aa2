//! Taking a recorded relationship off: a page that says what is taken off, asks why, and does it when its button is pressed.

use cases::Command;
use cases::people::{self, Because, Relationship, Withdrawn};
use desk::{Acted, DeskError};
use maud::{Markup, html};
use sha2::{Digest, Sha256};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError};

/// A relationship taken off.
#[derive(Debug)]
pub struct WithdrawForm;

/// The mark by which an address names a relationship: none of its words stand in an address, which logs and browsers keep.
pub fn mark(relationship: &Relationship) -> String {
    let mut hash = Sha256::new();
    for part in [&relationship.one, &relationship.kind, &relationship.other] {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let all = hash.finalize();
    all.iter().take(10).map(|b| format!("{b:02x}")).collect()
}

/// A relationship in words.
pub fn words(at: &At, r: &Relationship) -> Markup {
    html! { (at.called(&r.one)) ": " (r.kind) ", " (at.called(&r.other)) @if !r.from.is_empty() { ", from " (r.from) } @if !r.until.is_empty() { " until " (r.until) } }
}

fn named(at: &At) -> Option<&Relationship> {
    let list = &at.case().people.relationships;
    list.iter().find(|r| mark(r) == at.param("relationship"))
}

fn word(because: Because) -> &'static str {
    match because {
        Because::InError => "in-error",
        Because::NoLonger => "no-longer",
    }
}

impl CaseForm for WithdrawForm {
    const PATH: &'static str = "/cases/{case}/people/relationship/{relationship}/withdraw";
    const PART: &'static str = "taking a relationship off";
    const TAB: &'static str = "people";
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(_: &At) -> String {
        "Take a relationship off".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        named(at)
            .map(|_| Values::default())
            .ok_or_else(|| DeskError::NotThere.into())
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let Some(relationship) = named(at) else {
            problems.add(
                "",
                "This relationship is not in the record any more: look at the people of the case",
            );
            return None;
        };
        let chosen = form::choice(
            values,
            problems,
            "because",
            &Because::ALL.map(word),
            "Choose whether it was recorded in error or no longer stands",
        );
        let why = form::required(
            values,
            problems,
            "why",
            "Enter why it was recorded in error or no longer stands",
        );
        let withdrawn = Withdrawn {
            one: relationship.one.clone(),
            kind: relationship.kind.clone(),
            other: relationship.other.clone(),
            because: Because::ALL
                .into_iter()
                .find(|b| Some(word(*b)) == chosen)?,
            why: why?,
        };
        Some(vec![Command::People(
            people::Command::WithdrawRelationship(withdrawn),
        )])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            @if let Some(relationship) = named(at) {
                (govuk::inset(&html! { p class="govuk-body govuk-!-margin-bottom-0" { (words(at, relationship)) } }))
                p.govuk-body { "It leaves the list of how people are related. The story, and the case as it stood on an earlier day, keep it." }
            }
            (govuk::radios(form, "because", "What is to be recorded?", "", &[
                Choice::hinted(word(Because::InError), "It was recorded in error", "It never was so"),
                Choice::hinted(word(Because::NoLonger), "It no longer stands", "It was so; it stays on the page as earlier"),
            ]))
            (govuk::textarea(form, "why", "Why?", "How it came to be recorded, or what changed and when", 3))
        }
    }

    fn button(_: &At) -> String {
        "Take this relationship off".into()
    }

    fn said(_: &At) -> String {
        "The relationship is taken off. The story keeps it.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("people")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("people"), "People")
    }
}
