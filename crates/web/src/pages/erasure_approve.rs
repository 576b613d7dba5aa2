//! Approving an erasure as a second person: what it is, what would change, the password again.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::erasure::{Command as Erasure, waits};
use cases::{Command, Refusal};
use desk::{DeskError, SentForm};
use maud::{Markup, html};

use super::erasure::what;
use super::erasure_propose::would_change;
use super::{passkeys, prove};
use crate::form::{Problems, Values};
use crate::govuk;
use crate::page::at::Params;
use crate::page::case_form::sentence;
use crate::page::parts::when;
use crate::page::{App, At, PageError, SignedIn, answer};

const PART: &str = "a proposal to erase, to approve it";

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read_whole(who, here, access::Section::Course, PART).await?;
    Ok(draw(&at, &Values::default(), &Problems::default())?.into_response())
}

fn draw(at: &At, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    if !at.may(access::Act::ApproveErasure) {
        return Err(DeskError::Denied(access::Denied::NotYours(
            "someone who decides or chairs approves an erasure",
        ))
        .into());
    }
    let proposed = at
        .case()
        .erasure
        .find(at.param("proposal"))
        .filter(|p| p.is_open())
        .ok_or(DeskError::NotThere)?;
    let p = &proposed.proposal;
    let days = waits(at.case(), p, at.who.desk().settings().erasure.wait_days);
    let token = match values.get("form-token") {
        "" => at.who.desk().token()?,
        kept => kept.to_owned(),
    };
    let mine = proposed.proposed.by.person == at.who.actor().person.id;
    let held = at.case().erasure.standing().next().is_some();
    let body = html! {
        (govuk::back_link(&at.url("erasure"), "Legal holds and erasure"))
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            (govuk::error_summary(problems))
            h1.govuk-heading-l { "Approve erasing " (what(at, &p.target)) }
            (govuk::facts(&[
                ("Rule".into(), html! { (p.rule.title) }, None),
                ("Why".into(), html! { (p.why) }, None),
                ("Proposed by".into(), html! { (proposed.proposed.by.name) ", " (proposed.proposed.by.part) ", " (when(at, proposed.proposed.at)) }, None),
            ]))
            (would_change(at, &p.target))
            @if proposed.approved.is_some() { p.govuk-body { "This is approved already." } }
            @else if mine { p.govuk-body { "You proposed this. Someone else has to approve it." } }
            @else if held { p.govuk-body { "A legal hold stands: it cannot be approved until the hold is lifted." } }
            @else {
                (govuk::warning("What is erased cannot be brought back by anyone."))
                p.govuk-body { @if days == 0 { "It is erased as soon as you approve it." } @else { "It is erased " (days) " days after you approve it. Until then you, the others who may approve and whoever runs the case can withdraw it." } }
                form method="post" action=(at.who.path) novalidate {
                    input type="hidden" name="csrf" value=(at.who.csrf()?);
                    input type="hidden" name="form-token" value=(token);
                    (prove::fields(&at.who, "password", "So that nobody approves on a screen you left open", problems))
                    button class="govuk-button govuk-button--warning" type="submit" data-prevent-double-click="true" { "Approve this erasure" }
                }
            }
        } }
    };
    at.page("Approve an erasure", "story", !problems.is_empty(), body)
}

/// Approves, and carries it out when nothing is to be waited for.
pub async fn approve(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    mut values: Values,
) -> Result<Response, PageError> {
    let ours = who.check(&values).is_ok();
    let at = At::read_whole(who, here, access::Section::Course, PART).await?;
    let mut problems = Problems::default();
    let refuse = |mut values: Values, status: StatusCode, problems: &Problems| {
        values.set("password", "");
        Ok::<_, PageError>((status, draw(&at, &values, problems)?).into_response())
    };
    if !ours {
        problems.add("", answer::SIGNED_IN_AGAIN);
        return refuse(values, StatusCode::FORBIDDEN, &problems);
    }
    // Who may not approve is told so before a password is looked at.
    draw(&at, &values, &problems)?;
    let desk = at.who.desk().clone();
    let proved = passkeys::again(&at.who, &values, "password", &mut problems).await?;
    values.set("password", "");
    if !proved {
        return refuse(values, StatusCode::UNPROCESSABLE_ENTITY, &problems);
    }
    let token = at.who.form_token(&values)?;
    if let Err(error) = desk.claim(&token).await {
        return match error {
            DeskError::AlreadySent(to) if !to.is_empty() => Ok(Redirect::to(&to).into_response()),
            other => Err(other.into()),
        };
    }
    let proposal = at.param("proposal").to_owned();
    let to = at.url("erasure");
    let form = SentForm {
        pasted: &[],
        token: &token,
        leads: &|_| to.clone(),
    };
    let command = Command::Erasure(Erasure::Approve {
        proposal: proposal.clone(),
        wait_days: desk.settings().erasure.wait_days,
    });
    let (actor, id) = (at.who.actor(), at.case().id.clone());
    match desk
        .carry_out(actor, &id, None, true, vec![command], Some(form))
        .await
    {
        Ok(_) => {
            // Where nothing is waited for it is carried out at once; where that fails, by the next round.
            // A browser that goes away does not stop it half-way.
            let erasing = desk.clone();
            let carried_out =
                tokio::spawn(async move { erasing.erase_now(&id, &proposal).await }).await;
            let now = match carried_out {
                Ok(Ok(())) => true,
                Ok(Err(DeskError::Refused(_))) => false,
                Ok(Err(error)) => {
                    tracing::error!(%error, "an erasure that is due could not be carried out; it is tried again");
                    false
                }
                Err(error) => {
                    tracing::error!(%error, "an erasure that is due was broken off; it is finished at the next start");
                    false
                }
            };
            let said = if now {
                "Approved and carried out. The certificate is with the manager."
            } else {
                "Approved. It is carried out when the waiting time is over."
            };
            desk.afterwards(desk.put_notice(&at.who.session, said).await);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            desk.let_go(&token).await;
            match error {
                DeskError::Refused(Refusal::ToCorrect(wrong)) => {
                    wrong
                        .iter()
                        .for_each(|w| problems.add(&w.field, &w.message));
                }
                DeskError::Refused(other) => problems.add("", &sentence(&other.to_string())),
                other => match answer::not_saved(&other) {
                    Some((status, words)) => {
                        problems.add("", words);
                        return refuse(values, status, &problems);
                    }
                    None => return Err(other.into()),
                },
            }
            refuse(values, StatusCode::UNPROCESSABLE_ENTITY, &problems)
        }
    }
}
