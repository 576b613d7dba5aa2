//! The merged chronology as a table: which columns an export has, and what stands in each row.
//! What is worked out (the number, the age) is marked so in its heading, and is worked out again when the export is read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::alike::{Pairs, alike};
use crate::columns::{Place, WORKED_OUT, bare};
use crate::entry::Read;
use crate::gaps::{Gap, gaps};
use crate::glossary::{Abbreviation, glossary};
use crate::merge::{Chronology, age_text};
use crate::row::NOTE;
use crate::when::When;

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// What it is written to failed.
    #[error("write the chronology: {0}")]
    Io(#[from] std::io::Error),
    /// Too long for a sheet.
    #[error("a sheet holds {most} rows and the chronology has {rows}; write it as CSV")]
    TooLong {
        /// The entries there are.
        rows: usize,
        /// The rows a sheet holds below its headings.
        most: usize,
    },
    /// The workbook could not be made.
    #[error("make the workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The JSON could not be made.
    #[error("make the JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The merged chronology with everything worked out from it.
#[derive(Debug)]
pub struct Report {
    /// The merged chronology.
    pub chronology: Chronology,
    /// The child's day of birth, where it is to be worked with.
    pub born: Option<Date>,
    /// The day of reading; it is written into the export instead of a clock's.
    pub today: Date,
    /// Entries to look at together.
    pub pairs: Pairs,
    /// Silent months.
    pub gaps: Vec<Gap>,
    /// Abbreviations.
    pub glossary: Vec<Abbreviation>,
}

impl Report {
    /// Works everything out, on as many threads.
    #[must_use]
    pub fn of(chronology: Chronology, born: Option<Date>, today: Date, threads: usize) -> Self {
        Self {
            pairs: alike(&chronology, threads),
            gaps: gaps(&chronology),
            glossary: glossary(&chronology, threads),
            chronology,
            born,
            today,
        }
    }

    pub(crate) fn columns(&self) -> Columns {
        let mut others: BTreeMap<String, String> = BTreeMap::new();
        for file in self.chronology.files() {
            // Which columns without a place a table uses is known from its headings and entries; each heading is looked at once.
            let mut seen = std::collections::BTreeSet::new();
            for entry in &file.entries {
                seen.extend(entry.other.iter().map(|(column, _)| (entry.table, *column)));
            }
            for (table, column) in seen {
                let columns = file
                    .tables
                    .get(usize::from(table))
                    .map(|t| &t.mapping.columns);
                if let Some(column) = columns.and_then(|c| c.get(usize::from(column))) {
                    note_heading(&mut others, &column.heading);
                }
            }
        }
        Columns {
            others: others.into_iter().collect(),
            age: self.born.is_some(),
        }
    }

    /// The age in words at an entry.
    pub(crate) fn age(&self, entry: &Read<'_>) -> Option<String> {
        let when = entry.when();
        self.born.map(|born| age_text(when.from, when.to, born))
    }
}

/// Of headings that differ only in capitals and marks, the one that sorts first.
fn note_heading(others: &mut BTreeMap<String, String>, heading: &str) {
    let kept = others
        .entry(bare(heading))
        .or_insert_with(|| heading.to_owned());
    if heading < kept.as_str() {
        heading.clone_into(kept);
    }
}

/// The texts in the order an export writes them.
pub(crate) const WRITTEN: [Place; 10] = [
    Place::Order,
    Place::Agency,
    Place::Source,
    Place::People,
    Place::What,
    Place::Response,
    Place::Voice,
    Place::Significance,
    Place::Analysis,
    Place::Files,
];

/// The columns of an export.
pub(crate) struct Columns {
    /// Columns without a place: the heading without marks, and as it is written.
    others: Vec<(String, String)>,
    age: bool,
}

/// What a cell of an export holds.
pub(crate) enum Value<'r> {
    Text(Cow<'r, str>),
    Day(When),
    Number(usize),
}

impl Columns {
    pub(crate) fn headings(&self) -> Vec<&str> {
        let mut headings = vec![WORKED_OUT[0]];
        let times = [Place::Date, Place::Time, Place::EndDate, Place::EndTime];
        headings.extend(times.iter().chain(&WRITTEN).map(|p| p.heading()));
        headings.extend(self.others.iter().map(|(_, heading)| heading.as_str()));
        if self.age {
            headings.push(WORKED_OUT[1]);
        }
        let last = [
            Place::Kind,
            Place::AsWritten,
            Place::FromFile,
            Place::FromSheet,
            Place::FromRow,
        ];
        headings.extend(last.iter().map(|p| p.heading()));
        headings
    }

    /// Puts the cells of an entry into `row`, in the order of the headings.
    pub(crate) fn row<'r>(
        &self,
        report: &'r Report,
        place: usize,
        entry: &Read<'r>,
        row: &mut Vec<Value<'r>>,
    ) {
        let borrowed = |text: &'r str| Value::Text(Cow::Borrowed(text));
        let owned = |text: String| Value::Text(Cow::Owned(text));
        let nothing = || Value::Text(Cow::Borrowed(""));
        row.clear();
        row.push(Value::Number(place + 1));
        row.push(Value::Day(entry.when()));
        row.push(owned(entry.when().time_text()));
        match entry.end() {
            Some(end) => {
                row.push(Value::Day(end));
                row.push(owned(end.time_text()));
            }
            None => row.extend([nothing(), nothing()]),
        }
        row.extend(WRITTEN.iter().map(|p| borrowed(entry.text(*p))));
        if !self.others.is_empty() {
            let from = row.len();
            row.extend(self.others.iter().map(|_| nothing()));
            for (heading, text) in entry.other() {
                let key = bare(heading);
                if let Ok(at) = self.others.binary_search_by(|(k, _)| k.as_str().cmp(&key)) {
                    row[from + at] = borrowed(text);
                }
            }
        }
        if let Some(age) = report.age(entry) {
            row.push(owned(age));
        }
        row.push(borrowed(if entry.is_note() { NOTE } else { "" }));
        row.push(borrowed(entry.text(Place::AsWritten)));
        let (file, sheet, number) = entry.origin();
        row.push(borrowed(file));
        row.push(borrowed(sheet));
        row.push(Value::Number(number as usize));
    }
}
