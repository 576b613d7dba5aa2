//! Documents that are packed parts (Word, Excel, PowerPoint, OpenDocument): each part is unpacked once, counted as it comes and thrown
//! away, so that neither a part nor a directory that lies about its size can fill the memory.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::{Found, Limits, Refused};

/// A part while it is read: its name in small letters and its bytes as they are unpacked.
pub(crate) struct Part<'a> {
    pub name: &'a str,
    pub bytes: &'a mut dyn Read,
}

/// What looks at one part; it may read it to its end or leave it.
pub(crate) type LookAtPart = fn(&mut Part<'_>, &mut Found) -> Result<(), Refused>;

/// Counts what is unpacked and stops when it is too much.
struct Counted<'a, R> {
    inner: R,
    left: &'a mut u64,
    too_much: bool,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => *self.left = left,
            None => {
                self.too_much = true;
                return Err(std::io::ErrorKind::QuotaExceeded.into());
            }
        }
        Ok(read)
    }
}

pub(crate) fn look(
    bytes: &[u8],
    limits: &Limits,
    found: &mut Found,
    part: LookAtPart,
) -> Result<(), Refused> {
    if count(bytes).is_some_and(|parts| parts > limits.parts as u64) {
        return Err(Refused::TooManyParts);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refused::Broken)?;
    if archive.len() > limits.parts {
        return Err(Refused::TooManyParts);
    }
    let mut left = limits.unpacked;
    for at in 0..archive.len() {
        let (name, encrypted, leads_out) = {
            let raw = archive.by_index_raw(at).map_err(|_| Refused::Broken)?;
            let name = raw.name().map_err(|_| Refused::Broken)?;
            let leads_out = raw.enclosed_name().is_none() || name.contains('\0');
            (name.to_lowercase(), raw.encrypted(), leads_out)
        };
        if encrypted {
            return Err(Refused::Password);
        }
        if leads_out {
            return Err(Refused::NameLeadsOut);
        }
        let entry = archive.by_index(at).map_err(|_| Refused::Broken)?;
        let mut counted = Counted {
            inner: entry,
            left: &mut left,
            too_much: false,
        };
        let mut one = Part {
            name: &name,
            bytes: &mut counted,
        };
        let done = part(&mut one, found);
        // What was not looked at is unpacked all the same: a document that cannot be is no document.
        let rest = match done {
            Ok(()) => std::io::copy(&mut counted, &mut std::io::sink()).map(|_| ()),
            Err(_) => Ok(()),
        };
        if counted.too_much {
            return Err(Refused::TooLargeInside);
        }
        done?;
        rest.map_err(|_| Refused::Broken)?;
    }
    Ok(())
}

/// How many parts the directory says there are, before any list of them is made.
fn count(bytes: &[u8]) -> Option<u64> {
    let from = bytes.len().saturating_sub(66_000);
    let tail = bytes.get(from..)?;
    let at = tail
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")?;
    let parts = tail.get(at + 10..at + 12)?;
    let parts = u16::from_le_bytes([parts[0], parts[1]]);
    if parts != u16::MAX {
        return Some(u64::from(parts));
    }
    // More than that stand in a longer form of the same.
    let long = tail
        .windows(4)
        .rposition(|window| window == b"PK\x06\x06")?;
    let parts = tail.get(long + 32..long + 40)?;
    Some(u64::from_le_bytes(parts.try_into().ok()?))
}
