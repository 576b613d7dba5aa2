//! A partnership's own settings: names, numbers and the choices an edition leaves to it.
//! The file is written by `candour init` and checked like a pack; the floors are checked against the rules it is applied to.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    GuidanceError, PackId, PartnerId, RoleId, RouteId, Rules, Standing, Wrong,
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
             # The guidance leaves these to local choice; what it does not leave is refused.\n",
        );
        // Serialising plain texts, numbers and tables to TOML has no way to fail.
        let body = toml::to_string(self).unwrap_or_default();
        for line in body.lines() {
            let note = match line {
                line if line.starts_with("short =") => {
                    "# The beginning of every reference, like MER-2026-004."
                }
                "[front-door]" => "# The numbers people see before they open a case.",
                "[roles]" => "# Your own titles of roles.",
                "[readings]" => {
                    "# Where sources differ on when a clock starts: the reading you have chosen, by clock."
                }
                "[[partners]]" => "# A statutory safeguarding partner and its bodies.",
                _ => "",
            };
            for line in [note, line].into_iter().filter(|line| !line.is_empty()) {
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }
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
    if !short.is_empty()
        && !((2..=6).contains(&short.len()) && short.chars().all(|c| c.is_ascii_uppercase()))
    {
        wrongs.push(at(
            "short",
            &format!("two to six capital letters, like \"MER\", found \"{short}\""),
        ));
    }
    if !(5..=720).contains(&settings.session_minutes) {
        wrongs.push(at("session-minutes", "a number of minutes from 5 to 720"));
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

impl Rules {
    /// These rules as a partnership has chosen to apply them: its titles of roles, its quorum, the routes it uses,
    /// the reading of a disputed clock.
    ///
    /// # Errors
    /// [`GuidanceError::SettingsRefused`] with every reason: below a floor of the edition, or something the edition does not know.
    pub fn with_settings(&self, settings: &Settings) -> Result<Rules, GuidanceError> {
        let mut rules = self.clone();
        let mut reasons = Vec::new();
        if let Some(quorum) = settings.quorum {
            if quorum < self.decision.quorum {
                let least = self.decision.quorum;
                reasons.push(format!(
                    "`quorum` is {quorum}, and may not be below {least}"
                ));
            } else if usize::from(quorum) > self.partners.len() {
                reasons.push(format!(
                    "`quorum` is {quorum}, but there are {} partners",
                    self.partners.len()
                ));
            }
            rules.decision.quorum = quorum;
        }
        for id in &settings.routes_off {
            match self.route(id) {
                None => reasons.push(format!(
                    "`routes-off` names `{id}`, which is no route of this edition"
                )),
                Some(route) if route.always => {
                    reasons.push(format!(
                        "`routes-off` names `{id}`, which the edition always leaves open"
                    ));
                }
                Some(_) => rules.routes.retain(|route| route.id != *id),
            }
        }
        for (id, name) in &settings.roles {
            match rules.roles.get_mut(id) {
                Some(title) => name.clone_into(title),
                None => reasons.push(format!("`roles.{id}` names no role of this edition")),
            }
        }
        for (id, reading) in &settings.readings {
            if let Err(reason) = choose(&mut rules, id, reading) {
                reasons.push(reason);
            }
        }
        for partner in &settings.partners {
            if self.partner(&partner.id).is_none() {
                reasons.push(format!(
                    "`partners` names `{}`, which is no partner of this edition",
                    partner.id
                ));
            }
        }
        for partner in &self.partners {
            let named = settings
                .partners
                .iter()
                .any(|setting| setting.id == partner.id && !setting.bodies.is_empty());
            if !named {
                reasons.push(format!("`partners` names no body for `{}`", partner.id));
            }
        }
        if reasons.is_empty() {
            return Ok(rules);
        }
        Err(GuidanceError::SettingsRefused {
            id: self.id.clone(),
            reasons,
        })
    }
}

fn choose(rules: &mut Rules, id: &str, chosen: &str) -> Result<(), String> {
    let clock = rules
        .clocks
        .iter_mut()
        .find(|clock| clock.id.as_str() == id);
    let clock = clock.ok_or_else(|| format!("`readings.{id}` names no clock of this edition"))?;
    let Standing::Disputed { readings, default } = &mut clock.standing else {
        return Err(format!(
            "`readings.{id}`: this clock is not disputed, there is nothing to choose"
        ));
    };
    let known = readings.iter().filter(|reading| reading.trigger.is_some());
    let ids = known
        .clone()
        .map(|reading| format!("`{}`", reading.id))
        .collect::<Vec<_>>()
        .join(" or ");
    match known
        .clone()
        .find(|reading| reading.id == chosen)
        .and_then(|reading| reading.trigger.clone())
    {
        Some(trigger) => {
            clock.trigger = trigger;
            chosen.clone_into(default);
            Ok(())
        }
        None => Err(format!(
            "`readings.{id}` is `{chosen}`, and can only be {ids}"
        )),
    }
}
