//! The writer: the one task that appends, sealing and committing whatever is waiting in a single transaction.
//! A conflict answers its own caller alone; a failed commit answers everyone in it, and the writer goes on.
//! After a failed disk it stops. When the database goes away during a commit, it looks whether the commit was made before it answers.

mod batch;

use std::{fs::File, sync::Arc, time::Duration};

use sqlx::{AnyConnection, AnyPool, Row};
use tokio::{sync::mpsc, time::Instant};

use crate::{
    StoreError,
    append::{Answer, Job, Request},
    condition::Halt,
    database::{self, whole},
    error::{Kind, kind, sql, with_sources},
    key::Key,
    lease::Lease,
    read,
};
use batch::Batch;

/// How many requests go into one transaction at most.
const BATCH: usize = 256;
/// How long a batch waits for a database that is away, before it is told so.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the outcome of a commit is looked for before the answer is that it is not known.
const SETTLING: Duration = Duration::from_secs(10);

/// The task that owns all appending.
pub(crate) struct Writer {
    pub(crate) pool: AnyPool,
    pub(crate) partnership: String,
    pub(crate) partnership_key: Key,
    pub(crate) halt: Halt,
    pub(crate) lease: Option<Arc<Lease>>,
    /// Held so that the folder stays locked until the last commit is done.
    pub(crate) _lock: Arc<File>,
}

/// Why a batch was not committed.
struct Failed {
    error: StoreError,
    /// The head there would be, when the commit was under way: it may have been made.
    perhaps: Option<Perhaps>,
}

struct Perhaps {
    head: read::Head,
    results: Vec<Answer>,
    kind: Kind,
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Failed {
        Failed {
            error,
            perhaps: None,
        }
    }
}

impl Writer {
    /// Commits whatever is waiting, until every store is dropped or one closes it.
    pub(crate) async fn run(self, mut queue: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(BATCH);
        while queue.recv_many(&mut waiting, BATCH).await > 0 {
            let (mut requests, mut answers, mut closing) = (Vec::new(), Vec::new(), None);
            for job in waiting.drain(..) {
                match job {
                    Job::Append(request, answer) => {
                        requests.push(request);
                        answers.push(answer);
                    }
                    Job::Close(done) => closing = Some(done),
                }
            }
            let results = match self.commit(&requests).await {
                Ok(results) => results,
                Err(error) => {
                    let why = with_sources(&error);
                    tracing::error!(
                        why,
                        requests = requests.len(),
                        "this batch was not answered as recorded"
                    );
                    requests.iter().map(|_| Err(error.clone())).collect()
                }
            };
            for (answer, result) in answers.into_iter().zip(results) {
                // A caller that no longer waits has its entries recorded all the same.
                let _ = answer.send(result);
            }
            if let Some(done) = closing {
                queue.close();
                drop(queue);
                let _ = done.send(());
                return;
            }
        }
    }

    /// Commits a batch. A database that is away is waited for a little while; nothing is tried twice that may have been done.
    async fn commit(&self, requests: &[Request]) -> Result<Vec<Answer>, StoreError> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        let until = Instant::now() + PATIENCE;
        loop {
            self.halt.check()?;
            let failed = match self.try_commit(requests).await {
                Ok(results) => return Ok(results),
                Err(failed) => failed,
            };
            self.halt.consider(&failed.error);
            if let Some(perhaps) = failed.perhaps {
                return self.settle(failed.error, perhaps).await;
            }
            let away = matches!(failed.error, StoreError::Unavailable { .. });
            if !away || self.lease.is_none() || Instant::now() >= until {
                return Err(failed.error);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Says of a commit that failed while it was under way whether it was made.
    async fn settle(&self, error: StoreError, perhaps: Perhaps) -> Result<Vec<Answer>, StoreError> {
        match perhaps.kind {
            // The last page of the transaction was not written.
            Kind::NoSpace | Kind::Other => return Err(error),
            Kind::Away if self.lease.is_none() => return Err(error),
            // What reached the disk is found when the store is opened again; until then nobody can say.
            Kind::Disk => {
                return Err(StoreError::Unknown {
                    doing: "append to the record",
                });
            }
            Kind::Away | Kind::Closed => {}
        }
        let until = Instant::now() + SETTLING;
        loop {
            match self.made(&perhaps.head).await {
                Ok(true) => return Ok(perhaps.results),
                Ok(false) => return Err(error),
                Err(again) if Instant::now() < until => {
                    tracing::warn!(
                        why = with_sources(&again),
                        "the outcome of a commit is looked for"
                    );
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(_) => {
                    return Err(StoreError::Unknown {
                        doing: "append to the record",
                    });
                }
            }
        }
    }

    /// Whether the entry that was to be the last is there. Waits for a transaction that is still being finished.
    async fn made(&self, head: &read::Head) -> Result<bool, StoreError> {
        let failed = sql("look for the outcome of a commit");
        let mut tx = database::begin(&self.pool).await.map_err(&failed)?;
        let row = sqlx::query("SELECT hash FROM entry WHERE partnership = $1 AND position = $2")
            .bind(self.partnership.as_str())
            .bind(whole(head.position))
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        let there: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose().map_err(&failed)?;
        Ok(there.is_some_and(|hash| hash == head.hash.0))
    }

    /// One try, on a connection that is given up when anything fails: whatever state it was left in is not built upon.
    async fn try_commit(&self, requests: &[Request]) -> Result<Vec<Answer>, Failed> {
        let failed = sql("append to the record");
        if self.lease.as_ref().is_some_and(|lease| !lease.held()) {
            return Err(failed(sqlx::Error::PoolTimedOut).into());
        }
        let mut connection = self.pool.acquire().await.map_err(&failed)?;
        let done = self.try_commit_on(&mut connection, requests).await;
        if done.is_err() {
            // Only says that it was broken already.
            let _ = connection.close().await;
        }
        done
    }

    async fn try_commit_on(
        &self,
        connection: &mut AnyConnection,
        requests: &[Request],
    ) -> Result<Vec<Answer>, Failed> {
        let failed = sql("append to the record");
        let mut tx = database::begin_on(connection, self.lease.is_some())
            .await
            .map_err(&failed)?;
        if let Some(lease) = &self.lease {
            lease.check(&mut tx).await?;
        }
        let mut batch =
            Batch::begin(&mut tx, &self.partnership, &self.partnership_key, requests).await?;
        let mut results = Vec::with_capacity(requests.len());
        for request in requests {
            results.push(batch.take(&mut tx, request).await?);
        }
        batch.write(&mut tx).await?;
        let head = batch.head;
        if let Err(error) = tx.commit().await {
            let kind = kind(&error);
            return Err(Failed {
                error: failed(error),
                perhaps: Some(Perhaps {
                    head,
                    results,
                    kind,
                }),
            });
        }
        Ok(results)
    }
}
