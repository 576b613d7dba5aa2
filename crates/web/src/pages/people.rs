//! Being written.
#![allow(missing_docs, reason = "being written")]
use axum::response::Response;
use crate::page::answer;
pub async fn list() -> Response { answer::not_there() }
pub async fn add() -> Response { answer::not_there() }
pub async fn show() -> Response { answer::not_there() }
pub async fn authority() -> Response { answer::not_there() }
pub async fn end_authority() -> Response { answer::not_there() }
pub async fn left() -> Response { answer::not_there() }
pub async fn absence() -> Response { answer::not_there() }
pub async fn hand_over() -> Response { answer::not_there() }
