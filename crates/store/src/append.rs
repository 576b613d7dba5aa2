//! The one way into the record: a request that waits in a queue for the writer.
//! A caller is answered only when its entries are on disk.

use std::fmt;

use access::Permit;
use jiff::Timestamp;
use record::Hash;
use tokio::sync::oneshot;

use crate::{FinishedFile, Store, StoreError};

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

/// What one caller wants appended.
pub(crate) struct Request {
    pub(crate) stream: String,
    pub(crate) expected: Option<u64>,
    pub(crate) entries: Vec<NewEntry>,
    /// Files that count from the first of these entries on.
    pub(crate) files: Vec<FinishedFile>,
}

/// What that caller is told.
pub(crate) type Answer = Result<Vec<Appended>, StoreError>;

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
        if !files.is_empty() && (entries.is_empty() || files.iter().any(|file| !file.is_of(stream)))
        {
            return Err(StoreError::Unfit {
                doing: "append to the record",
                why: "a file needs an entry of its own stream that speaks of it".to_owned(),
            });
        }
        if stream.is_empty() || entries.iter().any(|entry| entry.kind.is_empty()) {
            return Err(StoreError::Unfit {
                doing: "append to the record",
                why: "a stream and a kind need a name".to_owned(),
            });
        }
        tracing::debug!(
            stream,
            rule = permit.rule(),
            entries = entries.len(),
            "append"
        );
        let request = Request {
            stream: stream.to_owned(),
            expected,
            entries,
            files,
        };
        let (answer, answered) = oneshot::channel();
        self.inner
            .queue
            .send(Job::Append(request, answer))
            .await
            .map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}
