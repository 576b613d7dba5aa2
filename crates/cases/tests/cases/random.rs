//! Random sequences of commands: nothing panics, the fold of the story is the case, and no gate is slipped.

use cases::closing::{Closed, Event as Whole, Mark, Reason};
use cases::decision::{
    Command as D, Event as Decided, Given, Proposal, Resolution, Signature, View,
};
use cases::interests::{Answer, Command as Interest, Declared, Kind, Outcome, Scope};
use cases::people::{Child, Command as P, Part, PseudonymChange};
use cases::{Case, Command, Event, Place};
use proptest::prelude::*;

use crate::world::*;

#[derive(Debug, Clone)]
enum Step {
    Consider(usize, usize),
    ConsiderAll,
    Limb(usize, usize),
    LimbsAll,
    Write(bool, bool),
    Sign(usize, View, bool),
    Resolve,
    Mark(u64),
    Close,
    Reopen,
    Reconsider,
    Rename(usize),
    Subject(bool),
    Move,
    Declare(usize),
    Decide(usize, Outcome, bool),
    NextDay,
}

fn view() -> impl Strategy<Value = View> {
    prop_oneof![4 => Just(View::Agrees), 1 => Just(View::AgreesWithNote), 1 => Just(View::Dissents)]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    proptest::sample::select(&Outcome::ALL[..])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..11usize, 0..4usize).prop_map(|(e, f)| Step::Consider(e, f)),
        3 => Just(Step::ConsiderAll),
        1 => (0..2usize, 0..3usize).prop_map(|(l, f)| Step::Limb(l, f)),
        3 => Just(Step::LimbsAll),
        4 => (prop::bool::weighted(0.7), prop::bool::weighted(0.9)).prop_map(|(yes, whole)| Step::Write(yes, whole)),
        12 => (0..3usize, view(), prop::bool::weighted(0.8)).prop_map(|(s, v, here)| Step::Sign(s, v, here)),
        2 => Just(Step::Resolve),
        3 => (1..40u64).prop_map(Step::Mark),
        1 => Just(Step::Close),
        2 => Just(Step::Reopen),
        1 => Just(Step::Reconsider),
        1 => (0..3usize).prop_map(Step::Rename),
        1 => any::<bool>().prop_map(Step::Subject),
        1 => Just(Step::Move),
        1 => (0..3usize).prop_map(Step::Declare),
        2 => (0..3usize, outcome(), any::<bool>()).prop_map(|(i, o, all)| Step::Decide(i, o, all)),
        1 => Just(Step::NextDay),
    ]
}

/// Takes a step; a refusal is an answer like any other.
fn take(world: &mut World, step: &Step) {
    match step {
        Step::Consider(at, choice) => {
            let ids = world.elements();
            let id = &ids[at % ids.len()];
            let findings = world
                .rules
                .element(&id.as_str().into())
                .unwrap()
                .findings
                .clone();
            let _ = world.act(consider(found(id, &findings[choice % findings.len()].id)));
        }
        Step::ConsiderAll => {
            for id in world.elements() {
                let first = world.rules.element(&id.as_str().into()).unwrap().findings[0]
                    .id
                    .clone();
                let _ = world.act(consider(found(&id, &first)));
            }
        }
        Step::Limb(limb, choice) => {
            let limb = ["abuse-or-neglect", "died-or-seriously-harmed"][*limb];
            let _ = world.act(test(limb_test(
                "girl",
                limb,
                ["met", "not-met", "not-yet-known"][*choice],
                None,
            )));
        }
        Step::LimbsAll => {
            for child in ["girl", "brother"] {
                for (limb, option) in [
                    ("abuse-or-neglect", "known"),
                    ("died-or-seriously-harmed", "died"),
                ] {
                    let _ = world.act(test(met(child, limb, option)));
                }
            }
        }
        Step::Write(yes, whole) => {
            let text = if *yes {
                yes_text(world.today)
            } else {
                no_text(world)
            };
            let text = if *whole {
                text
            } else {
                Proposal {
                    reasons: String::new(),
                    ..text
                }
            };
            let _ = world.act(Command::Decision(D::WriteText(text)));
        }
        Step::Sign(at, view, in_person) => {
            let seat = [council(), health(), police()][*at].clone();
            if *in_person {
                let _ = world.sign(seat, *view);
            } else {
                let given = on_paper(world.today);
                let _ = world.act(Command::Decision(D::Sign(signature(
                    seat,
                    *view,
                    given,
                    String::new(),
                ))));
            }
        }
        Step::Resolve => {
            let resolution = Resolution {
                by_whom: "the senior representatives".into(),
                how: "at their meeting".into(),
                reasons: "The learning is wider.".into(),
                on: world.today,
            };
            let _ = world.act(Command::Decision(D::Resolve(resolution)));
        }
        Step::Mark(entry) => {
            let mark = Mark {
                entry: *entry,
                why: "wrong case".into(),
                correction: None,
                hidden: entry % 2 == 0,
                visible_to: vec!["orla".into()],
            };
            let _ = world.act(Command::Closing(Whole::EntryMarked(mark)));
        }
        Step::Close => {
            let _ = world.act(Command::Closing(Whole::CaseClosed(Closed {
                reason: Reason::NotMet,
                words: "Not met.".into(),
                other: String::new(),
            })));
        }
        Step::Reopen => {
            let _ = world.act(Command::Closing(Whole::CaseReopened {
                why: "new facts".into(),
            }));
        }
        Step::Reconsider => {
            let _ = world.act(Command::Decision(D::Reconsider {
                why: "the Panel's letter".into(),
            }));
        }
        Step::Rename(at) => {
            let pseudonym = ["Robin", "Star", "Child B"][*at].to_owned();
            let _ = world.act(Command::People(P::ChangePseudonym(PseudonymChange {
                child: "girl".into(),
                pseudonym,
                why: "a wish".into(),
            })));
        }
        Step::Subject(yes) => {
            let part = if *yes {
                Part::Subject
            } else {
                Part::OtherChild
            };
            let _ = world.act(Command::People(P::RecordChild(Child {
                parts: vec![part],
                ..brother()
            })));
        }
        Step::Move => {
            let _ = world.act(Command::People(P::MoveChild {
                child: "brother".into(),
                to: "MER-2021-005".into(),
            }));
        }
        Step::Declare(at) => {
            let seat = [council(), health(), police()][*at].clone();
            let who = by(&format!("Delegate {}", seat.body), "delegate", None);
            let before = std::mem::replace(&mut world.by, who);
            let declared = Declared {
                id: String::new(),
                person: String::new(),
                name: String::new(),
                acts_as: String::new(),
                seat: Some(seat),
                kind: Kind::Practice,
                words: "led the visit".into(),
                since: "since March".into(),
            };
            let _ = world.act(Command::Interests(Interest::Declare(declared)));
            world.by = before;
        }
        Step::Decide(at, outcome, all) => {
            let Some(interest) = world.case.interests.list.get(*at) else {
                return;
            };
            let from = if *all {
                Scope::Everything
            } else {
                Scope::Decision
            };
            let answer = Answer {
                interest: interest.declared.id.clone(),
                outcome: *outcome,
                from: [from].into(),
                stated: "led a visit".into(),
                why: "own work".into(),
                on: world.today,
            };
            let _ = world.act(Command::Interests(Interest::Decide(answer)));
        }
        Step::NextDay => world.today = world.today.tomorrow().unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_commands_panics_loses_an_entry_or_slips_a_gate(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World::with_people();
        let start = world.case.clone();
        let mut length = world.case.story.len();
        for step in &steps {
            let before = world.case.decision.current.completed;
            take(&mut world, step);
            prop_assert!(world.case.story.len() >= length, "an entry was lost");
            length = world.case.story.len();
            let round = &world.case.decision.current;
            if before.is_none() && round.completed.is_some() {
                // The gate: complete with something missing only when every signature that counts came on paper.
                let missing = world.missing();
                let signed: Vec<&Signature> = round.signatures.iter().filter(|s| !s.set_aside).map(|s| &s.signature).collect();
                prop_assert_eq!(signed.len(), 3);
                let in_person = signed.iter().any(|s| s.given == Given::InPerson);
                // An interest that was declared after someone signed does not change the text: it is listed beside what came on paper since,
                // and beside how a dissent was resolved since.
                let (interests, others): (Vec<_>, Vec<_>) = missing.iter().partition(|m| m.place == Place::Interests);
                prop_assert!(others.is_empty() || !in_person, "complete with {:?} missing over a signature in person", others);
                let on_paper = signed.iter().any(|s| s.given != Given::InPerson);
                prop_assert!(interests.is_empty() || on_paper || round.resolved.is_some(), "complete in person with {:?} to be decided", interests);
                let completed = world.case.story.iter().rev().find(|r| matches!(r.event, Event::Decision(Decided::Completed { .. }))).unwrap();
                prop_assert_eq!(&completed.missing, &missing, "the completion says what was missing");
                // Nobody who stepped back from the decision is among those who sign in person.
                let back = |s: &&cases::decision::Signed| world.case.interests.keeps(&s.by.person, Scope::Decision);
                prop_assert!(!round.signatures.iter().filter(|s| !s.set_aside && s.signature.given == Given::InPerson).any(|s| back(&s)));
                let text = world.text();
                prop_assert!(signed.iter().all(|s| s.text == text), "all signatures are over one text");
            }
        }
        for (at, recorded) in world.case.story.iter().enumerate() {
            prop_assert_eq!(recorded.number, at as u64 + 1);
        }
        prop_assert_eq!(&Case::fold("one", world.case.story.clone()), &world.case);
        let mut pushed = start;
        for recorded in world.case.story.iter().skip(pushed.story.len()) {
            pushed.push(recorded.clone());
        }
        prop_assert_eq!(&pushed, &world.case);
        let _ = (world.clocks(), cases::stages::stages(&world.case, &world.rules), cases::story::story(&world.case, &world.rules, |_| false));
        for day in ["2021-09-05", "2021-09-06", "2021-09-08"] {
            let past = world.case.as_it_stood(noon(crate::world::day(day)));
            prop_assert!(past.story.len() <= world.case.story.len());
        }
    }
}
