//! What people print, edit and send: one document model, set as an accessible PDF and as an editable DOCX.
//! Both come from the same [`Document`], so the letter that is corrected in a word processor and the one that is printed say the same.

pub mod blank_forms;
pub mod decision_record;
mod document;
mod docx;
pub mod erasure_certificate;
mod error;
pub mod letters;
pub mod matrix;
mod pdf;
mod picture;
mod pieces;
mod prepare;
mod pseudonymised;

pub use document::{Block, Document, Run, Table, Text};
pub use docx::docx;
pub use error::PapersError;
pub use pdf::pdf;
