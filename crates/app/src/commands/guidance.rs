//! `candour guidance`: the packs, one of them in full, checking a file, and what changed between two editions.

use std::path::PathBuf;

use clap::Subcommand;
use guidance::{Library, check, diff};
use serde_json::json;

use super::{Stop, print_json, read};

/// What can be asked.
#[derive(Debug, Subcommand)]
pub enum GuidanceCommand {
    /// List the packs.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show an edition.
    Show {
        /// Pack id or composite id.
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check a pack file.
    Check {
        /// The file.
        file: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// What changed between two editions, element by element.
    Diff {
        /// The earlier one.
        a: String,
        /// The later one.
        b: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub fn run(command: GuidanceCommand) -> Result<(), Stop> {
    let library = Library::embedded().map_err(|e| Stop::Failed(e.to_string()))?;
    let rules = |id: &str| library.rules(id).map_err(|e| Stop::BadInput(e.to_string()));
    match command {
        GuidanceCommand::List { json } => {
            let packs = library.packs();
            if json {
                let list: Vec<_> = packs
                    .iter()
                    .map(|p| json!({"id": p.id, "title": p.title, "kind": p.kind.words(), "from": p.in_force.from, "until": p.in_force.until}))
                    .collect();
                return print_json(&list);
            }
            for p in packs {
                say!(
                    "{:<24} {:<10} {}  {}",
                    p.id.as_str(),
                    p.kind.words(),
                    p.in_force.words(),
                    p.title
                );
            }
            Ok(())
        }
        GuidanceCommand::Show { id, json } => {
            let rules = rules(&id)?;
            if json {
                return print_json(&*rules);
            }
            say!("{} ({})", rules.title, rules.id);
            for element in rules.elements() {
                say!(
                    "\n{}: {}\n  {}\n  {} ({})",
                    element.id,
                    element.label,
                    element.question,
                    element.source,
                    element.standing.words()
                );
            }
            say!();
            for clock in &rules.clocks {
                say!(
                    "clock {}: {} from {}; {} ({})",
                    clock.id,
                    clock.length,
                    rules.trigger(&clock.trigger),
                    clock.source,
                    clock.standing.words()
                );
            }
            for said in &rules.statements {
                say!(
                    "statement {}: {} {} ({})",
                    said.id,
                    said.text,
                    said.source,
                    said.standing.words()
                );
            }
            Ok(())
        }
        GuidanceCommand::Check { file, json } => {
            let text = read(&file)?;
            let name = file.display().to_string();
            let checked = check(&name, &text).map(|p| p.title).and_then(|title| {
                // A pack has to stand beside the others, too; one that is already shipped is checked as it is.
                match Library::embedded().map(|l| {
                    l.packs()
                        .iter()
                        .any(|p| text.contains(&format!("id = \"{}\"", p.id)))
                }) {
                    Ok(false) => Library::embedded()
                        .and_then(|l| l.with(vec![(name.clone(), text.clone())]))
                        .map(|_| title)
                        .map_err(|e| match e {
                            guidance::GuidanceError::Wrong(wrong) => wrong,
                            other => vec![guidance::Wrong {
                                file: name.clone(),
                                line: 1,
                                key: String::new(),
                                expected: other.to_string(),
                            }],
                        }),
                    _ => Ok(title),
                }
            });
            match checked {
                Ok(title) if json => {
                    print_json(&json!({"file": name, "title": title, "wrong": []}))
                }
                Ok(title) => {
                    say!("{name}: {title}: right");
                    Ok(())
                }
                Err(wrong) => {
                    if json {
                        let list: Vec<_> = wrong.iter().map(|w| json!({"file": w.file, "line": w.line, "key": w.key, "expected": w.expected})).collect();
                        print_json(&json!({"file": name, "wrong": list}))?;
                        return Err(Stop::Failed(String::new()));
                    }
                    Err(Stop::Failed(
                        wrong
                            .iter()
                            .map(ToString::to_string)
                            .collect::<Vec<_>>()
                            .join("\n"),
                    ))
                }
            }
        }
        GuidanceCommand::Diff { a, b, json } => {
            let changes = diff(&*rules(&a)?, &*rules(&b)?);
            if json {
                return print_json(&changes);
            }
            for change in &changes {
                say!("{change}");
            }
            say!("{} changes", changes.len());
            Ok(())
        }
    }
}
