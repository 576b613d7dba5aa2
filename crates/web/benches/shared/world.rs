//! What the benchmarks of the pages share: an invented partnership, its cases, and how much memory a process holds.

use cases::Recorded;
use cases::case_file::CaseFile;
use desk::Actor;

/// Entries of each case.
pub const EVENTS: usize = 200;

/// The settings of an invented partnership.
pub const SETTINGS: &str = r#"name = "Benchshire Safeguarding Children Partnership"
short = "BEN"
area = "Benchshire"
[front-door]
front-door = "01632 960001"
out-of-hours = "01632 960002"
emergency = "999"
[[partners]]
id = "local-authority"
[[partners.bodies]]
id = "council"
name = "Benchshire Council"
[[partners]]
id = "health"
[[partners.bodies]]
id = "icb"
name = "NHS Benchshire Integrated Care Board"
[[partners]]
id = "police"
[[partners.bodies]]
id = "police"
name = "Benchshire Police"
"#;

/// A number from the environment.
pub fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(usual)
}

/// Resident memory of a process in MiB.
pub fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|l| {
            l.strip_prefix("VmRSS:")?
                .trim()
                .strip_suffix("kB")?
                .trim()
                .parse::<u64>()
                .ok()
        })
        .unwrap_or(0)
        / 1024
}

/// A case of 200 events in the middle of its consideration.
pub fn case_file(n: usize, actor: &Actor) -> CaseFile {
    let by = actor.by();
    let now = jiff::Timestamp::now();
    let recorded = |event: cases::Event| Recorded {
        number: 0,
        at: now,
        by: by.clone(),
        edition: String::new(),
        event,
        missing: Vec::new(),
        imported: None,
        pasted: Vec::new(),
    };
    let text = "Two services recorded missed appointments as no answer, and neither told the other for five weeks; the move between the areas was known to one of them only.";
    let child = cases::people::Child {
        id: "child".into(),
        pseudonym: "Child Q".into(),
        parts: vec![cases::people::Part::Subject],
        birth: cases::people::Birth::On {
            on: jiff::civil::date(2025, 3, 1),
        },
        ..Default::default()
    };
    let mut entries = vec![
        recorded(cases::people::Event::ChildRecorded(child).into()),
        recorded(
            cases::incident::Event::AwarenessRecorded(cases::incident::Awareness {
                who: "Emergency duty team".into(),
                on: jiff::civil::date(2026, 11, 2).into(),
                time: String::new(),
                how: String::new(),
                why_corrected: String::new(),
            })
            .into(),
        ),
    ];
    let elements = [
        "improvements",
        "recurrent-themes",
        "working-together",
        "panel-conclusion",
        "single-agency",
        "no-agency",
        "several-areas",
        "institutional",
    ];
    while entries.len() < EVENTS - 2 {
        let at = entries.len();
        let element = elements[at % elements.len()];
        let finding = if element == "panel-conclusion" {
            "not-yet-considered"
        } else {
            "may"
        };
        entries.push(recorded(
            cases::consideration::Event::ElementConsidered(cases::consideration::Finding {
                element: element.into(),
                finding: finding.into(),
                reasons: format!("{text} ({n}.{at})"),
                evidence: vec![cases::Evidence::Statement {
                    text: "No access visit, third in five weeks.".into(),
                    source: "Health visiting record, 4 March".into(),
                }],
                considered_by: cases::ConsideredBy {
                    partners: vec!["health".into(), "police".into()],
                    ..Default::default()
                },
                partners: Vec::new(),
                agreed: true,
                missing: String::new(),
                why_without: String::new(),
                look_again: None,
            })
            .into(),
        ));
    }
    CaseFile {
        format: cases::case_file::FORMAT.into(),
        entries,
        ..CaseFile::default()
    }
}
