//! The merged chronology, and the rows to mend, as CSV: UTF-8 with its mark, so that spreadsheets read it rightly, and no cell that one could take for a formula.

use std::io::{self, Write};

use crate::delimited::is_formula;
use crate::export::{Report, Value, WriteError};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Report {
    /// Writes the entries as CSV.
    ///
    /// # Errors
    /// What it is written to failed.
    pub fn write_csv(&self, out: &mut impl Write) -> Result<(), WriteError> {
        out.write_all(BYTE_ORDER_MARK)?;
        let columns = self.columns();
        let mut line = Vec::with_capacity(1024);
        for heading in columns.headings() {
            cell(&mut line, heading);
        }
        end(&mut line, out)?;
        let mut row = Vec::new();
        for (place, entry) in self.chronology.entries().enumerate() {
            columns.row(self, place, &entry, &mut row);
            for value in &row {
                match value {
                    Value::Text(text) => cell(&mut line, text),
                    Value::Day(when) => cell(&mut line, &when.day_text()),
                    Value::Number(n) => {
                        write!(line, "{n},")?;
                    }
                }
            }
            end(&mut line, out)?;
        }
        Ok(())
    }

    /// Writes the rows to mend as CSV, one line for each problem.
    ///
    /// # Errors
    /// What it is written to failed.
    pub fn write_mend(&self, out: &mut impl Write) -> Result<(), WriteError> {
        out.write_all(BYTE_ORDER_MARK)?;
        let mut line = Vec::new();
        for heading in [
            "File",
            "Sheet",
            "Row",
            "Cell",
            "What stands there",
            "What is wrong",
            "The whole row",
        ] {
            cell(&mut line, heading);
        }
        end(&mut line, out)?;
        for file in self.chronology.files() {
            for row in file.rows_to_mend() {
                let whole: Vec<String> = row
                    .cells()
                    .map(|(address, heading, text)| format!("{address} {heading}: {text}"))
                    .collect();
                for problem in row.problems() {
                    cell(&mut line, row.file());
                    cell(&mut line, row.sheet());
                    cell(&mut line, &row.row().to_string());
                    cell(&mut line, &problem.cell);
                    cell(&mut line, &problem.seen);
                    cell(&mut line, &problem.wrong);
                    cell(&mut line, &whole.join("\n"));
                    end(&mut line, out)?;
                }
            }
        }
        Ok(())
    }
}

/// A cell and the comma behind it; quoted where it must be, and inert where it begins like a formula.
fn cell(line: &mut Vec<u8>, text: &str) {
    let inert = is_formula(text);
    let quoted = text
        .bytes()
        .any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r'));
    if quoted {
        line.push(b'"');
    }
    if inert {
        line.push(b'\'');
    }
    if quoted {
        let mut parts = text.split('"');
        line.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
        for part in parts {
            line.extend_from_slice(b"\"\"");
            line.extend_from_slice(part.as_bytes());
        }
        line.push(b'"');
    } else {
        line.extend_from_slice(text.as_bytes());
    }
    line.push(b',');
}

fn end(line: &mut Vec<u8>, out: &mut impl Write) -> io::Result<()> {
    line.pop();
    line.extend_from_slice(b"\r\n");
    out.write_all(line)?;
    line.clear();
    Ok(())
}
