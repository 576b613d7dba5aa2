//! A pack: one edition as a file, with the days on which it is in force.
//! Its elements are kept as they were written; together with other packs they become [`crate::Rules`].

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::{PackId, tree::Node};

/// The days on which a pack is in force: from the first day, up to but not including the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first day in force.
    pub from: Date,
    /// The first day no longer in force; none while it stands.
    pub until: Option<Date>,
}

impl Window {
    /// Whether the day lies in the window: `from <= day < until`.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The window as people say it, with the last day that still belongs to it:
    /// "15 December 2023 to 17 March 2026" or "from 18 March 2026".
    pub fn words(&self) -> String {
        let from = calendar::words::short(self.from);
        match self.until.and_then(|until| until.yesterday().ok()) {
            Some(last) => format!("{from} to {}", calendar::words::short(last)),
            None => format!("from {from}"),
        }
    }

    /// Whether any day lies in both windows.
    pub fn overlaps(&self, other: &Window) -> bool {
        self.until.is_none_or(|until| other.from < until)
            && other.until.is_none_or(|until| self.from < until)
    }
}

/// Whose pack it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackKind {
    /// An edition of the national statutory guidance.
    National,
    /// Guidance of the national Panel, which stands beside an edition.
    Panel,
    /// A partnership's own procedure, which extends a national edition.
    Local,
}

impl PackKind {
    /// The kind in a word: "national", "Panel" or "local".
    pub fn words(self) -> &'static str {
        match self {
            PackKind::National => "national",
            PackKind::Panel => "Panel",
            PackKind::Local => "local",
        }
    }
}

/// One edition as it was written.
#[derive(Clone, Debug, Serialize)]
pub struct Pack {
    /// Its id, such as `working-together-2023`.
    pub id: PackId,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub kind: PackKind,
    /// When it is in force.
    pub in_force: Window,
    /// The pack whose elements it takes over and changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<PackId>,
    /// For a local pack: the partnership it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partnership: Option<String>,
    /// What a reader should know about the pack as a whole, such as what could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The file it was read from.
    pub file: String,
    /// Everything in the file, with the line of each value.
    #[serde(skip)]
    pub(crate) tree: Arc<Node>,
}
