//! The master key under a passphrase: its file holds the key sealed with what Argon2id makes of the passphrase, and how that was done.
//! The store does not ask for a passphrase itself: whoever runs it says how, or gives it beforehand.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
};

use argon2::{Algorithm, Argon2, Params, Version};
use record::Hash;
use zeroize::Zeroizing;

use super::{MasterSource, Secret, settle};
use crate::{
    StoreError,
    backup::parent,
    database,
    error::file,
    key::{
        Key, MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE, master_key_text, parse_master_key,
        read_private, write_private,
    },
    meta,
    place::Place,
    seal::{Bound, Sealed, open, seal},
    store::{lock, sync_folder},
};

const HEADING: &str = "candour-master-key-sealed/1";
/// Memory in KiB, passes and lanes: the second choice of RFC 9106, section 4.
const COST: (u32, u32, u32) = (64 * 1024, 3, 4);
/// What a file may ask for at most, so that an altered one cannot exhaust the machine.
const MOST: (u32, u32, u32) = (1024 * 1024, 64, 64);
/// How short a new passphrase may be, in characters: whoever has a copy of the file can try for years.
const SHORTEST: usize = 16;

/// How to ask for the passphrase of a file; the error says in words why there is none.
pub type AskPassphrase = fn(&Path) -> Result<Secret, String>;

static ASK: OnceLock<AskPassphrase> = OnceLock::new();
static GIVEN: Mutex<Option<Secret>> = Mutex::new(None);

fn given() -> std::sync::MutexGuard<'static, Option<Secret>> {
    GIVEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says once for this process how a passphrase is asked for when a master key needs one.
pub fn ask_passphrase_with(ask: AskPassphrase) {
    // The first one stays.
    let _ = ASK.set(ask);
}

/// Gives the passphrase beforehand. A master key that is made afterwards is sealed under it; one too short for that is refused.
pub fn give_passphrase(passphrase: Secret) -> Result<(), StoreError> {
    long_enough(&passphrase)?;
    *given() = Some(passphrase);
    Ok(())
}

/// Wipes the passphrase from memory; the master key of an open store stays.
pub fn forget_passphrase() {
    *given() = None;
}

fn long_enough(passphrase: &str) -> Result<(), StoreError> {
    if passphrase.chars().count() < SHORTEST {
        return Err(unfit(format!(
            "it is too short; take at least {SHORTEST} characters, for example five or more words drawn by chance"
        )));
    }
    Ok(())
}

/// Whether the text of a key file is that of a sealed one.
pub(crate) fn is_sealed(text: &[u8]) -> bool {
    text.starts_with(HEADING.as_bytes())
}

/// The key in the text of a key file, sealed or not. Asks for the passphrase when it has not been given.
pub(crate) fn open_key_text(path: &Path, text: &[u8]) -> Result<Key, StoreError> {
    if !is_sealed(text) {
        return parse_master_key(text)
            .ok_or_else(|| StoreError::MasterKeyMalformed(path.to_owned()));
    }
    let mut given = given();
    let passphrase = match given.as_ref() {
        Some(passphrase) => passphrase.clone(),
        None => {
            let needed = |why: String| StoreError::PassphraseNeeded {
                path: path.to_owned(),
                why,
            };
            let ask = ASK
                .get()
                .ok_or_else(|| needed("nobody was asked for it".into()))?;
            ask(path).map_err(needed)?
        }
    };
    let key = unseal(path, text, &passphrase)?;
    *given = Some(passphrase);
    Ok(key)
}

/// Writes a master key to a new file, sealed if a passphrase was given.
pub(crate) fn write_new_key(path: &Path, key: &Key) -> Result<(), StoreError> {
    let passphrase = given().clone();
    write_key(path, key, passphrase.as_ref())
}

/// Writes a master key to a new file, under the same passphrase as the one it stands beside, or none.
pub(crate) fn write_like(beside: &Path, path: &Path, key: &Key) -> Result<(), StoreError> {
    let text = Zeroizing::new(fs::read(beside).map_err(file("read the master key", beside))?);
    match is_sealed(&text) {
        false => write_key(path, key, None),
        true => {
            open_key_text(beside, &text)?;
            write_new_key(path, key)
        }
    }
}

fn write_key(path: &Path, key: &Key, passphrase: Option<&Secret>) -> Result<(), StoreError> {
    let text = match passphrase {
        Some(passphrase) => sealed_text(key, passphrase, COST)?,
        None => master_key_text(key),
    };
    write_private(path, text.as_bytes())
}

/// Puts the master key of an open folder into a backup: sealed, and `true`, when its file is. A plain copy is never made of a sealed one.
pub(crate) fn copy_key(dir: &Path, key: &Key, folder: &Path) -> Result<bool, StoreError> {
    let source = MasterSource::of(dir);
    let text = source.text()?;
    let sealed = is_sealed(&text);
    let target = match sealed {
        true => folder.join(MASTER_KEY_SEALED_FILE),
        false => folder.join(MASTER_KEY_FILE),
    };
    match sealed {
        true => write_private(&target, &text)?,
        false => write_key(&target, key, None)?,
    }
    Ok(sealed)
}

/// Where a new master key of a data folder goes.
pub(crate) fn new_key_file(dir: &Path) -> Result<PathBuf, StoreError> {
    let path = match MasterSource::of(dir) {
        MasterSource::Credential(path) => {
            return Err(StoreError::Unfit {
                doing: "write a master key",
                why: format!(
                    "systemd hands this service a master key, `{}`, and it cannot be written from here; run this command outside the service, then make the credential `candour-master-key` from the file it writes",
                    path.display()
                ),
            });
        }
        MasterSource::Named(path) => path,
        MasterSource::Folder(_) if given().is_some() => dir.join(MASTER_KEY_SEALED_FILE),
        MasterSource::Folder(_) => dir.join(MASTER_KEY_FILE),
    };
    let beside = [MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE].map(|name| dir.join(name));
    if let Some(there) = (std::iter::once(&path).chain(&beside)).find(|path| path.exists()) {
        return Err(StoreError::Unfit {
            doing: "write a master key",
            why: format!(
                "`{}` is there already; move it elsewhere first, or name another file in CANDOUR_MASTER_KEY_FILE",
                there.display()
            ),
        });
    }
    if !parent(&path).is_dir() {
        return Err(StoreError::Unfit {
            doing: "write a master key",
            why: format!(
                "the folder `{}`, which CANDOUR_MASTER_KEY_FILE names, is not there; make it, readable by the owner only",
                parent(&path).display()
            ),
        });
    }
    Ok(path)
}

/// What `candour keys passphrase` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passphrased {
    /// The file of the sealed master key.
    pub path: PathBuf,
    /// Whether there was a passphrase before.
    pub changed: bool,
}

/// Seals the master key of a data folder under a passphrase, or under another one; nobody may have the folder open.
/// The file of before is overwritten, and only after the new one was read back and opened.
pub async fn set_passphrase(dir: &Path, new: Secret) -> Result<Passphrased, StoreError> {
    long_enough(&new)?;
    let place = Place::of(dir)?.ok_or_else(|| StoreError::NotAStore(dir.to_owned()))?;
    let _lock = lock(dir)?;
    let source = MasterSource::of(dir);
    if let MasterSource::Credential(_) = source {
        return Err(unfit(
            "the master key is a credential of systemd and cannot be replaced from here; set CANDOUR_MASTER_KEY_FILE to the file the credential is made from".into(),
        ));
    }
    let read = source.read();
    if !super::pending(&source) {
        read.as_ref().map_err(Clone::clone)?;
    }
    let pool = database::reading(&place).await?;
    let founded = meta::founded(&pool).await;
    pool.close().await;
    let founded = founded?.ok_or_else(|| StoreError::NotAStore(dir.to_owned()))?;
    let key = settle(dir, &source, read, &founded.master_fingerprint)?;

    let path = source.path();
    let mut old = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .map_err(file("replace the master key", path))?;
    let mut text = Zeroizing::new(Vec::new());
    (old.read_to_end(&mut text)).map_err(file("read the master key", path))?;
    let changed = is_sealed(&text);
    let target = match &source {
        MasterSource::Folder(_) => dir.join(MASTER_KEY_SEALED_FILE),
        _ => path.to_owned(),
    };
    let mut part = target.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    if part.exists() {
        fs::remove_file(&part).map_err(file("remove", &part))?;
    }
    write_key(&part, &key, Some(&new))?;
    let back = read_private(&part, 0o077)?;
    if unseal(&part, &back, &new)?.bytes() != key.bytes() {
        return Err(StoreError::MasterKeyMalformed(part));
    }
    fs::rename(&part, &target).map_err(file("put the sealed master key in place", &target))?;
    sync_folder(parent(&target))?;
    *given() = Some(new);
    // What is overwritten may be without a name by now; some disks keep it all the same.
    overwrite(&mut old).map_err(file("destroy what was at", path))?;
    if target != path {
        fs::remove_file(path).map_err(file("remove", path))?;
        sync_folder(parent(path))?;
    }
    Ok(Passphrased {
        path: target,
        changed,
    })
}

/// Removes the plain file that an interrupted sealing left beside the sealed one. Anything else is left there and said.
pub(crate) fn finish_sealing(source: &MasterSource, key: &Key) -> Result<(), StoreError> {
    let MasterSource::Folder(sealed) = source else {
        return Ok(());
    };
    let plain = parent(sealed).join(MASTER_KEY_FILE);
    if !sealed.ends_with(MASTER_KEY_SEALED_FILE) || !plain.exists() {
        return Ok(());
    }
    let failed = file("remove the plain master key", &plain);
    let text = Zeroizing::new(fs::read(&plain).map_err(&failed)?);
    let ours = parse_master_key(&text).is_some_and(|plain| plain.bytes() == key.bytes());
    if !ours && !text.iter().all(|byte| *byte == b'0') {
        tracing::warn!(
            "a file master.key lies beside master.key.sealed and is not used; it holds something else"
        );
        return Ok(());
    }
    (OpenOptions::new().write(true).read(true).open(&plain))
        .and_then(|mut plain| overwrite(&mut plain))
        .and_then(|()| fs::remove_file(&plain))
        .map_err(&failed)?;
    sync_folder(parent(&plain))
}

fn overwrite(old: &mut fs::File) -> io::Result<()> {
    let length = usize::try_from(old.metadata()?.len().min(4096)).unwrap_or(4096);
    old.seek(SeekFrom::Start(0))?;
    old.write_all(&vec![b'0'; length])?;
    old.sync_all()
}

fn sealed_text(
    key: &Key,
    passphrase: &str,
    cost: (u32, u32, u32),
) -> Result<Zeroizing<String>, StoreError> {
    let mut salt = Hash([0; 32]);
    getrandom::fill(&mut salt.0).map_err(|_| StoreError::NoRandomness)?;
    let lines = format!(
        "{HEADING}\nargon2id m={} t={} p={}\nsalt {}\n",
        cost.0,
        cost.1,
        cost.2,
        salt.to_hex()
    );
    let wrapping = derive(passphrase, &salt, cost)
        .ok_or_else(|| unfit("nothing can be made of it on this machine".into()))?;
    let sealed = seal(&wrapping, &Bound::MasterKey { lines: &lines }, key.bytes())?.joined();
    let digits: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Zeroizing::new(format!("{lines}sealed {digits}\n")))
}

fn unseal(path: &Path, text: &[u8], passphrase: &str) -> Result<Key, StoreError> {
    let damaged = || StoreError::MasterKeyMalformed(path.to_owned());
    let (lines, cost, salt, sealed) = parse(text).ok_or_else(damaged)?;
    let wrapping = derive(passphrase, &salt, cost).ok_or_else(damaged)?;
    Sealed::split(&sealed)
        .and_then(|sealed| open(&wrapping, &Bound::MasterKey { lines }, &sealed))
        .and_then(|bytes| Key::from_bytes(&bytes))
        .ok_or_else(|| StoreError::PassphraseWrong(path.to_owned()))
}

type Parsed<'a> = (&'a str, (u32, u32, u32), Hash, Vec<u8>);

fn parse(text: &[u8]) -> Option<Parsed<'_>> {
    let text = std::str::from_utf8(text).ok()?;
    let at = text.find("\nsealed ").filter(|_| text.ends_with('\n'))?;
    let (lines, sealed) = text.split_at(at + 1);
    let mut each = lines.lines();
    (each.next()? == HEADING).then_some(())?;
    let mut fields = each.next()?.strip_prefix("argon2id ")?.split(' ');
    let mut number = |name: &str, most: u32| {
        let value: u32 = fields.next()?.strip_prefix(name)?.parse().ok()?;
        (1..=most).contains(&value).then_some(value)
    };
    let cost = (
        number("m=", MOST.0)?,
        number("t=", MOST.1)?,
        number("p=", MOST.2)?,
    );
    let salt = Hash::from_hex(each.next()?.strip_prefix("salt ")?).ok()?;
    let digits = sealed.strip_prefix("sealed ")?.trim_end().as_bytes();
    let bytes = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect::<Option<Vec<u8>>>()?;
    Some((lines, cost, salt, bytes))
}

fn derive(passphrase: &str, salt: &Hash, (memory, passes, lanes): (u32, u32, u32)) -> Option<Key> {
    let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
    let mut bytes = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), &salt.0, bytes.as_mut())
        .ok()?;
    Key::from_bytes(bytes.as_ref())
}

fn unfit(why: String) -> StoreError {
    StoreError::Unfit {
        doing: "seal the master key under a passphrase",
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: (u32, u32, u32) = (64, 1, 1);

    #[test]
    fn only_the_passphrase_opens_the_key_and_every_altered_character_is_noticed() {
        let key = Key::random().unwrap();
        let path = Path::new("master.key.sealed");
        let text = sealed_text(&key, "five calm words by chance", QUICK).unwrap();
        assert!(is_sealed(text.as_bytes()));
        let open = |text: &[u8], passphrase: &str| unseal(path, text, passphrase);
        let back = open(text.as_bytes(), "five calm words by chance").unwrap();
        assert_eq!(back.bytes(), key.bytes());
        assert!(matches!(
            open(text.as_bytes(), "five calm words by choice"),
            Err(StoreError::PassphraseWrong(_))
        ));
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
            assert!(
                open(&bytes, "five calm words by chance").is_err(),
                "altered at {at}"
            );
            assert!(open(&text.as_bytes()[..at], "five calm words by chance").is_err());
        }
    }

    #[test]
    fn the_same_key_and_passphrase_are_never_written_alike() {
        let key = Key::random().unwrap();
        let texts = [(); 2].map(|()| sealed_text(&key, "five calm words by chance", QUICK));
        let [first, second] = texts.map(Result::unwrap);
        assert_ne!(*first, *second);
    }

    #[test]
    fn a_file_that_asks_for_more_than_any_machine_has_is_refused_at_once() {
        let key = Key::random().unwrap();
        let text = sealed_text(&key, "five calm words by chance", QUICK).unwrap();
        let text = text.replace("m=64 ", "m=4000000000 ");
        assert!(matches!(
            unseal(Path::new("k"), text.as_bytes(), "five calm words by chance"),
            Err(StoreError::MasterKeyMalformed(_))
        ));
    }

    #[test]
    fn a_short_passphrase_is_refused_with_what_to_do() {
        let refused = long_enough("fifteen letters").unwrap_err().to_string();
        assert!(refused.contains("at least 16"), "{refused}");
        assert!(long_enough("sixteen letters!").is_ok());
    }
}
