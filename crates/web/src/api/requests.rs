//! What agencies are asked: a system of the partnership sees who has answered, a system of an agency reads its own agency's
//! request and answers it. The agency's lead signs on the page, as a person.

use std::collections::BTreeMap;

use access::{Act, Section};
use axum::http::StatusCode;
use axum::response::Response;
use cases::agencies::Command as Agencies;
use cases::agencies::asked::{self, Step};
use cases::{Case, Command};
use desk::{Acted, CaseView, DeskError, SentForm};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::cases::RequestState;
use super::{Body, Caller, Here, Problem, Sent, json_of};
use crate::pages::asked::named;

/// A request to an agency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestLine)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// The agency, by name.
    pub agency: String,
    /// Where it stands.
    pub state: RequestState,
    /// The day it was asked.
    #[schema(value_type = Option<String>, format = Date)]
    pub asked_on: Option<Date>,
    /// By the end of which day the answer is wanted.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// The day the answer came.
    #[schema(value_type = Option<String>, format = Date)]
    pub came: Option<Date>,
    /// True when it came late.
    pub late: bool,
    /// How many answers there were.
    pub answers: usize,
}

/// The requests of a case that the system may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct Requests {
    /// The requests, the oldest first.
    pub requests: Vec<Line>,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
pub struct Question {
    /// Its id, under which the answer is sent.
    pub id: String,
    /// Its words.
    pub words: String,
}

/// An answer in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GivenAnswer)]
pub struct Given {
    /// True when the agency holds nothing.
    pub nothing_held: bool,
    /// The answers by the ids of the questions.
    pub answers: BTreeMap<String, String>,
    /// What it wanted to say besides.
    pub anything_else: String,
    /// True once the agency's lead signed it.
    pub signed: bool,
    /// What is to be corrected, when it was sent back.
    pub sent_back: Option<String>,
}

/// One request with its questions and the answer in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Request)]
pub struct One {
    /// Where it stands.
    #[serde(flatten)]
    pub line: Line,
    /// Whose records are to be looked for, by name and day of birth: for the agency that is asked, and nobody else.
    pub people: Option<Vec<String>>,
    /// The period to look at, in words.
    pub period: String,
    /// What is to be secured at once.
    pub secure: String,
    /// What is asked besides the questions.
    pub what: String,
    /// The questions.
    pub questions: Vec<Question>,
    /// The answer in force, if there is one.
    pub answer: Option<Given>,
}

/// What an agency answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// True when the agency holds nothing on the child or the family.
    #[serde(default)]
    pub nothing_held: bool,
    /// The answers by the ids of the questions.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// What the agency wants to say besides.
    #[serde(default)]
    pub anything_else: String,
    /// Who of the agency gave it, by name and office.
    #[serde(default)]
    pub given_by: String,
}

/// Whether the caller answers for the agency that is asked.
fn own(caller: &Caller, case: &Case, request: &asked::Standing) -> bool {
    (caller.desk()).answers_for(&caller.actor, case, &request.request.agency)
}

/// Whether the caller sees a request: as one who reads the section, or as the agency that is asked.
fn sees(caller: &Caller, view: &CaseView, request: &asked::Standing) -> bool {
    let desk = caller.desk();
    let may = |act| desk.may(&caller.actor, view, act);
    let of_own = own(caller, &view.case, request);
    may(Act::Read(Section::Agencies)) || of_own && may(Act::Contribute)
}

fn line(view: &CaseView, request: &asked::Standing) -> Line {
    let agency = view.case.agencies.find(&request.request.agency);
    Line {
        id: request.request.id.clone(),
        agency: agency.map_or_else(|| "An agency".to_owned(), |a| a.name.clone()),
        state: request.state(view.today).into(),
        asked_on: request.request.on,
        due: request.request.due,
        came: request.given.as_ref().and_then(|given| given.answer.came),
        late: request.late(),
        answers: request.times,
    }
}

fn found<'a>(
    caller: &Caller,
    view: &'a CaseView,
    here: &Here,
) -> Result<&'a asked::Standing, Problem> {
    let request = view.case.agencies.request(here.get("request"));
    let request = request.filter(|request| sees(caller, view, request));
    request.ok_or_else(Problem::not_there)
}

fn whole(caller: &Caller, view: &CaseView, request: &asked::Standing) -> One {
    let of_own = own(caller, &view.case, request);
    let asked = &request.request;
    One {
        line: line(view, request),
        people: of_own.then(|| {
            let named = |id: &String| named(&view.case, id);
            asked.people.iter().map(named).collect()
        }),
        period: asked.period.clone(),
        secure: asked.secure.clone(),
        what: asked.what.clone(),
        questions: (asked.questions.iter())
            .map(|question| Question {
                id: question.id.clone(),
                words: question.words.clone(),
            })
            .collect(),
        answer: request.given.as_ref().map(|given| Given {
            nothing_held: given.answer.nothing_held,
            answers: given.answer.answers.clone(),
            anything_else: given.answer.anything_else.clone(),
            signed: request.signed.is_some(),
            sent_back: request.back.clone(),
        }),
    }
}

/// The requests of a case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/requests", operation_id = "listRequests", tag = "requests to agencies", params(("case" = String, Path, description = "Its id.")), responses(
    (status = 200, description = "The requests; for a system of an agency those to its own.", body = Requests),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no such case, or it is not yours.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list(caller: Caller, here: Here) -> Result<Response, Problem> {
    let part = "the requests to agencies, over the interface for other systems";
    let view = (caller.desk())
        .view(&caller.actor, here.get("case"), Act::ReadCase, part)
        .await?;
    let all = view.case.agencies.requests.iter();
    let requests = all
        .filter(|request| sees(&caller, &view, request))
        .map(|request| line(&view, request))
        .collect();
    json_of(view.case.version(), &Requests { requests })
}

/// One request.
#[utoipa::path(get, path = "/api/v1/cases/{case}/requests/{request}", operation_id = "readRequest", tag = "requests to agencies", params(("case" = String, Path, description = "The id of the case."), ("request" = String, Path, description = "The id of the request.")), responses(
    (status = 200, description = "The request with its questions and the answer in force; the ETag is the version of the case.", body = One),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is none, or it is not yours.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn one(caller: Caller, here: Here) -> Result<Response, Problem> {
    let part = "a request to an agency, over the interface for other systems";
    let view = (caller.desk())
        .view(&caller.actor, here.get("case"), Act::ReadCase, part)
        .await?;
    let request = found(&caller, &view, &here)?;
    json_of(view.case.version(), &whole(&caller, &view, request))
}

/// In which words a change is known again: by whose it is, its key and its address, and by its body in what it leads to.
fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Answers a request for one's own agency, or answers it again.
#[utoipa::path(post, path = "/api/v1/cases/{case}/requests/{request}/answer", operation_id = "answerRequest", tag = "requests to agencies",
    params(
        ("case" = String, Path, description = "The id of the case."),
        ("request" = String, Path, description = "The id of the request."),
        ("Idempotency-Key" = String, Header, description = "8 to 100 letters and digits, another one for each change: sent again under the same key it is done once.", min_length = 8, max_length = 100),
        ("If-Match" = Option<String>, Header, description = "The ETag of the case as it was read: when somebody else has answered since, nothing is recorded."),
    ),
    request_body = Answer,
    responses(
        (status = 200, description = "Recorded, now or when it was first sent; the request as it stands.", body = One),
        (status = 400, description = "A header or the body cannot be read.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The system does not answer for an agency.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is none, or it is not yours.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The same change is under way.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "Somebody else changed it since that version.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something has to be corrected, or the key was used for another change.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be recorded at the moment.", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn answer(
    caller: Caller,
    here: Here,
    sent: Sent,
    body: Body<Answer>,
) -> Result<Response, Problem> {
    let (desk, case) = (caller.desk(), here.get("case"));
    let part = "answering a request, over the interface for other systems";
    let view = (desk.view(&caller.actor, case, Act::ReadCase, part)).await?;
    let request = found(&caller, &view, &here)?;
    desk.permitted(&caller.actor, &view, Act::Contribute)
        .map_err(DeskError::from)?;
    if let Some(unknown) = (body.value.answers.keys())
        .find(|id| !request.request.questions.iter().any(|q| q.id == **id))
    {
        return Err(Problem::field(
            "answers",
            &format!("No question of this request has the id `{unknown}`"),
        ));
    }
    let based_on = sent.based_on.version()?;
    let place = format!(
        "/api/v1/cases/{case}/requests/{}/answer",
        request.request.id
    );
    let token = digest(&[
        b"api",
        caller.actor.person.id.as_bytes(),
        sent.key.as_bytes(),
        place.as_bytes(),
    ]);
    let leads_to = format!("{place}#{}", digest(&[&body.bytes]));
    let done = match desk.claim(&token).await {
        Ok(()) => {
            let leads = |_: &Acted| leads_to.clone();
            let form = SentForm {
                token: &token,
                leads: &leads,
                pasted: &[],
            };
            let step = Step::Answered(asked::Answer {
                request: request.request.id.clone(),
                nothing_held: body.value.nothing_held,
                answers: body.value.answers,
                anything_else: body.value.anything_else,
                given_by: body.value.given_by,
                came: None,
            });
            let command = Command::Agencies(Agencies::Request(step));
            let done = desk
                .carry_out(
                    &caller.actor,
                    case,
                    based_on,
                    false,
                    vec![command],
                    Some(form),
                )
                .await;
            if done.is_err() {
                desk.let_go(&token).await;
            }
            done.map(|_| ())
        }
        Err(DeskError::AlreadySent(to)) if to == leads_to => Ok(()),
        Err(DeskError::AlreadySent(to)) if !to.is_empty() => {
            return Err(Problem::plain(
                StatusCode::UNPROCESSABLE_ENTITY,
                "This Idempotency-Key was used for another change: take a new one for each.",
            ));
        }
        Err(other) => Err(other),
    };
    done?;
    let view = (desk.view(&caller.actor, case, Act::ReadCase, part)).await?;
    let request = found(&caller, &view, &here)?;
    json_of(view.case.version(), &whole(&caller, &view, request))
}
