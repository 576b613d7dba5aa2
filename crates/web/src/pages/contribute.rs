//! The page of a case for whoever answers for an agency: what their agency is asked, what it answered, and nothing else.

use axum::response::{IntoResponse, Response};
use cases::agencies::Agency;
use cases::agencies::asked::{Standing, State};
use maud::{Markup, html};

use crate::govuk;
use crate::page::{At, PageError};

/// The colour of the tag for a state; the words say it too.
pub(super) fn tag(state: State) -> Markup {
    let colour = match state {
        State::Overdue | State::SentBack => "orange",
        State::Waiting => "blue",
        State::Unsigned => "light-blue",
        State::Complete => "green",
        State::Withdrawn => "grey",
    };
    govuk::tag(state.words(), colour)
}

/// The agencies of this case that a person answers for today, by name; none for anyone else.
fn own_agencies(at: &At) -> Vec<&Agency> {
    let (case, desk) = (at.case(), at.who.desk());
    let mut own: Vec<&Agency> = (case.agencies.list.iter())
        .filter(|agency| desk.answers_for(at.who.actor(), case, &agency.id))
        .collect();
    own.sort_by_key(|agency| agency.name.to_lowercase());
    own
}

/// The page.
pub(super) fn home(at: &At) -> Result<Response, PageError> {
    let case = at.case();
    let own = own_agencies(at);
    let names: Vec<&str> = own.iter().map(|agency| agency.name.as_str()).collect();
    let (name, several) = match names.as_slice() {
        [] => ("your agency".to_owned(), false),
        [one] => ((*one).to_owned(), false),
        all => (all.join(" and "), true),
    };
    let asked = |agency: &Agency| {
        html! {
            @let mut requests = case.agencies.requests_to(&agency.id).peekable();
            @if requests.peek().is_none() { p.govuk-body { "Nothing is asked yet. When it is, it stands here, and you are told by e-mail." } }
            @for request in requests { (summary(at, request, several)) }
        }
    };
    let body = html! {
        @if several { h1.govuk-heading-l { "What your agencies are asked" } } @else { h1.govuk-heading-l { "What " (name) " is asked" } }
        p.govuk-body-l { "You answer for " (name) " in the case " (case.reference()) ". You see what " @if several { "each of them is asked and what it answers. Answer for each of them apart." } @else { "your agency is asked and what it answers." } " The rest of the case is not shown to you, and your answer is not shown to the other agencies." }
        @for agency in &own {
            @if several { h2.govuk-heading-m { (agency.name) } }
            (asked(agency))
        }
        h2.govuk-heading-m { "If you cannot answer" }
        p.govuk-body { "If you know the child or the family, lead someone who does, or had a part in what happened, " a.govuk-link href=(at.url("interests/declare")) { "say so first" } ". If your agency holds nothing, say that: it is an answer too." }
    };
    Ok(at
        .page("What your agency is asked", "", false, body)?
        .into_response())
}

/// One request in short; `below` the heading of its agency.
fn summary(at: &At, request: &Standing, below: bool) -> Markup {
    let state = request.state(at.view.today);
    let asked = &request.request;
    let heading = html! {
        a.govuk-link href=(at.url(&format!("agencies/request/{}", asked.id))) { "Asked" @if let Some(on) = asked.on { " on " (calendar::words::long(on)) } } " " (tag(state))
    };
    html! {
        div.c-next {
            @if below { h3.govuk-heading-m { (heading) } } @else { h2.govuk-heading-m { (heading) } }
            @if let Some(due) = asked.due && matches!(state, State::Overdue | State::Waiting | State::SentBack) { p.govuk-body { "The answer is wanted by the end of " b { (calendar::words::long(due)) } ". " (calendar::words::left(at.view.today, due, &at.who.desk().editions().shared_holidays())) } }
            @if !asked.secure.is_empty() { p.govuk-body { b { "Secure at once: " } (asked.secure) } }
            @if let Some(back) = &request.back { p.govuk-body { b { "Sent back: " } (back) } }
            @match state {
                State::Overdue | State::Waiting => p.govuk-body { a.govuk-button href=(at.url(&format!("agencies/request/{}/answer", asked.id))) role="button" draggable="false" { "Answer" } },
                State::SentBack => p.govuk-body { a.govuk-button href=(at.url(&format!("agencies/request/{}/answer", asked.id))) role="button" draggable="false" { "Correct the answer" } },
                State::Unsigned => p.govuk-body { "The answer is in. " @if at.may(access::Act::SignAnswer) { a.govuk-link href=(at.url(&format!("agencies/request/{}/sign", asked.id))) { "Read and sign it" } } @else { "Your agency\u{2019}s lead signs it." } },
                State::Complete | State::Withdrawn => {},
            }
        }
    }
}
