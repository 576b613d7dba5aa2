//! The people of the partnership: inviting them, delegated authority, absence with cover, leaving, handing work over.
//! Six short forms on one page share one address list, so they stand together.

use access::office::{Absence, Delegation};
use access::{Act, Person, Role};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::Seat;
use cases::context::Authority;
use desk::{DeskError, Invitee};
use maud::{Markup, html};

use super::{invitation, prove, sign_on};
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn};

fn may(who: &SignedIn, act: Act) -> bool {
    access::permit_in_office(&who.actor().person, act).is_ok()
}

pub(super) fn allowed(who: &SignedIn, act: Act) -> Result<(), PageError> {
    access::permit_in_office(&who.actor().person, act)
        .map(|_| ())
        .map_err(|d| DeskError::from(d).into())
}

fn seats(who: &SignedIn) -> Vec<Choice> {
    who.desk()
        .seats()
        .iter()
        .map(|s| {
            Choice::new(
                format!("{}/{}", s.seat.partner, s.seat.body),
                format!("{}: {}", s.partner, s.body),
            )
        })
        .collect()
}

fn seat(text: &str) -> Option<Seat> {
    text.split_once('/').map(|(partner, body)| Seat {
        partner: partner.into(),
        body: body.into(),
    })
}

/// Everyone.
pub async fn list(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    allowed(&who, Act::ManagePeople)?;
    Ok(draw_list(&who, &Values::default(), &Problems::default())
        .await?
        .into_response())
}

async fn draw_list(
    who: &SignedIn,
    values: &Values,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let desk = who.desk();
    let office = desk.office();
    let today = desk.today();
    let form = Form::new(values, problems);
    let roles: Vec<Choice> = (desk.roles().iter())
        .map(|r| Choice::new(r.id(), role_words(who, *r)))
        .collect();
    let agencies: Vec<Choice> = (office.agencies_on(today).into_iter())
        .map(|a| Choice::new(a.id.clone(), a.name.clone()))
        .collect();
    let links = super::restore::links(who).await?;
    let body = html! {
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "People" }
        (links)
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Name" } th.govuk-table__header scope="col" { "Role" } th.govuk-table__header scope="col" { "Authority" } th.govuk-table__header scope="col" { "Away" } } }
            tbody { @for p in office.people.values().filter(|p| p.role != Role::ServiceAccount) { tr.govuk-table__row {
                th.govuk-table__header scope="row" { a.govuk-link href=(format!("/people/{}", p.id)) { (p.name) } br; span.c-saved { (p.email) } }
                td.govuk-table__cell data-label="Role" { (desk.part_words(p)) @if p.left { " (left)" } @if office.locked.contains(&p.id) { br; span.c-saved { "locked, as it was not used" } } @if let Some(words) = invitation::short(who, &p.id) { br; span.c-saved { (words) } } }
                td.govuk-table__cell data-label="Authority" { @for a in office.authorities(&p.id, today) { (a.capacity) ", " @match a.until { Some(u) => { "until " (calendar::words::short(u)) } None => { "no end" } } br; } }
                td.govuk-table__cell data-label="Away" { @if let Some(cover) = office.cover_of(&p.id, today) { "Today; " (cover.name) " covers" } }
            } } }
        }
        h2.govuk-heading-m { "Invite a person" }
        form method="post" action="/people" novalidate {
            input type="hidden" name="csrf" value=(who.csrf()?);
            (govuk::text(&form, "name", "Name", ""))
            (govuk::width_text(&form, "email", "E-mail address", "Their invitation goes there, and they sign in with it", "govuk-input--width-20", "email"))
            (govuk::select(&form, "role", "Role", "A role gives no access to any case: people are added to each case", "Choose", &roles))
            (govuk::select(&form, "seat", "Safeguarding partner", "For a delegate or a deputy delegate", "Does not act for a partner", &seats(who)))
            (govuk::select(&form, "agency", "Agency", "For an agency lead or author; the list of agencies is kept under Agencies", "Does not answer for an agency", &agencies))
            button.govuk-button type="submit" { "Invite this person" }
        }
    };
    who.page("People", !problems.is_empty(), body)
}

fn role_words(who: &SignedIn, role: Role) -> String {
    let person = Person {
        id: String::new(),
        name: String::new(),
        email: String::new(),
        role,
        seat: None,
        agency: None,
        agencies_too: Default::default(),
        left: false,
    };
    crate::page::case_form::sentence(&who.desk().part_words(&person))
}

/// Invites a person.
pub async fn add(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManagePeople)?;
    if let Some(page) = prove::asked(&who, &values, "invite someone").await? {
        return Ok(page);
    }
    let mut problems = Problems::default();
    let role = Role::from_id(values.get("role"));
    if role.is_none() {
        problems.add("role", "Choose the role");
    }
    if let Some(role) = role {
        let new = Invitee {
            name: values.text("name"),
            email: values.text("email"),
            role,
            seat: seat(values.get("seat")),
            agency: Some(values.text("agency")).filter(|a| !a.is_empty()),
        };
        match who.desk().invite(who.actor(), new).await {
            Ok(invited) => return invitation::sent(&who, &invited).await,
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
            Err(other) => return Err(other.into()),
        }
    }
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        draw_list(&who, &values, &problems).await?,
    )
        .into_response())
}

/// One person.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    allowed(&who, Act::ManagePeople)?;
    let id = here.get("person").cloned().unwrap_or_default();
    // A system has a page of its own.
    if (who.desk().office().people.get(&id)).is_some_and(|p| p.role == Role::ServiceAccount) {
        allowed(&who, Act::ManageServices)?;
        return Ok(Redirect::to(&format!("/people/services/{id}")).into_response());
    }
    Ok(draw(&who, &id, &Values::default(), &Problems::default())?.into_response())
}

fn draw(
    who: &SignedIn,
    id: &str,
    values: &Values,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let desk = who.desk();
    let office = desk.office();
    let person = office.people.get(id).ok_or(DeskError::NotThere)?;
    let form = Form::new(values, problems);
    let csrf = who.csrf()?;
    let managers: Vec<Choice> = office
        .people
        .values()
        .filter(|p| {
            !p.left && p.id != id && matches!(p.role, Role::BusinessManager | Role::DeputyManager)
        })
        .map(|p| Choice::new(p.id.clone(), p.name.clone()))
        .collect();
    let manages = matches!(person.role, Role::BusinessManager | Role::DeputyManager);
    let post = |what: &str| format!("/people/{id}/{what}");
    let hidden = html! { input type="hidden" name="csrf" value=(csrf); };
    // Drawn first, so that the summary above it knows what the fields are called.
    let rest = html! {
        h1.govuk-heading-l { (person.name) }
        (govuk::facts(&[("Role".into(), html! { (desk.part_words(person)) @if person.left { ", left" } }, None), ("E-mail address".into(), html! { (person.email) }, None)]))
        (invitation::part(who, person, &form, &csrf))
        @if person.role.acts_for_an_agency() && !person.left { (agencies_of(who, person, &form, &csrf)) }
        @if office.kept_elsewhere.contains(id) { p.govuk-body { "Signs in with the account of another partnership, which keeps the password and the codes." } }
        @if person.role.acts_for_a_partner() && !person.left && may(who, Act::HandOver) {
            h2.govuk-heading-m { "Authority to decide and sign" }
            @for d in office.delegations.iter().filter(|d| d.person == id) {
                p.govuk-body { (d.authority.capacity) ", from " (d.authority.from_whom) ", since " (calendar::words::short(d.authority.from)) @match d.authority.until { Some(u) => { " until " (calendar::words::short(u)) } None => { ", no end" } } }
            }
            form method="post" action=(post("authority")) novalidate {
                (hidden)
                (govuk::text(&form, "from-whom", "Who gave the authority", "By name and office"))
                (govuk::text(&form, "capacity", "As", "Delegate, or deputy for someone"))
                (govuk::date(&form, "from", "From", ""))
                (govuk::date(&form, "until", "Until, including that day", "Leave it empty if it has no end"))
                button.govuk-button type="submit" { "Record this authority" }
            }
            (govuk::details("End the authority", &html! { form method="post" action=(post("authority/end")) novalidate {
                (hidden) (govuk::date(&form, "end-on", "Last day", "")) (govuk::text(&form, "end-why", "Why", "")) button.govuk-button type="submit" { "End this authority" }
            } }))
        }
        @if manages && !person.left && may(who, Act::HandOver) {
            h2.govuk-heading-m { "Absence with cover" }
            @for a in office.absences.iter().filter(|a| a.person == id) { p.govuk-body { (calendar::words::short(a.from)) " to " (calendar::words::short(a.until)) ": " (office.people.get(&a.cover).map_or("", |p| p.name.as_str())) " covers" } }
            form method="post" action=(post("absence")) novalidate {
                (hidden)
                (govuk::date(&form, "away-from", "First day away", ""))
                (govuk::date(&form, "away-until", "Last day away", ""))
                (govuk::select(&form, "cover", "Who covers", "They see and run this person\u{2019}s cases on those days, unless barred", "Choose", &managers))
                button.govuk-button type="submit" { "Record this absence" }
            }
            h2.govuk-heading-m { "Hand over everything in one act" }
            p.govuk-body { "All cases this person runs, their tasks and their drafts go to another manager." }
            form method="post" action=(post("hand-over")) novalidate {
                (hidden)
                (govuk::select(&form, "to", "To whom", "", "Choose", &managers))
                (govuk::text(&form, "over-why", "Why", ""))
                button.govuk-button type="submit" { "Hand everything over" }
            }
        }
        @if !person.left && id != who.actor().person.id {
            @if !invitation::is_awaited(who, id) {
            h2.govuk-heading-m { "A lost second step" }
            p.govuk-body { "Who has lost their app and their recovery codes sets the second step up again at the next sign-in, once it is taken off. Every session of theirs ends, and the record says who took it off." }
            form method="post" action=(post("second-step")) novalidate {
                (hidden)
                (govuk::text(&form, "step-why", "How you made sure that it is this person who asks", "Such as: spoke to them on the number we have always had"))
                button class="govuk-button govuk-button--secondary" type="submit" { "Take the second step off" }
            }
            }
            (sign_on::of_person(desk, id, &csrf, problems, values))
            h2.govuk-heading-m { "Leaving" }
            form method="post" action=(post("left")) novalidate {
                (hidden)
                (govuk::text(&form, "left-why", "Why the account ends", "It ends at once, with every session"))
                button class="govuk-button govuk-button--warning" type="submit" { "End this account" }
            }
        }
    };
    let body = html! {
        (govuk::back_link("/people", "People"))
        (govuk::error_summary_of(&form))
        (rest)
    };
    who.page(&person.name.clone(), !problems.is_empty(), body)
}

/// The agencies that a person answers for.
fn agencies_of(who: &SignedIn, person: &Person, form: &Form<'_>, csrf: &str) -> Markup {
    let desk = who.desk();
    let office = desk.office();
    let choice = |id: &str| {
        let agency = office.agencies.get(id)?;
        Some(Choice::new(agency.id.clone(), agency.name.clone()))
    };
    let own: Vec<Choice> = person.agencies().filter_map(choice).collect();
    let others: Vec<Choice> = (office.agencies_on(desk.today()).iter())
        .filter(|agency| !person.answers_for(&agency.id))
        .map(|agency| Choice::new(agency.id.clone(), agency.name.clone()))
        .collect();
    let post = |what: &str| format!("/people/{}/agencies{what}", person.id);
    html! {
        h2.govuk-heading-m { "Answers for" }
        ul class="govuk-list govuk-list--bullet" { @for one in &own { li { (one.label) } } }
        @if !others.is_empty() { (govuk::details("Another agency too", &html! { form method="post" action=(post("")) novalidate {
            input type="hidden" name="csrf" value=(csrf);
            (govuk::select(form, "other-agency", "Agency", "It opens no case: add them to each", "Choose", &others))
            button.govuk-button type="submit" { "Add this agency" }
        } })) }
        @if own.len() > 1 { (govuk::details("No longer for one of them", &html! { form method="post" action=(post("/end")) novalidate {
            input type="hidden" name="csrf" value=(csrf);
            (govuk::select(form, "end-agency", "Agency it ends for", "The cases they were added to for it are closed to them at once", "Choose", &own))
            (govuk::text(form, "end-agency-why", "Why it ends", ""))
            button.govuk-button type="submit" { "End this" }
        } })) }
    }
}

/// Lets a person answer for another agency too.
pub async fn give_agency(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManagePeople)?;
    let id = id_of(&here);
    let done = (who.desk())
        .give_agency(who.actor(), &id, &values.text("other-agency"))
        .await
        .map(|()| "Recorded. They are added to each case as before.".to_owned());
    after(&who, &id, &values, done, &[], Problems::default()).await
}

/// Records that a person no longer answers for one of several agencies.
pub async fn take_agency(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManagePeople)?;
    let id = id_of(&here);
    let (agency, why) = (values.text("end-agency"), values.text("end-agency-why"));
    let done = (who.desk())
        .take_agency(who.actor(), &id, &agency, &why)
        .await
        .map(|()| "It has ended, with every session.".to_owned());
    let fields = [("agency", "end-agency"), ("why", "end-agency-why")];
    after(&who, &id, &values, done, &fields, Problems::default()).await
}

/// Shows the page again with what has to be corrected, or goes back to it.
pub(super) async fn after(
    who: &SignedIn,
    id: &str,
    values: &Values,
    done: Result<String, DeskError>,
    rename: &[(&str, &str)],
    mut problems: Problems,
) -> Result<Response, PageError> {
    match done {
        Ok(said) if problems.is_empty() => {
            who.desk().put_notice(&who.session, &said).await?;
            return Ok(Redirect::to(&format!("/people/{id}")).into_response());
        }
        Ok(_) => {}
        Err(DeskError::Field { field, message }) => {
            let name = rename
                .iter()
                .find(|(from, _)| *from == field)
                .map_or(field.as_str(), |(_, to)| to);
            problems.add(name, &message);
        }
        Err(DeskError::Refused(cases::Refusal::ToCorrect(wrong))) => wrong
            .iter()
            .for_each(|w| problems.add(&w.field, &w.message)),
        Err(other) => return Err(other.into()),
    }
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        draw(who, id, values, &problems)?,
    )
        .into_response())
}

pub(super) fn id_of(here: &crate::page::Here) -> String {
    here.get("person").cloned().unwrap_or_default()
}

/// Records delegated authority.
pub async fn authority(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManagePeople)?;
    if let Some(page) = prove::asked(&who, &values, "record authority").await? {
        return Ok(page);
    }
    let id = id_of(&here);
    let mut problems = Problems::default();
    let from = form::required_day(
        &values,
        &mut problems,
        "from",
        "Enter the first day of the authority",
    );
    let until = form::day(&values, &mut problems, "until");
    let capacity = form::optional(&values, "capacity").unwrap_or_else(|| "delegate".into());
    let held = who.desk().office().person(&id).and_then(|p| p.seat.clone());
    let (Some(from), Some(seat), true) = (from, held, problems.is_empty()) else {
        return after(&who, &id, &values, Ok(String::new()), &[], problems).await;
    };
    let delegation = Delegation {
        person: id.clone(),
        authority: Authority {
            seat,
            capacity,
            from_whom: values.text("from-whom"),
            from,
            until,
        },
    };
    let done = who
        .desk()
        .delegate(who.actor(), delegation)
        .await
        .map(|()| "The authority is recorded.".to_owned());
    after(&who, &id, &values, done, &[], problems).await
}

/// Ends delegated authority.
pub async fn end_authority(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManagePeople)?;
    let id = id_of(&here);
    let mut problems = Problems::default();
    let Some(on) = form::required_day(&values, &mut problems, "end-on", "Enter the last day")
    else {
        return after(&who, &id, &values, Ok(String::new()), &[], problems).await;
    };
    let done = who
        .desk()
        .end_authority(who.actor(), &id, on, &values.text("end-why"))
        .await
        .map(|()| "The authority ends.".to_owned());
    after(&who, &id, &values, done, &[("why", "end-why")], problems).await
}

/// Records that someone left.
pub async fn left(
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
        .person_left(who.actor(), &id, &values.text("left-why"))
        .await
        .map(|()| "The account has ended.".to_owned());
    after(
        &who,
        &id,
        &values,
        done,
        &[("why", "left-why"), ("person", "left-why")],
        Problems::default(),
    )
    .await
}

/// Takes a lost second step off.
pub async fn second_step(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManagePeople)?;
    if let Some(page) = prove::asked(&who, &values, "take a second step off").await? {
        return Ok(page);
    }
    let id = id_of(&here);
    let done = who
        .desk()
        .take_step_off(who.actor(), &id, &values.text("step-why"))
        .await
        .map(|()| "The second step is taken off.".to_owned());
    after(&who, &id, &values, done, &[], Problems::default()).await
}

/// Records an absence.
pub async fn absence(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::HandOver)?;
    let id = id_of(&here);
    let mut problems = Problems::default();
    let from = form::required_day(
        &values,
        &mut problems,
        "away-from",
        "Enter the first day away",
    );
    let until = form::required_day(
        &values,
        &mut problems,
        "away-until",
        "Enter the last day away",
    );
    let (Some(from), Some(until)) = (from, until) else {
        return after(&who, &id, &values, Ok(String::new()), &[], problems).await;
    };
    let absence = Absence {
        person: id.clone(),
        from,
        until,
        cover: values.text("cover"),
    };
    let done = who
        .desk()
        .record_absence(who.actor(), absence)
        .await
        .map(|()| "The absence is recorded.".to_owned());
    after(
        &who,
        &id,
        &values,
        done,
        &[("until", "away-until")],
        problems,
    )
    .await
}

/// Hands everything over.
pub async fn hand_over(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::HandOver)?;
    if let Some(page) = prove::asked(&who, &values, "hand work over").await? {
        return Ok(page);
    }
    let id = id_of(&here);
    let done = who
        .desk()
        .hand_over(
            who.actor(),
            &id,
            &values.text("to"),
            &values.text("over-why"),
        )
        .await;
    let done = done.map(|h| {
        format!(
            "Handed over: {} cases and {} drafts.",
            h.cases.len(),
            h.drafts
        )
    });
    after(
        &who,
        &id,
        &values,
        done,
        &[("why", "over-why")],
        Problems::default(),
    )
    .await
}
