//! The rules: what each role and each part in a case allows. Few, explicit, and printed as a reviewed table.

use cases::members::Part;

use crate::act::Act;
use crate::office::{Person, Role};
use crate::permit::Permit;
use crate::section::{parts_for, reads};
use crate::service::may_own;
use crate::standing::{Back, Standing, Way};

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
    // A system never acts as a person.
    let of_a_system = matches!(act, Act::ReadCase | Act::Read(_) | Act::Contribute);
    if person.role == Role::ServiceAccount && !of_a_system && standing.way.takes_part() {
        return Err(Denied::NotYours(
            "a service account reads, and answers for its agency; people do everything else",
        ));
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
        Way::Opened if matches!(act, Act::Read(section) if section.is_apart()) => {
            return Err(Denied::NotYours(
                "whoever opened the case with a written reason does not read what is kept apart",
            ));
        }
        Way::Opened if matches!(act, Act::ReadCase | Act::Read(_)) => {
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
        // A part that the role does not carry gives nothing, also when the role was changed afterwards.
        Way::Member(part) if !parts_for(person).contains(&part) => {
            return Err(Denied::NotThere);
        }
        Way::Member(part) => part,
    };
    if let Some(rule) = stepped_back(standing.back, act) {
        return Err(Denied::NotYours(rule));
    }
    let rule: &'static str = match (part, act) {
        (Part::Contributes, Act::ReadCase) => {
            "whoever answers for an agency sees what that agency is asked"
        }
        (_, Act::ReadCase) => "a member of the case reads it",
        (_, Act::Read(section)) if reads(part).contains(&section) => {
            "a member of the case reads the sections that belong to their part"
        }
        (_, Act::Read(_)) => {
            return Err(Denied::NotYours(
                "this section of the case does not belong to your part in it",
            ));
        }
        (Part::Contributes, Act::Contribute) => "whoever answers for an agency writes its answer",
        (Part::Contributes, Act::SignAnswer) if person.role == Role::AgencyLead => {
            "the agency\u{2019}s lead signs its answer"
        }
        (Part::Contributes, Act::SignAnswer) => {
            return Err(Denied::NotYours(
                "the agency\u{2019}s lead signs its answer",
            ));
        }
        (
            Part::Manages
            | Part::Decides
            | Part::Chairs
            | Part::Reviews
            | Part::Panel
            | Part::Advises,
            Act::SeeNames,
        ) => "a member who acts in the case may turn names on",
        (
            Part::Manages | Part::Decides | Part::Chairs | Part::Reviews | Part::Advises,
            Act::ReadDocuments,
        ) => "a member who acts in the case opens its documents",
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
        (Part::Reviews, Act::MakePapers) => "the reviewer prints papers of the case",
        (Part::Chairs, Act::WriteFinding) => "the chair writes down what a meeting considered",
        _ => return Err(Denied::NotYours("ask whoever runs the case")),
    };
    Ok(Permit::new(rule, &person.id))
}

/// The rule that stops an act in a part of the case from which a person stepped back.
fn stepped_back(back: Back, act: Act) -> Option<&'static str> {
    match act {
        Act::Read(section) if section.is_left(back) => {
            Some("you stepped back from this section of the case")
        }
        Act::ExportCase if back.any() => {
            Some("whoever stepped back from a part of the case does not export it")
        }
        Act::WriteFinding | Act::WriteDecision | Act::SignForPartner | Act::RecordForOthers
            if back.decision =>
        {
            Some("you stepped back from the decision and signing in this case")
        }
        Act::RecordFamily | Act::ReleaseLetters if back.family => {
            Some("you stepped back from contact with the child and the family in this case")
        }
        Act::ReadDocuments | Act::KeepDocuments | Act::MakePapers if back.documents => {
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
        Act::SeeRecord if !person.role.acts_for_an_agency() && person.agency.is_none() => {
            "everyone but the agencies\u{2019} people sees how far the record goes, and holds its checkpoints"
        }
        Act::KeepOwnAgency if person.role == Role::AgencyLead => {
            "an agency\u{2019}s lead sees who of the agency has access, and ends it for whoever has left"
        }
        Act::ManageServices if manages => "the manager gives other systems access",
        Act::AnswerForService if may_own(person, person.agency.as_deref()) => {
            "whoever a service account was given to answers for it"
        }
        Act::ManageAgencies if manages => "the manager keeps the list of agencies",
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
    use cases::agencies::{Command as A, asked::Step};
    use cases::break_glass::Command as G;
    use cases::decision::{Command as D, Given};
    use cases::erasure::Command as E;
    use cases::interests::Command as I;
    match command {
        C::Agencies(A::Request(Step::Answered(_))) => Act::Contribute,
        C::Agencies(A::Request(Step::Signed { .. })) => Act::SignAnswer,
        C::Incident(_)
        | C::People(_)
        | C::Definition(_)
        | C::Agencies(_)
        | C::Notification(_)
        | C::RapidReview(_)
        | C::Publication(_)
        | C::Parallel(_) => Act::RecordFacts,
        C::Documents(cases::documents::Command::MakeCopies { .. }) => Act::MakePapers,
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
