//! The partnership's list of agencies: who is asked for information, and who of each has an account.

use access::Act;
use access::office::Agency;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::DeskError;
use guidance::registers;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn};

fn allowed(who: &SignedIn) -> Result<(), PageError> {
    access::permit_in_office(&who.actor().person, Act::ManageAgencies)
        .map(|_| ())
        .map_err(|d| DeskError::from(d).into())
}

/// The list.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    allowed(&who)?;
    Ok(draw(&who, "", &Values::default(), &Problems::default())?.into_response())
}

/// One agency.
pub async fn one(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    allowed(&who)?;
    let id = here.get("agency").cloned().unwrap_or_default();
    let office = who.desk().office();
    let agency = office.agencies.get(&id).ok_or(DeskError::NotThere)?;
    let mut values = Values::default();
    values.set("agency-name", &agency.name);
    values.set("kind", &agency.kind);
    values.set("mailbox", &agency.mailbox);
    values.set_day("agency-until", agency.until);
    Ok(draw(&who, &id, &values, &Problems::default())?.into_response())
}

fn draw(
    who: &SignedIn,
    id: &str,
    values: &Values,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let desk = who.desk();
    let office = desk.office();
    let today = desk.today();
    let form = Form::new(values, problems);
    let asked = office.agencies_on(today);
    let known: Vec<Choice> = registers::local_authorities(today)
        .into_iter()
        .chain(registers::integrated_care_boards(today))
        .chain(registers::police_forces())
        .map(|b| Choice::new(b.name.clone(), b.name.clone()))
        .collect();
    let action = match id {
        "" => "/agencies".to_owned(),
        id => format!("/agencies/{id}"),
    };
    let fields = html! {
        form method="post" action=(action) novalidate {
            input type="hidden" name="csrf" value=(who.csrf()?);
            (govuk::text(&form, "agency-name", "Name of the agency", ""))
            @if id.is_empty() { (govuk::select(&form, "from-register", "Or choose a council, health board or police force", "From the registers as they stand today", "Own words above", &known)) }
            (govuk::text(&form, "kind", "What kind of agency", "Like community health, school, housing, voluntary"))
            (govuk::width_text(&form, "mailbox", "Its e-mail address for requests", "Used when nobody of the agency has an account. No content is ever sent to it.", "govuk-input--width-20", "email"))
            @if !id.is_empty() { (govuk::date(&form, "agency-until", "Last day on which it is asked", "Leave it empty while the agency is there")) }
            button.govuk-button type="submit" { @if id.is_empty() { "Add this agency" } @else { "Save this agency" } }
        }
    };
    let people = |agency: &str| -> Vec<String> {
        office
            .people_of_agency(agency)
            .map(|p| format!("{}, {}", p.name, desk.part_words(p)))
            .collect()
    };
    let body = html! {
        @if !id.is_empty() { (govuk::back_link("/agencies", "Agencies")) }
        (govuk::error_summary_of(&form))
        @if id.is_empty() {
            h1.govuk-heading-l { "Agencies" }
            p.govuk-body-l { "The organisations that this partnership asks for information. People of an agency see what their own agency is asked, and nothing of the others." }
            @if asked.is_empty() { p.govuk-body { "No agency is on the list yet." } }
            @else { table class="govuk-table c-cards" {
                thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Agency" } th.govuk-table__header scope="col" { "Kind" } th.govuk-table__header scope="col" { "Who has an account" } } }
                tbody { @for agency in &asked { tr.govuk-table__row {
                    th.govuk-table__header scope="row" { a.govuk-link href=(format!("/agencies/{}", agency.id)) { (agency.name) } @if !agency.mailbox.is_empty() { br; span.c-saved { (agency.mailbox) } } }
                    td.govuk-table__cell data-label="Kind" { (agency.kind) }
                    td.govuk-table__cell data-label="Who has an account" { @let list = people(&agency.id); @if list.is_empty() { "Nobody yet" } @else { @for one in &list { (one) br; } } }
                } } }
            } }
            h2.govuk-heading-m { "Add an agency" }
        } @else {
            h1.govuk-heading-l { (office.agencies.get(id).map_or("", |a| a.name.as_str())) }
            @let list = people(id);
            @if list.is_empty() { p.govuk-body { "Nobody of this agency has an account yet. " a.govuk-link href="/people" { "Add a person" } } }
            @else { p.govuk-body { "With an account: " (list.join("; ")) "." } }
        }
        (fields)
    };
    let title = match id {
        "" => "Agencies",
        _ => "An agency",
    };
    who.page(title, !problems.is_empty(), body)
}

/// Adds an agency.
pub async fn add(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    save(&who, "", values).await
}

/// Changes an agency.
pub async fn change(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    let id = here.get("agency").cloned().unwrap_or_default();
    if !who.desk().office().agencies.contains_key(&id) {
        allowed(&who)?;
        return Err(DeskError::NotThere.into());
    }
    save(&who, &id, values).await
}

async fn save(who: &SignedIn, id: &str, values: Values) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(who)?;
    let mut problems = Problems::default();
    let until = form::day(&values, &mut problems, "agency-until");
    let name = match id {
        "" => {
            super::incident_more::one_of_two(&values, &mut problems, "agency-name", "from-register")
                .unwrap_or_default()
        }
        _ => values.text("agency-name"),
    };
    if problems.is_empty() {
        let agency = Agency {
            id: id.to_owned(),
            name,
            kind: values.text("kind"),
            mailbox: values.text("mailbox"),
            until,
        };
        match who.desk().record_agency(who.actor(), agency).await {
            Ok(agency) => {
                let said = format!("{} is on the list.", agency.name);
                who.desk().put_notice(&who.session, &said).await?;
                return Ok(Redirect::to("/agencies").into_response());
            }
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
            Err(other) => return Err(other.into()),
        }
    }
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        draw(who, id, &values, &problems)?,
    )
        .into_response())
}
