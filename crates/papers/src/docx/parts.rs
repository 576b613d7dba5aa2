//! The parts of a DOCX around its text: what the package holds, its properties, styles, lists, header and footer.

use std::io;

use super::blocks::{paragraph, words};
use super::xml::Pen;
use crate::document::Document;

/// The main namespace of a word-processing document.
pub(super) const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// The namespace of relationships between parts.
pub(super) const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The relationship of the first picture's vector form is this number plus one.
pub(super) const FIRST_PICTURE: usize = 10;
/// The relationship of the blank picture for word processors that cannot show SVG.
pub(super) const BLANK: &str = "rId9";

const PACKAGE_RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const CONTENT_TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// A white picture of one pixel.
pub(super) const BLANK_PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b,
    0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0x0f, 0x00, 0x01,
    0x01, 0x01, 0x00, 0x1c, 0xb0, 0x8c, 0x99, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];

/// What kind of file each part is.
pub(super) fn content_types() -> io::Result<Vec<u8>> {
    let mut pen = Pen::new()?;
    pen.within("Types", &[("xmlns", CONTENT_TYPES)], |pen| {
        for (extension, kind) in [
            (
                "rels",
                "application/vnd.openxmlformats-package.relationships+xml",
            ),
            ("xml", "application/xml"),
            ("png", "image/png"),
            ("svg", "image/svg+xml"),
        ] {
            pen.empty(
                "Default",
                &[("Extension", extension), ("ContentType", kind)],
            )?;
        }
        pen.empty(
            "Override",
            &[
                ("PartName", "/docProps/core.xml"),
                (
                    "ContentType",
                    "application/vnd.openxmlformats-package.core-properties+xml",
                ),
            ],
        )?;
        for (part, kind) in [
            ("document", "document.main"),
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("settings", "settings"),
            ("header1", "header"),
            ("footer1", "footer"),
        ] {
            let (part, kind) = (format!("/word/{part}.xml"), format!("{WORD}.{kind}+xml"));
            pen.empty("Override", &[("PartName", &part), ("ContentType", &kind)])?;
        }
        io::Result::Ok(())
    })?;
    Ok(pen.finish())
}

/// Where the package begins.
pub(super) fn package_relationships() -> io::Result<Vec<u8>> {
    let mut pen = Pen::new()?;
    pen.within("Relationships", &[("xmlns", PACKAGE_RELATIONSHIPS)], |pen| {
        let main = format!("{R}/officeDocument");
        pen.empty("Relationship", &[("Id", "rId1"), ("Type", &main), ("Target", "word/document.xml")])?;
        pen.empty(
            "Relationship",
            &[
                ("Id", "rId2"),
                ("Type", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"),
                ("Target", "docProps/core.xml"),
            ],
        )
    })?;
    Ok(pen.finish())
}

/// What the text refers to.
pub(super) fn document_relationships(pictures: usize) -> io::Result<Vec<u8>> {
    let mut targets: Vec<(String, &str, String)> =
        ["styles", "numbering", "settings", "header", "footer"]
            .into_iter()
            .zip([
                "styles.xml",
                "numbering.xml",
                "settings.xml",
                "header1.xml",
                "footer1.xml",
            ])
            .enumerate()
            .map(|(index, (kind, target))| (format!("rId{}", index + 1), kind, target.to_owned()))
            .collect();
    if pictures > 0 {
        targets.push((BLANK.to_owned(), "image", "media/blank.png".to_owned()));
    }
    for number in 1..=pictures {
        targets.push((
            format!("rId{}", FIRST_PICTURE + number),
            "image",
            format!("media/picture{number}.svg"),
        ));
    }
    let mut pen = Pen::new()?;
    pen.within(
        "Relationships",
        &[("xmlns", PACKAGE_RELATIONSHIPS)],
        |pen| {
            for (id, kind, target) in &targets {
                let kind = format!("{R}/{kind}");
                pen.empty(
                    "Relationship",
                    &[("Id", id), ("Type", &kind), ("Target", target)],
                )?;
            }
            io::Result::Ok(())
        },
    )?;
    Ok(pen.finish())
}

/// Title, subject and language; no author and no time.
pub(super) fn core_properties(document: &Document) -> io::Result<Vec<u8>> {
    let mut pen = Pen::new()?;
    let namespaces = [
        (
            "xmlns:cp",
            "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
        ),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ];
    pen.within("cp:coreProperties", &namespaces, |pen| {
        pen.text("dc:title", &[], &document.title)?;
        if !document.subject.is_empty() {
            pen.text("dc:subject", &[], &document.subject)?;
        }
        pen.text("dc:language", &[], document.language)
    })?;
    Ok(pen.finish())
}

/// How the word processor treats the document: its language, and a format it need not convert.
pub(super) fn settings(document: &Document) -> io::Result<Vec<u8>> {
    let mut pen = Pen::new()?;
    pen.within("w:settings", &[("xmlns:w", W)], |pen| {
        pen.empty("w:defaultTabStop", &[("w:val", "567")])?;
        pen.within("w:compat", &[], |pen| {
            let uri = "http://schemas.microsoft.com/office/word";
            pen.empty(
                "w:compatSetting",
                &[
                    ("w:name", "compatibilityMode"),
                    ("w:uri", uri),
                    ("w:val", "15"),
                ],
            )
        })?;
        pen.empty("w:themeFontLang", &[("w:val", document.language)])
    })?;
    Ok(pen.finish())
}

/// One kind of bullet, one kind of number, and a list of its own for each numbered list so that each begins at 1.
pub(super) fn numbering(numbered_lists: usize) -> io::Result<Vec<u8>> {
    let mut pen = Pen::new()?;
    pen.within("w:numbering", &[("xmlns:w", W)], |pen| {
        for (id, kind, text) in [("0", "bullet", "•"), ("1", "decimal", "%1.")] {
            pen.within("w:abstractNum", &[("w:abstractNumId", id)], |pen| {
                pen.empty("w:multiLevelType", &[("w:val", "singleLevel")])?;
                pen.within("w:lvl", &[("w:ilvl", "0")], |pen| {
                    pen.empty("w:start", &[("w:val", "1")])?;
                    pen.empty("w:numFmt", &[("w:val", kind)])?;
                    pen.empty("w:lvlText", &[("w:val", text)])?;
                    pen.empty("w:lvlJc", &[("w:val", "left")])?;
                    pen.within("w:pPr", &[], |pen| {
                        pen.empty("w:ind", &[("w:left", "454"), ("w:hanging", "340")])
                    })
                })
            })?;
        }
        pen.within("w:num", &[("w:numId", "1")], |pen| {
            pen.empty("w:abstractNumId", &[("w:val", "0")])
        })?;
        for list in 0..numbered_lists {
            pen.within("w:num", &[("w:numId", &(list + 2).to_string())], |pen| {
                pen.empty("w:abstractNumId", &[("w:val", "1")])?;
                pen.within("w:lvlOverride", &[("w:ilvl", "0")], |pen| {
                    pen.empty("w:startOverride", &[("w:val", "1")])
                })
            })?;
        }
        io::Result::Ok(())
    })?;
    Ok(pen.finish())
}

/// The marking and reference at the top of each page.
pub(super) fn header(document: &Document) -> io::Result<Vec<u8>> {
    let mut pen = Pen::new()?;
    pen.within("w:hdr", &[("xmlns:w", W)], |pen| {
        if !document.marking.is_empty() {
            paragraph(pen, "Marking", |pen| {
                words(pen, &document.marking, false, false)
            })?;
        }
        if !document.copy.is_empty() {
            paragraph(pen, "Marking", |pen| {
                words(pen, &document.copy, false, false)
            })?;
        }
        paragraph(pen, "Header", |pen| {
            words(pen, &document.footer, false, false)?;
            tab(pen)?;
            words(pen, &document.reference, false, false)
        })
    })?;
    Ok(pen.finish())
}

/// The title, page numbers and marking at the foot of each page.
pub(super) fn footer(document: &Document) -> io::Result<Vec<u8>> {
    let mut pen = Pen::new()?;
    pen.within("w:ftr", &[("xmlns:w", W)], |pen| {
        paragraph(pen, "Footer", |pen| {
            words(pen, &document.title, false, false)?;
            tab(pen)?;
            words(pen, "Page ", false, false)?;
            field(pen, "PAGE")?;
            words(pen, " of ", false, false)?;
            field(pen, "NUMPAGES")
        })?;
        if !document.marking.is_empty() {
            paragraph(pen, "Marking", |pen| {
                words(pen, &document.marking, false, false)
            })?;
        }
        io::Result::Ok(())
    })?;
    Ok(pen.finish())
}

fn tab(pen: &mut Pen) -> io::Result<()> {
    pen.within("w:r", &[], |pen| pen.empty("w:tab", &[]))
}

fn field(pen: &mut Pen, name: &str) -> io::Result<()> {
    pen.within("w:fldSimple", &[("w:instr", name)], |pen| {
        words(pen, "1", false, false)
    })
}
