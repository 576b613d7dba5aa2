//! Being written.
#![allow(missing_docs, reason = "being written")]
use axum::response::Response;
use crate::page::answer;
pub async fn show() -> Response { answer::not_there() }
pub async fn save() -> Response { answer::not_there() }
pub async fn holidays() -> Response { answer::not_there() }
