//! The same whole uses of the product with the record on PostgreSQL: what is asked, what is answered, and what the record then holds.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

#[path = "desk/asked.rs"]
mod asked;
#[path = "desk/break_glass.rs"]
mod break_glass;
#[path = "desk/bundles.rs"]
mod bundles;
#[path = "desk/elsewhere.rs"]
mod elsewhere;
#[path = "desk/erasure.rs"]
mod erasure;
#[path = "desk/exchange.rs"]
mod exchange;
#[path = "desk/files.rs"]
mod files;
#[path = "desk/forgotten.rs"]
mod forgotten;
#[path = "desk/house.rs"]
mod house;
#[path = "desk/interests.rs"]
mod interests;
#[path = "desk/joining.rs"]
mod joining;
#[path = "desk/papers.rs"]
mod papers;
#[path = "desk/people.rs"]
mod people;
#[path = "desk/scanned.rs"]
mod scanned;
#[path = "desk/services.rs"]
mod services;
#[path = "desk/sign_on.rs"]
mod sign_on;
#[path = "desk/unused.rs"]
mod unused;
#[path = "desk/unusual.rs"]
mod unusual;
#[path = "desk/using.rs"]
mod using;
#[path = "desk/witnesses.rs"]
mod witnesses;
#[path = "desk/world.rs"]
mod world;

/// Where the record of these tests is.
const ON_POSTGRES: bool = true;

#[test]
fn every_test_that_runs_on_sqlite_runs_here_too() {
    let modules = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| line.starts_with("mod "))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        modules(include_str!("desk/main.rs")),
        modules(include_str!("on_postgres.rs"))
    );
}
