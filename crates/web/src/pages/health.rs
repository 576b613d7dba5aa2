//! Whether the program runs, and whether it can serve.

use axum::extract::State;
use axum::http::StatusCode;

use crate::page::App;

/// The program runs.
pub async fn health() -> &'static str {
    "ok\n"
}

/// The record can be read.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.desk.is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the record cannot be read\n",
        )
    }
}
