//! The rules of a case as sentences: each test builds a case by commands, under the packs as they are, and says what must hold.
//! `docs/statute.md` names these tests beside the paragraphs they hold to.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod clocks;
mod closing;
mod consideration;
mod decision;
mod documents;
mod erasure;
mod family;
mod incident;
mod interests;
mod people;
mod random;
mod record;
mod statute;
mod world;
mod written;
