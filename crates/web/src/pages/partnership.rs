//! The partnership: its settings as a checked file, its front-door numbers, and the list of bank holidays.

use access::Act;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::DeskError;
use maud::{Markup, html};

use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::{App, PageError, SignedIn};

/// The page.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let mut values = Values::default();
    values.set("settings", &who.desk().office().settings);
    Ok(draw(&who, &values, &Problems::default())
        .await?
        .into_response())
}

async fn draw(who: &SignedIn, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    access::permit_in_office(&who.actor().person, Act::ManageSettings).map_err(DeskError::from)?;
    let desk = who.desk();
    let settings = desk.settings();
    let holidays = desk.editions().shared_holidays();
    let form = Form::new(values, problems);
    let csrf = who.csrf()?;
    let risk = desk.keys_risk().await?;
    let body = html! {
        (govuk::error_summary(problems))
        h1.govuk-heading-l { (settings.name) }
        (govuk::facts(&[
            ("Front door".into(), html! { (settings.front_door.front_door) }, None),
            ("Out of hours".into(), html! { (settings.front_door.out_of_hours) }, None),
            ("Emergency".into(), html! { (settings.front_door.emergency) }, None),
            ("Safeguarding partners".into(), html! { @for s in desk.seats() { (s.partner) ": " (s.body) br; } }, None),
            ("Local procedure".into(), html! { @match &settings.local_pack { Some(p) => (p.to_string()), None => "None of its own" } }, None),
            ("Bank holidays known until".into(), html! { (calendar::words::long(holidays.last_day())) }, None),
        ]))
        h2.govuk-heading-m { "The master key" }
        @match risk {
            Some(risk) => {
                (govuk::warning(risk))
                p.govuk-body { "The administrator makes the shares on the machine, one for each safeguarding partner; any two of the three bring the key back." }
            }
            None => p.govuk-body { "Shares of the master key were handed out; any two of the three bring it back." }
        }
        p.govuk-body { a.govuk-link href="/record" { "The record: its checkpoints, and the witnesses who hold them" } }
        @if access::permit_in_office(&who.actor().person, Act::SeeErasures).is_ok() { p.govuk-body { a.govuk-link href="/erasures" { "What was erased, with the certificates" } } }
        h2.govuk-heading-m { "Settings" }
        p.govuk-body { "Names of roles, numbers, quorum and routes. What the guidance fixes cannot be lowered here: the check says what is wrong, line by line. Every version stays in the record." }
        form method="post" action="/partnership" novalidate {
            input type="hidden" name="csrf" value=(csrf);
            (govuk::textarea(&form, "settings", "The settings file", "", 24))
            button.govuk-button type="submit" { "Check and save the settings" }
        }
        h2.govuk-heading-m { "A newer list of bank holidays" }
        p.govuk-body { "Paste the official list for England and Wales as the government publishes it (JSON). Beyond the last published year no date is worked out." }
        form method="post" action="/partnership/holidays" novalidate {
            input type="hidden" name="csrf" value=(csrf);
            (govuk::textarea(&form, "file", "The official list", "", 6))
            (govuk::text(&form, "source", "Where it comes from", "The page and the day it was taken"))
            button class="govuk-button govuk-button--secondary" type="submit" { "Check and load this list" }
        }
    };
    who.page("Partnership", !problems.is_empty(), body)
}

/// Saves the settings.
pub async fn save(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    answer(
        &who,
        &values,
        who.desk()
            .write_settings(who.actor(), values.get("settings"))
            .await,
        "The settings are saved.",
    )
    .await
}

/// Loads a newer list of bank holidays.
pub async fn holidays(
    State(_): State<App>,
    who: SignedIn,
    mut values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let permit = access::permit_in_office(&who.actor().person, Act::ManageSettings)
        .map_err(DeskError::from)?;
    let done = who
        .desk()
        .load_holidays(
            permit,
            &who.actor().person.id,
            values.get("file"),
            &values.text("source"),
        )
        .await
        .map(|_| ());
    if done.is_err() {
        let settings = who.desk().office().settings.clone();
        values.set("settings", &settings);
    }
    answer(
        &who,
        &values,
        done,
        "The list is loaded. Open clocks are worked out with it.",
    )
    .await
}

async fn answer(
    who: &SignedIn,
    values: &Values,
    done: Result<(), DeskError>,
    said: &str,
) -> Result<Response, PageError> {
    match done {
        Ok(()) => {
            who.desk().put_notice(&who.session, said).await?;
            Ok(Redirect::to("/partnership").into_response())
        }
        Err(DeskError::Field { field, message }) => {
            let mut problems = Problems::default();
            problems.add(&field, &message);
            Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                draw(who, values, &problems).await?,
            )
                .into_response())
        }
        Err(other) => Err(other.into()),
    }
}
