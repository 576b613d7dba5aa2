//! Signing in and out. The answer is the same for an unknown address and a wrong password.

use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use desk::DeskError;
use maud::{Markup, html};
use serde::Deserialize;

use super::second_step;
use crate::form::{Form, Problems, Values, is_own_page};
use crate::page::at::Network;
use crate::page::{App, PageError, SignedIn, csrf};
use crate::{govuk, layout};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct To {
    #[serde(default)]
    pub(super) to: String,
}

/// What both steps carry on: where to go, and what was typed in a form that was sent too late.
pub(super) const CARRIED: [&str; 3] = ["to", "kept", "typed-in"];

/// The page for a form that was sent after the session had ended. What was typed in a session that timed out is kept as a draft
/// of the person whose session it was, and stands nowhere on this page. Where that cannot be, the page carries it:
/// it goes to that person alone when it is known in whose session it was typed, else only to someone who may act in the case.
pub async fn again(app: &App, to: &str, typed: &Values, secret: Option<&str>) -> Response {
    let mut values = Values::default();
    values.set("to", local(to));
    let over = match secret {
        Some(secret) => app.desk.over_session(secret).await,
        None => Ok(None),
    };
    // A form that was drawn in another session than the cookie's was typed by nobody knows whom.
    let over = match over {
        Ok(over) => over.filter(|o| csrf::is_ours(&o.csrf, typed.get("csrf"))),
        Err(error) => {
            tracing::warn!(%error, "it could not be found out in whose session a form was typed");
            None
        }
    };
    let mut carried = true;
    if let Some(over) = &over {
        values.set("typed-in", &over.name);
        if over.timed_out && !typed.kept().is_empty() {
            let based_on = typed.get("based-on").parse().ok();
            let kept = app
                .desk
                .keep_for(over, local(to), based_on, &typed.kept())
                .await;
            carried = kept.is_err();
            app.desk.afterwards(kept);
        }
    }
    if carried {
        values.set("kept", &typed.written());
    }
    (
        StatusCode::UNAUTHORIZED,
        draw(app, &values, &Problems::default()),
    )
        .into_response()
}

/// The id of the case a page belongs to.
fn case_of(page: &str) -> Option<&str> {
    page.strip_prefix("/cases/")?
        .split('/')
        .next()
        .filter(|id| !id.is_empty())
}

/// Whether what the sign-in page carried is given to whoever signed in.
async fn is_theirs(app: &App, actor: &desk::Actor, values: &Values) -> Result<bool, PageError> {
    let typed_in = values.get("typed-in");
    if !typed_in.is_empty() {
        let typist = app.desk.person_of_session(typed_in).await?;
        return Ok(typist.as_deref() == Some(actor.person.id.as_str()));
    }
    let page = local(values.get("to"));
    Ok(match case_of(page) {
        Some(id) => app.desk.may_act_in(actor, id).await?,
        None => {
            page == "/open-a-case"
                && access::permit_in_office(&actor.person, access::Act::OpenCase).is_ok()
        }
    })
}

/// Keeps as a draft what the sign-in page carried, when whoever signed in may be given it.
pub(super) async fn keep(app: &App, secret: &str, values: &Values) -> Result<(), PageError> {
    let typed = Values::parse(values.get("kept").as_bytes());
    if typed.kept().is_empty() {
        return Ok(());
    }
    if let Some(session) = app.desk.session(secret).await?
        && is_theirs(app, &session.actor, values).await?
    {
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
pub(super) fn local(to: &str) -> &str {
    if is_own_page(to) { to } else { "/" }
}

/// The page.
pub async fn show(State(app): State<App>, Query(to): Query<To>) -> Response {
    let mut values = Values::default();
    values.set("to", local(&to.to));
    draw(&app, &values, &Problems::default()).into_response()
}

pub(super) fn draw(app: &App, values: &Values, problems: &Problems) -> Markup {
    let form = Form::new(values, problems);
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
                span.govuk-caption-l { (app.desk.settings().name) }
                h1.govuk-heading-l { "Sign in" }
                @if !back.is_empty() && back != "/" {
                    p.govuk-body { "You are signed out, or were for too long without using the page. Everything you typed is saved and will be there when you sign in." }
                }
                (super::passkeys::sign_in_form(app, values, problems))
                (super::sign_on::choices(app, back, problems))
                form method="post" action="/sign-in" novalidate {
                    @for name in CARRIED { @if !values.get(name).is_empty() { input type="hidden" name=(name) value=(values.get(name)); } }
                    (govuk::width_text(&form, "email", "E-mail address", "", "govuk-input--width-20", "email"))
                    div class=(if problems.for_field("password").is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
                        label.govuk-label for="password" { "Password" }
                        @if let Some(message) = problems.for_field("password") { p.govuk-error-message id="password-error" { span.govuk-visually-hidden { "Error: " } (message) } }
                        input class="govuk-input govuk-input--width-20" id="password" name="password" type="password" autocomplete="current-password" aria-describedby=[problems.for_field("password").map(|_| "password-error")];
                    }
                    button.govuk-button type="submit" { "Sign in" }
                }
                p.govuk-body { a.govuk-link href="/forgotten" { "I cannot sign in" } }
                @if app.demo {
                    (govuk::inset(&html! { p.govuk-body { "These are invented cases. The command that started them printed as whom you can sign in." } }))
                }
            } }
        },
    )
}

/// The first step; the answer is the page of the second.
pub async fn sign_in(
    State(app): State<App>,
    Network(network): Network,
    values: Values,
) -> Result<Response, PageError> {
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
            .sign_in(values.get("email"), values.get("password"), &network)
            .await
        {
            Ok(half) => return second_step::begin(&app, &half, &values).await,
            Err(DeskError::NotSignedIn) => {
                problems.add("email", "The e-mail address or the password is not right")
            }
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
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
    let secure = app.secure();
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
