//! The tables of a DOCX: heads that are announced and repeated, rows that stay whole, boxes to fill in by hand.

use std::io;

use super::blocks::{TEXT_WIDTH, plain, styled};
use super::xml::Pen;
use crate::document::{Table, Text};

/// Height of a line of handwriting, in twentieths of a point (8.5 mm).
const HAND_LINE: u32 = 482;

/// What the borders of a table are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Borders {
    /// A hairline under each row.
    Rows,
    /// A box all round.
    Box,
}

/// A table with a head that is repeated on each page.
pub(super) fn table(pen: &mut Pen, table: &Table) -> io::Result<()> {
    if !table.caption.is_empty() {
        plain(pen, "Caption", &table.caption)?;
    }
    let weights: Vec<usize> = table
        .widths
        .iter()
        .flatten()
        .map(|width| usize::from(*width))
        .collect();
    let total = weights.iter().sum::<usize>().max(1);
    let widths: Vec<usize> = weights
        .iter()
        .map(|weight| TEXT_WIDTH * weight / total)
        .collect();
    whole(
        pen,
        &widths,
        Borders::Rows,
        (true, table.row_heads),
        &table.caption,
        |pen| {
            pen.within("w:tr", &[], |pen| {
                pen.within("w:trPr", &[], |pen| {
                    pen.empty("w:cantSplit", &[])?;
                    pen.empty("w:tblHeader", &[])
                })?;
                table
                    .head
                    .iter()
                    .zip(&widths)
                    .try_for_each(|(head, width)| {
                        cell(pen, *width, |pen| {
                            styled(pen, "Cell", &Text::strong(head.as_str()))
                        })
                    })
            })?;
            table.rows.iter().try_for_each(|row| {
                pen.within("w:tr", &[], |pen| {
                    row.iter()
                        .zip(&widths)
                        .enumerate()
                        .try_for_each(|(column, (text, width))| {
                            let is_heading = table.row_heads && column == 0;
                            cell(pen, *width, |pen| {
                                if is_heading {
                                    styled(pen, "Cell", &bold(text))
                                } else {
                                    styled(pen, "Cell", text)
                                }
                            })
                        })
                })
            })
        },
    )
}

/// Terms and what is recorded under each.
pub(super) fn facts(pen: &mut Pen, facts: &[(String, Vec<Text>)]) -> io::Result<()> {
    let widths = [TEXT_WIDTH * 32 / 100, TEXT_WIDTH * 68 / 100];
    whole(pen, &widths, Borders::Rows, (false, true), "", |pen| {
        facts.iter().try_for_each(|(term, values)| {
            pen.within("w:tr", &[], |pen| {
                cell(pen, widths[0], |pen| {
                    styled(pen, "Cell", &Text::strong(term.as_str()))
                })?;
                cell(pen, widths[1], |pen| {
                    if values.is_empty() {
                        return plain(pen, "Cell", "");
                    }
                    values
                        .iter()
                        .try_for_each(|value| styled(pen, "Cell", value))
                })
            })
        })
    })
}

/// An empty box to write in.
pub(super) fn box_to_write(pen: &mut Pen, lines: u8) -> io::Result<()> {
    whole(
        pen,
        &[TEXT_WIDTH],
        Borders::Box,
        (false, false),
        "",
        |pen| {
            row_of_height(pen, HAND_LINE * u32::from(lines), |pen| {
                cell(pen, TEXT_WIDTH, |pen| plain(pen, "Cell", ""))
            })
        },
    )
}

/// Room for a name, a signature and a date.
pub(super) fn sign_here(pen: &mut Pen) -> io::Result<()> {
    let widths = [TEXT_WIDTH * 16 / 100, TEXT_WIDTH * 84 / 100];
    whole(pen, &widths, Borders::Rows, (false, true), "", |pen| {
        [("Name", 1), ("Signature", 2), ("Date", 1)]
            .into_iter()
            .try_for_each(|(label, lines)| {
                row_of_height(pen, HAND_LINE * lines, |pen| {
                    cell(pen, widths[0], |pen| plain(pen, "Cell", label))?;
                    cell(pen, widths[1], |pen| plain(pen, "Cell", ""))
                })
            })
    })
}

fn bold(text: &Text) -> Text {
    let mut text = text.clone();
    text.0.iter_mut().for_each(|run| run.bold = true);
    text
}

/// A table and the small paragraph that keeps it from growing together with the next one.
fn whole(
    pen: &mut Pen,
    widths: &[usize],
    borders: Borders,
    (head_row, head_column): (bool, bool),
    caption: &str,
    rows: impl FnOnce(&mut Pen) -> io::Result<()>,
) -> io::Result<()> {
    pen.within("w:tbl", &[], |pen| {
        pen.within("w:tblPr", &[], |pen| {
            pen.empty(
                "w:tblW",
                &[
                    ("w:w", &widths.iter().sum::<usize>().to_string()),
                    ("w:type", "dxa"),
                ],
            )?;
            pen.within("w:tblBorders", &[], |pen| {
                let sides: &[&str] = match borders {
                    Borders::Rows => &["bottom", "insideH"],
                    Borders::Box => &["top", "left", "bottom", "right"],
                };
                let colour = if borders == Borders::Box {
                    "0b0c0c"
                } else {
                    "b1b4b6"
                };
                sides.iter().try_for_each(|side| {
                    let side = format!("w:{side}");
                    pen.empty(
                        &side,
                        &[
                            ("w:val", "single"),
                            ("w:sz", "6"),
                            ("w:space", "0"),
                            ("w:color", colour),
                        ],
                    )
                })
            })?;
            pen.empty("w:tblLayout", &[("w:type", "fixed")])?;
            let flag = |on| if on { "1" } else { "0" };
            pen.empty(
                "w:tblLook",
                &[
                    ("w:firstRow", flag(head_row)),
                    ("w:lastRow", "0"),
                    ("w:firstColumn", flag(head_column)),
                    ("w:lastColumn", "0"),
                    ("w:noHBand", "1"),
                    ("w:noVBand", "1"),
                ],
            )?;
            if caption.is_empty() {
                Ok(())
            } else {
                pen.empty("w:tblCaption", &[("w:val", caption)])
            }
        })?;
        pen.within("w:tblGrid", &[], |pen| {
            widths
                .iter()
                .try_for_each(|width| pen.empty("w:gridCol", &[("w:w", &width.to_string())]))
        })?;
        rows(pen)
    })?;
    plain(pen, "After", "")
}

fn row_of_height(
    pen: &mut Pen,
    height: u32,
    cells: impl FnOnce(&mut Pen) -> io::Result<()>,
) -> io::Result<()> {
    pen.within("w:tr", &[], |pen| {
        pen.within("w:trPr", &[], |pen| {
            pen.empty("w:cantSplit", &[])?;
            pen.empty(
                "w:trHeight",
                &[("w:val", &height.to_string()), ("w:hRule", "atLeast")],
            )
        })?;
        cells(pen)
    })
}

fn cell(
    pen: &mut Pen,
    width: usize,
    inside: impl FnOnce(&mut Pen) -> io::Result<()>,
) -> io::Result<()> {
    pen.within("w:tc", &[], |pen| {
        pen.within("w:tcPr", &[], |pen| {
            pen.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")])
        })?;
        inside(pen)
    })
}
