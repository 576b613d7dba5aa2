//! For whoever cannot sign in: what to do, a link for a new password by mail, and the page behind such a link.
//! Nothing here tells who has an account, and every link that cannot be used is answered with one and the same page.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::{DeskError, PASSWORD_HINT, Renewing};
use maud::{Markup, html};

use super::second_step;
use super::you::secret;
use crate::form::{Form, Problems, Values};
use crate::page::at::{Network, Params};
use crate::page::case_form::sentence;
use crate::page::{App, PageError};
use crate::{govuk, layout};

fn column(body: &Markup) -> Markup {
    html! { div.govuk-grid-row { div class="govuk-grid-column-two-thirds" { (body) } } }
}

/// What to do when signing in does not work.
pub async fn forgotten(State(app): State<App>) -> Markup {
    draw_forgotten(&app, &Values::default(), &Problems::default())
}

fn draw_forgotten(app: &App, values: &Values, problems: &Problems) -> Markup {
    let title = match problems.is_empty() {
        true => "When you cannot sign in",
        false => "Error: When you cannot sign in",
    };
    let form = Form::new(values, problems);
    let rest = html! {
        h1.govuk-heading-l { "When you cannot sign in" }
        h2.govuk-heading-m { "You have forgotten your password" }
        @if app.desk.sends_new_passwords() {
            p.govuk-body { "You are sent a link with which you choose a new one. You are asked for your code afterwards, as always." }
            form method="post" action="/forgotten" novalidate {
                (govuk::text(&form, "email", "E-mail address", "The one you sign in with"))
                button.govuk-button type="submit" { "Send me a link" }
            }
            @if app.desk.has_neighbours() { p.govuk-body { "If another partnership keeps your password, ask for the link there." } }
        } @else {
            p.govuk-body { "This server sends no mail. Ask the business manager of your partnership for a link." }
        }
        h2.govuk-heading-m { "You have lost your telephone or your passkey" }
        p.govuk-body { "Use one of your recovery codes. If you have none left, ask the business manager, or one of the two people of your partnership who restore accounts: they make sure that it is you, and take the lost step off." }
        h2.govuk-heading-m { "Your account is locked" }
        p.govuk-body { "It was not used for long. The same people unlock it." }
        p.govuk-body { a.govuk-link href="/sign-in" { "Back to signing in" } }
    };
    layout::bare(
        title,
        column(&html! { (govuk::error_summary_of(&form)) (rest) }),
    )
}

/// Asks for a link: the answer is the same for every address.
pub async fn ask(
    State(app): State<App>,
    Network(network): Network,
    values: Values,
) -> Result<Response, PageError> {
    let email = values.text("email");
    let mut problems = Problems::default();
    if !email.contains('@') {
        problems.add("email", "Enter your e-mail address, like name@example.org");
    } else {
        match app.desk.ask_new_password(&email, &network).await {
            Ok(()) => {}
            Err(error @ DeskError::TooManyAttempts(_)) => {
                problems.add("email", &sentence(&error.to_string()));
            }
            Err(other) => return Err(other.into()),
        }
    }
    if !problems.is_empty() {
        let page = draw_forgotten(&app, &values, &problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let body = html! {
        h1.govuk-heading-l { "Look into your mail" }
        p.govuk-body { "If there is an account with this address, a link is on its way. It works once, for an hour." }
        p.govuk-body { "Nothing comes? A link was sent less than an hour ago, the address is another one, the account is locked, or it has no second step yet. The business manager of your partnership can help." }
        p.govuk-body { a.govuk-link href="/sign-in" { "Back to signing in" } }
    };
    Ok(layout::bare("Look into your mail", column(&body)).into_response())
}

/// The page for a link that is unknown, used or over.
fn no_use() -> Response {
    let body = html! {
        h1.govuk-heading-l { "This link cannot be used" }
        p.govuk-body { "Each link works once and for a short time, and a newer one takes its place." }
        p.govuk-body { "If you have chosen your new password already, " a.govuk-link href="/sign-in" { "sign in" } ". If not, " a.govuk-link href="/forgotten" { "ask for another link" } "." }
    };
    let page = layout::bare("This link cannot be used", column(&body));
    (StatusCode::NOT_FOUND, page).into_response()
}

/// The page behind a link.
pub async fn show(State(app): State<App>, Params(here): Params) -> Result<Response, PageError> {
    let token = here.get("token").cloned().unwrap_or_default();
    match app.desk.renewing(&token).await {
        Ok(renewing) => Ok(draw(&app, &token, &renewing, &Problems::default()).into_response()),
        Err(DeskError::NotThere) => Ok(no_use()),
        Err(other) => Err(other.into()),
    }
}

fn draw(app: &App, token: &str, renewing: &Renewing, problems: &Problems) -> Markup {
    let title = match problems.is_empty() {
        true => "Choose a new password",
        false => "Error: Choose a new password",
    };
    let until = calendar::words::moment(&app.desk.clock().local(renewing.until));
    let email = &renewing.person.email;
    let body = html! {
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "Choose a new password" }
        p.govuk-body { "For " (renewing.person.name) ", who signs in with " (email) ". The link works until " (until) "." }
        form method="post" action=(format!("/new-password/{token}")) novalidate {
            input type="hidden" name="username" value=(email) autocomplete="username";
            (secret(problems, "password", "The new password", PASSWORD_HINT, "new-password"))
            (secret(problems, "password-again", "The same password again", "", "new-password"))
            p.govuk-body { "Wherever you are signed in now, you are signed out. Next you are asked for your code." }
            button.govuk-button type="submit" { "Continue" }
        }
    };
    layout::bare(title, column(&body))
}

/// Sets the new password; the answer is the page of the second step.
pub async fn choose(
    State(app): State<App>,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    let token = here.get("token").cloned().unwrap_or_default();
    let renewing = match app.desk.renewing(&token).await {
        Ok(renewing) => renewing,
        Err(DeskError::NotThere) => return Ok(no_use()),
        Err(other) => return Err(other.into()),
    };
    let mut problems = Problems::default();
    let password = super::sign_up::chosen(&values, &mut problems);
    if problems.is_empty() {
        match app.desk.renew_password(&token, password).await {
            Ok(half) => return second_step::begin(&app, &half, &Values::default()).await,
            Err(DeskError::NotThere) => return Ok(no_use()),
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
            Err(other) => return Err(other.into()),
        }
    }
    let page = draw(&app, &token, &renewing, &problems);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
