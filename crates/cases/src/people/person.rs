//! A child, an adult, and how they are related.

use calendar::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The part a child has in the case; more than one is allowed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The child who died or was seriously harmed.
    Subject,
    /// A sibling or another child.
    OtherChild,
    /// A child who may have caused harm.
    MayHaveCausedHarm,
}

impl Part {
    /// All parts, in the order they are offered.
    pub const ALL: [Part; 3] = [Part::Subject, Part::OtherChild, Part::MayHaveCausedHarm];

    /// The part in words.
    pub fn words(self) -> &'static str {
        match self {
            Part::Subject => "child who died or was seriously harmed",
            Part::OtherChild => "sibling or other child",
            Part::MayHaveCausedHarm => "child who may have caused harm",
        }
    }
}

/// When a child was or will be born.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(tag = "known", rename_all = "kebab-case")]
pub enum Birth {
    /// Not yet known.
    #[default]
    NotYetKnown,
    /// Born on this day.
    On {
        /// The day.
        on: Date,
    },
    /// Expected on this day, which may lie in the future.
    Expected {
        /// The day.
        on: Date,
    },
    /// Known only roughly, in words.
    About {
        /// Such as "about 14 years old".
        words: String,
    },
}

/// Whether the child is living.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Life {
    /// Not yet known.
    #[default]
    NotYetKnown,
    /// Living.
    Living,
    /// Died, on this day if it is known.
    Died {
        /// The day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Date>,
    },
}

/// A value from a code set with the words it had; absent codes are free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Coded {
    /// The code in the national set, empty for own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// The words shown.
    pub words: String,
}

/// A child of the case. Whatever is absent or empty is "not yet known".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Child {
    /// The child's id in this case; empty for a new child.
    pub id: String,
    /// The name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The name by which the child is known here; never an initial.
    pub pseudonym: String,
    /// The parts the child has.
    pub parts: Vec<Part>,
    /// Birth or expected birth.
    pub birth: Birth,
    /// Living, died, or not yet known.
    pub life: Life,
    /// The day the child was harmed, when that differs from the day of the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harmed_on: Option<Date>,
    /// Sex as recorded by the agencies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Coded>,
    /// Whether and how the child was looked after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care: Option<Coded>,
    /// Child protection or child in need plan, with dates in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Coded>,
    /// Ethnicity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<Coded>,
    /// Disability; several are possible.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disability: Vec<Coded>,
    /// First language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Coded>,
    /// A further identifier, such as a national one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub identifier: String,
    /// Anything else that matters about who the child is or was.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
}

impl Child {
    /// True while the birth is only expected.
    pub fn unborn(&self) -> bool {
        matches!(self.birth, Birth::Expected { .. })
    }

    /// True when the child has died.
    pub fn died(&self) -> bool {
        matches!(self.life, Life::Died { .. })
    }

    /// The day of birth, when it is known.
    pub fn born(&self) -> Option<Date> {
        match self.birth {
            Birth::On { on } => Some(on),
            _ => None,
        }
    }

    /// The age tied to a day: "16 months when the child died", "16 months when harmed", else the age today in words.
    /// `incident` is the day of the incident, if it is known.
    pub fn age_words(&self, incident: Option<Date>, today: Date) -> String {
        let Some(born) = self.born() else {
            return match &self.birth {
                Birth::Expected { on } => format!("birth expected {}", calendar::words::short(*on)),
                Birth::About { words } => words.clone(),
                _ => "age not yet known".into(),
            };
        };
        if let Life::Died { on } = self.life {
            return match on.or(incident) {
                Some(day) if day >= born => format!(
                    "{} when {} died",
                    calendar::words::age_on(born, day),
                    self.pronoun()
                ),
                _ => "age at death not yet known".into(),
            };
        }
        if self.parts.contains(&Part::Subject)
            && let Some(day) = self.harmed_on.or(incident)
            && day >= born
        {
            return format!("{} when harmed", calendar::words::age_on(born, day));
        }
        match incident {
            Some(day) if day >= born => format!(
                "{} on the day of the incident",
                calendar::words::age_on(born, day)
            ),
            _ => format!(
                "{} on {}",
                calendar::words::age_on(born, today),
                calendar::words::short(today)
            ),
        }
    }

    fn pronoun(&self) -> &'static str {
        let word = self
            .sex
            .as_ref()
            .map(|s| s.words.to_lowercase())
            .unwrap_or_default();
        if word.starts_with("female") || word.starts_with("girl") {
            "she"
        } else if word.starts_with("male") || word.starts_with("boy") {
            "he"
        } else {
            "the child"
        }
    }

    /// What is not yet known of the child, in words.
    pub fn not_yet_known(&self) -> Vec<&'static str> {
        let mut list = Vec::new();
        if matches!(self.birth, Birth::NotYetKnown) {
            list.push("birth");
        }
        match self.life {
            Life::NotYetKnown if !self.unborn() => list.push("whether the child is living"),
            Life::Died { on: None } => list.push("day of death"),
            _ => {}
        }
        if self.care.is_none() {
            list.push("care status");
        }
        if self.plan.is_none() {
            list.push("plan status");
        }
        if self.ethnicity.is_none() {
            list.push("ethnicity");
        }
        if self.disability.is_empty() {
            list.push("disability");
        }
        if self.language.is_none() {
            list.push("language");
        }
        list
    }
}

/// An adult: family, carer or another person who matters to the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Adult {
    /// The adult's id in this case; empty for a new one.
    pub id: String,
    /// The name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who this is, in words used in place of the name: "Child A's mother".
    pub label: String,
    /// True for family members who are to be considered for informing and views.
    pub family: bool,
    /// Parental responsibility: for which children (ids); empty when none or not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parental_responsibility: Vec<String>,
    /// Language and access needs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub needs: String,
    /// Anything else that matters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
}

/// How two people of the case are related.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Relationship {
    /// The id of one person.
    pub one: String,
    /// What `one` is to `other`: "mother", "lives with".
    pub kind: String,
    /// The id of the other person.
    pub other: String,
    /// From when, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// Until when, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub until: String,
}
