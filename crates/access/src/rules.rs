//! The rules: what each role and each part in a case allows. Few, explicit, and printed as a reviewed table.

use cases::members::Part;

use crate::office::{Person, Role};
use crate::permit::Permit;
use crate::standing::{Back, Standing, Way};

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
    /// Add a document as a file, or withdraw one.
    KeepDocuments,
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
    /// Declare an interest of one's own.
    DeclareInterest,
    /// Declare an interest for someone else in the case.
    DeclareForOthers,
    /// See what interests were declared, in their words.
    SeeInterests,
    /// Decide about an interest of someone else.
    DecideInterest,
    /// Open a case one does not take part in, with a written reason.
    OpenWithReason,
    /// See who opened the case with a written reason.
    SeeOpenings,
    /// Say afterwards whether such an opening was right.
    ReviewOpening,
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
    pub const IN_CASE: [Act; 28] = [
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
        Act::KeepDocuments,
        Act::ManageMembers,
        Act::ManageCase,
        Act::MarkInError,
        Act::SeeReaders,
        Act::ExportCase,
        Act::PlaceHold,
        Act::ProposeErasure,
        Act::ApproveErasure,
        Act::WithdrawErasure,
        Act::DeclareInterest,
        Act::DeclareForOthers,
        Act::SeeInterests,
        Act::DecideInterest,
        Act::OpenWithReason,
        Act::SeeOpenings,
        Act::ReviewOpening,
    ];
    /// The acts in the partnership.
    pub const IN_OFFICE: [Act; 8] = [
        Act::OpenCase,
        Act::ListCases,
        Act::ManagePeople,
        Act::ManageSettings,
        Act::HandOver,
        Act::ReadGuidance,
        Act::SeeErasures,
        Act::OpenWithReason,
    ];

    /// In words, for the page that says why someone sees a case and what they may do.
    pub fn words(self) -> &'static str {
        match self {
            Act::ReadCase => "read the case",
            Act::SeeNames => "see names as well as pseudonyms",
            Act::RecordFacts => "record what happened, who was involved and what was done",
            Act::WriteFinding => "write down what was considered",
            Act::WriteDecision => "write the text of the decision",
            Act::SignForPartner => "give a view and sign for a partner, with recorded authority",
            Act::RecordForOthers => "record a view or signature that someone else gave",
            Act::RecordFamily => "record the child\u{2019}s and the family\u{2019}s part",
            Act::ReleaseLetters => "read and release letters",
            Act::MakePapers => "make papers from the case",
            Act::ReadDocuments => "open documents",
            Act::KeepDocuments => "add and withdraw documents",
            Act::ManageMembers => "say who may see the case",
            Act::ManageCase => "close, re-open, link or split the case",
            Act::MarkInError => "mark an entry as made in error",
            Act::SeeReaders => "see who has read the case",
            Act::ExportCase => "export the case",
            Act::PlaceHold => "place and lift a legal hold",
            Act::ProposeErasure => "propose that content is erased",
            Act::ApproveErasure => "approve, as a second person, that content is erased",
            Act::WithdrawErasure => "withdraw a proposal to erase",
            Act::DeclareInterest => "declare an interest of your own",
            Act::DeclareForOthers => "declare an interest for someone else",
            Act::SeeInterests => "see what interests were declared",
            Act::DecideInterest => "decide about an interest of someone else",
            Act::OpenWithReason => "open a case with a written reason",
            Act::SeeOpenings => "see who opened the case with a written reason",
            Act::ReviewOpening => "review such an opening afterwards",
            Act::SeeErasures => "see what was erased in the partnership",
            Act::OpenCase => "open a new case",
            Act::ListCases => "list your cases",
            Act::ManagePeople => "add people and record authority",
            Act::ManageSettings => "change the settings",
            Act::HandOver => "hand over work and record absence",
            Act::ReadGuidance => "read the guidance",
        }
    }
}

/// Whether a role may hold the right to open a case with a written reason: who runs the process, and who decides for a partner.
pub fn may_open_with_reason(role: Role) -> bool {
    matches!(
        role,
        Role::BusinessManager | Role::DeputyManager | Role::Delegate
    )
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

impl Denied {
    /// The rule alone, for a page that lists what is not allowed.
    pub fn rule(&self) -> &'static str {
        match self {
            Denied::NotThere => "not a part of the case, or kept from it",
            Denied::NotYours(rule) | Denied::NotYourRole(rule) => rule,
        }
    }
}

/// Answers whether a person may do something in a case.
///
/// # Errors
/// The named no.
pub fn permit(person: &Person, act: Act, standing: Standing) -> Result<Permit, Denied> {
    if person.left {
        return Err(Denied::NotThere);
    }
    // The administrator sees no content, even if someone adds them by mistake.
    if person.role == Role::Administrator {
        return Err(Denied::NotThere);
    }
    let part = match standing.way {
        Way::Barred | Way::SteppedBack => return Err(Denied::NotThere),
        Way::Stranger | Way::Opened if !may_open_with_reason(person.role) => {
            return Err(Denied::NotThere);
        }
        Way::Stranger if act == Act::OpenWithReason => {
            return Ok(Permit::new(
                "a role of the process opens a case with a written reason, for a limited time",
                &person.id,
            ));
        }
        Way::Stranger => return Err(Denied::NotThere),
        Way::Opened if act == Act::ReadCase => {
            return Ok(Permit::new(
                "whoever opened the case with a written reason reads it until the time is over",
                &person.id,
            ));
        }
        Way::Opened => {
            return Err(Denied::NotYours(
                "whoever opened the case with a written reason only reads it",
            ));
        }
        Way::Covers => Part::Manages,
        Way::Member(part) => part,
    };
    if let Some(rule) = stepped_back(standing.back, act) {
        return Err(Denied::NotYours(rule));
    }
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
        (_, Act::OpenWithReason) => {
            return Err(Denied::NotYours(
                "whoever takes part in the case sees it already",
            ));
        }
        (_, Act::DeclareInterest) => "everyone in the case declares their own interests",
        (Part::Manages, Act::DecideInterest) => {
            return Err(Denied::NotYours(
                "whoever runs the case writes down and does not decide about interests",
            ));
        }
        (Part::Decides | Part::Chairs, Act::DecideInterest) if !standing.may_decide => {
            return Err(Denied::NotYours(
                "the partnership\u{2019}s settings name others to decide about interests",
            ));
        }
        (Part::Decides, Act::DecideInterest) => {
            "a delegate decides about the interest of someone else"
        }
        (Part::Chairs, Act::DecideInterest) => {
            "the chair decides about the interest of someone else"
        }
        (Part::Decides | Part::Chairs, Act::SeeInterests) => {
            "whoever may decide about interests sees them"
        }
        (Part::Chairs, Act::SeeOpenings | Act::ReviewOpening) => {
            "the chair reviews who opened the case with a written reason"
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

/// The rule that stops an act in a part of the case from which a person stepped back.
fn stepped_back(back: Back, act: Act) -> Option<&'static str> {
    match act {
        Act::WriteFinding | Act::WriteDecision | Act::SignForPartner | Act::RecordForOthers
            if back.decision =>
        {
            Some("you stepped back from the decision and signing in this case")
        }
        Act::RecordFamily | Act::ReleaseLetters if back.family => {
            Some("you stepped back from contact with the child and the family in this case")
        }
        Act::ReadDocuments | Act::KeepDocuments | Act::MakePapers | Act::ExportCase
            if back.documents =>
        {
            Some("you stepped back from the documents of this case")
        }
        Act::ApproveErasure | Act::DecideInterest | Act::ReviewOpening if back.any() => Some(
            "whoever stepped back from a part of the case approves no erasure, and decides about no interest and no opening",
        ),
        _ => None,
    }
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
        Act::OpenWithReason if may_open_with_reason(person.role) => {
            "the manager, the deputy and the delegates may open a case with a written reason"
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
    use cases::break_glass::Command as G;
    use cases::decision::{Command as D, Given};
    use cases::erasure::Command as E;
    use cases::interests::Command as I;
    match command {
        C::Incident(_)
        | C::People(_)
        | C::Definition(_)
        | C::Agencies(_)
        | C::Notification(_)
        | C::RapidReview(_)
        | C::Publication(_)
        | C::Parallel(_) => Act::RecordFacts,
        C::Documents(_) => Act::KeepDocuments,
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
        C::Interests(I::Declare(_)) => Act::DeclareInterest,
        C::Interests(I::DeclareFor(_)) => Act::DeclareForOthers,
        C::Interests(I::Decide(_)) => Act::DecideInterest,
        C::BreakGlass(G::Open { .. }) => Act::OpenWithReason,
        C::BreakGlass(G::Review(_)) => Act::ReviewOpening,
    }
}
