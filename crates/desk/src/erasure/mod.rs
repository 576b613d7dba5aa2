//! Erasures carried out: when they are due, and again after the program was stopped in between.
//! First the certificate is recorded, in the case and in the partnership's own stream, in one transaction; from then on the
//! content counts no more. Then the keys are destroyed and memory forgets. What was stopped between the two is finished at the next start.

mod certificate;
mod export;

use std::sync::Arc;

use access::Permit;
use access::office::OfficeEvent;
use cases::erasure::{
    Certificate, GoneEntry, GoneFile, GoneReads, Head, Proposed, Signed, Target, ready,
};
use cases::{By, Case, Event, Recorded};
use jiff::Timestamp;
use store::{Change, Content, Erase, Opened};

pub use certificate::Certified;
pub use export::{ErasuresFile, Reapplied};

use crate::decide::Grown;
use crate::error::DeskError;
use crate::load::{Desk, stream};

/// Who carries out what others proposed and approved.
const CARRIES_OUT: &str =
    "an erasure that one person proposed and another approved is carried out when it is due";

fn reads(id: &str) -> String {
    format!("reads/{id}")
}

impl Desk {
    /// What was erased in this partnership, the newest first.
    ///
    /// # Errors
    /// Not theirs to see.
    pub fn erasures(&self, actor: &crate::Actor) -> Result<Vec<Certificate>, DeskError> {
        access::permit_in_office(&actor.person, access::Act::SeeErasures)?;
        let mut list = self.office().erasures.clone();
        list.reverse();
        Ok(list)
    }

    /// The certificate of a case that was erased as a whole, by its reference, for those who may see it.
    pub fn erased_reference(&self, actor: &crate::Actor, reference: &str) -> Option<Certificate> {
        let all = self.erasures(actor).ok()?;
        all.into_iter()
            .find(|c| c.target == Target::Case && c.reference.eq_ignore_ascii_case(reference))
    }

    /// Carries out every erasure that is due, and finishes what was left unfinished; answers how many were carried out.
    /// One that cannot be carried out does not keep the others waiting.
    ///
    /// # Errors
    /// The store failed.
    pub async fn erase_due(&self) -> Result<u64, DeskError> {
        self.finish_erasures().await?;
        let now = self.inner.clock.now();
        // The register says in which cases something is due, so that no other case is loaded.
        let ids: Vec<String> = self.inner.register.read().map_or_else(
            |_| Vec::new(),
            |register| {
                register
                    .values()
                    .filter(|s| s.erasure_due.is_some_and(|due| due <= now))
                    .map(|s| s.id.clone())
                    .collect()
            },
        );
        let mut done = 0;
        for id in ids {
            let case = match self.load(&id).await {
                Ok(case) => case,
                // Erased as a whole since the register was read.
                Err(DeskError::NotThere) => continue,
                Err(error) => return Err(error),
            };
            let due: Vec<String> = case
                .erasure
                .proposals
                .iter()
                .filter(|p| p.due().is_some_and(|due| due <= now))
                .map(|p| p.proposal.id.clone())
                .collect();
            for proposal in due {
                match self.erase_now(&id, &proposal).await {
                    Ok(()) => done += 1,
                    // A hold, or a withdrawal, that came in between.
                    Err(DeskError::Refused(_) | DeskError::NotThere) => {}
                    Err(error) => {
                        tracing::error!(%error, "an erasure that is due could not be carried out; it is tried again");
                    }
                }
            }
        }
        Ok(done)
    }

    /// Carries out one erasure, if it is due.
    ///
    /// # Errors
    /// [`DeskError::Refused`] with why it cannot be carried out now; or the store failed.
    pub async fn erase_now(&self, id: &str, proposal: &str) -> Result<(), DeskError> {
        let lock = self.writing(id).await;
        let _alone = lock.lock().await;
        let case = self.load_whole(id).await?;
        let now = self.inner.clock.now();
        let proposed = ready(&case, proposal, now)?.clone();
        // Signed before anything changes, so that the proof of what was there can be kept.
        self.checkpoint("before an erasure").await?;
        let certificate = self.certificate_of(&case, &proposed, now).await?;
        self.certify(&case, &certificate).await?;
        self.destroy(&certificate).await?;
        if let Err(error) = self.checkpoint("after an erasure").await {
            tracing::error!(%error, "no checkpoint could be made after an erasure; the daily one will cover it");
        }
        Ok(())
    }

    /// What goes, by the record itself.
    async fn certificate_of(
        &self,
        case: &Case,
        proposed: &Proposed,
        now: Timestamp,
    ) -> Result<Certificate, DeskError> {
        let store = &self.inner.store;
        let (approved, due) = proposed
            .approved
            .as_ref()
            .ok_or_else(|| cases::Refusal::because("this proposal is not approved yet"))?;
        let opened = store.stream(&stream(&case.id), 0).await?;
        let whole = proposed.proposal.target == Target::Case;
        let named = |one: &&Opened| match &proposed.proposal.target {
            Target::Entry(number) => one.number == *number,
            Target::File(_) => false,
            Target::Case => true,
        };
        let entries: Vec<GoneEntry> = opened
            .iter()
            .filter(named)
            .filter_map(|one| gone(case, one))
            .collect();
        let files = store
            .files_of(&stream(&case.id))
            .await?
            .into_iter()
            .filter(|file| !file.destroyed)
            .filter(|file| match &proposed.proposal.target {
                Target::File(id) => *id == file.id,
                Target::Entry(_) => entries.iter().any(|e| e.position == file.position),
                Target::Case => true,
            })
            .map(|file| GoneFile {
                id: file.id,
                position: file.position,
                size: file.size,
                sealed_sha_256: file.sealed_hash.to_hex(),
            })
            .collect();
        let looked = if whole {
            store.stream(&reads(&case.id), 0).await?
        } else {
            Vec::new()
        };
        let head = store.tree_head().await?;
        Ok(Certificate {
            id: proposed.proposal.id.clone(),
            case: case.id.clone(),
            reference: case.reference().to_owned(),
            target: proposed.proposal.target.clone(),
            rule: proposed.proposal.rule.clone(),
            proposed: Signed {
                by: proposed.proposed.by.clone(),
                at: proposed.proposed.at,
            },
            approved: Signed {
                by: approved.by.clone(),
                at: approved.at,
            },
            due: *due,
            at: now,
            before: Head {
                size: head.size,
                root: head.root.to_hex(),
            },
            entries,
            files,
            reads: looked
                .first()
                .zip(looked.last())
                .map(|(first, last)| GoneReads {
                    count: looked.len() as u64,
                    first: first.at,
                    last: last.at,
                }),
        })
    }

    /// Records the certificate in the partnership's stream, and in the case's where that goes on; nothing when the case
    /// has changed meanwhile.
    async fn certify(&self, case: &Case, certificate: &Certificate) -> Result<(), DeskError> {
        let permit = Permit::for_system(CARRIES_OUT);
        let _alone = self.inner.office_writing.lock().await;
        let events = vec![OfficeEvent::ContentErased(Box::new(certificate.clone()))];
        let office = self.office_change("candour", &events)?;
        if certificate.target == Target::Case {
            // Nothing is added to the case, but nothing may have been added since it was looked at either, such as a hold.
            let unchanged = Change {
                stream: stream(&case.id),
                expected: Some(case.version()),
                entries: Vec::new(),
                files: Vec::new(),
            };
            let done = self
                .inner
                .store
                .append_all(permit, vec![unchanged, office], None)
                .await;
            if let Err(error) = done {
                if let store::StoreError::Unknown { .. } = error {
                    self.read_office_again();
                }
                return Err(error.into());
            }
        } else {
            let mut grown = Grown::from(case.clone());
            grown.push(Arc::new(Recorded {
                number: case.version() + 1,
                at: certificate.at,
                by: By {
                    person: "candour".into(),
                    name: "Candour".into(),
                    part: "carries out what was approved".into(),
                    partner: None,
                },
                edition: String::new(),
                event: Event::Erasure(cases::erasure::Event::ContentErased(Box::new(
                    certificate.clone(),
                ))),
                missing: Vec::new(),
                imported: None,
                pasted: Vec::new(),
            }));
            self.record(permit, vec![grown], Some(office), None).await?;
        }
        self.office_follows(&events);
        Ok(())
    }

    /// Destroys what a certificate names, and lets memory forget it; answers how many keys went now.
    /// Done again, it does what is left to do.
    pub(crate) async fn destroy(&self, certificate: &Certificate) -> Result<u64, DeskError> {
        let id = &certificate.case;
        let what = Erase {
            keys: keys_of(certificate),
            streams: streams_of(certificate),
            drafts: Some(format!("/cases/{id}")),
            summaries: vec![stream(id)],
            rule: certificate.rule.title.clone(),
            at: certificate.at,
        };
        let done = self
            .inner
            .store
            .erase(Permit::for_system(CARRIES_OUT), &what)
            .await?;
        tracing::info!(keys = done.keys, drafts = done.drafts, "content was erased");
        self.forget(certificate).await?;
        Ok(done.keys)
    }

    /// Memory forgets what was erased.
    async fn forget(&self, certificate: &Certificate) -> Result<(), DeskError> {
        let id = certificate.case.as_str();
        let inner = &self.inner;
        if let Ok(mut clocks) = inner.clocks.write() {
            clocks.remove(id);
        }
        if certificate.target != Target::Case {
            inner.cases.forget(id);
            inner.stories.forget(id);
            match self.load_whole(id).await {
                Ok(case) => self.summarise(&case),
                // At the start of the program, or where the case has gone as a whole since.
                Err(DeskError::NotThere) => {}
                Err(error) => return Err(error),
            }
            return Ok(());
        }
        inner.cases.bar(id);
        inner.stories.bar(id);
        if let Ok(mut register) = inner.register.write() {
            register.remove(id);
        }
        if let Ok(mut changed) = inner.changed.lock() {
            changed.remove(id);
        }
        Ok(())
    }

    /// Finishes erasures whose certificate is recorded and whose keys are still there, wholly or in part.
    pub(crate) async fn finish_erasures(&self) -> Result<(), DeskError> {
        let office = self.office();
        let all = |names: fn(&Certificate) -> Vec<String>| -> Vec<String> {
            office.erasures.iter().flat_map(names).collect()
        };
        let (keys, streams) = (all(keys_of), all(streams_of));
        if keys.is_empty() && streams.is_empty() {
            return Ok(());
        }
        let left = self.inner.store.still_kept(&keys, &streams).await?;
        if left.is_empty() {
            return Ok(());
        }
        for certificate in &office.erasures {
            let mut names = keys_of(certificate)
                .into_iter()
                .chain(streams_of(certificate));
            if names.any(|name| left.contains(&name)) {
                self.destroy(certificate).await?;
            }
        }
        Ok(())
    }
}

fn gone(case: &Case, one: &Opened) -> Option<GoneEntry> {
    let Content::Clear(content) = &one.content else {
        return None;
    };
    let recorded = case.story.iter().find(|r| r.number == one.number);
    Some(GoneEntry {
        number: one.number,
        position: one.position,
        kind: one.kind.clone(),
        at: one.at,
        actor: one.actor.clone(),
        size: content.len() as u64,
        hash: one.hash.to_hex(),
        key: one.key_id.clone(),
        in_text: recorded.is_some_and(|r| r.event.is_part_of_the_text()),
    })
}

fn keys_of(certificate: &Certificate) -> Vec<String> {
    let entries = certificate.entries.iter().map(|e| e.key.clone());
    entries
        .chain(certificate.files.iter().map(|f| f.id.clone()))
        .collect()
}

fn streams_of(certificate: &Certificate) -> Vec<String> {
    match certificate.target {
        Target::Case => vec![stream(&certificate.case), reads(&certificate.case)],
        _ => Vec::new(),
    }
}
