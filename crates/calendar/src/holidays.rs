//! The official list of bank holidays in England and Wales, as published; it answers only for the years it covers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use serde::Deserialize;

use crate::CalendarError;

/// Bank holidays by day, for whole years without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holidays {
    days: BTreeMap<Date, String>,
    first: Date,
    last: Date,
}

#[derive(Deserialize)]
struct Division {
    division: String,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    title: String,
    date: Date,
}

#[derive(Deserialize)]
struct AllDivisions {
    #[serde(rename = "england-and-wales")]
    england_and_wales: Division,
}

static EMBEDDED: LazyLock<Holidays> = LazyLock::new(|| {
    // A test reads the same file, so an empty list (which refuses every day) cannot be shipped.
    Holidays::from_json(include_str!("../data/bank-holidays-england-and-wales.json"))
        .unwrap_or(Holidays { days: BTreeMap::new(), first: date(2012, 1, 1), last: date(2011, 12, 31) })
});

impl Holidays {
    /// The list that comes with the program (its provenance is in `data/README.md`).
    pub fn embedded() -> &'static Holidays {
        &EMBEDDED
    }

    /// Reads the official JSON: one division, or the whole file.
    ///
    /// # Errors
    /// [`CalendarError::WrongFile`] when it is not such a list, is of another division, or has a year without its holidays.
    pub fn from_json(text: &str) -> Result<Holidays, CalendarError> {
        let wrong = |why: String| CalendarError::WrongFile { why };
        let division = match serde_json::from_str::<Division>(text) {
            Ok(division) => division,
            Err(first) => match serde_json::from_str::<AllDivisions>(text) {
                Ok(all) => all.england_and_wales,
                Err(_) => return Err(wrong(first.to_string())),
            },
        };
        if division.division != "england-and-wales" {
            return Err(wrong(format!("it is for `{}`", division.division)));
        }
        let days: BTreeMap<Date, String> = division.events.into_iter().map(|e| (e.date, e.title)).collect();
        let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value()) else {
            return Err(wrong("it holds no holidays".into()));
        };
        for year in first.year()..=last.year() {
            let held = days.keys().filter(|d| d.year() == year).count();
            if held < 8 {
                return Err(wrong(format!("{year} has {held} holidays, and each year has at least 8")));
            }
        }
        let (first, last) = (date(first.year(), 1, 1), date(last.year(), 12, 31));
        Ok(Holidays { days, first, last })
    }

    /// The first day the list covers.
    pub fn first_day(&self) -> Date {
        self.first
    }

    /// The last day the list covers: 31 December of the last published year.
    pub fn last_day(&self) -> Date {
        self.last
    }

    /// The name of the bank holiday on a day.
    pub fn name(&self, day: Date) -> Option<&str> {
        self.days.get(&day).map(String::as_str)
    }

    /// How many holidays the list holds.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// True when the list holds none.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// Refuses a day the list does not cover.
    pub(crate) fn covers(&self, day: Date) -> Result<(), CalendarError> {
        if day > self.last {
            Err(CalendarError::BeyondPublished { asked: day, last: self.last })
        } else if day < self.first {
            Err(CalendarError::BeforeFirst { asked: day, first: self.first })
        } else {
            Ok(())
        }
    }
}
