//! The state of the record for one case: where its newest entry and its decision stand, the checkpoint that covers them, and the evidence bundle.

use access::Act;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::DeskError;
use maud::{Markup, html};

use super::record::{groups, moment};
use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::at::{Here, Params};
use crate::page::{App, At, PageError, SignedIn, answer};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    Ok(draw(who, here, &Values::default(), &Problems::default())
        .await?
        .into_response())
}

/// Makes the bundle.
pub async fn bundle(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let id = here.get("case").cloned().unwrap_or_default();
    let recipients: Vec<String> = values
        .get("recipient")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    match who.desk().bundle(who.actor(), &id, &recipients).await {
        Ok(made) => Ok(answer::download(
            made.bytes,
            if made.sealed {
                "application/octet-stream"
            } else {
                "application/zip"
            },
            &made.name,
        )),
        Err(DeskError::Field { field, message }) => {
            let mut problems = Problems::default();
            problems.add(&field, &message);
            Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                draw(who, here, &values, &problems).await?,
            )
                .into_response())
        }
        Err(other) => Err(other.into()),
    }
}

async fn draw(
    who: SignedIn,
    here: Here,
    values: &Values,
    problems: &Problems,
) -> Result<Markup, PageError> {
    let at = At::read_whole(
        who,
        here,
        access::Section::Course,
        "the state of the record",
    )
    .await?;
    let desk = at.who.desk();
    let case = at.case();
    let newest = desk.newest_place(case).await?;
    let covered = desk.decision_covered(case).await?;
    let body = html! {
        (govuk::error_summary(problems))
        (govuk::back_link(&at.url("story"), "The whole story"))
        h1.govuk-heading-l { "The record of this case" }
        p.govuk-body { "Every entry of this case has a place in the partnership\u{2019}s log, and a hash that changes if one letter of it does. " a.govuk-link href="/record" { "The record as a whole, and its checkpoints" } "." }
        @if let Some(place) = &newest {
            (govuk::facts(&[
                ("Entries of this case".into(), html! { (case.version()) }, None),
                ("Position of the newest in the log".into(), html! { (place.position) }, None),
                ("Its hash".into(), groups(&place.hash.to_hex()), None),
            ]))
        }
        h2.govuk-heading-m { "The decision" }
        @match &covered {
            None => p.govuk-body { "There is no complete decision yet. A checkpoint is made when there is." },
            Some(decision) => {
                (govuk::facts(&[
                    ("Entry that completed it".into(), html! { a.govuk-link href=(at.url(&format!("story/{}", decision.number))) { "Entry " (decision.number) } ", position " (decision.position) " in the log" }, None),
                    ("Its hash".into(), groups(&decision.hash.to_hex()), None),
                ]))
                @match &decision.checkpoint {
                    None => p.govuk-body { "No checkpoint yet covers this. " a.govuk-link href="/record" { "Make one now" } "." },
                    Some(checkpoint) => {
                        h3.govuk-heading-s { "The checkpoint that covers it" }
                        (govuk::facts(&[
                            ("Entries covered".into(), html! { (checkpoint.head.size) }, None),
                            ("Root over them".into(), groups(&checkpoint.head.root.to_hex()), None),
                            ("Made".into(), html! { (moment(&at.who, checkpoint.at)) }, None),
                        ]))
                        (govuk::details("The signed text, letter by letter", &html! { div.c-text.c-mono tabindex="0" role="region" aria-label="The signed text" { (checkpoint.note) } }))
                        p.govuk-body { a.govuk-link href=(format!("/record/checkpoints/{}", checkpoint.head.size)) download { "Download this checkpoint" } }
                    }
                }
            }
        }
        @if at.may(Act::ExportCase) { (bundle_form(&at, values, problems)?) }
    };
    at.page(
        "The record of this case",
        "story",
        !problems.is_empty(),
        body,
    )
}

fn bundle_form(at: &At, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    let form = Form::new(values, problems);
    let csrf = at.who.csrf()?;
    Ok(html! {
        h2.govuk-heading-m { "An evidence bundle" }
        p.govuk-body { "A file for someone outside, such as a court, a reviewer or an inspectorate: the decision record and the story as documents, every entry of this case with the proof of its place in the record, and how to check all this without Candour." }
        p.govuk-body {
            @if at.shows_names() { b { "You have names turned on: the entries will show them." } " Turn them off first if whoever receives it does not need them." }
            @else { "Entries that hold a name are withheld: they show that they are there, and their hash. What people wrote in their own words may still name someone." }
        }
        p.govuk-body { "Hidden entries and safe addresses are always withheld. Documents that were added as files are not in it. That you made a bundle is written down each time." }
        form method="post" action=(at.url("record/bundle")) novalidate {
            input type="hidden" name="csrf" value=(csrf);
            (govuk::text(&form, "recipient", "Seal it for (optional)", "A recipient of the age format, which begins with age1. Whoever receives the bundle makes it with age-keygen and keeps the other half."))
            button.govuk-button type="submit" { "Make the bundle" }
        }
    })
}
