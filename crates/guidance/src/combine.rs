//! How one pack changes what another says: items with the same id are changed key by key, new ones are added, nothing is taken away.
//! A local pack meets the floors here: each item of an edition says what it leaves to local choice.

use crate::{
    PackKind, Wrong,
    form::{ELEMENTS, LISTS, MAPS, TABLES},
    shape::{LENGTHS, join},
    tree::{Node, Value},
};

/// Keys that only say the same thing in other words.
const WORDS: [&str; 10] = [
    "id",
    "text",
    "source",
    "standing",
    "label",
    "question",
    "help",
    "title",
    "advice",
    "body-word",
];

/// What a pack makes of an earlier one of its own kind: beside its changes, it may doubt all that it takes over.
pub(crate) fn carry_over(
    base: &Node,
    over: &Node,
    kind: PackKind,
    wrongs: &mut Vec<Wrong>,
) -> Node {
    let mut base = base.clone();
    if over.text("inherited") == Some("to-be-confirmed")
        && let Value::Table(sections) = &mut base.value
    {
        for (section, node) in sections {
            match &mut node.value {
                Value::List(items) => items.iter_mut().for_each(doubted),
                Value::Table(_) if TABLES.contains(&section.as_str()) => doubted(node),
                _ => {}
            }
        }
    }
    combine(&base, over, kind, wrongs)
}

/// What `over` makes of `base`.
pub(crate) fn combine(base: &Node, over: &Node, kind: PackKind, wrongs: &mut Vec<Wrong>) -> Node {
    let mut result = base.clone();
    let Value::Table(sections) = &mut result.value else {
        return result;
    };
    for section in ELEMENTS.iter().chain(&LISTS) {
        let mut items: Vec<Node> = base.list(section).to_vec();
        for patch in over.list(section) {
            let id = patch.text("id").unwrap_or_default();
            match items.iter_mut().find(|item| item.text("id") == Some(id)) {
                Some(item) => {
                    if kind == PackKind::Local {
                        floor(section, item, patch, wrongs);
                    }
                    *item = changed(item, patch, kind);
                }
                None => {
                    if kind == PackKind::Local && closed(section) {
                        wrongs.push(patch.wrong(
                            join(section, id),
                            "an item of the edition: a local pack cannot add one here".to_owned(),
                        ));
                    }
                    items.push(patch.clone());
                }
            }
        }
        let list = Node {
            origin: over.origin.clone(),
            line: 1,
            value: Value::List(items),
        };
        sections.insert((*section).to_owned(), list);
    }
    for section in MAPS {
        let Some(more) = over.get(section).and_then(Node::table) else {
            continue;
        };
        let node = sections.entry(section.to_owned()).or_insert_with(|| Node {
            value: Value::Table(Default::default()),
            ..over.clone()
        });
        let Value::Table(table) = &mut node.value else {
            continue;
        };
        for (key, value) in more {
            if kind == PackKind::Local
                && ["triggers", "findings"].contains(&section)
                && table.contains_key(key)
            {
                wrongs.push(value.wrong(
                    join(section, key),
                    "another name: the edition has this one, and it is not left to local choice",
                ));
            }
            table.insert(key.clone(), value.clone());
        }
    }
    for section in TABLES {
        let Some(patch) = over.get(section) else {
            continue;
        };
        let node = match sections.get(section) {
            Some(base) => {
                if kind == PackKind::Local {
                    floor_of_table(section, base, patch, wrongs);
                }
                changed(base, patch, kind)
            }
            None => patch.clone(),
        };
        sections.insert(section.to_owned(), node);
    }
    result
}

/// Sections a local pack cannot lengthen: what a serious case is, who notifies what, who the partners are.
fn closed(section: &str) -> bool {
    ["limb", "notification", "place", "partner"].contains(&section)
}

fn changed(base: &Node, patch: &Node, kind: PackKind) -> Node {
    let mut entries = base.table().cloned().unwrap_or_default();
    for (key, value) in patch.table().into_iter().flatten() {
        if kind != PackKind::Local || key != "local" {
            entries.insert(key.clone(), value.clone());
        }
    }
    Node {
        origin: patch.origin.clone(),
        line: patch.line,
        value: Value::Table(entries),
    }
}

/// What was read in the earlier edition is not thereby read in this one.
fn doubted(item: &mut Node) {
    if let Value::Table(table) = &mut item.value
        && let Some(standing) = table.get_mut("standing")
        && standing.as_text().is_some()
    {
        standing.value = Value::Text("to-be-confirmed".to_owned());
    }
}

fn floor(section: &str, base: &Node, patch: &Node, wrongs: &mut Vec<Wrong>) {
    let path = join(section, base.text("id").unwrap_or_default());
    let edition = &base.origin.pack;
    let policy = base.text("local").unwrap_or("words");
    if policy == "fixed" {
        wrongs.push(patch.wrong(
            path,
            format!("nothing here: `{edition}` does not leave this to local choice"),
        ));
        return;
    }
    if policy == "free" {
        return;
    }
    for (key, value) in patch.table().into_iter().flatten() {
        let refused = match key.as_str() {
            key if WORDS.contains(&key) => None,
            "length" if policy == "stricter" => not_stricter(base, value),
            "day-zero" if policy == "stricter" => {
                // Counting the day of the trigger ends a clock a day earlier: stricter for a limit, laxer for a minimum.
                let counts = |day: Option<&str>| day == Some("trigger-day-counts");
                let (was, is) = (counts(base.text("day-zero")), counts(value.as_text()));
                let laxer = if base.text("floor") == Some("at-least") {
                    is && !was
                } else {
                    was && !is
                };
                laxer.then(|| {
                    format!(
                        "the day zero `{edition}` sets: a laxer one is not left to local choice"
                    )
                })
            }
            "trigger" if policy == "stricter" => {
                let readings = base
                    .get("standing")
                    .map(|standing| standing.list("readings"))
                    .unwrap_or_default();
                let allowed = value.as_text() == base.text("trigger")
                    || readings
                        .iter()
                        .any(|reading| reading.text("trigger") == value.as_text());
                (!allowed).then(|| format!("the trigger `{edition}` sets, or one of its readings"))
            }
            _ => Some(format!(
                "only other words, or nothing: `{edition}` does not leave this to local choice"
            )),
        };
        if let Some(expected) = refused {
            wrongs.push(value.wrong(join(&path, key), expected));
        }
    }
}

fn not_stricter(base: &Node, length: &Node) -> Option<String> {
    let (unit, limit) = measure(base.get("length")?)?;
    let found = measure(length);
    let at_least = base.text("floor") == Some("at-least");
    match found {
        Some((other, number))
            if other == unit
                && (if at_least {
                    number >= limit
                } else {
                    number <= limit
                }) =>
        {
            None
        }
        _ => Some(format!(
            "{unit} = {limit} or {}, which is the floor of `{}`",
            if at_least { "more" } else { "fewer" },
            base.origin.pack
        )),
    }
}

fn measure(length: &Node) -> Option<(&'static str, i64)> {
    LENGTHS
        .iter()
        .find_map(|unit| length.number(unit).map(|number| (*unit, number)))
}

fn floor_of_table(section: &str, base: &Node, patch: &Node, wrongs: &mut Vec<Wrong>) {
    let edition = &base.origin.pack;
    for (key, value) in patch.table().into_iter().flatten() {
        let refused = match (section, key.as_str()) {
            ("definition", _) | ("decision", "due-clock") => Some(format!(
                "nothing here: `{edition}` does not leave this to local choice"
            )),
            ("decision", "quorum") => match (base.number("quorum"), patch.number("quorum")) {
                (Some(least), Some(number)) if number < least => Some(format!(
                    "{least} or more, which is the floor of `{edition}`"
                )),
                _ => None,
            },
            ("decision", "must-sign") => {
                let missing: Vec<&str> = base
                    .list("must-sign")
                    .iter()
                    .filter_map(Node::as_text)
                    .filter(|partner| {
                        !value
                            .items()
                            .iter()
                            .any(|item| item.as_text() == Some(partner))
                    })
                    .collect();
                (!missing.is_empty()).then(|| {
                    format!(
                        "also {}, who must sign under `{edition}`",
                        missing.join(", ")
                    )
                })
            }
            _ => None,
        };
        if let Some(expected) = refused {
            wrongs.push(value.wrong(join(section, key), expected));
        }
    }
}
