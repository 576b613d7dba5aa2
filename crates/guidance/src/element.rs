//! What a case is held against: limbs of the definition, criteria, circumstances, questions,
//! and the texts a partnership must explain or keep to. Every one carries its source and standing.

use serde::Serialize;

use crate::{ElementId, PackId, Source, Standing};

/// What a finding means to the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It does.
    Yes,
    /// It may.
    Possibly,
    /// It does not.
    No,
    /// Not known at this time.
    Unknown,
    /// Considered; the answer is another body's and has not come. Asks nothing more.
    Pending,
}

/// One answer that can be given on an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingChoice {
    /// The name under which the answer is recorded, such as `may`.
    pub id: String,
    /// The answer as people read it.
    pub label: String,
    /// What it means to the rules.
    pub weight: Weight,
    /// For a way in which a limb is met: whether kinds of harm are asked for; none where the limb's own word holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_harm_kinds: Option<bool>,
}

/// One thing to be considered, asked, explained or kept to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Element {
    /// Its name in the packs and in the record.
    pub id: ElementId,
    /// A short name, for tables.
    pub label: String,
    /// The question, as a page heading.
    pub question: String,
    /// What helps to answer it, in our own words; may be empty.
    pub help: String,
    /// Where it is written.
    pub source: Source,
    /// How far the text may be trusted.
    pub standing: Standing,
    /// The answers that can be given; empty where nothing is found (notes, principles, texts to explain).
    pub findings: Vec<FindingChoice>,
    /// The pack that wrote the text as it stands here.
    pub pack: PackId,
}

impl Element {
    /// The answer with this id, if the element has it.
    pub fn finding(&self, id: &str) -> Option<&FindingChoice> {
        self.findings.iter().find(|choice| choice.id == id)
    }
}

/// A kind of impairment that can be serious harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HarmKind {
    /// Its name, such as `mental-health`.
    pub id: String,
    /// As people read it.
    pub label: String,
    /// Whether it asks for a description in words: the list of the guidance is not closed.
    pub open: bool,
    /// Where it is written.
    pub source: Source,
    /// How far the text may be trusted.
    pub standing: Standing,
}

/// One of the conditions that together make a serious child safeguarding case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Limb {
    /// The condition itself, with its findings.
    pub element: Element,
    /// Whether kinds of harm are asked for, where the way in which it is met does not say.
    pub needs_harm_kinds: bool,
    /// In which way it is met, such as known or suspected.
    pub options: Vec<FindingChoice>,
}

impl Limb {
    /// Whether kinds of harm are asked for when the limb is met in this way (the id of an option).
    /// What the option does not say, the limb says.
    pub fn asks_harm_kinds(&self, option: Option<&str>) -> bool {
        self.options
            .iter()
            .find(|choice| Some(choice.id.as_str()) == option)
            .and_then(|choice| choice.needs_harm_kinds)
            .unwrap_or(self.needs_harm_kinds)
    }

    /// Whether kinds of harm are asked for in any way of meeting the limb.
    pub fn may_ask_harm_kinds(&self) -> bool {
        match self.options.as_slice() {
            [] => self.needs_harm_kinds,
            options => options
                .iter()
                .any(|choice| choice.needs_harm_kinds.unwrap_or(self.needs_harm_kinds)),
        }
    }
}

/// When a case is a serious child safeguarding case: when every limb is met for one child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// What is defined.
    pub title: String,
    /// Its conditions, all of which must be met.
    pub limbs: Vec<Limb>,
    /// The kinds of impairment, the open one (`other`) last.
    pub harm_kinds: Vec<HarmKind>,
    /// What is to be kept in mind when applying it.
    pub notes: Vec<Element>,
}

impl Definition {
    /// The limb with this id.
    pub fn limb(&self, id: &ElementId) -> Option<&Limb> {
        self.limbs.iter().find(|limb| limb.element.id == *id)
    }

    /// The kind of harm with this id.
    pub fn harm_kind(&self, id: &str) -> Option<&HarmKind> {
        self.harm_kinds.iter().find(|kind| kind.id == id)
    }
}
