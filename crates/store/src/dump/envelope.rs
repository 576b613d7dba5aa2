//! Who may open a backup: the age format, for one or more X25519 recipients, whose identities are kept elsewhere.
//! A machine that makes backups needs only the recipients and cannot open what it wrote.

use std::{fs, path::Path, sync::Arc};

use age::x25519;

use crate::{StoreError, error::file};

/// Those a backup is sealed for.
#[derive(Clone, Default)]
pub struct Recipients(pub(crate) Vec<x25519::Recipient>);

impl Recipients {
    /// Adds one, as `age1...`.
    pub fn add(&mut self, text: &str) -> Result<(), StoreError> {
        let text = text.trim();
        if text.starts_with("AGE-SECRET-KEY-") {
            return Err(unfit(
                "that is an identity, which is secret and opens backups; give the recipient that belongs to it, which begins with `age1`".into(),
            ));
        }
        let recipient = text.parse().map_err(|why| {
            unfit(format!(
                "`{text}` is no recipient of age ({why}); it looks like `age1...` and is made by `age-keygen`"
            ))
        })?;
        if !self.0.contains(&recipient) {
            self.0.push(recipient);
        }
        Ok(())
    }

    /// Adds those in a file, one on a line; empty lines and lines that begin with `#` are passed over.
    pub fn add_file(&mut self, path: &Path) -> Result<(), StoreError> {
        let text = fs::read_to_string(path).map_err(file("read the recipients in", path))?;
        let before = self.0.len();
        for line in text.lines().map(str::trim) {
            if !line.is_empty() && !line.starts_with('#') {
                self.add(line)?;
            }
        }
        if self.0.len() == before {
            return Err(unfit(format!("`{}` names none", path.display())));
        }
        Ok(())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What opens a sealed backup.
#[derive(Clone, Default)]
pub struct Identities(pub(crate) Arc<Vec<Box<dyn age::Identity + Send + Sync>>>);

impl Identities {
    /// Reads a file of identities as `age-keygen` writes it.
    pub fn of_file(path: &Path) -> Result<Identities, StoreError> {
        let failed = file("read the identities in", path);
        let text = fs::read(path)
            .map(zeroize::Zeroizing::new)
            .map_err(&failed)?;
        let read = age::IdentityFile::from_buffer(text.as_slice())
            .map_err(|why| unfit_identity(path, why.to_string()))?
            .into_identities()
            .map_err(|why| unfit_identity(path, why.to_string()))?;
        if read.is_empty() {
            return Err(unfit_identity(path, "it holds none".into()));
        }
        Ok(Identities(Arc::new(read)))
    }

    /// The identity that was made for reading back what is being written.
    pub(crate) fn own(identity: x25519::Identity) -> Identities {
        Identities(Arc::new(vec![Box::new(identity)]))
    }
}

fn unfit(why: String) -> StoreError {
    StoreError::Unfit {
        doing: "take a recipient",
        why,
    }
}

fn unfit_identity(path: &Path, why: String) -> StoreError {
    StoreError::Unfit {
        doing: "take the identities",
        why: format!(
            "`{}` is not a file of identities as `age-keygen` writes it ({why})",
            path.display()
        ),
    }
}
