//! The definitional test, for each child who is a subject: every limb of the edition with finding, reasons and evidence.
//! The case meets the definition when one subject does.

use std::collections::BTreeMap;

use guidance::{Rules, Weight};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Case;
use crate::context::{Context, Refusal, required};
use crate::evidence::{ConsideredBy, Evidence};
use crate::missing::{Missing, Place};

/// Whether the impairment is likely to be long-term, though that need not be certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LongTerm {
    /// It is likely, even if not certain.
    Likely,
    /// It is not likely.
    NotLikely,
    /// It cannot be said yet.
    NotKnown,
}

/// One limb of the definition, tested for one child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LimbTest {
    /// The child's id.
    pub child: String,
    /// The limb's id in the edition.
    pub limb: String,
    /// The finding's id: met, not met or not yet known.
    pub finding: String,
    /// Which of the limb's ways, such as known or suspected, died or seriously harmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// Reasons.
    pub reasons: String,
    /// Evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The kinds of impairment (ids of the edition).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub harm: Vec<String>,
    /// Other harm, described: the list is open.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub other_harm: String,
    /// Whether it is likely to be long-term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_term: Option<LongTerm>,
    /// What is said about recovery; recovering does not rule serious harm out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub recovery: String,
    /// What is needed to know, when it is not yet known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub needed: String,
    /// By whom it was considered.
    #[serde(default)]
    pub considered_by: ConsideredBy,
}

/// What happened to the definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// A limb was tested for a child.
    LimbTested(LimbTest),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Test a limb for a child.
    TestLimb(LimbTest),
}

/// The tests made so far, by child and limb.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Definition {
    /// (child, limb) -> the newest test and its edition.
    #[serde(serialize_with = "crate::case::as_list")]
    pub tests: BTreeMap<(String, String), Tested>,
}

/// A test with the edition it was made under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Tested {
    /// The test.
    pub test: LimbTest,
    /// The edition.
    pub edition: String,
    /// Who wrote it down.
    pub by: crate::By,
}

/// The outcome for a child or the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every limb is met.
    Met,
    /// One limb is not met.
    NotMet,
    /// Something is not yet known or not yet tested.
    NotYetKnown,
}

impl Outcome {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::NotMet => "not met",
            Outcome::NotYetKnown => "not yet known",
        }
    }
}

impl Definition {
    /// The newest test of a limb for a child.
    pub fn test(&self, child: &str, limb: &str) -> Option<&Tested> {
        self.tests.get(&(child.to_owned(), limb.to_owned()))
    }

    /// The outcome for one child under the rules.
    pub fn outcome(&self, child: &str, rules: &Rules) -> Outcome {
        let mut all = true;
        for limb in &rules.definition.limbs {
            match self
                .test(child, limb.element.id.as_str())
                .and_then(|t| weight(rules, &t.test))
            {
                Some(Weight::Yes | Weight::Possibly) => {}
                Some(Weight::No) => return Outcome::NotMet,
                _ => all = false,
            }
        }
        if all {
            Outcome::Met
        } else {
            Outcome::NotYetKnown
        }
    }

    /// The outcome for the case: met when one subject meets it, not met when none can.
    pub fn case_outcome(&self, case: &Case, rules: &Rules) -> Outcome {
        let outcomes: Vec<Outcome> = case
            .people
            .subjects()
            .map(|c| self.outcome(&c.id, rules))
            .collect();
        if outcomes.contains(&Outcome::Met) {
            Outcome::Met
        } else if !outcomes.is_empty() && outcomes.iter().all(|o| *o == Outcome::NotMet) {
            Outcome::NotMet
        } else {
            Outcome::NotYetKnown
        }
    }

    /// What a signature still needs of the definition.
    pub fn missing(&self, case: &Case, rules: &Rules) -> Vec<Missing> {
        let mut list = Vec::new();
        if case.people.subjects().next().is_none() {
            list.push(Missing::new(
                "Record the child this case is about",
                "",
                Place::People,
            ));
        }
        for child in case.people.subjects() {
            for limb in &rules.definition.limbs {
                if self.test(&child.id, limb.element.id.as_str()).is_none() {
                    list.push(Missing::new(
                        format!(
                            "{}: test \u{201c}{}\u{201d}",
                            child.pseudonym, limb.element.label
                        ),
                        limb.element.source.to_string(),
                        Place::Definition(child.id.clone()),
                    ));
                }
            }
        }
        list
    }
}

fn weight(rules: &Rules, test: &LimbTest) -> Option<Weight> {
    let limb = rules
        .definition
        .limbs
        .iter()
        .find(|l| l.element.id.as_str() == test.limb)?;
    limb.element
        .findings
        .iter()
        .find(|f| f.id == test.finding)
        .map(|f| f.weight)
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::TestLimb(test) = command;
    if !case.people.subjects().any(|c| c.id == test.child) {
        return Err(Refusal::because(
            "the definition is tested for a child who died or was seriously harmed: give the child that part first",
        ));
    }
    let limb = ctx
        .rules
        .definition
        .limbs
        .iter()
        .find(|l| l.element.id.as_str() == test.limb)
        .ok_or_else(|| Refusal::because("this edition has no such limb"))?;
    let finding = limb
        .element
        .findings
        .iter()
        .find(|f| f.id == test.finding)
        .ok_or_else(|| Refusal::field("finding", "Choose met, not met or not yet known"))?;
    required(
        "reasons",
        &test.reasons,
        "Enter the reasons for this finding",
    )?;
    Evidence::check(&test.evidence)?;
    test.considered_by.check(ctx)?;
    match finding.weight {
        Weight::Yes | Weight::Possibly => {
            let chosen = test.option.as_deref();
            if !limb.options.is_empty()
                && !limb.options.iter().any(|o| Some(o.id.as_str()) == chosen)
            {
                return Err(Refusal::field("option", "Choose which of these it is"));
            }
            if limb.asks_harm_kinds(chosen) && test.harm.is_empty() {
                return Err(Refusal::field(
                    "harm",
                    "Choose at least one kind of impairment, or other harm",
                ));
            }
            if test.harm.iter().any(|h| ctx.rules.harm_kind(h).is_none()) {
                return Err(Refusal::field(
                    "harm",
                    "Choose kinds of impairment of this edition, or other harm with a description",
                ));
            }
            if test
                .harm
                .iter()
                .filter_map(|h| ctx.rules.harm_kind(h))
                .any(|h| h.open)
            {
                required("other-harm", &test.other_harm, "Describe the other harm")?;
            }
        }
        Weight::Unknown => required("needed", &test.needed, "Enter what is needed to know")?,
        _ => {}
    }
    Ok(vec![Event::LimbTested(test)])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Definition, event: &Event, edition: &str, by: &crate::By) {
    let Event::LimbTested(test) = event;
    state.tests.insert(
        (test.child.clone(), test.limb.clone()),
        Tested {
            test: test.clone(),
            edition: edition.to_owned(),
            by: by.clone(),
        },
    );
}
