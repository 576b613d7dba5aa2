//! What stands around the decision: what happened and was sent, the clocks and how they were worked out, the editions,
//! the history, and the state of the record by which this paper can be checked.

use cases::clocks::ClockState;
use cases::{Case, Clock};
use guidance::{Rules, Standing};

use super::{HistoryLine, RecordState};
use crate::document::{Block, Text};
use crate::pieces::{
    bullets, count, day, fact, facts_of, heading, moment, named, partner, recorded_afterwards, say,
    source_words, table,
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
    if let Some(found) = &case.notification.found_not_met {
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
    let beside: Vec<String> = case
        .parallel
        .list
        .iter()
        .map(|p| {
            if p.status.is_empty() {
                p.kind.clone()
            } else {
                format!("{}: {}", p.kind, p.status)
            }
        })
        .collect();
    if !beside.is_empty() {
        rows.push(facts_of("Other processes", beside));
    }
    blocks.push(Block::Facts(rows));
}

/// Each clock with what started it, how it was worked out, and where it stands.
pub(super) fn clocks(blocks: &mut Vec<Block>, clocks: &[Clock]) {
    blocks.push(heading(1, "Clocks"));
    if clocks.is_empty() {
        blocks.push(say("No clock of these rules runs in this case."));
        return;
    }
    let rows = clocks
        .iter()
        .map(|clock| {
            let owed = if clock.owed_to.is_empty() {
                clock.owed_by.clone()
            } else {
                format!("{} to {}", clock.owed_by, clock.owed_to.join(", "))
            };
            let source = match (&clock.source, &clock.standing) {
                (Some(source), Some(standing)) => source_words(source, standing),
                (Some(source), None) => source.to_string(),
                _ => String::new(),
            };
            vec![
                Text(vec![
                    crate::Run::strong(clock.title.clone()),
                    crate::Run::plain(format!("\n{source}")),
                ]),
                Text::plain(owed),
                Text::plain(worked(clock)),
                Text::plain(state_words(clock)),
            ]
        })
        .collect();
    blocks.push(table(
        "",
        &[
            "What is owed",
            "By whom to whom",
            "How it was worked out",
            "Where it stands",
        ],
        &[6, 5, 7, 5],
        rows,
    ));
}

fn worked(clock: &Clock) -> String {
    let Some(worked) = &clock.worked else {
        return clock
            .problem
            .clone()
            .unwrap_or_else(|| format!("Starts with {}", clock.started_by));
    };
    let assumed = if clock.assumed {
        " (an assumption)"
    } else {
        ""
    };
    let skipped: Vec<String> = worked
        .skipped
        .iter()
        .filter(|s| {
            !matches!(
                s.why,
                calendar::WhySkipped::Saturday | calendar::WhySkipped::Sunday
            )
        })
        .map(|s| format!("{}, {}", calendar::words::short(s.date), s.why.words()))
        .collect();
    let weekend = worked.skipped.len() - skipped.len();
    let mut words = format!(
        "{} from {}, {}{assumed}; {}",
        worked.length,
        calendar::words::short(worked.start),
        clock.started_by,
        worked.day_zero.words()
    );
    if weekend > 0 || !skipped.is_empty() {
        let weekend = (weekend > 0).then(|| count(weekend, "weekend day", "weekend days"));
        words.push_str(&format!(
            ". Skipped: {}",
            weekend
                .into_iter()
                .chain(skipped)
                .collect::<Vec<_>>()
                .join("; ")
        ));
    }
    if !clock.earlier_starts.is_empty() {
        let earlier: Vec<String> = clock
            .earlier_starts
            .iter()
            .map(|d| calendar::words::short(*d))
            .collect();
        words.push_str(&format!(
            ". Earlier start, since corrected: {}",
            earlier.join(", ")
        ));
    }
    words
}

fn state_words(clock: &Clock) -> String {
    let due = clock.due.map_or_else(
        || "no day is set".to_owned(),
        |d| format!("due {}", calendar::words::short(d)),
    );
    let done = clock.done.map_or_else(String::new, |d| {
        format!(", done {}", calendar::words::short(d))
    });
    let words = match clock.state {
        ClockState::CannotBeWorkedOut => "Cannot be worked out yet".to_owned(),
        ClockState::Running => format!("Running, {due}"),
        ClockState::Late => format!("Late, {due}"),
        ClockState::Done => format!("Done in time, {due}{done}"),
        ClockState::DoneLate => format!("Done late, {due}{done}"),
    };
    match &clock.late_reason {
        Some(why) => format!("{words}. Why it was late: {why}"),
        None => words,
    }
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
}
