//! How long a clock runs, and how the day of its trigger is counted.

use serde::{Deserialize, Serialize};

/// The convention for the day of the trigger; no source defines it, so it comes from the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum DayZero {
    /// The day of the trigger is day 0: counting begins with the next working day.
    #[default]
    TriggerDay,
    /// The day of the trigger is day 1 when it is a working day.
    TriggerDayCounts,
}

impl DayZero {
    /// In words, for the page that shows how a clock was worked out.
    pub fn words(self) -> &'static str {
        match self {
            DayZero::TriggerDay => "the day of the trigger is day 0",
            DayZero::TriggerDayCounts => "the day of the trigger is day 1 if it is a working day",
        }
    }
}

/// The length of a clock in the unit of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Length {
    /// Working days after the trigger.
    WorkingDays(u16),
    /// Calendar days after the trigger.
    CalendarDays(u16),
    /// Calendar months: the corresponding date, or the last day of a shorter month.
    Months(u16),
    /// Years, counted as twelve months each.
    Years(u16),
    /// Whole working days that must lie before the day, neither end counted.
    ClearWorkingDaysBefore(u16),
    /// As soon as possible: there is no day.
    AsSoonAsPossible,
}

impl std::fmt::Display for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (n, one, many) = match *self {
            Length::WorkingDays(n) => (n, "working day", "working days"),
            Length::CalendarDays(n) => (n, "day", "days"),
            Length::Months(n) => (n, "month", "months"),
            Length::Years(n) => (n, "year", "years"),
            Length::ClearWorkingDaysBefore(n) => {
                (n, "clear working day before", "clear working days before")
            }
            Length::AsSoonAsPossible => return f.write_str("as soon as possible"),
        };
        write!(f, "{n} {}", if n == 1 { one } else { many })
    }
}
