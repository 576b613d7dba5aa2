//! The page of a case for whoever answers for an agency: what their agency is asked, what it answered, and nothing else.

use axum::response::{IntoResponse, Response};
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

/// The requests to the agency that a person answers for in this case, newest first; none for anyone else.
pub(super) fn own(at: &At) -> Vec<&Standing> {
    let case = at.case();
    let agency = case.members.agencies.get(&at.who.actor().person.id);
    agency.map_or_else(Vec::new, |agency| {
        case.agencies.requests_to(agency).collect()
    })
}

/// The page.
pub(super) fn home(at: &At) -> Result<Response, PageError> {
    let case = at.case();
    let me = &at.who.actor().person.id;
    let agency = case
        .members
        .agencies
        .get(me)
        .and_then(|id| case.agencies.find(id));
    let name = agency.map_or("your agency", |a| a.name.as_str());
    let requests = own(at);
    let body = html! {
        h1.govuk-heading-l { "What " (name) " is asked" }
        p.govuk-body-l { "You answer for " (name) " in the case " (case.reference()) ". You see what your agency is asked and what it answers. The rest of the case is not shown to you, and your answer is not shown to the other agencies." }
        @if requests.is_empty() { p.govuk-body { "Nothing is asked yet. When it is, it stands here, and you are told by e-mail." } }
        @for request in &requests { (summary(at, request)) }
        h2.govuk-heading-m { "If you cannot answer" }
        p.govuk-body { "If you know the child or the family, lead someone who does, or had a part in what happened, " a.govuk-link href=(at.url("interests/declare")) { "say so first" } ". If your agency holds nothing, say that: it is an answer too." }
    };
    Ok(at
        .page("What your agency is asked", "", false, body)?
        .into_response())
}

/// One request in short.
fn summary(at: &At, request: &Standing) -> Markup {
    let state = request.state(at.view.today);
    let asked = &request.request;
    html! {
        div.c-next {
            h2.govuk-heading-m { a.govuk-link href=(at.url(&format!("agencies/request/{}", asked.id))) { "Asked" @if let Some(on) = asked.on { " on " (calendar::words::long(on)) } } " " (tag(state)) }
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
