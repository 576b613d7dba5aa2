//! Opening a case one does not take part in: its reference, the reason, the password again. A reference that does not exist and one
//! that is not theirs to open are answered alike.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::DeskError;
use maud::{Markup, html};

use super::{passkeys, prove};
use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::{App, PageError, SignedIn, answer};

/// The page.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    Ok(draw(&who, &Values::default(), &Problems::default())?.into_response())
}

fn draw(who: &SignedIn, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    access::permit_in_office(&who.actor().person, access::Act::OpenWithReason)
        .map_err(DeskError::from)?;
    let form = Form::new(values, problems);
    let hours = who.desk().settings().access.open_hours;
    let body = html! {
        (govuk::back_link("/", "Cases"))
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            (govuk::error_summary(problems))
            h1.govuk-heading-l { "Open a case with a written reason" }
            p.govuk-body-l { "For an emergency, when you need to read a case you do not take part in and nobody who does can be reached." }
            ul class="govuk-list govuk-list--bullet" {
                li { "You can read the case for " (hours) @if hours == 1 { " hour" } @else { " hours" } ", without names and without its documents. Then it ends by itself." }
                li { "Whoever runs the case is told at once, with your name and your reason." }
                li { "It stays in the record for good, with every page you read, and is reviewed afterwards." }
            }
            form method="post" action="/open-with-reason" novalidate {
                input type="hidden" name="csrf" value=(who.csrf()?);
                (govuk::text(&form, "reference", "The reference of the case", "As it stands on a letter or in a mail, like MER-2026-004"))
                (govuk::textarea(&form, "why", "Why do you need to read it now?", "Who asked, what for, and whom you tried to reach", 4))
                (prove::fields(who, "password", "So that nobody opens a case on a screen you left open", problems))
                button.govuk-button type="submit" data-prevent-double-click="true" { "Open this case" }
            }
        } }
    };
    who.page(
        "Open a case with a written reason",
        !problems.is_empty(),
        body,
    )
}

/// Opens the case, or says what to correct.
pub async fn open(
    State(_): State<App>,
    who: SignedIn,
    mut values: Values,
) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    let ours = who.check(&values).is_ok();
    let refuse = |mut values: Values, status: StatusCode, problems: &Problems| {
        values.set("password", "");
        Ok::<_, PageError>((status, draw(&who, &values, problems)?).into_response())
    };
    // Who may not is told so before a password is looked at.
    draw(&who, &values, &problems)?;
    if !ours {
        problems.add("", answer::SIGNED_IN_AGAIN);
        return refuse(values, StatusCode::FORBIDDEN, &problems);
    }
    if values.text("reference").is_empty() {
        problems.add("reference", "Enter the reference of the case");
    }
    if values.text("why").is_empty() {
        problems.add("why", "Enter why you need to see this case now");
    }
    let desk = who.desk().clone();
    if problems.is_empty() {
        passkeys::again(&who, &values, "password", &mut problems).await?;
    }
    values.set("password", "");
    if !problems.is_empty() {
        return refuse(values, StatusCode::UNPROCESSABLE_ENTITY, &problems);
    }
    let opened = desk
        .open_with_reason(who.actor(), &values.text("reference"), &values.text("why"))
        .await;
    match opened {
        Ok(id) => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
        Err(DeskError::Field { field, message }) => {
            problems.add(&field, &message);
            refuse(values, StatusCode::UNPROCESSABLE_ENTITY, &problems)
        }
        Err(other) => match answer::not_saved(&other) {
            Some((status, words)) => {
                problems.add("", words);
                refuse(values, status, &problems)
            }
            None => Err(other.into()),
        },
    }
}
