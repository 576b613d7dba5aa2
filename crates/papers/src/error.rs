//! What can go wrong while a paper is made.
//! Messages name the part of the paper, never its content, so that they may be logged.

/// Why a paper could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PapersError {
    /// A row of a table has more cells than the head has columns.
    #[error("lay out table {table}: row {row} has {cells} cells for {columns} columns")]
    TableRow {
        /// Which table of the paper, from 1.
        table: usize,
        /// Which row of the table, from 1.
        row: usize,
        /// How many cells the row has.
        cells: usize,
        /// How many columns the head has.
        columns: usize,
    },
    /// A table has no column, or not one width above nought for each column.
    #[error("lay out table {table}: needs at least one column and one width above 0 for each")]
    TableColumns {
        /// Which table of the paper, from 1.
        table: usize,
    },
    /// A picture has no text alternative.
    #[error("include picture {figure}: it needs a text alternative")]
    FigureWithoutAlternative {
        /// Which picture of the paper, from 1.
        figure: usize,
    },
    /// A picture is not SVG, or refers to something outside itself.
    #[error(
        "include picture {figure}: it must be SVG that stands alone, without links to files or scripts"
    )]
    FigureNotSvg {
        /// Which picture of the paper, from 1.
        figure: usize,
    },
    /// The PDF could not be set or would not meet PDF/UA-1.
    #[error("set the PDF: {reason}")]
    Typeset {
        /// What the typesetter says.
        reason: String,
    },
    /// The data of a paper could not be written as JSON.
    #[error("write the data of the paper")]
    Data(#[from] serde_json::Error),
    /// The XML of a DOCX part could not be written.
    #[error("write the XML of the DOCX")]
    Xml(#[from] std::io::Error),
    /// The DOCX could not be packed.
    #[error("pack the DOCX")]
    Pack(#[from] zip::result::ZipError),
}
