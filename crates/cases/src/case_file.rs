//! The case file: one JSON format for `assess`, `import` and `export`.
//! A hand-written file gives the sections; an exported one also holds every entry, so that a round trip loses nothing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::agencies::Agency;
use crate::closing::Closed;
use crate::consideration::Finding;
use crate::decision::{Proposal, Signature, ViewGiven};
use crate::definition::LimbTest;
use crate::documents::Document;
use crate::family::{Appropriate, Contact, ViewsOf};
use crate::incident::{Awareness, DangerAnswer, Facts, FirstContact, LeadAgreed, OtherArea};
use crate::notification::{FoundNotMet, NotifyDecision, Sent, Told};
use crate::parallel::Process;
use crate::people::{Adult, Child, Relationship};
use crate::rapid_review::{Meeting, PanelAnswer, ReportSent};
use crate::{Case, Command, Event, Recorded};

/// The format's name and version.
pub const FORMAT: &str = "candour-case/1";

/// A case as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct CaseFile {
    /// Always `candour-case/1`.
    pub format: String,
    /// The reference; an import keeps it as the old reference when it is taken.
    pub reference: String,
    /// The edition (a pack id or a composite id); empty means the one in force on the day of the assessment.
    pub edition: String,
    /// Who became aware and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awareness: Option<Awareness>,
    /// Early contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<FirstContact>,
    /// The facts of the incident.
    pub incident: Facts,
    /// Other areas.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<OtherArea>,
    /// An agreement on which area leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadAgreed>,
    /// The newest answer to whether any child may be in danger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub danger: Option<DangerAnswer>,
    /// The children; ids are the file's own.
    pub children: Vec<Child>,
    /// The adults.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adults: Vec<Adult>,
    /// Relationships.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relationships: Vec<Relationship>,
    /// The definition's limbs, tested for each subject.
    pub definition: Vec<LimbTest>,
    /// Agencies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<Agency>,
    /// Parallel processes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parallel: Vec<Process>,
    /// The authority's decision to notify or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notifying: Option<NotifyDecision>,
    /// Notifications sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notifications: Vec<Sent>,
    /// Who else was told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
    /// A later finding that the criteria for notifying were not met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_not_met: Option<FoundNotMet>,
    /// Meetings of the rapid review.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meetings: Vec<Meeting>,
    /// Reports sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<ReportSent>,
    /// The Panel's answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<PanelAnswer>,
    /// Each criterion, circumstance and question considered.
    pub consideration: Vec<Finding>,
    /// The text of the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Proposal>,
    /// Views given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<ViewGiven>,
    /// Signatures recorded (never made by an import: they were given on paper or in another record).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// Whether informing each person is appropriate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub appropriate: Vec<Appropriate>,
    /// Contacts with the family.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub family_contacts: Vec<Contact>,
    /// How the principles are applied.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub principles: BTreeMap<String, String>,
    /// Where each person's views stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub family_views: Vec<ViewsOf>,
    /// The documents that were added as files, with their hashes; the files themselves stay where they are.
    /// For reading: an import cannot bring them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// How the case was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// Every entry as it stands in the record it came from; when present, an import takes these and the sections are for reading.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Recorded>,
}

impl CaseFile {
    /// Reads a case file; errors name line and column.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<CaseFile, String> {
        let file: CaseFile = serde_json::from_str(text)
            .map_err(|e| format!("line {}, column {}: {e}", e.line(), e.column()))?;
        if file.format != FORMAT {
            return Err(format!(
                "`format`: expected `{FORMAT}`, found `{}`",
                file.format
            ));
        }
        Ok(file)
    }

    /// The file of a case as it stands, with every entry.
    pub fn of(case: &Case, edition: &str) -> CaseFile {
        let round = &case.decision.current;
        let family = &case.family.people;
        CaseFile {
            format: FORMAT.into(),
            reference: case.reference().to_owned(),
            edition: edition.to_owned(),
            awareness: case.incident.awareness.clone(),
            contacts: case.incident.contacts.clone(),
            incident: case.incident.facts.clone(),
            areas: case.incident.areas.clone(),
            lead: case.incident.lead.clone(),
            danger: case.incident.danger().map(|(danger, action)| DangerAnswer {
                danger,
                action: action.to_owned(),
            }),
            children: case.people.children.clone(),
            adults: case.people.adults.clone(),
            relationships: case.people.relationships.clone(),
            definition: case
                .definition
                .tests
                .values()
                .map(|t| t.test.clone())
                .collect(),
            agencies: case.agencies.list.clone(),
            parallel: case.parallel.list.clone(),
            notifying: case.notification.decision.clone(),
            notifications: case.notification.sent.clone(),
            told: case.notification.told.clone(),
            found_not_met: case.notification.found_not_met().cloned(),
            meetings: case.rapid_review.meetings.clone(),
            reports: case.rapid_review.reports.clone(),
            answers: case.rapid_review.answers.clone(),
            consideration: case
                .consideration
                .elements
                .values()
                .map(|c| c.finding.clone())
                .collect(),
            decision: (round.versions > 0).then(|| round.proposal.clone()),
            views: round.views.values().map(|(v, _, _)| v.clone()).collect(),
            signatures: round
                .signatures
                .iter()
                .filter(|s| !s.set_aside)
                .map(|s| s.signature.clone())
                .collect(),
            appropriate: family
                .values()
                .filter_map(|p| p.appropriate.clone())
                .collect(),
            family_contacts: family.values().flat_map(|p| p.contacts.clone()).collect(),
            principles: case.family.principles.clone(),
            family_views: family
                .iter()
                .filter_map(|(id, p)| {
                    p.views.clone().map(|views| ViewsOf {
                        person: id.clone(),
                        views,
                    })
                })
                .collect(),
            documents: case
                .documents
                .in_use()
                .map(|f| f.document.clone())
                .collect(),
            closed: case.closing.closed.clone(),
            entries: case.story.iter().map(|r| (**r).clone()).collect(),
        }
    }

    /// The sections as commands, in the order a case meets them; entries are taken as they are and give none.
    pub fn commands(&self) -> Vec<Command> {
        use crate::{
            agencies, closing, consideration, decision, definition, family, incident, notification,
            parallel, people, rapid_review,
        };
        let mut list: Vec<Command> = Vec::new();
        list.extend(
            self.awareness
                .clone()
                .map(|a| Command::Incident(incident::Command::RecordAwareness(a))),
        );
        list.extend(
            self.contacts
                .iter()
                .cloned()
                .map(|c| Command::Incident(incident::Command::RecordContact(c))),
        );
        if self.incident != Facts::default() {
            list.push(Command::Incident(incident::Command::RecordFacts(
                self.incident.clone(),
            )));
        }
        list.extend(
            self.areas
                .iter()
                .cloned()
                .map(|a| Command::Incident(incident::Command::AddArea(a))),
        );
        list.extend(
            self.lead
                .clone()
                .map(|l| Command::Incident(incident::Command::AgreeLead(l))),
        );
        list.extend(
            self.danger
                .clone()
                .map(|d| Command::Incident(incident::Command::AnswerDanger(d))),
        );
        list.extend(
            self.children
                .iter()
                .cloned()
                .map(|c| Command::People(people::Command::RecordChild(c))),
        );
        list.extend(
            self.adults
                .iter()
                .cloned()
                .map(|a| Command::People(people::Command::RecordAdult(a))),
        );
        list.extend(
            self.relationships
                .iter()
                .cloned()
                .map(|r| Command::People(people::Command::RecordRelationship(r))),
        );
        list.extend(
            self.agencies
                .iter()
                .cloned()
                .map(|a| Command::Agencies(agencies::Command::RecordAgency(a))),
        );
        list.extend(
            self.parallel
                .iter()
                .cloned()
                .map(|p| Command::Parallel(parallel::Command::RecordProcess(p))),
        );
        list.extend(
            self.definition
                .iter()
                .cloned()
                .map(|t| Command::Definition(definition::Command::TestLimb(t))),
        );
        list.extend(
            self.notifying
                .clone()
                .map(|d| Command::Notification(notification::Command::DecideNotifying(d))),
        );
        list.extend(
            self.notifications
                .iter()
                .cloned()
                .map(|s| Command::Notification(notification::Command::RecordSent(s))),
        );
        list.extend(
            self.told
                .iter()
                .cloned()
                .map(|t| Command::Notification(notification::Command::RecordTold(t))),
        );
        list.extend(
            self.found_not_met
                .clone()
                .map(|f| Command::Notification(notification::Command::RecordNotMet(f))),
        );
        list.extend(
            self.meetings
                .iter()
                .cloned()
                .map(|m| Command::RapidReview(rapid_review::Command::RecordMeeting(m))),
        );
        list.extend(
            self.reports
                .iter()
                .cloned()
                .map(|r| Command::RapidReview(rapid_review::Command::RecordReport(r))),
        );
        list.extend(
            self.answers
                .iter()
                .cloned()
                .map(|a| Command::RapidReview(rapid_review::Command::RecordAnswer(a))),
        );
        list.extend(
            self.consideration
                .iter()
                .cloned()
                .map(|f| Command::Consideration(consideration::Command::Consider(f))),
        );
        list.extend(
            self.decision
                .clone()
                .map(|p| Command::Decision(decision::Command::WriteText(p))),
        );
        list.extend(
            self.views
                .iter()
                .cloned()
                .map(|v| Command::Decision(decision::Command::GiveView(v))),
        );
        list.extend(
            self.signatures
                .iter()
                .cloned()
                .map(|s| Command::Decision(decision::Command::Sign(s))),
        );
        list.extend(
            self.appropriate
                .iter()
                .cloned()
                .map(|a| Command::Family(family::Command::DecideAppropriate(a))),
        );
        list.extend(
            self.family_contacts
                .iter()
                .cloned()
                .map(|c| Command::Family(family::Command::RecordContact(c))),
        );
        if !self.principles.is_empty() {
            list.push(Command::Family(family::Command::ApplyPrinciples(
                family::Principles {
                    applied: self.principles.clone(),
                },
            )));
        }
        list.extend(
            self.family_views
                .iter()
                .cloned()
                .map(|v| Command::Family(family::Command::RecordViews(v))),
        );
        list.extend(
            self.closed
                .clone()
                .map(|c| Command::Closing(closing::Command::CaseClosed(c))),
        );
        list
    }

    /// The references of the events in the file, to see that nothing was lost in a round trip.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.entries.iter().map(|r| &r.event)
    }
}
