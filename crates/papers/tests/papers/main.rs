//! What becomes of a paper: the PDF and the DOCX are looked at with tools of others, not with our own code.

mod docx;
mod looks;
mod pdf;
mod sample;
