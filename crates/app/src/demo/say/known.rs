//! What is known: the incident, the people, the agencies, the notification and the rapid review.

use cases::agencies::{self, Agency};
use cases::closing;
use cases::incident::{self, Awareness, Facts, FirstContact, LeadAgreed, OtherArea};
use cases::members::Part;
use cases::notification::{self, NotifyDecision, Of, PartnerView, Recipient, Sent, Told};
use cases::parallel::{self, Process};
use cases::people::{self, Adult, Child, Coded, PseudonymChange, Relationship};
use cases::rapid_review::{self, Answer, Meeting, PanelAnswer, ReportSent};
use cases::{Command, Date};

use super::super::partnership::Who;

/// Everyone who takes part in a case from the start, besides whoever opens it.
pub(in super::super) fn everyone() -> Vec<(Who, Part)> {
    let mut list = vec![
        (Who::Manager, Part::Manages),
        (Who::Deputy, Part::Manages),
        (Who::Chair, Part::Chairs),
    ];
    list.extend(Who::DELEGATES.map(|who| (who, Part::Decides)));
    list
}

pub(in super::super) fn aware(who: &str, on: Date, time: &str, how: &str) -> Command {
    aware_corrected(who, on, time, how, "")
}

pub(in super::super) fn aware_corrected(
    who: &str,
    on: Date,
    time: &str,
    how: &str,
    why: &str,
) -> Command {
    Command::Incident(incident::Command::RecordAwareness(Awareness {
        who: who.into(),
        on: Some(on),
        time: time.into(),
        how: how.into(),
        why_corrected: why.into(),
    }))
}

pub(in super::super) fn contact(on: Date, from: &str, how: &str) -> Command {
    Command::Incident(incident::Command::RecordContact(FirstContact {
        on,
        from: from.into(),
        how: how.into(),
    }))
}

pub(in super::super) fn facts(facts: Facts) -> Command {
    Command::Incident(incident::Command::RecordFacts(facts))
}

pub(in super::super) fn area(name: &str, why: &str, contact: &str) -> Command {
    Command::Incident(incident::Command::AddArea(OtherArea {
        name: name.into(),
        why: why.into(),
        contact: contact.into(),
    }))
}

pub(in super::super) fn lead(area: &str, reasons: &str, agreed_by: &str, on: Date) -> Command {
    Command::Incident(incident::Command::AgreeLead(LeadAgreed {
        area: area.into(),
        reasons: reasons.into(),
        agreed_by: agreed_by.into(),
        on: Some(on),
    }))
}

pub(in super::super) fn own_words(words: &str) -> Option<Coded> {
    Some(Coded {
        code: String::new(),
        words: words.into(),
    })
}

pub(in super::super) fn child(child: Child) -> Command {
    Command::People(people::Command::RecordChild(child))
}

pub(in super::super) fn renamed(child: &str, pseudonym: &str, why: &str) -> Command {
    Command::People(people::Command::ChangePseudonym(PseudonymChange {
        child: child.into(),
        pseudonym: pseudonym.into(),
        why: why.into(),
    }))
}

/// A family member; `responsible_for` are the children for whom the person holds parental responsibility.
pub(in super::super) fn relative(
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
pub(in super::super) fn other_adult(id: &str, name: &str, label: &str, about: &str) -> Command {
    Command::People(people::Command::RecordAdult(Adult {
        id: id.into(),
        name: name.into(),
        label: label.into(),
        about: about.into(),
        ..Adult::default()
    }))
}

pub(in super::super) fn related(one: &str, kind: &str, other: &str) -> Command {
    let (from, until) = (String::new(), String::new());
    Command::People(people::Command::RecordRelationship(Relationship {
        one: one.into(),
        kind: kind.into(),
        other: other.into(),
        from,
        until,
    }))
}

pub(in super::super) fn agency(
    name: &str,
    kind: &str,
    involvement: &str,
    contact: &str,
) -> Command {
    Command::Agencies(agencies::Command::RecordAgency(Agency {
        id: String::new(),
        of: String::new(),
        name: name.into(),
        kind: kind.into(),
        involvement: involvement.into(),
        contact: contact.into(),
    }))
}

pub(in super::super) fn process(process: Process) -> Command {
    Command::Parallel(parallel::Command::RecordProcess(process))
}

pub(in super::super) fn notify(
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

pub(in super::super) fn sent(
    kind: &str,
    on: Date,
    time: &str,
    by_whom: &str,
    reference: &str,
) -> Command {
    Command::Notification(notification::Command::RecordSent(Sent {
        kind: kind.into(),
        on,
        time: time.into(),
        by_whom: by_whom.into(),
        reference: reference.into(),
    }))
}

/// The police, both health boards and these other areas were told of the incident, as chosen on the page.
pub(in super::super) fn told_partners(areas: &[&str], on: Date, how: &str) -> Command {
    let seat = |partner: &str, body: &str| {
        Recipient::Seat(cases::Seat {
            partner: partner.into(),
            body: body.into(),
        })
    };
    let mut to = vec![
        seat("health", "merrow-valley"),
        seat("health", "tilbrook-and-coast"),
        seat("police", "merrowshire-constabulary"),
    ];
    to.extend(areas.iter().map(|a| Recipient::Area { name: (*a).into() }));
    let mut who = "NHS Merrow Valley and NHS Tilbrook and Coast Integrated Care Boards, Merrowshire Constabulary".to_owned();
    areas.iter().for_each(|a| who = format!("{who}, {a}"));
    told_exactly(&who, to, Of::Incident, on, how)
}

/// Everyone the edition names was told of the decision or of the reviewer.
pub(in super::super) fn told_offices(of: Of, on: Date, how: &str) -> Command {
    let names = [
        "Child Safeguarding Practice Review Panel",
        "Ofsted",
        "Department for Education",
    ];
    let to = names.map(|n| Recipient::Office { name: n.into() });
    let who = "Child Safeguarding Practice Review Panel, Ofsted and the Department for Education";
    told_exactly(who, to.to_vec(), of, on, how)
}

fn told_exactly(who: &str, to: Vec<Recipient>, of: Of, on: Date, how: &str) -> Command {
    Command::Notification(notification::Command::RecordTold(Told {
        who: who.into(),
        what: of.words().into(),
        on,
        how: how.into(),
        to,
        of: Some(of),
    }))
}

pub(in super::super) fn told(who: &str, what: &str, on: Date, how: &str) -> Command {
    Command::Notification(notification::Command::RecordTold(Told {
        who: who.into(),
        what: what.into(),
        on,
        how: how.into(),
        to: Vec::new(),
        of: None,
    }))
}

pub(in super::super) fn planned(on: Date, notes: &str) -> Command {
    Command::RapidReview(rapid_review::Command::RecordMeeting(Meeting {
        on,
        planned: true,
        present: String::new(),
        apologies: String::new(),
        safety: String::new(),
        notes: notes.into(),
        instead_of: None,
    }))
}

/// A planned meeting moved to another day.
pub(in super::super) fn moved(from: Date, on: Date, notes: &str) -> Command {
    Command::RapidReview(rapid_review::Command::RecordMeeting(Meeting {
        on,
        planned: true,
        present: String::new(),
        apologies: String::new(),
        safety: String::new(),
        notes: notes.into(),
        instead_of: Some(from),
    }))
}

pub(in super::super) fn met_on(
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
        instead_of: None,
    }))
}

pub(in super::super) fn report(on: Date, to: &str, by_whom: &str, summary: &str) -> Command {
    Command::RapidReview(rapid_review::Command::RecordReport(ReportSent {
        on,
        to: to.into(),
        by_whom: by_whom.into(),
        summary: summary.into(),
    }))
}

pub(in super::super) fn answered(on: Date, answer: Answer, words: &str) -> Command {
    Command::RapidReview(rapid_review::Command::RecordAnswer(PanelAnswer {
        on,
        answer,
        words: words.into(),
    }))
}

pub(in super::super) fn late(clock: &str, why: &str) -> Command {
    Command::Closing(closing::Event::LateExplained {
        clock: clock.into(),
        why: why.into(),
    })
}
