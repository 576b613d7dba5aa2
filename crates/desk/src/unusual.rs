//! Noticing unusual reading as it happens, and answering a notice: by someone who looks after accounts and is not the reader.

use std::collections::HashMap;
use std::sync::Mutex;

use access::office::OfficeEvent;
use access::unusual::{Day, Looked, Notice, Noticed, Read};
use access::{Act, Permit};
use jiff::{SignedDuration, Timestamp};

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

/// Of the same kind of reading by the same person there is one notice in this time.
const ONCE: SignedDuration = SignedDuration::from_hours(24);

/// The readings of a day, by person; after a start it begins anew.
#[derive(Debug, Default)]
pub(crate) struct Days(Mutex<HashMap<String, Day>>);

impl Desk {
    /// Remembers a reading that was written down, and records a notice when the day's readings have become unusual.
    pub(crate) async fn consider_reading(&self, actor: &Actor, case: &str, at: Timestamp) {
        let local = self.inner.clock.local(at);
        let names = self.inner.register.read().ok().and_then(|register| {
            let summary = register.get(case)?;
            Some(summary.children.iter().flat_map(|c| c.words()).collect())
        });
        let read = Read {
            case: case.to_owned(),
            at,
            night: !(6..22).contains(&local.hour()),
            names: names.unwrap_or_default(),
        };
        let found = match self.inner.days.0.lock() {
            Ok(mut days) => days.entry(actor.person.id.clone()).or_default().add(read),
            Err(_) => return,
        };
        for (what, cases) in found {
            let office = self.office();
            let before = office.unusual.iter().rev().any(|noticed| {
                let notice = &noticed.notice;
                notice.person == actor.person.id
                    && notice.what == what
                    && at.duration_since(notice.at) < ONCE
            });
            if before {
                continue;
            }
            let Ok(id) = fresh() else { return };
            let notice = Notice {
                id,
                person: actor.person.id.clone(),
                what,
                cases,
                at,
            };
            let _alone = self.inner.office_writing.lock().await;
            let permit = Permit::for_system("unusual reading is noticed");
            let event = OfficeEvent::UnusualReading(notice);
            let done = self
                .append_office(permit, &actor.person.id, vec![event])
                .await;
            if let Err(error) = done {
                tracing::warn!(%error, "unusual reading could not be recorded");
            }
        }
    }

    /// The notices of unusual reading by others, newest first.
    ///
    /// # Errors
    /// Not a role that looks after accounts.
    pub fn unusual_reading(&self, actor: &Actor) -> Result<Vec<Noticed>, DeskError> {
        access::permit_in_office(&actor.person, Act::ManagePeople)?;
        let office = self.office();
        let others = office.unusual.iter().rev();
        Ok(others
            .filter(|noticed| noticed.notice.person != actor.person.id)
            .cloned()
            .collect())
    }

    /// Says what came of a notice.
    ///
    /// # Errors
    /// Not allowed, one's own reading, no such notice, or a field to correct: `words`.
    pub async fn looked_at_reading(
        &self,
        actor: &Actor,
        notice: &str,
        words: &str,
    ) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        let waiting = self.unusual_reading(actor)?;
        let found = waiting.iter().find(|n| n.notice.id == notice);
        if found.ok_or(DeskError::NotThere)?.looked.is_some() {
            return Err(DeskError::field(
                "words",
                "Somebody has looked at this already: it stands below",
            ));
        }
        if words.trim().is_empty() {
            return Err(DeskError::field("words", "Enter what came of it"));
        }
        let _alone = self.inner.office_writing.lock().await;
        let looked = Looked {
            notice: notice.to_owned(),
            by: actor.person.id.clone(),
            at: self.inner.clock.now(),
            words: words.trim().to_owned(),
        };
        let event = OfficeEvent::UnusualReadingLookedAt(looked);
        self.append_office(permit, &actor.person.id, vec![event])
            .await
    }
}
