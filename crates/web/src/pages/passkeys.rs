//! Passkeys: the buttons, what a browser is asked when one is pressed, signing in with one, and adding and removing them.
//! A button shows only when scripts run at the address that the passkeys belong to; everything works without it.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use desk::{Answered, Asked, Desk, DeskError, OwnPasskey};
use maud::{Markup, html};

use super::sign_in::CARRIED;
use crate::form::{Problems, Values};
use crate::govuk;
use crate::page::at::{Network, Step};
use crate::page::case_form::sentence;
use crate::page::{App, PageError, SignedIn};

/// A button that asks a passkey: `ask` is where the browser is told what for; what it answers goes with the form around it.
pub(super) fn button(
    desk: &Desk,
    ask: &str,
    words: &str,
    kind: &str,
    problems: &Problems,
) -> Markup {
    let Some(at) = desk.passkeys_at() else {
        return html! {};
    };
    let error = problems.for_field("passkey");
    html! {
        @if let Some(error) = error { p.govuk-error-message { span.govuk-visually-hidden { "Error: " } (error) } }
        div id=[(ask != "/you/again/passkey").then_some("passkey")] hidden tabindex="-1" data-passkey=(ask) data-passkey-at=(at) {
            button class=(format!("govuk-button {kind}")) type="button" data-passkey-button { (words) }
            p.govuk-error-message role="alert" data-passkey-said hidden {}
        }
        input type="hidden" name="ceremony";
        input type="hidden" name="passkey";
    }
}

/// What a browser answered, if it did.
pub(super) fn answered(values: &Values) -> Option<Answered<'_>> {
    let answer = values.get("passkey");
    (!answer.is_empty()).then(|| Answered {
        ceremony: values.get("ceremony"),
        answer,
    })
}

/// The password again, or a passkey in its place. What was wrong stands under the name of the field.
pub(super) async fn again(
    who: &SignedIn,
    values: &Values,
    field: &str,
    problems: &mut Problems,
) -> Result<bool, PageError> {
    let (desk, session) = (who.desk(), &who.session);
    if answered(values).is_none()
        && values.get(field).is_empty()
        && desk.proved_by_signing_on(session)
    {
        return Ok(true);
    }
    let (field, again) = match answered(values) {
        Some(answered) => ("passkey", desk.again_with_passkey(session, answered).await),
        None => (field, desk.reauthenticate(session, values.get(field)).await),
    };
    match again {
        Ok(()) => return Ok(true),
        Err(DeskError::Field { message, .. }) => problems.add(field, &message),
        Err(error @ DeskError::TooManyAttempts(_)) => {
            problems.add(field, &sentence(&error.to_string()));
        }
        Err(other) => return Err(other.into()),
    }
    Ok(false)
}

/// What a script is told: what to ask, or what to say.
pub(super) fn told(asked: Result<Asked, DeskError>) -> Result<Response, PageError> {
    let (status, told) = match asked {
        Ok(asked) => {
            let options: serde_json::Value = serde_json::from_str(&asked.options)
                .map_err(|_| PageError::Wrong("The passkey could not be asked.".into()))?;
            let told = serde_json::json!({"ceremony": asked.ceremony, "options": options});
            (StatusCode::OK, told)
        }
        Err(DeskError::Field { message, .. }) => say(&message),
        Err(error @ DeskError::TooManyAttempts(_)) => say(&sentence(&error.to_string())),
        Err(DeskError::NotSignedIn) => say("It took too long: begin again with your password"),
        Err(other) => return Err(other.into()),
    };
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((status, kind, told.to_string()).into_response())
}

pub(super) fn say(words: &str) -> (StatusCode, serde_json::Value) {
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        serde_json::json!({"say": words}),
    )
}

/// On the page for signing in: what the browser is asked. It is the same for everyone, as nobody has said who they are.
pub async fn ask_to_sign_in(
    State(app): State<App>,
    Network(network): Network,
) -> Result<Response, PageError> {
    told(app.desk.ask_to_sign_in(&network).await)
}

/// Signs in with a passkey alone.
pub async fn sign_in(
    State(app): State<App>,
    Network(network): Network,
    values: Values,
) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    let answered = Answered {
        ceremony: values.get("ceremony"),
        answer: values.get("passkey"),
    };
    match app.desk.sign_in_with_passkey(answered, &network).await {
        Ok(signed) => return super::second_step::signed_in(&app, &signed, None, &values).await,
        Err(DeskError::Field { field, message }) => problems.add(&field, &message),
        Err(error @ DeskError::TooManyAttempts(_)) => {
            problems.add("passkey", &sentence(&error.to_string()));
        }
        Err(other) => return Err(other.into()),
    }
    let page = super::sign_in::draw(&app, &values, &problems);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The first choice on the page for signing in.
pub(super) fn sign_in_form(app: &App, values: &Values, problems: &Problems) -> Markup {
    html! {
        @if app.desk.passkeys_at().is_some() {
            form method="post" action="/sign-in/with-passkey" novalidate {
                (carried(values))
                (button(&app.desk, "/sign-in/passkey", "Sign in with a passkey", "", problems))
            }
        }
    }
}

fn carried(values: &Values) -> Markup {
    html! { @for name in CARRIED { @if !values.get(name).is_empty() { input type="hidden" name=(name) value=(values.get(name)); } } }
}

/// On the page for the second step: to make a passkey the first time, to use it each time after.
pub async fn ask_for_step(
    State(app): State<App>,
    Step(secret): Step,
) -> Result<Response, PageError> {
    told(match app.desk.to_set_up(&secret).await {
        Ok(Some(_)) => app.desk.ask_to_set_up(&secret).await,
        Ok(None) => app.desk.ask_for_step(&secret).await,
        Err(error) => Err(error),
    })
}

/// The first choice on the page for the second step.
pub(super) fn step_form(app: &App, first: bool, values: &Values, problems: &Problems) -> Markup {
    html! {
        @if app.desk.passkeys_at().is_some() {
            form method="post" action="/sign-in/code" novalidate {
                (carried(values))
                @if first {
                    h2.govuk-heading-m { "With a passkey" }
                    p.govuk-body { "Your computer, your telephone or a security key makes sure that it is you, with a finger, a face or a PIN. Nothing has to be typed, and nobody can get it from you on a false page. Next time it signs you in without your password." }
                    noscript { p.govuk-body { "Making a passkey needs scripts, which are off here. Use an app instead." } }
                    (button(&app.desk, "/sign-in/code/passkey", "Make a passkey", "", problems))
                } @else {
                    (button(&app.desk, "/sign-in/code/passkey", "Use your passkey", "", problems))
                }
            }
        }
    }
}

/// On one's own page: what the browser is asked in place of the password.
pub async fn ask_again(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    told(who.desk().ask_again(&who.session).await)
}

/// On one's own page: what the browser is asked to make another passkey, once the password was given again.
pub async fn ask_to_add(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let desk = who.desk();
    if values.text("label").is_empty() {
        return told(Err(DeskError::field(
            "label",
            "Enter a name by which you will know it, such as \u{201c}Work laptop\u{201d}",
        )));
    }
    let password = values.get("add-password");
    if !(password.is_empty() && desk.is_fresh(&who.session))
        && let Err(error) = desk.reauthenticate(&who.session, password).await
    {
        return told(Err(error));
    }
    told(desk.ask_to_add(&who.session).await)
}

/// Adds a passkey.
pub async fn add(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let desk = who.desk();
    let mut problems = Problems::default();
    if !desk.is_fresh(&who.session) {
        problems.add("add-password", "Enter your password again");
    } else if let Some(answered) = answered(&values) {
        match desk
            .add_passkey(&who.session, answered, values.get("label"))
            .await
        {
            Ok(()) => {
                desk.put_notice(&who.session, "Your passkey is added.")
                    .await?;
                return Ok(Redirect::to("/you").into_response());
            }
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
            Err(other) => return Err(other.into()),
        }
    } else {
        problems.add(
            "label",
            "Press the button \u{201c}Add a passkey\u{201d}: it needs scripts",
        );
    }
    super::you::refused(&who, &problems).await
}

/// Removes a passkey.
pub async fn remove(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let desk = who.desk();
    let mut problems = Problems::default();
    let name = values.get("passkey-remove");
    if name.is_empty() {
        problems.add("passkey-remove", "Choose the passkey to remove");
    } else if again(&who, &values, "remove-password", &mut problems).await? {
        match desk.remove_passkey(who.actor(), name).await {
            Ok(label) => {
                let said = format!("The passkey \u{201c}{label}\u{201d} is removed.");
                desk.put_notice(&who.session, &said).await?;
                return Ok(Redirect::to("/you").into_response());
            }
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
            Err(other) => return Err(other.into()),
        }
    }
    super::you::refused(&who, &problems).await
}

/// The part of one's own page.
pub(super) fn own(
    who: &SignedIn,
    passkeys: &[OwnPasskey],
    csrf: &str,
    problems: &Problems,
) -> Markup {
    let desk = who.desk();
    let when = |at| calendar::words::moment(&desk.clock().local(at));
    let group = |name: &str| match problems.for_field(name) {
        Some(_) => "govuk-form-group govuk-form-group--error",
        None => "govuk-form-group",
    };
    let wrong = |name: &str| {
        html! {
            @if let Some(e) = problems.for_field(name) { p.govuk-error-message { span.govuk-visually-hidden { "Error: " } (e) } }
        }
    };
    html! {
        h2.govuk-heading-m { "Your passkeys" }
        @if passkeys.is_empty() { p.govuk-body { "You have no passkey. With one you sign in and sign decisions with a finger, a face or the PIN of your device." } }
        @else {
            table class="govuk-table c-cards" {
                thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Name" } th.govuk-table__header scope="col" { "Added" } th.govuk-table__header scope="col" { "Last used" } th.govuk-table__header scope="col" { "Signs" } } }
                tbody { @for one in passkeys { tr.govuk-table__row {
                    td.govuk-table__cell data-label="Name" { (one.label) }
                    td.govuk-table__cell data-label="Added" { (when(one.made)) }
                    td.govuk-table__cell data-label="Last used" { @match one.used { Some(at) => (when(at)), None => "Not yet" } }
                    td.govuk-table__cell data-label="Signs" { @if one.signs { "You in, and decisions" } @else { "You in only" } }
                } } }
            }
        }
        @if desk.passkeys_at().is_some() {
            form method="post" action="/you/passkeys" novalidate {
                input type="hidden" name="csrf" value=(csrf);
                div class=(group("label")) {
                    label.govuk-label for="label" { "Name of a new passkey" }
                    div.govuk-hint id="label-hint" { "So that you know which is which, such as \u{201c}Work laptop\u{201d}" }
                    (wrong("label"))
                    input class="govuk-input govuk-input--width-20" id="label" name="label" type="text" maxlength="60" autocomplete="off" aria-describedby="label-hint";
                }
                (super::you::secret(problems, "add-password", "Your password, to add it", "", "current-password"))
                noscript { p.govuk-body { "Adding a passkey needs scripts, which are off here." } }
                (button(desk, "/you/passkey", "Add a passkey", "govuk-button--secondary", problems))
            }
        } @else { p.govuk-body { "This server does not use passkeys: whoever runs it has not said its address." } }
        @if !passkeys.is_empty() {
            (govuk::details("Remove a passkey", &html! {
                form method="post" action="/you/passkeys/remove" novalidate {
                    input type="hidden" name="csrf" value=(csrf);
                    div class=(group("passkey-remove")) {
                        label.govuk-label for="passkey-remove" { "Which" }
                        (wrong("passkey-remove"))
                        select.govuk-select id="passkey-remove" name="passkey-remove" { @for one in passkeys { option value=(one.name) { (one.label) } } }
                    }
                    (super::you::secret(problems, "remove-password", "Your password, to remove it", "", "current-password"))
                    button class="govuk-button govuk-button--warning" type="submit" { "Remove it" }
                }
            }))
        }
    }
}
