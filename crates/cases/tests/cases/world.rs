//! A small world for the tests: one case, a day that can be moved on, people who act, and the packs as they are.
//! It starts on Monday 6 September 2021 under the edition of 2018 with the local procedure of 2021.

use std::collections::BTreeMap;
use std::sync::Arc;

use calendar::Holidays;
use cases::consideration::Finding;
use cases::context::{Authority, NamedSeat};
use cases::decision::{Given, Proposal, Signature, View};
use cases::definition::LimbTest;
use cases::people::{Adult, Birth, Child, Life, Part};
use cases::{
    By, Case, Clock, Command, ConsideredBy, Context, Date, Editions, Evidence, Recorded, Refusal,
    Seat,
};
use guidance::{DecisionRule, Library, PackId, Rules};
use jiff::Timestamp;

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn noon(on: Date) -> Timestamp {
    on.at(12, 0, 0, 0)
        .in_tz("Europe/London")
        .unwrap()
        .timestamp()
}

/// The editions on the shelf, with one local pack.
pub struct Shelf {
    pub library: Library,
    pub local: Option<PackId>,
}

impl Editions for Shelf {
    fn on(&self, day: Date) -> Option<Arc<Rules>> {
        self.library.on(day, self.local.as_ref()).ok()
    }
    fn by_id(&self, id: &str) -> Option<Arc<Rules>> {
        self.library.rules(id).ok()
    }
    fn holidays(&self) -> &Holidays {
        Holidays::embedded()
    }
}

pub struct World {
    pub case: Case,
    pub today: Date,
    pub by: By,
    pub manages: bool,
    pub rules: Rules,
    pub seats: Vec<NamedSeat>,
    pub authorities: Vec<Authority>,
    pub shelf: Shelf,
    ids: u32,
}

pub fn seat(partner: &str, body: &str) -> Seat {
    Seat {
        partner: partner.into(),
        body: body.into(),
    }
}

pub fn council() -> Seat {
    seat("local-authority", "merrowshire-council")
}
pub fn health() -> Seat {
    seat("health", "tilbrook")
}
pub fn police() -> Seat {
    seat("police", "merrow-police")
}

pub fn named(seat: Seat) -> NamedSeat {
    NamedSeat {
        partner: seat.partner.clone(),
        body: seat.body.clone(),
        seat,
    }
}

pub fn by(name: &str, part: &str, partner: Option<&str>) -> By {
    By {
        person: name.to_lowercase().replace(' ', "-"),
        name: name.into(),
        part: part.into(),
        partner: partner.map(Into::into),
    }
}

pub fn manager() -> By {
    by("Orla Penhallow", "business manager", None)
}

pub fn statement() -> Evidence {
    Evidence::Statement {
        text: "Two visits were recorded as no answer".into(),
        source: "health visiting record, 3 August 2021".into(),
    }
}

pub fn meeting() -> ConsideredBy {
    ConsideredBy {
        people: "the three delegates".into(),
        meeting: "rapid review meeting".into(),
        ..ConsideredBy::default()
    }
}

impl World {
    /// An empty world: no case is open yet.
    pub fn empty() -> World {
        let shelf = Shelf {
            library: Library::embedded().unwrap(),
            local: Some("sefton-2021".into()),
        };
        let today = day("2021-09-06");
        let rules = (*shelf.on(today).unwrap()).clone();
        World {
            case: Case {
                id: "one".into(),
                ..Case::default()
            },
            today,
            by: manager(),
            manages: true,
            rules,
            seats: [council(), health(), police()].map(named).to_vec(),
            authorities: Vec::new(),
            shelf,
            ids: 0,
        }
    }

    /// A case that is open and holds nothing else.
    pub fn opened() -> World {
        let mut world = World::empty();
        world.must(Command::Incident(cases::incident::Command::Open(opening())));
        world
    }

    /// A case with one girl who died at 16 months, her mother, and a brother.
    pub fn with_people() -> World {
        let mut world = World::opened();
        world.must(Command::People(cases::people::Command::RecordChild(
            girl_who_died(),
        )));
        world.must(Command::People(cases::people::Command::RecordChild(
            brother(),
        )));
        world.must(Command::People(cases::people::Command::RecordAdult(
            mother(),
        )));
        world
    }

    /// Every limb tested, and every criterion, circumstance and question considered; nothing decided.
    pub fn considered() -> World {
        let mut world = World::with_people();
        world.test_every_limb("girl");
        world.consider_everything();
        world
    }

    /// Everything considered and the text written: a review is to be conducted.
    pub fn ready() -> World {
        let mut world = World::considered();
        world.write(yes_text(world.today));
        world
    }

    /// A complete decision to conduct a review.
    pub fn decided() -> World {
        let mut world = World::ready();
        for seat in [council(), health(), police()] {
            world.sign(seat, View::Agrees).unwrap();
        }
        assert!(world.case.decision.complete().is_some());
        world
    }

    pub fn is_now(&mut self, on: &str) {
        self.today = day(on);
        self.rules = (*self.shelf.on(self.today).unwrap()).clone();
    }

    pub fn act(&mut self, command: Command) -> Result<Vec<Arc<Recorded>>, Refusal> {
        self.ids += 1;
        let fresh = format!("id-{}", self.ids);
        let ctx = Context {
            now: noon(self.today),
            today: self.today,
            by: &self.by,
            manages: self.manages,
            rules: &self.rules,
            fresh: &fresh,
            seats: &self.seats,
            authorities: &self.authorities,
        };
        let decided = cases::decide(&self.case, command, &ctx)?;
        let mut entries = Vec::new();
        for one in decided {
            let recorded = Arc::new(Recorded {
                number: self.case.version() + 1,
                at: noon(self.today),
                by: self.by.clone(),
                edition: self.rules.id.clone(),
                event: one.event,
                missing: one.missing,
                imported: None,
                pasted: Vec::new(),
            });
            self.case.push(recorded.clone());
            entries.push(recorded);
        }
        Ok(entries)
    }

    pub fn must(&mut self, command: Command) -> Vec<Arc<Recorded>> {
        self.act(command.clone())
            .unwrap_or_else(|no| panic!("{command:?} was refused: {no}"))
    }

    /// The fields that a command was refused for.
    pub fn wrong_fields(&mut self, command: Command) -> Vec<String> {
        match self.act(command.clone()) {
            Err(Refusal::ToCorrect(wrong)) => wrong.into_iter().map(|w| w.field).collect(),
            other => panic!("{command:?} should name a field to correct, and gave {other:?}"),
        }
    }

    /// The words in which a command was refused as not fitting.
    pub fn does_not_fit(&mut self, command: Command) -> String {
        match self.act(command.clone()) {
            Err(Refusal::DoesNotFit(words)) => words,
            other => panic!("{command:?} should not fit, and gave {other:?}"),
        }
    }

    pub fn test_every_limb(&mut self, child: &str) {
        for (limb, option) in [
            ("abuse-or-neglect", "known"),
            ("died-or-seriously-harmed", "died"),
        ] {
            self.must(test(met(child, limb, option)));
        }
    }

    /// Every element the edition asks about, with its first answer.
    pub fn elements(&self) -> Vec<String> {
        self.rules
            .considered()
            .chain(&self.rules.questions)
            .map(|e| e.id.to_string())
            .collect()
    }

    pub fn consider_everything(&mut self) {
        for id in self.elements() {
            let finding = if id == "panel-conclusion" {
                "not-yet-considered"
            } else {
                "may"
            };
            let known = self
                .rules
                .element(&id.as_str().into())
                .unwrap()
                .finding(finding)
                .is_some();
            let finding = if known {
                finding.to_owned()
            } else {
                self.rules.element(&id.as_str().into()).unwrap().findings[0]
                    .id
                    .clone()
            };
            self.must(consider(found(&id, &finding)));
        }
    }

    pub fn write(&mut self, text: Proposal) {
        self.must(Command::Decision(cases::decision::Command::WriteText(text)));
    }

    pub fn text(&self) -> String {
        cases::decision::text(&self.case, &self.rules)
    }

    pub fn missing(&self) -> Vec<cases::Missing> {
        cases::decision::missing(&self.case, &self.rules)
    }

    /// The delegate of a seat signs in person the text as it stands.
    pub fn sign(&mut self, seat: Seat, view: View) -> Result<Vec<Arc<Recorded>>, Refusal> {
        let text = self.text();
        self.sign_text(seat, view, text)
    }

    pub fn sign_text(
        &mut self,
        seat: Seat,
        view: View,
        text: String,
    ) -> Result<Vec<Arc<Recorded>>, Refusal> {
        let before = (self.by.clone(), self.manages, self.authorities.clone());
        self.by = by(
            &format!("Delegate {}", seat.body),
            "delegate",
            Some(&seat.partner),
        );
        self.manages = false;
        self.authorities = vec![authority(seat.clone(), "2021-01-01", None)];
        let result = self.act(Command::Decision(cases::decision::Command::Sign(
            signature(seat, view, Given::InPerson, text),
        )));
        (self.by, self.manages, self.authorities) = before;
        result
    }

    /// The manager writes down a signature given on paper.
    pub fn sign_on_paper(&mut self, seat: Seat, view: View) -> Vec<Arc<Recorded>> {
        let given = on_paper(self.today);
        self.must(Command::Decision(cases::decision::Command::Sign(
            signature(seat, view, given, String::new()),
        )))
    }

    pub fn shelf_seats(&self) -> Vec<cases::NamedSeat> {
        self.shelf.seats(self.today)
    }

    pub fn clocks(&self) -> Vec<Clock> {
        cases::clocks::clocks(&self.case, &self.shelf, &self.rules, self.today)
    }

    pub fn clock(&self, id: &str) -> Option<Clock> {
        self.clocks().into_iter().find(|c| c.id == id)
    }

    pub fn rule(&mut self, rule: DecisionRule) {
        self.rules.decision.rule = rule;
    }
}

pub fn on_paper(on: Date) -> Given {
    Given::Otherwise {
        way: "paper".into(),
        person: "Sgt Ivo Larkfield, delegate".into(),
        on,
        kept: String::new(),
    }
}

pub fn authority(seat: Seat, from: &str, until: Option<&str>) -> Authority {
    Authority {
        seat,
        capacity: "delegate".into(),
        from_whom: "the chief officer".into(),
        from: day(from),
        until: until.map(day),
    }
}

pub fn signature(seat: Seat, view: View, given: Given, text: String) -> Signature {
    let note = if view == View::Agrees {
        String::new()
    } else {
        "The single-agency learning is enough.".into()
    };
    Signature {
        seat,
        view,
        note,
        given,
        authority: None,
        text,
        passkey: None,
    }
}

pub fn opening() -> cases::incident::Opening {
    cases::incident::Opening {
        reference: "MER-2021-004".into(),
        old_reference: None,
        danger: cases::incident::Danger::No,
        danger_action: String::new(),
        heard_on: None,
        under_way: false,
        edition: String::new(),
    }
}

pub fn girl_who_died() -> Child {
    Child {
        id: "girl".into(),
        name: "Wren Hollins".into(),
        pseudonym: "Child A".into(),
        parts: vec![Part::Subject],
        birth: Birth::On {
            on: day("2020-05-03"),
        },
        life: Life::Died {
            on: Some(day("2021-09-04")),
        },
        sex: Some(cases::people::Coded {
            code: "2".into(),
            words: "Female".into(),
        }),
        ..Child::default()
    }
}

pub fn brother() -> Child {
    Child {
        id: "brother".into(),
        pseudonym: "Child B".into(),
        parts: vec![Part::OtherChild],
        life: Life::Living,
        ..Child::default()
    }
}

pub fn mother() -> Adult {
    Adult {
        id: "mother".into(),
        label: "Child A's mother".into(),
        family: true,
        ..Adult::default()
    }
}

pub fn limb_test(child: &str, limb: &str, finding: &str, option: Option<&str>) -> LimbTest {
    LimbTest {
        child: child.into(),
        limb: limb.into(),
        finding: finding.into(),
        option: option.map(Into::into),
        reasons: "The post-mortem examination and two records point to it.".into(),
        evidence: vec![statement()],
        harm: Vec::new(),
        other_harm: String::new(),
        long_term: None,
        recovery: String::new(),
        needed: if finding == "not-yet-known" {
            "the result of the post-mortem examination".into()
        } else {
            String::new()
        },
        considered_by: meeting(),
    }
}

/// A limb that is met; for the brother, who is living, with a kind of impairment.
pub fn met(child: &str, limb: &str, option: &str) -> LimbTest {
    let living = child == "brother" && option == "died";
    let option = if living { "seriously-harmed" } else { option };
    let harm = if living {
        vec!["physical-health".into()]
    } else {
        Vec::new()
    };
    LimbTest {
        harm,
        ..limb_test(child, limb, "met", Some(option))
    }
}

pub fn test(limb: LimbTest) -> Command {
    Command::Definition(cases::definition::Command::TestLimb(limb))
}

pub fn found(element: &str, finding: &str) -> Finding {
    Finding {
        element: element.into(),
        finding: finding.into(),
        reasons: format!(
            "For {element}, the two records were compared at the meeting and pointed the same way."
        ),
        evidence: vec![statement()],
        considered_by: meeting(),
        partners: Vec::new(),
        agreed: true,
        missing: String::new(),
        why_without: String::new(),
        look_again: None,
    }
}

pub fn consider(finding: Finding) -> Command {
    Command::Consideration(cases::consideration::Command::Consider(finding))
}

pub fn yes_text(on: Date) -> Proposal {
    Proposal {
        conduct: Some(true),
        reasons: "The case may show how missed visits are read across two services.".into(),
        evidence: vec![statement()],
        decided_on: Some(on),
        ..Proposal::default()
    }
}

/// A decision not to conduct a review, with everything it needs in the world of [`World::considered`].
pub fn no_text(world: &World) -> Proposal {
    let why_not: BTreeMap<String, String> = world
        .rules
        .criteria
        .iter()
        .filter(|e| {
            matches!(
                world.case.consideration.weight(e),
                Some(guidance::Weight::Yes | guidance::Weight::Possibly)
            )
        })
        .map(|e| {
            (
                e.id.to_string(),
                "The learning is already in the plan agreed in June.".to_owned(),
            )
        })
        .collect();
    Proposal {
        conduct: Some(false),
        routes: vec!["reflective-review".into()],
        why_not,
        ..yes_text(world.today)
    }
}
