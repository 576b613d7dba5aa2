//! What must be known of an archive before anything in it is read: its parts, how much they unpack to, and whether it brings programs.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::error::ReadError;
use crate::limits::Limits;

/// An archive whose parts were counted and weighed.
pub(crate) struct Weighed<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    names: Vec<String>,
    /// Whether a sheet has merged cells.
    pub(crate) merged: bool,
}

impl<'b> Weighed<'b> {
    /// Unpacks every part once, keeping nothing, because what an archive says of its own size need not be true.
    pub(crate) fn new(bytes: &'b [u8], limits: &Limits) -> Result<Self, ReadError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(ReadError::damaged)?;
        if zip.len() > limits.parts {
            return Err(ReadError::too_large(
                "parts in the archive",
                limits.parts as u64,
            ));
        }
        let mut names = Vec::with_capacity(zip.len());
        let mut merged = false;
        let mut left = limits.unpacked;
        let mut buffer = vec![0; 1 << 16];
        for at in 0..zip.len() {
            let mut part = match zip.by_index(at) {
                Ok(part) => part,
                Err(zip::result::ZipError::UnsupportedArchive(
                    zip::result::ZipError::PASSWORD_REQUIRED,
                )) => return Err(ReadError::Password),
                Err(error) => return Err(ReadError::damaged(error)),
            };
            let name = part.name().map_err(ReadError::damaged)?.into_owned();
            let sheet = name.starts_with("xl/worksheets/");
            let lower = name.to_ascii_lowercase();
            if lower.ends_with("vbaproject.bin") || lower.starts_with("basic/") {
                return Err(ReadError::Macros {
                    save_as: if lower.starts_with("word/") {
                        "Word document (.docx)"
                    } else {
                        "Excel workbook (.xlsx)"
                    },
                });
            }
            names.push(name);
            let mut kept = 0;
            loop {
                let read = part.read(&mut buffer[kept..]).map_err(ReadError::damaged)?;
                if read == 0 {
                    break;
                }
                left = left.checked_sub(read as u64).ok_or_else(|| {
                    ReadError::too_large("bytes after unpacking", limits.unpacked)
                })?;
                if sheet && !merged {
                    let filled = kept + read;
                    merged = contains(&buffer[..filled], b"<mergeCell ");
                    // The last bytes stay, as the words may be cut in two.
                    let keep = filled.min(16);
                    buffer.copy_within(filled - keep..filled, 0);
                    kept = keep;
                }
            }
        }
        Ok(Self { zip, names, merged })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|n| n == name)
    }

    /// The bytes of a part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Vec<u8>, ReadError> {
        let mut part = self.zip.by_name(name).map_err(ReadError::damaged)?;
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).map_err(ReadError::damaged)?;
        Ok(bytes)
    }
}

/// Whether bytes hold others.
pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else {
        return true;
    };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| b == first) {
        rest = &rest[at..];
        if rest.starts_with(part) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}
