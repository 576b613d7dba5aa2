//! What people print, edit and send: one document model, set as an accessible PDF and as an editable DOCX.
//! Both come from the same [`Document`], so the letter that is corrected in a word processor and the one that is printed say the same.

mod document;
mod error;

pub use document::{Block, Document, Run, Table, Text};
pub use error::PapersError;

/// Sets a paper as a tagged PDF that meets PDF/UA-1.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PapersError> {
    let _ = document;
    Err(PapersError::Typeset {
        reason: "the typesetter is not connected yet".into(),
    })
}

/// Writes a paper as a DOCX for a word processor.
pub fn docx(document: &Document) -> Result<Vec<u8>, PapersError> {
    let _ = document;
    Err(PapersError::Typeset {
        reason: "the DOCX writer is not connected yet".into(),
    })
}
