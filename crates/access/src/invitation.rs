//! Invitations as the record tells them: who invited whom, until when, and what became of it.
//! The secret in the link is no part of this; the store keeps its hash.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An invitation as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// Who is invited (id).
    pub person: String,
    /// Who invites (id).
    pub by: String,
    /// When (UTC).
    pub at: Timestamp,
    /// Until when it can be accepted (UTC).
    pub until: Timestamp,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Nothing yet.
    Waits,
    /// It was accepted, then (UTC).
    Accepted(Timestamp),
    /// It was withdrawn.
    Withdrawn,
}

/// The newest invitation of a person, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Invited {
    /// The invitation.
    pub sent: Invitation,
    /// What became of it.
    pub answer: Answer,
}

impl Invited {
    /// True while it can be accepted.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.answer == Answer::Waits && now < self.sent.until
    }
}
