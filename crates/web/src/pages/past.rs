//! The case as it stood at the end of a past day, by what was recorded by then.

use access::Section;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use cases::stages;
use desk::DeskError;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk;
use crate::page::at::{Here, Params};
use crate::page::{App, At, PageError, SignedIn};

/// The page: choose a day, then see the case.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    Query(query): Query<Here>,
) -> Result<Response, PageError> {
    let at = At::read(
        who,
        here,
        access::Section::Course,
        "the choice of a past day",
    )
    .await?;
    let mut values = Values::default();
    for (name, value) in &query {
        values.set(name, value);
    }
    let mut problems = Problems::default();
    let asked = form::day(&values, &mut problems, "day");
    if asked.is_none() && problems.is_empty() && query.contains_key("day-day") {
        problems.add("day", "Enter a day, like 27 3 2026");
    }
    if asked.is_some_and(|d| d > at.view.today) {
        problems.add("day", "Enter today or a day in the past");
    }
    let past = match asked.filter(|_| problems.is_empty()) {
        Some(day) => match at
            .who
            .desk()
            .view_past(at.who.actor(), &at.case().id, day)
            .await
        {
            Ok(view) => Some(At { view, ..at.clone() }),
            Err(DeskError::Field { field, message }) => {
                problems.add(&field, &message);
                None
            }
            Err(other) => return Err(other.into()),
        },
        None => None,
    };
    let body = html! {
        (govuk::back_link(&at.url("story"), "The whole story"))
        (govuk::error_summary(&problems))
        h1.govuk-heading-l { "The case as it stood on a past day" }
        form method="get" action=(at.url("past")) novalidate {
            (govuk::date(&Form::new(&values, &problems), "day", "At the end of which day", "What was recorded by then is shown; what has since been hidden stays hidden"))
            button.govuk-button type="submit" { "Show the case on that day" }
        }
        @if let Some(past) = &past { (stood(past)) }
    };
    Ok(at
        .page(
            "The case on a past day",
            "story",
            !problems.is_empty(),
            body,
        )?
        .into_response())
}

fn stood(past: &At) -> Markup {
    let case = past.case();
    let rules = past.rules();
    let clocks = past.who.desk().clocks(&past.view);
    let lines = past.who.desk().story_of(past.who.actor(), &past.view);
    let elements: Vec<_> = rules.considered().chain(rules.questions.iter()).collect();
    html! {
        div.c-note { h2 class="govuk-heading-s govuk-!-margin-bottom-1" { "As recorded by the end of " (calendar::words::long(past.view.today)) } p class="govuk-body govuk-!-margin-bottom-0" { "Seen with today\u{2019}s permissions. Rules then: " (rules.title) } }
        @for gone in case.erasure.entries.values() { (govuk::inset(&html! { p.govuk-body { "Entry " (gone.entry.number) ": content erased on " (crate::page::parts::when(past, gone.on)) ", rule: " (gone.rule) ". What it said is not shown and does not count here." } })) }
        (govuk::facts(&[
            (Section::People, ("About".into(), html! { (case.about(past.view.today)) }, None)),
            (Section::Course, ("Stage".into(), html! { (stages::stage(case, rules)) }, None)),
            (Section::Incident, ("Became aware".into(), html! { @match case.incident.awareness.as_ref().and_then(|a| a.on) { Some(d) => (calendar::words::long(d)), None => "Not yet known" } }, None)),
            (Section::Incident, ("What was known to have happened".into(), html! { @if case.incident.facts.summary.is_empty() { "Not yet known" } @else { (case.incident.facts.summary) } }, None)),
            (Section::Consideration, ("Definition".into(), html! { (case.definition.case_outcome(case, rules).words()) }, None)),
            (Section::Decision, ("Decision".into(), html! { @match case.decision.complete() { Some(r) => { @if r.proposal.conduct == Some(true) { "To conduct a review" } @else { "Not to conduct a review" } ", decided " (r.completed.map(calendar::words::long).unwrap_or_default()) } None => "None yet" } }, None)),
        ].into_iter().filter(|(section, _)| past.reads(*section)).map(|(_, fact)| fact).collect::<Vec<_>>()))
        h2.govuk-heading-m { "Stages then" }
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Stage" } th.govuk-table__header scope="col" { "State" } th.govuk-table__header scope="col" { "What" } } }
            tbody { @for s in stages::stages(case, rules).into_iter().filter(|s| crate::page::places::section(&s.place).is_none_or(|section| past.reads(section))) { tr.govuk-table__row { th.govuk-table__header scope="row" { (s.name) } td.govuk-table__cell data-label="State" { (s.status.words()) } td.govuk-table__cell data-label="What" { (s.hint) } } } }
        }
        @if past.reads(Section::People) { (people_then(past)) }
        @if past.reads(Section::Consideration) { h2.govuk-heading-m { "What had been considered" }
        table class="govuk-table c-cards c-matrix" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "What" } th.govuk-table__header scope="col" { "Finding" } th.govuk-table__header scope="col" { "Reasons" } } }
            tbody { @for e in &elements { tr.govuk-table__row {
                th.govuk-table__header scope="row" { (e.label) }
                td.govuk-table__cell data-label="Finding" { (case.consideration.words(e).unwrap_or_else(|| "Not considered".into())) }
                td.govuk-table__cell data-label="Reasons" { (case.consideration.of(e.id.as_str()).map_or("", |c| c.finding.reasons.as_str())) }
            } } }
        } }
        @if past.reads(Section::Incident) { h2.govuk-heading-m { "Clocks then" }
        ul class="govuk-list govuk-list--bullet" { @for c in clocks.iter() { @let (left, due) = super::overview::clock_words(past, c); li { b { (c.title) } ": " (left) ". " (due) } } } }
        h2.govuk-heading-m { "The story up to then" }
        ol.c-story { @for line in lines.iter().take(40) { li { b { (line.by.name) } " " (line.line.said) time datetime=(line.at.timestamp().to_string()) { (calendar::words::moment(&line.at)) } } } }
        @if lines.len() > 40 { p.govuk-body { "and " (lines.len() - 40) " earlier entries" } }
    }
}

/// The children and adults who were recorded by then, and how they were related.
fn people_then(past: &At) -> Markup {
    let people = &past.case().people;
    let children = people.children.iter().map(|c| {
        let parts: Vec<&str> = c.parts.iter().map(|p| p.words()).collect();
        (c.id.as_str(), parts.join(", "))
    });
    let adults = people.adults.iter().map(|a| (a.id.as_str(), String::new()));
    html! {
        h2.govuk-heading-m { "People then" }
        @if people.children.is_empty() && people.adults.is_empty() { p.govuk-body { "Nobody had been recorded." } }
        @else { ul class="govuk-list govuk-list--bullet" { @for (id, parts) in children.chain(adults) { li { (past.called(id)) @if !parts.is_empty() { ": " (parts) } } } } }
        h3.govuk-heading-s { "How they were related" }
        @if people.relationships.is_empty() { p.govuk-body { "No relationship stood in the record." } }
        @else { ul class="govuk-list govuk-list--bullet" { @for r in &people.relationships { li { (super::relationship::words(past, r)) } } } }
        @if !people.former_relationships.is_empty() {
            p.govuk-body { "Recorded by then as earlier:" }
            ul class="govuk-list govuk-list--bullet" { @for (r, why) in &people.former_relationships { li { (super::relationship::words(past, r)) ". " (why) } } }
        }
    }
}
