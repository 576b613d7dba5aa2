//! Whether the program runs, and whether it can serve.

use axum::extract::State;
use axum::http::StatusCode;

use crate::page::App;

/// The program runs.
pub async fn health() -> &'static str {
    "ok\n"
}

/// The record can be read and written; otherwise why not.
pub async fn ready(State(app): State<App>) -> (StatusCode, String) {
    match app.desk.not_ready().await {
        None => (StatusCode::OK, "ready\n".to_owned()),
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    }
}
