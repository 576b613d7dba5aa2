//! Papers of a case: the decision record, the matrix, forms to fill in by hand, released letters; as PDF and as a Word document.

use access::Act;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use desk::{DeskError, Format, Paper};
use maud::{Markup, html};

use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, answer};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, access::Section::Documents, "the list of papers").await?;
    let may = at.may(Act::MakePapers);
    let case = at.case();
    let forms = forms(&at);
    let mut letters = Vec::new();
    for (id, part) in &case.family.people {
        for (n, letter) in part.letters.iter().enumerate() {
            letters.push((
                Paper::Letter(id.clone(), n + 1),
                format!(
                    "Letter to {}, {}",
                    case.people.called(id),
                    calendar::words::short(letter.dated)
                ),
            ));
        }
    }
    let records = [
        (
            Paper::DecisionRecord,
            "Decision record, with everything behind it".to_owned(),
        ),
        (
            Paper::Matrix,
            "What was weighed, on one page where it fits".to_owned(),
        ),
    ];
    let body = html! {
        h1.govuk-heading-l { "Documents" }
        (super::documents_files::section(&at))
        @if may {
            h2.govuk-heading-m { "Papers made from the record" }
            p.govuk-body { "Records and forms carry pseudonyms, never the names of children or family. A letter says what was written in it, and the address that was recorded as safe. Each paper is made from the record as it stands now and says so. Making one is written down as a read." }
            h3.govuk-heading-s { "Records" } (list(&at, &records, true))
            h3.govuk-heading-s { "Forms to fill in by hand" }
            p.govuk-body { "Print them, have them filled in, and enter what they say afterwards: whoever enters it is named beside whoever gave it." }
            (list(&at, &forms, true))
            h3.govuk-heading-s { "Letters" }
            @if letters.is_empty() { p.govuk-body { "No letter is released yet. Letters are written on the page of each person under Child and family." } } @else { (list(&at, &letters, false)) }
            (super::documents_copies::handed_out(&at))
        } @else { p.govuk-body { "Your part in this case does not include making papers. Ask whoever runs it." } }
    };
    Ok(at
        .page("Documents", "documents", false, body)?
        .into_response())
}

/// The forms to fill in by hand that there are for this case, with what each is called.
pub(super) fn forms(at: &At) -> Vec<(Paper, String)> {
    let case = at.case();
    let mut forms = vec![(
        Paper::ConsiderationForm,
        "Consideration: every criterion and circumstance".to_owned(),
    )];
    for child in case.people.subjects() {
        forms.push((
            Paper::DefinitionForm(child.id.clone()),
            format!("Definition: {}", child.pseudonym),
        ));
    }
    for seat in at.who.desk().seats() {
        forms.push((
            Paper::PartnerForm(seat.seat.clone()),
            format!("To sign: {}", seat.body),
        ));
    }
    for id in cases::family::to_consider(case) {
        forms.push((
            Paper::ViewsForm(id.clone()),
            format!("Views: {}", case.people.called(&id)),
        ));
    }
    forms
}

fn list(at: &At, papers: &[(Paper, String)], copies: bool) -> Markup {
    html! {
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Paper" } th.govuk-table__header scope="col" { "PDF" } th.govuk-table__header scope="col" { "Word" } @if copies { th.govuk-table__header scope="col" { "Copies" } } } }
            tbody { @for (paper, words) in papers { tr.govuk-table__row {
                th.govuk-table__header scope="row" { (words) }
                td.govuk-table__cell { a.govuk-link href=(at.url(&format!("documents/{}.pdf", paper.name()))) { "PDF" span.govuk-visually-hidden { ", " (words) } } }
                td.govuk-table__cell { a.govuk-link href=(at.url(&format!("documents/{}.docx", paper.name()))) { "Word document" span.govuk-visually-hidden { ", " (words) } } }
                @if copies { td.govuk-table__cell { a.govuk-link href=(at.url(&format!("documents/copies/{}", paper.name()))) { "For recipients" span.govuk-visually-hidden { ", " (words) } } } }
            } } }
        }
    }
}

/// Makes one paper.
pub async fn make(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let name = here.get("name").cloned().unwrap_or_default();
    let (stem, format, kind) = match name.rsplit_once('.') {
        Some((stem, "pdf")) => (stem, Format::Pdf, "application/pdf"),
        Some((stem, "docx")) => (
            stem,
            Format::Docx,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        _ => return Err(DeskError::NotThere.into()),
    };
    let paper = Paper::from_name(stem).ok_or(DeskError::NotThere)?;
    let id = here.get("case").cloned().unwrap_or_default();
    let (bytes, file) = who.desk().paper(who.actor(), &id, &paper, format).await?;
    Ok(answer::download(bytes, kind, &file))
}
