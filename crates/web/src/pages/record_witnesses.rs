//! Who is sent the checkpoints: one row for each witness.

use access::{Act, Witness};
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
    let named = who.desk().witnesses();
    let mut values = Values::default();
    for (at, witness) in named.iter().enumerate() {
        values.set(&format!("who-{at}"), &witness.who);
        values.set(&format!("address-{at}"), &witness.address);
    }
    values.set("witness-rows", &(named.len() + 1).to_string());
    Ok(draw(&who, &values, &Problems::default())?.into_response())
}

/// Names the witnesses, or gives one more row.
pub async fn save(
    State(_): State<App>,
    who: SignedIn,
    mut values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let rows = values.rows("witness", 0);
    if values.get("do") == "more" {
        values.set("witness-rows", &(rows + 1).to_string());
        return Ok(draw(&who, &values, &Problems::default())?.into_response());
    }
    let (mut list, mut rows_of) = (Vec::new(), Vec::new());
    for at in 0..rows {
        let witness = Witness {
            who: values.text(&format!("who-{at}")),
            address: values.text(&format!("address-{at}")),
        };
        if !(witness.who.is_empty() && witness.address.is_empty()) {
            list.push(witness);
            rows_of.push(at);
        }
    }
    match who.desk().name_witnesses(who.actor(), list).await {
        Ok(()) => {
            who.desk()
                .put_notice(&who.session, "The witnesses are named.")
                .await?;
            Ok(Redirect::to("/record").into_response())
        }
        Err(DeskError::Field { field, message }) => {
            // The desk counts the rows that say something; the page has empty ones too.
            let field = field
                .rsplit_once('-')
                .and_then(|(name, at)| Some((name, rows_of.get(at.parse::<usize>().ok()?)?)))
                .map_or(field.clone(), |(name, at)| format!("{name}-{at}"));
            let mut problems = Problems::default();
            problems.add(&field, &message);
            Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                draw(&who, &values, &problems)?,
            )
                .into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn draw(who: &SignedIn, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    access::permit_in_office(&who.actor().person, Act::ManageSettings).map_err(DeskError::from)?;
    let form = Form::new(values, problems);
    let csrf = who.csrf()?;
    let rows = values.rows("witness", 0);
    let body = html! {
        (govuk::back_link("/record", "The record"))
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "Who is sent the checkpoints" }
        p.govuk-body { "Name people who do not run this server: the independent scrutineer, and someone for each safeguarding partner. Each is sent every checkpoint from now on, beginning with the newest. The mail says nothing about any case." }
        p.govuk-body { "To take someone off the list, empty both boxes. Who is on it stays in the record." }
        form method="post" action="/record/witnesses" novalidate {
            input type="hidden" name="csrf" value=(csrf);
            input type="hidden" name="witness-rows" value=(rows);
            @for at in 0..rows {
                fieldset.govuk-fieldset {
                    legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { "Witness " (at + 1) }
                    (govuk::text(&form, &format!("who-{at}"), "Who this is", ""))
                    (govuk::width_text(&form, &format!("address-{at}"), "E-mail address", "", "", "email"))
                }
            }
            button.govuk-button type="submit" name="do" value="save" { "Save the list" }
            " "
            button class="govuk-button govuk-button--secondary" type="submit" name="do" value="more" { "Add another witness" }
        }
    };
    who.page("Who is sent the checkpoints", !problems.is_empty(), body)
}
