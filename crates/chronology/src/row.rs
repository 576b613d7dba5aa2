//! One row on its way to an entry: its day, its time and its end are read, what is mandatory is asked for, and every text is kept.

use jiff::civil::Time;

use crate::cell::Cell;
use crate::columns::{Mapping, Place, TEXTS, bare, letters};
use crate::dates::shortened;
use crate::entry::{Arena, First, Kept, Mend, Problem, Span};
use crate::serial::Epoch;
use crate::table::Options;
use crate::when::When;

/// What an author's note is called in the column for the kind of row.
pub(crate) const NOTE: &str = "Author's note";

/// One row on its way to an entry.
pub(crate) struct Row<'r, 'c> {
    pub(crate) options: &'r Options,
    pub(crate) epoch: Epoch,
    pub(crate) arena: &'r mut Arena,
    pub(crate) mapping: &'r Mapping,
    pub(crate) across: bool,
    pub(crate) cells: &'r [Cell<'c>],
    pub(crate) number: u32,
    pub(crate) table: u16,
    pub(crate) last: Option<When>,
    pub(crate) problems: Vec<Problem>,
}

impl<'r, 'c> Row<'r, 'c> {
    /// The entry, or what is wrong with the row and all its cells.
    pub(crate) fn entry(&mut self) -> Result<Kept, Mend> {
        let mut entry = Kept {
            when: When::on(self.options.today),
            end: None,
            texts: [Span::default(); TEXTS.len()],
            other: Box::default(),
            first: None,
            row: self.number,
            table: self.table,
            note: self.is_note(),
        };
        match self.when() {
            Some((when, as_written)) => {
                entry.when = when;
                if let (Some(at), Some(text)) = (Place::AsWritten.text(), as_written)
                    && entry.texts[at] == Span::default()
                {
                    entry.texts[at] = self.arena.keep(&text);
                }
            }
            None if entry.note && self.cell(Place::Date).is_none() => match self.last {
                Some(last) => entry.when = last,
                None => self.problem(
                    Place::Date,
                    "a note before the first dated row has no place; give it a date",
                ),
            },
            None => {}
        }
        entry.end = self.end(entry.when);
        self.texts(&mut entry);
        if !entry.note {
            if self.cell(Place::Source).is_none() {
                self.problem(Place::Source, "the source of information is missing");
            }
            let said = [
                Place::What,
                Place::Response,
                Place::Voice,
                Place::Significance,
                Place::Analysis,
            ];
            if said.into_iter().all(|place| self.cell(place).is_none()) {
                self.problem(Place::What, "nothing is said about what happened");
            }
        }
        if self.problems.is_empty() {
            return Ok(entry);
        }
        let cells = self.cells.iter().enumerate();
        let cells = cells
            .filter_map(|(at, cell)| {
                let span = self.arena.keep(&cell.words());
                (span != Span::default()).then_some((u16::try_from(at).ok()?, span))
            })
            .collect();
        Err(Mend {
            table: self.table,
            row: self.number,
            problems: std::mem::take(&mut self.problems),
            cells,
        })
    }

    /// The cell of a place, if something stands in it.
    fn cell(&self, place: Place) -> Option<(usize, &'r Cell<'c>)> {
        let at = self.mapping.columns.iter().position(|c| c.place == place)?;
        let cell = self.cells.get(at)?;
        (!cell.is_blank()).then_some((at, cell))
    }

    fn problem(&mut self, place: Place, wrong: &str) {
        let column = self.mapping.columns.iter().position(|c| c.place == place);
        let wrong = match column {
            Some(_) => wrong.to_owned(),
            None => format!("{wrong}, and the table has no column for it"),
        };
        let seen = self
            .cell(place)
            .map_or_else(String::new, |(_, c)| shortened(&c.words()));
        let cell = match column {
            Some(at) => format!("{}{}", letters(at), self.number),
            None => format!("row {}", self.number),
        };
        self.problems.push(Problem { cell, seen, wrong });
    }

    fn is_note(&self) -> bool {
        if self.across {
            return true;
        }
        if let Some((_, kind)) = self.cell(Place::Kind) {
            return bare(&kind.words()) == bare(NOTE);
        }
        if self.cell(Place::Date).is_some_and(|(_, c)| !note_words(c)) {
            return false;
        }
        self.cells
            .iter()
            .find(|c| !c.is_blank())
            .is_some_and(note_words)
    }

    /// The day with its time, and the words it was written in where they say it otherwise than an export would.
    fn when(&mut self) -> Option<(When, Option<String>)> {
        let Some((_, cell)) = self.cell(Place::Date) else {
            if !self.is_note() {
                self.problem(Place::Date, "the date is missing");
            }
            return None;
        };
        let read = cell.when(self.options.today, self.epoch);
        let written = match cell {
            Cell::Text(_) => Some(cell.words().into_owned()),
            _ => None,
        };
        match read {
            Ok(mut when) => {
                let as_written = written.filter(|text| *text != when.day_text());
                when.time = self.time(Place::Time, when.time)?;
                Some((when, as_written))
            }
            // "Author's note: …" may stand under the date.
            Err(_) if self.is_note() && self.cell(Place::Kind).is_none() => {
                self.last.map(|when| (when, None)).or_else(|| {
                    self.problem(
                        Place::Date,
                        "a note before the first dated row has no place; give it a date",
                    );
                    None
                })
            }
            Err(error) => {
                self.problem(Place::Date, &error.expected);
                None
            }
        }
    }

    /// The time of its own column, or what stood with the day; nothing, with a problem, where they differ.
    #[expect(
        clippy::option_option,
        reason = "no time is not the same as a time that cannot be read"
    )]
    fn time(&mut self, place: Place, with_day: Option<Time>) -> Option<Option<Time>> {
        let Some((_, cell)) = self.cell(place) else {
            return Some(with_day);
        };
        match cell.time() {
            Ok(time) if with_day.is_none_or(|t| t == time) => Some(Some(time)),
            Ok(_) => {
                self.problem(place, "the date says another time");
                None
            }
            Err(error) => {
                self.problem(place, &error.expected);
                None
            }
        }
    }

    fn end(&mut self, start: When) -> Option<When> {
        let Some((_, cell)) = self.cell(Place::EndDate) else {
            if self.cell(Place::EndTime).is_some() {
                // A time alone ends on the same day.
                let time = self.time(Place::EndTime, None)??;
                if start.time.is_some_and(|from| from > time) {
                    self.problem(
                        Place::EndTime,
                        "it ends before it begins; give the day on which it ends",
                    );
                }
                return Some(When {
                    time: Some(time),
                    ..start
                });
            }
            return None;
        };
        match cell.when(self.options.today, self.epoch) {
            Ok(mut end) => {
                end.time = self.time(Place::EndTime, end.time)?;
                let same_day = end.to == start.from && end.from == start.to;
                if end.to < start.from
                    || (same_day && matches!((start.time, end.time), (Some(a), Some(b)) if b < a))
                {
                    self.problem(Place::EndDate, "it ends before it begins");
                }
                Some(end)
            }
            Err(error) => {
                self.problem(Place::EndDate, &error.expected);
                None
            }
        }
    }

    /// Keeps every text under its place, and the rest under their headings.
    fn texts(&mut self, entry: &mut Kept) {
        let mut other = Vec::new();
        let mut first = First {
            file: Span::default(),
            sheet: Span::default(),
            row: self.number,
        };
        let mut has_first = false;
        for (at, cell) in self.cells.iter().enumerate() {
            if cell.is_blank() {
                continue;
            }
            let Some(column) = self.mapping.columns.get(at) else {
                continue;
            };
            let words = match column.place {
                Place::Date
                | Place::Time
                | Place::EndDate
                | Place::EndTime
                | Place::Kind
                | Place::Derived
                    if !(column.place == Place::Date && (self.across || note_words(cell))) =>
                {
                    continue;
                }
                _ => cell.words(),
            };
            if words.len() > self.options.limits.cell
                && words.encode_utf16().count() > self.options.limits.cell
            {
                self.problems.push(Problem {
                    cell: format!("{}{}", letters(at), self.number),
                    seen: shortened(&words),
                    wrong: format!("the text is longer than {} letters, which no spreadsheet can hold; divide it", self.options.limits.cell),
                });
            }
            match column.place {
                Place::FromFile | Place::FromSheet => {
                    has_first = true;
                    let span = self.arena.keep(&words);
                    if column.place == Place::FromFile {
                        first.file = span
                    } else {
                        first.sheet = span
                    }
                }
                Place::FromRow if words.parse::<u32>().is_ok() => {
                    has_first = true;
                    first.row = words.parse().unwrap_or(self.number);
                }
                place => match place.text() {
                    Some(text) => entry.texts[text] = self.arena.keep(&words),
                    None => {
                        if let Ok(at) = u16::try_from(at) {
                            other.push((at, self.arena.keep(&words)));
                        }
                    }
                },
            }
        }
        if !other.is_empty() {
            entry.other = other.into_boxed_slice();
        }
        if has_first {
            entry.first = Some(Box::new(first));
        }
    }
}

fn note_words(cell: &Cell<'_>) -> bool {
    let Cell::Text(text) = cell else { return false };
    let text = text.trim_start().as_bytes();
    if !text.first().is_some_and(|b| b.eq_ignore_ascii_case(&b'a')) {
        return false;
    }
    let start: String = String::from_utf8_lossy(&text[..text.len().min(24)]).into_owned();
    let start = bare(&start);
    ["author note", "author s note", "authors note"]
        .iter()
        .any(|words| start.starts_with(words))
}
