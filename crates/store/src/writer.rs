//! The writer: the one task that appends, sealing and committing whatever is waiting in a single transaction.
//! A conflict answers its own caller alone; a failed commit answers everyone in it, and the writer goes on.
//! After a failed disk it stops. When the database goes away during a commit, it looks whether the commit was made before it answers.

use std::{collections::HashMap, fs::File, sync::Arc, time::Duration};

use record::{Entry, Hash, content::committing_key_id, content_hash, time_text};
use sqlx::{AnyConnection, AnyPool, Row};
use tokio::{sync::mpsc, time::Instant};

use crate::{
    Appended, NewEntry, StoreError,
    append::{Answer, Change, Job, Request},
    condition::Halt,
    database::{self, whole},
    error::{Kind, kind, sql, with_sources},
    files, forms,
    key::{Key, random_handle},
    lease::Lease,
    read,
    row::{open_stream_key, stream_key_row},
    seal::{Bound, seal},
    tree,
};

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
    pub(crate) master: Key,
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

/// A stream as the transaction sees it.
struct Growing {
    entries: u64,
    last_position: u64,
    key: Option<Key>,
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
        let mut head = read::head(&mut tx, &self.partnership).await?;
        let mut streams: HashMap<&str, Growing> = HashMap::new();
        let mut edge = tree::edge(&mut tx, &self.partnership).await?;
        let mut leaves = Vec::with_capacity(requests.len());
        let mut results = Vec::with_capacity(requests.len());
        for request in requests {
            if let Some(conflict) = self.conflict(&mut tx, &mut streams, request).await? {
                results.push(Err(conflict));
                continue;
            }
            let mut appended = Vec::with_capacity(request.changes.len());
            for change in &request.changes {
                let Some(stream) = streams.get_mut(change.stream.as_str()) else {
                    continue;
                };
                appended.push(
                    self.grow(&mut tx, &mut head, &mut leaves, stream, change)
                        .await?,
                );
            }
            if let Some(form) = &request.form {
                forms::finish(&mut tx, form).await?;
            }
            results.push(Ok(appended));
        }
        self.keep_heads(&mut tx, &head, &streams).await?;
        tree::extend(&mut tx, &self.partnership, &mut edge, leaves).await?;
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

    /// The first change of a request that was based on fewer entries than there are.
    async fn conflict<'r>(
        &self,
        connection: &mut AnyConnection,
        streams: &mut HashMap<&'r str, Growing>,
        request: &'r Request,
    ) -> Result<Option<StoreError>, StoreError> {
        let mut conflict = None;
        for change in &request.changes {
            let name = change.stream.as_str();
            let now = match streams.get(name) {
                Some(stream) => stream.entries,
                None => {
                    let loaded = self.load(connection, name).await?;
                    let entries = loaded.entries;
                    streams.insert(name, loaded);
                    entries
                }
            };
            if let Some(expected) = change.expected.filter(|expected| *expected != now) {
                conflict.get_or_insert(StoreError::Conflict {
                    stream: name.to_owned(),
                    expected,
                    now,
                });
            }
        }
        Ok(conflict)
    }

    /// Adds the entries and files of one change to its stream.
    async fn grow(
        &self,
        connection: &mut AnyConnection,
        head: &mut read::Head,
        leaves: &mut Vec<Hash>,
        stream: &mut Growing,
        change: &Change,
    ) -> Result<Vec<Appended>, StoreError> {
        let name = change.stream.as_str();
        let mut appended = Vec::with_capacity(change.entries.len());
        for new in &change.entries {
            let key = match &stream.key {
                Some(key) => key.clone(),
                None => self.new_stream_key(connection, name).await?,
            };
            stream.key = Some(key.clone());
            let (entry, hash) = self
                .insert(
                    connection,
                    name,
                    &key,
                    head.position + 1,
                    stream.entries + 1,
                    head.hash,
                    new,
                )
                .await?;
            *head = read::Head {
                position: entry.position,
                hash,
            };
            leaves.push(hash);
            stream.entries = entry.number;
            stream.last_position = entry.position;
            appended.push(Appended {
                position: entry.position,
                number: entry.number,
                key_id: entry.key_id,
                hash,
            });
        }
        if let Some(first) = appended.first() {
            for file in &change.files {
                files::insert(connection, &self.partnership, file, first.position).await?;
            }
        }
        Ok(appended)
    }

    async fn load(
        &self,
        connection: &mut AnyConnection,
        stream: &str,
    ) -> Result<Growing, StoreError> {
        let failed = sql("read the head of a stream");
        let head = sqlx::query(
            "SELECT entries, last_position FROM stream_head WHERE partnership = $1 AND stream = $2",
        )
        .bind(self.partnership.as_str())
        .bind(stream)
        .fetch_optional(&mut *connection)
        .await
        .map_err(&failed)?;
        let (entries, last_position) = match head {
            Some(row) => (
                row.try_get::<i64, _>(0).map_err(&failed)?,
                row.try_get::<i64, _>(1).map_err(&failed)?,
            ),
            None => (0, 0),
        };
        let key = match stream_key_row(connection, &self.partnership, stream).await? {
            Some(row) => Some(open_stream_key(
                &self.master,
                &self.partnership,
                stream,
                &row,
            )?),
            None => None,
        };
        Ok(Growing {
            entries: entries.try_into().unwrap_or(0),
            last_position: last_position.try_into().unwrap_or(0),
            key,
        })
    }

    async fn new_stream_key(
        &self,
        connection: &mut AnyConnection,
        stream: &str,
    ) -> Result<Key, StoreError> {
        let key = Key::random()?;
        let key_id = random_handle()?;
        let bound = Bound::StreamKey {
            partnership: &self.partnership,
            stream,
            key_id: &key_id,
        };
        let wrapped = seal(&self.master, &bound, key.bytes())?.joined();
        sqlx::query(
            "INSERT INTO stream_key (partnership, stream, key_id, wrapped) VALUES ($1, $2, $3, $4)",
        )
        .bind(self.partnership.as_str())
        .bind(stream)
        .bind(key_id)
        .bind(wrapped)
        .execute(connection)
        .await
        .map_err(sql("keep the key of a stream"))?;
        Ok(key)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the place of one entry is just these values"
    )]
    async fn insert(
        &self,
        connection: &mut AnyConnection,
        stream: &str,
        stream_key: &Key,
        position: u64,
        number: u64,
        previous: Hash,
        new: &NewEntry,
    ) -> Result<(Entry, Hash), StoreError> {
        let failed = sql("append to the record");
        // The id is computed from the key: the cipher alone would let one text open to two with two keys.
        let key = Key::random()?;
        let key_id = committing_key_id(key.bytes());
        let partnership = self.partnership.as_str();
        let kind = new.kind.as_str();
        let sealed = seal(
            &key,
            &Bound::Content {
                partnership,
                stream,
                number,
                kind,
            },
            &new.content,
        )?;
        let bound = Bound::EntryKey {
            partnership,
            stream,
            key_id: &key_id,
        };
        let wrapped = seal(stream_key, &bound, key.bytes())?.joined();
        let entry = Entry {
            partnership: partnership.to_owned(),
            position,
            stream: stream.to_owned(),
            number,
            kind: kind.to_owned(),
            version: new.version,
            at: time_text(new.at),
            actor: new.actor.clone(),
            key_id,
            nonce: sealed.nonce,
            content_hash: content_hash(&sealed.bytes),
            previous,
        };
        let hash = entry.hash();
        sqlx::query(
            "INSERT INTO entry (partnership, position, stream, number, kind, kind_version, recorded_at, actor, key_id, \
             nonce, content_hash, previous, hash, sealed) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(partnership)
        .bind(whole(position))
        .bind(stream)
        .bind(whole(number))
        .bind(kind)
        .bind(i64::from(new.version))
        .bind(entry.at.as_str())
        .bind(new.actor.as_str())
        .bind(entry.key_id.as_str())
        .bind(entry.nonce.to_vec())
        .bind(entry.content_hash.0.to_vec())
        .bind(previous.0.to_vec())
        .bind(hash.0.to_vec())
        .bind(sealed.bytes)
        .execute(&mut *connection)
        .await
        .map_err(&failed)?;
        sqlx::query("INSERT INTO entry_key (key_id, wrapped) VALUES ($1, $2)")
            .bind(entry.key_id.as_str())
            .bind(wrapped)
            .execute(connection)
            .await
            .map_err(&failed)?;
        Ok((entry, hash))
    }

    async fn keep_heads(
        &self,
        connection: &mut AnyConnection,
        head: &read::Head,
        streams: &HashMap<&str, Growing>,
    ) -> Result<(), StoreError> {
        let failed = sql("keep the head of the log");
        for (name, stream) in streams.iter().filter(|(_, stream)| stream.entries > 0) {
            sqlx::query(
                "INSERT INTO stream_head (partnership, stream, entries, last_position) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (partnership, stream) DO UPDATE SET entries = excluded.entries, last_position = excluded.last_position",
            )
            .bind(self.partnership.as_str())
            .bind(*name)
            .bind(whole(stream.entries))
            .bind(whole(stream.last_position))
            .execute(&mut *connection)
            .await
            .map_err(&failed)?;
        }
        if head.position > 0 {
            sqlx::query(
                "INSERT INTO log_head (partnership, position, hash) VALUES ($1, $2, $3) \
                 ON CONFLICT (partnership) DO UPDATE SET position = excluded.position, hash = excluded.hash",
            )
            .bind(self.partnership.as_str())
            .bind(whole(head.position))
            .bind(head.hash.0.to_vec())
            .execute(connection)
            .await
            .map_err(&failed)?;
        }
        Ok(())
    }
}
