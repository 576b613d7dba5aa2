//! The fonts of a PDF and what to do where they end.
//! The main typeface is drawn for easy reading and covers Latin letters; the others stand in for names in Arabic, Bengali, Cyrillic, Devanagari, Ethiopic, Greek, Gurmukhi, Hebrew and Tamil letters.

use std::fmt::Write as _;
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::Font;

use crate::document::Text;

macro_rules! font_files {
    ($($name:literal),+ $(,)?) => { [$(include_bytes!(concat!(env!("OUT_DIR"), "/", $name)).as_slice()),+] };
}

/// The files, the main typeface first.
static FILES: [&[u8]; 12] = font_files![
    "AtkinsonHyperlegibleNext-Regular.ttf",
    "AtkinsonHyperlegibleNext-Italic.ttf",
    "AtkinsonHyperlegibleNext-Bold.ttf",
    "AtkinsonHyperlegibleNext-BoldItalic.ttf",
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansEthiopic-Regular.ttf",
    "NotoSansGurmukhi-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansTamil-Regular.ttf",
];

/// The fonts, in the order of the files.
pub(super) static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    FILES
        .iter()
        .flat_map(|file| Font::iter(Bytes::new(*file)))
        .collect()
});

/// Which fonts may draw a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// All of them.
    AllFonts,
    /// The main typeface only.
    MainFont,
}

/// Replaces what the fonts cannot draw by its code and counts it.
pub(super) struct Spelling {
    fonts: Use,
    /// How many characters were replaced so far.
    pub(super) spelled: usize,
}

impl Spelling {
    /// Begins with nothing replaced.
    pub(super) fn new(fonts: Use) -> Self {
        Self { fonts, spelled: 0 }
    }

    /// Spells a text, run by run.
    pub(super) fn text(&mut self, text: &mut Text) {
        text.0.iter_mut().for_each(|run| self.line(&mut run.text));
    }

    /// Spells a string.
    pub(super) fn line(&mut self, text: &mut String) {
        if text.is_ascii() && !text.contains('\t') {
            return;
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\t' => out.push_str("    "),
                '\n' => out.push(c),
                // Marks that only choose a shape or a direction: they have no form of their own.
                '\u{fe00}'..='\u{fe0f}' | '\u{200b}' | '\u{2060}' => {}
                c if c.is_ascii() || self.draws(c) => out.push(c),
                c => {
                    self.spelled += 1;
                    let _ = write!(out, "[U+{:04X}]", u32::from(c));
                }
            }
        }
        *text = out;
    }

    fn draws(&self, c: char) -> bool {
        let fonts = match self.fonts {
            Use::AllFonts => FONTS.get(..),
            Use::MainFont => FONTS.get(..1),
        };
        fonts
            .unwrap_or_default()
            .iter()
            .any(|font| font.info().coverage.contains(u32::from(c)))
    }
}
