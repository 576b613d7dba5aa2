//! Processes that run beside the review, such as an investigation or inquest, and what they hold up until when.

use calendar::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Refusal, required};

/// One process beside the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Process {
    /// Its id in this case; empty for a new one.
    pub id: String,
    /// What it is, such as "police investigation".
    pub kind: String,
    /// The body that leads it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lead: String,
    /// Its reference.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Who the contact is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// Where it stands.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// The next date, which may lie ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Date>,
    /// What it holds up, such as "no contact with the father until interviewed".
    #[serde(skip_serializing_if = "String::is_empty")]
    pub restriction: String,
    /// Who agreed to the restriction.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub agreed_by: String,
    /// When the restriction is looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look_again: Option<Date>,
    /// True once it has ended.
    pub ended: bool,
}

/// What happened with the processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// A process was recorded or changed.
    ProcessRecorded(Process),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Record a process.
    RecordProcess(Process),
}

/// The processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Parallel {
    /// In the order they were recorded.
    pub list: Vec<Process>,
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::RecordProcess(mut process) = command;
    required(
        "process-kind",
        &process.kind,
        "Enter what kind of process it is",
    )?;
    if !process.restriction.trim().is_empty() && process.look_again.is_none() && !process.ended {
        return Err(Refusal::field(
            "process-again",
            "Enter when the restriction is looked at again",
        ));
    }
    if process.id.is_empty() {
        process.id = ctx.fresh.to_owned();
    }
    Ok(vec![Event::ProcessRecorded(process)])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Parallel, event: &Event) {
    let Event::ProcessRecorded(process) = event;
    match state.list.iter_mut().find(|p| p.id == process.id) {
        Some(place) => *place = process.clone(),
        None => state.list.push(process.clone()),
    }
}
