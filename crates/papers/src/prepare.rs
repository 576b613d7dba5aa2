//! Makes a paper ready to be written in either format: what is empty is left out, headings do not skip a level, rows are filled up, and what cannot be printed is refused.
//! Both writers start from the outcome, so that they cannot differ on it.

use crate::document::{Block, Document, Run, Table, Text};
use crate::error::PapersError;

/// The name of a paper without one; a title is required by PDF/UA-1.
const UNTITLED: &str = "Untitled document";

/// The deepest heading printed.
const DEEPEST: u8 = 4;

/// A copy of the paper that both writers can follow without further questions.
pub(crate) fn prepare(document: &Document) -> Result<Document, PapersError> {
    let mut ready = Document {
        title: one_line(&document.title),
        subject: one_line(&document.subject),
        language: document.language,
        marking: one_line(&document.marking),
        copy: one_line(&document.copy),
        reference: one_line(&document.reference),
        footer: one_line(&document.footer),
        made: one_line(&document.made),
        blocks: Vec::with_capacity(document.blocks.len()),
    };
    if ready.title.is_empty() {
        ready.title = UNTITLED.to_owned();
    }
    let (mut level_before, mut tables, mut figures) = (0, 0, 0);
    for block in &document.blocks {
        let block = match block {
            Block::Heading { level, text } => {
                let text = one_line(text);
                if text.is_empty() {
                    continue;
                }
                level_before = (*level).clamp(1, DEEPEST).min(level_before + 1);
                Block::Heading {
                    level: level_before,
                    text,
                }
            }
            Block::Paragraph(text) if text.is_empty() => continue,
            Block::Paragraph(text) => Block::Paragraph(clean_text(text)),
            Block::Note(text) if text.is_empty() => continue,
            Block::Note(text) => Block::Note(clean_text(text)),
            Block::Verbatim(text) if text.trim().is_empty() => continue,
            Block::Verbatim(text) => Block::Verbatim(text.trim_end().to_owned()),
            Block::Quote { text, .. } if text.is_empty() => continue,
            Block::Quote { text, by } => Block::Quote {
                text: clean_text(text),
                by: one_line(by),
            },
            Block::Bullets(items) => match said(items) {
                items if items.is_empty() => continue,
                items => Block::Bullets(items),
            },
            Block::Numbered(items) => match said(items) {
                items if items.is_empty() => continue,
                items => Block::Numbered(items),
            },
            Block::Facts(facts) if facts.is_empty() => continue,
            Block::Facts(facts) => Block::Facts(
                facts
                    .iter()
                    .map(|(term, values)| (clean(term), said(values)))
                    .collect(),
            ),
            Block::Table(table) => {
                tables += 1;
                Block::Table(whole_table(table, tables)?)
            }
            Block::Address(lines) => {
                let lines: Vec<_> = lines
                    .iter()
                    .map(|line| one_line(line))
                    .filter(|line| !line.is_empty())
                    .collect();
                if lines.is_empty() {
                    continue;
                }
                Block::Address(lines)
            }
            Block::Write { label, hint, lines } => Block::Write {
                label: one_line(label),
                hint: one_line(hint),
                lines: (*lines).max(1),
            },
            Block::Tick { label, options } => Block::Tick {
                label: one_line(label),
                options: options.iter().map(|option| one_line(option)).collect(),
            },
            Block::SignHere { who } => Block::SignHere { who: one_line(who) },
            Block::Figure { svg, alt, caption } => {
                figures += 1;
                if alt.trim().is_empty() {
                    return Err(PapersError::FigureWithoutAlternative { figure: figures });
                }
                if crate::picture::Picture::read(svg).is_none() {
                    return Err(PapersError::FigureNotSvg { figure: figures });
                }
                Block::Figure {
                    svg: svg.clone(),
                    alt: one_line(alt),
                    caption: one_line(caption),
                }
            }
            Block::Line => Block::Line,
            Block::PageBreak => Block::PageBreak,
        };
        ready.blocks.push(block);
    }
    Ok(ready)
}

/// The table with every row as long as its head and one width for each column.
fn whole_table(table: &Table, number: usize) -> Result<Table, PapersError> {
    let columns = table.head.len();
    let widths = match &table.widths {
        None => vec![1; columns],
        Some(widths) => widths.clone(),
    };
    if columns == 0 || widths.len() != columns || widths.contains(&0) {
        return Err(PapersError::TableColumns { table: number });
    }
    let mut rows = Vec::with_capacity(table.rows.len());
    for (index, row) in table.rows.iter().enumerate() {
        if row.len() > columns {
            return Err(PapersError::TableRow {
                table: number,
                row: index + 1,
                cells: row.len(),
                columns,
            });
        }
        let mut row: Vec<Text> = row.iter().map(clean_text).collect();
        row.resize(columns, Text::default());
        rows.push(row);
    }
    Ok(Table {
        caption: one_line(&table.caption),
        head: table.head.iter().map(|head| clean(head)).collect(),
        rows,
        row_heads: table.row_heads,
        widths: Some(widths),
    })
}

/// The texts that say something.
fn said(texts: &[Text]) -> Vec<Text> {
    texts
        .iter()
        .filter(|text| !text.is_empty())
        .map(clean_text)
        .collect()
}

fn clean_text(text: &Text) -> Text {
    Text(
        text.0
            .iter()
            .map(|run| Run {
                text: clean(&run.text),
                ..*run
            })
            .collect(),
    )
}

/// The text without what has no printed form and XML cannot hold; every kind of line break becomes `\n`.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(
        ['\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}'],
        "\n",
    );
    text.chars()
        .filter(|&c| {
            matches!(c, '\n' | '\t') || !(c.is_control() || is_noncharacter(c) || c == '\u{feff}')
        })
        .collect()
}

/// Code points that Unicode reserves for never being text.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}

/// The text in one line, without space around it.
fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ").trim().to_owned()
}
