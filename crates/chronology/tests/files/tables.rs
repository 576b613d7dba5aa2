//! Each kind of file, with what people do in them.

use chronology::{Exactness, Place};
use jiff::civil::{date, time};

use crate::samples::*;

#[test]
fn a_workbook_is_read_with_its_title_its_numbers_and_its_hidden_sheet_told() {
    let file = file("Larch Row chronology final.xlsx", &xlsx());
    assert_eq!(file.agency, "Larch Row");
    assert_eq!((file.entries(), file.to_mend(), file.blank), (2, 1, 1));
    assert_eq!(file.tables[0].heading_row, 3);
    assert_eq!(
        file.tables[0].above,
        ["Chronology of Larch Row Primary School"]
    );
    let entries: Vec<_> = file.read().collect();
    assert_eq!(entries[0].when().from, date(2016, 5, 22));
    assert_eq!(entries[0].when().time, Some(time(14, 30, 0, 0)));
    assert_eq!(
        entries[0].text(Place::What),
        "Late to school,\nwithout a coat"
    );
    assert_eq!(entries[0].origin().2, 4);
    assert_eq!(entries[1].when().exactness, Exactness::Approximate);
    // What a formula last came to, and not the formula.
    assert_eq!(entries[1].text(Place::What), "Two calls home");
    let mend = file.rows_to_mend().next().unwrap();
    assert_eq!((mend.sheet(), mend.row()), ("Chronology", 7));
    let cells: Vec<&str> = mend.problems().iter().map(|p| p.cell.as_str()).collect();
    assert_eq!(cells, ["A7", "C7"], "{:?}", mend.problems());
    assert_eq!(mend.problems()[0].seen, "some time in spring");
    // Every word of the row is kept.
    let kept: Vec<String> = mend
        .cells()
        .map(|(at, _, text)| format!("{at} {text}"))
        .collect();
    assert_eq!(kept, ["A7 some time in spring", "D7 Seen at the gate"]);
    let told: Vec<&str> = file.passed_over.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(told, ["Notes"]);
}

#[test]
fn text_is_read_with_any_mark_and_in_the_letters_of_older_programs() {
    let row = [
        "22.05.16",
        "Case notes",
        "Visit; nobody in",
        "Letter, second class",
    ];
    let comma = csv(&[row]);
    for mark in [";", "\t", "|"] {
        let other: Vec<String> = [HEADINGS, row]
            .iter()
            .map(|cells| cells.map(|cell| format!("\"{cell}\"")).join(mark))
            .collect();
        let (one, other) = (
            file("a.csv", &comma),
            file("a.csv", other.join("\r\n").as_bytes()),
        );
        let texts = |file: &chronology::File| -> Vec<String> {
            file.read()
                .map(|e| {
                    format!(
                        "{} {} {}",
                        e.when(),
                        e.text(Place::What),
                        e.text(Place::Response)
                    )
                })
                .collect()
        };
        assert_eq!(texts(&one), texts(&other), "{mark:?}");
    }
    // As Excel saves it in England, and as "Unicode text".
    let pound = "Date,Source,What happened\n22/05/2016,Notes,Owed £40 – said caf\u{e9}\n";
    let western: Vec<u8> = pound
        .chars()
        .map(|c| match c {
            '–' => 0x96,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect();
    let mut wide = vec![0xff, 0xfe];
    wide.extend(pound.encode_utf16().flat_map(u16::to_le_bytes));
    for bytes in [pound.as_bytes().to_vec(), western, wide] {
        let file = file("a.csv", &bytes);
        assert_eq!(
            file.read().next().unwrap().text(Place::What),
            "Owed £40 – said café"
        );
    }
}

#[test]
fn a_table_in_word_is_read_with_notes_across_it_and_headings_on_every_page() {
    let headings = ["Date", "Source of information", "Event", "Comment"];
    let body = [
        "<w:p><w:r><w:t>Internal chronology</w:t></w:r></w:p><w:tbl>".to_owned(),
        word_row(&headings),
        word_row(&[
            "22/05/2016",
            "Health visitor's record",
            "Home visit",
            "Usual practice",
        ]),
        format!(
            "<w:tr>{}</w:tr>",
            word_cell("Author's note: the record of June is missing", 4)
        ),
        word_row(&headings),
        word_row(&["early 2017", "Letter", "Moved to &amp; fro\nTwice", ""]),
        word_row(&["", "", "", ""]),
        word_row(&["2017", "", "No source said", ""]),
        "</w:tbl>".to_owned(),
    ]
    .concat();
    let file = file("Merrow Valley Community Health.docx", &docx(&body));
    assert_eq!((file.entries(), file.to_mend(), file.blank), (3, 1, 1));
    let entries: Vec<_> = file.read().collect();
    assert_eq!(entries[0].agency(), "Merrow Valley Community Health");
    assert!(entries[1].is_note());
    // A note stands where the entry before it stands.
    assert_eq!(entries[1].when().from, entries[0].when().from);
    assert_eq!(entries[2].text(Place::What), "Moved to & fro\nTwice");
    assert_eq!(
        (entries[2].when().from, entries[2].when().to),
        (date(2017, 1, 1), date(2017, 4, 30))
    );
    assert_eq!(
        file.rows_to_mend().next().unwrap().problems()[0].wrong,
        "the source of information is missing"
    );
    assert!(
        !file.remarks.is_empty(),
        "what stands outside the table is told"
    );
}

#[test]
fn a_table_copied_from_outlook_and_a_spreadsheet_of_libreoffice_are_read() {
    let page = "<html><body><p>Dear all</p><table><tr><th>Date</th><th>Source</th><th>What happened</th></tr>\
        <tr><td>22-may-16</td><td>E-mail</td><td>Call from the <b>nursery</b><br>about lunch</td></tr></table></body></html>";
    let one = file("pasted.html", page.as_bytes());
    assert_eq!(
        one.read().next().unwrap().text(Place::What),
        "Call from the nursery\nabout lunch"
    );
    let sheet = ods(&[
        &["Date", "Source", "What happened"],
        &["?22/05/2016", "Diary", "Seen with a bruise"],
        &["22/05/2016 - 24/05/2016", "Diary", "Away"],
    ]);
    let one = file("a.ods", &sheet);
    let entries: Vec<_> = one.read().collect();
    assert_eq!(entries[0].when().exactness, Exactness::Uncertain);
    assert_eq!(entries[1].when().to, date(2016, 5, 24));
}

#[test]
fn what_looks_like_a_formula_is_kept_as_text_and_written_so_that_nothing_runs() {
    let cells = [
        "=1+1",
        "+44 20 7946 0000",
        "-",
        "@home",
        "=cmd|' /C calc'!A0",
    ];
    let rows: Vec<[&str; 4]> = cells
        .iter()
        .map(|c| ["22/05/2016", "Notes", c, ""])
        .collect();
    let file = file("a.csv", &csv(&rows));
    let texts: Vec<&str> = file.read().map(|e| e.text(Place::What)).collect();
    assert_eq!(texts, cells);
}

#[test]
fn workbooks_of_before_are_read_also_those_that_count_from_1904() {
    for bytes in [
        &include_bytes!("../samples/older.xls")[..],
        include_bytes!("../samples/older-1904.xls"),
    ] {
        let file = file("Tilbrook Housing.xls", bytes);
        assert_eq!((file.entries(), file.to_mend(), file.blank), (2, 1, 1));
        let entries: Vec<_> = file.read().collect();
        assert_eq!(entries[0].when().from, date(2016, 5, 22));
        assert_eq!(
            entries[0].text(Place::What),
            "Neighbour rang about noise \u{2013} visited"
        );
        assert_eq!(entries[1].when().exactness, Exactness::Approximate);
        let mend = file.rows_to_mend().next().unwrap();
        assert_eq!((mend.sheet(), mend.row()), ("Chron", 5));
    }
}
