//! Whether to conduct a review, and what else: the text, each partner's view, the signatures, dissent, and reconsideration.
//! Meeting the criteria never obliges, not meeting them does not forbid; reasons always.

mod decide;
mod gate;
mod in_place;
mod text;

use std::collections::BTreeMap;

use calendar::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use decide::decide;
pub(crate) use decide::views_in_words;
pub use gate::missing;
pub use text::text;

use crate::context::{Authority, By, Seat};
use crate::evidence::Evidence;

/// The text of the decision: what the partners are asked to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Proposal {
    /// Conduct a review: yes or no; absent while not answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conduct: Option<bool>,
    /// What else: routes of the pack (ids).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
    /// Details of the routes: which review is joined, which theme.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub route_details: String,
    /// Reasons.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reasons: String,
    /// Evidence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// For each criterion found, why a review is nevertheless not conducted (element id -> words).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub why_not: BTreeMap<String, String>,
    /// The day the partners decided; the clocks start from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<Date>,
}

/// A partner's view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Agrees.
    Agrees,
    /// Agrees with a note.
    AgreesWithNote,
    /// Dissents.
    Dissents,
}

impl View {
    /// The id under which it is kept.
    pub fn id(self) -> &'static str {
        match self {
            View::Agrees => "agrees",
            View::AgreesWithNote => "agrees-with-note",
            View::Dissents => "dissents",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            View::Agrees => "agrees",
            View::AgreesWithNote => "agrees with a note",
            View::Dissents => "dissents",
        }
    }
}

/// How a view or signature reached the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Given {
    /// By the person, signed in.
    InPerson,
    /// By e-mail, telephone or on paper, written down by someone else, who is named in the event.
    #[serde(rename_all = "kebab-case")]
    Otherwise {
        /// "e-mail", "telephone", "paper", "at the meeting".
        way: String,
        /// Who gave it, by name and part.
        person: String,
        /// The day it was given.
        on: Date,
        /// How the original is kept, such as the paper that was signed; empty when that was not said.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        kept: String,
    },
}

/// A view given before signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ViewGiven {
    /// Whose.
    pub seat: Seat,
    /// Which.
    pub view: View,
    /// The note, or the reasons of a dissent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How it was given.
    pub given: Given,
    /// True while something is not yet considered: to be confirmed or changed at signing.
    #[serde(default)]
    pub provisional: bool,
}

/// A signature over the exact text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Signature {
    /// Whose.
    pub seat: Seat,
    /// Which view is signed.
    pub view: View,
    /// The note, or the reasons of a dissent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How it was given.
    pub given: Given,
    /// On what authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// The exact text that was signed.
    pub text: String,
    /// What a passkey gave over the hash of that text; without one the signature is that the person, signed in and asked for
    /// the password again, said so in this entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Box<Passkey>>,
}

/// What a passkey gave when it signed (WebAuthn), so that it can be checked with the public key alone.
/// Bytes are base64url without padding; what is signed is described in `docs/record-format.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Passkey {
    /// The name of the site that the passkey belongs to.
    pub site: String,
    /// The passkey's id.
    pub credential: String,
    /// Its public key (COSE).
    pub public_key: String,
    /// What the device says of itself and of the person.
    pub authenticator_data: String,
    /// What the browser says: JSON, byte for byte.
    pub client_data: String,
    /// The signature.
    pub signature: String,
}

/// How a disagreement was resolved under the pack's tie-break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Resolution {
    /// Who resolved it.
    pub by_whom: String,
    /// How, in the words of the pack or the partnership.
    pub how: String,
    /// Why.
    pub reasons: String,
    /// The day.
    pub on: Date,
}

/// No agreed decision on the due day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NotAgreed {
    /// The day.
    pub on: Date,
    /// Each view, in words.
    pub views: String,
    /// What was sent to the Panel, when and by whom.
    pub sent_to_panel: String,
}

/// A dated note that corrects a slip and changes neither finding, outcome nor reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Slip {
    /// Where the slip stands, as it stands.
    pub stands: String,
    /// What it should say.
    pub should_say: String,
}

/// What happened to the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// The text was written or changed; earlier signatures are set aside.
    TextWritten(Proposal),
    /// A view was given.
    ViewGiven(ViewGiven),
    /// The text was signed for a seat.
    Signed(Signature),
    /// The last signature needed was given: the decision is complete.
    #[serde(rename_all = "kebab-case")]
    Completed {
        /// The day the partners decided.
        decided_on: Date,
    },
    /// A disagreement was resolved.
    Resolved(Resolution),
    /// There was no agreed decision on the due day.
    NotAgreedRecorded(NotAgreed),
    /// A slip was corrected.
    SlipCorrected(Slip),
    /// A reconsideration began.
    ReconsiderationBegun {
        /// Why.
        why: String,
    },
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Write or change the text.
    WriteText(Proposal),
    /// Give one's view, or record one given otherwise.
    GiveView(ViewGiven),
    /// Sign the exact text (which the person has just read), or record a signature given on paper.
    Sign(Signature),
    /// Record how a disagreement was resolved.
    Resolve(Resolution),
    /// Record that there was no agreed decision on the due day.
    RecordNotAgreed(NotAgreed),
    /// Correct a slip.
    CorrectSlip(Slip),
    /// Reconsider.
    Reconsider {
        /// Why.
        why: String,
    },
}

/// A signature with who wrote it down and when; `set_aside` once the text changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Signed {
    /// The signature.
    pub signature: Signature,
    /// Who entered it: the signer, or who wrote it down.
    pub by: By,
    /// When (UTC).
    pub at: jiff::Timestamp,
    /// The entry's number in the case.
    pub entry: u64,
    /// True once the text changed afterwards: kept and shown, no longer counted.
    pub set_aside: bool,
    /// What was missing when it was recorded.
    pub missing: Vec<crate::Missing>,
}

/// One decision: the current one or an earlier one that was reconsidered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Round {
    /// The text.
    pub proposal: Proposal,
    /// The edition under which the text was written.
    pub edition: String,
    /// How often the text was written.
    pub versions: u32,
    /// The newest view of each seat.
    #[serde(serialize_with = "crate::case::as_list")]
    pub views: BTreeMap<Seat, (ViewGiven, By, jiff::Timestamp)>,
    /// All signatures, also those set aside.
    pub signatures: Vec<Signed>,
    /// The day decided, once complete.
    pub completed: Option<Date>,
    /// When the last signature came (UTC).
    pub completed_at: Option<jiff::Timestamp>,
    /// How a disagreement was resolved.
    pub resolved: Option<Resolution>,
    /// No agreed decision on the due day.
    pub not_agreed: Option<NotAgreed>,
    /// Corrected slips with who and when.
    pub slips: Vec<(Slip, By, jiff::Timestamp)>,
    /// Why this round began, for a reconsideration.
    pub why: String,
}

impl Round {
    /// Sets aside what was signed and resolved, because the text is no longer the one it was given for; kept and shown.
    /// A complete decision stands.
    pub(crate) fn set_aside(&mut self) {
        if self.completed.is_none() {
            self.resolved = None;
            for signed in &mut self.signatures {
                signed.set_aside = true;
            }
        }
    }

    /// Whether a seat had signed and the signature no longer counts, because the text changed.
    pub fn set_aside_of(&self, seat: &Seat) -> bool {
        self.signature(seat).is_none() && self.signatures.iter().any(|s| &s.signature.seat == seat)
    }

    /// The signature that counts for a seat.
    pub fn signature(&self, seat: &Seat) -> Option<&Signed> {
        self.signatures
            .iter()
            .rev()
            .find(|s| !s.set_aside && &s.signature.seat == seat)
    }
}

/// The decision: the current round and the earlier ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Decision {
    /// The current round.
    pub current: Round,
    /// Earlier decisions that were reconsidered, oldest first.
    pub earlier: Vec<Round>,
}

impl Decision {
    /// The newest complete decision.
    pub fn complete(&self) -> Option<&Round> {
        std::iter::once(&self.current)
            .chain(self.earlier.iter().rev())
            .find(|r| r.completed.is_some())
    }
}

/// Applies an event of this stage.
pub fn apply(state: &mut Decision, event: &Event, recorded: &crate::Recorded) {
    let round = &mut state.current;
    match event {
        Event::TextWritten(proposal) => {
            round.proposal = proposal.clone();
            round.edition = recorded.edition.clone();
            round.versions += 1;
            round.set_aside();
        }
        Event::ViewGiven(view) => {
            round.views.insert(
                view.seat.clone(),
                (view.clone(), recorded.by.clone(), recorded.at),
            );
        }
        Event::Signed(signature) => {
            for earlier in round
                .signatures
                .iter_mut()
                .filter(|s| s.signature.seat == signature.seat)
            {
                earlier.set_aside = true;
            }
            round.signatures.push(Signed {
                signature: signature.clone(),
                by: recorded.by.clone(),
                at: recorded.at,
                entry: recorded.number,
                set_aside: false,
                missing: recorded.missing.clone(),
            });
        }
        Event::Completed { decided_on } => {
            round.completed = Some(*decided_on);
            round.completed_at = Some(recorded.at);
        }
        Event::Resolved(resolution) => round.resolved = Some(resolution.clone()),
        Event::NotAgreedRecorded(not_agreed) => round.not_agreed = Some(not_agreed.clone()),
        Event::SlipCorrected(slip) => {
            round
                .slips
                .push((slip.clone(), recorded.by.clone(), recorded.at))
        }
        Event::ReconsiderationBegun { why } => {
            let next = Round {
                why: why.clone(),
                proposal: Proposal::default(),
                ..Round::default()
            };
            let earlier = std::mem::replace(round, next);
            state.earlier.push(earlier);
        }
    }
}
