//! A partnership with thirteen people and four cases, each of which holds a word that stands in no other; and the account of it.

#[path = "../shared/signed_in.rs"]
mod signed_in;

use std::collections::{BTreeMap, BTreeSet};

use access::Role;
use cases::Seat;
use cases::members::Part;
use desk::{Actor, Clock, Desk, NewCase, NewPerson, Setup};

use crate::Wrong;
use crate::account::{CaseAccount, OfficeAccount};

const PASSWORD: &str = "otter lantern gravel";

const ROLES: [Role; 13] = [
    Role::BusinessManager,
    Role::DeputyManager,
    Role::DeputyManager,
    Role::Delegate,
    Role::Delegate,
    Role::Chair,
    Role::Reader,
    Role::Administrator,
    Role::Reviewer,
    Role::PanelMember,
    Role::LegalAdviser,
    Role::CommunicationsLead,
    Role::Auditor,
];

/// Whoever is of these stays: without a manager nothing changes any more.
pub const STAYS: usize = 0;

pub struct Partnership {
    pub desk: Desk,
    pub area: String,
    pub ids: Vec<String>,
    pub secrets: Vec<String>,
    pub cases: Vec<CaseAccount>,
    pub office: OfficeAccount,
    /// What each person has kept of which case, and in what words.
    pub drafts: BTreeMap<(usize, usize), String>,
    _folder: tempfile::TempDir,
}

fn settings(area: &str) -> String {
    let short = area[..3].to_uppercase();
    format!(
        "name = \"{area} Safeguarding Children Partnership\"\nshort = \"{short}\"\narea = \"{area}\"\n\
         [front-door]\nfront-door = \"01632 960001\"\nout-of-hours = \"01632 960002\"\nemergency = \"999\"\n\
         [[partners]]\nid = \"local-authority\"\n[[partners.bodies]]\nid = \"council\"\nname = \"{area} Council\"\n\
         [[partners]]\nid = \"health\"\n[[partners.bodies]]\nid = \"icb\"\nname = \"{area} ICB\"\n\
         [[partners]]\nid = \"police\"\n[[partners.bodies]]\nid = \"police\"\nname = \"{area} Police\"\n"
    )
}

impl Partnership {
    pub async fn new(area: &str) -> Result<Partnership, Wrong> {
        let folder = tempfile::tempdir()?;
        let email = |n: usize| format!("person-{n}@{}.example", area.to_lowercase());
        let people = ROLES.iter().enumerate().map(|(n, role)| NewPerson {
            name: format!("Person {n} of {area}"),
            email: email(n),
            role: *role,
            seat: role.acts_for_a_partner().then(|| Seat {
                partner: "police".into(),
                body: "police".into(),
            }),
            agency: None,
            password: PASSWORD.into(),
        });
        let setup = Setup {
            settings: settings(area),
            people: people.collect(),
        };
        let clock = Clock::standing_at("2026-11-23T09:00:00Z".parse()?);
        let desk = Desk::create(&folder.path().join("data"), clock, setup).await?;
        let (mut ids, mut secrets) = (Vec::new(), Vec::new());
        for n in 0..ROLES.len() {
            ids.push(desk.person_by_email(&email(n)).ok_or("nobody")?.id);
            let signed = signed_in::sign_in(&desk, &email(n), PASSWORD).await?;
            secrets.push(signed.secret);
        }
        let mut partnership = Partnership {
            office: OfficeAccount {
                roles: ROLES.to_vec(),
                now: desk.clock().now(),
                today: desk.today(),
                ..OfficeAccount::default()
            },
            desk,
            area: area.to_owned(),
            ids,
            secrets,
            cases: Vec::new(),
            drafts: BTreeMap::new(),
            _folder: folder,
        };
        for n in 0..4 {
            partnership.open(n).await?;
        }
        Ok(partnership)
    }

    /// A case run by the manager or a deputy, with some people in it, others not.
    async fn open(&mut self, n: usize) -> Result<(), Wrong> {
        let mark = format!("QZX{}{n}mark", self.area.to_lowercase());
        let owner = n % 3;
        // The same child in every case, so that likenesses are found; and someone whose label names this case.
        let child = cases::people::Child {
            id: "child".into(),
            name: "Wren Hollins".into(),
            pseudonym: format!("Child {mark}"),
            parts: vec![cases::people::Part::Subject],
            ..Default::default()
        };
        let members = [
            (3 + n % 2, Part::Decides),
            (5, Part::Chairs),
            (6, Part::Reads),
        ];
        let members = &members[..n % 4];
        let new = NewCase {
            danger: cases::incident::Danger::No,
            danger_action: String::new(),
            old_reference: None,
            heard_on: None,
            under_way: false,
            members: members
                .iter()
                .map(|(who, part)| (self.ids[*who].clone(), *part))
                .collect(),
            known: vec![cases::Command::People(cases::people::Command::RecordChild(
                child,
            ))],
        };
        let opened = self.desk.open_case(&self.actor(owner), new).await?;
        // What is considered says the word too: likenesses of reasons are pointed out across cases.
        let mut opened = opened;
        let finding = cases::consideration::Finding {
            element: "improvements".into(),
            finding: "does".into(),
            reasons: format!("{mark} reasons"),
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
        };
        let considered = cases::consideration::Command::Consider(finding);
        let command = cases::Command::Consideration(considered);
        opened = self
            .desk
            .act(
                &self.actor(owner),
                &opened.case.id,
                None,
                true,
                vec![command],
            )
            .await?;
        let mut parts: BTreeMap<usize, Part> = members.iter().copied().collect();
        parts.insert(owner, Part::Manages);
        self.cases.push(CaseAccount {
            id: opened.case.id.clone(),
            reference: opened.case.reference().to_owned(),
            mark,
            parts,
            last: BTreeMap::new(),
            barred: BTreeSet::new(),
            back: BTreeMap::new(),
            until: BTreeMap::new(),
            owner,
            entries: opened.case.version(),
        });
        Ok(())
    }

    /// A person as the partnership knows them at this moment, also when they have left.
    pub fn actor(&self, who: usize) -> Actor {
        self.desk.actor(&self.desk.office().people[&self.ids[who]])
    }

    /// The cases a person sees, by what is written beside.
    pub fn seen_by(&self, who: usize) -> BTreeSet<&str> {
        self.cases
            .iter()
            .filter(|case| self.office.sees(who, case))
            .map(|case| case.id.as_str())
            .collect()
    }

    /// Lets time pass.
    pub fn later(&mut self, hours: i64) {
        let now = self.office.now + jiff::SignedDuration::from_hours(hours);
        self.desk.clock().set(now);
        self.office.now = now;
        self.office.today = self.desk.today();
    }
}
