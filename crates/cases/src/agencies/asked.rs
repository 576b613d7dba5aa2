//! What agencies are asked, and what they answer: requests with a day by which, returns, sign-off by the agency's lead, sent back for correction.
//! An answer that nothing is held is an answer; one that comes late stays visible as late.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{By, Context, Refusal, required};
use crate::members::Part;
use crate::{Case, Date};

/// A request for information to one agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Request {
    /// Its id in this case; empty for a new one.
    pub id: String,
    /// The agency of this case (id).
    pub agency: String,
    /// The day it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The day by which the answer is wanted.
    pub due: Option<Date>,
    /// About whom: children and adults of the case (ids), whose names and days of birth the people of the agency see, to find their records.
    pub people: Vec<String>,
    /// From when on the agency is asked to look, in words: "from the birth of the child".
    #[serde(skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// What is asked besides the questions.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// What is to be secured at once: records, recordings, rotas.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secure: String,
    /// The questions: ids of the guidance, in its order, with the words in which they were asked.
    pub questions: Vec<Question>,
}

/// One question as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Question {
    /// The id in the guidance.
    pub id: String,
    /// The words.
    pub words: String,
}

/// What an agency answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct Answer {
    /// The request (id).
    pub request: String,
    /// True when the agency holds nothing on the child or the family.
    pub nothing_held: bool,
    /// Question id -> answer.
    pub answers: BTreeMap<String, String>,
    /// What it wants to say besides.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub anything_else: String,
    /// Who gave it, when someone else wrote it down for the agency.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given_by: String,
    /// The day it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub came: Option<Date>,
}

/// What happened with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "step", content = "of", rename_all = "kebab-case")]
pub enum Step {
    /// The agency was asked.
    Asked(Request),
    /// It answered, or answered again.
    Answered(Answer),
    /// Its lead stands for the answer.
    Signed {
        /// The request (id).
        request: String,
        /// Who said so, when someone else wrote it down.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        told_by: String,
        /// The day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Date>,
    },
    /// The answer was sent back to be corrected or completed.
    SentBack {
        /// The request (id).
        request: String,
        /// What is to be corrected.
        note: String,
    },
    /// The request no longer stands.
    Withdrawn {
        /// The request (id).
        request: String,
        /// Why.
        why: String,
    },
}

impl Step {
    /// The request it is about (id).
    pub fn request(&self) -> &str {
        match self {
            Step::Asked(request) => &request.id,
            Step::Answered(answer) => &answer.request,
            Step::Signed { request, .. }
            | Step::SentBack { request, .. }
            | Step::Withdrawn { request, .. } => request,
        }
    }

    /// What it says, in the words of the story.
    pub(crate) fn said(&self, case: &Case) -> String {
        let named = |agency: &str| {
            let found = case.agencies.find(agency);
            found.map_or("an agency", |a| a.name.as_str()).to_owned()
        };
        let of = case.agencies.request(self.request());
        let agency = match self {
            Step::Asked(request) => named(&request.agency),
            _ => of.map_or_else(|| "an agency".into(), |r| named(&r.request.agency)),
        };
        match self {
            Step::Asked(request) => {
                let by = request.due.map(calendar::words::long).unwrap_or_default();
                format!("asked {agency} for information by {by}")
            }
            Step::Answered(answer) if answer.nothing_held => {
                format!("recorded the answer of {agency}: nothing is held")
            }
            Step::Answered(_) => format!("recorded the answer of {agency}"),
            Step::Signed { .. } => format!("signed the answer of {agency}"),
            Step::SentBack { .. } => format!("sent the answer of {agency} back"),
            Step::Withdrawn { .. } => format!("withdrew the request to {agency}"),
        }
    }
}

/// An answer with who gave it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Given {
    /// The answer.
    pub answer: Answer,
    /// Who recorded it.
    pub by: By,
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// What is asked.
    pub request: Request,
    /// The answer in force.
    pub given: Option<Given>,
    /// How many answers there were.
    pub times: usize,
    /// The day the lead signed the answer in force, and who.
    pub signed: Option<(Option<Date>, String)>,
    /// What is to be corrected, until it is answered again.
    pub back: Option<String>,
    /// Why it no longer stands.
    pub withdrawn: Option<String>,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
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

impl State {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            State::Overdue => "Overdue",
            State::SentBack => "Sent back",
            State::Waiting => "Waiting",
            State::Unsigned => "Answered, not signed",
            State::Complete => "Answered",
            State::Withdrawn => "Withdrawn",
        }
    }
}

impl Standing {
    /// Where it stands on a day.
    pub fn state(&self, today: Date) -> State {
        if self.withdrawn.is_some() {
            return State::Withdrawn;
        }
        if self.back.is_some() {
            return State::SentBack;
        }
        match &self.given {
            Some(given) if given.answer.nothing_held || self.signed.is_some() => State::Complete,
            Some(_) => State::Unsigned,
            None if self.request.due.is_some_and(|due| today > due) => State::Overdue,
            None => State::Waiting,
        }
    }

    /// Whether the first answer in force came after its day.
    pub fn late(&self) -> bool {
        let came = self.given.as_ref().and_then(|given| given.answer.came);
        came.zip(self.request.due)
            .is_some_and(|(came, due)| came > due)
    }
}

/// Whether a person who answers for agencies in a case answers for others than this one.
fn answers_for_others(case: &Case, person: &str, agency: &str) -> bool {
    case.members.part(person) == Some(Part::Contributes)
        && !case.members.answers_for(person, agency)
}

/// Decides a step.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub(super) fn decide(case: &Case, step: Step, ctx: &Context<'_>) -> Result<Vec<Step>, Refusal> {
    let gone = || Refusal::because("there is no such request in this case");
    let find = |id: &str| case.agencies.request(id).ok_or_else(gone);
    // Whoever answers for an agency does so for that one; to them the others are not there.
    let own = |request: &Standing| {
        let others = answers_for_others(case, &ctx.by.person, &request.request.agency);
        if others { Err(gone()) } else { Ok(()) }
    };
    match step {
        Step::Asked(mut request) => {
            let agency = case.agencies.find(&request.agency).ok_or_else(|| {
                Refusal::field("agency", "Choose an agency that is recorded in this case")
            })?;
            let Some(due) = request.due else {
                return Err(Refusal::field(
                    "due",
                    "Enter the day by which the answer is wanted",
                ));
            };
            if due < ctx.today {
                return Err(Refusal::field("due", "Enter a day that is today or later"));
            }
            let known =
                |id: &String| case.people.child(id).is_some() || case.people.adult(id).is_some();
            if request.people.is_empty() || !request.people.iter().all(known) {
                return Err(Refusal::field(
                    "about-whom",
                    "Choose at least one child or adult of the case: without a name an agency finds no record",
                ));
            }
            if request.questions.is_empty() && request.what.trim().is_empty() {
                return Err(Refusal::field(
                    "questions",
                    "Choose at least one question, or say what is asked",
                ));
            }
            let open = |r: &&Standing| {
                r.request.agency == agency.id
                    && r.withdrawn.is_none()
                    && (r.given.is_none() || r.back.is_some())
            };
            if case.agencies.requests.iter().any(|r| open(&r)) {
                return Err(Refusal::DoesNotFit(format!(
                    "{} has a request that is not answered yet: withdraw it before you ask anew",
                    agency.name
                )));
            }
            if request.id.is_empty() {
                request.id = format!("{}-{}", ctx.fresh, agency.id);
            }
            request.on = Some(request.on.unwrap_or(ctx.today));
            Ok(vec![Step::Asked(request)])
        }
        Step::Answered(mut answer) => {
            let request = find(&answer.request)?;
            own(request)?;
            stands(request)?;
            if let Some(came) = answer.came {
                ctx.past("came", came)?;
            }
            let said = answer.answers.values().any(|text| !text.trim().is_empty());
            if answer.nothing_held && said {
                return Err(Refusal::field(
                    "nothing-held",
                    "Say that nothing is held, or answer the questions: not both",
                ));
            }
            if !answer.nothing_held && !said && answer.anything_else.trim().is_empty() {
                return Err(Refusal::field(
                    "nothing-held",
                    "Answer at least one question, or say that nothing is held",
                ));
            }
            answer.came = Some(answer.came.unwrap_or(ctx.today));
            Ok(vec![Step::Answered(answer)])
        }
        Step::Signed {
            request,
            told_by,
            on,
        } => {
            let found = find(&request)?;
            own(found)?;
            stands(found)?;
            if found.given.is_none() || found.back.is_some() {
                return Err(Refusal::because(
                    "there is no answer to sign: the agency answers first",
                ));
            }
            if found.signed.is_some() {
                return Err(Refusal::because("this answer is signed already"));
            }
            let on = Some(on.unwrap_or(ctx.today));
            Ok(vec![Step::Signed {
                request,
                told_by,
                on,
            }])
        }
        Step::SentBack { request, note } => {
            let found = find(&request)?;
            stands(found)?;
            required("note", &note, "Enter what is to be corrected or completed")?;
            if found.given.is_none() {
                return Err(Refusal::because("there is no answer to send back"));
            }
            Ok(vec![Step::SentBack { request, note }])
        }
        Step::Withdrawn { request, why } => {
            let found = find(&request)?;
            stands(found)?;
            required("why", &why, "Enter why the request is withdrawn")?;
            Ok(vec![Step::Withdrawn { request, why }])
        }
    }
}

fn stands(request: &Standing) -> Result<(), Refusal> {
    match request.withdrawn {
        None => Ok(()),
        Some(_) => Err(Refusal::because("this request is withdrawn")),
    }
}

/// Applies a step.
pub(super) fn apply(requests: &mut Vec<Standing>, step: &Step, by: &By) {
    let place =
        |requests: &mut Vec<Standing>, id: &str| requests.iter().position(|r| r.request.id == id);
    match step {
        Step::Asked(request) => requests.push(Standing {
            request: request.clone(),
            given: None,
            times: 0,
            signed: None,
            back: None,
            withdrawn: None,
        }),
        Step::Answered(answer) => {
            if let Some(at) = place(requests, &answer.request) {
                let found = &mut requests[at];
                found.times += 1;
                (found.signed, found.back) = (None, None);
                found.given = Some(Given {
                    answer: answer.clone(),
                    by: by.clone(),
                });
            }
        }
        Step::Signed {
            request,
            told_by,
            on,
        } => {
            if let Some(at) = place(requests, request) {
                let who = match told_by.as_str() {
                    "" => by.name.clone(),
                    told => told.to_owned(),
                };
                requests[at].signed = Some((*on, who));
            }
        }
        Step::SentBack { request, note } => {
            if let Some(at) = place(requests, request) {
                requests[at].back = Some(note.clone());
                requests[at].signed = None;
            }
        }
        Step::Withdrawn { request, why } => {
            if let Some(at) = place(requests, request) {
                requests[at].withdrawn = Some(why.clone());
            }
        }
    }
}
