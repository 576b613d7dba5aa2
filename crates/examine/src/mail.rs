//! An e-mail as a file: how many files it carries. They stay inside it; nobody is shown them here.

use std::io::{BufRead, BufReader, Read};

use crate::{Found, Holds, Refused};

/// The longest line that is looked at; what is longer is no header.
const LONGEST: u64 = 64 * 1024;

pub(crate) fn look(file: &mut dyn Read, found: &mut Found) -> Result<(), Refused> {
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader).take(LONGEST).read_until(b'\n', &mut line);
        if read.map_err(|_| Refused::Broken)? == 0 {
            return Ok(());
        }
        if line.len() < 200 {
            let words = String::from_utf8_lossy(&line).to_ascii_lowercase();
            let carries = words.starts_with("content-disposition:") && words.contains("attachment");
            found.add(Holds::FilesInside, u32::from(carries));
        }
    }
}
