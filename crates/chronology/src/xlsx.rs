//! The merged chronology as a workbook: the entries with their headings held in sight, and what was worked out on sheets of its own.
//! Exact days are days to the spreadsheet; all else is text and never a formula; no author and no clock's time is written into it.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use crate::export::{Report, Value, WriteError};
use crate::serial;
use crate::table::WORKED_OUT_SHEET;
use crate::when::{Exactness, day};

/// The rows of a sheet below its headings.
const MOST_ROWS: usize = 1_048_575;

impl Report {
    /// The workbook as bytes.
    ///
    /// # Errors
    /// More entries than a sheet holds, or the workbook could not be made.
    pub fn xlsx(&self) -> Result<Vec<u8>, WriteError> {
        let rows = self.chronology.len();
        if rows > MOST_ROWS {
            return Err(WriteError::TooLong {
                rows,
                most: MOST_ROWS,
            });
        }
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_ymd(
            self.today.year().unsigned_abs(),
            self.today.month().unsigned_abs(),
            self.today.day().unsigned_abs(),
        )?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        self.entries(book.add_worksheet())?;
        self.together(book.add_worksheet())?;
        self.silent(book.add_worksheet())?;
        self.abbreviations(book.add_worksheet())?;
        self.mend(book.add_worksheet())?;
        self.files(book.add_worksheet())?;
        Ok(book.save_to_buffer()?)
    }

    fn entries(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name("Chronology")?;
        let columns = self.columns();
        let date = Format::new()
            .set_num_format("dd/mm/yyyy")
            .set_align(FormatAlign::Top);
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let headings = columns.headings();
        heading_row(sheet, 0, &headings)?;
        for (at, heading) in (0_u16..).zip(&headings) {
            let width = match *heading {
                "What happened" | "Response" | "Analysis" => 50.0,
                h if h.contains("date")
                    || h.contains("time")
                    || h.contains("Number")
                    || h.contains("Row") =>
                {
                    12.0
                }
                _ => 22.0,
            };
            sheet.set_column_width(at, width)?;
        }
        let mut row = Vec::new();
        for (place, entry) in self.chronology.entries().enumerate() {
            columns.row(self, place, &entry, &mut row);
            let down = line(place + 1);
            for (at, value) in (0_u16..).zip(&row) {
                match value {
                    Value::Number(n) => {
                        sheet.write_number(down, at, f64::from(self::line(*n)))?;
                    }
                    Value::Day(when) => {
                        let exact = when.exactness == Exactness::Exact;
                        match serial::number(when.from).filter(|_| exact) {
                            Some(number) => {
                                sheet.write_number_with_format(down, at, number, &date)?
                            }
                            None => {
                                sheet.write_string_with_format(down, at, when.day_text(), &text)?
                            }
                        };
                    }
                    Value::Text(words) if words.is_empty() => {}
                    Value::Text(words) => {
                        sheet.write_string_with_format(down, at, words.as_ref(), &text)?;
                    }
                }
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(())
    }

    fn together(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name("Look at together")?;
        let mut told = format!("Compared: entries at most {} days apart", self.pairs.days);
        if let Some(most) = self.pairs.following {
            told += &format!(", each with the next {most}, because there are very many");
        }
        if self.pairs.more {
            told += &format!(
                "; only the first {} pairs are listed",
                self.pairs.pairs.len()
            );
        }
        worked_out(
            sheet,
            &told,
            &[
                "First number",
                "Second number",
                "Why",
                "Words in common, of 100",
            ],
        )?;
        for (at, pair) in self.pairs.pairs.iter().enumerate() {
            let at = line(at + 3);
            sheet.write_number(at, 0, f64::from(line(pair.first + 1)))?;
            sheet.write_number(at, 1, f64::from(line(pair.second + 1)))?;
            sheet.write_string(at, 2, pair.alike.words())?;
            sheet.write_number(at, 3, f64::from(pair.likeness))?;
        }
        Ok(())
    }

    fn silent(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name("Silent months")?;
        worked_out(
            sheet,
            "Months without an entry, between an agency's first and last",
            &["Agency", "From", "To", "Months"],
        )?;
        for (at, gap) in self.gaps.iter().enumerate() {
            let at = line(at + 3);
            sheet.write_string(at, 0, &gap.agency)?;
            sheet.write_string(at, 1, day(gap.from))?;
            sheet.write_string(at, 2, day(gap.to))?;
            sheet.write_number(at, 3, gap.months)?;
        }
        Ok(())
    }

    fn abbreviations(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name("Abbreviations")?;
        worked_out(
            sheet,
            "Confirm each: the same letters can stand for different things",
            &["Letters", "Stands for", "Said by", "Times", "First number"],
        )?;
        for (at, one) in self.glossary.iter().enumerate() {
            let at = line(at + 3);
            let said = match (&one.stands_for, one.written_out) {
                (None, _) => "",
                (_, true) => "an author",
                _ => "the list of the field",
            };
            sheet.write_string(at, 0, &one.letters)?;
            sheet.write_string(at, 1, one.stands_for.as_deref().unwrap_or_default())?;
            sheet.write_string(at, 2, said)?;
            sheet.write_number(at, 3, f64::from(line(one.times)))?;
            sheet.write_number(at, 4, f64::from(line(one.first + 1)))?;
        }
        Ok(())
    }

    fn mend(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name("Rows to mend")?;
        worked_out(
            sheet,
            "These rows are not in the chronology until they are mended in their file",
            &[
                "File",
                "Sheet",
                "Row",
                "Cell",
                "What stands there",
                "What is wrong",
            ],
        )?;
        let rows = self
            .chronology
            .files()
            .iter()
            .flat_map(|f| f.rows_to_mend());
        let problems = rows.flat_map(|row| row.problems().iter().map(move |p| (row, p)));
        for (at, (row, problem)) in problems.take(MOST_ROWS - 3).enumerate() {
            let at = line(at + 3);
            sheet.write_string(at, 0, row.file())?;
            sheet.write_string(at, 1, row.sheet())?;
            sheet.write_number(at, 2, row.row())?;
            sheet.write_string(at, 3, &problem.cell)?;
            sheet.write_string(at, 4, &problem.seen)?;
            sheet.write_string(at, 5, &problem.wrong)?;
        }
        Ok(())
    }

    fn files(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name("Files")?;
        worked_out(
            sheet,
            "Rows are entries, rows to mend, and blank rows",
            &[
                "File",
                "Agency",
                "Kind",
                "Rows",
                "Entries",
                "To mend",
                "Blank",
                "What else",
            ],
        )?;
        for (at, file) in self.chronology.files().iter().enumerate() {
            let at = line(at + 3);
            let passed = file
                .passed_over
                .iter()
                .map(|p| format!("`{}` was passed over, {} rows: {}", p.name, p.rows, p.why));
            let else_: Vec<String> = file.remarks.iter().cloned().chain(passed).collect();
            sheet.write_string(at, 0, &file.name)?;
            sheet.write_string(at, 1, &file.agency)?;
            sheet.write_string(at, 2, file.kind)?;
            for (column, n) in
                (3_u16..).zip([file.rows, file.entries(), file.to_mend(), file.blank])
            {
                sheet.write_number(at, column, f64::from(line(n)))?;
            }
            sheet.write_string(
                at,
                7,
                else_.join("\n").chars().take(30_000).collect::<String>(),
            )?;
        }
        Ok(())
    }
}

fn line(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn heading_row(sheet: &mut Worksheet, row: u32, headings: &[&str]) -> Result<(), XlsxError> {
    let bold = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    for (at, heading) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(row, at, *heading, &bold)?;
    }
    Ok(())
}

/// The first lines of a sheet that is worked out: that it is not read back, what it tells, and its headings.
fn worked_out(sheet: &mut Worksheet, told: &str, headings: &[&str]) -> Result<(), XlsxError> {
    sheet.write_string(0, 0, WORKED_OUT_SHEET)?;
    sheet.write_string(1, 0, told)?;
    heading_row(sheet, 2, headings)?;
    sheet.set_freeze_panes(3, 0)?;
    Ok(())
}
