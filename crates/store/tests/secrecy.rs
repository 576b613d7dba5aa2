//! On both databases: content is nowhere on disk in clear, whatever touched it; and whatever is altered on disk is found and named.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::duplicate_mod,
    reason = "a test stops at the first thing that is not as it should be, and every one runs on both databases"
)]

mod shared;

#[path = "suite/secrecy.rs"]
mod on_postgres;
#[path = "suite/secrecy.rs"]
mod on_sqlite;
