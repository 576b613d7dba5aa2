//! Chronologies of many agencies: read from what people have, merged into one, and written again.
//! Bytes come in and bytes go out; there is no clock, no network and no file here, and the day of reading is an argument.
//! Nothing is dropped: every row of a table is an entry, a row to mend, or blank, and what else is not read is told.

mod agency;
mod alike;
mod archive;
mod cell;
mod columns;
mod csv;
pub mod dates;
mod decode;
mod delimited;
mod document;
mod entry;
mod error;
mod export;
mod gaps;
mod glossary;
mod json;
mod likeness;
mod limits;
mod merge;
mod page;
mod reading;
mod row;
pub mod serial;
mod sheets;
mod table;
pub mod times;
mod when;
mod xlsx;

pub use alike::{Alike, MOST_PAIRS, Pair, Pairs, alike};
pub use columns::{Column, Mapping, Place, TEXTS};
pub use entry::{File, PassedOver, Problem, Read, RowToMend, Table};
pub use error::ReadError;
pub use export::{Report, WriteError};
pub use gaps::{Gap, gaps};
pub use glossary::{Abbreviation, glossary};
pub use limits::Limits;
pub use merge::{Age, Chronology, age_text};
pub use reading::{read, read_each};
pub use table::Options;
pub use when::{Exactness, When};
