//! The decision record: what the safeguarding partners decided, why, on what evidence, who signed with what authority,
//! what was said against it, the child's and the family's part, the clocks, the history and the state of the record.
//! It is read years later by people who were not there, so every part says where it comes from and what was not known.

mod around;
mod clocks;
mod considered;
mod decided;
mod family;
mod signatures;
mod told;

use calendar::Date;
use cases::context::NamedSeat;
use cases::event::Imported;
use cases::story::Line;
use cases::{Case, Clock, Missing};
use guidance::Rules;

pub use told::{Chapter, story_paper};

use crate::document::Document;
use crate::pieces::{note, paper};
use crate::pseudonymised::Pseudonyms;

/// One entry of the story with who recorded it and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// What it says.
    pub line: Line,
    /// Who recorded it, by name and part: "Priya Mistry, business manager".
    pub by: String,
    /// When it was recorded, in words: "30 November 2026 at 4:12pm".
    pub at: String,
    /// What was missing when it was recorded.
    pub missing: Vec<Missing>,
    /// When and by whom it was brought in from another record.
    pub imported: Option<Imported>,
}

/// The state of the record from which a paper was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordState {
    /// The position of the newest entry in the log.
    pub position: u64,
    /// The hash of that entry, in hexadecimal.
    pub hash: String,
    /// When the paper was made, in words.
    pub made: String,
    /// The day it was made.
    pub on: Date,
    /// The partnership's name, for the top of each page.
    pub partnership: String,
    /// The position in the log of the entry that completed the decision, once it is complete.
    pub decided_at: Option<u64>,
    /// The first checkpoint that covers that entry, once one was made.
    pub checkpoint: Option<Covering>,
}

/// A signed checkpoint as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covering {
    /// How many entries the log had.
    pub size: u64,
    /// The root over them, in hexadecimal.
    pub root: String,
    /// When it was made, in words.
    pub made: String,
    /// The public keys it may be checked with, as they are handed out; each begins with its name and id.
    pub keys: Vec<String>,
    /// The signed note, letter by letter.
    pub note: String,
}

/// The decision record of a case, in the order in which people ask: what was decided, by whom, why, on what, and what followed.
/// `history` is the story as the reader may see it. Names of children and adults do not appear, also where they were written into reasons.
pub fn decision_record(
    case: &Case,
    rules: &Rules,
    history: &[HistoryLine],
    seats: &[NamedSeat],
    clocks: &[Clock],
    state: &RecordState,
) -> Document {
    let review = cases::stages::review_name(rules);
    let mut out = paper(
        "Decision of the safeguarding partners",
        format!("Whether to conduct a {review}: {}", case.about(state.on)),
        case.reference(),
    );
    out.footer = state.partnership.clone();
    out.made = state.made.clone();
    let blocks = &mut out.blocks;
    decided::decision(blocks, case, rules);
    signatures::signatures(blocks, case, rules, seats);
    decided::disagreement(blocks, &case.decision.current, rules, seats);
    decided::why(blocks, &case.decision.current, rules);
    considered::considered(blocks, case, rules);
    considered::definition(blocks, case, rules);
    around::what_happened(blocks, case, rules);
    family::family(blocks, case, rules);
    clocks::clocks(blocks, clocks);
    decided::earlier(blocks, case, rules, seats);
    around::editions(blocks, case, rules);
    around::history(blocks, history);
    let acting = seats
        .iter()
        .map(|s| s.body.as_str())
        .chain([state.partnership.as_str()]);
    let replaced = Pseudonyms::of(case, acting).paper(&mut out);
    around::state(&mut out.blocks, case, state);
    if replaced > 0 {
        out.blocks.push(note(
            "Where the record names a child or an adult of this case in free text, this paper has the pseudonym or relationship instead. The record keeps the words as they were written.",
        ));
    }
    out
}
