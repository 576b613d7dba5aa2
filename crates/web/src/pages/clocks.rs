//! Being written.
#![allow(missing_docs, reason = "being written")]
use axum::response::Response;
use crate::page::answer;
pub async fn show() -> Response { answer::not_there() }
pub async fn late() -> Response { answer::not_there() }
