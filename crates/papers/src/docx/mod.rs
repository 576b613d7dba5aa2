//! Writes a paper as a DOCX (Office Open XML) that people can correct in a word processor.
//! Real styles, lists and table heads, so that it is as accessible as the PDF; no author and no time, so that the bytes depend on the paper alone.

mod blocks;
mod parts;
mod styles;
mod tables;
mod xml;

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::document::Document;
use crate::error::PapersError;
use crate::prepare::prepare;
use blocks::Body;

/// Writes a paper as a DOCX for a word processor.
///
/// # Errors
/// If a table or picture cannot be used as it is ([`PapersError::TableRow`], [`PapersError::TableColumns`], [`PapersError::FigureWithoutAlternative`], [`PapersError::FigureNotSvg`]).
pub fn docx(document: &Document) -> Result<Vec<u8>, PapersError> {
    let document = prepare(document)?;
    let body = Body::write(&document)?;
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), parts::content_types()?),
        ("_rels/.rels".into(), parts::package_relationships()?),
        (
            "docProps/core.xml".into(),
            parts::core_properties(&document)?,
        ),
        ("word/document.xml".into(), body.xml),
        (
            "word/_rels/document.xml.rels".into(),
            parts::document_relationships(body.pictures.len())?,
        ),
        ("word/styles.xml".into(), styles::styles(&document)?),
        (
            "word/numbering.xml".into(),
            parts::numbering(body.numbered_lists)?,
        ),
        ("word/settings.xml".into(), parts::settings(&document)?),
        ("word/header1.xml".into(), parts::header(&document)?),
        ("word/footer1.xml".into(), parts::footer(&document)?),
    ];
    if !body.pictures.is_empty() {
        files.push(("word/media/blank.png".into(), parts::BLANK_PNG.to_vec()));
    }
    for (index, svg) in body.pictures.into_iter().enumerate() {
        files.push((
            format!("word/media/picture{}.svg", index + 1),
            svg.into_bytes(),
        ));
    }
    pack(files)
}

/// The files as one archive, all with the same fixed time.
fn pack(files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, PapersError> {
    let options = SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}
