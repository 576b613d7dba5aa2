//! The one clock of the program: real, or set by hand for the fictional cases and the tests.

use std::sync::{Arc, Mutex};

use calendar::Date;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Tells the time; times are UTC, days are days in England.
#[derive(Debug, Clone)]
pub struct Clock {
    set: Option<Arc<Mutex<Timestamp>>>,
    zone: TimeZone,
}

impl Clock {
    /// The machine's clock.
    pub fn real() -> Clock {
        Clock {
            set: None,
            zone: england(),
        }
    }

    /// A clock that stands still until it is set.
    pub fn standing_at(now: Timestamp) -> Clock {
        Clock {
            set: Some(Arc::new(Mutex::new(now))),
            zone: england(),
        }
    }

    /// Sets a standing clock; a real one stays real.
    pub fn set(&self, now: Timestamp) {
        if let Some(set) = &self.set
            && let Ok(mut at) = set.lock()
        {
            *at = now;
        }
    }

    /// Now (UTC).
    pub fn now(&self) -> Timestamp {
        match &self.set {
            Some(set) => set.lock().map_or_else(|e| *e.into_inner(), |at| *at),
            None => Timestamp::now(),
        }
    }

    /// Today in England.
    pub fn today(&self) -> Date {
        self.day_of(self.now())
    }

    /// The day in England of a moment.
    pub fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The moment in England's local time.
    pub fn local(&self, at: Timestamp) -> jiff::Zoned {
        at.to_zoned(self.zone.clone())
    }

    /// The last moment of a day in England.
    pub fn end_of(&self, day: Date) -> Timestamp {
        day.tomorrow()
            .ok()
            .and_then(|next| next.to_zoned(self.zone.clone()).ok())
            .map_or(Timestamp::MAX, |z| {
                z.timestamp() - jiff::SignedDuration::from_nanos(1)
            })
    }
}

fn england() -> TimeZone {
    // The database of zones is bundled, so this name is always there.
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}
