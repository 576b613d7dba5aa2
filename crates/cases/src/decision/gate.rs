//! What must stand in the record before anyone can sign: the page lists it with links.

use guidance::{Rules, Weight};

use super::Proposal;
use crate::Case;
use crate::members::Part;
use crate::missing::{Missing, Place};

/// Everything that is missing before the decision can be signed.
pub fn missing(case: &Case, rules: &Rules) -> Vec<Missing> {
    let mut list = case.definition.missing(case, rules);
    list.extend(case.consideration.missing(rules));
    list.extend(of_text(case, &case.decision.current.proposal, rules));
    list.extend(of_interests(case));
    list
}

/// What is missing about those who decide: an interest that was declared is decided about before anyone signs.
/// One declared after somebody signed leaves that signature as it is, as the text is the same; what is recorded from paper afterwards lists it.
/// A seat whose delegate stepped back is not missing: the deputy signs for it, and the text says who stepped back.
fn of_interests(case: &Case) -> impl Iterator<Item = Missing> {
    let open = case.interests.open().filter(|interest| {
        let person = &interest.declared.person;
        let decides = case.members.part(person) == Some(Part::Decides);
        decides || interest.declared.seat.is_some()
    });
    open.map(|interest| {
        let what = format!(
            "Decide about the interest that {} declared",
            interest.declared.name
        );
        Missing::new(what, String::new(), Place::Interests)
    })
}

/// What is missing in the text itself.
fn of_text(case: &Case, text: &Proposal, rules: &Rules) -> Vec<Missing> {
    let mut list = Vec::new();
    let source = rules.decision.source.to_string();
    let mut need = |what: String| list.push(Missing::new(what, source.clone(), Place::Decision));
    match text.conduct {
        None => need("Answer whether a review is to be conducted".into()),
        Some(true) => {}
        Some(false) => {
            if text.evidence.is_empty() {
                need("Give the evidence for not conducting a review".into());
            }
            for element in &rules.criteria {
                let found = matches!(
                    case.consideration.weight(element),
                    Some(Weight::Yes | Weight::Possibly)
                );
                let answered = text
                    .why_not
                    .get(element.id.as_str())
                    .is_some_and(|w| !w.trim().is_empty());
                if found && !answered {
                    need(format!(
                        "Say why a review is nevertheless not conducted, as \u{201c}{}\u{201d} was found",
                        element.label
                    ));
                }
            }
        }
    }
    if text.conduct == Some(false) && text.routes.is_empty() {
        need("Answer what else is to happen, or nothing further".into());
    }
    if text.reasons.trim().is_empty() {
        need("Give the reasons for the decision".into());
    }
    if text.decided_on.is_none() {
        need("Enter the day the partners decided".into());
    }
    for route in text
        .routes
        .iter()
        .filter_map(|id| rules.route(&id.as_str().into()))
    {
        for (element, weight) in &route.needs_findings {
            let Some(asked) = rules.element(element) else {
                continue;
            };
            if case.consideration.weight(asked) != Some(*weight) {
                need(format!(
                    "The route \u{201c}{}\u{201d} needs another finding for \u{201c}{}\u{201d}",
                    route.label, asked.label
                ));
            }
        }
    }
    list
}
