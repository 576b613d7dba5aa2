//! An agency lead's own agency: who of it has access, and ending that of whoever has left.

use access::Person;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::DeskError;
use maud::{Markup, html};

use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn};

/// The page.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    Ok(draw(&who, &Values::default(), &Problems::default())?.into_response())
}

/// The field for the reason, apart from those of the other people on the page.
fn field(person: &str) -> String {
    format!("left-why-{person}")
}

fn draw(who: &SignedIn, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    let desk = who.desk();
    let people = desk.own_agency(who.actor())?;
    let office = desk.office();
    let own = who.actor().person.agencies();
    let own: Vec<&str> = own
        .filter_map(|id| office.agencies.get(id))
        .map(|agency| agency.name.as_str())
        .collect();
    let agency = match own.as_slice() {
        [] => "your agency".to_owned(),
        all => all.join(" and "),
    };
    let form = Form::new(values, problems);
    let body = html! {
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "Who of " (agency) " has access" }
        p.govuk-body { "These people can sign in to Candour for your agency, and systems ask for it. Each sees only the requests of the cases they were added to." }
        p.govuk-body { "End the access of someone who has left on the day they leave. To give someone access, ask the business manager of the partnership." }
        @for person in &people { (one(who, person, &form)?) }
    };
    who.page("Your agency", !problems.is_empty(), body)
}

fn one(who: &SignedIn, person: &Person, form: &Form<'_>) -> Result<Markup, PageError> {
    let own = person.id == who.actor().person.id;
    let heading = format!("person-{}", person.id);
    Ok(html! {
        section.c-text aria-labelledby=(heading) {
            h2.govuk-heading-m id=(heading) { (person.name) @if own { " (you)" } }
            p.govuk-body { (who.desk().part_words(person)) @if !person.email.is_empty() { br; (person.email) } }
            @if own { p.govuk-body { "If you leave yourself, tell the business manager: they end your access, and name who leads after you." } }
            @else {
                form method="post" action=(format!("/your-agency/{}/left", person.id)) novalidate {
                    input type="hidden" name="csrf" value=(who.csrf()?);
                    (govuk::text(form, &field(&person.id), "Why their access ends", "It ends at once, with every session. What they wrote stays."))
                    button class="govuk-button govuk-button--warning" type="submit" { "End the access" span.govuk-visually-hidden { " of " (person.name) } }
                }
            }
        }
    })
}

/// Ends the access of one of them.
pub async fn left(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let desk = who.desk();
    let id = here.get("person").cloned().unwrap_or_default();
    let people = desk.own_agency(who.actor())?;
    let person = (people.iter().find(|p| p.id == id)).ok_or(DeskError::NotThere)?;
    match desk
        .person_left(who.actor(), &id, &values.text(&field(&id)))
        .await
    {
        Ok(()) => {
            let said = format!("The access of {} has ended.", person.name);
            desk.put_notice(&who.session, &said).await?;
            Ok(Redirect::to("/your-agency").into_response())
        }
        Err(DeskError::Field { message, .. }) => {
            let mut problems = Problems::default();
            problems.add(&field(&id), &message);
            let page = draw(&who, &values, &problems)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
