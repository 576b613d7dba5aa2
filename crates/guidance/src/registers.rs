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
    /// Where the row was read, with its licence.
    pub source: String,
}

/// A body of a register, with the time it existed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its name.
    pub name: String,
    /// Its statistical code, where known.
    pub code: String,
    /// Its region, as the register names it; empty where the register names none.
    pub region: String,
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
        move |name: &str| {
            head.iter()
                .position(|h| h == name)
                .and_then(|at| row.get(at))
                .cloned()
                .unwrap_or_default()
        }
    })
}

/// A day as the registers write it; a trailing "?" marks one that is only probable.
fn day(text: &str) -> Option<Date> {
    text.trim_end_matches('?').parse().ok()
}

/// The day from which a body is no more.
/// The registers give either its last day, at the end of a month, or the first day of its successor, at the start of one.
fn end(text: &str) -> Option<Date> {
    day(text).map(|d| {
        if d == d.last_of_month() {
            d.tomorrow().unwrap_or(d)
        } else {
            d
        }
    })
}

static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| {
    rows(include_str!("../data/code-sets.csv"))
        .map(|row| Code {
            set: row("set"),
            code: row("code"),
            label: row("label"),
            status: row("status"),
            source: row("source"),
        })
        .filter(|c| !c.label.is_empty())
        .collect()
});

static AUTHORITIES: LazyLock<Vec<Body>> = LazyLock::new(|| {
    let mut list: Vec<Body> = rows(include_str!("../data/local-authorities-england.csv"))
        .filter(|row| row("is_childrens_services_authority") == "yes")
        .map(|row| Body {
            name: row("official_name"),
            code: row("gss_code"),
            region: row("region"),
            from: day(&row("start_date")),
            until: end(&row("end_date")),
        })
        .collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
});

static FORCES: LazyLock<Vec<Body>> = LazyLock::new(|| {
    rows(include_str!("../data/police-forces-england.csv"))
        .map(|row| Body {
            name: row("name"),
            code: row("gss_code"),
            region: String::new(),
            from: None,
            until: None,
        })
        .collect()
});

static BOARDS: LazyLock<Vec<Body>> = LazyLock::new(|| {
    rows(include_str!("../data/integrated-care-boards-england.csv"))
        .map(|row| Body {
            name: row("name"),
            code: row("gss_code"),
            region: row("nhs_region"),
            from: day(&row("valid_from")),
            until: end(&row("valid_to")),
        })
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

/// Where the codes of one set were read, each source once, in the order of the rows; none for a set that is not held.
pub fn sources_of(set: &str) -> Vec<&'static str> {
    let mut sources = Vec::new();
    for code in code_set(set) {
        if !sources.contains(&code.source.as_str()) {
            sources.push(code.source.as_str());
        }
    }
    sources
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
    fn every_set_the_forms_use_is_held_with_its_source() {
        for set in [
            "ethnicity",
            "disability",
            "legal_status",
            "placement_type",
            "sex",
            "gender",
            "category_of_abuse",
        ] {
            assert!(!code_set(set).is_empty(), "{set}");
            assert!(
                !sources_of(set).is_empty() && sources_of(set).iter().all(|s| !s.is_empty()),
                "{set}"
            );
        }
        assert!(sources_of("nothing").is_empty());
    }

    #[test]
    fn the_boards_change_in_spring_2026_without_a_day_between() {
        let named = |on| {
            integrated_care_boards(on)
                .iter()
                .map(|b| b.name.as_str())
                .collect::<Vec<_>>()
        };
        let (last, first) = (named(date(2026, 3, 31)), named(date(2026, 4, 1)));
        assert_eq!(
            (named(date(2025, 11, 1)).len(), last.len(), first.len()),
            (42, 42, 36)
        );
        assert!(
            last.contains(&"NHS Mid and South Essex Integrated Care Board")
                && !last.contains(&"NHS Essex Integrated Care Board")
        );
        assert!(
            !first.contains(&"NHS Mid and South Essex Integrated Care Board")
                && first.contains(&"NHS Essex Integrated Care Board")
        );
        assert!(named(date(2022, 6, 30)).is_empty());
    }

    #[test]
    fn a_council_is_there_on_its_last_day_and_gone_on_the_next() {
        let there = |on, name: &str| local_authorities(on).iter().any(|b| b.name == name);
        let old = "Buckinghamshire County Council";
        assert!(there(date(2020, 3, 31), old) && !there(date(2020, 4, 1), old));
        let old = "Cumbria County Council";
        assert!(there(date(2023, 3, 31), old) && !there(date(2023, 4, 1), old));
        for (on, many) in [
            (date(2019, 3, 31), 152),
            (date(2019, 4, 1), 151),
            (date(2020, 3, 31), 151),
            (date(2020, 4, 1), 151),
            (date(2021, 4, 1), 152),
            (date(2023, 4, 1), 153),
        ] {
            assert_eq!(local_authorities(on).len(), many, "{on}");
        }
    }

    #[test]
    fn quoted_fields_keep_their_commas() {
        assert_eq!(fields(r#"a,"b, ""c""",d"#), ["a", r#"b, "c""#, "d"]);
    }
}
