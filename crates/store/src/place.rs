//! Where the database of a data folder is: a file in the folder (SQLite), or a PostgreSQL named in `database.toml`.
//! The file names the role the server connects as; the role that owns the tables is given to the commands that need it and never kept.
//! Long because of its tests: what an address may look like is told by examples.

use std::{
    fmt, fs,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use sqlx::any::AnyConnectOptions;
use zeroize::Zeroizing;

use crate::{
    StoreError,
    database::DATABASE_FILE,
    error::file,
    store::{new_private_file, sync_folder},
};

/// The file in the data folder that says where PostgreSQL is.
pub(crate) const SETTINGS_FILE: &str = "database.toml";
/// The file beside it that holds the password, when one was given.
const PASSWORD_FILE: &str = "database.password";
/// The environment's address, which takes the place of the one in the file.
const ENVIRONMENT: &str = "CANDOUR_DATABASE_URL";

/// Where a database is to be created.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseAt {
    /// In the data folder, with SQLite.
    Folder,
    /// On a PostgreSQL server, in an empty database of its own.
    Postgres {
        /// The address the server will use: `postgres://role@host/database`. Its role may read and add to the log, and no more.
        server: String,
        /// The address of the role that owns the tables. It is used now and for upgrades, and not kept.
        owner: String,
    },
}

impl fmt::Debug for DatabaseAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DatabaseAt::Folder => "Folder",
            DatabaseAt::Postgres { .. } => "Postgres",
        })
    }
}

/// Where the database of an open store is.
#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(Address),
}

/// The address of a PostgreSQL database, with its password if it needs one.
#[derive(Clone)]
pub(crate) struct Address {
    url: Zeroizing<String>,
}

/// What `database.toml` holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    url: Option<String>,
    password_file: Option<PathBuf>,
}

impl Address {
    /// Reads an address; the error says what is expected without repeating a password.
    pub(crate) fn read(url: &str) -> Result<Address, StoreError> {
        let unfit = |why: &str| StoreError::Unfit {
            doing: "read the address of the database",
            why: format!(
                "{why}; it looks like `postgres://role@host/database`, or `postgres://role@localhost/database?host=/run/postgresql` for a socket"
            ),
        };
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(unfit("it does not begin with `postgres://`"));
        }
        let mut options =
            AnyConnectOptions::from_str(url).map_err(|_| unfit("it is no address"))?;
        if options.database_url.username().is_empty() {
            return Err(unfit("it names no role"));
        }
        if options.database_url.path().trim_matches('/').is_empty() {
            return Err(unfit("it names no database"));
        }
        let given = |names: &[&str]| {
            options
                .database_url
                .query_pairs()
                .filter(|(name, _)| names.contains(&name.as_ref()))
                .last()
                .map(|(_, value)| value.into_owned())
        };
        let host = given(&["host", "hostaddr"])
            .or_else(|| options.database_url.host_str().map(decoded))
            .unwrap_or_default();
        let here = host.starts_with('/')
            || ["", "localhost", "127.0.0.1", "[::1]", "::1"].contains(&host.as_str());
        match given(&["sslmode", "ssl-mode"]).as_deref() {
            _ if here => {}
            None => {
                // Over a network only with a server that shows who it is.
                options
                    .database_url
                    .query_pairs_mut()
                    .append_pair("sslmode", "verify-full");
            }
            Some("require" | "verify-ca" | "verify-full") => {}
            Some(_) => {
                return Err(unfit(
                    "a database on another machine is reached with `sslmode=verify-full` (or `verify-ca`, or `require`) only",
                ));
            }
        }
        Ok(Address {
            url: Zeroizing::new(options.database_url.to_string()),
        })
    }

    /// The address to connect with.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The role it connects as.
    pub(crate) fn role(&self) -> String {
        self.options()
            .map(|options| decoded(options.database_url.username()))
            .unwrap_or_default()
    }

    fn options(&self) -> Option<AnyConnectOptions> {
        AnyConnectOptions::from_str(&self.url).ok()
    }

    /// The address without its password, and the password.
    fn split(&self) -> (String, Option<Zeroizing<String>>) {
        let Some(mut options) = self.options() else {
            return (String::new(), None);
        };
        let password = options
            .database_url
            .password()
            .map(|given| Zeroizing::new(decoded(given)));
        // Only an address without a host refuses this, and such a one has no password either.
        let _ = options.database_url.set_password(None);
        (options.database_url.to_string(), password)
    }

    fn with_password(&self, password: &str) -> Address {
        let Some(mut options) = self.options() else {
            return self.clone();
        };
        let _ = options.database_url.set_password(Some(password));
        Address {
            url: Zeroizing::new(options.database_url.to_string()),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.split().0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Place {
    /// What to call it in a message.
    pub(crate) fn name(&self) -> PathBuf {
        match self {
            Place::Sqlite(path) => path.clone(),
            Place::Postgres(address) => PathBuf::from(address.to_string()),
        }
    }

    /// The place a data folder names; `None` when it holds no database and names none.
    pub(crate) fn of(dir: &Path) -> Result<Option<Place>, StoreError> {
        let settings = dir.join(SETTINGS_FILE);
        let database = dir.join(DATABASE_FILE);
        if !settings.exists() {
            return Ok(database.exists().then_some(Place::Sqlite(database)));
        }
        let wrong = |why: String| StoreError::DatabaseSettings {
            path: settings.clone(),
            why,
        };
        if database.exists() {
            return Err(wrong(format!(
                "`{DATABASE_FILE}` is there too, so it is not clear which holds the record; move the one that is no longer used elsewhere"
            )));
        }
        let text = fs::read_to_string(&settings).map_err(file("read", &settings))?;
        let given: Settings =
            toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?;
        let url = std::env::var(ENVIRONMENT)
            .ok()
            .or(given.url)
            .ok_or_else(|| {
                wrong(format!(
                    "it has no line `url = \"postgres://...\"`, and {ENVIRONMENT} is not set"
                ))
            })?;
        let mut address = Address::read(&url)?;
        if let Some(path) = given.password_file {
            let path = dir.join(path);
            let mode = fs::metadata(&path)
                .map_err(file("read the database's password", &path))?
                .permissions()
                .mode()
                & 0o7777;
            if mode & 0o077 != 0 {
                return Err(wrong(format!(
                    "others can read the password file `{}` (mode {mode:04o}); run `chmod 600 {}`",
                    path.display(),
                    path.display()
                )));
            }
            let text = Zeroizing::new(
                fs::read_to_string(&path).map_err(file("read the database's password", &path))?,
            );
            address = address.with_password(text.lines().next().unwrap_or_default());
        }
        Ok(Some(Place::Postgres(address)))
    }
}

/// Writes `database.toml`, and the password to a file of its own, both readable by their owner only.
/// The settings appear under their name only when they are whole.
pub(crate) fn keep(dir: &Path, address: &Address) -> Result<(), StoreError> {
    let (url, password) = address.split();
    let mut settings = Settings {
        url: Some(url),
        password_file: None,
    };
    if let Some(password) = password {
        let path = dir.join(PASSWORD_FILE);
        let failed = file("write", &path);
        let mut target = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .map_err(&failed)?;
        target
            .write_all(format!("{}\n", password.as_str()).as_bytes())
            .map_err(&failed)?;
        target.sync_all().map_err(&failed)?;
        settings.password_file = Some(PathBuf::from(PASSWORD_FILE));
    }
    let text = toml::to_string(&settings).map_err(|error| StoreError::Unfit {
        doing: "write the settings of the database",
        why: error.to_string(),
    })?;
    let path = dir.join(SETTINGS_FILE);
    let unfinished = dir.join(format!("{SETTINGS_FILE}.unfinished"));
    let failed = file("write", &path);
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let mut target = new_private_file(&unfinished)?;
    target
        .write_all(
            format!("# Where the database of this data folder is. Written by Candour.\n{text}")
                .as_bytes(),
        )
        .map_err(&failed)?;
    target.sync_all().map_err(&failed)?;
    fs::rename(&unfinished, &path).map_err(&failed)?;
    sync_folder(dir)
}

/// Takes `database.toml` and the password away again, once the database is in the folder.
pub(crate) fn forget(dir: &Path) -> Result<(), StoreError> {
    for name in [SETTINGS_FILE, PASSWORD_FILE] {
        let path = dir.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(file("remove", &path)(error));
            }
            _ => {}
        }
    }
    sync_folder(dir)
}

/// `%xx` of an address as the byte it stands for.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut clear = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                clear.push(byte);
                at += 3;
            }
            (byte, _) => {
                clear.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&clear).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_apart_and_never_shown() {
        let dir = tempfile::tempdir().unwrap();
        let address = Address::read("postgres://server:a%40b%3Ac@db.example/candour").unwrap();
        assert!(!format!("{address} {address:?}").contains("a%40b"));
        keep(dir.path(), &address).unwrap();
        let text = fs::read_to_string(dir.path().join(SETTINGS_FILE)).unwrap();
        assert!(
            text.contains("postgres://server@db.example/candour?sslmode=verify-full"),
            "{text}"
        );
        assert_eq!(
            fs::read_to_string(dir.path().join(PASSWORD_FILE)).unwrap(),
            "a@b:c\n"
        );
        let Some(Place::Postgres(read)) = Place::of(dir.path()).unwrap() else {
            panic!("it names PostgreSQL");
        };
        assert_eq!(read.split().1.unwrap().as_str(), "a@b:c");
        assert_eq!(read.role(), "server");

        fs::set_permissions(
            dir.path().join(PASSWORD_FILE),
            fs::Permissions::from_mode(0o644),
        )
        .unwrap();
        let refused = Place::of(dir.path()).err().unwrap().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }

    #[test]
    fn an_address_that_names_no_role_or_no_database_is_refused_with_an_example() {
        for url in [
            "candour",
            "postgres://host/candour",
            "postgres://role@host",
            "mysql://a@b/c",
        ] {
            let refused = Address::read(url).unwrap_err().to_string();
            assert!(
                refused.contains("postgres://role@host/database"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_database_on_another_machine_is_reached_only_by_tls() {
        let url = |text: &str| Address::read(text).map(|address| address.url().to_owned());
        for far in [
            "postgres://a@db.example/c",
            "postgres://a@localhost/c?host=db.example",
        ] {
            assert!(url(far).unwrap().contains("sslmode=verify-full"), "{far}");
            let open = format!(
                "{far}{}sslmode=prefer",
                if far.contains('?') { "&" } else { "?" }
            );
            assert!(url(&open).is_err(), "{open}");
        }
        assert_eq!(
            url("postgres://a@db.example/c?sslmode=require").unwrap(),
            "postgres://a@db.example/c?sslmode=require"
        );
        for near in [
            "postgres://a@localhost/c",
            "postgres://a@127.0.0.1:5433/c",
            "postgres://a@[::1]/c",
            "postgres://a@localhost/c?host=/run/postgresql",
            "postgres://a@%2Frun%2Fpostgresql/c",
        ] {
            assert!(!url(near).unwrap().contains("sslmode"), "{near}");
        }
    }

    #[test]
    fn a_folder_with_both_kinds_of_database_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        keep(dir.path(), &Address::read("postgres://a@b/c").unwrap()).unwrap();
        fs::write(dir.path().join(DATABASE_FILE), "").unwrap();
        assert!(matches!(
            Place::of(dir.path()),
            Err(StoreError::DatabaseSettings { .. })
        ));
        forget(dir.path()).unwrap();
        assert!(matches!(Place::of(dir.path()), Ok(Some(Place::Sqlite(_)))));
    }
}
