//! On both databases: accounts, sessions, drafts, forms and settings: what stands beside the record.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::duplicate_mod,
    reason = "a test stops at the first thing that is not as it should be, and every one runs on both databases"
)]

mod shared;

#[path = "suite/tables.rs"]
mod on_postgres;
#[path = "suite/tables.rs"]
mod on_sqlite;
