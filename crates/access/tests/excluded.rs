//! Random histories of members, bars, interests, covers and openings: nobody gets a permit for what they are excluded from.
//! What excludes and what admits is kept beside the case by a second, plain account of who may what, written from the rules in words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::{Act, Admission, Person, Role, Way, permit};
use cases::break_glass::{Event as Glass, Opening};
use cases::interests::{Answer, Declared, Event as Interest, Kind, Outcome, Scope};
use cases::members::{Event as Member, Part};
use cases::{By, Case, Event, Recorded};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// Seven people, one of each role, named by their place in the list.
const PEOPLE: usize = 7;

#[derive(Debug, Clone)]
enum Step {
    Add(usize, Part),
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
    let part = prop_oneof![
        Just(Part::Manages),
        Just(Part::Decides),
        Just(Part::Chairs),
        Just(Part::Reads)
    ];
    let outcome = prop_oneof![
        1 => Just(Outcome::NoConflict),
        1 => Just(Outcome::TakesPart),
        4 => Just(Outcome::StepsBack)
    ];
    let from = proptest::collection::btree_set(proptest::sample::select(&Scope::ALL[..]), 1..3);
    prop_oneof![
        4 => (who.clone(), part).prop_map(|(w, p)| Step::Add(w, p)),
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
    owner: Option<usize>,
    left: BTreeSet<usize>,
}

struct World {
    case: Case,
    now: Timestamp,
    account: Account,
}

impl World {
    fn event(&mut self, event: Event) {
        self.case.push(Arc::new(Recorded {
            number: self.case.version() + 1,
            at: self.now,
            by: By::default(),
            edition: String::new(),
            event,
            missing: Vec::new(),
            imported: None,
        }));
    }

    fn take(&mut self, step: Step) {
        let id = |who: usize| who.to_string();
        match step {
            Step::Add(who, part) => {
                self.account.parts.insert(who, part);
                if part == Part::Manages && self.account.owner.is_none() {
                    self.account.owner = Some(who);
                }
                self.event(Event::Members(Member::MemberAdded {
                    person: id(who),
                    name: id(who),
                    part,
                    why: String::new(),
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
        if !a.parts.contains_key(&who) && !covers {
            let may = matches!(
                Role::ALL[who],
                Role::BusinessManager | Role::DeputyManager | Role::Delegate
            );
            let open = a.until.get(&who).is_some_and(|until| self.now < *until);
            return match (may, open, act) {
                (true, true, Act::ReadCase) | (true, false, Act::OpenWithReason) => None,
                (true, true, _) => Some("only reads what was opened"),
                _ => Some("no part, no role that opens a case, or the time is over"),
            };
        }
        match act {
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
                let standing = kept.standing(&who.to_string(), &covers, world.now);
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
