//! Each criterion to be taken into account, each circumstance to be had regard to and each question the edition asks:
//! finding, reasons, evidence, by whom it was considered, and each partner's own finding where it differs.

use std::collections::BTreeMap;

use calendar::Date;
use guidance::{Element, Rules, Weight};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{By, Context, Refusal, Wrong, required};
use crate::evidence::{ConsideredBy, Evidence};
use crate::missing::{Missing, Place};

/// A partner's own finding where it differs from the agreed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PartnerFinding {
    /// The partner's id.
    pub partner: String,
    /// Its finding's id.
    pub finding: String,
    /// Its reasons.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasons: String,
}

/// One element considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// The element's id in the edition.
    pub element: String,
    /// The finding's id, one of the element's own.
    pub finding: String,
    /// Reasons: what points to it, what speaks against it.
    pub reasons: String,
    /// Evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// By whom it was considered.
    #[serde(default)]
    pub considered_by: ConsideredBy,
    /// Each partner's own finding where it differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<PartnerFinding>,
    /// False when the partners did not agree on one finding.
    #[serde(default = "yes")]
    pub agreed: bool,
    /// For "not known at this time": what is missing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub missing: String,
    /// For "not known at this time": why the decision can be taken without it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why_without: String,
    /// For "not known at this time": the day to look again, which becomes a clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_again: Option<Date>,
}

fn yes() -> bool {
    true
}

/// What happened to the consideration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// An element was considered, or considered again.
    ElementConsidered(Finding),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Write down what was found.
    Consider(Finding),
}

/// What was considered, by element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Consideration {
    /// Element id -> the newest consideration.
    #[serde(serialize_with = "crate::case::as_list")]
    pub elements: BTreeMap<String, Considered>,
}

/// A finding with who wrote it down, when and under which edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Considered {
    /// The finding.
    pub finding: Finding,
    /// Who wrote it down.
    pub by: By,
    /// When it was written down (UTC).
    pub at: jiff::Timestamp,
    /// The edition.
    pub edition: String,
}

impl Consideration {
    /// The newest consideration of an element.
    pub fn of(&self, element: &str) -> Option<&Considered> {
        self.elements.get(element)
    }

    /// The weight of what was found for an element.
    pub fn weight(&self, element: &Element) -> Option<Weight> {
        let found = self.of(element.id.as_str())?;
        element
            .findings
            .iter()
            .find(|f| f.id == found.finding.finding)
            .map(|f| f.weight)
    }

    /// The finding in the words of the element.
    pub fn words(&self, element: &Element) -> Option<String> {
        let found = self.of(element.id.as_str())?;
        let label = element
            .findings
            .iter()
            .find(|f| f.id == found.finding.finding)
            .map(|f| f.label.clone())?;
        Some(if found.finding.agreed {
            label
        } else {
            format!("Not agreed ({label})")
        })
    }

    /// The criteria and circumstances that have no recorded consideration.
    pub fn missing(&self, rules: &Rules) -> Vec<Missing> {
        rules
            .considered()
            .chain(rules.questions.iter())
            .filter(|e| self.of(e.id.as_str()).is_none())
            .map(|e| {
                Missing::new(
                    format!("Consider \u{201c}{}\u{201d}", e.label),
                    e.source.to_string(),
                    Place::Element(e.id.to_string()),
                )
            })
            .chain(self.gaps(rules))
            .collect()
    }

    /// Findings of "not known at this time" that cannot be signed as they are.
    fn gaps(&self, rules: &Rules) -> Vec<Missing> {
        let mut list = Vec::new();
        for element in rules.considered().chain(rules.questions.iter()) {
            let (Some(Weight::Unknown), Some(found)) =
                (self.weight(element), self.of(element.id.as_str()))
            else {
                continue;
            };
            let f = &found.finding;
            if f.missing.trim().is_empty()
                || f.why_without.trim().is_empty()
                || f.look_again.is_none()
            {
                list.push(Missing::new(
                    format!("\u{201c}{}\u{201d} is not known: say what is missing, why the decision can be taken without it, and when to look again", element.label),
                    element.source.to_string(),
                    Place::Element(element.id.to_string()),
                ));
            }
        }
        list
    }

    /// How many of the criteria and circumstances are considered, and how many there are.
    pub fn progress(&self, rules: &Rules) -> (usize, usize) {
        let all = rules.considered().count();
        (
            rules
                .considered()
                .filter(|e| self.of(e.id.as_str()).is_some())
                .count(),
            all,
        )
    }
}

/// An element of the edition that can be considered.
pub fn element<'a>(rules: &'a Rules, id: &str) -> Option<&'a Element> {
    rules
        .considered()
        .chain(rules.questions.iter())
        .find(|e| e.id.as_str() == id)
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Consider(mut found) = command;
    let element = element(ctx.rules, &found.element)
        .ok_or_else(|| Refusal::because("this edition has no such criterion or circumstance"))?;
    let mut wrong = Vec::new();
    let mut need = |bad: bool, field: &str, message: &str| {
        if bad {
            wrong.push(Wrong {
                field: field.into(),
                message: message.into(),
            });
        }
    };
    let choice = element.findings.iter().find(|f| f.id == found.finding);
    need(choice.is_none(), "finding", "Choose what was found");
    need(
        found.reasons.trim().is_empty(),
        "reasons",
        "Enter the reasons: what points to it and what speaks against it",
    );
    if found.agreed {
        found.partners.retain(|p| !p.finding.is_empty());
    } else {
        need(
            found.partners.iter().all(|p| p.finding.is_empty()),
            "partners",
            "Enter each partner's own finding, as the finding is not agreed",
        );
    }
    for own in found.partners.iter().filter(|p| !p.finding.is_empty()) {
        need(
            !element.findings.iter().any(|f| f.id == own.finding),
            "partners",
            "Choose one of the findings for the partner",
        );
    }
    // Seen from the day it was considered: an older finding entered late keeps the day that was set then.
    let considered = found.considered_by.on.unwrap_or(ctx.today);
    need(
        found.look_again.is_some_and(|d| d <= considered),
        "look-again",
        "Enter a day to look again that is after the day it was considered",
    );
    if !wrong.is_empty() {
        return Err(Refusal::ToCorrect(wrong));
    }
    Evidence::check(&found.evidence)?;
    found.considered_by.check(ctx)?;
    if choice.map(|c| c.weight) != Some(Weight::Unknown) {
        found.missing.clear();
        found.why_without.clear();
        found.look_again = None;
    }
    required("reasons", &found.reasons, "Enter the reasons")?;
    Ok(vec![Event::ElementConsidered(found)])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Consideration, event: &Event, recorded: &crate::Recorded) {
    let Event::ElementConsidered(finding) = event;
    state.elements.insert(
        finding.element.clone(),
        Considered {
            finding: finding.clone(),
            by: recorded.by.clone(),
            at: recorded.at,
            edition: recorded.edition.clone(),
        },
    );
}
