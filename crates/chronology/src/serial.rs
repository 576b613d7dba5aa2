//! Days as spreadsheets count them: days since the end of 1899, with a 29 February 1900 that never was, or since 1 January 1904.

use jiff::ToSpan;
use jiff::civil::{Date, Time, date};

use crate::dates::{Unreadable, YEARS};
use crate::when::When;

/// From which day a spreadsheet counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Epoch {
    /// 1 is 1 January 1900, and 60 a 29 February 1900 that never was.
    Of1900,
    /// 0 is 1 January 1904.
    Of1904,
}

const SECONDS_OF_A_DAY: f64 = 86_400.0;

/// The day of a serial number, and the time of day of its fraction.
///
/// # Errors
/// The number is no day, or the day that never was.
pub fn when(number: f64, epoch: Epoch) -> Result<When, Unreadable> {
    let wrong = |why: &str| Err(Unreadable::new(&number.to_string(), why));
    if !number.is_finite() || !(0.0..=100_000.0).contains(&number) {
        return wrong("this number is not a day as spreadsheets count them");
    }
    let seconds = (number * SECONDS_OF_A_DAY).round();
    let days = (seconds / SECONDS_OF_A_DAY).floor();
    let rest = seconds - days * SECONDS_OF_A_DAY;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "both were held between zero and a hundred thousand above"
    )]
    let (days, rest) = (days as i32, rest as i32);
    let start: Date = match epoch {
        Epoch::Of1904 => date(1904, 1, 1),
        Epoch::Of1900 => match days {
            0 => return wrong("this is a time without a day"),
            60 => {
                return wrong(
                    "this is 29 February 1900 as spreadsheets count, a day that never was",
                );
            }
            1..60 => date(1899, 12, 31),
            _ => date(1899, 12, 30),
        },
    };
    let Ok(day) = start.checked_add(days.days()) else {
        return wrong("this number is not a day as spreadsheets count them");
    };
    if !YEARS.contains(&day.year()) {
        return wrong("the year lies too far ahead");
    }
    Ok(When {
        time: (rest > 0).then(|| time(rest)),
        ..When::on(day)
    })
}

/// The time of day of a serial number below one.
#[must_use]
pub fn time_of(number: f64) -> Option<Time> {
    if !(0.0..1.0).contains(&number) {
        return None;
    }
    let seconds = (number * SECONDS_OF_A_DAY).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most the seconds of a day"
    )]
    let seconds = seconds as i32;
    (seconds < 86_400).then(|| time(seconds))
}

/// The serial number of a day, from 1 March 1900 on, as spreadsheets of the usual kind count.
#[must_use]
pub fn number(day: Date) -> Option<f64> {
    let days = day.since(date(1899, 12, 30)).ok()?.get_days();
    (days > 60).then(|| f64::from(days))
}

fn time(seconds: i32) -> Time {
    let part = |n: i32| i8::try_from(n).unwrap_or(0);
    Time::new(
        part(seconds / 3600),
        part(seconds / 60 % 60),
        part(seconds % 60),
        0,
    )
    .unwrap_or(Time::midnight())
}
