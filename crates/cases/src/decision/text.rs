//! The exact text that is signed: plain words, the same for everyone, bound into each signature.

use guidance::Rules;

use crate::Case;

/// The text of the current decision with everything that was weighed.
pub fn text(case: &Case, rules: &Rules) -> String {
    let mut lines: Vec<String> = Vec::new();
    let proposal = &case.decision.current.proposal;
    lines.push(format!(
        "{}: decision of the safeguarding partners",
        case.reference()
    ));
    lines.push(format!("Rules: {}", rules.title));
    if !case.decision.current.why.is_empty() {
        lines.push(format!(
            "Reconsideration, because: {}",
            case.decision.current.why
        ));
    }
    if let Some(day) = proposal.decided_on {
        lines.push(format!("Decided on {}", calendar::words::long(day)));
    }
    lines.extend(
        case.interests
            .in_the_text(case.decision.current.completed_at),
    );
    lines.push(String::new());
    lines.push(match proposal.conduct {
        Some(true) => format!("1. Conduct a {}: yes", crate::stages::review_name(rules)),
        Some(false) => format!("1. Conduct a {}: no", crate::stages::review_name(rules)),
        None => format!(
            "1. Conduct a {}: not answered",
            crate::stages::review_name(rules)
        ),
    });
    let routes: Vec<String> = proposal
        .routes
        .iter()
        .filter_map(|id| rules.route(&id.as_str().into()))
        .map(|r| r.label.clone())
        .collect();
    lines.push(format!(
        "2. What else: {}",
        if routes.is_empty() {
            "nothing further".into()
        } else {
            routes.join("; ")
        }
    ));
    if !proposal.route_details.is_empty() {
        lines.push(format!("   {}", proposal.route_details));
    }
    lines.push(format!("Reasons: {}", proposal.reasons));
    for evidence in &proposal.evidence {
        lines.push(format!("Evidence: {}", evidence.words()));
    }
    for (element, words) in &proposal.why_not {
        if let Some(element) = rules.element(&element.as_str().into()) {
            lines.push(format!(
                "Why not nevertheless, although \u{201c}{}\u{201d}: {words}",
                element.label
            ));
        }
    }
    lines.push(String::new());
    lines.push("The definition".into());
    for child in case.people.subjects() {
        lines.push(format!(
            "{}: {}",
            child.pseudonym,
            case.definition.outcome(&child.id, rules).words()
        ));
        for limb in &rules.definition.limbs {
            if let Some(tested) = case.definition.test(&child.id, limb.element.id.as_str()) {
                let found = limb
                    .element
                    .findings
                    .iter()
                    .find(|f| f.id == tested.test.finding)
                    .map_or("", |f| f.label.as_str());
                lines.push(format!(
                    "- {}: {}. {}",
                    limb.element.label, found, tested.test.reasons
                ));
            }
        }
    }
    lines.push(String::new());
    lines.push("What was weighed".into());
    for element in rules.considered().chain(rules.questions.iter()) {
        let found = case
            .consideration
            .words(element)
            .unwrap_or_else(|| "not considered".into());
        let reasons = case
            .consideration
            .of(element.id.as_str())
            .map(|c| c.finding.reasons.as_str())
            .unwrap_or_default();
        lines.push(format!("- {}: {found}. {reasons}", element.label));
        if let Some(considered) = case.consideration.of(element.id.as_str()) {
            if !considered.finding.missing.is_empty() {
                lines.push(format!(
                    "  Not known: {} Decided without it because {}",
                    considered.finding.missing, considered.finding.why_without
                ));
            }
            for evidence in &considered.finding.evidence {
                lines.push(format!("  Evidence: {}", evidence.words()));
            }
            for own in considered
                .finding
                .partners
                .iter()
                .filter(|p| !p.finding.is_empty())
            {
                let label = element
                    .findings
                    .iter()
                    .find(|f| f.id == own.finding)
                    .map_or("", |f| f.label.as_str());
                let partner = rules
                    .partners
                    .iter()
                    .find(|p| p.id.as_str() == own.partner)
                    .map_or(own.partner.as_str(), |p| p.label.as_str());
                lines.push(format!("  {partner}: {label}. {}", own.reasons));
            }
        }
    }
    lines.join("\n")
}
