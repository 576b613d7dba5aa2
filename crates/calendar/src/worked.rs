//! A deadline with its working: what was counted, what was passed over and why.

use crate::{DayZero, Length};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why a day was not counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhySkipped {
    /// It is a Saturday.
    Saturday,
    /// It is a Sunday.
    Sunday,
    /// It is a bank holiday in England, with its name.
    BankHoliday(String),
}

impl WhySkipped {
    /// The reason in words.
    ///
    /// ```
    /// use calendar::WhySkipped;
    /// assert_eq!(WhySkipped::Saturday.words(), "Saturday");
    /// assert_eq!(WhySkipped::BankHoliday("Christmas Day".into()).words(), "Christmas Day (bank holiday)");
    /// assert_eq!(WhySkipped::BankHoliday("Spring bank holiday".into()).words(), "Spring bank holiday");
    /// ```
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            WhySkipped::Saturday => "Saturday".to_owned(),
            WhySkipped::Sunday => "Sunday".to_owned(),
            WhySkipped::BankHoliday(name) if name.to_lowercase().contains("bank holiday") => {
                name.clone()
            }
            WhySkipped::BankHoliday(name) => format!("{name} (bank holiday)"),
        }
    }
}

/// A day that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Skipped {
    /// The day.
    pub date: Date,
    /// Why it was not counted.
    pub why: WhySkipped,
}

/// A deadline and how it was worked out.
///
/// Both lists are in the order of the calendar, also when the count ran backwards.
/// Counting in months or years lists no days.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Worked {
    /// The day the count began from: the trigger, or for clear days the day that is counted back from.
    pub start: Date,
    /// The last day on which the duty is met in time, to the end of that day; none for "as soon as possible".
    pub due: Option<Date>,
    /// How long was counted.
    pub length: Length,
    /// Which day the count began with.
    pub day_zero: DayZero,
    /// The days that were counted.
    pub counted: Vec<Date>,
    /// The days that were passed over.
    pub skipped: Vec<Skipped>,
}
