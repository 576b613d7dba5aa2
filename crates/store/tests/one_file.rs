//! On both databases: a backup in one file, made while the store is open, and everything that must not be restored.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::duplicate_mod,
    reason = "a test stops at the first thing that is not as it should be, and every one runs on both databases"
)]

mod shared;

#[path = "suite/one_file.rs"]
mod on_postgres;
#[path = "suite/one_file.rs"]
mod on_sqlite;
