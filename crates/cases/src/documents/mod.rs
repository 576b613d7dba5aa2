//! Documents that were brought into the case as files: what each is, where it came from, and by which hashes it can be known again.
//! The bytes lie in the store, sealed; here stands only what is said of them.

pub mod inside;

use calendar::Date;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{By, Context, Refusal, required};
use crate::event::Recorded;
pub use inside::Inside;

/// What a document holds that is read apart from the other documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Apart {
    /// Legal advice.
    LegalAdvice,
    /// A draft of findings or of a report.
    Draft,
    /// Where people live, or can be reached.
    Addresses,
}

impl Apart {
    /// All of them.
    pub const ALL: [Apart; 3] = [Apart::LegalAdvice, Apart::Draft, Apart::Addresses];

    /// Its id in forms and in the record.
    pub fn id(self) -> &'static str {
        match self {
            Apart::LegalAdvice => "legal-advice",
            Apart::Draft => "draft",
            Apart::Addresses => "addresses",
        }
    }

    /// The one with an id.
    pub fn of(id: &str) -> Option<Apart> {
        Apart::ALL.into_iter().find(|apart| apart.id() == id)
    }

    /// In words, as they stand alone.
    pub fn words(self) -> &'static str {
        match self {
            Apart::LegalAdvice => "legal advice",
            Apart::Draft => "a draft of findings or of a report",
            Apart::Addresses => "addresses",
        }
    }
}

/// A document as it was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Document {
    /// The id of the file in the store.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is, such as "chronology of the hospital".
    #[serde(skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// The date it bears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<Date>,
    /// Where it came from: who holds it or sent it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The element of the consideration it bears on, when it was added for one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub element: String,
    /// What it holds that is read apart from the other documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apart: Option<Apart>,
    /// What the file was called where it came from, without folders. It may hold a name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file_name: String,
    /// What kind of file it is by its content, such as `application/pdf`.
    pub media_type: String,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha_256: String,
    /// SHA-256 of its sealed bytes as they lie in the store.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sealed_sha_256: String,
    /// What it holds besides what is seen when it is opened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<Inside>,
}

/// What happened with the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one"
)]
pub enum Event {
    /// A file was added; who added it stands with the entry.
    FileAdded(Document),
    /// A file was taken out of use. It stays in the record, and whoever runs the case can still open it.
    FileWithdrawn {
        /// The id of the file.
        file: String,
        /// Why.
        why: String,
    },
    /// Copies of a paper that was made from the case were made to be handed out, one for each recipient.
    CopiesMade(Copies),
}

/// Copies of one paper, one for each recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Copies {
    /// Which paper, in words.
    pub paper: String,
    /// The copies.
    pub copies: Vec<NumberedCopy>,
}

/// One copy of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct NumberedCopy {
    /// Its number in this case, from 1.
    pub number: u64,
    /// For whom.
    pub recipient: String,
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one"
)]
pub enum Command {
    /// Add a file that has arrived in the store.
    AddFile(Document),
    /// Take a file out of use.
    WithdrawFile {
        /// The id of the file.
        file: String,
        /// Why.
        why: String,
    },
    /// Make copies of a paper for these recipients.
    MakeCopies {
        /// Which paper, in words.
        paper: String,
        /// For whom, one copy each.
        recipients: Vec<String>,
    },
}

/// That a document was taken out of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Withdrawn {
    /// Why.
    pub why: String,
    /// By whom.
    pub by: By,
    /// When (UTC).
    pub at: Timestamp,
}

/// A document in the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Filed {
    /// The document.
    pub document: Document,
    /// The number of the entry that added it: how people refer to it.
    pub entry: u64,
    /// Who added it.
    pub by: By,
    /// When it was added (UTC).
    pub at: Timestamp,
    /// False when the entry was brought in from another record, which does not bring the file itself.
    pub here: bool,
    /// Set once it was taken out of use.
    pub withdrawn: Option<Withdrawn>,
}

/// The documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Documents {
    /// In the order they were added.
    pub list: Vec<Filed>,
    /// The copies that were made for recipients, oldest first.
    pub copies: Vec<Handed>,
}

/// A copy of a paper that was made for a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Handed {
    /// Its number in this case, from 1.
    pub number: u64,
    /// Which paper, in words.
    pub paper: String,
    /// For whom.
    pub recipient: String,
    /// Who made it.
    pub by: By,
    /// When (UTC).
    pub at: Timestamp,
}

impl Documents {
    /// The document with this file.
    pub fn find(&self, file: &str) -> Option<&Filed> {
        self.list.iter().find(|f| f.document.id == file)
    }

    /// The same list as those see it who do not read some of what is kept apart: that a document is there, and nothing of it.
    /// None when nothing has to be left out.
    pub fn without(&self, left_out: impl Fn(Apart) -> bool) -> Option<Documents> {
        let leaves_out = |filed: &Filed| filed.document.apart.filter(|apart| left_out(*apart));
        if !self.list.iter().any(|filed| leaves_out(filed).is_some()) {
            return None;
        }
        let mut seen = self.clone();
        for filed in &mut seen.list {
            let Some(apart) = leaves_out(filed) else {
                continue;
            };
            filed.document = Document {
                id: filed.document.id.clone(),
                title: format!("Kept apart: {}", apart.words()),
                apart: Some(apart),
                ..Document::default()
            };
            if let Some(withdrawn) = &mut filed.withdrawn {
                withdrawn.why.clear();
            }
        }
        Some(seen)
    }

    /// Those in use.
    pub fn in_use(&self) -> impl Iterator<Item = &Filed> {
        self.list.iter().filter(|f| f.withdrawn.is_none())
    }
}

/// Checks what is said of a document, before or after its file has arrived.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn check(document: &Document, ctx: &Context<'_>) -> Result<(), Refusal> {
    required("title", &document.title, "Enter the title of the document")?;
    ctx.past_if_known("dated", document.dated)
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(
    state: &Documents,
    command: Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::AddFile(document) => {
            check(&document, ctx)?;
            if document.id.is_empty() || document.size == 0 {
                return Err(Refusal::field("file", "Choose a file that is not empty"));
            }
            if state.find(&document.id).is_some() {
                return Err(Refusal::because("this file is in the case already"));
            }
            Ok(vec![Event::FileAdded(document)])
        }
        Command::WithdrawFile { file, why } => {
            let filed = state
                .find(&file)
                .ok_or_else(|| Refusal::because("there is no such document in this case"))?;
            if filed.withdrawn.is_some() {
                return Err(Refusal::because("this document is withdrawn already"));
            }
            required("why", &why, "Enter why the document is withdrawn")?;
            Ok(vec![Event::FileWithdrawn { file, why }])
        }
        Command::MakeCopies { paper, recipients } => {
            let first = state.copies.last().map_or(0, |copy| copy.number) + 1;
            let recipients: Vec<String> = recipients
                .into_iter()
                .map(|who| who.trim().to_owned())
                .filter(|who| !who.is_empty())
                .collect();
            if recipients.is_empty() {
                return Err(Refusal::field(
                    "recipients",
                    "Choose or enter for whom the copies are",
                ));
            }
            let copies = (first..)
                .zip(recipients)
                .map(|(number, recipient)| NumberedCopy { number, recipient })
                .collect();
            Ok(vec![Event::CopiesMade(Copies { paper, copies })])
        }
    }
}

/// Applies an event of this stage.
pub fn apply(state: &mut Documents, event: &Event, recorded: &Recorded) {
    match event {
        Event::FileAdded(document) => state.list.push(Filed {
            document: document.clone(),
            entry: recorded.number,
            by: recorded.by.clone(),
            at: recorded.at,
            here: recorded.imported.is_none(),
            withdrawn: None,
        }),
        Event::CopiesMade(made) => {
            for copy in &made.copies {
                state.copies.push(Handed {
                    number: copy.number,
                    paper: made.paper.clone(),
                    recipient: copy.recipient.clone(),
                    by: recorded.by.clone(),
                    at: recorded.at,
                });
            }
        }
        Event::FileWithdrawn { file, why } => {
            if let Some(filed) = state.list.iter_mut().find(|f| f.document.id == *file) {
                filed.withdrawn = Some(Withdrawn {
                    why: why.clone(),
                    by: recorded.by.clone(),
                    at: recorded.at,
                });
            }
        }
    }
}
