//! Accepting an invitation: who it is for, and a password of one's own; the second step follows at once.
//! Looking changes nothing, and every link that cannot be used is answered with one and the same page.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::{Answered, DeskError, Half, Joining, PASSWORD_HINT};
use maud::{Markup, html};

use super::you::secret;
use super::{passkeys, second_step};
use crate::form::{Problems, Values};
use crate::page::at::{Network, Params};
use crate::page::case_form::sentence;
use crate::page::{App, PageError};
use crate::{govuk, layout};

fn token(here: &crate::page::Here) -> String {
    here.get("token").cloned().unwrap_or_default()
}

/// The page for a link that is unknown, used, withdrawn or over.
fn no_use(app: &App) -> Response {
    let partnership = app.desk.settings().name.clone();
    let body = html! {
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            h1.govuk-heading-l { "This invitation cannot be used" }
            p.govuk-body { "Each invitation works once and for a limited time, and can be withdrawn." }
            p.govuk-body { "If you have chosen your password already, " a.govuk-link href="/sign-in" { "sign in" } "." }
            p.govuk-body { "If not, ask whoever invited you, or the business manager of " (partnership) ", to send you a new one." }
        } }
    };
    let page = layout::bare("This invitation cannot be used", body);
    (StatusCode::NOT_FOUND, page).into_response()
}

/// The page.
pub async fn show(State(app): State<App>, Params(here): Params) -> Result<Response, PageError> {
    match app.desk.joining(&token(&here)).await {
        Ok(joining) => {
            Ok(draw(&app, &token(&here), &joining, &Problems::default()).into_response())
        }
        Err(DeskError::NotThere) => Ok(no_use(&app)),
        Err(other) => Err(other.into()),
    }
}

fn draw(app: &App, token: &str, joining: &Joining, problems: &Problems) -> Markup {
    let partnership = app.desk.settings().name.clone();
    let title = match problems.is_empty() {
        true => "Join Candour",
        false => "Error: Join Candour",
    };
    let until = calendar::words::moment(&app.desk.clock().local(joining.until));
    let part = crate::page::case_form::sentence(&joining.part);
    let mut rows = vec![
        ("Name".into(), html! { (joining.person.name) }, None),
        ("Part".into(), html! { (part) }, None),
    ];
    if let Some(agency) = &joining.agency {
        rows.push(("Agency".into(), html! { (agency) }, None));
    }
    let email = &joining.person.email;
    rows.push(("You sign in with".into(), html! { (email) }, None));
    layout::bare(
        title,
        html! {
            div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
                (govuk::error_summary(problems))
                h1.govuk-heading-l { "Join Candour" }
                p.govuk-body { (joining.by) " invites you to the system of record of " (partnership) "." }
                (govuk::facts(&rows))
                p.govuk-body { "If this is not you, close this page and tell " (joining.by) ". The invitation works until " (until) "." }
                @if app.desk.passkeys_at().is_some() {
                    h2.govuk-heading-m { "With a passkey" }
                    p.govuk-body { "Your computer, your telephone or a security key makes sure that it is you, with a finger, a face or a PIN. You need no password and no code." }
                    noscript { p.govuk-body { "Making a passkey needs scripts, which are off here. Choose a password instead." } }
                    form method="post" action=(format!("/sign-up/{token}/with-passkey")) novalidate {
                        (passkeys::button(&app.desk, &format!("/sign-up/{token}/passkey"), "Make a passkey and join", "", problems))
                    }
                    h2.govuk-heading-m { "With a password" }
                }
                form method="post" action=(format!("/sign-up/{token}")) novalidate {
                    input type="hidden" name="username" value=(joining.person.email) autocomplete="username";
                    (secret(problems, "password", "Choose a password", PASSWORD_HINT, "new-password"))
                    (secret(problems, "password-again", "The same password again", "", "new-password"))
                    p.govuk-body { "Next you set up an app that makes codes, or a passkey." }
                    button.govuk-button type="submit" { "Continue" }
                }
                @if app.desk.has_neighbours() {
                    h2.govuk-heading-m { "Or use an account you have already" }
                    p.govuk-body { "If you sign in at another partnership here with this e-mail address, you need no second password: its password and its codes are asked for at both." }
                    form method="post" action=(format!("/sign-up/{token}/account")) novalidate {
                        input type="hidden" name="username" value=(joining.person.email) autocomplete="username";
                        (secret(problems, "own-password", "The password of that account", "", "current-password"))
                        button class="govuk-button govuk-button--secondary" type="submit" { "Use that account" }
                    }
                }
            } }
        },
    )
}

/// The password that was typed twice.
pub(super) fn chosen<'a>(values: &'a Values, problems: &mut Problems) -> &'a str {
    let password = values.get("password");
    if password.is_empty() {
        problems.add("password", "Choose a password");
    } else if password != values.get("password-again") {
        problems.add(
            "password-again",
            "Enter the same password in both fields: these two differ",
        );
    }
    password
}

/// Accepts the invitation; the answer is the page of the second step.
pub async fn accept(
    State(app): State<App>,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    let token = token(&here);
    let joining = match app.desk.joining(&token).await {
        Ok(joining) => joining,
        Err(DeskError::NotThere) => return Ok(no_use(&app)),
        Err(other) => return Err(other.into()),
    };
    let mut problems = Problems::default();
    let password = chosen(&values, &mut problems);
    if !problems.is_empty() {
        let page = draw(&app, &token, &joining, &problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let done = app.desk.join(&token, password).await;
    joined(&app, &token, &joining, done).await
}

/// What the browser of someone who was invited is asked, to make a passkey.
pub async fn ask_passkey(
    State(app): State<App>,
    Params(here): Params,
) -> Result<Response, PageError> {
    match app.desk.ask_to_join(&token(&here)).await {
        Err(DeskError::NotThere) => Ok(no_use(&app)),
        asked => passkeys::told(asked),
    }
}

/// Accepts the invitation with a passkey alone; the answer is the page with the recovery codes.
pub async fn with_passkey(
    State(app): State<App>,
    Params(here): Params,
    Network(network): Network,
    values: Values,
) -> Result<Response, PageError> {
    let token = token(&here);
    let joining = match app.desk.joining(&token).await {
        Ok(joining) => joining,
        Err(DeskError::NotThere) => return Ok(no_use(&app)),
        Err(other) => return Err(other.into()),
    };
    let answered = Answered {
        ceremony: values.get("ceremony"),
        answer: values.get("passkey"),
    };
    let done = (app.desk).join_with_passkey(&token, answered, &network);
    match done.await {
        Ok((signed, codes)) => {
            second_step::signed_in(&app, &signed, Some(codes), &Values::default()).await
        }
        Err(error) => joined(&app, &token, &joining, Err(error)).await,
    }
}

/// Accepts the invitation with an account of another partnership; the answer is the page of its second step.
pub async fn with_account(
    State(app): State<App>,
    Params(here): Params,
    Network(network): Network,
    values: Values,
) -> Result<Response, PageError> {
    let token = token(&here);
    let joining = match app.desk.joining(&token).await {
        Ok(joining) => joining,
        Err(DeskError::NotThere) => return Ok(no_use(&app)),
        Err(other) => return Err(other.into()),
    };
    let password = values.get("own-password");
    let done = (app.desk)
        .join_with_account(&token, password, &network)
        .await;
    joined(&app, &token, &joining, done).await
}

/// The page of the second step, or the same page with what is to be corrected.
async fn joined(
    app: &App,
    token: &str,
    joining: &Joining,
    done: Result<Half, DeskError>,
) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    match done {
        Ok(half) => return second_step::begin(app, &half, &Values::default()).await,
        Err(DeskError::NotThere) => return Ok(no_use(app)),
        Err(DeskError::Field { field, message }) => problems.add(&field, &message),
        Err(error @ DeskError::TooManyAttempts(_)) => {
            problems.add("own-password", &sentence(&error.to_string()));
        }
        Err(other) => return Err(other.into()),
    }
    let page = draw(app, token, joining, &problems);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
