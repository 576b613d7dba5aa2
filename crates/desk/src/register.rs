//! The register of cases: a summary of each, kept current from its events, so that lists cost nothing to draw.

use std::sync::Arc;

use access::{Act, Admission, Person};
use calendar::Date;
use cases::{Case, Clock, ClockState, Missing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::load::Desk;
use crate::same_child::{ChildKey, key};

/// The shape of [`Summary`] as it is kept; one of another shape is made again from the case.
pub(crate) const SHAPE: u32 = 5;

/// What the register keeps of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub shape: u32,
    /// The version of the case, the day and the edition it was made from.
    pub made_from: (u64, Date, String),
    pub id: String,
    pub reference: String,
    pub old_reference: Option<String>,
    pub about: String,
    pub stage: String,
    pub open: bool,
    /// Who is admitted to the case and who is not.
    pub admission: Admission,
    pub owner: Option<String>,
    /// Clocks that are not done.
    pub clocks: Vec<Owed>,
    pub waiting: String,
    pub steps: Vec<Missing>,
    /// Seats that have not signed although everything is there.
    pub to_sign: Vec<cases::Seat>,
    pub children: Vec<ChildKey>,
    /// The first and last words of the names of all people in it.
    pub names: Vec<(String, String)>,
    pub search: String,
    /// When the first erasure that was approved is due; none while a legal hold stands.
    pub erasure_due: Option<Timestamp>,
    /// Who proposed what no second person has approved yet; none while a legal hold stands.
    pub erasure_asked: Vec<String>,
    /// What agencies are asked and have not answered, or not signed.
    pub asked: Vec<AskedOf>,
    /// The agencies that members answer for (person id, agency id).
    pub answer_for: Vec<(String, String)>,
    /// Whose interests nobody has decided about (person id, name).
    pub interests_open: Vec<(String, String)>,
    /// Who opened the case with a written reason that nobody has reviewed (opening, person id, name).
    pub to_review: Vec<(String, String, String)>,
}

/// A request to an agency that is not complete, as lists need it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AskedOf {
    pub request: String,
    /// The agency of the case (id) and its name.
    pub agency: (String, String),
    /// The agency on the partnership's list (id); empty when it is not on it.
    pub of: String,
    pub on: Option<Date>,
    pub due: Option<Date>,
    /// How many answers there were.
    pub times: usize,
    /// Whether there is an answer that only has to be signed.
    pub to_sign: bool,
    /// Whether it was sent back.
    pub back: bool,
}

impl Summary {
    /// Whether a person answers for the agency that is asked, in this case and still today.
    pub(crate) fn asks(&self, person: &Person, asked: &AskedOf) -> bool {
        let here =
            (self.answer_for.iter()).any(|(who, of)| *who == person.id && *of == asked.agency.0);
        here && (asked.of.is_empty() || person.answers_for(&asked.of))
    }
}

/// A clock that is not done, as lists need it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Owed {
    pub id: String,
    pub title: String,
    pub due: Option<Date>,
    pub assumed: bool,
    pub problem: Option<String>,
    pub place: cases::Place,
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

/// The requests of an open case that are not complete.
fn asked_of(case: &Case) -> Vec<AskedOf> {
    let open = |r: &&cases::agencies::asked::Standing| {
        let complete = (r.given.as_ref()).is_some_and(|g| g.answer.nothing_held);
        case.is_open()
            && r.withdrawn.is_none()
            && r.signed.is_none()
            && (r.back.is_some() || !complete)
    };
    let name = |id: &str| case.agencies.find(id).map(|a| a.name.clone());
    (case.agencies.requests.iter().filter(open))
        .map(|r| AskedOf {
            request: r.request.id.clone(),
            agency: (
                r.request.agency.clone(),
                name(&r.request.agency).unwrap_or_default(),
            ),
            of: case.agencies.listed(&r.request.agency).to_owned(),
            on: r.request.on,
            due: r.request.due,
            times: r.times,
            to_sign: r.given.is_some() && r.back.is_none(),
            back: r.back.is_some(),
        })
        .collect()
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
            admission: Admission::of(case),
            owner,
            clocks: open_clocks,
            waiting,
            steps: cases::stages::next_steps(case, &rules),
            to_sign,
            children: case.people.children.iter().map(key).collect(),
            names: crate::elsewhere::names(case),
            search,
            erasure_due: case.erasure.due(),
            erasure_asked: case.erasure.to_approve().map(str::to_owned).collect(),
            asked: asked_of(case),
            answer_for: (case.members.agencies.iter())
                .flat_map(|(person, own)| own.iter().map(|one| (person.clone(), one.clone())))
                .collect(),
            interests_open: case
                .interests
                .open()
                .map(|i| (i.declared.person.clone(), i.declared.name.clone()))
                .collect(),
            to_review: case
                .break_glass
                .to_review()
                .map(|o| &o.opening)
                .map(|o| (o.id.clone(), o.person.clone(), o.name.clone()))
                .collect(),
        };
        if let Ok(mut register) = self.inner.register.write() {
            register.insert(case.id.clone(), Arc::new(summary));
        }
        if let Ok(mut changed) = self.inner.changed.lock() {
            changed.insert(case.id.clone());
        }
    }

    /// Whether a person may do something in a case, from what the register keeps of it.
    pub(crate) fn may_in(&self, actor: &Actor, summary: &Summary, act: Act) -> bool {
        let standing = self.stands(actor, &summary.admission);
        access::permit(&actor.person, act, standing).is_ok()
    }

    /// The cases a person may see: also those of someone they cover for today, and those they opened with a written reason.
    pub(crate) fn visible(&self, actor: &Actor) -> Vec<Arc<Summary>> {
        if access::permit_in_office(&actor.person, Act::ListCases).is_err() {
            return Vec::new();
        }
        let Ok(register) = self.inner.register.read() else {
            return Vec::new();
        };
        register
            .values()
            .filter(|s| self.may_in(actor, s, Act::ReadCase))
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
}
