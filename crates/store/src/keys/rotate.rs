//! Changing the master key, the partnership's key, or both, while nobody has the folder open.
//! The new master key waits beside the old one; one transaction wraps everything again and says which key is in force;
//! then the new file takes the old one's place. Interrupted anywhere, the next opening finishes or forgets it.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use record::time_text;
use sqlx::Executor;

use crate::{
    StoreError,
    backup::parent,
    database,
    error::{file, sql},
    grants,
    key::{Key, random_handle},
    keys::{
        MasterSource,
        layers::{self, Step},
        passphrase::{finish_sealing, write_like},
    },
    lease::Lease,
    meta,
    place::Place,
    store::{lock, sync_folder},
};

/// Which keys are to be changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rotate {
    /// A new master key.
    pub master: bool,
    /// A new key of the partnership; every stream's key is wrapped again.
    pub partnership: bool,
    /// A new file for the old master key, without which no backup made before can be read.
    pub keep_old: Option<PathBuf>,
}

/// What was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The fingerprint of the master key in force.
    pub fingerprint: String,
    /// The fingerprint of the one before, which backups made before need.
    pub before: String,
    /// How many streams' keys were wrapped again.
    pub streams: u64,
    /// How many things did not open before and were left as they are.
    pub unopened: u64,
}

/// Changes keys of a data folder that no process has open. The record itself is not rewritten.
pub async fn rotate(dir: &Path, what: &Rotate) -> Result<Rotated, StoreError> {
    let source = MasterSource::of(dir);
    rotate_in_steps(dir, &source, what, &mut || Ok(())).await
}

async fn rotate_in_steps(
    dir: &Path,
    source: &MasterSource,
    what: &Rotate,
    step: Step<'_>,
) -> Result<Rotated, StoreError> {
    if !what.master && !what.partnership {
        return Err(unfit(
            "neither the master key nor the partnership's key was named",
        ));
    }
    if what.master && matches!(source, MasterSource::Credential(_)) {
        return Err(unfit(
            "the master key is a credential of systemd and cannot be replaced from here; set CANDOUR_MASTER_KEY_FILE to the file the credential is made from, and start Candour again afterwards",
        ));
    }
    let place = Place::of(dir)?.ok_or_else(|| StoreError::NotAStore(dir.to_owned()))?;
    let _lock = lock(dir)?;
    let read = source.read();
    if !pending(source) {
        read.as_ref().map_err(Clone::clone)?;
    }
    let pool = database::writing(&place).await?;
    let done = async {
        match &place {
            Place::Sqlite(_) => database::migrate(&pool, &place).await?,
            Place::Postgres(address) => {
                database::check_layout(&pool, &place).await?;
                grants::check(&pool, address).await?;
            }
        }
        let founded = meta::founded(&pool)
            .await?
            .ok_or_else(|| StoreError::NotAStore(dir.to_owned()))?;
        let lease = match &place {
            Place::Sqlite(_) => None,
            Place::Postgres(address) => {
                Some(Arc::new(Lease::take(address, &founded.partnership).await?))
            }
        };
        let old = settle(dir, source, read, &founded.master_fingerprint)?;
        let done = change(&pool, &founded.partnership, source, &old, what, step).await;
        if let Some(lease) = lease {
            lease.give_back().await;
        }
        done
    }
    .await;
    pool.close().await;
    done
}

async fn change(
    pool: &sqlx::AnyPool,
    partnership: &str,
    source: &MasterSource,
    old: &Key,
    what: &Rotate,
    step: Step<'_>,
) -> Result<Rotated, StoreError> {
    let failed = sql("change the keys");
    let inner = layers::unlock_in_steps(pool, partnership, old, &mut *step).await?;
    if let Some(path) = what.keep_old.as_deref().filter(|_| what.master) {
        write_like(source.path(), path, old)?;
        sync_folder(parent(path))?;
    }
    let new = match what.master {
        true => Key::random()?,
        false => old.clone(),
    };
    if what.master {
        step()?;
        write_like(source.path(), &waiting(source), &new)?;
        sync_folder(parent(source.path()))?;
    }

    let mut tx = database::begin(pool).await.map_err(&failed)?;
    let now = time_text(Timestamp::now());
    let mut done = layers::Rewrapped::default();
    let mut key = inner.clone();
    if what.partnership {
        key = Key::random()?;
        done = layers::rewrap(&mut tx, partnership, &inner, &key, &mut *step).await?;
        step()?;
        sqlx::query("UPDATE partnership_key SET made_at = $2 WHERE partnership = $1")
            .bind(partnership)
            .bind(now.as_str())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
    }
    let key_id = random_handle()?;
    let wrapped = layers::wrap(&new, partnership, &key_id, &key)?;
    step()?;
    sqlx::query(
        "UPDATE partnership_key SET key_id = $2, wrapped = $3, wrapped_at = $4 WHERE partnership = $1",
    )
    .bind(partnership)
    .bind(key_id)
    .bind(wrapped)
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(&failed)?;
    step()?;
    sqlx::query("UPDATE meta SET value = $2 WHERE name = $1")
        .bind(meta::MASTER)
        .bind(new.fingerprint())
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
    step()?;
    tx.commit().await.map_err(&failed)?;

    step()?;
    if what.master {
        wipe(source.path())?;
        step()?;
        take_over(source)?;
    }
    if !database::is_postgres(pool) {
        // What was wrapped before goes out of the write-ahead file too.
        pool.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            .await
            .map_err(&failed)?;
    }
    Ok(Rotated {
        fingerprint: new.fingerprint(),
        before: old.fingerprint(),
        streams: done.streams,
        unopened: done.unopened,
    })
}

/// Whether a change of the master key was interrupted.
pub(crate) fn pending(source: &MasterSource) -> bool {
    waiting(source).exists()
}

/// The master key in force, after finishing or forgetting an interrupted change of it.
/// Nothing is removed before the key that the database names has been read.
pub(crate) fn settle(
    dir: &Path,
    source: &MasterSource,
    read: Result<Key, StoreError>,
    in_force: &str,
) -> Result<Key, StoreError> {
    let fits = |key: &Key| key.fingerprint() == in_force;
    if !pending(source) {
        let key = read?;
        return match fits(&key) {
            true => {
                finish_sealing(source, &key)?;
                Ok(key)
            }
            false => Err(StoreError::MasterKeyOther(dir.to_owned())),
        };
    }
    let path = waiting(source);
    if let Some(key) = read.as_ref().ok().filter(|key| fits(key)) {
        fs::remove_file(&path).map_err(file("remove", &path))?;
        sync_folder(parent(&path))?;
        return Ok(key.clone());
    }
    let next = MasterSource::Folder(path.clone()).read();
    if let Some(key) = next.ok().filter(fits) {
        if source.path().exists() {
            wipe(source.path())?;
        }
        take_over(source)?;
        return Ok(key);
    }
    read?;
    Err(StoreError::MasterKeyOther(dir.to_owned()))
}

/// The file in which the new master key waits.
fn waiting(source: &MasterSource) -> PathBuf {
    let mut name = source.path().as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Overwrites the old key where it lies; some disks keep what was overwritten.
fn wipe(path: &Path) -> Result<(), StoreError> {
    let failed = file("destroy the old master key", path);
    let length = fs::metadata(path).map_err(&failed)?.len().min(4096);
    let mut old = OpenOptions::new().write(true).open(path).map_err(&failed)?;
    for _ in 0..length {
        old.write_all(b"0").map_err(&failed)?;
    }
    old.sync_all().map_err(&failed)
}

fn take_over(source: &MasterSource) -> Result<(), StoreError> {
    let path = source.path();
    fs::rename(waiting(source), path).map_err(file("put the new master key in place", path))?;
    sync_folder(parent(path))
}

fn unfit(why: &str) -> StoreError {
    StoreError::Unfit {
        doing: "change the keys",
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Content, NewEntry, Store};
    use access::Permit;

    async fn filled(dir: &Path) {
        let store = Store::create(dir, "merrowshire").await.unwrap();
        for stream in ["case/1", "case/2"] {
            let entry = NewEntry {
                kind: "note".into(),
                version: 1,
                at: Timestamp::UNIX_EPOCH,
                actor: "person-1".into(),
                content: b"calm words".to_vec(),
            };
            store
                .append(Permit::for_system("test"), stream, None, vec![entry])
                .await
                .unwrap();
        }
        store.close().await;
    }

    async fn whole(dir: &Path) {
        let store = Store::open(dir).await.unwrap();
        for stream in ["case/1", "case/2"] {
            let entries = store.stream(stream, 0).await.unwrap();
            assert_eq!(entries[0].content, Content::Clear(b"calm words".to_vec()));
        }
        store.verify().await.unwrap();
        assert_eq!(store.keys_status().await.unwrap().unopened, 0);
        store.checkpoint("test", Timestamp::now()).await.ok();
        store.close().await;
        assert!(!dir.join("master.key.new").exists());
    }

    #[tokio::test]
    async fn a_change_of_keys_stopped_before_any_step_is_finished_or_forgotten() {
        let (mut stopped, mut forgotten, mut finished) = (0, 0, 0);
        for at in 0.. {
            assert!(at < 100, "it never gets through");
            let home = tempfile::tempdir().unwrap();
            let dir = home.path().join("data");
            filled(&dir).await;
            let source = MasterSource::Folder(dir.join("master.key"));
            let before = source.read().unwrap().fingerprint();
            let what = Rotate {
                master: true,
                partnership: true,
                keep_old: None,
            };
            let mut left = at;
            let done = rotate_in_steps(&dir, &source, &what, &mut || {
                if left == 0 {
                    return Err(StoreError::Closed);
                }
                left -= 1;
                Ok(())
            })
            .await;
            whole(&dir).await;
            let after = source.read().unwrap().fingerprint();
            if let Ok(done) = done {
                assert_ne!(before, after);
                assert_eq!(done.streams, 2);
                break;
            }
            stopped += 1;
            match before == after {
                true => forgotten += 1,
                false => finished += 1,
            }
            // And it can be done again.
            rotate_in_steps(&dir, &source, &what, &mut || Ok(()))
                .await
                .unwrap();
            whole(&dir).await;
        }
        assert!(
            stopped >= 8 && forgotten >= 5 && finished >= 2,
            "{stopped} {forgotten} {finished}"
        );
    }

    #[tokio::test]
    async fn the_old_master_key_opens_nothing_afterwards_unless_a_backup_of_before() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("data");
        filled(&dir).await;
        let store = Store::open(&dir).await.unwrap();
        let backup = home.path().join("backup");
        store.backup(&backup, false).await.unwrap();
        store.close().await;
        let old = home.path().join("old.key");
        let what = Rotate {
            master: true,
            partnership: false,
            keep_old: Some(old.clone()),
        };
        let done = rotate(&dir, &what).await.unwrap();
        assert_ne!(done.before, done.fingerprint);
        whole(&dir).await;

        let again = home.path().join("again");
        crate::restore(&backup, &again).await.unwrap();
        fs::copy(&old, again.join("master.key")).unwrap();
        whole(&again).await;
        fs::copy(dir.join("master.key"), again.join("master.key")).unwrap();
        assert!(matches!(
            Store::open(&again).await,
            Err(StoreError::MasterKeyOther(_))
        ));
        fs::copy(&old, dir.join("master.key")).unwrap();
        assert!(matches!(
            Store::open(&dir).await,
            Err(StoreError::MasterKeyOther(_))
        ));
    }

    #[tokio::test]
    async fn a_folder_of_before_is_brought_over_whole_or_not_at_all() {
        let written = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/written/v1");
        let (mut at, mut through) = (0, false);
        while !through {
            assert!(at < 50, "it never gets through");
            let home = tempfile::tempdir().unwrap();
            let dir = home.path();
            for name in ["candour.sqlite", "master.key"] {
                fs::copy(written.join(name), dir.join(name)).unwrap();
                let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
                fs::set_permissions(dir.join(name), private).unwrap();
            }
            let master = MasterSource::Folder(dir.join("master.key")).read().unwrap();
            let place = Place::of(dir).unwrap().unwrap();
            let pool = database::writing(&place).await.unwrap();
            database::migrate(&pool, &place).await.unwrap();
            let partnership = meta::founded(&pool).await.unwrap().unwrap().partnership;
            let mut left = at;
            through = layers::unlock_in_steps(&pool, &partnership, &master, &mut || {
                if left == 0 {
                    return Err(StoreError::Closed);
                }
                left -= 1;
                Ok(())
            })
            .await
            .is_ok();
            pool.close().await;
            at += 1;

            let store = Store::open(dir).await.unwrap();
            let verified = store.verify().await.unwrap();
            assert_eq!(verified.entries, 2);
            assert!(verified.last.to_hex().starts_with("947f3bc77cbbd8fc"));
            let entries = store.log(0, 10).await.unwrap();
            assert!(
                entries
                    .iter()
                    .all(|one| matches!(&one.content, Content::Clear(text) if !text.is_empty()))
            );
            assert_eq!(store.keys_status().await.unwrap().unopened, 0);
            store.close().await;
        }
        assert!(at >= 4, "{at}");
    }
}
