//! On both databases: a mail is queued once, sealed, marked once, and opens after the keys were changed.
#![allow(
    clippy::unwrap_used,
    clippy::duplicate_mod,
    reason = "a test stops at the first thing that is not as it should be, and every one runs on both databases"
)]

mod shared;

#[path = "suite/outbox.rs"]
mod on_postgres;
#[path = "suite/outbox.rs"]
mod on_sqlite;
