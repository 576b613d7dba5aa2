//! Each clock with its arithmetic: what started it, every day counted, every day skipped and why, who owes what to whom.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Clock, ClockState, Command, Refusal, closing};
use desk::DeskError;
use maud::{Markup, html};

use super::overview::clock_words;
use crate::form::{Problems, Values};
use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, access::Section::Incident, "the clocks").await?;
    Ok(draw(&at, &Values::default(), &Problems::default())?.into_response())
}

fn draw(at: &At, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    let clocks = at.who.desk().clocks(&at.view);
    let mut body = html! {
        (govuk::back_link(&at.url(""), "Overview"))
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "Clocks, and how they were worked out" }
    };
    if clocks.is_empty() {
        body = html! { (body) p.govuk-body { (super::law::first_clock(at.rules())) } };
    }
    for clock in clocks.iter() {
        let one = clock_shown(at, clock, values, problems)?;
        body = html! { (body) (one) };
    }
    at.page("Clocks", "", !problems.is_empty(), body)
}

fn clock_shown(
    at: &At,
    clock: &Clock,
    values: &Values,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let (left, due) = clock_words(at, clock);
    let late = matches!(clock.state, ClockState::Late | ClockState::DoneLate);
    let mut rows = vec![
        (
            "Where it stands".to_owned(),
            html! { b { (left) } ". " (due) },
            None,
        ),
        (
            "Started by".to_owned(),
            html! { (crate::page::case_form::sentence(&clock.started_by)) @if let Some(w) = &clock.worked { ": " (calendar::words::long(w.start)) } },
            None,
        ),
    ];
    if !clock.owed_by.is_empty() {
        rows.push(("Owed by".to_owned(), html! { (crate::page::case_form::sentence(&clock.owed_by)) @if !clock.owed_to.is_empty() { ", to " (clock.owed_to.join(", ")) } }, None));
    }
    if !clock.waits_for.is_empty() {
        rows.push((
            "Still to be told".to_owned(),
            html! { (clock.waits_for.join(", ")) "." @if at.may(access::Act::RecordFacts) { " " a.govuk-link href=(at.url("notification/told")) { "Record who was told" } } },
            None,
        ));
    }
    for before in &clock.earlier_starts {
        rows.push(("Corrected".to_owned(), html! { "An earlier start, " (calendar::words::long(*before)) ", was corrected. It stays in the story." }, None));
    }
    if let Some(why) = &clock.late_reason {
        rows.push(("Why it was late".to_owned(), html! { (why) }, None));
    }
    if let Some(advice) = &clock.advice {
        rows.push(("Note".to_owned(), html! { (advice) }, None));
    }
    Ok(html! {
        section id=(clock.id) {
            h2.govuk-heading-m { (clock.title) }
            (govuk::facts(&rows))
            @if let Some(problem) = &clock.problem { p.govuk-body { (crate::page::case_form::sentence(problem)) "." } }
            (arithmetic(clock))
            @if let (Some(source), Some(standing)) = (&clock.source, &clock.standing) { (govuk::source_note(source, standing)) }
            @if late && at.may(access::Act::ManageCase) {
                form method="post" action=(at.url("clocks")) novalidate {
                    input type="hidden" name="csrf" value=(at.who.csrf()?);
                    input type="hidden" name="clock" value=(clock.id);
                    @let name = format!("why-{}", clock.id);
                    @let error = problems.for_field(&name);
                    div class=(if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
                        label.govuk-label for=(name) { "Why is it late?" span.govuk-visually-hidden { " " (clock.title) } }
                        div.govuk-hint id=(format!("{name}-hint")) { "Late stays late; the reason stands beside it" }
                        @if let Some(e) = error { p.govuk-error-message { span.govuk-visually-hidden { "Error: " } (e) } }
                        textarea.govuk-textarea id=(name) name=(name) rows="2" aria-describedby=(format!("{name}-hint")) { "\n" (values.get(&name)) }
                    }
                    button class="govuk-button govuk-button--secondary" type="submit" { "Record the reason" span.govuk-visually-hidden { " for " (clock.title) } }
                }
            }
        }
    })
}

fn arithmetic(clock: &Clock) -> Markup {
    let Some(worked) = &clock.worked else {
        return html! {};
    };
    if worked.counted.is_empty() {
        return html! { @if let Some(due) = worked.due { p.govuk-body { (worked.length.to_string()) " from " (calendar::words::long(worked.start)) " is " (calendar::words::long(due)) "." } } };
    }
    let backwards = worked.due.is_some_and(|d| d < worked.start);
    let mut days: Vec<(calendar::Date, String, bool)> = worked
        .counted
        .iter()
        .enumerate()
        .map(|(n, d)| (*d, format!("day {}", n + 1), false))
        .collect();
    days.extend(
        worked
            .skipped
            .iter()
            .map(|s| (s.date, format!("not counted: {}", s.why.words()), true)),
    );
    days.sort_by_key(|d| d.0);
    if backwards {
        days.reverse();
    }
    let body = html! {
        ol.c-days {
            li { (calendar::words::long(worked.start)) ", " @if backwards { "the day itself, not counted" } @else { "day 0: " (worked.day_zero.words()) } }
            @for (day, words, skipped) in &days { li class=[skipped.then_some("c-days__skipped")] { (calendar::words::long(*day)) ", " (words) } }
            @if backwards { @if let Some(due) = worked.due { li { (calendar::words::long(due)) ", the last day to send it" } } }
        }
    };
    html! { (govuk::details(&format!("Each day: {}, {} not counted", worked.length, worked.skipped.len()), &body)) }
}

/// Records the reason why a clock was late.
pub async fn late(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let at = At::read(who, here, access::Section::Incident, "the clocks").await?;
    let clock = values.text("clock");
    let field = format!("why-{clock}");
    let event = closing::Event::LateExplained {
        clock: clock.clone(),
        why: values.text(&field),
    };
    match at
        .who
        .desk()
        .act(
            at.who.actor(),
            &at.case().id,
            None,
            true,
            vec![Command::Closing(event)],
        )
        .await
    {
        Ok(_) => {
            at.who
                .desk()
                .put_notice(&at.who.session, "The reason stands beside the clock.")
                .await?;
            Ok(Redirect::to(&format!("{}#{clock}", at.url("clocks"))).into_response())
        }
        Err(DeskError::Refused(Refusal::ToCorrect(wrong))) => {
            let mut problems = Problems::default();
            wrong.iter().for_each(|w| problems.add(&field, &w.message));
            Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                draw(&at, &values, &problems)?,
            )
                .into_response())
        }
        Err(other) => Err(other.into()),
    }
}
