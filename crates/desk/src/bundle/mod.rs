//! An evidence bundle: what a case's record says, for someone outside, with the proof that nothing of it was altered, dropped or reordered.
//! It is made from the record as it stands, checked before it is handed out, and checked again by whoever receives it, without Candour's server.

mod check;
mod make;
mod words;

pub use check::{BundleChecked, BundleFault, check_bundle_file};
pub use make::MadeBundle;

/// The files with a place of their own.
const MANIFEST: &str = "manifest.json";
const SEAL: &str = "manifest.note";
const ENTRIES: &str = "entries.jsonl";
