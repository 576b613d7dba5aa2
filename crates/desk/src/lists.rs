//! The first page's lists, drawn from the register: the cases a person may see, and what needs them.

use access::Act;
use calendar::Date;

use crate::actor::Actor;
use crate::load::Desk;

/// One case in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// Its id.
    pub id: String,
    /// Its reference.
    pub reference: String,
    /// Who it is about, by pseudonym and age.
    pub about: String,
    /// The stage.
    pub stage: String,
    /// The next thing due and its day.
    pub next: Option<(String, Date, bool)>,
    /// A clock that cannot be worked out, when nothing else is due.
    pub problem: Option<String>,
    /// Who must act.
    pub waiting: String,
    /// True while it is open.
    pub open: bool,
    /// True when something is late.
    pub late: bool,
}

/// One thing that needs the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedsYou {
    /// What to do.
    pub what: String,
    /// The case's id, reference and who it is about.
    pub case: (String, String, String),
    /// Where.
    pub place: cases::Place,
    /// The due day, if there is one.
    pub due: Option<Date>,
}

impl Desk {
    /// The list of cases a person may see: late first, then by the nearest day; `words` narrows it.
    pub fn cases(&self, actor: &Actor, words: &str) -> Vec<CaseLine> {
        let today = self.today();
        let wanted: Vec<String> = words
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let mut list: Vec<CaseLine> = self
            .visible(actor)
            .into_iter()
            .filter(|s| wanted.iter().all(|w| s.search.contains(w)))
            .map(|s| {
                let next = s
                    .clocks
                    .iter()
                    .filter_map(|c| c.due.map(|d| (c.title.clone(), d, c.assumed)))
                    .min_by_key(|(_, d, _)| *d);
                CaseLine {
                    id: s.id.clone(),
                    reference: s.reference.clone(),
                    about: s.about.clone(),
                    stage: s.stage.clone(),
                    late: next.as_ref().is_some_and(|(_, d, _)| *d < today),
                    problem: s
                        .clocks
                        .iter()
                        .find_map(|c| c.problem.as_ref().map(|p| format!("{}: {p}", c.title))),
                    next,
                    waiting: s.waiting.clone(),
                    open: s.open,
                }
            })
            .collect();
        list.sort_by(|a, b| {
            (
                !a.open,
                a.next.is_none(),
                a.next.as_ref().map(|n| n.1),
                &b.reference,
            )
                .cmp(&(
                    !b.open,
                    b.next.is_none(),
                    b.next.as_ref().map(|n| n.1),
                    &a.reference,
                ))
        });
        list
    }

    /// What needs a person, nearest day first.
    pub fn needs(&self, actor: &Actor) -> Vec<NeedsYou> {
        let today = self.today();
        let mut list = Vec::new();
        let seats: Vec<cases::Seat> = self
            .office()
            .authorities(&actor.person.id, today)
            .into_iter()
            .map(|a| a.seat)
            .collect();
        let office = self.office();
        let covers = office.covers(&actor.person.id, today);
        for s in self.visible(actor) {
            let case = (s.id.clone(), s.reference.clone(), s.about.clone());
            // Also of a closed case: that is when a retention period ends.
            let me = &actor.person.id;
            if s.erasure_asked.iter().any(|by| by != me)
                && self.may_in(actor, &s, Act::ApproveErasure)
            {
                list.push(NeedsYou {
                    what: "Read what is proposed to be erased, and approve or withdraw it".into(),
                    case: case.clone(),
                    place: cases::Place::Erasure,
                    due: None,
                });
            }
            if self.may_in(actor, &s, Act::DecideInterest) {
                for (_, name) in s.interests_open.iter().filter(|(person, _)| person != me) {
                    list.push(NeedsYou {
                        what: format!("Decide about the interest that {name} declared"),
                        case: case.clone(),
                        place: cases::Place::Interests,
                        due: None,
                    });
                }
            }
            if self.may_in(actor, &s, Act::SeeOpenings) {
                for (_, _, name) in s.to_review.iter().filter(|(_, person, _)| person != me) {
                    list.push(NeedsYou {
                        what: format!("{name} opened this case with a written reason: read it, and review it afterwards"),
                        case: case.clone(),
                        place: cases::Place::Openings,
                        due: Some(today),
                    });
                }
            }
            if !s.open {
                continue;
            }
            let runs = s
                .owner
                .as_deref()
                .is_some_and(|o| o == actor.person.id || covers.contains(&o));
            let decision_due = s
                .clocks
                .iter()
                .filter(|c| c.id == "rapid-review")
                .find_map(|c| c.due);
            if s.to_sign.iter().any(|seat| seats.contains(seat))
                && self.may_in(actor, &s, Act::SignForPartner)
            {
                list.push(NeedsYou {
                    what: "Read and sign the decision".into(),
                    case: case.clone(),
                    place: cases::Place::Decision,
                    due: decision_due,
                });
            }
            if runs {
                for clock in s.clocks.iter().filter(|c| {
                    c.due
                        .is_some_and(|d| d <= today.saturating_add(jiff::Span::new().days(21)))
                }) {
                    list.push(NeedsYou {
                        what: clock.title.clone(),
                        case: case.clone(),
                        place: clock.place.clone(),
                        due: clock.due,
                    });
                }
                if let Some(step) = s.steps.first() {
                    list.push(NeedsYou {
                        what: step.what.clone(),
                        case,
                        place: step.place.clone(),
                        due: None,
                    });
                }
            }
        }
        list.sort_by_key(|n| (n.due.is_none(), n.due));
        list
    }
}
