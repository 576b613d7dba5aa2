//! On PostgreSQL the server's own role can read the record and add to it, and nothing else, whoever has taken the server over.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use shared::*;
use sqlx::{AssertSqlSafe, Connection, Executor, Row};
use store::{DatabaseAt, Store, StoreError};

#[tokio::test]
async fn the_servers_own_role_cannot_alter_delete_empty_or_unguard_the_log() {
    let (home, store) = new_store_on(Engine::Postgres).await;
    append(&store, "case/1", None, &["words"]).await.unwrap();
    store.checkpoint("a test", at()).await.unwrap();
    let mut server = postgres::connect(&home.database.as_ref().unwrap().server).await;
    for table in ["entry", "destroyed_key", "tree_node", "checkpoint"] {
        // Only a warning that nothing was granted, so the attempts below are what shows it.
        let _ = (&mut server)
            .execute(AssertSqlSafe(format!(
                "GRANT ALL ON {table} TO current_user"
            )))
            .await;
        for attempt in [
            format!("UPDATE {table} SET partnership = 'x'"),
            format!("UPDATE {table} SET actor = 'x'"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
            format!("TRUNCATE {table} CASCADE"),
            format!("DROP TABLE {table}"),
            format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
            format!("ALTER TABLE {table} RENAME TO gone"),
            format!("ALTER TABLE {table} OWNER TO current_user"),
            format!("ALTER TABLE {table} ADD COLUMN more text"),
            format!("DROP TRIGGER {table}_is_never_updated ON {table}"),
            format!("DROP TRIGGER {table}_is_never_deleted ON {table}"),
            format!(
                "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse('x')"
            ),
            format!("CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING"),
            format!(
                "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING; UPDATE {table} SET hash = hash"
            ),
        ] {
            let refused = (&mut server)
                .execute(AssertSqlSafe(attempt.clone()))
                .await
                .err()
                .unwrap_or_else(|| panic!("{attempt} was let through"))
                .to_string();
            assert!(
                [
                    "permission denied",
                    "must be owner",
                    "does not exist",
                    "is not unique"
                ]
                .iter()
                .any(|said| refused.contains(said)),
                "{attempt}: {refused}"
            );
        }
    }
    for attempt in [
        "SET session_replication_role = replica",
        "DROP FUNCTION refuse() CASCADE",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$",
        "CREATE TABLE mine (a text)",
        "DROP SCHEMA public CASCADE",
        "UPDATE _sqlx_migrations SET version = 1",
        "DELETE FROM log_head",
        "DELETE FROM log_key",
        "DELETE FROM entry_key",
        "UPDATE entry_key SET wrapped = ''::bytea",
    ] {
        assert!(
            (&mut server).execute(attempt).await.is_err(),
            "{attempt} was let through"
        );
    }
    assert_eq!(store.verify().await.unwrap().entries, 1);
}

#[tokio::test]
async fn even_the_owner_is_stopped_by_the_triggers() {
    let (home, store) = new_store_on(Engine::Postgres).await;
    append(&store, "case/1", None, &["words"]).await.unwrap();
    let mut owner = postgres::connect(&home.database.as_ref().unwrap().owner).await;
    for (attempt, said) in [
        ("UPDATE entry SET actor = 'x'", "never changed"),
        ("DELETE FROM entry", "never deleted"),
        ("TRUNCATE entry", "never deleted"),
        ("TRUNCATE entry_key", "only after its destruction"),
        ("TRUNCATE destroyed_key", "never deleted"),
        ("TRUNCATE tree_node", "never deleted"),
        ("TRUNCATE checkpoint", "never deleted"),
    ] {
        let refused = (&mut owner).execute(attempt).await.unwrap_err().to_string();
        assert!(refused.contains(said), "{attempt}: {refused}");
    }
}

#[tokio::test]
async fn every_table_with_a_guard_is_guarded_for_the_servers_role_too() {
    let (home, _store) = new_store_on(Engine::Postgres).await;
    let mut root = postgres::connect(&home.database.as_ref().unwrap().root).await;
    let server = format!("{}_server", home.database.as_ref().unwrap().name);
    let rows = sqlx::query(
        "SELECT c.relname::text, has_table_privilege($1, c.oid, 'UPDATE'), has_table_privilege($1, c.oid, 'DELETE'), \
         has_table_privilege($1, c.oid, 'TRUNCATE'), has_table_privilege($1, c.oid, 'INSERT'), \
         EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE '%is_never_updated'), \
         EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE '%is_never_deleted'), \
         EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE '%is_never_emptied') \
         FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'",
    )
    .bind(server)
    .fetch_all(&mut root)
    .await
    .unwrap();
    let mut guarded = 0;
    for row in rows {
        let table: String = row.get(0);
        let is = |column: usize| row.get::<bool, _>(column);
        assert!(!is(3), "{table} can be emptied");
        assert!(!(is(5) && is(1)), "{table} can be updated");
        assert!(!(is(6) && is(2)), "{table} can be deleted from");
        assert!(
            !is(6) || is(7),
            "{table} has no guard against being emptied"
        );
        assert_eq!(is(4), table != "_sqlx_migrations", "{table}");
        guarded += u32::from(is(6));
    }
    assert!(guarded >= 5);
}

#[tokio::test]
async fn a_role_that_could_alter_the_record_is_refused() {
    let home = Home::new(Engine::Postgres).await;
    let database = home.database.as_ref().unwrap();
    let data = home.path().join("data");
    for (server, owner) in [
        (&database.owner, &database.owner),
        (&database.root, &database.owner),
    ] {
        let at = DatabaseAt::Postgres {
            server: server.clone(),
            owner: owner.clone(),
        };
        let refused = Store::create_on(&data, "merrowshire", &at)
            .await
            .unwrap_err();
        assert!(
            matches!(refused, StoreError::RoleTooStrong { .. }),
            "{refused}"
        );
    }
    let store = Store::create_on(&data, "merrowshire", &home.at())
        .await
        .unwrap();
    store.close().await;
    // Given too much afterwards, it is refused at the next start.
    let mut root = postgres::connect(&database.root).await;
    (&mut root)
        .execute(AssertSqlSafe(format!(
            "GRANT UPDATE ON entry TO {}_server",
            database.name
        )))
        .await
        .unwrap();
    let refused = Store::open(&data).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::RoleTooStrong { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn an_older_layout_is_refused_with_the_command_that_brings_it_up_to_date() {
    let (home, store) = new_store_on(Engine::Postgres).await;
    append(&store, "case/1", None, &["words"]).await.unwrap();
    store.close().await;
    let database = home.database.as_ref().unwrap();
    let data = home.path().join("data");
    let mut root = postgres::connect(&database.root).await;
    for statement in [
        "DROP TABLE outbox",
        "DELETE FROM _sqlx_migrations WHERE version = 7",
    ] {
        (&mut root).execute(statement).await.unwrap();
    }
    root.close().await.unwrap();
    let refused = Store::open(&data).await.unwrap_err();
    assert!(matches!(refused, StoreError::Older { .. }), "{refused}");
    assert!(refused.to_string().contains("candour upgrade"), "{refused}");
    store::upgrade(&data, &database.owner).await.unwrap();
    let store = Store::open(&data).await.unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 1);
    assert_eq!(store.tree_head().await.unwrap().size, 1);
}
