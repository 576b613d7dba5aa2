//! The official list of bank holidays in England and Wales, as published; it answers only for the years it covers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday, date};
use serde::Deserialize;

use crate::{CalendarError, words};

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
    Holidays::from_json(include_str!("../data/bank-holidays-england-and-wales.json")).unwrap_or(
        Holidays {
            days: BTreeMap::new(),
            first: date(2012, 1, 1),
            last: date(2011, 12, 31),
        },
    )
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
        let text = text.trim_start_matches('\u{feff}');
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
        let mut days: BTreeMap<Date, String> = BTreeMap::new();
        for event in division.events {
            if days.insert(event.date, event.title).is_some() {
                return Err(wrong(format!(
                    "{} stands in it twice",
                    words::short(event.date)
                )));
            }
        }
        let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value())
        else {
            return Err(wrong("it holds no holidays".into()));
        };
        for year in first.year()..=last.year() {
            // A missing day would make clocks too short, so each year must have what every year has, on weekdays.
            let held = |from: (i8, i8), to: (i8, i8)| {
                days.keys()
                    .filter(|d| {
                        d.year() == year
                            && (d.month(), d.day()) >= from
                            && (d.month(), d.day()) <= to
                            && !weekend(**d)
                    })
                    .count()
            };
            let parts = [
                ("New Year", held((1, 1), (1, 3)), 1),
                ("Easter", held((3, 20), (4, 30)), 2),
                ("May", held((5, 1), (6, 10)), 2),
                ("August", held((8, 25), (8, 31)), 1),
                ("Christmas", held((12, 25), (12, 28)), 2),
            ];
            for (name, there, needed) in parts {
                if there < needed {
                    return Err(wrong(format!(
                        "{year} has {there} of at least {needed} holidays around {name} on a weekday"
                    )));
                }
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
            Err(CalendarError::BeyondPublished {
                asked: day,
                last: self.last,
            })
        } else if day < self.first {
            Err(CalendarError::BeforeFirst {
                asked: day,
                first: self.first,
            })
        } else {
            Ok(())
        }
    }
}

fn weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
