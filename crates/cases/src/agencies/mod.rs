//! Which agencies were involved, who answers for each, what they were asked and what they answered.

pub mod asked;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Case;
use crate::context::{By, Context, Refusal, required};
use asked::{Standing, Step};

/// An agency that was involved, or found not to have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Agency {
    /// Its id in this case; empty for a new one.
    pub id: String,
    /// Its id in the partnership's list; empty when it is not on it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub of: String,
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
    /// A step of a request for information.
    Request(Step),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Record an agency.
    RecordAgency(Agency),
    /// Ask, answer, sign, send back, withdraw.
    Request(Step),
}

/// The agencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Agencies {
    /// In the order they were recorded.
    pub list: Vec<Agency>,
    /// The requests, oldest first.
    pub requests: Vec<Standing>,
}

impl Agencies {
    /// The agency with this id.
    pub fn find(&self, id: &str) -> Option<&Agency> {
        self.list.iter().find(|a| a.id == id)
    }

    /// The id on the partnership's list of an agency of this case; empty when it is not on it.
    pub fn listed(&self, id: &str) -> &str {
        self.find(id).map_or("", |agency| agency.of.as_str())
    }

    /// The request with this id.
    pub fn request(&self, id: &str) -> Option<&Standing> {
        self.requests.iter().find(|r| r.request.id == id)
    }

    /// The requests to an agency, newest first.
    pub fn requests_to<'a>(&'a self, agency: &'a str) -> impl Iterator<Item = &'a Standing> {
        self.requests
            .iter()
            .rev()
            .filter(move |r| r.request.agency == agency)
    }
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let mut agency = match command {
        Command::RecordAgency(agency) => agency,
        Command::Request(step) => {
            let steps = asked::decide(case, step, ctx)?;
            return Ok(steps.into_iter().map(Event::Request).collect());
        }
    };
    required("agency-name", &agency.name, "Enter the name of the agency")?;
    if agency.id.is_empty() {
        agency.id = ctx.fresh.to_owned();
    }
    Ok(vec![Event::AgencyRecorded(agency)])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Agencies, event: &Event, by: &By) {
    let agency = match event {
        Event::AgencyRecorded(agency) => agency,
        Event::Request(step) => return asked::apply(&mut state.requests, step, by),
    };
    match state.list.iter_mut().find(|a| a.id == agency.id) {
        Some(place) => *place = agency.clone(),
        None => state.list.push(agency.clone()),
    }
}
