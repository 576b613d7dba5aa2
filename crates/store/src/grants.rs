//! What the server's role may do on PostgreSQL: read everything, and change what the triggers leave it to change.
//! The owner of the tables grants this; whoever connects as the server can then neither alter the log nor take its guards away.

use sqlx::{AnyPool, AssertSqlSafe, Executor, Row};

use crate::{StoreError, error::sql, place::Address};

/// Tables and the guards on them.
const TABLES: &str = "SELECT c.relname::text, \
     coalesce(bool_or(t.tgname::text LIKE '%\\_is\\_never\\_updated'), false), \
     coalesce(bool_or(t.tgname::text LIKE '%\\_is\\_never\\_deleted'), false) \
     FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal \
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname";

/// Gives the server's role what it needs on every table, and takes everything else away from it.
/// Run again after every change of the layout.
pub(crate) async fn give(owner: &AnyPool, server: &Address) -> Result<(), StoreError> {
    let failed = sql("give the server's role its rights");
    let role = quoted(&server.role());
    let schema: String = (owner.fetch_one("SELECT current_schema()::text").await)
        .and_then(|row| row.try_get(0))
        .map_err(&failed)?;
    let mut statements = vec![format!(
        "GRANT USAGE ON SCHEMA {} TO {role}",
        quoted(&schema)
    )];
    for row in owner.fetch_all(TABLES).await.map_err(&failed)? {
        let table: String = row.try_get(0).map_err(&failed)?;
        let never_updated: bool = row.try_get(1).map_err(&failed)?;
        let never_deleted: bool = row.try_get(2).map_err(&failed)?;
        let rights = match (table.as_str(), never_updated, never_deleted) {
            ("_sqlx_migrations", _, _) => "SELECT",
            (_, true, true) => "SELECT, INSERT",
            (_, true, false) => "SELECT, INSERT, DELETE",
            (_, false, true) => "SELECT, INSERT, UPDATE",
            // How far the log has come only ever grows.
            ("log_head", _, _) => "SELECT, INSERT, UPDATE",
            _ => "SELECT, INSERT, UPDATE, DELETE",
        };
        let table = quoted(&table);
        statements.push(format!("REVOKE ALL ON TABLE {table} FROM PUBLIC, {role}"));
        statements.push(format!("GRANT {rights} ON TABLE {table} TO {role}"));
    }
    let mut tx = owner.begin().await.map_err(&failed)?;
    for statement in statements {
        (&mut *tx)
            .execute(AssertSqlSafe(statement))
            .await
            .map_err(&failed)?;
    }
    tx.commit().await.map_err(&failed)
}

/// Refuses a role that could alter the log: the owner of the tables, a superuser, or one that was given too much.
pub(crate) async fn check(server: &AnyPool, address: &Address) -> Result<(), StoreError> {
    let failed = sql("look at the rights of the server's role");
    let row = server
        .fetch_one(
            "SELECT has_table_privilege('entry', 'UPDATE, DELETE, TRUNCATE, TRIGGER') \
             OR has_table_privilege('destroyed_key', 'UPDATE, DELETE, TRUNCATE, TRIGGER') \
             OR (SELECT pg_has_role(c.relowner, 'MEMBER') FROM pg_class c WHERE c.oid = 'entry'::regclass)",
        )
        .await
        .map_err(&failed)?;
    match row.try_get::<bool, _>(0).map_err(&failed)? {
        true => Err(StoreError::RoleTooStrong {
            database: address.to_string(),
            role: address.role(),
        }),
        false => Ok(()),
    }
}

/// A name as SQL wants it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
