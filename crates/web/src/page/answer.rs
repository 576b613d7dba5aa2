//! Pages that say what went wrong and what to do, and never more than the reader may know.

use axum::http::StatusCode;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use desk::{DeskError, Unsaved};
use maud::{Markup, html};

use crate::layout;

/// Why a page cannot be shown.
#[derive(Debug)]
pub enum PageError {
    /// Sign in first; afterwards the person comes back here.
    SignIn(String),
    /// The desk's no.
    Desk(DeskError),
    /// The form did not come from one of our pages in this session.
    Forged,
    /// The request makes no sense.
    Wrong(String),
}

impl From<DeskError> for PageError {
    fn from(error: DeskError) -> PageError {
        PageError::Desk(error)
    }
}

/// What a form says that was drawn before the person signed in again.
pub const SIGNED_IN_AGAIN: &str = "Nothing was saved: you have signed in again since you opened this page. What you typed is still here; look at it and send it again.";

fn page(status: StatusCode, title: &str, body: &Markup) -> Response {
    let page = layout::bare(title, html! { h1.govuk-heading-l { (title) } (body) });
    (status, page).into_response()
}

/// The page for something that is not there, or not the reader's to know of.
pub fn not_there() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "Page not found",
        &html! {
            p.govuk-body { "There is no such page, or it is not yours to see." }
            p.govuk-body { "If someone sent you this address, ask whoever runs the case to add you to it." }
            p.govuk-body { a.govuk-link href="/" { "Your cases" } }
        },
    )
}

/// The page for a failure that is ours.
pub fn failed() -> Response {
    page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong here",
        &html! {
            p.govuk-body { "Nothing was recorded. If you had sent a form of a case, what you typed is kept as a draft." }
            p.govuk-body { "Go back and try again. If it happens again, tell your administrator the time it happened." }
            p.govuk-body { a.govuk-link href="/" { "Your cases" } }
        },
    )
}

/// The same for a page that may have had nothing to save.
fn not_at_the_moment(error: &DeskError) -> (StatusCode, &'static str) {
    match error.unsaved() {
        Some(Unsaved::NoRoom) => (
            StatusCode::INSUFFICIENT_STORAGE,
            "The disk of the server is full, and nothing can be saved. Tell your administrator. Go back: what you typed is still in the page before.",
        ),
        Some(Unsaved::Unknown) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The database went away, and it is not known whether what you sent was saved. Look whether it is there before you send it again.",
        ),
        Some(Unsaved::Stopped) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Candour has stopped saving after a fault of the server. Tell your administrator. Go back: what you typed is still in the page before.",
        ),
        Some(Unsaved::Away) | None => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The database cannot be reached at the moment. Go back and try again in a minute: what you typed is still in the page before.",
        ),
    }
}

/// What to say, and with which status, when the store could not save; `None` for every other error.
pub fn not_saved(error: &DeskError) -> Option<(StatusCode, &'static str)> {
    if let DeskError::AlreadySent(to) = error
        && to.is_empty()
    {
        return Some((
            StatusCode::CONFLICT,
            "This form was sent twice, and the first sending is still being saved. What you typed is still here; send it again in a minute. It is saved only once.",
        ));
    }
    Some(match error.unsaved()? {
        Unsaved::NoRoom => (
            StatusCode::INSUFFICIENT_STORAGE,
            "This was not saved: the disk of the server is full. Tell your administrator. What you typed is still here; send it again when there is room.",
        ),
        Unsaved::Unknown => (
            StatusCode::SERVICE_UNAVAILABLE,
            "It is not known whether this was saved: the database went away meanwhile. What you typed is still here; send it again in a minute. If it was saved, it is not saved twice.",
        ),
        Unsaved::Away => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This was not saved: the database cannot be reached at the moment. What you typed is still here; send it again in a minute.",
        ),
        Unsaved::Stopped => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This was not saved: Candour has stopped saving after a fault of the server. Tell your administrator. What you typed is still here.",
        ),
    })
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::SignIn(to) => {
                let to = if to.starts_with('/') && !to.starts_with("//") {
                    to
                } else {
                    "/".into()
                };
                Redirect::to(&format!("/sign-in?to={}", crate::form::percent(&to))).into_response()
            }
            PageError::Desk(DeskError::NotThere) => not_there(),
            PageError::Desk(DeskError::Denied(denied)) => page(
                StatusCode::FORBIDDEN,
                "Your part does not allow this",
                &html! { p.govuk-body { (super::case_form::sentence(&denied.to_string())) "." } p.govuk-body { a.govuk-link href="/" { "Your cases" } } },
            ),
            PageError::Desk(DeskError::AlreadySent(path)) if !path.is_empty() => {
                Redirect::to(&path).into_response()
            }
            PageError::Desk(DeskError::AlreadySent(_)) => page(
                StatusCode::CONFLICT,
                "This form is being saved",
                &html! { p.govuk-body { "It was sent twice, and the first sending is being saved. Go back in a minute and send it again: it is saved only once." } p.govuk-body { a.govuk-link href="/" { "Your cases" } } },
            ),
            PageError::Forged => page(
                StatusCode::FORBIDDEN,
                "This form cannot be used any more",
                &html! {
                    p.govuk-body { "It was opened before you signed in again, or did not come from this site. Nothing was changed." }
                    p.govuk-body { "Go back, reload the page and send it again." }
                },
            ),
            PageError::Wrong(why) => page(
                StatusCode::BAD_REQUEST,
                "This address does not work",
                &html! { p.govuk-body { (why) } },
            ),
            PageError::Desk(DeskError::Field { message, .. }) => page(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Something has to be corrected",
                &html! { p.govuk-body { (message) } },
            ),
            PageError::Desk(DeskError::Refused(refusal)) => page(
                StatusCode::UNPROCESSABLE_ENTITY,
                "This does not fit what is recorded",
                &html! { p.govuk-body { (refusal.to_string()) } },
            ),
            PageError::Desk(error) if not_saved(&error).is_some() => {
                tracing::error!(%error, "a page failed");
                let (status, words) = not_at_the_moment(&error);
                page(
                    status,
                    "This cannot be done at the moment",
                    &html! { p.govuk-body { (words) } p.govuk-body { a.govuk-link href="/" { "Your cases" } } },
                )
            }
            PageError::Desk(error) => {
                // The kind of failure, never content.
                tracing::error!(error = %error, "a page failed");
                failed()
            }
        }
    }
}

/// A document to save.
pub fn download(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    // A reference may have been brought in from elsewhere: nothing but plain signs goes into a header.
    let name: String = name
        .chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => c,
            _ => '-',
        })
        .collect();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, bytes).into_response()
}
