//! Signing on at one's own organisation: the way there, the way back, and proving there once more who one is.
//! The secret that ties an answer to this browser lies in a cookie for ten minutes; nothing of it is in an address.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::{Desk, DeskError, SignedOn};
use maud::{Markup, html};
use serde::Deserialize;

use super::people::allowed;
use super::second_step;
use super::sign_in::{self, To, local};
use crate::form::{Problems, Values, percent};
use crate::govuk;
use crate::page::at::{Answer, Network, Params};
use crate::page::{App, PageError, SignedIn};

/// The field that problems with signing on stand beside.
const FIELD: &str = "sign-on";

/// What a provider sends the browser back with.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Back {
    code: String,
    state: String,
    error: String,
}

/// The buttons on the page for signing in; nothing where no organisation was named.
pub(super) fn choices(app: &App, to: &str, problems: &Problems) -> Markup {
    let all = app.desk.sign_on_choices();
    let error = problems.for_field(FIELD);
    html! { @if !all.is_empty() {
        div id=(FIELD) tabindex="-1" class=(if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
            h2.govuk-heading-m { "With the account of your organisation" }
            @if let Some(message) = error { p.govuk-error-message { span.govuk-visually-hidden { "Error: " } (message) } }
            @for (id, name) in &all {
                a class="govuk-button govuk-button--secondary" role="button" draggable="false" href=(format!("/sign-on/{id}?to={}", percent(local(to)))) { "Sign in with " (name) }
                " "
            }
            h2.govuk-heading-m { "With the password you chose here" }
        }
    } }
}

/// The way to prove at one's organisation who one is, in place of the password; nothing for those who do not sign on.
pub(super) fn again_link(desk: &Desk, person: &str, path: &str) -> Markup {
    let own = desk.sign_on_of(person).filter(|own| !own.id.is_empty());
    html! { @if let Some(own) = own {
        p.govuk-body {
            "If you sign in with " (own.name) " and have no password here: "
            a.govuk-link href=(format!("/you/again/{}?to={}", own.id, percent(path))) { "confirm there that it is you" }
            ", come back, and leave the password empty within five minutes. Do it before you type: what stands on this page now is not carried along."
        }
    } }
}

async fn go(app: &App, organisation: &str, to: &str, again: bool) -> Result<Response, PageError> {
    match app.desk.send_on(organisation, again).await {
        Ok(sent) => {
            let mut answer = Redirect::to(&sent.to).into_response();
            let kept = format!(
                "{}.{organisation}.{}.{}",
                sent.secret,
                if again { "again" } else { "in" },
                percent(local(to))
            );
            second_step::set_cookie(
                app,
                &mut answer,
                app.sign_on_cookie(),
                &kept,
                "; Max-Age=600",
            )?;
            Ok(answer)
        }
        Err(error @ DeskError::Elsewhere) => Ok(refused(app, to, &words(&error))),
        Err(other) => Err(other.into()),
    }
}

fn words(error: &DeskError) -> String {
    crate::page::case_form::sentence(&error.to_string())
}

/// Sends the browser to the organisation.
pub async fn to_provider(
    State(app): State<App>,
    Path(organisation): Path<String>,
    Query(to): Query<To>,
) -> Result<Response, PageError> {
    go(&app, &organisation, &to.to, false).await
}

/// Sends someone who is signed in there once more.
pub async fn again(
    State(app): State<App>,
    who: SignedIn,
    Path(organisation): Path<String>,
    Query(to): Query<To>,
) -> Result<Response, PageError> {
    let own = app.desk.sign_on_of(&who.actor().person.id);
    if own.is_none_or(|own| own.id != organisation) {
        return Err(DeskError::NotThere.into());
    }
    go(&app, &organisation, &to.to, true).await
}

/// The page for signing in, with what went wrong.
fn refused(app: &App, to: &str, message: &str) -> Response {
    let (mut values, mut problems) = (Values::default(), Problems::default());
    values.set("to", local(to));
    problems.add(FIELD, message);
    let page = sign_in::draw(app, &values, &problems);
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// Why it did not work, in the same words for everyone whom it does not lead anywhere.
const NOBODY: &str = "You could not be signed in this way. Sign in as you did before, or ask the business manager whether you were invited with the address that your organisation knows you by";

/// What comes back from the organisation.
pub async fn back(
    State(app): State<App>,
    Path(came_from): Path<String>,
    Answer(kept): Answer,
    Network(network): Network,
    who: Result<SignedIn, PageError>,
    Query(back): Query<Back>,
) -> Result<Response, PageError> {
    let mut parts = kept.splitn(4, '.');
    let mut next = || parts.next().unwrap_or_default().to_owned();
    let (secret, organisation, what, to) = (next(), next(), next(), next());
    let to = Values::parse(format!("to={to}").as_bytes()).text("to");
    let ours = came_from == organisation && app.desk.is_answer_to(&secret, &back.state);
    let mut answer = if !ours {
        refused(
            &app,
            "/",
            "This page was waited for too long, or was opened in another browser. Begin again",
        )
    } else if !back.error.is_empty() || back.code.is_empty() {
        refused(
            &app,
            &to,
            "Your organisation did not sign you in. Try again, or sign in another way",
        )
    } else if what == "again" {
        proved(&app, who?, &organisation, &secret, &back.code, &to).await?
    } else {
        entered(&app, &organisation, &secret, &back.code, &network, &to).await?
    };
    // Used once, whatever came of it.
    second_step::set_cookie(&app, &mut answer, app.sign_on_cookie(), "", "; Max-Age=0")?;
    Ok(answer)
}

async fn entered(
    app: &App,
    organisation: &str,
    secret: &str,
    code: &str,
    network: &str,
    to: &str,
) -> Result<Response, PageError> {
    let mut values = Values::default();
    values.set("to", local(to));
    match app
        .desk
        .signed_on(organisation, secret, code, network)
        .await
    {
        Ok(SignedOn::Whole(signed)) => second_step::signed_in(app, &signed, None, &values).await,
        Ok(SignedOn::Half(half)) => second_step::begin(app, &half, &values).await,
        Err(DeskError::NotSignedIn) => Ok(refused(app, to, NOBODY)),
        Err(DeskError::Field { message, .. }) => Ok(refused(app, to, &message)),
        Err(error @ (DeskError::Elsewhere | DeskError::TooManyAttempts(_))) => {
            Ok(refused(app, to, &words(&error)))
        }
        Err(other) => Err(other.into()),
    }
}

async fn proved(
    app: &App,
    who: SignedIn,
    organisation: &str,
    secret: &str,
    code: &str,
    to: &str,
) -> Result<Response, PageError> {
    let desk = &app.desk;
    let done = desk
        .signed_on_again(&who.session, organisation, secret, code)
        .await;
    let said = match done {
        Ok(()) => {
            "You have confirmed that it is you. For five minutes you need no password.".to_owned()
        }
        Err(DeskError::NotSignedIn) => {
            "Your organisation did not confirm that it is you. Nothing was changed.".to_owned()
        }
        Err(error @ (DeskError::Elsewhere | DeskError::TooManyAttempts(_))) => words(&error),
        Err(other) => return Err(other.into()),
    };
    desk.put_notice(&who.session, &said).await?;
    Ok(Redirect::to(local(to)).into_response())
}

/// On the page of a person: where they sign on, and taking that away.
pub(super) fn of_person(
    desk: &Desk,
    person: &str,
    csrf: &str,
    problems: &Problems,
    values: &Values,
) -> Markup {
    let form = crate::form::Form::new(values, problems);
    html! { @if let Some(own) = desk.sign_on_of(person) {
        h2.govuk-heading-m { "Signing on" }
        p.govuk-body { "They sign in with " (own.name) "." }
        form method="post" action=(format!("/people/{person}/sign-on")) novalidate {
            input type="hidden" name="csrf" value=(csrf);
            (govuk::text(&form, "sign-on-why", "Why they no longer sign on there", "Every session of theirs ends. The next time someone signs on there with their address, it counts as the first time."))
            button class="govuk-button govuk-button--secondary" type="submit" { "Take this sign-on away" }
        }
    } }
}

/// Takes a person's sign-on away.
pub async fn remove(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, access::Act::ManagePeople)?;
    let id = here.get("person").cloned().unwrap_or_default();
    let done = who
        .desk()
        .remove_sign_on(who.actor(), &id, &values.text("sign-on-why"))
        .await
        .map(|()| "The sign-on is taken away.".to_owned());
    super::people::after(&who, &id, &values, done, &[], Problems::default()).await
}
