//! The description of the API in the form that other systems' tools read (OpenAPI 3.1), made from the functions that answer.

use axum::response::Response;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, SecurityRequirement};
use utoipa::{Modify, OpenApi};

use super::{Problem, cases, json, record, requests};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Candour",
        version = "1",
        description = "For systems beside Candour: what a service account may see, and answering for an agency. Times are UTC, days are days in England. What is answered here only ever grows: take no notice of fields you do not know."
    ),
    paths(
        cases::me,
        cases::list,
        cases::one,
        cases::clocks,
        cases::story,
        requests::list,
        requests::one,
        requests::answer,
        record::record,
        record::guidance,
    ),
    components(schemas(Problem)),
    modifiers(&Token)
)]
struct V1;

/// That every address wants a token in the header.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        if let Some(components) = document.components.as_mut() {
            components.add_security_scheme("token", scheme);
        }
        let none: [&str; 0] = [];
        document.security = Some(vec![SecurityRequirement::new("token", none)]);
    }
}

/// The description of version 1.
pub fn v1() -> Document {
    let mut document = V1::openapi();
    // The program is of no other version than its interface here: what changes without a change of the interface is left out.
    document.info.license = None;
    document.info.contact = None;
    document
}

/// The description, for whoever builds against it; it says nothing of any partnership.
pub async fn show() -> Result<Response, Problem> {
    json(&v1())
}
