//! What can be told of the keys without giving any of them away.

use jiff::Timestamp;
use record::time_text;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Row};

use crate::{
    Store, StoreError,
    error::sql,
    keys::MasterSource,
    row::{open_stream_key, unreadable},
};

pub(super) const SHARES: &str = "store.key-shares";
const DECLINED: &str = "store.key-shares-declined";

/// What is kept of the shares that were made: when, and of which key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SharesMade {
    pub(super) at: String,
    pub(super) fingerprint: String,
}

/// The state of the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeysStatus {
    /// Where the master key comes from, in words.
    pub source: String,
    /// Its file.
    pub path: String,
    /// Whether its file is sealed under a passphrase.
    pub sealed: bool,
    /// The master key's fingerprint.
    pub fingerprint: String,
    /// Since when the partnership's key is in use.
    pub partnership_key_made: String,
    /// When it was last wrapped by a master key.
    pub partnership_key_wrapped: String,
    /// How many streams have a key.
    pub streams: u64,
    /// How many entries have a key.
    pub entries: u64,
    /// How many files have a key.
    pub files: u64,
    /// How many keys were destroyed.
    pub destroyed: u64,
    /// Streams whose key does not open with the partnership's: damaged, or wrapped as before.
    pub unopened: u64,
    /// When shares of the master key in force were made.
    pub shares_made: Option<String>,
    /// Whether the newest shares are of a master key that is no longer in force.
    pub shares_out_of_date: bool,
    /// When it was decided to make no shares.
    pub shares_declined: Option<String>,
}

impl KeysStatus {
    /// What is at risk, in plain words; `None` when any two of the three shares restore the key.
    pub fn risk(&self) -> Option<&'static str> {
        risk(self.shares_made.is_some(), self.shares_out_of_date)
    }
}

fn risk(made: bool, out_of_date: bool) -> Option<&'static str> {
    match (made, out_of_date) {
        (true, _) => None,
        (false, true) => Some(
            "The shares that were handed out are of an earlier master key and do not restore this one. Make new ones with `candour keys split`.",
        ),
        (false, false) => Some(
            "There are no shares of the master key. Whoever loses its file and every copy of it loses everything: nothing can be read again, by anyone. Make shares with `candour keys split`.",
        ),
    }
}

impl Store {
    /// The state of the keys; every stream's key is opened once.
    pub async fn keys_status(&self) -> Result<KeysStatus, StoreError> {
        let failed = sql("look at the keys");
        let partnership = self.partnership();
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        let row =
            sqlx::query("SELECT made_at, wrapped_at FROM partnership_key WHERE partnership = $1")
                .bind(partnership)
                .fetch_optional(&mut *connection)
                .await
                .map_err(&failed)?
                .ok_or_else(|| {
                    unreadable("the key of the partnership".into(), "it is missing".into())
                })?;
        let rows =
            sqlx::query("SELECT stream, key_id, wrapped FROM stream_key WHERE partnership = $1")
                .bind(partnership)
                .fetch_all(&mut *connection)
                .await
                .map_err(&failed)?;
        let mut unopened = 0;
        for row in &rows {
            let stream: String = row.try_get(0).map_err(&failed)?;
            let wrapped = (
                row.try_get(1).map_err(&failed)?,
                row.try_get(2).map_err(&failed)?,
            );
            if open_stream_key(&self.inner.partnership_key, partnership, &stream, &wrapped).is_err()
            {
                unopened += 1;
            }
        }
        let mut counts = [0_u64; 3];
        for (count, table) in counts
            .iter_mut()
            .zip(["entry_key", "file_key", "destroyed_key"])
        {
            let row = sqlx::query(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
                .fetch_one(&mut *connection)
                .await
                .map_err(&failed)?;
            *count = row
                .try_get::<i64, _>(0)
                .map_err(&failed)?
                .try_into()
                .unwrap_or(0);
        }
        drop(connection);
        let [entries, files, destroyed] = counts;
        let fingerprint = self.inner.master_key.fingerprint();
        let (current, shares_out_of_date) = self.shares().await?;
        let source = MasterSource::of(self.dir());
        Ok(KeysStatus {
            source: source.name().to_owned(),
            path: source.path().display().to_string(),
            sealed: source.sealed(),
            fingerprint,
            partnership_key_made: row.try_get(0).map_err(&failed)?,
            partnership_key_wrapped: row.try_get(1).map_err(&failed)?,
            streams: rows.len() as u64,
            entries,
            files,
            destroyed,
            unopened,
            shares_out_of_date,
            shares_made: current.map(|made| made.at),
            shares_declined: self.meta(DECLINED).await?,
        })
    }

    /// What is at risk, as [`KeysStatus::risk`] says it, without opening every key.
    pub async fn keys_risk(&self) -> Result<Option<&'static str>, StoreError> {
        let (current, out_of_date) = self.shares().await?;
        Ok(risk(current.is_some(), out_of_date))
    }

    /// The shares of the master key in force, and whether there are only older ones.
    async fn shares(&self) -> Result<(Option<SharesMade>, bool), StoreError> {
        let made: Option<SharesMade> = self
            .meta(SHARES)
            .await?
            .and_then(|text| serde_json::from_str(&text).ok());
        let any = made.is_some();
        let fingerprint = self.inner.master_key.fingerprint();
        let current = made.filter(|made| made.fingerprint == fingerprint);
        let out_of_date = any && current.is_none();
        Ok((current, out_of_date))
    }

    /// Writes down that it was decided to make no shares of the master key, so that the risk goes on being shown.
    pub async fn decline_key_shares(&self) -> Result<(), StoreError> {
        self.keep_own(DECLINED, &time_text(Timestamp::now())).await
    }

    /// Keeps a value under one of the store's own names.
    pub(super) async fn keep_own(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let query = sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(name)
            .bind(value);
        self.write("keep what is known of the keys", query).await?;
        Ok(())
    }
}
