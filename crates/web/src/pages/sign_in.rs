//! Signing in and out. The answer is the same for an unknown address and a wrong password.

use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use desk::DeskError;
use maud::{Markup, html};
use serde::Deserialize;

use crate::form::{Form, Problems, Values, is_own_page};
use crate::page::{App, PageError, SignedIn};
use crate::{govuk, layout};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct To {
    #[serde(default)]
    to: String,
}

/// The page for a form that was sent after the session had ended: it carries what was typed, and the draft is kept on signing in.
pub fn again(app: &App, to: &str, typed: &Values) -> Response {
    let mut values = Values::default();
    values.set("to", local(to));
    values.set("kept", &typed.written());
    (
        StatusCode::UNAUTHORIZED,
        draw(app, &values, &Problems::default()),
    )
        .into_response()
}

/// Keeps as a draft what the sign-in page carried, for whoever signed in.
async fn keep(app: &App, secret: &str, values: &Values) -> Result<(), PageError> {
    let typed = Values::parse(values.get("kept").as_bytes());
    if typed.kept().is_empty() {
        return Ok(());
    }
    if let Some(session) = app.desk.session(secret).await? {
        app.desk
            .keep_draft(
                &session.actor,
                local(values.get("to")),
                typed.get("based-on").parse().ok(),
                &typed.kept(),
            )
            .await?;
    }
    Ok(())
}

/// Only a path of this site.
fn local(to: &str) -> &str {
    if is_own_page(to) { to } else { "/" }
}

/// The page.
pub async fn show(State(app): State<App>, Query(to): Query<To>) -> Response {
    let mut values = Values::default();
    values.set("to", local(&to.to));
    draw(&app, &values, &Problems::default()).into_response()
}

fn draw(app: &App, values: &Values, problems: &Problems) -> Markup {
    let form = Form { values, problems };
    let title = if problems.is_empty() {
        "Sign in"
    } else {
        "Error: Sign in"
    };
    let back = values.get("to");
    layout::bare(
        title,
        html! {
            div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
                (govuk::error_summary(problems))
                h1.govuk-heading-l { "Sign in" }
                @if !back.is_empty() && back != "/" {
                    p.govuk-body { "You are signed out, or were for too long without using the page. Everything you typed is saved and will be there when you sign in." }
                }
                form method="post" action="/sign-in" novalidate {
                    input type="hidden" name="to" value=(back);
                    @if !values.get("kept").is_empty() { input type="hidden" name="kept" value=(values.get("kept")); }
                    (govuk::width_text(&form, "email", "E-mail address", "", "govuk-input--width-20", "email"))
                    div class=(if problems.for_field("password").is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
                        label.govuk-label for="password" { "Password" }
                        @if let Some(message) = problems.for_field("password") { p.govuk-error-message id="password-error" { span.govuk-visually-hidden { "Error: " } (message) } }
                        input class="govuk-input govuk-input--width-20" id="password" name="password" type="password" autocomplete="current-password" aria-describedby=[problems.for_field("password").map(|_| "password-error")];
                    }
                    button.govuk-button type="submit" { "Sign in" }
                }
                @if app.demo {
                    (govuk::inset(&html! { p.govuk-body { "These are invented cases. The command that started them printed as whom you can sign in." } }))
                }
            } }
        },
    )
}

/// Signs in.
pub async fn sign_in(State(app): State<App>, values: Values) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    if values.text("email").is_empty() {
        problems.add("email", "Enter your e-mail address");
    }
    if values.get("password").is_empty() {
        problems.add("password", "Enter your password");
    }
    if problems.is_empty() {
        match app
            .desk
            .sign_in(values.get("email"), values.get("password"))
            .await
        {
            Ok(signed) => {
                keep(&app, &signed.secret, &values).await?;
                let secure = if app.https { "; Secure" } else { "" };
                let cookie = format!(
                    "{}={}; Path=/; HttpOnly; SameSite=Lax{secure}",
                    app.cookie(),
                    signed.secret
                );
                let cookie = HeaderValue::from_str(&cookie)
                    .map_err(|_| PageError::Wrong("The session could not begin.".into()))?;
                let mut answer = Redirect::to(local(values.get("to"))).into_response();
                answer.headers_mut().insert(header::SET_COOKIE, cookie);
                return Ok(answer);
            }
            Err(DeskError::NotSignedIn) => {
                problems.add("email", "The e-mail address or the password is not right")
            }
            Err(error @ DeskError::TooManyAttempts(_)) => problems.add(
                "email",
                &crate::page::case_form::sentence(&error.to_string()),
            ),
            Err(other) => return Err(other.into()),
        }
    }
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        draw(&app, &values, &problems),
    )
        .into_response())
}

/// Signs out and clears what the browser kept.
pub async fn sign_out(
    State(app): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    app.desk.sign_out(&who.session).await?;
    let mut answer = Redirect::to("/sign-in").into_response();
    let secure = if app.https { "; Secure" } else { "" };
    let cookie = format!(
        "{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}",
        app.cookie()
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(answer)
}
