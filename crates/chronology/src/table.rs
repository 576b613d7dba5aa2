//! From the rows of a table to entries and rows to mend: finds the headings, guesses the columns, checks each row.
//! Every row below the headings ends as an entry, as a row to mend, or is blank; `finish` asserts the sum.

use jiff::civil::Date;

use crate::agency;
use crate::cell::Cell;
use crate::columns::{Mapping, Place, letters};
use crate::dates::shortened;
use crate::entry::{Arena, File, PassedOver, Table};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::row::Row;
use crate::serial::Epoch;
use crate::when::When;

/// How a file is read.
#[derive(Debug, Clone)]
pub struct Options {
    /// The day of reading: years of two digits are read so that they do not lie after it.
    pub today: Date,
    /// The agency to stamp on entries where no column names one; otherwise it is taken from the file's name.
    pub agency: Option<String>,
    /// A mapping remembered from an earlier file of the same agency.
    pub mapping: Option<Mapping>,
    /// What is the most that is taken.
    pub limits: Limits,
}

impl Options {
    /// The usual limits, nothing remembered.
    #[must_use]
    pub fn on(today: Date) -> Self {
        Self {
            today,
            agency: None,
            mapping: None,
            limits: Limits::default(),
        }
    }
}

/// The first cell of sheets that an export works out and that are not read back.
pub(crate) const WORKED_OUT_SHEET: &str = "Worked out from the chronology; not read back";
/// How many rows are looked at before a table counts as one without headings.
const LOOKED_AT: usize = 60;

enum State {
    /// The headings have not been found; these rows came so far.
    Looking(Vec<(u32, Vec<Cell<'static>>)>),
    /// The headings were found; the number of the table, and of the row that came last.
    Reading(u16, u32),
    /// No headings and no days: no chronology.
    Passing,
}

/// Takes the tables of one file, row by row.
pub(crate) struct Tables<'o> {
    options: &'o Options,
    file: File,
    state: State,
    name: String,
    epoch: Epoch,
    /// Whether a table without headings may go on with those of the table before.
    goes_on: bool,
    /// Whether the row at hand is one cell across the whole table, such as a year set between the rows.
    across: bool,
    last: Option<When>,
}

impl<'o> Tables<'o> {
    pub(crate) fn new(name: &str, kind: &'static str, bytes: usize, options: &'o Options) -> Self {
        let agency = options
            .agency
            .clone()
            .unwrap_or_else(|| agency::from_name(name));
        Self {
            options,
            file: File {
                name: name.to_owned(),
                kind,
                agency,
                arena: Arena::with_capacity(bytes),
                ..File::default()
            },
            state: State::Passing,
            name: String::new(),
            epoch: Epoch::Of1900,
            goes_on: false,
            across: false,
            last: None,
        }
    }

    pub(crate) fn epoch(&mut self, epoch: Epoch) {
        self.epoch = epoch;
    }

    pub(crate) fn tables_go_on(&mut self) {
        self.goes_on = true;
    }

    /// Says of the next row that it is one cell across the whole table: an author's note.
    pub(crate) fn merged_across(&mut self, across: bool) {
        self.across = across;
    }

    pub(crate) fn remark(&mut self, remark: String) {
        self.file.remarks.push(remark);
    }

    /// A sheet or table begins.
    pub(crate) fn begin(&mut self, name: &str) {
        self.name = name.to_owned();
        self.state = State::Looking(Vec::new());
        self.last = None;
    }

    /// A row, numbered from 1 as a spreadsheet counts; rows that are left out in between were blank.
    pub(crate) fn row(&mut self, number: u32, cells: &[Cell<'_>]) -> Result<(), ReadError> {
        if cells.len() > self.options.limits.columns
            && let Some(at) = cells[self.options.limits.columns..]
                .iter()
                .position(|c| !c.is_blank())
        {
            return Err(ReadError::too_large(
                format!(
                    "something stands in column {}",
                    letters(self.options.limits.columns + at)
                ),
                self.options.limits.columns as u64,
            ));
        }
        let width = cells
            .iter()
            .rposition(|c| !c.is_blank())
            .map_or(0, |at| at + 1);
        let cells = &cells[..width];
        match &mut self.state {
            State::Reading(table, last) => {
                let table = *table;
                let gap = number.saturating_sub(*last).saturating_sub(1);
                *last = number;
                self.blank(gap as usize)?;
                self.entry(table, number, cells)
            }
            State::Looking(held) => {
                if let Some(mapping) = headings(cells, self.options) {
                    let above = held
                        .iter()
                        .map(|(_, cells)| in_one_line(cells))
                        .filter(|line| !line.is_empty())
                        .collect();
                    return self.found(number, mapping, above);
                }
                held.push((number, cells.iter().map(Cell::owned).collect()));
                if held.len() >= LOOKED_AT {
                    self.without_headings()?;
                }
                Ok(())
            }
            State::Passing => {
                if let Some(passed) = self.file.passed_over.last_mut()
                    && !cells.is_empty()
                {
                    passed.rows += 1;
                }
                Ok(())
            }
        }
    }

    /// The sheet or table ends.
    pub(crate) fn end(&mut self) -> Result<(), ReadError> {
        if matches!(self.state, State::Looking(_)) {
            self.without_headings()?;
        }
        self.state = State::Passing;
        Ok(())
    }

    /// Everything has come.
    pub(crate) fn finish(mut self) -> Result<File, ReadError> {
        if self.file.tables.is_empty() {
            let seen = match self.file.passed_over.as_slice() {
                [] => "no table was found in it".to_owned(),
                some => {
                    let names: Vec<String> = some
                        .iter()
                        .take(5)
                        .map(|p| format!("`{}` ({})", p.name, p.why))
                        .collect();
                    format!("what is there: {}", names.join("; "))
                }
            };
            return Err(ReadError::NoHeadings { seen });
        }
        self.file.arena.shrink();
        self.file.entries.shrink_to_fit();
        assert_eq!(
            self.file.rows,
            self.file.entries.len() + self.file.mend.len() + self.file.blank,
            "each row is an entry, a row to mend, or blank"
        );
        Ok(self.file)
    }

    fn found(
        &mut self,
        heading_row: u32,
        mapping: Mapping,
        above: Vec<String>,
    ) -> Result<(), ReadError> {
        let Ok(table) = u16::try_from(self.file.tables.len()) else {
            return Err(ReadError::too_large("tables", u64::from(u16::MAX)));
        };
        self.file.tables.push(Table {
            name: self.name.clone(),
            heading_row,
            mapping,
            above,
        });
        self.state = State::Reading(table, heading_row);
        Ok(())
    }

    /// A table without headings goes on with those before it, is a chronology whose rows cannot be placed, or is none.
    fn without_headings(&mut self) -> Result<(), ReadError> {
        let State::Looking(held) = std::mem::replace(&mut self.state, State::Passing) else {
            return Ok(());
        };
        let filled = held.iter().filter(|(_, cells)| !cells.is_empty()).count();
        if filled == 0 {
            return Ok(());
        }
        let worked_out = held
            .iter()
            .find_map(|(_, cells)| cells.first())
            .is_some_and(|c| c.words() == WORKED_OUT_SHEET);
        let width = held.iter().map(|(_, c)| c.len()).max().unwrap_or(0);
        let dated = (!worked_out)
            .then(|| self.dated_column(&held, width, filled))
            .flatten();
        let before = self.file.tables.last().map(|t| t.mapping.clone());
        if let (true, Some(column), Some(mapping)) = (self.goes_on, dated, before)
            && mapping.columns.len() >= width
            && mapping.columns.get(column).map(|c| c.place) == Some(Place::Date)
        {
            self.found(0, mapping, Vec::new())?;
        } else if dated.is_some() {
            let mut mapping = Mapping::default();
            mapping.widened(width);
            self.found(0, mapping, Vec::new())?;
        } else {
            let why = if worked_out {
                "worked out by an export, and worked out again".to_owned()
            } else {
                let first = held
                    .iter()
                    .map(|(_, cells)| in_one_line(cells))
                    .find(|line| !line.is_empty())
                    .unwrap_or_default();
                format!(
                    "no headings of a chronology; it begins with `{}`",
                    shortened(&first)
                )
            };
            self.file.passed_over.push(PassedOver {
                name: self.name.clone(),
                rows: filled,
                why,
            });
            return Ok(());
        }
        for (number, cells) in held {
            self.row(number, &cells)?;
        }
        Ok(())
    }

    /// The column in which half of the rows have a day.
    fn dated_column(
        &self,
        held: &[(u32, Vec<Cell<'static>>)],
        width: usize,
        filled: usize,
    ) -> Option<usize> {
        (0..width.min(6)).find(|column| {
            let days = held
                .iter()
                .filter_map(|(_, cells)| cells.get(*column))
                .filter(|c| {
                    !matches!(c, Cell::Number(_)) && c.when(self.options.today, self.epoch).is_ok()
                })
                .count();
            days > 0 && days * 2 >= filled
        })
    }

    fn blank(&mut self, rows: usize) -> Result<(), ReadError> {
        self.file.rows += rows;
        self.file.blank += rows;
        // A row far below the rest makes many blank ones, which cost nothing.
        if self.file.rows - self.file.blank > self.options.limits.rows {
            return Err(ReadError::too_large(
                "rows",
                self.options.limits.rows as u64,
            ));
        }
        Ok(())
    }

    fn entry(&mut self, table: u16, row: u32, cells: &[Cell<'_>]) -> Result<(), ReadError> {
        if cells.is_empty() {
            return self.blank(1);
        }
        self.blank(0)?;
        let Some(known) = self.file.tables.get_mut(usize::from(table)) else {
            return Ok(());
        };
        let mapping = &mut known.mapping;
        if repeats(mapping, cells) {
            return Ok(());
        }
        if mapping.columns.len() < cells.len() {
            mapping.widened(cells.len());
        }
        self.file.rows += 1;
        let mut row = Row {
            options: self.options,
            epoch: self.epoch,
            arena: &mut self.file.arena,
            mapping,
            across: self.across,
            cells,
            number: row,
            table,
            last: self.last,
            problems: Vec::new(),
        };
        match row.entry() {
            Ok(entry) => {
                self.last = Some(entry.when);
                self.file.entries.push(entry);
            }
            Err(mend) => self.file.mend.push(mend),
        }
        Ok(())
    }
}

fn headings(cells: &[Cell<'_>], options: &Options) -> Option<Mapping> {
    if cells.len() < 2 {
        return None;
    }
    // A heading is words; a day among them makes it a row.
    if cells
        .iter()
        .any(|c| !matches!(c, Cell::Empty | Cell::Text(_)))
    {
        return None;
    }
    let words: Vec<_> = cells.iter().map(Cell::words).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let mapping = match &options.mapping {
        Some(remembered) => remembered.remembered(&words),
        None => Mapping::guessed(&words),
    };
    mapping.is_chronology().then_some(mapping)
}

/// Whether a row says the headings once more, as on a second page.
fn repeats(mapping: &Mapping, cells: &[Cell<'_>]) -> bool {
    cells.len() > 1
        && mapping
            .columns
            .iter()
            .enumerate()
            .all(|(at, column)| match cells.get(at) {
                Some(Cell::Text(text)) => text.trim() == column.heading.trim(),
                Some(Cell::Empty) | None => column.heading.starts_with("Column "),
                Some(_) => false,
            })
}

fn in_one_line(cells: &[Cell<'_>]) -> String {
    let words: Vec<_> = cells
        .iter()
        .map(Cell::words)
        .filter(|w| !w.is_empty())
        .collect();
    words.join(" ")
}
