//! An earlier moment: the copy of a database cut back to one of its entries.
//! The log ends with that entry; what is made from the log is made again, and what is no part of it stays as of the backup.

use std::{fs, path::Path};

use record::Hash;
use sqlx::Row;

use crate::{
    StoreError,
    database::{self, DATABASE_FILE, whole},
    error::{file, sql},
    transfer::{self, Part},
    tree,
};

/// What of each table belongs to the log up to an entry, as a condition on its rows; `:n` stands for the entry's position.
/// Every table has a line here: one that has none is not known to be right at an earlier moment, and nothing is cut.
const PARTS: &[(&str, &str)] = &[
    ("entry", "position <= :n"),
    ("entry_key", "position <= :n"),
    // A destruction is never undone by going back before it: the backup has no such key any more.
    (
        "destroyed_key",
        "key_id NOT IN (SELECT key_id FROM entry WHERE position > :n) AND key_id NOT IN (SELECT id FROM file WHERE position > :n)",
    ),
    (
        "stream_key",
        "stream IN (SELECT stream FROM entry WHERE position <= :n)",
    ),
    ("file", "position <= :n"),
    (
        "file_key",
        "id IN (SELECT id FROM file WHERE position <= :n)",
    ),
    ("checkpoint", "size <= :n"),
    // Made again from the entries that are left.
    ("log_head", "1 = 0"),
    ("tree_node", "1 = 0"),
    ("summary", "1 = 0"),
    // No part of the log: as of the backup.
    ("meta", "1 = 1"),
    ("partnership_key", "1 = 1"),
    ("log_key", "1 = 1"),
    ("account", "1 = 1"),
    ("session", "1 = 1"),
    ("second_step", "1 = 1"),
    ("recovery_code", "1 = 1"),
    ("half_signed_in", "1 = 1"),
    ("passkey", "1 = 1"),
    ("passkey_asked", "1 = 1"),
    ("invitation", "1 = 1"),
    ("account_used", "1 = 1"),
    ("sign_on", "1 = 1"),
    ("service_token", "1 = 1"),
    ("account_home", "1 = 1"),
    ("attempt", "1 = 1"),
    ("draft", "1 = 1"),
    ("used_form", "1 = 1"),
    // A mail whose checkpoint is gone is not sent.
    ("outbox", "size <= :n"),
];

/// Cuts the database in a folder back to its first `entries` entries.
pub(crate) async fn cut(folder: &Path, partnership: &str, entries: u64) -> Result<(), StoreError> {
    let path = folder.join(DATABASE_FILE);
    let earlier = folder.join("earlier.sqlite");
    let from = database::alone(&path).await?;
    let parts = |table: &str| {
        let (_, rule) = PARTS.iter().find(|(name, _)| *name == table)?;
        Some(Part(rule.replace(":n", &entries.to_string())))
    };
    let done = async {
        let mut source = from.acquire().await.map_err(sql("copy the database"))?;
        transfer::part_to_file(&mut source, &earlier, &parts).await
    }
    .await;
    from.close().await;
    done?;
    let made = database::alone(&earlier).await?;
    let done = async {
        heads(&made, partnership, entries).await?;
        tree::catch_up(&made, partnership).await
    }
    .await;
    made.close().await;
    done?;
    fs::rename(&earlier, &path).map_err(file("name the earlier database", &path))
}

/// Writes how far the log comes now; its tree is made after it.
async fn heads(pool: &sqlx::AnyPool, partnership: &str, entries: u64) -> Result<(), StoreError> {
    let failed = sql("go back to an earlier entry");
    let mut tx = database::begin(pool).await.map_err(&failed)?;
    let row = sqlx::query("SELECT hash FROM entry WHERE partnership = $1 AND position = $2")
        .bind(partnership)
        .bind(whole(entries))
        .fetch_one(&mut *tx)
        .await
        .map_err(&failed)?;
    let hash: Vec<u8> = row.try_get(0).map_err(&failed)?;
    debug_assert_eq!(hash.len(), size_of::<Hash>());
    sqlx::query("INSERT INTO log_head (partnership, position, hash) VALUES ($1, $2, $3)")
        .bind(partnership)
        .bind(whole(entries))
        .bind(hash)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
    tx.commit().await.map_err(&failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_table_of_the_layout_says_what_of_it_belongs_to_an_earlier_moment() {
        let pool = database::in_memory().await.unwrap();
        database::migrate(&pool, &crate::place::Place::Sqlite(":memory:".into()))
            .await
            .unwrap();
        let mut connection = pool.acquire().await.unwrap();
        for table in transfer::table_names(&mut connection).await.unwrap() {
            assert!(
                PARTS.iter().any(|(name, _)| *name == table),
                "say in PARTS what of the table `{table}` stays when a restore goes back to an earlier entry"
            );
        }
    }
}
