//! PDF and rich text, read once as they come for the words that name a script, a start of something, a file inside, a password.
//! What a PDF packs into compressed objects is not seen by this; it is said in the documentation.

use std::io::Read;

use crate::{Found, Holds, Refused};

/// How much is read at a time.
const PIECE: usize = 256 * 1024;

/// Counts how often each of some words stands in a file, where it is not only the beginning of another word.
fn count(file: &mut dyn Read, words: &[&[u8]]) -> Result<Vec<u32>, Refused> {
    let longest = words.iter().map(|word| word.len()).max().unwrap_or(0) + 1;
    let mut counts = vec![0_u32; words.len()];
    let mut window = Vec::with_capacity(PIECE + longest);
    loop {
        let kept = window.len();
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).map_err(|_| Refused::Broken)?;
        window.extend_from_slice(&piece[..read]);
        // At the end what is left is looked at whole; before, a word that may go on waits for the next piece.
        let upto = match read {
            0 => window.len(),
            _ => window.len().saturating_sub(longest),
        };
        for at in 0..upto {
            // Nearly every byte begins none.
            if !matches!(window[at], b'/' | b'\\') {
                continue;
            }
            for (word, count) in words.iter().zip(&mut counts) {
                let rest = &window[at..];
                let ends = |next: Option<&u8>| !next.is_some_and(u8::is_ascii_alphanumeric);
                if rest.starts_with(word) && ends(rest.get(word.len())) {
                    *count = count.saturating_add(1);
                }
            }
        }
        if read == 0 {
            return Ok(counts);
        }
        window.drain(..upto);
        debug_assert!(window.len() <= kept + PIECE, "what is kept does not grow");
    }
}

pub(crate) fn look(file: &mut dyn Read, found: &mut Found) -> Result<(), Refused> {
    let counts = count(
        file,
        &[
            b"/JavaScript",
            b"/JS",
            b"/EmbeddedFile",
            b"/Encrypt",
            b"/Launch",
        ],
    )?;
    if counts[4] > 0 {
        return Err(Refused::FetchesElsewhere);
    }
    found.add(Holds::Script, counts[0].max(counts[1]));
    found.add(Holds::FilesInside, counts[2]);
    found.add(Holds::Protection, counts[3].min(1));
    Ok(())
}

pub(crate) fn rich_text(file: &mut dyn Read, found: &mut Found) -> Result<(), Refused> {
    let counts = count(
        file,
        &[
            b"\\objdata",
            b"\\template",
            b"\\deleted",
            b"\\annotation",
            b"\\author",
        ],
    )?;
    if counts[1] > 0 {
        return Err(Refused::FetchesElsewhere);
    }
    found.add(Holds::FilesInside, counts[0]);
    found.add(Holds::TrackedChanges, counts[2]);
    found.add(Holds::Comments, counts[3]);
    found.add(Holds::Author, counts[4].min(1));
    Ok(())
}
