//! Which column of somebody's table holds what.
//! The headings people use are data (`synonyms.tsv`); the guess is returned as a `Mapping`, so that it can be shown, corrected and remembered for the next file of the same agency.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The day or days, perhaps with the time.
    Date,
    /// The time of day.
    Time,
    /// The last day of what lasted.
    EndDate,
    /// The time on the last day.
    EndTime,
    /// The order within a day.
    Order,
    /// The source of information; mandatory.
    Source,
    /// The agency, where the table names it.
    Agency,
    /// The people concerned.
    People,
    /// What happened.
    What,
    /// What was done about it.
    Response,
    /// The voice of the child.
    Voice,
    /// Why it matters.
    Significance,
    /// The author's analysis, apart from what happened.
    Analysis,
    /// Where documents about it are kept.
    Files,
    /// Whether the row is an author's note; written by an export.
    Kind,
    /// The date as the author wrote it; written by an export.
    AsWritten,
    /// The file a row came from; written by an export.
    FromFile,
    /// The sheet or table a row came from; written by an export.
    FromSheet,
    /// The row it came from; written by an export.
    FromRow,
    /// Worked out by an export, such as the child's age; worked out again and not read.
    Derived,
    /// Anything else, kept under its heading.
    Other,
}

/// The texts that an entry keeps, in the order they are written.
pub const TEXTS: [Place; 11] = [
    Place::Order,
    Place::Source,
    Place::Agency,
    Place::People,
    Place::What,
    Place::Response,
    Place::Voice,
    Place::Significance,
    Place::Analysis,
    Place::Files,
    Place::AsWritten,
];

impl Place {
    /// The heading under which an export writes it.
    #[must_use]
    pub fn heading(self) -> &'static str {
        SYNONYMS
            .iter()
            .find_map(|(place, words)| (*place == self).then_some(*words))
            .unwrap_or_default()
    }

    /// Where among an entry's texts it stands.
    #[must_use]
    pub(crate) fn text(self) -> Option<usize> {
        TEXTS.iter().position(|p| *p == self)
    }
}

/// A column of a table: its heading as it stands, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The heading as it stands in the file.
    pub heading: String,
    /// What it holds.
    pub place: Place,
}

/// What each column of a table holds, from the left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mapping {
    /// The columns from the left.
    pub columns: Vec<Column>,
}

static SYNONYMS: LazyLock<Vec<(Place, &'static str)>> = LazyLock::new(|| {
    include_str!("synonyms.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (place, words) = line.split_once('\t')?;
            let place = serde_json::from_value(place.into()).ok()?;
            Some((place, words))
        })
        .collect()
});

static BY_WORDS: LazyLock<HashMap<String, Place>> =
    LazyLock::new(|| SYNONYMS.iter().map(|(p, w)| (bare(w), *p)).collect());

/// The headings of the two columns that an export works out: the number in the merged chronology, and the child's age.
pub(crate) const WORKED_OUT: [&str; 2] = ["Number (worked out)", "Age of the child (worked out)"];

/// Whether the words are, without capitals and marks, one of the headings that are known for a place.
fn known(heading: &str) -> Option<Place> {
    BY_WORDS.get(bare(heading).as_str()).copied()
}

/// A heading in lower case, letters and digits only, one space between words.
#[must_use]
pub(crate) fn bare(heading: &str) -> String {
    let mut bare = String::with_capacity(heading.len());
    for c in heading.chars() {
        if c.is_alphanumeric() {
            bare.extend(c.to_lowercase());
        } else if !bare.ends_with(' ') && !bare.is_empty() {
            bare.push(' ');
        }
    }
    bare.truncate(bare.trim_end().len());
    bare
}

/// What a heading most likely means: all its words, its words without what stands in brackets, or the longest known words within it.
#[must_use]
pub(crate) fn guess(heading: &str) -> Option<Place> {
    if heading.chars().count() > 80 {
        return None;
    }
    let whole = bare(heading);
    if let Some(place) = BY_WORDS.get(whole.as_str()) {
        return Some(*place);
    }
    let outside = match heading.split_once(['(', '[']) {
        Some((before, rest)) => {
            let after = rest.split_once([')', ']']).map_or("", |(_, after)| after);
            bare(&format!("{before} {after}"))
        }
        None => whole,
    };
    if let Some(place) = BY_WORDS.get(outside.as_str()) {
        return Some(*place);
    }
    let words: Vec<&str> = outside.split(' ').collect();
    for length in (1..words.len().min(6)).rev() {
        for part in words.windows(length) {
            let part = part.join(" ");
            // A short word within a longer heading says too little.
            if part.len() > 4
                && let Some(place) = BY_WORDS.get(part.as_str())
            {
                return Some(*place);
            }
        }
    }
    None
}

impl Mapping {
    /// The best guess for a row of headings; a place that is taken twice is kept for the first, or for the one that is named in full.
    #[must_use]
    pub fn guessed(headings: &[&str]) -> Self {
        let guesses: Vec<Option<Place>> = headings.iter().map(|h| guess(h)).collect();
        let exact = |at: usize| known(headings[at]).is_some();
        let columns = headings
            .iter()
            .enumerate()
            .map(|(at, heading)| {
                let place = guesses[at].filter(|place| {
                    let same = |other: &usize| guesses[*other] == Some(*place);
                    let winner = (0..headings.len())
                        .filter(same)
                        .find(|other| exact(*other))
                        .or_else(|| (0..headings.len()).find(same));
                    *place == Place::Derived || winner == Some(at)
                });
                Column {
                    heading: (*heading).to_owned(),
                    place: place.unwrap_or(Place::Other),
                }
            })
            .collect();
        let mut mapping = Self { columns };
        mapping.told_apart();
        mapping
    }

    /// Gives a column without a heading its letter, and the second of the same heading a number, so that what is kept under it can be told apart.
    fn told_apart(&mut self) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (at, column) in self.columns.iter_mut().enumerate() {
            if column.heading.trim().is_empty() {
                column.heading = format!("Column {}", letters(at));
            }
            let times = seen.entry(bare(&column.heading)).or_default();
            *times += 1;
            if *times > 1 {
                column.heading = format!("{} ({times})", column.heading);
                seen.insert(bare(&column.heading), 1);
            }
        }
    }

    /// Makes room for cells to the right of the last heading.
    pub(crate) fn widened(&mut self, width: usize) {
        while self.columns.len() < width {
            self.columns.push(Column {
                heading: String::new(),
                place: Place::Other,
            });
        }
        self.told_apart();
    }

    /// What was remembered, for headings that have it; the rest is guessed.
    #[must_use]
    pub fn remembered(&self, headings: &[&str]) -> Self {
        let mut mapping = Self::guessed(headings);
        let known: HashMap<String, Place> = self
            .columns
            .iter()
            .map(|c| (bare(&c.heading), c.place))
            .collect();
        let said: Vec<Option<Place>> = headings
            .iter()
            .map(|h| known.get(&bare(h)).copied())
            .collect();
        for (at, column) in mapping.columns.iter_mut().enumerate() {
            match said[at] {
                Some(place) => column.place = place,
                None if said.contains(&Some(column.place)) => column.place = Place::Other,
                None => {}
            }
        }
        mapping
    }

    /// Whether these are headings of a chronology: a date, and one of what happened, the source or the response.
    #[must_use]
    pub(crate) fn is_chronology(&self) -> bool {
        let has = |place| self.columns.iter().any(|c| c.place == place);
        has(Place::Date)
            && [Place::What, Place::Source, Place::Response, Place::Analysis]
                .into_iter()
                .any(has)
    }
}

/// The letters of a column as spreadsheets write them, from `A`.
#[must_use]
pub(crate) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + u8::try_from(rest % 26).unwrap_or(0));
        rest /= 26;
    }
    letters.iter().rev().map(|b| char::from(*b)).collect()
}
