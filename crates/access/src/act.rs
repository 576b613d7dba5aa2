//! What a person can want to do: in a case, and in the partnership; each with the words in which a page says it.

use crate::section::Section;

/// What a person wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Come to the case at all: see its reference, its stage and what one is asked.
    ReadCase,
    /// Read a section of it.
    Read(Section),
    /// Answer for an agency of the case.
    Contribute,
    /// Sign that answer as the agency's lead.
    SignAnswer,
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
    /// Give service accounts, change and end them.
    ManageServices,
    /// Answer for a service account and make its tokens.
    AnswerForService,
    /// See who of one's own agency has access, and end it for whoever has left.
    KeepOwnAgency,
    /// Keep the list of agencies.
    ManageAgencies,
    /// Change the partnership's settings.
    ManageSettings,
    /// Hand over work, record absence and cover.
    HandOver,
    /// Read guidance.
    ReadGuidance,
    /// See how far the record goes, its checkpoints and who holds them, and make a checkpoint.
    SeeRecord,
}

impl Act {
    /// The acts on a case.
    pub const IN_CASE: [Act; 41] = [
        Act::ReadCase,
        Act::Read(Section::Incident),
        Act::Read(Section::People),
        Act::Read(Section::Agencies),
        Act::Read(Section::Consideration),
        Act::Read(Section::Decision),
        Act::Read(Section::Family),
        Act::Read(Section::Documents),
        Act::Read(Section::Course),
        Act::Read(Section::Advice),
        Act::Read(Section::Drafts),
        Act::Read(Section::Addresses),
        Act::Contribute,
        Act::SignAnswer,
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
    pub const IN_OFFICE: [Act; 13] = [
        Act::OpenCase,
        Act::ListCases,
        Act::ManagePeople,
        Act::ManageAgencies,
        Act::ManageSettings,
        Act::HandOver,
        Act::ReadGuidance,
        Act::SeeErasures,
        Act::SeeRecord,
        Act::KeepOwnAgency,
        Act::ManageServices,
        Act::AnswerForService,
        Act::OpenWithReason,
    ];

    /// In words, for the page that says why someone sees a case and what they may do.
    pub fn words(self) -> &'static str {
        match self {
            Act::ReadCase => "see that the case is there, its stage and what you are asked",
            Act::Read(Section::Incident) => {
                "read what happened, the notification and the rapid review"
            }
            Act::Read(Section::People) => "read about the people",
            Act::Read(Section::Agencies) => "read what the agencies were asked and answered",
            Act::Read(Section::Consideration) => "read what was considered",
            Act::Read(Section::Decision) => "read the decision",
            Act::Read(Section::Family) => "read about contact with the child and the family",
            Act::Read(Section::Documents) => "read the list of documents",
            Act::Read(Section::Course) => "read who sees the case and what became of it",
            Act::Read(Section::Advice) => "read legal advice",
            Act::Read(Section::Drafts) => "read drafts of findings and of a report",
            Act::Read(Section::Addresses) => "read documents with addresses",
            Act::Contribute => "answer for your agency",
            Act::SignAnswer => "sign your agency\u{2019}s answer",
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
            Act::KeepOwnAgency => "see who of your agency has access, and end it",
            Act::ManageServices => "give other systems access",
            Act::AnswerForService => "answer for the access of another system",
            Act::ManageAgencies => "keep the list of agencies",
            Act::ManageSettings => "change the settings",
            Act::HandOver => "hand over work and record absence",
            Act::ReadGuidance => "read the guidance",
            Act::SeeRecord => "see how far the record goes and hold its checkpoints",
        }
    }
}
