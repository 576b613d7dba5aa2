//! Erasures taken to another copy of the record: written to a file by the live installation, and carried out again where an
//! older backup was restored. What the file names and that record does not hold is passed over.

use cases::erasure::{Certificate, Target};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Content, Erase};

use crate::error::DeskError;
use crate::load::{Desk, stream};

/// The form of the file.
const FORM: &str = "candour-erasures/1";

/// Every erasure of a record, to be carried out again on an older copy of it. No content is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ErasuresFile {
    /// The form of the file.
    pub form: String,
    /// The partnership.
    pub partnership: String,
    /// When it was written (UTC).
    pub written: Timestamp,
    /// The certificates, the oldest first.
    pub certificates: Vec<Certificate>,
    /// Every key that was destroyed.
    pub keys: Vec<DestroyedKey>,
}

/// A key that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DestroyedKey {
    /// Its handle.
    pub key: String,
    /// When (UTC).
    pub at: Timestamp,
    /// Under which rule.
    pub rule: String,
}

/// What was carried out again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reapplied {
    /// Certificates that this record did not have.
    pub certificates: u64,
    /// Keys that were destroyed now.
    pub keys: u64,
    /// Keys the file names and this record knows, destroyed now or before.
    pub known: u64,
    /// Keys the file names and this record does not know: their entries are later than its end.
    pub unknown: u64,
}

impl Desk {
    /// Every erasure of this record.
    ///
    /// # Errors
    /// The store failed.
    pub async fn export_erasures(&self) -> Result<ErasuresFile, DeskError> {
        let mut keys = Vec::new();
        for one in self.inner.store.destroyed_keys().await? {
            keys.push(DestroyedKey {
                at: one.at.parse().map_err(|_| {
                    DeskError::Other(format!(
                        "the time at which the key `{}` was destroyed is not a time",
                        one.key
                    ))
                })?,
                key: one.key,
                rule: one.rule,
            });
        }
        Ok(ErasuresFile {
            form: FORM.into(),
            partnership: self.inner.store.partnership().to_owned(),
            written: self.inner.clock.now(),
            certificates: self.office().erasures.clone(),
            keys,
        })
    }

    /// Carries out again what another copy of this record has erased since this one was made.
    /// Holds do not stand in the way: it was erased already, rightly, and only this copy does not know.
    ///
    /// # Errors
    /// The file is of another partnership or form; nothing is destroyed then. What it names by its key and this record does
    /// not hold is counted and passed over: also where the number is taken by another entry since.
    pub async fn apply_erasures(&self, file: &ErasuresFile) -> Result<Reapplied, DeskError> {
        let wrong = |why: String| DeskError::Field {
            field: "file".into(),
            message: why,
        };
        if file.form != FORM {
            return Err(wrong(format!(
                "this is no file of erasures that this Candour reads: its form is `{}`, not `{FORM}`",
                file.form
            )));
        }
        if file.partnership != self.inner.store.partnership() {
            return Err(wrong(format!(
                "these are the erasures of `{}`, and this is the record of `{}`",
                file.partnership,
                self.inner.store.partnership()
            )));
        }
        let mut done = Reapplied::default();
        for certificate in &file.certificates {
            if self
                .office()
                .erasures
                .iter()
                .any(|c| c.id == certificate.id)
            {
                continue;
            }
            if let Some(keys) = self.recertify(certificate).await? {
                done.certificates += 1;
                done.keys += keys;
            }
        }
        // By rule and moment, so that each stays written down as it was.
        let mut groups: std::collections::BTreeMap<(Timestamp, &str), Vec<String>> =
            std::collections::BTreeMap::new();
        for one in &file.keys {
            groups
                .entry((one.at, one.rule.as_str()))
                .or_default()
                .push(one.key.clone());
        }
        for ((at, rule), keys) in groups {
            let what = Erase {
                keys,
                rule: rule.to_owned(),
                at,
                ..Erase::default()
            };
            let gone = self.inner.store.erase(self.operator(), &what).await?;
            done.keys += gone.keys;
            done.unknown += gone.unknown;
        }
        done.known = (file.keys.len() as u64).saturating_sub(done.unknown);
        self.finish_erasures().await?;
        Ok(done)
    }

    /// Records a certificate of elsewhere and destroys what it names; `None` when this record has nothing of it.
    async fn recertify(&self, certificate: &Certificate) -> Result<Option<u64>, DeskError> {
        let opened = self
            .inner
            .store
            .stream(&stream(&certificate.case), 0)
            .await?;
        let there = opened.iter().any(|e| {
            matches!(e.content, Content::Clear(_))
                && certificate.entries.iter().any(|g| g.key == e.key_id)
        });
        let files = self
            .inner
            .store
            .files_of(&stream(&certificate.case))
            .await?;
        let filed = files
            .iter()
            .any(|f| !f.destroyed && certificate.files.iter().any(|g| g.id == f.id));
        let whole = certificate.target == Target::Case && !opened.is_empty();
        if !there && !filed && !whole {
            return Ok(None);
        }
        let lock = self.writing(&certificate.case).await;
        let _alone = lock.lock().await;
        let case = self.load_whole(&certificate.case).await?;
        self.certify(&case, certificate).await?;
        Ok(Some(self.destroy(certificate).await?))
    }
}
