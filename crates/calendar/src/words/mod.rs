//! Dates, times, ages and time left in the words people use, and the dates they type.

mod parse;

pub use parse::parse_day;

use crate::Holidays;
use jiff::Zoned;
use jiff::civil::Date;
use std::borrow::Borrow;

/// The day with its weekday.
///
/// ```
/// let day = calendar::Date::constant(2026, 12, 4);
/// assert_eq!(calendar::words::long(day), "Friday 4 December 2026");
/// ```
#[must_use]
pub fn long(d: Date) -> String {
    d.strftime("%A %-d %B %Y").to_string()
}

/// The day without its weekday: "4 December 2026".
#[must_use]
pub fn short(d: Date) -> String {
    d.strftime("%-d %B %Y").to_string()
}

/// The day without its year: "4 December".
#[must_use]
pub fn day_month(d: Date) -> String {
    d.strftime("%-d %B").to_string()
}

/// The time of day in the zone of the value: "9:32am"; twelve o'clock is "midday" or "midnight", which cannot be misread.
///
/// ```
/// let at = |text: &str| calendar::words::time(text.parse::<jiff::Zoned>().unwrap());
/// assert_eq!(at("2026-12-04T09:32:10[Europe/London]"), "9:32am");
/// assert_eq!(at("2026-07-04T16:05:00[Europe/London]"), "4:05pm");
/// assert_eq!(at("2026-07-04T12:00:00[Europe/London]"), "midday");
/// ```
#[must_use]
pub fn time(at: impl Borrow<Zoned>) -> String {
    let at = at.borrow();
    match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (hour, minute) => {
            let half = if hour < 12 { "am" } else { "pm" };
            let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
            format!("{hour}:{minute:02}{half}")
        }
    }
}

/// How old someone born on `born` is on the day `on`: days to two weeks, weeks to 13 weeks, months to 2 years, then years.
/// Someone born on 29 February has their birthday on 1 March in other years.
///
/// ```
/// use calendar::words::{age_on, parse_day};
/// let age = |born, on| age_on(parse_day(born).unwrap(), parse_day(on).unwrap());
/// assert_eq!(age("1 3 2026", "10 3 2026"), "9 days");
/// assert_eq!(age("1 1 2026", "20 2 2026"), "7 weeks");
/// assert_eq!(age("20 7 2025", "27 11 2026"), "16 months");
/// assert_eq!(age("28 11 2018", "27 11 2026"), "7 years");
/// assert_eq!(age("1 1 2027", "27 11 2026"), "not yet born");
/// ```
#[must_use]
pub fn age_on(born: Date, on: Date) -> String {
    if on < born {
        return "not yet born".to_owned();
    }
    let days = days_between(born, on);
    let months = (i64::from(on.year()) - i64::from(born.year())) * 12 + i64::from(on.month())
        - i64::from(born.month())
        - i64::from(on.day() < born.day());
    match (days, months) {
        (0, _) => "less than 1 day".to_owned(),
        (..14, _) => counted(days, "day"),
        (..91, _) => counted(days / 7, "week"),
        (_, ..24) => counted(months, "month"),
        _ => counted(months / 12, "year"),
    }
}

/// How far away a deadline is, in working days: "4 working days left", "due today", "2 working days late".
///
/// Where no working day lies between, or the bank holidays of those years are not published, it speaks of days.
///
/// ```
/// use calendar::{Holidays, words::{left, parse_day}};
/// let left = |now, due| left(parse_day(now).unwrap(), parse_day(due).unwrap(), Holidays::embedded());
/// assert_eq!(left("Monday 30 November 2026", "Friday 4 December 2026"), "4 working days left");
/// assert_eq!(left("Friday 4 December 2026", "Friday 4 December 2026"), "due today");
/// assert_eq!(left("Saturday 5 December 2026", "Friday 4 December 2026"), "1 day late");
/// assert_eq!(left("Tuesday 8 December 2026", "Friday 4 December 2026"), "2 working days late");
/// assert_eq!(left("1 December 2028", "1 June 2029"), "182 days left");
/// ```
#[must_use]
pub fn left(now: Date, due: Date, holidays: &Holidays) -> String {
    if now == due {
        return "due today".to_owned();
    }
    let end = if now < due { "left" } else { "late" };
    let amount = match holidays.working_days_between(now, due) {
        Ok(n) if n != 0 => counted(n.abs(), "working day"),
        _ => counted(days_between(now, due).abs(), "day"),
    };
    format!("{amount} {end}")
}

fn days_between(a: Date, b: Date) -> i64 {
    // A duration between two civil dates is always a whole number of 24-hour days.
    a.duration_until(b).as_secs() / 86_400
}

fn counted(n: i64, unit: &str) -> String {
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}
