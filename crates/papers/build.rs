//! Finds the fonts that papers are set in and hands them to the compiler.
//! They come from packages under the SIL Open Font License; nothing is downloaded here.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Name under which the code includes the font, its package, and its file there.
const FONTS: [(&str, &str, &str); 12] = [
    (
        "AtkinsonHyperlegibleNext-Regular.ttf",
        "atkinson-hyperlegible-next",
        "400Regular/AtkinsonHyperlegibleNext_400Regular.ttf",
    ),
    (
        "AtkinsonHyperlegibleNext-Italic.ttf",
        "atkinson-hyperlegible-next",
        "400Regular_Italic/AtkinsonHyperlegibleNext_400Regular_Italic.ttf",
    ),
    (
        "AtkinsonHyperlegibleNext-Bold.ttf",
        "atkinson-hyperlegible-next",
        "700Bold/AtkinsonHyperlegibleNext_700Bold.ttf",
    ),
    (
        "AtkinsonHyperlegibleNext-BoldItalic.ttf",
        "atkinson-hyperlegible-next",
        "700Bold_Italic/AtkinsonHyperlegibleNext_700Bold_Italic.ttf",
    ),
    (
        "NotoSans-Regular.ttf",
        "noto-sans",
        "400Regular/NotoSans_400Regular.ttf",
    ),
    (
        "NotoSans-Bold.ttf",
        "noto-sans",
        "700Bold/NotoSans_700Bold.ttf",
    ),
    (
        "NotoSansArabic-Regular.ttf",
        "noto-sans-arabic",
        "400Regular/NotoSansArabic_400Regular.ttf",
    ),
    (
        "NotoSansBengali-Regular.ttf",
        "noto-sans-bengali",
        "400Regular/NotoSansBengali_400Regular.ttf",
    ),
    (
        "NotoSansEthiopic-Regular.ttf",
        "noto-sans-ethiopic",
        "400Regular/NotoSansEthiopic_400Regular.ttf",
    ),
    (
        "NotoSansGurmukhi-Regular.ttf",
        "noto-sans-gurmukhi",
        "400Regular/NotoSansGurmukhi_400Regular.ttf",
    ),
    (
        "NotoSansHebrew-Regular.ttf",
        "noto-sans-hebrew",
        "400Regular/NotoSansHebrew_400Regular.ttf",
    ),
    (
        "NotoSansTamil-Regular.ttf",
        "noto-sans-tamil",
        "400Regular/NotoSansTamil_400Regular.ttf",
    ),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let (Some(crate_dir), Some(out)) = (env::var_os("CARGO_MANIFEST_DIR"), env::var_os("OUT_DIR"))
    else {
        return println!("cargo::error=build `papers` with cargo, which says where the fonts go");
    };
    let root = PathBuf::from(crate_dir).join("../..");
    for (name, package, file) in FONTS {
        let places = [
            root.join("assets/dist/fonts").join(name),
            root.join("node_modules/@expo-google-fonts")
                .join(package)
                .join(file),
        ];
        let Some(font) = places.iter().find(|place| place.is_file()) else {
            // Looks again at each build until the fonts are there.
            println!("cargo::rerun-if-changed={}", places[1].display());
            return println!(
                "cargo::error=the font {name} that papers are set in is missing: run `npm ci` first"
            );
        };
        println!("cargo::rerun-if-changed={}", font.display());
        if let Err(error) = fs::copy(font, Path::new(&out).join(name)) {
            return println!("cargo::error=copy the font {name}: {error}");
        }
    }
}
