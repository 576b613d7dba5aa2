//! `candour assess`: a case file against an edition, without a record: what is found, what is missing, whether it can be signed.

use std::path::PathBuf;
use std::sync::Arc;

use calendar::{Date, Holidays};
use cases::case_file::CaseFile;
use cases::{By, Case, Context, Editions, Recorded, Refusal};
use clap::Args;
use guidance::{Element, Library, Rules};
use serde_json::{Value, json};

use super::{Stop, print_json, read};

/// What the command takes.
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// The case file.
    file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// The day on which it is assessed; today when left out.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

struct Packs {
    library: Library,
}

impl Editions for Packs {
    fn on(&self, day: Date) -> Option<Arc<Rules>> {
        self.library.on(day, None).ok()
    }
    fn by_id(&self, id: &str) -> Option<Arc<Rules>> {
        self.library.rules(id).ok()
    }
    fn holidays(&self) -> &Holidays {
        Holidays::embedded()
    }
}

/// The case as the file tells it; what is refused is listed, never dropped silently.
fn fold(
    file: &CaseFile,
    rules: &Arc<Rules>,
    today: Date,
    now: jiff::Timestamp,
) -> (Case, Vec<String>) {
    if !file.entries.is_empty() {
        let story = file.entries.iter().cloned().map(Arc::new).collect();
        return (Case::fold("file", story), Vec::new());
    }
    let by = By {
        person: "file".into(),
        name: "the case file".into(),
        part: "case file".into(),
        partner: None,
    };
    let seats: Vec<cases::context::NamedSeat> = rules
        .partners
        .iter()
        .map(|p| cases::context::NamedSeat {
            seat: cases::Seat {
                partner: p.id.to_string(),
                body: p.id.to_string(),
            },
            partner: p.label.clone(),
            body: p.label.clone(),
        })
        .collect();
    let mut case = Case {
        id: "file".into(),
        ..Case::default()
    };
    let mut refused = Vec::new();
    let opening = cases::incident::Opening {
        reference: if file.reference.is_empty() {
            "case file".into()
        } else {
            file.reference.clone()
        },
        old_reference: None,
        danger: cases::incident::Danger::NotKnown,
        danger_action: String::new(),
        heard_on: None,
        under_way: true,
        edition: rules.id.clone(),
    };
    let open = cases::Command::Incident(cases::incident::Command::Open(opening));
    for (n, command) in std::iter::once(open).chain(file.commands()).enumerate() {
        let fresh = format!("new-{n}");
        let ctx = Context {
            now,
            today,
            by: &by,
            manages: true,
            rules,
            fresh: &fresh,
            seats: &seats,
            authorities: &[],
        };
        match cases::decide(&case, command, &ctx) {
            Ok(decided) => {
                for one in decided {
                    let number = case.version() + 1;
                    let recorded = Recorded {
                        number,
                        at: now,
                        by: by.clone(),
                        edition: rules.id.clone(),
                        event: one.event,
                        missing: one.missing,
                        imported: None,
                        pasted: Vec::new(),
                    };
                    case.push(Arc::new(recorded));
                }
            }
            Err(Refusal::ToCorrect(wrong)) => {
                refused.extend(wrong.iter().map(|w| format!("{}: {}", w.field, w.message)))
            }
            Err(other) => refused.push(other.to_string()),
        }
    }
    (case, refused)
}

fn element(case: &Case, element: &Element) -> Value {
    json!({
        "id": element.id,
        "label": element.label,
        "state": case.consideration.words(element).unwrap_or_else(|| "not considered".into()),
        "finding": case.consideration.of(element.id.as_str()).map(|c| c.finding.finding.clone()),
        "evidence": case.consideration.of(element.id.as_str()).map_or(0, |c| c.finding.evidence.len()),
        "source": element.source.to_string(),
        "standing": element.standing.words(),
    })
}

fn missing(list: &[cases::Missing]) -> Vec<Value> {
    list.iter()
        .map(|m| json!({"what": m.what, "source": m.source, "place": m.place}))
        .collect()
}

/// Runs the command.
pub fn assess(args: &AssessArgs) -> Result<(), Stop> {
    let name = args.file.display();
    let file =
        CaseFile::parse(&read(&args.file)?).map_err(|e| Stop::BadInput(format!("{name}: {e}")))?;
    let clock = desk::Clock::real();
    let today = match &args.on {
        Some(text) => calendar::words::parse_day(text).map_err(Stop::BadInput)?,
        None => clock.today(),
    };
    let packs = Packs {
        library: Library::embedded().map_err(|e| Stop::Failed(e.to_string()))?,
    };
    let rules = if file.edition.is_empty() {
        packs.library.on(today, None)
    } else {
        packs.library.rules(&file.edition)
    };
    let rules = rules.map_err(|e| Stop::BadInput(format!("{name}: `edition`: {e}")))?;
    let (case, refused) = fold(&file, &rules, today, clock.end_of(today));
    let outcome = case.definition.case_outcome(&case, &rules);
    let mut limbs = Vec::new();
    for child in case.people.subjects() {
        for limb in &rules.definition.limbs {
            let test = case.definition.test(&child.id, limb.element.id.as_str());
            let state = test.map_or("not tested", |t| {
                limb.element
                    .finding(&t.test.finding)
                    .map_or(t.test.finding.as_str(), |f| f.label.as_str())
            });
            limbs.push(json!({
                "child": child.pseudonym, "id": limb.element.id, "label": limb.element.label, "state": state,
                "needed": test.map(|t| t.test.needed.clone()).filter(|n| !n.is_empty()),
                "source": limb.element.source.to_string(), "standing": limb.element.standing.words(),
            }));
        }
    }
    let gaps = cases::decision::missing(&case, &rules);
    let family = cases::family::missing(&case, &rules);
    let clocks = cases::clocks::clocks(&case, &packs, &rules, today);
    let can_sign = gaps.is_empty() && refused.is_empty();
    let value = json!({
        "edition": rules.id,
        "definition": {"outcome": outcome.words(), "limbs": limbs},
        "criteria": rules.criteria.iter().map(|e| element(&case, e)).collect::<Vec<_>>(),
        "circumstances": rules.circumstances.iter().map(|e| element(&case, e)).collect::<Vec<_>>(),
        "questions": rules.questions.iter().map(|e| element(&case, e)).collect::<Vec<_>>(),
        "decision": {"can_sign": can_sign, "missing": missing(&gaps)},
        "family": {"missing": missing(&family)},
        "clocks": clocks,
        "refused": refused,
    });
    if args.json {
        print_json(&value)?;
    } else {
        in_words(&case, &rules, &value, today);
    }
    if can_sign {
        Ok(())
    } else {
        Err(Stop::Missing(if args.json {
            String::new()
        } else {
            "the decision cannot be signed yet".into()
        }))
    }
}

fn in_words(case: &Case, rules: &Rules, value: &Value, today: Date) {
    let text = |v: &Value, key: &str| {
        v.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let list = |v: &Value, key: &str| {
        v.get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    say!(
        "{}: {}\n{} ({})",
        case.reference(),
        case.about(today),
        rules.title,
        rules.id
    );
    say!("\nDefinition: {}", text(&value["definition"], "outcome"));
    for limb in list(&value["definition"], "limbs") {
        say!(
            "  {}: {}: {}",
            text(&limb, "child"),
            text(&limb, "label"),
            text(&limb, "state")
        );
    }
    for (title, key) in [
        ("Criteria", "criteria"),
        ("Circumstances", "circumstances"),
        ("Also asked", "questions"),
    ] {
        say!("\n{title}");
        for e in list(value, key) {
            say!("  {}: {}", text(&e, "label"), text(&e, "state"));
        }
    }
    for (title, part) in [
        ("Before the decision can be signed", "decision"),
        ("For the child and the family", "family"),
    ] {
        let missing = list(&value[part], "missing");
        if !missing.is_empty() {
            say!("\n{title}");
        }
        for m in missing {
            let source = text(&m, "source");
            say!(
                "  {}{}",
                text(&m, "what"),
                if source.is_empty() {
                    String::new()
                } else {
                    format!(" ({source})")
                }
            );
        }
    }
    say!("\nClocks");
    for clock in list(value, "clocks") {
        let due = clock
            .get("due")
            .and_then(Value::as_str)
            .and_then(|d| d.parse::<Date>().ok())
            .map_or_else(|| "no day".to_owned(), calendar::words::long);
        say!(
            "  {}: {} ({})",
            text(&clock, "title"),
            due,
            text(&clock, "state").replace('-', " ")
        );
    }
    for refused in list(value, "refused") {
        say!(
            "\nNot taken from the file: {}",
            refused.as_str().unwrap_or_default()
        );
    }
}
