//! Unusual reading: many cases in a short time, several at night, several with the same name; noticed by the program, looked at by a person.
//! A notice accuses nobody. It is recorded, shown to those who look after accounts, and answered in words by someone else than the reader.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unusual {
    /// Many cases within an hour.
    ManyCases,
    /// Several cases within an hour of the night.
    AtNight,
    /// Several cases within a day in which children have a name in common.
    OneName,
}

impl Unusual {
    /// In words, after "read".
    pub fn words(self) -> &'static str {
        match self {
            Unusual::ManyCases => "many cases within an hour",
            Unusual::AtNight => "several cases at night",
            Unusual::OneName => {
                "several cases within a day in which children have a name in common"
            }
        }
    }
}

/// A notice of unusual reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Notice {
    /// Its id.
    pub id: String,
    /// Who read (id).
    pub person: String,
    /// What was unusual.
    pub what: Unusual,
    /// The cases (ids), in the order in which they were read first.
    pub cases: Vec<String>,
    /// When it was noticed (UTC).
    pub at: Timestamp,
}

/// What somebody made of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Looked {
    /// The notice (id).
    pub notice: String,
    /// Who looked at it (id).
    pub by: String,
    /// When (UTC).
    pub at: Timestamp,
    /// What came of it, in words.
    pub words: String,
}

/// A notice with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Noticed {
    /// The notice.
    pub notice: Notice,
    /// What came of it; none while nobody has looked at it.
    pub looked: Option<Looked>,
}

/// One reading of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The case (id).
    pub case: String,
    /// When (UTC).
    pub at: Timestamp,
    /// Whether it was at night in England.
    pub night: bool,
    /// The names of the children of the case, word by word in small letters.
    pub names: Vec<String>,
}

/// This many cases within an hour are many.
pub const MANY: usize = 12;
/// This many cases within an hour of the night, or with a name in common within a day, are several.
pub const SEVERAL: usize = 3;

/// What is unusual in the readings of one person within a day, the newest last.
pub fn unusual(reads: &[Read]) -> Vec<(Unusual, Vec<String>)> {
    let Some(newest) = reads.last() else {
        return Vec::new();
    };
    let within_hour = |read: &&Read| newest.at.duration_since(read.at).as_mins() < 60;
    let distinct = |list: &mut dyn Iterator<Item = &Read>| {
        let mut cases: Vec<String> = Vec::new();
        for read in list {
            if !cases.contains(&read.case) {
                cases.push(read.case.clone());
            }
        }
        cases
    };
    let mut found = Vec::new();
    let hour = distinct(&mut reads.iter().filter(within_hour));
    if hour.len() >= MANY {
        found.push((Unusual::ManyCases, hour));
    }
    let night = distinct(&mut reads.iter().filter(within_hour).filter(|r| r.night));
    if newest.night && night.len() >= SEVERAL {
        found.push((Unusual::AtNight, night));
    }
    for name in &newest.names {
        let same = distinct(&mut reads.iter().filter(|r| r.names.contains(name)));
        if same.len() >= SEVERAL {
            found.push((Unusual::OneName, same));
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(case: usize, minute: i64, night: bool, name: &str) -> Read {
        let begun: Timestamp = "2026-06-01T09:00:00Z".parse().unwrap_or_default();
        Read {
            case: format!("case-{case}"),
            at: begun + jiff::SignedDuration::from_mins(minute),
            night,
            names: vec![name.to_owned()],
        }
    }

    fn found(reads: &[Read]) -> Vec<Unusual> {
        unusual(reads).into_iter().map(|(what, _)| what).collect()
    }

    #[test]
    fn many_cases_within_an_hour_are_unusual_and_one_case_often_read_is_not() {
        let many: Vec<Read> = (0..MANY)
            .map(|n| read(n, 4 * n as i64, false, &n.to_string()))
            .collect();
        assert_eq!(found(&many), [Unusual::ManyCases]);
        assert!(found(&many[1..]).is_empty());
        let slowly: Vec<Read> = (0..MANY)
            .map(|n| read(n, 6 * n as i64, false, &n.to_string()))
            .collect();
        assert!(found(&slowly).is_empty());
        let often: Vec<Read> = (0..40).map(|n| read(1, n, true, "x")).collect();
        assert!(found(&often).is_empty());
    }

    #[test]
    fn several_cases_at_night_or_with_a_name_in_common_are_unusual() {
        let night: Vec<Read> = (0..SEVERAL)
            .map(|n| read(n, n as i64, true, &n.to_string()))
            .collect();
        assert_eq!(found(&night), [Unusual::AtNight]);
        let name: Vec<Read> = (0..SEVERAL)
            .map(|n| read(n, 300 * n as i64, false, "hollins"))
            .collect();
        assert_eq!(found(&name), [Unusual::OneName]);
        assert!(found(&name[1..]).is_empty());
    }
}
