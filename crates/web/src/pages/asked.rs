//! Asking the agencies: requests to many in one act, one request with its answer, answering, signing, sending back, withdrawing.
//! Whoever answers for an agency reaches the requests to that agency and no other: to them those are not there.

use std::collections::BTreeMap;

use access::{Act, Section};
use axum::extract;
use axum::response::{IntoResponse, Response};
use cases::Command;
use cases::agencies::Command as Agencies;
use cases::agencies::asked::{Answer, Question, Request, Standing, Step};
use desk::{Acted, DeskError};
use maud::{Markup, html};

use super::contribute::tag;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, At, CaseForm, PageError, SignedIn};

/// The request in the address, for whoever may reach it.
fn reach(at: &At) -> Result<&Standing, PageError> {
    let case = at.case();
    let found = case
        .agencies
        .request(at.param("request"))
        .ok_or(DeskError::NotThere)?;
    let own = (at.who.desk()).answers_for(at.who.actor(), case, &found.request.agency);
    if at.reads(Section::Agencies) || own && at.may(Act::Contribute) {
        Ok(found)
    } else {
        Err(DeskError::NotThere.into())
    }
}

fn agency<'a>(at: &'a At, request: &Standing) -> &'a str {
    at.case()
        .agencies
        .find(&request.request.agency)
        .map_or("An agency", |a| a.name.as_str())
}

fn step(step: Step) -> Option<Vec<Command>> {
    Some(vec![Command::Agencies(Agencies::Request(step))])
}

/// What is asked.
fn what_is_asked(at: &At, request: &Request) -> Markup {
    let day = |d: Option<cases::Date>| d.map(calendar::words::long).unwrap_or_default();
    html! {
        (govuk::facts(&[
            ("Asked on".into(), html! { (day(request.on)) }, None),
            ("Wanted by the end of".into(), html! { (day(request.due)) }, None),
            ("Period".into(), html! { @if request.period.is_empty() { "Not limited" } @else { (request.period) } }, None),
            ("To be secured at once".into(), html! { @if request.secure.is_empty() { "Nothing named" } @else { (request.secure) } }, None),
        ]))
        @if !request.what.is_empty() { p.govuk-body { (request.what) } }
        h2.govuk-heading-m { "About whom" }
        p.govuk-body { "Names are given so that records can be found. They do not belong in e-mails or file names." }
        ul class="govuk-list govuk-list--bullet" { @for id in &request.people { li { (named(at.case(), id)) } } }
    }
}

/// A child or adult as an agency has to know them: by name and day of birth.
pub(crate) fn named(case: &cases::Case, id: &str) -> String {
    let people = &case.people;
    if let Some(child) = people.child(id) {
        let name = match child.name.as_str() {
            "" => people.called(id),
            name => name.to_owned(),
        };
        return match child.born() {
            Some(born) => format!("{name}, born {}", calendar::words::long(born)),
            None => format!("{name}, day of birth not yet known"),
        };
    }
    match people.adult(id) {
        Some(adult) if !adult.name.is_empty() => format!("{}, {}", adult.name, adult.label),
        Some(adult) => adult.label.clone(),
        None => "Someone who is no longer in the case".into(),
    }
}

fn answer_shown(request: &Standing) -> Markup {
    let Some(given) = &request.given else {
        return html! { p.govuk-body { "No answer yet." } };
    };
    let answer = &given.answer;
    html! {
        p.govuk-body {
            "Recorded by " (given.by.name)
            @if !answer.given_by.is_empty() { ", as given by " (answer.given_by) }
            @if let Some(came) = answer.came { ", " (calendar::words::long(came)) }
            @if request.late() { ". " b { "Late" } }
            @if request.times > 1 { ". Answer number " (request.times) "; those before stand in the record" } "."
        }
        @if answer.nothing_held { p.govuk-body-l { "Nothing is held on the child or the family." } }
        @for question in &request.request.questions { @if let Some(text) = answer.answers.get(&question.id).filter(|t| !t.trim().is_empty()) {
            h3.govuk-heading-s { (question.words) }
            p class="govuk-body c-typed" { (text) }
        } }
        @if !answer.anything_else.is_empty() { h3.govuk-heading-s { "Besides" } p class="govuk-body c-typed" { (answer.anything_else) } }
        @match &request.signed {
            Some((on, who)) => p.govuk-body { b { "Signed by " (who) } @if let Some(on) = on { ", " (calendar::words::long(*on)) } "." },
            None if !answer.nothing_held => p.govuk-body { "Not signed by the agency\u{2019}s lead. It can be used, marked as unsigned." },
            None => {},
        }
    }
}

/// One request.
pub async fn show(
    extract::State(_): extract::State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, None, "a request to an agency").await?;
    let request = reach(&at)?;
    let id = &request.request.id;
    let name = agency(&at, request).to_owned();
    let may_answer = at.may(Act::Contribute) && request.withdrawn.is_none();
    let runs = at.may(Act::RecordFacts) && request.withdrawn.is_none();
    let link = |rest: &str| at.url(&format!("agencies/request/{id}/{rest}"));
    let body = html! {
        @if at.reads(Section::Agencies) { (govuk::back_link(&at.url("agencies"), "Agencies")) } @else { (govuk::back_link(&at.url(""), "What your agency is asked")) }
        h1.govuk-heading-l { "What " (name) " is asked" }
        p.govuk-body { (tag(request.state(at.view.today))) }
        @if let Some(why) = &request.withdrawn { (govuk::inset(&html! { p.govuk-body { "Withdrawn: " (why) } })) }
        @if let Some(back) = &request.back { (govuk::inset(&html! { p.govuk-body { b { "Sent back: " } (back) } })) }
        (what_is_asked(&at, &request.request))
        h2.govuk-heading-m { "The questions" }
        ol class="govuk-list govuk-list--number" { @for question in &request.request.questions { li { (question.words) } } }
        h2.govuk-heading-m { "The answer" }
        (answer_shown(request))
        div.govuk-button-group {
            @if may_answer { a.govuk-button href=(link("answer")) role="button" draggable="false" { @if request.given.is_some() { "Change the answer" } @else if at.reads(Section::Agencies) { "Record an answer that came another way" } @else { "Answer" } } }
            @if at.may(Act::SignAnswer) && request.given.is_some() && request.signed.is_none() && request.back.is_none() && request.withdrawn.is_none() { a class="govuk-button govuk-button--secondary" href=(link("sign")) role="button" draggable="false" { "Sign the answer" } }
            @if runs && request.given.is_some() && request.back.is_none() { a.govuk-link href=(link("back")) { "Send it back" } }
            @if runs { a.govuk-link href=(link("withdraw")) { "Withdraw the request" } }
        }
    };
    Ok(at
        .page("A request to an agency", "agencies", false, body)?
        .into_response())
}

/// Asking several agencies at once.
#[derive(Debug)]
pub struct AskForm;

impl CaseForm for AskForm {
    const PATH: &'static str = "/cases/{case}/agencies/ask";
    const PART: &'static str = "asking the agencies";
    const TAB: &'static str = "agencies";
    const ACT: Act = Act::RecordFacts;

    fn title(_: &At) -> String {
        "Ask agencies for information".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        values.set_all(
            "questions",
            at.rules().asked.iter().map(|q| q.id.to_string()),
        );
        let case = at.case();
        values.set_all("about-whom", case.people.subjects().map(|c| c.id.clone()));
        let unasked = case.agencies.list.iter().filter(|a| {
            let requests = &case.agencies.requests;
            !requests
                .iter()
                .any(|r| r.request.agency == a.id && r.withdrawn.is_none())
        });
        values.set_all("agencies", unasked.map(|a| a.id.clone()));
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let due = form::required_day(
            values,
            problems,
            "due",
            "Enter the day by which the answers are wanted",
        );
        let chosen = values.all("agencies");
        if chosen.is_empty() {
            problems.add("agencies", "Choose at least one agency");
        }
        let questions: Vec<Question> = at
            .rules()
            .asked
            .iter()
            .filter(|q| values.has("questions", q.id.as_str()))
            .map(|q| Question {
                id: q.id.to_string(),
                words: q.question.clone(),
            })
            .collect();
        let due = due.filter(|_| problems.is_empty())?;
        let ask = |agency: &str| {
            Command::Agencies(Agencies::Request(Step::Asked(Request {
                id: String::new(),
                agency: agency.to_owned(),
                on: None,
                due: Some(due),
                people: (values.all("about-whom").into_iter())
                    .map(str::to_owned)
                    .collect(),
                period: values.text("period"),
                what: values.text("asked-what"),
                secure: values.text("secure"),
                questions: questions.clone(),
            })))
        };
        Some(chosen.into_iter().map(ask).collect())
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let agencies: Vec<Choice> = at
            .case()
            .agencies
            .list
            .iter()
            .map(|a| Choice::hinted(a.id.clone(), a.name.clone(), a.kind.clone()))
            .collect();
        let questions: Vec<Choice> = at
            .rules()
            .asked
            .iter()
            .map(|q| Choice::hinted(q.id.to_string(), q.question.clone(), q.help.clone()))
            .collect();
        let people = &at.case().people;
        let children = people
            .children
            .iter()
            .map(|c| (&c.id, people.called(&c.id)));
        let adults = people.adults.iter().map(|a| (&a.id, a.label.clone()));
        let whom: Vec<Choice> = children
            .chain(adults)
            .map(|(id, called)| Choice::hinted(id.clone(), called, named(at.case(), id)))
            .collect();
        html! {
            @if agencies.is_empty() { (govuk::inset(&html! { p.govuk-body { "No agency is recorded in this case yet. " a.govuk-link href=(at.url("agencies/agency/new")) { "Add an agency" } } })) }
            @else { (govuk::checkboxes(form, "agencies", "Which agencies are asked?", "Each gets a request of its own and sees no other. Those that were never asked are chosen already.", &agencies)) }
            (govuk::checkboxes(form, "about-whom", "About whom are they asked?", "Their names and days of birth are shown to the people of these agencies, who cannot find records without them. They see no other name.", &whom))
            (govuk::date(form, "due", "By when is the answer wanted?", "Early enough to read it before the meeting"))
            (govuk::text(form, "period", "The period to look at", "Like from the birth of the child until the day of the incident"))
            @if !questions.is_empty() { (govuk::checkboxes(form, "questions", "What is asked?", "", &questions)) }
            (govuk::textarea(form, "asked-what", "Anything else that is asked", "", 3))
            (govuk::textarea(form, "secure", "What is to be secured at once?", "Records, recordings, rotas, notebooks", 2))
        }
    }

    fn button(_: &At) -> String {
        "Ask them".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("agencies")
    }

    fn said(_: &At) -> String {
        "The agencies are asked. Those with an account see it at once.".into()
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("agencies"), "Agencies")
    }
}

fn request_url(at: &At) -> String {
    at.url(&format!("agencies/request/{}", at.param("request")))
}

/// Answering for an agency.
#[derive(Debug)]
pub struct AnswerForm;

impl CaseForm for AnswerForm {
    const PATH: &'static str = "/cases/{case}/agencies/request/{request}/answer";
    const PART: &'static str = "the answer of an agency";
    const TAB: &'static str = "";
    const ACT: Act = Act::Contribute;

    fn reach(at: &At) -> Result<(), PageError> {
        reach(at).map(|_| ())
    }

    fn title(at: &At) -> String {
        reach(at).map_or_else(
            |_| "Answer".into(),
            |request| format!("Answer for {}", agency(at, request)),
        )
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let request = reach(at)?;
        let mut values = Values::default();
        if let Some(given) = &request.given {
            let answer = &given.answer;
            for (id, text) in &answer.answers {
                values.set(&format!("answer-{id}"), text);
            }
            values.set("nothing-held", if answer.nothing_held { "yes" } else { "" });
            values.set("anything-else", &answer.anything_else);
            values.set("given-by", &answer.given_by);
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let request = reach(at).ok()?;
        let came = match at.reads(Section::Agencies) {
            true => form::day(values, problems, "came"),
            false => None,
        };
        let answers: BTreeMap<String, String> = request
            .request
            .questions
            .iter()
            .map(|q| (q.id.clone(), values.text(&format!("answer-{}", q.id))))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let answer = Answer {
            request: request.request.id.clone(),
            nothing_held: values.has("nothing-held", "yes"),
            answers,
            anything_else: values.text("anything-else"),
            given_by: values.text("given-by"),
            came,
        };
        problems.is_empty().then(|| step(Step::Answered(answer)))?
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let Ok(request) = reach(at) else {
            return html! {};
        };
        let for_them = at.reads(Section::Agencies);
        html! {
            @if let Some(back) = &request.back { (govuk::inset(&html! { p.govuk-body { b { "Sent back: " } (back) } })) }
            (what_is_asked(at, &request.request))
            p.govuk-body { "You need not do it in one go: what you type is kept as a draft for you. Leave a question empty if there is nothing to say." }
            (govuk::checkboxes(form, "nothing-held", "Does the agency hold anything?", "", &[Choice::new("yes", "Nothing is held on the child or the family")]))
            @for question in &request.request.questions {
                @let help = at.rules().asked.iter().find(|q| q.id.as_str() == question.id).map_or("", |q| q.help.as_str());
                (govuk::textarea(form, &format!("answer-{}", question.id), &question.words, help, 5))
            }
            (govuk::textarea(form, "anything-else", "Anything else", "", 3))
            @if for_them {
                (govuk::text(form, "given-by", "Who gave this answer", "Name and part, when you write it down for the agency"))
                (govuk::date(form, "came", "When it came", "Leave it empty for today"))
            }
        }
    }

    fn button(_: &At) -> String {
        "Send this answer".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        request_url(at)
    }

    fn said(_: &At) -> String {
        "The answer is recorded. It can be changed until it is no longer needed; every version stays in the record.".into()
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&request_url(at), "The request")
    }
}

/// Signing the answer of an agency.
#[derive(Debug)]
pub struct SignForm;

impl CaseForm for SignForm {
    const PATH: &'static str = "/cases/{case}/agencies/request/{request}/sign";
    const PART: &'static str = "the answer of an agency, to sign it";
    const TAB: &'static str = "";
    const ACT: Act = Act::SignAnswer;

    fn reach(at: &At) -> Result<(), PageError> {
        reach(at).map(|_| ())
    }

    fn title(at: &At) -> String {
        reach(at).map_or_else(
            |_| "Sign the answer".into(),
            |request| format!("Sign the answer of {}", agency(at, request)),
        )
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let for_them = at.reads(Section::Agencies);
        let told_by = values.text("told-by");
        if for_them && told_by.is_empty() {
            problems.add(
                "told-by",
                "Enter who of the agency said that they stand for the answer",
            );
        }
        if !for_them && !values.has("stand", "yes") {
            problems.add("stand", "Say that your agency stands for this answer");
        }
        problems.is_empty().then(|| {
            step(Step::Signed {
                request: at.param("request").to_owned(),
                told_by,
                on: None,
            })
        })?
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let Ok(request) = reach(at) else {
            return html! {};
        };
        html! {
            (answer_shown(request))
            @if at.reads(Section::Agencies) { (govuk::text(form, "told-by", "Who of the agency said that they stand for it", "Name and part, and how they said it")) }
            @else { (govuk::checkboxes(form, "stand", "Your agency\u{2019}s answer", "", &[Choice::new("yes", "I have read this answer, and my agency stands for it")])) }
        }
    }

    fn button(_: &At) -> String {
        "Sign this answer".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        request_url(at)
    }

    fn said(_: &At) -> String {
        "The answer is signed.".into()
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&request_url(at), "The request")
    }
}

/// Sending an answer back.
#[derive(Debug)]
pub struct BackForm;

impl CaseForm for BackForm {
    const PATH: &'static str = "/cases/{case}/agencies/request/{request}/back";
    const PART: &'static str = "the answer of an agency, to send it back";
    const TAB: &'static str = "agencies";
    const ACT: Act = Act::RecordFacts;

    fn reach(at: &At) -> Result<(), PageError> {
        reach(at).map(|_| ())
    }

    fn title(_: &At) -> String {
        "Send the answer back".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        step(Step::SentBack {
            request: at.param("request").to_owned(),
            note: values.text("note"),
        })
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            @if let Ok(request) = reach(at) { p.govuk-body { "The answer of " (agency(at, request)) " stays in the record. They see this note and answer again." } }
            (govuk::textarea(form, "note", "What is to be corrected or completed?", "", 4))
        }
    }

    fn button(_: &At) -> String {
        "Send it back".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        request_url(at)
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&request_url(at), "The request")
    }
}

/// Withdrawing a request.
#[derive(Debug)]
pub struct WithdrawForm;

impl CaseForm for WithdrawForm {
    const PATH: &'static str = "/cases/{case}/agencies/request/{request}/withdraw";
    const PART: &'static str = "a request to an agency, to withdraw it";
    const TAB: &'static str = "agencies";
    const ACT: Act = Act::RecordFacts;

    fn reach(at: &At) -> Result<(), PageError> {
        reach(at).map(|_| ())
    }

    fn title(_: &At) -> String {
        "Withdraw the request".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        step(Step::Withdrawn {
            request: at.param("request").to_owned(),
            why: values.text("why"),
        })
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        govuk::text(form, "why", "Why it is withdrawn", "The agency sees it")
    }

    fn button(_: &At) -> String {
        "Withdraw it".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("agencies")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&request_url(at), "The request")
    }
}
