//! What a file holds besides what is seen when it is opened: told to whoever adds it, because it is what is sent by mistake.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Sheets that are hidden.
    HiddenSheets,
    /// Rows or columns that are hidden.
    HiddenRows,
    /// Comments.
    Comments,
    /// Changes that were tracked.
    TrackedChanges,
    /// The name of whoever wrote or changed it last.
    Author,
    /// Links to other files.
    LinksElsewhere,
    /// Files inside it.
    FilesInside,
    /// Something that runs when it is opened or filled in.
    Script,
    /// A protection by password.
    Protection,
}

/// What a file holds, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Inside {
    /// What.
    pub what: What,
    /// How often.
    pub times: u32,
}

impl Inside {
    /// In words: "2 hidden sheets".
    pub fn words(&self) -> String {
        let (one, many) = match self.what {
            What::HiddenSheets => ("a hidden sheet", "hidden sheets"),
            What::HiddenRows => ("hidden rows or columns", "hidden rows or columns"),
            What::Comments => ("a comment", "comments"),
            What::TrackedChanges => ("a tracked change", "tracked changes"),
            What::Author => return "the name of its author".into(),
            What::LinksElsewhere => ("a link to another file", "links to other files"),
            What::FilesInside => ("a file inside it", "files inside it"),
            What::Script => return "something that runs when it is opened or filled in".into(),
            What::Protection => return "a protection by password".into(),
        };
        match self.times {
            0 | 1 => one.to_owned(),
            times => format!("{times} {many}"),
        }
    }
}

/// Several of them in words, as in "It holds ..."; empty when there are none.
pub fn words(all: &[Inside]) -> String {
    let words: Vec<String> = all.iter().map(Inside::words).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
