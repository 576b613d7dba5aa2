//! What becomes of a paper: the PDF and the DOCX are looked at with tools of others, not with our own code.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod docx;
mod pdf;
mod sample;
