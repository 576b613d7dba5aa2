//! The clocks of a case: who owes what to whom, how the day was worked out, where it stands, and where it is written.

use cases::Clock;
use cases::clocks::ClockState;

use crate::document::{Block, Text};
use crate::pieces::{bullets, count, heading, say, source_words, table};

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
            vec![
                Text::plain(clock.title.clone()),
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
        &[6, 6, 7, 5],
        rows,
    ));
    let sources: Vec<String> = clocks.iter().filter_map(written).collect();
    if !sources.is_empty() {
        blocks.push(say(
            "Where each clock is written, and how it is read where readings differ:",
        ));
        blocks.push(bullets(sources));
    }
}

/// Where a clock is written; none for a day somebody set.
fn written(clock: &Clock) -> Option<String> {
    let source = clock.source.as_ref()?;
    let words = clock.standing.as_ref().map_or_else(
        || source.to_string(),
        |standing| source_words(source, standing),
    );
    Some(format!("{}: {words}", clock.title))
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
