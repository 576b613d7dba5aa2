//! An invitation on the pages of people: by whom, when, until when and what became of it; sending it again and withdrawing it.
//! Where the server sends no mail, whoever invites is shown the link once, to hand it over.

use access::invitation::{Answer, Invited};
use access::{Act, Person};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::{DeskError, JustInvited};
use maud::{Markup, html};

use super::people::{after, allowed, id_of};
use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn};

/// The answer after somebody was invited.
pub(super) async fn sent(who: &SignedIn, invited: &JustInvited) -> Result<Response, PageError> {
    let person = &invited.person;
    let Some(link) = &invited.link else {
        let said = format!("{} is invited by mail.", person.name);
        who.desk().put_notice(&who.session, &said).await?;
        return Ok(Redirect::to(&format!("/people/{}", person.id)).into_response());
    };
    let office = who.desk().office();
    let until = office.invitations.get(&person.id).map(|i| i.sent.until);
    let body = html! {
        h1.govuk-heading-l { "Give " (person.name) " their invitation" }
        p.govuk-body { "This server sends no mail. Give this link to " (person.name) " yourself, and to nobody else. With it they choose their own password. It is shown only now, and works once"
            @if let Some(until) = until { ", until " (when(who, until)) } "." }
        (link_shown(who, link))
        p.govuk-body { a.govuk-button href=(format!("/people/{}", person.id)) { "I have it: continue" } }
    };
    Ok(who.page("Invitation", false, body)?.into_response())
}

/// A link to be handed over, with the address in front of it where that is known.
pub(super) fn link_shown(who: &SignedIn, link: &str) -> Markup {
    let settings = who.desk().settings();
    let address = match settings.access.address.trim_end_matches('/') {
        "" => who.desk().passkeys_at().unwrap_or_default(),
        named => named,
    };
    html! {
        p.govuk-body { span class="c-code" id="link" { (address) (link) } }
        @if address.is_empty() { p.govuk-body { "It goes behind the address at which people find Candour." } }
    }
}

fn when(who: &SignedIn, at: jiff::Timestamp) -> String {
    calendar::words::moment(&who.desk().clock().local(at))
}

fn of(who: &SignedIn, person: &str) -> Option<Invited> {
    let office = who.desk().office();
    office.person(person)?;
    office.invitations.get(person).cloned()
}

/// Whether a person was invited and has not joined.
pub(super) fn is_awaited(who: &SignedIn, person: &str) -> bool {
    of(who, person).is_some_and(|i| !matches!(i.answer, Answer::Accepted(_)))
}

/// What the list of people says of an invitation that is not accepted.
pub(super) fn short(who: &SignedIn, person: &str) -> Option<String> {
    let invited = of(who, person)?;
    match invited.answer {
        Answer::Accepted(_) => None,
        Answer::Withdrawn => Some("invitation withdrawn".into()),
        Answer::Waits if invited.is_open(who.desk().clock().now()) => {
            Some(format!("invited, until {}", when(who, invited.sent.until)))
        }
        Answer::Waits => Some("invited, not accepted in time".into()),
    }
}

/// The part of a person's page.
pub(super) fn part(who: &SignedIn, person: &Person, form: &Form<'_>, csrf: &str) -> Markup {
    let Some(invited) = of(who, &person.id) else {
        return html! {};
    };
    let office = who.desk().office();
    let by = (office.people.get(&invited.sent.by)).map_or("", |p| p.name.as_str());
    let open = invited.is_open(who.desk().clock().now());
    let state = match invited.answer {
        Answer::Accepted(at) => format!("Accepted on {}", when(who, at)),
        Answer::Withdrawn => "Withdrawn".to_owned(),
        Answer::Waits if open => "Not yet accepted".to_owned(),
        Answer::Waits => "Not accepted in time".to_owned(),
    };
    let post = |what: &str| format!("/people/{}/invitation{what}", person.id);
    html! {
        h2.govuk-heading-m id="invitation" { "Invitation" }
        @if let Some(error) = form.problems.for_field("invitation") { p.govuk-error-message { span.govuk-visually-hidden { "Error: " } (error) } }
        (govuk::facts(&[
            ("Invited by".into(), html! { (by) ", " (when(who, invited.sent.at)) }, None),
            ("It ends".into(), html! { (when(who, invited.sent.until)) }, None),
            ("State".into(), html! { (state) }, None),
        ]))
        @if is_awaited(who, &person.id) {
            form method="post" action=(post("")) novalidate {
                input type="hidden" name="csrf" value=(csrf);
                button class="govuk-button govuk-button--secondary" type="submit" { "Send a new invitation" }
            }
            @if open {
                form method="post" action=(post("/withdraw")) novalidate {
                    input type="hidden" name="csrf" value=(csrf);
                    button class="govuk-button govuk-button--warning" type="submit" { "Withdraw the invitation" }
                }
            }
        }
    }
}

/// Sends a new invitation; the one before is over.
pub async fn again(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManagePeople)?;
    let id = id_of(&here);
    match who.desk().invite_again(who.actor(), &id).await {
        Ok(invited) => sent(&who, &invited).await,
        Err(error @ DeskError::Field { .. }) => {
            after(&who, &id, &values, Err(error), &[], Problems::default()).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Withdraws the invitation.
pub async fn withdraw(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManagePeople)?;
    let id = id_of(&here);
    let done = who
        .desk()
        .withdraw_invitation(who.actor(), &id)
        .await
        .map(|()| "The invitation is withdrawn.".to_owned());
    after(&who, &id, &values, done, &[], Problems::default()).await
}
