//! What was erased in the partnership, with the certificates: what is still known of it when the case itself is gone.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use desk::{DeskError, Format};
use maud::{Markup, html};

use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn, answer};

/// The list.
pub async fn list(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let list = who.desk().erasures(who.actor())?;
    let local = |at| calendar::words::moment(&who.desk().clock().local(at));
    let body = html! {
        h1.govuk-heading-l { "What was erased" }
        p.govuk-body { "The certificate says what went, who proposed and approved it, when and under which rule. It holds nothing of what was erased." }
        @if list.is_empty() { p.govuk-body { "Nothing has been erased." } } @else {
            table class="govuk-table c-cards" {
                thead { tr.govuk-table__row { @for head in ["Case", "Erased", "When", "Rule", "Certificate"] { th.govuk-table__header scope="col" { (head) } } } }
                tbody { @for c in &list { tr.govuk-table__row {
                    th.govuk-table__header scope="row" { (c.reference) }
                    td.govuk-table__cell data-label="Erased" { (c.target.words()) }
                    td.govuk-table__cell data-label="When" { (local(c.at)) }
                    td.govuk-table__cell data-label="Rule" { (c.rule.title) }
                    td.govuk-table__cell data-label="Certificate" { (link(&c.id, "pdf", &c.reference)) " " (link(&c.id, "docx", &c.reference)) }
                } } }
            }
        }
    };
    Ok(who.page("What was erased", false, body)?.into_response())
}

fn link(id: &str, format: &str, reference: &str) -> Markup {
    let words = if format == "pdf" { "PDF" } else { "Word" };
    html! { a.govuk-link href=(format!("/erasures/{id}/{format}")) { (words) span.govuk-visually-hidden { ", certificate of an erasure in " (reference) } } }
}

/// One certificate as a paper.
pub async fn certificate(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let part = |name: &str| here.get(name).map_or("", String::as_str);
    let (format, kind) = match part("format") {
        "pdf" => (Format::Pdf, "application/pdf"),
        "docx" => (
            Format::Docx,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        _ => return Err(DeskError::NotThere.into()),
    };
    let made = who
        .desk()
        .certificate(who.actor(), part("erasure"), format)
        .await?;
    Ok(answer::download(made.bytes, kind, &made.name))
}

/// What is still known of a case that was erased, for those who may know it.
pub fn gone(who: &SignedIn, reference: &str) -> Result<Option<Markup>, PageError> {
    let Some(c) = who.desk().erased_reference(who.actor(), reference) else {
        return Ok(None);
    };
    let at = calendar::words::moment(&who.desk().clock().local(c.at));
    let body = html! {
        h1.govuk-heading-l { (c.reference) " was erased" }
        p.govuk-body { "Erased on " (at) ", rule: " (c.rule.title) "." }
        p.govuk-body { (link(&c.id, "pdf", &c.reference)) " or " (link(&c.id, "docx", &c.reference)) ": the certificate" }
    };
    Ok(Some(who.page("An erased case", false, body)?))
}
