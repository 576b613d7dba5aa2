//! The sections of a case, which are read apart from one another, and which of them each part in a case includes.
//! What a person does not read is left out for them everywhere: pages, story, search, papers, exports and mail.

use cases::documents::{self, Apart};
use cases::members::Part;
use cases::{Case, Event};

use crate::office::{Person, Role};
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
    /// Documents that hold legal advice.
    Advice,
    /// Drafts of findings and of a report.
    Drafts,
    /// Documents that hold addresses.
    Addresses,
}

impl Section {
    /// All of them.
    pub const ALL: [Section; 11] = [
        Section::Incident,
        Section::People,
        Section::Agencies,
        Section::Consideration,
        Section::Decision,
        Section::Family,
        Section::Documents,
        Section::Course,
        Section::Advice,
        Section::Drafts,
        Section::Addresses,
    ];
    /// Those of which the case as a whole consists; the others are kept apart from it.
    pub const WHOLE: [Section; 8] = [
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
            Section::Advice => "legal advice",
            Section::Drafts => "drafts of findings and of a report",
            Section::Addresses => "documents with addresses",
        }
    }

    /// The section in which a document is read.
    pub fn of_document(apart: Option<Apart>) -> Section {
        match apart {
            None => Section::Documents,
            Some(Apart::LegalAdvice) => Section::Advice,
            Some(Apart::Draft) => Section::Drafts,
            Some(Apart::Addresses) => Section::Addresses,
        }
    }

    /// Whether it is kept apart from the case as a whole.
    pub fn is_apart(self) -> bool {
        !Section::WHOLE.contains(&self)
    }

    /// The section that an entry of a case belongs to.
    pub fn of(case: &Case, event: &Event) -> Section {
        match event {
            Event::Documents(documents::Event::FileAdded(document)) => {
                Section::of_document(document.apart)
            }
            Event::Documents(documents::Event::FileWithdrawn { file, .. }) => {
                let filed = case.documents.find(file);
                Section::of_document(filed.and_then(|filed| filed.document.apart))
            }
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
            Section::Advice | Section::Drafts => back.documents || back.decision,
            Section::Addresses => back.documents || back.family,
            Section::Incident | Section::People | Section::Agencies | Section::Course => false,
        }
    }
}

/// What a part in a case reads.
pub fn reads(part: Part) -> &'static [Section] {
    use Section as S;
    match part {
        Part::Manages | Part::Chairs => &S::ALL,
        Part::Decides => &[
            S::Incident,
            S::People,
            S::Agencies,
            S::Consideration,
            S::Decision,
            S::Family,
            S::Documents,
            S::Course,
            S::Advice,
            S::Drafts,
        ],
        Part::Reviews => &[
            S::Incident,
            S::People,
            S::Agencies,
            S::Consideration,
            S::Decision,
            S::Family,
            S::Documents,
            S::Course,
            S::Drafts,
        ],
        Part::Reads | Part::Inspects => &S::WHOLE,
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
            S::Advice,
        ],
        Part::Communicates => &[S::Decision, S::Course],
        Part::Contributes => &[],
    }
}

/// The parts in a case that a person can have. A system of an agency answers for it and reads no case; one of the partnership reads.
pub fn parts_for(person: &Person) -> Vec<Part> {
    let of_agency = person.agency.is_some();
    (parts_of(person.role).iter().copied())
        .filter(|part| {
            person.role != Role::ServiceAccount || (*part == Part::Contributes) == of_agency
        })
        .collect()
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
        Role::ServiceAccount => &[P::Reads, P::Contributes],
        Role::Administrator => &[],
    }
}
