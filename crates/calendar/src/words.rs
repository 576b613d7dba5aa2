//! Days, times, ages and what is left, as people write and read them.

use jiff::civil::{Date, Weekday};
use jiff::{Unit, Zoned};

use crate::Holidays;

const MONTHS: [&str; 12] = [
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

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

fn month(day: Date) -> &'static str {
    MONTHS[usize::try_from(day.month() - 1).unwrap_or(0) % 12]
}

fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// "Friday 4 December 2026".
pub fn long(day: Date) -> String {
    format!("{} {}", weekday(day), short(day))
}

/// "4 December 2026".
pub fn short(day: Date) -> String {
    format!("{} {} {}", day.day(), month(day), day.year())
}

/// "4 December".
pub fn day_month(day: Date) -> String {
    format!("{} {}", day.day(), month(day))
}

/// "9:32am".
pub fn time(at: &Zoned) -> String {
    let (hour, half) = match at.hour() {
        0 => (12, "am"),
        h @ 1..=11 => (h, "am"),
        12 => (12, "pm"),
        h => (h - 12, "pm"),
    };
    format!("{hour}:{:02}{half}", at.minute())
}

/// "30 November 2026 at 4:12pm".
pub fn moment(at: &Zoned) -> String {
    format!("{} at {}", short(at.date()), time(at))
}

/// An age on a day, in the unit people use: "9 days", "7 weeks", "16 months", "7 years".
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(calendar::words::age_on(date(2025, 7, 2), date(2026, 11, 8)), "16 months");
/// ```
pub fn age_on(born: Date, on: Date) -> String {
    let plural = |n: i64, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let days = born
        .until((Unit::Day, on))
        .map_or(0, |s| i64::from(s.get_days()));
    let months = born
        .until((Unit::Month, on))
        .map_or(0, |s| i64::from(s.get_months()));
    match days {
        ..0 => "not yet born".into(),
        0..14 => plural(days, "day"),
        14..91 => plural(days / 7, "week"),
        _ if months < 24 => plural(months, "month"),
        _ => plural(months / 12, "year"),
    }
}

/// What is left: "4 working days left", "Due today", "2 working days late".
/// Where no working day lies between ("3 days left, none of them a working day"), or the list of holidays ends, it is said in days: late is always said as late.
pub fn left(today: Date, due: Date, holidays: &Holidays) -> String {
    if today == due {
        return "Due today".into();
    }
    let days = |n: i64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let calendar = today
        .until((Unit::Day, due))
        .map_or(0, |s| i64::from(s.get_days()))
        .abs();
    let working = holidays.working_days_between(today, due).map(i64::abs).ok();
    match (today < due, working) {
        (true, Some(0)) if calendar == 1 => "1 day left, not a working day".into(),
        (true, Some(0)) => format!("{calendar} days left, none of them a working day"),
        (true, Some(n)) if n <= 40 => format!("{} left", days(n, "working day")),
        (true, Some(_)) => format!("Due {}", short(due)),
        (true, None) => format!("{} left", days(calendar, "day")),
        (false, Some(0) | None) => format!("{} late", days(calendar, "day")),
        (false, Some(n)) => format!("{} late", days(n, "working day")),
    }
}

/// Reads a day as people write it: "27 3 2026", "27/3/2026", "27 March 2026", "2026-03-27".
///
/// # Errors
/// What to enter instead, in words.
pub fn parse_day(text: &str) -> Result<Date, String> {
    let help = || format!("`{}` is not a date: enter it like 27 3 2026", text.trim());
    let mut parts: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|p| !p.is_empty())
        .collect();
    // A weekday before the day, as our own long form has it, is read over.
    if parts.len() == 4
        && parts[0].len() >= 3
        && WEEKDAYS
            .iter()
            .any(|w| w.starts_with(&parts[0].to_lowercase()))
    {
        parts.remove(0);
    }
    let [one, two, three] = parts.as_slice() else {
        return Err(help());
    };
    let (day, month, year) = if one.len() == 4 && one.chars().all(|c| c.is_ascii_digit()) {
        (three, two, one)
    } else {
        (one, two, three)
    };
    from_parts(day, month, year).ok_or_else(help)
}

/// A day from three boxes; the month may be a number or a name, the year has four digits.
pub fn from_parts(day: &str, month: &str, year: &str) -> Option<Date> {
    let day = day.trim().to_lowercase();
    let day: i8 = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| day.strip_suffix(end))
        .unwrap_or(&day)
        .parse()
        .ok()?;
    let year: i16 = year
        .trim()
        .parse()
        .ok()
        .filter(|y| (1900..=2200).contains(y))?;
    let month: i8 = match month.trim().parse() {
        Ok(number) => number,
        Err(_) => {
            let name = month.trim().to_lowercase();
            let at = MONTHS
                .iter()
                .position(|m| name.len() >= 3 && m.to_lowercase().starts_with(&name))?;
            i8::try_from(at + 1).ok()?
        }
    };
    Date::new(year, month, day).ok()
}
