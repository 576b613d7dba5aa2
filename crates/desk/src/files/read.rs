//! Files on their way out, and the check of every file against what the record says of it.

use std::collections::HashMap;

use access::{Act, Section};
use cases::Refusal;
use cases::documents::Event;
use store::{FileReader, FilesVerified};

use super::FileKind;
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, stream};

/// A file to hand out.
#[derive(Debug)]
pub struct FileOut {
    /// A name to save it under: the case's reference and the number of the entry, no word that may hold a name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub reader: FileReader,
}

/// How the files are, by the store and by the record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesChecked {
    /// By the store.
    pub verified: FilesVerified,
    /// What does not agree between store and record, in words.
    pub differing: Vec<String>,
}

impl Desk {
    /// Opens a document of a case and writes down who did, before the first byte is handed out.
    ///
    /// # Errors
    /// Not there, not theirs to open, or damaged.
    pub async fn open_file(
        &self,
        actor: &Actor,
        id: &str,
        file: &str,
    ) -> Result<FileOut, DeskError> {
        let case = self.load(id).await?;
        self.permit(actor, &case, Act::ReadCase)?;
        let filed = case.documents.find(file).ok_or(DeskError::NotThere)?;
        self.permit(actor, &case, Act::ReadDocuments)?;
        let section = Section::of_document(filed.document.apart);
        self.permit(actor, &case, Act::Read(section))?;
        if filed.withdrawn.is_some() {
            self.permit(actor, &case, Act::KeepDocuments)?;
        }
        if let Some((on, rule)) = case.erasure.files.get(file) {
            let on = calendar::words::moment(&self.inner.clock.local(*on));
            return Err(
                Refusal::because(format!("this file was erased on {on}, rule: {rule}")).into(),
            );
        }
        if !filed.here {
            return Err(Refusal::because(
                "this document was brought in from another record; the file itself stayed there",
            )
            .into());
        }
        let kind = FileKind::of(&filed.document.media_type);
        let part = format!("document {} as it came", filed.entry);
        self.log_read(actor, id, &part).await?;
        let reader = self.inner.store.read_file(&stream(id), file).await?;
        let ending = kind.map_or("bin", |k| k.ending);
        Ok(FileOut {
            name: format!("{}-document-{}.{ending}", case.reference(), filed.entry),
            media_type: kind.map_or("application/octet-stream", |k| k.media_type),
            reader,
        })
    }

    /// Checks every file: its sealed bytes against the hash that was kept, and that hash against what the record says.
    ///
    /// # Errors
    /// The store or the record could not be read.
    pub async fn verify_files(&self) -> Result<FilesChecked, DeskError> {
        let mut checked = FilesChecked {
            verified: self.inner.store.verify_files().await?,
            differing: Vec::new(),
        };
        for head in self.inner.store.streams().await? {
            let Some(id) = head.stream.strip_prefix("case/") else {
                continue;
            };
            if self.office().erased(id).is_some() {
                continue;
            }
            let case = self.load_whole(id).await?;
            let mut kept: HashMap<String, store::FileRow> = HashMap::new();
            for row in self.inner.store.files_of(&head.stream).await? {
                kept.insert(row.id.clone(), row);
            }
            for recorded in &case.story {
                let cases::Event::Documents(Event::FileAdded(document)) = &recorded.event else {
                    continue;
                };
                if recorded.imported.is_some() {
                    continue;
                }
                let place = format!(
                    "{}, entry {}, file `{}`",
                    case.reference(),
                    recorded.number,
                    document.id
                );
                match kept.get(&document.id) {
                    None => checked
                        .differing
                        .push(format!("{place}: the store does not know it")),
                    Some(row)
                        if row.sealed_hash.to_hex() != document.sealed_sha_256
                            || row.size != document.size =>
                    {
                        checked.differing.push(format!(
                            "{place}: what the store knows of it is not what the record says"
                        ));
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(checked)
    }
}
