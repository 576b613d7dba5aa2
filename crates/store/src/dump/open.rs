//! Reading a backup, a file of either kind or a folder of the first format: every byte is checked before anything is believed.

use std::{
    collections::HashMap,
    fs::{self, DirBuilder, File},
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use record::{Hash, Verified};
use sha2::{Digest, Sha256};

use super::{FORMAT, Manifest, envelope::Identities, tar::Unpacker};
use crate::{
    StoreError,
    backup::{self, ABOUT_FILE, SUMS_FILE},
    database::DATABASE_FILE,
    error::file,
    files,
    key::{MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE, random_handle},
    restore::{self, bad},
    store::new_private_file,
};

/// What is to be written down while a backup is read.
#[derive(Clone, Copy)]
pub(crate) enum Wanted<'a> {
    /// Nothing: it is only checked.
    Nothing,
    /// Everything but the files of cases, into this folder.
    Record(&'a Path),
    /// Everything, into this folder.
    All(&'a Path),
}

impl Wanted<'_> {
    fn target(&self, name: &str) -> Option<PathBuf> {
        match self {
            Wanted::Nothing => None,
            Wanted::Record(_) if files::listed_id(name).is_some() => None,
            Wanted::Record(folder) | Wanted::All(folder) => Some(folder.join(name)),
        }
    }
}

/// A backup whose bytes are as its own list of sums says.
pub(crate) struct Opened {
    pub(crate) manifest: Manifest,
    pub(crate) names: Vec<(String, Hash)>,
    pub(crate) sealed: bool,
}

/// Reads a backup to its last byte.
pub(crate) fn open(
    from: &Path,
    identities: &Identities,
    wanted: Wanted<'_>,
) -> Result<Opened, StoreError> {
    let mut seen = Seen {
        from,
        wanted,
        found: Vec::new(),
        about: Vec::new(),
        sums: Vec::new(),
    };
    let sealed = match from.is_dir() {
        true => {
            seen.folder()?;
            false
        }
        false => seen.file(identities)?,
    };
    seen.compare(sealed)
}

struct Seen<'a> {
    from: &'a Path,
    wanted: Wanted<'a>,
    found: Vec<(String, Hash)>,
    about: Vec<u8>,
    sums: Vec<u8>,
}

impl Seen<'_> {
    fn file(&mut self, identities: &Identities) -> Result<bool, StoreError> {
        let mut source = BufReader::with_capacity(
            1 << 18,
            File::open(self.from).map_err(file("read the backup", self.from))?,
        );
        let begins = source
            .fill_buf()
            .map_err(file("read the backup", self.from))?;
        let name = format!("{ABOUT_FILE}\0");
        if begins.starts_with(name.as_bytes()) {
            self.members(source)?;
            return Ok(false);
        }
        if !begins.starts_with(b"age-encryption.org/v1\n") {
            return Err(self.bad(match begins.is_empty() {
                true => "it is empty",
                false => "it is no backup of Candour, or its beginning has been altered or cut off",
            }));
        }
        if identities.0.is_empty() {
            return Err(StoreError::IdentityNeeded(self.from.to_owned()));
        }
        let opened = age::Decryptor::new_buffered(source).and_then(|sealed| {
            let identities = identities.0.iter();
            sealed.decrypt(identities.map(|one| one.as_ref() as &dyn age::Identity))
        });
        match opened {
            Ok(opened) => self.members(BufReader::with_capacity(1 << 18, opened))?,
            Err(age::DecryptError::NoMatchingKeys) => {
                return Err(self.bad(
                    "none of the identities opens it: it was sealed for others, or its beginning has been altered",
                ));
            }
            Err(_) => return Err(self.bad("its beginning has been altered or cut off")),
        }
        Ok(true)
    }

    fn members(&mut self, source: impl Read) -> Result<(), StoreError> {
        let mut unpacker = Unpacker::new(source);
        loop {
            let next = unpacker.next().map_err(|error| self.unreadable(&error))?;
            let Some((name, _)) = next else { return Ok(()) };
            self.member(&name, &mut |piece| unpacker.read(piece))?;
        }
    }

    fn folder(&mut self) -> Result<(), StoreError> {
        let sums = fs::read_to_string(self.from.join(SUMS_FILE)).map_err(|error| {
            self.bad(&format!(
                "its list of checksums `{SUMS_FILE}` cannot be read ({error})"
            ))
        })?;
        for line in sums.lines() {
            let (_, name) = line
                .split_once("  ")
                .ok_or_else(|| self.bad(&format!("`{SUMS_FILE}` is damaged")))?;
            check_name(name).map_err(|why| self.bad(&why))?;
            let mut source = File::open(self.from.join(name))
                .map_err(|_| self.bad(&format!("`{name}` is missing or cannot be read")))?;
            self.member(name, &mut |piece| source.read(piece))?;
        }
        self.sums = sums.into_bytes();
        Ok(())
    }

    /// Takes in one member, whatever it comes from.
    fn member(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut [u8]) -> io::Result<usize>,
    ) -> Result<(), StoreError> {
        if name != SUMS_FILE {
            check_name(name).map_err(|why| self.bad(&why))?;
        }
        if !self.sums.is_empty() || self.found.iter().any(|(found, _)| found == name) {
            return Err(self.bad(&format!("`{name}` does not belong where it stands")));
        }
        let target = match name {
            ABOUT_FILE | SUMS_FILE => None,
            _ => self.wanted.target(name),
        };
        if let Some(folder) = target.as_deref().and_then(Path::parent)
            && !folder.exists()
        {
            DirBuilder::new()
                .mode(0o700)
                .create(folder)
                .map_err(file("create the folder", folder))?;
        }
        let mut target = target
            .map(|path| new_private_file(&path).map(|file| (path, file)))
            .transpose()?;
        let mut sha = Sha256::new();
        let mut piece = vec![0; 1 << 18];
        let mut small = Vec::new();
        loop {
            let read = match read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.unreadable(&error)),
            };
            sha.update(&piece[..read]);
            if name == ABOUT_FILE || name == SUMS_FILE {
                small.extend_from_slice(&piece[..read]);
            }
            if let Some((path, target)) = &mut target {
                target
                    .write_all(&piece[..read])
                    .map_err(file("write", path))?;
            }
        }
        if let (Some((path, target)), Wanted::All(_)) = (target, self.wanted) {
            target.sync_all().map_err(file("write", &path))?;
        }
        match name {
            SUMS_FILE => {
                self.sums = small;
                return Ok(());
            }
            ABOUT_FILE => self.about = small,
            _ => {}
        }
        self.found
            .push((name.to_owned(), Hash(sha.finalize().into())));
        Ok(())
    }

    /// Compares what was found with the list of sums: the same names in the same order, and the same sums.
    fn compare(self, sealed: bool) -> Result<Opened, StoreError> {
        let sums = std::str::from_utf8(&self.sums)
            .map_err(|_| self.bad(&format!("`{SUMS_FILE}` is damaged")))?;
        let mut listed: HashMap<&str, Hash> = HashMap::new();
        for line in sums.lines() {
            let read = line
                .split_once("  ")
                .and_then(|(digits, name)| Some((name, Hash::from_hex(digits).ok()?)))
                .filter(|(name, hash)| listed.insert(name, *hash).is_none());
            if read.is_none() {
                return Err(self.bad(&format!("`{SUMS_FILE}` is damaged")));
            }
        }
        for (name, hash) in &self.found {
            if listed.remove(name.as_str()) != Some(*hash) {
                return Err(self.bad(&format!("`{name}` has been altered or cut off")));
            }
        }
        let has = |name: &str| self.found.iter().any(|(found, _)| found == name);
        if !sums.ends_with('\n') || !listed.is_empty() || !has(ABOUT_FILE) || !has(DATABASE_FILE) {
            return Err(self.bad(&format!("`{SUMS_FILE}` is cut off")));
        }
        let manifest = said_of_itself(self.from, &self.about)?;
        let keys = [MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE];
        if manifest.with_key != keys.into_iter().any(has) {
            return Err(self.bad("the master key is missing from it, or was added to it"));
        }
        Ok(Opened {
            manifest,
            names: self.found,
            sealed,
        })
    }

    fn unreadable(&self, error: &io::Error) -> StoreError {
        self.bad(&match error.kind() {
            io::ErrorKind::UnexpectedEof => "it is cut off".to_owned(),
            _ => format!("it has been altered ({error})"),
        })
    }

    fn bad(&self, why: &str) -> StoreError {
        bad(self.from, why.to_owned())
    }
}

/// Reads what a backup says about itself.
fn said_of_itself(from: &Path, text: &[u8]) -> Result<Manifest, StoreError> {
    let about: serde_json::Value = serde_json::from_slice(text)
        .map_err(|error| bad(from, format!("`{ABOUT_FILE}` is damaged ({error})")))?;
    let format = about
        .get("format")
        .and_then(|format| format.as_str())
        .unwrap_or_default();
    if ![FORMAT, backup::FORMAT].contains(&format) {
        return Err(bad(
            from,
            format!(
                "its format is `{format}`, this program knows `{FORMAT}` and `{}`; if a newer Candour made it, restore it with that",
                backup::FORMAT
            ),
        ));
    }
    serde_json::from_value(about)
        .map_err(|error| bad(from, format!("`{ABOUT_FILE}` is damaged ({error})")))
}

/// Refuses a name that is no part of a backup, so that nothing is ever written elsewhere.
fn check_name(name: &str) -> Result<(), String> {
    let ours = [
        ABOUT_FILE,
        DATABASE_FILE,
        MASTER_KEY_FILE,
        MASTER_KEY_SEALED_FILE,
    ];
    match ours.contains(&name) || files::listed_id(name).is_some() {
        true => Ok(()),
        false => Err(format!("it lists `{name}`, which is no part of a backup")),
    }
}

/// A backup that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedBackup {
    /// Whose it is.
    pub partnership: String,
    /// When it was made, as RFC 3339.
    pub made_at: String,
    /// How far the record in it goes, as verified.
    pub verified: Verified,
    /// How many files of cases it brings.
    pub files: u64,
    /// Whether the master key is in it.
    pub with_key: bool,
    /// Whether it is sealed for recipients.
    pub sealed: bool,
    /// Whether every entry was opened, which needs the master key; without it, chain, tree and sums were checked.
    pub opened: bool,
}

/// Checks a backup as a restore would, without restoring it: every byte, the chain, the tree, the tables, the files.
/// The copy of the database is put into the system's temporary folder for that time, readable by its owner only.
pub async fn check_backup(
    from: &Path,
    identities: &Identities,
) -> Result<CheckedBackup, StoreError> {
    let scratch = std::env::temp_dir().join(format!("candour-check-{}", random_handle()?));
    DirBuilder::new()
        .mode(0o700)
        .create(&scratch)
        .map_err(file("create the folder", &scratch))?;
    let checked = async {
        let opened = open(from, identities, Wanted::Record(&scratch))?;
        let (verified, key) = restore::check_record(from, &scratch, &opened).await?;
        Ok(CheckedBackup {
            partnership: opened.manifest.partnership,
            made_at: opened.manifest.made_at,
            verified,
            files: opened
                .names
                .iter()
                .filter(|(name, _)| files::listed_id(name).is_some())
                .count() as u64,
            with_key: opened.manifest.with_key,
            sealed: opened.sealed,
            opened: key.is_some(),
        })
    }
    .await;
    fs::remove_dir_all(&scratch).map_err(file("remove the folder", &scratch))?;
    checked
}
