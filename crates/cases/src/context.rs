//! What a decision needs from outside: who acts, when, under which rules; and the domain's no.

use std::sync::Arc;

use calendar::{CalendarError, Date, Holidays};
use guidance::Rules;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who did something, as it was on that day; stored with every event so that the record explains itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case")]
pub struct By {
    /// The person's id.
    pub person: String,
    /// The person's name on that day.
    pub name: String,
    /// The part they acted in, in words, such as "business manager" or "delegate, police".
    pub part: String,
    /// The safeguarding partner they act for, when they do (a `guidance` partner id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
}

/// One body of one safeguarding partner, such as one of two health boards: each has one view and one signature.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub struct Seat {
    /// The partner's id in the pack: `local-authority`, `health`, `police`.
    pub partner: String,
    /// The body's id in the partnership's settings.
    pub body: String,
}

/// A seat with the names people know it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedSeat {
    /// Which seat.
    pub seat: Seat,
    /// The partner in words: "Local authority".
    pub partner: String,
    /// The body in words: "Merrowshire Council".
    pub body: String,
}

/// On what authority a person signs for a seat on a given day; worked out from the recorded delegations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Authority {
    /// The seat they sign for.
    pub seat: Seat,
    /// "delegate" or "deputy" in the partnership's words.
    pub capacity: String,
    /// Who gave the authority.
    pub from_whom: String,
    /// First day of the authority.
    pub from: Date,
    /// Last day of the authority, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// The editions in force on any day, as a case sees them.
pub trait Editions {
    /// The rules in force on a day for this partnership; `None` when no edition covers the day.
    fn on(&self, day: Date) -> Option<Arc<Rules>>;
    /// The rules with this composite id.
    fn by_id(&self, id: &str) -> Option<Arc<Rules>>;
    /// The published bank holidays.
    fn holidays(&self) -> &Holidays;
    /// The bodies of the safeguarding partners; without a partnership's settings, each partner of the edition is one body.
    fn seats(&self, on: Date) -> Vec<NamedSeat> {
        let rules = self.on(on);
        let partners = rules.iter().flat_map(|r| &r.partners);
        partners
            .map(|p| NamedSeat {
                seat: Seat {
                    partner: p.id.to_string(),
                    body: p.id.to_string(),
                },
                partner: p.label.clone(),
                body: p.label.clone(),
            })
            .collect()
    }
}

/// Everything one decision may look at besides the case.
pub struct Context<'a> {
    /// The moment of recording.
    pub now: Timestamp,
    /// The day of recording, in England.
    pub today: Date,
    /// Who acts.
    pub by: &'a By,
    /// True when `by` is the manager or deputy, who writes down but does not find.
    pub manages: bool,
    /// The rules that apply to this step.
    pub rules: &'a Rules,
    /// One fresh id, unique in the case, for whatever the command creates.
    pub fresh: &'a str,
    /// The seats of the safeguarding partners.
    pub seats: &'a [NamedSeat],
    /// The authorities `by` holds today.
    pub authorities: &'a [Authority],
}

impl Context<'_> {
    /// Refuses a day in the future for something said to have happened.
    pub fn past(&self, field: &str, day: Date) -> Result<(), Refusal> {
        if day > self.today {
            return Err(Refusal::field(
                field,
                "Enter a day that is today or in the past: this is something that has happened",
            ));
        }
        Ok(())
    }

    /// As [`Context::past`], for a day that may not be known.
    pub fn past_if_known(&self, field: &str, day: Option<Date>) -> Result<(), Refusal> {
        day.map_or(Ok(()), |d| self.past(field, d))
    }
}

/// The domain's no, in words a practitioner understands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something in what was entered has to be corrected.
    #[error("{}", .0.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join("; "))]
    ToCorrect(Vec<Wrong>),
    /// A signature was asked for while something is missing.
    #[error("this decision cannot be signed yet: {} missing", .0.len())]
    NotReadyToSign(Vec<crate::Missing>),
    /// The act does not fit what is recorded.
    #[error("{0}")]
    DoesNotFit(String),
    /// The calendar cannot answer.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// One thing to correct, and the field it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field's name in the form and in the case file.
    pub field: String,
    /// What to do.
    pub message: String,
}

impl Refusal {
    /// One field to correct.
    pub fn field(field: &str, message: &str) -> Refusal {
        Refusal::ToCorrect(vec![Wrong {
            field: field.to_owned(),
            message: message.to_owned(),
        }])
    }

    /// An act that does not fit what is recorded.
    pub fn because(words: impl Into<String>) -> Refusal {
        Refusal::DoesNotFit(words.into())
    }
}

/// Refuses an empty text.
pub fn required(field: &str, text: &str, message: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        Err(Refusal::field(field, message))
    } else {
        Ok(())
    }
}
