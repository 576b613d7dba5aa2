//! Files made as programs make them, with invented people.

use std::io::{Cursor, Write};

use chronology::{File, Options, ReadError, read};
use jiff::civil::{Date, date};
use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;

pub const TODAY: Date = date(2026, 11, 24);

pub fn options() -> Options {
    Options::on(TODAY)
}

pub fn file(name: &str, bytes: &[u8]) -> File {
    let file = read(name, bytes, &options()).unwrap_or_else(|e| panic!("{name}: {e}"));
    whole(&file);
    file
}

pub fn refused(name: &str, bytes: &[u8]) -> ReadError {
    match read(name, bytes, &options()) {
        Ok(_) => panic!("{name} was read"),
        Err(error) => error,
    }
}

/// No row is lost, whatever the file.
pub fn whole(file: &File) {
    assert_eq!(
        file.rows,
        file.entries() + file.to_mend() + file.blank,
        "{}",
        file.name
    );
}

pub const HEADINGS: [&str; 4] = ["Date", "Source", "What happened", "Response"];

pub fn csv(rows: &[[&str; 4]]) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(HEADINGS).unwrap();
    for row in rows {
        out.write_record(row).unwrap();
    }
    out.into_inner().unwrap()
}

/// A workbook with a title above the headings, days as numbers, and a second sheet that is hidden.
pub fn xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let sheet = book.add_worksheet();
    sheet.set_name("Chronology").unwrap();
    sheet
        .write(0, 0, "Chronology of Larch Row Primary School")
        .unwrap();
    for (at, heading) in (0..).zip(["Date", "Time", "Source", "What happened"]) {
        sheet.write(2, at, heading).unwrap();
    }
    sheet.write_with_format(3, 0, 42_512, &day).unwrap();
    sheet.write(3, 1, "14:30").unwrap();
    sheet.write(3, 2, "School log").unwrap();
    sheet
        .write(3, 3, "Late to school,\nwithout a coat")
        .unwrap();
    sheet.write(4, 0, "c. May 2016").unwrap();
    sheet.write(4, 2, "School log").unwrap();
    sheet
        .write_formula(
            4,
            3,
            rust_xlsxwriter::Formula::new("=1+1").set_result("Two calls home"),
        )
        .unwrap();
    // A blank row, then one that has to be mended.
    sheet.write(6, 0, "some time in spring").unwrap();
    sheet.write(6, 3, "Seen at the gate").unwrap();
    let hidden = book.add_worksheet();
    hidden.set_name("Notes").unwrap();
    hidden.set_hidden(true);
    hidden.write(0, 0, "Ask about the coat").unwrap();
    book.save_to_buffer().unwrap()
}

pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A cell of a table in Word, across several columns where that is said.
pub fn word_cell(text: &str, across: usize) -> String {
    let lines: String = text
        .split('\n')
        .map(|line| format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>"))
        .collect();
    format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{across}\"/></w:tcPr>{lines}</w:tc>")
}

pub fn word_row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|text| word_cell(text, 1)).collect();
    format!("<w:tr>{cells}</w:tr>")
}

pub fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:document xmlns:w=\"{WORD}\"><w:body>{body}</w:body></w:document>"
    );
    let types = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    zipped(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ])
}

/// A spreadsheet as LibreOffice saves it.
pub fn ods(rows: &[&[&str]]) -> Vec<u8> {
    let rows: String = rows
        .iter()
        .map(|row| {
            let cells: String = row
                .iter()
                .map(|text| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"))
                .collect();
            format!("<table:table-row>{cells}</table:table-row>")
        })
        .collect();
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\"><office:body><office:spreadsheet><table:table table:name=\"Sheet1\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/></manifest:manifest>";
    zipped(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
    ])
}
