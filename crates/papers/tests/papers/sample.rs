//! A paper with one of everything, in an invented place, and the tools that look at what was made of it.

use std::io::Write;
use std::process::{Command, Stdio};

use papers::{Block, Document, Run, Table, Text};

/// A paper that says only this.
pub fn paper(blocks: Vec<Block>) -> Document {
    Document {
        title: "Decision record".into(),
        subject: "Whether to conduct a local child safeguarding practice review".into(),
        language: "en-GB",
        marking: "OFFICIAL-SENSITIVE".into(),
        copy: "Copy 3 of MER-2026-007, for the delegate of the police, 23 November 2026".into(),
        reference: "MER-2026-004".into(),
        footer: "Merrowshire Safeguarding Children Partnership".into(),
        made: "23 November 2026".into(),
        blocks,
    }
}

/// A paper that says only these paragraphs.
pub fn paragraphs<'a>(texts: impl IntoIterator<Item = &'a str>) -> Document {
    paper(
        texts
            .into_iter()
            .map(|text| Block::Paragraph(text.into()))
            .collect(),
    )
}

/// A picture of three bars.
pub const BARS: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="400" height="120" viewBox="0 0 400 120"><title>Contacts</title><rect x="0" y="20" width="60" height="100" fill="#3d3a6b"/><rect x="100" y="60" width="60" height="60" fill="#505a5f"/><rect x="200" y="90" width="60" height="30" fill="#b1b4b6"/></svg>"##;

/// One of everything, long enough for a table to run over a page.
pub fn everything() -> Document {
    let heading = |level, text: &str| Block::Heading {
        level,
        text: text.into(),
    };
    let findings = (1..=14)
        .map(|n| {
            vec![
                Text::plain(format!("Criterion {n}")),
                Text::plain(if n % 3 == 0 { "It may" } else { "It does" }),
                Text::plain(
                    "The health visitor and the nursery each held part of what was known, and neither was told what the other had seen.",
                ),
                Text::plain("Rapid review report, paragraph 4.2; first.last-name.of.someone@health.merrowshire.example"),
            ]
        })
        .collect();
    paper(vec![
        heading(1, "The decision"),
        Block::Paragraph(
            Text::plain("The safeguarding partners decided on ").then_strong("Friday 4 December 2026").then(
                " to conduct a review. The review will look at how agencies worked together in Tilbrook, not at who is to blame.",
            ),
        ),
        Block::Note(Text::plain("Do not share this record outside the partnership. It names people who have not been told.")),
        Block::Facts(vec![
            ("Child".into(), vec!["“Rowan”, 16 months when she died".into()]),
            ("Became aware".into(), vec!["Monday 23 November 2026, 9:32am".into(), "By telephone from Tilbrook Hospital".into()]),
            ("Lead area".into(), vec!["Merrowshire".into()]),
            ("Not yet known".into(), vec![]),
        ]),
        heading(2, "What was considered"),
        Block::Table(Table {
            caption: "Findings on each criterion".into(),
            head: vec!["Criterion".into(), "Finding".into(), "Reasons".into(), "Evidence".into()],
            rows: findings,
            row_heads: true,
            widths: Some(vec![2, 1, 4, 3]),
        }),
        heading(3, "In the family's words"),
        Block::Quote {
            text: "She was the one who sang in the mornings. We would like people to know that.".into(),
            by: "Rowan's grandmother, 2 December 2026".into(),
        },
        Block::Bullets(vec!["Explained the purpose".into(), "Explained the process".into(), Text(vec![Run::italic("Principle of publication"), Run::plain(" explained")])]),
        Block::Numbered(vec!["Write to the family".into(), "Tell the Panel".into()]),
        Block::Line,
        Block::Figure { svg: BARS.into(), alt: "Contacts fell from ten to three over the year".into(), caption: "Contacts by agency, 2026".into() },
        Block::PageBreak,
        heading(1, "To fill in by hand"),
        Block::Write { label: "Your reasons".into(), hint: "A few sentences in your own words.".into(), lines: 5 },
        Block::Tick { label: "Do you agree?".into(), options: vec!["I agree".into(), "I agree, with a note".into(), "I do not agree".into()] },
        Block::SignHere { who: "Delegate of the local authority".into() },
        Block::SignHere { who: "Delegate of the police".into() },
    ])
}

/// A short letter.
pub fn letter() -> Document {
    Document {
        title: "The review about your granddaughter".into(),
        subject: String::new(),
        blocks: vec![
            Block::Address(vec!["Ms A. Example".into(), "1 Orchard Row".into(), "Tilbrook".into()]),
            Block::Paragraph("Dear Ms Example".into()),
            Block::Paragraph("We are very sorry about the death of your granddaughter.\nYou can choose whether, when and how to take part, and you can change your mind.".into()),
            Block::Paragraph("Yours sincerely".into()),
            Block::SignHere { who: "Independent chair".into() },
        ],
        ..paper(vec![])
    }
}

/// Runs a command of poppler on a PDF and gives what it prints; it must be installed.
pub fn poppler(command: &str, options: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(pdf).expect("the PDF is written");
    let out = Command::new(command)
        .args(options)
        .arg(file.path())
        .args(if command == "pdftotext" {
            &["-"][..]
        } else {
            &[]
        })
        .stderr(Stdio::piped())
        .output()
        .unwrap_or_else(|error| {
            panic!("`{command}` must be installed (package poppler-utils): {error}")
        });
    assert!(
        out.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).expect("poppler prints UTF-8")
}

/// The words of a PDF, with every stretch of white space as one space.
pub fn words_of(pdf: &[u8]) -> String {
    poppler("pdftotext", &["-enc", "UTF-8"], pdf)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
