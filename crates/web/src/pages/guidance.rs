//! The guidance as data: the packs, an edition element by element, and what changed between two.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::Editions;
use desk::DeskError;
use guidance::{Element, Rules};
use maud::{Markup, html};

use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn};

/// The packs.
pub async fn list(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let editions = who.desk().editions();
    let today = editions.in_force(who.desk().today())?;
    let packs = editions.library().packs();
    let nationals: Vec<_> = packs
        .iter()
        .filter(|p| p.kind == guidance::PackKind::National)
        .collect();
    let body = html! {
        h1.govuk-heading-l { "Guidance and its editions" }
        p.govuk-body-l { "The law and the guidance are data, not program. Each step takes the edition in force on the day it is taken." }
        p.govuk-body { "In force today: " b { (today.title) } "." }
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Edition" } th.govuk-table__header scope="col" { "Whose" } th.govuk-table__header scope="col" { "In force" } } }
            tbody { @for p in packs { tr.govuk-table__row {
                th.govuk-table__header scope="row" { a.govuk-link href=(format!("/guidance/{}", p.id)) { (p.title) } }
                td.govuk-table__cell data-label="Whose" { (p.kind.words()) }
                td.govuk-table__cell data-label="In force" { (p.in_force.words()) }
            } } }
        }
        h2.govuk-heading-m { "What changed" }
        ul class="govuk-list govuk-list--bullet" { @for pair in nationals.windows(2) { li { a.govuk-link href=(format!("/guidance/{}/compared/{}", pair[0].id, pair[1].id)) { "From " (pair[0].title) " to " (pair[1].title) } } } }
    };
    Ok(who.page("Guidance", false, body)?.into_response())
}

fn rules(who: &SignedIn, id: &str) -> Result<Arc<Rules>, PageError> {
    let editions = who.desk().editions();
    let found = editions.by_id(id).or_else(|| {
        // A pack of the Panel is shown as it combines on its first day.
        let pack = editions
            .library()
            .packs()
            .iter()
            .find(|p| p.id.as_str() == id)?;
        editions.on(pack.in_force.from)
    });
    found.ok_or_else(|| DeskError::NotThere.into())
}

/// One edition.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let rules = rules(&who, here.get("id").map_or("", String::as_str))?;
    let body = html! {
        (govuk::back_link("/guidance", "Guidance"))
        h1.govuk-heading-l { (rules.title) }
        @for pack in &rules.packs { p.c-quiet { (pack.title) ", " (pack.kind.words()) ", " (pack.in_force.words()) } }
        h2.govuk-heading-m { (rules.definition.title) }
        @for limb in &rules.definition.limbs { (element(&limb.element)) }
        h3.govuk-heading-s { "Kinds of harm" }
        ul class="govuk-list govuk-list--bullet" { @for k in &rules.definition.harm_kinds { li { (k.label) span.c-quiet { " (" (k.standing.words()) ")" } } } }
        @for note in &rules.definition.notes { (element(note)) }
        h2.govuk-heading-m { "Criteria" } @for e in &rules.criteria { (element(e)) }
        h2.govuk-heading-m { "Circumstances" } @for e in &rules.circumstances { (element(e)) }
        h2.govuk-heading-m { "Also asked" } @for e in &rules.questions { (element(e)) }
        h2.govuk-heading-m { "Clocks" }
        @for c in &rules.clocks {
            h3.govuk-heading-s { (c.title) }
            p.govuk-body { (crate::page::case_form::sentence(&c.length.to_string())) ", from " (rules.trigger(&c.trigger)) ". " (c.owed_by) " to " (c.owed_to.join(", ")) ". " (crate::page::case_form::sentence(c.day_zero.words())) "." }
            (govuk::source_note(&c.source, &c.standing))
        }
        h2.govuk-heading-m { "Kinds of notification" }
        @for n in &rules.notifications { h3.govuk-heading-s { (n.label) } p.govuk-body { (n.duty) ": to " (n.recipients.join(", ")) @if n.starts_rapid_review { ". Obliges a rapid review." } @else { ". Starts no rapid review." } } (govuk::source_note(&n.source, &n.standing)) }
        h2.govuk-heading-m { "Purposes of the rapid review" } @for e in &rules.rapid_review { (element(e)) }
        h2.govuk-heading-m { "Other routes" } @for r in &rules.routes { h3.govuk-heading-s { (r.label) } p.govuk-body { (r.help) } (govuk::source_note(&r.source, &r.standing)) }
        h2.govuk-heading-m { "Child and family" } @for e in rules.family.explain.iter().chain(&rules.family.principles) { (element(e)) }
        h2.govuk-heading-m { "Owed throughout" } @for e in &rules.duties { (element(e)) }
        @if !rules.asked.is_empty() { h2.govuk-heading-m { "What agencies are asked" } @for e in &rules.asked { (element(e)) } }
        @if !rules.statements.is_empty() { h2.govuk-heading-m { "Said on the pages" } }
        @for s in &rules.statements { p class="govuk-body govuk-!-margin-bottom-1" { (s.text) } (govuk::source_note(&s.source, &s.standing)) }
    };
    Ok(who.page(&rules.title, false, body)?.into_response())
}

fn element(e: &Element) -> Markup {
    html! { h3.govuk-heading-s { (e.label) } p.govuk-body { (e.question) @if !e.help.is_empty() { " " (e.help) } } (govuk::source_note(&e.source, &e.standing)) }
}

/// What changed between two editions.
pub async fn diff(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let (a, b) = (
        rules(&who, here.get("a").map_or("", String::as_str))?,
        rules(&who, here.get("b").map_or("", String::as_str))?,
    );
    let changes = guidance::diff(&a, &b);
    let body = html! {
        (govuk::back_link("/guidance", "Guidance"))
        h1.govuk-heading-l { "What changed" }
        p.govuk-body { "From " (a.title) " to " (b.title) ": " (changes.len()) " changes." }
        div.c-scroll tabindex="0" role="region" aria-label="Changes" {
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Part" } th.govuk-table__header scope="col" { "What" } th.govuk-table__header scope="col" { "Before" } th.govuk-table__header scope="col" { "After" } } }
            tbody { @for c in &changes { tr.govuk-table__row {
                th.govuk-table__header scope="row" { (c.part) ": " (c.id.replace('-', " ")) }
                @match &c.what {
                    guidance::What::Added => { td.govuk-table__cell data-label="What" { "Added" } td.govuk-table__cell {} td.govuk-table__cell {} }
                    guidance::What::Removed => { td.govuk-table__cell data-label="What" { "Removed" } td.govuk-table__cell {} td.govuk-table__cell {} }
                    guidance::What::Changed { field, from, to } => { td.govuk-table__cell data-label="What" { (field) } td.govuk-table__cell data-label="Before" { (from) } td.govuk-table__cell data-label="After" { (to) } }
                }
            } } }
        } }
    };
    Ok(who.page("What changed", false, body)?.into_response())
}
