//! Checkpoints: after every decision, once a day while something is recorded, and when someone asks.
//! A checkpoint that cannot be made never undoes what was recorded; it is made at the next occasion.

use jiff::SignedDuration;
use record::checkpoint::VerifierKey;
use store::SignedCheckpoint;

use crate::error::DeskError;
use crate::load::Desk;

/// How long the newest checkpoint may stay the newest while entries are added.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// Signs the head of the log as it is now. `why` stands beside it in clear: never put anything about a case there.
    ///
    /// # Errors
    /// The store failed.
    pub async fn checkpoint(&self, why: &str) -> Result<Option<SignedCheckpoint>, DeskError> {
        let now = self.inner.clock.now();
        Ok(self.inner.store.checkpoint(why, now).await?)
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

    /// The public keys the log has signed with.
    ///
    /// # Errors
    /// The store failed.
    pub async fn log_keys(&self) -> Result<Vec<VerifierKey>, DeskError> {
        Ok(self.inner.store.log_keys().await?)
    }
}
