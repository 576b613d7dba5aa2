//! On both databases: what every database behind the store must do: append, refuse, group, survive, verify.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::duplicate_mod,
    reason = "a test stops at the first thing that is not as it should be, and every one runs on both databases"
)]

mod shared;

#[path = "suite/contract.rs"]
mod on_postgres;
#[path = "suite/contract.rs"]
mod on_sqlite;
