//! What is missing, with its source and the place to supply it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where in a case something is entered; the web and the command line turn it into a link or a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "at", content = "of", rename_all = "kebab-case")]
pub enum Place {
    /// The facts of the incident.
    Incident,
    /// The people.
    People,
    /// The definition for one child (id).
    Definition(String),
    /// The notification.
    Notification,
    /// The rapid review.
    RapidReview,
    /// One criterion, circumstance or question (id).
    Element(String),
    /// The decision.
    Decision,
    /// The page of one family member or child (id).
    Family(String),
    /// The agencies.
    Agencies,
    /// One request to an agency (id).
    Request(String),
    /// Publication.
    Publication,
    /// Legal holds and erasure.
    Erasure,
    /// Conflicts of interest.
    Interests,
    /// Openings with a written reason.
    Openings,
    /// The case as a whole.
    Case,
}

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// What is missing, as an instruction: "Consider whether any agency was involved".
    pub what: String,
    /// Why it is needed: the source in words, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Where to supply it.
    pub place: Place,
}

impl Missing {
    /// One missing thing.
    pub fn new(what: impl Into<String>, source: impl Into<String>, place: Place) -> Missing {
        Missing {
            what: what.into(),
            source: source.into(),
            place,
        }
    }
}
