//! Checkpoints: after every decision, once a day while something is recorded, and when someone asks.
//! A checkpoint that cannot be made never undoes what was recorded; it is made at the next occasion.
//! Each one is queued for the witnesses, who hold it where nobody who runs the server can change it.

use cases::Case;
use jiff::SignedDuration;
use record::{Hash, checkpoint::VerifierKey};
use store::{SignedCheckpoint, TreeHead};

use crate::act::completes;
use crate::error::DeskError;
use crate::load::{Desk, stream};

/// How long the newest checkpoint may stay the newest while entries are added.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// A complete decision in the log, and the first checkpoint that covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The number in the case of the entry that completed it.
    pub number: u64,
    /// The position of that entry in the log.
    pub position: u64,
    /// Its hash.
    pub hash: Hash,
    /// The checkpoint, once one was made.
    pub checkpoint: Option<SignedCheckpoint>,
}

impl Desk {
    /// Signs the head of the log as it is now and queues it for the witnesses.
    /// `why` stands beside it in clear: never put anything about a case there.
    ///
    /// # Errors
    /// The store failed.
    pub async fn checkpoint(&self, why: &str) -> Result<Option<SignedCheckpoint>, DeskError> {
        let now = self.inner.clock.now();
        let made = self.inner.store.checkpoint(why, now).await?;
        if let Some(made) = &made
            && let Err(error) = self.queue_for_witnesses(made).await
        {
            tracing::error!(%error, "a checkpoint could not be queued for the witnesses; it is tried again in a minute");
        }
        Ok(made)
    }

    /// After a change that completed a decision.
    pub(crate) async fn checkpoint_after_decision(&self) {
        if let Err(error) = self.checkpoint("after a decision").await {
            tracing::error!(%error, "no checkpoint could be made after a decision; the daily one will cover it");
        }
    }

    /// Makes the daily checkpoint when it is due: something was recorded since the newest one, and that is a day old.
    ///
    /// # Errors
    /// The store failed.
    pub async fn daily_checkpoint(&self) -> Result<Option<SignedCheckpoint>, DeskError> {
        let newest = self.checkpoints().await?.pop();
        let head = self.inner.store.tree_head().await?;
        let due = newest.is_none_or(|newest| {
            let age = self.inner.clock.now().duration_since(newest.at);
            newest.head.size < head.size && age >= A_DAY
        });
        if due {
            self.checkpoint("once a day").await
        } else {
            Ok(None)
        }
    }

    /// Every checkpoint that was given out, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn checkpoints(&self) -> Result<Vec<SignedCheckpoint>, DeskError> {
        Ok(self.inner.store.checkpoints().await?)
    }

    /// The first checkpoint that covers the entry at this position of the log.
    ///
    /// # Errors
    /// The store failed.
    pub async fn checkpoint_over(
        &self,
        position: u64,
    ) -> Result<Option<SignedCheckpoint>, DeskError> {
        Ok(self.inner.store.checkpoint_over(position).await?)
    }

    /// How many entries the log has, and the root over them.
    ///
    /// # Errors
    /// The store failed.
    pub async fn tree_head(&self) -> Result<TreeHead, DeskError> {
        Ok(self.inner.store.tree_head().await?)
    }

    /// Where the newest complete decision of a case stands in the log; `None` while there is none. The case must be whole.
    ///
    /// # Errors
    /// The store failed.
    pub async fn decision_covered(&self, case: &Case) -> Result<Option<Covered>, DeskError> {
        if case.decision.complete().is_none() {
            return Ok(None);
        }
        let completed = case.story.iter().rev().find(|recorded| {
            completes(&recorded.event) && !case.closing.marks.contains_key(&recorded.number)
        });
        let Some(completed) = completed else {
            return Ok(None);
        };
        let place = self
            .inner
            .store
            .place_of(&stream(&case.id), completed.number)
            .await?;
        let Some(place) = place else { return Ok(None) };
        Ok(Some(Covered {
            number: completed.number,
            position: place.position,
            hash: place.hash,
            checkpoint: self.checkpoint_over(place.position).await?,
        }))
    }

    /// Position in the log and hash of the newest entry of a case.
    ///
    /// # Errors
    /// The store failed.
    pub async fn newest_place(&self, case: &Case) -> Result<Option<store::Head>, DeskError> {
        Ok(self
            .inner
            .store
            .place_of(&stream(&case.id), case.version())
            .await?)
    }

    /// The public keys the log has signed with.
    ///
    /// # Errors
    /// The store failed.
    pub async fn log_keys(&self) -> Result<Vec<VerifierKey>, DeskError> {
        Ok(self.inner.store.log_keys().await?)
    }
}
