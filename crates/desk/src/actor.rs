//! Who acts: a person of the partnership, with the words that go into the record.

use access::{Person, Role};
use cases::By;

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: Person,
    /// The part they act in, in the partnership's words: "business manager", "delegate, police".
    pub part: String,
    /// True when names are shown beside pseudonyms in this session.
    pub names: bool,
}

impl Actor {
    /// What goes into each entry.
    pub fn by(&self) -> By {
        By {
            person: self.person.id.clone(),
            name: self.person.name.clone(),
            part: self.part.clone(),
            partner: self.person.seat.as_ref().map(|s| s.partner.clone()),
        }
    }

    /// True for the manager and the deputy, who write down but do not find.
    pub fn manages(&self) -> bool {
        matches!(
            self.person.role,
            Role::BusinessManager | Role::DeputyManager
        )
    }
}
