//! `candour clocks`: the clocks of an edition from the days of its triggers, with every day skipped and why.

use std::collections::BTreeMap;

use calendar::{Date, Holidays, Skipped};
use clap::Args;
use guidance::Library;
use serde::Serialize;

use super::{Stop, print_json};

/// What the command takes.
#[derive(Debug, Args)]
pub struct ClocksArgs {
    /// The edition, by pack id or composite id.
    #[arg(long, value_name = "ID")]
    edition: String,
    /// A trigger and its day, like `aware=2026-12-18`; several are possible.
    #[arg(long = "event", value_name = "NAME=DATE", required = true)]
    events: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    clock: String,
    title: String,
    start: Date,
    due: Option<Date>,
    length: String,
    skipped: Vec<Skipped>,
    owed_by: String,
    owed_to: Vec<String>,
    source: String,
    standing: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    readings: Vec<String>,
}

/// Runs the command.
pub fn clocks(args: &ClocksArgs) -> Result<(), Stop> {
    let library = Library::embedded().map_err(|e| Stop::Failed(e.to_string()))?;
    let rules = library
        .rules(&args.edition)
        .map_err(|e| Stop::BadInput(e.to_string()))?;
    let mut days: BTreeMap<&str, Date> = BTreeMap::new();
    let known: Vec<&str> = rules.triggers.keys().map(|t| t.as_str()).collect();
    for event in &args.events {
        let (name, day) = event.split_once('=').ok_or_else(|| {
            Stop::BadInput(format!(
                "`{event}`: give a trigger and its day, like aware=2026-12-18"
            ))
        })?;
        if !known.contains(&name) {
            return Err(Stop::BadInput(format!(
                "`{name}` is no trigger of this edition; there are: {}",
                known.join(", ")
            )));
        }
        days.insert(
            name,
            calendar::words::parse_day(day).map_err(Stop::BadInput)?,
        );
    }
    let mut rows = Vec::new();
    for rule in &rules.clocks {
        let Some(start) = days.get(rule.trigger.as_str()).copied() else {
            continue;
        };
        let worked = cases::clocks::by_rule(rule, start, Holidays::embedded())
            .map_err(|e| Stop::BadInput(format!("{}: {e}", rule.id)))?;
        rows.push(Row {
            clock: rule.id.to_string(),
            title: rule.title.clone(),
            start,
            due: worked.due,
            length: rule.length.to_string(),
            skipped: worked.skipped,
            owed_by: rule.owed_by.clone(),
            owed_to: rule.owed_to.clone(),
            source: rule.source.to_string(),
            standing: rule.standing.words().to_owned(),
            readings: rule
                .standing
                .readings()
                .iter()
                .map(|r| format!("{} ({})", r.text, r.source))
                .collect(),
        });
    }
    if args.json {
        return print_json(&rows);
    }
    say!("{}", rules.title);
    for row in rows {
        let due = row
            .due
            .map_or_else(|| "no day".to_owned(), calendar::words::long);
        say!(
            "\n{} ({})\n  {}: {} from {}",
            row.clock,
            row.title,
            due,
            row.length,
            calendar::words::long(row.start)
        );
        for s in &row.skipped {
            say!(
                "  not counted: {}, {}",
                calendar::words::long(s.date),
                s.why.words()
            );
        }
        say!("  owed by {} to {}", row.owed_by, row.owed_to.join(", "));
        say!("  {} ({})", row.source, row.standing);
        for reading in &row.readings {
            say!("    reading: {reading}");
        }
    }
    Ok(())
}
