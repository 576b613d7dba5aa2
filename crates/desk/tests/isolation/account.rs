//! Who sees which case, as the rules say it in words; it shares no code with the rooms that decide.
//! Left or administrator: nothing. Barred or stepped back from everything: nothing. Whoever covers today for the person who runs it,
//! whoever is a member, and whoever opened it with a reason as long as the time lasts, read it. Nobody else.

use std::collections::{BTreeMap, BTreeSet};

use access::{Role, Section};
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
    /// The last day on which somebody takes part.
    pub last: BTreeMap<usize, Date>,
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

    /// The part a person has today; none when its last day is over.
    pub fn part(&self, who: usize, case: &CaseAccount) -> Option<Part> {
        let part = case.parts.get(&who).copied();
        part.filter(|_| case.last.get(&who).is_none_or(|last| self.today <= *last))
    }

    /// Whether a person opened the case with a reason, and the time is not over.
    fn opened(&self, who: usize, case: &CaseAccount) -> bool {
        self.opens(who) && case.until.get(&who).is_some_and(|end| self.now < *end)
    }

    /// Whether a person sees a case at all.
    pub fn sees(&self, who: usize, case: &CaseAccount) -> bool {
        !self.kept_out(who, case)
            && (self.covers(who, case.owner)
                || match self.part(who, case) {
                    Some(part) => carries(self.roles[who], part),
                    None => self.opened(who, case),
                })
    }

    /// Whether a person reads a section of a case.
    pub fn reads(&self, who: usize, case: &CaseAccount, section: Section) -> bool {
        if !self.sees(who, case) {
            return false;
        }
        let part = self.part(who, case);
        use Section::{Addresses, Advice, Drafts};
        let apart = matches!(section, Advice | Drafts | Addresses);
        if !self.covers(who, case.owner) && part.is_none() {
            return !apart;
        }
        let part = part.filter(|_| !self.covers(who, case.owner));
        let belongs = match part.unwrap_or(Part::Manages) {
            Part::Contributes => false,
            Part::Communicates => matches!(section, Section::Decision | Section::Course),
            Part::Panel => !apart && !matches!(section, Section::Family | Section::Documents),
            Part::Advises => section == Advice || !apart && section != Section::Family,
            Part::Decides => section != Addresses,
            Part::Reviews => !matches!(section, Advice | Addresses),
            Part::Reads | Part::Inspects => !apart,
            Part::Manages | Part::Chairs => true,
        };
        let from = |scope| {
            let of =
                |(whose, from): &(usize, BTreeSet<Scope>)| *whose == who && from.contains(&scope);
            case.back.values().any(of)
        };
        let left = match section {
            Section::Consideration | Section::Decision => from(Scope::Decision),
            Section::Family => from(Scope::Family),
            Section::Documents => from(Scope::Documents),
            Advice | Drafts => from(Scope::Documents) || from(Scope::Decision),
            Addresses => from(Scope::Documents) || from(Scope::Family),
            _ => false,
        };
        belongs && !left
    }

    /// Whether a person may open a case with a reason, who does not see it already.
    pub fn may_open(&self, who: usize, case: &CaseAccount) -> bool {
        self.opens(who) && !self.kept_out(who, case) && self.part(who, case).is_none()
    }

    /// Whether a person's role opens cases with a written reason.
    pub fn opens(&self, who: usize) -> bool {
        use Role::{BusinessManager, Delegate, DeputyManager};
        matches!(self.roles[who], BusinessManager | DeputyManager | Delegate)
    }

    /// Whether a person records what happened.
    pub fn records(&self, who: usize, case: &CaseAccount) -> bool {
        let manages = self.part(who, case) == Some(Part::Manages);
        self.sees(who, case) && (manages || self.covers(who, case.owner))
    }
}

/// Which parts a role carries.
fn carries(role: Role, part: Part) -> bool {
    use Part as P;
    match role {
        Role::Reader => !matches!(part, P::Contributes | P::Inspects),
        Role::Reviewer => part == P::Reviews,
        Role::PanelMember => part == P::Panel,
        Role::LegalAdviser => part == P::Advises,
        Role::CommunicationsLead => part == P::Communicates,
        Role::Auditor => part == P::Inspects,
        Role::BusinessManager | Role::DeputyManager | Role::Delegate | Role::Chair => {
            matches!(part, P::Manages | P::Decides | P::Chairs | P::Reads)
        }
        // Nobody of the others is here.
        _ => false,
    }
}
