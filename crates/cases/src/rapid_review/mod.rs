//! The rapid review, kept small: the meeting and who was there, the report that was sent, and the Panel's answer.

use calendar::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Refusal, required};

/// A meeting of the rapid review; a planned one may lie ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Meeting {
    /// The day.
    pub on: Date,
    /// True while it is only planned.
    #[serde(default)]
    pub planned: bool,
    /// Who was there, one person or body a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub present: String,
    /// Apologies, one a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub apologies: String,
    /// What was said about the safety of this and other children, and what was done at once.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub safety: String,
    /// Notes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// The day for which it was planned before, when it was moved or was held on another day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Date>,
}

/// The report that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ReportSent {
    /// The day.
    pub on: Date,
    /// To whom.
    pub to: String,
    /// By whom.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by_whom: String,
    /// What the report said in short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
}

/// What the Panel answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Agrees with the partners' decision.
    Agrees,
    /// Disagrees, or invites them to reconsider.
    Disagrees,
    /// Asks for more.
    Asks,
    /// Concluded that a local review may be more appropriate.
    LocalReview,
    /// Will lead a national review.
    National,
    /// Says that the criteria for notifying were not met.
    NotMet,
    /// Something else.
    Other,
}

impl Answer {
    /// All answers, in the order they are offered.
    pub const ALL: [Answer; 7] = [
        Answer::Agrees,
        Answer::Disagrees,
        Answer::Asks,
        Answer::LocalReview,
        Answer::National,
        Answer::NotMet,
        Answer::Other,
    ];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Answer::Agrees => "agrees with the partners' decision",
            Answer::Disagrees => "disagrees, or asks the partners to think again",
            Answer::Asks => "asks for more information",
            Answer::LocalReview => "concluded that a local review may be more appropriate",
            Answer::National => "will lead a national review",
            Answer::NotMet => "says that the criteria for notifying were not met",
            Answer::Other => "another answer",
        }
    }
}

/// The Panel's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PanelAnswer {
    /// The day it was received.
    pub on: Date,
    /// What it was.
    pub answer: Answer,
    /// In its words.
    pub words: String,
}

/// What happened in the rapid review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// A meeting was planned or held.
    MeetingRecorded(Meeting),
    /// The report was sent.
    ReportSent(ReportSent),
    /// The Panel answered.
    PanelAnswered(PanelAnswer),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Record a meeting.
    RecordMeeting(Meeting),
    /// Record that the report was sent.
    RecordReport(ReportSent),
    /// Record the Panel's answer.
    RecordAnswer(PanelAnswer),
}

/// What is known of the rapid review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct RapidReview {
    /// Meetings by day, planned and held.
    pub meetings: Vec<Meeting>,
    /// Reports sent.
    pub reports: Vec<ReportSent>,
    /// The Panel's answers.
    pub answers: Vec<PanelAnswer>,
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::RecordMeeting(meeting) => {
            if !meeting.planned {
                ctx.past("meeting-on", meeting.on)?;
                required("present", &meeting.present, "Enter who was at the meeting")?;
            }
            Event::MeetingRecorded(meeting)
        }
        Command::RecordReport(report) => {
            ctx.past("report-on", report.on)?;
            required("report-to", &report.to, "Enter to whom the report was sent")?;
            Event::ReportSent(report)
        }
        Command::RecordAnswer(answer) => {
            ctx.past("answer-on", answer.on)?;
            required(
                "answer-words",
                &answer.words,
                "Enter what the Panel wrote, in its words or in short",
            )?;
            Event::PanelAnswered(answer)
        }
    };
    Ok(vec![event])
}

/// Applies an event of this stage.
pub fn apply(state: &mut RapidReview, event: &Event) {
    match event {
        Event::MeetingRecorded(meeting) => {
            state.meetings.retain(|m| {
                !(m.planned && (m.on == meeting.on || Some(m.on) == meeting.instead_of))
            });
            state.meetings.push(meeting.clone());
            state.meetings.sort_by_key(|m| m.on);
        }
        Event::ReportSent(report) => state.reports.push(report.clone()),
        Event::PanelAnswered(answer) => state.answers.push(answer.clone()),
    }
}
