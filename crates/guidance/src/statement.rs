//! Sentences of law that pages and papers show: they stand in the packs with source and standing, and a page asks for one by its id.
//! The ids are known here, so that a misspelt one in a pack is refused and no page can ask for what no pack could ever say.

use serde::Serialize;

use crate::{ElementId, PackId, Rules, Source, Standing, StatementId};

/// The ids of the statements that pages and papers ask for, in alphabetical order.
/// What each says, and whether it holds at all, is the edition's; an edition without it leaves the place on the page empty.
pub const STATEMENTS: [&str; 12] = [
    "agreement-not-required",
    "area-of-place-leads",
    "circumstances-had-regard-to",
    "contact-delayed-not-cancelled",
    "criteria-taken-into-account",
    "met-for-one-child",
    "not-met-ends-rapid-review",
    "not-notifying-has-reasons",
    "notify-is-the-authoritys",
    "panel-cannot-order",
    "place-decides",
    "taking-part-is-a-choice",
];

/// One sentence of law, or two, for a page to show where it matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its name: one of [`STATEMENTS`].
    pub id: StatementId,
    /// What it says, in our own words.
    pub text: String,
    /// Where it is written.
    pub source: Source,
    /// How far the text may be trusted.
    pub standing: Standing,
    /// The pack that wrote the text as it stands here.
    pub pack: PackId,
}

/// What the rules say under an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// The words.
    pub text: &'a str,
    /// Where it is written.
    pub source: &'a Source,
    /// How far the text may be trusted.
    pub standing: &'a Standing,
}

impl Rules {
    /// What these rules say under this id: a statement, or the help of an element such as a duty or a reminder.
    /// None where the edition does not say it; a page then leaves it out.
    pub fn says(&self, id: &str) -> Option<Said<'_>> {
        if let Some(found) = self.statements.iter().find(|s| s.id.as_str() == id) {
            return Some(Said {
                text: &found.text,
                source: &found.source,
                standing: &found.standing,
            });
        }
        let element = self.element(&ElementId::from(id))?;
        (!element.help.is_empty()).then_some(Said {
            text: &element.help,
            source: &element.source,
            standing: &element.standing,
        })
    }
}
