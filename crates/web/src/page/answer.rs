//! Pages that say what went wrong and what to do, and never more than the reader may know.

use axum::http::StatusCode;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use desk::DeskError;
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
            p.govuk-body { "What you did was not recorded. What you typed is kept as a draft if the form had reached us." }
            p.govuk-body { "Go back and try again. If it happens again, tell your administrator the time it happened." }
            p.govuk-body { a.govuk-link href="/" { "Your cases" } }
        },
    )
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
                &html! { p.govuk-body { (denied.to_string()) "." } p.govuk-body { a.govuk-link href="/" { "Your cases" } } },
            ),
            PageError::Desk(DeskError::AlreadySent(path)) if !path.is_empty() => {
                Redirect::to(&path).into_response()
            }
            PageError::Desk(DeskError::AlreadySent(_)) => page(
                StatusCode::CONFLICT,
                "This form is being saved",
                &html! { p.govuk-body { "It was sent twice. The first sending is being saved: look again in a moment." } p.govuk-body { a.govuk-link href="/" { "Your cases" } } },
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
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, bytes).into_response()
}
