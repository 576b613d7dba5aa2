//! What was weighed: the matrix, then each criterion, circumstance and question in full, and the definition for each subject.

use cases::Case;
use cases::definition::{LongTerm, Tested};
use guidance::{Element, Limb, Rules};

use crate::document::{Block, Text};
use crate::matrix::considered_table;
use crate::pieces::{
    NOT_RECORDED, day, evidence_lines, fact, facts_of, finding_words, heading, moment, note,
    partner, say, source_words, who,
};

/// The matrix and every element in full.
pub(super) fn considered(blocks: &mut Vec<Block>, case: &Case, rules: &Rules) {
    blocks.push(heading(1, "What was considered"));
    blocks.push(considered_table(case, rules));
    for (name, elements) in [
        ("Criteria", &rules.criteria),
        ("Circumstances", &rules.circumstances),
        ("Questions asked besides", &rules.questions),
    ] {
        if !elements.is_empty() {
            blocks.push(heading(2, name));
        }
        for element in elements {
            in_full(blocks, case, rules, element);
        }
    }
}

fn in_full(blocks: &mut Vec<Block>, case: &Case, rules: &Rules, element: &Element) {
    blocks.push(heading(3, element.label.clone()));
    blocks.push(say(element.question.clone()));
    let source = fact("Source", source_words(&element.source, &element.standing));
    let Some(considered) = case.consideration.of(element.id.as_str()) else {
        blocks.push(Block::Facts(vec![
            fact("Finding", "Not considered"),
            source,
        ]));
        return;
    };
    let found = &considered.finding;
    let finding = case
        .consideration
        .words(element)
        .unwrap_or_else(|| finding_words(element, &found.finding));
    let mut rows = vec![
        ("Finding".to_owned(), vec![Text::strong(finding)]),
        fact("Reasons", found.reasons.clone()),
        facts_of("Evidence", evidence_lines(&found.evidence)),
    ];
    let own: Vec<String> = found
        .partners
        .iter()
        .filter(|p| !p.finding.is_empty())
        .map(|p| {
            format!(
                "{}: {}. {}",
                partner(rules, &p.partner),
                finding_words(element, &p.finding),
                p.reasons
            )
        })
        .collect();
    if !own.is_empty() {
        rows.push(facts_of("Each partner\u{2019}s own finding", own));
    }
    if !found.missing.is_empty() || found.look_again.is_some() {
        rows.push(fact("What is not known", found.missing.clone()));
        rows.push(fact(
            "Why it can be decided without",
            found.why_without.clone(),
        ));
        rows.push(fact("Look again on", day(found.look_again)));
    }
    rows.push(fact("Considered by", who(rules, &found.considered_by)));
    let edition = if considered.edition.is_empty() || considered.edition == rules.id {
        String::new()
    } else {
        format!(", under {}", considered.edition)
    };
    rows.push(fact(
        "Written down by",
        format!(
            "{}, {}, {}{edition}",
            considered.by.name,
            considered.by.part,
            moment(considered.at)
        ),
    ));
    rows.push(source);
    blocks.push(Block::Facts(rows));
}

/// The definition, for each child who is a subject.
pub(super) fn definition(blocks: &mut Vec<Block>, case: &Case, rules: &Rules) {
    blocks.push(heading(
        1,
        format!("The definition: {}", rules.definition.title.to_lowercase()),
    ));
    if case.people.subjects().next().is_none() {
        blocks.push(note(
            "No child is recorded yet as the child who died or was seriously harmed.",
        ));
    }
    for child in case.people.subjects() {
        blocks.push(heading(
            2,
            format!(
                "{}: {}",
                child.pseudonym,
                case.definition.outcome(&child.id, rules).words()
            ),
        ));
        for limb in &rules.definition.limbs {
            blocks.push(heading(3, limb.element.label.clone()));
            blocks.push(say(limb.element.question.clone()));
            let tested = case.definition.test(&child.id, limb.element.id.as_str());
            blocks.push(Block::Facts(tested.map_or_else(
                || {
                    vec![
                        fact("Finding", "Not tested"),
                        fact(
                            "Source",
                            source_words(&limb.element.source, &limb.element.standing),
                        ),
                    ]
                },
                |tested| limb_rows(rules, limb, tested),
            )));
        }
    }
}

fn limb_rows(rules: &Rules, limb: &Limb, tested: &Tested) -> Vec<(String, Vec<Text>)> {
    let test = &tested.test;
    let option = test
        .option
        .as_ref()
        .and_then(|id| limb.options.iter().find(|o| &o.id == id))
        .map_or_else(String::new, |o| format!(": {}", o.label.to_lowercase()));
    let mut rows = vec![
        (
            "Finding".to_owned(),
            vec![Text::strong(format!(
                "{}{option}",
                finding_words(&limb.element, &test.finding)
            ))],
        ),
        fact("Reasons", test.reasons.clone()),
        facts_of("Evidence", evidence_lines(&test.evidence)),
    ];
    if !test.harm.is_empty() {
        let kinds = test.harm.iter().map(|id| {
            rules.harm_kind(id).map_or_else(
                || id.replace('-', " "),
                |h| match h.standing {
                    guidance::Standing::ReadInSource => h.label.clone(),
                    _ => format!("{}. {}", h.label, source_words(&h.source, &h.standing)),
                },
            )
        });
        rows.push(facts_of(
            "Kinds of harm",
            kinds
                .chain((!test.other_harm.is_empty()).then(|| test.other_harm.clone()))
                .collect(),
        ));
    }
    if let Some(long) = test.long_term {
        let words = match long {
            LongTerm::Likely => "likely",
            LongTerm::NotLikely => "not likely",
            LongTerm::NotKnown => "cannot be said yet",
        };
        rows.push(fact("Long-term", words));
    }
    if !test.recovery.is_empty() {
        rows.push(fact("Recovery", test.recovery.clone()));
    }
    if !test.needed.is_empty() {
        rows.push(fact("What is needed to know", test.needed.clone()));
    }
    let by = who(rules, &test.considered_by);
    rows.push(fact(
        "Considered by",
        if by.is_empty() {
            NOT_RECORDED.to_owned()
        } else {
            by
        },
    ));
    let edition = if tested.edition.is_empty() || tested.edition == rules.id {
        String::new()
    } else {
        format!(", under {}", tested.edition)
    };
    rows.push(fact(
        "Written down by",
        format!("{}, {}{edition}", tested.by.name, tested.by.part),
    ));
    rows.push(fact(
        "Source",
        source_words(&limb.element.source, &limb.element.standing),
    ));
    rows
}
