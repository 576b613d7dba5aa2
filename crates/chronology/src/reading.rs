//! Looks at the first bytes of a file, refuses what must not be opened, and hands the rest to its reader.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::archive::{Weighed, contains};
use crate::entry::File;
use crate::error::ReadError;
use crate::table::Options;
use crate::{delimited, document, page, sheets};

/// Reads one file; `name` is kept with its entries and tells the agency where nothing else does.
///
/// # Errors
/// Why the file as a whole is refused.
pub fn read(name: &str, bytes: &[u8], options: &Options) -> Result<File, ReadError> {
    if bytes.len() > options.limits.bytes {
        return Err(ReadError::too_large("bytes", options.limits.bytes as u64));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return archived(name, bytes, options);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return compound(name, bytes, options);
    }
    let kind = |what, advice| Err(ReadError::Kind { what, advice });
    if bytes.starts_with(b"%PDF") {
        return kind(
            "a PDF",
            "ask for the document or spreadsheet it was made from",
        );
    }
    if bytes.starts_with(b"{\\rtf") {
        return kind(
            "rich text (RTF)",
            "open it in Word, save it as Word document (.docx), and give that file",
        );
    }
    let start = &bytes[..bytes.len().min(4096)];
    let first = start.iter().find(|b| b.is_ascii_graphic());
    match first {
        Some(b'{' | b'[') => kind(
            "JSON",
            "its layout is not known here; give the document or spreadsheet, or save the chronology as a Word document",
        ),
        Some(b'<') if is_page(bytes) => page::read(name, bytes, options),
        // The clipboard of Windows sets some lines before the page.
        _ if start.starts_with(b"Version:") && is_page(bytes) => page::read(name, bytes, options),
        _ => delimited::read(name, bytes, options),
    }
}

/// Reads many files at once, one after the other on each of the machine's cores; `fetch` brings the name, the bytes and how they are read.
/// The answers stand in the order of the numbers, whatever order the files were read in.
pub fn read_each<F>(count: usize, threads: usize, fetch: F) -> Vec<Result<File, ReadError>>
where
    F: Fn(usize) -> Result<(String, Vec<u8>, Options), ReadError> + Sync,
{
    let next = AtomicUsize::new(0);
    let one = |at| {
        let (name, bytes, options) = fetch(at)?;
        read(&name, &bytes, &options)
    };
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return done;
            }
            done.push((at, one(at)));
        }
    };
    let mut all: Vec<_> = std::thread::scope(|scope| {
        let hands: Vec<_> = (1..threads.clamp(1, count.max(1)))
            .map(|_| scope.spawn(work))
            .collect();
        let mut all = work();
        for hand in hands {
            match hand.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, file)| file).collect()
}

fn is_page(bytes: &[u8]) -> bool {
    let start: Vec<u8> = bytes[..bytes.len().min(1 << 20)].to_ascii_lowercase();
    contains(&start, b"<table") || contains(&start, b"<html")
}

fn archived(name: &str, bytes: &[u8], options: &Options) -> Result<File, ReadError> {
    let mut archive = Weighed::new(bytes, &options.limits)?;
    if archive.has("[Content_Types].xml") {
        let types = archive.part("[Content_Types].xml")?;
        if contains(&types, b"macroEnabled") {
            return Err(ReadError::Macros {
                save_as: if archive.has("word/document.xml") {
                    "Word document (.docx)"
                } else {
                    "Excel workbook (.xlsx)"
                },
            });
        }
    }
    if archive.has("xl/workbook.xml") {
        let kind = sheets::Kind::Xlsx {
            merged: archive.merged,
        };
        return sheets::read(name, bytes, kind, options);
    }
    if archive.has("word/document.xml") {
        return document::read(name, &mut archive, options);
    }
    let kind = |what, advice| Err(ReadError::Kind { what, advice });
    if archive.has("xl/workbook.bin") {
        return kind(
            "a binary Excel workbook (XLSB)",
            "open it in Excel, save it as Excel workbook (.xlsx), and give that file",
        );
    }
    if archive.has("mimetype") && archive.has("content.xml") {
        let mime = archive.part("mimetype")?;
        if contains(&mime, b"spreadsheet") {
            return sheets::read(name, bytes, sheets::Kind::Ods, options);
        }
        return kind(
            "an OpenDocument file that is no spreadsheet",
            "save it as Word document (.docx), and give that file",
        );
    }
    kind("an archive (ZIP)", "unpack it and give the files in it")
}

/// The container of older Office files, and of sealed newer ones.
fn compound(name: &str, bytes: &[u8], options: &Options) -> Result<File, ReadError> {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(bytes, &wide)
    };
    if holds("EncryptedPackage") || holds("EncryptionInfo") {
        return Err(ReadError::Password);
    }
    let document = holds("WordDocument");
    if holds("_VBA_PROJECT") {
        return Err(ReadError::Macros {
            save_as: if document {
                "Word document (.docx)"
            } else {
                "Excel workbook (.xlsx)"
            },
        });
    }
    if document {
        return Err(ReadError::Kind {
            what: "an older Word document (DOC)",
            advice: "open it in Word, save it as Word document (.docx), and give that file",
        });
    }
    sheets::read(name, bytes, sheets::Kind::Xls, options)
}
