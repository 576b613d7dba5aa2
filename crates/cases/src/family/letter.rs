//! Letters, and what is asked about a person before one is printed.

use calendar::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked before a letter to a person is printed; an empty answer is "not asked", allowed and warned about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct SafetyCheck {
    /// The person's id.
    pub person: String,
    /// A safe address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// A safe way, such as "by hand, with the advocate".
    #[serde(skip_serializing_if = "String::is_empty")]
    pub way: String,
    /// Who holds parental responsibility.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub parental_responsibility: String,
    /// Whether the person is a suspect or witness.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub suspect_or_witness: String,
    /// Whether the investigating or coroner's officer was consulted, by whom and when.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub officer_consulted: String,
}

/// For whom a letter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LetterKind {
    /// An adult.
    Adult,
    /// A younger child, about 6 to 10.
    YoungerChild,
    /// An older child or young person.
    OlderChild,
}

/// A letter that a person has read and released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Letter {
    /// To whom (person id).
    pub person: String,
    /// For whom it is written.
    pub kind: LetterKind,
    /// How the person is addressed.
    pub salutation: String,
    /// The text, paragraphs separated by an empty line.
    pub text: String,
    /// Who signs it, by name and role.
    pub signed_by: String,
    /// Its date.
    pub dated: Date,
}

/// What was not asked before a letter, in words; warned about, never a block.
pub fn warnings(check: Option<&SafetyCheck>) -> Vec<&'static str> {
    let Some(check) = check else {
        return vec!["Nothing has been asked yet about what is safe for this person"];
    };
    [
        (&check.address, "A safe address was not asked about"),
        (
            &check.way,
            "A safe way of giving the letter was not asked about",
        ),
        (
            &check.parental_responsibility,
            "Who holds parental responsibility was not asked about",
        ),
        (
            &check.suspect_or_witness,
            "Whether this person is a suspect or witness was not asked about",
        ),
        (
            &check.officer_consulted,
            "Whether the investigating or coroner's officer was consulted was not asked about",
        ),
    ]
    .into_iter()
    .filter(|(answer, _)| answer.trim().is_empty())
    .map(|(_, words)| words)
    .collect()
}
