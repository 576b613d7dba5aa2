//! The shape a file must have: which keys, of which kind, and which may never be missing.
//! One walk over the tree finds every fault at once and says what was expected.

use crate::{Wrong, ids::is_id, tree::Node, tree::Value};

/// What a value must be.
pub(crate) enum Kind {
    Id,
    Text,
    Number,
    Flag,
    Day,
    Length,
    Standing,
    OneOf(&'static [&'static str]),
    /// A list of plain values.
    Many(&'static Kind),
    /// A table whose keys are ids of the author's choice.
    Map(&'static Kind),
    /// A list of tables.
    Items(&'static [Field]),
    Table(&'static [Field]),
}

/// One key of a table.
pub(crate) struct Field {
    pub key: &'static str,
    pub kind: Kind,
    /// Whether it must stand in every such table, also where the table only changes what another pack says.
    pub always: bool,
}

/// A key that must be given.
pub(crate) const fn must(key: &'static str, kind: Kind) -> Field {
    Field {
        key,
        kind,
        always: true,
    }
}

/// A key that may be given.
pub(crate) const fn may(key: &'static str, kind: Kind) -> Field {
    Field {
        key,
        kind,
        always: false,
    }
}

impl Kind {
    fn expected(&self) -> String {
        match self {
            Kind::Id => "a name in lower-case letters, digits and hyphens, like `notify-panel`".into(),
            Kind::Text => "a text in quotation marks".into(),
            Kind::Number => "a whole number from 0 to 65535".into(),
            Kind::Flag => "true or false".into(),
            Kind::Day => "a date, like 2023-12-15".into(),
            Kind::Length => "a length, like { working-days = 5 }, { calendar-days = 5 }, { months = 6 }, { years = 1 }, \
                { clear-working-days-before = 7 } or \"as-soon-as-possible\""
                .into(),
            Kind::Standing => "\"read\", \"to-be-confirmed\" or { default = \"...\", readings = [...] }".into(),
            Kind::OneOf(words) => {
                format!("one of {}", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
            }
            Kind::Many(of) => format!("a list, each entry {}", of.expected()),
            Kind::Map(_) | Kind::Table(_) => "a table".into(),
            Kind::Items(_) => "a list of tables".into(),
        }
    }
}

/// The keys of a source.
pub(crate) const SOURCE: &[Field] = &[
    must("document", Kind::Text),
    must("section", Kind::Text),
    may("url", Kind::Text),
];

const STANDING: &[Field] = &[
    must("default", Kind::Id),
    must(
        "readings",
        Kind::Items(&[
            must("id", Kind::Id),
            must("text", Kind::Text),
            must("source", Kind::Table(SOURCE)),
            may("trigger", Kind::Id),
        ]),
    ),
];

/// The keys under which a clock's length can be written.
pub(crate) const LENGTHS: [&str; 5] = [
    "working-days",
    "calendar-days",
    "months",
    "years",
    "clear-working-days-before",
];

/// Finds every fault of shape in a value and what it holds.
pub(crate) fn check(node: &Node, path: &str, kind: &Kind, wrongs: &mut Vec<Wrong>) {
    let refuse = |wrongs: &mut Vec<Wrong>| {
        wrongs.push(node.wrong(path, format!("{}, found {}", kind.expected(), shown(node))));
    };
    match (kind, &node.value) {
        (Kind::Id, Value::Text(text)) if is_id(text) => {}
        (Kind::Text, Value::Text(text)) if !text.trim().is_empty() => {}
        (Kind::Number, Value::Number(number)) if u16::try_from(*number).is_ok() => {}
        (Kind::Flag, Value::Flag(_)) | (Kind::Day, Value::Day(_)) => {}
        (Kind::OneOf(words), Value::Text(text)) if words.contains(&text.as_str()) => {}
        (Kind::Length, Value::Text(text)) if text == "as-soon-as-possible" => {}
        (Kind::Length, Value::Table(table)) if table.len() == 1 && is_length(node) => {}
        (Kind::Standing, Value::Text(text)) if text == "read" || text == "to-be-confirmed" => {}
        (Kind::Standing, Value::Table(_)) => fields(node, path, STANDING, wrongs),
        (Kind::Many(of), Value::List(items)) => {
            items.iter().for_each(|item| check(item, path, of, wrongs))
        }
        (Kind::Map(of), Value::Table(table)) => {
            for (key, value) in table {
                let path = join(path, key);
                if !is_id(key) {
                    wrongs.push(
                        value.wrong(&path, format!("{}, found `{key}`", Kind::Id.expected())),
                    );
                }
                check(value, &path, of, wrongs);
            }
        }
        (Kind::Items(known), Value::List(items)) => {
            for item in items {
                let path = item
                    .text("id")
                    .map_or_else(|| path.to_owned(), |id| join(path, id));
                match item.value {
                    Value::Table(_) => fields(item, &path, known, wrongs),
                    _ => wrongs.push(item.wrong(&path, format!("a table, found {}", shown(item)))),
                }
            }
        }
        (Kind::Table(known), Value::Table(_)) => fields(node, path, known, wrongs),
        _ => refuse(wrongs),
    }
}

/// Finds every fault of shape in a table: keys it should not have, keys it lacks, values of the wrong kind.
pub(crate) fn fields(node: &Node, path: &str, known: &[Field], wrongs: &mut Vec<Wrong>) {
    let Some(table) = node.table() else { return };
    for (key, value) in table {
        match known.iter().find(|field| field.key == key) {
            Some(field) => check(value, &join(path, key), &field.kind, wrongs),
            None => {
                let keys = known
                    .iter()
                    .map(|field| format!("`{}`", field.key))
                    .collect::<Vec<_>>()
                    .join(", ");
                wrongs.push(value.wrong(
                    join(path, key),
                    format!("one of the keys {keys}, found `{key}`"),
                ));
            }
        }
    }
    for field in known
        .iter()
        .filter(|field| field.always && !table.contains_key(field.key))
    {
        let expected = match field.key {
            "source" => "where this is written: a name from [sources], or { document = \"...\", section = \"...\" }; \
                nothing is given"
                .into(),
            _ => format!("{}, nothing is given", field.kind.expected()),
        };
        wrongs.push(node.wrong(join(path, field.key), expected));
    }
}

fn is_length(node: &Node) -> bool {
    LENGTHS.iter().any(|key| {
        node.number(key)
            .is_some_and(|number| u16::try_from(number).is_ok_and(|n| n > 0))
    })
}

fn shown(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => format!("\"{text}\""),
        Value::Number(number) => number.to_string(),
        other => other.found().to_owned(),
    }
}

/// A key under the tables it stands in.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
