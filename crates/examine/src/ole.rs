//! Word, Excel, PowerPoint and Outlook files of before, which are a file system in a file: macros, passwords, hidden sheets.

use std::io::{Cursor, Read};

use cfb::CompoundFile;

use crate::{Found, Holds, Limits, Refused};

/// How much of the stream of a workbook is read for its list of sheets.
const GLOBALS: u64 = 8 << 20;

pub(crate) fn look(bytes: Vec<u8>, limits: &Limits, found: &mut Found) -> Result<(), Refused> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|_| Refused::Broken)?;
    let mut paths = Vec::new();
    for (parts, entry) in file.walk().enumerate() {
        if parts > limits.parts {
            return Err(Refused::TooManyParts);
        }
        match entry.name().to_lowercase().as_str() {
            "encryptedpackage" | "encryptioninfo" => return Err(Refused::Password),
            "_vba_project_cur" | "_vba_project" | "macros" | "vba" => return Err(Refused::Macros),
            name if name.starts_with("__attach_version") => found.add(Holds::FilesInside, 1),
            "objectpool" => found.add(Holds::FilesInside, 1),
            _ => {}
        }
        if entry.is_stream() {
            paths.push(entry.path().to_path_buf());
        }
    }
    for path in paths {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let mut head = Vec::new();
        let take = match name.as_deref() {
            Some("WordDocument") => 32,
            Some("Workbook" | "Book") => GLOBALS,
            _ => continue,
        };
        let stream = file.open_stream(&path).map_err(|_| Refused::Broken)?;
        (stream.take(take).read_to_end(&mut head)).map_err(|_| Refused::Broken)?;
        match take {
            GLOBALS => workbook(&head, found)?,
            // A flag in the beginning of the document says that it is encrypted.
            _ if head.get(11).is_some_and(|flags| flags & 1 != 0) => return Err(Refused::Password),
            _ => {}
        }
    }
    Ok(())
}

/// The records of a workbook up to the end of what holds for all its sheets.
fn workbook(bytes: &[u8], found: &mut Found) -> Result<(), Refused> {
    const END: u16 = 0x000A;
    const PASSWORD: u16 = 0x002F;
    const SHEET: u16 = 0x0085;
    let mut at = 0;
    while let Some(head) = bytes.get(at..at + 4) {
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        match kind {
            END => return Ok(()),
            PASSWORD => return Err(Refused::Password),
            SHEET => {
                let state = bytes.get(at + 8).copied().unwrap_or_default() & 3;
                found.add(Holds::HiddenSheets, u32::from(state != 0));
            }
            _ => {}
        }
        at += 4 + length;
    }
    Ok(())
}
