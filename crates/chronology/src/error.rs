//! Why a file as a whole cannot be read, in words that say what to do.

/// A file that is refused as a whole.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than what is taken.
    #[error("the file is too large: {what}; the most that is taken is {most}")]
    TooLarge {
        /// What there is too much of.
        what: String,
        /// The limit.
        most: u64,
    },
    /// Sealed with a password.
    #[error(
        "the file is protected by a password; open it, save it without the password, and give that file"
    )]
    Password,
    /// It brings a program with it.
    #[error(
        "the file contains macros, which are programs, so it is not opened; in Word or Excel choose Save as, then {save_as}, and give that file"
    )]
    Macros {
        /// The format to save as.
        save_as: &'static str,
    },
    /// Another kind of file.
    #[error("this is {what}, which is not read; {advice}")]
    Kind {
        /// What it is.
        what: &'static str,
        /// What to do instead.
        advice: &'static str,
    },
    /// Broken.
    #[error("the file is damaged or not what it seems to be: {why}")]
    Damaged {
        /// What was found.
        why: String,
    },
    /// No table with headings for a date and for what happened.
    #[error(
        "no chronology was found: a row of headings with at least a date and what happened (or the source) is needed; {seen}"
    )]
    NoHeadings {
        /// What was seen instead.
        seen: String,
    },
    /// Fetching the bytes failed before anything was read.
    #[error("{0}")]
    NotFetched(String),
}

impl ReadError {
    pub(crate) fn damaged(why: impl std::fmt::Display) -> Self {
        Self::Damaged {
            why: why.to_string(),
        }
    }

    pub(crate) fn too_large(what: impl Into<String>, most: u64) -> Self {
        Self::TooLarge {
            what: what.into(),
            most,
        }
    }
}
