//! What happened, where and when, and who in the authority became aware and when.
//! Nothing is mandatory here; what is not known stays "not yet known" and is shown as missing.

use calendar::Date;
use guidance::Rules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Refusal, required};

/// The first question: may any child be in danger now?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Danger {
    /// A child may be in danger now; the page showed whom to call.
    Yes,
    /// No child is thought to be in danger now.
    No,
    /// Not known; treated like yes.
    NotKnown,
}

impl Danger {
    /// The answer in words.
    pub fn words(self) -> &'static str {
        match self {
            Danger::Yes => "a child may be in danger",
            Danger::No => "no child is thought to be in danger",
            Danger::NotKnown => "it is not known whether a child is in danger",
        }
    }
}

/// An answer to the first question, later than the one given when the case was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct DangerAnswer {
    /// The answer.
    pub danger: Danger,
    /// What was done about it, and when, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub action: String,
}

/// Opening a case: its reference and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Opening {
    /// The partnership's reference, such as `MER-2026-004`.
    pub reference: String,
    /// The reference in an earlier list or spreadsheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_reference: Option<String>,
    /// Whether a child may be in danger now.
    pub danger: Danger,
    /// What was done about the danger, when something was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub danger_action: String,
    /// The day the partnership first heard, when that was earlier than today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_on: Option<Date>,
    /// True for a case already under way that is entered at its true stage.
    #[serde(default)]
    pub under_way: bool,
    /// The composite id of the edition in force when it was opened.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub edition: String,
}

/// Who in the authority became aware of the incident, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Awareness {
    /// The officer or service, including out-of-hours teams.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// The day; not yet known when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The time of day as told, such as "9:32am".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// How they became aware.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub how: String,
    /// Why an earlier day was wrong, when this corrects one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why_corrected: String,
}

/// A contact about the incident, such as a telephone call: the earliest gives a cautious working date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FirstContact {
    /// The day of the contact.
    pub on: Date,
    /// From whom.
    pub from: String,
    /// To whom in the authority or the partnership, and how.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub how: String,
}

/// Where the child died or was seriously harmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whereabouts {
    /// In this partnership's area.
    InArea,
    /// Elsewhere in England.
    ElsewhereInEngland,
    /// Outside England.
    OutsideEngland,
}

impl Whereabouts {
    /// The edition's word for it: the id of its rule.
    pub fn word(self) -> &'static str {
        match self {
            Whereabouts::InArea => "in-area",
            Whereabouts::ElsewhereInEngland => "elsewhere-in-england",
            Whereabouts::OutsideEngland => "outside-england",
        }
    }
}

/// What is known of the incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Facts {
    /// The day it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happened_on: Option<Date>,
    /// The time or the span in words, such as "between Friday night and Sunday morning".
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// The place in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// In the area, elsewhere in England or outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whereabouts: Option<Whereabouts>,
    /// The local authority of the place when it is elsewhere in England.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place_authority: String,
    /// The local authority where the child normally lives.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub normal_residence: String,
    /// The kind of institutional setting, if it was one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub setting_kind: String,
    /// The name of the setting.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub setting_name: String,
    /// True when the authority has said that no institutional setting was involved.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_setting: bool,
    /// What is known to have happened, in plain words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
}

/// Another area involved in the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct OtherArea {
    /// The area's local authority or partnership.
    pub name: String,
    /// How it is involved, such as "the family lived there until May".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Who the contact there is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contact: String,
}

/// An agreement between areas that another than the default one leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LeadAgreed {
    /// The area that leads.
    pub area: String,
    /// Why.
    pub reasons: String,
    /// Who agreed, by name and area.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agreed_by: String,
    /// The day it was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

/// What happened to the record of the incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// The case was opened.
    CaseOpened(Opening),
    /// Who became aware and when was recorded or corrected.
    AwarenessRecorded(Awareness),
    /// An early contact was recorded.
    ContactRecorded(FirstContact),
    /// The facts of the incident were recorded.
    FactsRecorded(Facts),
    /// Another area was added.
    AreaAdded(OtherArea),
    /// The areas agreed which one leads.
    LeadAgreed(LeadAgreed),
    /// The first question was answered again.
    DangerAnswered(DangerAnswer),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the case.
    Open(Opening),
    /// Record who became aware and when.
    RecordAwareness(Awareness),
    /// Record an early contact.
    RecordContact(FirstContact),
    /// Record the facts.
    RecordFacts(Facts),
    /// Add another area.
    AddArea(OtherArea),
    /// Record which area leads.
    AgreeLead(LeadAgreed),
    /// Answer the first question again.
    AnswerDanger(DangerAnswer),
}

/// What is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Incident {
    /// How the case was opened.
    pub opening: Option<Opening>,
    /// Who became aware, as last recorded.
    pub awareness: Option<Awareness>,
    /// Earlier days of awareness that were corrected, oldest first.
    pub earlier_awareness: Vec<Awareness>,
    /// Early contacts.
    pub contacts: Vec<FirstContact>,
    /// The facts.
    pub facts: Facts,
    /// Other areas.
    pub areas: Vec<OtherArea>,
    /// An agreement on the lead.
    pub lead: Option<LeadAgreed>,
    /// The newest answer to the first question, once it was answered again.
    pub danger: Option<DangerAnswer>,
}

impl Incident {
    /// Whether any child may be in danger, as last answered, and what was done about it.
    pub fn danger(&self) -> Option<(Danger, &str)> {
        let opening = self
            .opening
            .as_ref()
            .map(|o| (o.danger, o.danger_action.as_str()));
        let answered = self.danger.as_ref().map(|d| (d.danger, d.action.as_str()));
        answered.or(opening)
    }

    /// The earliest contact on record, which gives a cautious working date while awareness is not known.
    pub fn earliest_contact(&self) -> Option<&FirstContact> {
        self.contacts.iter().min_by_key(|c| c.on)
    }

    /// Which authority notifies, by the edition's rule for where it happened.
    /// `here` is this partnership's area; `None` while it cannot be said.
    pub fn notifying_authority(&self, rules: &Rules, here: &str) -> Option<String> {
        let place = rules.place(self.facts.whereabouts?.word())?;
        match place.notifies.as_str() {
            "this-authority" => Some(here.to_owned()),
            "authority-of-place" => named(&self.facts.place_authority),
            "authority-of-residence" => named(&self.facts.normal_residence),
            _ => None,
        }
    }

    /// Which area leads: the notifying one unless the areas agreed otherwise.
    pub fn leading_area(&self, rules: &Rules, here: &str) -> Option<String> {
        self.lead
            .as_ref()
            .map(|l| l.area.clone())
            .or_else(|| self.notifying_authority(rules, here))
    }
}

fn named(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(
    state: &Incident,
    command: Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::Open(opening) => {
            if state.opening.is_some() {
                return Err(Refusal::because("this case is already open"));
            }
            ctx.past_if_known("heard-on", opening.heard_on)?;
            required(
                "reference",
                &opening.reference,
                "Enter a reference for the case",
            )?;
            Event::CaseOpened(opening)
        }
        Command::RecordAwareness(awareness) => {
            ctx.past_if_known("aware-on", awareness.on)?;
            let before = state.awareness.as_ref().and_then(|a| a.on);
            if before.is_some() && before != awareness.on {
                required(
                    "why-corrected",
                    &awareness.why_corrected,
                    "Enter why the earlier day was wrong: both days stay in the record",
                )?;
            }
            Event::AwarenessRecorded(awareness)
        }
        Command::RecordContact(contact) => {
            ctx.past("contact-on", contact.on)?;
            required("contact-from", &contact.from, "Enter who made the contact")?;
            Event::ContactRecorded(contact)
        }
        Command::RecordFacts(facts) => {
            ctx.past_if_known("happened-on", facts.happened_on)?;
            Event::FactsRecorded(facts)
        }
        Command::AddArea(area) => {
            required("area-name", &area.name, "Enter the name of the area")?;
            Event::AreaAdded(area)
        }
        Command::AnswerDanger(answer) => Event::DangerAnswered(answer),
        Command::AgreeLead(lead) => {
            required("lead-area", &lead.area, "Enter which area leads")?;
            required("lead-reasons", &lead.reasons, "Enter why this area leads")?;
            ctx.past_if_known("lead-on", lead.on)?;
            Event::LeadAgreed(lead)
        }
    };
    Ok(vec![event])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Incident, event: &Event) {
    match event {
        Event::CaseOpened(opening) => state.opening = Some(opening.clone()),
        Event::AwarenessRecorded(awareness) => {
            if let Some(before) = state.awareness.replace(awareness.clone())
                && before.on.is_some()
                && before.on != awareness.on
            {
                state.earlier_awareness.push(before);
            }
        }
        Event::ContactRecorded(contact) => state.contacts.push(contact.clone()),
        Event::FactsRecorded(facts) => state.facts = facts.clone(),
        Event::AreaAdded(area) => {
            state.areas.retain(|a| a.name != area.name);
            state.areas.push(area.clone());
        }
        Event::LeadAgreed(lead) => state.lead = Some(lead.clone()),
        Event::DangerAnswered(answer) => state.danger = Some(answer.clone()),
    }
}
