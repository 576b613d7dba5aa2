//! One file as it was read: its entries, its rows to mend, and what was passed over.
//! All text of a file lies in one string and entries hold ranges of it, so that a million rows fit in memory.

use serde::Serialize;

use crate::columns::{Column, Mapping, Place, TEXTS, letters};
use crate::when::When;

/// A range of a file's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    length: u32,
}

/// All text of a file.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arena(String);

impl Arena {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Keeps a text; nothing is kept when four gigabytes are full, which the limits do not allow.
    pub(crate) fn keep(&mut self, text: &str) -> Span {
        let (Ok(start), Ok(length)) = (u32::try_from(self.0.len()), u32::try_from(text.len()))
        else {
            return Span::default();
        };
        if length == 0 || start.checked_add(length).is_none() {
            return Span::default();
        }
        self.0.push_str(text);
        Span { start, length }
    }

    pub(crate) fn get(&self, span: Span) -> &str {
        let start = span.start as usize;
        self.0
            .get(start..start + span.length as usize)
            .unwrap_or_default()
    }

    pub(crate) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}

/// Where an entry of an export first came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct First {
    pub(crate) file: Span,
    pub(crate) sheet: Span,
    pub(crate) row: u32,
}

/// An entry as it is kept; `Read` gives its words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) when: When,
    pub(crate) end: Option<When>,
    pub(crate) texts: [Span; TEXTS.len()],
    pub(crate) other: Box<[(u16, Span)]>,
    pub(crate) first: Option<Box<First>>,
    pub(crate) row: u32,
    pub(crate) table: u16,
    pub(crate) note: bool,
}

/// A table of a file: a sheet, or a table in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The sheet's name, or `Table 2`.
    pub name: String,
    /// The row in which the headings stand, from 1; 0 where they were taken over from the table before.
    pub heading_row: u32,
    /// What each column holds.
    pub mapping: Mapping,
    /// What stands above the headings, row by row.
    pub above: Vec<String>,
}

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The address of the cell, like `B7`.
    pub cell: String,
    /// What stands there.
    pub seen: String,
    /// What is wrong and what is expected.
    pub wrong: String,
}

/// A row that could not become an entry; its cells are kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mend {
    pub(crate) table: u16,
    pub(crate) row: u32,
    pub(crate) problems: Vec<Problem>,
    pub(crate) cells: Box<[(u16, Span)]>,
}

/// A table that is no chronology, or something else that was not read; told, so that nothing is left out unsaid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    /// The sheet or table.
    pub name: String,
    /// Its rows with something in them.
    pub rows: usize,
    /// Why.
    pub why: String,
}

/// A file as it was read. `rows == entries + rows to mend + blank`, always.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The file's name.
    pub name: String,
    /// What kind of file it is, in words.
    pub kind: &'static str,
    /// The agency stamped on its entries where no column names one.
    pub agency: String,
    /// Its tables with a chronology.
    pub tables: Vec<Table>,
    /// Tables that are none.
    pub passed_over: Vec<PassedOver>,
    /// What else should be known about the reading.
    pub remarks: Vec<String>,
    /// Rows below headings; headings that are repeated on a later page are not rows.
    pub rows: usize,
    /// Rows with nothing in them.
    pub blank: usize,
    pub(crate) arena: Arena,
    pub(crate) entries: Vec<Kept>,
    pub(crate) mend: Vec<Mend>,
}

impl File {
    /// How many entries there are.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    /// How many rows are to be mended.
    #[must_use]
    pub fn to_mend(&self) -> usize {
        self.mend.len()
    }

    /// The entries in the order of the file.
    pub fn read(&self) -> impl Iterator<Item = Read<'_>> {
        self.entries.iter().map(|entry| Read { file: self, entry })
    }

    /// The rows to mend in the order of the file.
    pub fn rows_to_mend(&self) -> impl Iterator<Item = RowToMend<'_>> {
        self.mend.iter().map(|mend| RowToMend { file: self, mend })
    }

    fn columns(&self, table: u16) -> &[Column] {
        self.tables
            .get(usize::from(table))
            .map_or(&[], |t| &t.mapping.columns)
    }

    fn table_name(&self, table: u16) -> &str {
        self.tables
            .get(usize::from(table))
            .map_or("", |t| t.name.as_str())
    }
}

/// An entry with the file it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Read<'f> {
    pub(crate) file: &'f File,
    pub(crate) entry: &'f Kept,
}

impl<'f> Read<'f> {
    /// When it happened.
    #[must_use]
    pub fn when(&self) -> When {
        self.entry.when
    }

    /// When it ended, where that is said.
    #[must_use]
    pub fn end(&self) -> Option<When> {
        self.entry.end
    }

    /// Whether it is an author's note: it stands at the place of the entry before it and need not say a source.
    #[must_use]
    pub fn is_note(&self) -> bool {
        self.entry.note
    }

    /// One of its texts; empty where there is none.
    #[must_use]
    pub fn text(&self, place: Place) -> &'f str {
        if place == Place::Agency {
            return self.agency();
        }
        place.text().map_or("", |at| {
            self.entry
                .texts
                .get(at)
                .map_or("", |span| self.file.arena.get(*span))
        })
    }

    /// The agency: what its column says, or what was stamped on the file.
    #[must_use]
    pub fn agency(&self) -> &'f str {
        let own = Place::Agency.text().and_then(|at| self.entry.texts.get(at));
        match own.map_or("", |span| self.file.arena.get(*span)) {
            "" => &self.file.agency,
            own => own,
        }
    }

    /// What stood in columns without a place, under their headings.
    pub fn other(&self) -> impl Iterator<Item = (&'f str, &'f str)> + use<'f> {
        let (file, table) = (self.file, self.entry.table);
        self.entry.other.iter().map(move |(column, span)| {
            let heading = file
                .columns(table)
                .get(usize::from(*column))
                .map_or("", |c| c.heading.as_str());
            (heading, file.arena.get(*span))
        })
    }

    /// The file, sheet and row where it first stood.
    #[must_use]
    pub fn origin(&self) -> (&'f str, &'f str, u32) {
        match &self.entry.first {
            Some(first) => (
                self.file.arena.get(first.file),
                self.file.arena.get(first.sheet),
                first.row,
            ),
            None => (
                &self.file.name,
                self.file.table_name(self.entry.table),
                self.entry.row,
            ),
        }
    }
}

/// A row to mend with the file it stands in.
#[derive(Debug, Clone, Copy)]
pub struct RowToMend<'f> {
    file: &'f File,
    mend: &'f Mend,
}

impl<'f> RowToMend<'f> {
    /// The file's name.
    #[must_use]
    pub fn file(&self) -> &'f str {
        &self.file.name
    }

    /// The sheet or table.
    #[must_use]
    pub fn sheet(&self) -> &'f str {
        self.file.table_name(self.mend.table)
    }

    /// The row, from 1, as a spreadsheet counts.
    #[must_use]
    pub fn row(&self) -> u32 {
        self.mend.row
    }

    /// What is wrong.
    #[must_use]
    pub fn problems(&self) -> &'f [Problem] {
        &self.mend.problems
    }

    /// Every cell with something in it: address, heading, text.
    pub fn cells(&self) -> impl Iterator<Item = (String, &'f str, &'f str)> + use<'f> {
        let Self { file, mend } = *self;
        mend.cells.iter().map(move |(column, span)| {
            let heading = file
                .columns(mend.table)
                .get(usize::from(*column))
                .map_or("", |c| c.heading.as_str());
            (
                format!("{}{}", letters(usize::from(*column)), mend.row),
                heading,
                file.arena.get(*span),
            )
        })
    }
}
