//! How far the record goes and the newest checkpoint, for a system that watches over it; and the guidance in force.

use access::Act;
use axum::response::Response;
use desk::DeskError;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Caller, Problem, json};

/// A checkpoint of the record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checkpoint {
    /// How many entries it covers.
    pub entries: u64,
    /// When it was made (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
    /// The signed note.
    pub note: String,
}

/// How far the record goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Record {
    /// How many entries it has.
    pub entries: u64,
    /// The root over all of them, in hexadecimal digits.
    pub root: String,
    /// The newest checkpoint, if there is one.
    pub checkpoint: Option<Checkpoint>,
    /// The keys that may sign checkpoints, as verifiers write them.
    pub keys: Vec<String>,
}

/// How far the record goes.
#[utoipa::path(get, path = "/api/v1/record", operation_id = "readRecord", tag = "the record", responses(
    (status = 200, description = "How far it goes, and the newest checkpoint.", body = Record),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "A system of an agency does not see it.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn record(caller: Caller) -> Result<Response, Problem> {
    access::permit_in_office(&caller.actor.person, Act::SeeRecord).map_err(DeskError::from)?;
    let desk = caller.desk();
    let head = desk.tree_head().await?;
    let newest = desk.checkpoints().await?.pop();
    let keys = desk.log_keys().await?;
    json(&Record {
        entries: head.size,
        root: head.root.to_hex(),
        checkpoint: newest.map(|checkpoint| Checkpoint {
            entries: checkpoint.head.size,
            at: checkpoint.at,
            note: checkpoint.note,
        }),
        keys: keys.iter().map(ToString::to_string).collect(),
    })
}

/// An edition of the guidance.
#[derive(Debug, Serialize, ToSchema)]
pub struct Edition {
    /// The composite id.
    pub id: String,
    /// The title.
    pub title: String,
    /// Today in England, for which it was asked.
    #[schema(value_type = String, format = Date)]
    pub today: Date,
    /// The packs of which it is made, by their titles.
    pub packs: Vec<String>,
}

/// The edition of the guidance that is in force today.
#[utoipa::path(get, path = "/api/v1/guidance", operation_id = "readGuidance", tag = "guidance", responses(
    (status = 200, description = "The edition in force.", body = Edition),
    (status = 401, description = "Nobody is let in with this token.", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn guidance(caller: Caller) -> Result<Response, Problem> {
    access::permit_in_office(&caller.actor.person, Act::ReadGuidance).map_err(DeskError::from)?;
    let today = caller.desk().today();
    let rules = caller.desk().editions().in_force(today)?;
    json(&Edition {
        id: rules.id.clone(),
        title: rules.title.clone(),
        today,
        packs: rules.packs.iter().map(|pack| pack.title.clone()).collect(),
    })
}
