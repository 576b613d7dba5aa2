//! No sentence of law in code: what the law says stands in the packs, with its source and how far it was confirmed.
//! These tests read the sources of the whole product: every text in quotation marks, and the templates of letters.
//! A text that only sounds like law is named in the list of reviewed ones, each with the reason it may stand.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guidance::{Library, STATEMENTS};

/// The crates whose texts people see. The demo's scripts are left out: they are the words of invented people about invented cases.
const CRATES: [&str; 7] = [
    "access", "app", "cases", "desk", "guidance", "papers", "web",
];
const LEFT_OUT: [&str; 1] = ["crates/app/src/demo"];

/// What gives a sentence of law away, in lower case: titles, bodies, obligation and permission.
const SIGNS: &[&str] = &[
    "working together to",
    "working together 20",
    "children act",
    "act 2004",
    "section 16",
    "regulation 1",
    "si 2018",
    "statut",
    "by law",
    "the law",
    "the rule is",
    "guidance says",
    "secretary of state",
    "ofsted",
    "department for education",
    " must ",
    "cannot order",
    "duty to",
    "duties",
    "oblig",
    "required to",
    "entitled",
    "forbid",
    "had regard",
    "have regard",
    "taken into account",
    "take into account",
    "decides which",
    "decides who",
    "rule serious harm",
    "ruled out",
    "need not be",
    "even if not certain",
    "counted from",
    "counts from",
    "counted back",
    "does not depend on",
    "no later than",
    "at the latest",
    "made public",
    "looked at by inspectors",
    "decide again",
    "meets the definition",
    "rather than cancelled",
    "is told why",
    "need evidence",
    "needs clear evidence",
    "chooses whether",
    "change their mind at any",
    "partners decide,",
];

/// A number before one of these is a time the law sets.
const UNITS: [&str; 6] = ["working", "clear", "calendar", "days", "months", "years"];
const NUMBERS: [&str; 12] = [
    "one", "two", "three", "five", "six", "seven", "ten", "twelve", "fifteen", "twenty", "thirty",
    "fourteen",
];

/// Reviewed: the file, a piece of the text, and why it is no statement of law.
const REVIEWED: &[(&str, &str, &str)] = &[
    (
        "cases/src/stages.rs",
        "Obliged by the notification",
        "the state of the stage, worked out from `starts-rapid-review` of the pack",
    ),
    (
        "cases/src/stages.rs",
        "Nothing obliges one so far",
        "the state of the stage, worked out from `starts-rapid-review` of the pack",
    ),
    (
        "web/src/pages/guidance.rs",
        "Obliges a rapid review",
        "shown where the pack says `starts-rapid-review`",
    ),
    (
        "web/src/pages/notification.rs",
        "bliges a rapid review.",
        "shown where the pack says `starts-rapid-review`",
    ),
    (
        "web/src/pages/notification.rs",
        "Where these duties are written",
        "a heading over sources of the pack",
    ),
    (
        "web/src/pages/rapid_review.rs",
        "Nothing recorded so far obliges",
        "what is recorded, worked out from `starts-rapid-review` of the pack",
    ),
    (
        "web/src/pages/guidance.rs",
        "The law and the guidance are data",
        "what the program does",
    ),
    (
        "web/src/pages/child.rs",
        "Like about 14 years old",
        "an example of an age",
    ),
    (
        "papers/src/decision_record/signatures.rs",
        "Must sign: {}. At least {} must have given a view.",
        "who and how many are the pack's",
    ),
    (
        "papers/src/error.rs",
        "it must be SVG",
        "a technical message",
    ),
    (
        "guidance/src/combine.rs",
        "who must sign under",
        "names the pack whose floor is kept",
    ),
    (
        "guidance/src/settings.rs",
        "ow many partners must have given their view",
        "what a setting means; its floor is the pack's",
    ),
    (
        "guidance/src/shape.rs",
        "a length, like { working-days = 5 }",
        "how a length is written in a pack",
    ),
    (
        "papers/templates/letters/adult-review.txt",
        "What will be made public",
        "a heading of a suggested letter",
    ),
    (
        "papers/templates/letters/adult-review.txt",
        "The rule is that these reports are made public",
        "a suggestion that a person reads, changes and releases; what is to be explained stands in the pack",
    ),
    (
        "papers/templates/letters/adult-no-review.txt",
        "What will be made public",
        "a heading of a suggested letter",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "txt") {
            files.push(path);
        }
    }
}

/// Every source and template, by its path from the root.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut files = Vec::new();
    for part in CRATES {
        for folder in ["src", "templates"] {
            walk(&root.join("crates").join(part).join(folder), &mut files);
        }
    }
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .filter(|(name, _)| !LEFT_OUT.iter().any(|folder| name.starts_with(folder)))
        .collect()
}

/// The texts in quotation marks of a Rust source, without comments and without its test module, each with its line.
fn quoted(source: &str) -> Vec<(usize, String)> {
    let source = source.split("#[cfg(test)]\nmod").next().unwrap();
    let mut texts = Vec::new();
    let mut chars = source.chars().peekable();
    let mut line = 1;
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            '/' if chars.peek() == Some(&'/') => {
                for c in chars.by_ref() {
                    if c == '\n' {
                        line += 1;
                        break;
                    }
                }
            }
            // The quotation mark as a character, plain or escaped.
            '\'' if chars.peek() == Some(&'"') => {
                chars.next();
            }
            '\'' if chars.peek() == Some(&'\\') => {
                chars.next();
                chars.next();
            }
            '"' => {
                let start = line;
                let mut text = String::new();
                let raw = before == 'r' || before == '#';
                while let Some(c) = chars.next() {
                    match c {
                        '"' if before == '#' && chars.peek() != Some(&'#') => text.push(c),
                        '"' => break,
                        '\\' if !raw => match chars.next() {
                            Some('\n') => {
                                line += 1;
                                while chars.peek().is_some_and(|c| c.is_whitespace()) {
                                    if chars.next() == Some('\n') {
                                        line += 1;
                                    }
                                }
                            }
                            Some('n' | 't') | None => text.push(' '),
                            Some('u') => {
                                let code: String =
                                    chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                                let code = u32::from_str_radix(&code, 16).ok();
                                text.push(match code.and_then(char::from_u32) {
                                    Some('\u{2019}') | None => '\'',
                                    Some(c) => c,
                                });
                            }
                            Some(c) => text.push(c),
                        },
                        _ => {
                            if c == '\n' {
                                line += 1;
                            }
                            text.push(c);
                        }
                    }
                }
                texts.push((start, text));
            }
            _ => {}
        }
        before = c;
    }
    texts
}

/// What in a text gives it away as a statement of law.
fn signs(text: &str) -> Vec<String> {
    if text.split_whitespace().count() < 3 {
        return Vec::new();
    }
    let lower = format!(" {} ", text.to_lowercase().replace('\u{2019}', "'"));
    let mut found: Vec<String> = SIGNS
        .iter()
        .filter(|sign| lower.contains(*sign))
        .map(|sign| sign.trim().to_owned())
        .collect();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    for pair in words.windows(2) {
        let number = pair[0].chars().all(|c| c.is_ascii_digit()) || NUMBERS.contains(&pair[0]);
        if number && UNITS.contains(&pair[1]) {
            found.push(pair.join(" "));
        }
    }
    found
}

/// Every text of a file that sounds like law: line, what gives it away, the text.
fn offences(name: &str, source: &str) -> Vec<(usize, String, String)> {
    let texts = if name.ends_with(".rs") {
        quoted(source)
    } else {
        source
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line.to_owned()))
            .collect()
    };
    texts
        .into_iter()
        .filter_map(|(line, text)| {
            let signs = signs(&text);
            (!signs.is_empty()).then(|| (line, signs.join(", "), text))
        })
        .collect()
}

#[test]
fn no_text_in_code_states_the_law() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, source) in sources() {
        for (line, signs, text) in offences(&name, &source) {
            let plain = text.replace('\u{2019}', "'");
            let reviewed = REVIEWED
                .iter()
                .position(|(file, piece, _)| name.ends_with(file) && plain.contains(piece));
            match reviewed {
                Some(at) => {
                    seen.insert(at);
                }
                None => wrong.push(format!("{name}:{line}: ({signs}) {text}")),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "these texts state the law: put the sentence into the packs as a [[statement]] with its source and ask for it by id,\n\
         or, if it only says what the program does, name it in REVIEWED with the reason:\n{}",
        wrong.join("\n")
    );
    let gone: Vec<&str> = REVIEWED
        .iter()
        .enumerate()
        .filter(|(at, _)| !seen.contains(at))
        .map(|(_, (_, piece, _))| *piece)
        .collect();
    assert!(
        gone.is_empty(),
        "reviewed and no longer there, or no longer like law: {gone:?}"
    );
}

#[test]
fn the_sentences_that_once_stood_in_pages_would_be_found_again() {
    for text in [
        "The Panel cannot order a local review: its view is considered",
        "The duty to notify is the authority\\u{2019}s; the other partners give their views.",
        "Meeting the criteria does not oblige one. Not meeting them does not forbid one.",
        "Where the child died or was seriously harmed decides which authority notifies.",
        "Criteria to be taken into account",
        "Circumstances to be had regard to",
        "The rapid review is counted from it",
        "Sent within 15 working days of the notification",
        "The report is published in six months",
        "Available for at least one year: that is twelve months",
        "Under section 16C of the Children Act 2004",
        "As Working Together 2023 says",
        "Tell Ofsted and the Secretary of State",
        "It is likely, even if not certain",
        "Recovering does not rule serious harm out.",
        "The case meets the definition when one child does.",
    ] {
        let page = format!("html! {{ p {{ \"{text}\" }} }}");
        assert_eq!(offences("page.rs", &page).len(), 1, "{text}");
    }
}

#[test]
fn comments_tests_and_names_are_not_texts() {
    let source = "/// Owed within 5 working days under section 16.\nconst A: &str = \"duty\"; // the law says so\n\
         let quote = '\"'; let b = \"what was \\\n    sent, and when\";\n#[cfg(test)]\nmod tests { const C: &str = \"It must be so by law\"; }";
    assert_eq!(offences("x.rs", source), []);
    let texts: Vec<String> = quoted(source).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["duty", "what was sent, and when"]);
}

/// The ids for which pages and papers ask the rules.
fn asked() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for (name, source) in sources() {
        if !name.starts_with("crates/web/src/pages") && !name.starts_with("crates/papers/src") {
            continue;
        }
        for call in ["law::said(", "extend(said(", ".says("] {
            for rest in source.split(call).skip(1) {
                let until = rest.find([';', '\n']).unwrap_or(rest.len());
                let end = rest.find("])").map_or(until, |end| end.min(until));
                let (call, _) = rest.split_at(end);
                ids.extend(quoted(call).into_iter().map(|(_, id)| id));
            }
        }
        // The page of the family asks for what holds at its point of the decision.
        if let Some((_, rest)) = source.split_once("fn owed_to_family") {
            let body = rest.split("\n}").next().unwrap_or_default();
            ids.extend(quoted(body).into_iter().map(|(_, id)| id));
        }
    }
    ids
}

#[test]
fn every_id_a_page_asks_for_is_said_by_an_edition_and_every_statement_is_asked_for() {
    let library = Library::embedded().unwrap_or_else(|error| panic!("{error}"));
    let editions = [
        "working-together-2018",
        "sefton-2021",
        "working-together-2023",
        "working-together-2026",
    ]
    .map(|id| library.rules(id).unwrap());
    let asked = asked();
    assert!(asked.len() >= 15, "{asked:?}");
    for id in &asked {
        assert!(
            editions.iter().any(|rules| rules.says(id).is_some()),
            "a page asks for `{id}`, which no edition says"
        );
    }
    for id in STATEMENTS {
        assert!(asked.contains(id), "no page asks for `{id}`");
    }
}
