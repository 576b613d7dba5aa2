//! Working days in England and Wales, counted only as far as the government has published bank holidays.
//!
//! Pure: the list of holidays and every day are arguments; nothing here reads a clock or a file.
//! The convention for the day of the trigger is a type, [`DayZero`], so that no caller can forget to choose one.

mod count;
mod holidays;
mod length;
pub mod words;

pub use count::{Skipped, WhySkipped, Worked, add_months};
pub use holidays::Holidays;
pub use jiff::civil::Date;
pub use length::{DayZero, Length};

/// What the calendar refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The day lies beyond the last published year.
    #[error("bank holidays for {} are not yet published (the list ends on {}), so this date cannot be worked out yet", .asked.year(), words::short(*.last))]
    BeyondPublished {
        /// The day that was asked about.
        asked: Date,
        /// The last day the list covers.
        last: Date,
    },
    /// The day lies before the first year of the list.
    #[error("the list of bank holidays begins on {}, so `{}` cannot be worked out", words::short(*.first), words::short(*.asked))]
    BeforeFirst {
        /// The day that was asked about.
        asked: Date,
        /// The first day the list covers.
        first: Date,
    },
    /// A file is not an official list of bank holidays.
    #[error("this is not an official list of bank holidays for England and Wales: {why}")]
    WrongFile {
        /// What is wrong with it.
        why: String,
    },
}
