//! The styles of a DOCX, by the names a word processor knows, so that its navigation, screen readers and the people who correct it find their way.

use std::io;

use super::parts::W;
use super::xml::{Attributes, Pen};
use crate::document::Document;

/// The typeface: one that every office computer has, as fonts are not embedded.
const TYPEFACE: &str = "Arial";

/// One paragraph style.
struct Style {
    id: &'static str,
    name: &'static str,
    /// Half points.
    size: &'static str,
    bold: bool,
    italic: bool,
    quiet: bool,
    /// Twentieths of a point before and after.
    space: (&'static str, &'static str),
    /// Further paragraph properties before the spacing, in the order the schema asks for.
    first: &'static [(&'static str, Attributes<'static>)],
    /// Further paragraph properties after the spacing.
    last: &'static [(&'static str, Attributes<'static>)],
}

const PLAIN: Style = Style {
    id: "Normal",
    name: "Normal",
    size: "23",
    bold: false,
    italic: false,
    quiet: false,
    space: ("0", "160"),
    first: &[],
    last: &[],
};
/// The style of what is compared letter by letter.
const VERBATIM: &str = "Verbatim";
/// Its typeface, in which every letter is told from every other.
const EVEN: &str = "Courier New";
const KEEP: (&str, Attributes<'static>) = ("w:keepNext", &[]);

const STYLES: &[Style] = &[
    PLAIN,
    Style {
        id: "Title",
        name: "Title",
        size: "42",
        bold: true,
        space: ("0", "120"),
        first: &[KEEP],
        ..PLAIN
    },
    Style {
        id: "Subtitle",
        name: "Subtitle",
        size: "25",
        quiet: true,
        space: ("0", "80"),
        ..PLAIN
    },
    Style {
        id: "About",
        name: "About",
        size: "19",
        quiet: true,
        space: ("0", "280"),
        ..PLAIN
    },
    heading(
        "Heading1",
        "heading 1",
        "31",
        &[KEEP],
        &[("w:outlineLvl", &[("w:val", "0")])],
    ),
    heading(
        "Heading2",
        "heading 2",
        "26",
        &[KEEP],
        &[("w:outlineLvl", &[("w:val", "1")])],
    ),
    heading(
        "Heading3",
        "heading 3",
        "23",
        &[KEEP],
        &[("w:outlineLvl", &[("w:val", "2")])],
    ),
    Style {
        italic: true,
        bold: false,
        ..heading(
            "Heading4",
            "heading 4",
            "23",
            &[KEEP],
            &[("w:outlineLvl", &[("w:val", "3")])],
        )
    },
    Style {
        id: "ListParagraph",
        name: "List Paragraph",
        space: ("0", "80"),
        ..PLAIN
    },
    Style {
        id: "Caption",
        name: "caption",
        bold: true,
        space: ("200", "80"),
        first: &[KEEP],
        ..PLAIN
    },
    Style {
        id: "FigureCaption",
        name: "Figure caption",
        size: "19",
        quiet: true,
        space: ("60", "240"),
        ..PLAIN
    },
    Style {
        id: "Question",
        name: "Question",
        bold: true,
        space: ("280", "80"),
        first: &[KEEP],
        ..PLAIN
    },
    Style {
        id: "Hint",
        name: "Hint",
        size: "19",
        quiet: true,
        space: ("0", "80"),
        first: &[KEEP],
        ..PLAIN
    },
    Style {
        id: "Cell",
        name: "Cell",
        size: "21",
        space: ("60", "60"),
        ..PLAIN
    },
    Style {
        id: VERBATIM,
        name: "Verbatim",
        size: "16",
        space: ("0", "200"),
        ..PLAIN
    },
    Style {
        id: "Address",
        name: "Address",
        space: ("0", "320"),
        ..PLAIN
    },
    Style {
        id: "After",
        name: "After",
        size: "12",
        space: ("0", "80"),
        ..PLAIN
    },
    Style {
        id: "Quote",
        name: "Quote",
        space: ("160", "80"),
        first: &[("w:pBdr", &[("left", "b1b4b6")])],
        last: &[("w:ind", &[("w:left", "340")])],
        ..PLAIN
    },
    Style {
        id: "QuoteBy",
        name: "Quote by",
        size: "19",
        quiet: true,
        space: ("0", "240"),
        last: &[("w:ind", &[("w:left", "340")])],
        ..PLAIN
    },
    Style {
        id: "Note",
        name: "Note",
        space: ("200", "240"),
        first: &[
            ("w:pBdr", &[("left", "3d3a6b")]),
            (
                "w:shd",
                &[
                    ("w:val", "clear"),
                    ("w:color", "auto"),
                    ("w:fill", "f3f2f1"),
                ],
            ),
        ],
        last: &[("w:ind", &[("w:left", "170")])],
        ..PLAIN
    },
    Style {
        id: "Rule",
        name: "Rule",
        size: "12",
        first: &[("w:pBdr", &[("bottom", "b1b4b6")])],
        ..PLAIN
    },
    Style {
        id: "Marking",
        name: "Marking",
        size: "19",
        bold: true,
        quiet: true,
        space: ("0", "0"),
        last: &[("w:jc", &[("w:val", "center")])],
        ..PLAIN
    },
    Style {
        id: "Header",
        name: "header",
        size: "19",
        quiet: true,
        space: ("0", "0"),
        first: &[("w:tabs", &[])],
        ..PLAIN
    },
    Style {
        id: "Footer",
        name: "footer",
        size: "19",
        quiet: true,
        space: ("0", "0"),
        first: &[("w:tabs", &[])],
        ..PLAIN
    },
];

const fn heading(
    id: &'static str,
    name: &'static str,
    size: &'static str,
    first: &'static [(&'static str, Attributes<'static>)],
    last: &'static [(&'static str, Attributes<'static>)],
) -> Style {
    Style {
        id,
        name,
        size,
        bold: true,
        italic: false,
        quiet: false,
        space: ("320", "120"),
        first,
        last,
    }
}

/// All styles, and the language of the text.
pub(super) fn styles(document: &Document) -> io::Result<Vec<u8>> {
    let mut pen = Pen::new()?;
    pen.within("w:styles", &[("xmlns:w", W)], |pen| {
        pen.within("w:docDefaults", &[], |pen| {
            pen.within("w:rPrDefault", &[], |pen| {
                pen.within("w:rPr", &[], |pen| {
                    pen.empty(
                        "w:rFonts",
                        &[
                            ("w:ascii", TYPEFACE),
                            ("w:hAnsi", TYPEFACE),
                            ("w:eastAsia", TYPEFACE),
                            ("w:cs", TYPEFACE),
                        ],
                    )?;
                    pen.empty("w:sz", &[("w:val", PLAIN.size)])?;
                    pen.empty("w:szCs", &[("w:val", PLAIN.size)])?;
                    pen.empty(
                        "w:lang",
                        &[
                            ("w:val", document.language),
                            ("w:eastAsia", document.language),
                            ("w:bidi", "ar-SA"),
                        ],
                    )
                })
            })?;
            pen.empty("w:pPrDefault", &[])
        })?;
        for style in STYLES {
            write_style(pen, style)?;
        }
        pen.within(
            "w:style",
            &[
                ("w:type", "table"),
                ("w:default", "1"),
                ("w:styleId", "TableNormal"),
            ],
            |pen| {
                pen.empty("w:name", &[("w:val", "Normal Table")])?;
                pen.within("w:tblPr", &[], |pen| {
                    pen.within("w:tblCellMar", &[], |pen| {
                        pen.empty("w:left", &[("w:w", "100"), ("w:type", "dxa")])?;
                        pen.empty("w:right", &[("w:w", "100"), ("w:type", "dxa")])
                    })
                })
            },
        )
    })?;
    Ok(pen.finish())
}

fn write_style(pen: &mut Pen, style: &Style) -> io::Result<()> {
    let mut attributes = vec![("w:type", "paragraph"), ("w:styleId", style.id)];
    if style.id == PLAIN.id {
        attributes.push(("w:default", "1"));
    }
    pen.within("w:style", &attributes, |pen| {
        pen.empty("w:name", &[("w:val", style.name)])?;
        if style.id != PLAIN.id {
            pen.empty("w:basedOn", &[("w:val", PLAIN.id)])?;
        }
        pen.empty("w:qFormat", &[])?;
        pen.within("w:pPr", &[], |pen| {
            for (name, attributes) in style.first {
                property(pen, name, attributes)?;
            }
            let (before, after) = style.space;
            pen.empty(
                "w:spacing",
                &[
                    ("w:before", before),
                    ("w:after", after),
                    ("w:line", "276"),
                    ("w:lineRule", "auto"),
                ],
            )?;
            for (name, attributes) in style.last {
                property(pen, name, attributes)?;
            }
            io::Result::Ok(())
        })?;
        pen.within("w:rPr", &[], |pen| {
            if style.id == VERBATIM {
                pen.empty(
                    "w:rFonts",
                    &[("w:ascii", EVEN), ("w:hAnsi", EVEN), ("w:cs", EVEN)],
                )?;
            }
            if style.bold {
                pen.empty("w:b", &[])?;
                pen.empty("w:bCs", &[])?;
            }
            if style.italic {
                pen.empty("w:i", &[])?;
                pen.empty("w:iCs", &[])?;
            }
            if style.quiet {
                pen.empty("w:color", &[("w:val", "505a5f")])?;
            }
            pen.empty("w:sz", &[("w:val", style.size)])?;
            pen.empty("w:szCs", &[("w:val", style.size)])
        })
    })
}

/// A paragraph property; a border is given by its side and colour, tabs by the right edge of the text.
fn property(pen: &mut Pen, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
    match (name, attributes) {
        ("w:pBdr", [(side, colour)]) => pen.within(name, &[], |pen| {
            let size = if *side == "left" { "24" } else { "4" };
            pen.empty(
                &format!("w:{side}"),
                &[
                    ("w:val", "single"),
                    ("w:sz", size),
                    ("w:space", "8"),
                    ("w:color", colour),
                ],
            )
        }),
        ("w:tabs", _) => pen.within(name, &[], |pen| {
            pen.empty(
                "w:tab",
                &[
                    ("w:val", "right"),
                    ("w:pos", &super::blocks::TEXT_WIDTH.to_string()),
                ],
            )
        }),
        _ => pen.empty(name, attributes),
    }
}
