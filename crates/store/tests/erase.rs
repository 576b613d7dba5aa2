//! On both databases: erasure of entries, files and whole streams, and that nothing is left of their keys.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::duplicate_mod,
    reason = "a test stops at the first thing that is not as it should be, and every one runs on both databases"
)]

mod shared;

#[path = "suite/erase.rs"]
mod on_postgres;
#[path = "suite/erase.rs"]
mod on_sqlite;
