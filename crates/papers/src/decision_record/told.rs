//! The story of a case as a paper: every entry with its details, oldest first, for whoever receives an evidence bundle.
//! It says the same as the page "The whole story" to someone who sees no names and nothing that is hidden.

use cases::Case;

use super::{HistoryLine, RecordState};
use crate::document::{Block, Document, Text};
use crate::pieces::{heading, note, paper, recorded_afterwards, say};
use crate::pseudonymised::Pseudonyms;

/// An entry of the story with its place in the log, by which it is found in `entries.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The entry.
    pub line: HistoryLine,
    /// Its position in the log.
    pub position: u64,
}

/// The story of a case, oldest entry first. Names of children and adults do not appear, also where they were written into free text.
pub fn story_paper(case: &Case, story: &[Chapter], state: &RecordState) -> Document {
    let mut out = paper(
        "The story of the case",
        "Every entry, in the order in which it was recorded".to_owned(),
        case.reference(),
    );
    out.footer = state.partnership.clone();
    out.made = state.made.clone();
    out.blocks.push(say("Each entry is named by its number in the case and its position in the log. Nothing is ever overwritten: what was wrong is marked, and stays."));
    for Chapter {
        line: told,
        position,
    } in story
    {
        let line = &told.line;
        out.blocks.push(heading(
            2,
            format!("Entry {}, position {position}", line.number),
        ));
        out.blocks.push(Block::Paragraph(
            Text::strong(told.by.clone()).then(format!(" {}. {}.", line.said, told.at)),
        ));
        if let Some(why) = &line.in_error {
            out.blocks.push(note(if line.hidden {
                "Marked as made in error; its content is hidden.".to_owned()
            } else {
                format!("Marked as made in error: {why}")
            }));
        }
        if !told.missing.is_empty() {
            out.blocks
                .push(say(recorded_afterwards(&told.by, &told.missing)));
        }
        if !line.details.is_empty() {
            let rows = line
                .details
                .iter()
                .map(|(name, text)| (name.clone(), vec![Text::plain(text.clone())]))
                .collect();
            out.blocks.push(Block::Facts(rows));
        }
    }
    Pseudonyms::of(case, [state.partnership.as_str()]).paper(&mut out);
    out
}
