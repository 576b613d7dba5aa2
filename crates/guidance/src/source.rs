//! Where a rule comes from and how far the text in a pack may be trusted.
//! Contradictions between sources are kept as readings with a default; code never resolves them.

use serde::Serialize;

use crate::TriggerId;

/// The place a rule was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The document, such as "Working Together 2023".
    pub document: String,
    /// Where in the document, such as "chapter 5".
    pub section: String,
    /// Where the document can be read, if there is an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl std::fmt::Display for Source {
    /// "Working Together 2023, chapter 5"
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.document, self.section)
    }
}

/// How far a text in a pack may be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Standing {
    /// Whoever wrote the pack read this in a copy of the source.
    ReadInSource,
    /// Recalled or carried over; somebody must still compare it with the source.
    ToBeConfirmed,
    /// Sources, or editions, say different things.
    Disputed {
        /// What each of them says.
        readings: Vec<Reading>,
        /// The id of the reading that is applied.
        default: String,
    },
}

impl Standing {
    /// The standing in words: "read in the source", "to be confirmed" or "disputed".
    pub fn words(&self) -> &'static str {
        match self {
            Standing::ReadInSource => "read in the source",
            Standing::ToBeConfirmed => "to be confirmed",
            Standing::Disputed { .. } => "disputed",
        }
    }

    /// All readings of a disputed text; none otherwise.
    pub fn readings(&self) -> &[Reading] {
        match self {
            Standing::Disputed { readings, .. } => readings,
            _ => &[],
        }
    }

    /// The reading that is applied, where the text is disputed.
    pub fn applied(&self) -> Option<&Reading> {
        match self {
            Standing::Disputed { readings, default } => {
                readings.iter().find(|reading| reading.id == *default)
            }
            _ => None,
        }
    }
}

/// One way in which a disputed text is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The name of this reading, unique within its element.
    pub id: String,
    /// What this reading says.
    pub text: String,
    /// Who reads it so.
    pub source: Source,
    /// For a clock: what starts it under this reading.
    /// A reading without a trigger is told but cannot be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<TriggerId>,
}
