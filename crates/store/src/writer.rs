//! The writer: the one way in which anything is appended, sealing and committing whatever is waiting in a single transaction.
//! On SQLite whoever finds it idle commits on its own thread; whoever does not waits in a queue, which is committed together.
//! A conflict answers its own caller alone; a failed commit answers everyone in it, and the writer goes on.
//! What it knows of the record from its last commit it does not read again.
//! After a failed disk it stops. When the database goes away during a commit, it looks whether the commit was made before it answers.

mod batch;
mod direct;
mod known;
#[cfg(test)]
mod tests;
mod together;

use std::{fs::File, hint, io, path::PathBuf, sync::Arc, thread, time::Duration};

use sqlx::{Any, AnyConnection, AnyPool, Row, pool::PoolConnection};
use tokio::{
    runtime,
    sync::{Mutex, OwnedMutexGuard, mpsc},
    time::{Instant, timeout},
};

use crate::{
    StoreError,
    append::{Answer, Job, Request},
    condition::{Halt, Others},
    database::{self, whole},
    error::{Kind, kind, sql, with_sources},
    key::Key,
    lease::Lease,
    read,
};
use batch::Batch;
use direct::Direct;
pub(crate) use direct::Said;
use known::Known;
pub(crate) use together::Together;

/// How many requests go into one transaction at most.
const BATCH: usize = 256;
/// How many batches in a row are committed to PostgreSQL before whoever else wants to write has a turn.
const IN_A_ROW: u32 = 16;
/// How long the writer looks out for more after several were committed together.
const LOOK_OUT: Duration = Duration::from_micros(100);
/// A commit that takes longer than this is not made on the thread of whoever wants it, which has others to serve.
const QUICK: Duration = Duration::from_millis(1);
/// How long a turn is waited for.
const TURN: Duration = Duration::from_secs(30);
/// How long a batch waits for a database that is away, before it is told so.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the outcome of a commit is looked for before the answer is that it is not known.
const SETTLING: Duration = Duration::from_secs(10);

/// The writer, as it is shared by all that write.
/// On SQLite, whoever has hold of it has the turn: nothing else changes the database meanwhile.
pub(crate) type Turns = Arc<Mutex<Writer>>;

/// The turn of one that writes.
pub(crate) type Turn = OwnedMutexGuard<Writer>;

/// Waits for the turn.
pub(crate) async fn turn(turns: &Turns) -> Result<Turn, sqlx::Error> {
    timeout(TURN, turns.clone().lock_owned())
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)
}

/// All that appending needs.
pub(crate) struct Writer {
    pool: AnyPool,
    partnership: String,
    partnership_key: Key,
    halt: Halt,
    lease: Option<Arc<Lease>>,
    others: Others,
    /// The record as of the last commit, unless that failed.
    memory: Option<Known>,
    /// The connection to PostgreSQL, kept from one commit to the next while more is waiting: to give it back and take it again costs two ways there and back.
    kept: Option<PoolConnection<Any>>,
    /// The database's file, when it is SQLite's.
    file: Option<PathBuf>,
    /// The writer's own connection to it, given up when anything fails.
    direct: Option<Direct>,
    in_a_row: u32,
    /// The last commit to SQLite was made within [`QUICK`].
    quick: bool,
    closed: bool,
    /// Held so that the folder stays locked until the last commit is done.
    _lock: Arc<File>,
}

/// The database that is written to.
pub(crate) enum At {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// PostgreSQL, for as long as the right to write to it is held.
    Postgres(Arc<Lease>),
}

/// Why a batch was not committed.
struct Failed {
    error: StoreError,
    /// The head there would be, when the commit was under way: it may have been made.
    perhaps: Option<Perhaps>,
    /// What was remembered may have been behind: what is new is there already. Nothing was written.
    behind: bool,
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
            behind: false,
        }
    }
}

impl Writer {
    /// A writer that knows nothing yet. `lock` is held so that the folder stays locked until the last commit is done.
    pub(crate) fn new(
        pool: AnyPool,
        partnership: String,
        partnership_key: Key,
        halt: Halt,
        at: At,
        others: Others,
        lock: Arc<File>,
    ) -> Writer {
        let (file, lease) = match at {
            At::Sqlite(file) => (Some(file), None),
            At::Postgres(lease) => (None, Some(lease)),
        };
        Writer {
            pool,
            partnership,
            partnership_key,
            halt,
            lease,
            others,
            memory: None,
            kept: None,
            file,
            direct: None,
            in_a_row: 0,
            quick: false,
            closed: false,
            _lock: lock,
        }
    }

    /// Starts the task that commits what waits. On SQLite it has a thread of its own, since a commit holds the thread until it is on disk.
    pub(crate) fn spawn(self, queue: mpsc::Receiver<Job>) -> io::Result<Turns> {
        let apart = self.file.is_some();
        let turns = Arc::new(Mutex::new(self));
        let running = run(turns.clone(), queue);
        if !apart {
            tokio::spawn(running);
            return Ok(turns);
        }
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let named = thread::Builder::new().name("writer".to_owned());
        named.spawn(move || runtime.block_on(running))?;
        Ok(turns)
    }

    /// Whether a request may be committed on the thread of whoever makes it.
    pub(crate) fn is_quick(&self) -> bool {
        self.quick && !self.closed
    }

    /// Commits one request; says why not in the answer.
    pub(crate) async fn commit_one(&mut self, request: Request) -> Answer {
        let mut answers = self.answer(&[request]).await;
        answers.pop().unwrap_or(Err(StoreError::Closed))
    }

    /// Commits a batch, and answers each request of it.
    async fn answer(&mut self, requests: &[Request]) -> Vec<Answer> {
        self.commit(requests).await.unwrap_or_else(|error| {
            let why = with_sources(&error);
            tracing::error!(
                why,
                requests = requests.len(),
                "this batch was not answered as recorded"
            );
            requests.iter().map(|_| Err(error.clone())).collect()
        })
    }

    /// Between two batches: stays ready for more for a moment where several write at once.
    async fn after(&mut self, together: usize, queue: &mpsc::Receiver<Job>) {
        if self.file.is_some() {
            if together > 1 {
                look_out(queue);
            }
            return;
        }
        self.in_a_row += 1;
        if self.in_a_row < IN_A_ROW {
            tokio::task::yield_now().await;
        }
        if self.in_a_row >= IN_A_ROW || queue.is_empty() {
            (self.kept, self.in_a_row) = (None, 0);
        }
    }

    /// Lets go of the database.
    async fn close(&mut self) {
        self.closed = true;
        self.direct = None;
        if let Some(kept) = self.kept.take() {
            // Nothing is written any more; it only says that it was broken already.
            let _ = kept.close().await;
        }
    }

    /// Commits a batch. A database that is away is waited for a little while; nothing is tried twice that may have been done.
    async fn commit(&mut self, requests: &[Request]) -> Result<Vec<Answer>, StoreError> {
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
            if failed.behind {
                // It was forgotten, and is read again.
                tracing::warn!(
                    why = with_sources(&failed.error),
                    "the record was not as the writer left it"
                );
                continue;
            }
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
    async fn settle(
        &mut self,
        error: StoreError,
        perhaps: Perhaps,
    ) -> Result<Vec<Answer>, StoreError> {
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
    async fn made(&mut self, head: &read::Head) -> Result<bool, StoreError> {
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

    /// One try. A connection is given up when anything fails: whatever state it was left in is not built upon.
    async fn try_commit(&mut self, requests: &[Request]) -> Result<Vec<Answer>, Failed> {
        let failed = sql("append to the record");
        if self.lease.as_ref().is_some_and(|lease| !lease.held()) {
            return Err(failed(sqlx::Error::PoolTimedOut).into());
        }
        // Kept only when the commit was made. As long as it is this writer's turn, nothing else changes.
        let memory = self.memory.take();
        let known = memory.filter(|known| known.as_of == self.others.turns());
        if self.file.is_some() {
            let (known, answers) = self.commit_direct(known, requests).await?;
            self.memory = Some(known);
            return Ok(answers);
        }
        let mut connection = match self.kept.take() {
            Some(kept) => kept,
            None => self.pool.acquire().await.map_err(&failed)?,
        };
        match self.commit_reading(&mut connection, known, requests).await {
            Ok((known, answers)) => {
                self.memory = Some(known);
                self.kept = Some(connection);
                Ok(answers)
            }
            Err(failed) => {
                // Only says that it was broken already.
                let _ = connection.close().await;
                Err(failed)
            }
        }
    }

    /// On SQLite: what is not known is read, and the commit made through the writer's own connection.
    /// It holds the thread until it is on disk; see [`Writer::spawn`].
    async fn commit_direct(
        &mut self,
        known: Option<Known>,
        requests: &[Request],
    ) -> Result<(Known, Vec<Answer>), Failed> {
        let failed = sql("append to the record");
        let remembered = known.is_some();
        let known = self.with_streams(known, requests).await?;
        let mut batch = Batch::behind(known, &self.partnership, &self.partnership_key);
        let results = take(&mut batch, requests)?;
        let together = batch.put_together();
        if together.is_empty() {
            drop(together);
            return Ok((batch.into_known(), results));
        }
        let direct = match (self.direct.take(), &self.file) {
            (Some(direct), _) => direct,
            (None, Some(file)) => Direct::open(file).map_err(&failed)?,
            (None, None) => return Err(StoreError::Closed.into()),
        };
        let begun = Instant::now();
        let made = direct.commit(&together);
        self.quick = begun.elapsed() < QUICK;
        drop(together);
        match made {
            Ok(()) => {
                self.direct = Some(direct);
                Ok((batch.into_known(), results))
            }
            Err(not) => Err(Failed {
                behind: remembered && !not.committing && taken(&not.error),
                perhaps: not.committing.then(|| Perhaps {
                    head: batch.head(),
                    results,
                    kind: kind(&not.error),
                }),
                error: failed(not.error),
            }),
        }
    }

    /// What is known, with the streams that the requests name.
    async fn with_streams(
        &mut self,
        known: Option<Known>,
        requests: &[Request],
    ) -> Result<Known, StoreError> {
        if let Some(known) = known {
            if streams(requests).all(|stream| known.streams.contains_key(stream)) {
                return Ok(known);
            }
            return self.read_streams(known, requests).await;
        }
        let failed = sql("append to the record");
        let mut connection = self.pool.acquire().await.map_err(&failed)?;
        let known = Known::read(&mut connection, &self.partnership, self.others.turns()).await?;
        drop(connection);
        self.read_streams(known, requests).await
    }

    async fn read_streams(
        &mut self,
        mut known: Known,
        requests: &[Request],
    ) -> Result<Known, StoreError> {
        let failed = sql("append to the record");
        let mut connection = self.pool.acquire().await.map_err(&failed)?;
        let (partnership, under) = (self.partnership.as_str(), &self.partnership_key);
        known
            .read_streams(&mut connection, partnership, under, streams(requests))
            .await?;
        Ok(known)
    }

    /// On PostgreSQL, where the right to write is looked at each time.
    async fn commit_reading(
        &mut self,
        connection: &mut AnyConnection,
        known: Option<Known>,
        requests: &[Request],
    ) -> Result<(Known, Vec<Answer>), Failed> {
        let failed = sql("append to the record");
        let remembered = known.is_some();
        let mut tx = database::begin_on(connection).await.map_err(&failed)?;
        if let Some(lease) = &self.lease {
            lease.check(&mut tx).await?;
        }
        let (partnership, under) = (self.partnership.as_str(), &self.partnership_key);
        let mut known = match known {
            Some(known) => known,
            None => Known::read(&mut tx, partnership, self.others.turns()).await?,
        };
        known
            .read_streams(&mut tx, partnership, under, streams(requests))
            .await?;
        let mut batch = Batch::behind(known, partnership, under);
        let results = take(&mut batch, requests)?;
        if let Err(error) = batch.put_together().send(&mut tx, true).await {
            return Err(Failed {
                behind: remembered && taken(&error),
                error: failed(error),
                perhaps: None,
            });
        }
        if let Err(error) = tx.commit().await {
            let kind = kind(&error);
            return Err(Failed {
                error: failed(error),
                perhaps: Some(Perhaps {
                    head: batch.head(),
                    results,
                    kind,
                }),
                behind: false,
            });
        }
        Ok((batch.into_known(), results))
    }
}

/// Commits whatever is waiting, until every store is dropped or one closes it.
pub(crate) async fn run(turns: Turns, mut queue: mpsc::Receiver<Job>) {
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
        let mut writer = turns.lock().await;
        for (answer, result) in answers.into_iter().zip(writer.answer(&requests).await) {
            // A caller that no longer waits has its entries recorded all the same.
            let _ = answer.send(result);
        }
        let Some(done) = closing else {
            writer.after(requests.len(), &queue).await;
            continue;
        };
        queue.close();
        drop(queue);
        writer.close().await;
        let _ = done.send(());
        return;
    }
}

/// Those who were answered may have more at once. On a thread of its own the writer looks out for it a moment longer, and keeps the turn:
/// to sleep and be woken takes as long as half a commit, and the first to come would commit alone.
fn look_out(queue: &mpsc::Receiver<Job>) {
    let until = Instant::now() + LOOK_OUT;
    while queue.is_empty() && Instant::now() < until {
        hint::spin_loop();
    }
}

/// The streams that the requests name.
fn streams(requests: &[Request]) -> impl Iterator<Item = &str> + Clone {
    let changes = requests.iter().flat_map(|request| &request.changes);
    changes.map(|change| change.stream.as_str())
}

fn take<'a>(batch: &mut Batch<'a>, requests: &'a [Request]) -> Result<Vec<Answer>, StoreError> {
    requests.iter().map(|request| batch.take(request)).collect()
}

/// Whether a number or a name was there already that was to be new.
fn taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|said| said.is_unique_violation())
}
