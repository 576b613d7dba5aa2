//! One person's part: informing, what was explained, views, what is safe, letters, promises, every contact.

use access::Act;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::family::{self, Contact, ContactKind, PersonPart};
use cases::{Command, Refusal};
use desk::DeskError;
use maud::{Markup, html};

use super::family::{full_stop, told_words, views_words};
use crate::form::{self, Form, Problems, Values};
use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, access::Section::Family, "one person's part").await?;
    let form = Values::default();
    Ok(draw(&at, &Form::new(&form, &Problems::default()))?.into_response())
}

fn draw(at: &At, form: &Form<'_>) -> Result<Markup, PageError> {
    let id = at.param("person").to_owned();
    if !family::to_consider(at.case()).contains(&id) {
        return Err(DeskError::NotThere.into());
    }
    let part = at
        .case()
        .family
        .people
        .get(&id)
        .cloned()
        .unwrap_or_default();
    let may = at.may(Act::RecordFamily);
    let to = |rest: &str, words: &str| {
        may.then(|| (words.to_owned(), at.url(&format!("family/{id}/{rest}"))))
    };
    let mut rows = vec![
        (
            "Is informing appropriate?".to_owned(),
            appropriate(&part),
            to(
                "informing",
                if part.appropriate.is_some() {
                    "Change"
                } else {
                    "Decide"
                },
            ),
        ),
        (
            "Told of the decision".to_owned(),
            html! { (told_words(&part)) },
            to("contact", "Record contact"),
        ),
    ];
    for element in &at.rules().family.explain {
        rows.push((
            element.label.clone(),
            html! { @match part.explained(element.id.as_str()) { Some((day, words)) => { "Explained on " (calendar::words::long(day)) ": " (words) } None => { "Not yet explained" } } },
            to("contact", "Record contact"),
        ));
    }
    rows.push((
        "Views".to_owned(),
        html! { (views_words(&part)) },
        to("views", "Change"),
    ));
    rows.push((
        "What is safe".to_owned(),
        safe(&part),
        to("safe", "Ask and record"),
    ));
    let body = html! {
        (govuk::back_link(&at.url("family"), "Child and family"))
        (govuk::error_summary(form.problems))
        h1.govuk-heading-l { (crate::page::case_form::sentence(&at.called(&id))) }
        (govuk::facts(&rows))
        (promises(at, form, &id, &part, may)?)
        (letters(at, &id, &part))
        (contacts(at, &part))
    };
    at.page(&at.called(&id), "family", !form.problems.is_empty(), body)
}

fn appropriate(part: &PersonPart) -> Markup {
    let Some(a) = &part.appropriate else {
        return html! { "Not yet decided" };
    };
    html! {
        @if a.appropriate { "Yes. " } @else { "Not now. " } (full_stop(&a.reasons))
        @if !a.decided_by.is_empty() { " Decided by " (full_stop(&a.decided_by)) }
        @if let Some(day) = a.look_again { " To be looked at again on " (calendar::words::long(day)) "." }
    }
}

fn safe(part: &PersonPart) -> Markup {
    let words = |text: &str| {
        if text.trim().is_empty() {
            "not asked".to_owned()
        } else {
            text.to_owned()
        }
    };
    html! {
        @match &part.safety {
            None => { "Nothing has been asked yet" }
            Some(s) => { ul.govuk-list {
                li { "Address: " @if s.address.is_empty() { "not asked" } @else { "recorded" } }
                li { "Way: " (words(&s.way)) }
                li { "Parental responsibility: " (words(&s.parental_responsibility)) }
                li { "Suspect or witness: " (words(&s.suspect_or_witness)) }
                li { "Investigating or coroner\u{2019}s officer consulted: " (words(&s.officer_consulted)) }
            } }
        }
    }
}

/// Promises, open and kept; each open one with a small form that asks on which day it was kept.
fn promises(
    at: &At,
    form: &Form<'_>,
    id: &str,
    part: &PersonPart,
    may: bool,
) -> Result<Markup, PageError> {
    let open = part.open_promises();
    let csrf = at.who.csrf()?;
    Ok(html! {
        @if !open.is_empty() || !part.kept.is_empty() {
            h2.govuk-heading-m { "Promises" }
            @for (n, (promise, keeper)) in open.iter().enumerate() {
                div.c-row {
                    p.govuk-body { "\u{201c}" (promise) "\u{201d}" @if !keeper.is_empty() { ", kept by " (keeper) } ": open" }
                    @if may { form method="post" action=(at.url(&format!("family/{id}/promise"))) novalidate {
                        input type="hidden" name="csrf" value=(csrf);
                        input type="hidden" name="promise" value=(promise);
                        input type="hidden" name="which" value=(n);
                        (govuk::date(form, &format!("kept-{n}"), "On which day was it kept?", ""))
                        button class="govuk-button govuk-button--secondary" type="submit" data-prevent-double-click="true" { "Record that it was kept" span.govuk-visually-hidden { ": " (promise) } }
                    } }
                }
            }
            @for (promise, day) in &part.kept { p.govuk-body { "\u{201c}" (promise) "\u{201d}: kept on " (calendar::words::long(*day)) } }
        }
    })
}

fn letters(at: &At, id: &str, part: &PersonPart) -> Markup {
    let warnings = family::warnings(part.safety.as_ref());
    html! {
        h2.govuk-heading-m { "Letters" }
        @for (n, letter) in part.letters.iter().enumerate() {
            p.govuk-body { "Letter of " (calendar::words::long(letter.dated)) ", signed by " (letter.signed_by) ": "
                @if at.may(Act::MakePapers) && at.may(Act::ReleaseLetters) { a.govuk-link href=(at.url(&format!("documents/letter~{id}~{}.pdf", n + 1))) { "PDF" span.govuk-visually-hidden { " of the letter of " (calendar::words::long(letter.dated)) } } " " a.govuk-link href=(at.url(&format!("documents/letter~{id}~{}.docx", n + 1))) { "Word" span.govuk-visually-hidden { " document of the letter of " (calendar::words::long(letter.dated)) } } }
            }
        }
        @if !warnings.is_empty() { div.c-note { p.govuk-body { "Before a letter is given to this person:" } ul class="govuk-list govuk-list--bullet" { @for w in &warnings { li { (w) } } } } }
        @if at.may(Act::ReleaseLetters) {
            @if at.case().people.child(id).is_some_and(|c| c.life == cases::people::Life::NotYetKnown) { p.govuk-body { "It is not yet recorded whether " (at.called(id)) " is living. Until it is, no letter can be written to " (at.called(id)) ". " a.govuk-link href=(at.url(&format!("people/child/{id}"))) { "Record what is known of " (at.called(id)) } } }
            @else if part.safety.is_some() { p.govuk-body { a.govuk-link href=(at.url(&format!("family/{id}/letter"))) { "Write a letter" } } }
            @else { p.govuk-body { "First " a.govuk-link href=(at.url(&format!("family/{id}/safe"))) { "ask what is safe for this person" } "; an answer may be \u{201c}not asked\u{201d}." } }
        }
    }
}

fn contacts(at: &At, part: &PersonPart) -> Markup {
    // Newest first by the day it happened; what was entered late stands where it belongs.
    let mut log: Vec<&Contact> = part.contacts.iter().rev().collect();
    log.sort_by_key(|c| std::cmp::Reverse(c.on));
    html! {
        h2.govuk-heading-m { "Contact log" }
        @if log.is_empty() { p.govuk-body { "No contact is recorded yet." } }
        @else { ol.c-story { @for c in log {
            li {
                p class="govuk-body govuk-!-margin-bottom-1" { b { @match c.kind { ContactKind::Contact => "Contact", ContactKind::ToldOfDecision => "Told of the decision" } } " by " (c.by_whom) ", " (c.how) @if !c.on_behalf.is_empty() { ". On behalf of the " (at.rules().role(&at.rules().family.informer)) ": " (c.on_behalf) } }
                time datetime=(c.on.to_string()) { (calendar::words::long(c.on)) @if !c.time.is_empty() { ", " (c.time) } }
                @if !c.words.is_empty() { p.govuk-body { (c.words) } }
                @for (element, words) in &c.explained { p.govuk-body-s { b { (at.rules().element(&element.as_str().into()).map_or(element.as_str(), |e| e.label.as_str())) ": " } (words) } }
                @if !c.promise.is_empty() { p.govuk-body-s { b { "Promised: " } (c.promise) } }
            }
        } } }
    }
}

/// Records that a promise was kept, on the day it was; one that is no longer open was recorded already and is left alone.
pub async fn kept(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let at = At::read(who, here, access::Section::Family, "one person's part").await?;
    at.permitted(access::Act::RecordFamily)?;
    let mut problems = Problems::default();
    let person = at.param("person").to_owned();
    let back = at.url(&format!("family/{person}"));
    let promise = values.text("promise");
    let open = at.case().family.people.get(&person).is_some_and(|part| {
        part.open_promises()
            .iter()
            .any(|(words, _)| *words == promise)
    });
    if !open {
        return Ok(Redirect::to(&back).into_response());
    }
    let field = format!(
        "kept-{}",
        values.get("which").parse::<usize>().unwrap_or_default()
    );
    let day = form::required_day(
        &values,
        &mut problems,
        &field,
        "Enter the day it was kept, like 27 3 2026",
    );
    if let Some(on) = day {
        let command = Command::Family(family::Command::KeepPromise {
            person,
            promise,
            on,
        });
        match at
            .who
            .desk()
            .act(at.who.actor(), &at.case().id, None, true, vec![command])
            .await
        {
            Ok(_) => {
                at.who
                    .desk()
                    .put_notice(&at.who.session, "Recorded as kept.")
                    .await?;
                return Ok(Redirect::to(&back).into_response());
            }
            Err(DeskError::Refused(Refusal::ToCorrect(wrong))) => {
                wrong.iter().for_each(|w| problems.add(&field, &w.message))
            }
            Err(DeskError::Refused(refusal)) => {
                problems.add("", &crate::page::case_form::sentence(&refusal.to_string()))
            }
            Err(other) => return Err(other.into()),
        }
    }
    let page = draw(&at, &Form::new(&values, &problems))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
