//! The child's and the family's part at a glance: who was told, what was explained, where each person's views stand.

use access::Act;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::family::{self, PersonPart, Views};
use maud::{Markup, html};

use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, parts};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(
        who,
        here,
        access::Section::Family,
        "the child and the family",
    )
    .await?;
    let people = family::to_consider(at.case());
    let missing = family::missing(at.case(), at.rules());
    let died: Vec<String> = at
        .case()
        .people
        .children
        .iter()
        .filter(|c| c.died())
        .map(|c| at.called(&c.id))
        .collect();
    let have = if died.len() > 1 { "have" } else { "has" };
    let body = html! {
        h1.govuk-heading-l { "Child and family" }
        p.govuk-body-l { (where_it_stands(&at)) }
        (super::law::said(at.rules(), owed_to_family(&at)))
        @if !died.is_empty() { p.govuk-body { (crate::page::case_form::sentence(&died.join(" and "))) " " (have) " died. What the family wish to be remembered is kept in their own words, with the views of whoever said it." } }
        @if people.is_empty() { p.govuk-body { "No living child and no family member is recorded yet. " a.govuk-link href=(at.url("people")) { "Record the people" } } }
        @for id in &people { (person(&at, id)) }
        (principles(&at))
        @if !missing.is_empty() { h2.govuk-heading-m { "What is still to do" } (parts::missing_list(&at, &missing)) }
    };
    Ok(at
        .page("Child and family", "family", false, body)?
        .into_response())
}

/// What can truthfully be said to a family today: nothing of a review before it is decided.
fn where_it_stands(at: &At) -> &'static str {
    let decision = &at.case().decision;
    match decision.complete().and_then(|round| round.proposal.conduct) {
        Some(_) if decision.current.completed.is_none() => {
            "The decision is being reconsidered. Tell each person so before telling them what was decided."
        }
        Some(true) => "The review will go ahead.",
        Some(false) => "It was decided not to conduct a review.",
        None => {
            "There is no decision yet. Contact with a person now is early contact: it can explain what happens next, and promises nothing about the decision."
        }
    }
}

/// What the rules say of the family at this point, by id.
fn owed_to_family(at: &At) -> &'static [&'static str] {
    let decision = &at.case().decision;
    match decision.complete().and_then(|round| round.proposal.conduct) {
        Some(false) if decision.current.completed.is_some() => &["tell-reasons"],
        Some(_) => &["taking-part-is-a-choice", "agreement-not-required"],
        None => &[],
    }
}

/// A text that ends as a sentence does, so that another can follow it.
pub(super) fn full_stop(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', '\u{201d}']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// Whether a person was told, in words.
pub fn told_words(part: &PersonPart) -> String {
    match (part.told(), &part.appropriate) {
        (Some(c), _) => format!(
            "Told of the decision on {} by {}, {}",
            calendar::words::long(c.on),
            c.by_whom,
            c.how
        ),
        (None, Some(a)) if !a.appropriate => format!(
            "Not told: {}{}",
            full_stop(&a.reasons),
            a.look_again
                .map(|d| format!(" To be looked at again on {}.", calendar::words::long(d)))
                .unwrap_or_default()
        ),
        (None, Some(_)) => "To be told".into(),
        (None, None) => "Not yet decided whether informing is appropriate".into(),
    }
}

/// Where a person's views stand, in words.
pub fn views_words(part: &PersonPart) -> String {
    match &part.views {
        None | Some(Views::NotYetAsked) => "Not yet asked".into(),
        Some(Views::AskedWaiting { on, how }) => format!(
            "Asked on {}: {} Waiting for an answer.",
            calendar::words::long(*on),
            full_stop(how)
        ),
        Some(Views::Given { on, words }) => format!(
            "Given on {}: \u{201c}{words}\u{201d}",
            calendar::words::long(*on)
        ),
        Some(Views::Declined { on, words }) => format!(
            "Declined on {}{}",
            calendar::words::long(*on),
            if words.is_empty() {
                String::new()
            } else {
                format!(": {words}")
            }
        ),
        Some(Views::CouldNotBeReached { on, tried }) => format!(
            "Could not be reached, last tried on {}: {tried}",
            calendar::words::long(*on)
        ),
        Some(Views::NotAsked {
            who,
            on,
            why,
            look_again,
        }) => {
            let (on, again) = (
                calendar::words::long(*on),
                calendar::words::long(*look_again),
            );
            format!(
                "Not asked. Decided by {who} on {on}: {} To be looked at again on {again}.",
                full_stop(why)
            )
        }
    }
}

fn person(at: &At, id: &str) -> Markup {
    let part = at.case().family.people.get(id).cloned().unwrap_or_default();
    html! {
        div.c-next {
            h2.govuk-heading-m { a.govuk-link href=(at.url(&format!("family/{id}"))) { (crate::page::case_form::sentence(&at.called(id))) } }
            p.govuk-body { (told_words(&part)) }
            ul class="govuk-list" {
                @for element in &at.rules().family.explain {
                    li { (element.label) ": " @match part.explained(element.id.as_str()) { Some((day, _)) => { "explained " (calendar::words::short(day)) } None => { "not yet explained" } } }
                }
            }
            p.govuk-body { b { "Views: " } (views_words(&part)) }
            @for (promise, keeper) in part.open_promises() { p.govuk-body { b { "Promise open: " } (promise) @if !keeper.is_empty() { ", kept by " (keeper) } } }
        }
    }
}

fn principles(at: &At) -> Markup {
    let rows: Vec<_> = at
        .rules()
        .family
        .principles
        .iter()
        .map(|p| {
            let words = at
                .case()
                .family
                .principles
                .get(p.id.as_str())
                .cloned()
                .unwrap_or_else(|| "Not yet said".into());
            (
                p.label.clone(),
                html! { (words) },
                at.may(Act::RecordFamily)
                    .then(|| ("Change".to_owned(), at.url("family/principles"))),
            )
        })
        .collect();
    html! { h2.govuk-heading-m { "How the principles are applied for this family" } (govuk::facts(&rows)) (govuk::source_note(&at.rules().family.source, &at.rules().family.standing)) }
}
