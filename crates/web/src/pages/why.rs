//! Why someone sees a case: by which membership, cover or written reason, what they may do there and what not, each with its rule,
//! and who else sees it.

use access::Way;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::Event;
use cases::members::Event as Member;
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
    let at = At::read_whole(who, here, None, "why one sees the case").await?;
    let desk = at.who.desk();
    let acts = desk.acts_in(at.who.actor(), &at.view);
    let (yes, no): (Vec<_>, Vec<_>) = acts.iter().partition(|(_, answer)| answer.is_ok());
    let sees = desk.who_sees(&at.view);
    let body = html! {
        (govuk::back_link(&at.url(""), "Overview"))
        h1.govuk-heading-l { "Why you can see this case" }
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            (because(&at))
            h2.govuk-heading-m { "What you may do here" }
            dl class="govuk-summary-list" { @for (act, rule) in &yes { @if let Ok(rule) = rule {
                div.govuk-summary-list__row { dt.govuk-summary-list__key { (sentence(act.words())) } dd.govuk-summary-list__value { (sentence(rule)) } }
            } } }
            h2.govuk-heading-m { "What you may not do here" }
            @if no.is_empty() { p.govuk-body { "Nothing is kept from you." } }
            @else { (govuk::details(&format!("{} things, each with the rule", no.len()), &html! {
                dl class="govuk-summary-list" { @for (act, rule) in &no { @if let Err(rule) = rule {
                    div.govuk-summary-list__row { dt.govuk-summary-list__key { (sentence(act.words())) } dd.govuk-summary-list__value { (sentence(rule)) } }
                } } }
            })) }
            @if at.reads(access::Section::Course) { h2.govuk-heading-m { "Who else sees it" }
            p.govuk-body { "Nobody sees this case by rank. The administrator of the system sees no case." }
            table class="govuk-table c-cards" {
                thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Who" } th.govuk-table__header scope="col" { "Part in the partnership" } th.govuk-table__header scope="col" { "In this case" } } }
                tbody { @for one in &sees { tr.govuk-table__row {
                    th.govuk-table__header scope="row" { (one.name) @if one.name == at.who.actor().person.name { " (you)" } }
                    td.govuk-table__cell data-label="Part in the partnership" { (sentence(&one.acts_as)) }
                    td.govuk-table__cell data-label="In this case" { (sentence(&one.way)) }
                } } }
            }
            p.govuk-body { "The manager, the deputy and the delegates of the partnership who are not kept from it could open this case with a written reason, to read it for " (hours(&at)) ". Whoever runs the case is told at once." } }
        } }
    };
    Ok(at
        .page("Why you can see this case", "", false, body)?
        .into_response())
}

/// The time an opening lasts, in words.
pub(super) fn hours(at: &At) -> String {
    match at.who.desk().settings().access.open_hours {
        1 => "one hour".into(),
        n => format!("{n} hours"),
    }
}

/// The way by which the reader comes to the case, and since when.
fn because(at: &At) -> Markup {
    let me = &at.who.actor().person.id;
    let added = at.case().story.iter().rev().find_map(|r| match &r.event {
        Event::Members(Member::MemberAdded { person, why, .. }) if person == me => {
            Some((r, why.as_str()))
        }
        Event::Members(Member::HandedOver { to, why, .. }) if to == me => Some((r, why.as_str())),
        _ => None,
    });
    html! {
        @match at.view.standing.way {
            Way::Member(part) => {
                p.govuk-body-l { "You take part in it. Your part: " (part.words()) "." }
                @if let Some((r, why)) = added { p.govuk-body { (r.by.name) " added you on " (parts::when(at, r.at)) @if !why.is_empty() { ", because: " (why) } "." } }
            }
            Way::Covers => p.govuk-body-l { "You cover for the person who runs it, who is away." },
            Way::Opened => { @if let Some(opened) = at.who.desk().own_opening(at.who.actor(), &at.view) {
                p.govuk-body-l { "You opened it with a written reason, and can read it until " (parts::when(at, opened.opening.until)) "." }
                p.govuk-body { "Your reason: " (opened.opening.why) }
            } }
            Way::Stranger | Way::SteppedBack | Way::Barred => p.govuk-body-l { "You do not." },
        }
        @let back = at.case().interests.stepped_back(me);
        @if !back.is_empty() { p.govuk-body { "You stepped back from " (cases::interests::scopes_in_words(&back)) ". " a.govuk-link href=(at.url("interests")) { "What was decided" } } }
    }
}

/// The line at the foot of each page of a case.
pub(crate) fn foot(at: &At) -> Markup {
    html! { @if at.who.path != at.url("why") { p class="govuk-body-s govuk-!-margin-top-6 govuk-!-margin-bottom-0" { a.govuk-link href=(at.url("why")) { "Why can I see this case?" } } } }
}
