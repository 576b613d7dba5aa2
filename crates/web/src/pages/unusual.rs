//! Notices of unusual reading: who read what was unusual, and what somebody else made of it. A notice accuses nobody.

use access::unusual::Noticed;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::DeskError;
use maud::{Markup, html};

use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn};

/// The page.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    Ok(draw(&who, "", &Values::default(), &Problems::default())?.into_response())
}

fn draw(
    who: &SignedIn,
    about: &str,
    values: &Values,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let desk = who.desk();
    let list = desk.unusual_reading(who.actor())?;
    let csrf = who.csrf()?;
    let none = (Values::default(), Problems::default());
    let (waiting, done): (Vec<&Noticed>, Vec<&Noticed>) =
        list.iter().partition(|n| n.looked.is_none());
    let body = html! {
        (govuk::back_link("/people", "People"))
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "Unusual reading" }
        p.govuk-body-l { "Candour notices when someone reads many cases within an hour, several at night, or several with a name in common within a day. There is often a good reason: ask, and write down what came of it." }
        @if waiting.is_empty() { p.govuk-body { "Nothing waits to be looked at." } }
        @for noticed in &waiting {
            @let id = noticed.notice.id.as_str();
            @let form = match about == id { true => Form::new(values, problems), false => Form::new(&none.0, &none.1) };
            div.c-next {
                (said(who, noticed))
                form method="post" action=(format!("/people/unusual/{id}")) novalidate {
                    input type="hidden" name="csrf" value=(csrf);
                    (govuk::text(&form, "words", "What came of it", "Such as: covered for a colleague that night"))
                    button.govuk-button type="submit" { "Record this" }
                }
            }
        }
        @if !done.is_empty() {
            h2.govuk-heading-m { "Looked at" }
            @for noticed in &done { (said(who, noticed)) @if let Some(looked) = &noticed.looked {
                p.govuk-body { (name(who, &looked.by)) ", " (when(who, looked.at)) ": " (looked.words) }
            } }
        }
    };
    who.page("Unusual reading", !problems.is_empty(), body)
}

fn name(who: &SignedIn, id: &str) -> String {
    let office = who.desk().office();
    office
        .people
        .get(id)
        .map_or_else(|| "Someone".into(), |p| p.name.clone())
}

fn when(who: &SignedIn, at: jiff::Timestamp) -> String {
    calendar::words::moment(&who.desk().clock().local(at))
}

/// A notice in words. Which cases they were is said only of those that the reader of this page sees.
fn said(who: &SignedIn, noticed: &Noticed) -> Markup {
    let notice = &noticed.notice;
    let seen: Vec<String> = who
        .desk()
        .cases(who.actor(), "")
        .into_iter()
        .filter(|case| notice.cases.contains(&case.id))
        .map(|case| case.reference)
        .collect();
    html! {
        p.govuk-body { b { (name(who, &notice.person)) } " read " (notice.what.words()) ": " (notice.cases.len()) " cases, " (when(who, notice.at)) "."
            @if !seen.is_empty() { " Of those that you see: " (seen.join(", ")) "." } }
    }
}

/// Records what came of a notice.
pub async fn looked(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let id = here.get("notice").cloned().unwrap_or_default();
    let desk = who.desk();
    let words = values.text("words");
    match desk.looked_at_reading(who.actor(), &id, &words).await {
        Ok(()) => {
            desk.put_notice(&who.session, "Recorded.").await?;
            Ok(Redirect::to("/people/unusual").into_response())
        }
        Err(DeskError::Field { field, message }) => {
            let mut problems = Problems::default();
            problems.add(&field, &message);
            let page = draw(&who, &id, &values, &problems)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// On the first page of those who look after accounts: how many notices wait.
pub(super) fn waiting(who: &SignedIn) -> Markup {
    let list = who.desk().unusual_reading(who.actor()).unwrap_or_default();
    let waiting = list.iter().filter(|n| n.looked.is_none()).count();
    html! {
        @if waiting > 0 { (govuk::inset(&html! { p.govuk-body { a.govuk-link href="/people/unusual" { "Unusual reading was noticed" } @if waiting == 1 { ": once." } @else { ": " (waiting) " times." } " Ask, and write down what came of it." } })) }
    }
}
