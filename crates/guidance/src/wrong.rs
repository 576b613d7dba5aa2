//! What is wrong with a pack or a settings file, said so that its author can find and mend it:
//! file, line, key and what is expected. Also the error of this crate.

use jiff::civil::Date;

/// One fault in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The key, with the tables it stands in: `clock.length`. Empty where the file is no TOML at all.
    pub key: String,
    /// What is expected there, and what was found.
    pub expected: String,
}

impl std::fmt::Display for Wrong {
    /// "policies/x.toml:12: `clock.length`: expected ..."
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        write!(f, "expected {}", self.expected)
    }
}

impl std::error::Error for Wrong {}

/// Why no rules can be given.
#[derive(Debug, thiserror::Error)]
pub enum GuidanceError {
    /// One or more files are wrong; nothing of them is used.
    #[error("{}", lines(.0))]
    Wrong(Vec<Wrong>),
    /// No pack has this id.
    #[error("no pack is called `{asked}`; there are: {known}")]
    UnknownPack {
        /// What was asked for.
        asked: String,
        /// The ids there are, with commas.
        known: String,
    },
    /// No national edition is in force on the day.
    #[error("no national edition in these packs is in force on {}", calendar::words::short(*.0))]
    NothingInForce(Date),
    /// The packs do not go together.
    #[error("`{id}` cannot be combined: {why}")]
    CannotCombine {
        /// The composite id that was asked for.
        id: String,
        /// Why not.
        why: String,
    },
    /// The packs together lack something every edition must say.
    #[error("the rules `{id}` are not complete: they lack {lacking}")]
    Incomplete {
        /// The composite id.
        id: String,
        /// What is missing.
        lacking: String,
    },
    /// A partnership's settings ask for what the edition does not leave to local choice, or does not know.
    #[error("these settings cannot be applied to `{id}`: {}", .reasons.join("; "))]
    SettingsRefused {
        /// The composite id.
        id: String,
        /// Every reason, in words.
        reasons: Vec<String>,
    },
}

fn lines(wrongs: &[Wrong]) -> String {
    wrongs
        .iter()
        .map(Wrong::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
