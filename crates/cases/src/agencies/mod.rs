//! Which agencies were involved, and who answers for each; requests and returns come with their own issue.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Refusal, required};

/// An agency that was involved, or found not to have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Agency {
    /// Its id in this case; empty for a new one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What kind of agency it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// How it was involved.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub involvement: String,
    /// Who answers for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub contact: String,
}

/// What happened with the agencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// An agency was recorded or changed.
    AgencyRecorded(Agency),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Record an agency.
    RecordAgency(Agency),
}

/// The agencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Agencies {
    /// In the order they were recorded.
    pub list: Vec<Agency>,
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::RecordAgency(mut agency) = command;
    required("agency-name", &agency.name, "Enter the name of the agency")?;
    if agency.id.is_empty() {
        agency.id = ctx.fresh.to_owned();
    }
    Ok(vec![Event::AgencyRecorded(agency)])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Agencies, event: &Event) {
    let Event::AgencyRecorded(agency) = event;
    match state.list.iter_mut().find(|a| a.id == agency.id) {
        Some(place) => *place = agency.clone(),
        None => state.list.push(agency.clone()),
    }
}
