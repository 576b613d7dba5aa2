//! Tables in a Word document, Chronolator documents among them: cells merged across and down, tables within cells, text in boxes and controls.
//! Text outside tables is not read, and that is told.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::archive::Weighed;
use crate::cell::Cell;
use crate::entry::File;
use crate::error::ReadError;
use crate::table::{Options, Tables};

/// A cell being read.
#[derive(Default)]
struct Words {
    text: String,
    across: usize,
    goes_on: bool,
}

/// A table being read: its rows so far are handed on, or, within a cell, become text of that cell.
#[derive(Default)]
struct Open {
    row: Vec<Cell<'static>>,
    /// How many cells the row has, and whether one of them spans all the columns there are.
    cells: usize,
    above: Vec<Cell<'static>>,
    cell: Option<Words>,
    number: u32,
    skipped: usize,
}

pub(crate) fn read(
    name: &str,
    archive: &mut Weighed<'_>,
    options: &Options,
) -> Result<File, ReadError> {
    let bytes = archive.part("word/document.xml")?;
    let (xml, _) = crate::decode::text(&bytes);
    let mut reader = Reader::from_str(&xml);
    let mut body = Body {
        tables: Tables::new(name, "a Word document (DOCX)", xml.len() / 4, options),
        options,
        open: Vec::new(),
        count: 0,
        hidden: 0,
        in_text: false,
        outside: 0,
        paragraph_outside: false,
    };
    body.tables.tables_go_on();
    loop {
        match reader.read_event().map_err(ReadError::damaged)? {
            Event::Start(tag) => body.start(&tag, false)?,
            Event::Empty(tag) => body.start(&tag, true)?,
            Event::End(tag) => body.end(tag.local_name().as_ref())?,
            Event::Text(text) => body.text(&text),
            Event::CData(text) => body.text(&text),
            Event::GeneralRef(entity) => {
                if let Some(c) = entity_char(&entity) {
                    body.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !body.open.is_empty() {
        return Err(ReadError::damaged("a table in it has no end"));
    }
    if body.outside > 0 {
        body.tables.remark(format!(
            "{} paragraphs outside tables were not read",
            body.outside
        ));
    }
    body.tables.finish()
}

struct Body<'o> {
    tables: Tables<'o>,
    options: &'o Options,
    open: Vec<Open>,
    count: usize,
    /// How deep we are in what is shown only by older programs, so that nothing is read twice.
    hidden: usize,
    in_text: bool,
    outside: usize,
    paragraph_outside: bool,
}

impl Body<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), ReadError> {
        let name = tag.local_name();
        let name = name.as_ref();
        if name == "Fallback" {
            self.hidden += usize::from(!empty);
        }
        if self.hidden > 0 {
            return Ok(());
        }
        match name {
            "tbl" if !empty => {
                if self.open.len() >= self.options.limits.depth {
                    return Err(ReadError::too_large(
                        "tables within tables",
                        self.options.limits.depth as u64,
                    ));
                }
                if self.open.is_empty() {
                    self.count += 1;
                    self.tables.begin(&format!("Table {}", self.count));
                }
                self.open.push(Open::default());
            }
            "tr" => {
                if let Some(table) = self.open.last_mut() {
                    table.number = table.number.saturating_add(1);
                    table.row.clear();
                    table.cells = 0;
                    table.skipped = 0;
                    if empty {
                        self.row_ends()?;
                    }
                }
            }
            "tc" => {
                if let Some(table) = self.open.last_mut() {
                    table.cell = Some(Words {
                        across: 1,
                        ..Words::default()
                    });
                    if empty {
                        self.cell_ends()?;
                    }
                }
            }
            "gridBefore" => {
                let skipped = self.number(tag);
                if let Some(table) = self.open.last_mut() {
                    table.row.resize(skipped, Cell::Empty);
                }
            }
            "gridSpan" => {
                let across = self.number(tag).max(1);
                if let Some(cell) = self.cell() {
                    cell.across = across;
                }
            }
            "vMerge" => {
                let restart = value(tag).is_some_and(|v| v == "restart");
                if let Some(cell) = self.cell() {
                    cell.goes_on = !restart;
                }
            }
            "t" if !empty => self.in_text = true,
            "tab" | "br" | "cr" => self.push(if name == "tab" { " " } else { "\n" }),
            "noBreakHyphen" => self.push("-"),
            "p" => self.paragraph_outside = false,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        if name == "Fallback" {
            self.hidden = self.hidden.saturating_sub(1);
            return Ok(());
        }
        if self.hidden > 0 {
            return Ok(());
        }
        match name {
            "t" => self.in_text = false,
            "p" => {
                self.push("\n");
                if self.paragraph_outside {
                    self.outside += 1;
                    self.paragraph_outside = false;
                }
            }
            "tc" => self.cell_ends()?,
            "tr" => self.row_ends()?,
            "tbl" => {
                let Some(table) = self.open.pop() else {
                    return Err(ReadError::damaged("a table ends that never began"));
                };
                drop(table);
                if self.open.is_empty() {
                    self.tables.end()?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.hidden == 0 {
            self.push(text);
        }
    }

    fn push(&mut self, text: &str) {
        match self.open.last_mut() {
            Some(Open {
                cell: Some(cell), ..
            }) => cell.text.push_str(text),
            _ => self.paragraph_outside |= !text.trim().is_empty(),
        }
    }

    fn cell(&mut self) -> Option<&mut Words> {
        self.open.last_mut()?.cell.as_mut()
    }

    /// The number of a tag, no larger than the columns that are taken.
    fn number(&self, tag: &BytesStart<'_>) -> usize {
        let number = value(tag).and_then(|v| v.parse().ok()).unwrap_or(0);
        number.min(self.options.limits.columns)
    }

    fn cell_ends(&mut self) -> Result<(), ReadError> {
        let limit = self.options.limits.columns;
        let Some(table) = self.open.last_mut() else {
            return Ok(());
        };
        let Some(words) = table.cell.take() else {
            return Ok(());
        };
        let at = table.row.len();
        let cell = if words.text.trim().is_empty() {
            // Merged with the cell above: what stands there holds here too.
            match (words.goes_on, table.above.get(at)) {
                (true, Some(above)) => above.clone(),
                _ => Cell::Empty,
            }
        } else {
            Cell::Text(Cow::Owned(words.text))
        };
        table.cells += 1;
        table.row.push(cell);
        let width = at + words.across;
        if width > limit {
            return Err(ReadError::too_large("columns in a table", limit as u64));
        }
        table.row.resize(width, Cell::Empty);
        Ok(())
    }

    fn row_ends(&mut self) -> Result<(), ReadError> {
        let depth = self.open.len();
        let Some(table) = self.open.last_mut() else {
            return Ok(());
        };
        if depth == 1 {
            let one_across = table.cells == 1 && table.row.len() > 1;
            self.tables.merged_across(one_across);
            self.tables.row(table.number, &table.row)?;
            table.above = std::mem::take(&mut table.row);
            return Ok(());
        }
        // A table within a cell becomes lines of that cell.
        let line: Vec<String> = table
            .row
            .iter()
            .map(|c| c.words().into_owned())
            .filter(|w| !w.is_empty())
            .collect();
        table.above = std::mem::take(&mut table.row);
        if let Some(outer) = self.open.get_mut(depth - 2).and_then(|t| t.cell.as_mut()) {
            outer.text.push_str(&line.join(" | "));
            outer.text.push('\n');
        }
        Ok(())
    }
}

fn value<'t>(tag: &'t BytesStart<'_>) -> Option<Cow<'t, str>> {
    tag.attributes()
        .flatten()
        .find(|a| a.key.local_name().as_ref() == "val")
        .map(|a| a.value)
}

/// The letter an entity stands for; documents of this kind define none of their own.
pub(crate) fn entity_char(entity: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return Some(c);
    }
    match &**entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
