//! Being written.
#![allow(missing_docs, reason = "being written")]
use axum::response::Response;
use crate::page::answer;
pub async fn accessibility() -> Response { answer::not_there() }
pub async fn guide() -> Response { answer::not_there() }
