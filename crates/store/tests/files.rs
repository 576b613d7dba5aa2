//! On both databases: files of a case, in and out without a byte changed, damage found wherever it is, and nothing left of what was broken off.
#![allow(
    clippy::unwrap_used,
    clippy::duplicate_mod,
    reason = "a test stops at the first thing that is not as it should be, and every one runs on both databases"
)]

mod shared;

#[path = "suite/files.rs"]
mod on_postgres;
#[path = "suite/files.rs"]
mod on_sqlite;
