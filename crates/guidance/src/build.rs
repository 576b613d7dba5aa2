//! From the combined tree to [`Rules`]: what is missing, and every reference to something that does not exist,
//! is found here and told with the file and line in which it was written.

mod items;

use std::collections::BTreeMap;

use crate::{
    Definition, Element, FindingChoice, PackId, PackRef, Reading, Rules, Source, Standing, Weight,
    Wrong, shape::join, tree::Node,
};

/// Builds the rules; faults go to `wrongs`, and the result is only good if none was added.
pub(crate) fn build(
    id: &str,
    packs: Vec<PackRef>,
    tree: &Node,
    wrongs: &mut Vec<Wrong>,
) -> Option<Rules> {
    let before = wrongs.len();
    let title = packs
        .iter()
        .map(|pack| pack.title.as_str())
        .collect::<Vec<_>>()
        .join("; ");
    let mut builder = Builder { tree, wrongs };
    for section in [
        "definition",
        "limb",
        "harm",
        "criterion",
        "circumstance",
        "clock",
        "notification",
        "place",
        "partner",
        "family",
        "decision",
    ] {
        if tree
            .get(section)
            .is_none_or(|node| node.table().is_none() && node.items().is_empty())
        {
            builder.wrongs.push(tree.wrong(
                section,
                "this section: no edition is complete without it; nothing is given",
            ));
        }
    }
    let rules = Rules {
        id: id.to_owned(),
        title,
        packs,
        names: builder.map("names"),
        triggers: builder.map("triggers"),
        roles: builder.map("roles"),
        definition: Definition {
            title: builder.words(
                tree.get("definition").unwrap_or(tree),
                "definition",
                "title",
            ),
            limbs: builder.each("limb", Builder::limb),
            harm_kinds: builder.each("harm", Builder::harm),
            notes: builder.elements("reminder"),
        },
        criteria: builder.elements("criterion"),
        circumstances: builder.elements("circumstance"),
        questions: builder.elements("question"),
        clocks: builder.each("clock", Builder::clock),
        routes: builder.each("route", Builder::route),
        notifications: builder.each("notification", Builder::notification),
        places: builder.each("place", Builder::place),
        family: builder.family(),
        partners: builder.each("partner", Builder::partner),
        decision: builder.decision(),
        rapid_review: builder.elements("purpose"),
        duties: builder.elements("duty"),
        asked: builder.elements("asked"),
        statements: builder.each("statement", Builder::statement),
    };
    (wrongs.len() == before).then_some(rules)
}

struct Builder<'a> {
    tree: &'a Node,
    wrongs: &'a mut Vec<Wrong>,
}

impl Builder<'_> {
    fn words(&mut self, node: &Node, path: &str, key: &str) -> String {
        match node.text(key) {
            Some(text) => text.to_owned(),
            None => {
                self.wrongs.push(node.wrong(
                    join(path, key),
                    "a text in quotation marks, nothing is given",
                ));
                String::new()
            }
        }
    }

    fn texts(node: &Node, key: &str) -> Vec<String> {
        node.list(key)
            .iter()
            .filter_map(Node::as_text)
            .map(str::to_owned)
            .collect()
    }

    fn map<K: From<String> + Ord>(&self, section: &str) -> BTreeMap<K, String> {
        let entries = self
            .tree
            .get(section)
            .and_then(Node::table)
            .into_iter()
            .flatten();
        entries
            .filter_map(|(key, node)| Some((K::from(key.clone()), node.as_text()?.to_owned())))
            .collect()
    }

    fn each<T>(&mut self, section: &str, read: fn(&mut Self, &Node, &str) -> T) -> Vec<T> {
        let items = self.tree.list(section);
        items
            .iter()
            .map(|item| {
                read(
                    self,
                    item,
                    &join(section, item.text("id").unwrap_or_default()),
                )
            })
            .collect()
    }

    /// Refuses a text that should be the id of something defined elsewhere.
    fn known(&mut self, node: &Node, path: &str, what: &str, ids: Vec<&str>) {
        let Some(id) = node.as_text() else { return };
        if !ids.contains(&id) {
            let ids = ids
                .iter()
                .map(|id| format!("`{id}`"))
                .collect::<Vec<_>>()
                .join(", ");
            self.wrongs
                .push(node.wrong(path, format!("the id of {what} ({ids}), found `{id}`")));
        }
    }

    fn ids<'t>(tree: &'t Node, sections: &[&str]) -> Vec<&'t str> {
        sections
            .iter()
            .flat_map(|section| tree.list(section))
            .filter_map(|item| item.text("id"))
            .collect()
    }

    fn keys<'t>(tree: &'t Node, section: &str) -> Vec<&'t str> {
        tree.get(section)
            .and_then(Node::table)
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
            .collect()
    }

    fn trigger(&mut self, node: &Node, path: &str) {
        if let Some(trigger) = node.get("trigger") {
            self.known(
                trigger,
                &join(path, "trigger"),
                "a trigger",
                Self::keys(self.tree, "triggers"),
            );
        }
    }

    fn source(node: &Node) -> Source {
        let part = |key| {
            node.get("source")
                .and_then(|source| source.text(key))
                .map(str::to_owned)
        };
        Source {
            document: part("document").unwrap_or_default(),
            section: part("section").unwrap_or_default(),
            url: part("url"),
        }
    }

    fn standing(&mut self, node: &Node, path: &str) -> Standing {
        let Some(standing) = node.get("standing") else {
            return Standing::ToBeConfirmed;
        };
        match standing.as_text() {
            Some("read") => Standing::ReadInSource,
            Some(_) => Standing::ToBeConfirmed,
            None => {
                let path = join(path, "standing");
                if let Some(default) = standing.get("default") {
                    let ids = standing
                        .list("readings")
                        .iter()
                        .filter_map(|reading| reading.text("id"))
                        .collect();
                    self.known(default, &join(&path, "default"), "one of the readings", ids);
                }
                let readings = standing.list("readings");
                readings.iter().for_each(|reading| {
                    self.trigger(
                        reading,
                        &join(&path, reading.text("id").unwrap_or_default()),
                    );
                });
                Standing::Disputed {
                    default: standing.text("default").unwrap_or_default().to_owned(),
                    readings: readings
                        .iter()
                        .map(|reading| Reading {
                            id: reading.text("id").unwrap_or_default().to_owned(),
                            text: reading.text("text").unwrap_or_default().to_owned(),
                            source: Self::source(reading),
                            trigger: reading.text("trigger").map(Into::into),
                        })
                        .collect(),
                }
            }
        }
    }

    fn choices(&mut self, node: &Node, path: &str, key: &str, usual: &str) -> Vec<FindingChoice> {
        if let Some(set) = node.get(key) {
            self.known(
                set,
                &join(path, key),
                "a set of findings",
                Self::keys(self.tree, "findings"),
            );
        }
        let set = node.text(key).unwrap_or(usual);
        let choices = self
            .tree
            .get("findings")
            .and_then(|sets| sets.get(set))
            .map(Node::items)
            .unwrap_or_default();
        for choice in choices.iter().filter(|_| key != "options") {
            if let Some(flag) = choice.get("needs-harm-kinds") {
                self.wrongs.push(flag.wrong(
                    format!("findings.{set}.needs-harm-kinds"),
                    "nothing: only the options of a limb say whether kinds of harm are asked for",
                ));
            }
        }
        choices
            .iter()
            .map(|choice| FindingChoice {
                id: choice.text("id").unwrap_or_default().to_owned(),
                label: choice.text("label").unwrap_or_default().to_owned(),
                weight: weight(choice.text("weight")),
                needs_harm_kinds: choice
                    .get("needs-harm-kinds")
                    .map(|_| choice.flag("needs-harm-kinds")),
            })
            .collect()
    }

    fn elements(&mut self, section: &'static str) -> Vec<Element> {
        let usual = if ["criterion", "circumstance", "question"].contains(&section) {
            "usual"
        } else {
            ""
        };
        let items = self.tree.list(section);
        items
            .iter()
            .map(|item| {
                self.element(
                    item,
                    &join(section, item.text("id").unwrap_or_default()),
                    usual,
                )
            })
            .collect()
    }

    fn element(&mut self, node: &Node, path: &str, usual: &str) -> Element {
        let label = self.words(node, path, "label");
        let question = if usual.is_empty() {
            node.text("question").unwrap_or(&label).to_owned()
        } else {
            self.words(node, path, "question")
        };
        let findings = self.choices(node, path, "findings", usual);
        if !usual.is_empty() && findings.is_empty() && node.get("findings").is_none() {
            self.wrongs.push(node.wrong(
                join(path, "findings"),
                format!("answers: the set [findings.{usual}] is not given"),
            ));
        }
        Element {
            id: node.text("id").unwrap_or_default().into(),
            label,
            question,
            help: node.text("help").unwrap_or_default().to_owned(),
            source: Self::source(node),
            standing: self.standing(node, path),
            findings,
            pack: PackId::from(node.origin.pack.as_str()),
        }
    }
}

fn weight(word: Option<&str>) -> Weight {
    match word {
        Some("yes") => Weight::Yes,
        Some("possibly") => Weight::Possibly,
        Some("no") => Weight::No,
        Some("pending") => Weight::Pending,
        _ => Weight::Unknown,
    }
}
