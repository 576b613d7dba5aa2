//! A shelf that is a folder: a file is written under a name that says it is unfinished, brought to the disk,
//! renamed, and the folder brought to the disk as well, before anyone is told that it is there.

use std::{
    fs::{self, DirBuilder},
    io::ErrorKind,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncRead, AsyncWriteExt},
};

use super::shelf::{Later, OnShelf, Putting, Shelf, check, is_name};
use crate::{StoreError, error::file, store::sync_folder};

/// What the name of an unfinished file ends with.
const UNFINISHED: &str = ".part";

/// A folder of sealed files, readable by its owner only.
#[derive(Debug)]
pub(crate) struct Directory {
    folder: PathBuf,
}

impl Directory {
    /// Opens the folder, making it where it is missing, and removes what was left unfinished there.
    /// The data folder belongs to this process alone, so nothing unfinished can be anyone else's.
    pub(crate) fn open(folder: &Path) -> Result<Directory, StoreError> {
        let failed = file("open the folder of files", folder);
        if !folder.exists() {
            DirBuilder::new()
                .mode(0o700)
                .create(folder)
                .map_err(&failed)?;
            sync_folder(crate::backup::parent(folder))?;
        }
        for item in fs::read_dir(folder).map_err(&failed)? {
            let path = item.map_err(&failed)?.path();
            if path.extension().is_some_and(|ending| ending == "part") {
                fs::remove_file(&path).map_err(file("remove the unfinished upload", &path))?;
            }
        }
        Ok(Directory {
            folder: folder.to_owned(),
        })
    }
}

impl Directory {
    /// Looks at the folder beside the program it belongs to, which may be writing to it: nothing is made and nothing removed.
    pub(crate) fn beside(folder: &Path) -> Directory {
        Directory {
            folder: folder.to_owned(),
        }
    }
}

impl Shelf for Directory {
    fn put<'a>(&'a self, name: &'a str) -> Later<'a, Box<dyn Putting>> {
        Box::pin(async move {
            check(name)?;
            let whole = self.folder.join(name);
            let unfinished = self.folder.join(format!("{name}{UNFINISHED}"));
            let target = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&unfinished)
                .await
                .map_err(file("begin the file", &unfinished))?;
            let putting: Box<dyn Putting> = Box::new(Unfinished {
                target: Some(target),
                unfinished,
                whole,
                folder: self.folder.clone(),
            });
            Ok(putting)
        })
    }

    fn get<'a>(&'a self, name: &'a str) -> Later<'a, Option<Box<dyn AsyncRead + Send + Unpin>>> {
        Box::pin(async move {
            check(name)?;
            let path = self.folder.join(name);
            match File::open(&path).await {
                Ok(source) => {
                    let source: Box<dyn AsyncRead + Send + Unpin> = Box::new(source);
                    Ok(Some(source))
                }
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(file("read the file", &path)(error)),
            }
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> Later<'a, ()> {
        Box::pin(async move {
            check(name)?;
            let path = self.folder.join(name);
            match tokio::fs::remove_file(&path).await {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    Err(file("remove the file", &path)(error))
                }
                _ => synced(self.folder.clone()).await,
            }
        })
    }

    fn list(&self) -> Later<'_, Vec<OnShelf>> {
        Box::pin(async move {
            let failed = file("look into the folder of files", &self.folder);
            let mut items = tokio::fs::read_dir(&self.folder).await.map_err(&failed)?;
            let mut list = Vec::new();
            while let Some(item) = items.next_entry().await.map_err(&failed)? {
                let Some(name) = item.file_name().to_str().map(str::to_owned) else {
                    continue;
                };
                if !is_name(&name) {
                    continue;
                }
                let since = item
                    .metadata()
                    .await
                    .and_then(|about| about.modified())
                    .map_err(&failed)?;
                list.push(OnShelf { name, since });
            }
            Ok(list)
        })
    }
}

/// A file that is being written. Dropped unfinished, it is removed at once.
struct Unfinished {
    target: Option<File>,
    unfinished: PathBuf,
    whole: PathBuf,
    folder: PathBuf,
}

impl Putting for Unfinished {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> Later<'a, ()> {
        Box::pin(async move {
            let failed = file("write the file", &self.unfinished);
            match &mut self.target {
                Some(target) => target.write_all(bytes).await.map_err(failed),
                None => Err(StoreError::Closed),
            }
        })
    }

    fn finish(mut self: Box<Self>) -> Later<'static, ()> {
        Box::pin(async move {
            let failed = file("write the file", &self.unfinished);
            let target = self.target.as_mut().ok_or(StoreError::Closed)?;
            // Writing goes on behind the scenes: what went wrong in the last write is told here.
            target.flush().await.map_err(&failed)?;
            target.sync_all().await.map_err(&failed)?;
            tokio::fs::rename(&self.unfinished, &self.whole)
                .await
                .map_err(file("name the finished file", &self.whole))?;
            self.target = None;
            synced(self.folder.clone()).await
        })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.target.take().is_some()
            && let Err(error) = fs::remove_file(&self.unfinished)
        {
            tracing::warn!(%error, "an unfinished upload could not be removed; the next start removes it");
        }
    }
}

async fn synced(folder: PathBuf) -> Result<(), StoreError> {
    tokio::task::spawn_blocking(move || sync_folder(&folder))
        .await
        .map_err(|error| StoreError::Unfit {
            doing: "write the folder of files",
            why: error.to_string(),
        })?
}
