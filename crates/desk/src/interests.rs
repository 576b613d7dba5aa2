//! Conflicts of interest: who an interest belongs to, as the record of people says it, and names that match, which are
//! suggested to whoever may decide and never acted on.

use cases::interests::{Declared, Kind};

use crate::error::DeskError;
use crate::load::Desk;
use crate::view::CaseView;

/// A name of someone in the case that is also the name of someone else there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMatch {
    /// Who takes part in the case (person id).
    pub person: String,
    /// Their name.
    pub name: String,
    /// What matches, in words, without the other name: "the surname is also that of Child A\u{2019}s aunt".
    pub why: String,
}

impl Desk {
    /// An interest of a person of the partnership, with the name, part and seat they have today.
    ///
    /// # Errors
    /// There is no such person, or they have left.
    pub fn interest_of(
        &self,
        person: &str,
        kind: Kind,
        words: &str,
        since: &str,
    ) -> Result<Declared, DeskError> {
        let office = self.office();
        let found = office
            .person(person)
            .ok_or_else(|| DeskError::field("person", "Choose a person"))?;
        Ok(Declared {
            id: String::new(),
            person: found.id.clone(),
            name: found.name.clone(),
            acts_as: self.part_words(found),
            seat: found.seat.clone(),
            kind,
            words: words.to_owned(),
            since: since.to_owned(),
        })
    }

    /// Members whose surname is that of someone in the family, or stands where agencies, contacts and processes are recorded;
    /// not those who have declared an interest, and nothing rests on it.
    pub fn names_that_match(&self, view: &CaseView) -> Vec<NameMatch> {
        let case = &view.case;
        let declared = |person: &str| {
            let list = &case.interests.list;
            list.iter().any(|i| i.declared.person == person)
        };
        let children = case.people.children.iter();
        let adults = case.people.adults.iter();
        let family: Vec<(&str, &str)> = children
            .map(|c| (c.id.as_str(), c.name.as_str()))
            .chain(adults.map(|a| (a.id.as_str(), a.name.as_str())))
            .collect();
        let staff = words_of(case);
        let mut list = Vec::new();
        for (person, (name, _)) in &case.members.list {
            let Some(surname) = surname(name).filter(|_| !declared(person)) else {
                continue;
            };
            let mut push = |why: String| {
                list.push(NameMatch {
                    person: person.clone(),
                    name: name.clone(),
                    why,
                });
            };
            for (id, other) in &family {
                if words(other).contains(&surname) {
                    let called = case.people.called(id);
                    push(format!("the surname is also a name of {called}"));
                }
            }
            for (place, text) in &staff {
                if text.contains(&surname) {
                    push(format!("the surname stands in {place}"));
                }
            }
        }
        list
    }
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}')
        .map(str::to_owned)
        .filter(|w| !w.is_empty())
        .collect()
}

/// The last word of a name; of a double name the last part. Shorter words match by chance.
fn surname(name: &str) -> Option<String> {
    words(name).pop().filter(|w| w.chars().count() > 2)
}

/// Where staff are named: agencies and who answers for them, early contacts, processes beside the review.
fn words_of(case: &cases::Case) -> Vec<(&'static str, Vec<String>)> {
    let agencies = case
        .agencies
        .list
        .iter()
        .flat_map(|a| words(&format!("{} {}", a.involvement, a.contact)))
        .collect();
    let contacts = case
        .incident
        .contacts
        .iter()
        .flat_map(|c| words(&format!("{} {}", c.from, c.how)))
        .collect();
    let processes = case
        .parallel
        .list
        .iter()
        .filter_map(|p| serde_json::to_string(p).ok())
        .flat_map(|p| words(&p))
        .collect();
    vec![
        ("what is recorded of the agencies", agencies),
        ("the early contacts", contacts),
        ("the processes beside the review", processes),
    ]
}
