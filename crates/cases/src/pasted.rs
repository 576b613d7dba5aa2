//! Where text that was pasted into a form came from, as the browser said it.
//! It is a hint kept with the entry: it says nothing of what was typed, and nothing where the browser said nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text that was pasted into a field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Pasted {
    /// What the field is called on the page.
    pub into: String,
    /// Where it came from.
    pub from: Source,
}

/// Where pasted text came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Source {
    /// A page of the program about a case.
    Case {
        /// The reference of the case.
        reference: String,
        /// The title of the page.
        page: String,
    },
    /// A page of the program about no case.
    Page {
        /// The title of the page.
        page: String,
    },
    /// Another program, as far as the text tells which.
    Elsewhere {
        /// What kind, in words such as "a Word document".
        what: String,
    },
}

impl Source {
    /// The reference of the case it came from, when that is another one than this.
    pub fn other_case(&self, here: &str) -> Option<&str> {
        match self {
            Source::Case { reference, .. } if !reference.eq_ignore_ascii_case(here) => {
                Some(reference)
            }
            _ => None,
        }
    }
}
