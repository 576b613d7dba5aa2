//! The consideration at a glance: the definition for each child, each criterion and circumstance with what was found and by whom.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use guidance::Element;
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
        access::Section::Consideration,
        "the consideration",
    )
    .await?;
    let rules = at.rules().clone();
    let (done, all) = at.case().consideration.progress(&rules);
    let body = html! {
        h1.govuk-heading-l { "Consideration" }
        p.govuk-body-l { (done) " of " (all) " criteria and circumstances considered." }
        @if at.may(access::Act::WriteFinding) { p.govuk-body { a.govuk-link href=(at.url("meeting")) { "Write down a whole meeting\u{2019}s findings on one page" } } }
        (definition(&at))
        (matrix(&at, "Criteria", &rules.criteria))
        (super::law::said(&rules, &["criteria-taken-into-account"]))
        (matrix(&at, "Circumstances", &rules.circumstances))
        (super::law::said(&rules, &["circumstances-had-regard-to"]))
        (matrix(&at, "Also asked", &rules.questions))
    };
    Ok(at
        .page("Consideration", "consideration", false, body)?
        .into_response())
}

fn definition(at: &At) -> Markup {
    let case = at.case();
    html! {
        h2.govuk-heading-m { "The definition" }
        p.govuk-body { "The case: definition " b { (case.definition.case_outcome(case, at.rules()).words()) } "." }
        @if case.people.subjects().next().is_none() { p.govuk-body { "No child who died or was seriously harmed is recorded yet. " a.govuk-link href=(at.url("people")) { "Record the child" } } }
        @else {
            table class="govuk-table c-cards" {
                thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Child" } @for limb in &at.rules().definition.limbs { th.govuk-table__header scope="col" { (limb.element.label) } } th.govuk-table__header scope="col" { "Definition" } } }
                tbody { @for child in case.people.subjects() {
                    tr.govuk-table__row {
                        th.govuk-table__header scope="row" { a.govuk-link href=(at.url(&format!("definition/{}", child.id))) { (at.called(&child.id)) } }
                        @for limb in &at.rules().definition.limbs {
                            td.govuk-table__cell data-label=(limb.element.label) {
                                @match case.definition.test(&child.id, limb.element.id.as_str()) {
                                    Some(t) => { (limb.element.finding(&t.test.finding).map_or(t.test.finding.as_str(), |f| f.label.as_str())) @if let Some(o) = limb.options.iter().find(|o| Some(&o.id) == t.test.option.as_ref()) { ": " (o.label.to_lowercase()) } br; span.c-quiet { (t.test.considered_by.words(|p| parts::partner_name(at, p))) } }
                                    None => (govuk::tag("Not tested", "orange"))
                                }
                            }
                        }
                        td.govuk-table__cell data-label="Definition" { (case.definition.outcome(&child.id, at.rules()).words()) }
                    }
                } }
            }
        }
    }
}

/// A table of elements with what was found.
pub fn matrix(at: &At, title: &str, elements: &[Element]) -> Markup {
    let consideration = &at.case().consideration;
    html! {
        table class="govuk-table c-cards c-matrix" {
            caption class="govuk-table__caption govuk-table__caption--m" { (title) }
            thead { tr.govuk-table__row {
                th.govuk-table__header scope="col" { "What" } th.govuk-table__header scope="col" { "Finding" }
                th class="govuk-table__header govuk-table__header--numeric" scope="col" { "Evidence" } th.govuk-table__header scope="col" { "Considered by" }
            } }
            tbody { @for element in elements {
                @let found = consideration.of(element.id.as_str());
                tr.govuk-table__row {
                    th.govuk-table__header scope="row" { a.govuk-link href=(at.url(&format!("consideration/{}", element.id))) { (element.label) } }
                    td.govuk-table__cell data-label="Finding" { @match consideration.words(element) { Some(words) => { (words) } None => (govuk::tag("Not considered", "orange")) } }
                    td class="govuk-table__cell govuk-table__cell--numeric" data-label="Evidence" { (found.map_or(0, |f| f.finding.evidence.len())) }
                    td.govuk-table__cell data-label="Considered by" { @if let Some(f) = found { (f.finding.considered_by.words(|p| parts::partner_name(at, p))) br; span.c-quiet { "written down by " (f.by.name) } } @else { "Nobody yet" } }
                }
            } }
        }
    }
}
