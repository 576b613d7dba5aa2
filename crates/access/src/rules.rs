//! The rules: what each role and each part in a case allows. Few, explicit, and printed as a reviewed table.

use cases::members::Part;

use crate::office::{Person, Role};
use crate::permit::Permit;

/// What a person wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Read the case.
    ReadCase,
    /// See names as well as pseudonyms.
    SeeNames,
    /// Record facts: incident, people, agencies, processes, notification, rapid review, publication, definition.
    RecordFacts,
    /// Write down what was considered.
    WriteFinding,
    /// Write the text of the decision.
    WriteDecision,
    /// Give one's own view or sign, for a seat one holds authority for.
    SignForPartner,
    /// Record a view or signature that someone else gave.
    RecordForOthers,
    /// Record the child's and the family's part.
    RecordFamily,
    /// Read and release letters.
    ReleaseLetters,
    /// Make papers from the case.
    MakePapers,
    /// Open a document that was added as a file: it says what it says, names among it.
    ReadDocuments,
    /// Say who may see the case.
    ManageMembers,
    /// Close, re-open, link, split, choose the edition.
    ManageCase,
    /// Mark an entry as made in error.
    MarkInError,
    /// See who has read the case.
    SeeReaders,
    /// Export the case.
    ExportCase,
    /// Place and lift a legal hold.
    PlaceHold,
    /// Propose that content is erased.
    ProposeErasure,
    /// Approve, as a second person, that content is erased.
    ApproveErasure,
    /// Withdraw a proposal to erase before it is carried out.
    WithdrawErasure,
    /// See what was erased in the partnership, with the certificates.
    SeeErasures,
    /// Open a case.
    OpenCase,
    /// See the list of one's own cases.
    ListCases,
    /// Add people, give roles, delegate authority.
    ManagePeople,
    /// Change the partnership's settings.
    ManageSettings,
    /// Hand over work, record absence and cover.
    HandOver,
    /// Read guidance.
    ReadGuidance,
}

impl Act {
    /// The acts on a case.
    pub const IN_CASE: [Act; 20] = [
        Act::ReadCase,
        Act::SeeNames,
        Act::RecordFacts,
        Act::WriteFinding,
        Act::WriteDecision,
        Act::SignForPartner,
        Act::RecordForOthers,
        Act::RecordFamily,
        Act::ReleaseLetters,
        Act::MakePapers,
        Act::ReadDocuments,
        Act::ManageMembers,
        Act::ManageCase,
        Act::MarkInError,
        Act::SeeReaders,
        Act::ExportCase,
        Act::PlaceHold,
        Act::ProposeErasure,
        Act::ApproveErasure,
        Act::WithdrawErasure,
    ];
    /// The acts in the partnership.
    pub const IN_OFFICE: [Act; 7] = [
        Act::OpenCase,
        Act::ListCases,
        Act::ManagePeople,
        Act::ManageSettings,
        Act::HandOver,
        Act::ReadGuidance,
        Act::SeeErasures,
    ];
}

/// How a person stands to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A member with this part.
    Member(Part),
    /// Covers for the absent person who runs the case.
    Covers,
    /// Not a member.
    Stranger,
    /// Barred.
    Barred,
}

/// The no. Where the existence of a case is itself confidential the page is the same as for a case that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The person may not know whether the case exists.
    #[error("there is no such case, or it is not yours to see")]
    NotThere,
    /// The person sees the case but may not do this.
    #[error("your part in this case does not allow this: {0}")]
    NotYours(&'static str),
    /// The person may not do this in the partnership.
    #[error("your role does not allow this: {0}")]
    NotYourRole(&'static str),
}

/// Answers whether a person may do something in a case.
///
/// # Errors
/// The named no.
pub fn permit(person: &Person, act: Act, standing: Standing) -> Result<Permit, Denied> {
    if person.left {
        return Err(Denied::NotThere);
    }
    let part = match standing {
        Standing::Barred | Standing::Stranger => return Err(Denied::NotThere),
        // The administrator sees no content, even if someone adds them by mistake.
        _ if person.role == Role::Administrator => return Err(Denied::NotThere),
        Standing::Covers => Part::Manages,
        Standing::Member(part) => part,
    };
    let rule: &'static str = match (part, act) {
        (_, Act::ReadCase) => "a member of the case reads it",
        (_, Act::SeeNames) if part != Part::Reads => {
            "a member who acts in the case may turn names on"
        }
        (_, Act::ReadDocuments) if part != Part::Reads => {
            "a member who acts in the case opens its documents"
        }
        (Part::Manages, Act::SignForPartner) => {
            return Err(Denied::NotYours(
                "whoever runs the case writes down and does not decide",
            ));
        }
        (Part::Manages, Act::ApproveErasure) => {
            return Err(Denied::NotYours(
                "whoever runs the case proposes an erasure, and someone else approves it",
            ));
        }
        (Part::Decides, Act::ApproveErasure) => "a delegate approves an erasure as a second person",
        (Part::Chairs, Act::ApproveErasure) => "the chair approves an erasure as a second person",
        (Part::Decides | Part::Chairs, Act::WithdrawErasure) => {
            "whoever may approve an erasure may also withdraw it"
        }
        (Part::Manages, _) => "whoever runs the case has all powers in it",
        (Part::Decides, Act::WriteFinding) => "a delegate writes down what was considered",
        (Part::Decides, Act::WriteDecision) => "a delegate writes the text of the decision",
        (Part::Decides, Act::SignForPartner) => "a delegate gives a view and signs for a partner",
        (Part::Decides, Act::MakePapers) => "a delegate prints papers of the case",
        (Part::Chairs, Act::RecordFamily) => "the chair speaks to the family and records it",
        (Part::Chairs, Act::ReleaseLetters) => "the chair reads and releases letters",
        (Part::Chairs, Act::MakePapers) => "the chair prints papers of the case",
        (Part::Chairs, Act::WriteFinding) => "the chair writes down what a meeting considered",
        _ => return Err(Denied::NotYours("ask whoever runs the case")),
    };
    Ok(Permit::new(rule, &person.id))
}

/// Answers whether a person may do something in the partnership.
///
/// # Errors
/// The named no.
pub fn permit_in_office(person: &Person, act: Act) -> Result<Permit, Denied> {
    if person.left {
        return Err(Denied::NotYourRole("this account has ended"));
    }
    let manages = matches!(person.role, Role::BusinessManager | Role::DeputyManager);
    let rule = match act {
        Act::ReadGuidance => "everyone reads the guidance",
        Act::ListCases if person.role != Role::Administrator => {
            "everyone lists the cases they are added to"
        }
        Act::OpenCase if manages => "the manager opens cases",
        Act::SeeErasures if manages => "the manager sees what was erased",
        Act::HandOver if manages => "the manager hands work over and records absence",
        Act::ManagePeople if manages => "the manager adds people and records delegated authority",
        Act::ManagePeople if person.role == Role::Administrator => "the administrator adds people",
        Act::ManageSettings if manages => "the manager changes the settings",
        Act::ManageSettings if person.role == Role::Administrator => {
            "the administrator changes the settings"
        }
        _ => return Err(Denied::NotYourRole("ask the business manager")),
    };
    Ok(Permit::new(rule, &person.id))
}

/// The act a command asks for.
pub fn act_of(command: &cases::Command) -> Act {
    use cases::Command as C;
    use cases::decision::{Command as D, Given};
    use cases::erasure::Command as E;
    match command {
        C::Incident(_)
        | C::People(_)
        | C::Definition(_)
        | C::Agencies(_)
        | C::Notification(_)
        | C::RapidReview(_)
        | C::Publication(_)
        | C::Documents(_)
        | C::Parallel(_) => Act::RecordFacts,
        C::Consideration(_) => Act::WriteFinding,
        C::Decision(D::GiveView(view)) if view.given == Given::InPerson => Act::SignForPartner,
        C::Decision(D::Sign(signature)) if signature.given == Given::InPerson => {
            Act::SignForPartner
        }
        C::Decision(D::GiveView(_) | D::Sign(_) | D::Resolve(_) | D::RecordNotAgreed(_)) => {
            Act::RecordForOthers
        }
        C::Decision(_) => Act::WriteDecision,
        C::Family(cases::family::Command::ReleaseLetter(_)) => Act::ReleaseLetters,
        C::Family(_) => Act::RecordFamily,
        C::Members(_) => Act::ManageMembers,
        C::Closing(cases::closing::Event::EntryMarked(_)) => Act::MarkInError,
        C::Closing(_) => Act::ManageCase,
        C::Erasure(E::PlaceHold { .. } | E::LiftHold { .. }) => Act::PlaceHold,
        C::Erasure(E::Propose { .. }) => Act::ProposeErasure,
        C::Erasure(E::Approve { .. }) => Act::ApproveErasure,
        C::Erasure(E::Withdraw { .. }) => Act::WithdrawErasure,
    }
}
