//! What every page has in common: who asks, what they may see, how a form is read, refused, merged and saved.

pub mod answer;
pub mod at;
pub mod case_form;
pub mod csrf;
pub mod evidence;
pub mod merge;
pub mod parts;
pub mod pasted;
pub mod places;

pub use answer::PageError;
pub use at::{App, At, Here, SignedIn};
pub use case_form::CaseForm;
