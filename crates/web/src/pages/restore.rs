//! Restoring an account in minutes: unlocking one, or taking a lost second step off, by the manager or either of two people the
//! settings name; and the list of accounts nobody has used for long, that the manager confirms each quarter.

use access::Act;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::{DeskError, ToConfirm};
use maud::{Markup, html};

use super::{invitation, passkeys};
use crate::form::{Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{App, PageError, SignedIn};

/// The page.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    who.desk().may_restore(&who.actor().person)?;
    Ok(draw(&who, &Values::default(), &Problems::default())?.into_response())
}

fn draw(who: &SignedIn, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    let office = who.desk().office();
    let form = Form::new(values, problems);
    let people: Vec<Choice> = (office.people.values())
        .filter(|p| !p.left && p.id != who.actor().person.id)
        .filter(|p| p.role != access::Role::ServiceAccount)
        .filter(|p| !invitation::is_awaited(who, &p.id))
        .map(|p| {
            let locked = if office.locked.contains(&p.id) {
                ", locked"
            } else {
                ""
            };
            Choice::new(p.id.clone(), format!("{}{locked}", p.name))
        })
        .collect();
    let what = [
        Choice::new("account", "Unlock the account"),
        Choice::new("second-step", "Take the lost second step off"),
        Choice::new("password", "A link for a new password"),
    ];
    let rest = html! {
        h1.govuk-heading-l { "Restore an account" }
        p.govuk-body { "For someone whose account is locked because it was not used, who has lost their app, their passkey and their recovery codes, or who has forgotten their password. Make sure first that it is this person who asks: you know their voice, or you ring them on a number you already have." }
        p.govuk-body { "The record says that you did it and why. The person and those whom the settings name to restore accounts are told by mail." }
        form method="post" action="/restore" novalidate {
            input type="hidden" name="csrf" value=(who.csrf()?);
            (govuk::select(&form, "restore-person", "Whose account", "", "Choose", &people))
            (govuk::select(&form, "restore-what", "What is needed", "A locked account keeps its password and its second step", "Choose", &what))
            (govuk::text(&form, "restore-why", "How you made sure that it is this person who asks", "Such as: rang them on the number we have always had"))
            (super::you::secret(problems, "restore-password", "Your password", "", "current-password"))
            (passkeys::button(who.desk(), "/you/again/passkey", "Use your passkey instead", "govuk-button--secondary", problems))
            button.govuk-button type="submit" { "Restore this account" }
        }
    };
    let body = html! { (govuk::error_summary_of(&form)) (rest) };
    who.page("Restore an account", !problems.is_empty(), body)
}

/// Restores an account.
pub async fn restore(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let desk = who.desk();
    desk.may_restore(&who.actor().person)?;
    let mut problems = Problems::default();
    let (person, why) = (values.text("restore-person"), values.text("restore-why"));
    for (field, message) in [
        ("restore-person", "Choose the person"),
        ("restore-what", "Choose what is needed"),
        (
            "restore-why",
            "Enter how you made sure that it is this person who asks",
        ),
    ] {
        if values.text(field).is_empty() {
            problems.add(field, message);
        }
    }
    if problems.is_empty()
        && passkeys::again(&who, &values, "restore-password", &mut problems).await?
    {
        if values.get("restore-what") == "password" {
            match desk.give_new_password(who.actor(), &person, &why).await {
                Ok(link) => return given(&who, &person, link).await,
                Err(DeskError::Field { field, message }) => problems.add(&field, &message),
                Err(other) => return Err(other.into()),
            }
            let page = draw(&who, &values, &problems)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        let done = match values.get("restore-what") {
            "account" => desk.unlock_account(who.actor(), &person, &why).await,
            _ => desk.take_step_off(who.actor(), &person, &why).await,
        };
        match done {
            Ok(()) => {
                let said = "The account is restored. The person can sign in now.";
                desk.put_notice(&who.session, said).await?;
                return Ok(Redirect::to("/restore").into_response());
            }
            Err(DeskError::Field { field, message }) => {
                let field = if field == "step-why" {
                    "restore-why"
                } else {
                    &field
                };
                problems.add(field, &message);
            }
            Err(other) => return Err(other.into()),
        }
    }
    let page = draw(&who, &values, &problems)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The answer after a link for a new password was given: by mail, or shown once to be handed over.
async fn given(who: &SignedIn, person: &str, link: Option<String>) -> Result<Response, PageError> {
    let office = who.desk().office();
    let name = (office.people.get(person)).map_or("The person", |p| p.name.as_str());
    let Some(link) = link else {
        let said = format!("{name} is sent a link for a new password by mail.");
        who.desk().put_notice(&who.session, &said).await?;
        return Ok(Redirect::to("/restore").into_response());
    };
    let body = html! {
        h1.govuk-heading-l { "Give " (name) " their link" }
        p.govuk-body { "This server sends no mail. Give this link to " (name) " yourself, and to nobody else. With it they choose a new password. It is shown only now, and works once, for a day." }
        (invitation::link_shown(who, &link))
        p.govuk-body { a.govuk-button href="/restore" { "I have it: continue" } }
    };
    Ok(who
        .page("A link for a new password", false, body)?
        .into_response())
}

/// The list that the manager confirms.
pub async fn unused(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let list = who.desk().to_confirm(who.actor()).await?;
    Ok(draw_unused(&who, &list, &Problems::default())?.into_response())
}

fn draw_unused(
    who: &SignedIn,
    list: &[ToConfirm],
    problems: &Problems,
) -> Result<Markup, PageError> {
    let desk = who.desk();
    let office = desk.office();
    let when = |at| calendar::words::moment(&desk.clock().local(at));
    let days = desk.settings().access.unused_days;
    let body = html! {
        (govuk::back_link("/people", "People"))
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "Accounts nobody has used for long" }
        p.govuk-body { "An account that nobody has signed in with for " (days) " days is locked by itself. These are not, as they are needed. Look at each every quarter: whoever no longer needs access is to leave." }
        @if let Some((at, by)) = &office.confirmed { p.govuk-body { "Last confirmed by " ((office.people.get(by)).map_or("", |p| p.name.as_str())) " on " (when(*at)) "." } }
        @if list.is_empty() { p.govuk-body { "There is nobody on this list today." } }
        @else {
            table class="govuk-table c-cards" {
                thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Name" } th.govuk-table__header scope="col" { "Not signed in since" } th.govuk-table__header scope="col" { "Why not locked" } } }
                tbody { @for one in list { tr.govuk-table__row {
                    th.govuk-table__header scope="row" { a.govuk-link href=(format!("/people/{}", one.person.id)) { (one.person.name) } }
                    td.govuk-table__cell data-label="Not signed in since" { (when(one.last_used)) }
                    td.govuk-table__cell data-label="Why not locked" { (crate::page::case_form::sentence(one.why)) }
                } } }
            }
            form method="post" action="/people/unused" novalidate id="confirm" {
                input type="hidden" name="csrf" value=(who.csrf()?);
                @for one in list { input type="hidden" name="read" value=(one.person.id); }
                button.govuk-button type="submit" { "I confirm that all of them still need access" }
            }
        }
    };
    who.page(
        "Accounts nobody has used for long",
        !problems.is_empty(),
        body,
    )
}

/// Confirms the list.
pub async fn confirm(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let desk = who.desk();
    let read: Vec<String> = values.all("read").into_iter().map(str::to_owned).collect();
    match desk.confirm_unused(who.actor(), &read).await {
        Ok(()) => {
            desk.put_notice(&who.session, "The list is confirmed.")
                .await?;
            Ok(Redirect::to("/people/unused").into_response())
        }
        Err(DeskError::Field { field, message }) => {
            let mut problems = Problems::default();
            problems.add(&field, &message);
            let list = desk.to_confirm(who.actor()).await?;
            let page = draw_unused(&who, &list, &problems)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The links on the page of people.
pub(super) async fn links(who: &SignedIn) -> Result<Markup, PageError> {
    let manages = access::permit_in_office(&who.actor().person, Act::HandOver).is_ok();
    let due = manages && who.desk().confirmation_is_due(who.actor()).await?;
    Ok(html! {
        p.govuk-body { a.govuk-link href="/restore" { "Restore a locked account or a lost second step" } }
        @if manages { p.govuk-body { a.govuk-link href="/people/unused" { "Accounts nobody has used for long" } @if due { strong { ": to be confirmed now" } } } }
        p.govuk-body { a.govuk-link href="/people/unusual" { "Unusual reading" } }
        @if access::permit_in_office(&who.actor().person, Act::ManageServices).is_ok() { p.govuk-body { a.govuk-link href="/people/services" { "Other systems that have access" } } }
    })
}
