//! Which agency a file comes from, as far as its name tells.

/// The agency a file's name tells of: `Merrowshire_Police chronology 2016.xlsx` is of `Merrowshire Police`.
#[must_use]
pub(crate) fn from_name(name: &str) -> String {
    const NOT_A_NAME: [&str; 16] = [
        "chronology",
        "chronologies",
        "chron",
        "internal",
        "final",
        "draft",
        "copy",
        "of",
        "v1",
        "v2",
        "v3",
        "template",
        "return",
        "completed",
        "single",
        "integrated",
    ];
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let words: Vec<&str> = stem
        .split(|c: char| {
            c.is_whitespace() || c == '_' || c == '-' || c == '.' || c == '(' || c == ')'
        })
        .filter(|w| !w.is_empty() && !w.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    let is_name = |w: &&str| !NOT_A_NAME.contains(&w.to_lowercase().as_str());
    // Only from the ends, so that "Department of Housing" stays whole.
    let first = words.iter().position(is_name);
    let last = words.iter().rposition(is_name);
    match (first, last) {
        (Some(first), Some(last)) => words[first..=last].join(" "),
        _ => stem.trim().to_owned(),
    }
}
