//! How a person stands to a case: by membership, as cover, by an opening with a written reason; barred, or stepped back.
//! Everything that decides on access starts from here, also the lists, which keep an [`Admission`] of each case and not the case.

use std::collections::{BTreeMap, BTreeSet};

use cases::interests::Scope;
use cases::members::Part;
use cases::{Case, Date};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::office::Person;

/// By which way a person comes to a case, or why they do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A member with this part.
    Member(Part),
    /// Covers for the absent person who runs the case.
    Covers,
    /// Opened it with a written reason; the time is not over.
    Opened,
    /// Not a member.
    Stranger,
    /// Stepped back from the whole case.
    SteppedBack,
    /// Barred.
    Barred,
}

impl Way {
    /// Whether it leads into the case as one who takes part in it.
    pub fn takes_part(self) -> bool {
        matches!(self, Way::Member(_) | Way::Covers)
    }
}

/// The parts of a case from which a person stepped back while taking part in the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Back {
    /// The decision and signing.
    pub decision: bool,
    /// Contact with the child and the family.
    pub family: bool,
    /// The documents.
    pub documents: bool,
}

impl Back {
    /// From nothing.
    pub const NOTHING: Back = Back {
        decision: false,
        family: false,
        documents: false,
    };

    /// Whether from anything.
    pub fn any(self) -> bool {
        self.decision || self.family || self.documents
    }
}

/// How a person stands to a case at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// By which way.
    pub way: Way,
    /// From which parts they stepped back.
    pub back: Back,
    /// Whether the partnership's settings let their role decide about interests.
    pub may_decide: bool,
}

impl Standing {
    /// The plain standing by a way: from nothing stepped back, and the role may decide about interests.
    pub fn by(way: Way) -> Standing {
        Standing {
            way,
            back: Back::NOTHING,
            may_decide: true,
        }
    }

    /// The same for a service account: kept from what whoever answers for it is kept from.
    pub fn answered_for(self, owner: Standing) -> Standing {
        let way = match owner.way {
            Way::Barred | Way::SteppedBack => owner.way,
            _ => self.way,
        };
        Standing {
            way,
            back: Back {
                decision: self.back.decision || owner.back.decision,
                family: self.back.family || owner.back.family,
                documents: self.back.documents || owner.back.documents,
            },
            ..self
        }
    }
}

/// Who is admitted to a case and who is not, as far as any list needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Admission {
    /// Person id -> part.
    pub members: BTreeMap<String, Part>,
    /// Person id -> the last day on which they take part.
    #[serde(default)]
    pub until: BTreeMap<String, Date>,
    /// Person id -> the agencies on the partnership's list for which they take part (ids); empty text for one that is not on it.
    pub agencies: BTreeMap<String, BTreeSet<String>>,
    /// Who is barred.
    pub barred: BTreeSet<String>,
    /// Person id -> the parts they stepped back from.
    pub stepped_back: BTreeMap<String, BTreeSet<Scope>>,
    /// Who runs the case.
    pub owner: Option<String>,
    /// Person id -> until when they may read what they opened with a written reason.
    pub opened: BTreeMap<String, Timestamp>,
}

impl Admission {
    /// As the case says now.
    pub fn of(case: &Case) -> Admission {
        let members = case.members.list.iter();
        let openers = case.break_glass.list.iter().map(|o| &o.opening.person);
        Admission {
            members: members.map(|(id, (_, part))| (id.clone(), *part)).collect(),
            until: case.members.until.clone(),
            agencies: (case.members.agencies.iter())
                .map(|(person, own)| {
                    let listed = own.iter().map(|id| case.agencies.listed(id).to_owned());
                    (person.clone(), listed.collect())
                })
                .collect(),
            barred: case.members.barred.keys().cloned().collect(),
            stepped_back: case
                .interests
                .people_back()
                .into_iter()
                .map(|p| (p.to_owned(), case.interests.stepped_back(p)))
                .collect(),
            owner: case.members.owner.clone(),
            opened: openers
                .filter_map(|p| Some((p.clone(), case.break_glass.until(p)?)))
                .collect(),
        }
    }

    /// Whether a member who takes part for agencies still answers for one of them.
    pub fn still_answers(&self, person: &Person) -> bool {
        let holds = |agency: &String| agency.is_empty() || person.answers_for(agency);
        (self.agencies.get(&person.id)).is_none_or(|own| own.iter().any(holds))
    }

    /// How a person stands to the case; `covers` are those for whom they cover on that day, `today` the day in England.
    /// What excludes goes before what admits, and the settings are asked by whoever calls.
    pub fn standing(&self, person: &str, covers: &[&str], now: Timestamp, today: Date) -> Standing {
        let none = BTreeSet::new();
        let from = self.stepped_back.get(person).unwrap_or(&none);
        let runs_for = self.owner.as_deref().is_some_and(|o| covers.contains(&o));
        let way = if self.barred.contains(person) {
            Way::Barred
        } else if from.contains(&Scope::Everything) {
            Way::SteppedBack
        } else if runs_for {
            // Whoever covers has the powers of the person who is away, also with a lesser part of their own.
            Way::Covers
        } else if let Some(part) = self.members.get(person)
            && self.until.get(person).is_none_or(|until| today <= *until)
        {
            Way::Member(*part)
        } else if self.opened.get(person).is_some_and(|until| now < *until) {
            Way::Opened
        } else {
            Way::Stranger
        };
        Standing {
            way,
            back: Back {
                decision: from.contains(&Scope::Decision),
                family: from.contains(&Scope::Family),
                documents: from.contains(&Scope::Documents),
            },
            may_decide: true,
        }
    }
}
