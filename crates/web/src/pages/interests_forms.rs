//! The forms of conflicts of interest: declaring one's own, declaring for someone else, deciding about one.

use cases::Command;
use cases::interests::{Answer, Command as Asked, Interest, Kind, Outcome, Scope};
use desk::{Acted, DeskError};
use maud::{Markup, html};

use super::interests::outcome_words;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::case_form::sentence;
use crate::page::{At, CaseForm, PageError};

const TITLE: &str = "Conflicts of interest";

fn back(at: &At) -> Markup {
    govuk::back_link(&at.url("interests"), TITLE)
}

fn kinds() -> Vec<Choice> {
    let hint = |kind| match kind {
        Kind::Family => {
            "A relative, a friend, a neighbour, or someone from the same club or congregation"
        }
        Kind::Practice => {
            "You worked with the child or the family, or took a decision in their case"
        }
        Kind::LineManages => "You manage, or managed at the time, someone who did",
        Kind::LeadsAgency => "Not in itself a conflict; say so if you are in doubt",
        Kind::Other => "",
    };
    Kind::ALL
        .map(|k| Choice::hinted(k.id(), sentence(k.words()), hint(k)))
        .to_vec()
}

/// The kind, the words and the time, as both forms that declare ask for them.
fn what(form: &Form<'_>) -> Markup {
    html! {
        (govuk::radios(form, "kind", "What kind of interest is it?", "", &kinds()))
        (govuk::textarea(form, "words", "What is it, in a few words?", "Seen by whoever runs the case and by those who may decide, not by others in the case", 4))
        (govuk::text(form, "since", "Since when?", "Like \u{201c}since 2019\u{201d} or \u{201c}from 2014 to 2016\u{201d}"))
    }
}

fn declared(
    at: &At,
    values: &Values,
    problems: &mut Problems,
    person: &str,
) -> Option<cases::interests::Declared> {
    let kind = Kind::ALL.into_iter().find(|k| k.id() == values.get("kind"));
    if kind.is_none() {
        problems.add("kind", "Choose what kind of interest it is");
    }
    form::required(values, problems, "words", "Enter what the interest is");
    form::required(
        values,
        problems,
        "since",
        "Enter since when, like \u{201c}since 2019\u{201d} or \u{201c}from 2014 to 2016\u{201d}",
    );
    let made =
        at.who
            .desk()
            .interest_of(person, kind?, &values.text("words"), &values.text("since"));
    match made {
        Ok(declared) => problems.is_empty().then_some(declared),
        Err(_) => {
            problems.add("person", "Choose a person");
            None
        }
    }
}

/// Declaring an interest of one's own.
#[derive(Debug)]
pub struct DeclareForm;

impl CaseForm for DeclareForm {
    const PATH: &'static str = "/cases/{case}/interests/declare";
    const PART: &'static str = "declaring an interest";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::DeclareInterest;

    fn title(_: &At) -> String {
        "Declare an interest of your own".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let me = at.who.actor().person.id.clone();
        let declared = declared(at, values, problems, &me)?;
        Some(vec![Command::Interests(Asked::Declare(declared))])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        what(form)
    }

    fn button(_: &At) -> String {
        "Declare this interest".into()
    }

    fn said(_: &At) -> String {
        "Declared. Someone else decides what follows from it.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("interests")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// Declaring an interest for someone else in the case.
#[derive(Debug)]
pub struct DeclareForOtherForm;

impl CaseForm for DeclareForOtherForm {
    const PATH: &'static str = "/cases/{case}/interests/declare-for";
    const PART: &'static str = "declaring an interest for someone else";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::DeclareForOthers;

    fn title(_: &At) -> String {
        "Declare an interest for someone else".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let person = values.text("person");
        if person.is_empty() {
            problems.add("person", "Choose whose interest it is");
        }
        let declared = declared(at, values, problems, &person)?;
        Some(vec![Command::Interests(Asked::DeclareFor(declared))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let members: Vec<Choice> = at
            .case()
            .members
            .list
            .iter()
            .map(|(id, (name, _))| Choice::new(id.clone(), name.clone()))
            .collect();
        html! {
            p.govuk-body { "Where someone told you of an interest, or you know of one. They see that it was declared, in these words." }
            (govuk::select(form, "person", "Whose interest is it?", "Someone who takes part in this case", "Choose", &members))
            (what(form))
        }
    }

    fn button(_: &At) -> String {
        "Declare this interest".into()
    }

    fn said(_: &At) -> String {
        "Declared. Someone who may decide is asked to.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("interests")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// Deciding about an interest.
#[derive(Debug)]
pub struct DecideForm;

/// The interest of the address, unless it is the reader's own.
fn interest(at: &At) -> Result<&Interest, PageError> {
    let found = at.case().interests.find(at.param("interest"));
    let found = found.ok_or(DeskError::NotThere)?;
    if found.declared.person == at.who.actor().person.id {
        return Err(DeskError::Denied(access::Denied::NotYours(
            "nobody decides about an interest of their own",
        ))
        .into());
    }
    Ok(found)
}

impl CaseForm for DecideForm {
    const PATH: &'static str = "/cases/{case}/interests/{interest}/decide";
    const PART: &'static str = "an interest, to decide about it";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::DecideInterest;

    fn title(at: &At) -> String {
        let found = at.case().interests.find(at.param("interest"));
        found.map_or_else(
            || TITLE.into(),
            |i| format!("Decide about the interest of {}", i.declared.name),
        )
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if let Some(held) = interest(at)?.holds() {
            values.set("outcome", held.answer.outcome.id());
            values.set("stated", &held.answer.stated);
            values.set_all("from", held.answer.from.iter().map(|s| s.id().to_owned()));
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let outcome = Outcome::ALL
            .into_iter()
            .find(|o| o.id() == values.get("outcome"));
        if outcome.is_none() {
            problems.add("outcome", "Choose what follows from this interest");
        }
        let from = Scope::ALL
            .into_iter()
            .filter(|s| values.has("from", s.id()))
            .collect();
        Some(vec![Command::Interests(Asked::Decide(Answer {
            interest: at.param("interest").to_owned(),
            outcome: outcome?,
            from,
            stated: values.text("stated"),
            why: values.text("why"),
            on: at.view.today,
        }))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let Some(interest) = at.case().interests.find(at.param("interest")) else {
            return html! {};
        };
        let d = &interest.declared;
        let outcomes = Outcome::ALL.map(|o| Choice::new(o.id(), outcome_words(o)));
        let scopes = Scope::ALL.map(|s| match s {
            Scope::Everything => Choice::hinted(
                s.id(),
                sentence(s.words()),
                "The case is then as if it were not there: on every page, in search, lists, exports and mails",
            ),
            Scope::Decision => Choice::hinted(
                s.id(),
                sentence(s.words()),
                "What is considered, the text, views and signatures; for a safeguarding partner the deputy acts",
            ),
            Scope::Family => Choice::hinted(
                s.id(),
                sentence(s.words()),
                "Recording it, and releasing letters",
            ),
            Scope::Documents => Choice::hinted(
                s.id(),
                sentence(s.words()),
                "Opening, adding and printing them, and exporting the case",
            ),
        });
        html! {
            (govuk::inset(&html! {
                p.govuk-body { b { (d.name) ", " (d.acts_as) } }
                p.govuk-body { (sentence(d.kind.words())) ". " (d.words) " (" (d.since) ")" }
            }))
            (govuk::radios_with(form, "outcome", "What follows from it?", "", &outcomes, |value| match value {
                "takes-part" => govuk::textarea(form, "stated", "How is it stated?", "These words stand in the record of meetings and of the decision: no name of the child or the family", 3),
                "steps-back" => govuk::checkboxes(form, "from", "From which parts?", "", &scopes),
                _ => html! {},
            }))
            (govuk::textarea(form, "why", "Why?", "Seen by whoever declared it, whoever runs the case and those who may decide", 3))
        }
    }

    fn button(_: &At) -> String {
        "Record this decision".into()
    }

    fn said(_: &At) -> String {
        "Recorded. It holds from now on.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("interests")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}
