//! Conflicts of interest of a case: what was declared, what was decided about it, and names that match.
//! What an interest is in words is seen by whoever declared it and by those who may decide.

use access::Act;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::interests::{Interest, Outcome, Scope, scopes_in_words};
use maud::{Markup, html};

use crate::govuk;
use crate::page::at::Params;
use crate::page::case_form::sentence;
use crate::page::{App, At, PageError, SignedIn, parts};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, None, "conflicts of interest").await?;
    let me = &at.who.actor().person.id;
    let sees = at.may(Act::SeeInterests);
    let list: Vec<&Interest> = at
        .case()
        .interests
        .list
        .iter()
        .filter(|i| sees || i.declared.person == *me)
        .collect();
    let matches = if sees {
        at.who.desk().names_that_match(&at.view)
    } else {
        Vec::new()
    };
    let body = html! {
        (govuk::back_link(&at.url(""), "Overview"))
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            h1.govuk-heading-l { "Conflicts of interest" }
            p.govuk-body-l { "Leading an agency whose work is looked at is not in itself a conflict. Personal or line-management involvement with the family, or with the work that is looked at, is to be declared." }
            p.govuk-body { "Declaring an interest says nothing against anyone. Someone else decides what follows: no conflict, taking part with the interest stated, or stepping back from some or all of the case." }
            @if at.may(Act::DeclareInterest) || at.may(Act::DeclareForOthers) { div.govuk-button-group {
                @if at.may(Act::DeclareInterest) { a.govuk-button role="button" draggable="false" href=(at.url("interests/declare")) { "Declare an interest of your own" } }
                @if at.may(Act::DeclareForOthers) { a.govuk-link href=(at.url("interests/declare-for")) { "Declare one for someone else" } }
            } }
            h2.govuk-heading-m { @if sees { "Declared in this case" } @else { "What you declared" } }
            @if list.is_empty() { p.govuk-body { "Nothing has been declared." } }
            @for interest in &list { (one(&at, interest)) }
            @if !sees { p.govuk-body { "You see your own. Whoever runs the case and whoever may decide see all." } }
            @if !matches.is_empty() {
                h2.govuk-heading-m { "Names that match" }
                p.govuk-body { "Many people share a name. These are only pointed out, so that someone can ask; nothing follows from them by itself." }
                ul class="govuk-list govuk-list--bullet" { @for m in &matches { li { (m.name) ": " (m.why) "." } } }
            }
        } }
    };
    Ok(at
        .page("Conflicts of interest", "", false, body)?
        .into_response())
}

/// What was decided, in a sentence.
pub(super) fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NoConflict => "It is no conflict",
        Outcome::TakesPart => "They take part, with the interest stated",
        Outcome::StepsBack => "They step back",
    }
}

fn one(at: &At, interest: &Interest) -> Markup {
    let d = &interest.declared;
    let mine = d.person == at.who.actor().person.id;
    html! { div class=(if interest.answers.is_empty() { "c-note" } else { "c-next" }) {
        h3 class="govuk-heading-s govuk-!-margin-bottom-1" { (d.name) ", " (d.acts_as) }
        p.govuk-body { b { (sentence(d.kind.words())) ". " } (d.words) " " span.c-quiet { "(" (d.since) ")" } }
        p.c-quiet { "Declared by " (interest.by.name) ", " (parts::when(at, interest.at)) }
        @for (n, a) in interest.answers.iter().enumerate() {
            p.govuk-body {
                @if n + 1 == interest.answers.len() { b { "Decided: " } } @else { b { "Decided before: " } }
                @match a.answer.outcome {
                    Outcome::NoConflict => { "no conflict." }
                    Outcome::TakesPart => { "takes part, with the interest stated: \u{201c}" (a.answer.stated) "\u{201d}" }
                    Outcome::StepsBack => { "steps back from " (scopes_in_words(&a.answer.from)) "." }
                }
                " " (a.answer.why) br;
                span.c-quiet { (a.by.name) ", " (a.by.part) ", " (parts::when(at, a.at)) }
            }
        }
        @if interest.answers.is_empty() { p.govuk-body { (govuk::tag("To be decided", "orange")) } }
        (deputy(at, interest))
        @if at.may(Act::DecideInterest) && !mine {
            p.govuk-body { a.govuk-link href=(at.url(&format!("interests/{}/decide", d.id))) { @if interest.answers.is_empty() { "Decide" } @else { "Decide again" } span.govuk-visually-hidden { " about the interest of " (d.name) } } }
        }
    } }
}

/// Where a delegate stepped back from the decision: who acts in that place, or that nobody of the case can yet.
fn deputy(at: &At, interest: &Interest) -> Markup {
    let d = &interest.declared;
    let back = interest
        .holds()
        .is_some_and(|a| a.keeps_from(Scope::Decision));
    let (Some(seat), true) = (&d.seat, back) else {
        return html! {};
    };
    let desk = at.who.desk();
    let office = desk.office();
    let holds = |person: &str| {
        let held = office.authorities(person, at.view.today);
        held.iter().any(|a| a.seat == *seat)
    };
    let others: Vec<_> = office
        .people
        .values()
        .filter(|p| !p.left && p.id != d.person && holds(&p.id))
        .collect();
    let members = &at.case().members;
    let can = |id: &str| {
        members.part(id) == Some(cases::members::Part::Decides)
            && !at.case().interests.keeps(id, Scope::Decision)
    };
    let (inside, outside): (Vec<_>, Vec<_>) = others.into_iter().partition(|p| can(&p.id));
    let names = |list: &[&access::Person]| {
        let names: Vec<&str> = list.iter().map(|p| p.name.as_str()).collect();
        names.join(" or ")
    };
    html! {
        @if !inside.is_empty() { p.govuk-body { b { "In that place: " } (names(&inside)) " can give a view and sign for this partner." } }
        @else if !outside.is_empty() { p.govuk-body { b { "In that place: " } (names(&outside)) " holds authority for this partner and does not take part in the decision yet. " @if at.may(Act::ManageMembers) { a.govuk-link href=(at.url("members")) { "Add them to the case" } } } }
        @else { p.govuk-body { b { "Nobody can act in that place yet: " } "nobody else holds recorded authority for this partner." } }
    }
}

/// Above each page of a case: what the reader stepped back from.
pub(super) fn own_step_back(at: &At) -> Markup {
    let back = at.case().interests.stepped_back(&at.who.actor().person.id);
    html! { @if !back.is_empty() { span.c-identity__fact { "You stepped back from " b { (scopes_in_words(&back)) } } } }
}
