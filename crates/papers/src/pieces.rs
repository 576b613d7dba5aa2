//! The pieces that papers about a case are put together from: headings, paragraphs, rows, and the words that stand on each of them.

use calendar::Date;
use cases::context::{NamedSeat, Seat};
use cases::evidence::{ConsideredBy, Evidence};
use guidance::{Element, Rules, Source, Standing};

use crate::document::{Block, Document, Table, Text};

/// The protective marking of every paper about a case.
pub(crate) const MARKING: &str = "OFFICIAL-SENSITIVE";

/// What is printed where nothing is recorded.
pub(crate) const NOT_RECORDED: &str = "Not recorded";

/// A paper with its title and no blocks yet.
pub(crate) fn paper(title: &str, subject: String, reference: &str) -> Document {
    Document {
        title: title.to_owned(),
        subject,
        language: "en-GB",
        marking: MARKING.into(),
        copy: String::new(),
        reference: reference.to_owned(),
        footer: String::new(),
        made: String::new(),
        blocks: Vec::new(),
    }
}

pub(crate) fn heading(level: u8, text: impl Into<String>) -> Block {
    Block::Heading {
        level,
        text: text.into(),
    }
}

pub(crate) fn say(text: impl Into<String>) -> Block {
    Block::Paragraph(Text::plain(text))
}

/// A paragraph that opens with its name in bold.
pub(crate) fn named(name: &str, text: &str) -> Block {
    let text = if text.trim().is_empty() {
        NOT_RECORDED
    } else {
        text
    };
    Block::Paragraph(Text::strong(format!("{name}: ")).then(text))
}

pub(crate) fn note(text: impl Into<String>) -> Block {
    Block::Note(Text::plain(text))
}

/// A row of facts; what is empty is "Not recorded".
pub(crate) fn fact(name: &str, text: impl Into<String>) -> (String, Vec<Text>) {
    let text: String = text.into();
    let text = if text.trim().is_empty() {
        NOT_RECORDED.to_owned()
    } else {
        text
    };
    (name.to_owned(), vec![Text::plain(text)])
}

/// A row of facts with several values; none is "Not recorded".
pub(crate) fn facts_of(name: &str, texts: Vec<String>) -> (String, Vec<Text>) {
    if texts.is_empty() {
        return fact(name, "");
    }
    (
        name.to_owned(),
        texts.into_iter().map(Text::plain).collect(),
    )
}

pub(crate) fn bullets(texts: impl IntoIterator<Item = String>) -> Block {
    Block::Bullets(texts.into_iter().map(Text::plain).collect())
}

/// A table whose first column names the row.
pub(crate) fn table(caption: &str, head: &[&str], widths: &[u8], rows: Vec<Vec<Text>>) -> Block {
    Block::Table(Table {
        caption: caption.to_owned(),
        head: head.iter().map(|h| (*h).to_owned()).collect(),
        rows,
        row_heads: true,
        widths: Some(widths.to_vec()),
    })
}

/// "Friday 4 December 2026", or that it is not yet known.
pub(crate) fn day(day: Option<Date>) -> String {
    day.map_or_else(|| "not yet known".to_owned(), calendar::words::long)
}

/// "30 November 2026 at 4:12pm", in England's time.
pub(crate) fn moment(at: jiff::Timestamp) -> String {
    at.in_tz("Europe/London").map_or_else(
        |_| format!("{at} (UTC)"),
        |local| calendar::words::moment(&local),
    )
}

/// A partner in words; the id itself where the edition does not name it.
pub(crate) fn partner(rules: &Rules, id: &str) -> String {
    rules
        .partner(&id.into())
        .map_or_else(|| id.replace('-', " "), |p| p.label.clone())
}

/// A seat in words: "Health: Merrow Integrated Care Board".
pub(crate) fn seat_words(rules: &Rules, seats: &[NamedSeat], seat: &Seat) -> String {
    seats.iter().find(|s| &s.seat == seat).map_or_else(
        || {
            format!(
                "{}: {}",
                partner(rules, &seat.partner),
                seat.body.replace('-', " ")
            )
        },
        |s| format!("{}: {}", s.partner, s.body),
    )
}

/// By whom something was considered, in words.
pub(crate) fn who(rules: &Rules, by: &ConsideredBy) -> String {
    by.words(|id| partner(rules, id))
}

pub(crate) fn evidence_lines(list: &[Evidence]) -> Vec<String> {
    list.iter().map(Evidence::words).collect()
}

/// A finding in the words of its element; the id itself where the edition does not have it.
pub(crate) fn finding_words(element: &Element, finding: &str) -> String {
    element
        .finding(finding)
        .map_or_else(|| finding.replace('-', " "), |f| f.label.clone())
}

/// Where a rule is written and, unless it was read there, how far the text may be trusted.
pub(crate) fn source_words(source: &Source, standing: &Standing) -> String {
    match standing {
        Standing::ReadInSource => source.to_string(),
        Standing::ToBeConfirmed => {
            format!("{source} (to be confirmed: not yet compared with the source)")
        }
        Standing::Disputed { readings, .. } => {
            let applied = standing.applied().map_or("", |r| r.text.as_str());
            let others: Vec<String> = readings
                .iter()
                .filter(|r| standing.applied().is_none_or(|a| a.id != r.id))
                .map(|r| format!("\u{201c}{}\u{201d} ({})", r.text, r.source))
                .collect();
            format!(
                "{source} (disputed: read here as \u{201c}{applied}\u{201d}; elsewhere as {})",
                others.join(", ")
            )
        }
    }
}

/// What the rules say under this id, with where it is written; nothing where the edition does not say it.
pub(crate) fn said(rules: &Rules, id: &str) -> Option<Block> {
    let said = rules.says(id)?;
    Some(say(format!(
        "{} Source: {}.",
        said.text,
        source_words(said.source, said.standing)
    )))
}

/// What was missing when something was recorded, in one sentence.
pub(crate) fn recorded_afterwards(by: &str, missing: &[cases::Missing]) -> String {
    let list: Vec<&str> = missing.iter().map(|m| m.what.as_str()).collect();
    format!(
        "Recorded afterwards by {by}. Missing when it was recorded: {}.",
        list.join("; ")
    )
}

/// A count with its word: "1 entry", "4 entries".
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
