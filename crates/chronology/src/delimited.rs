//! Text with a mark between the cells: comma, semicolon, tab or bar, as spreadsheets save it or as it comes out of the clipboard.
//! Cells are borrowed from the text; blank lines are kept, because the numbers of rows must be those a spreadsheet shows.

use std::borrow::Cow;

use crate::cell::Cell;
use crate::columns::Mapping;
use crate::decode;
use crate::entry::File;
use crate::error::ReadError;
use crate::table::{Options, Tables};

const MARKS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(crate) fn read(name: &str, bytes: &[u8], options: &Options) -> Result<File, ReadError> {
    let (text, guessed) = decode::text(bytes);
    if text.contains('\0') {
        return Err(ReadError::Kind {
            what: "a file of an unknown kind",
            advice: "give a spreadsheet (XLSX, XLS, ODS or CSV), a Word document (DOCX) or a pasted table",
        });
    }
    let (mark, start) = mark(&text);
    let mut tables = Tables::new(name, "text with separated cells", text.len(), options);
    if let Some(encoding) = guessed {
        tables.remark(format!(
            "the letters of the file were read as {encoding}; look at a word with an accent or a pound sign"
        ));
    }
    tables.begin("");
    let mut rows = Rows {
        text: &text,
        at: start,
        mark,
    };
    let mut cells = Vec::new();
    let mut number = u32::from(start > 0);
    while rows.next(&mut cells) {
        number = number.saturating_add(1);
        tables.row(number, &cells)?;
    }
    tables.end()?;
    tables.finish()
}

/// The mark between cells: the one that a first line `sep=;` says, the one with which headings are found, or the most frequent one; and where the rows begin.
fn mark(text: &str) -> (u8, usize) {
    if let Some(rest) = text.strip_prefix("sep=")
        && let Some(mark) = rest.bytes().next()
        && MARKS.contains(&mark)
        && let Some(end) = text.find('\n')
        && end <= 6
    {
        return (mark, end + 1);
    }
    let has_headings = |mark: &u8| {
        let mut rows = Rows {
            text,
            at: 0,
            mark: *mark,
        };
        let mut cells = Vec::new();
        (0..40).any(|_| {
            rows.next(&mut cells) && {
                let words: Vec<_> = cells.iter().map(Cell::words).collect();
                let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
                words.len() > 1 && Mapping::guessed(&words).is_chronology()
            }
        })
    };
    let start = &text.as_bytes()[..text.len().min(20_000)];
    let count = |mark: &u8| start.iter().filter(|b| *b == mark).count();
    let found = MARKS
        .into_iter()
        .find(has_headings)
        .or_else(|| MARKS.into_iter().max_by_key(count));
    (found.unwrap_or(b','), 0)
}

/// The rows of the text, one after the other.
struct Rows<'t> {
    text: &'t str,
    at: usize,
    mark: u8,
}

impl<'t> Rows<'t> {
    /// Puts the cells of the next row into `cells`; `false` at the end.
    fn next(&mut self, cells: &mut Vec<Cell<'t>>) -> bool {
        cells.clear();
        if self.at >= self.text.len() {
            return false;
        }
        loop {
            let cell = if self.text.as_bytes().get(self.at) == Some(&b'"') {
                self.quoted().unwrap_or_else(|| Cow::Borrowed(self.plain()))
            } else {
                Cow::Borrowed(self.plain())
            };
            cells.push(if cell.is_empty() {
                Cell::Empty
            } else {
                Cell::Text(alive(cell))
            });
            let bytes = self.text.as_bytes();
            match bytes.get(self.at) {
                Some(b) if *b == self.mark => self.at += 1,
                Some(b'\r') => {
                    self.at += 1 + usize::from(bytes.get(self.at + 1) == Some(&b'\n'));
                    return true;
                }
                Some(_) => {
                    self.at += 1;
                    return true;
                }
                None => return true,
            }
        }
    }

    fn plain(&mut self) -> &'t str {
        let rest = &self.text.as_bytes()[self.at..];
        let mark = self.mark;
        let length = rest
            .iter()
            .position(|b| *b == mark || *b == b'\n' || *b == b'\r')
            .unwrap_or(rest.len());
        let cell = &self.text[self.at..self.at + length];
        self.at += length;
        cell
    }

    /// A cell in quotation marks; nothing if the mark is never closed, so that it is one of the words.
    fn quoted(&mut self) -> Option<Cow<'t, str>> {
        let mut cell = Cow::Borrowed("");
        let mut from = self.at + 1;
        loop {
            let end = from + self.text[from..].find('"')?;
            add(&mut cell, &self.text[from..end]);
            match self.text.as_bytes().get(end + 1) {
                Some(b'"') => {
                    add(&mut cell, "\"");
                    from = end + 2;
                }
                Some(b) if *b != self.mark && *b != b'\n' && *b != b'\r' => {
                    // Words behind the closing mark belong to the cell.
                    self.at = end + 1;
                    let rest = self.plain();
                    if !rest.trim().is_empty() {
                        add(&mut cell, rest);
                    }
                    return Some(cell);
                }
                _ => {
                    self.at = end + 1;
                    return Some(cell);
                }
            }
        }
    }
}

fn add<'t>(cell: &mut Cow<'t, str>, more: &'t str) {
    if cell.is_empty() {
        *cell = Cow::Borrowed(more);
    } else if !more.is_empty() {
        cell.to_mut().push_str(more);
    }
}

/// Takes away the mark that an export sets before what a spreadsheet would take for a formula.
fn alive(cell: Cow<'_, str>) -> Cow<'_, str> {
    if !cell.starts_with('\'') || !is_formula(&cell) {
        return cell;
    }
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(&text[1..]),
        Cow::Owned(text) => Cow::Owned(text[1..].to_owned()),
    }
}

/// Whether a spreadsheet could take a cell for a formula: `=`, `+`, `-`, `@`, tab or line end at its start, perhaps behind marks that were set before them.
pub(crate) fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}
