//! Months and years by the corresponding date.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The corresponding date `n` months later, or the last day of that month where there is none.
/// Stops at the end of the year 9999.
///
/// ```
/// use calendar::{add_months, words::{parse_day, short}};
/// let later = |day, n| short(add_months(parse_day(day).unwrap(), n));
/// assert_eq!(later("4 March 2026", 6), "4 September 2026");
/// assert_eq!(later("31 August 2026", 6), "28 February 2027");
/// assert_eq!(later("31 August 2027", 6), "29 February 2028");
/// ```
#[must_use]
pub fn add_months(d: Date, n: u16) -> Date {
    d.saturating_add(i32::from(n).months())
}

/// The last day of a period of so many months: the corresponding date, or the day before it when the first day counts.
/// `None` past the year 9999.
pub(crate) fn end_of_months(start: Date, months: u32, first_day_counts: bool) -> Option<Date> {
    let span = Span::new().try_months(months).ok()?;
    let corresponding = start.checked_add(span).ok()?;
    // Without a corresponding date the period already ends with the last day of the month.
    if first_day_counts && months > 0 && corresponding.day() == start.day() {
        return corresponding.yesterday().ok();
    }
    Some(corresponding)
}
