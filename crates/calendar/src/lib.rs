//! Working days in England, and the deadlines that are counted in them.
//!
//! A deadline here is never a bare date: [`Worked`] keeps every day that was counted and every day that was
//! passed over, with the reason, so that a page can show how the date was worked out.
//! Beyond the last year for which bank holidays are published nothing is guessed: the answer is
//! [`CalendarError::BeyondPublished`].
//!
//! ```
//! use calendar::{DayZero, Holidays, Length, words};
//!
//! let holidays = Holidays::embedded();
//! let aware = words::parse_day("Friday 18 December 2026").unwrap();
//! let worked = holidays.work_out(aware, Length::WorkingDays(5), DayZero::TriggerDay)?;
//!
//! assert_eq!(worked.due.map(words::long).as_deref(), Some("Tuesday 29 December 2026"));
//! let passed_over: Vec<String> = worked.skipped.iter().map(|s| s.why.words()).collect();
//! assert_eq!(passed_over, [
//!     "Saturday", "Sunday", "Christmas Day (bank holiday)", "Saturday", "Sunday",
//!     "Boxing Day, substitute day (bank holiday)",
//! ]);
//! # Ok::<(), calendar::CalendarError>(())
//! ```

mod count;
mod error;
mod holidays;
mod length;
mod months;
pub mod words;
mod worked;

pub use error::CalendarError;
pub use holidays::Holidays;
pub use jiff::civil::Date;
pub use length::{DayZero, Length};
pub use months::add_months;
pub use worked::{Skipped, WhySkipped, Worked};
