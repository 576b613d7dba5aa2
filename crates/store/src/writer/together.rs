//! Statements that go to the database together: in one call to SQLite, as one statement to PostgreSQL.
//! What a commit costs beside the disk is mostly the way there and back, and that is gone once for all of them.

use futures_core::Stream as _;
use sqlx::{
    Any, AnyConnection, Arguments as _, AssertSqlSafe, Encode, Executor, Type, any::AnyArguments,
};
use std::{fmt::Write as _, future::poll_fn, pin::pin};

/// How many values go into one call at most; PostgreSQL takes no more than 65,535.
const VALUES: usize = 16_000;

/// Inserts in the order in which they are to be made.
#[derive(Default)]
pub(crate) struct Together {
    calls: Vec<Call>,
}

#[derive(Default)]
struct Call {
    statements: Vec<String>,
    values: AnyArguments,
    count: usize,
}

/// Why a transaction that was sent in one call was not made.
pub(super) struct NotSent {
    pub(super) error: sqlx::Error,
    /// Everything before its commit was done.
    pub(super) committing: bool,
}

impl Together {
    /// Adds an insert of so many rows; `what` names the table and its columns, `rest` is what follows the rows.
    /// The values of all rows are added with [`Together::value`] next, and none of the list is left out.
    pub(crate) fn insert(&mut self, what: &str, columns: usize, rows: usize, rest: &str) {
        if self.calls.last().is_none_or(|call| call.count > VALUES) {
            self.calls.push(Call::default());
        }
        let Some(call) = self.calls.last_mut() else {
            return;
        };
        let mut text = String::with_capacity(what.len() + rest.len() + 24 + rows * columns * 6);
        text.push_str("INSERT INTO ");
        text.push_str(what);
        text.push_str(" VALUES ");
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..columns {
                call.count += 1;
                let comma = if column == 0 { "" } else { ", " };
                // Writing to a text does not fail.
                let _ = write!(text, "{comma}${}", call.count);
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(rest);
        call.statements.push(text);
    }

    /// Adds the next value of the insert that was added last.
    pub(crate) fn value<'t, T>(&mut self, value: T) -> Result<(), sqlx::Error>
    where
        T: Encode<'t, Any> + Type<Any>,
    {
        match self.calls.last_mut() {
            Some(call) => call.values.add(value).map_err(sqlx::Error::Encode),
            None => Ok(()),
        }
    }

    /// Whether there is nothing to send.
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Whether SQLite takes it in one call.
    pub(super) fn is_one(&self) -> bool {
        self.calls.len() == 1
    }

    /// Sends everything as part of a transaction.
    pub(crate) async fn send(
        self,
        connection: &mut AnyConnection,
        postgres: bool,
    ) -> Result<(), sqlx::Error> {
        for call in self.calls {
            let text = match postgres {
                true => as_one(&call.statements),
                false => call.statements.join(";\n"),
            };
            sqlx::query_with(AssertSqlSafe(text), call.values)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    /// Sends everything to SQLite as a transaction of its own, in one call. When it fails, the connection is given up and
    /// with it whatever was begun.
    pub(super) async fn send_whole(self, connection: &mut AnyConnection) -> Result<(), NotSent> {
        let Some(call) = self.calls.into_iter().next() else {
            return Ok(());
        };
        let before_commit = call.statements.len() + 1;
        let text = format!("BEGIN IMMEDIATE;\n{};\nCOMMIT", call.statements.join(";\n"));
        let mut done = 0;
        let mut answers =
            pin!(connection.fetch_many(sqlx::query_with(AssertSqlSafe(text), call.values)));
        // One answer for each statement that was carried out.
        while let Some(answer) = poll_fn(|context| answers.as_mut().poll_next(context)).await {
            match answer {
                Ok(_) => done += 1,
                Err(error) => {
                    return Err(NotSent {
                        error,
                        committing: done >= before_commit,
                    });
                }
            }
        }
        Ok(())
    }
}

/// One statement for PostgreSQL: all inserts but the last as parts of the last.
fn as_one(statements: &[String]) -> String {
    let Some((last, before)) = statements.split_last() else {
        return String::new();
    };
    let mut text = String::new();
    for (number, statement) in before.iter().enumerate() {
        let begin = if number == 0 { "WITH" } else { "," };
        let _ = writeln!(text, "{begin} part_{number} AS ({statement})");
    }
    text + last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Together {
        let mut together = Together::default();
        together.insert("a (x, y)", 2, 2, "");
        for value in 1..=4 {
            together.value(value).unwrap();
        }
        together.insert("b (z)", 1, 1, "ON CONFLICT (z) DO NOTHING");
        together.value("five").unwrap();
        together
    }

    #[test]
    fn places_are_numbered_through_all_statements_of_a_call() {
        let together = two();
        assert!(together.is_one());
        let statements = &together.calls[0].statements;
        assert_eq!(
            as_one(statements),
            "WITH part_0 AS (INSERT INTO a (x, y) VALUES ($1, $2), ($3, $4) )\n\
             INSERT INTO b (z) VALUES ($5) ON CONFLICT (z) DO NOTHING"
        );
    }

    #[tokio::test]
    async fn what_is_sent_whole_is_there_whole_or_not_at_all_and_it_is_known_how_far_it_came() {
        use sqlx::Row;
        let pool = crate::database::in_memory().await.unwrap();
        let mut connection = pool.acquire().await.unwrap();
        sqlx::query("CREATE TABLE a (x bigint primary key, y bigint)")
            .execute(&mut *connection)
            .await
            .unwrap();
        sqlx::query("CREATE TABLE b (z text)")
            .execute(&mut *connection)
            .await
            .unwrap();
        let refused = two().send_whole(&mut connection).await.unwrap_err();
        // `ON CONFLICT` names no unique column: the third statement, after the begin and the first insert.
        assert!(!refused.committing, "{}", refused.error);
        sqlx::query("ROLLBACK")
            .execute(&mut *connection)
            .await
            .unwrap();
        sqlx::query("CREATE UNIQUE INDEX only_once ON b (z)")
            .execute(&mut *connection)
            .await
            .unwrap();
        two()
            .send_whole(&mut connection)
            .await
            .map_err(|n| n.error)
            .unwrap();
        let row = sqlx::query("SELECT (SELECT count(*) FROM a), (SELECT max(y) FROM a), z FROM b")
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (2, 4));
        assert_eq!(row.get::<String, _>(2), "five");
        let again = two().send_whole(&mut connection).await.unwrap_err();
        assert!(!again.committing);
        assert!(
            again
                .error
                .as_database_error()
                .unwrap()
                .is_unique_violation()
        );
    }

    #[test]
    fn a_long_list_goes_in_several_calls() {
        let mut together = Together::default();
        for _ in 0..VALUES {
            together.insert("a (x, y)", 2, 1, "");
            together.value(1).unwrap();
            together.value(2).unwrap();
        }
        assert_eq!(together.calls.len(), 2);
        assert!(
            together
                .calls
                .iter()
                .all(|call| call.count == call.values.len())
        );
    }
}
