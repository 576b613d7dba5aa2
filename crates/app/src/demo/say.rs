//! Short ways to say what people record, so that the cases of the demo read as what happened.

use std::collections::BTreeMap;

use cases::agencies::{self, Agency};
use cases::closing;
use cases::consideration::{self, Finding, PartnerFinding};
use cases::decision::{self, Given, Proposal, Signature, View, ViewGiven};
use cases::definition::{self, LimbTest, LongTerm};
use cases::family::{
    self, Appropriate, Contact, ContactKind, Letter, LetterKind, Principles, SafetyCheck, Views,
    ViewsOf,
};
use cases::incident::{self, Awareness, Facts, FirstContact, LeadAgreed, OtherArea};
use cases::members::Part;
use cases::notification::{self, NotifyDecision, PartnerView, Sent, Told};
use cases::parallel::{self, Process};
use cases::people::{self, Adult, Child, Coded, PseudonymChange, Relationship};
use cases::rapid_review::{self, Answer, Meeting, PanelAnswer, ReportSent};
use cases::{Command, ConsideredBy, Date, Evidence};

use super::partnership::Who;

/// Everyone who takes part in a case from the start, besides whoever opens it.
pub(super) fn everyone() -> Vec<(Who, Part)> {
    let mut list = vec![
        (Who::Manager, Part::Manages),
        (Who::Deputy, Part::Manages),
        (Who::Chair, Part::Chairs),
    ];
    list.extend(Who::DELEGATES.map(|who| (who, Part::Decides)));
    list
}

pub(super) fn aware(who: &str, on: Date, time: &str, how: &str) -> Command {
    Command::Incident(incident::Command::RecordAwareness(Awareness {
        who: who.into(),
        on: Some(on),
        time: time.into(),
        how: how.into(),
        why_corrected: String::new(),
    }))
}

pub(super) fn aware_corrected(who: &str, on: Date, time: &str, how: &str, why: &str) -> Command {
    Command::Incident(incident::Command::RecordAwareness(Awareness {
        who: who.into(),
        on: Some(on),
        time: time.into(),
        how: how.into(),
        why_corrected: why.into(),
    }))
}

pub(super) fn contact(on: Date, from: &str, how: &str) -> Command {
    Command::Incident(incident::Command::RecordContact(FirstContact {
        on,
        from: from.into(),
        how: how.into(),
    }))
}

pub(super) fn facts(facts: Facts) -> Command {
    Command::Incident(incident::Command::RecordFacts(facts))
}

pub(super) fn area(name: &str, why: &str, contact: &str) -> Command {
    Command::Incident(incident::Command::AddArea(OtherArea {
        name: name.into(),
        why: why.into(),
        contact: contact.into(),
    }))
}

pub(super) fn lead(area: &str, reasons: &str, agreed_by: &str, on: Date) -> Command {
    Command::Incident(incident::Command::AgreeLead(LeadAgreed {
        area: area.into(),
        reasons: reasons.into(),
        agreed_by: agreed_by.into(),
        on: Some(on),
    }))
}

pub(super) fn own_words(words: &str) -> Option<Coded> {
    Some(Coded {
        code: String::new(),
        words: words.into(),
    })
}

pub(super) fn child(child: Child) -> Command {
    Command::People(people::Command::RecordChild(child))
}

pub(super) fn renamed(child: &str, pseudonym: &str, why: &str) -> Command {
    Command::People(people::Command::ChangePseudonym(PseudonymChange {
        child: child.into(),
        pseudonym: pseudonym.into(),
        why: why.into(),
    }))
}

/// A family member; `responsible_for` are the children for whom the person holds parental responsibility.
pub(super) fn relative(
    id: &str,
    name: &str,
    label: &str,
    responsible_for: &[&str],
    needs: &str,
    about: &str,
) -> Command {
    Command::People(people::Command::RecordAdult(Adult {
        id: id.into(),
        name: name.into(),
        label: label.into(),
        family: true,
        parental_responsibility: responsible_for.iter().map(|c| (*c).to_owned()).collect(),
        needs: needs.into(),
        about: about.into(),
    }))
}

/// An adult who is not family.
pub(super) fn other_adult(id: &str, name: &str, label: &str, about: &str) -> Command {
    Command::People(people::Command::RecordAdult(Adult {
        id: id.into(),
        name: name.into(),
        label: label.into(),
        about: about.into(),
        ..Adult::default()
    }))
}

pub(super) fn related(one: &str, kind: &str, other: &str) -> Command {
    let (from, until) = (String::new(), String::new());
    Command::People(people::Command::RecordRelationship(Relationship {
        one: one.into(),
        kind: kind.into(),
        other: other.into(),
        from,
        until,
    }))
}

pub(super) fn agency(name: &str, kind: &str, involvement: &str, contact: &str) -> Command {
    Command::Agencies(agencies::Command::RecordAgency(Agency {
        id: String::new(),
        name: name.into(),
        kind: kind.into(),
        involvement: involvement.into(),
        contact: contact.into(),
    }))
}

pub(super) fn process(process: Process) -> Command {
    Command::Parallel(parallel::Command::RecordProcess(process))
}

pub(super) fn said(text: &str, source: &str) -> Evidence {
    Evidence::Statement {
        text: text.into(),
        source: source.into(),
    }
}

pub(super) fn paper(title: &str, dated: Date, holder: &str, kept: &str) -> Evidence {
    Evidence::Document {
        title: title.into(),
        dated: Some(dated),
        holder: holder.into(),
        kept: kept.into(),
    }
}

/// Considered by all three partners at a meeting.
pub(super) fn at_meeting(meeting: &str, on: Date) -> ConsideredBy {
    ConsideredBy {
        people: String::new(),
        partners: vec!["local-authority".into(), "health".into(), "police".into()],
        meeting: meeting.into(),
        on: Some(on),
    }
}

/// Considered by named people.
pub(super) fn by_people(people: &str, on: Date) -> ConsideredBy {
    ConsideredBy {
        people: people.into(),
        on: Some(on),
        ..ConsideredBy::default()
    }
}

/// A test of a limb: met in one of its ways.
pub(super) fn met(
    child: &str,
    limb: &str,
    option: &str,
    reasons: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> LimbTest {
    LimbTest {
        child: child.into(),
        limb: limb.into(),
        finding: "met".into(),
        option: Some(option.into()),
        reasons: reasons.into(),
        evidence,
        harm: Vec::new(),
        other_harm: String::new(),
        long_term: None,
        recovery: String::new(),
        needed: String::new(),
        considered_by: by.clone(),
    }
}

/// Abuse or neglect, known or suspected.
pub(super) fn abuse(
    child: &str,
    option: &str,
    reasons: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> Command {
    limb(met(
        child,
        "abuse-or-neglect",
        option,
        reasons,
        evidence,
        by,
    ))
}

/// The child died.
pub(super) fn died(
    child: &str,
    reasons: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> Command {
    limb(met(
        child,
        "died-or-seriously-harmed",
        "died",
        reasons,
        evidence,
        by,
    ))
}

/// The child was seriously harmed, in these ways.
pub(super) fn harmed(
    child: &str,
    kinds: &[&str],
    reasons: &str,
    recovery: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> Command {
    limb(LimbTest {
        harm: kinds.iter().map(|k| (*k).to_owned()).collect(),
        long_term: Some(LongTerm::Likely),
        recovery: recovery.into(),
        ..met(
            child,
            "died-or-seriously-harmed",
            "seriously-harmed",
            reasons,
            evidence,
            by,
        )
    })
}

pub(super) fn limb(test: LimbTest) -> Command {
    Command::Definition(definition::Command::TestLimb(test))
}

pub(super) fn found(
    element: &str,
    finding: &str,
    reasons: &str,
    evidence: Vec<Evidence>,
    by: &ConsideredBy,
) -> Finding {
    Finding {
        element: element.into(),
        finding: finding.into(),
        reasons: reasons.into(),
        evidence,
        considered_by: by.clone(),
        partners: Vec::new(),
        agreed: true,
        missing: String::new(),
        why_without: String::new(),
        look_again: None,
    }
}

pub(super) fn own(partner: &str, finding: &str, reasons: &str) -> PartnerFinding {
    PartnerFinding {
        partner: partner.into(),
        finding: finding.into(),
        reasons: reasons.into(),
    }
}

pub(super) fn consider(finding: Finding) -> Command {
    Command::Consideration(consideration::Command::Consider(finding))
}

pub(super) fn notify(
    kind: &str,
    who: &str,
    on: Date,
    reasons: &str,
    views: &[(&str, &str)],
) -> Command {
    Command::Notification(notification::Command::DecideNotifying(NotifyDecision {
        notify: !kind.is_empty(),
        kind: kind.into(),
        who: who.into(),
        on: Some(on),
        reasons: reasons.into(),
        partners: views
            .iter()
            .map(|(partner, view)| PartnerView {
                partner: (*partner).into(),
                view: (*view).into(),
            })
            .collect(),
    }))
}

pub(super) fn sent(kind: &str, on: Date, time: &str, by_whom: &str, reference: &str) -> Command {
    Command::Notification(notification::Command::RecordSent(Sent {
        kind: kind.into(),
        on,
        time: time.into(),
        by_whom: by_whom.into(),
        reference: reference.into(),
    }))
}

pub(super) fn told(who: &str, what: &str, on: Date, how: &str) -> Command {
    Command::Notification(notification::Command::RecordTold(Told {
        who: who.into(),
        what: what.into(),
        on,
        how: how.into(),
    }))
}

pub(super) fn planned(on: Date, notes: &str) -> Command {
    Command::RapidReview(rapid_review::Command::RecordMeeting(Meeting {
        on,
        planned: true,
        present: String::new(),
        apologies: String::new(),
        safety: String::new(),
        notes: notes.into(),
    }))
}

pub(super) fn met_on(
    on: Date,
    present: &str,
    apologies: &str,
    safety: &str,
    notes: &str,
) -> Command {
    Command::RapidReview(rapid_review::Command::RecordMeeting(Meeting {
        on,
        planned: false,
        present: present.into(),
        apologies: apologies.into(),
        safety: safety.into(),
        notes: notes.into(),
    }))
}

pub(super) fn report(on: Date, to: &str, by_whom: &str, summary: &str) -> Command {
    Command::RapidReview(rapid_review::Command::RecordReport(ReportSent {
        on,
        to: to.into(),
        by_whom: by_whom.into(),
        summary: summary.into(),
    }))
}

pub(super) fn answered(on: Date, answer: Answer, words: &str) -> Command {
    Command::RapidReview(rapid_review::Command::RecordAnswer(PanelAnswer {
        on,
        answer,
        words: words.into(),
    }))
}

pub(super) fn text(proposal: Proposal) -> Command {
    Command::Decision(decision::Command::WriteText(proposal))
}

pub(super) fn why_not(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter()
        .map(|(element, words)| ((*element).to_owned(), (*words).to_owned()))
        .collect()
}

/// A view given by a delegate who is signed in.
pub(super) fn view(who: Who, view: View, note: &str) -> Command {
    view_given(who, view, note, Given::InPerson)
}

/// A view that reached the manager otherwise.
pub(super) fn view_given(who: Who, view: View, note: &str, given: Given) -> Command {
    let seat = who.seat().unwrap_or_else(|| cases::Seat {
        partner: String::new(),
        body: String::new(),
    });
    Command::Decision(decision::Command::GiveView(ViewGiven {
        seat,
        view,
        note: note.into(),
        given,
        provisional: false,
    }))
}

/// A signature that was given on paper, or otherwise, and is written down by someone else.
pub(super) fn signed_otherwise(
    who: Who,
    view: View,
    note: &str,
    way: &str,
    person: &str,
    on: Date,
) -> Command {
    let seat = who.seat().unwrap_or_else(|| cases::Seat {
        partner: String::new(),
        body: String::new(),
    });
    let given = Given::Otherwise {
        way: way.into(),
        person: person.into(),
        on,
    };
    Command::Decision(decision::Command::Sign(Signature {
        seat,
        view,
        note: note.into(),
        given,
        authority: None,
        text: String::new(),
    }))
}

pub(super) fn otherwise(way: &str, person: &str, on: Date) -> Given {
    Given::Otherwise {
        way: way.into(),
        person: person.into(),
        on,
    }
}

pub(super) fn inform(person: &str, reasons: &str, decided_by: &str) -> Command {
    Command::Family(family::Command::DecideAppropriate(Appropriate {
        person: person.into(),
        appropriate: true,
        reasons: reasons.into(),
        decided_by: decided_by.into(),
        look_again: None,
    }))
}

pub(super) fn do_not_inform(
    person: &str,
    reasons: &str,
    decided_by: &str,
    look_again: Date,
) -> Command {
    Command::Family(family::Command::DecideAppropriate(Appropriate {
        person: person.into(),
        appropriate: false,
        reasons: reasons.into(),
        decided_by: decided_by.into(),
        look_again: Some(look_again),
    }))
}

/// Contact by the chair, before or beside a decision.
pub(super) fn spoke(person: &str, on: Date, time: &str, how: &str, words: &str) -> Contact {
    Contact {
        person: person.into(),
        kind: ContactKind::Contact,
        on,
        time: time.into(),
        by_whom: "Beatrix Holloway-Quill".into(),
        role: "chair".into(),
        on_behalf: String::new(),
        how: how.into(),
        words: words.into(),
        explained: BTreeMap::new(),
        promise: String::new(),
        promise_keeper: String::new(),
    }
}

/// The chair tells someone of the decision, with what was explained.
pub(super) fn told_of_decision(
    person: &str,
    on: Date,
    time: &str,
    how: &str,
    words: &str,
    explained: [&str; 3],
) -> Contact {
    let [purpose, process, publication] = explained.map(str::to_owned);
    let explained = [
        ("purpose".to_owned(), purpose),
        ("process".to_owned(), process),
        ("publication".to_owned(), publication),
    ]
    .into_iter()
    .filter(|(_, words)| !words.is_empty())
    .collect();
    Contact {
        kind: ContactKind::ToldOfDecision,
        explained,
        ..spoke(person, on, time, how, words)
    }
}

pub(super) fn contacted(contact: Contact) -> Command {
    Command::Family(family::Command::RecordContact(contact))
}

pub(super) fn views(person: &str, views: Views) -> Command {
    Command::Family(family::Command::RecordViews(ViewsOf {
        person: person.into(),
        views,
    }))
}

pub(super) fn kept(person: &str, promise: &str, on: Date) -> Command {
    Command::Family(family::Command::KeepPromise {
        person: person.into(),
        promise: promise.into(),
        on,
    })
}

pub(super) fn principles(
    clarity: &str,
    transparency: &str,
    negotiation: &str,
    inclusivity: &str,
) -> Command {
    let applied = [
        ("clarity", clarity),
        ("transparency", transparency),
        ("negotiation", negotiation),
        ("inclusivity", inclusivity),
    ]
    .into_iter()
    .map(|(id, words)| (id.to_owned(), words.to_owned()))
    .collect();
    Command::Family(family::Command::ApplyPrinciples(Principles { applied }))
}

pub(super) fn safety(
    person: &str,
    address: &str,
    way: &str,
    responsibility: &str,
    witness: &str,
    officer: &str,
) -> Command {
    Command::Family(family::Command::CheckSafety(SafetyCheck {
        person: person.into(),
        address: address.into(),
        way: way.into(),
        parental_responsibility: responsibility.into(),
        suspect_or_witness: witness.into(),
        officer_consulted: officer.into(),
    }))
}

pub(super) fn letter(
    person: &str,
    kind: LetterKind,
    salutation: &str,
    text: &str,
    dated: Date,
) -> Command {
    let signed_by = "Beatrix Holloway-Quill, Independent Chair".into();
    Command::Family(family::Command::ReleaseLetter(Letter {
        person: person.into(),
        kind,
        salutation: salutation.into(),
        text: text.into(),
        signed_by,
        dated,
    }))
}

pub(super) fn late(clock: &str, why: &str) -> Command {
    Command::Closing(closing::Event::LateExplained {
        clock: clock.into(),
        why: why.into(),
    })
}
