//! The decision itself: its text and outcome, signatures and authority, disagreement, reasons, slips and earlier decisions.

use cases::Case;
use cases::context::NamedSeat;
use cases::decision::{Round, View};
use guidance::Rules;

use crate::document::{Block, Text};
use crate::pieces::{
    bullets, count, day, evidence_lines, fact, facts_of, heading, moment, named, note, say,
    seat_words,
};

/// What was decided, in one sentence and in rows.
pub(super) fn decision(blocks: &mut Vec<Block>, case: &Case, rules: &Rules) {
    blocks.push(heading(1, "The decision"));
    blocks.push(Block::Paragraph(Text::strong(sentence(
        &case.decision.current,
        rules,
    ))));
    if case.decision.current.completed.is_none() {
        blocks.push(note(
            "This decision is not complete. What is missing stands below.",
        ));
        let missing = cases::decision::missing(case, rules);
        if !missing.is_empty() {
            blocks.push(bullets(missing.iter().map(|m| {
                if m.source.is_empty() {
                    m.what.clone()
                } else {
                    format!("{} ({})", m.what, m.source)
                }
            })));
        }
    }
    let mut rows = vec![fact("Reference", case.reference())];
    if let Some(old) = case
        .incident
        .opening
        .as_ref()
        .and_then(|o| o.old_reference.clone())
    {
        rows.push(fact("Earlier reference", old));
    }
    rows.push(facts_of(
        "About",
        case.people
            .children
            .iter()
            .map(|c| child_line(case, c))
            .collect(),
    ));
    rows.push(fact(
        "Outcome of the definition",
        case.definition.case_outcome(case, rules).words(),
    ));
    rows.extend(round_rows(&case.decision.current, rules));
    rows.push(fact("Rules", rules.title.clone()));
    blocks.push(Block::Facts(rows));
}

fn child_line(case: &Case, child: &cases::people::Child) -> String {
    let parts: Vec<&str> = child.parts.iter().map(|p| p.words()).collect();
    let today = case
        .decision
        .current
        .completed
        .or(case.incident.facts.happened_on);
    let age = today.map_or_else(String::new, |t| {
        format!(", {}", child.age_words(case.incident.facts.happened_on, t))
    });
    format!("{}{age}: {}", child.pseudonym, parts.join("; "))
}

fn sentence(round: &Round, rules: &Rules) -> String {
    let review = cases::stages::review_name(rules);
    let what = match round.proposal.conduct {
        Some(true) => format!("to conduct a {review}"),
        Some(false) => format!("not to conduct a {review}"),
        None => return format!("Whether to conduct a {review} has not yet been answered."),
    };
    match (round.completed, round.proposal.decided_on) {
        (Some(on), _) => format!(
            "The safeguarding partners decided on {} {what}.",
            calendar::words::long(on)
        ),
        (None, Some(on)) => format!(
            "The text before the partners, dated {}, is {what}.",
            calendar::words::long(on)
        ),
        (None, None) => format!("The text before the partners is {what}."),
    }
}

fn round_rows(round: &Round, rules: &Rules) -> Vec<(String, Vec<Text>)> {
    let mut rows = vec![fact("Decided on", day(round.proposal.decided_on))];
    match round.completed_at {
        Some(at) => rows.push(fact("Last signature", moment(at))),
        None => rows.push(fact("Complete", "no")),
    }
    let review = cases::stages::review_name(rules);
    let answer = match round.proposal.conduct {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not answered",
    };
    rows.push(fact(&format!("Conduct a {review}"), answer));
    let routes: Vec<String> = round
        .proposal
        .routes
        .iter()
        .map(|id| {
            rules.route(&id.as_str().into()).map_or_else(
                || id.replace('-', " "),
                |r| {
                    format!(
                        "{}. Source: {}",
                        r.label,
                        crate::pieces::source_words(&r.source, &r.standing)
                    )
                },
            )
        })
        .collect();
    let routes = if routes.is_empty() {
        vec!["nothing further".to_owned()]
    } else {
        routes
    };
    rows.push(facts_of(
        "What else",
        routes
            .into_iter()
            .chain(
                (!round.proposal.route_details.is_empty())
                    .then(|| round.proposal.route_details.clone()),
            )
            .collect(),
    ));
    rows.push(fact(
        "Text written",
        format!(
            "{}, under {}",
            count(round.versions as usize, "time", "times"),
            if round.edition.is_empty() {
                "an edition not recorded"
            } else {
                &round.edition
            }
        ),
    ));
    rows
}

/// Dissent in its own words, how it was resolved, and the state of no agreed decision on the due day.
pub(super) fn disagreement(
    blocks: &mut Vec<Block>,
    round: &Round,
    rules: &Rules,
    seats: &[NamedSeat],
) {
    let dissents: Vec<(String, &str)> = seats
        .iter()
        .filter_map(|s| {
            let signed = round
                .signature(&s.seat)
                .map(|x| (x.signature.view, x.signature.note.as_str()));
            let viewed = || {
                round
                    .views
                    .get(&s.seat)
                    .map(|(v, _, _)| (v.view, v.note.as_str()))
            };
            let (view, note) = signed.or_else(viewed)?;
            (view == View::Dissents).then(|| (seat_words(rules, seats, &s.seat), note))
        })
        .collect();
    if dissents.is_empty() && round.resolved.is_none() && round.not_agreed.is_none() {
        return;
    }
    blocks.push(heading(1, "Disagreement"));
    for (who, words) in dissents {
        blocks.push(Block::Quote {
            text: Text::plain(words),
            by: format!("{who}, dissenting"),
        });
    }
    if let Some(none) = &round.not_agreed {
        blocks.push(heading(2, "No agreed decision on the due day"));
        blocks.push(Block::Facts(vec![
            fact("Day", calendar::words::long(none.on)),
            fact("Views", none.views.clone()),
            fact("Sent to the Panel", none.sent_to_panel.clone()),
        ]));
    }
    if let Some(resolved) = &round.resolved {
        blocks.push(heading(2, "How it was resolved"));
        blocks.push(Block::Facts(vec![
            fact("By", resolved.by_whom.clone()),
            fact("On", calendar::words::long(resolved.on)),
            fact("How", resolved.how.clone()),
            fact("Reasons", resolved.reasons.clone()),
            fact("What the rules say", rules.decision.tie_break.clone()),
        ]));
    }
}

/// Reasons, evidence, and for each criterion found why a review is nevertheless not conducted.
pub(super) fn why(blocks: &mut Vec<Block>, round: &Round, rules: &Rules) {
    blocks.push(heading(1, "Reasons"));
    blocks.push(say(if round.proposal.reasons.trim().is_empty() {
        "Not recorded"
    } else {
        &round.proposal.reasons
    }));
    blocks.push(heading(2, "Evidence for the decision"));
    let evidence = evidence_lines(&round.proposal.evidence);
    blocks.push(if evidence.is_empty() {
        say("None given with the decision itself; the findings below have their own.")
    } else {
        bullets(evidence)
    });
    if !round.proposal.why_not.is_empty() {
        blocks.push(heading(2, "Why a review is nevertheless not conducted"));
        for (element, words) in &round.proposal.why_not {
            let label = rules
                .element(&element.as_str().into())
                .map_or(element.as_str(), |e| e.label.as_str());
            blocks.push(named(label, words));
        }
    }
    for (slip, by, at) in &round.slips {
        blocks.push(note(format!(
            "Correction of a slip, {} by {}: where it says \u{201c}{}\u{201d} it should say \u{201c}{}\u{201d}. Finding, outcome and reasons are unchanged.",
            moment(*at),
            by.name,
            slip.stands,
            slip.should_say
        )));
    }
}

/// Earlier decisions that were reconsidered, each whole.
pub(super) fn earlier(blocks: &mut Vec<Block>, case: &Case, rules: &Rules, seats: &[NamedSeat]) {
    if case.decision.earlier.is_empty() {
        return;
    }
    blocks.push(heading(1, "Earlier decisions"));
    let whys = case
        .decision
        .earlier
        .iter()
        .skip(1)
        .chain([&case.decision.current])
        .map(|r| r.why.as_str());
    for (number, (round, why)) in case.decision.earlier.iter().zip(whys).enumerate() {
        blocks.push(heading(
            2,
            format!("Decision {}, later reconsidered", number + 1),
        ));
        blocks.push(say(sentence(round, rules)));
        blocks.push(named("Why it was reconsidered", why));
        blocks.push(Block::Facts(round_rows(round, rules)));
        super::signatures::signature_table(blocks, round, rules, seats);
        let mut rest = Vec::new();
        disagreement(&mut rest, round, rules, seats);
        self::why(&mut rest, round, rules);
        blocks.extend(rest.into_iter().map(deeper));
    }
}

/// A heading two levels further down, inside an earlier decision.
fn deeper(block: Block) -> Block {
    match block {
        Block::Heading { level, text } => Block::Heading {
            level: level + 2,
            text,
        },
        other => other,
    }
}
