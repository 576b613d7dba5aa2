//! Checks one pack by itself: shape, names of sources, ids used twice, the window.
//! What needs other packs (extending, overlapping, references to what another pack defines) is the library's to check.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    Pack, PackId, PackKind, Window, Wrong, build, form,
    form::{ELEMENTS, LISTS, PACK},
    shape::{self, join},
    tree::{self, Node, Value},
};

/// Reads one pack and checks whatever can be checked without the others.
///
/// A pack that extends nothing must also be complete in itself, unless it is the Panel's, which stands beside an edition.
///
/// # Errors
/// Every fault found, by line.
///
/// ```
/// let wrongs = guidance::check("mine.toml", "id = \"mine\"\ntitle = 3\n").unwrap_err();
/// assert!(wrongs.iter().any(|wrong| wrong.to_string() == "mine.toml:2: `title`: expected a text in quotation marks, found 3"));
/// ```
pub fn check(file: &str, text: &str) -> Result<Pack, Vec<Wrong>> {
    let mut tree = tree::parse(file, text).map_err(|wrong| vec![wrong])?;
    let mut wrongs = Vec::new();
    let sources = tree
        .get("sources")
        .and_then(Node::table)
        .cloned()
        .unwrap_or_default();
    name_sources(&mut tree, "", &sources, &mut wrongs);
    shape::fields(&tree, "", PACK, &mut wrongs);
    used_twice(&tree, &mut wrongs);
    window_runs_forward(&tree, &mut wrongs);
    relations(&tree, &mut wrongs);
    if wrongs.is_empty() && tree.text("kind") == Some("national") && tree.get("extends").is_none() {
        build::build("", Vec::new(), &tree, &mut wrongs);
    }
    wrongs.sort_by_key(|wrong| wrong.line);
    wrongs.dedup();
    match pack(file, &tree) {
        Some(pack) if wrongs.is_empty() => Ok(pack),
        _ => Err(wrongs),
    }
}

fn pack(file: &str, tree: &Node) -> Option<Pack> {
    let window = tree.get("in-force")?;
    Some(Pack {
        id: PackId::from(tree.text("id")?),
        title: tree.text("title")?.to_owned(),
        kind: match tree.text("kind")? {
            "national" => PackKind::National,
            "panel" => PackKind::Panel,
            _ => PackKind::Local,
        },
        in_force: Window {
            from: window.day("from")?,
            until: window.day("until"),
        },
        extends: tree.text("extends").map(PackId::from),
        partnership: tree.text("partnership").map(str::to_owned),
        note: tree.text("about").map(str::to_owned),
        file: file.to_owned(),
        tree: Arc::new(tree.clone()),
    })
}

/// Puts the source itself wherever a pack names one of its `[sources]`.
fn name_sources(
    node: &mut Node,
    path: &str,
    sources: &BTreeMap<String, Node>,
    wrongs: &mut Vec<Wrong>,
) {
    match &mut node.value {
        Value::List(items) => {
            for item in items {
                let path = item
                    .text("id")
                    .map_or_else(|| path.to_owned(), |id| join(path, id));
                name_sources(item, &path, sources, wrongs);
            }
        }
        Value::Table(table) => {
            for (key, value) in table {
                let path = join(path, key);
                match value
                    .as_text()
                    .filter(|_| key == "source")
                    .map(|name| (name, sources.get(name)))
                {
                    Some((_, Some(source))) => value.value = source.value.clone(),
                    Some((name, None)) => {
                        let known = sources
                            .keys()
                            .map(|key| format!("`{key}`"))
                            .collect::<Vec<_>>()
                            .join(", ");
                        wrongs.push(value.wrong(
                            path,
                            format!("a name from [sources] ({known}), found `{name}`"),
                        ));
                        value.value = Value::Table(
                            ["document", "section"]
                                .into_iter()
                                .map(|key| {
                                    let text = Value::Text("not found".to_owned());
                                    (
                                        key.to_owned(),
                                        Node {
                                            origin: value.origin.clone(),
                                            line: value.line,
                                            value: text,
                                        },
                                    )
                                })
                                .collect(),
                        );
                    }
                    None => name_sources(value, &path, sources, wrongs),
                }
            }
        }
        _ => {}
    }
}

fn used_twice(tree: &Node, wrongs: &mut Vec<Wrong>) {
    let mut families: Vec<Vec<&str>> = LISTS.iter().map(|section| vec![*section]).collect();
    families.push(ELEMENTS.to_vec());
    for sections in families {
        let items = sections
            .iter()
            .flat_map(|section| tree.list(section).iter().map(move |item| (*section, item)));
        unique(items, wrongs);
    }
    for (set, choices) in tree
        .get("findings")
        .and_then(Node::table)
        .into_iter()
        .flatten()
    {
        let path = join("findings", set);
        unique(
            choices.items().iter().map(|item| (path.as_str(), item)),
            wrongs,
        );
    }
    for (section, field) in form::PACK.iter().flat_map(|field| {
        tree.list(field.key)
            .iter()
            .map(move |item| (field.key, item))
    }) {
        let Some(standing) = field.get("standing") else {
            continue;
        };
        let path = join(
            &join(section, field.text("id").unwrap_or_default()),
            "standing.readings",
        );
        unique(
            standing
                .list("readings")
                .iter()
                .map(|item| (path.as_str(), item)),
            wrongs,
        );
    }
}

fn unique<'a>(items: impl Iterator<Item = (&'a str, &'a Node)>, wrongs: &mut Vec<Wrong>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (section, item) in items {
        let Some(id) = item.text("id") else { continue };
        let line = item.get("id").map_or(item.line, |node| node.line);
        if let Some(first) = seen.insert(id, line) {
            let mut wrong = item.wrong(
                join(section, "id"),
                format!("an id used once, but `{id}` stands on line {first} too"),
            );
            wrong.line = line;
            wrongs.push(wrong);
        }
    }
}

fn window_runs_forward(tree: &Node, wrongs: &mut Vec<Wrong>) {
    let Some(window) = tree.get("in-force") else {
        return;
    };
    if let (Some(from), Some(until)) = (window.day("from"), window.day("until"))
        && until <= from
    {
        let until_node = window.get("until").unwrap_or(window);
        wrongs.push(until_node.wrong(
            "in-force.until",
            format!("a day after {from}, the first day in force, found {until}"),
        ));
    }
}

fn relations(tree: &Node, wrongs: &mut Vec<Wrong>) {
    let local = tree.text("kind") == Some("local");
    for (key, what) in [
        ("extends", "the national pack this local pack extends"),
        ("partnership", "whose procedure this is"),
    ] {
        if local && tree.get(key).is_none() {
            wrongs.push(tree.wrong(key, format!("{what}, nothing is given")));
        }
    }
    if let Some(node) = tree.get("partnership").filter(|_| !local) {
        wrongs.push(node.wrong("partnership", "no partnership: only a local pack has one"));
    }
    if let Some(node) = tree
        .get("inherited")
        .filter(|_| local || tree.get("extends").is_none())
    {
        let expected =
            "nothing: only a pack that takes over an earlier one of its own kind says how";
        wrongs.push(node.wrong("inherited", expected));
    }
    if tree.text("id") == Some(crate::library::NO_PANEL) {
        let node = tree.get("id").unwrap_or(tree);
        wrongs.push(node.wrong(
            "id",
            format!(
                "another id: `{}` stands for days without guidance of the Panel",
                crate::library::NO_PANEL
            ),
        ));
    }
}
