//! The API for other systems: JSON over the same desk as the pages, so that it is authorised, withheld and logged as they are.
//! A token in the header is the only way in; no cookie is looked at, so that no page elsewhere can ask in somebody's name.
//! What `/api/v1` answers only ever grows; `tests/api.rs` holds that against the reviewed document.

pub mod cases;
pub mod document;
mod problem;
pub mod record;
pub mod requests;

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use desk::{Actor, Desk, NotLetIn};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use problem::Problem;
pub(crate) use problem::in_place;

use crate::page::App;
use crate::page::at::{Address, Network};

/// What the paths of the API begin with.
pub const ROOT: &str = "/api/";

/// The system that asks, let in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    desk: Desk,
}

impl Caller {
    /// The desk.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Caller, Problem> {
        // Put there by the layer below; without it nobody was let in.
        let actor = parts.extensions.get::<Actor>().cloned();
        Ok(Caller {
            actor: actor.ok_or_else(Problem::no_token)?,
            desk: app.desk.clone(),
        })
    }
}

/// Lets in who brings a token, and says in the log what was refused to whom: by the pattern of the address, nothing of a case.
pub async fn let_in(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let route = (parts.extensions.get::<MatchedPath>())
        .map_or_else(String::new, |route| route.as_str().to_owned());
    let Ok(Network(network)) = Network::from_request_parts(&mut parts, &app).await;
    let Ok(Address(address)) = Address::from_request_parts(&mut parts, &app).await;
    let Some(token) = bearer(&parts) else {
        return Problem::no_token().into_response();
    };
    let actor = match app.desk.service(&token, address, &network).await {
        Ok(actor) => actor,
        Err(error) => return not_let_in(error).into_response(),
    };
    let (person, method) = (actor.person.id.clone(), parts.method.clone());
    parts.extensions.insert(actor);
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    if matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
        tracing::warn!(target: "candour::refused", %method, route, status = status.as_u16(), person, "refused");
    }
    response
}

fn bearer(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (kind, token) = value.split_once(' ')?;
    (kind.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
        .then(|| token.trim().to_owned())
}

fn not_let_in(error: NotLetIn) -> Problem {
    match error {
        NotLetIn::No => Problem::no_token(),
        NotLetIn::TooManyAttempts(minutes) => Problem::wait(minutes * 60, &error.to_string()),
        NotLetIn::TooOften => Problem::wait(60, &format!("{error}: wait a minute")),
        NotLetIn::Desk(error) => error.into(),
    }
}

/// The parameters of the path.
#[derive(Debug)]
pub struct Here(HashMap<String, String>);

impl Here {
    /// A parameter, empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Here, Problem> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::plain(StatusCode::BAD_REQUEST, "This address cannot be read."))?;
        let pairs = params.iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
        Ok(Here(pairs.collect()))
    }
}

/// What stands after the question mark, read into a type.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked<T>, Problem> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(asked)| Asked(asked))
            .map_err(|_| {
                Problem::plain(
                    StatusCode::BAD_REQUEST,
                    "What stands after the question mark cannot be read: see the parameters in /api/v1/openapi.json.",
                )
            })
    }
}

/// A body of JSON, read into a type; a mistake is named by its place and never repeated.
#[derive(Debug)]
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// As it was sent.
    pub bytes: Bytes,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| {
                let kind = kind.split(';').next().unwrap_or_default();
                kind.trim().eq_ignore_ascii_case("application/json")
            });
        if !json {
            return Err(Problem::plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send JSON, with the content type application/json.",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|error| {
            Problem::plain(
                error.into_response().status(),
                "The body could not be read: it is too long, or it broke off.",
            )
        })?;
        // An array would be read as the values of the fields in their order, which no schema says.
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if first.is_some_and(|byte| *byte != b'{') {
            return Err(Problem::plain(
                StatusCode::BAD_REQUEST,
                "The body has to be a JSON object: see its schema in /api/v1/openapi.json.",
            ));
        }
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::plain(
                StatusCode::BAD_REQUEST,
                &format!(
                    "The body is not as it should be at line {}, column {}: see its schema in /api/v1/openapi.json.",
                    error.line(),
                    error.column()
                ),
            )
        })?;
        Ok(Body { value, bytes })
    }
}

/// The headers that make a change safe to send again, and refuse it when somebody else wrote meanwhile.
#[derive(Debug)]
pub struct Sent {
    /// What the other system calls this change: sent again under the same key, it is done once.
    pub key: String,
    /// What it was based on.
    pub based_on: BasedOn,
}

/// What a change says that it was based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasedOn {
    /// It does not say.
    Anything,
    /// This version of the case.
    Version(u64),
    /// What was never given as a version, and so is none that the case still has.
    NoVersion,
}

impl BasedOn {
    /// The version, if one was said.
    ///
    /// # Errors
    /// It is none; asked only once everything else of the change is right.
    pub fn version(self) -> Result<Option<u64>, Problem> {
        match self {
            BasedOn::Anything => Ok(None),
            BasedOn::Version(version) => Ok(Some(version)),
            BasedOn::NoVersion => Err(Problem::plain(
                StatusCode::PRECONDITION_FAILED,
                "The header If-Match holds no version: send the ETag of the case as you read it, or none.",
            )),
        }
    }
}

/// The longest key of a change.
const LONGEST_KEY: usize = 100;

impl<S: Send + Sync> FromRequestParts<S> for Sent {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Sent, Problem> {
        let text = |name: &str| parts.headers.get(name).map(HeaderValue::to_str);
        let key = match text("idempotency-key") {
            Some(Ok(key)) if (8..=LONGEST_KEY).contains(&key.len()) => key.to_owned(),
            _ => {
                return Err(Problem::plain(
                    StatusCode::BAD_REQUEST,
                    "Send a header Idempotency-Key of 8 to 100 letters and digits, another one for each change: the same change sent again under it is done once.",
                ));
            }
        };
        let based_on = match text("if-match") {
            None | Some(Ok("*")) => BasedOn::Anything,
            Some(tag) => match tag.unwrap_or_default().trim().trim_matches('"').parse() {
                Ok(version) => BasedOn::Version(version),
                Err(_) => BasedOn::NoVersion,
            },
        };
        Ok(Sent { key, based_on })
    }
}

/// An answer in JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(value)
        .map_err(|error| Problem::from(desk::DeskError::Other(error.to_string())))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// The same with the version of a case, for a change that is based on it.
pub(crate) fn json_of(version: u64, value: &impl Serialize) -> Result<Response, Problem> {
    let mut response = json(value)?;
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
