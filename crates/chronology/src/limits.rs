//! How much is taken from one file, so that a file made to exhaust the memory is refused instead.

/// The limits of one file.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file as it comes.
    pub bytes: usize,
    /// Bytes after unpacking, all parts of an archive together.
    pub unpacked: u64,
    /// Parts of an archive.
    pub parts: usize,
    /// Rows of one file, all its tables together.
    pub rows: usize,
    /// Columns of a table.
    pub columns: usize,
    /// Units of UTF-16 in one cell, as a spreadsheet counts; a longer one goes to the rows to mend.
    pub cell: usize,
    /// How deep tables may lie within tables.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            unpacked: 512 << 20,
            parts: 10_000,
            rows: 500_000,
            columns: 200,
            cell: 32_767,
            depth: 8,
        }
    }
}
