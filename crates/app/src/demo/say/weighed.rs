//! What is weighed: evidence, by whom it was considered, the limbs of the definition and the findings.

use cases::consideration::{self, Finding, PartnerFinding};
use cases::definition::{self, LimbTest, LongTerm};
use cases::{Command, ConsideredBy, Date, Evidence};

pub(in super::super) fn said(text: &str, source: &str) -> Evidence {
    Evidence::Statement {
        text: text.into(),
        source: source.into(),
    }
}

pub(in super::super) fn paper(title: &str, dated: Date, holder: &str, kept: &str) -> Evidence {
    Evidence::Document {
        title: title.into(),
        dated: Some(dated),
        holder: holder.into(),
        kept: kept.into(),
        file: String::new(),
    }
}

/// Considered by all three partners at a meeting.
pub(in super::super) fn at_meeting(meeting: &str, on: Date) -> ConsideredBy {
    ConsideredBy {
        people: String::new(),
        partners: vec!["local-authority".into(), "health".into(), "police".into()],
        meeting: meeting.into(),
        on: Some(on),
    }
}

/// Considered by named people.
pub(in super::super) fn by_people(people: &str, on: Date) -> ConsideredBy {
    ConsideredBy {
        people: people.into(),
        on: Some(on),
        ..ConsideredBy::default()
    }
}

/// A test of a limb: met in one of its ways.
pub(in super::super) fn met(
    child: &str,
    limb: &str,
    option: &str,
    reasons: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> LimbTest {
    LimbTest {
        child: child.into(),
        limb: limb.into(),
        finding: "met".into(),
        option: Some(option.into()),
        reasons: reasons.into(),
        evidence,
        harm: Vec::new(),
        other_harm: String::new(),
        long_term: None,
        recovery: String::new(),
        needed: String::new(),
        considered_by: by.clone(),
    }
}

/// Abuse or neglect, known or suspected.
pub(in super::super) fn abuse(
    child: &str,
    option: &str,
    reasons: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> Command {
    limb(met(
        child,
        "abuse-or-neglect",
        option,
        reasons,
        evidence,
        by,
    ))
}

/// The child died.
pub(in super::super) fn died(
    child: &str,
    reasons: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> Command {
    limb(met(
        child,
        "died-or-seriously-harmed",
        "died",
        reasons,
        evidence,
        by,
    ))
}

/// The child was seriously harmed, in these ways.
pub(in super::super) fn harmed(
    child: &str,
    kinds: &[&str],
    reasons: &str,
    recovery: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> Command {
    limb(LimbTest {
        harm: kinds.iter().map(|k| (*k).to_owned()).collect(),
        long_term: Some(LongTerm::Likely),
        recovery: recovery.into(),
        ..met(
            child,
            "died-or-seriously-harmed",
            "seriously-harmed",
            reasons,
            evidence,
            by,
        )
    })
}

pub(in super::super) fn limb(test: LimbTest) -> Command {
    Command::Definition(definition::Command::TestLimb(test))
}

pub(in super::super) fn found(
    element: &str,
    finding: &str,
    reasons: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> Finding {
    Finding {
        element: element.into(),
        finding: finding.into(),
        reasons: reasons.into(),
        evidence,
        considered_by: by.clone(),
        partners: Vec::new(),
        agreed: true,
        missing: String::new(),
        why_without: String::new(),
        look_again: None,
    }
}

pub(in super::super) fn own(partner: &str, finding: &str, reasons: &str) -> PartnerFinding {
    PartnerFinding {
        partner: partner.into(),
        finding: finding.into(),
        reasons: reasons.into(),
    }
}

pub(in super::super) fn consider(finding: Finding) -> Command {
    Command::Consideration(consideration::Command::Consider(finding))
}
