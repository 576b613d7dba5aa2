//! Registers and national code sets as data: authorities, police forces, integrated care boards, codes for who a child is.
//! They suggest words in forms; every field takes own words too. Provenance is in `data/README.md`.

use std::sync::LazyLock;

use jiff::civil::Date;

/// A code of a national set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The set, such as `ethnicity`.
    pub set: String,
    /// The code.
    pub code: String,
    /// The words.
    pub label: String,
    /// How far the row was confirmed.
    pub status: String,
}

/// A body of a register, with the time it existed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its name.
    pub name: String,
    /// Its statistical code, where known.
    pub code: String,
    /// From when; absent when not known.
    pub from: Option<Date>,
    /// Until when, exclusive; absent while it exists.
    pub until: Option<Date>,
}

impl Body {
    fn exists(&self, on: Date) -> bool {
        self.from.is_none_or(|f| f <= on) && self.until.is_none_or(|u| on < u)
    }
}

/// One line of comma-separated values; quoted fields may hold commas and doubled quotes.
fn fields(line: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                if let Some(last) = list.last_mut() {
                    last.push('"');
                }
            }
            '"' => quoted = !quoted,
            ',' if !quoted => list.push(String::new()),
            other => {
                if let Some(last) = list.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    list
}

/// The rows of a table by the names in its first line.
fn rows(text: &'static str) -> impl Iterator<Item = impl Fn(&str) -> String> {
    let mut lines = text.lines();
    let head = fields(lines.next().unwrap_or_default());
    lines.filter(|l| !l.trim().is_empty()).map(move |line| {
        let (head, row) = (head.clone(), fields(line));
        move |name: &str| head.iter().position(|h| h == name).and_then(|at| row.get(at)).cloned().unwrap_or_default()
    })
}

/// A day as the registers write it; a trailing "?" marks one that is only probable.
fn day(text: &str) -> Option<Date> {
    text.trim_end_matches('?').parse().ok()
}

static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| {
    rows(include_str!("../data/code-sets.csv"))
        .map(|row| Code { set: row("set"), code: row("code"), label: row("label"), status: row("status") })
        .filter(|c| !c.label.is_empty())
        .collect()
});

static AUTHORITIES: LazyLock<Vec<Body>> = LazyLock::new(|| {
    let mut list: Vec<Body> = rows(include_str!("../data/local-authorities-england.csv"))
        .filter(|row| row("is_childrens_services_authority") == "yes")
        .map(|row| Body { name: row("official_name"), code: row("gss_code"), from: day(&row("start_date")), until: day(&row("end_date")) })
        .collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
});

static FORCES: LazyLock<Vec<Body>> = LazyLock::new(|| {
    rows(include_str!("../data/police-forces-england.csv"))
        .map(|row| Body { name: row("name"), code: row("gss_code"), from: None, until: None })
        .collect()
});

static BOARDS: LazyLock<Vec<Body>> = LazyLock::new(|| {
    rows(include_str!("../data/integrated-care-boards-england.csv"))
        .map(|row| Body { name: row("name"), code: row("gss_code"), from: day(&row("valid_from")), until: day(&row("valid_to")) })
        .collect()
});

/// The codes of a set, in the order of the source.
pub fn code_set(set: &str) -> Vec<&'static Code> {
    CODES.iter().filter(|c| c.set == set).collect()
}

/// The children's services authorities on a day.
pub fn local_authorities(on: Date) -> Vec<&'static Body> {
    AUTHORITIES.iter().filter(|b| b.exists(on)).collect()
}

/// The territorial police forces.
pub fn police_forces() -> Vec<&'static Body> {
    FORCES.iter().collect()
}

/// The integrated care boards on a day.
pub fn integrated_care_boards(on: Date) -> Vec<&'static Body> {
    BOARDS.iter().filter(|b| b.exists(on)).collect()
}

/// Where the codes come from, in a line for the page.
pub fn provenance() -> &'static str {
    "National code sets for children's social care, from public repositories (MIT licence) and the Open Government Licence; not complete, so own words can always be entered"
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_registers_are_read_whole() {
        assert_eq!(local_authorities(date(2025, 6, 1)).len(), 153);
        assert_eq!(police_forces().len(), 39);
        assert_eq!(code_set("ethnicity").len(), 20);
        assert_eq!(code_set("disability").len(), 13);
        assert!(code_set("nothing").is_empty());
    }

    #[test]
    fn the_boards_change_in_spring_2026() {
        assert_eq!(integrated_care_boards(date(2026, 11, 1)).len(), 36);
        assert!(integrated_care_boards(date(2025, 11, 1)).iter().all(|b| b.until.is_some() || b.from.is_none() || b.from < Some(date(2026, 1, 1))));
    }

    #[test]
    fn quoted_fields_keep_their_commas() {
        assert_eq!(fields(r#"a,"b, ""c""",d"#), ["a", r#"b, "c""#, "d"]);
    }
}
