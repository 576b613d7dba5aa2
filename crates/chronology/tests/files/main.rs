//! Chronologies as people have them: every kind of file, what is tolerated, what is refused, and that no row is lost.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod merged;
mod random;
mod refused;
mod samples;
mod tables;
