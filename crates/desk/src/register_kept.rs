//! The register across starts: filled from what was kept sealed, brought up to the day, kept again.
//! What is kept is never the truth: a summary that is behind its case, or of another shape, is made again from the record.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use store::KeptSummary;

use crate::error::DeskError;
use crate::load::{Desk, stream};
use crate::register::{SHAPE, Summary};

impl Desk {
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
            if self.office().erased(id).is_some() {
                continue;
            }
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
}
