//! The register of cases: a summary of each, kept current from its events, so that lists cost nothing to draw.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use calendar::Date;
use cases::{Case, Clock, ClockState, Missing};
use serde::{Deserialize, Serialize};
use store::KeptSummary;

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, stream};
use crate::same_child::{ChildKey, key};

/// The shape of [`Summary`] as it is kept; one of another shape is made again from the case.
const SHAPE: u32 = 1;

/// What the register keeps of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Summary {
    shape: u32,
    /// The version of the case, the day and the edition it was made from.
    made_from: (u64, Date, String),
    pub id: String,
    pub reference: String,
    pub old_reference: Option<String>,
    pub about: String,
    pub stage: String,
    pub open: bool,
    pub members: Vec<(String, cases::members::Part)>,
    pub barred: Vec<String>,
    pub owner: Option<String>,
    /// Clocks that are not done.
    pub clocks: Vec<Owed>,
    pub waiting: String,
    pub steps: Vec<Missing>,
    /// Seats that have not signed although everything is there.
    pub to_sign: Vec<cases::Seat>,
    pub children: Vec<ChildKey>,
    pub search: String,
}

/// A clock that is not done, as lists need it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Owed {
    id: String,
    title: String,
    due: Option<Date>,
    assumed: bool,
    problem: Option<String>,
    place: cases::Place,
}

impl From<Clock> for Owed {
    fn from(clock: Clock) -> Owed {
        Owed {
            id: clock.id,
            title: clock.title,
            due: clock.due,
            assumed: clock.assumed,
            problem: clock.problem,
            place: clock.place,
        }
    }
}

impl Summary {
    pub(crate) fn admits(&self, person: &str) -> bool {
        self.members.iter().any(|(p, _)| p == person) && !self.barred.iter().any(|b| b == person)
    }
}

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
    /// Writes the summary of a case anew.
    pub(crate) fn summarise(&self, case: &Arc<Case>) {
        let today = self.today();
        let editions = self.editions();
        let Ok(rules) = editions.for_step(case, today) else {
            return;
        };
        let clocks = cases::clocks::clocks(case, editions.as_ref(), &rules, today);
        let open_clocks: Vec<Owed> = if case.is_open() {
            clocks
                .into_iter()
                .filter(|c| {
                    matches!(
                        c.state,
                        ClockState::Late | ClockState::Running | ClockState::CannotBeWorkedOut
                    )
                })
                .map(Owed::from)
                .collect()
        } else {
            Vec::new()
        };
        let missing = cases::decision::missing(case, &rules);
        let round = &case.decision.current;
        let ready = missing.is_empty() && round.completed.is_none() && case.is_open();
        let seats = self.seats();
        let to_sign: Vec<cases::Seat> = if ready {
            seats
                .iter()
                .map(|s| s.seat.clone())
                .filter(|s| round.signature(s).is_none())
                .collect()
        } else {
            Vec::new()
        };
        let owner = case.members.owner.clone();
        let owner_name = owner
            .as_ref()
            .and_then(|o| case.members.list.get(o))
            .map(|(n, _)| n.clone())
            .unwrap_or_default();
        let waiting = if !case.is_open() {
            "No one".into()
        } else if !to_sign.is_empty() {
            let mut names: Vec<String> = seats
                .iter()
                .filter(|s| to_sign.contains(&s.seat))
                .map(|s| s.partner.clone())
                .collect();
            names.dedup();
            format!("{}: to sign", names.join(", "))
        } else {
            owner_name.clone()
        };
        let search = [
            case.reference().to_lowercase(),
            case.people
                .children
                .iter()
                .map(|c| c.pseudonym.to_lowercase())
                .collect::<Vec<_>>()
                .join(" "),
        ]
        .join(" ");
        let opening = case.incident.opening.as_ref();
        let summary = Summary {
            shape: SHAPE,
            made_from: (case.version(), today, rules.id.clone()),
            id: case.id.clone(),
            reference: case.reference().to_owned(),
            old_reference: opening.and_then(|o| o.old_reference.clone()),
            about: case.about(today),
            stage: cases::stages::stage(case, &rules).to_owned(),
            open: case.is_open(),
            members: case
                .members
                .list
                .iter()
                .map(|(id, (_, part))| (id.clone(), *part))
                .collect(),
            barred: case.members.barred.keys().cloned().collect(),
            owner,
            clocks: open_clocks,
            waiting,
            steps: cases::stages::next_steps(case, &rules),
            to_sign,
            children: case.people.children.iter().map(key).collect(),
            search,
        };
        if let Ok(mut register) = self.inner.register.write() {
            register.insert(case.id.clone(), Arc::new(summary));
        }
        if let Ok(mut changed) = self.inner.changed.lock() {
            changed.insert(case.id.clone());
        }
    }

    /// Fills the register when the desk is opened: from what was kept of each case, and from the case itself where that is behind.
    pub(crate) async fn fill_register(&self) -> Result<(), DeskError> {
        let mut kept: HashMap<String, KeptSummary> = HashMap::new();
        for summary in self.inner.store.summaries().await? {
            kept.insert(summary.stream.clone(), summary);
        }
        for head in self.inner.store.streams().await? {
            let Some(id) = head.stream.strip_prefix("case/") else {
                continue;
            };
            let summary = kept
                .get(&head.stream)
                .filter(|kept| kept.entries == head.entries)
                .and_then(|kept| serde_json::from_slice::<Summary>(&kept.content).ok())
                .filter(|summary| summary.shape == SHAPE);
            match summary {
                Some(summary) => {
                    if let Ok(mut register) = self.inner.register.write() {
                        register.insert(id.to_owned(), Arc::new(summary));
                    }
                }
                None => {
                    let case = self.load(id).await?;
                    self.summarise(&case);
                }
            }
        }
        Ok(())
    }

    /// Makes again what was worked out on an earlier day or under other rules, and keeps what changed for the next start.
    /// Meant to be called now and then; each case takes a few milliseconds, and others are served in between.
    ///
    /// # Errors
    /// The store failed.
    pub async fn refresh_register(&self) -> Result<(), DeskError> {
        let today = self.today();
        let all = self.inner.all_stale.swap(false, Ordering::Relaxed);
        let stale: Vec<String> = self.inner.register.read().map_or_else(
            |_| Vec::new(),
            |register| {
                register
                    .values()
                    .filter(|s| s.open && (all || s.made_from.1 != today))
                    .map(|s| s.id.clone())
                    .collect()
            },
        );
        for id in stale {
            let case = self.load(&id).await?;
            self.summarise(&case);
            tokio::task::yield_now().await;
        }
        self.keep_register().await
    }

    /// After a change of settings or holidays: makes every summary again, while others are served.
    pub(crate) fn remake_register(&self) {
        self.inner.all_stale.store(true, Ordering::Relaxed);
        let desk = self.clone();
        tokio::spawn(async move {
            if let Err(error) = desk.refresh_register().await {
                tracing::error!(%error, "the register could not be made again");
            }
        });
    }

    /// Keeps the summaries that changed since the last time.
    pub(crate) async fn keep_register(&self) -> Result<(), DeskError> {
        let changed = match self.inner.changed.lock() {
            Ok(mut changed) => std::mem::take(&mut *changed),
            Err(_) => return Ok(()),
        };
        let mut list = Vec::with_capacity(changed.len());
        if let Ok(register) = self.inner.register.read() {
            for summary in changed.iter().filter_map(|id| register.get(id)) {
                let content = serde_json::to_vec(&**summary)
                    .map_err(|e| DeskError::Other(format!("a summary could not be kept: {e}")))?;
                list.push(KeptSummary {
                    stream: stream(&summary.id),
                    entries: summary.made_from.0,
                    content,
                });
            }
        }
        Ok(self.inner.store.put_summaries(&list).await?)
    }

    /// The cases a person may see: also those of someone they cover for today.
    pub(crate) fn visible(&self, actor: &Actor) -> Vec<Arc<Summary>> {
        if access::permit_in_office(&actor.person, access::Act::ListCases).is_err() {
            return Vec::new();
        }
        let office = self.office();
        let covers = office.covers(&actor.person.id, self.today());
        let Ok(register) = self.inner.register.read() else {
            return Vec::new();
        };
        register
            .values()
            .filter(|s| {
                let barred = s.barred.contains(&actor.person.id);
                s.admits(&actor.person.id)
                    || (!barred && s.owner.as_deref().is_some_and(|o| covers.contains(&o)))
            })
            .cloned()
            .collect()
    }

    /// The case of theirs with this reference, else with this old one. Cases they may not see do not stand in the way, so that
    /// the answer tells nothing of them.
    pub fn own_reference(&self, actor: &Actor, reference: &str) -> Option<String> {
        let mine = self.visible(actor);
        let old = |s: &Summary| {
            s.old_reference
                .as_ref()
                .is_some_and(|o| o.eq_ignore_ascii_case(reference))
        };
        mine.iter()
            .find(|s| s.reference.eq_ignore_ascii_case(reference))
            .or_else(|| mine.iter().find(|s| old(s)))
            .map(|s| s.id.clone())
    }

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
        for s in self.visible(actor).into_iter().filter(|s| s.open) {
            let case = (s.id.clone(), s.reference.clone(), s.about.clone());
            let runs = s
                .owner
                .as_deref()
                .is_some_and(|o| o == actor.person.id || covers.contains(&o));
            let decision_due = s
                .clocks
                .iter()
                .filter(|c| c.id == "rapid-review")
                .find_map(|c| c.due);
            if s.to_sign.iter().any(|seat| seats.contains(seat)) {
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
