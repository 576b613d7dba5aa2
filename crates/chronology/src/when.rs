//! When something happened, as exactly as it is known, and how that is written down again.
//! What is written here is read back by `dates` as the same `When`; a property test holds that.

use std::fmt;

use jiff::civil::{Date, Time, date};
use serde::Serialize;

/// How exactly a day is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exactness {
    /// The day is known.
    Exact,
    /// About that day, month, part of a year or year.
    Approximate,
    /// Some day, or several, from the first to the last.
    Between,
    /// Some day of a month.
    Month,
    /// Some day of a year.
    Year,
    /// The day was given with a question mark.
    Uncertain,
}

/// The days between which something happened, how exactly they are known, and the time of day where it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct When {
    /// The first day that is possible.
    pub from: Date,
    /// The last day that is possible; the same as `from` for one day.
    pub to: Date,
    /// How exactly it is known.
    pub exactness: Exactness,
    /// The time of day, to the second.
    pub time: Option<Time>,
}

/// The names of the months, as they are written.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The parts of a year that people name, with their first and last month.
pub(crate) const PARTS: [(&str, i8, i8); 3] = [("early", 1, 4), ("mid", 5, 8), ("late", 9, 12)];

/// The seasons that lie within one year; winter does not, so it cannot be read.
pub(crate) const SEASONS: [(&str, i8, i8); 3] =
    [("spring", 3, 5), ("summer", 6, 8), ("autumn", 9, 11)];

impl When {
    /// One day that is known.
    #[must_use]
    pub fn on(day: Date) -> Self {
        Self::of(day, day, Exactness::Exact)
    }

    /// Days from the first to the last.
    #[must_use]
    pub(crate) fn of(from: Date, to: Date, exactness: Exactness) -> Self {
        Self {
            from,
            to,
            exactness,
            time: None,
        }
    }

    /// The day as it is written, without the time: `22/05/2016`, `c. May 2016`, `early 2014`, `?22/05/2016`, `03/05/2016 to 09/05/2016`.
    #[must_use]
    pub fn day_text(&self) -> String {
        match self.exactness {
            Exactness::Exact => day(self.from),
            Exactness::Between => format!("{} to {}", day(self.from), day(self.to)),
            Exactness::Month | Exactness::Year => self.days(),
            Exactness::Approximate => match self.part() {
                Some(part) => format!("{part} {}", self.from.year()),
                None => format!("c. {}", self.days()),
            },
            Exactness::Uncertain => format!("?{}", self.days()),
        }
    }

    /// The time as it is written, `14:05` or `14:05:30`; empty if there is none.
    #[must_use]
    pub fn time_text(&self) -> String {
        self.time.map_or_else(String::new, time_text)
    }

    fn part(&self) -> Option<&'static str> {
        let same_year = self.from.year() == self.to.year();
        PARTS.iter().find_map(|(name, first, last)| {
            (same_year
                && self.from.day() == 1
                && self.from.month() == *first
                && self.to == date(self.to.year(), *last, 1).last_of_month())
            .then_some(*name)
        })
    }

    /// The shortest words for the days from the first to the last.
    fn days(&self) -> String {
        let (from, to) = (self.from, self.to);
        if from == to {
            return day(from);
        }
        if from.day() == 1 && to == from.last_of_month() {
            let name = MONTHS[usize::from(from.month().unsigned_abs()) - 1];
            return format!("{name} {}", from.year());
        }
        if from == from.first_of_year() && to == from.last_of_year() {
            return from.year().to_string();
        }
        format!("{} to {}", day(from), day(to))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.day_text())?;
        match self.time {
            Some(time) => write!(f, " {}", time_text(time)),
            None => Ok(()),
        }
    }
}

/// A day as `22/05/2016`.
pub(crate) fn day(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

fn time_text(time: Time) -> String {
    if time.second() == 0 {
        format!("{:02}:{:02}", time.hour(), time.minute())
    } else {
        format!(
            "{:02}:{:02}:{:02}",
            time.hour(),
            time.minute(),
            time.second()
        )
    }
}
