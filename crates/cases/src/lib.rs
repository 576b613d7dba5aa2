//! The case: commands, events, the fold and the refusals, one folder per stage of the procedure.
//!
//! Pure: `now` and new ids are arguments, and nothing here reads a clock or a file.
//! A gate may stop a signature, never the recording of a fact: what has happened can always be recorded,
//! and what was missing then is listed beside it.

pub mod agencies;
mod already;
pub mod break_glass;
pub mod case;
pub mod case_file;
pub mod clocks;
pub mod closing;
pub mod consideration;
pub mod context;
pub mod decision;
pub mod definition;
pub mod documents;
pub mod erasure;
pub mod event;
pub mod evidence;
pub mod family;
pub mod incident;
pub mod interests;
pub mod members;
pub mod missing;
pub mod notification;
pub mod parallel;
pub mod pasted;
pub mod people;
pub mod publication;
pub mod rapid_review;
pub mod reasons;
pub mod stages;
pub mod story;

pub use calendar::Date;
pub use case::{Case, EditionChoice};
pub use clocks::{Clock, ClockState};
pub use context::{By, Context, Editions, NamedSeat, Refusal, Seat};
pub use event::{Command, Decided, Event, Recorded, decide};
pub use evidence::{ConsideredBy, Evidence};
pub use missing::{Missing, Place};
