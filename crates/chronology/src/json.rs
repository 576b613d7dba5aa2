//! The merged chronology with everything worked out from it, as JSON, written as it goes.

use std::io::Write;

use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use crate::columns::TEXTS;
use crate::entry::{File, Read, RowToMend};
use crate::export::{Report, WriteError};

impl Report {
    /// Writes everything as JSON.
    ///
    /// # Errors
    /// What it is written to failed.
    pub fn write_json(&self, out: &mut impl Write) -> Result<(), WriteError> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}

/// Writes a sequence that is never held as a whole.
struct Each<F>(F);

impl<I, F> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        for item in self.0() {
            seq.serialize_element(&item)?;
        }
        seq.end()
    }
}

/// Writes pairs as an object.
struct Pairs<F>(F);

impl<'t, I, F> Serialize for Pairs<F>
where
    F: Fn() -> I,
    I: Iterator<Item = (&'t str, &'t str)>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.0() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let chronology = &self.chronology;
        let mut s = serializer.serialize_struct("Report", 9)?;
        s.serialize_field("entries", &chronology.len())?;
        s.serialize_field("to_mend", &chronology.to_mend())?;
        s.serialize_field("child_born", &self.born)?;
        s.serialize_field("files", chronology.files())?;
        s.serialize_field(
            "chronology",
            &Each(|| {
                chronology
                    .entries()
                    .enumerate()
                    .map(|(place, entry)| Numbered {
                        report: self,
                        place,
                        entry,
                    })
            }),
        )?;
        s.serialize_field(
            "rows_to_mend",
            &Each(|| chronology.files().iter().flat_map(File::rows_to_mend)),
        )?;
        s.serialize_field("look_at_together", &self.pairs)?;
        s.serialize_field("silent_months", &self.gaps)?;
        s.serialize_field("abbreviations", &self.glossary)?;
        s.end()
    }
}

/// An entry with its place.
struct Numbered<'r> {
    report: &'r Report,
    place: usize,
    entry: Read<'r>,
}

impl Serialize for Numbered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = self.entry;
        let (file, sheet, row) = entry.origin();
        let mut s = serializer.serialize_struct("Entry", 11)?;
        s.serialize_field("place", &self.place)?;
        s.serialize_field("when", &entry.when())?;
        s.serialize_field("when_words", &entry.when().to_string())?;
        s.serialize_field("end", &entry.end())?;
        s.serialize_field("age", &self.report.age(&entry))?;
        s.serialize_field("note", &entry.is_note())?;
        s.serialize_field("texts", &Texts(entry))?;
        s.serialize_field("other", &Pairs(|| entry.other()))?;
        s.serialize_field("file", file)?;
        s.serialize_field("sheet", sheet)?;
        s.serialize_field("row", &row)?;
        s.end()
    }
}

struct Texts<'r>(Read<'r>);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for place in TEXTS {
            let text = self.0.text(place);
            if !text.is_empty() {
                map.serialize_entry(&place, text)?;
            }
        }
        map.end()
    }
}

impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut s = serializer.serialize_struct("File", 10)?;
        s.serialize_field("name", &self.name)?;
        s.serialize_field("kind", self.kind)?;
        s.serialize_field("agency", &self.agency)?;
        s.serialize_field("rows", &self.rows)?;
        s.serialize_field("entries", &self.entries())?;
        s.serialize_field("to_mend", &self.to_mend())?;
        s.serialize_field("blank", &self.blank)?;
        s.serialize_field("tables", &self.tables)?;
        s.serialize_field("passed_over", &self.passed_over)?;
        s.serialize_field("remarks", &self.remarks)?;
        s.end()
    }
}

impl Serialize for RowToMend<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = *self;
        let mut s = serializer.serialize_struct("RowToMend", 5)?;
        s.serialize_field("file", row.file())?;
        s.serialize_field("sheet", row.sheet())?;
        s.serialize_field("row", &row.row())?;
        s.serialize_field("problems", row.problems())?;
        s.serialize_field(
            "cells",
            &Each(|| {
                row.cells().map(|(cell, heading, text)| Cell {
                    cell,
                    heading,
                    text,
                })
            }),
        )?;
        s.end()
    }
}

#[derive(Serialize)]
struct Cell<'r> {
    cell: String,
    heading: &'r str,
    text: &'r str,
}
