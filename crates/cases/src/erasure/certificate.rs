//! The certificate of an erasure: what went, by whom and under which rule. No word of what it said is in it, nor why it was
//! erased, so that it can be shown to anyone and outlives the case.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Rule, Target};
use crate::context::By;

/// The certificate of an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Certificate {
    /// The id of the proposal.
    pub id: String,
    /// The id of the case.
    pub case: String,
    /// Its reference.
    pub reference: String,
    /// What was erased.
    pub target: Target,
    /// Under which rule.
    pub rule: Rule,
    /// Who proposed it, when.
    pub proposed: Signed,
    /// Who approved it, when.
    pub approved: Signed,
    /// Not before (UTC).
    #[schemars(with = "String")]
    pub due: Timestamp,
    /// When it was carried out (UTC).
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The log as it was before.
    pub before: Head,
    /// The entries whose content went.
    pub entries: Vec<GoneEntry>,
    /// The files that went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<GoneFile>,
    /// The entries on who read the case, when they went as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<GoneReads>,
}

/// By whom and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Signed {
    /// By whom.
    pub by: By,
    /// When (UTC).
    #[schemars(with = "String")]
    pub at: Timestamp,
}

/// A head of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Head {
    /// How many entries it covers.
    pub size: u64,
    /// The root of the tree over them, in hexadecimal digits.
    pub root: String,
}

/// An entry whose content went: what the record shows of it anyway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GoneEntry {
    /// Its number in the case.
    pub number: u64,
    /// Its position in the log.
    pub position: u64,
    /// What kind of event it was.
    pub kind: String,
    /// When it was recorded (UTC).
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Who recorded it (id).
    pub actor: String,
    /// How many bytes its content had.
    pub size: u64,
    /// Its hash in the chain, in hexadecimal digits.
    pub hash: String,
    /// The handle of the key that was destroyed.
    pub key: String,
    /// True when what it said stood in the text of the decision.
    #[serde(default)]
    pub in_text: bool,
}

/// A file that went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GoneFile {
    /// Its id, and the handle of the key that was destroyed.
    pub id: String,
    /// The position in the log of the entry that speaks of it.
    pub position: u64,
    /// How many bytes it had.
    pub size: u64,
    /// SHA-256 of its sealed bytes, in hexadecimal digits.
    pub sealed_sha_256: String,
}

/// The entries on who read the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GoneReads {
    /// How many.
    pub count: u64,
    /// When the first was recorded (UTC).
    #[schemars(with = "String")]
    pub first: Timestamp,
    /// When the last was recorded (UTC).
    #[schemars(with = "String")]
    pub last: Timestamp,
}
