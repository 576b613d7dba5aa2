//! Who sits there is asked again before something grave: access is granted, something is published or handed out.
//! Whoever signed in or proved it within a few minutes is not asked; what was typed waits in the page meanwhile.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::passkeys;
use super::sign_on;
use super::you::secret;
use crate::form::{Problems, Values};
use crate::govuk;
use crate::page::{PageError, SignedIn};
use crate::router::AsksAgain;

/// The field for the password.
const FIELD: &str = "proved-password";
/// What belongs to the asking and not to the form that waits.
const OWN: [&str; 4] = ["csrf", FIELD, "passkey", "ceremony"];

/// The password again, or a passkey in its place; what is wrong stands beside it.
pub(super) fn fields(who: &SignedIn, name: &str, hint: &str, problems: &Problems) -> Markup {
    let desk = who.desk();
    html! {
        (sign_on::again_link(desk, &who.actor().person.id, &who.path))
        (secret(problems, name, "Your password, again", hint, "current-password"))
        (passkeys::button(desk, "/you/again/passkey", "Or use your passkey", "govuk-button--secondary", problems))
    }
}

/// The page that asks, when it has to be asked; none when the person has proved who they are, now or a few minutes ago.
/// `what` is what they are about to do, as in "before you ...".
///
/// # Errors
/// The store failed.
pub(crate) async fn asked(
    who: &SignedIn,
    values: &Values,
    what: &str,
) -> Result<Option<Response>, PageError> {
    if who.desk().proved_lately(&who.session) {
        return Ok(None);
    }
    let mut problems = Problems::default();
    let answered = !values.get(FIELD).is_empty() || passkeys::answered(values).is_some();
    if answered && passkeys::again(who, values, FIELD, &mut problems).await? {
        return Ok(None);
    }
    let hidden = values
        .names()
        .filter(|name| !OWN.contains(name))
        .flat_map(|name| values.all(name).into_iter().map(move |value| (name, value)));
    let body = html! {
        (govuk::error_summary(&problems))
        h1.govuk-heading-l { "Confirm that it is you" }
        p.govuk-body { "Before you " (what) ", so that nobody does it on a screen you left open. What you typed waits." }
        form method="post" action=(who.path) novalidate data-proves="" {
            input type="hidden" name="csrf" value=(who.csrf()?);
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            (fields(who, FIELD, "", &problems))
            button.govuk-button type="submit" data-prevent-double-click="true" { "Confirm and go on" }
        }
    };
    let page = who.page("Confirm that it is you", !problems.is_empty(), body)?;
    let mut asks = (StatusCode::FORBIDDEN, page).into_response();
    asks.extensions_mut().insert(AsksAgain);
    Ok(Some(asks))
}
