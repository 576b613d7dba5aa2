//! Making a bundle: authorised, written down each time, from one moment of the record, signed, checked, and sealed if asked.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;

use access::{Act, Section};
use cases::closing::Event as Closing;
use cases::{Case, Event, Recorded};
use papers::decision_record::{Chapter, story_paper};
use record::{
    content_hash,
    proof::{
        BUNDLE_FORMAT, DocumentLine, EarlierCheckpoint, EntriesLine, Manifest, Shown, ShownEntry,
        StreamLine,
    },
    time_text,
};
use store::{Evidence, Held, Recipients, SignedCheckpoint};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::words::{how_to_check, read_me};
use super::{ENTRIES, MANIFEST, SEAL, check_bundle_file};
use crate::act::completes;
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, stream};
use crate::paper::Paper;
use crate::view::CaseView;

/// A bundle to hand out.
#[derive(Clone)]
pub struct MadeBundle {
    /// The file.
    pub bytes: Vec<u8>,
    /// A name for it.
    pub name: String,
    /// Whether it is sealed for recipients.
    pub sealed: bool,
    /// How many entries it proves.
    pub entries: u64,
    /// How many of them show their content.
    pub in_clear: u64,
    /// How many entries the log had.
    pub checkpoint: u64,
}

impl std::fmt::Debug for MadeBundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeBundle")
            .field("name", &self.name)
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

/// A file of the bundle before it is packed.
struct Member {
    path: &'static str,
    title: &'static str,
    bytes: Vec<u8>,
}

/// What stands in a bundle in clear is what a member of the case sees: nothing that is hidden, no safe address, and names only where
/// the maker has turned them on. `None` for content that may be shown.
fn withheld(case: &Case, recorded: &Recorded, names: bool) -> Option<&'static str> {
    let hidden = |entry: &u64| case.closing.marks.get(entry).is_some_and(|m| m.hidden);
    let of_hidden = matches!(&recorded.event, Event::Closing(Closing::EntryMarked(m)) if m.hidden);
    if hidden(&recorded.number) {
        Some("hidden, because it was made in error")
    } else if of_hidden {
        Some("it says why another entry is hidden")
    } else if cases::story::holds_confidential(&recorded.event, names) {
        Some("it holds a name, a number or an address that is not handed on")
    } else {
        None
    }
}

impl Desk {
    /// Makes the evidence bundle of a case, sealed for the recipients (`age1...`) if there are any.
    ///
    /// # Errors
    /// Not theirs to export, a recipient that is none (field `recipient`), or it could not be made.
    pub async fn bundle(
        &self,
        actor: &Actor,
        id: &str,
        recipients: &[String],
    ) -> Result<MadeBundle, DeskError> {
        let case = self.load(id).await?;
        let permit = self.permit(actor, &case, Act::ExportCase)?;
        self.permit(actor, &case, Act::MakePapers)?;
        let names = actor.names && self.permit(actor, &case, Act::SeeNames).is_ok();
        let mut to = Recipients::default();
        for one in recipients.iter().filter(|r| !r.trim().is_empty()) {
            to.add(one).map_err(|_| {
                DeskError::field(
                    "recipient",
                    "Enter a recipient of the age format, like age1 and 58 letters and digits, never a secret key",
                )
            })?;
        }
        // Nothing is added to the case while its papers and its entries are taken, so that they say the same.
        let lock = self.writing(id).await;
        let _alone = lock.lock().await;
        let part = match names {
            true => "an evidence bundle, to be handed on, with names",
            false => "an evidence bundle, to be handed on",
        };
        self.write_read(actor, id, part).await?;
        let view = self
            .view_whole(actor, id, Act::Read(Section::Course), part)
            .await?;
        let made = self
            .checkpoint("an evidence bundle")
            .await?
            .ok_or_else(|| DeskError::Other("nothing is recorded yet".into()))?;
        let size = made.head.size;
        let evidence = self
            .inner
            .store
            .evidence(&permit, &stream(id), size)
            .await?;
        let shown = self.shown(&view.case, evidence, size, names).await?;
        let documents = self.documents_of(&view, &shown, &made, names).await?;
        let keys = vec![self.inner.store.log_key().await?];
        let mut entries = Vec::new();
        for one in &shown {
            serde_json::to_writer(&mut entries, one).map_err(unwritten)?;
            entries.push(b'\n');
        }
        let manifest = Manifest {
            format: BUNDLE_FORMAT.into(),
            partnership: self.inner.store.partnership().to_owned(),
            title: format!("The record of the case {}", view.case.reference()),
            made_at: time_text(self.inner.clock.now()),
            made_by: actor.person.id.clone(),
            key: keys[0].to_string(),
            checkpoint: made.note.clone(),
            earlier: self.earlier(&view.case, &shown, size).await?,
            entries: EntriesLine {
                count: shown.len() as u64,
                sha256: content_hash(&entries),
            },
            streams: vec![StreamLine {
                stream: stream(id),
                entries: shown.len() as u64,
            }],
            documents: documents
                .iter()
                .map(|member| DocumentLine {
                    path: member.path.into(),
                    title: member.title.into(),
                    bytes: member.bytes.len() as u64,
                    sha256: content_hash(&member.bytes),
                })
                .collect(),
        };
        let manifest = serde_json::to_vec_pretty(&manifest).map_err(unwritten)?;
        let seal = self.inner.store.sign_manifest(&permit, &manifest).await?;
        let reference = view.case.reference().to_owned();
        let packed = tokio::task::spawn_blocking(move || -> Result<_, DeskError> {
            let packed = pack(manifest, seal, entries, documents)?;
            // What is handed out holds: whoever receives it would find the same.
            let checked = check_bundle_file(&packed, &keys)
                .map_err(|e| DeskError::Other(format!("the bundle does not hold: {e}")))?;
            let sealed = !to.is_empty();
            let bytes = if sealed { to.seal(&packed)? } else { packed };
            Ok((bytes, sealed, checked.holds))
        });
        let (bytes, sealed, holds) = packed
            .await
            .map_err(|e| DeskError::Other(e.to_string()))??;
        Ok(MadeBundle {
            bytes,
            name: match sealed {
                true => format!("{reference}-evidence.zip.age"),
                false => format!("{reference}-evidence.zip"),
            },
            sealed,
            entries: holds.entries.len() as u64,
            in_clear: holds.in_clear,
            checkpoint: size,
        })
    }

    /// The entries with their proofs, in clear or withheld.
    async fn shown(
        &self,
        case: &Case,
        evidence: Vec<Evidence>,
        size: u64,
        names: bool,
    ) -> Result<Vec<ShownEntry>, DeskError> {
        let story: BTreeMap<u64, &Arc<Recorded>> =
            case.story.iter().map(|r| (r.number, r)).collect();
        let mut shown = Vec::with_capacity(evidence.len());
        for Evidence { entry, held } in evidence {
            let proof = self.inner.store.inclusion(entry.position, size).await?;
            let content = match (held, story.get(&entry.number)) {
                (Held::Destroyed { at, rule }, _) => Shown::Destroyed {
                    why: format!("content erased on {at}, rule: {rule}"),
                },
                (Held::Content(content, key), Some(recorded)) => {
                    match withheld(case, recorded, names) {
                        None => Shown::clear(&content, &key),
                        Some(why) => Shown::Withheld { why: why.into() },
                    }
                }
                (Held::Content(..), None) => Shown::Withheld {
                    why: "it could not be read".into(),
                },
            };
            shown.push(ShownEntry::new(&entry, proof, content));
        }
        Ok(shown)
    }

    /// The checkpoints that covered the decisions first, with the way from each to the bundle's.
    async fn earlier(
        &self,
        case: &Case,
        shown: &[ShownEntry],
        size: u64,
    ) -> Result<Vec<EarlierCheckpoint>, DeskError> {
        let mut found: BTreeMap<u64, SignedCheckpoint> = BTreeMap::new();
        for recorded in case.story.iter().filter(|r| completes(&r.event)) {
            let at = shown.iter().find(|s| s.entry.number == recorded.number);
            let Some(at) = at else { continue };
            let covering = self.checkpoint_over(at.entry.position).await?;
            found.extend(
                covering
                    .filter(|c| c.head.size < size)
                    .map(|c| (c.head.size, c)),
            );
        }
        let mut list = Vec::with_capacity(found.len());
        for (old, checkpoint) in found {
            list.push(EarlierCheckpoint {
                checkpoint: checkpoint.note,
                proof: self.inner.store.consistency(old, size).await?,
            });
        }
        Ok(list)
    }

    /// What people read.
    async fn documents_of(
        &self,
        view: &CaseView,
        shown: &[ShownEntry],
        made: &SignedCheckpoint,
        names: bool,
    ) -> Result<Vec<Member>, DeskError> {
        let decision = self.document(view, &Paper::DecisionRecord).await?;
        let state = self.record_state(view).await?;
        let positions: BTreeMap<u64, u64> = shown
            .iter()
            .map(|s| (s.entry.number, s.entry.position))
            .collect();
        let mut chapters = Vec::new();
        for (mut line, recorded) in self.history(view).into_iter().zip(&view.case.story) {
            // In papers no one's names are turned on, and a reason for hiding is hidden too.
            let of_hidden =
                matches!(&recorded.event, Event::Closing(Closing::EntryMarked(m)) if m.hidden);
            if of_hidden {
                line.line.details.clear();
            }
            chapters.push(Chapter {
                position: positions
                    .get(&line.line.number)
                    .copied()
                    .unwrap_or_default(),
                line,
            });
        }
        let story = story_paper(&view.case, &chapters, &state);
        let (decision, story) = tokio::task::spawn_blocking(move || {
            Ok::<_, papers::PapersError>((papers::pdf(&decision)?, papers::pdf(&story)?))
        })
        .await
        .map_err(|e| DeskError::Other(e.to_string()))??;
        let mut keys = String::new();
        for key in self.log_keys().await? {
            keys.push_str(&format!("{key}\n"));
        }
        let about = read_me(
            &self.settings().name,
            view.case.reference(),
            &state.made,
            made.head.size,
            names,
        );
        Ok(vec![
            Member {
                path: "READ-ME.txt",
                title: "What this is",
                bytes: about.into_bytes(),
            },
            Member {
                path: "how-to-check.html",
                title: "How to check it",
                bytes: how_to_check(&keys).into_bytes(),
            },
            Member {
                path: "documents/decision-record.pdf",
                title: "The decision record",
                bytes: decision,
            },
            Member {
                path: "documents/story.pdf",
                title: "The story of the case",
                bytes: story,
            },
            Member {
                path: "checkpoint.txt",
                title: "The checkpoint every entry is proved to",
                bytes: made.note.clone().into_bytes(),
            },
            Member {
                path: "log-key.txt",
                title: "The public key of the log",
                bytes: keys.into_bytes(),
            },
        ])
    }
}

fn unwritten(error: serde_json::Error) -> DeskError {
    DeskError::Other(format!("the bundle could not be written: {error}"))
}

fn pack(
    manifest: Vec<u8>,
    seal: String,
    entries: Vec<u8>,
    documents: Vec<Member>,
) -> Result<Vec<u8>, DeskError> {
    let failed = |why: String| DeskError::Other(format!("the bundle could not be packed: {why}"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let rest = [
        (MANIFEST, manifest),
        (SEAL, seal.into_bytes()),
        (ENTRIES, entries),
    ];
    let mut put = |path: &str, bytes: &[u8]| -> Result<(), DeskError> {
        zip.start_file(path, options)
            .map_err(|e| failed(e.to_string()))?;
        zip.write_all(bytes).map_err(|e| failed(e.to_string()))
    };
    for member in &documents {
        put(member.path, &member.bytes)?;
    }
    for (path, bytes) in rest {
        put(path, &bytes)?;
    }
    Ok(zip
        .finish()
        .map_err(|e| failed(e.to_string()))?
        .into_inner())
}
