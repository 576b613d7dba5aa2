//! Whole uses of the product over a store in a temporary folder: what is asked, what is answered, and what the record then holds.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod asked;
mod break_glass;
mod bundles;
mod elsewhere;
mod erasure;
mod exchange;
mod files;
mod forgotten;
mod house;
mod interests;
mod joining;
mod papers;
mod people;
mod scanned;
mod services;
mod sign_on;
mod unused;
mod unusual;
mod using;
mod witnesses;
mod world;

/// Where the record of these tests is; see `on_postgres.rs`.
const ON_POSTGRES: bool = false;
