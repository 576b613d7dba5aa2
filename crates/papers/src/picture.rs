//! Looks at a picture before it is put into a paper: it must be SVG that stands alone.
//! A paper must not reach for a file or an address when it is made or opened.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The size of a picture as it says of itself, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Picture {
    /// Its width.
    pub(crate) width: f64,
    /// Its height.
    pub(crate) height: f64,
}

impl Picture {
    /// Reads the size; `None` if it is not well-formed SVG or refers to anything outside itself.
    pub(crate) fn read(svg: &str) -> Option<Self> {
        let mut reader = Reader::from_str(svg);
        let (mut size, mut depth) = (None, 0_usize);
        loop {
            match reader.read_event().ok()? {
                Event::Start(tag) => {
                    if depth == 0 {
                        size = Some(Self::of_root(&tag)?);
                    }
                    depth += 1;
                    stands_alone(&tag)?;
                }
                Event::Empty(tag) => {
                    if depth == 0 {
                        return None;
                    }
                    stands_alone(&tag)?;
                }
                Event::End(_) => depth = depth.checked_sub(1)?,
                Event::DocType(_) => return None,
                Event::Text(text) if reaches_outside(&text) => return None,
                Event::CData(text) if reaches_outside(&text) => return None,
                Event::Eof => break,
                _ => {}
            }
        }
        if depth == 0 { size } else { None }
    }

    fn of_root(tag: &BytesStart<'_>) -> Option<Self> {
        if tag.local_name().as_ref() != "svg" {
            return None;
        }
        let (mut width, mut height, mut view) = (None, None, None);
        for attribute in tag.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "width" => width = pixels(value),
                "height" => height = pixels(value),
                "viewBox" => {
                    let numbers: Vec<f64> = value
                        .split([' ', ','])
                        .filter(|s| !s.is_empty())
                        .filter_map(|s| s.parse().ok())
                        .collect();
                    if let [_, _, w, h] = numbers[..] {
                        view = Some((w, h));
                    }
                }
                _ => {}
            }
        }
        let (width, height) = match (width, height, view) {
            (Some(width), Some(height), _) => (width, height),
            (_, _, Some(view)) => view,
            _ => (300.0, 150.0),
        };
        (width > 0.0 && height > 0.0 && width.is_finite() && height.is_finite())
            .then_some(Self { width, height })
    }
}

/// A length in pixels; `None` for one that is relative to what is around it.
fn pixels(value: &str) -> Option<f64> {
    value.trim().trim_end_matches("px").parse().ok()
}

/// `None` for an element that runs something or refers to something outside the picture.
fn stands_alone(tag: &BytesStart<'_>) -> Option<()> {
    if matches!(
        tag.local_name().as_ref(),
        "script" | "foreignObject" | "image"
    ) {
        return None;
    }
    for attribute in tag.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.value.trim();
        let link = attribute.key.local_name().as_ref() == "href" && !value.starts_with('#');
        // A numbered character could hide a reference from this reading.
        if link || value.contains("&#") || reaches_outside(value) {
            return None;
        }
    }
    Some(())
}

/// Whether a style refers to something other than a part of the same picture.
fn reaches_outside(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    style.contains("@import")
        || style
            .split("url(")
            .skip(1)
            .any(|target| !target.trim_start_matches([' ', '"', '\'']).starts_with('#'))
}
