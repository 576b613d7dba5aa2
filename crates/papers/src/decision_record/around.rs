//! What stands around the decision: what happened and was sent, the editions,
//! the history, and the state of the record by which this paper can be checked.

use cases::Case;
use guidance::{Rules, Standing};

use super::{HistoryLine, RecordState};
use crate::document::{Block, Text};
use crate::pieces::{
    bullets, day, fact, facts_of, heading, moment, named, partner, recorded_afterwards, say, table,
};

/// The incident, the notification and the rapid review, as far as they are known.
pub(super) fn what_happened(blocks: &mut Vec<Block>, case: &Case, rules: &Rules) {
    blocks.push(heading(1, "What happened and what was sent"));
    let facts = &case.incident.facts;
    let awareness = case.incident.awareness.as_ref();
    let aware = awareness.map_or_else(
        || "not yet known".to_owned(),
        |a| {
            let rest: Vec<&str> = [a.time.as_str(), a.who.as_str(), a.how.as_str()]
                .into_iter()
                .filter(|w| !w.is_empty())
                .collect();
            if rest.is_empty() {
                day(a.on)
            } else {
                format!("{}; {}", day(a.on), rest.join("; "))
            }
        },
    );
    let mut rows = vec![
        fact("What is known", facts.summary.clone()),
        fact(
            "Happened on",
            [day(facts.happened_on), facts.time.clone()]
                .into_iter()
                .filter(|w| !w.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
        ),
        fact("The authority became aware", aware),
    ];
    rows.extend(places(case));
    if let Some(decision) = &case.notification.decision {
        let what = if decision.notify {
            "To notify"
        } else {
            "Not to notify"
        };
        rows.push(fact(
            "Whether to notify",
            format!(
                "{what}, decided by {} on {}. {}",
                decision.who,
                day(decision.on),
                decision.reasons
            ),
        ));
        let views: Vec<String> = decision
            .partners
            .iter()
            .map(|p| format!("{}: {}", partner(rules, &p.partner), p.view))
            .collect();
        if !views.is_empty() {
            rows.push(facts_of("Each partner\u{2019}s view on notifying", views));
        }
    }
    let sent = case.notification.sent.iter().map(|s| {
        let kind = rules
            .notification(&s.kind)
            .map_or(s.kind.as_str(), |k| k.label.as_str());
        let by = if s.by_whom.is_empty() {
            String::new()
        } else {
            format!(" by {}", s.by_whom)
        };
        let reference = if s.reference.is_empty() {
            String::new()
        } else {
            format!(", reference {}", s.reference)
        };
        format!(
            "{kind}, sent on {}{by}{reference}",
            calendar::words::long(s.on)
        )
    });
    rows.push(facts_of("Notification", sent.collect()));
    for found in &case.notification.findings {
        rows.push(fact(
            "Later found not to meet the criteria for notifying",
            format!(
                "{} by {}. {}",
                calendar::words::long(found.on),
                found.by_whom,
                found.reasons
            ),
        ));
    }
    let review = &case.rapid_review;
    let meetings = review.meetings.iter().map(|m| {
        let what = if m.planned { "Planned for" } else { "Met on" };
        let present = if m.present.is_empty() {
            String::new()
        } else {
            format!(
                ". Present: {}",
                m.present.lines().collect::<Vec<_>>().join("; ")
            )
        };
        format!("{what} {}{present}", calendar::words::long(m.on))
    });
    let reports = review
        .reports
        .iter()
        .map(|r| format!("Sent to {} on {}", r.to, calendar::words::long(r.on)));
    rows.push(facts_of("Rapid review", meetings.chain(reports).collect()));
    let interests: Vec<String> = case.interests.list.iter().map(|i| i.line()).collect();
    if !interests.is_empty() {
        rows.push(facts_of("Interests declared", interests));
    }
    rows.push(facts_of(
        "The Panel\u{2019}s answer",
        review
            .answers
            .iter()
            .map(|a| {
                format!(
                    "{}: it {}. {}",
                    calendar::words::long(a.on),
                    a.answer.words(),
                    a.words
                )
            })
            .collect(),
    ));
    let beside: Vec<String> = case.parallel.list.iter().map(beside).collect();
    if !beside.is_empty() {
        rows.push(facts_of("Other processes", beside));
    }
    blocks.push(Block::Facts(rows));
}

/// Setting, other areas, who leads, agencies, and how the case stands with others.
fn places(case: &Case) -> Vec<(String, Vec<Text>)> {
    let facts = &case.incident.facts;
    let mut rows = Vec::new();
    if facts.no_setting {
        rows.push(fact(
            "Institutional setting",
            "none, as the authority has said",
        ));
    } else if !facts.setting_kind.is_empty() || !facts.setting_name.is_empty() {
        rows.push(fact(
            "Institutional setting",
            with(&facts.setting_kind, &facts.setting_name),
        ));
    }
    let areas: Vec<String> = case
        .incident
        .areas
        .iter()
        .map(|a| with(&a.name, &a.why))
        .collect();
    if !areas.is_empty() {
        rows.push(facts_of("Other areas", areas));
    }
    if let Some(lead) = &case.incident.lead {
        let agreed = if lead.agreed_by.is_empty() {
            String::new()
        } else {
            format!(" Agreed by {}.", lead.agreed_by)
        };
        rows.push(fact(
            "Leads by agreement",
            format!("{}. {}{agreed}", lead.area, lead.reasons),
        ));
    }
    let agencies: Vec<String> = case
        .agencies
        .list
        .iter()
        .map(|a| with(&a.name, &a.involvement))
        .collect();
    if !agencies.is_empty() {
        rows.push(facts_of("Agencies", agencies));
    }
    let links = case
        .closing
        .links
        .iter()
        .map(|(to, why)| format!("Linked with {to}: {why}"));
    let splits = case
        .closing
        .splits
        .iter()
        .map(|(to, _, why)| format!("Split, with {to}: {why}"));
    let others: Vec<String> = links.chain(splits).collect();
    if !others.is_empty() {
        rows.push(facts_of("Other cases", others));
    }
    if let Some(closed) = &case.closing.closed {
        rows.push(fact("Closed", with(closed.reason.words(), &closed.words)));
    }
    rows
}

fn with(name: &str, more: &str) -> String {
    [name, more]
        .into_iter()
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(": ")
}

fn beside(process: &cases::parallel::Process) -> String {
    let mut words = with(&process.kind, &process.status);
    if !process.restriction.is_empty() {
        let by = if process.agreed_by.is_empty() {
            String::new()
        } else {
            format!(", agreed by {}", process.agreed_by)
        };
        let again = process.look_again.map_or_else(String::new, |d| {
            format!(", to be looked at again on {}", calendar::words::long(d))
        });
        words.push_str(&format!(". Holds up: {}{by}{again}", process.restriction));
    }
    words
}

/// Which rules were applied, what may be trusted how far, and who said which edition applies.
pub(super) fn editions(blocks: &mut Vec<Block>, case: &Case, rules: &Rules) {
    blocks.push(heading(1, "The rules applied"));
    blocks.push(say(format!("{} ({})", rules.title, rules.id)));
    let packs = rules.packs.iter().map(|p| {
        let until = p.in_force.until.map_or_else(String::new, |u| {
            format!(" until {}", calendar::words::short(u))
        });
        format!(
            "{}, in force from {}{until}",
            p.title,
            calendar::words::short(p.in_force.from)
        )
    });
    blocks.push(bullets(packs));
    for choice in &case.editions {
        blocks.push(named(
            "Which edition applies to what had begun",
            &format!(
                "{}, recorded by {} on {}. {}",
                choice.edition,
                choice.by.name,
                moment(choice.at),
                choice.why
            ),
        ));
    }
    let unsure: Vec<String> = rules
        .considered()
        .chain(&rules.questions)
        .chain(rules.definition.limbs.iter().map(|l| &l.element))
        .filter(|e| e.standing != Standing::ReadInSource)
        .map(|e| format!("{}: {}", e.label, e.standing.words()))
        .collect();
    if unsure.is_empty() {
        blocks.push(say(
            "Each criterion, circumstance and limb was read in its source.",
        ));
    } else {
        blocks.push(say("All others were read in their source. These were not, or are read in more than one way:"));
        blocks.push(bullets(unsure));
    }
}

/// Every entry in order: who, when, what; what was late or wrong is marked.
pub(super) fn history(blocks: &mut Vec<Block>, history: &[HistoryLine]) {
    blocks.push(heading(1, "History"));
    blocks.push(say("Every entry of this case in the order in which it was recorded. The full words of each stand in the record."));
    let rows = history
        .iter()
        .map(|entry| {
            let mut said = entry.line.said.clone();
            if let Some(first) = said.get(..1) {
                said = format!("{}{}", first.to_uppercase(), &said[1..]);
            }
            if let Some(why) = &entry.line.in_error {
                said.push_str(&format!(
                    ". Marked as made in error: {}",
                    if entry.line.hidden {
                        "the reason is not shown here"
                    } else {
                        why
                    }
                ));
            }
            if !entry.missing.is_empty() {
                said.push_str(&format!(
                    ". {}",
                    recorded_afterwards(&entry.by, &entry.missing)
                ));
            }
            if let Some(imported) = &entry.imported {
                said.push_str(&format!(
                    ". Brought in from another record by {}, {}",
                    imported.by.name,
                    moment(imported.at)
                ));
            }
            vec![
                Text::plain(entry.line.number.to_string()),
                Text::plain(entry.at.clone()),
                Text::plain(entry.by.clone()),
                Text::plain(said),
            ]
        })
        .collect();
    blocks.push(table(
        "",
        &["Entry", "When", "Who", "What"],
        &[3, 5, 6, 11],
        rows,
    ));
}

/// The position and hash by which the paper can be compared with the record.
pub(super) fn state(blocks: &mut Vec<Block>, case: &Case, state: &RecordState) {
    blocks.push(heading(1, "State of the record"));
    blocks.push(say("This paper was made from the record as it stood at this position. Anyone who holds the record can compare the hash: if it is the same, nothing before it was altered, dropped or reordered."));
    blocks.push(Block::Facts(vec![
        fact("Made", state.made.clone()),
        fact("Newest entry of this case", case.version().to_string()),
        fact("Position in the log", state.position.to_string()),
        fact("Hash", state.hash.clone()),
    ]));
    checkpoint(blocks, state);
}

/// The checkpoint that covers the decision: what somebody outside holds as well.
fn checkpoint(blocks: &mut Vec<Block>, state: &RecordState) {
    blocks.push(heading(2, "The checkpoint that covers the decision"));
    let Some(position) = state.decided_at else {
        blocks.push(say(
            "There is no complete decision yet. A checkpoint is made when there is.",
        ));
        return;
    };
    let Some(covering) = &state.checkpoint else {
        blocks.push(say(format!(
            "No checkpoint yet covers this: the decision is entry {position} of the log, and none was made since."
        )));
        return;
    };
    blocks.push(say("A checkpoint is the number of entries and the root over all of them, signed by the log. Witnesses outside the partnership\u{2019}s server hold the same text: if what they hold is what stands here, this decision was in the record then as it is now."));
    let mut rows = vec![
        fact("Entry that completed the decision", position.to_string()),
        fact("Entries covered", covering.size.to_string()),
        fact("Root", covering.root.clone()),
        fact("Made", covering.made.clone()),
    ];
    rows.push(facts_of("Key of the log", covering.keys.clone()));
    blocks.push(Block::Facts(rows));
    blocks.push(say("The signed text, letter by letter:"));
    blocks.push(Block::Verbatim(covering.note.clone()));
}
