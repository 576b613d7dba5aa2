//! Counting: forward, backward, between; every day counted and every day skipped is told, with why.

use jiff::Span;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

use crate::{CalendarError, DayZero, Holidays, Length};

/// Why a day is not a working day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhySkipped {
    /// A Saturday.
    Saturday,
    /// A Sunday.
    Sunday,
    /// A bank holiday, by its name.
    BankHoliday(String),
}

impl WhySkipped {
    /// In words: "Saturday", "Good Friday (bank holiday)".
    pub fn words(&self) -> String {
        match self {
            WhySkipped::Saturday => "Saturday".into(),
            WhySkipped::Sunday => "Sunday".into(),
            WhySkipped::BankHoliday(name) if name.to_lowercase().contains("bank holiday") => {
                name.clone()
            }
            WhySkipped::BankHoliday(name) => format!("{name} (bank holiday)"),
        }
    }
}

impl Serialize for WhySkipped {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.words())
    }
}

/// A day that was skipped, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The day.
    pub date: Date,
    /// Why.
    pub why: WhySkipped,
}

/// A date with its arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Worked {
    /// The day of the trigger.
    pub start: Date,
    /// The due day; none for "as soon as possible".
    pub due: Option<Date>,
    /// The length.
    pub length: Length,
    /// How the day of the trigger was counted.
    pub day_zero: DayZero,
    /// Each day counted, in order of counting.
    pub counted: Vec<Date>,
    /// Each day skipped, in order of counting.
    pub skipped: Vec<Skipped>,
}

/// The corresponding date `months` later, or the last day of a shorter month.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(calendar::add_months(date(2026, 8, 31), 6), date(2027, 2, 28));
/// ```
pub fn add_months(day: Date, months: u16) -> Date {
    day.saturating_add(Span::new().months(i32::from(months)))
}

impl Holidays {
    /// Why a day is not a working day; none when it is one.
    ///
    /// # Errors
    /// The list does not cover the day.
    pub fn why_not(&self, day: Date) -> Result<Option<WhySkipped>, CalendarError> {
        self.covers(day)?;
        Ok(match (day.weekday(), self.name(day)) {
            (Weekday::Saturday, _) => Some(WhySkipped::Saturday),
            (Weekday::Sunday, _) => Some(WhySkipped::Sunday),
            (_, Some(name)) => Some(WhySkipped::BankHoliday(name.to_owned())),
            _ => None,
        })
    }

    /// Whether a day is a working day.
    ///
    /// # Errors
    /// The list does not cover the day.
    pub fn is_working_day(&self, day: Date) -> Result<bool, CalendarError> {
        Ok(self.why_not(day)?.is_none())
    }

    /// Works out a clock.
    ///
    /// ```
    /// use calendar::{DayZero, Holidays, Length};
    /// use jiff::civil::date;
    /// let worked = Holidays::embedded().work_out(date(2026, 12, 22), Length::WorkingDays(5), DayZero::TriggerDay)?;
    /// assert_eq!(worked.due, Some(date(2026, 12, 31)));
    /// # Ok::<(), calendar::CalendarError>(())
    /// ```
    ///
    /// # Errors
    /// The list does not cover a day that has to be counted.
    pub fn work_out(
        &self,
        start: Date,
        length: Length,
        day_zero: DayZero,
    ) -> Result<Worked, CalendarError> {
        let plain = |due: Option<Date>| Worked {
            start,
            due,
            length,
            day_zero,
            counted: Vec::new(),
            skipped: Vec::new(),
        };
        match length {
            Length::WorkingDays(n) => self.forward(start, n, day_zero, length),
            Length::ClearWorkingDaysBefore(n) => self.clear_days_before(start, n),
            Length::CalendarDays(n) => Ok(plain(Some(
                start.saturating_add(Span::new().days(i32::from(n))),
            ))),
            Length::Months(n) => Ok(plain(Some(add_months(start, n)))),
            Length::Years(n) => Ok(plain(Some(add_months(start, n.saturating_mul(12))))),
            Length::AsSoonAsPossible => Ok(plain(None)),
        }
    }

    /// The day `n` working days after `start`.
    ///
    /// # Errors
    /// The list does not cover a day that has to be counted.
    pub fn add_working_days(
        &self,
        start: Date,
        n: u16,
        day_zero: DayZero,
    ) -> Result<Worked, CalendarError> {
        self.forward(start, n, day_zero, Length::WorkingDays(n))
    }

    fn forward(
        &self,
        start: Date,
        n: u16,
        day_zero: DayZero,
        length: Length,
    ) -> Result<Worked, CalendarError> {
        self.covers(start)?;
        let (mut counted, mut skipped) = (Vec::new(), Vec::new());
        let mut day = start;
        if day_zero == DayZero::TriggerDay || n == 0 {
            day = next(day);
        }
        while counted.len() < usize::from(n) {
            match self.why_not(day)? {
                Some(why) => skipped.push(Skipped { date: day, why }),
                None => counted.push(day),
            }
            day = next(day);
        }
        let due = counted.last().copied().unwrap_or(start);
        Ok(Worked {
            start,
            due: Some(due),
            length,
            day_zero,
            counted,
            skipped,
        })
    }

    /// The day `n` working days before `start`; `start` itself is not counted.
    ///
    /// # Errors
    /// The list does not cover a day that has to be counted.
    pub fn subtract_working_days(&self, start: Date, n: u16) -> Result<Worked, CalendarError> {
        self.covers(start)?;
        let (mut counted, mut skipped) = (Vec::new(), Vec::new());
        let mut day = before(start);
        while counted.len() < usize::from(n) {
            match self.why_not(day)? {
                Some(why) => skipped.push(Skipped { date: day, why }),
                None => counted.push(day),
            }
            day = before(day);
        }
        let due = counted.last().copied().unwrap_or(start);
        Ok(Worked {
            start,
            due: Some(due),
            length: Length::WorkingDays(n),
            day_zero: DayZero::TriggerDay,
            counted,
            skipped,
        })
    }

    /// The latest day to send something so that `n` whole working days lie between it and `day`, neither end counted.
    /// It is a working day itself, so that what is sent can be received.
    ///
    /// # Errors
    /// The list does not cover a day that has to be counted.
    pub fn clear_days_before(&self, day: Date, n: u16) -> Result<Worked, CalendarError> {
        let Worked {
            counted,
            mut skipped,
            due,
            ..
        } = self.subtract_working_days(day, n)?;
        // One more working day back: the day to send it.
        let sent = self.subtract_working_days(due.unwrap_or(day), 1)?;
        skipped.extend(sent.skipped);
        Ok(Worked {
            start: day,
            due: sent.due,
            length: Length::ClearWorkingDaysBefore(n),
            day_zero: DayZero::TriggerDay,
            counted,
            skipped,
        })
    }

    /// Working days after `from` up to and including `to`; negative when `to` is before `from`.
    ///
    /// # Errors
    /// The list does not cover a day that has to be counted.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i64, CalendarError> {
        if to < from {
            return Ok(-self.working_days_between(to, from)?);
        }
        let mut n = 0;
        let mut day = from;
        while day < to {
            day = next(day);
            if self.is_working_day(day)? {
                n += 1;
            }
        }
        Ok(n)
    }
}

fn next(day: Date) -> Date {
    day.saturating_add(Span::new().days(1))
}

fn before(day: Date) -> Date {
    day.saturating_sub(Span::new().days(1))
}
