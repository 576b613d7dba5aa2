//! Every read is recorded: one entry per person, case and part in ten minutes, written before the page is sent.

use std::collections::HashMap;
use std::sync::Mutex;

use access::{Act, Permit};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Content, NewEntry};

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, unread};

/// Within this time a second look at the same part is not written again.
const SPAN: SignedDuration = SignedDuration::from_mins(10);

/// One recorded look at a part of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reading {
    /// The person's id.
    pub person: String,
    /// The person's name on that day.
    pub name: String,
    /// Which part was read.
    pub part: String,
    /// True when names were shown.
    #[serde(default)]
    pub names: bool,
    /// When (UTC).
    pub at: Timestamp,
}

/// What was written lately, so that it is not written again.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    lately: Mutex<HashMap<(String, String, String), Timestamp>>,
}

impl Reads {
    /// True when this look has to be written.
    fn is_new(&self, key: &(String, String, String), now: Timestamp) -> bool {
        self.lately.lock().map_or(true, |lately| {
            lately
                .get(key)
                .is_none_or(|at| now < *at || now.duration_since(*at) >= SPAN)
        })
    }

    /// What someone reads from now on is written again: they read it by another way than before.
    pub(crate) fn forget(&self, person: &str, case: &str) {
        if let Ok(mut lately) = self.lately.lock() {
            lately.retain(|(p, c, _), _| p != person || c != case);
        }
    }

    /// Remembers a look, once it is on disk: a second one at the same moment, or one whose browser went away before, is written
    /// again rather than not at all.
    fn written(&self, key: (String, String, String), now: Timestamp) {
        if let Ok(mut lately) = self.lately.lock() {
            if lately.len() > 50_000 {
                lately.retain(|_, at| now.duration_since(*at) < SPAN);
            }
            lately.insert(key, now);
        }
    }
}

impl Desk {
    /// Writes down that someone reads a part of a case; the page is sent only afterwards.
    pub(crate) async fn log_read(
        &self,
        actor: &Actor,
        case: &str,
        part: &str,
    ) -> Result<(), DeskError> {
        let now = self.inner.clock.now();
        let key = (
            actor.person.id.clone(),
            case.to_owned(),
            format!("{part}{}", if actor.names { " with names" } else { "" }),
        );
        if !self.inner.reads.is_new(&key, now) {
            return Ok(());
        }
        self.write_read(actor, case, part).await?;
        self.inner.reads.written(key, now);
        self.consider_reading(actor, case, now).await;
        Ok(())
    }

    /// Writes down a read also when the same was written a moment ago: what is handed out each time is written down each time.
    pub(crate) async fn write_read(
        &self,
        actor: &Actor,
        case: &str,
        part: &str,
    ) -> Result<(), DeskError> {
        let now = self.inner.clock.now();
        let reading = Reading {
            person: actor.person.id.clone(),
            name: actor.person.name.clone(),
            part: part.to_owned(),
            names: actor.names,
            at: now,
        };
        let content = serde_json::to_vec(&reading).map_err(|e| DeskError::Other(e.to_string()))?;
        let entry = NewEntry {
            kind: "reads.part-read".into(),
            version: 1,
            at: now,
            actor: actor.person.id.clone(),
            content,
        };
        let permit = Permit::for_system("every read is recorded");
        self.inner
            .store
            .append(permit, &format!("reads/{case}"), None, vec![entry])
            .await?;
        Ok(())
    }

    /// Who has read a case, newest first.
    ///
    /// # Errors
    /// Not theirs to see.
    pub async fn readers(&self, actor: &Actor, id: &str) -> Result<Vec<Reading>, DeskError> {
        let case = self.load(id).await?;
        self.permit(actor, &case, Act::SeeReaders)?;
        self.log_read(actor, id, "who has read the case").await?;
        let mut list = Vec::new();
        for opened in self.inner.store.stream(&format!("reads/{id}"), 0).await? {
            if let Content::Clear(bytes) = &opened.content {
                list.push(serde_json::from_slice(bytes).map_err(|e| DeskError::Entry {
                    position: opened.position,
                    why: unread(&e),
                })?);
            }
        }
        list.reverse();
        Ok(list)
    }
}
