//! Rows that go to the database together, as they are before either database's way of taking them.
//! PostgreSQL takes them as one statement, SQLite through [`super::direct`] or, where something else is done in the same transaction,
//! in one call: what a commit costs beside the disk is mostly the way there and back.

use std::{borrow::Cow, fmt::Write as _};

use sqlx::{AnyConnection, Arguments as _, AssertSqlSafe, any::AnyArguments};

/// How many values go into one call at most; PostgreSQL takes no more than 65,535.
const VALUES: usize = 16_000;
/// How many rows go into one insert at most, so that few texts are in use.
const ROWS: usize = 32;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
    Whole(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Value<'a> {
        Value::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(text.into())
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Value<'a> {
        Value::Bytes(bytes.into())
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Value::Bytes(bytes.into())
    }
}

impl From<i64> for Value<'_> {
    fn from(whole: i64) -> Self {
        Value::Whole(whole)
    }
}

/// Inserts in the order in which they are to be made.
#[derive(Default)]
pub(crate) struct Together<'a> {
    pub(super) inserts: Vec<Insert<'a>>,
}

/// An insert of rows into one table.
pub(super) struct Insert<'a> {
    /// The table and its columns.
    into: &'static str,
    pub(super) columns: usize,
    /// What follows the rows.
    rest: &'static str,
    /// The values of all rows, one row after another.
    pub(super) values: Vec<Value<'a>>,
}

impl Insert<'_> {
    /// The text for so many rows, its places numbered from `first`.
    pub(super) fn text(&self, rows: usize, first: usize) -> String {
        let room = self.into.len() + self.rest.len() + 24 + rows * self.columns * 6;
        let mut text = String::with_capacity(room);
        text.push_str("INSERT INTO ");
        text.push_str(self.into);
        text.push_str(" VALUES ");
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns {
                let comma = if column == 0 { "" } else { ", " };
                // Writing to a text does not fail.
                let _ = write!(text, "{comma}${}", first + row * self.columns + column);
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.rest);
        text
    }
}

impl<'a> Together<'a> {
    /// Adds an insert; `into` names the table and its columns, `rest` is what follows the rows.
    /// The values of its rows are added with [`Together::value`] next, and none of them is left out.
    pub(crate) fn insert(&mut self, into: &'static str, columns: usize, rest: &'static str) {
        self.inserts.push(Insert {
            into,
            columns,
            rest,
            values: Vec::new(),
        });
    }

    /// Adds the next value of the insert that was added last.
    pub(crate) fn value(&mut self, value: impl Into<Value<'a>>) {
        if let Some(insert) = self.inserts.last_mut() {
            insert.values.push(value.into());
        }
    }

    /// Whether there is nothing to send.
    pub(super) fn is_empty(&self) -> bool {
        self.inserts.iter().all(|insert| insert.values.is_empty())
    }

    /// Sends everything as part of a transaction.
    pub(crate) async fn send(
        self,
        connection: &mut AnyConnection,
        postgres: bool,
    ) -> Result<(), sqlx::Error> {
        for call in self.calls()? {
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

    fn calls(self) -> Result<Vec<Call>, sqlx::Error> {
        let mut calls: Vec<Call> = Vec::new();
        for mut insert in self.inserts {
            let values = std::mem::take(&mut insert.values);
            let mut values = values.into_iter().peekable();
            while values.peek().is_some() {
                if calls.last().is_none_or(|call| call.values.len() > VALUES) {
                    calls.push(Call::default());
                }
                let Some(call) = calls.last_mut() else {
                    break;
                };
                let (first, rows) = (call.values.len() + 1, values.len() / insert.columns);
                let rows = rows.clamp(1, ROWS);
                call.statements.push(insert.text(rows, first));
                for value in values.by_ref().take(rows * insert.columns) {
                    match value {
                        Value::Text(text) => call.values.add(text.into_owned()),
                        Value::Bytes(bytes) => call.values.add(bytes.into_owned()),
                        Value::Whole(whole) => call.values.add(whole),
                    }
                    .map_err(sqlx::Error::Encode)?;
                }
            }
        }
        Ok(calls)
    }
}

#[derive(Default)]
struct Call {
    statements: Vec<String>,
    values: AnyArguments,
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

    #[test]
    fn places_are_numbered_through_all_statements_of_a_call() {
        let mut together = Together::default();
        together.insert("a (x, y)", 2, "");
        for value in 1..=4 {
            together.value(value);
        }
        together.insert("b (z)", 1, "ON CONFLICT (z) DO NOTHING");
        together.value("five");
        let calls = together.calls().unwrap();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].values.len(), 5);
        assert_eq!(
            as_one(&calls[0].statements),
            "WITH part_0 AS (INSERT INTO a (x, y) VALUES ($1, $2), ($3, $4) )\n\
             INSERT INTO b (z) VALUES ($5) ON CONFLICT (z) DO NOTHING"
        );
    }

    #[test]
    fn a_long_list_goes_in_several_calls_and_nothing_of_it_is_left_out() {
        let mut together = Together::default();
        together.insert("a (x, y)", 2, "");
        for value in 0..2 * VALUES as i64 + 2 {
            together.value(value);
        }
        let calls = together.calls().unwrap();
        assert_eq!(calls.len(), 2);
        let sent: usize = calls.iter().map(|call| call.values.len()).sum();
        assert_eq!(sent, 2 * VALUES + 2);
        for call in &calls {
            let places: usize = (call.statements.iter())
                .map(|text| text.matches('$').count())
                .sum();
            assert_eq!(places, call.values.len());
        }
    }
}
