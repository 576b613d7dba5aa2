//! A TOML file as a tree in which every value remembers its file, its pack and its line,
//! so that whatever is found wrong later, even after packs were combined, can say where it was written.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::Wrong;

/// Where a value was written.
#[derive(Debug)]
pub(crate) struct Origin {
    /// The file.
    pub file: String,
    /// The `id` at the top of the file; empty where it has none.
    pub pack: String,
}

/// One value of the file.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub origin: Arc<Origin>,
    pub line: usize,
    pub value: Value,
}

/// The kinds of value a pack may hold.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    Day(Date),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
    /// Something TOML knows and packs do not, such as a time or a fraction.
    Other(&'static str),
}

impl Value {
    /// What was found, for a refusal.
    pub fn found(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Number(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::Day(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(what) => what,
        }
    }
}

/// Reads a TOML file into a tree.
pub(crate) fn parse(file: &str, text: &str) -> Result<Node, Wrong> {
    let lines = Lines::of(text);
    let table = DeTable::parse(text).map_err(|error| Wrong {
        file: file.to_owned(),
        line: error.span().map_or(1, |span| lines.at(span.start)),
        key: String::new(),
        expected: format!("a TOML file: {}", error.message().trim()),
    })?;
    let pack = table
        .get_ref()
        .iter()
        .find(|(key, _)| key.get_ref() == "id")
        .and_then(|(_, value)| value.get_ref().as_str())
        .unwrap_or_default()
        .to_owned();
    let origin = Arc::new(Origin {
        file: file.to_owned(),
        pack,
    });
    Ok(Node {
        origin: origin.clone(),
        line: 1,
        value: Value::Table(entries(&lines, &origin, table.get_ref())),
    })
}

/// Where each line begins, to tell the line of an offset.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines(
            std::iter::once(0)
                .chain(ends.map(|(offset, _)| offset + 1))
                .collect(),
        )
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset)
    }
}

fn entries(lines: &Lines, origin: &Arc<Origin>, table: &DeTable<'_>) -> BTreeMap<String, Node> {
    table
        .iter()
        .map(|(key, value)| {
            let mut node = convert(lines, origin, value);
            if !matches!(node.value, Value::Table(_)) {
                node.line = lines.at(key.span().start);
            }
            (key.get_ref().to_string(), node)
        })
        .collect()
}

fn convert(lines: &Lines, origin: &Arc<Origin>, value: &Spanned<DeValue<'_>>) -> Node {
    let converted = match value.get_ref() {
        DeValue::String(words) => Value::Text(words.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number too large"), Value::Number),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(day) => match (day.date, day.time) {
            (Some(date), None) => match (
                i16::try_from(date.year),
                i8::try_from(date.month),
                i8::try_from(date.day),
            ) {
                (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day)
                    .map_or(Value::Other("a date that does not exist"), Value::Day),
                _ => Value::Other("a date that does not exist"),
            },
            _ => Value::Other("a time"),
        },
        DeValue::Float(_) => Value::Other("a fraction"),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| convert(lines, origin, item))
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(entries(lines, origin, table)),
    };
    Node {
        origin: origin.clone(),
        line: lines.at(value.span().start),
        value: converted,
    }
}

impl Node {
    /// A fault at this value.
    pub fn wrong(&self, key: impl Into<String>, expected: impl Into<String>) -> Wrong {
        Wrong {
            file: self.origin.file.clone(),
            line: self.line,
            key: key.into(),
            expected: expected.into(),
        }
    }

    /// The value under this key, where this is a table.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.table().and_then(|table| table.get(key))
    }

    /// The entries, where this is a table.
    pub fn table(&self) -> Option<&BTreeMap<String, Node>> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The items, where this is a list; nothing otherwise.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The items of the list under this key.
    pub fn list(&self, key: &str) -> &[Node] {
        self.get(key).map_or(&[], Node::items)
    }

    /// The text, where this is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text under this key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::as_text)
    }

    /// The number under this key.
    pub fn number(&self, key: &str) -> Option<i64> {
        match self.get(key)?.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The flag under this key; false where it is not given.
    pub fn flag(&self, key: &str) -> bool {
        matches!(
            self.get(key).map(|node| &node.value),
            Some(Value::Flag(true))
        )
    }

    /// The day under this key.
    pub fn day(&self, key: &str) -> Option<Date> {
        match self.get(key)?.value {
            Value::Day(day) => Some(day),
            _ => None,
        }
    }
}
