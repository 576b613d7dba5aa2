//! Being written.
#![allow(missing_docs, reason = "being written")]
use axum::response::Response;
use crate::page::answer;
pub async fn put_away() -> Response { answer::not_there() }
pub async fn keep() -> Response { answer::not_there() }
