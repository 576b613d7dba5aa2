//! An invented case in an invented place, told in events, with names put where people really write them: into reasons and notes.

use std::sync::Arc;

use calendar::Holidays;
use cases::consideration::{Finding, PartnerFinding};
use cases::context::{Authority, By, Editions, NamedSeat, Seat};
use cases::decision::{self, Given, Proposal, Resolution, Signature, Slip, View, ViewGiven};
use cases::definition::{LimbTest, LongTerm};
use cases::evidence::{ConsideredBy, Evidence};
use cases::family::{self, Appropriate, Contact, ContactKind, SafetyCheck, Views, ViewsOf};
use cases::incident::{self, Awareness, Danger, Facts, Opening};
use cases::people::{self, Adult, Birth, Child, Coded, Life, Part};
use cases::{
    Case, Event, Missing, Place, Recorded, closing, consideration, definition, notification,
    rapid_review,
};
use guidance::{Library, Rules};
use jiff::civil::{Date, date};
use papers::Document;
use papers::decision_record::{HistoryLine, RecordState, decision_record};

/// The names of the children and adults of the case.
pub const NAMES: [&str; 4] = [
    "Juniper Hartwell",
    "Sorrel Hartwell",
    "Willa Hartwell",
    "Emrys Pennock",
];

/// The rules in force when the partners decided.
pub fn rules() -> Arc<Rules> {
    Library::embedded()
        .expect("the packs")
        .on(date(2026, 2, 4), None)
        .expect("rules")
}

fn seat(partner: &str, body: &str) -> Seat {
    Seat {
        partner: partner.into(),
        body: body.into(),
    }
}

/// The seats of Merrowshire.
pub fn seats() -> Vec<NamedSeat> {
    [
        (
            "local-authority",
            "council",
            "Local authority",
            "Merrowshire Council",
        ),
        ("health", "icb", "Health", "Merrow Integrated Care Board"),
        ("police", "police", "Police", "Merrowshire Police"),
    ]
    .into_iter()
    .map(|(p, b, partner, body)| NamedSeat {
        seat: seat(p, b),
        partner: partner.into(),
        body: body.into(),
    })
    .collect()
}

/// The state of the record the sample was made from.
pub fn state() -> RecordState {
    RecordState {
        position: 4711,
        hash: "9f2c41d07be35a8861f0c2d94e7ab31585c6f00d2e9b74a13c5d88e61b02f7aa".into(),
        made: "Monday 7 December 2026 at 9:32am".into(),
        on: date(2026, 12, 7),
        partnership: "Merrowshire Safeguarding Children Partnership".into(),
        decided_at: Some(4699),
        checkpoint: Some(papers::decision_record::Covering {
            size: 4700,
            root: "5e61b02f7aa09f2c41d07be35a8861f0c2d94e7ab31585c6f00d2e9b74a13c5d8".into(),
            made: "Friday 4 December 2026 at 4:12pm".into(),
            keys: vec!["candour/merrowshire+a6a1a44b+AepKinvented".into()],
            note: "candour/merrowshire\n4700\n5mGwL3qgnyxB0HvjWohh8MLZTnqzFYXG8A0um3ShPF0=\n\n\u{2014} candour/merrowshire pqGkS0invented\n".into(),
        }),
    }
}

fn by(name: &str, part: &str) -> By {
    By {
        person: name.to_lowercase().replace(' ', "-"),
        name: name.into(),
        part: part.into(),
        partner: None,
    }
}

fn priya() -> By {
    by("Priya Mistry", "business manager")
}

struct Telling(Vec<Arc<Recorded>>);

impl Telling {
    fn tell(&mut self, on: Date, who: By, event: impl Into<Event>) {
        self.tell_with(on, who, event, Vec::new());
    }

    fn tell_with(&mut self, on: Date, who: By, event: impl Into<Event>, missing: Vec<Missing>) {
        let number = self.0.len() as u64 + 1;
        let at = on
            .at(10, (number % 60) as i8, 0, 0)
            .in_tz("Europe/London")
            .expect("a time")
            .timestamp();
        self.0.push(Arc::new(Recorded {
            number,
            at,
            by: who,
            edition: rules().id.clone(),
            event: event.into(),
            missing,
            imported: None,
            pasted: Vec::new(),
        }));
    }
}

fn minutes() -> Vec<Evidence> {
    vec![
        Evidence::Document {
            title: "Rapid review report".into(),
            dated: Some(date(2026, 11, 25)),
            holder: "Partnership office".into(),
            kept: "case folder, 3".into(),
            file: String::new(),
        },
        Evidence::Statement {
            text: "Two appointments were recorded as no answer".into(),
            source: "Health visitor's chronology".into(),
        },
    ]
}

fn considered_by() -> ConsideredBy {
    ConsideredBy {
        people: String::new(),
        partners: vec!["local-authority".into(), "health".into(), "police".into()],
        meeting: "Partners' meeting".into(),
        on: Some(date(2026, 12, 4)),
    }
}

/// A case decided, reconsidered and decided again, with one thing of everything the record must hold.
pub fn case() -> Case {
    let rules = rules();
    let mut t = Telling(Vec::new());
    begin(&mut t);
    for child in ["daughter"] {
        for limb in &rules.definition.limbs {
            t.tell(
                date(2026, 12, 2),
                priya(),
                definition::Event::LimbTested(LimbTest {
                    child: child.into(),
                    limb: limb.element.id.to_string(),
                    finding: "met".into(),
                    option: limb.options.first().map(|o| o.id.clone()),
                    reasons: "The hospital and the police both hold that Juniper was left without care for several hours.".into(),
                    evidence: minutes(),
                    harm: if limb.needs_harm_kinds { vec!["physical-health".into()] } else { vec![] },
                    other_harm: String::new(),
                    long_term: limb.needs_harm_kinds.then_some(LongTerm::Likely),
                    recovery: String::new(),
                    needed: String::new(),
                    considered_by: considered_by(),
                }),
            );
        }
    }
    for element in rules.considered().chain(&rules.questions) {
        let finding = element.findings[0].id.clone();
        t.tell(
            date(2026, 12, 4),
            priya(),
            consideration::Event::ElementConsidered(finding_on(element.id.as_str(), &finding)),
        );
    }
    decide(&mut t);
    with_family(&mut t);
    Case::fold("case-4", t.0)
}

fn begin(t: &mut Telling) {
    t.tell(
        date(2026, 11, 9),
        priya(),
        incident::Event::CaseOpened(Opening {
            reference: "MER-2026-004".into(),
            old_reference: Some("SCR 17".into()),
            danger: Danger::No,
            danger_action: String::new(),
            heard_on: None,
            under_way: false,
            edition: rules().id.clone(),
        }),
    );
    t.tell(
        date(2026, 11, 9),
        priya(),
        incident::Event::AwarenessRecorded(Awareness {
            who: "Out-of-hours team".into(),
            on: Some(date(2026, 11, 8)),
            time: "9:32pm".into(),
            how: "Call from Tilbrook Hospital".into(),
            why_corrected: String::new(),
        }),
    );
    t.tell(
        date(2026, 11, 9),
        priya(),
        incident::Event::FactsRecorded(Facts {
            happened_on: Some(date(2026, 11, 8)),
            summary:
                "Juniper Hartwell was found unresponsive at home in Tilbrook and died in hospital."
                    .into(),
            ..Facts::default()
        }),
    );
    let child = |id: &str, name: &str, pseudonym: &str, part, life| {
        people::Event::ChildRecorded(Child {
            id: id.into(),
            name: name.into(),
            pseudonym: pseudonym.into(),
            parts: vec![part],
            birth: Birth::On {
                on: date(2025, 7, 2),
            },
            life,
            sex: Some(Coded {
                code: String::new(),
                words: "female".into(),
            }),
            ..Child::default()
        })
    };
    t.tell(
        date(2026, 11, 9),
        priya(),
        child(
            "daughter",
            NAMES[0],
            "Child B",
            Part::Subject,
            Life::Died {
                on: Some(date(2026, 11, 8)),
            },
        ),
    );
    t.tell(
        date(2026, 11, 9),
        priya(),
        child(
            "sister",
            NAMES[1],
            "Child C",
            Part::OtherChild,
            Life::Living,
        ),
    );
    for (id, name, label) in [
        ("mother", NAMES[2], "Child B's mother"),
        ("father", NAMES[3], "Child B's father"),
    ] {
        t.tell(
            date(2026, 11, 9),
            priya(),
            people::Event::AdultRecorded(Adult {
                id: id.into(),
                name: name.into(),
                label: label.into(),
                family: true,
                ..Adult::default()
            }),
        );
    }
    t.tell(
        date(2026, 11, 12),
        priya(),
        notification::Event::NotificationSent(notification::Sent {
            kind: "serious-incident".into(),
            on: date(2026, 11, 12),
            time: String::new(),
            by_whom: "Head of safeguarding".into(),
            reference: "N-118".into(),
        }),
    );
    t.tell(
        date(2026, 11, 25),
        priya(),
        rapid_review::Event::MeetingRecorded(rapid_review::Meeting {
            on: date(2026, 11, 25),
            planned: false,
            present: "Merrowshire Council\nMerrowshire Police".into(),
            apologies: String::new(),
            safety: String::new(),
            notes: String::new(),
            instead_of: None,
        }),
    );
    t.tell(
        date(2026, 12, 3),
        priya(),
        rapid_review::Event::ReportSent(rapid_review::ReportSent {
            on: date(2026, 12, 3),
            to: "the Panel".into(),
            by_whom: String::new(),
            summary: String::new(),
        }),
    );
}

fn finding_on(element: &str, finding: &str) -> Finding {
    let mut found = Finding {
        element: element.into(),
        finding: finding.into(),
        reasons: "The health visitor did not know that Willa had asked the nursery for help. The nursery had written it down.".into(),
        evidence: minutes(),
        considered_by: considered_by(),
        partners: Vec::new(),
        agreed: true,
        missing: String::new(),
        why_without: String::new(),
        look_again: None,
    };
    match element {
        "several-areas" => {
            found.finding = "not-known".into();
            found.missing = "The records of the second area have not come.".into();
            found.why_without = "What the first area holds is enough to decide.".into();
            found.look_again = Some(date(2027, 1, 29));
        }
        "recurrent-themes" => {
            found.agreed = false;
            found.partners = vec![PartnerFinding {
                partner: "health".into(),
                finding: "may".into(),
                reasons: "Seen once before, in another setting.".into(),
            }];
        }
        _ => {}
    }
    found
}

fn proposal(reasons: &str, conduct: bool) -> Proposal {
    let rules = rules();
    Proposal {
        conduct: Some(conduct),
        routes: rules
            .routes
            .iter()
            .take(1)
            .map(|r| r.id.to_string())
            .collect(),
        route_details: "With the neighbouring area.".into(),
        reasons: reasons.into(),
        evidence: minutes(),
        why_not: if conduct {
            Default::default()
        } else {
            [(
                rules.criteria[0].id.to_string(),
                "The rapid review already named these improvements and their owners.".to_owned(),
            )]
            .into()
        },
        decided_on: Some(date(2026, 12, 4)),
    }
}

fn decide(t: &mut Telling) {
    let day = date(2026, 12, 4);
    let council = Some(Authority {
        seat: seat("local-authority", "council"),
        capacity: "deputy".into(),
        from_whom: "The chief executive of Merrowshire Council".into(),
        from: date(2026, 4, 1),
        until: None,
    });
    let sign = |partner: &str, body: &str, view, note: &str, given, authority| {
        decision::Event::Signed(Signature {
            seat: seat(partner, body),
            view,
            note: note.into(),
            given,
            authority,
            text: "the text".into(),
            passkey: None,
        })
    };
    // A first decision to review, later reconsidered.
    t.tell(
        day,
        priya(),
        decision::Event::TextWritten(proposal(
            "What is known points to learning for several services.",
            true,
        )),
    );
    t.tell(
        day,
        by("Tomas Reid", "deputy, local authority"),
        sign(
            "local-authority",
            "council",
            View::Agrees,
            "",
            Given::InPerson,
            council.clone(),
        ),
    );
    t.tell(day, priya(), decision::Event::Completed { decided_on: day });
    t.tell(
        day,
        priya(),
        decision::Event::ReconsiderationBegun {
            why: "New records came from the health board.".into(),
        },
    );
    // The decision that stands: not to review, one partner dissenting.
    t.tell(
        day,
        priya(),
        decision::Event::TextWritten(proposal("A first wording.", false)),
    );
    t.tell(
        day,
        by("Tomas Reid", "deputy, local authority"),
        sign(
            "local-authority",
            "council",
            View::Agrees,
            "",
            Given::InPerson,
            council.clone(),
        ),
    );
    t.tell(day, priya(), decision::Event::TextWritten(proposal("The rapid review found what a review of Juniper's care would find. Emrys Pennock's account is still with the police.", false)));
    t.tell(
        day,
        priya(),
        decision::Event::ViewGiven(ViewGiven {
            seat: seat("health", "icb"),
            view: View::Agrees,
            note: String::new(),
            given: Given::InPerson,
            provisional: true,
        }),
    );
    t.tell(
        day,
        by("Tomas Reid", "deputy, local authority"),
        sign(
            "local-authority",
            "council",
            View::AgreesWithNote,
            "The reflective review starts in January.",
            Given::InPerson,
            council,
        ),
    );
    let missing = vec![Missing::new(
        "Consider \u{201c}How agencies worked together\u{201d}",
        "",
        Place::Element("working-together".into()),
    )];
    let e_mail = Given::Otherwise {
        way: "e-mail".into(),
        person: "Dr Ana Silva, deputy".into(),
        on: day,
        kept: String::new(),
    };
    t.tell_with(
        day,
        priya(),
        sign("health", "icb", View::Agrees, "", e_mail, None),
        missing,
    );
    t.tell(
        day,
        by("Juniper Oyelaran", "delegate, police"),
        sign(
            "police",
            "police",
            View::Dissents,
            "A review would tell the area more than we know now.",
            Given::InPerson,
            None,
        ),
    );
    t.tell(
        day,
        priya(),
        decision::Event::Resolved(Resolution {
            by_whom: "The chief officers".into(),
            how: "The delegates' chief officers met and the majority view stands.".into(),
            reasons: "Two of three partners agree.".into(),
            on: day,
        }),
    );
    t.tell(day, priya(), decision::Event::Completed { decided_on: day });
    t.tell(
        day,
        priya(),
        decision::Event::SlipCorrected(Slip {
            stands: "9 November".into(),
            should_say: "8 November".into(),
        }),
    );
    t.tell(
        day,
        priya(),
        closing::Event::EntryMarked(closing::Mark {
            entry: 2,
            why: "Entered on the wrong day.".into(),
            correction: None,
            hidden: false,
            visible_to: vec![],
        }),
    );
}

fn with_family(t: &mut Telling) {
    let day = date(2026, 12, 5);
    let appropriate = |person: &str| {
        family::Event::AppropriatenessDecided(Appropriate {
            person: person.into(),
            appropriate: true,
            reasons: "She wishes to know.".into(),
            decided_by: "Ruth Adair, chair".into(),
            look_again: None,
        })
    };
    t.tell(day, priya(), appropriate("mother"));
    let explained = rules()
        .family
        .explain
        .iter()
        .map(|e| (e.id.to_string(), "It is there to learn.".to_owned()))
        .collect();
    t.tell(
        day,
        priya(),
        family::Event::ContactMade(Contact {
            person: "mother".into(),
            kind: ContactKind::ToldOfDecision,
            on: day,
            time: "2pm".into(),
            by_whom: "Ruth Adair".into(),
            role: "chair".into(),
            on_behalf: String::new(),
            how: "in person".into(),
            words: "Told Willa what was decided and why.".into(),
            explained,
            promise: "Call before anything is made public".into(),
            promise_keeper: "Ruth Adair".into(),
        }),
    );
    t.tell(
        day,
        priya(),
        family::Event::ViewsRecorded(ViewsOf {
            person: "mother".into(),
            views: Views::Given {
                on: day,
                words: "She hummed when she was about to fall asleep.".into(),
            },
        }),
    );
    t.tell(
        day,
        priya(),
        family::Event::SafetyChecked(SafetyCheck {
            person: "mother".into(),
            address: "12 Orchard Row, Tilbrook".into(),
            ..SafetyCheck::default()
        }),
    );
    t.tell(
        day,
        priya(),
        family::Event::ViewsRecorded(ViewsOf {
            person: "father".into(),
            views: Views::NotAsked {
                who: "Ruth Adair, chair".into(),
                on: date(2026, 12, 4),
                why: "The police have asked that no one speaks with him before his interview."
                    .into(),
                look_again: date(2027, 1, 15),
            },
        }),
    );
}

/// The case after the facts of the incident were marked as made in error and hidden.
pub fn with_a_hidden_entry() -> Case {
    let mut t = Telling(case().story);
    let hidden =
        t.0.iter()
            .find(|r| matches!(r.event, Event::Incident(incident::Event::FactsRecorded(_))))
            .map_or(0, |r| r.number);
    t.tell(
        date(2026, 12, 7),
        priya(),
        closing::Event::EntryMarked(closing::Mark {
            entry: hidden,
            why: "This was told in confidence.".into(),
            correction: None,
            hidden: true,
            visible_to: vec![],
        }),
    );
    Case::fold("case-4", t.0)
}

/// The story with who and when, as the desk hands it over.
pub fn history(case: &Case) -> Vec<HistoryLine> {
    let lines = cases::story::story(case, &rules(), |_| false);
    case.story
        .iter()
        .zip(lines)
        .map(|(r, line)| HistoryLine {
            line,
            by: format!("{}, {}", r.by.name, r.by.part),
            at: calendar::words::moment(&r.at.in_tz("Europe/London").expect("a time")),
            missing: r.missing.clone(),
            imported: r.imported.clone(),
        })
        .collect()
}

struct Always(Arc<Rules>);

impl Editions for Always {
    fn on(&self, _: Date) -> Option<Arc<Rules>> {
        Some(self.0.clone())
    }
    fn by_id(&self, _: &str) -> Option<Arc<Rules>> {
        Some(self.0.clone())
    }
    fn holidays(&self) -> &Holidays {
        Holidays::embedded()
    }
}

/// The decision record of a case.
pub fn record(case: &Case) -> Document {
    let rules = rules();
    let clocks = cases::clocks::clocks(case, &Always(rules.clone()), &rules, date(2026, 12, 7));
    decision_record(case, &rules, &history(case), &seats(), &clocks, &state())
}
