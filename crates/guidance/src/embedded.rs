//! The packs that come with the product, by file name; a test compares the list with the folder.

macro_rules! packs {
    ($($name:literal),+ $(,)?) => {
        &[$((concat!("policies/", $name), include_str!(concat!("../../../policies/", $name)))),+]
    };
}

/// File name and text of each pack.
pub(crate) const FILES: &[(&str, &str)] = packs![
    "working-together-2018.toml",
    "working-together-2023.toml",
    "working-together-2026.toml",
    "panel-2019-04.toml",
    "panel-2022-09.toml",
    "panel-2025-06.toml",
    "sefton-2021.toml",
];
