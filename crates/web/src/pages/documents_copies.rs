//! Copies of a paper for recipients: each with its number, the name and the day on each page, written down before they are handed out.

use access::{Act, Section};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::{DeskError, Format, Paper};
use maud::{Markup, html};

use super::prove;
use crate::form::{Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, answer, parts};

const PART: &str = "copies of a paper for recipients";

async fn reach(who: SignedIn, here: crate::page::Here) -> Result<(At, Paper), PageError> {
    let at = At::read(who, here, Section::Documents, PART).await?;
    at.permitted(Act::MakePapers)?;
    let paper = Paper::from_name(at.param("paper"))
        .filter(|paper| match paper {
            Paper::DecisionRecord | Paper::Matrix => true,
            Paper::Letter(..) => false,
            form => super::documents::forms(&at)
                .iter()
                .any(|(there, _)| there == form),
        })
        .ok_or(DeskError::NotThere)?;
    Ok((at, paper))
}

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let (at, paper) = reach(who, here).await?;
    Ok(draw(&at, &paper, &Values::default(), &Problems::default())?.into_response())
}

fn draw(at: &At, paper: &Paper, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    let form = Form::new(values, problems);
    let members: Vec<Choice> = (at.who.desk().may_be_given(&at.view, paper).into_iter())
        .map(|(name, part)| Choice::hinted(name.clone(), name, part.words()))
        .collect();
    let fields = html! {
        form method="post" action=(at.who.path) novalidate {
            input type="hidden" name="csrf" value=(at.who.csrf()?);
            (govuk::checkboxes(&form, "recipients", "For whom?", "Those of the case who read what this paper holds. Each gets a copy with their name, its number and the day on each page.", &members))
            (govuk::textarea(&form, "others", "Others, one on each line", "Name and part, like Independent scrutineer, Dr Ffion Arkwright", 3))
            (govuk::radios(&form, "format", "In which form?", "", &[Choice::new("pdf", "PDF"), Choice::new("docx", "Word document")]))
            button.govuk-button type="submit" { "Make the copies" }
        }
    };
    let body = html! {
        (govuk::back_link(&at.url("documents"), "Documents"))
        (govuk::error_summary_of(&form))
        h1.govuk-heading-l { "Copies for recipients" }
        p.govuk-body { "Each copy is made from the record as it stands now. Who was given which number stands in the record before the copies are handed to you, so that a copy that is found somewhere says whose it was." }
        (fields)
    };
    at.page(
        "Copies for recipients",
        "documents",
        !problems.is_empty(),
        body,
    )
}

/// Makes the copies.
pub async fn make(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let (at, paper) = reach(who, here).await?;
    if let Some(page) = prove::asked(&at.who, &values, "make copies to hand out").await? {
        return Ok(page);
    }
    let mut problems = Problems::default();
    let format = match values.get("format") {
        "pdf" => Some(Format::Pdf),
        "docx" => Some(Format::Docx),
        _ => {
            problems.add("format", "Choose in which form the copies are made");
            None
        }
    };
    let recipients: Vec<String> = values
        .all("recipients")
        .into_iter()
        .chain(values.get("others").lines())
        .map(|who| who.trim().to_owned())
        .filter(|who| !who.is_empty())
        .collect();
    if let Some(format) = format {
        let desk = at.who.desk();
        match desk
            .copies(at.who.actor(), &at.case().id, &paper, format, recipients)
            .await
        {
            Ok((bytes, name)) => return Ok(answer::download(bytes, "application/zip", &name)),
            Err(DeskError::Refused(cases::Refusal::ToCorrect(wrong))) => {
                for w in wrong {
                    problems.add(&w.field, &w.message);
                }
            }
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
            Err(other) => return Err(other.into()),
        }
    }
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        draw(&at, &paper, &values, &problems)?,
    )
        .into_response())
}

/// The copies that were made, newest first.
pub(super) fn handed_out(at: &At) -> Markup {
    let copies = &at.case().documents.copies;
    html! {
        @if !copies.is_empty() {
            h3.govuk-heading-s { "Copies that were handed out" }
            table class="govuk-table c-cards" {
                thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Number" } th.govuk-table__header scope="col" { "For" } th.govuk-table__header scope="col" { "Paper" } th.govuk-table__header scope="col" { "Made" } } }
                tbody { @for copy in copies.iter().rev() { tr.govuk-table__row {
                    th.govuk-table__header scope="row" { (copy.number) }
                    td.govuk-table__cell data-label="For" { (copy.recipient) }
                    td.govuk-table__cell data-label="Paper" { (crate::page::case_form::sentence(&copy.paper)) }
                    td.govuk-table__cell data-label="Made" { (parts::when(at, copy.at)) ", " (copy.by.name) }
                } } }
            }
        }
    }
}
