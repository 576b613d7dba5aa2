//! What is refused as a whole, in words that say what to do, and what a file made to do harm comes to.

use chronology::ReadError;

use crate::samples::*;

#[test]
fn what_is_no_chronology_is_refused_in_words() {
    for (name, bytes, words) in [
        ("a.csv", &b""[..], "empty"),
        ("a.csv", b"  \n ", "empty"),
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.rtf", b"{\\rtf1", "rich text"),
        ("a.json", b"{\"a\": 1}", "JSON"),
        ("a.csv", b"Name,Age\nWren,4\n", "no chronology was found"),
        ("a.bin", b"\x00\x01\x02\x03", "unknown kind"),
    ] {
        let error = refused(name, bytes).to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
}

#[test]
fn passwords_macros_and_bombs_are_refused() {
    let sealed = {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        bytes.extend([0; 600]);
        bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    assert_eq!(refused("a.xlsx", &sealed), ReadError::Password);
    let types = b"<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>";
    let macros = zipped(&[
        ("[Content_Types].xml", types),
        ("xl/workbook.xml", b"<workbook/>"),
    ]);
    assert!(matches!(
        refused("a.xlsm", &macros),
        ReadError::Macros { .. }
    ));
    // Half a gigabyte of blanks in half a megabyte.
    let blanks = vec![b' '; 600 << 20];
    let bomb = zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", &blanks),
    ]);
    assert!(matches!(
        refused("a.docx", &bomb),
        ReadError::TooLarge { .. }
    ));
    let many: Vec<String> = (0..10_050).map(|n| format!("part{n}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(
        refused("a.xlsx", &zipped(&many)),
        ReadError::TooLarge { .. }
    ));
    // Words that grow are no words here: what they stand for is not looked up.
    let grows = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let document = format!(
        "{grows}<w:document xmlns:w=\"x\"><w:body><w:tbl>{}{}</w:tbl></w:body></w:document>",
        word_row(&["Date", "Source", "Event"]),
        word_row(&["22/05/2016", "Notes", "&b;&b;"])
    );
    let grown = zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
    ]);
    match chronology::read("a.docx", &grown, &options()) {
        Err(ReadError::Damaged { .. }) => {}
        Err(other) => panic!("{other}"),
        Ok(file) => {
            let length: usize = file
                .read()
                .map(|e| e.text(chronology::Place::What).len())
                .sum();
            assert!(length < 100, "{length}");
        }
    }
}

#[test]
fn a_table_too_wide_or_too_long_is_refused_and_a_cell_too_long_is_to_be_mended() {
    let wide = format!(
        "Date,Source,What happened{}\n1/1/2016,a,b{}x\n",
        ",".repeat(300),
        ",".repeat(300)
    );
    assert!(matches!(
        refused("a.csv", wide.as_bytes()),
        ReadError::TooLarge { .. }
    ));
    let mut long = b"Date,Source,What happened\n".to_vec();
    for _ in 0..500_100 {
        long.extend_from_slice(b"1/1/2016,a,b\n");
    }
    assert!(matches!(
        refused("a.csv", &long),
        ReadError::TooLarge { .. }
    ));
    let words = "word ".repeat(8_000);
    let one = file("a.csv", &csv(&[["1/1/2016", "Notes", &words, ""]]));
    assert_eq!((one.entries(), one.to_mend()), (0, 1));
    assert_eq!(one.rows_to_mend().next().unwrap().problems()[0].cell, "C2");
}

#[test]
fn a_file_cut_off_anywhere_is_refused_or_read_whole() {
    for bytes in [
        xlsx(),
        docx(&format!("<w:tbl>{}</w:tbl>", word_row(&HEADINGS))),
        ods(&[&HEADINGS]),
    ] {
        let step = (bytes.len() / 60).max(1);
        for end in (0..bytes.len()).step_by(step) {
            if let Ok(file) = chronology::read("a", &bytes[..end], &options()) {
                whole(&file);
            }
        }
    }
}
