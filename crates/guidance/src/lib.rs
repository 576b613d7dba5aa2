//! An edition of the guidance as data: the definition, criteria, circumstances, clocks and routes, each with its source and standing.
//! Packs are TOML files under `policies/`; combined by the day they make the [`Rules`] that a case is held to.
//! This crate holds no statutory title, number or criterion of its own, reads no files and knows no today.

mod between;
mod build;
mod check;
mod clock;
mod combine;
mod diff;
mod element;
mod embedded;
mod form;
mod ids;
mod library;
mod pack;
pub mod registers;
mod rules;
mod settings;
mod shape;
mod source;
mod statement;
mod tree;
mod wrong;

pub use check::check;
pub use clock::ClockRule;
pub use diff::{Change, What, diff};
pub use element::{Definition, Element, FindingChoice, HarmKind, Limb, Weight};
pub use ids::{ClockId, ElementId, PackId, PartnerId, RoleId, RouteId, StatementId, TriggerId};
pub use library::Library;
pub use pack::{Pack, PackKind, Window};
pub use rules::{
    DecisionRule, DecisionRules, FamilyRules, NotificationKind, PackRef, PartnerKind, PlaceRule,
    Route, Rules,
};
pub use settings::{
    AccessSettings, BodySetting, ErasureRule, ErasureSettings, Numbers, PartnerSetting, Settings,
};
pub use source::{Reading, Source, Standing};
pub use statement::{STATEMENTS, Said, Statement};
pub use wrong::{GuidanceError, Wrong};
