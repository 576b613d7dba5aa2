//! The PDF as the tools of others see it: tagged, with headings and table heads, and the words as they were given.

use papers::{Block, PapersError, Table, Text, pdf};
use proptest::prelude::*;

use crate::sample::{BARS, everything, letter, paper, paragraphs, poppler, words_of};

#[test]
fn a_pdf_is_tagged_and_names_its_title_language_and_no_author() {
    let bytes = pdf(&everything()).expect("a PDF");
    let info = poppler("pdfinfo", &[], &bytes);
    assert!(
        info.lines()
            .any(|line| line.starts_with("Tagged:") && line.ends_with("yes")),
        "{info}"
    );
    assert!(
        info.lines()
            .any(|line| line.starts_with("Title:") && line.ends_with("Decision record")),
        "{info}"
    );
    assert!(
        !info.contains("Author") && !info.contains("CreationDate"),
        "{info}"
    );
    let metadata = poppler("pdfinfo", &["-meta"], &bytes);
    assert!(
        metadata.contains("pdfuaid:part>1<") || metadata.contains("pdfuaid:part=\"1\""),
        "{metadata}"
    );
    assert!(metadata.contains("en-GB"), "{metadata}");
    assert!(
        bytes.windows(13).any(|w| w == b"/Lang (en-GB)")
            || bytes.windows(12).any(|w| w == b"/Lang(en-GB)")
    );
}

#[test]
fn the_structure_has_headings_lists_a_quotation_and_table_heads_of_rows_and_columns() {
    let bytes = pdf(&everything()).expect("a PDF");
    let structure = poppler("pdfinfo", &["-struct-text"], &bytes);
    for tag in [
        "H1 \"The decision\"",
        "H2 \"What was considered\"",
        "H3 \"In the family's words\"",
        "BlockQuote",
        "Table",
        "/Scope /Column",
        "/Scope /Row",
        "LBody",
        "Figure",
        "Caption",
    ] {
        assert!(structure.contains(tag), "no {tag} in {structure}");
    }
}

#[test]
fn a_short_row_and_the_word_of_a_heading_are_not_broken() {
    let bytes = pdf(&everything()).expect("a PDF");
    let text = poppler("pdftotext", &["-layout"], &bytes);
    assert!(text.contains("Finding "), "{text}");
    // The reasons of each of the 14 rows end on the page on which they begin.
    for page in text.split('\u{c}') {
        assert_eq!(
            page.matches("The health visitor").count(),
            page.matches("had seen.").count(),
            "{page}"
        );
    }
}

#[test]
fn a_table_over_two_pages_repeats_its_head_and_loses_no_row() {
    let bytes = pdf(&everything()).expect("a PDF");
    let second = poppler("pdftotext", &["-f", "2", "-l", "2", "-layout"], &bytes);
    assert!(
        second.contains("Reasons") && second.contains("Evidence"),
        "{second}"
    );
    let words = words_of(&bytes);
    assert!(
        (1..=14).all(|n| words.contains(&format!("Criterion {n} "))),
        "{words}"
    );
}

#[test]
fn the_marking_and_reference_are_on_every_page_and_so_is_the_page_number() {
    let bytes = pdf(&everything()).expect("a PDF");
    let text = poppler("pdftotext", &[], &bytes);
    let pages: Vec<&str> = text
        .split('\u{c}')
        .filter(|page| !page.trim().is_empty())
        .collect();
    assert!(pages.len() > 2);
    for (index, page) in pages.iter().enumerate() {
        assert!(page.matches("OFFICIAL-SENSITIVE").count() >= 2, "{page}");
        assert!(page.contains("MER-2026-004"), "{page}");
        assert!(
            page.contains(&format!("Page {} of {}", index + 1, pages.len())),
            "{page}"
        );
    }
}

#[test]
fn text_comes_out_literally_even_if_it_looks_like_markup() {
    let lines = [
        "#[not markup] *not bold* _not italic_ = not a heading",
        "#panic(\"x\") #include \"/etc/passwd\" #read(\"paper.json\") $x^2$ @label <label> `code` // comment /* comment */",
        "\\u{41} \\ ~ -- --- ... 'single' \"double\" “curly” ‘curly’ https://merrowshire.example/a?b=c&d",
        "- not a list + not a list / term: not a term",
        "Zoë Nuñez-O’Brien, Łukasz Żółć, Ștefan Țărnă, Šárka Dvořáková, Ånger Ærø, Nguyễn Thị Bưởi",
        "{\"paragraph\": []} ${x} {{x}} %s \\n &amp; <b>bold</b>",
        "£12, 50%, ½, 1–2, 20 °C",
    ];
    let words = words_of(&pdf(&paragraphs(lines)).expect("a PDF"));
    for line in lines {
        assert!(words.contains(line), "{line}\nis not in\n{words}");
    }
}

#[test]
fn markup_is_literal_in_every_part_of_a_paper() {
    let m = || "#[x] *y* $z$".to_owned();
    let t = || Text::plain(m());
    let mut document = paper(vec![
        Block::Address(vec![m()]),
        Block::Heading {
            level: 1,
            text: m(),
        },
        Block::Paragraph(t()),
        Block::Bullets(vec![t()]),
        Block::Numbered(vec![t()]),
        Block::Facts(vec![(m(), vec![t()])]),
        Block::Table(Table {
            caption: m(),
            head: vec![m()],
            rows: vec![vec![t()]],
            row_heads: false,
            widths: None,
        }),
        Block::Quote { text: t(), by: m() },
        Block::Note(t()),
        Block::Write {
            label: m(),
            hint: m(),
            lines: 1,
        },
        Block::Tick {
            label: m(),
            options: vec![m()],
        },
        Block::SignHere { who: m() },
        Block::Figure {
            svg: BARS.into(),
            alt: m(),
            caption: m(),
        },
    ]);
    for part in [
        &mut document.title,
        &mut document.subject,
        &mut document.marking,
        &mut document.reference,
        &mut document.footer,
        &mut document.made,
    ] {
        *part = m();
    }
    let words = words_of(&pdf(&document).expect("a PDF"));
    assert!(
        words.matches("#[x] *y* $z$").count() >= 22,
        "{}: {words}",
        words.matches("#[x] *y* $z$").count()
    );
}

#[test]
fn very_long_words_stay_on_the_page_and_none_of_their_letters_is_lost() {
    let long: String = ('a'..='z').cycle().take(5_000).collect();
    let address = "someone.with.a.very.long.name@child-health-records.merrowshire.example";
    let row = vec![
        Text::plain(address),
        Text::plain(long[..200].to_owned()),
        Text::plain(address),
        Text::plain("x"),
    ];
    let bytes = pdf(&paper(vec![
        Block::Paragraph(Text::plain(long.clone())),
        Block::Table(Table {
            caption: String::new(),
            head: vec![address.into(), "B".into(), "C".into(), "D".into()],
            rows: vec![row],
            row_heads: true,
            widths: None,
        }),
        Block::Facts(vec![(address.into(), vec![address.into()])]),
    ]))
    .expect("a PDF");
    let words = words_of(&bytes).replace(' ', "");
    let pages: Vec<_> = words.split("OFFICIAL-SENSITIVE").collect();
    let letters: String = pages
        .iter()
        .map(|page| page.replace("MerrowshireSafeguardingChildrenPartnershipMER-2026-004", ""))
        .collect();
    assert!(
        letters.matches("abcdefghijklmnopqrstuvwxyz").count() >= 180,
        "{letters}"
    );
    // Everything drawn lies between the margins of an A4 page.
    let boxes = poppler("pdftotext", &["-bbox"], &bytes);
    let rights: Vec<f64> = boxes
        .split("xMax=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect();
    assert!(rights.len() > 20);
    let furthest = rights.iter().copied().fold(0.0, f64::max);
    assert!(
        furthest <= 595.3 - 60.0,
        "something reaches {furthest} points from the left"
    );
}

#[test]
fn empty_strings_everywhere_still_make_a_paper() {
    let mut document = paper(vec![
        Block::Heading {
            level: 3,
            text: String::new(),
        },
        Block::Paragraph(Text::default()),
        Block::Paragraph("".into()),
        Block::Bullets(vec![]),
        Block::Numbered(vec!["".into()]),
        Block::Facts(vec![]),
        Block::Facts(vec![(String::new(), vec!["".into()])]),
        Block::Table(Table {
            caption: String::new(),
            head: vec![String::new(), String::new()],
            rows: vec![vec![]],
            row_heads: true,
            widths: None,
        }),
        Block::Quote {
            text: "".into(),
            by: String::new(),
        },
        Block::Note("".into()),
        Block::Address(vec![]),
        Block::Write {
            label: String::new(),
            hint: String::new(),
            lines: 0,
        },
        Block::Tick {
            label: String::new(),
            options: vec![],
        },
        Block::SignHere { who: String::new() },
        Block::PageBreak,
        Block::PageBreak,
        Block::Line,
    ]);
    for part in [
        &mut document.title,
        &mut document.subject,
        &mut document.marking,
        &mut document.reference,
        &mut document.footer,
        &mut document.made,
    ] {
        part.clear();
    }
    let words = words_of(&pdf(&document).expect("a PDF"));
    assert!(
        words.contains("Untitled document") && words.contains("Signature"),
        "{words}"
    );
}

#[test]
fn a_paragraph_of_five_thousand_characters_is_complete_also_in_a_narrow_column() {
    let sentence = "The nursery and the health visitor each held part of what was known. ";
    let long = sentence.repeat(73);
    let bytes = pdf(&paper(vec![
        Block::Paragraph(Text::plain(long.clone())),
        Block::Table(Table {
            caption: String::new(),
            head: vec!["A".into(), "B".into(), "C".into()],
            rows: vec![vec!["x".into(), "y".into(), Text::plain(long)]],
            row_heads: true,
            widths: None,
        }),
    ]))
    .expect("a PDF");
    let words = words_of(&bytes);
    assert!(words.matches("nursery").count() == 146 && words.matches("visitor").count() == 146);
}

#[test]
fn names_from_right_to_left_and_in_other_scripts_are_drawn_with_their_own_letters() {
    let names = [
        "محمد",
        "שרה",
        "Наталія",
        "Ελένη",
        "ਗੁਰਪ੍ਰੀਤ",
        "ரவி",
        "ሰላም",
        "রহিম",
        "अमित",
    ];
    let text = format!(
        "The family are {} and all live in Tilbrook.",
        names.join(", ")
    );
    let words = words_of(&pdf(&paragraphs([text.as_str()])).expect("a PDF"));
    assert!(!words.contains("[U+"), "{words}");
    for name in ["Наталія", "Ελένη", "ሰላም"] {
        assert!(words.contains(name), "{words}");
    }
    for letter in "محدשרהਗੁਰரவிরহअमत".chars() {
        assert!(words.contains(letter), "{letter} is not in {words}");
    }
    assert!(words.contains("live in Tilbrook"), "{words}");
}

#[test]
fn what_no_font_can_draw_stands_as_its_code_and_the_paper_says_so() {
    let words = words_of(&pdf(&paragraphs(["Her name is 李小明 😀."])).expect("a PDF"));
    assert!(
        words.contains("Her name is [U+674E][U+5C0F][U+660E] [U+1F600]."),
        "{words}"
    );
    assert!(
        words.contains("Characters that could not be printed here: 4."),
        "{words}"
    );
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_another_paper_others() {
    let first = pdf(&everything()).expect("a PDF");
    let between = pdf(&letter()).expect("a PDF");
    assert!(first == pdf(&everything()).expect("a PDF"));
    assert!(first != between);
}

#[test]
fn a_letter_begins_with_its_addresses_and_the_date() {
    let words = words_of(&pdf(&letter()).expect("a PDF"));
    let start = "Ms A. Example 1 Orchard Row Tilbrook 23 November 2026 The review about your granddaughter OFFICIAL-SENSITIVE · Reference MER-2026-004 Dear Ms Example";
    assert!(words.contains(start), "{words}");
}

#[test]
fn a_name_with_stacked_marks_is_drawn_and_read_once() {
    let names =
        "Nguyễn Thị Bưởi, Siân Llŷr, Ngu\u{79}e\u{302}\u{303}n, s\u{323}\u{307}ari, Zoe\u{308}";
    let words = words_of(&pdf(&paragraphs([names])).expect("a PDF"));
    let squeezed: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(words.contains("Nguyễn Thị Bưởi, Siân Llŷr,"), "{words}");
    assert!(
        !squeezed.contains("ễễ") && !squeezed.contains("ee") && !squeezed.contains("ṩṩ"),
        "{words}"
    );
}

#[test]
fn headings_that_skip_a_level_are_pulled_up() {
    let heading = |level, text: &str| Block::Heading {
        level,
        text: text.into(),
    };
    let bytes = pdf(&paper(vec![
        heading(3, "First"),
        heading(9, "Second"),
        heading(0, "Third"),
    ]))
    .expect("a PDF");
    let structure = poppler("pdfinfo", &["-struct"], &bytes);
    for tag in ["H1 \"First\"", "H2 \"Second\"", "H1 \"Third\""] {
        assert!(structure.contains(tag), "no {tag} in {structure}");
    }
}

#[test]
fn a_picture_without_words_or_one_that_reaches_outside_is_refused() {
    let figure = |svg: &str, alt: &str| {
        pdf(&paper(vec![Block::Figure {
            svg: svg.into(),
            alt: alt.into(),
            caption: String::new(),
        }]))
    };
    assert!(matches!(
        figure(BARS, " "),
        Err(PapersError::FigureWithoutAlternative { figure: 1 })
    ));
    for svg in [
        "",
        "not a picture",
        "<svg>",
        "<html/>",
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><use href='http://elsewhere.example/a.svg#b'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><rect style='fill: url( \"http://elsewhere.example\")'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><style>@import 'x.css';</style></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "<!DOCTYPE svg [<!ENTITY x SYSTEM '/etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>",
    ] {
        assert!(
            matches!(
                figure(svg, "A picture"),
                Err(PapersError::FigureNotSvg { figure: 1 })
            ),
            "{svg}"
        );
    }
    let pattern = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><defs><pattern id='p' width='2' height='2' patternUnits='userSpaceOnUse'><rect width='1' height='1'/></pattern></defs><rect width='10' height='10' fill='url(#p)'/></svg>";
    assert!(figure(pattern, "A pattern").is_ok());
}

#[test]
fn a_table_with_too_many_cells_or_wrong_widths_is_refused_by_its_number() {
    let table = |head: usize, row: usize, widths: Option<Vec<u8>>| {
        pdf(&paper(vec![Block::Table(Table {
            caption: String::new(),
            head: vec!["H".into(); head],
            rows: vec![vec!["c".into(); row]],
            row_heads: false,
            widths,
        })]))
    };
    assert!(table(2, 1, None).is_ok());
    assert!(matches!(
        table(2, 3, None),
        Err(PapersError::TableRow {
            table: 1,
            row: 1,
            cells: 3,
            columns: 2
        })
    ));
    for (head, widths) in [(0, None), (2, Some(vec![1])), (2, Some(vec![1, 0]))] {
        assert!(matches!(
            table(head, 0, widths),
            Err(PapersError::TableColumns { table: 1 })
        ));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_text_whatever_keeps_a_paper_from_being_made(
        texts in prop::collection::vec(any::<String>(), 1..20),
        marks in "[a-zا-يא-תऀ-ॿঀ-৿\u{300}-\u{36f}\u{200c}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]{0,40}",
    ) {
        let mut blocks: Vec<Block> = texts.iter().map(|text| Block::Paragraph(Text::plain(text.clone()))).collect();
        blocks.push(Block::Paragraph(Text::plain(marks.clone())));
        blocks.push(Block::Table(Table { caption: marks.clone(), head: vec![marks.clone()], rows: vec![vec![Text::strong(marks.clone())]], row_heads: true, widths: None }));
        let mut document = paper(blocks);
        document.title = marks;
        prop_assert!(pdf(&document).is_ok(), "{:?}", pdf(&document).err());
    }
}
