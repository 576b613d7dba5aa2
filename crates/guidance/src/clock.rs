//! The clocks an edition sets: what starts them, how long they run, who owes what to whom.
//! Working out the dates is the calendar's; this is only the rule.

use calendar::{DayZero, Length};
use serde::Serialize;

use crate::{ClockId, PackId, Source, Standing, TriggerId};

/// One clock of an edition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockRule {
    /// Its name, such as `notify-panel`.
    pub id: ClockId,
    /// What is due, as people read it.
    pub title: String,
    /// What starts it.
    pub trigger: TriggerId,
    /// How long it runs.
    pub length: Length,
    /// How the day of the trigger is counted.
    pub day_zero: DayZero,
    /// Who owes it.
    pub owed_by: String,
    /// To whom it is owed.
    pub owed_to: Vec<String>,
    /// The fact that meets it, such as `notification-sent`; empty where only the passing of time does.
    pub done_when: String,
    /// The kinds of notification it belongs to; empty means every case.
    pub applies_to: Vec<String>,
    /// Where it is written.
    pub source: Source,
    /// How far the text may be trusted; where disputed, the readings.
    pub standing: Standing,
    /// The pack that wrote the rule as it stands here.
    pub pack: PackId,
    /// What helps to keep it, or to read it rightly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl ClockRule {
    /// Whether the clock runs for a case notified in this way.
    /// A clock that names no kind runs for every case.
    pub fn applies(&self, notification: &str) -> bool {
        self.applies_to.is_empty() || self.applies_to.iter().any(|kind| kind == notification)
    }
}
