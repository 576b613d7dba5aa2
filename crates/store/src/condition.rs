//! Whether the store may still write: it stops for good when the disk fails, and for a while when the database is away.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use sqlx::{
    Any, AnyConnection, Transaction,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use crate::{
    Store, StoreError, database,
    error::sql,
    writer::{self, Turn},
};

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
/// Each is counted while it has the turn, so the writer sees the count before it writes again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Others(Arc<AtomicU64>);

impl Others {
    /// How many there were.
    pub(crate) fn turns(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// One more; called by whoever has the turn, before it is given back.
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
        let done = async {
            let _turn = self.turn().await?;
            query.execute(&self.inner.writing).await
        };
        Ok(self.unless_halted(doing, done).await?.rows_affected())
    }

    /// The same for a statement that answers with rows.
    pub(crate) async fn write_answering(
        &self,
        doing: &'static str,
        query: Query<'_, Any, AnyArguments>,
    ) -> Result<Vec<AnyRow>, StoreError> {
        let done = async {
            let _turn = self.turn().await?;
            query.fetch_all(&self.inner.writing).await
        };
        self.unless_halted(doing, done).await
    }

    /// Begins a transaction that changes something, unless writing has stopped. The writer forgets what it remembers.
    pub(crate) async fn begin(&self, doing: &'static str) -> Result<Changing, StoreError> {
        let begun = self.begin_beside(doing).await?;
        self.inner.others.turn();
        Ok(begun)
    }

    /// The same for what the writer remembers nothing of.
    pub(crate) async fn begin_beside(&self, doing: &'static str) -> Result<Changing, StoreError> {
        let begun = async {
            Ok(Changing {
                _turn: self.turn().await?,
                tx: database::begin(&self.inner.writing).await?,
            })
        };
        self.unless_halted(doing, begun).await
    }

    async fn unless_halted<T>(
        &self,
        doing: &'static str,
        done: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, StoreError> {
        self.inner.halt.check()?;
        let done = done.await.map_err(sql(doing));
        if let Err(error) = &done {
            self.inner.halt.consider(error);
        }
        done
    }

    /// On SQLite the turn to write. On PostgreSQL it comes with the one connection that writes.
    pub(crate) async fn turn(&self) -> Result<Option<Turn>, sqlx::Error> {
        match self.inner.lease {
            Some(_) => Ok(None),
            None => writer::turn(&self.inner.turns).await.map(Some),
        }
    }
}

/// A transaction that changes something, with the turn to do so. Unless it is committed, nothing of it was done.
pub(crate) struct Changing {
    tx: Transaction<'static, Any>,
    _turn: Option<Turn>,
}

impl Changing {
    /// Makes it last, and gives the turn back.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await
    }
}

impl Deref for Changing {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.tx
    }
}

impl DerefMut for Changing {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }
}
