//! Documents as files: brought in while they arrive, opened by those who act in the case, checked against the record.

mod examine;
mod kind;
mod read;
mod scan;

use cases::Command;
use cases::documents::inside::What;
use cases::documents::{self, Document, Inside};
use store::{FileWriter, FinishedFile};

use examine::Examination;
pub use examine::Examiner;
pub use kind::FileKind;
pub use read::{FileOut, FilesChecked};
pub use scan::Scanner;
use scan::{Scan, Verdict};

use crate::act::{Acted, SentForm};
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, stream};

const MIB: u64 = 1024 * 1024;
/// The field of the form, for what is wrong with the file itself.
const FIELD: &str = "file";

/// A file that is arriving for a case. Dropped, it leaves nothing.
#[derive(Debug)]
pub struct ArrivingFile {
    case: String,
    name: String,
    writer: FileWriter,
    /// The first bytes, until it is known what kind of file they begin.
    head: Vec<u8>,
    kind: Option<FileKind>,
    largest: u64,
    /// What a virus scanner is shown of it meanwhile.
    scan: Option<Scan>,
    /// Who looks into it, if that was said, and the process apart that does so.
    examiner: Option<Examiner>,
    examination: Option<Result<Examination, String>>,
}

/// A file that has arrived and waits to be added.
#[derive(Debug)]
pub struct ArrivedFile {
    case: String,
    name: String,
    kind: FileKind,
    file: FinishedFile,
    /// What it holds besides what is seen.
    inside: Vec<Inside>,
}

impl Desk {
    /// How many bytes a file may have, by the partnership's settings.
    pub fn largest_file(&self) -> u64 {
        u64::from(self.settings().largest_file.max(1)) * MIB
    }

    /// Checks what is said of a document before its file is read, so that nobody waits for an upload that is refused.
    ///
    /// # Errors
    /// Not theirs to add to, or a field to correct.
    pub async fn check_document(
        &self,
        actor: &Actor,
        id: &str,
        document: &Document,
    ) -> Result<(), DeskError> {
        let case = self.load(id).await?;
        let add = Command::Documents(documents::Command::AddFile(document.clone()));
        self.permit(actor, &case, access::rules::act_of(&add))?;
        let rules = self.editions().for_step(&case, self.today())?;
        let by = actor.by();
        let ctx = cases::Context {
            now: self.inner.clock.now(),
            today: self.today(),
            by: &by,
            manages: actor.manages(),
            rules: &rules,
            fresh: "",
            seats: &[],
            authorities: &[],
        };
        Ok(documents::check(document, &ctx)?)
    }

    /// Says which virus scanner files are shown to; before, they are shown to none. A second call changes nothing.
    pub fn scan_files_with(&self, scanner: Scanner) {
        let _ = self.inner.scanner.set(scanner);
    }

    /// Says who looks into files before they are added; before, nobody does. A second call changes nothing.
    pub fn examine_files_with(&self, examiner: Examiner) {
        let _ = self.inner.examiner.set(examiner);
    }

    /// Begins to take a file into a case. `name` is what it is called where it comes from.
    ///
    /// # Errors
    /// Not theirs to add to, or the store failed.
    pub async fn begin_file(
        &self,
        actor: &Actor,
        id: &str,
        name: &str,
    ) -> Result<ArrivingFile, DeskError> {
        let case = self.load(id).await?;
        self.permit(actor, &case, access::Act::KeepDocuments)?;
        let scan = match self.inner.scanner.get() {
            Some(scanner) => Some(Scan::begin(scanner).await),
            None => None,
        };
        Ok(ArrivingFile {
            scan,
            examiner: self.inner.examiner.get().cloned(),
            examination: None,
            case: id.to_owned(),
            name: kind::plain_name(name),
            writer: self.inner.store.begin_file(&stream(id)).await?,
            head: Vec::new(),
            kind: None,
            largest: self.largest_file(),
        })
    }

    /// Adds a file that has arrived: its bytes count from the moment the entry is in the record, together or not at all.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing is written when one is returned.
    pub async fn add_document(
        &self,
        actor: &Actor,
        id: &str,
        said: Document,
        arrived: ArrivedFile,
    ) -> Result<Acted, DeskError> {
        self.add_document_for(actor, id, said, arrived, None).await
    }

    /// The same for a form that was sent.
    ///
    /// # Errors
    /// As [`Desk::add_document`].
    pub async fn add_document_for(
        &self,
        actor: &Actor,
        id: &str,
        said: Document,
        arrived: ArrivedFile,
        form: Option<SentForm<'_>>,
    ) -> Result<Acted, DeskError> {
        if arrived.case != id {
            return Err(DeskError::NotThere);
        }
        let document = Document {
            id: arrived.file.id().to_owned(),
            file_name: arrived.name,
            media_type: arrived.kind.media_type.to_owned(),
            size: arrived.file.size(),
            sha_256: arrived.file.hash().to_hex(),
            sealed_sha_256: arrived.file.sealed_hash().to_hex(),
            inside: arrived.inside,
            ..said
        };
        let add = Command::Documents(documents::Command::AddFile(document));
        let lock = self.writing(id).await;
        let _alone = lock.lock().await;
        let case = self.load(id).await?;
        self.act_with_files(actor, case, None, vec![add], vec![arrived.file], form)
            .await
    }

    /// Drops a file that has arrived and is not to be added.
    ///
    /// # Errors
    /// The store failed; the file is swept away later.
    pub async fn discard_file(&self, arrived: ArrivedFile) -> Result<(), DeskError> {
        Ok(self.inner.store.discard_file(arrived.file).await?)
    }

    /// Takes away now what uploads left behind that is older than this; the store does so by itself every quarter of an hour.
    ///
    /// # Errors
    /// The store failed.
    pub async fn sweep_files(&self, older_than: std::time::Duration) -> Result<u64, DeskError> {
        Ok(self.inner.store.sweep_files(older_than).await?)
    }
}

impl ArrivingFile {
    /// Takes more of the file.
    ///
    /// # Errors
    /// The field `file` when it is too large or of a kind a case does not take; the store failed.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), DeskError> {
        let arrived = self.writer.size() + (self.head.len() + bytes.len()) as u64;
        if arrived > self.largest {
            return Err(too_large(self.largest));
        }
        if let Some(scan) = &mut self.scan {
            scan.send(bytes).await;
        }
        if self.kind.is_some() {
            if let Some(Ok(examination)) = &mut self.examination {
                examination.send(bytes).await;
            }
            return Ok(self.writer.write(bytes).await?);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() >= kind::LOOKED_AT {
            self.look().await?;
        }
        Ok(())
    }

    /// Says that the file is whole.
    ///
    /// # Errors
    /// As [`ArrivingFile::write`], and when it is empty.
    pub async fn finish(mut self) -> Result<ArrivedFile, DeskError> {
        if self.kind.is_none() {
            if self.head.is_empty() {
                return Err(DeskError::field(FIELD, "Choose a file that is not empty"));
            }
            self.look().await?;
        }
        let kind = self.kind.ok_or_else(not_taken)?;
        if let Some(scan) = self.scan.take() {
            passed(scan.finish().await, &self.case)?;
        }
        let mut inside = Vec::new();
        if let Some(examination) = self.examination.take() {
            let answer = match examination {
                Ok(examination) => examination.finish().await,
                Err(why) => Err(why),
            };
            let holds = examine::passed(answer, &self.case)?;
            inside = holds.into_iter().map(in_the_record).collect();
        }
        Ok(ArrivedFile {
            case: self.case,
            name: self.name,
            kind,
            inside,
            file: self.writer.finish().await?,
        })
    }

    async fn look(&mut self) -> Result<(), DeskError> {
        let kind = FileKind::by_content(&self.head, &self.name).ok_or_else(not_taken)?;
        self.kind = Some(kind);
        let head = std::mem::take(&mut self.head);
        if let Some(examiner) = &self.examiner {
            self.examination = Examination::begin(examiner, kind.media_type).await;
            if let Some(Ok(examination)) = &mut self.examination {
                examination.send(&head).await;
            }
        }
        Ok(self.writer.write(&head).await?)
    }
}

/// What was found inside a file, as the record keeps it.
fn in_the_record((what, times): (::examine::Holds, u32)) -> Inside {
    use ::examine::Holds as H;
    let what = match what {
        H::HiddenSheets => What::HiddenSheets,
        H::HiddenRows => What::HiddenRows,
        H::Comments => What::Comments,
        H::TrackedChanges => What::TrackedChanges,
        H::Author => What::Author,
        H::LinksElsewhere => What::LinksElsewhere,
        H::FilesInside => What::FilesInside,
        H::Script => What::Script,
        H::Protection => What::Protection,
    };
    Inside { what, times }
}

/// Refuses a file that the scanner did not pass; what it said goes to the log, without the file's name.
fn passed(verdict: Verdict, case: &str) -> Result<(), DeskError> {
    let words = match verdict {
        Verdict::Passed => return Ok(()),
        Verdict::Found(what) => {
            tracing::error!(
                case,
                what,
                "the virus scanner found something in a file; it was not added"
            );
            "This file was not added: the virus scanner found something harmful in it. Do not open it; tell whoever looks after your computers, and ask the sender for a clean one"
        }
        Verdict::TooLarge => {
            tracing::error!(
                case,
                "a file is larger than clamd takes: raise its StreamMaxLength to the largest file of the settings"
            );
            "This file was not added: it is larger than the virus scanner takes. Tell whoever runs this system, or send it in parts"
        }
        Verdict::NoAnswer(said) => {
            tracing::error!(
                case,
                said,
                "the virus scanner could not be asked; no file is added until it answers"
            );
            "This file was not added: the virus scanner does not answer. Try again in a few minutes; if it stays so, tell whoever runs this system"
        }
    };
    Err(DeskError::field(FIELD, words))
}

fn not_taken() -> DeskError {
    DeskError::field(
        FIELD,
        "Choose a PDF, a Word, Excel, PowerPoint or OpenDocument file, an image, a recording, a text or an e-mail: this file is none of these by its content",
    )
}

/// The refusal of a file that is too large.
pub fn too_large(largest: u64) -> DeskError {
    DeskError::field(
        FIELD,
        &format!(
            "Choose a file of at most {} MB: this one is larger",
            largest / MIB
        ),
    )
}
