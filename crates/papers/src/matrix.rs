//! What was considered, at a glance: each criterion, circumstance and question with its finding, its evidence and who considered it,
//! short enough to lie on one page before the people who decide.

use cases::Case;
use cases::context::NamedSeat;
use cases::evidence::{ConsideredBy, Evidence};
use guidance::{Element, Rules};

use crate::document::{Block, Document, Text};
use crate::pieces::{finding_words, note, paper, partner, say, table, who};
use crate::pseudonymised::Pseudonyms;

/// As much of a statement as fits a row, in letters: the record holds the rest.
const SHORT: usize = 44;
/// How many pieces of evidence a row shows; the others are counted.
const PIECES: usize = 1;

/// The matrix of a case on one A4 page where it fits: criterion, finding, evidence, who.
/// Names of children and adults do not appear in it.
pub fn matrix(case: &Case, rules: &Rules, seats: &[NamedSeat]) -> Document {
    let mut out = paper(
        "What was considered",
        "What was found on each point, on what evidence and by whom".to_owned(),
        case.reference(),
    );
    out.blocks.push(considered_table(case, rules));
    let (done, all) = case.consideration.progress(rules);
    if done < all {
        out.blocks.push(note(format!("{done} of {all} criteria and circumstances have a recorded consideration. No one can sign before all have.")));
    }
    out.blocks.push(say(format!(
        "{} Reasons and the whole evidence stand in the decision record.",
        rules.title.clone() + "."
    )));
    Pseudonyms::of(case, seats.iter().map(|s| s.body.as_str())).paper(&mut out);
    out
}

/// The table of what was considered: every criterion, circumstance and question of the rules, whether or not it was considered.
pub(crate) fn considered_table(case: &Case, rules: &Rules) -> Block {
    let criteria = rules.criteria.iter().map(|e| ("Criterion", e));
    let circumstances = rules.circumstances.iter().map(|e| ("Circumstance", e));
    let questions = rules.questions.iter().map(|e| ("Question", e));
    let rows = criteria
        .chain(circumstances)
        .chain(questions)
        .map(|(kind, e)| row(case, rules, kind, e))
        .collect();
    table(
        "",
        &["Considered", "Finding", "Evidence", "Who"],
        &[5, 4, 6, 5],
        rows,
    )
}

fn row(case: &Case, rules: &Rules, kind: &str, element: &Element) -> Vec<Text> {
    let label = Text(vec![
        crate::Run::strong(element.label.clone()),
        crate::Run::plain(format!("\n{kind}")),
    ]);
    let Some(considered) = case.consideration.of(element.id.as_str()) else {
        return vec![
            label,
            "Not considered".into(),
            Text::default(),
            Text::default(),
        ];
    };
    let found = &considered.finding;
    let mut finding = case
        .consideration
        .words(element)
        .unwrap_or_else(|| finding_words(element, &found.finding));
    for own in found.partners.iter().filter(|p| !p.finding.is_empty()) {
        finding.push_str(&format!(
            "\n{}: {}",
            partner(rules, &own.partner),
            finding_words(element, &own.finding).to_lowercase()
        ));
    }
    vec![
        label,
        finding.into(),
        evidence(&found.evidence).into(),
        considered_by(rules, &found.considered_by).into(),
    ]
}

/// The first pieces of evidence in short: a document by title and date, a statement by its first words and its source.
fn evidence(list: &[Evidence]) -> String {
    let mut lines: Vec<String> = list
        .iter()
        .take(PIECES)
        .map(|one| match one {
            Evidence::Statement { text, source } => format!("{} ({source})", short(text)),
            Evidence::Document { title, dated, .. } => dated.map_or_else(
                || title.clone(),
                |d| format!("{title}, {}", calendar::words::short(d)),
            ),
        })
        .collect();
    match list.len() {
        0 => lines.push("None given".into()),
        n if n > PIECES => lines.push(format!("and {} more", n - PIECES)),
        _ => {}
    }
    lines.join("\n")
}

/// By whom it was considered; "all partners" where no partner is missing.
fn considered_by(rules: &Rules, by: &ConsideredBy) -> String {
    let all = rules
        .partners
        .iter()
        .all(|p| by.partners.iter().any(|id| id == p.id.as_str()));
    if !all {
        return who(rules, by);
    }
    let rest = who(
        rules,
        &ConsideredBy {
            partners: Vec::new(),
            ..by.clone()
        },
    );
    if rest.is_empty() {
        "All partners".into()
    } else {
        format!("All partners; {rest}")
    }
}

/// The text up to a whole word near the limit.
fn short(text: &str) -> String {
    if text.chars().count() <= SHORT {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SHORT).collect();
    let whole = cut.rfind(' ').map_or(cut.as_str(), |at| &cut[..at]);
    format!("{whole} \u{2026}")
}
