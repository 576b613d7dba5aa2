//! The cases a system may see, and of one its state, its clocks and its story: pseudonyms only, as a page shows them by default.

use access::{Act, Section};
use axum::response::Response;
use cases::ClockState;
use cases::agencies::asked::State as Asking;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Asked, Caller, Here, Problem, json, json_of};

/// The system that asks, and who it is let in by.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub struct Myself {
    /// Its id in the record.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The partnership.
    pub partnership: String,
    /// What it is for.
    pub purpose: String,
    /// The agency it answers for (id on the partnership's list); none for one that reads cases.
    pub agency: Option<String>,
    /// Who answers for it, by name.
    pub answered_for_by: String,
    /// The last day on which it is let in.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// How often it may ask in a minute.
    pub most_in_a_minute: u32,
}

/// Who am I?
#[utoipa::path(get, path = "/api/v1/me", operation_id = "me", tag = "who asks", responses(
    (status = 200, description = "The system that asks.", body = Myself),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn me(caller: Caller) -> Result<Response, Problem> {
    let office = caller.desk().office();
    let person = &caller.actor.person;
    let service = office
        .services
        .get(&person.id)
        .ok_or_else(Problem::not_there)?;
    json(&Myself {
        id: person.id.clone(),
        name: person.name.clone(),
        partnership: caller.desk().settings().name.clone(),
        purpose: service.purpose.clone(),
        agency: person.agency.clone(),
        answered_for_by: (office.person(&service.owner))
            .map_or_else(String::new, |owner| owner.name.clone()),
        until: service.until,
        most_in_a_minute: desk::MOST_ASKED,
    })
}

/// What is due next.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextDue)]
pub struct Next {
    /// What.
    pub what: String,
    /// By the end of which day.
    #[schema(value_type = String, format = Date)]
    pub due: Date,
    /// True while its start is a cautious assumption.
    pub assumed: bool,
}

/// A case in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseLine {
    /// Its id, for the other addresses.
    pub id: String,
    /// Its reference.
    pub reference: String,
    /// Who it is about, by pseudonym and age; for a system of an agency only that the agency is asked.
    pub about: String,
    /// Its stage.
    pub stage: String,
    /// Whether it is open.
    pub open: bool,
    /// Whether something is late.
    pub late: bool,
    /// Who must act.
    pub waiting_for: String,
    /// What is due next, if anything is.
    pub next: Option<Next>,
}

/// A part of the list of cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseList {
    /// The cases, by reference.
    pub cases: Vec<CaseLine>,
    /// What to send as `after` for those that follow; none when there are no more.
    pub next: Option<String>,
}

/// Which part of the list of cases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Those after this reference; from the first when it is left out.
    #[serde(default)]
    pub after: String,
    /// How many at most, from 1 to 500; 100 when it is left out.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<usize>,
}

/// A number from 1 to 500, 100 when it was not said.
fn most(limit: Option<usize>) -> Result<usize, Problem> {
    match limit.unwrap_or(100) {
        limit @ 1..=500 => Ok(limit),
        _ => Err(Problem::field("limit", "Ask for 1 to 500 at a time")),
    }
}

/// The cases that the system may see.
#[utoipa::path(get, path = "/api/v1/cases", operation_id = "listCases", tag = "cases", params(Part), responses(
    (status = 200, description = "A part of the list.", body = CaseList),
    (status = 400, description = "A parameter cannot be read.", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A parameter has to be corrected.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list(caller: Caller, Asked(part): Asked<Part>) -> Result<Response, Problem> {
    let limit = most(part.limit)?;
    access::permit_in_office(&caller.actor.person, Act::ListCases)
        .map_err(desk::DeskError::from)?;
    let mut all = caller.desk().cases(&caller.actor, "");
    all.retain(|line| line.reference > part.after);
    all.sort_by(|a, b| a.reference.cmp(&b.reference));
    let more = all.len() > limit;
    all.truncate(limit);
    let next = (all.last())
        .filter(|_| more)
        .map(|line| line.reference.clone());
    let cases = all.into_iter().map(|line| CaseLine {
        id: line.id,
        reference: line.reference,
        about: line.about,
        stage: line.stage,
        open: line.open,
        late: line.late,
        waiting_for: line.waiting,
        next: line
            .next
            .map(|(what, due, assumed)| Next { what, due, assumed }),
    });
    json(&CaseList {
        cases: cases.collect(),
        next,
    })
}

/// A child of the case.
#[derive(Debug, Serialize, ToSchema)]
pub struct Child {
    /// Its id in the case.
    pub id: String,
    /// The pseudonym.
    pub pseudonym: String,
    /// The age, tied to a day, in words.
    pub age: String,
}

/// A decision that is complete.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decision)]
pub struct Decided {
    /// The day.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// Whether a review is conducted.
    pub review: bool,
    /// What else is done, in the words of the guidance.
    pub besides: Vec<String>,
    /// The composite id of the edition of the guidance under which it was taken.
    pub edition: String,
}

/// A case as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Case)]
pub struct OneCase {
    /// Its id.
    pub id: String,
    /// Its reference.
    pub reference: String,
    /// The reference in an earlier list, if it had one.
    pub old_reference: Option<String>,
    /// The number of its newest entry; also the ETag.
    pub version: u64,
    /// Its stage.
    pub stage: String,
    /// Whether it is open.
    pub open: bool,
    /// The composite id of the edition of the guidance that applies to a step taken today.
    pub edition: String,
    /// The day the partnership first heard.
    #[schema(value_type = Option<String>, format = Date)]
    pub heard_on: Option<Date>,
    /// The children it is about; none where the section is withheld.
    pub children: Option<Vec<Child>>,
    /// The agencies of the case; none where the section is withheld.
    pub agencies: Option<Vec<Agency>>,
    /// The decision, once it is complete; none where the section is withheld too.
    pub decision: Option<Decided>,
    /// The sections that the system does not read, in words: there may be something there, and it is not said what.
    pub withheld: Vec<String>,
}

/// An agency of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agency {
    /// Its id in the case.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its id on the partnership's list, if it stands there.
    pub listed: Option<String>,
}

/// One case.
#[utoipa::path(get, path = "/api/v1/cases/{case}", operation_id = "readCase", tag = "cases", params(("case" = String, Path, description = "Its id.")), responses(
    (status = 200, description = "The case as it stands; the ETag is its version.", body = OneCase),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is none, or it is not yours.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn one(caller: Caller, here: Here) -> Result<Response, Problem> {
    let desk = caller.desk();
    let view = desk
        .view(
            &caller.actor,
            here.get("case"),
            Act::ReadCase,
            "the case, over the interface for other systems",
        )
        .await?;
    let case = &view.case;
    let reads = |section| desk.may(&caller.actor, &view, Act::Read(section));
    let any = Section::ALL.into_iter().any(reads);
    let opening = case.incident.opening.as_ref();
    let (day, today) = (case.incident.facts.happened_on, view.today);
    let children = reads(Section::People).then(|| {
        let child = |c: &cases::people::Child| Child {
            id: c.id.clone(),
            pseudonym: c.pseudonym.clone(),
            age: c.age_words(day, today),
        };
        case.people.subjects().map(child).collect()
    });
    let agencies = reads(Section::Agencies).then(|| {
        let agency = |a: &cases::agencies::Agency| Agency {
            id: a.id.clone(),
            name: a.name.clone(),
            listed: Some(a.of.clone()).filter(|of| !of.is_empty()),
        };
        case.agencies.list.iter().map(agency).collect()
    });
    let decided = (case.decision.complete()).filter(|_| reads(Section::Decision));
    json_of(
        case.version(),
        &OneCase {
            id: case.id.clone(),
            reference: case.reference().to_owned(),
            old_reference: opening
                .filter(|_| any)
                .and_then(|opening| opening.old_reference.clone()),
            version: case.version(),
            stage: match (any, case.is_open()) {
                (true, _) => cases::stages::stage(case, &view.rules).to_owned(),
                (false, true) => "Information is gathered".into(),
                (false, false) => "Closed".into(),
            },
            open: case.is_open(),
            edition: view.rules.id.clone(),
            heard_on: opening.filter(|_| any).and_then(|opening| opening.heard_on),
            children,
            agencies,
            decision: decided.map(|round| Decided {
                on: round.completed,
                review: round.proposal.conduct == Some(true),
                besides: (view.rules.routes.iter())
                    .filter(|route| round.proposal.routes.contains(&route.id.to_string()))
                    .map(|route| route.label.clone())
                    .collect(),
                edition: round.edition.clone(),
            }),
            withheld: (Section::ALL.into_iter())
                .filter(|section| !reads(*section))
                .map(|section| section.words().to_owned())
                .collect(),
        },
    )
}

/// Where a clock stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ClockState)]
pub enum Standing {
    /// What starts it is not known.
    CannotBeWorkedOut,
    /// Running.
    Running,
    /// Its day is over and it is not done.
    Late,
    /// Done in time.
    Done,
    /// Done, late.
    DoneLate,
}

/// One clock.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Clock)]
pub struct OneClock {
    /// The id of its rule in the guidance.
    pub id: String,
    /// What is owed.
    pub title: String,
    /// Where it stands.
    pub state: Standing,
    /// By the end of which day; none while it cannot be worked out, or where it has no day.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// The day it was done.
    #[schema(value_type = Option<String>, format = Date)]
    pub done: Option<Date>,
    /// True while its start is a cautious assumption.
    pub assumed: bool,
    /// Who owes it.
    pub owed_by: String,
    /// Why it was late, if it was said.
    pub why_late: Option<String>,
    /// Where it is written.
    pub source: Option<String>,
    /// What keeps it from being worked out, in words.
    pub problem: Option<String>,
}

/// The clocks of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct Clocks {
    /// Today in England, by which they were worked out.
    #[schema(value_type = String, format = Date)]
    pub today: Date,
    /// The composite id of the edition of the guidance.
    pub edition: String,
    /// The clocks, nearest first.
    pub clocks: Vec<OneClock>,
}

/// The clocks of a case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/clocks", operation_id = "readClocks", tag = "cases", params(("case" = String, Path, description = "Its id.")), responses(
    (status = 200, description = "The clocks, nearest first; the ETag is the version of the case.", body = Clocks),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The system does not read them.", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is none, or it is not yours.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn clocks(caller: Caller, here: Here) -> Result<Response, Problem> {
    let act = Act::Read(Section::Course);
    let view = (caller.desk())
        .view(
            &caller.actor,
            here.get("case"),
            act,
            "the clocks, over the interface for other systems",
        )
        .await?;
    let clock = |clock: &cases::Clock| OneClock {
        id: clock.id.clone(),
        title: clock.title.clone(),
        state: match clock.state {
            ClockState::CannotBeWorkedOut => Standing::CannotBeWorkedOut,
            ClockState::Running => Standing::Running,
            ClockState::Late => Standing::Late,
            ClockState::Done => Standing::Done,
            ClockState::DoneLate => Standing::DoneLate,
        },
        due: clock.due,
        done: clock.done,
        assumed: clock.assumed,
        owed_by: clock.owed_by.clone(),
        why_late: clock.late_reason.clone(),
        source: clock.source.as_ref().map(ToString::to_string),
        problem: clock.problem.clone(),
    };
    json_of(
        view.case.version(),
        &Clocks {
            today: view.today,
            edition: view.rules.id.clone(),
            clocks: caller.desk().clocks(&view).iter().map(clock).collect(),
        },
    )
}

/// What was entered or changed, part by part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoryDetail)]
pub struct Detail {
    /// Which part.
    pub part: String,
    /// The text.
    pub text: String,
}

/// One entry of the story of a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoryEntry)]
pub struct Entry {
    /// Its number in the case.
    pub number: u64,
    /// When it was recorded (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
    /// Who recorded it, by name.
    pub by: String,
    /// The part they acted in.
    pub part: String,
    /// What happened, beginning with a verb.
    pub said: String,
    /// What was entered or changed.
    pub details: Vec<Detail>,
    /// True where the content is withheld from this system or hidden.
    pub withheld: bool,
    /// Why it was marked as made in error, if it was.
    pub in_error: Option<String>,
    /// True where its content was erased.
    pub erased: bool,
}

/// A part of the story of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct Story {
    /// The entries, newest first.
    pub entries: Vec<Entry>,
    /// What to send as `before` for those that went before; none when there are no more.
    pub next: Option<u64>,
}

/// Which part of the story.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Before {
    /// Those before this number; from the newest when it is left out.
    #[param(minimum = 0, maximum = 9007199254740991_i64)]
    pub before: Option<u64>,
    /// How many at most, from 1 to 500; 100 when it is left out.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<usize>,
}

/// The largest number that every reader of JSON keeps whole.
const MOST_ENTRIES: u64 = (1 << 53) - 1;

/// The story of a case: who recorded what and when, newest first, by pseudonym.
#[utoipa::path(get, path = "/api/v1/cases/{case}/story", operation_id = "readStory", tag = "cases", params(("case" = String, Path, description = "Its id."), Before), responses(
    (status = 200, description = "A part of the story; the ETag is the version of the case.", body = Story),
    (status = 400, description = "A parameter cannot be read.", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The system does not read it.", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is none, or it is not yours.", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A parameter has to be corrected.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn story(
    caller: Caller,
    here: Here,
    Asked(part): Asked<Before>,
) -> Result<Response, Problem> {
    let limit = most(part.limit)?;
    if part.before.is_some_and(|before| before > MOST_ENTRIES) {
        return Err(Problem::field(
            "before",
            "Send a number that an answer gave",
        ));
    }
    let story = caller.desk().story(&caller.actor, here.get("case")).await?;
    let before = part.before.unwrap_or(u64::MAX);
    let mut entries: Vec<Entry> = (story.lines.into_iter())
        .filter(|line| line.line.number < before)
        .take(limit + 1)
        .map(|line| Entry {
            number: line.line.number,
            at: line.at.timestamp(),
            by: line.by.name,
            part: line.by.part,
            said: line.line.said,
            details: (line.line.details.into_iter())
                .map(|(part, text)| Detail { part, text })
                .collect(),
            withheld: line.line.hidden,
            in_error: line.line.in_error,
            erased: line.erased,
        })
        .collect();
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = (entries.last()).filter(|_| more).map(|entry| entry.number);
    json_of(story.view.case.version(), &Story { entries, next })
}

/// Where a request to an agency stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// No answer, and the day is over.
    Overdue,
    /// Sent back and not answered again.
    SentBack,
    /// No answer yet.
    Waiting,
    /// Answered, not signed by the agency's lead.
    Unsigned,
    /// Answered and signed, or nothing is held.
    Complete,
    /// Withdrawn.
    Withdrawn,
}

impl From<Asking> for RequestState {
    fn from(state: Asking) -> RequestState {
        match state {
            Asking::Overdue => RequestState::Overdue,
            Asking::SentBack => RequestState::SentBack,
            Asking::Waiting => RequestState::Waiting,
            Asking::Unsigned => RequestState::Unsigned,
            Asking::Complete => RequestState::Complete,
            Asking::Withdrawn => RequestState::Withdrawn,
        }
    }
}
