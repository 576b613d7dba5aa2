//! Where the master key comes from: a file named by the environment, a credential of systemd, or the data folder.
//! Wherever it is, the file may hold the key itself or the key sealed under a passphrase.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::{
    StoreError,
    key::{Key, MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE, read_private},
    keys::passphrase::{is_sealed, open_key_text},
};

/// The environment's name for a key file elsewhere.
const ENVIRONMENT: &str = "CANDOUR_MASTER_KEY_FILE";
/// The name of the credential in the folder that systemd gives.
const CREDENTIAL: &str = "candour-master-key";

/// Where the master key of a data folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MasterSource {
    /// `master.key.sealed` in the data folder, or else `master.key`.
    Folder(PathBuf),
    /// The file that `CANDOUR_MASTER_KEY_FILE` names.
    Named(PathBuf),
    /// A credential that systemd hands to the service.
    Credential(PathBuf),
}

impl MasterSource {
    /// The source in force for a data folder: the environment's file, else the credential, else the folder's own.
    pub(crate) fn of(dir: &Path) -> MasterSource {
        MasterSource::choose(
            dir,
            std::env::var_os(ENVIRONMENT).map(PathBuf::from),
            std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from),
        )
    }

    fn choose(dir: &Path, named: Option<PathBuf>, credentials: Option<PathBuf>) -> MasterSource {
        if let Some(path) = named.filter(|path| !path.as_os_str().is_empty()) {
            return MasterSource::Named(path);
        }
        match credentials.map(|folder| folder.join(CREDENTIAL)) {
            Some(path) if path.exists() => MasterSource::Credential(path),
            _ => {
                let sealed = dir.join(MASTER_KEY_SEALED_FILE);
                MasterSource::Folder(match sealed.exists() {
                    true => sealed,
                    false => dir.join(MASTER_KEY_FILE),
                })
            }
        }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        match self {
            MasterSource::Folder(path)
            | MasterSource::Named(path)
            | MasterSource::Credential(path) => path,
        }
    }

    /// What it is called in a message.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            MasterSource::Folder(_) => "a file in the data folder",
            MasterSource::Named(_) => "the file named by CANDOUR_MASTER_KEY_FILE",
            MasterSource::Credential(_) => "a credential of systemd",
        }
    }

    /// Reads the file; refuses a file that others can read.
    /// systemd may give a credential to the service's group too, by an access list that shows as the group's mode.
    pub(crate) fn text(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let forbidden = match self {
            MasterSource::Credential(_) => 0o027,
            _ => 0o077,
        };
        read_private(self.path(), forbidden)
    }

    /// Reads the key; asks for the passphrase if it is sealed under one that was not given.
    pub(crate) fn read(&self) -> Result<Key, StoreError> {
        open_key_text(self.path(), &self.text()?)
    }

    /// Whether it is sealed under a passphrase; `false` when it cannot be read.
    pub(crate) fn sealed(&self) -> bool {
        self.text().is_ok_and(|text| is_sealed(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::write_new_key;
    use std::{fs, os::unix::fs::PermissionsExt};

    #[test]
    fn the_environments_file_comes_before_the_credential_and_that_before_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let credentials = dir.path().join("credentials");
        fs::create_dir(&credentials).unwrap();
        let choose = |named: Option<&str>| {
            MasterSource::choose(
                dir.path(),
                named.map(PathBuf::from),
                Some(credentials.clone()),
            )
        };
        assert_eq!(
            choose(None),
            MasterSource::Folder(dir.path().join("master.key"))
        );
        write_new_key(&credentials.join(CREDENTIAL), &Key::random().unwrap()).unwrap();
        assert!(matches!(choose(None), MasterSource::Credential(_)));
        assert!(matches!(choose(Some("/elsewhere")), MasterSource::Named(_)));
        assert!(matches!(choose(Some("")), MasterSource::Credential(_)));
    }

    #[test]
    fn a_key_that_others_can_read_is_refused_wherever_it_comes_from() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        write_new_key(&path, &Key::random().unwrap()).unwrap();
        for (mode, named, credential) in [
            (0o600, true, true),
            (0o440, false, true),
            (0o404, false, false),
        ] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(
                MasterSource::Named(path.clone()).read().is_ok(),
                named,
                "{mode:o}"
            );
            assert_eq!(
                MasterSource::Credential(path.clone()).read().is_ok(),
                credential,
                "{mode:o}"
            );
        }
    }
}
