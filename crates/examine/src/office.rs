//! The parts of Word, Excel, PowerPoint and OpenDocument files that say what is hidden in them, and those that must not be there.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::archive::Part;
use crate::{Found, Holds, Refused};

/// Looks at a part of an Office Open XML file.
pub(crate) fn open_xml(part: &mut Part<'_>, found: &mut Found) -> Result<(), Refused> {
    let name = part.name;
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    if file.starts_with("vbaproject") || folder.ends_with("macrosheets") {
        return Err(Refused::Macros);
    }
    if folder.ends_with("embeddings") {
        found.add(Holds::FilesInside, 1);
        return Ok(());
    }
    if !(file.ends_with(".xml") || file.ends_with(".rels")) {
        return Ok(());
    }
    let in_word = name.starts_with("word/");
    xml(part.bytes, |element, holds_text| {
        let local = element.local_name();
        match local.as_ref() {
            "Override" | "Default" if name == "[content_types].xml" => {
                let kind = attribute(element, "ContentType").to_lowercase();
                if kind.contains("macroenabled") || kind.contains("vbaproject") {
                    return Err(Refused::Macros);
                }
            }
            "Relationship" if attribute(element, "TargetMode") == "External" => {
                let kind = attribute(element, "Type");
                let kind = kind.rsplit('/').next().unwrap_or_default();
                match kind {
                    "hyperlink" => {}
                    "attachedTemplate" | "oleObject" | "frame" | "subDocument" => {
                        return Err(Refused::FetchesElsewhere);
                    }
                    _ => found.add(Holds::LinksElsewhere, 1),
                }
            }
            "sheet" if name == "xl/workbook.xml" => {
                let hidden = attribute(element, "state")
                    .to_lowercase()
                    .ends_with("hidden");
                found.add(Holds::HiddenSheets, u32::from(hidden));
            }
            "row" | "col" if folder == "xl/worksheets" => {
                let hidden = matches!(attribute(element, "hidden").as_str(), "1" | "true");
                found.add(Holds::HiddenRows, u32::from(hidden));
            }
            "comment" | "cm" | "threadedComment" if file.contains("comment") => {
                found.add(Holds::Comments, 1);
            }
            "ins" | "del" | "moveFrom" if in_word => found.add(Holds::TrackedChanges, 1),
            "workbookProtection" | "sheetProtection" | "documentProtection" => {
                found.add(Holds::Protection, 1);
            }
            "creator" | "lastModifiedBy" if name == "docprops/core.xml" && holds_text => {
                found.add(Holds::Author, 1);
            }
            _ => {}
        }
        Ok(())
    })
}

/// Looks at a part of an OpenDocument file.
pub(crate) fn open_document(part: &mut Part<'_>, found: &mut Found) -> Result<(), Refused> {
    let name = part.name;
    if name.starts_with("basic/") || name.starts_with("scripts/") {
        return Err(Refused::Macros);
    }
    if name.starts_with("object ") && name.ends_with("/content.xml") {
        found.add(Holds::FilesInside, 1);
    }
    if !name.ends_with(".xml") {
        return Ok(());
    }
    // A style says which sheets are hidden, and comes before the sheets.
    let mut hidden_styles: Vec<String> = Vec::new();
    let mut style = String::new();
    xml(part.bytes, |element, holds_text| {
        let local = element.local_name();
        match local.as_ref() {
            "encryption-data" if name == "meta-inf/manifest.xml" => return Err(Refused::Password),
            "style" => style = attribute(element, "name"),
            "table-properties" if attribute(element, "display") == "false" => {
                hidden_styles.push(style.clone());
            }
            "table" => {
                let styled = attribute(element, "style-name");
                found.add(
                    Holds::HiddenSheets,
                    u32::from(hidden_styles.contains(&styled)),
                );
            }
            "table-row" | "table-column" => {
                let shown = attribute(element, "visibility");
                let hidden = matches!(shown.as_str(), "collapse" | "filter");
                found.add(Holds::HiddenRows, u32::from(hidden));
            }
            "annotation" => found.add(Holds::Comments, 1),
            "changed-region" | "cell-content-change" => found.add(Holds::TrackedChanges, 1),
            "creator" | "initial-creator" if name == "meta.xml" && holds_text => {
                found.add(Holds::Author, 1);
            }
            _ => {}
        }
        Ok(())
    })
}

/// An attribute by its local name; empty when it is not there.
fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().as_ref() == name);
    found.map_or_else(String::new, |a| a.value.clone().into_owned())
}

/// Goes through the elements of a part; the closure is told whether words follow. A part that defines words of its own is refused:
/// no office program writes one, and they are how a small file grows without end.
fn xml(
    bytes: &mut dyn Read,
    mut element: impl FnMut(&BytesStart<'_>, bool) -> Result<(), Refused>,
) -> Result<(), Refused> {
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, bytes));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut before: Option<BytesStart<'static>> = None;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let event = event.map_err(|_| Refused::Broken)?;
        if let Some(start) = before.take() {
            let text = matches!(&event, Event::Text(text) if !text.trim_ascii().is_empty());
            element(&start, text)?;
        }
        match event {
            Event::Start(start) => before = Some(start.into_owned()),
            Event::Empty(start) => element(&start, false)?,
            Event::DocType(_) => return Err(Refused::OwnEntities),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
