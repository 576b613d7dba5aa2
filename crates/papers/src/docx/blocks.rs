//! The text of a DOCX: each block of the paper as paragraphs, in the order the PDF has them.

use std::io;

use super::parts::{BLANK, FIRST_PICTURE, R, W};
use super::tables;
use super::xml::Pen;
use crate::document::{Block, Document, Text};
use crate::picture::Picture;

/// Width of the text on A4 between margins of 2.3 cm, in twentieths of a point.
pub(super) const TEXT_WIDTH: usize = 9298;
/// English Metric Units in a CSS pixel.
const EMU_PER_PIXEL: f64 = 9525.0;
/// The same width in English Metric Units.
const TEXT_WIDTH_EMU: f64 = 9298.0 * 635.0;

/// The main part and what it needs beside it.
pub(super) struct Body {
    /// `word/document.xml`.
    pub(super) xml: Vec<u8>,
    /// The pictures, as SVG.
    pub(super) pictures: Vec<String>,
    /// How many numbered lists there are; the first has number 2, after the bullets.
    pub(super) numbered_lists: usize,
}

impl Body {
    /// Writes the text of a prepared paper.
    pub(super) fn write(document: &Document) -> io::Result<Self> {
        let mut body = Self {
            xml: Vec::new(),
            pictures: Vec::new(),
            numbered_lists: 0,
        };
        let mut pen = Pen::new()?;
        let namespaces = [
            ("xmlns:w", W),
            ("xmlns:r", R),
            (
                "xmlns:wp",
                "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
            ),
            (
                "xmlns:a",
                "http://schemas.openxmlformats.org/drawingml/2006/main",
            ),
            (
                "xmlns:pic",
                "http://schemas.openxmlformats.org/drawingml/2006/picture",
            ),
            (
                "xmlns:asvg",
                "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
            ),
        ];
        pen.within("w:document", &namespaces, |pen| {
            pen.within("w:body", &[], |pen| {
                body.all(pen, document)?;
                page(pen)
            })
        })?;
        body.xml = pen.finish();
        Ok(body)
    }

    fn all(&mut self, pen: &mut Pen, document: &Document) -> io::Result<()> {
        let addresses = document
            .blocks
            .iter()
            .take_while(|block| matches!(block, Block::Address(_)))
            .count();
        let (opening, rest) = document.blocks.split_at(addresses);
        for block in opening {
            self.block(pen, block)?;
        }
        let is_letter = addresses > 0;
        if is_letter && !document.made.is_empty() {
            plain(pen, "Normal", &document.made)?;
        }
        plain(pen, "Title", &document.title)?;
        if !document.subject.is_empty() {
            plain(pen, "Subtitle", &document.subject)?;
        }
        let mut about = Vec::new();
        if !document.marking.is_empty() {
            about.push(document.marking.clone());
        }
        if !document.reference.is_empty() {
            about.push(format!("Reference {}", document.reference));
        }
        if !is_letter && !document.made.is_empty() {
            about.push(format!("Made on {}", document.made));
        }
        if !about.is_empty() {
            plain(pen, "About", &about.join("  ·  "))?;
        }
        rest.iter().try_for_each(|block| self.block(pen, block))
    }

    fn block(&mut self, pen: &mut Pen, block: &Block) -> io::Result<()> {
        match block {
            Block::Heading { level, text } => plain(pen, &format!("Heading{level}"), text),
            Block::Paragraph(text) => styled(pen, "Normal", text),
            Block::Note(text) => styled(pen, "Note", text),
            Block::Bullets(items) => items.iter().try_for_each(|item| list_item(pen, 1, item)),
            Block::Numbered(items) => {
                self.numbered_lists += 1;
                let list = self.numbered_lists + 1;
                items.iter().try_for_each(|item| list_item(pen, list, item))
            }
            Block::Facts(facts) => tables::facts(pen, facts),
            Block::Table(table) => tables::table(pen, table),
            Block::Quote { text, by } => {
                styled(pen, "Quote", text)?;
                if by.is_empty() {
                    Ok(())
                } else {
                    plain(pen, "QuoteBy", &format!("— {by}"))
                }
            }
            Block::Verbatim(text) => plain(pen, "Verbatim", text),
            Block::Address(lines) => plain(pen, "Address", &lines.join("\n")),
            Block::Line => paragraph(pen, "Rule", |_| Ok(())),
            Block::PageBreak => paragraph(pen, "After", |pen| {
                pen.within("w:r", &[], |pen| pen.empty("w:br", &[("w:type", "page")]))
            }),
            Block::Write { label, hint, lines } => {
                asked(pen, label, hint)?;
                tables::box_to_write(pen, *lines)
            }
            Block::Tick { label, options } => {
                asked(pen, label, "")?;
                options
                    .iter()
                    .try_for_each(|option| plain(pen, "ListParagraph", &format!("☐ {option}")))
            }
            Block::SignHere { who } => {
                asked(pen, who, "")?;
                tables::sign_here(pen)
            }
            Block::Figure { svg, alt, caption } => {
                self.pictures.push(svg.clone());
                picture(pen, self.pictures.len(), svg, alt, caption)
            }
        }
    }
}

fn asked(pen: &mut Pen, label: &str, hint: &str) -> io::Result<()> {
    if !label.is_empty() {
        plain(pen, "Question", label)?;
    }
    if !hint.is_empty() {
        plain(pen, "Hint", hint)?;
    }
    Ok(())
}

/// A4, its margins, and the header and footer of every page.
fn page(pen: &mut Pen) -> io::Result<()> {
    pen.within("w:sectPr", &[], |pen| {
        pen.empty(
            "w:headerReference",
            &[("w:type", "default"), ("r:id", "rId4")],
        )?;
        pen.empty(
            "w:footerReference",
            &[("w:type", "default"), ("r:id", "rId5")],
        )?;
        pen.empty("w:pgSz", &[("w:w", "11906"), ("w:h", "16838")])?;
        pen.empty(
            "w:pgMar",
            &[
                ("w:top", "1644"),
                ("w:right", "1304"),
                ("w:bottom", "1531"),
                ("w:left", "1304"),
                ("w:header", "680"),
                ("w:footer", "624"),
                ("w:gutter", "0"),
            ],
        )
    })
}

/// A paragraph in a style.
pub(super) fn paragraph(
    pen: &mut Pen,
    style: &str,
    inside: impl FnOnce(&mut Pen) -> io::Result<()>,
) -> io::Result<()> {
    pen.within("w:p", &[], |pen| {
        pen.within("w:pPr", &[], |pen| {
            pen.empty("w:pStyle", &[("w:val", style)])
        })?;
        inside(pen)
    })
}

/// A paragraph of one string.
pub(super) fn plain(pen: &mut Pen, style: &str, text: &str) -> io::Result<()> {
    paragraph(pen, style, |pen| words(pen, text, false, false))
}

/// A paragraph of a text.
pub(super) fn styled(pen: &mut Pen, style: &str, text: &Text) -> io::Result<()> {
    paragraph(pen, style, |pen| runs(pen, text))
}

fn list_item(pen: &mut Pen, list: usize, text: &Text) -> io::Result<()> {
    pen.within("w:p", &[], |pen| {
        pen.within("w:pPr", &[], |pen| {
            pen.empty("w:pStyle", &[("w:val", "ListParagraph")])?;
            pen.within("w:numPr", &[], |pen| {
                pen.empty("w:ilvl", &[("w:val", "0")])?;
                pen.empty("w:numId", &[("w:val", &list.to_string())])
            })
        })?;
        runs(pen, text)
    })
}

fn runs(pen: &mut Pen, text: &Text) -> io::Result<()> {
    text.0
        .iter()
        .try_for_each(|run| words(pen, &run.text, run.bold, run.italic))
}

/// One run of text; its line breaks and tabs are kept.
pub(super) fn words(pen: &mut Pen, text: &str, bold: bool, italic: bool) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    pen.within("w:r", &[], |pen| {
        if bold || italic {
            pen.within("w:rPr", &[], |pen| {
                for (wanted, name) in [
                    (bold, "w:b"),
                    (bold, "w:bCs"),
                    (italic, "w:i"),
                    (italic, "w:iCs"),
                ] {
                    if wanted {
                        pen.empty(name, &[])?;
                    }
                }
                io::Result::Ok(())
            })?;
        }
        for piece in text.split_inclusive(['\n', '\t']) {
            let said = piece.trim_end_matches(['\n', '\t']);
            if !said.is_empty() {
                pen.text("w:t", &[("xml:space", "preserve")], said)?;
            }
            if piece.ends_with('\n') {
                pen.empty("w:br", &[])?;
            } else if piece.ends_with('\t') {
                pen.empty("w:tab", &[])?;
            }
        }
        Ok(())
    })
}

/// A picture as wide as it says, at most as wide as the text, with its alternative and caption.
fn picture(pen: &mut Pen, number: usize, svg: &str, alt: &str, caption: &str) -> io::Result<()> {
    let size = Picture::read(svg).unwrap_or(Picture {
        width: 300.0,
        height: 150.0,
    });
    let scale = (TEXT_WIDTH_EMU / (size.width * EMU_PER_PIXEL)).min(1.0);
    let emu = |pixels: f64| format!("{:.0}", pixels * EMU_PER_PIXEL * scale);
    let (width, height) = (emu(size.width), emu(size.height));
    let (id, name, relation) = (
        number.to_string(),
        format!("Picture {number}"),
        format!("rId{}", FIRST_PICTURE + number),
    );
    paragraph(
        pen,
        if caption.is_empty() {
            "Normal"
        } else {
            "Caption"
        },
        |pen| {
            pen.within("w:r", &[], |pen| {
                pen.within("w:drawing", &[], |pen| {
                    pen.within(
                        "wp:inline",
                        &[
                            ("distT", "0"),
                            ("distB", "0"),
                            ("distL", "0"),
                            ("distR", "0"),
                        ],
                        |pen| {
                            pen.empty("wp:extent", &[("cx", &width), ("cy", &height)])?;
                            pen.empty("wp:docPr", &[("id", &id), ("name", &name), ("descr", alt)])?;
                            pen.within("a:graphic", &[], |pen| {
                                let uri =
                                    "http://schemas.openxmlformats.org/drawingml/2006/picture";
                                pen.within("a:graphicData", &[("uri", uri)], |pen| {
                                    pen.within("pic:pic", &[], |pen| {
                                        pen.within("pic:nvPicPr", &[], |pen| {
                                            pen.empty(
                                                "pic:cNvPr",
                                                &[("id", &id), ("name", &name), ("descr", alt)],
                                            )?;
                                            pen.empty("pic:cNvPicPr", &[])
                                        })?;
                                        pen.within("pic:blipFill", &[], |pen| {
                                            blip(pen, &relation)?;
                                            pen.within("a:stretch", &[], |pen| {
                                                pen.empty("a:fillRect", &[])
                                            })
                                        })?;
                                        pen.within("pic:spPr", &[], |pen| {
                                            pen.within("a:xfrm", &[], |pen| {
                                                pen.empty("a:off", &[("x", "0"), ("y", "0")])?;
                                                pen.empty(
                                                    "a:ext",
                                                    &[("cx", &width), ("cy", &height)],
                                                )
                                            })?;
                                            pen.within("a:prstGeom", &[("prst", "rect")], |pen| {
                                                pen.empty("a:avLst", &[])
                                            })
                                        })
                                    })
                                })
                            })
                        },
                    )
                })
            })
        },
    )?;
    if caption.is_empty() {
        Ok(())
    } else {
        plain(pen, "FigureCaption", caption)
    }
}

/// The vector picture, with a blank one for word processors that cannot show it.
fn blip(pen: &mut Pen, relation: &str) -> io::Result<()> {
    pen.within("a:blip", &[("r:embed", BLANK)], |pen| {
        pen.within("a:extLst", &[], |pen| {
            pen.within(
                "a:ext",
                &[("uri", "{96DAC541-7B7A-43D3-8B79-37D633B846F1}")],
                |pen| pen.empty("asvg:svgBlip", &[("r:embed", relation)]),
            )
        })
    })
}
