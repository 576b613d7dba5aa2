//! The possible same child in another case: pointed out to those who may see that case, and to the manager without content.

use cases::Case;
use cases::people::Child;

use crate::actor::Actor;
use crate::load::Desk;

/// A possible same child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Possible {
    /// The child's id in this case.
    pub child: String,
    /// The other case's id and reference, when the reader may see it.
    pub other: Option<(String, String)>,
    /// Why it may be the same child, in words; empty when the reader may not see the other case.
    pub why: String,
}

/// What is compared: names without marks and case, the day of birth, a further identifier.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct ChildKey {
    pub id: String,
    name: String,
    born: Option<calendar::Date>,
    identifier: String,
}

impl ChildKey {
    /// The words of the name that are long enough to be one, in small letters.
    pub(crate) fn words(&self) -> impl Iterator<Item = String> {
        let words: Vec<String> = self.name.split(' ').map(str::to_owned).collect();
        words.into_iter().filter(|word| word.chars().count() > 2)
    }
}

pub(crate) fn key(child: &Child) -> ChildKey {
    let mut words: Vec<String> = child
        .name
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort();
    ChildKey {
        id: child.id.clone(),
        name: words.join(" "),
        born: child.born(),
        identifier: child
            .identifier
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
            .to_lowercase(),
    }
}

fn same(a: &ChildKey, b: &ChildKey) -> Option<&'static str> {
    if !a.identifier.is_empty() && a.identifier == b.identifier {
        return Some("the same identifier");
    }
    if a.name.is_empty() || a.name != b.name {
        return None;
    }
    match (a.born, b.born) {
        (Some(x), Some(y)) if x == y => Some("the same name and day of birth"),
        (Some(_), Some(_)) => None,
        _ => Some("the same name; a day of birth is not known"),
    }
}

impl Desk {
    /// Children of this case who may be in another one.
    pub fn possible_same_children(&self, actor: &Actor, case: &Case) -> Vec<Possible> {
        let Ok(register) = self.inner.register.read() else {
            return Vec::new();
        };
        let mut list: Vec<Possible> = Vec::new();
        for child in &case.people.children {
            let mine = key(child);
            for other in register.values().filter(|s| s.id != case.id) {
                let Some(why) = other.children.iter().find_map(|c| same(&mine, c)) else {
                    continue;
                };
                // Whoever sees that the other case is there and does not read of its people is told no more than anyone else.
                let reads = access::Act::Read(access::Section::People);
                let possible = if self.may_in(actor, other, reads) {
                    Possible {
                        child: child.id.clone(),
                        other: Some((other.id.clone(), other.reference.clone())),
                        why: why.into(),
                    }
                } else if matches!(
                    self.stands(actor, &other.admission).way,
                    access::Way::Barred | access::Way::SteppedBack
                ) {
                    // For whoever is kept from it, that case is not there.
                    continue;
                } else if actor.manages() {
                    Possible {
                        child: child.id.clone(),
                        other: None,
                        why: String::new(),
                    }
                } else {
                    continue;
                };
                if !list.contains(&possible) {
                    list.push(possible);
                }
            }
        }
        list
    }
}

impl Desk {
    /// The reasons written for the same element in other cases of which the reader reads what was considered, to point out copied ones; named by reference.
    /// Only cases already in memory are compared: this is advice, not a search.
    pub fn reasons_elsewhere(
        &self,
        actor: &Actor,
        case: &str,
        element: &str,
    ) -> Vec<(String, String)> {
        let reads = access::Act::Read(access::Section::Consideration);
        let ids: Vec<String> = self
            .visible(actor)
            .iter()
            .filter(|s| s.id != case && self.may_in(actor, s, reads))
            .map(|s| s.id.clone())
            .collect();
        ids.iter()
            .filter_map(|id| self.inner.cases.get(id))
            .filter_map(|case| {
                case.consideration.of(element).map(|c| {
                    (
                        format!("the same question in {}", case.reference()),
                        c.finding.reasons.clone(),
                    )
                })
            })
            .collect()
    }
}
