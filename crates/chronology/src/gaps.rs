//! Months in which an agency is silent although it tells of others before and after.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use serde::Serialize;

use crate::merge::Chronology;

/// Months without an entry of an agency, in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The agency.
    pub agency: String,
    /// The first day of the first silent month.
    pub from: Date,
    /// The last day of the last one.
    pub to: Date,
    /// How many months.
    pub months: i32,
}

/// The silent months of every agency between its first entry and its last, by agency and day.
/// An entry that lasts, or whose day is known only within limits, speaks for every month it touches.
#[must_use]
pub fn gaps(chronology: &Chronology) -> Vec<Gap> {
    let mut spoken: BTreeMap<&str, Vec<(i32, i32)>> = BTreeMap::new();
    for entry in chronology.entries().filter(|e| !e.is_note()) {
        let when = entry.when();
        let to = entry.end().map_or(when.to, |end| end.to.max(when.to));
        let months = (month(when.from), month(to));
        let spans = spoken.entry(entry.agency()).or_default();
        // Entries come in order, so most only repeat the month of the one before.
        match spans.last_mut() {
            Some(last) if months.0 <= last.1 + 1 => last.1 = last.1.max(months.1),
            _ => spans.push(months),
        }
    }
    let mut gaps = Vec::new();
    for (agency, spans) in spoken {
        for pair in spans.windows(2) {
            let (from, to) = (pair[0].1 + 1, pair[1].0 - 1);
            gaps.push(Gap {
                agency: agency.to_owned(),
                from: first_day(from),
                to: first_day(to).last_of_month(),
                months: to - from + 1,
            });
        }
    }
    gaps
}

fn month(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn first_day(month: i32) -> Date {
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(0);
    date(year, i8::try_from(month.rem_euclid(12) + 1).unwrap_or(1), 1)
}
