//! Erasure: the keys of entries, of files or of whole streams destroyed in one transaction, with everything beside the record
//! that may repeat their words. What the chain and the tree cover stays as it was.
//! Whether that is allowed (two people, no legal hold, the waiting time) was decided before; the permit says by which rule.

use std::collections::{BTreeSet, HashMap};

use access::Permit;
use jiff::Timestamp;
use record::time_text;
use sqlx::{AnyConnection, AnyPool, Executor, Row};

use crate::{
    Store, StoreError, database,
    error::sql,
    place::{Address, Place},
};

/// What is to be erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erase {
    /// The handles of keys: of entries, files or streams.
    pub keys: Vec<String>,
    /// Streams of which every key goes, and the stream's own.
    pub streams: Vec<String>,
    /// The path of the pages whose drafts go, such as `/cases/abc`; those below it go as well.
    pub drafts: Option<String>,
    /// Streams of which what the register keeps goes.
    pub summaries: Vec<String>,
    /// The rule, as it is shown in place of the content.
    pub rule: String,
    /// When it is said to have happened.
    pub at: Timestamp,
}

/// What went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasedKeys {
    /// How many keys were destroyed now; those destroyed before are not counted again.
    pub keys: u64,
    /// Drafts that went.
    pub drafts: u64,
    /// Handles that this record does not know: their entries are not in it.
    pub unknown: u64,
    /// Whether the write-ahead file was emptied too; never on PostgreSQL, see [`vacuum_keys`].
    pub swept: bool,
}

/// A key that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestroyedKey {
    /// Its handle.
    pub key: String,
    /// When (UTC).
    pub at: String,
    /// By whom.
    pub actor: String,
    /// Under which rule.
    pub rule: String,
}

/// How many names are asked about at once.
const AT_ONCE: usize = 200;

/// The tables that hold wrapped keys under their handles; those of entries lie under their positions.
const KEYS: [(&str, &str); 2] = [("file_key", "id"), ("stream_key", "key_id")];

impl Store {
    /// Destroys keys, in one transaction with drafts, notices and kept summaries that may repeat what they opened;
    /// then empties the write-ahead file and takes the files off the shelf. Done again, it does what is left to do.
    pub async fn erase(&self, permit: Permit, what: &Erase) -> Result<ErasedKeys, StoreError> {
        let failed = sql("erase content");
        let mut tx = self.begin("erase content").await?;
        let mut keys: BTreeSet<String> = what.keys.iter().cloned().collect();
        let mut positions = positions(&mut tx, self.partnership(), &what.keys).await?;
        for stream in &what.streams {
            positions.extend(entries_of(&mut tx, self.partnership(), stream).await?);
            keys.extend(keys_of(&mut tx, self.partnership(), stream).await?);
        }
        keys.extend(positions.keys().cloned());
        let (at, mut done) = (
            time_text(what.at),
            ErasedKeys {
                keys: 0,
                drafts: 0,
                unknown: 0,
                swept: false,
            },
        );
        let mut files = Vec::new();
        for key in &keys {
            let held = place_of(&mut tx, self.partnership(), key).await?;
            if held.file {
                files.push(key.clone());
            }
            let position = positions.get(key);
            if !held.anywhere() && position.is_none() {
                done.unknown += 1;
                continue;
            }
            done.keys += sqlx::query(
                "INSERT INTO destroyed_key (key_id, destroyed_at, actor, rule) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (key_id) DO NOTHING",
            )
            .bind(key.as_str())
            .bind(at.as_str())
            .bind(permit.actor())
            .bind(what.rule.as_str())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?
            .rows_affected();
            if let Some(position) = position {
                sqlx::query("DELETE FROM entry_key WHERE partnership = $1 AND position = $2")
                    .bind(self.partnership())
                    .bind(position)
                    .execute(&mut *tx)
                    .await
                    .map_err(&failed)?;
            }
            for query in [
                "DELETE FROM file_key WHERE id = $1",
                "DELETE FROM stream_key WHERE key_id = $1",
            ] {
                sqlx::query(query)
                    .bind(key.as_str())
                    .execute(&mut *tx)
                    .await
                    .map_err(&failed)?;
            }
        }
        if let Some(path) = &what.drafts {
            done.drafts = sqlx::query("DELETE FROM draft WHERE page = $1 OR page LIKE $2")
                .bind(path.as_str())
                .bind(format!("{path}/%"))
                .execute(&mut *tx)
                .await
                .map_err(&failed)?
                .rows_affected();
        }
        for stream in &what.summaries {
            sqlx::query("DELETE FROM summary WHERE partnership = $1 AND stream = $2")
                .bind(self.partnership())
                .bind(stream.as_str())
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        sqlx::query("UPDATE session SET notice = NULL WHERE notice IS NOT NULL")
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
        done.swept = self.sweep().await?;
        for file in &files {
            self.inner.files.shelf.delete(file).await?;
        }
        Ok(done)
    }

    /// Which of these keys, and which of these streams, still have a key or sealed bytes here: what is left of an erasure
    /// that was stopped on the way. Costs one question for each few hundred names, however many were erased.
    pub async fn still_kept(
        &self,
        keys: &[String],
        streams: &[String],
    ) -> Result<BTreeSet<String>, StoreError> {
        let failed = sql("look whether keys were destroyed");
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        // The tables of the others are gone through for keys that were not destroyed, and mostly there are none.
        let destroyed = among(&mut connection, "destroyed_key", "key_id", keys).await?;
        let destroyed: BTreeSet<&String> = destroyed.iter().collect();
        let left: Vec<String> = (keys.iter())
            .filter(|key| !destroyed.contains(key))
            .cloned()
            .collect();
        let left = positions(&mut connection, self.partnership(), &left).await?;
        let mut kept: BTreeSet<String> = left.into_keys().collect();
        for (table, column) in KEYS {
            kept.extend(among(&mut connection, table, column, keys).await?);
        }
        kept.extend(among(&mut connection, "stream_key", "stream", streams).await?);
        // A file whose key went may still lie there, if the program stopped in between.
        for key in keys.iter().filter(|key| crate::files::is_name(key)) {
            if self.inner.files.shelf.get(key).await?.is_some() {
                kept.insert(key.clone());
            }
        }
        Ok(kept)
    }

    /// Every key that was destroyed, the first first.
    pub async fn destroyed_keys(&self) -> Result<Vec<DestroyedKey>, StoreError> {
        let failed = sql("list what was destroyed");
        sqlx::query(
            "SELECT key_id, destroyed_at, actor, rule FROM destroyed_key ORDER BY destroyed_at, key_id",
        )
        .fetch_all(&self.inner.reading)
        .await
        .map_err(&failed)?
        .iter()
        .map(|row| {
            Ok(DestroyedKey {
                key: row.try_get(0).map_err(&failed)?,
                at: row.try_get(1).map_err(&failed)?,
                actor: row.try_get(2).map_err(&failed)?,
                rule: row.try_get(3).map_err(&failed)?,
            })
        })
        .collect()
    }

    /// Whether the record is on PostgreSQL, whose files keep what was deleted until [`vacuum_keys`].
    pub fn keeps_deleted_until_vacuum(&self) -> bool {
        matches!(self.inner.place, Place::Postgres(_))
    }
}

/// Writes the tables of keys anew on PostgreSQL, with the role that owns them, so that no deleted row is left in their files.
/// It holds writers up for as long as that takes. PostgreSQL's own log keeps what it wrote before until it is recycled or archived.
pub async fn vacuum_keys(owner: &str) -> Result<(), StoreError> {
    let failed = sql("write the tables of keys anew");
    let place = Place::Postgres(Address::read(owner)?);
    let pool = database::writing(&place).await?;
    let done = async {
        // PostgreSQL only warns a role that may not, and passes the table over.
        let owned = pool
            .fetch_one("SELECT coalesce(bool_and(pg_has_role(c.relowner, 'USAGE')), false) FROM pg_class c WHERE c.oid = to_regclass('entry_key')")
            .await
            .and_then(|row| row.try_get::<bool, _>(0))
            .map_err(&failed)?;
        if !owned {
            return Err(StoreError::Unfit {
                doing: "write the tables of keys anew",
                why: "this is not the role that owns the tables, or not the database; give the address of the role that does".into(),
            });
        }
        vacuum(&pool).await.map_err(&failed)
    }
    .await;
    pool.close().await;
    done
}

async fn vacuum(pool: &AnyPool) -> Result<(), sqlx::Error> {
    for statement in [
        "VACUUM (FULL) entry_key",
        "VACUUM (FULL) file_key",
        "VACUUM (FULL) stream_key",
        "VACUUM (FULL) draft",
        "VACUUM (FULL) summary",
        "VACUUM (FULL) session",
    ] {
        pool.execute(statement).await?;
    }
    Ok(())
}

/// Where the key with a handle is, when it is not an entry's.
struct Found {
    /// It is the handle of a file of this record, or of a key that was destroyed before.
    known: bool,
    /// It is the handle of a file.
    file: bool,
    /// The wrapped key is there.
    kept: bool,
}

impl Found {
    fn anywhere(&self) -> bool {
        self.known || self.kept
    }
}

async fn place_of(
    connection: &mut AnyConnection,
    partnership: &str,
    key: &str,
) -> Result<Found, StoreError> {
    let failed = sql("look for a key");
    let file = sqlx::query("SELECT 1 FROM file WHERE partnership = $1 AND id = $2")
        .bind(partnership)
        .bind(key)
        .fetch_optional(&mut *connection)
        .await
        .map_err(&failed)?
        .is_some();
    let destroyed = sqlx::query("SELECT 1 FROM destroyed_key WHERE key_id = $1")
        .bind(key)
        .fetch_optional(&mut *connection)
        .await
        .map_err(&failed)?
        .is_some();
    let mut kept = false;
    for (table, column) in KEYS {
        kept |= sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT 1 FROM {table} WHERE {column} = $1"
        )))
        .bind(key)
        .fetch_optional(&mut *connection)
        .await
        .map_err(&failed)?
        .is_some();
    }
    Ok(Found {
        known: file || destroyed,
        file,
        kept,
    })
}

/// Under which positions the keys of entries lie that are still there. The table is gone through once for each few hundred handles.
pub(crate) async fn positions(
    connection: &mut AnyConnection,
    partnership: &str,
    keys: &[String],
) -> Result<HashMap<String, i64>, StoreError> {
    let failed = sql("look for keys");
    let mut found = HashMap::new();
    for some in keys.chunks(AT_ONCE) {
        let marks: Vec<String> = (2..=some.len() + 1).map(|n| format!("${n}")).collect();
        let query = format!(
            "SELECT key_id, position FROM entry_key WHERE partnership = $1 AND key_id IN ({})",
            marks.join(", ")
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(partnership);
        for key in some {
            query = query.bind(key.as_str());
        }
        for row in &query.fetch_all(&mut *connection).await.map_err(&failed)? {
            found.insert(
                row.try_get(0).map_err(&failed)?,
                row.try_get(1).map_err(&failed)?,
            );
        }
    }
    Ok(found)
}

/// The keys of a stream's entries that are still there, with their positions.
async fn entries_of(
    connection: &mut AnyConnection,
    partnership: &str,
    stream: &str,
) -> Result<HashMap<String, i64>, StoreError> {
    let failed = sql("list the keys of a stream");
    let rows = sqlx::query(
        "SELECT k.key_id, k.position FROM entry e \
         JOIN entry_key k ON k.partnership = e.partnership AND k.position = e.position \
         WHERE e.partnership = $1 AND e.stream = $2",
    )
    .bind(partnership)
    .bind(stream)
    .fetch_all(connection)
    .await
    .map_err(&failed)?;
    rows.iter()
        .map(|row| {
            let key = row.try_get(0).map_err(&failed)?;
            Ok((key, row.try_get(1).map_err(&failed)?))
        })
        .collect()
}

/// Which of these names stand in a column of a table.
async fn among(
    connection: &mut AnyConnection,
    table: &str,
    column: &str,
    names: &[String],
) -> Result<Vec<String>, StoreError> {
    let failed = sql("look whether keys were destroyed");
    let mut list = Vec::new();
    for some in names.chunks(AT_ONCE) {
        let marks: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let query = format!(
            "SELECT {column} FROM {table} WHERE {column} IN ({})",
            marks.join(", ")
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(query));
        for name in some {
            query = query.bind(name.as_str());
        }
        for row in &query.fetch_all(&mut *connection).await.map_err(&failed)? {
            list.push(row.try_get(0).map_err(&failed)?);
        }
    }
    Ok(list)
}

/// The handles of the keys of a stream's files that are still there, and of its own.
async fn keys_of(
    connection: &mut AnyConnection,
    partnership: &str,
    stream: &str,
) -> Result<Vec<String>, StoreError> {
    let failed = sql("list the keys of a stream");
    let mut list = Vec::new();
    for query in [
        "SELECT f.id FROM file f JOIN file_key k ON k.id = f.id WHERE f.partnership = $1 AND f.stream = $2",
        "SELECT key_id FROM stream_key WHERE partnership = $1 AND stream = $2",
    ] {
        let rows = sqlx::query(query)
            .bind(partnership)
            .bind(stream)
            .fetch_all(&mut *connection)
            .await
            .map_err(&failed)?;
        for row in &rows {
            list.push(row.try_get(0).map_err(&failed)?);
        }
    }
    Ok(list)
}
