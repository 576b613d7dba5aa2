//! Who sees which case, as the rules say it in words; it shares no code with the rooms that decide.
//! Left or administrator: nothing. Barred or stepped back from everything: nothing. Whoever covers today for the person who runs it,
//! whoever is a member, and whoever opened it with a reason as long as the time lasts, read it. Nobody else.

use std::collections::{BTreeMap, BTreeSet};

use access::Role;
use cases::Date;
use cases::interests::Scope;
use cases::members::Part;
use jiff::Timestamp;

/// What is known of one case.
pub struct CaseAccount {
    pub id: String,
    pub reference: String,
    /// A word that stands in this case and in no other.
    pub mark: String,
    pub parts: BTreeMap<usize, Part>,
    pub barred: BTreeSet<usize>,
    /// By interest: whose, and from what they stepped back.
    pub back: BTreeMap<String, (usize, BTreeSet<Scope>)>,
    pub until: BTreeMap<usize, Timestamp>,
    pub owner: usize,
    /// How many entries it has.
    pub entries: u64,
}

/// What is known of the people of a partnership.
#[derive(Default)]
pub struct OfficeAccount {
    pub roles: Vec<Role>,
    pub left: BTreeSet<usize>,
    /// Who is away, who covers, from when until when.
    pub away: Vec<(usize, usize, Date, Date)>,
    pub now: Timestamp,
    pub today: Date,
}

impl OfficeAccount {
    pub fn covers(&self, who: usize, absent: usize) -> bool {
        self.away.iter().any(|(away, cover, from, until)| {
            *away == absent && *cover == who && *from <= self.today && self.today <= *until
        })
    }

    fn kept_out(&self, who: usize, case: &CaseAccount) -> bool {
        self.left.contains(&who)
            || self.roles[who] == Role::Administrator
            || case.barred.contains(&who)
            || case
                .back
                .values()
                .any(|(whose, from)| *whose == who && from.contains(&Scope::Everything))
    }

    /// Whether a person sees a case at all.
    pub fn sees(&self, who: usize, case: &CaseAccount) -> bool {
        !self.kept_out(who, case)
            && (self.takes_part(who, case)
                || (self.opens(who) && case.until.get(&who).is_some_and(|end| self.now < *end)))
    }

    /// As a member or as cover.
    pub fn takes_part(&self, who: usize, case: &CaseAccount) -> bool {
        !self.kept_out(who, case) && (case.parts.contains_key(&who) || self.covers(who, case.owner))
    }

    /// Whether a person's role opens cases with a written reason.
    pub fn opens(&self, who: usize) -> bool {
        use Role::{BusinessManager, Delegate, DeputyManager};
        matches!(self.roles[who], BusinessManager | DeputyManager | Delegate)
    }

    /// Whether a person records what happened.
    pub fn records(&self, who: usize, case: &CaseAccount) -> bool {
        !self.kept_out(who, case)
            && (case.parts.get(&who) == Some(&Part::Manages) || self.covers(who, case.owner))
    }
}
