//! Taking a recorded relationship off again: it was recorded in error, or it no longer stands. The story keeps both entries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{People, Relationship};
use crate::context::{Refusal, required};

/// Why a relationship is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// It never was so.
    InError,
    /// It was so, and is so no longer.
    NoLonger,
}

impl Because {
    /// Both.
    pub const ALL: [Because; 2] = [Because::InError, Because::NoLonger];

    /// In words, after the relationship.
    pub fn words(self) -> &'static str {
        match self {
            Because::InError => "was recorded in error",
            Because::NoLonger => "no longer stands",
        }
    }
}

/// A relationship taken off, named by its two people and what one is to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Withdrawn {
    /// The id of one person.
    pub one: String,
    /// What `one` was recorded to be to `other`.
    pub kind: String,
    /// The id of the other person.
    pub other: String,
    /// Whether it ever was so.
    pub because: Because,
    /// The reason, in the words of whoever took it off.
    pub why: String,
}

impl Withdrawn {
    fn is_about(&self, relationship: &Relationship) -> bool {
        self.one == relationship.one
            && self.kind == relationship.kind
            && self.other == relationship.other
    }
}

/// Refuses what is not in the record, or has no reason.
///
/// # Errors
/// A [`Refusal`], for the field `why` or for the whole.
pub(super) fn check(state: &People, withdrawn: &Withdrawn) -> Result<(), Refusal> {
    if !state.relationships.iter().any(|r| withdrawn.is_about(r)) {
        return Err(Refusal::because(
            "this relationship is not in the record, or was taken off already",
        ));
    }
    required(
        "why",
        &withdrawn.why,
        "Enter why it was recorded in error or no longer stands",
    )?;
    Ok(())
}

/// Takes it off; what once was so stays beside, with the reason.
pub(super) fn apply(state: &mut People, withdrawn: &Withdrawn) {
    let (off, stays): (Vec<_>, Vec<_>) = std::mem::take(&mut state.relationships)
        .into_iter()
        .partition(|r| withdrawn.is_about(r));
    state.relationships = stays;
    if withdrawn.because == Because::NoLonger {
        state
            .former_relationships
            .extend(off.into_iter().map(|r| (r, withdrawn.why.clone())));
    }
}
