//! Spreadsheets: XLSX row by row as it streams, XLS and ODS as whole sheets.
//! What a formula last came to is taken; no formula is ever worked out here.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, ExcelDateTime, ExcelDateTimeType, Ods, OdsError, Reader, Xls, XlsError, Xlsx,
    XlsxError,
};

use crate::cell::Cell;
use crate::columns::letters;
use crate::entry::File;
use crate::error::ReadError;
use crate::serial::Epoch;
use crate::table::{Options, Tables};

/// A spreadsheet of one of the three kinds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Xlsx { merged: bool },
    Xls,
    Ods,
}

/// Reads a spreadsheet; a panic of the foreign reader on a broken file is a damaged file.
pub(crate) fn read(
    name: &str,
    bytes: &[u8],
    kind: Kind,
    options: &Options,
) -> Result<File, ReadError> {
    catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Xlsx { merged } => xlsx(name, bytes, merged, options),
        Kind::Xls => {
            let book = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
                XlsError::Password => ReadError::Password,
                other => ReadError::damaged(other),
            })?;
            whole(name, "an older Excel workbook (XLS)", book, options)
        }
        Kind::Ods => {
            let book = Ods::new(Cursor::new(bytes)).map_err(|e| match e {
                OdsError::Password => ReadError::Password,
                other => ReadError::damaged(other),
            })?;
            whole(name, "an OpenDocument spreadsheet (ODS)", book, options)
        }
    }))
    .unwrap_or_else(|_| Err(ReadError::damaged("its parts contradict each other")))
}

fn xlsx(name: &str, bytes: &[u8], merged: bool, options: &Options) -> Result<File, ReadError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => ReadError::Password,
        other => ReadError::damaged(other),
    })?;
    let mut tables = Tables::new(name, "an Excel workbook (XLSX)", bytes.len(), options);
    let epoch = if book.has_1904_epoch() {
        Epoch::Of1904
    } else {
        Epoch::Of1900
    };
    tables.epoch(epoch);
    let mut formulas = Formulas::default();
    for sheet in book.sheet_names() {
        let mut merges = Merges::default();
        if merged && let Ok(regions) = book.merge_cells_by_sheet_name(&sheet) {
            for region in regions.into_iter().filter(|r| r.end.0 > r.start.0) {
                merges.add(region.start, region.end.0);
            }
        }
        let mut cells = match book.worksheet_cells_reader(&sheet) {
            Ok(cells) => cells,
            Err(error) => {
                tables.remark(format!(
                    "the sheet `{sheet}` has no cells to read ({error})"
                ));
                continue;
            }
        };
        tables.begin(&sheet);
        let mut row: Vec<Cell<'_>> = Vec::new();
        let mut number = 0;
        while let Some(cell) = cells
            .next_cell_with_formula_metadata()
            .map_err(ReadError::damaged)?
        {
            let (at, column) = cell.pos;
            if at < number {
                return Err(ReadError::damaged("its rows are not in order"));
            }
            if at > number {
                merges.fill(number, &mut row);
                tables.row(number + 1, &row)?;
                row.clear();
                number = at;
            }
            if cell.formula.is_some() {
                formulas.seen(&sheet, at, column);
            }
            let value = from_ref(cell.value, epoch);
            let column = column as usize;
            if matches!(value, Cell::Empty) {
                continue;
            }
            if row.len() <= column {
                row.resize(column + 1, Cell::Empty);
            }
            row[column] = value;
        }
        merges.fill(number, &mut row);
        tables.row(number + 1, &row)?;
        tables.end()?;
    }
    formulas.told(&mut tables);
    tables.finish()
}

fn whole<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(
    name: &str,
    kind: &'static str,
    mut book: R,
    options: &Options,
) -> Result<File, ReadError>
where
    R::Error: std::fmt::Display,
{
    let mut tables = Tables::new(name, kind, 0, options);
    let mut formulas = Formulas::default();
    for sheet in book.sheet_names() {
        let range = match book.worksheet_range(&sheet) {
            Ok(range) => range,
            Err(error) => {
                tables.remark(format!(
                    "the sheet `{sheet}` has no cells to read ({error})"
                ));
                continue;
            }
        };
        if let Ok(found) = book.worksheet_formula(&sheet) {
            let (row, column) = found.start().unwrap_or_default();
            for (r, c, text) in found.used_cells() {
                if !text.is_empty() {
                    formulas.seen(&sheet, row + low(r), column + low(c));
                }
            }
        }
        tables.begin(&sheet);
        let (first, left) = range.start().unwrap_or_default();
        for (at, values) in range.rows().enumerate() {
            let mut row = vec![Cell::Empty; left as usize];
            row.extend(values.iter().map(from_data));
            tables.row(first + low(at) + 1, &row)?;
        }
        tables.end()?;
    }
    formulas.told(&mut tables);
    tables.finish()
}

fn low(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX / 4)
}

fn from_ref(value: DataRef<'_>, epoch: Epoch) -> Cell<'_> {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::SharedString("") => Cell::Empty,
        DataRef::SharedString(text) => Cell::Text(Cow::Borrowed(text)),
        DataRef::String(text) | DataRef::DurationIso(text) | DataRef::DateTimeIso(text) => {
            Cell::Text(Cow::Owned(text))
        }
        DataRef::Int(n) => number(n),
        DataRef::Float(n) => Cell::Number(n),
        DataRef::Bool(yes) => yes_or_no(yes),
        DataRef::DateTime(moment) => Cell::Serial(moment.as_f64(), epoch),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn from_data(value: &Data) -> Cell<'_> {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DateTimeIso(text) => Cell::Text(Cow::Borrowed(text)),
        Data::DurationIso(text) => Cell::Text(Cow::Owned(duration(text))),
        Data::Int(n) => number(*n),
        Data::Float(n) => Cell::Number(*n),
        Data::Bool(yes) => yes_or_no(*yes),
        Data::DateTime(moment) => Cell::Serial(moment.as_f64(), epoch_of(moment)),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

/// `PT14H05M00S`, which is how OpenDocument writes a time of day, as `14:05:00`.
fn duration(text: &str) -> String {
    let parts: Vec<&str> = text
        .strip_prefix("PT")
        .unwrap_or(text)
        .split_terminator(['H', 'M', 'S'])
        .map(|p| p.split(['.', ',']).next().unwrap_or(p))
        .collect();
    if parts.len() == 3 {
        parts.join(":")
    } else {
        text.to_owned()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers that large are no days and lose nothing that is read"
)]
fn number(n: i64) -> Cell<'static> {
    Cell::Number(n as f64)
}

fn yes_or_no(yes: bool) -> Cell<'static> {
    Cell::Text(Cow::Borrowed(if yes { "Yes" } else { "No" }))
}

/// A moment does not tell from when it counts, but it is equal only to one that counts from the same day.
fn epoch_of(moment: &ExcelDateTime) -> Epoch {
    let kind = if moment.is_duration() {
        ExcelDateTimeType::TimeDelta
    } else {
        ExcelDateTimeType::DateTime
    };
    if *moment == ExcelDateTime::new(moment.as_f64(), kind, true) {
        Epoch::Of1904
    } else {
        Epoch::Of1900
    }
}

/// Counts formulas, to tell that what they last came to was taken.
#[derive(Default)]
struct Formulas {
    count: usize,
    first: Option<String>,
}

impl Formulas {
    fn seen(&mut self, sheet: &str, row: u32, column: u32) {
        self.count += 1;
        if self.first.is_none() {
            let column = letters(column as usize);
            self.first = Some(format!("{column}{} on `{sheet}`", u64::from(row) + 1));
        }
    }

    fn told(self, tables: &mut Tables<'_>) {
        if let Some(first) = self.first {
            tables.remark(format!(
                "{} cells hold formulas, the first {first}; what they last came to was taken, and nothing was worked out",
                self.count
            ));
        }
    }
}

/// Cells merged downwards: what stands in the first row holds for all of them.
#[derive(Default)]
struct Merges {
    /// Row -> column and last row of the merges that begin there.
    begin: BTreeMap<u32, Vec<(u32, u32)>>,
    open: Vec<(usize, u32, Cell<'static>)>,
}

impl Merges {
    fn add(&mut self, (row, column): (u32, u32), last: u32) {
        self.begin.entry(row).or_default().push((column, last));
    }

    fn fill(&mut self, row: u32, cells: &mut Vec<Cell<'_>>) {
        if self.begin.is_empty() && self.open.is_empty() {
            return;
        }
        self.open.retain(|(_, last, _)| *last >= row);
        if !cells.iter().all(Cell::is_blank) {
            for (column, _, cell) in &self.open {
                if cells.len() <= *column {
                    cells.resize(column + 1, Cell::Empty);
                }
                if cells[*column].is_blank() {
                    cells[*column] = cell.clone();
                }
            }
        }
        for (column, last) in self.begin.remove(&row).unwrap_or_default() {
            let column = column as usize;
            if let Some(cell) = cells.get(column).filter(|c| !c.is_blank()) {
                self.open.push((column, last, cell.owned()));
            }
        }
    }
}
