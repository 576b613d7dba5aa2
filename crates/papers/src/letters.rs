//! Letters to the family: a suggested text for a person to read, change and release, and the released letter as a paper.
//! The words are in `templates/letters`, in plain language for an adult, an older and a younger child.
//! They say that the review will go ahead and that the reader chooses whether, when and how to take part; they blame no one.

use cases::family::{Letter, LetterKind};

use crate::document::{Block, Document, Text};
use crate::pieces::paper;

/// What was decided, as the letter tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// There will be a review.
    Review,
    /// There will be no review, for these reasons in plain words, written for the reader.
    NoReview {
        /// The reasons; while empty, the text asks for them in square brackets.
        reasons: String,
    },
}

/// What a suggested text is made from; whatever is empty is asked for in square brackets, to be filled in before release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterData {
    /// For whom it is written.
    pub kind: LetterKind,
    /// What it is about, in words the reader would use: "the death of your son", "what happened to you".
    /// Empty means "what happened in your family".
    pub what: String,
    /// The bodies that decided, by name, such as "Merrowshire Council".
    pub partners: Vec<String>,
    /// The name of the review in the edition.
    pub review: String,
    /// What was decided.
    pub told: Told,
    /// Whom to call, with name, number and times.
    pub contact: String,
    /// The advocate or supporter offered, with how to reach them.
    pub advocate: String,
}

/// The suggested text of a letter: paragraphs separated by an empty line, without salutation and signature.
/// A person reads, changes and releases it; nothing is sent from here.
pub fn suggested_text(data: &LetterData) -> String {
    let template = match (data.kind, &data.told) {
        (LetterKind::Adult, Told::Review) => include_str!("../templates/letters/adult-review.txt"),
        (LetterKind::Adult, Told::NoReview { .. }) => {
            include_str!("../templates/letters/adult-no-review.txt")
        }
        (LetterKind::OlderChild, Told::Review) => {
            include_str!("../templates/letters/older-child-review.txt")
        }
        (LetterKind::OlderChild, Told::NoReview { .. }) => {
            include_str!("../templates/letters/older-child-no-review.txt")
        }
        (LetterKind::YoungerChild, Told::Review) => {
            include_str!("../templates/letters/younger-child-review.txt")
        }
        (LetterKind::YoungerChild, Told::NoReview { .. }) => {
            include_str!("../templates/letters/younger-child-no-review.txt")
        }
    };
    let or = |text: &str, otherwise: &str| {
        if text.trim().is_empty() {
            otherwise.to_owned()
        } else {
            text.trim().to_owned()
        }
    };
    let partners = match data.partners.as_slice() {
        [] => String::new(),
        [one] => format!("We are {one}."),
        [most @ .., last] => format!("We are {} and {last}.", most.join(", ")),
    };
    let reasons = match &data.told {
        Told::NoReview { reasons } => or(
            reasons,
            "[Say here in plain words why, as you would say it to them.]",
        ),
        Told::Review => String::new(),
    };
    let values = [
        ("what", or(&data.what, "what happened in your family")),
        ("partners", partners),
        ("review", or(&data.review, "review")),
        ("reasons", reasons),
        (
            "contact",
            or(
                &data.contact,
                "[Say here whom they can call, with name, number and times.]",
            ),
        ),
        (
            "advocate",
            or(
                &data.advocate,
                "[Say here who can support them or speak for them, such as an advocate, and how to reach them.]",
            ),
        ),
    ];
    fill(template, &values)
}

/// Fills in the template in one pass, so that what is filled in is never read as a template itself.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len() + 400);
    let mut rest = template.trim_end();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, left)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(n, _)| *n == name) {
            Some((_, value)) if value.is_empty() => {
                rest = left.strip_prefix(' ').unwrap_or(left);
                continue;
            }
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&format!("{{{name}}}")),
        }
        rest = left;
    }
    out.push_str(rest);
    out
}

/// Whether a text still has something in square brackets that a person was asked to fill in.
pub fn to_fill_in(text: &str) -> bool {
    text.contains("[Say here")
}

/// A released letter as a paper: its words as they were released, with address, date, salutation and who signs.
/// It carries no protective marking: it belongs to whom it is written.
pub fn letter_document(
    letter: &Letter,
    partnership: &str,
    address: &[String],
    reference: &str,
) -> Document {
    let title = match letter.kind {
        LetterKind::Adult => format!("A letter from {partnership}"),
        LetterKind::OlderChild | LetterKind::YoungerChild => "A letter for you".to_owned(),
    };
    let mut out = paper(&title, String::new(), reference);
    out.marking = String::new();
    out.footer = partnership.to_owned();
    out.made = calendar::words::short(letter.dated);
    let lines: Vec<String> = address
        .iter()
        .filter(|l| !l.trim().is_empty())
        .cloned()
        .collect();
    if !lines.is_empty() {
        out.blocks.push(Block::Address(lines));
    }
    out.blocks
        .push(Block::Paragraph(Text::plain(letter.salutation.trim())));
    for paragraph in letter
        .text
        .replace("\r\n", "\n")
        .split("\n\n")
        .map(str::trim)
        .filter(|p| !p.is_empty())
    {
        match paragraph.split_once('\n') {
            Some((first, rest)) if is_heading(first) => {
                out.blocks.push(Block::Heading {
                    level: 1,
                    text: first.trim().to_owned(),
                });
                out.blocks.push(Block::Paragraph(Text::plain(rest)));
            }
            _ => out.blocks.push(Block::Paragraph(Text::plain(paragraph))),
        }
    }
    let farewell = match letter.kind {
        LetterKind::Adult => "Yours sincerely",
        LetterKind::OlderChild | LetterKind::YoungerChild => "With best wishes",
    };
    out.blocks.push(Block::Paragraph(Text::plain(format!(
        "{farewell}\n\n\n\n{}",
        letter.signed_by.trim()
    ))));
    out
}

/// A short first line without a full stop opens a part of the letter.
fn is_heading(line: &str) -> bool {
    let line = line.trim();
    let ends = line.chars().last().is_some_and(|c| ".,;:!?]".contains(c));
    !ends
        && line.chars().count() <= 50
        && !line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
}
