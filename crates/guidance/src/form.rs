//! The form of a pack: its sections and their keys.
//! Whoever adds a section adds it here, in `combine` (how packs change each other) and in `build` (what it becomes).

use crate::shape::{Field, Kind, SOURCE, may, must};

const FINDING: &[Field] = &[
    must("id", Kind::Id),
    must("label", Kind::Text),
    must(
        "weight",
        Kind::OneOf(&["yes", "possibly", "no", "unknown", "pending"]),
    ),
    // For the options of a limb only; the build refuses it elsewhere.
    may("needs-harm-kinds", Kind::Flag),
];

/// What a local pack may do to an item of the edition it extends.
const LOCAL: Kind = Kind::OneOf(&["fixed", "words", "stricter", "free"]);

const ELEMENT: &[Field] = &[
    must("id", Kind::Id),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("label", Kind::Text),
    may("question", Kind::Text),
    may("help", Kind::Text),
    may("findings", Kind::Id),
    may("local", LOCAL),
];

const LIMB: &[Field] = &[
    must("id", Kind::Id),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("label", Kind::Text),
    may("question", Kind::Text),
    may("help", Kind::Text),
    may("findings", Kind::Id),
    may("options", Kind::Id),
    may("needs-harm-kinds", Kind::Flag),
    may("local", LOCAL),
];

const STATEMENT: &[Field] = &[
    must("id", Kind::OneOf(&crate::STATEMENTS)),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("text", Kind::Text),
    may("local", LOCAL),
];

const HARM: &[Field] = &[
    must("id", Kind::Id),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("label", Kind::Text),
    may("open", Kind::Flag),
    may("local", LOCAL),
];

const CLOCK: &[Field] = &[
    must("id", Kind::Id),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("title", Kind::Text),
    may("trigger", Kind::Id),
    may("length", Kind::Length),
    may(
        "day-zero",
        Kind::OneOf(&["trigger-day", "trigger-day-counts"]),
    ),
    may("floor", Kind::OneOf(&["at-most", "at-least"])),
    may("owed-by", Kind::Text),
    may("owed-to", Kind::Many(&Kind::Text)),
    may("done-when", Kind::Id),
    may("applies-to", Kind::Many(&Kind::Id)),
    may("advice", Kind::Text),
    may("local", LOCAL),
];

const ROUTE: &[Field] = &[
    must("id", Kind::Id),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("label", Kind::Text),
    may("help", Kind::Text),
    may(
        "needs",
        Kind::Items(&[
            must("element", Kind::Id),
            must(
                "at-least",
                Kind::OneOf(&["yes", "possibly", "no", "unknown"]),
            ),
        ]),
    ),
    may("local", LOCAL),
];

const NOTIFICATION: &[Field] = &[
    must("id", Kind::Id),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("label", Kind::Text),
    may("help", Kind::Text),
    may("recipients", Kind::Many(&Kind::Text)),
    may("starts-rapid-review", Kind::Flag),
    may("duty", Kind::OneOf(&["must", "should"])),
    may("local", LOCAL),
];

const PLACE: &[Field] = &[
    must("id", Kind::Id),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("label", Kind::Text),
    may("help", Kind::Text),
    may(
        "notifies",
        Kind::OneOf(&[
            "this-authority",
            "authority-of-place",
            "authority-of-residence",
        ]),
    ),
    may("local", LOCAL),
];

const PARTNER: &[Field] = &[
    must("id", Kind::Id),
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("label", Kind::Text),
    may("body-word", Kind::Text),
    may("local", LOCAL),
];

const FAMILY: &[Field] = &[
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("informer", Kind::Id),
];

const DECISION: &[Field] = &[
    must("source", Kind::Table(SOURCE)),
    must("standing", Kind::Standing),
    may("quorum", Kind::Number),
    may("must-sign", Kind::Many(&Kind::Id)),
    may("rule", Kind::OneOf(&["unanimous", "majority"])),
    may("tie-break", Kind::Text),
    may("due-clock", Kind::Id),
];

/// The whole file.
pub(crate) const PACK: &[Field] = &[
    must("id", Kind::Id),
    must("title", Kind::Text),
    must("kind", Kind::OneOf(&["national", "panel", "local"])),
    must(
        "in-force",
        Kind::Table(&[must("from", Kind::Day), may("until", Kind::Day)]),
    ),
    may("extends", Kind::Id),
    may("partnership", Kind::Text),
    may("about", Kind::Text),
    may("inherited", Kind::OneOf(&["as-written", "to-be-confirmed"])),
    may("sources", Kind::Map(&Kind::Table(SOURCE))),
    may("names", Kind::Map(&Kind::Text)),
    may("triggers", Kind::Map(&Kind::Text)),
    may("roles", Kind::Map(&Kind::Text)),
    may("findings", Kind::Map(&Kind::Items(FINDING))),
    may("definition", Kind::Table(&[must("title", Kind::Text)])),
    may("limb", Kind::Items(LIMB)),
    may("harm", Kind::Items(HARM)),
    may("reminder", Kind::Items(ELEMENT)),
    may("purpose", Kind::Items(ELEMENT)),
    may("criterion", Kind::Items(ELEMENT)),
    may("circumstance", Kind::Items(ELEMENT)),
    may("question", Kind::Items(ELEMENT)),
    may("explain", Kind::Items(ELEMENT)),
    may("principle", Kind::Items(ELEMENT)),
    may("duty", Kind::Items(ELEMENT)),
    may("asked", Kind::Items(ELEMENT)),
    may("statement", Kind::Items(STATEMENT)),
    may("clock", Kind::Items(CLOCK)),
    may("route", Kind::Items(ROUTE)),
    may("notification", Kind::Items(NOTIFICATION)),
    may("place", Kind::Items(PLACE)),
    may("partner", Kind::Items(PARTNER)),
    may("family", Kind::Table(FAMILY)),
    may("decision", Kind::Table(DECISION)),
];

/// Sections whose items are one family: an id may stand in one of them only.
pub(crate) const ELEMENTS: [&str; 10] = [
    "limb",
    "reminder",
    "purpose",
    "criterion",
    "circumstance",
    "question",
    "explain",
    "principle",
    "duty",
    "asked",
];

/// The other sections that hold items with ids of their own.
pub(crate) const LISTS: [&str; 7] = [
    "harm",
    "clock",
    "route",
    "notification",
    "place",
    "partner",
    "statement",
];

/// Sections that are tables of names.
pub(crate) const MAPS: [&str; 4] = ["names", "triggers", "roles", "findings"];

/// Sections that are one table each.
pub(crate) const TABLES: [&str; 3] = ["definition", "family", "decision"];
