//! Service accounts: the manager gives other systems access, changes and ends it; whoever answers for one makes its tokens.

use access::Act;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::{DeskError, NewService, ServiceLine};
use maud::{Markup, html};

use super::people::allowed;
use super::prove;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn};

/// All of them, and the form for another.
pub async fn list(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    allowed(&who, Act::ManageServices)?;
    let page = draw_list(&who, &Values::default(), &Problems::default()).await?;
    Ok(page.into_response())
}

async fn draw_list(
    who: &SignedIn,
    values: &Values,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let desk = who.desk();
    let services = desk.services(who.actor()).await?;
    let office = desk.office();
    let form = Form::new(values, problems);
    let agencies: Vec<Choice> = (office.agencies_on(desk.today()).into_iter())
        .map(|a| Choice::new(a.id.clone(), a.name.clone()))
        .collect();
    // People of the partnership, and of every agency: that they fit together is said when it is sent.
    let partnership = desk.may_answer_for(None);
    let of_agencies = (office.agencies_on(desk.today()).into_iter())
        .flat_map(|a| desk.may_answer_for(Some(&a.id)));
    let owners: Vec<Choice> = partnership
        .into_iter()
        .chain(of_agencies)
        .map(|p| Choice::new(p.id.clone(), format!("{}, {}", p.name, desk.part_words(&p))))
        .collect();
    let fields = html! {
        h2.govuk-heading-m { "Give another system access" }
        form method="post" action="/people/services" novalidate {
            input type="hidden" name="csrf" value=(who.csrf()?);
            (govuk::text(&form, "name", "What it is called", "As people know it, with whose it is"))
            (what_it_is_given(&form, &owners))
            @if !agencies.is_empty() { (govuk::select(&form, "agency", "Agency", "For a system that answers for an agency: it reads no case", "Reads cases of the partnership", &agencies)) }
            button.govuk-button type="submit" { "Give it access" }
        }
    };
    let body = html! {
        (govuk::back_link("/people", "People"))
        (govuk::error_summary_of(&form))
        h1.govuk-heading-l { "Other systems" }
        p.govuk-body-l { "A system beside Candour, such as the case management of a council, asks with a token of its own. A person answers for it, makes its tokens, and it sees nothing that this person is kept from." }
        p.govuk-body { "It reads only the cases it is added to, under \u{201c}Who may see this case\u{201d}, and sees no names. It signs nothing and decides nothing. What it reads is written down like a person\u{2019}s reading." }
        @if services.is_empty() { p.govuk-body { "No other system has access." } }
        @else { table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "System" } th.govuk-table__header scope="col" { "Who answers for it" } th.govuk-table__header scope="col" { "Until" } th.govuk-table__header scope="col" { "Last asked" } } }
            tbody { @for line in &services { tr.govuk-table__row {
                th.govuk-table__header scope="row" { a.govuk-link href=(format!("/people/services/{}", line.person.id)) { (line.person.name) } }
                td.govuk-table__cell data-label="Who answers for it" { (owner(who, line)) }
                td.govuk-table__cell data-label="Until" { (calendar::words::short(line.service.until)) @if let Some(shut) = line.shut { br; strong { "Not let in: " (shut.words()) } } }
                td.govuk-table__cell data-label="Last asked" { (last_used(who, line)) }
            } } }
        } }
        (fields)
    };
    who.page("Other systems", !problems.is_empty(), body)
}

fn owner(who: &SignedIn, line: &ServiceLine) -> String {
    let office = who.desk().office();
    let found = office.people.get(&line.service.owner);
    found.map_or_else(String::new, |person| person.name.clone())
}

fn last_used(who: &SignedIn, line: &ServiceLine) -> String {
    let clock = who.desk().clock();
    let last = line.tokens.iter().filter_map(|token| token.used_at).max();
    match (last, line.tokens.is_empty()) {
        (Some(at), _) => calendar::words::moment(&clock.local(at)),
        (None, true) => "It has no token yet".into(),
        (None, false) => "Not yet".into(),
    }
}

fn what_it_is_given(form: &Form<'_>, owners: &[Choice]) -> Markup {
    html! {
        (govuk::text(form, "purpose", "What it is for", "What it reads or sends, and why"))
        (govuk::select(form, "owner", "Who answers for it", "Makes its tokens and ends them. For a system of an agency someone of that agency", "Choose", owners))
        (govuk::date(form, "service-until", "Last day", "Within a year: whether it still needs its access is looked at again then"))
        (govuk::textarea(form, "networks", "The networks it may come from", "One on a line, like 192.0.2.0/24. Leave it empty only if it has no fixed address", 2))
    }
}

fn read(values: &Values, problems: &mut Problems) -> NewService {
    NewService {
        name: values.text("name"),
        purpose: values.text("purpose"),
        owner: values.text("owner"),
        agency: Some(values.text("agency")).filter(|a| !a.is_empty()),
        until: form::day(values, problems, "service-until"),
        networks: values.text("networks"),
    }
}

/// Puts what the desk refused beside its field; an error that is no field comes back.
fn wrong(problems: &mut Problems, error: DeskError) -> Result<(), PageError> {
    match error {
        DeskError::Field { field, message } => {
            let name = match field.as_str() {
                "until" => "service-until",
                other => other,
            };
            problems.add(name, &message);
            Ok(())
        }
        other => Err(other.into()),
    }
}

/// Gives another system access.
pub async fn give(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManageServices)?;
    if let Some(page) = prove::asked(&who, &values, "give another system access").await? {
        return Ok(page);
    }
    let mut problems = Problems::default();
    let new = read(&values, &mut problems);
    if problems.is_empty() {
        match who.desk().give_service(who.actor(), new).await {
            Ok(person) => {
                let said = format!(
                    "{} can be added to cases now. Whoever answers for it makes its token under \u{201c}You\u{201d}.",
                    person.name
                );
                who.desk().put_notice(&who.session, &said).await?;
                let to = format!("/people/services/{}", person.id);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(error) => wrong(&mut problems, error)?,
        }
    }
    let page = draw_list(&who, &values, &problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// One of them.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    allowed(&who, Act::ManageServices)?;
    let line = line(&who, &here).await?;
    let mut values = Values::default();
    values.set("purpose", &line.service.purpose);
    values.set("owner", &line.service.owner);
    values.set_day("service-until", Some(line.service.until));
    let networks: Vec<String> = (line.service.networks.iter())
        .map(ToString::to_string)
        .collect();
    values.set("networks", &networks.join("\n"));
    Ok(draw(&who, &line, &values, &Problems::default())?.into_response())
}

async fn line(who: &SignedIn, here: &crate::page::Here) -> Result<ServiceLine, PageError> {
    let id = here.get("service").map_or("", String::as_str);
    let all = who.desk().services(who.actor()).await?;
    let found = all.into_iter().find(|line| line.person.id == id);
    Ok(found.ok_or(DeskError::NotThere)?)
}

fn draw(
    who: &SignedIn,
    line: &ServiceLine,
    values: &Values,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let desk = who.desk();
    let office = desk.office();
    let form = Form::new(values, problems);
    let csrf = who.csrf()?;
    let id = &line.person.id;
    let owners: Vec<Choice> = (desk
        .may_answer_for(line.person.agency.as_deref())
        .into_iter())
    .map(|p| Choice::new(p.id.clone(), format!("{}, {}", p.name, desk.part_words(&p))))
    .collect();
    let agency = (line.person.agency.as_ref()).and_then(|a| office.agencies.get(a));
    let fields = html! {
        h2.govuk-heading-m { "Change what it is given" }
        form method="post" action=(format!("/people/services/{id}")) novalidate {
            input type="hidden" name="csrf" value=(csrf);
            (what_it_is_given(&form, &owners))
            p.govuk-body { "If someone else answers for it from now on, its tokens end at once." }
            button.govuk-button type="submit" { "Save" }
        }
        h2.govuk-heading-m { "End its access" }
        form method="post" action=(format!("/people/services/{id}/end")) novalidate {
            input type="hidden" name="csrf" value=(csrf);
            (govuk::text(&form, "why", "Why its access ends", "It ends at once, with every token. What it recorded stays."))
            button class="govuk-button govuk-button--warning" type="submit" { "End its access" }
        }
    };
    let body = html! {
        (govuk::back_link("/people/services", "Other systems"))
        (govuk::error_summary_of(&form))
        h1.govuk-heading-l { (line.person.name) }
        @if let Some(shut) = line.shut { (govuk::warning(&format!("This system is not let in: {}.", shut.words()))) }
        (govuk::facts(&[
            ("What it does".into(), html! { @match agency { Some(agency) => { "Answers for " (agency.name) ", and reads no case" } None => "Reads the cases it is added to" } }, None),
            ("Who answers for it".into(), html! { (owner(who, line)) }, None),
            ("Last asked".into(), html! { (last_used(who, line)) }, None),
        ]))
        h2.govuk-heading-m { "Its tokens" }
        (tokens(who, line, &format!("/people/services/{id}/token/end"), &csrf))
        (fields)
    };
    who.page(&line.person.name.clone(), !problems.is_empty(), body)
}

/// The tokens by what they are called, each with a button that ends it.
fn tokens(who: &SignedIn, line: &ServiceLine, end: &str, csrf: &str) -> Markup {
    let when = |at| calendar::words::moment(&who.desk().clock().local(at));
    html! {
        @if line.tokens.is_empty() { p.govuk-body { "It has none." } }
        @else { table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Begins with" } th.govuk-table__header scope="col" { "Made" } th.govuk-table__header scope="col" { "Last used" } th.govuk-table__header scope="col" { "End" } } }
            tbody { @for token in &line.tokens { tr.govuk-table__row {
                th.govuk-table__header scope="row" { code { (desk::TOKEN_PREFIX) (token.called) } }
                td.govuk-table__cell data-label="Made" { (when(token.made_at)) @if let Some(ends) = token.ends_at { br; "ends " (when(ends)) } }
                td.govuk-table__cell data-label="Last used" { @match token.used_at { Some(at) => (when(at)), None => "Not yet" } }
                td.govuk-table__cell data-label="End" { form method="post" action=(end) {
                    input type="hidden" name="csrf" value=(csrf);
                    input type="hidden" name="token" value=(token.called);
                    button class="govuk-button govuk-button--secondary" type="submit" { "End" span.govuk-visually-hidden { " the token that begins with " (token.called) } }
                } }
            } } }
        } }
    }
}

/// Changes what one is given.
pub async fn change(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManageServices)?;
    let line = line(&who, &here).await?;
    if let Some(page) = prove::asked(&who, &values, "change what a system is given").await? {
        return Ok(page);
    }
    let mut problems = Problems::default();
    let mut new = read(&values, &mut problems);
    new.name.clone_from(&line.person.name);
    if problems.is_empty() {
        match (who.desk())
            .change_service(who.actor(), &line.person.id, new)
            .await
        {
            Ok(()) => {
                let desk = who.desk();
                desk.put_notice(&who.session, "Saved in the record.")
                    .await?;
                let to = format!("/people/services/{}", line.person.id);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(error) => wrong(&mut problems, error)?,
        }
    }
    let page = draw(&who, &line, &values, &problems)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Ends one.
pub async fn end(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManageServices)?;
    let line = line(&who, &here).await?;
    let desk = who.desk();
    match desk
        .person_left(who.actor(), &line.person.id, &values.text("why"))
        .await
    {
        Ok(()) => {
            let said = format!("The access of {} has ended.", line.person.name);
            desk.put_notice(&who.session, &said).await?;
            Ok(Redirect::to("/people/services").into_response())
        }
        Err(error) => {
            let mut problems = Problems::default();
            wrong(&mut problems, error)?;
            let page = draw(&who, &line, &values, &problems)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Ends a token of one.
pub async fn end_token(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::ManageServices)?;
    let line = line(&who, &here).await?;
    let to = format!("/people/services/{}", line.person.id);
    ended(&who, &line, &values, &to).await
}

async fn ended(
    who: &SignedIn,
    line: &ServiceLine,
    values: &Values,
    to: &str,
) -> Result<Response, PageError> {
    let (desk, called) = (who.desk(), values.text("token"));
    desk.end_service_token(who.actor(), &line.person.id, &called)
        .await?;
    let said = format!("The token that begins with {called} has ended.");
    desk.put_notice(&who.session, &said).await?;
    Ok(Redirect::to(to).into_response())
}

/// The link on one's own page, for whoever answers for a system.
pub(super) fn link(who: &SignedIn) -> Markup {
    let office = who.desk().office();
    let own = office.services_of(&who.actor().person.id);
    html! {
        @if !own.is_empty() { p.govuk-body { a.govuk-link href="/you/services" { "Other systems you answer for" } } }
    }
}

/// Those for which one answers oneself.
pub async fn own(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    allowed(&who, Act::AnswerForService)?;
    let page = draw_own(&who, None, &Problems::default()).await?;
    Ok(page.into_response())
}

async fn draw_own(
    who: &SignedIn,
    made: Option<(&str, &str)>,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let own = who.desk().own_services(who.actor()).await?;
    let csrf = who.csrf()?;
    let body = html! {
        (govuk::back_link("/you", "You"))
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "Other systems you answer for" }
        p.govuk-body { "A token is to a system what a password is to you: keep it where the system keeps its secrets, send it to nobody, and make a new one when someone has left who knew it." }
        @if own.is_empty() { p.govuk-body { "You answer for none." } }
        @for line in &own {
            @let id = &line.person.id;
            @let heading = format!("service-{id}");
            section.c-text aria-labelledby=(heading) {
                h2.govuk-heading-m id=(heading) { (line.person.name) }
                @if let Some((service, token)) = made && service == id.as_str() {
                    (govuk::inset(&html! {
                        p.govuk-body { strong { "Its new token. It is shown this once." } }
                        p.govuk-body { code.c-token { (token) } }
                        p.govuk-body { "The tokens before it end within a week, so that the system can be changed over." }
                    }))
                }
                @if let Some(shut) = line.shut { (govuk::warning(&format!("This system is not let in: {}. Ask the business manager.", shut.words()))) }
                (govuk::facts(&[
                    ("What it is for".into(), html! { (line.service.purpose) }, None),
                    ("Let in until the end of".into(), html! { (calendar::words::long(line.service.until)) }, None),
                    ("From".into(), html! { @if line.service.networks.is_empty() { "Anywhere" } @for network in &line.service.networks { code { (network) } br; } }, None),
                ]))
                (tokens(who, line, &format!("/you/services/{id}/token/end"), &csrf))
                @if line.shut.is_none() {
                    form method="post" action=(format!("/you/services/{id}/token")) novalidate {
                        input type="hidden" name="csrf" value=(csrf);
                        button.govuk-button type="submit" data-prevent-double-click="true" { "Make a token" span.govuk-visually-hidden { " for " (line.person.name) } }
                    }
                }
            }
        }
    };
    who.page("Other systems you answer for", !problems.is_empty(), body)
}

async fn own_line(who: &SignedIn, here: &crate::page::Here) -> Result<ServiceLine, PageError> {
    allowed(who, Act::AnswerForService)?;
    let id = here.get("service").map_or("", String::as_str);
    let all = who.desk().own_services(who.actor()).await?;
    let found = all.into_iter().find(|line| line.person.id == id);
    Ok(found.ok_or(DeskError::NotThere)?)
}

/// Makes a token for one, and shows it this once.
pub async fn make_token(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let line = own_line(&who, &here).await?;
    if let Some(page) = prove::asked(&who, &values, "make a token").await? {
        return Ok(page);
    }
    let id = &line.person.id;
    match who.desk().make_service_token(who.actor(), id).await {
        Ok(token) => {
            let made = Some((id.as_str(), token.as_str()));
            let page = draw_own(&who, made, &Problems::default()).await?;
            Ok(page.into_response())
        }
        Err(error) => {
            let mut problems = Problems::default();
            wrong(&mut problems, error)?;
            let page = draw_own(&who, None, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Ends a token of one that one answers for.
pub async fn end_own_token(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let line = own_line(&who, &here).await?;
    ended(&who, &line, &values, "/you/services").await
}
