//! The sections of a case, which are read apart from one another, and which of them each part in a case includes.
//! What a person does not read is left out for them everywhere: pages, story, search, papers, exports and mail.

use cases::Event;
use cases::members::Part;

use crate::office::Role;
use crate::standing::Back;

/// A section of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// What happened, the notification and the rapid review.
    Incident,
    /// The children, the adults and how they are related.
    People,
    /// The agencies, what they were asked and what they answered, and other proceedings.
    Agencies,
    /// The definition, the criteria and the circumstances.
    Consideration,
    /// The decision: its text, the views and the signatures.
    Decision,
    /// Contact with the child and the family.
    Family,
    /// The documents.
    Documents,
    /// The course of the case as a whole: who sees it, holds and erasure, closing, publication.
    Course,
}

impl Section {
    /// All of them.
    pub const ALL: [Section; 8] = [
        Section::Incident,
        Section::People,
        Section::Agencies,
        Section::Consideration,
        Section::Decision,
        Section::Family,
        Section::Documents,
        Section::Course,
    ];

    /// In words, as it stands in "reads ...".
    pub fn words(self) -> &'static str {
        match self {
            Section::Incident => "what happened, the notification and the rapid review",
            Section::People => "the people",
            Section::Agencies => "the agencies and other proceedings",
            Section::Consideration => "what was considered",
            Section::Decision => "the decision",
            Section::Family => "contact with the child and the family",
            Section::Documents => "the documents",
            Section::Course => "the course of the case as a whole",
        }
    }

    /// The section that an entry of the case belongs to.
    pub fn of(event: &Event) -> Section {
        match event {
            Event::Incident(_) | Event::Notification(_) | Event::RapidReview(_) => {
                Section::Incident
            }
            Event::People(_) => Section::People,
            Event::Agencies(_) | Event::Parallel(_) => Section::Agencies,
            Event::Definition(_) | Event::Consideration(_) => Section::Consideration,
            Event::Decision(_) => Section::Decision,
            Event::Family(_) => Section::Family,
            Event::Documents(_) => Section::Documents,
            Event::Members(_)
            | Event::Closing(_)
            | Event::Publication(_)
            | Event::Erasure(_)
            | Event::Interests(_)
            | Event::BreakGlass(_) => Section::Course,
        }
    }

    /// Whether a person stepped back from it.
    pub(crate) fn is_left(self, back: Back) -> bool {
        match self {
            Section::Consideration | Section::Decision => back.decision,
            Section::Family => back.family,
            Section::Documents => back.documents,
            Section::Incident | Section::People | Section::Agencies | Section::Course => false,
        }
    }
}

/// What a part in a case reads.
pub fn reads(part: Part) -> &'static [Section] {
    use Section as S;
    match part {
        Part::Manages
        | Part::Decides
        | Part::Chairs
        | Part::Reads
        | Part::Reviews
        | Part::Inspects => &S::ALL,
        Part::Panel => &[
            S::Incident,
            S::People,
            S::Agencies,
            S::Consideration,
            S::Decision,
            S::Course,
        ],
        Part::Advises => &[
            S::Incident,
            S::People,
            S::Agencies,
            S::Consideration,
            S::Decision,
            S::Documents,
            S::Course,
        ],
        Part::Communicates => &[S::Decision, S::Course],
        Part::Contributes => &[],
    }
}

/// The parts in a case that people with a role can have.
pub fn parts_of(role: Role) -> &'static [Part] {
    use Part as P;
    match role {
        Role::BusinessManager
        | Role::DeputyManager
        | Role::Delegate
        | Role::DeputyDelegate
        | Role::Chair => &[P::Manages, P::Decides, P::Chairs, P::Reads],
        Role::LeadPartner => &[P::Decides, P::Reads],
        Role::Reader => &[
            P::Reads,
            P::Reviews,
            P::Panel,
            P::Advises,
            P::Communicates,
            // As it was given before there were the others.
            P::Manages,
            P::Decides,
            P::Chairs,
        ],
        Role::Scrutineer => &[P::Reads],
        Role::Reviewer => &[P::Reviews],
        Role::PanelMember => &[P::Panel],
        Role::LegalAdviser => &[P::Advises],
        Role::CommunicationsLead => &[P::Communicates],
        Role::Auditor => &[P::Inspects],
        Role::AgencyLead | Role::AgencyAuthor => &[P::Contributes],
        Role::Administrator => &[],
    }
}
