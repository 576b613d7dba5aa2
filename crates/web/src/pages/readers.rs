//! Who has read a case, which part and when.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;

use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, parts};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, access::Section::Course, "who has read the case").await?;
    let list = at.who.desk().readers(at.who.actor(), &at.case().id).await?;
    let body = html! {
        (govuk::back_link(&at.url("story"), "The whole story"))
        h1.govuk-heading-l { "Who has read this case" }
        p.govuk-body { "One line for each person and part in ten minutes, newest first. It is part of the record and cannot be changed." }
        @if !at.case().break_glass.list.is_empty() { p.govuk-body { a.govuk-link href=(at.url("openings")) { "Who opened the case with a written reason" } } }
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Who" } th.govuk-table__header scope="col" { "What" } th.govuk-table__header scope="col" { "When" } } }
            tbody { @for r in list.iter().take(500) { tr.govuk-table__row {
                th.govuk-table__header scope="row" { (r.name) @if at.case().break_glass.under(&r.person, r.at).is_some() { br; (govuk::tag("With a written reason", "orange")) } }
                td.govuk-table__cell data-label="What" { (r.part) @if r.names { ", with names shown" } }
                td.govuk-table__cell data-label="When" { (parts::when(&at, r.at)) }
            } } }
        }
        @if list.len() > 500 { p.govuk-body { "The newest 500 of " (list.len()) " are shown." } }
    };
    Ok(at
        .page("Who has read this case", "story", false, body)?
        .into_response())
}
