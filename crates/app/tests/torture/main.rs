//! Faults, one after the other, and what must hold after each: every acknowledged change is there once, the record verifies,
//! the program is up within five seconds, and what was typed and not accepted is on the page or in its draft.
//! Short counts by default; `CANDOUR_TORTURE=long` sets the long ones (see `script/torture` and `docs/reliability.md`).
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a check that cannot reach the program has to stop"
)]

mod clocks;
mod disk;
mod flipped;
mod house;
mod killed;
#[path = "../../../store/tests/shared/postgres.rs"]
mod postgres;
mod power;
mod twice;
mod upgrades;
mod words;
