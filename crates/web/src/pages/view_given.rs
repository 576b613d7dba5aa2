//! A partner's view before signing, and a signature given on paper: recorded by someone else, who is named as such.

use cases::decision::{self, Given, Signature, View, ViewGiven};
use cases::{Command, Seat};
use desk::{Acted, DeskError};
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError, parts};

fn seat(at: &At) -> Seat {
    Seat {
        partner: at.param("partner").to_owned(),
        body: at.param("body").to_owned(),
    }
}

fn body_name(at: &At) -> String {
    at.who
        .desk()
        .seats()
        .into_iter()
        .find(|s| s.seat == seat(at))
        .map_or_else(|| at.param("partner").replace('-', " "), |s| s.body)
}

/// The seat must be one of the partnership's.
fn known(at: &At) -> Result<Seat, PageError> {
    let asked = seat(at);
    if at.who.desk().seats().iter().any(|s| s.seat == asked) {
        Ok(asked)
    } else {
        Err(DeskError::NotThere.into())
    }
}

/// True when whoever reads the page may act for the seat themselves.
fn own(at: &At) -> bool {
    at.may(access::Act::SignForPartner)
        && at
            .who
            .desk()
            .office()
            .authorities(&at.who.actor().person.id, at.view.today)
            .iter()
            .any(|a| a.seat == seat(at))
}

fn view_choices(first_person: bool) -> Vec<Choice> {
    if first_person {
        vec![
            Choice::new("agrees", "I agree"),
            Choice::new("agrees-with-note", "I agree, with a note"),
            Choice::new("dissents", "I dissent"),
        ]
    } else {
        vec![
            Choice::new("agrees", "Agrees"),
            Choice::new("agrees-with-note", "Agrees with a note"),
            Choice::new("dissents", "Dissents"),
        ]
    }
}

fn read_view(values: &Values, problems: &mut Problems) -> Option<View> {
    Some(
        match form::choice(
            values,
            problems,
            "view",
            &["agrees", "agrees-with-note", "dissents"],
            "Choose the view",
        )? {
            "agrees" => View::Agrees,
            "agrees-with-note" => View::AgreesWithNote,
            _ => View::Dissents,
        },
    )
}

fn otherwise(form: &Form<'_>) -> Markup {
    html! {
        (govuk::radios(form, "way", "How was it given?", "", &[Choice::new("e-mail", "By e-mail"), Choice::new("telephone", "By telephone"), Choice::new("paper", "On paper"), Choice::new("word of mouth at a meeting", "At a meeting")]))
        (govuk::text(form, "person", "Who gave it", "Name and office"))
        (govuk::date(form, "given-on", "On which day", "The day it was given; today is recorded too"))
    }
}

/// What is asked of a signature on paper, in the words of paper.
fn on_paper(form: &Form<'_>) -> Markup {
    html! {
        (govuk::text(form, "person", "Who signed the paper", "Name and office, as they stand under the signature"))
        (govuk::date(form, "given-on", "On which day was it signed?", "The day beside the signature, like 27 3 2026. The day you enter it is recorded by itself."))
        (govuk::text(form, "kept", "How the original is kept", "Like: the signed paper in the case folder, civic offices; a scan is in the documents of this case"))
    }
}

fn read_given(values: &Values, problems: &mut Problems, paper: bool) -> Option<Given> {
    let who = if paper {
        "Enter who signed the paper, by name and office"
    } else {
        "Enter who gave it, by name and part"
    };
    let on = form::required_day(
        values,
        problems,
        "given-on",
        if paper {
            "Enter the day it was signed, like 27 3 2026"
        } else {
            "Enter the day it was given, like 27 3 2026"
        },
    );
    let way = if paper {
        Some("paper".to_owned())
    } else {
        form::required(values, problems, "way", "Choose how it was given")
    };
    let person = form::required(values, problems, "person", who);
    Some(Given::Otherwise {
        way: way?,
        person: person?,
        on: on?,
        kept: if paper {
            values.text("kept")
        } else {
            String::new()
        },
    })
}

/// A view.
#[derive(Debug)]
pub struct ViewForm;

impl CaseForm for ViewForm {
    const PATH: &'static str = "/cases/{case}/decision/view/{partner}/{body}";
    const PART: &'static str = "a partner's view";
    const TAB: &'static str = "decision";
    const ACT: access::Act = access::Act::ReadCase;

    fn title(at: &At) -> String {
        if own(at) {
            format!("Give your view for {}", body_name(at))
        } else {
            format!("Record the view of {}", body_name(at))
        }
    }

    fn allowed(at: &At) -> Result<(), PageError> {
        known(at)?;
        // Someone who could not send the form is told so before they have filled it in.
        if !own(at) && !at.may(access::Act::RecordForOthers) {
            return Err(DeskError::Denied(access::Denied::NotYours("only whoever holds authority for this partner gives its view; whoever runs the case records one given otherwise")).into());
        }
        Ok(())
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        let seat = known(at)?;
        if let Some((view, _, _)) = at.case().decision.current.views.get(&seat) {
            let word = match view.view {
                View::Agrees => "agrees",
                View::AgreesWithNote => "agrees-with-note",
                View::Dissents => "dissents",
            };
            values.set("view", word);
            values.set("note", &view.note);
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let view = read_view(values, problems);
        let given = if own(at) {
            Some(Given::InPerson)
        } else {
            read_given(values, problems, false)
        };
        let view = ViewGiven {
            seat: seat(at),
            view: view?,
            note: values.text("note"),
            given: given?,
            provisional: false,
        };
        Some(vec![Command::Decision(decision::Command::GiveView(view))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let missing = decision::missing(at.case(), at.rules());
        html! {
            @if !missing.is_empty() { (govuk::inset(&html! { p.govuk-body { "Something is not yet considered, so this view is provisional. It is confirmed or changed at signing." } })) }
            (govuk::radios(form, "view", "View", "", &view_choices(own(at))))
            (govuk::textarea(form, "note", "The note, or the reasons for dissenting", "", 4))
            @if !own(at) { (otherwise(form)) }
        }
    }

    fn button(at: &At) -> String {
        if own(at) {
            "Give this view".into()
        } else {
            "Record this view".into()
        }
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("decision")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("decision"), "Decision")
    }
}

/// A signature given on paper.
#[derive(Debug)]
pub struct PaperSignatureForm;

impl CaseForm for PaperSignatureForm {
    const PATH: &'static str = "/cases/{case}/decision/signed/{partner}/{body}";
    const PART: &'static str = "a signature on paper";
    const TAB: &'static str = "decision";
    const ACT: access::Act = access::Act::RecordForOthers;

    fn title(at: &At) -> String {
        format!("Enter a signature on paper for {}", body_name(at))
    }

    fn start(at: &At) -> Result<Values, PageError> {
        known(at)?;
        Ok(Values::default())
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let view = read_view(values, problems);
        let given = read_given(values, problems, true);
        let signature = Signature {
            seat: seat(at),
            view: view?,
            note: values.text("note"),
            given: given?,
            authority: None,
            text: String::new(),
            passkey: None,
        };
        Some(vec![Command::Decision(decision::Command::Sign(signature))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let missing = decision::missing(at.case(), at.rules());
        html! {
            p.govuk-body { "Use this page when the decision was printed and signed by hand. Whoever runs the case enters it. Everyone then sees who signed and on which day, that it was signed on paper, and that you entered it." }
            p.govuk-body { "First compare the paper with the text below, line by line. This signature counts for the text as it stands now. If the paper says something else, " a.govuk-link href=(at.url(&format!("decision/view/{}/{}", at.param("partner"), at.param("body")))) { "record it as a view given on paper" } " instead." }
            (govuk::details("The text as it stands now", &html! { @for line in decision::text(at.case(), at.rules()).lines() { p class="govuk-body govuk-!-margin-bottom-1" { (line) } } }))
            @if !missing.is_empty() {
                div.c-note { p.govuk-body { "Something was still missing before anyone could sign. What has happened can be entered all the same; the list then stands beside the signature." } (parts::missing_list(at, &missing)) }
            }
            (govuk::radios(form, "view", "What does the paper say?", "", &view_choices(false)))
            (govuk::textarea(form, "note", "The note, or the reasons for dissenting", "In the words on the paper", 3))
            (on_paper(form))
            p.govuk-body { "Keep the paper. A scan or photograph of it can be " a.govuk-link href=(at.url("documents/add")) { "added to the documents of the case" } "." }
        }
    }

    fn button(_: &At) -> String {
        "Enter this signature".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("decision")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("decision"), "Decision")
    }
}
