//! What the papers say: no name of a child or an adult, every element of the rules, who signed on what authority,
//! what was not known, and letters in words a grieving person can read.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

#[path = "content/sample.rs"]
mod sample;

use cases::family::{Letter, LetterKind};
use guidance::{Element, Rules};
use jiff::civil::date;
use papers::blank_forms::{
    ViewsFormData, consideration_form, definition_form, partner_form, views_form,
};
use papers::letters::{LetterData, Told, letter_document, suggested_text, to_fill_in};
use papers::matrix::matrix;
use papers::{Block, Document, docx, pdf};

use sample::{NAMES, case, history, record, rules, seats, state};

/// Every word of a paper, in reading order.
fn words(paper: &Document) -> String {
    let value = serde_json::to_value(paper).expect("a paper as JSON");
    let mut out = String::new();
    collect(&value, &mut out);
    out
}

fn collect(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        serde_json::Value::Array(items) => items.iter().for_each(|v| collect(v, out)),
        serde_json::Value::Object(map) => map.values().for_each(|v| collect(v, out)),
        _ => {}
    }
}

#[track_caller]
fn says(paper: &Document, expected: &str) {
    assert!(
        words(paper).contains(expected),
        "`{}` does not say `{expected}`",
        paper.title
    );
}

#[track_caller]
fn holds_together(paper: &Document) {
    assert!(pdf(paper).expect("a PDF").starts_with(b"%PDF"));
    assert!(docx(paper).expect("a DOCX").starts_with(b"PK"));
}

fn everything_considered(rules: &Rules) -> impl Iterator<Item = &Element> {
    rules.considered().chain(&rules.questions)
}

fn heading(paper: &Document, text: &str) -> usize {
    paper
        .blocks
        .iter()
        .position(|b| matches!(b, Block::Heading { text: t, .. } if t == text))
        .unwrap_or_else(|| panic!("no heading `{text}`"))
}

#[test]
fn no_name_of_a_child_or_an_adult_stands_in_any_paper_about_a_case() {
    let (case, rules) = (case(), rules());
    let papers = [
        record(&case),
        matrix(&case, &rules, &seats()),
        partner_form(&case, &rules, &seats()[0]),
        consideration_form(&rules, &case, &[]),
        definition_form(&rules, &case.people.children[0]),
    ];
    for paper in &papers {
        let words = words(paper).replace("Juniper Oyelaran", "").to_lowercase();
        for name in NAMES.iter().flat_map(|n| n.split(' ')) {
            let name = name.to_lowercase();
            assert!(
                !words
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|w| w == name),
                "`{}` names `{name}`",
                paper.title
            );
        }
        assert_eq!(paper.marking, "OFFICIAL-SENSITIVE");
    }
    // The names were in the case: the record is searched for something that is there.
    assert!(
        serde_json::to_string(&case)
            .expect("JSON")
            .contains("Juniper Hartwell")
    );
    says(&papers[0], "the pseudonym or relationship instead");
}

#[test]
fn people_who_act_in_the_case_keep_their_names_though_they_share_one_with_the_family() {
    let paper = record(&case());
    says(&paper, "Juniper Oyelaran, delegate, police");
    says(&paper, "Priya Mistry");
}

#[test]
fn the_decision_record_holds_every_element_with_its_question_source_and_finding() {
    let (case, rules) = (case(), rules());
    let paper = record(&case);
    for element in
        everything_considered(&rules).chain(rules.definition.limbs.iter().map(|l| &l.element))
    {
        says(&paper, &element.label);
        says(&paper, &element.question);
        says(&paper, &element.source.to_string());
    }
    for element in rules.family.explain.iter().chain(&rules.family.principles) {
        assert!(
            words(&paper)
                .to_lowercase()
                .contains(&element.label.to_lowercase()),
            "{} is not in the record",
            element.label
        );
    }
    for pack in &rules.packs {
        says(&paper, &pack.title);
    }
    says(&paper, "disputed: read here as");
    holds_together(&paper);
}

#[test]
fn the_decision_record_is_read_from_the_decision_to_the_state_of_the_record() {
    let paper = record(&case());
    let order = [
        "The decision",
        "Views and signatures",
        "Disagreement",
        "Reasons",
        "What was considered",
        "Child and family",
        "Clocks",
        "Earlier decisions",
        "History",
        "State of the record",
    ];
    let places: Vec<usize> = order.iter().map(|h| heading(&paper, h)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_decision_record_says_who_signed_on_what_authority_and_what_was_set_aside() {
    let paper = record(&case());
    says(
        &paper,
        "deputy, from The chief executive of Merrowshire Council, from 1 April 2026",
    );
    says(
        &paper,
        "Dr Ana Silva, deputy, by e-mail on 4 December 2026; written down by Priya Mistry, business manager",
    );
    says(&paper, "Signatures set aside");
    says(
        &paper,
        "dissents. \u{201c}A review would tell the area more than we know now.\u{201d}",
    );
    says(
        &paper,
        "Recorded afterwards by Priya Mistry. Missing when it was recorded: Consider",
    );
    says(
        &paper,
        "The delegates' chief officers met and the majority view stands.",
    );
}

#[test]
fn the_decision_record_says_what_is_not_known_and_when_to_look_again() {
    let paper = record(&case());
    says(&paper, "The records of the second area have not come.");
    says(&paper, "What the first area holds is enough to decide.");
    says(&paper, "Friday 29 January 2027");
    says(&paper, "Why a review is nevertheless not conducted");
    says(
        &paper,
        "The rapid review already named these improvements and their owners.",
    );
    says(&paper, "Earlier decisions");
    says(&paper, "New records came from the health board.");
    says(&paper, "it should say \u{201c}8 November\u{201d}");
}

#[test]
fn the_decision_record_gives_the_familys_words_and_the_reason_where_none_were_sought() {
    let paper = record(&case());
    says(&paper, "She hummed when she was about to fall asleep.");
    says(
        &paper,
        "Decided on Friday 4 December 2026 by Ruth Adair, chair not to ask. Why: The police have asked that no one speaks with him before his interview.",
    );
    says(
        &paper,
        "has died: there is no informing step, letter or views question",
    );
    assert!(
        !words(&paper).contains("12 Orchard Row"),
        "a safe address belongs to the person, not to the record that is passed round"
    );
}

#[test]
fn the_decision_record_carries_its_history_and_the_state_of_the_record() {
    let case = case();
    let paper = record(&case);
    let entries = history(&case).len();
    let rows = paper.blocks.iter().filter_map(|b| match b {
        Block::Table(t) if t.head[0] == "Entry" => Some(t.rows.len()),
        _ => None,
    });
    assert_eq!(rows.collect::<Vec<_>>(), [entries]);
    says(&paper, &state().hash);
    says(&paper, "4711");
}

#[test]
fn an_entry_that_was_hidden_shows_that_it_is_there_and_not_what_it_said() {
    let before = record(&case());
    says(&before, "was found unresponsive");
    let paper = record(&sample::with_a_hidden_entry());
    assert!(!words(&paper).contains("unresponsive"));
    assert!(
        !words(&paper).contains("told in confidence"),
        "the reason may say what was hidden"
    );
    says(
        &paper,
        "Made an entry that is hidden, as it was made in error",
    );
}

#[test]
fn no_agreed_decision_on_the_due_day_is_told_with_each_view_and_what_was_sent() {
    let mut case = case();
    case.decision.current.completed = None;
    case.decision.current.not_agreed = Some(cases::decision::NotAgreed {
        on: date(2026, 12, 3),
        views: "Local authority agrees; police dissents".into(),
        sent_to_panel: "The rapid review with a note, by Priya Mistry".into(),
    });
    let paper = record(&case);
    heading(&paper, "No agreed decision on the due day");
    says(&paper, "Local authority agrees; police dissents");
    says(&paper, "The rapid review with a note, by Priya Mistry");
    says(&paper, "This decision is not complete.");
}

#[test]
fn a_decision_that_is_not_complete_says_what_is_missing() {
    let empty = cases::Case::default();
    let paper =
        papers::decision_record::decision_record(&empty, &rules(), &[], &seats(), &[], &state());
    says(&paper, "This decision is not complete.");
    says(&paper, "Answer whether a review is to be conducted");
    holds_together(&paper);
}

#[test]
fn the_matrix_has_a_row_for_each_element_and_fits_on_one_page() {
    let (case, rules) = (case(), rules());
    let paper = matrix(&case, &rules, &seats());
    let Some(Block::Table(table)) = paper.blocks.first() else {
        panic!("the matrix begins with its table")
    };
    assert_eq!(table.rows.len(), everything_considered(&rules).count());
    assert!(table.rows.iter().all(|r| r.len() == 4));
    let printed = pdf(&paper).expect("a PDF");
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    std::io::Write::write_all(&mut file, &printed).expect("written");
    let info = std::process::Command::new("pdfinfo")
        .arg(file.path())
        .output()
        .expect("pdfinfo (poppler-utils)");
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    assert!(
        info.lines()
            .any(|l| l.starts_with("Pages:") && l.trim_end().ends_with(" 1")),
        "{info}"
    );
    holds_together(&paper);
}

#[test]
fn the_partners_form_holds_the_exact_text_and_room_for_view_authority_and_signature() {
    let (mut case, rules) = (case(), rules());
    // Without a name in the text, every line of what is signed stands on the form as it is.
    case.people.children.iter_mut().for_each(|c| c.name.clear());
    case.people.adults.iter_mut().for_each(|a| a.name.clear());
    let paper = partner_form(&case, &rules, &seats()[1]);
    for line in cases::decision::text(&case, &rules)
        .lines()
        .filter(|l| !l.is_empty())
    {
        says(&paper, line);
    }
    says(&paper, &format!("entry {} of this case", case.version()));
    assert!(paper.blocks.iter().any(|b| matches!(b, Block::Tick { options, .. } if options == &["I agree", "I agree, with a note", "I dissent"])));
    assert!(paper.blocks.iter().any(
        |b| matches!(b, Block::SignHere { who } if who.contains("Merrow Integrated Care Board"))
    ));
    says(&paper, "Who gave you the authority");
    holds_together(&paper);
}

#[test]
fn the_decision_record_says_who_stepped_back_and_who_signed_in_that_place_and_not_why() {
    use cases::interests::{Answer, Answered, Declared, Interest, Kind, Outcome, Scope};
    let mut case = case();
    let round = &case.decision.current;
    let when = round.completed_at.expect("a complete decision");
    let by = |name: &str, part: &str| cases::By {
        person: name.to_lowercase(),
        name: name.into(),
        part: part.into(),
        partner: None,
    };
    let interest = |name: &str, seat: cases::Seat, outcome, stated: &str| Interest {
        declared: Declared {
            id: name.into(),
            person: name.to_lowercase(),
            name: name.into(),
            acts_as: "delegate".into(),
            seat: Some(seat),
            kind: Kind::Practice,
            words: "He led the visit in March.".into(),
            since: "since March".into(),
        },
        by: by(name, "delegate"),
        at: when,
        answers: vec![Answered {
            answer: Answer {
                interest: name.into(),
                outcome,
                from: [Scope::Decision].into(),
                stated: stated.into(),
                why: "He would weigh his own work.".into(),
                on: date(2026, 3, 2),
            },
            by: by("Maud Ellery", "chair"),
            at: when,
        }],
    };
    let (council, police) = (&seats()[0], &seats()[2]);
    case.interests.list = vec![
        interest("Ivo Larkfield", police.seat.clone(), Outcome::StepsBack, ""),
        interest(
            "Hazel Thorne",
            council.seat.clone(),
            Outcome::TakesPart,
            "She leads an agency whose work is looked at.",
        ),
    ];
    let paper = record(&case);
    says(&paper, "Interests and stepping back");
    says(
        &paper,
        "Stepped back from this decision: Ivo Larkfield, delegate; decided by Maud Ellery, chair, on Monday 2 March 2026.",
    );
    says(
        &paper,
        "signed for Merrowshire Police in place of Ivo Larkfield.",
    );
    says(
        &paper,
        "Takes part with an interest stated: Hazel Thorne, delegate: She leads an agency whose work is looked at.",
    );
    let all = words(&paper);
    assert!(!all.contains("visit in March") && !all.contains("weigh his own work"));
    holds_together(&paper);
}

#[test]
fn the_consideration_form_asks_every_element_with_its_own_findings_and_shows_no_finding_already_made()
 {
    let (case, rules) = (case(), rules());
    let paper = consideration_form(&rules, &case, &[]);
    for element in everything_considered(&rules) {
        says(&paper, &element.question);
        let findings: Vec<&str> = element.findings.iter().map(|f| f.label.as_str()).collect();
        assert!(
            paper.blocks.iter().any(|b| matches!(b, Block::Tick { label, options } if label.ends_with(&element.label) && options == &findings)),
            "{} has no boxes",
            element.label
        );
    }
    assert!(!words(&paper).contains("The records of the second area have not come."));
    let one = consideration_form(&rules, &case, &[rules.criteria[0].id.clone()]);
    assert_eq!(
        one.blocks
            .iter()
            .filter(|b| matches!(b, Block::Heading { .. }))
            .count(),
        1
    );
    holds_together(&paper);
}

#[test]
fn the_definition_form_asks_every_limb_with_its_options_and_kinds_of_harm() {
    let (case, rules) = (case(), rules());
    let paper = definition_form(&rules, &case.people.children[0]);
    says(&paper, "Child B");
    for limb in &rules.definition.limbs {
        says(&paper, &limb.element.question);
        limb.options.iter().for_each(|o| says(&paper, &o.label));
    }
    rules
        .definition
        .harm_kinds
        .iter()
        .for_each(|h| says(&paper, &h.label));
    holds_together(&paper);
}

#[test]
fn the_form_for_views_leaves_the_choice_with_the_person() {
    for kind in [
        LetterKind::Adult,
        LetterKind::OlderChild,
        LetterKind::YoungerChild,
    ] {
        let data = ViewsFormData {
            kind,
            reference: "MER-2026-004".into(),
            partnership: "Merrowshire Safeguarding Children Partnership".into(),
            contact: "Ruth Adair, 01632 960 123".into(),
        };
        let paper = views_form(&data);
        assert!(words(&paper).to_lowercase().contains("change your mind"));
        says(&paper, "Ruth Adair, 01632 960 123");
        assert_eq!(paper.marking, "");
        holds_together(&paper);
    }
}

fn letter_data(kind: LetterKind, told: Told) -> LetterData {
    LetterData {
        kind,
        what: "the death of your daughter".into(),
        partners: vec![
            "Merrowshire Council".into(),
            "Merrow Integrated Care Board".into(),
            "Merrowshire Police".into(),
        ],
        review: "local child safeguarding practice review".into(),
        told,
        contact: "You can call Ruth Adair on 01632 960 123, Monday to Friday.".into(),
        advocate: "The Tilbrook advocacy service can speak for you. Their number is 01632 960 456."
            .into(),
    }
}

const KINDS: [LetterKind; 3] = [
    LetterKind::Adult,
    LetterKind::OlderChild,
    LetterKind::YoungerChild,
];

fn no_review() -> Told {
    Told::NoReview { reasons: "The services have looked at what they did. They know what they must do better, and who does it.".into() }
}

#[test]
fn a_letter_says_that_the_reader_chooses_and_may_change_their_mind_and_blames_no_one() {
    for kind in KINDS {
        for told in [Told::Review, no_review()] {
            let text = suggested_text(&letter_data(kind, told)).to_lowercase();
            assert!(
                text.contains("change your mind") || text.contains("say no now and yes later"),
                "{text}"
            );
            assert!(
                text.contains("blame") || text.contains("not your fault"),
                "{text}"
            );
            assert!(
                text.contains("01632 960 123") && text.contains("01632 960 456"),
                "{text}"
            );
            for word in [
                "criteria",
                "criterion",
                "agreement",
                "consent",
                "perpetrator",
                "statutory",
                "notif",
                "suspect",
                "subject of",
                "must take part",
                "{",
                "[",
            ] {
                assert!(!text.contains(word), "`{word}` in {text}");
            }
        }
    }
}

#[test]
fn a_letter_about_a_review_tells_purpose_process_and_publication() {
    for kind in [LetterKind::Adult, LetterKind::OlderChild] {
        let text = suggested_text(&letter_data(kind, Told::Review));
        assert!(text.contains("The review will go ahead."));
        assert!(text.contains("What the review is for"));
        assert!(text.contains("What will happen"));
        assert!(text.contains("public") || text.contains("anyone can read"));
    }
}

#[test]
fn a_letter_without_a_review_gives_the_reasons_and_what_is_empty_is_asked_for() {
    for kind in KINDS {
        assert!(
            suggested_text(&letter_data(kind, no_review()))
                .contains("They know what they must do better")
        );
        let mut data = letter_data(
            kind,
            Told::NoReview {
                reasons: String::new(),
            },
        );
        data.contact.clear();
        data.what.clear();
        let text = suggested_text(&data);
        assert!(to_fill_in(&text));
        assert!(text.contains("what happened in your family"));
        data.contact = "{reasons}".into();
        assert!(
            suggested_text(&data).contains("{reasons}"),
            "what a person wrote is never read as a template"
        );
    }
}

/// The Flesch-Kincaid grade of a text: years of schooling, so that grade 5 is about age 10.
fn grade(text: &str) -> f64 {
    let sentences = text
        .split(['.', '!', '?', '\n'])
        .filter(|s| s.split_whitespace().count() > 1)
        .count() as f64;
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphabetic() && c != '\'')
        .filter(|w| !w.is_empty())
        .collect();
    let vowel = |c: char| "aeiouy".contains(c);
    let syllables: usize = words
        .iter()
        .map(|w| {
            let w = w.to_lowercase();
            let groups = w
                .chars()
                .zip(std::iter::once(' ').chain(w.chars()))
                .filter(|(c, before)| vowel(*c) && !vowel(*before))
                .count();
            let silent = w.ends_with('e') && !w.ends_with("le")
                || w.ends_with("ed") && !w.ends_with("ted") && !w.ends_with("ded");
            groups
                .saturating_sub(usize::from(silent && groups > 1))
                .max(1)
        })
        .sum();
    let words = words.len() as f64;
    0.39 * words / sentences + 11.8 * syllables as f64 / words - 15.59
}

#[test]
fn a_letter_can_be_read_at_about_the_age_it_is_for() {
    for (kind, most) in [
        (LetterKind::Adult, 6.0),
        (LetterKind::OlderChild, 5.0),
        (LetterKind::YoungerChild, 3.0),
    ] {
        for told in [Told::Review, no_review()] {
            let text = suggested_text(&letter_data(kind, told.clone()));
            let grade = grade(&text);
            eprintln!("{kind:?} {told:?}: {grade:.1}");
            assert!(
                grade <= most,
                "{kind:?} {told:?}: grade {grade:.1}, at most {most}"
            );
        }
    }
}

#[test]
fn a_released_letter_is_printed_as_it_was_released_and_carries_no_marking() {
    let text = suggested_text(&letter_data(LetterKind::Adult, Told::Review));
    let letter = Letter {
        person: "mother".into(),
        kind: LetterKind::Adult,
        salutation: "Dear Ms Hartwell".into(),
        text: text.clone(),
        signed_by: "Ruth Adair\nPartnership chair".into(),
        dated: date(2026, 12, 7),
    };
    let address = [
        "Ms W. Hartwell".to_owned(),
        "12 Orchard Row".to_owned(),
        "Tilbrook".to_owned(),
    ];
    let paper = letter_document(
        &letter,
        "Merrowshire Safeguarding Children Partnership",
        &address,
        "MER-2026-004",
    );
    let printed = words(&paper);
    for line in text.lines().filter(|l| !l.is_empty()).chain([
        "Dear Ms Hartwell",
        "12 Orchard Row",
        "7 December 2026",
        "Partnership chair",
    ]) {
        assert!(printed.contains(line), "the letter does not say `{line}`");
    }
    assert_eq!(paper.marking, "");
    heading(&paper, "What the review is for");
    assert!(
        !paper
            .blocks
            .iter()
            .any(|b| matches!(b, Block::Heading { text, .. } if text.starts_with("You can call")))
    );
    holds_together(&paper);
}

#[test]
fn the_papers_can_be_written_for_people_to_look_at() {
    let folder = std::env::var_os("PAPERS_SAMPLES").map_or_else(
        || tempfile::tempdir().expect("a folder").keep(),
        std::path::PathBuf::from,
    );
    let (case, rules) = (case(), rules());
    let letter = |kind, told| {
        let text = suggested_text(&letter_data(kind, told));
        let letter = Letter {
            person: "mother".into(),
            kind,
            salutation: "Dear Ms Hartwell".into(),
            text,
            signed_by: "Ruth Adair\nPartnership chair".into(),
            dated: date(2026, 12, 7),
        };
        letter_document(
            &letter,
            "Merrowshire Safeguarding Children Partnership",
            &[
                "Ms W. Hartwell".into(),
                "12 Orchard Row".into(),
                "Tilbrook".into(),
            ],
            "MER-2026-004",
        )
    };
    for (name, paper) in [
        ("decision-record", record(&case)),
        ("matrix", matrix(&case, &rules, &seats())),
        ("partner-form", partner_form(&case, &rules, &seats()[0])),
        ("consideration-form", consideration_form(&rules, &case, &[])),
        (
            "definition-form",
            definition_form(&rules, &case.people.children[0]),
        ),
        ("letter-adult", letter(LetterKind::Adult, Told::Review)),
        (
            "letter-younger-child",
            letter(LetterKind::YoungerChild, no_review()),
        ),
    ] {
        std::fs::write(
            folder.join(format!("{name}.pdf")),
            pdf(&paper).expect("a PDF"),
        )
        .expect("written");
    }
}
