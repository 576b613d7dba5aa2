//! The second step of signing in: setting it up the first time, and the code each time after.
//! What the page for the password carried, of a form that was sent too late, this page carries on.

use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use desk::{DeskError, SetUp, SignIn};
use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

use super::passkeys;
use super::sign_in::{CARRIED, To, keep, local};
use crate::form::{Problems, Values};
use crate::page::at::{Network, Step};
use crate::page::{App, PageError};
use crate::{govuk, layout};

/// The page of the second step, for someone whose first is done.
pub(super) async fn begin(
    app: &App,
    half: &desk::Half,
    values: &Values,
) -> Result<Response, PageError> {
    let mut answer = draw(app, &half.secret, values, &Problems::default()).await?;
    let (name, most) = (app.step_cookie(), "; Max-Age=600");
    set_cookie(app, &mut answer, name, &half.secret, most)?;
    Ok(answer)
}

/// Adds the cookie that opens the second step, for as long as the code is waited for.
pub(super) fn set_cookie(
    app: &App,
    answer: &mut Response,
    name: &str,
    value: &str,
    more: &str,
) -> Result<(), PageError> {
    let secure = app.secure();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{more}{secure}");
    let cookie = HeaderValue::from_str(&cookie)
        .map_err(|_| PageError::Wrong("The session could not begin.".into()))?;
    answer.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

/// Begins again with the password.
fn again(values: &Values) -> Response {
    let to = local(values.get("to"));
    Redirect::to(&format!("/sign-in?to={}", crate::form::percent(to))).into_response()
}

/// The page, when it is opened again.
pub async fn show(
    State(app): State<App>,
    Step(secret): Step,
    Query(to): Query<To>,
) -> Result<Response, PageError> {
    let mut values = Values::default();
    values.set("to", local(&to.to));
    draw(&app, &secret, &values, &Problems::default()).await
}

/// The page that is right for this account.
pub(super) async fn draw(
    app: &App,
    secret: &str,
    values: &Values,
    problems: &Problems,
) -> Result<Response, PageError> {
    let to_set_up = match app.desk.to_set_up(secret).await {
        Ok(to_set_up) => to_set_up,
        Err(DeskError::NotSignedIn) => return Ok(again(values)),
        Err(other) => return Err(other.into()),
    };
    let shown = match app.demo {
        true => Some(app.desk.code_of_an_invented_person(secret).await?),
        false => None,
    };
    let page = match to_set_up {
        Some(set_up) => first_time(app, &set_up, values, problems, shown)?,
        None => {
            let passkey = app.desk.step_has_passkey(secret).await?;
            let shown = shown.filter(|code| code.is_some() || !passkey);
            each_time(app, values, problems, shown, passkey)
        }
    };
    let status = match problems.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, page).into_response())
}

/// What is the same on both pages: the field, what is carried on, and for invented people the code.
fn field(
    values: &Values,
    problems: &Problems,
    hint: &str,
    shown: Option<Option<String>>,
) -> Markup {
    let error = problems.for_field("code");
    html! {
        form method="post" action="/sign-in/code" novalidate {
            @for name in CARRIED { @if !values.get(name).is_empty() { input type="hidden" name=(name) value=(values.get(name)); } }
            div class=(if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
                label.govuk-label for="code" { "Code" }
                div.govuk-hint id="code-hint" { (hint) }
                @if let Some(message) = error { p.govuk-error-message id="code-error" { span.govuk-visually-hidden { "Error: " } (message) } }
                input class="govuk-input govuk-input--width-20" id="code" name="code" type="text" autocomplete="one-time-code" autocapitalize="none" spellcheck="false"
                    aria-describedby=(if error.is_some() { "code-hint code-error" } else { "code-hint" });
            }
            @if let Some(code) = shown {
                (govuk::inset(&html! { p.govuk-body {
                    "These are invented cases, and nobody has a telephone. "
                    @match code {
                        Some(code) => { "The code now is " strong id="demo-code" { (code) } "." }
                        None => { "This person\u{2019}s codes of this minute are used: open the page again in half a minute." }
                    }
                } }))
            }
            button.govuk-button type="submit" { "Continue" }
        }
    }
}

fn each_time(
    app: &App,
    values: &Values,
    problems: &Problems,
    shown: Option<Option<String>>,
    passkey: bool,
) -> Markup {
    let heading = match passkey {
        true => "Your second step",
        false => "Enter the code from your app",
    };
    let title = match problems.is_empty() {
        true => heading.to_owned(),
        false => format!("Error: {heading}"),
    };
    layout::bare(
        &title,
        html! {
            div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
                (govuk::error_summary(problems))
                h1.govuk-heading-l { (heading) }
                @if passkey {
                    p.govuk-body { "Use your passkey, or enter a code from your app, if you have one, or a recovery code." }
                    (passkeys::step_form(app, false, values, problems))
                }
                (field(values, problems, "Six digits, such as 123 456. Each code works once.", shown))
                (govuk::details("You do not have your app with you", &html! {
                    p.govuk-body { "Enter one of the recovery codes that you kept when you set the app up, instead. Each works once." }
                    p.govuk-body { "If you have neither, ask the business manager or the administrator: either can take the second step off your account, and you set it up again." }
                }))
            } }
        },
    )
}

fn first_time(
    app: &App,
    set_up: &SetUp,
    values: &Values,
    problems: &Problems,
    shown: Option<Option<String>>,
) -> Result<Markup, PageError> {
    let title = if problems.is_empty() {
        "Set up your second step"
    } else {
        "Error: Set up your second step"
    };
    Ok(layout::bare(
        title,
        html! {
            div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
                (govuk::error_summary(problems))
                h1.govuk-heading-l { "Set up your second step" }
                p.govuk-body { "Signing in takes two steps: your password, and something that only you have. It is done once." }
                (passkeys::step_form(app, true, values, problems))
                @if app.desk.passkeys_at().is_some() { h2.govuk-heading-m { "With an app" } }
                ol class="govuk-list govuk-list--number" {
                    li { "Open an authenticator app. Any that makes six-digit codes will do; your organisation may have named one." }
                    li { "Let it scan this picture, or type the key below it. The account is " strong { (set_up.email) } "." }
                    li { "Enter the code that the app shows then." }
                }
                (picture(&set_up.address)?)
                p.govuk-body { "Key: " span class="c-code" id="key" { (set_up.key) } }
                (field(values, problems, "Six digits, such as 123 456", shown))
            } }
        },
    ))
}

/// The picture that an app scans. Its words are on the page as well.
fn picture(address: &str) -> Result<Markup, PageError> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium)
        .map_err(|_| PageError::Wrong("The picture for the app could not be made.".into()))?;
    let (size, edge) = (code.size(), 4);
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + edge, y + edge));
        }
    }
    let whole = size + 2 * edge;
    Ok(html! {
        svg class="c-scan" role="img" aria-label="A picture for your authenticator app to scan. It holds the key that is written below." viewBox=(format!("0 0 {whole} {whole}")) {
            rect width=(whole) height=(whole) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    })
}

/// The second step.
pub async fn enter(
    State(app): State<App>,
    Step(secret): Step,
    Network(network): Network,
    values: Values,
) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    let set_up = match app.desk.to_set_up(&secret).await {
        Ok(set_up) => set_up.is_some(),
        Err(DeskError::NotSignedIn) => return Ok(again(&values)),
        Err(other) => return Err(other.into()),
    };
    let answered = passkeys::answered(&values);
    if answered.is_none() && values.text("code").is_empty() {
        problems.add("code", "Enter the code from your app");
        return draw(&app, &secret, &values, &problems).await;
    }
    let code = values.get("code");
    let desk = &app.desk;
    let done = match (set_up, answered) {
        (true, Some(answered)) => {
            let label = values.get("label");
            (desk
                .set_up_with_passkey(&secret, answered, label, &network)
                .await)
                .map(|(s, codes)| (s, Some(codes)))
        }
        (false, Some(answered)) => {
            (desk.step_with_passkey(&secret, answered, &network).await).map(|s| (s, None))
        }
        (true, None) => {
            (desk.set_up(&secret, code, &network).await).map(|(s, codes)| (s, Some(codes)))
        }
        (false, None) => (desk.enter_code(&secret, code, &network).await).map(|s| (s, None)),
    };
    match done {
        Ok((signed, codes)) => signed_in(&app, &signed, codes, &values).await,
        Err(DeskError::Field { field, message }) => {
            problems.add(&field, &message);
            draw(&app, &secret, &values, &problems).await
        }
        Err(error @ DeskError::TooManyAttempts(_)) => {
            let message = crate::page::case_form::sentence(&error.to_string());
            problems.add("code", &message);
            draw(&app, &secret, &values, &problems).await
        }
        Err(DeskError::NotSignedIn) => Ok(again(&values)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn signed_in(
    app: &App,
    signed: &SignIn,
    codes: Option<Vec<String>>,
    values: &Values,
) -> Result<Response, PageError> {
    keep(app, &signed.secret, values).await?;
    let to = local(values.get("to"));
    let mut answer = match codes {
        None => Redirect::to(to).into_response(),
        Some(codes) => {
            layout::bare("Keep your recovery codes", codes_page(&codes, to)).into_response()
        }
    };
    set_cookie(app, &mut answer, app.cookie(), &signed.secret, "")?;
    set_cookie(app, &mut answer, app.step_cookie(), "", "; Max-Age=0")?;
    Ok(answer)
}

/// The codes on paper, shown once.
pub(super) fn codes_page(codes: &[String], to: &str) -> Markup {
    html! {
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            h1.govuk-heading-l { "Keep your recovery codes" }
            p.govuk-body { "With one of these you can sign in without your passkey or app, should you lose it. Each works once. They are shown only now: print this page, or write them down, and keep them where only you find them." }
            ul class="govuk-list c-codes" { @for code in codes { li { span class="c-code" { (code) } } } }
            p.govuk-body { a.govuk-button href=(to) { "I have kept them: continue" } }
        } }
    }
}
