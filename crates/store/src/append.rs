//! The one way into the record: a request to the writer.
//! A caller is answered only when its entries are on disk.

use std::{collections::HashSet, fmt};

use access::Permit;
use jiff::Timestamp;
use record::Hash;
use tokio::sync::{MutexGuard, oneshot};

use crate::{FinishedFile, Store, StoreError, writer::Writer};

/// One thing to record.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What kind of event the content is.
    pub kind: String,
    /// The version of that kind.
    pub version: u16,
    /// When it is recorded; finer than a microsecond is cut off.
    pub at: Timestamp,
    /// Who acted.
    pub actor: String,
    /// The content in clear; it is sealed before it touches the disk.
    pub content: Vec<u8>,
}

impl fmt::Debug for NewEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEntry")
            .field("kind", &self.kind)
            .field("version", &self.version)
            .field("at", &self.at)
            .field("actor", &self.actor)
            .field("content", &format_args!("{} bytes", self.content.len()))
            .finish()
    }
}

/// Where an entry went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Its place in the partnership's log.
    pub position: u64,
    /// Its place in the stream.
    pub number: u64,
    /// The handle of its key; see [`Store::destroy_content`].
    pub key_id: String,
    /// Its hash.
    pub hash: Hash,
}

/// What waits for the writer.
pub(crate) enum Job {
    /// Entries to append.
    Append(Request, oneshot::Sender<Answer>),
    /// Finish what came before, answer, and end.
    Close(oneshot::Sender<()>),
}

/// Entries for one stream.
#[derive(Debug)]
pub struct Change {
    /// The stream.
    pub stream: String,
    /// How many entries the decision was based on; when there are more by now, nothing of the request is written.
    /// `None` appends whatever is there.
    pub expected: Option<u64>,
    /// The entries, in order.
    pub entries: Vec<NewEntry>,
    /// Files that were finished and wait; they count from the first of these entries on.
    /// Those whose entry was refused are swept away later; [`Store::begin_file`] begins one.
    pub files: Vec<FinishedFile>,
}

/// A form that was carried out by what is appended; see [`Store::claim`].
#[derive(Debug)]
pub struct FormDone {
    /// The form's token.
    pub token: String,
    /// The path it led to.
    pub path: String,
}

/// What one caller wants appended, all or none of it.
pub(crate) struct Request {
    pub(crate) changes: Vec<Change>,
    pub(crate) form: Option<FormDone>,
}

/// What that caller is told: where the entries of each change went.
pub(crate) type Answer = Result<Vec<Vec<Appended>>, StoreError>;

impl Store {
    /// Appends entries to a stream, all or none, and answers when they are on disk.
    ///
    /// `expected` is the number of entries the decision was based on; when there are more by now, nothing is
    /// written and the answer is [`StoreError::Conflict`]. `None` appends whatever is there.
    pub async fn append(
        &self,
        permit: Permit,
        stream: &str,
        expected: Option<u64>,
        entries: Vec<NewEntry>,
    ) -> Result<Vec<Appended>, StoreError> {
        self.append_with_files(permit, stream, expected, entries, Vec::new())
            .await
    }

    /// Appends to several streams in one transaction, all or none; a form that is named is written down as carried out with them.
    pub async fn append_all(
        &self,
        permit: Permit,
        changes: Vec<Change>,
        form: Option<FormDone>,
    ) -> Result<Vec<Vec<Appended>>, StoreError> {
        changes.iter().try_for_each(fit)?;
        let named: HashSet<&str> = changes.iter().map(|c| c.stream.as_str()).collect();
        if named.len() != changes.len() {
            return Err(unfit("a stream is named once in a request"));
        }
        tracing::debug!(
            streams = changes.len(),
            rule = permit.rule(),
            entries = changes.iter().map(|c| c.entries.len()).sum::<usize>(),
            "append"
        );
        let request = Request { changes, form };
        if let Some(mut writer) = self.idle_writer() {
            return writer.commit_one(request).await;
        }
        let (answer, answered) = oneshot::channel();
        self.inner
            .queue
            .send(Job::Append(request, answer))
            .await
            .map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// The writer, when nobody else wants it and the disk is quick: to wake its thread and be woken by it takes longer than to seal.
    fn idle_writer(&self) -> Option<MutexGuard<'_, Writer>> {
        let queue = &self.inner.queue;
        let nobody_waits = queue.capacity() == queue.max_capacity();
        let writer = self.inner.turns.try_lock().ok().filter(|_| nobody_waits);
        writer.filter(|writer| writer.is_quick())
    }

    /// The same, for entries that speak of files which were finished and wait: entries and files count together, or neither.
    /// Files whose entry was refused are swept away later; [`Store::begin_file`] begins one.
    pub async fn append_with_files(
        &self,
        permit: Permit,
        stream: &str,
        expected: Option<u64>,
        entries: Vec<NewEntry>,
        files: Vec<FinishedFile>,
    ) -> Result<Vec<Appended>, StoreError> {
        let change = Change {
            stream: stream.to_owned(),
            expected,
            entries,
            files,
        };
        let mut appended = self.append_all(permit, vec![change], None).await?;
        Ok(appended.pop().unwrap_or_default())
    }
}

fn fit(change: &Change) -> Result<(), StoreError> {
    let strange = |file: &FinishedFile| !file.is_of(&change.stream);
    if !change.files.is_empty() && (change.entries.is_empty() || change.files.iter().any(strange)) {
        return Err(unfit(
            "a file needs an entry of its own stream that speaks of it",
        ));
    }
    if change.stream.is_empty() || change.entries.iter().any(|entry| entry.kind.is_empty()) {
        return Err(unfit("a stream and a kind need a name"));
    }
    Ok(())
}

fn unfit(why: &str) -> StoreError {
    StoreError::Unfit {
        doing: "append to the record",
        why: why.to_owned(),
    }
}
