//! One process at a time on PostgreSQL: an advisory lock on a connection of its own, and a mark in the database.
//! The lock keeps a second process out; when it is lost, writing waits until it is held again.
//! The mark says who opened the database last, and every append compares it, so that a process that lost the lock unawares writes nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Connection, Row};
use tokio::{sync::Notify, task::JoinHandle};

use crate::{StoreError, error::sql, key::random_handle, place::Address};

/// The name in `meta` under which the mark stands.
pub(crate) const OPENED: &str = "store.opened";

/// How often the connection is asked whether it is still there, and how often a lost lock is tried for again.
const BEAT: Duration = Duration::from_millis(500);
/// How long a new process waits for one that is just ending.
const PATIENCE: u32 = 60;

/// The right to write to one partnership's record.
pub(crate) struct Lease {
    mark: String,
    held: Arc<AtomicBool>,
    leave: Arc<Notify>,
    keeper: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Lease {
    /// Takes the lock and writes the mark; [`StoreError::Occupied`] when another process has it.
    pub(crate) async fn take(address: &Address, partnership: &str) -> Result<Lease, StoreError> {
        let failed = sql("take the database for this process");
        let key = lock_key(partnership);
        let mut connection = connect(address).await.map_err(&failed)?;
        let mut tries = 0;
        while !try_lock(&mut connection, key).await.map_err(&failed)? {
            tries += 1;
            if tries > PATIENCE {
                return Err(StoreError::Occupied(address.to_string()));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        warn_of_settings(&mut connection).await.map_err(&failed)?;
        let mark = random_handle()?;
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(OPENED)
            .bind(mark.as_str())
            .execute(&mut connection)
            .await
            .map_err(&failed)?;
        let held = Arc::new(AtomicBool::new(true));
        let leave = Arc::new(Notify::new());
        let keeper = tokio::spawn(keep(
            connection,
            address.clone(),
            key,
            held.clone(),
            leave.clone(),
        ));
        Ok(Lease {
            mark,
            held,
            leave,
            keeper: std::sync::Mutex::new(Some(keeper)),
        })
    }

    /// Whether the lock is held as far as is known.
    pub(crate) fn held(&self) -> bool {
        self.held.load(Ordering::Acquire)
    }

    /// Refuses when another process has opened the database since; part of every transaction that appends.
    pub(crate) async fn check(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let failed = sql("append to the record");
        let row = sqlx::query("SELECT value FROM meta WHERE name = $1")
            .bind(OPENED)
            .fetch_optional(connection)
            .await
            .map_err(&failed)?;
        let now: Option<String> = row.map(|row| row.try_get(0)).transpose().map_err(&failed)?;
        if now.as_deref() == Some(self.mark.as_str()) {
            Ok(())
        } else {
            Err(StoreError::Superseded)
        }
    }

    /// Gives the lock back.
    pub(crate) async fn give_back(&self) {
        self.leave.notify_one();
        let keeper = self.keeper.lock().ok().and_then(|mut place| place.take());
        if let Some(keeper) = keeper {
            // It ends by itself; an error only says that it has.
            let _ = keeper.await;
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.leave.notify_one();
    }
}

/// Holds the connection until told to leave, and takes the lock again whenever it is lost.
async fn keep(
    connection: AnyConnection,
    address: Address,
    key: i64,
    held: Arc<AtomicBool>,
    leave: Arc<Notify>,
) {
    let mut connection = Some(connection);
    loop {
        tokio::select! {
            () = leave.notified() => break,
            () = tokio::time::sleep(BEAT) => {}
        }
        connection = match connection {
            Some(mut open) => match open.ping().await {
                Ok(()) => Some(open),
                Err(error) => {
                    held.store(false, Ordering::Release);
                    tracing::error!(%error, "the lock of the database is lost; writing waits until it is held again");
                    None
                }
            },
            None => None,
        };
        if connection.is_none()
            && let Ok(mut fresh) = connect(&address).await
            && matches!(try_lock(&mut fresh, key).await, Ok(true))
        {
            tracing::warn!("the lock of the database is held again");
            held.store(true, Ordering::Release);
            connection = Some(fresh);
        }
    }
    if let Some(open) = connection {
        // The lock goes with the connection, however that ends.
        let _ = open.close().await;
    }
}

/// Says so when the server is set up to lose what it has answered.
async fn warn_of_settings(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for setting in ["fsync", "full_page_writes"] {
        let value: String = sqlx::query("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut *connection)
            .await?
            .try_get(0)?;
        if value != "on" {
            tracing::error!(
                "the database server runs with `{setting} = {value}`: a power cut can destroy what was answered as recorded"
            );
        }
    }
    Ok(())
}

async fn connect(address: &Address) -> Result<AnyConnection, sqlx::Error> {
    sqlx::any::install_default_drivers();
    match tokio::time::timeout(
        Duration::from_secs(5),
        AnyConnection::connect(address.url()),
    )
    .await
    {
        Ok(connected) => connected,
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

async fn try_lock(connection: &mut AnyConnection, key: i64) -> Result<bool, sqlx::Error> {
    sqlx::query("SELECT pg_try_advisory_lock($1)")
        .bind(key)
        .fetch_one(connection)
        .await?
        .try_get(0)
}

/// The number that stands for a partnership's record among the database's advisory locks.
fn lock_key(partnership: &str) -> i64 {
    let digest = Sha256::digest(format!("candour-store/1 {partnership}"));
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(bytes)
}
