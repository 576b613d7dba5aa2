//! A table as Word, Outlook or a browser puts it on the clipboard: HTML, read leniently, because such pages are seldom well formed.

use std::borrow::Cow;

use crate::cell::Cell;
use crate::decode;
use crate::entry::File;
use crate::error::ReadError;
use crate::table::{Options, Tables};

/// Elements whose content is not text of the page.
const SILENT: [&str; 4] = ["script", "style", "head", "xml"];

pub(crate) fn read(name: &str, bytes: &[u8], options: &Options) -> Result<File, ReadError> {
    let (text, _) = decode::text(bytes);
    let mut page = Page {
        tables: Tables::new(name, "a page with a table (HTML)", text.len() / 2, options),
        options,
        depth: 0,
        count: 0,
        number: 0,
        row: Vec::new(),
        cell: None,
        down: Vec::new(),
    };
    page.tables.tables_go_on();
    let mut rest: &str = &text;
    while let Some(at) = rest.find('<') {
        page.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some(end) = rest.find('>') else {
            rest = "";
            break;
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let (name, closing) = tag_name(tag);
        if !closing && SILENT.contains(&name.as_str()) && !tag.ends_with('/') {
            let close = format!("</{name}");
            rest = find_without_case(rest, &close).map_or("", |at| &rest[at..]);
            continue;
        }
        page.tag(&name, closing, tag)?;
    }
    page.text(rest);
    page.row_ends()?;
    page.tables.end()?;
    page.tables.finish()
}

struct Page<'o> {
    tables: Tables<'o>,
    options: &'o Options,
    depth: usize,
    count: usize,
    number: u32,
    row: Vec<Cell<'static>>,
    /// The text of the open cell, its columns and its rows.
    cell: Option<(String, usize, usize)>,
    /// Cells that go on downwards: column, rows left, what stands there.
    down: Vec<(usize, usize, Cell<'static>)>,
}

impl Page<'_> {
    fn tag(&mut self, name: &str, closing: bool, tag: &str) -> Result<(), ReadError> {
        match (name, closing) {
            ("table", false) => {
                self.depth += 1;
                if self.depth == 1 {
                    self.count += 1;
                    self.number = 0;
                    self.tables.begin(&format!("Table {}", self.count));
                }
            }
            ("table", true) => {
                if self.depth == 1 {
                    self.row_ends()?;
                    self.down.clear();
                    self.tables.end()?;
                }
                self.depth = self.depth.saturating_sub(1);
            }
            ("tr", _) if self.depth == 1 => self.row_ends()?,
            ("td" | "th", false) if self.depth == 1 => {
                self.cell_ends()?;
                let many = |key| attribute(tag, key).clamp(1, self.options.limits.columns);
                self.cell = Some((String::new(), many("colspan"), many("rowspan")));
            }
            ("td" | "th", true) if self.depth == 1 => self.cell_ends()?,
            ("br", _) | ("p" | "div" | "li" | "tr" | "td", true) => {
                if let Some((text, ..)) = &mut self.cell {
                    text.push('\n');
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let Some((cell, ..)) = &mut self.cell else {
            return;
        };
        // Line ends in a page are spaces.
        let mut space = cell.is_empty() || cell.ends_with(['\n', ' ']);
        for c in unescaped(text).chars() {
            if c.is_whitespace() {
                if !space {
                    cell.push(' ');
                }
                space = true;
            } else {
                cell.push(c);
                space = false;
            }
        }
    }

    fn cell_ends(&mut self) -> Result<(), ReadError> {
        let Some((text, across, down)) = self.cell.take() else {
            return Ok(());
        };
        self.fill();
        let at = self.row.len();
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect();
        let cell = match lines.as_slice() {
            [] => Cell::Empty,
            lines => Cell::Text(Cow::Owned(lines.join("\n"))),
        };
        if down > 1 {
            self.down.push((at, down, cell.clone()));
        }
        self.row.push(cell);
        if at + across > self.options.limits.columns {
            return Err(ReadError::too_large(
                "columns in a table",
                self.options.limits.columns as u64,
            ));
        }
        self.row.resize(at + across, Cell::Empty);
        Ok(())
    }

    /// Puts what goes on from above into the next places of the row.
    fn fill(&mut self) {
        while let Some((_, _, cell)) = self.down.iter().find(|(at, ..)| *at == self.row.len()) {
            let cell = cell.clone();
            self.row.push(cell);
        }
    }

    fn row_ends(&mut self) -> Result<(), ReadError> {
        self.cell_ends()?;
        if self.row.is_empty() {
            return Ok(());
        }
        self.fill();
        self.number = self.number.saturating_add(1);
        let row = std::mem::take(&mut self.row);
        self.tables.row(self.number, &row)?;
        for (_, left, _) in &mut self.down {
            *left -= 1;
        }
        self.down.retain(|(_, left, _)| *left > 0);
        Ok(())
    }
}

fn tag_name(tag: &str) -> (String, bool) {
    let closing = tag.starts_with('/');
    let name: String = tag
        .trim_start_matches('/')
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric())
        .take(16)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    (name, closing)
}

fn find_without_case(text: &str, part: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|at| {
        bytes
            .get(*at..at + part.len())
            .is_some_and(|b| b.eq_ignore_ascii_case(part.as_bytes()))
    })
}

fn attribute(tag: &str, key: &str) -> usize {
    let Some(at) = find_without_case(tag, key) else {
        return 1;
    };
    let rest = tag[at + key.len()..].trim_start();
    let Some(rest) = rest.strip_prefix('=') else {
        return 1;
    };
    let number: String = rest
        .trim_start_matches([' ', '"', '\''])
        .chars()
        .take_while(char::is_ascii_digit)
        .take(4)
        .collect();
    number.parse().unwrap_or(1)
}

/// The entities that pages use.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let found = end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end)));
        match found {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "pound" => '£',
        "euro" => '€',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "eacute" => 'é',
        _ => return None,
    })
}
