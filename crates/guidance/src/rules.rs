//! The rules that hold on a day: a national edition, the Panel's guidance beside it, and perhaps a local procedure,
//! combined into one value that the rest of the product reads. It knows no case and no date of today.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    ClockId, ClockRule, Definition, Element, ElementId, HarmKind, PackId, PackKind, PartnerId,
    RoleId, RouteId, Source, Standing, Statement, TriggerId, Weight, Window,
};

/// What a partnership may do besides, or instead of, a local child safeguarding practice review.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Route {
    /// Its name, such as `reflective-review`.
    pub id: RouteId,
    /// As people read it.
    pub label: String,
    /// What it is for.
    pub help: String,
    /// Findings without which the route cannot be taken, each at least of this weight.
    pub needs_findings: Vec<(ElementId, Weight)>,
    /// Whether it is always open: a partnership cannot switch it off.
    pub always: bool,
    /// Where it is written.
    pub source: Source,
    /// How far the text may be trusted.
    pub standing: Standing,
}

/// A kind of notification to the national bodies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NotificationKind {
    /// Its name: `serious-incident`, `looked-after-death`, `care-leaver-death`.
    pub id: String,
    /// As people read it.
    pub label: String,
    /// What is notified, in a sentence or two.
    pub help: String,
    /// Who receives it.
    pub recipients: Vec<String>,
    /// Whether it obliges the partners to a rapid review.
    pub starts_rapid_review: bool,
    /// How strong the duty is: `must` or `should`.
    pub duty: String,
    /// Where it is written.
    pub source: Source,
    /// How far the text may be trusted.
    pub standing: Standing,
}

/// Which authority notifies, by where the child died or was seriously harmed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceRule {
    /// Where it happened: `in-area`, `elsewhere-in-england`, `outside-england`.
    pub id: String,
    /// As people read it.
    pub label: String,
    /// Which authority notifies: `this-authority`, `authority-of-place`, `authority-of-residence`.
    pub notifies: String,
    /// The rule in a sentence.
    pub help: String,
    /// Where it is written.
    pub source: Source,
    /// How far the text may be trusted.
    pub standing: Standing,
}

/// How the family is told and what they are told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FamilyRules {
    /// The role that tells them.
    pub informer: RoleId,
    /// What is explained to them.
    pub explain: Vec<Element>,
    /// The principles their involvement is considered under.
    pub principles: Vec<Element>,
    /// Where it is written who informs.
    pub source: Source,
    /// How far that may be trusted.
    pub standing: Standing,
}

/// One of the statutory safeguarding partners.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartnerKind {
    /// Its name: `local-authority`, `health`, `police`.
    pub id: PartnerId,
    /// As people read it.
    pub label: String,
    /// The word of the edition for its body, such as "integrated care board".
    pub body_word: String,
}

/// How the partners come to a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionRule {
    /// All who must sign agree.
    Unanimous,
    /// More than half of those who must sign agree.
    Majority,
}

/// Who decides, how many, and by when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionRules {
    /// How many partners must have given their view.
    pub quorum: u8,
    /// The partners without whose signature the decision is not complete.
    pub must_sign: Vec<PartnerId>,
    /// How they come to a decision.
    pub rule: DecisionRule,
    /// What happens when they do not, in words.
    pub tie_break: String,
    /// The clock by which the decision is due.
    pub due_clock: ClockId,
    /// Where it is written.
    pub source: Source,
    /// How far the text may be trusted.
    pub standing: Standing,
}

/// A pack that is part of some rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PackRef {
    /// Its id.
    pub id: PackId,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub kind: PackKind,
    /// When it is in force.
    pub in_force: Window,
}

/// The rules that hold on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rules {
    /// The ids of the packs joined by `+`: national, Panel, local.
    /// Where no Panel guidance was in force, `no-panel` stands in its place, so that the id always names the same rules.
    pub id: String,
    /// The titles of the packs.
    pub title: String,
    /// The packs, in the order in which they were applied.
    pub packs: Vec<PackRef>,
    /// The words a partnership uses, by use: `partnership`, `panel`, `review`, `short-review`.
    pub names: BTreeMap<String, String>,
    /// What can start a clock, and how it is said.
    pub triggers: BTreeMap<TriggerId, String>,
    /// When a case is a serious child safeguarding case.
    pub definition: Definition,
    /// What must be taken into account.
    pub criteria: Vec<Element>,
    /// What must be had regard to.
    pub circumstances: Vec<Element>,
    /// What is asked besides.
    pub questions: Vec<Element>,
    /// The clocks.
    pub clocks: Vec<ClockRule>,
    /// What may be done besides, or instead of, a review.
    pub routes: Vec<Route>,
    /// The kinds of notification.
    pub notifications: Vec<NotificationKind>,
    /// Which authority notifies.
    pub places: Vec<PlaceRule>,
    /// How the family is told.
    pub family: FamilyRules,
    /// The safeguarding partners.
    pub partners: Vec<PartnerKind>,
    /// How they decide.
    pub decision: DecisionRules,
    /// The names of the roles.
    pub roles: BTreeMap<RoleId, String>,
    /// The purposes of the rapid review.
    pub rapid_review: Vec<Element>,
    /// What is owed throughout and has no day: reasons, monitoring, telling why a report is withheld.
    pub duties: Vec<Element>,
    /// What agencies are asked when information is gathered.
    pub asked: Vec<Element>,
    /// Sentences that pages show where they matter; see [`Rules::says`].
    pub statements: Vec<Statement>,
}

impl Rules {
    /// What must be considered before a decision can be signed: the criteria, then the circumstances.
    pub fn considered(&self) -> impl Iterator<Item = &Element> {
        self.criteria.iter().chain(&self.circumstances)
    }

    /// Every element of these rules, in the order in which a case meets them.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.definition
            .limbs
            .iter()
            .map(|limb| &limb.element)
            .chain(&self.definition.notes)
            .chain(&self.rapid_review)
            .chain(&self.criteria)
            .chain(&self.circumstances)
            .chain(&self.questions)
            .chain(&self.family.explain)
            .chain(&self.family.principles)
            .chain(&self.duties)
            .chain(&self.asked)
    }

    /// The element with this id, wherever it stands.
    pub fn element(&self, id: &ElementId) -> Option<&Element> {
        self.elements().find(|element| element.id == *id)
    }

    /// The clock with this id.
    pub fn clock(&self, id: &ClockId) -> Option<&ClockRule> {
        self.clocks.iter().find(|clock| clock.id == *id)
    }

    /// The route with this id.
    pub fn route(&self, id: &RouteId) -> Option<&Route> {
        self.routes.iter().find(|route| route.id == *id)
    }

    /// The kind of notification with this id.
    pub fn notification(&self, id: &str) -> Option<&NotificationKind> {
        self.notifications.iter().find(|kind| kind.id == id)
    }

    /// Which authority notifies when it happened there.
    pub fn place(&self, id: &str) -> Option<&PlaceRule> {
        self.places.iter().find(|place| place.id == id)
    }

    /// The kind of harm with this id.
    pub fn harm_kind(&self, id: &str) -> Option<&HarmKind> {
        self.definition.harm_kind(id)
    }

    /// The partner with this id.
    pub fn partner(&self, id: &PartnerId) -> Option<&PartnerKind> {
        self.partners.iter().find(|partner| partner.id == *id)
    }

    /// The title of a role, such as "LSCB Chair"; the id itself where no pack names it.
    pub fn role<'a>(&'a self, id: &'a RoleId) -> &'a str {
        self.roles.get(id).map_or(id.as_str(), String::as_str)
    }

    /// How a trigger is said; the id itself where no pack says it.
    pub fn trigger<'a>(&'a self, id: &'a TriggerId) -> &'a str {
        self.triggers.get(id).map_or(id.as_str(), String::as_str)
    }
}
