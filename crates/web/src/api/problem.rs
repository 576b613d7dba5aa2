//! What went wrong, as `application/problem+json` (RFC 9457): a status, words that say what to do, and the fields to correct.
//! Of a case that is not there and of one that is not the caller's it says the same.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cases::Refusal;
use desk::{DeskError, Unsaved};
use serde::Serialize;
use utoipa::ToSchema;

/// The content type.
const KIND: &str = "application/problem+json";

/// A field to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Wrong {
    /// Which.
    pub field: String,
    /// What to do.
    pub message: String,
}

/// What went wrong and what to do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// The status in a few words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What to do.
    pub detail: String,
    /// What to correct, if it can be said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Wrong>,
    /// After how many seconds to try again, if it can be said.
    #[serde(skip)]
    #[schema(ignore)]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A status with what to do.
    pub fn plain(status: StatusCode, detail: &str) -> Problem {
        Problem {
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.to_owned(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// Nobody is let in without a token; which part of it is wrong is not said.
    pub fn no_token() -> Problem {
        Problem::plain(
            StatusCode::UNAUTHORIZED,
            "Send the token of a service account in the header, as Authorization: Bearer TOKEN. One that was sent is not right, or its account is not let in from here: ask whoever answers for it.",
        )
    }

    /// Not there, or not the caller's.
    pub fn not_there() -> Problem {
        Problem::plain(
            StatusCode::NOT_FOUND,
            "There is no such thing, or it is not yours to see.",
        )
    }

    /// To be tried again later.
    pub fn wait(seconds: u64, why: &str) -> Problem {
        Problem {
            retry_after: Some(seconds),
            ..Problem::plain(StatusCode::TOO_MANY_REQUESTS, why)
        }
    }

    /// A field to correct.
    pub fn field(field: &str, message: &str) -> Problem {
        Problem {
            errors: vec![Wrong {
                field: field.to_owned(),
                message: message.to_owned(),
            }],
            ..Problem::plain(StatusCode::UNPROCESSABLE_ENTITY, message)
        }
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Problem {
        let wait = |status, words: &str| Problem {
            retry_after: Some(30),
            ..Problem::plain(status, words)
        };
        match &error {
            DeskError::NotThere => Problem::not_there(),
            DeskError::Denied(denied) => Problem::plain(StatusCode::FORBIDDEN, &denied.to_string()),
            DeskError::Refused(Refusal::ToCorrect(wrong)) => Problem {
                errors: (wrong.iter())
                    .map(|one| Wrong {
                        field: one.field.clone(),
                        message: one.message.clone(),
                    })
                    .collect(),
                ..Problem::plain(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "Something has to be corrected; nothing was recorded.",
                )
            },
            DeskError::Refused(other) => {
                Problem::plain(StatusCode::UNPROCESSABLE_ENTITY, &other.to_string())
            }
            DeskError::Field { field, message } => Problem::field(field, message),
            DeskError::Stale(_) => Problem::plain(
                StatusCode::PRECONDITION_FAILED,
                "Someone else changed this since that version. Nothing was recorded: read it again and send what is right now.",
            ),
            DeskError::AlreadySent(_) => wait(
                StatusCode::CONFLICT,
                "The same change is under way: ask again in a moment what became of it.",
            ),
            error => match error.unsaved() {
                Some(Unsaved::Unknown) => wait(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "It is not known whether this was recorded: send it again under the same key.",
                ),
                Some(_) => wait(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Nothing can be recorded at the moment: try again later.",
                ),
                None => {
                    // The kind of failure, never content.
                    tracing::error!(%error, "a request of another system failed");
                    Problem::plain(
                        StatusCode::INTERNAL_SERVER_ERROR,
                        "Something went wrong here. Nothing was recorded: try again, and tell the administrator the time if it happens again.",
                    )
                }
            },
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let bytes = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, KIND)], bytes).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            let ask = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, ask);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What another layer refused, with its page or in a bare line, in the form in which other systems read it.
pub(crate) fn in_place(response: Response) -> Response {
    let status = response.status();
    let ours = (response.headers().get(header::CONTENT_TYPE))
        .is_some_and(|kind| kind.as_bytes().starts_with(KIND.as_bytes()));
    if ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let words = match status {
        StatusCode::NOT_FOUND => return Problem::not_there().into_response(),
        StatusCode::METHOD_NOT_ALLOWED => {
            "This address does not answer to this method: see /api/v1/openapi.json."
        }
        StatusCode::PAYLOAD_TOO_LARGE => "What was sent is too long.",
        StatusCode::FORBIDDEN => "A page of another site does not ask here.",
        StatusCode::SERVICE_UNAVAILABLE => {
            "This takes longer than it should: send it again under the same key."
        }
        _ => "This could not be done.",
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut problem = Problem::plain(status, words).into_response();
    if let Some(allow) = allow {
        problem.headers_mut().insert(header::ALLOW, allow);
    }
    problem
}
