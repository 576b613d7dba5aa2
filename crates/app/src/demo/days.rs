//! The days of the demo, counted in working days back from today, so that its dates are always realistic.

use calendar::{DayZero, Holidays};
use desk::DeskError;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// The partnership is set up this many working days before today.
const SET_UP: u16 = 76;

/// The days around the day the demo is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    /// The day the demo is made.
    pub today: Date,
}

fn wrong(error: impl std::fmt::Display) -> DeskError {
    DeskError::Other(format!(
        "a date of the demo could not be worked out: {error}"
    ))
}

impl Days {
    /// Days before `today`, when the published bank holidays reach far enough either way.
    pub fn before(today: Date) -> Result<Days, DeskError> {
        let days = Days { today };
        days.easter()?;
        Holidays::embedded()
            .add_working_days(today, 140, DayZero::TriggerDay)
            .map_err(wrong)?;
        Ok(days)
    }

    /// The day the partnership was set up.
    pub fn set_up(&self) -> Result<Date, DeskError> {
        self.back(SET_UP)
    }

    /// The working day that lies `n` working days before today.
    pub fn back(&self, n: u16) -> Result<Date, DeskError> {
        Holidays::embedded()
            .subtract_working_days(self.today, n)
            .map_err(wrong)?
            .due
            .ok_or_else(|| wrong("no day"))
    }

    /// The working day that lies `n` working days after today.
    pub fn ahead(&self, n: u16) -> Result<Date, DeskError> {
        Holidays::embedded()
            .add_working_days(self.today, n, DayZero::TriggerDay)
            .map_err(wrong)?
            .due
            .ok_or_else(|| wrong("no day"))
    }

    /// `n` calendar days before a day.
    pub fn earlier(&self, day: Date, n: i32) -> Date {
        day.saturating_sub(Span::new().days(n))
    }

    /// `n` months before a day: births.
    pub fn months_before(&self, day: Date, n: i32) -> Date {
        day.saturating_sub(Span::new().months(n))
    }

    /// The last 22 December that lies far enough back for a whole case to have followed.
    pub fn before_christmas(&self) -> Date {
        let year = self.today.year() - 1;
        let this = Date::constant(year, 12, 22);
        if this.saturating_add(Span::new().days(150)) < self.today {
            this
        } else {
            Date::constant(year - 1, 12, 22)
        }
    }

    /// The last Maundy Thursday that lies far enough back.
    pub fn easter(&self) -> Result<Date, DeskError> {
        let mut day = self.earlier(self.today, 150);
        for _ in 0..800 {
            if Holidays::embedded().name(day) == Some("Good Friday") {
                return Ok(self.earlier(day, 1));
            }
            day = self.earlier(day, 1);
        }
        Err(wrong("no Good Friday is known before today"))
    }

    /// The `n`th working day after a day that may lie far back.
    pub fn after(&self, day: Date, n: u16) -> Result<Date, DeskError> {
        Holidays::embedded()
            .add_working_days(day, n, DayZero::TriggerDay)
            .map_err(wrong)?
            .due
            .ok_or_else(|| wrong("no day"))
    }
}

/// A local time in England as a moment.
pub(super) fn moment(at: DateTime) -> Result<Timestamp, DeskError> {
    let zone = TimeZone::get("Europe/London").map_err(wrong)?;
    Ok(at.to_zoned(zone).map_err(wrong)?.timestamp())
}
