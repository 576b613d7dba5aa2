//! Reading a data folder beside the program that serves it: nothing is locked, nothing is changed.
//! SQLite and PostgreSQL both give a reader the database as of one moment while others write.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use sqlx::AnyPool;

use crate::{
    StoreError, TableSum,
    database::{self, DATABASE_FILE},
    error::{file, sql},
    key::Key,
    keys::{self, MasterSource},
    meta,
    place::Place,
    store::new_private_file,
    transfer,
};

/// A data folder that is looked at.
pub(super) struct Beside {
    pub(super) dir: PathBuf,
    place: Place,
    reading: AnyPool,
}

impl Beside {
    pub(super) async fn open(dir: &Path) -> Result<Beside, StoreError> {
        let place = Place::of(dir)?.ok_or_else(|| StoreError::NotAStore(dir.to_owned()))?;
        let reading = database::reading(&place).await?;
        let beside = Beside {
            dir: dir.to_owned(),
            place,
            reading,
        };
        match beside.check().await {
            Ok(()) => Ok(beside),
            Err(error) => {
                beside.close().await;
                Err(error)
            }
        }
    }

    async fn check(&self) -> Result<(), StoreError> {
        if let Place::Postgres(_) = self.place {
            database::check_layout(&self.reading, &self.place).await?;
        }
        if meta::founded(&self.reading).await?.is_none() {
            return Err(StoreError::NotAStore(self.dir.clone()));
        }
        match meta::moved_to(&self.reading).await? {
            Some(to) => Err(StoreError::Moved {
                from: self.place.name().display().to_string(),
                to,
            }),
            None => Ok(()),
        }
    }

    pub(super) async fn close(self) {
        self.reading.close().await;
    }

    /// The master key, wherever it is kept.
    pub(super) fn master_key(&self) -> Result<Key, StoreError> {
        let source = MasterSource::of(&self.dir);
        if keys::pending(&source) {
            return Err(StoreError::Unfit {
                doing: "make a backup",
                why: "a change of the master key was interrupted; start Candour, or run `candour keys rotate`, so that it is finished".into(),
            });
        }
        source.read()
    }

    /// A copy of the database as of one moment in a new SQLite file, wherever the database is.
    pub(super) async fn copy(&self, copy: &Path) -> Result<(), StoreError> {
        if let Place::Postgres(_) = self.place {
            let mut snapshot = (self.reading.begin())
                .await
                .map_err(sql("copy the database"))?;
            transfer::to_file(&mut snapshot, copy).await?;
            return Ok(());
        }
        // The file must not be readable by others even while it is written; SQLite accepts an empty one.
        drop(new_private_file(copy)?);
        let name = copy.to_str().ok_or_else(|| StoreError::Unfit {
            doing: "write a backup",
            why: format!("the path `{}` is not UTF-8", copy.display()),
        })?;
        let copying = database::copying(&self.dir.join(DATABASE_FILE)).await?;
        let copied = sqlx::query("VACUUM INTO $1")
            .bind(name)
            .execute(&copying)
            .await;
        copying.close().await;
        copied.map_err(sql("copy the database"))?;
        File::open(copy)
            .and_then(|copy| copy.sync_all())
            .map_err(file("write the backup", copy))
    }
}

/// What every table of a data folder holds as of one moment, beside whoever uses it; the same rows give the same sums wherever they are.
/// Sign-ins and used forms are left out, because a backup does not bring them.
pub async fn dump(dir: &Path) -> Result<Vec<TableSum>, StoreError> {
    let beside = Beside::open(dir).await?;
    let sums = transfer::sums_in(&beside.reading).await;
    beside.close().await;
    Ok(sums?
        .into_iter()
        .filter(|sum| !crate::restore::FORGOTTEN.contains(&sum.table.as_str()))
        .collect())
}
