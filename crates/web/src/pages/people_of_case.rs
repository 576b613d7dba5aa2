//! The people of a case: children with their parts and ages tied to a day, adults, how they are related.

use access::Act;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::people::{Child, Life};
use maud::{Markup, html};

use super::relationship::{mark, words};
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, parts};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, access::Section::People, "the people").await?;
    let people = &at.case().people;
    let may = at.may(Act::RecordFacts);
    let body = html! {
        h1.govuk-heading-l { "People" }
        (same(&at))
        h2.govuk-heading-m { "Children" }
        @if people.children.is_empty() { p.govuk-body { "No child is recorded yet. The child this case is about comes first." } }
        @for child in &people.children { (one(&at, child, may)) }
        @if may { p.govuk-body { a.govuk-button href=(at.url("people/child/new")) role="button" draggable="false" { "Add a child" } } }
        h2.govuk-heading-m { "Adults" }
        @if people.adults.is_empty() { p.govuk-body { "No adult is recorded yet." } } @else { (adults(&at, may)) }
        @if may { p.govuk-body { a.govuk-link href=(at.url("people/adult/new")) { "Add an adult" } } }
        h2.govuk-heading-m { "How they are related" }
        (related(&at, may))
        @if may && people.children.len() + people.adults.len() > 1 { p.govuk-body { a.govuk-link href=(at.url("people/relationship")) { "Record how two people are related" } } }
        @for (_, reference) in &people.moved { p.c-quiet { "A child moved to " a.govuk-link href=(format!("/r/{reference}")) { (reference) } "." } }
    };
    Ok(at.page("People", "people", false, body)?.into_response())
}

fn related(at: &At, may: bool) -> Markup {
    let people = &at.case().people;
    html! {
        @if people.relationships.is_empty() { p.govuk-body { @if people.former_relationships.is_empty() { "Nothing is recorded yet." } @else { "Nothing that stands today is recorded." } } }
        @else { ul class="govuk-list govuk-list--bullet" { @for r in &people.relationships {
            li { (words(at, r)) @if may { " " a.govuk-link href=(at.url(&format!("people/relationship/{}/withdraw", mark(r)))) { "Take off" span.govuk-visually-hidden { ": " (words(at, r)) } } } }
        } } }
        @if !people.former_relationships.is_empty() {
            h3.govuk-heading-s { "Earlier, and no longer" }
            ul class="govuk-list govuk-list--bullet" { @for (r, why) in &people.former_relationships { li { (words(at, r)) ". " span.c-quiet { (why) } } } }
        }
    }
}

fn same(at: &At) -> Markup {
    let possible = at
        .who
        .desk()
        .possible_same_children(at.who.actor(), at.case());
    html! { @for one in &possible { div.c-note { @match &one.other {
        Some((id, reference)) => { (at.called(&one.child)) " may be the same child as in " a.govuk-link href=(format!("/cases/{id}")) { (reference) } ": " (one.why) "." }
        None => { (at.called(&one.child)) " may be in another case of this partnership that you are not added to. Ask the deputy or the other manager." }
    } } } }
}

fn one(at: &At, child: &Child, may: bool) -> Markup {
    let unknown = child.not_yet_known();
    let earlier: Vec<&str> = at
        .case()
        .people
        .earlier_pseudonyms
        .iter()
        .filter(|(id, _)| *id == child.id)
        .map(|(_, p)| p.as_str())
        .collect();
    let coded = |c: &Option<cases::people::Coded>| {
        c.as_ref()
            .map_or_else(|| "not yet known".to_owned(), |c| c.words.clone())
    };
    html! {
        div.c-next {
            h3.govuk-heading-s { (at.called(&child.id)) ", " (child.age_words(at.case().incident.facts.happened_on, at.view.today)) }
            ul class="govuk-list" {
                @for part in &child.parts { li { (crate::page::case_form::sentence(part.words())) } }
                @if let Life::Died { on } = child.life { li { "Died" @if let Some(on) = on { " on " (calendar::words::long(on)) } } }
                li { "Sex: " (coded(&child.sex)) ". Care: " (coded(&child.care)) ". Plan: " (coded(&child.plan)) "." }
                li { "Ethnicity: " (coded(&child.ethnicity)) ". Language: " (coded(&child.language)) ". Disability: " @if child.disability.is_empty() { "not yet known" } @else { (child.disability.iter().map(|d| d.words.clone()).collect::<Vec<_>>().join(", ")) } "." }
                @if let Some(on) = child.harmed_on { li { "Harmed on " (calendar::words::long(on)) } }
                @if !unknown.is_empty() { li.c-quiet { "Not yet known: " (unknown.join(", ")) } }
                @if !earlier.is_empty() { li.c-quiet { "Earlier pseudonym: " (earlier.join(", ")) } }
            }
            (parts::paragraphs(&child.about))
            @if may { p.govuk-body { a.govuk-link href=(at.url(&format!("people/child/{}", child.id))) { "Change what is known of " (child.pseudonym) } br; a.govuk-link href=(at.url(&format!("people/child/{}/pseudonym", child.id))) { "Change the pseudonym of " (child.pseudonym) } } }
        }
    }
}

fn adults(at: &At, may: bool) -> Markup {
    let people = &at.case().people;
    html! {
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Who" } th.govuk-table__header scope="col" { "Family" } th.govuk-table__header scope="col" { "Parental responsibility" } th.govuk-table__header scope="col" { "Language and access needs" } th.govuk-table__header scope="col" { "What else matters" } } }
            tbody { @for a in &people.adults { tr.govuk-table__row {
                th.govuk-table__header scope="row" { @if may { a.govuk-link href=(at.url(&format!("people/adult/{}", a.id))) { (at.called(&a.id)) } } @else { (at.called(&a.id)) } }
                td.govuk-table__cell data-label="Family" { @if a.family { "Family member" } @else { "Other" } }
                td.govuk-table__cell data-label="Parental responsibility" { @if a.parental_responsibility.is_empty() { "None recorded" } @else { (a.parental_responsibility.iter().map(|c| at.case().people.called(c)).collect::<Vec<_>>().join(", ")) } }
                td.govuk-table__cell data-label="Needs" { @if a.needs.is_empty() { "None recorded" } @else { (a.needs) } }
                td.govuk-table__cell data-label="What else matters" { @if a.about.is_empty() { "None recorded" } @else { (a.about) } }
            } } }
        }
    }
}
