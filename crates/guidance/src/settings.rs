//! A partnership's own settings: names, numbers and the choices an edition leaves to it.
//! The file is written by `candour init` and checked like a pack; the floors are checked against the rules it is applied to.

mod access;
mod apply;
mod erasure;

use std::collections::{BTreeMap, BTreeSet};

pub use access::AccessSettings;
pub use erasure::{ErasureRule, ErasureSettings};
use serde::Serialize;

use crate::{
    PackId, PartnerId, RoleId, RouteId, Wrong,
    shape::{self, Field, Kind, may, must},
    tree::{self, Node},
};

/// A partnership's own settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Settings {
    /// The partnership's name.
    pub name: String,
    /// Its short name, three or so capital letters: the beginning of every reference.
    pub short: String,
    /// The area it serves.
    pub area: String,
    /// The local pack it follows, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_pack: Option<PackId>,
    /// Minutes without a sign of life after which a person is signed out.
    pub session_minutes: u16,
    /// How large a file may be that is added to a case, in MB (1,048,576 bytes each).
    pub largest_file: u16,
    /// How many partners must have given their view; not below what the edition says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quorum: Option<u8>,
    /// Routes this partnership does not use.
    pub routes_off: Vec<RouteId>,
    /// How often the family hears from the partnership, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_update: Option<String>,
    /// The numbers to ring when a child may be in danger.
    pub front_door: Numbers,
    /// Its own titles of roles.
    pub roles: BTreeMap<RoleId, String>,
    /// For disputed clocks, by clock: the reading this partnership has chosen.
    pub readings: BTreeMap<String, String>,
    /// How long an approved erasure waits, and under which rules content may be erased.
    pub erasure: ErasureSettings,
    /// Who decides about interests, and how long an opening with a written reason lasts.
    pub access: AccessSettings,
    /// The bodies that are its safeguarding partners.
    pub partners: Vec<PartnerSetting>,
}

/// The numbers to ring when a child may be in danger.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Numbers {
    /// Children's social care in office hours.
    pub front_door: String,
    /// The team outside office hours.
    pub out_of_hours: String,
    /// Emergencies.
    pub emergency: String,
}

/// Who one statutory safeguarding partner is here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartnerSetting {
    /// Which partner.
    pub id: PartnerId,
    /// Its bodies: usually one, more where two health boards serve the area.
    pub bodies: Vec<BodySetting>,
}

/// One body of a safeguarding partner.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BodySetting {
    /// Its name in the record.
    pub id: String,
    /// As people read it.
    pub name: String,
}

const SETTINGS: &[Field] = &[
    must("name", Kind::Text),
    must("short", Kind::Text),
    must("area", Kind::Text),
    may("local-pack", Kind::Id),
    may("session-minutes", Kind::Number),
    may("largest-file", Kind::Number),
    may("quorum", Kind::Number),
    may("routes-off", Kind::Many(&Kind::Id)),
    may("family-update", Kind::Text),
    must(
        "front-door",
        Kind::Table(&[
            must("front-door", Kind::Text),
            must("out-of-hours", Kind::Text),
            must("emergency", Kind::Text),
        ]),
    ),
    may("roles", Kind::Map(&Kind::Text)),
    may("readings", Kind::Map(&Kind::Id)),
    may("erasure", Kind::Table(erasure::ERASURE)),
    may("access", Kind::Table(access::ACCESS)),
    must(
        "partners",
        Kind::Items(&[
            must("id", Kind::Id),
            must(
                "bodies",
                Kind::Items(&[must("id", Kind::Id), must("name", Kind::Text)]),
            ),
        ]),
    ),
];

/// Minutes after which a person is signed out, where the file says nothing.
const SESSION_MINUTES: u16 = 30;

/// The largest file in MB, where the settings say nothing.
pub const LARGEST_FILE: u16 = 500;

impl Settings {
    /// Reads and checks a settings file.
    ///
    /// # Errors
    /// Every fault found, with file, line, key and what is expected.
    pub fn parse(file: &str, text: &str) -> Result<Settings, Vec<Wrong>> {
        let tree = tree::parse(file, text).map_err(|wrong| vec![wrong])?;
        let mut wrongs = Vec::new();
        shape::fields(&tree, "", SETTINGS, &mut wrongs);
        let settings = read(&tree);
        sensible(&tree, &settings, &mut wrongs);
        if wrongs.is_empty() {
            return Ok(settings);
        }
        wrongs.sort_by_key(|wrong| wrong.line);
        Err(wrongs)
    }

    /// The settings as a file that [`Settings::parse`] reads back without loss, with a line of explanation for each part.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# The settings of one safeguarding partnership.\n\
             # The guidance leaves these to local choice; what it does not leave is refused.\n\n",
        );
        text += &part("", "name", &self.name);
        text += &part(
            "The beginning of every reference, like MER-2026-004.",
            "short",
            &self.short,
        );
        text += &part("", "area", &self.area);
        if let Some(pack) = &self.local_pack {
            text += &part("The local procedure you follow.", "local-pack", pack);
        }
        text += &part(
            "Minutes without a sign of life after which a person is signed out.",
            "session-minutes",
            self.session_minutes,
        );
        text += &part(
            "The largest file that can be added to a case, in MB.",
            "largest-file",
            self.largest_file,
        );
        if let Some(quorum) = self.quorum {
            text += &part(
                "How many partners must have given their view.",
                "quorum",
                quorum,
            );
        }
        text += &part("Routes you do not use.", "routes-off", &self.routes_off);
        if let Some(update) = &self.family_update {
            text += &part(
                "How often the family hears from you, in words.",
                "family-update",
                update,
            );
        }
        text += &part(
            "The numbers people see before they open a case.",
            "front-door",
            &self.front_door,
        );
        text += &part("Your own titles of roles.", "roles", &self.roles);
        text += &part(
            "Where sources differ on when a clock starts: the reading you have chosen, by clock.",
            "readings",
            &self.readings,
        );
        text += &part(
            "Erasure: the days between approval and carrying out, and the rules under which content may be erased.",
            "erasure",
            &self.erasure,
        );
        text += &part(
            "Access: the roles that decide about interests which others declared, and for how many hours a case that was opened with a written reason can be read.",
            "access",
            &self.access,
        );
        text + &part(
            "The safeguarding partners and their bodies.",
            "partners",
            &self.partners,
        )
    }
}

/// One key of the file, with a line that explains it; a table begins after an empty line.
fn part(note: &str, key: &str, value: impl Serialize) -> String {
    // Texts, numbers and tables of them: writing these as TOML has no way to fail.
    let body = toml::to_string(&BTreeMap::from([(key, value)])).unwrap_or_default();
    let gap = if body.starts_with('[') { "\n" } else { "" };
    let note = if note.is_empty() {
        String::new()
    } else {
        format!("# {note}\n")
    };
    format!("{gap}{note}{body}")
}

fn read(tree: &Node) -> Settings {
    let text = |node: &Node, key: &str| node.text(key).unwrap_or_default().to_owned();
    let number = |key: &str| {
        tree.number(key)
            .and_then(|number| u16::try_from(number).ok())
    };
    let map = |key: &str| {
        let entries = tree.get(key).and_then(Node::table).into_iter().flatten();
        entries
            .filter_map(|(key, node)| Some((key.clone(), node.as_text()?.to_owned())))
            .collect::<Vec<_>>()
    };
    let numbers = |key: &str| {
        tree.get("front-door")
            .and_then(|node| node.text(key))
            .unwrap_or_default()
            .to_owned()
    };
    Settings {
        name: text(tree, "name"),
        short: text(tree, "short"),
        area: text(tree, "area"),
        local_pack: tree.text("local-pack").map(PackId::from),
        session_minutes: number("session-minutes").unwrap_or(SESSION_MINUTES),
        largest_file: number("largest-file").unwrap_or(LARGEST_FILE),
        quorum: number("quorum").and_then(|number| u8::try_from(number).ok()),
        routes_off: tree
            .list("routes-off")
            .iter()
            .filter_map(Node::as_text)
            .map(RouteId::from)
            .collect(),
        family_update: tree.text("family-update").map(str::to_owned),
        front_door: Numbers {
            front_door: numbers("front-door"),
            out_of_hours: numbers("out-of-hours"),
            emergency: numbers("emergency"),
        },
        roles: map("roles")
            .into_iter()
            .map(|(id, name)| (RoleId::from(id), name))
            .collect(),
        readings: map("readings").into_iter().collect(),
        erasure: tree
            .get("erasure")
            .map_or_else(ErasureSettings::default, |node| {
                erasure::read(node, ErasureSettings::default())
            }),
        access: tree
            .get("access")
            .map_or_else(AccessSettings::default, access::read),
        partners: tree
            .list("partners")
            .iter()
            .map(|partner| PartnerSetting {
                id: PartnerId::from(partner.text("id").unwrap_or_default()),
                bodies: partner
                    .list("bodies")
                    .iter()
                    .map(|body| BodySetting {
                        id: text(body, "id"),
                        name: text(body, "name"),
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn sensible(tree: &Node, settings: &Settings, wrongs: &mut Vec<Wrong>) {
    let at = |key: &str, expected: &str| tree.get(key).unwrap_or(tree).wrong(key, expected);
    let short = &settings.short;
    let capitals = short.chars().all(|c| c.is_ascii_uppercase());
    if !(short.is_empty() || capitals && (2..=6).contains(&short.len())) {
        wrongs.push(at(
            "short",
            &format!("two to six capital letters, like \"MER\", found \"{short}\""),
        ));
    }
    if !(5..=720).contains(&settings.session_minutes) {
        wrongs.push(at("session-minutes", "a number of minutes from 5 to 720"));
    }
    // Beyond what a number of this size holds it is read as the usual, so the file itself is asked.
    let largest = tree.number("largest-file");
    if largest.is_some_and(|number| !(1..=10_000).contains(&number)) {
        wrongs.push(at("largest-file", "a number of MB from 1 to 10000"));
    }
    if tree
        .number("quorum")
        .is_some_and(|number| !(1..=255).contains(&number))
    {
        wrongs.push(at(
            "quorum",
            "how many partners must have given their view, from 1",
        ));
    }
    if let Some(node) = tree.get("erasure") {
        erasure::sensible(node, wrongs);
    }
    if let Some(node) = tree.get("access") {
        access::sensible(node, wrongs);
    }
    let mut bodies = BTreeSet::new();
    let mut partners = BTreeSet::new();
    for partner in tree.list("partners") {
        if let Some(id) = partner
            .text("id")
            .filter(|id| !partners.insert(id.to_owned()))
        {
            wrongs.push(partner.wrong(
                "partners.id",
                format!("each partner once, but `{id}` stands here twice; give it two bodies"),
            ));
        }
        if partner.list("bodies").is_empty() {
            wrongs.push(partner.wrong("partners.bodies", "at least one body with id and name"));
        }
        for body in partner.list("bodies") {
            if let Some(id) = body.text("id").filter(|id| !bodies.insert(id.to_owned())) {
                wrongs.push(body.wrong(
                    "partners.bodies.id",
                    format!("an id used once, but `{id}` stands here twice"),
                ));
            }
        }
    }
}
