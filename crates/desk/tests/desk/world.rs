//! A fictional partnership on Monday 1 June 2026, its people, and a case with two children.

use std::collections::BTreeMap;

use access::Role;
use cases::members::Part;
use cases::people::{Birth, Child, Command as People};
use cases::{Case, Command, Seat};
use desk::{Actor, Clock, DatabaseAt, Desk, DeskError, NewCase, NewPerson, Setup};
use guidance::{BodySetting, Numbers, PartnerSetting, Settings};
use jiff::Timestamp;

#[path = "../../../store/tests/shared/postgres.rs"]
mod postgres;

pub const PASSWORD: &str = "otter lantern gravel";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn partner(id: &str, body: &str, name: &str) -> PartnerSetting {
    PartnerSetting {
        id: id.into(),
        bodies: vec![BodySetting {
            id: body.into(),
            name: name.into(),
        }],
    }
}

fn settings() -> Settings {
    Settings {
        name: "Merrowshire Safeguarding Children Partnership".into(),
        short: "MER".into(),
        area: "Merrowshire".into(),
        local_pack: None,
        session_minutes: 30,
        largest_file: 500,
        quorum: None,
        routes_off: Vec::new(),
        family_update: None,
        front_door: Numbers {
            front_door: "01632 960001".into(),
            out_of_hours: "01632 960002".into(),
            emergency: "999".into(),
        },
        roles: BTreeMap::new(),
        readings: BTreeMap::new(),
        erasure: guidance::ErasureSettings::default(),
        access: guidance::AccessSettings::default(),
        partners: vec![
            partner(
                "local-authority",
                "merrowshire-council",
                "Merrowshire Council",
            ),
            partner("health", "tilbrook", "Tilbrook ICB"),
            partner("police", "merrow-police", "Merrow Police"),
        ],
    }
}

pub fn police() -> Seat {
    Seat {
        partner: "police".into(),
        body: "merrow-police".into(),
    }
}

fn person(name: &str, role: Role, seat: Option<Seat>) -> NewPerson {
    let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
    NewPerson {
        name: name.into(),
        email,
        role,
        seat,
        agency: None,
        password: PASSWORD.into(),
    }
}

pub struct World {
    pub desk: Desk,
    pub dir: tempfile::TempDir,
}

impl World {
    pub async fn new() -> World {
        World::of("Merrowshire Safeguarding Children Partnership").await
    }

    /// Another partnership with people of the same names.
    pub async fn of(name: &str) -> World {
        let dir = tempfile::tempdir().unwrap();
        let people = vec![
            person("Orla Penhallow", Role::BusinessManager, None),
            person("Nia Coombe", Role::DeputyManager, None),
            person("Ivo Larkfield", Role::Delegate, Some(police())),
            person("Maud Ellery", Role::Chair, None),
            person("Tam Birch", Role::Reader, None),
            person("Sol Adder", Role::Administrator, None),
        ];
        let clock = Clock::standing_at(at("2026-06-01T09:00:00Z"));
        let database = if crate::ON_POSTGRES {
            let made = postgres::server().database().await;
            DatabaseAt::Postgres {
                server: made.server,
                owner: made.owner,
            }
        } else {
            DatabaseAt::Folder
        };
        let desk = Desk::create_on(
            &dir.path().join("data"),
            clock,
            Setup {
                settings: Settings {
                    name: name.into(),
                    ..settings()
                }
                .to_toml(),
                people,
            },
            &database,
        )
        .await
        .unwrap();
        World { desk, dir }
    }

    pub fn who(&self, name: &str) -> Actor {
        let office = self.desk.office();
        let person = office
            .people
            .values()
            .find(|p| p.name.starts_with(name))
            .unwrap();
        self.desk.actor(person)
    }

    pub fn id(&self, name: &str) -> String {
        self.who(name).person.id
    }

    /// A case run by Orla, with the girl and her brother, and with the delegate as a member.
    pub async fn case(&self) -> std::sync::Arc<Case> {
        let known = vec![
            child("girl", "Wren Hollins", "Child A"),
            child("brother", "Jay Hollins", "Child B"),
        ];
        self.open("Orla", vec![(self.id("Ivo"), Part::Decides)], known)
            .await
    }

    pub async fn open(
        &self,
        who: &str,
        members: Vec<(String, Part)>,
        known: Vec<Command>,
    ) -> std::sync::Arc<Case> {
        let new = NewCase {
            danger: cases::incident::Danger::Yes,
            danger_action: "The out-of-hours team was called.".into(),
            old_reference: None,
            heard_on: Some("2026-05-29".parse().unwrap()),
            under_way: false,
            members,
            known,
        };
        self.desk.open_case(&self.who(who), new).await.unwrap().case
    }
}

pub fn child(id: &str, name: &str, pseudonym: &str) -> Command {
    Command::People(People::RecordChild(Child {
        id: id.into(),
        name: name.into(),
        pseudonym: pseudonym.into(),
        parts: vec![cases::people::Part::Subject],
        birth: Birth::On {
            on: "2024-01-10".parse().unwrap(),
        },
        life: cases::people::Life::Living,
        ..Child::default()
    }))
}

pub fn found(element: &str, reasons: &str) -> Command {
    Command::Consideration(cases::consideration::Command::Consider(
        cases::consideration::Finding {
            element: element.into(),
            finding: "does".into(),
            reasons: reasons.into(),
            evidence: Vec::new(),
            considered_by: cases::ConsideredBy {
                meeting: "rapid review meeting".into(),
                ..cases::ConsideredBy::default()
            },
            partners: Vec::new(),
            agreed: true,
            missing: String::new(),
            why_without: String::new(),
            look_again: None,
        },
    ))
}

pub fn not_there<T: std::fmt::Debug>(result: Result<T, DeskError>) -> bool {
    matches!(result, Err(DeskError::NotThere))
}
