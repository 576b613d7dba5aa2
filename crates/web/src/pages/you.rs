//! One's own page: who I am here, what authority I hold, names in this session, password, second step, sessions, drafts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::{DeskError, PASSWORD_HINT};
use maud::{Markup, html};

use crate::form::{Problems, Values};
use crate::govuk;
use crate::page::{App, PageError, SignedIn};

/// The page.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    Ok(draw(&who, &Problems::default()).await?.into_response())
}

async fn draw(who: &SignedIn, problems: &Problems) -> Result<Markup, PageError> {
    let desk = who.desk();
    let office = desk.office();
    let authorities = office.authorities(&who.actor().person.id, desk.today());
    let covers: Vec<String> = office
        .covers(&who.actor().person.id, desk.today())
        .into_iter()
        .filter_map(|id| office.person(id).map(|p| p.name.clone()))
        .collect();
    let drafts = desk.drafts(who.actor()).await?;
    let seats = desk.seats();
    let step = desk.step_in_use(who.actor()).await?;
    let passkeys = desk.own_passkeys(who.actor()).await?;
    let sessions = desk.own_sessions(&who.session).await?;
    let when = |at| calendar::words::moment(&desk.clock().local(at));
    let csrf = who.csrf()?;
    let names = who.actor().names;
    let partnerships = desk.own_partnerships(who.actor()).await?;
    let kept_elsewhere = desk.kept_elsewhere(who.actor()).await?.is_some();
    let second_step = html! {
        @if let Some(step) = &step {
            @match step.since { Some(since) => { "An app, since " (when(since)) ". " } None => "Your passkeys. " }
            (recovery_words(step.codes_left))
        }
    };
    let body = html! {
        (govuk::error_summary(problems))
        h1.govuk-heading-l { (who.actor().person.name) }
        (govuk::facts(&[
            ("Part".into(), html! { (who.actor().part) }, None),
            ("E-mail address".into(), html! { (who.actor().person.email) }, None),
            ("Authority to decide and sign".into(), html! {
                @if authorities.is_empty() { "None recorded" }
                @for a in &authorities { p class="govuk-body govuk-!-margin-bottom-1" { (seats.iter().find(|s| s.seat == a.seat).map_or(a.seat.partner.as_str(), |s| s.body.as_str())) ", as " (a.capacity) ", from " (a.from_whom) ", since " (calendar::words::short(a.from)) @if let Some(u) = a.until { " until " (calendar::words::short(u)) } } }
            }, None),
            ("Covering for".into(), html! { @if covers.is_empty() { "Nobody today" } @else { (covers.join(", ")) } }, None),
        ]))
        @if desk.may_restore(&who.actor().person).is_ok() { p.govuk-body { a.govuk-link href="/restore" { "Restore a locked account or a lost second step" } } }
        (super::services::link(who))
        @if !partnerships.is_empty() {
            h2.govuk-heading-m { "Your partnerships" }
            p.govuk-body { "You sign in at each of these with the same password and the same codes. Only you are shown this." }
            ul class="govuk-list govuk-list--bullet" { @for one in &partnerships { li { a.govuk-link href=(one.address) { (one.name) } @if one.home { ", where you change your password and your codes" } } } }
        }
        h2.govuk-heading-m { "Names" }
        p.govuk-body { "Pages show pseudonyms. You can show names beside them until you sign out; every page you open then is written down as read with names." }
        form method="post" action="/you/names" {
            input type="hidden" name="csrf" value=(csrf);
            input type="hidden" name="names" value=(if names { "off" } else { "on" });
            button class="govuk-button govuk-button--secondary" type="submit" { @if names { "Hide names" } @else { "Show names in this session" } }
        }
        h2.govuk-heading-m { "Drafts" }
        @if drafts.is_empty() { p.govuk-body { "You have no drafts." } }
        ul class="govuk-list govuk-list--bullet" { @for d in &drafts { li { a.govuk-link href=(d.page) { "What you typed on " (calendar::words::moment(&d.saved)) } @if d.handed_over { ", handed over to you" } } } }
        @if kept_elsewhere {
            h2.govuk-heading-m { "Your second step" }
            p.govuk-body { (second_step) }
        } @else {
            h2.govuk-heading-m { "Change your password" }
            form method="post" action="/you/password" novalidate {
                input type="hidden" name="csrf" value=(csrf);
                (secret(problems, "old-password", "Your password now", if passkeys.is_empty() { "" } else { "If you joined with a passkey you have none: ask for a link on the page for signing in" }, "current-password"))
                (secret(problems, "password", "The new one", &format!("{PASSWORD_HINT} Your other sessions end."), "new-password"))
                button.govuk-button type="submit" { "Change the password" }
            }
            h2.govuk-heading-m { "Your second step" }
            p.govuk-body { (second_step) }
            form method="post" action="/you/codes" novalidate {
                input type="hidden" name="csrf" value=(csrf);
                (secret(problems, "codes-password", "Your password", "For new recovery codes; those of before no longer work then.", "current-password"))
                button class="govuk-button govuk-button--secondary" type="submit" { "Make new recovery codes" }
                @if !passkeys.is_empty() { (super::passkeys::button(desk, "/you/again/passkey", "Make new codes with your passkey", "govuk-button--secondary", &Problems::default())) }
            }
        }
        (super::passkeys::own(who, &passkeys, &csrf, problems))
        h2.govuk-heading-m { "Where you are signed in" }
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Since" } th.govuk-table__header scope="col" { "Last used" } th.govuk-table__header scope="col" { "End" } } }
            tbody { @for one in &sessions { tr.govuk-table__row {
                td.govuk-table__cell data-label="Since" { (when(one.since)) }
                td.govuk-table__cell data-label="Last used" { (when(one.last_used)) }
                td.govuk-table__cell data-label="End" {
                    @if one.this { "This one" } @else { form method="post" action="/you/sessions" {
                        input type="hidden" name="csrf" value=(csrf);
                        input type="hidden" name="session" value=(one.name);
                        button class="govuk-button govuk-button--secondary" type="submit" { "End" span.govuk-visually-hidden { " the session begun on " (when(one.since)) } }
                    } }
                }
            } } }
        }
        @if sessions.len() > 1 {
            form method="post" action="/you/sessions" {
                input type="hidden" name="csrf" value=(csrf);
                button class="govuk-button govuk-button--warning" type="submit" { "End all the others" }
            }
        }
    };
    who.page("You", !problems.is_empty(), body)
}

pub(super) fn secret(
    problems: &Problems,
    name: &str,
    label: &str,
    hint: &str,
    complete: &str,
) -> Markup {
    let error = problems.for_field(name);
    let described = [
        (!hint.is_empty()).then(|| format!("{name}-hint")),
        error.map(|_| format!("{name}-error")),
    ];
    let described = described
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    html! {
        div class=(if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
            label.govuk-label for=(name) { (label) }
            @if !hint.is_empty() { div.govuk-hint id=(format!("{name}-hint")) { (hint) } }
            @if let Some(e) = error { p.govuk-error-message id=(format!("{name}-error")) { span.govuk-visually-hidden { "Error: " } (e) } }
            input class="govuk-input govuk-input--width-20" id=(name) name=(name) type="password" autocomplete=(complete) aria-describedby=[Some(described).filter(|d| !d.is_empty())];
        }
    }
}

/// Changes the password.
pub async fn password(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    match who
        .desk()
        .change_password(
            &who.session,
            values.get("old-password"),
            values.get("password"),
        )
        .await
    {
        Ok(()) => {
            who.desk()
                .put_notice(&who.session, "Your password is changed.")
                .await?;
            Ok(Redirect::to("/you").into_response())
        }
        Err(DeskError::Field { field, message }) => {
            let mut problems = Problems::default();
            problems.add(&field, &message);
            Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                draw(&who, &problems).await?,
            )
                .into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn recovery_words(left: u64) -> String {
    match left {
        0 => "No recovery code is left: make new ones.".into(),
        1 => "One recovery code is left.".into(),
        left => format!("{left} recovery codes are left."),
    }
}

/// Makes new codes on paper, for the right password.
pub async fn codes(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let desk = who.desk();
    let mut problems = Problems::default();
    if super::passkeys::again(&who, &values, "codes-password", &mut problems).await? {
        let codes = desk.new_recovery_codes(who.actor()).await?;
        let page = super::second_step::codes_page(&codes, "/you");
        return Ok(who
            .page("Keep your recovery codes", false, page)?
            .into_response());
    }
    refused(&who, &problems).await
}

/// The page, with what is to correct.
pub(super) async fn refused(who: &SignedIn, problems: &Problems) -> Result<Response, PageError> {
    let page = draw(who, problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Ends one of one's own sessions, or all the others.
pub async fn end_session(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Redirect, PageError> {
    who.check(&values)?;
    let name = Some(values.get("session")).filter(|name| !name.is_empty());
    who.desk().end_own_session(&who.session, name).await?;
    let said = match name {
        Some(_) => "That session has ended.",
        None => "All your other sessions have ended.",
    };
    who.desk().put_notice(&who.session, said).await?;
    Ok(Redirect::to("/you"))
}

/// Shows or hides names.
pub async fn names(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Redirect, PageError> {
    who.check(&values)?;
    who.desk()
        .show_names(&who.session, values.get("names") == "on")
        .await?;
    Ok(Redirect::to("/you"))
}
