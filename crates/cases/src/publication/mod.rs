//! Publication, kept small until its own issue: the planned day, what was sent ahead, what was published, delay reported.

use calendar::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Refusal, required};

/// What happened on the way to publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// A day of publication was planned.
    PublicationPlanned {
        /// The planned day; may lie ahead.
        on: Date,
    },
    /// The report was sent ahead of publication.
    SentAhead {
        /// The day.
        on: Date,
        /// To whom.
        to: String,
    },
    /// The report was published.
    Published {
        /// The day.
        on: Date,
        /// Where.
        place: String,
    },
    /// A delay and its reasons were reported.
    DelayReported {
        /// The day.
        on: Date,
        /// To whom.
        to: String,
        /// The reasons.
        reasons: String,
    },
}

/// The command says what happened in the same words as its event.
pub type Command = Event;

/// What is known of publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Publication {
    /// The planned day.
    pub planned: Option<Date>,
    /// What was sent ahead (day, to whom).
    pub sent_ahead: Vec<(Date, String)>,
    /// Published on, where.
    pub published: Option<(Date, String)>,
    /// Delays reported (day, to whom, reasons).
    pub delays: Vec<(Date, String, String)>,
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    match &command {
        Event::PublicationPlanned { .. } => {}
        Event::SentAhead { on, to } => {
            ctx.past("sent-ahead-on", *on)?;
            required("sent-ahead-to", to, "Enter to whom the report was sent")?;
        }
        Event::Published { on, place } => {
            ctx.past("published-on", *on)?;
            required("published-place", place, "Enter where it was published")?;
        }
        Event::DelayReported { on, to, reasons } => {
            ctx.past("delay-on", *on)?;
            required("delay-to", to, "Enter to whom the delay was reported")?;
            required("delay-reasons", reasons, "Enter the reasons for the delay")?;
        }
    }
    Ok(vec![command])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Publication, event: &Event) {
    match event {
        Event::PublicationPlanned { on } => state.planned = Some(*on),
        Event::SentAhead { on, to } => state.sent_ahead.push((*on, to.clone())),
        Event::Published { on, place } => state.published = Some((*on, place.clone())),
        Event::DelayReported { on, to, reasons } => {
            state.delays.push((*on, to.clone(), reasons.clone()))
        }
    }
}
