//! Being written.
#![allow(missing_docs, reason = "being written")]
use axum::response::Response;
use crate::page::answer;
pub async fn health() -> Response { answer::not_there() }
pub async fn ready() -> Response { answer::not_there() }
