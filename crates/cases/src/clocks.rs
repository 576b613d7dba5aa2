//! The clocks the edition sets on a case: what started each, how it was worked out, who owes what to whom, done, due, late.
//! Late stays late; a corrected trigger re-computes the clock and keeps the old one in the story.
//! Long because every trigger and every fact that meets a clock is named here once, side by side.

use calendar::{Date, Length, Worked};
use guidance::{ClockRule, Rules, Source, Standing};
use serde::Serialize;

use crate::family::Views;
use crate::notification::{Of, Recipient};
use crate::{Case, Editions, NamedSeat};

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockState {
    /// What starts it is not known: it cannot be worked out yet.
    CannotBeWorkedOut,
    /// Running, with the day it is due when it has one.
    Running,
    /// Due today or in the past, and not done.
    Late,
    /// Done in time.
    Done,
    /// Done, but late.
    DoneLate,
}

/// One clock of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Clock {
    /// The rule's id, or "look-again" for a day someone set.
    pub id: String,
    /// What is owed.
    pub title: String,
    /// What starts it, in words.
    pub started_by: String,
    /// How it was worked out.
    pub worked: Option<Worked>,
    /// The due day.
    pub due: Option<Date>,
    /// True when the start is a cautious assumption.
    pub assumed: bool,
    /// Who owes it.
    pub owed_by: String,
    /// To whom.
    pub owed_to: Vec<String>,
    /// The day it was done.
    pub done: Option<Date>,
    /// Where it stands.
    pub state: ClockState,
    /// Why it was late, if said.
    pub late_reason: Option<String>,
    /// Earlier starts that were corrected, oldest first.
    pub earlier_starts: Vec<Date>,
    /// The source in words.
    pub source: Option<Source>,
    /// How far the source was confirmed.
    pub standing: Option<Standing>,
    /// The composite id of the edition.
    pub edition: String,
    /// Who has still to be told, in words, where telling several is what meets it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<String>,
    /// What keeps it from being worked out, in words.
    pub problem: Option<String>,
    /// Where what it waits for is entered.
    pub place: crate::Place,
    /// True for a duty expressed as "should".
    pub advice: Option<String>,
}

struct Started {
    on: Option<Date>,
    assumed: bool,
    words: String,
    earlier: Vec<Date>,
}

/// What starts the clocks with this trigger, as far as the case knows.
fn started(case: &Case, rules: &Rules, trigger: &str) -> Option<Started> {
    let plain = |on: Option<Date>, words: &str| {
        Some(Started {
            on,
            assumed: false,
            words: words.to_owned(),
            earlier: Vec::new(),
        })
    };
    match trigger {
        "aware" => {
            let awareness = case.incident.awareness.as_ref();
            let earlier = case
                .incident
                .earlier_awareness
                .iter()
                .filter_map(|a| a.on)
                .collect();
            match awareness.and_then(|a| a.on) {
                Some(on) => Some(Started {
                    on: Some(on),
                    assumed: false,
                    words: "the day the authority became aware".into(),
                    earlier,
                }),
                None => {
                    let contact = case.incident.earliest_contact().map(|c| c.on).or(case
                        .incident
                        .opening
                        .as_ref()
                        .and_then(|o| o.heard_on));
                    let words = if contact.is_some() {
                        "a cautious working date: the earliest contact recorded, as the day the authority became aware is not yet known"
                    } else {
                        "the day the authority became aware, which is not yet known"
                    };
                    Some(Started {
                        on: contact,
                        assumed: contact.is_some(),
                        words: words.into(),
                        earlier,
                    })
                }
            }
        }
        "notified" => case
            .notification
            .serious(rules)
            .and_then(|s| plain(Some(s.on), "the day the notification was sent")),
        "rapid-review-sent" => case
            .rapid_review
            .reports
            .last()
            .and_then(|r| plain(Some(r.on), "the day the rapid review was sent")),
        "review-decided" => {
            let round = case.decision.complete()?;
            (round.proposal.conduct == Some(true)).then_some(())?;
            plain(
                round.completed,
                "the day the partners decided to conduct a review",
            )
        }
        "publication" => {
            let published = case.publication.published.as_ref().map(|p| p.0);
            published.or(case.publication.planned).and_then(|on| {
                plain(
                    Some(on),
                    if published.is_some() {
                        "the day of publication"
                    } else {
                        "the planned day of publication"
                    },
                )
            })
        }
        _ => None,
    }
}

/// Who is to be told before a clock on telling is met, with their names, and of what; `None` for the other clocks.
fn to_tell(
    case: &Case,
    rule: &ClockRule,
    seats: &[NamedSeat],
) -> Option<(Vec<(Recipient, String)>, Of)> {
    let offices = || {
        let names = rule.owed_to.iter();
        names
            .map(|name| (Recipient::Office { name: name.clone() }, name.clone()))
            .collect()
    };
    match rule.done_when.as_str() {
        "partners-told" => {
            // Whoever owes it need not tell itself.
            let partners = seats.iter().filter(|s| s.partner != rule.owed_by);
            let partners = partners.map(|s| (Recipient::Seat(s.seat.clone()), s.body.clone()));
            let areas = case.incident.areas.iter().map(|a| {
                let name = a.name.clone();
                (Recipient::Area { name }, a.name.clone())
            });
            Some((partners.chain(areas).collect(), Of::Incident))
        }
        "decision-told" => Some((offices(), Of::Decision)),
        "reviewer-told" => Some((offices(), Of::Reviewer)),
        _ => None,
    }
}

/// The day everyone had been told, or who has still to be.
fn all_told(
    case: &Case,
    list: &[(Recipient, String)],
    of: Of,
) -> Result<Option<Date>, Vec<String>> {
    let days = list
        .iter()
        .map(|(to, name)| case.notification.told_on(to, of).ok_or(name));
    let (told, missing): (Vec<_>, Vec<_>) = days.partition(Result::is_ok);
    if missing.is_empty() {
        Ok(told.into_iter().flatten().max())
    } else {
        let names = missing.into_iter().filter_map(Result::err);
        Err(names.cloned().collect())
    }
}

/// The day the fact that meets a clock happened.
fn done(case: &Case, rule: &ClockRule, rules: &Rules) -> Option<Date> {
    match rule.done_when.as_str() {
        // Each kind of notification has its own clocks: only the kind that was sent meets them.
        "notification-sent" => case
            .notification
            .sent
            .iter()
            .filter(|s| rule.applies(&s.kind))
            .map(|s| s.on)
            .min(),
        "rapid-review-sent" => {
            // After a finding, a new notification needs a report of its own.
            let found = &case.notification.found_about;
            let since = (!found.is_empty()).then(|| case.notification.serious(rules));
            let since = since.flatten().map(|s| s.on);
            let reports = case.rapid_review.reports.iter().map(|r| r.on);
            reports.filter(|on| since.is_none_or(|s| *on >= s)).min()
        }
        "published" => case.publication.published.as_ref().map(|p| p.0),
        "sent-ahead" => case.publication.sent_ahead.iter().map(|s| s.0).min(),
        "panel-answered" => case.rapid_review.answers.iter().map(|a| a.on).min(),
        "family-told" => case
            .family
            .people
            .values()
            .filter_map(|p| p.told().map(|c| c.on))
            .min(),
        _ => None,
    }
}

/// Whether a clock applies to this case at all.
fn applies(case: &Case, rule: &ClockRule, rules: &Rules) -> bool {
    // Every kind that was sent brings its own duties; before that, the kind that was decided on.
    let mut kinds: Vec<&str> = case
        .notification
        .sent
        .iter()
        .map(|s| s.kind.as_str())
        .collect();
    if kinds.is_empty() {
        kinds.extend(
            case.notification
                .decision
                .as_ref()
                .filter(|d| d.notify)
                .map(|d| d.kind.as_str()),
        );
    }
    let not_notifying = case
        .notification
        .decision
        .as_ref()
        .is_some_and(|d| !d.notify)
        && case.notification.sent.is_empty();
    if rule.trigger.as_str() == "aware" && not_notifying {
        return false;
    }
    if kinds.is_empty() {
        return rule.applies_to.is_empty()
            || rules
                .notifications
                .iter()
                .any(|n| n.starts_rapid_review && rule.applies(&n.id));
    }
    kinds.iter().any(|kind| rule.applies(kind))
}

fn place(trigger: &str) -> crate::Place {
    match trigger {
        "aware" => crate::Place::Notification,
        "notified" => crate::Place::RapidReview,
        _ => crate::Place::Publication,
    }
}

/// All clocks of a case, nearest due first, then those that cannot be worked out, then what is done.
pub fn clocks(case: &Case, editions: &dyn Editions, now_rules: &Rules, today: Date) -> Vec<Clock> {
    let mut list: Vec<Clock> = Vec::new();
    for rule in &now_rules.clocks {
        let Some(start) = started(case, now_rules, rule.trigger.as_str()) else {
            continue;
        };
        // A clock belongs to the edition in force on the day it started, unless a named person chose one.
        let chosen = case
            .editions
            .last()
            .and_then(|c| editions.by_id(&c.edition));
        let rules = chosen.or_else(|| start.on.and_then(|on| editions.on(on)));
        let edition_rules: &Rules = rules.as_deref().unwrap_or(now_rules);
        let Some(rule) = edition_rules.clock(&rule.id) else {
            continue;
        };
        if applies(case, rule, edition_rules) {
            list.push(one(case, editions, edition_rules, rule, start, today));
        }
    }
    list.extend(look_again(case, now_rules, today));
    list.sort_by_key(|c| {
        let group = match c.state {
            ClockState::Late => 0,
            ClockState::Running => 1,
            ClockState::CannotBeWorkedOut => 2,
            ClockState::DoneLate | ClockState::Done => 3,
        };
        (group, c.due.is_none(), c.due)
    });
    list
}

fn one(
    case: &Case,
    editions: &dyn Editions,
    rules: &Rules,
    rule: &ClockRule,
    start: Started,
    today: Date,
) -> Clock {
    let mut problem = None;
    let worked = start.on.and_then(|on| {
        match editions.holidays().work_out(on, rule.length, rule.day_zero) {
            Ok(worked) => Some(worked),
            Err(error) => {
                problem = Some(error.to_string());
                None
            }
        }
    });
    let due = worked.as_ref().and_then(|w| w.due);
    let (done, waits_for) = match to_tell(case, rule, &editions.seats(today)) {
        Some((list, of)) => match all_told(case, &list, of) {
            Ok(day) => (day, Vec::new()),
            Err(names) => (None, names),
        },
        None => (done(case, rule, rules), Vec::new()),
    };
    let state = match (start.on, done, due) {
        (None, None, _) => ClockState::CannotBeWorkedOut,
        (_, Some(done), Some(due)) if done > due => ClockState::DoneLate,
        (_, Some(_), _) => ClockState::Done,
        (_, None, Some(due)) if today > due => ClockState::Late,
        (_, None, None) if problem.is_some() => ClockState::CannotBeWorkedOut,
        _ => ClockState::Running,
    };
    // "At least one year" is met by time passing, not by an act.
    let state = if rule.done_when.is_empty() && due.is_some_and(|d| today > d) {
        ClockState::Done
    } else {
        state
    };
    if start.on.is_none() {
        problem = Some("this clock cannot be worked out yet".into());
    }
    Clock {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        started_by: start.words,
        worked,
        due,
        assumed: start.assumed,
        owed_by: rule.owed_by.clone(),
        owed_to: rule.owed_to.clone(),
        done,
        state,
        late_reason: case.closing.late.get(rule.id.as_str()).cloned(),
        earlier_starts: start.earlier,
        source: Some(rule.source.clone()),
        standing: Some(rule.standing.clone()),
        edition: rules.id.clone(),
        waits_for,
        problem,
        place: place(rule.trigger.as_str()),
        advice: rule.advice.clone(),
    }
}

/// Days that someone set to look at something again.
fn look_again(case: &Case, rules: &Rules, today: Date) -> Vec<Clock> {
    let mut list = Vec::new();
    let mut add = |title: String, due: Date, place: crate::Place, id: String| {
        list.push(Clock {
            id,
            title,
            started_by: "a day set in the case".into(),
            worked: None,
            due: Some(due),
            assumed: false,
            owed_by: String::new(),
            owed_to: Vec::new(),
            done: None,
            state: if today > due {
                ClockState::Late
            } else {
                ClockState::Running
            },
            late_reason: None,
            earlier_starts: Vec::new(),
            source: None,
            standing: None,
            edition: rules.id.clone(),
            waits_for: Vec::new(),
            problem: None,
            place,
            advice: None,
        });
    };
    for (id, considered) in &case.consideration.elements {
        if let (Some(due), Some(element)) = (
            considered.finding.look_again,
            crate::consideration::element(rules, id),
        ) {
            add(
                format!("Look again at \u{201c}{}\u{201d}", element.label),
                due,
                crate::Place::Element(id.clone()),
                format!("look-again-{id}"),
            );
        }
    }
    for (id, part) in &case.family.people {
        let who = case.people.called(id);
        if let Some(due) = part
            .appropriate
            .as_ref()
            .filter(|a| !a.appropriate)
            .and_then(|a| a.look_again)
        {
            add(
                format!("Look again at whether to inform {who}"),
                due,
                crate::Place::Family(id.clone()),
                format!("look-again-inform-{id}"),
            );
        }
        if let Some(Views::NotAsked { look_again, .. }) = &part.views {
            add(
                format!("Look again at why {who} is not asked"),
                *look_again,
                crate::Place::Family(id.clone()),
                format!("look-again-views-{id}"),
            );
        }
    }
    for process in case.parallel.list.iter().filter(|p| !p.ended) {
        if let Some(due) = process.look_again {
            add(
                format!("Look again at what the {} holds up", process.kind),
                due,
                crate::Place::Case,
                format!("look-again-{}", process.id),
            );
        }
    }
    list
}

/// One clock by rule and day, for the command line: no case needed.
///
/// # Errors
/// The calendar's refusal, in words.
pub fn by_rule(
    rule: &ClockRule,
    start: Date,
    holidays: &calendar::Holidays,
) -> Result<Worked, calendar::CalendarError> {
    holidays.work_out(start, rule.length, rule.day_zero)
}

/// True when a length is an act without a day, such as "as soon as possible".
pub fn has_no_day(length: Length) -> bool {
    length == Length::AsSoonAsPossible
}
