//! Sets a paper as PDF/UA-1: the data go in as JSON, `paper.typ` says how they look, the typesetter refuses what is not accessible.
//! The bytes depend on the paper alone: no clock, no author, no file and no network.

mod fonts;
mod world;

use typst::diag::SourceDiagnostic;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::document::{Block, Document, Text};
use crate::error::PapersError;
use crate::prepare::prepare;
use fonts::{Spelling, Use};
use world::PaperWorld;

/// Sets a paper as a tagged PDF that meets PDF/UA-1.
///
/// The title stands at the top, except that addresses at the very beginning and the date come before it, as in a letter.
/// What no font at hand can draw stands as its code, such as `[U+4E2D]`, and a note at the end says so; the DOCX has the character itself.
///
/// # Errors
/// If a table or picture cannot be used as it is ([`PapersError::TableRow`], [`PapersError::TableColumns`], [`PapersError::FigureWithoutAlternative`], [`PapersError::FigureNotSvg`]), or if the typesetter refuses.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PapersError> {
    let _forget = Forget;
    let ready = prepare(document)?;
    match typeset(spelled(&ready, Use::AllFonts)) {
        // Rare mixtures of scripts within one letter can be drawn by no single font.
        Err(PapersError::Typeset { .. }) => typeset(spelled(&ready, Use::MainFont)),
        done => done,
    }
}

/// Empties the typesetter's memory, which is shared by the process and holds content, when a paper is done or refused.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        comemo::evict(0);
    }
}

fn typeset(document: Document) -> Result<Vec<u8>, PapersError> {
    let world = PaperWorld::new(serde_json::to_vec(&document)?);
    let paged = typst::compile(&world)
        .output
        .map_err(|errors| refusal(&errors))?;
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| PapersError::Typeset {
            reason: error.message().to_string(),
        })?;
    let options = PdfOptions {
        creator: typst::foundations::Smart::Custom(Some("Candour".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&paged, &options).map_err(|errors| refusal(&errors))
}

/// What the typesetter says, without the stretches of the paper it quotes between backticks.
fn refusal(errors: &[SourceDiagnostic]) -> PapersError {
    let reasons: Vec<String> = errors
        .iter()
        .map(|error| {
            error
                .message
                .split('`')
                .step_by(2)
                .collect::<Vec<_>>()
                .join("`…`")
        })
        .collect();
    PapersError::Typeset {
        reason: reasons.join("; "),
    }
}

/// The paper with every character the fonts cannot draw spelled as its code, and a note on it at the end.
fn spelled(document: &Document, fonts: Use) -> Document {
    let mut spelling = Spelling::new(fonts);
    let mut out = document.clone();
    for line in [
        &mut out.title,
        &mut out.subject,
        &mut out.marking,
        &mut out.copy,
        &mut out.reference,
        &mut out.footer,
        &mut out.made,
    ] {
        spelling.line(line);
    }
    for block in &mut out.blocks {
        spell_block(block, &mut spelling);
    }
    if spelling.spelled > 0 {
        out.blocks.push(Block::Note(Text::plain(format!(
            "Characters that could not be printed here: {}. Each stands as its code in square brackets. The editable copy of this document holds the characters themselves.",
            spelling.spelled
        ))));
    }
    out
}

fn spell_block(block: &mut Block, spelling: &mut Spelling) {
    match block {
        Block::Heading { text, .. } => spelling.line(text),
        Block::Paragraph(text) | Block::Note(text) => spelling.text(text),
        Block::Bullets(items) | Block::Numbered(items) => {
            items.iter_mut().for_each(|item| spelling.text(item))
        }
        Block::Facts(facts) => {
            for (term, values) in facts {
                spelling.line(term);
                values.iter_mut().for_each(|value| spelling.text(value));
            }
        }
        Block::Table(table) => {
            spelling.line(&mut table.caption);
            table.head.iter_mut().for_each(|head| spelling.line(head));
            table
                .rows
                .iter_mut()
                .flatten()
                .for_each(|cell| spelling.text(cell));
        }
        Block::Quote { text, by } => {
            spelling.text(text);
            spelling.line(by);
        }
        Block::Address(lines) => lines.iter_mut().for_each(|line| spelling.line(line)),
        Block::Write { label, hint, .. } => {
            spelling.line(label);
            spelling.line(hint);
        }
        Block::Tick { label, options } => {
            spelling.line(label);
            options.iter_mut().for_each(|option| spelling.line(option));
        }
        Block::SignHere { who } => spelling.line(who),
        Block::Verbatim(text) => spelling.line(text),
        Block::Figure { svg, alt, caption } => {
            spelling.line(svg);
            spelling.line(alt);
            spelling.line(caption);
        }
        Block::Line | Block::PageBreak => {}
    }
}
