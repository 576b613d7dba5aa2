//! All files in one order, whatever order they came in, with the child's age at each event.

use jiff::civil::Date;

use crate::entry::{File, Kept, Read};

/// The child's age on a day: in full years and months, of a baby in days and weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// Full years.
    pub years: i16,
    /// Full months beyond them.
    pub months: i8,
    /// Days since the day of birth, all of them.
    pub days: i32,
}

impl Age {
    /// The age on a day; nothing before birth.
    /// A month is full on the day with the number of the day of birth, or, where a month is too short for it, on the first day of the next.
    #[must_use]
    pub fn on(day: Date, born: Date) -> Option<Self> {
        if day < born {
            return None;
        }
        let months = i32::from(day.year() - born.year()) * 12
            + i32::from(day.month() - born.month())
            - i32::from(day.day() < born.day());
        Some(Self {
            years: i16::try_from(months / 12).ok()?,
            months: i8::try_from(months % 12).ok()?,
            days: day_number(day) - day_number(born),
        })
    }
}

impl std::fmt::Display for Age {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let many = |n: i32| if n == 1 { "" } else { "s" };
        let (years, months) = (i32::from(self.years), i32::from(self.months));
        match (years, months) {
            (0, _) if self.days < 14 => write!(f, "{} day{}", self.days, many(self.days)),
            (0, _) if self.days < 91 => write!(f, "{} weeks", self.days / 7),
            (0, m) => write!(f, "{m} month{}", many(m)),
            (y, 0) => write!(f, "{y} year{}", many(y)),
            (y, m) => write!(f, "{y} year{} {m} month{}", many(y), many(m)),
        }
    }
}

/// The words for the age over the days that are possible: `2 years 3 months`, `before birth`, `4 years 8 months to 5 years 7 months`.
#[must_use]
pub fn age_text(from: Date, to: Date, born: Date) -> String {
    let said =
        |day| Age::on(day, born).map_or_else(|| "before birth".to_owned(), |a| a.to_string());
    let (first, last) = (said(from), said(to));
    if first == last {
        first
    } else {
        format!("{first} to {last}")
    }
}

/// The merged chronology: the files, and the order of their entries.
#[derive(Debug, PartialEq, Eq)]
pub struct Chronology {
    files: Vec<File>,
    order: Vec<(u16, u32)>,
}

/// By what entries are ordered: first day, how many days are possible, time, order within the day; then by where they stand.
type Key = (i32, u32, u32, u32, u16, u32);

impl Chronology {
    /// Puts the entries of all files in order.
    /// The result does not depend on the order in which the files are given: they are ordered by agency, name and content first.
    /// Within a day, entries with a time come first, then those without; where an author numbered them, in that order.
    #[must_use]
    pub fn merge(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| {
            (&a.agency, &a.name, &a.arena, a.kind).cmp(&(&b.agency, &b.name, &b.arena, b.kind))
        });
        let mut keys: Vec<Key> = Vec::with_capacity(files.iter().map(File::entries).sum());
        for (number, file) in (0_u16..).zip(&files) {
            for (at, entry) in (0_u32..).zip(&file.entries) {
                keys.push(key(file, entry, number, at));
            }
        }
        keys.sort_unstable();
        let order = keys.into_iter().map(|key| (key.4, key.5)).collect();
        Self { files, order }
    }

    /// The files, ordered by agency and name.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no entry at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The entry at a place of the merged order, from 0.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Read<'_>> {
        let (file, at) = *self.order.get(place)?;
        let file = self.files.get(usize::from(file))?;
        let entry = file.entries.get(at as usize)?;
        Some(Read { file, entry })
    }

    /// The entries in order.
    pub fn entries(&self) -> impl Iterator<Item = Read<'_>> {
        (0..self.order.len()).filter_map(|place| self.get(place))
    }

    /// How many rows are to be mended, in all files.
    #[must_use]
    pub fn to_mend(&self) -> usize {
        self.files.iter().map(File::to_mend).sum()
    }
}

/// Days since a day long before any that is read; quicker than asking the calendar for each of a million.
pub(crate) fn day_number(day: Date) -> i32 {
    let (year, month) = (i32::from(day.year()), i32::from(day.month()));
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + i32::from(day.day())
}

fn key(file: &File, entry: &Kept, number: u16, at: u32) -> Key {
    let when = entry.when;
    let from = day_number(when.from);
    let width = u32::try_from(day_number(when.to) - from).unwrap_or(0);
    let time = when.time.map_or(u32::MAX, |t| {
        let part = |n: i8| u32::from(n.unsigned_abs());
        part(t.hour()) * 3600 + part(t.minute()) * 60 + part(t.second())
    });
    // An author's note has the day and time of the entry it follows, and stands behind it in the file.
    (from, width, time, order(file, entry), number, at)
}

/// The first number of what an author wrote for the order within a day.
fn order(file: &File, entry: &Kept) -> u32 {
    let text = file.arena.get(entry.texts[0]);
    let digits: &str = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(u32::MAX)
}
