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
    /// The cases (ids), that read longest ago first.
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

/// This many cases of a day are remembered of each person: more than any rule asks for, and a bound to what a day can cost.
const REMEMBERED: usize = 64;

/// A person's readings of the last day: the newest of each case, the newest last.
#[derive(Debug, Clone, Default)]
pub struct Day(Vec<Read>);

impl Day {
    /// Remembers a reading, forgets what is older than a day, and says what has become unusual, with the cases (ids).
    pub fn add(&mut self, read: Read) -> Vec<(Unusual, Vec<String>)> {
        let now = read.at;
        self.0
            .retain(|r| r.case != read.case && now.duration_since(r.at).as_hours() < 24);
        if self.0.len() >= REMEMBERED {
            self.0.remove(0);
        }
        let names = read.names.clone();
        let night = read.night;
        self.0.push(read);

        let hour = |r: &Read| now.duration_since(r.at).as_mins() < 60;
        let at_night = |r: &Read| night && hour(r) && r.night;
        let mut found = Vec::new();
        found.extend(self.of(MANY, hour).map(|cases| (Unusual::ManyCases, cases)));
        found.extend(
            self.of(SEVERAL, at_night)
                .map(|cases| (Unusual::AtNight, cases)),
        );
        let same = names
            .iter()
            .find_map(|name| self.of(SEVERAL, |r| r.names.contains(name)));
        found.extend(same.map(|cases| (Unusual::OneName, cases)));
        found
    }

    /// The cases that meet a condition, when there are at least so many.
    fn of(&self, least: usize, meets: impl Fn(&Read) -> bool) -> Option<Vec<String>> {
        let cases: Vec<String> = (self.0.iter().filter(|r| meets(r)))
            .map(|r| r.case.clone())
            .collect();
        (cases.len() >= least).then_some(cases)
    }
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

    /// What the last of the readings makes unusual.
    fn found(reads: &[Read]) -> Vec<Unusual> {
        let mut day = Day::default();
        let last = reads.iter().map(|read| day.add(read.clone())).last();
        last.into_iter().flatten().map(|(what, _)| what).collect()
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

    #[test]
    fn a_day_is_forgotten_after_a_day_and_never_grows_beyond_what_is_remembered() {
        let mut day = Day::default();
        for n in 0..500 {
            day.add(read(n, n as i64, false, "hollins"));
        }
        assert_eq!(day.0.len(), REMEMBERED);
        assert!(
            day.add(read(900, 500 + 24 * 60, false, "hollins"))
                .is_empty()
        );
        assert_eq!(day.0.len(), 1);
    }
}
