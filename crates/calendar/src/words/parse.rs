//! Reading the dates people type, kindly: many ways to write a day, one meaning, and an error that says what to do.

use jiff::civil::Date;

/// The years a typed date may have; anything else is almost surely a slip of the hand.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
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
const EXPECTED: &str = "Enter the date as a day, month and year, like 27 3 2026";

/// Reads a typed day: "27 3 2026", "27/3/2026", "27.03.2026", "27 March 2026", "Fri 27th Mar 2026" or "2026-03-27".
///
/// The day comes before the month; only a year in front turns the order round.
///
/// ```
/// use calendar::words::{parse_day, short};
/// for typed in ["27 3 2026", "27/3/2026", "27 March 2026", "2026-03-27", " Friday, 27th mar 2026 "] {
///     assert_eq!(parse_day(typed).map(short).as_deref(), Ok("27 March 2026"));
/// }
/// assert_eq!(parse_day("29 2 2026").unwrap_err(), "Check the day: February 2026 has 28 days");
/// assert_eq!(parse_day("27 3 26").unwrap_err(), "Enter the year with 4 numbers, like 2026");
/// ```
///
/// # Errors
/// A sentence for the person who typed it, saying what to enter or what to check.
pub fn parse_day(text: &str) -> Result<Date, String> {
    let lower = text.to_lowercase();
    let mut parts: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '.' | '-' | ',' | '\u{2013}'))
        .filter(|part| !part.is_empty())
        .collect();
    let weekday = match parts.first().and_then(|word| named(word, &WEEKDAYS)) {
        Some(weekday) => {
            parts.remove(0);
            Some(weekday)
        }
        None => None,
    };
    let (day, month, year) = match parts[..] {
        [y, m, d] if y.len() == 4 && is_number(y) => (d, m, y),
        [d, m, y] => (d, m, y),
        _ => return Err(EXPECTED.to_owned()),
    };
    let year = year_of(year)?;
    let month = month_of(month)?;
    let day = day_of(day)?;
    let date = build(year, month, day)?;
    match weekday {
        Some(typed) if typed != date.weekday().to_monday_zero_offset() => Err(format!(
            "Check the day: {} is a {}",
            super::short(date),
            date.strftime("%A")
        )),
        _ => Ok(date),
    }
}

fn build(year: i16, month: i8, day: i8) -> Result<Date, String> {
    let first = Date::new(year, month, 1).map_err(|_| EXPECTED.to_owned())?;
    let days = first.days_in_month();
    if day < 1 || day > days {
        return Err(format!(
            "Check the day: {} has {days} days",
            first.strftime("%B %Y")
        ));
    }
    Date::new(year, month, day).map_err(|_| EXPECTED.to_owned())
}

fn year_of(text: &str) -> Result<i16, String> {
    if !is_number(text) {
        return Err(EXPECTED.to_owned());
    }
    if text.len() != 4 {
        return Err("Enter the year with 4 numbers, like 2026".to_owned());
    }
    match text.parse::<i16>() {
        Ok(year) if YEARS.contains(&year) => Ok(year),
        _ => Err(format!(
            "Check the year: enter one from {} to {}",
            YEARS.start(),
            YEARS.end()
        )),
    }
}

fn month_of(text: &str) -> Result<i8, String> {
    if let Some(index) = named(text, &MONTHS) {
        return Ok(index + 1);
    }
    if !is_number(text) {
        return Err(EXPECTED.to_owned());
    }
    match text.parse::<i8>() {
        Ok(month) if (1..=12).contains(&month) => Ok(month),
        _ => Err("Check the month: enter a number from 1 to 12, or its name".to_owned()),
    }
}

fn day_of(text: &str) -> Result<i8, String> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| text.strip_suffix(ending))
        .unwrap_or(text);
    if !is_number(digits) {
        return Err(EXPECTED.to_owned());
    }
    digits
        .parse::<i8>()
        .map_err(|_| "Check the day: enter a number from 1 to 31".to_owned())
}

/// The place of a name in the list, when the text is the name or its first three letters or more.
fn named(text: &str, names: &[&str]) -> Option<i8> {
    let index = names
        .iter()
        .position(|name| text.chars().count() >= 3 && name.starts_with(text))?;
    i8::try_from(index).ok()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
