//! The document model: what a paper says, in the order it is read, without a word on how it looks.
//! Letters, decision records and forms are written as a [`Document`]; [`crate::pdf()`] and [`crate::docx()`] print it, so both say the same.

use serde::Serialize;

/// A paper: what stands on each page, and the blocks in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The title, printed first and shown by readers as the name of the document; an empty one is named "Untitled document".
    pub title: String,
    /// One line on what the paper is about, printed under the title and kept in the file's properties; may be empty.
    pub subject: String,
    /// The language of the text as an IETF tag, `en-GB` for every paper written here.
    pub language: &'static str,
    /// The protective marking, at the top and bottom of each page; may be empty.
    pub marking: String,
    /// Whose copy it is, with its number and day, at the top of each page; may be empty.
    pub copy: String,
    /// The reference of the case or paper, at the top of each page; may be empty.
    pub reference: String,
    /// A line at the foot of each page, such as the name of the partnership; may be empty.
    pub footer: String,
    /// The day the paper was made, in words, such as `23 November 2026`; may be empty.
    pub made: String,
    /// What the paper says.
    pub blocks: Vec<Block>,
}

/// One piece of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading under the title.
    /// Levels are pulled up so that none is skipped: the first is 1, and none is more than one deeper than the one before; below 4 they stay at 4.
    Heading {
        /// The level, 1 the highest.
        level: u8,
        /// The words of the heading.
        text: String,
    },
    /// A paragraph; a line break in the text is kept.
    Paragraph(Text),
    /// A list with bullets.
    Bullets(Vec<Text>),
    /// A list numbered from 1.
    Numbered(Vec<Text>),
    /// A two-column table of terms and what is recorded under each; several texts stand below each other.
    Facts(Vec<(String, Vec<Text>)>),
    /// A table with a head that is repeated on each page.
    Table(Table),
    /// Somebody's own words.
    Quote {
        /// The words as they were said or written.
        text: Text,
        /// Whose words they are; may be empty.
        by: String,
    },
    /// A boxed paragraph for what must not be overlooked.
    Note(Text),
    /// Text to be compared letter by letter, such as a signed note: small, line by line, nothing in it changed.
    Verbatim(String),
    /// A postal address, one line each.
    Address(Vec<String>),
    /// A rule across the page.
    Line,
    /// What follows begins on a new page.
    PageBreak,
    /// A box to fill in by hand.
    Write {
        /// What is asked.
        label: String,
        /// Help with the answer; may be empty.
        hint: String,
        /// The height of the box in lines of handwriting, at least 1.
        lines: u8,
    },
    /// Boxes to tick by hand.
    Tick {
        /// What is asked.
        label: String,
        /// The answers to choose from.
        options: Vec<String>,
    },
    /// Room for a name, a signature and a date.
    SignHere {
        /// Who signs, such as `Delegate of the integrated care board`.
        who: String,
    },
    /// A picture with its text alternative.
    Figure {
        /// The picture as SVG; it must not refer to other files.
        svg: String,
        /// What the picture shows, for those who cannot see it.
        alt: String,
        /// The line under the picture; may be empty.
        caption: String,
    },
}

/// A table: every row is as long as the head; missing cells are empty, further ones are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What the table shows, printed above it; may be empty.
    pub caption: String,
    /// The headings of the columns.
    pub head: Vec<String>,
    /// The rows, each a text for each column.
    pub rows: Vec<Vec<Text>>,
    /// Whether the first cell of each row is its heading.
    pub row_heads: bool,
    /// Relative widths of the columns, one for each; equal if `None`.
    pub widths: Option<Vec<u8>>,
}

/// Running text; never markup: whatever it holds comes out as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Text(
    /// The runs, in reading order.
    pub Vec<Run>,
);

/// A stretch of text in one style.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Whether they are bold.
    pub bold: bool,
    /// Whether they are italic.
    pub italic: bool,
}

impl Run {
    /// A run in the ordinary style.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            bold: false,
            italic: false,
        }
    }

    /// A bold run.
    pub fn strong(text: impl Into<String>) -> Self {
        Self {
            bold: true,
            ..Self::plain(text)
        }
    }

    /// An italic run.
    pub fn italic(text: impl Into<String>) -> Self {
        Self {
            italic: true,
            ..Self::plain(text)
        }
    }
}

impl Text {
    /// One run in the ordinary style.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Run::plain(text)])
    }

    /// One bold run.
    pub fn strong(text: impl Into<String>) -> Self {
        Self(vec![Run::strong(text)])
    }

    /// One italic run.
    pub fn italic(text: impl Into<String>) -> Self {
        Self(vec![Run::italic(text)])
    }

    /// This text with a run in the ordinary style after it.
    #[must_use]
    pub fn then(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run::plain(text));
        self
    }

    /// This text with a bold run after it.
    #[must_use]
    pub fn then_strong(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run::strong(text));
        self
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|run| run.text.trim().is_empty())
    }

    /// The words alone, without their styles.
    pub fn words(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}
