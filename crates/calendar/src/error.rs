//! Why a date could not be worked out, in words that can be shown as they are.

use crate::words;
use jiff::civil::Date;

/// Why a date could not be worked out or a list of bank holidays could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The count needs a day after the last year for which bank holidays are published.
    #[error(
        "bank holidays for {year} are not yet published (the list held here ends on {end}), so this date cannot be worked out yet",
        year = asked.year(),
        end = words::short(*last)
    )]
    BeyondPublished {
        /// The first day that was needed and is not covered.
        asked: Date,
        /// The last day that is covered: 31 December of the last published year.
        last: Date,
    },
    /// The count needs a day before the first year in the list.
    #[error(
        "the list of bank holidays held here begins on {start}, so a date that depends on {day} cannot be worked out",
        start = words::short(*first),
        day = words::short(*asked)
    )]
    BeforeFirst {
        /// The first day that was needed and is not covered.
        asked: Date,
        /// The first day that is covered: 1 January of the first year in the list.
        first: Date,
    },
    /// The answer would lie outside the years a date can have (up to 9999).
    #[error("`{length}` from {day} is further away than a date can be", day = words::short(*start))]
    OutOfReach {
        /// The day the count began from.
        start: Date,
        /// How long it was, in words.
        length: String,
    },
    /// The text is not a list of bank holidays this calendar can trust.
    #[error("the list of bank holidays could not be read: {reason}")]
    WrongFile {
        /// What is wrong and what is expected.
        reason: String,
    },
}
