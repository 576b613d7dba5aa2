//! The authority's decision to notify or not, what was sent, who else was told.
//! A notification of a serious incident obliges a rapid review unless it is later found that the criteria were not met.

use std::collections::BTreeSet;

use calendar::Date;
use guidance::Rules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Refusal, Seat, required};

/// A partner's view on notifying, as told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PartnerView {
    /// The partner's id.
    pub partner: String,
    /// The view.
    pub view: String,
}

/// The authority's decision to notify or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NotifyDecision {
    /// Yes or no.
    pub notify: bool,
    /// The kind of notification (an id of the edition), when yes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Who in the authority decided.
    pub who: String,
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Reasons.
    pub reasons: String,
    /// Each partner's view.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<PartnerView>,
}

/// A notification that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Sent {
    /// The kind of notification (an id of the edition).
    pub kind: String,
    /// The day it was sent.
    pub on: Date,
    /// The time in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// By whom.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by_whom: String,
    /// The reference received.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// What someone was told of; the clocks on telling look at this, never at words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// The incident.
    Incident,
    /// The decision whether to review.
    Decision,
    /// The name of the reviewer.
    Reviewer,
}

impl Of {
    /// All, in the order they are offered.
    pub const ALL: [Of; 3] = [Of::Incident, Of::Decision, Of::Reviewer];

    /// In words, after "told of".
    pub fn words(self) -> &'static str {
        match self {
            Of::Incident => "the incident",
            Of::Decision => "the decision",
            Of::Reviewer => "the name of the reviewer",
        }
    }
}

/// Who was told, where the program has to know it exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Recipient {
    /// A body of a safeguarding partner of this area.
    Seat(Seat),
    /// Another area of the case.
    Area {
        /// Its name as recorded in the case.
        name: String,
    },
    /// Whom the edition names.
    Office {
        /// The edition's words.
        name: String,
    },
}

/// Someone else who was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Told {
    /// Who was told.
    pub who: String,
    /// Of what: the incident, the decision to review, the reviewer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// The day.
    pub on: Date,
    /// How.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub how: String,
    /// Who they are exactly; empty for anyone else, and in what was recorded before this was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Recipient>,
    /// Of what exactly; absent for anything else, and in what was recorded before this was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
}

/// A later finding that the criteria for notifying were not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FoundNotMet {
    /// The day.
    pub on: Date,
    /// Who found it.
    pub by_whom: String,
    /// Why.
    pub reasons: String,
}

/// What happened with the notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// The authority decided whether to notify.
    NotifyingDecided(NotifyDecision),
    /// A notification was sent.
    NotificationSent(Sent),
    /// Someone else was told.
    OthersTold(Told),
    /// It was found that the criteria for notifying were not met.
    FoundNotMet(FoundNotMet),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Record the authority's decision.
    DecideNotifying(NotifyDecision),
    /// Record what was sent.
    RecordSent(Sent),
    /// Record who else was told.
    RecordTold(Told),
    /// Record that the criteria for notifying were not met after all.
    RecordNotMet(FoundNotMet),
}

/// What is known of the notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Notification {
    /// The newest decision.
    pub decision: Option<NotifyDecision>,
    /// What was sent, in the order recorded.
    pub sent: Vec<Sent>,
    /// Who else was told.
    pub told: Vec<Told>,
    /// Later findings, in the order recorded.
    pub findings: Vec<FoundNotMet>,
    /// Which of what was sent a finding is about, by its place in `sent`.
    pub found_about: BTreeSet<usize>,
}

impl Notification {
    /// The newest notification of a kind that starts a rapid review and that no later finding is about.
    pub fn serious(&self, rules: &Rules) -> Option<&Sent> {
        let sent = self.sent.iter().enumerate().rev();
        sent.filter(|(place, _)| !self.found_about.contains(place))
            .map(|(_, sent)| sent)
            .find(|sent| {
                rules
                    .notification(&sent.kind)
                    .is_some_and(|k| k.starts_rapid_review)
            })
    }

    /// True when a rapid review is owed.
    pub fn obliges_rapid_review(&self, rules: &Rules) -> bool {
        self.serious(rules).is_some()
    }

    /// The newest finding that the criteria for notifying were not met.
    pub fn found_not_met(&self) -> Option<&FoundNotMet> {
        self.findings.last()
    }

    /// The first day on which this recipient was told of this.
    pub fn told_on(&self, to: &Recipient, of: Of) -> Option<Date> {
        let told = self.told.iter();
        told.filter(|t| t.to.contains(to) && t.of == Some(of))
            .map(|t| t.on)
            .min()
    }
}

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let kind_known = |kind: &str| {
        if ctx.rules.notification(kind).is_some() {
            Ok(())
        } else {
            Err(Refusal::field("kind", "Choose the kind of notification"))
        }
    };
    let event = match command {
        Command::DecideNotifying(decision) => {
            required("who", &decision.who, "Enter who in the authority decided")?;
            required("reasons", &decision.reasons, "Enter the reasons")?;
            ctx.past_if_known("on", decision.on)?;
            if decision.notify {
                kind_known(&decision.kind)?;
            }
            Event::NotifyingDecided(decision)
        }
        Command::RecordSent(sent) => {
            kind_known(&sent.kind)?;
            ctx.past("sent-on", sent.on)?;
            Event::NotificationSent(sent)
        }
        Command::RecordTold(told) => {
            required("told-who", &told.who, "Enter who was told")?;
            ctx.past("told-on", told.on)?;
            let known = |seat: &Seat| {
                ctx.rules
                    .partners
                    .iter()
                    .any(|p| p.id.as_str() == seat.partner)
            };
            if told
                .to
                .iter()
                .any(|to| matches!(to, Recipient::Seat(seat) if !known(seat)))
            {
                return Err(Refusal::field(
                    "told-who",
                    "Choose a safeguarding partner from the list",
                ));
            }
            Event::OthersTold(told)
        }
        Command::RecordNotMet(found) => {
            ctx.past("not-met-on", found.on)?;
            required("not-met-by", &found.by_whom, "Enter who found this")?;
            required("not-met-reasons", &found.reasons, "Enter the reasons")?;
            Event::FoundNotMet(found)
        }
    };
    Ok(vec![event])
}

/// Applies an event of this stage.
pub fn apply(state: &mut Notification, event: &Event) {
    match event {
        Event::NotifyingDecided(decision) => state.decision = Some(decision.clone()),
        Event::NotificationSent(sent) => {
            // Entered late: a finding of a later day is about this one too.
            if state.findings.iter().any(|f| f.on > sent.on) {
                state.found_about.insert(state.sent.len());
            }
            state.sent.push(sent.clone());
        }
        Event::OthersTold(told) => state.told.push(told.clone()),
        Event::FoundNotMet(found) => {
            let sent = state.sent.iter().enumerate();
            let about = sent
                .filter(|(_, s)| s.on <= found.on)
                .map(|(place, _)| place);
            state.found_about.extend(about);
            state.findings.push(found.clone());
        }
    }
}
