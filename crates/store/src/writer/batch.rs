//! One batch on its way into the record: its entries sealed in memory behind what the writer knows, and everything it writes put together
//! for one call. With many writers at once it is the number of statements that costs, not the bytes.

use std::collections::HashMap;

use record::{Entry, Hash, content::committing_key_id, content_hash, time_text};

use super::{known::Known, together::Together};
use crate::{
    Appended, FinishedFile, FormDone, NewEntry, StoreError,
    append::{Answer, Change, Request},
    database::whole,
    files, forms,
    key::{Key, random_handle},
    read::Head,
    seal::{Bound, seal},
    tree,
};

/// An entry ready to be written.
struct SealedRow {
    entry: Entry,
    hash: Hash,
    sealed: Vec<u8>,
    wrapped: Vec<u8>,
}

/// The key of a stream that had none.
struct NewStream<'a> {
    stream: &'a str,
    key_id: String,
    wrapped: Vec<u8>,
}

/// What a batch does to the record.
pub(super) struct Batch<'a> {
    partnership: &'a str,
    /// What the keys of new streams are sealed with.
    under: &'a Key,
    /// The record as it is once the batch is written.
    known: Known,
    new_streams: Vec<NewStream<'a>>,
    rows: Vec<SealedRow>,
    files: Vec<(&'a FinishedFile, u64)>,
    forms: HashMap<&'a str, &'a FormDone>,
}

impl<'a> Batch<'a> {
    /// Begins where the record stands; the streams that the requests name are known.
    pub(super) fn behind(known: Known, partnership: &'a str, under: &'a Key) -> Batch<'a> {
        Batch {
            partnership,
            under,
            known,
            new_streams: Vec::new(),
            rows: Vec::new(),
            files: Vec::new(),
            forms: HashMap::new(),
        }
    }

    /// The end of the log once the batch is written.
    pub(super) fn head(&self) -> Head {
        self.known.head
    }

    /// What is known once the batch is written.
    pub(super) fn into_known(self) -> Known {
        self.known
    }

    /// Takes a request in, or answers with the conflict that keeps it out.
    pub(super) fn take(&mut self, request: &'a Request) -> Result<Answer, StoreError> {
        if let Some(conflict) = self.conflict(request) {
            return Ok(Err(conflict));
        }
        let mut appended = Vec::with_capacity(request.changes.len());
        for change in &request.changes {
            appended.push(self.grow(change)?);
        }
        if let Some(form) = &request.form {
            self.forms.insert(&form.token, form);
        }
        Ok(Ok(appended))
    }

    /// The first change that was based on fewer entries than there are.
    fn conflict(&self, request: &Request) -> Option<StoreError> {
        request.changes.iter().find_map(|change| {
            let now = self.known.streams.get(change.stream.as_str())?.entries;
            let expected = change.expected.filter(|expected| *expected != now)?;
            Some(StoreError::Conflict {
                stream: change.stream.clone(),
                expected,
                now,
            })
        })
    }

    /// Seals the entries of one change, behind what its stream and the log have by now.
    fn grow(&mut self, change: &'a Change) -> Result<Vec<Appended>, StoreError> {
        let name = change.stream.as_str();
        let mut stream = self.known.streams.remove(name).unwrap_or_default();
        let mut key = stream.key.take();
        let mut appended = Vec::with_capacity(change.entries.len());
        for new in &change.entries {
            let key = match &key {
                Some(key) => key,
                None => key.insert(self.new_stream_key(name)?),
            };
            let row = self.seal(name, key, stream.entries + 1, new)?;
            self.known.head = Head {
                position: row.entry.position,
                hash: row.hash,
            };
            stream.entries = row.entry.number;
            appended.push(Appended {
                position: row.entry.position,
                number: row.entry.number,
                key_id: row.entry.key_id.clone(),
                hash: row.hash,
            });
            self.rows.push(row);
        }
        stream.key = key;
        self.known.streams.insert(name.to_owned(), stream);
        if let Some(first) = appended.first() {
            let files = change.files.iter().map(|file| (file, first.position));
            self.files.extend(files);
        }
        Ok(appended)
    }

    fn new_stream_key(&mut self, stream: &'a str) -> Result<Key, StoreError> {
        let key = Key::random()?;
        let key_id = random_handle()?;
        let bound = Bound::StreamKey {
            partnership: self.partnership,
            stream,
            key_id: &key_id,
        };
        let wrapped = seal(self.under, &bound, key.bytes())?.joined();
        self.new_streams.push(NewStream {
            stream,
            key_id,
            wrapped,
        });
        Ok(key)
    }

    fn seal(
        &self,
        stream: &str,
        stream_key: &Key,
        number: u64,
        new: &NewEntry,
    ) -> Result<SealedRow, StoreError> {
        // The id is computed from the key: the cipher alone would let one text open to two with two keys.
        let key = Key::random()?;
        let key_id = committing_key_id(key.bytes());
        let (partnership, kind) = (self.partnership, new.kind.as_str());
        let content = Bound::Content {
            partnership,
            stream,
            number,
            kind,
        };
        let sealed = seal(&key, &content, &new.content)?;
        let bound = Bound::EntryKey {
            partnership,
            stream,
            key_id: &key_id,
        };
        let wrapped = seal(stream_key, &bound, key.bytes())?.joined();
        let entry = Entry {
            partnership: partnership.to_owned(),
            position: self.known.head.position + 1,
            stream: stream.to_owned(),
            number,
            kind: kind.to_owned(),
            version: new.version,
            at: time_text(new.at),
            actor: new.actor.clone(),
            key_id,
            nonce: sealed.nonce,
            content_hash: content_hash(&sealed.bytes),
            previous: self.known.head.hash,
        };
        Ok(SealedRow {
            hash: entry.hash(),
            entry,
            sealed: sealed.bytes,
            wrapped,
        })
    }

    /// Puts the entries, their keys, the heads, the tree and what came with them together.
    pub(super) fn put_together(&mut self) -> Together<'_> {
        let mut to = Together::default();
        let Batch {
            partnership, known, ..
        } = self;
        if !self.new_streams.is_empty() {
            to.insert("stream_key (partnership, stream, key_id, wrapped)", 4, "");
        }
        for new in &self.new_streams {
            to.value(*partnership);
            to.value(new.stream);
            to.value(new.key_id.as_str());
            to.value(new.wrapped.as_slice());
        }
        put_entries(&mut to, &self.rows);
        for (file, position) in &self.files {
            files::insert(&mut to, partnership, file, *position);
        }
        for form in self.forms.values() {
            forms::finish(&mut to, form);
        }
        if self.rows.is_empty() {
            return to;
        }
        let leaves = self.rows.iter().map(|row| row.hash);
        tree::extend(&mut to, partnership, &mut known.edge, leaves);
        to.insert(
            "log_head (partnership, position, hash, edge)",
            4,
            "ON CONFLICT (partnership) DO UPDATE SET position = excluded.position, hash = excluded.hash, edge = excluded.edge",
        );
        to.value(*partnership);
        to.value(whole(known.head.position));
        to.value(known.head.hash.0.to_vec());
        to.value(known.edge.to_bytes());
        to
    }
}

fn put_entries<'a>(to: &mut Together<'a>, rows: &'a [SealedRow]) {
    if rows.is_empty() {
        return;
    }
    to.insert(
        "entry (partnership, position, stream, number, kind, kind_version, recorded_at, actor, key_id, \
         nonce, content_hash, previous, hash, sealed)",
        14,
        "",
    );
    for row in rows {
        let entry = &row.entry;
        to.value(entry.partnership.as_str());
        to.value(whole(entry.position));
        to.value(entry.stream.as_str());
        to.value(whole(entry.number));
        to.value(entry.kind.as_str());
        to.value(i64::from(entry.version));
        to.value(entry.at.as_str());
        to.value(entry.actor.as_str());
        to.value(entry.key_id.as_str());
        to.value(entry.nonce.as_slice());
        to.value(entry.content_hash.0.as_slice());
        to.value(entry.previous.0.as_slice());
        to.value(row.hash.0.as_slice());
        to.value(row.sealed.as_slice());
    }
    to.insert("entry_key (partnership, position, key_id, wrapped)", 4, "");
    for row in rows {
        to.value(row.entry.partnership.as_str());
        to.value(whole(row.entry.position));
        to.value(row.entry.key_id.as_str());
        to.value(row.wrapped.as_slice());
    }
}
