//! What lies inside a file that somebody brings in: whether it can be opened without harm, and what it holds that its sender may not
//! have meant to send. It is looked at in a process apart ([`child`]) that has no network, no files and little memory and time.

mod archive;
pub mod child;
mod jail;
mod mail;
mod office;
mod ole;
mod pdf;
mod picture;

use serde::{Deserialize, Serialize};

/// What a file is, as far as it decides how it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Word, Excel or PowerPoint as packed parts.
    OfficeOpen,
    /// An OpenDocument text, table or presentation.
    OpenDocument,
    /// Word, Excel, PowerPoint or Outlook of before.
    Ole,
    /// PDF.
    Pdf,
    /// An image.
    Picture,
    /// An e-mail.
    Mail,
    /// Rich text.
    RichText,
}

/// What a file holds besides what is seen when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// Sheets that are hidden.
    HiddenSheets,
    /// Rows or columns that are hidden.
    HiddenRows,
    /// Comments.
    Comments,
    /// Changes that were tracked: what was deleted can be read.
    TrackedChanges,
    /// The name of whoever wrote or changed it last.
    Author,
    /// Links to other files, from which it takes what it shows.
    LinksElsewhere,
    /// Files inside it.
    FilesInside,
    /// Something that runs when it is opened or filled in.
    Script,
    /// A password for opening or for changing it.
    Protection,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    /// It is not whole, or not what it begins like.
    Broken,
    /// It can be opened only with a password.
    Password,
    /// It has macros.
    Macros,
    /// When it is opened it fetches something from elsewhere and shows or runs that.
    FetchesElsewhere,
    /// Unpacked it is far larger than it looks.
    TooLargeInside,
    /// It has more parts than any document.
    TooManyParts,
    /// A part of it has a name that leads out of it.
    NameLeadsOut,
    /// It defines words of its own that grow when they are read.
    OwnEntities,
    /// It is a picture of more points than any camera takes.
    TooManyPoints,
    /// Looking at it took too long, or more memory than it may.
    TooMuch,
}

/// What came of looking at a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Looked {
    /// It can be taken; with what it holds and how often, in order.
    Taken {
        /// What, and how often.
        holds: Vec<(Holds, u32)>,
    },
    /// It cannot.
    Refused {
        /// Why.
        why: Refused,
    },
}

/// How much a file may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The largest file that is taken into memory at all, in bytes; PDF and images are read as they come.
    pub packed: u64,
    /// What all parts together may come to when they are unpacked, in bytes.
    pub unpacked: u64,
    /// How many parts it may have.
    pub parts: usize,
    /// How many points an image may have.
    pub points: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            packed: 200 << 20,
            unpacked: 400 << 20,
            parts: 10_000,
            points: 400_000_000,
        }
    }
}

/// What is counted while a file is looked at.
#[derive(Debug, Default)]
pub(crate) struct Found(std::collections::BTreeMap<Holds, u32>);

impl Found {
    pub(crate) fn add(&mut self, what: Holds, times: u32) {
        if times > 0 {
            let count = self.0.entry(what).or_default();
            *count = count.saturating_add(times);
        }
    }
}

/// Looks at a file. What cannot be read as what it begins like is refused; nothing in it is carried out, and nothing of its words comes back.
pub fn look(shape: Shape, limits: &Limits, file: &mut dyn std::io::Read) -> Looked {
    let mut found = Found::default();
    let done = match shape {
        Shape::OfficeOpen | Shape::OpenDocument | Shape::Ole => {
            whole(file, limits).and_then(|bytes| match shape {
                Shape::OfficeOpen => archive::look(&bytes, limits, &mut found, office::open_xml),
                Shape::OpenDocument => {
                    archive::look(&bytes, limits, &mut found, office::open_document)
                }
                _ => ole::look(bytes, limits, &mut found),
            })
        }
        Shape::Pdf => pdf::look(file, &mut found),
        Shape::RichText => pdf::rich_text(file, &mut found),
        Shape::Mail => mail::look(file, &mut found),
        Shape::Picture => picture::look(file, limits),
    };
    match done {
        Ok(()) => Looked::Taken {
            holds: found.0.into_iter().collect(),
        },
        Err(why) => Looked::Refused { why },
    }
}

/// The whole file, while it is not larger than is taken into memory.
fn whole(file: &mut dyn std::io::Read, limits: &Limits) -> Result<Vec<u8>, Refused> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let read = file.take(limits.packed + 1).read_to_end(&mut bytes);
    match read {
        Ok(_) if bytes.len() as u64 > limits.packed => Err(Refused::TooLargeInside),
        Ok(_) => Ok(bytes),
        Err(_) => Err(Refused::Broken),
    }
}
