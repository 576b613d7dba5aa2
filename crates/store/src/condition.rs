//! Whether the store may still write: it stops for good when the disk fails, and for a while when the database is away.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use sqlx::{Any, AnyPool, Transaction, any::AnyArguments, query::Query};

use crate::{Store, StoreError, database, error::sql};

/// Whether the store can write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It can.
    Writing,
    /// The database is away or held by another; this heals by itself when it is back.
    Waiting,
    /// It has stopped writing until it is opened again, for this reason.
    Halted(String),
}

/// The reason for which writing has stopped, if it has. Shared by all that write.
#[derive(Debug, Clone, Default)]
pub(crate) struct Halt(Arc<OnceLock<String>>);

impl Halt {
    /// Stops all writing when the error is of the kind after which nothing that was written can be believed:
    /// after a failed fsync the system may have dropped what it said it would write.
    pub(crate) fn consider(&self, error: &StoreError) {
        if let StoreError::Disk { .. } | StoreError::Superseded = error
            && self.0.set(crate::error::with_sources(error)).is_ok()
        {
            tracing::error!(%error, "the store stops writing until it is opened again");
        }
    }

    /// Why writing has stopped.
    pub(crate) fn why(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }

    /// Refuses when writing has stopped.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match self.why() {
            Some(why) => Err(StoreError::Halted(why.to_owned())),
            None => Ok(()),
        }
    }
}

/// Counts the transactions in which something other than the writer may have changed what the writer remembers.
/// Each is counted while it holds the one connection that writes, so the writer sees the count before it writes again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Others(Arc<AtomicU64>);

impl Others {
    /// How many there were.
    pub(crate) fn turns(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// One more; called by whoever holds the connection that writes, before it is given back.
    pub(crate) fn turn(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

impl Store {
    /// Whether the store can write; for the readiness endpoint.
    pub fn condition(&self) -> Condition {
        match self.inner.halt.why() {
            Some(why) => Condition::Halted(why.to_owned()),
            None if self.inner.lease.as_ref().is_some_and(|lease| !lease.held()) => {
                Condition::Waiting
            }
            None => Condition::Writing,
        }
    }

    /// Carries out one statement that changes something beside the record, and answers how many rows it changed.
    pub(crate) async fn write(
        &self,
        doing: &'static str,
        query: Query<'_, Any, AnyArguments>,
    ) -> Result<u64, StoreError> {
        self.inner.halt.check()?;
        let done = query.execute(self.writing()).await.map_err(sql(doing));
        if let Err(error) = &done {
            self.inner.halt.consider(error);
        }
        Ok(done?.rows_affected())
    }

    /// Begins a transaction that changes something, unless writing has stopped. The writer forgets what it remembers.
    pub(crate) async fn begin(
        &self,
        doing: &'static str,
    ) -> Result<Transaction<'static, Any>, StoreError> {
        self.inner.halt.check()?;
        let begun = database::begin(self.writing()).await.map_err(sql(doing));
        match &begun {
            Ok(_) => self.inner.others.turn(),
            Err(error) => self.inner.halt.consider(error),
        }
        begun
    }

    fn writing(&self) -> &AnyPool {
        &self.inner.writing
    }
}
