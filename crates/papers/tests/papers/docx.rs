//! The DOCX as an archive of XML: well formed, with the styles, heads, language and properties a word processor needs, and without an author.

use std::io::{Cursor, Read};

use papers::{Block, Table, Text, docx};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::sample::{BARS, everything, letter, paper, paragraphs};

/// The parts of a DOCX by name, in the order of the archive.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("a readable file");
            (
                file.name().expect("a name").into_owned(),
                String::from_utf8_lossy(&bytes).into_owned(),
            )
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    parts(bytes)
        .into_iter()
        .find(|(part, _)| part == name)
        .unwrap_or_else(|| panic!("no {name}"))
        .1
}

/// The text of an XML part, paragraphs on lines of their own; fails if it is not well formed.
fn text_of(xml: &str) -> String {
    let mut reader = Reader::from_str(xml);
    let mut text = String::new();
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|error| panic!("not well formed: {error}\n{xml}"))
        {
            Event::Text(words) => text.push_str(&words),
            Event::GeneralRef(entity) => text.push_str(match &*entity {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                other => panic!("unknown entity {other}"),
            }),
            Event::Empty(tag) if tag.name().as_ref() == "w:br" => text.push('\n'),
            Event::End(tag) if tag.name().as_ref() == "w:p" => text.push('\n'),
            Event::Eof => return text,
            _ => {}
        }
    }
}

#[test]
fn a_docx_is_an_archive_of_well_formed_parts_each_with_its_kind() {
    let bytes = docx(&everything()).expect("a DOCX");
    let parts = parts(&bytes);
    assert_eq!(parts[0].0, "[Content_Types].xml");
    let types = &parts[0].1;
    for (name, xml) in &parts {
        if name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".svg") {
            text_of(xml);
        }
        let known = types.contains(&format!("PartName=\"/{name}\""))
            || ["rels", "png", "svg"].iter().any(|end| name.ends_with(end));
        assert!(known || name == "[Content_Types].xml", "{name} has no kind");
    }
    let targets = part(&bytes, "word/_rels/document.xml.rels");
    for target in targets
        .split("Target=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(
            parts
                .iter()
                .any(|(name, _)| name == &format!("word/{target}")),
            "{target} is not there"
        );
    }
    let main = part(&bytes, "word/document.xml");
    for used in main
        .split("r:id=\"")
        .skip(1)
        .chain(main.split("r:embed=\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(
            targets.contains(&format!("Id=\"{used}\"")),
            "{used} leads nowhere"
        );
    }
}

#[test]
fn headings_lists_and_table_heads_are_real() {
    let bytes = docx(&everything()).expect("a DOCX");
    let (main, styles) = (
        part(&bytes, "word/document.xml"),
        part(&bytes, "word/styles.xml"),
    );
    for style in main
        .split("<w:pStyle w:val=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(
            styles.contains(&format!("w:styleId=\"{style}\"")),
            "no style {style}"
        );
    }
    for expected in [
        "w:val=\"Title\"",
        "w:val=\"Heading1\"",
        "w:val=\"Heading2\"",
        "w:val=\"Heading3\"",
        "<w:tblHeader/>",
        "<w:numId w:val=\"1\"/>",
        "<w:numId w:val=\"2\"/>",
        "descr=\"Contacts fell from ten to three over the year\"",
        "w:firstColumn=\"1\"",
    ] {
        assert!(main.contains(expected), "no {expected}");
    }
    assert_eq!(main.matches("<w:tblHeader/>").count(), 1);
    assert!(
        styles.contains("<w:name w:val=\"heading 1\"/>")
            && styles.contains("<w:outlineLvl w:val=\"0\"/>")
    );
}

#[test]
fn each_numbered_list_begins_at_one() {
    let list = || Block::Numbered(vec!["a".into(), "b".into()]);
    let bytes = docx(&paper(vec![list(), list()])).expect("a DOCX");
    let (main, numbering) = (
        part(&bytes, "word/document.xml"),
        part(&bytes, "word/numbering.xml"),
    );
    for list in ["2", "3"] {
        assert_eq!(
            main.matches(&format!("<w:numId w:val=\"{list}\"/>"))
                .count(),
            2
        );
        assert!(numbering.contains(&format!("<w:num w:numId=\"{list}\">")));
    }
    assert_eq!(
        numbering.matches("<w:startOverride w:val=\"1\"/>").count(),
        2
    );
}

#[test]
fn the_language_and_title_are_set_and_there_is_no_author_and_no_time() {
    let bytes = docx(&everything()).expect("a DOCX");
    assert!(part(&bytes, "word/styles.xml").contains("<w:lang w:val=\"en-GB\""));
    assert!(part(&bytes, "word/settings.xml").contains("<w:themeFontLang w:val=\"en-GB\"/>"));
    let core = part(&bytes, "docProps/core.xml");
    assert!(
        core.contains("<dc:title>Decision record</dc:title>"),
        "{core}"
    );
    assert!(core.contains("<dc:language>en-GB</dc:language>"), "{core}");
    for (name, xml) in parts(&bytes) {
        for personal in [
            "creator",
            "lastModifiedBy",
            "dcterms:created",
            "dcterms:modified",
            "Company",
            "w:author",
        ] {
            assert!(!xml.contains(personal), "{name} has {personal}");
        }
    }
}

#[test]
fn header_and_footer_carry_marking_reference_and_page_numbers() {
    let bytes = docx(&everything()).expect("a DOCX");
    let (header, footer) = (
        part(&bytes, "word/header1.xml"),
        part(&bytes, "word/footer1.xml"),
    );
    assert!(header.contains("OFFICIAL-SENSITIVE") && header.contains("MER-2026-004"));
    assert!(
        footer.contains("OFFICIAL-SENSITIVE")
            && footer.contains("w:instr=\"PAGE\"")
            && footer.contains("w:instr=\"NUMPAGES\"")
    );
}

#[test]
fn text_comes_out_literally() {
    let lines = [
        "<w:p>&amp; ]]> \"quotes\" 'single' #[x] *y*",
        "محمد, שרה, 李小明 😀, Zoë Łukasz",
        "two  spaces and a very long word: Donaudampfschifffahrtsgesellschaft",
    ];
    let text = text_of(&part(
        &docx(&paragraphs(lines)).expect("a DOCX"),
        "word/document.xml",
    ));
    for line in lines {
        assert!(
            text.lines().any(|found| found == line),
            "{line}\nis not in\n{text}"
        );
    }
}

#[test]
fn a_letter_begins_with_its_addresses_and_keeps_its_line_breaks() {
    let text = text_of(&part(
        &docx(&letter()).expect("a DOCX"),
        "word/document.xml",
    ));
    let expected = "Ms A. Example\n1 Orchard Row\nTilbrook\n23 November 2026\nThe review about your granddaughter\nOFFICIAL-SENSITIVE  ·  Reference MER-2026-004\nDear Ms Example\nWe are very sorry about the death of your granddaughter.\nYou can choose";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_another_paper_others() {
    let first = docx(&everything()).expect("a DOCX");
    assert!(first == docx(&everything()).expect("a DOCX"));
    assert!(first != docx(&letter()).expect("a DOCX"));
}

#[test]
fn the_docx_says_what_the_pdf_says() {
    let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let in_pdf = crate::sample::words_of(&papers::pdf(&everything()).expect("a PDF"));
    let in_docx = text_of(&part(
        &docx(&everything()).expect("a DOCX"),
        "word/document.xml",
    ));
    for line in in_docx
        .lines()
        .map(squeeze)
        .filter(|line| !line.is_empty() && !line.contains('@'))
    {
        let line = line.trim_start_matches("☐ ");
        assert!(
            line.split(' ').all(|word| in_pdf.contains(word)),
            "{line}\nis not in\n{in_pdf}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_whatever_makes_well_formed_parts(text in any::<String>()) {
        let t = || Text::plain(text.clone());
        let mut document = paper(vec![
            Block::Heading { level: 1, text: text.clone() },
            Block::Paragraph(t()),
            Block::Facts(vec![(text.clone(), vec![t()])]),
            Block::Table(Table { caption: text.clone(), head: vec![text.clone()], rows: vec![vec![t()]], row_heads: true, widths: None }),
            Block::Figure { svg: BARS.into(), alt: format!("A {text}"), caption: text.clone() },
        ]);
        document.title = text.clone();
        document.marking = text.clone();
        let bytes = docx(&document).expect("a DOCX");
        for (name, xml) in parts(&bytes) {
            if name.ends_with(".xml") {
                prop_assert!(!xml.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')), "{}", name);
                let _ = text_of(&xml);
            }
        }
    }
}
