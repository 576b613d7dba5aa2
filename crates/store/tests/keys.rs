//! On both databases: the keys are changed, shared, brought back and counted, and a store whose streams' keys the master key wrapped itself is brought over.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::duplicate_mod,
    reason = "a test stops at the first thing that is not as it should be, and every one runs on both databases"
)]

mod shared;

#[path = "suite/keys.rs"]
mod on_postgres;
#[path = "suite/keys.rs"]
mod on_sqlite;
