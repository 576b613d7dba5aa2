//! Random histories of members, bars, interests, covers and openings: nobody gets a permit for what they are excluded from.
//! What excludes and what admits is kept beside the case by a second, plain account of who may what, written from the rules in words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::{Act, Admission, Person, Role, Section, Way, permit};
use cases::break_glass::{Event as Glass, Opening};
use cases::interests::{Answer, Declared, Event as Interest, Kind, Outcome, Scope};
use cases::members::{Event as Member, Part};
use cases::{By, Case, Date, Event, Recorded};
use jiff::{SignedDuration, Span, Timestamp};
use proptest::prelude::*;

/// One person of each role, named by their place in the list.
const PEOPLE: usize = Role::ALL.len();

#[derive(Debug, Clone)]
enum Step {
    Add(usize, Part, Option<i32>),
    Remove(usize),
    Bar(usize),
    Lift(usize),
    HandOver(usize),
    Declare(usize),
    Decide(usize, Outcome, BTreeSet<Scope>),
    Open(usize, i64),
    Hours(i64),
    Leave(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    let part = proptest::sample::select(&Part::ALL[..]);
    let days = proptest::option::of(-1..3i32);
    let outcome = prop_oneof![
        1 => Just(Outcome::NoConflict),
        1 => Just(Outcome::TakesPart),
        4 => Just(Outcome::StepsBack)
    ];
    let from = proptest::collection::btree_set(proptest::sample::select(&Scope::ALL[..]), 1..3);
    prop_oneof![
        8 => (who.clone(), part, days).prop_map(|(w, p, d)| Step::Add(w, p, d)),
        1 => who.clone().prop_map(Step::Remove),
        1 => who.clone().prop_map(Step::Bar),
        1 => who.clone().prop_map(Step::Lift),
        1 => who.clone().prop_map(Step::HandOver),
        2 => who.clone().prop_map(Step::Declare),
        4 => (who.clone(), outcome, from).prop_map(|(w, o, f)| Step::Decide(w, o, f)),
        3 => (who.clone(), 1..48i64).prop_map(|(w, h)| Step::Open(w, h)),
        3 => (1..30i64).prop_map(Step::Hours),
        1 => who.prop_map(Step::Leave),
    ]
}

/// Who may what, in plain words of its own.
#[derive(Default)]
struct Account {
    parts: BTreeMap<usize, Part>,
    barred: BTreeSet<usize>,
    back: BTreeMap<usize, BTreeSet<Scope>>,
    until: BTreeMap<usize, Timestamp>,
    last: BTreeMap<usize, Date>,
    owner: Option<usize>,
    left: BTreeSet<usize>,
}

struct World {
    case: Case,
    now: Timestamp,
    account: Account,
}

/// Which parts a role carries, in a table of its own.
fn carries(role: Role, part: Part) -> bool {
    use Part as P;
    match role {
        Role::BusinessManager
        | Role::DeputyManager
        | Role::Delegate
        | Role::DeputyDelegate
        | Role::Chair => [P::Manages, P::Decides, P::Chairs, P::Reads].contains(&part),
        Role::LeadPartner => [P::Decides, P::Reads].contains(&part),
        Role::Reader => part != P::Contributes && part != P::Inspects,
        Role::Scrutineer => part == P::Reads,
        Role::AgencyLead | Role::AgencyAuthor => part == P::Contributes,
        Role::Reviewer => part == P::Reviews,
        Role::PanelMember => part == P::Panel,
        Role::LegalAdviser => part == P::Advises,
        Role::CommunicationsLead => part == P::Communicates,
        Role::Auditor => part == P::Inspects,
        Role::Administrator => false,
        // One of the partnership; one of an agency contributes and reads nothing.
        Role::ServiceAccount => part == P::Reads,
    }
}

/// Which sections a part must never read, in a table of its own.
fn never_reads(part: Part, section: Section) -> bool {
    match part {
        Part::Contributes => true,
        Part::Communicates => !matches!(section, Section::Decision | Section::Course),
        Part::Panel => matches!(section, Section::Family | Section::Documents),
        Part::Advises => section == Section::Family,
        _ => false,
    }
}

impl World {
    fn today(&self) -> Date {
        self.now.to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    fn event(&mut self, event: Event) {
        self.case.push(Arc::new(Recorded {
            number: self.case.version() + 1,
            at: self.now,
            by: By::default(),
            edition: String::new(),
            event,
            missing: Vec::new(),
            imported: None,
            pasted: Vec::new(),
        }));
    }

    fn take(&mut self, step: Step) {
        let id = |who: usize| who.to_string();
        match step {
            Step::Add(who, part, days) => {
                let until = days.map(|d| self.today().saturating_add(Span::new().days(d)));
                self.account.last.remove(&who);
                if let Some(until) = until {
                    self.account.last.insert(who, until);
                }
                self.account.parts.insert(who, part);
                if part == Part::Manages && self.account.owner.is_none() {
                    self.account.owner = Some(who);
                }
                self.event(Event::Members(Member::MemberAdded {
                    person: id(who),
                    name: id(who),
                    part,
                    why: String::new(),
                    agency: None,
                    until,
                }));
            }
            Step::Remove(who) => {
                self.account.parts.remove(&who);
                self.event(Event::Members(Member::MemberRemoved {
                    person: id(who),
                    why: String::new(),
                }));
            }
            Step::Bar(who) => {
                self.account.barred.insert(who);
                self.event(Event::Members(Member::PersonBarred {
                    person: id(who),
                    name: id(who),
                    why: String::new(),
                }));
            }
            Step::Lift(who) => {
                self.account.barred.remove(&who);
                self.event(Event::Members(Member::BarLifted {
                    person: id(who),
                    why: String::new(),
                }));
            }
            Step::HandOver(who) => {
                self.account.last.remove(&who);
                self.account.parts.insert(who, Part::Manages);
                self.account.owner = Some(who);
                self.event(Event::Members(Member::HandedOver {
                    from: String::new(),
                    to: id(who),
                    name: id(who),
                    why: String::new(),
                }));
            }
            Step::Declare(who) => {
                if self.case.interests.find(&id(who)).is_none() {
                    self.event(Event::Interests(Interest::InterestDeclared(Declared {
                        id: id(who),
                        person: id(who),
                        name: id(who),
                        acts_as: String::new(),
                        seat: None,
                        kind: Kind::Practice,
                        words: "invented".into(),
                        since: "invented".into(),
                    })));
                }
            }
            Step::Decide(who, outcome, from) => {
                if self.case.interests.find(&id(who)).is_none() {
                    return;
                }
                let from = if outcome == Outcome::StepsBack {
                    from
                } else {
                    BTreeSet::new()
                };
                self.account.back.insert(who, from.clone());
                self.event(Event::Interests(Interest::InterestDecided(Answer {
                    interest: id(who),
                    outcome,
                    from,
                    stated: String::new(),
                    why: "invented".into(),
                    on: cases::Date::constant(2026, 11, 23),
                })));
            }
            Step::Open(who, hours) => {
                let until = self.now + SignedDuration::from_hours(hours);
                let longest = self.account.until.get(&who).copied().unwrap_or(until);
                self.account.until.insert(who, until.max(longest));
                let number = self.case.version();
                self.event(Event::BreakGlass(Glass::OpenedWithReason(Opening {
                    id: format!("{who}-{number}"),
                    person: id(who),
                    name: id(who),
                    acts_as: String::new(),
                    why: "invented".into(),
                    until,
                })));
            }
            Step::Hours(hours) => self.now += SignedDuration::from_hours(hours),
            Step::Leave(who) => {
                self.account.left.insert(who);
            }
        }
    }

    fn person(&self, who: usize) -> Person {
        Person {
            id: who.to_string(),
            name: who.to_string(),
            email: String::new(),
            role: Role::ALL[who],
            seat: None,
            agency: None,
            agencies_too: Default::default(),
            left: self.account.left.contains(&who),
        }
    }

    /// Why this person must not get a permit for this act, if there is a reason.
    fn excluded(&self, who: usize, act: Act, covers: Option<usize>) -> Option<&'static str> {
        let a = &self.account;
        let none = BTreeSet::new();
        let back = a.back.get(&who).unwrap_or(&none);
        let from = |scope| back.contains(&scope);
        if a.left.contains(&who) {
            return Some("has left");
        }
        if Role::ALL[who] == Role::Administrator {
            return Some("administrator");
        }
        if a.barred.contains(&who) {
            return Some("barred");
        }
        if from(Scope::Everything) {
            return Some("stepped back from everything");
        }
        let covers = covers.is_some_and(|absent| a.owner == Some(absent));
        let today = self.today();
        let part = a.parts.get(&who).copied();
        let part = part.filter(|_| a.last.get(&who).is_none_or(|last| today <= *last));
        if !covers && part.is_some_and(|part| !carries(Role::ALL[who], part)) {
            return Some("a part that the role does not carry");
        }
        if part.is_none() && !covers {
            let may = matches!(
                Role::ALL[who],
                Role::BusinessManager | Role::DeputyManager | Role::Delegate
            );
            let open = a.until.get(&who).is_some_and(|until| self.now < *until);
            return match (may, open, act) {
                (true, true, Act::ReadCase | Act::Read(_)) | (true, false, Act::OpenWithReason) => {
                    None
                }
                (true, true, _) => Some("only reads what was opened"),
                _ => Some("no part, no role that opens a case, or the time is over"),
            };
        }
        let part = part.filter(|_| !covers);
        if let (Act::Read(section), Some(part)) = (act, part)
            && never_reads(part, section)
        {
            return Some("a section that does not belong to the part");
        }
        let changes = !matches!(act, Act::ReadCase | Act::Read(_) | Act::DeclareInterest);
        if part == Some(Part::Inspects) && changes {
            return Some("inspects, and changes nothing");
        }
        let answers = matches!(act, Act::Contribute | Act::SignAnswer);
        if part == Some(Part::Contributes) && changes && !answers {
            return Some("answers for an agency, and does nothing else");
        }
        if act == Act::SignAnswer
            && part == Some(Part::Contributes)
            && Role::ALL[who] != Role::AgencyLead
        {
            return Some("the lead signs");
        }
        match act {
            Act::Read(Section::Decision | Section::Consideration) if from(Scope::Decision) => {
                Some("stepped back from the decision, also from reading it")
            }
            Act::Read(Section::Family) if from(Scope::Family) => {
                Some("stepped back from the family, also from reading it")
            }
            Act::Read(Section::Documents) if from(Scope::Documents) => {
                Some("stepped back from the documents, also from their list")
            }
            Act::ExportCase if !back.is_empty() => Some("stepped back from a part"),
            Act::WriteFinding | Act::WriteDecision | Act::SignForPartner | Act::RecordForOthers
                if from(Scope::Decision) =>
            {
                Some("stepped back from the decision")
            }
            Act::RecordFamily | Act::ReleaseLetters if from(Scope::Family) => {
                Some("stepped back from the family")
            }
            Act::ReadDocuments | Act::KeepDocuments | Act::MakePapers | Act::ExportCase
                if from(Scope::Documents) =>
            {
                Some("stepped back from the documents")
            }
            Act::ApproveErasure | Act::DecideInterest | Act::ReviewOpening if !back.is_empty() => {
                Some("stepped back from a part")
            }
            _ => None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(2_000)
    })]

    #[test]
    fn nobody_who_is_barred_or_stepped_back_or_whose_time_is_over_gets_a_permit(
        steps in proptest::collection::vec(step(), 1..40),
        cover in proptest::option::of((0..PEOPLE, 0..PEOPLE)),
    ) {
        let mut world = World {
            case: Case::default(),
            now: "2026-11-23T09:00:00Z".parse().unwrap(),
            account: Account::default(),
        };
        for step in steps {
            world.take(step);
            let admission = Admission::of(&world.case);
            // What a list keeps is read back as it was written.
            let kept: Admission =
                serde_json::from_str(&serde_json::to_string(&admission).unwrap()).unwrap();
            prop_assert_eq!(&kept, &admission);
            for who in 0..PEOPLE {
                let absent = cover.filter(|(c, a)| *c == who && a != c).map(|(_, a)| a);
                let absent_id = absent.map(|a| a.to_string());
                let covers: Vec<&str> = absent_id.as_deref().into_iter().collect();
                let standing = kept.standing(&who.to_string(), &covers, world.now, world.today());
                let person = world.person(who);
                for act in Act::IN_CASE {
                    let given = permit(&person, act, standing);
                    match world.excluded(who, act, absent) {
                        Some(why) => prop_assert!(
                            given.is_err(),
                            "{act:?} was allowed to {:?}, who: {why}", person.role
                        ),
                        // Whoever is excluded from nothing and takes part reads.
                        None if act == Act::ReadCase => prop_assert!(
                            given.is_ok(),
                            "reading was refused to {:?} by {:?}", person.role, standing.way
                        ),
                        None => {}
                    }
                }
                if matches!(standing.way, Way::Barred | Way::SteppedBack) {
                    prop_assert!(Act::IN_CASE.iter().all(|act| permit(&person, *act, standing).is_err()));
                }
            }
        }
    }
}
