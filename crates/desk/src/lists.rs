//! The first page's lists, drawn from the register: the cases a person may see, and what needs them.

use access::{Act, Section};
use calendar::Date;

use crate::actor::Actor;
use crate::load::Desk;
use crate::register::{AskedOf, Summary};

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
            .filter(|s| {
                // What one does not read is not found either.
                let reference = s.reference.to_lowercase();
                let searched = match self.reads_any(actor, s) {
                    true => &s.search,
                    false => &reference,
                };
                wanted.iter().all(|w| searched.contains(w))
            })
            .map(|s| {
                let next = s
                    .clocks
                    .iter()
                    .filter_map(|c| c.due.map(|d| (c.title.clone(), d, c.assumed)))
                    .min_by_key(|(_, d, _)| *d);
                if !self.reads_any(actor, &s) {
                    return self.line_for_an_agency(actor, &s);
                }
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

    /// Whether a person reads any section of a case.
    fn reads_any(&self, actor: &Actor, summary: &Summary) -> bool {
        Section::ALL
            .into_iter()
            .any(|section| self.may_in(actor, summary, Act::Read(section)))
    }

    /// The requests to the agency that a person answers for.
    fn own_requests<'a>(
        &self,
        actor: &Actor,
        summary: &'a Summary,
    ) -> impl Iterator<Item = &'a AskedOf> {
        let me = &actor.person;
        summary
            .asked
            .iter()
            .filter(move |asked| summary.asks(me, asked))
    }

    /// What the list says of a case to whoever answers for an agency in it.
    fn line_for_an_agency(&self, actor: &Actor, summary: &Summary) -> CaseLine {
        let next = self
            .own_requests(actor, summary)
            .filter(|asked| !asked.to_sign)
            .filter_map(|asked| Some(("Your agency\u{2019}s answer".to_owned(), asked.due?, false)))
            .min_by_key(|(_, due, _)| *due);
        CaseLine {
            id: summary.id.clone(),
            reference: summary.reference.clone(),
            about: "What your agency is asked".into(),
            stage: match summary.open {
                true => "Information is gathered".into(),
                false => "Closed".into(),
            },
            late: next.as_ref().is_some_and(|(_, due, _)| *due < self.today()),
            problem: None,
            waiting: match next {
                Some(_) => "Your agency".into(),
                None => "No one".into(),
            },
            next,
            open: summary.open,
        }
    }

    /// What a person has to answer or sign for their agency; and for whoever runs the case, who is late.
    fn asked_of(&self, actor: &Actor, summary: &Summary, today: Date) -> Vec<NeedsYou> {
        let mut list = Vec::new();
        let case = |about: &str| {
            let about = about.to_owned();
            (summary.id.clone(), summary.reference.clone(), about)
        };
        if self.may_in(actor, summary, Act::Contribute) && !self.reads_any(actor, summary) {
            let signs = self.may_in(actor, summary, Act::SignAnswer);
            for asked in self.own_requests(actor, summary) {
                let what = match (asked.to_sign, asked.back) {
                    (true, _) if signs => "Read your agency\u{2019}s answer and sign it",
                    (true, _) => continue,
                    (false, true) => "Correct your agency\u{2019}s answer: it was sent back",
                    (false, false) => "Answer for your agency",
                };
                list.push(NeedsYou {
                    what: what.into(),
                    case: case(&asked.agency.1),
                    place: cases::Place::Request(asked.request.clone()),
                    due: asked.due,
                });
            }
        }
        let runs = summary.owner.as_deref() == Some(actor.person.id.as_str());
        let late: Vec<&str> = (summary.asked.iter())
            .filter(|asked| !asked.to_sign && asked.due.is_some_and(|due| due < today))
            .map(|asked| asked.agency.1.as_str())
            .collect();
        if runs && !late.is_empty() {
            list.push(NeedsYou {
                what: format!("Ask again: no answer yet from {}", late.join(", ")),
                case: case(&summary.about),
                place: cases::Place::Agencies,
                due: None,
            });
        }
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
            list.extend(self.asked_of(actor, &s, today));
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
