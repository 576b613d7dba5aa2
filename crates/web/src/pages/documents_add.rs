//! Adding a document as a file: a plain form that works without scripts, its file read piece by piece as it arrives.
//! The words come before the file, so that nobody waits for an upload whose title is missing.

use std::time::Duration;

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use cases::Refusal;
use cases::documents::{Apart, Document};
use desk::{ArrivedFile, DeskError, SentForm};
use maud::{Markup, html};

use super::documents_files::size;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::answer::not_saved;
use crate::page::at::Params;
use crate::page::case_form::sentence;
use crate::page::{App, At, PageError, SignedIn};

/// What the read log calls this part.
const PART: &str = "adding a document";
/// The words of the form beside the file: more than this is no form of ours.
const LONGEST_WORDS: usize = 64 * 1024;
const MOST_FIELDS: usize = 40;
/// What a request may hold besides the file: the words, and what stands between them.
const BESIDES: u64 = 1024 * 1024;
/// A browser that sends nothing for so long has gone away.
const SILENCE: Duration = Duration::from_secs(60);

/// What was asked: the words, and the file if it came.
struct Asked {
    values: Values,
    problems: Problems,
    arrived: Option<ArrivedFile>,
}

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = read(who, here).await?;
    let draft = at.who.desk().draft(at.who.actor(), &at.who.path).await?;
    let values = draft.map(|d| Values::from(d.values)).unwrap_or_default();
    Ok(draw(&at, &values, &Problems::default())?.into_response())
}

async fn read(who: SignedIn, here: crate::page::Here) -> Result<At, PageError> {
    let at = At::read(who, here, access::Section::Documents, PART).await?;
    at.permitted(access::Act::KeepDocuments)?;
    Ok(at)
}

/// Takes the file and adds it.
pub async fn add(
    State(app): State<App>,
    who: SignedIn,
    Params(here): Params,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, PageError> {
    // Whose case it is comes first: what was sent, and in which form, is looked at only for those who may add.
    let at = read(who, here).await?;
    let mut multipart = Multipart::from_request(request, &app).await.map_err(|_| {
        PageError::Wrong(
            "This form cannot be read. Go back, reload the page and send it again.".into(),
        )
    })?;
    let desk = at.who.desk().clone();
    let announced = length(&headers);
    if announced.is_some_and(|length| length > desk.largest_file() + BESIDES) {
        // Not a byte of it is read.
        let mut problems = Problems::default();
        take_over(&mut problems, desk::too_large(desk.largest_file()))?;
        let page = draw(&at, &Values::default(), &problems)?;
        let close = (header::CONNECTION, HeaderValue::from_static("close"));
        return Ok((StatusCode::PAYLOAD_TOO_LARGE, [close], page).into_response());
    }
    let asked = take(&at, &mut multipart, announced.is_some()).await?;
    let Asked {
        values,
        mut problems,
        arrived,
    } = asked;
    let Some(arrived) = arrived else {
        if problems.is_empty() {
            problems.add("file", "Choose the file to add");
        }
        return refuse(&at, &values, &problems).await;
    };
    let mut unheeded = Problems::default();
    let document = said(&values, &mut unheeded);
    let token = at.who.form_token(&values)?;
    if let Err(error) = desk.claim(&token).await {
        return unsaved(&at, &values, problems, error).await;
    }
    let (to, who) = (at.url("documents"), at.who.actor());
    let form = SentForm {
        pasted: &[],
        token: &token,
        leads: &|_| to.clone(),
    };
    match desk
        .add_document_for(who, &at.case().id, document, arrived, Some(form))
        .await
    {
        Ok(acted) => {
            let newest = acted.case.documents.list.last();
            let inside = newest.map(|f| cases::documents::inside::words(&f.document.inside));
            let said = match inside.filter(|words| !words.is_empty()) {
                Some(words) => format!(
                    "The document is in the case. It holds besides what is seen: {words}. If that was not meant, withdraw it and add a clean one."
                ),
                None => "The document is in the case.".to_owned(),
            };
            desk.afterwards(desk.drop_draft(who, &at.who.path).await);
            desk.afterwards(desk.put_notice(&at.who.session, &said).await);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            desk.let_go(&token).await;
            match error {
                error @ (DeskError::Field { .. } | DeskError::Refused(_)) => {
                    take_over(&mut problems, error)?;
                    refuse(&at, &values, &problems).await
                }
                other => unsaved(&at, &values, problems, other).await,
            }
        }
    }
}

/// The same page when the store could not save, with every typed word still there; the file has to be chosen again.
async fn unsaved(
    at: &At,
    values: &Values,
    mut problems: Problems,
    error: DeskError,
) -> Result<Response, PageError> {
    if matches!(&error, DeskError::AlreadySent(to) if !to.is_empty()) {
        return Err(error.into());
    }
    let (desk, kept) = (at.who.desk(), values.kept());
    desk.afterwards(
        desk.keep_draft(at.who.actor(), &at.who.path, None, &kept)
            .await,
    );
    let Some((status, words)) = not_saved(&error) else {
        return Err(error.into());
    };
    tracing::error!(%error, "a document was not added");
    problems.add("", words);
    Ok((status, draw(at, values, &problems)?).into_response())
}

/// Reads the form as it arrives: words first, then the file.
async fn take(at: &At, multipart: &mut Multipart, bounded: bool) -> Result<Asked, PageError> {
    let mut asked = Asked {
        values: Values::default(),
        problems: Problems::default(),
        arrived: None,
    };
    let mut checked = false;
    for _ in 0..MOST_FIELDS {
        let next = in_time(multipart.next_field()).await?;
        let Some(mut field) = next else {
            // A form without a file field has to be ours all the same.
            if !checked {
                at.who.check(&asked.values)?;
                said(&asked.values, &mut asked.problems);
            }
            return Ok(asked);
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let words = words(&mut field).await?;
            asked.values.set(&name, &words);
            continue;
        }
        at.who.check(&asked.values)?;
        checked = true;
        let document = said(&asked.values, &mut asked.problems);
        let desk = at.who.desk();
        let (who, case) = (at.who.actor(), at.case().id.as_str());
        if let Err(error) = desk.check_document(who, case, &document).await {
            take_over(&mut asked.problems, error)?;
        }
        let called = field.file_name().unwrap_or_default().to_owned();
        if called.is_empty() {
            asked.problems.add("file", "Choose the file to add");
        }
        if asked.problems.is_empty() {
            match arrive(at, &mut field, &called).await? {
                Ok(arrived) => asked.arrived = Some(arrived),
                Err(error) => take_over(&mut asked.problems, error)?,
            }
        } else {
            asked.problems.add(
                "file",
                "Choose the file again: a browser does not keep it when something else is corrected",
            );
        }
        if !asked.problems.is_empty() && bounded {
            // The browser shows our page only when it has got rid of what it sends.
            while in_time(field.chunk()).await?.is_some() {}
        }
        if !asked.problems.is_empty() {
            return Ok(asked);
        }
    }
    Err(PageError::Wrong("This form has too many parts.".into()))
}

/// The file itself: the outer error ends the request, the inner one is shown beside the field.
async fn arrive(
    at: &At,
    field: &mut Field<'_>,
    called: &str,
) -> Result<Result<ArrivedFile, DeskError>, PageError> {
    let desk = at.who.desk();
    let mut arriving = desk
        .begin_file(at.who.actor(), &at.case().id, called)
        .await?;
    while let Some(part) = in_time(field.chunk()).await? {
        match arriving.write(&part).await {
            Ok(()) => {}
            Err(error @ DeskError::Field { .. }) => return Ok(Err(error)),
            Err(error) => return Err(error.into()),
        }
    }
    match arriving.finish().await {
        Err(error) if !matches!(error, DeskError::Field { .. }) => Err(error.into()),
        other => Ok(other),
    }
}

async fn words(field: &mut Field<'_>) -> Result<String, PageError> {
    let mut bytes = Vec::new();
    while let Some(part) = in_time(field.chunk()).await? {
        bytes.extend_from_slice(&part);
        if bytes.len() > LONGEST_WORDS {
            return Err(PageError::Wrong("What was typed is too long.".into()));
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

async fn in_time<T>(
    coming: impl Future<Output = Result<T, axum::extract::multipart::MultipartError>>,
) -> Result<T, PageError> {
    match tokio::time::timeout(SILENCE, coming).await {
        Ok(Ok(came)) => Ok(came),
        _ => Err(PageError::Wrong(
            "The file did not arrive whole: the connection broke. Nothing was added. Go back and send it again.".into(),
        )),
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Whether a request carries a form with a file.
pub(crate) fn brings_a_file(request: &Request) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

/// The words of a form with a file, up to the file, which is not read.
pub(crate) async fn typed_before_file(request: Request, app: &App) -> Result<Values, PageError> {
    let mut multipart = Multipart::from_request(request, app)
        .await
        .map_err(|_| PageError::Wrong("This form cannot be read.".into()))?;
    let mut values = Values::default();
    for _ in 0..MOST_FIELDS {
        match in_time(multipart.next_field()).await? {
            Some(mut field) if field.name() != Some("file") => {
                let name = field.name().unwrap_or_default().to_owned();
                values.set(&name, &words(&mut field).await?);
            }
            _ => break,
        }
    }
    Ok(values)
}

fn said(values: &Values, problems: &mut Problems) -> Document {
    Document {
        title: values.text("title"),
        what: values.text("what"),
        dated: form::day(values, problems, "dated"),
        source: values.text("source"),
        element: values.text("element"),
        apart: Apart::of(values.get("apart")),
        ..Document::default()
    }
}

/// What a person can correct stands beside its field; anything else ends the request.
fn take_over(problems: &mut Problems, error: DeskError) -> Result<(), PageError> {
    match error {
        DeskError::Field { field, message } => problems.add(&field, &message),
        DeskError::Refused(Refusal::ToCorrect(wrong)) => {
            for one in wrong {
                problems.add(&one.field, &one.message);
            }
        }
        DeskError::Refused(other) => problems.add("", &sentence(&other.to_string())),
        other => return Err(other.into()),
    }
    Ok(())
}

/// The same page with what is to be corrected, every typed word still there and kept as a draft.
async fn refuse(at: &At, values: &Values, problems: &Problems) -> Result<Response, PageError> {
    at.who
        .desk()
        .keep_draft(at.who.actor(), &at.who.path, None, &values.kept())
        .await?;
    let page = draw(at, values, problems)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn draw(at: &At, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    let form = Form::new(values, problems);
    let token = at.who.desk().token()?;
    let largest = at.who.desk().largest_file();
    let elements: Vec<Choice> = at
        .rules()
        .considered()
        .map(|e| Choice::new(e.id.to_string(), e.label.clone()))
        .collect();
    let body = html! {
        (govuk::back_link(&at.url("documents"), "Documents"))
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            (govuk::error_summary(problems))
            h1.govuk-heading-l { "Add a document" }
            p.govuk-body { "The file is kept sealed, as it is. Members who act in the case can open it, and each opening is written down. It can be withdrawn, not deleted." }
            form method="post" novalidate enctype="multipart/form-data" action=(at.who.path) {
                input type="hidden" name="csrf" value=(at.who.csrf()?);
                input type="hidden" name="form-token" value=(token);
                (govuk::text(&form, "title", "Title", "As people in this case would call it, without names"))
                (govuk::text(&form, "what", "What it is (optional)", "Like chronology, report, minutes, recording of an interview"))
                (govuk::date(&form, "dated", "Date of the document (optional)", "The date it bears, like 27 3 2026"))
                (govuk::text(&form, "source", "Where it came from (optional)", "Who holds it or sent it, like records office of Tilbrook Hospital"))
                (govuk::select(&form, "element", "What it bears on (optional)", "", "Nothing in particular", &elements))
                (govuk::select(&form, "apart", "Kept apart (optional)", "What is kept apart is read by fewer people; the others see that it is there, and nothing of it", "No: for everyone in the case who reads documents", &kept_apart()))
                (file_field(&form, largest))
                button.govuk-button type="submit" name="do" value="save" data-prevent-double-click="true" { "Add the document" }
            }
        } }
    };
    at.page("Add a document", "documents", !problems.is_empty(), body)
}

/// What can be kept apart, and for whom.
fn kept_apart() -> Vec<Choice> {
    let label = |apart: Apart| {
        let section = access::Section::of_document(Some(apart));
        let parts: Vec<&str> = cases::members::Part::ALL
            .into_iter()
            .filter(|part| access::reads(*part).contains(&section))
            .map(|part| part.words())
            .collect();
        let what = sentence(apart.words());
        format!("{what}, for whoever {}", parts.join(", or "))
    };
    Apart::ALL
        .into_iter()
        .map(|apart| Choice::new(apart.id(), label(apart)))
        .collect()
}

fn file_field(form: &Form<'_>, largest: u64) -> Markup {
    let wrong = form.problems.for_field("file");
    html! {
        div class=(if wrong.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
            label.govuk-label for="file" { "File" }
            div.govuk-hint id="file-hint" { "PDF, Word, Excel, PowerPoint, OpenDocument, image, recording, text or e-mail, at most " (size(largest)) ". A large file takes a while: stay on this page until the next one appears." }
            @if let Some(message) = wrong { p.govuk-error-message id="file-error" { span.govuk-visually-hidden { "Error: " } (message) } }
            input class=(if wrong.is_some() { "govuk-file-upload govuk-file-upload--error" } else { "govuk-file-upload" }) id="file" name="file" type="file" aria-describedby=(if wrong.is_some() { "file-hint file-error" } else { "file-hint" });
        }
    }
}
