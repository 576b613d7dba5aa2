//! What lies on the shelf and belongs to nobody is taken away: at start, and every quarter of an hour.
//! It got there when the program stopped, or the database failed, between the last byte of an upload and its entry.

use std::{
    sync::{Arc, Weak},
    time::{Duration, SystemTime},
};

use super::rows;
use crate::{Store, StoreError, store::Inner};

/// How often is swept.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// While running, what is younger than this is left: another way to the same shelf may be about to write its entry.
const YOUNG: Duration = Duration::from_secs(15 * 60);

impl Store {
    /// Takes away files that no entry speaks of and that are older than this; answers how many.
    /// Those that are just arriving here are left alone whatever their age.
    pub async fn sweep_files(&self, older_than: Duration) -> Result<u64, StoreError> {
        sweep(&self.inner, older_than).await
    }
}

async fn sweep(inner: &Arc<Inner>, older_than: Duration) -> Result<u64, StoreError> {
    // In this order, so that a file which finishes meanwhile is either still arriving or already known.
    let lying = inner.files.shelf.list().await?;
    let arriving = inner.files.arriving.now();
    let now = SystemTime::now();
    let mut taken = 0;
    for one in lying {
        let age = now.duration_since(one.since).unwrap_or_default();
        if age < older_than
            || arriving.contains(&one.name)
            || rows::is_known(inner, &one.name).await?
        {
            continue;
        }
        inner.files.shelf.delete(&one.name).await?;
        taken += 1;
    }
    if taken > 0 {
        tracing::info!(taken, "files that belong to no entry were removed");
    }
    Ok(taken)
}

/// Sweeps everything that is left from before, and goes on sweeping until the store is closed or dropped.
pub(crate) async fn keep_swept(inner: &Arc<Inner>) -> Result<(), StoreError> {
    sweep(inner, Duration::ZERO).await?;
    let inner: Weak<Inner> = Arc::downgrade(inner);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            let Some(inner) = inner.upgrade().filter(|inner| !inner.queue.is_closed()) else {
                return;
            };
            if let Err(error) = sweep(&inner, YOUNG).await {
                tracing::warn!(%error, "files that belong to no entry could not be removed; tried again in a while");
            }
        }
    });
    Ok(())
}
