//! The documents that were added as files: the list, handing one out, and withdrawing one.

use access::Act;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cases::Command;
use cases::documents::{Command as Documents, Filed};
use desk::{Acted, DeskError, FileKind};
use futures_util::stream;
use maud::{Markup, html};

use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::at::Params;
use crate::page::parts::when;
use crate::page::{App, At, CaseForm, PageError, SignedIn};

/// Hands a file out, to be saved: never shown in the browser, whatever it is.
pub async fn download(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let part = |name: &str| here.get(name).cloned().unwrap_or_default();
    let mut out = who
        .desk()
        .open_file(who.actor(), &part("case"), &part("file"))
        .await?;
    // The first piece is opened before anything is answered: what is damaged from its beginning is said on a page.
    let first = out.reader.next().await.map_err(DeskError::from)?;
    let headers = [
        (header::CONTENT_TYPE, out.media_type.to_owned()),
        (header::CONTENT_LENGTH, out.reader.size().to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", saved_as(&out.name)),
        ),
    ];
    let rest = stream::try_unfold((first, out.reader), |(piece, mut reader)| async move {
        let piece = match piece {
            Some(piece) => Some(piece),
            None => reader.next().await?,
        };
        // Every piece was proved; one that does not hold breaks the answer off, and the browser says that it is not whole.
        Ok::<_, store_error::Broken>(piece.map(|p| (Bytes::copy_from_slice(&p), (None, reader))))
    });
    Ok((headers, Body::from_stream(rest)).into_response())
}

/// The error of a file that breaks off.
mod store_error {
    use desk::DeskError;

    /// What the desk says when a piece does not hold.
    #[derive(Debug, thiserror::Error)]
    #[error("a document could not be handed out whole")]
    pub(super) struct Broken(#[source] DeskError);

    impl<E: Into<DeskError>> From<E> for Broken {
        fn from(error: E) -> Broken {
            let error = error.into();
            tracing::error!(error = %error, "a document could not be handed out whole");
            Broken(error)
        }
    }
}

/// A name for the header: letters, digits and a few signs.
fn saved_as(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => c,
            _ => '-',
        })
        .collect()
}

/// A size in words.
pub(crate) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        1 => "1 byte".into(),
        0..KIB => format!("{bytes} bytes"),
        KIB..1_048_576 => format!("{} KB", bytes.div_ceil(KIB)),
        _ if bytes.is_multiple_of(KIB * KIB) => format!("{} MB", bytes / (KIB * KIB)),
        _ => {
            let tenths = (bytes * 10).div_ceil(KIB * KIB);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

/// The part of the documents page on what was added.
pub(crate) fn section(at: &At) -> Markup {
    let documents = &at.case().documents;
    let (adds, opens) = (at.may(Act::KeepDocuments), at.may(Act::ReadDocuments));
    let gone: Vec<&Filed> = documents
        .list
        .iter()
        .filter(|f| f.withdrawn.is_some())
        .collect();
    let in_use: Vec<&Filed> = documents.in_use().collect();
    html! {
        h2.govuk-heading-m { "Documents in the case" }
        @if in_use.is_empty() { p.govuk-body { "No document has been added as a file." } }
        @else {
            @if opens { p.govuk-body { "These are as they came, and may hold names. Each opening is written down." } }
            @else { p.govuk-body { "These are as they came and may hold names, so your part in this case does not include opening them. Ask whoever runs the case." } }
            table class="govuk-table c-cards" {
                caption class="govuk-table__caption govuk-visually-hidden" { "Documents in the case" }
                thead { tr.govuk-table__row {
                    @for head in ["Document", "Date", "Came from", "Added"] { th.govuk-table__header scope="col" { (head) } }
                    th.govuk-table__header scope="col" { "File" }
                } }
                tbody { @for filed in &in_use {
                    @if withheld(filed) { tr.govuk-table__row { th.govuk-table__header scope="row" { (filed.document.title) } td.govuk-table__cell colspan="4" { "Your part in this case does not include it." } } }
                    @else { (row(at, filed, opens, adds)) }
                } }
            }
        }
        @if adds { p.govuk-body { a class="govuk-button govuk-button--secondary" role="button" draggable="false" href=(at.url("documents/add")) { "Add a document" } } }
        @if !gone.is_empty() {
            details.govuk-details {
                summary.govuk-details__summary { span.govuk-details__summary-text { "Withdrawn documents (" (gone.len()) ")" } }
                div.govuk-details__text { ul.govuk-list { @for filed in gone { (withdrawn(at, filed, adds)) } } }
            }
        }
    }
}

/// A document that is kept apart from this reader: that it is there, and nothing of it.
fn withheld(filed: &Filed) -> bool {
    filed.document.apart.is_some() && filed.document.media_type.is_empty()
}

fn row(at: &At, filed: &Filed, opens: bool, adds: bool) -> Markup {
    let d = &filed.document;
    html! { tr.govuk-table__row id=(format!("document-{}", d.id)) {
        th.govuk-table__header scope="row" {
            (d.title)
            @if let Some(apart) = d.apart && !d.media_type.is_empty() { br; span class="c-quiet govuk-!-font-weight-regular" { "Kept apart: " (apart.words()) } }
            @if !d.what.is_empty() { br; span class="c-quiet govuk-!-font-weight-regular" { (d.what) } }
            @if let Some(element) = cases::consideration::element(at.rules(), &d.element) { br; span class="c-quiet govuk-!-font-weight-regular" { "Bears on: " (element.label) } }
            @if !d.inside.is_empty() { br; span class="c-quiet govuk-!-font-weight-regular" { "Holds besides what is seen: " (cases::documents::inside::words(&d.inside)) } }
            @if at.shows_names() && !d.file_name.is_empty() { br; span class="c-quiet govuk-!-font-weight-regular" { "File: " (d.file_name) } }
        }
        td.govuk-table__cell data-label="Date" { @if let Some(day) = d.dated { (calendar::words::short(day)) } @else { "Not known" } }
        td.govuk-table__cell data-label="Came from" { @if d.source.is_empty() { "Not known" } @else { (d.source) } }
        td.govuk-table__cell data-label="Added" { (filed.by.name) ", " (filed.by.part) br; span class="c-quiet govuk-!-font-weight-regular" { (when(at, filed.at)) ", entry\u{a0}" (filed.entry) } }
        td.govuk-table__cell data-label="File" {
            (FileKind::of(&d.media_type).map_or("File", |k| k.words)) ", " (size(d.size))
            @let erased = at.case().erasure.files.get(&d.id);
            @if let Some((on, rule)) = erased { br; "Erased on " (when(at, *on)) ", rule: " (rule) }
            @if opens && filed.here && erased.is_none() { br; a.govuk-link href=(at.url(&format!("documents/files/{}", d.id))) { "Download" span.govuk-visually-hidden { " " (d.title) } } }
            @if !filed.here { br; "Not here: it was brought in from another record, without the file" }
            @if filed.here && erased.is_none() && at.may(Act::ProposeErasure) { br; a.govuk-link href=(at.url(&format!("erasure/propose/file-{}", d.id))) { "Propose to erase" span.govuk-visually-hidden { " " (d.title) } } }
            @if adds { br; a.govuk-link href=(at.url(&format!("documents/files/{}/withdraw", d.id))) { "Withdraw" span.govuk-visually-hidden { " " (d.title) } } }
        }
    } }
}

fn withdrawn(at: &At, filed: &Filed, adds: bool) -> Markup {
    html! { @if let Some(gone) = &filed.withdrawn {
        li {
            (filed.document.title) ": " (gone.why) " "
            span.c-quiet { "(" (gone.by.name) ", " (when(at, gone.at)) ")" }
            @if adds && filed.here && !at.case().erasure.files.contains_key(&filed.document.id) { " " a.govuk-link href=(at.url(&format!("documents/files/{}", filed.document.id))) { "Download" span.govuk-visually-hidden { " " (filed.document.title) } } }
        }
    } }
}

/// Withdrawing one document, with the reason.
#[derive(Debug)]
pub struct WithdrawForm;

impl WithdrawForm {
    fn filed(at: &At) -> Option<&Filed> {
        at.case().documents.find(at.param("file"))
    }
}

impl CaseForm for WithdrawForm {
    const PATH: &'static str = "/cases/{case}/documents/files/{file}/withdraw";
    const PART: &'static str = "withdrawing a document";
    const TAB: &'static str = "documents";
    const ACT: Act = Act::KeepDocuments;

    fn title(at: &At) -> String {
        Self::filed(at).map_or_else(
            || "Withdraw a document".into(),
            |f| format!("Withdraw \u{201c}{}\u{201d}", f.document.title),
        )
    }

    fn start(at: &At) -> Result<Values, PageError> {
        match Self::filed(at) {
            Some(filed) if filed.withdrawn.is_none() => Ok(Values::default()),
            _ => Err(DeskError::NotThere.into()),
        }
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        Some(vec![Command::Documents(Documents::WithdrawFile {
            file: at.param("file").to_owned(),
            why: values.text("why"),
        })])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "It leaves the list for everyone. The record keeps that it was here, who added it and why it was withdrawn; whoever runs the case can still open it." }
            (govuk::textarea(form, "why", "Why is it withdrawn?", "Like: it is about another child, or a newer version has come", 3))
        }
    }

    fn button(_: &At) -> String {
        "Withdraw the document".into()
    }

    fn said(_: &At) -> String {
        "The document is withdrawn.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("documents")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("documents"), "Documents")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_header_holds_no_quote_and_no_line_break() {
        assert_eq!(
            saved_as("MER-2026-004-document-7.pdf"),
            "MER-2026-004-document-7.pdf"
        );
        assert_eq!(saved_as("a\"; x=\r\n../\u{e9}"), "a---x---..--");
    }

    #[test]
    fn a_size_is_said_as_people_say_it() {
        assert_eq!(size(500 * 1024 * 1024), "500 MB");
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(48_213), "48 KB");
        assert_eq!(size(1_572_864), "1.5 MB");
    }
}
