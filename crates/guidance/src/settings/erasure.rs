//! What a partnership has settled about erasure: how long an approved one waits, and under which rules content may be erased.
//! Where its settings say nothing, a file beside this one does.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    Wrong,
    shape::{Field, Kind, may, must},
    tree::{self, Node},
};

/// What holds where the settings say nothing.
const USUAL: &str = include_str!("erasure.toml");

/// What a partnership has settled about erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ErasureSettings {
    /// Days between the approval of an erasure and carrying it out.
    pub wait_days: u16,
    /// The rules under which content may be erased.
    pub rules: Vec<ErasureRule>,
}

/// A rule under which content may be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ErasureRule {
    /// Its id.
    pub id: String,
    /// As people read it.
    pub title: String,
    /// True when there is no waiting for an entry that is hidden already.
    pub at_once_when_hidden: bool,
}

pub(super) const ERASURE: &[Field] = &[
    may("wait-days", Kind::Number),
    may(
        "rules",
        Kind::Items(&[
            must("id", Kind::Id),
            must("title", Kind::Text),
            may("at-once-when-hidden", Kind::Flag),
        ]),
    ),
];

impl Default for ErasureSettings {
    fn default() -> ErasureSettings {
        let none = ErasureSettings {
            wait_days: 0,
            rules: Vec::new(),
        };
        // The file is a part of the program; a test reads it.
        tree::parse("erasure.toml", USUAL).map_or(none.clone(), |node| read(&node, none))
    }
}

/// What a table says, with the usual for what it leaves out.
pub(super) fn read(node: &Node, usual: ErasureSettings) -> ErasureSettings {
    let days = node.number("wait-days").and_then(|n| u16::try_from(n).ok());
    let rules = node.get("rules").map(|_| {
        node.list("rules")
            .iter()
            .map(|rule| ErasureRule {
                id: rule.text("id").unwrap_or_default().to_owned(),
                title: rule.text("title").unwrap_or_default().to_owned(),
                at_once_when_hidden: rule.flag("at-once-when-hidden"),
            })
            .collect()
    });
    ErasureSettings {
        wait_days: days.unwrap_or(usual.wait_days),
        rules: rules.unwrap_or(usual.rules),
    }
}

/// Finds what cannot be meant.
pub(super) fn sensible(node: &Node, wrongs: &mut Vec<Wrong>) {
    let at = |key: &str, expected: &str| node.get(key).unwrap_or(node).wrong(key, expected);
    let days = node.number("wait-days");
    if days.is_some_and(|days| !(1..=365).contains(&days)) {
        wrongs.push(at("wait-days", "a number of days from 1 to 365"));
    }
    if node.get("rules").is_some() && node.list("rules").is_empty() {
        wrongs.push(at("rules", "at least one rule with id and title"));
    }
    let mut ids = BTreeSet::new();
    for rule in node.list("rules") {
        if let Some(id) = rule.text("id").filter(|id| !ids.insert(id.to_owned())) {
            wrongs.push(rule.wrong(
                "erasure.rules.id",
                format!("each rule once, but `{id}` stands here twice"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_is_said_an_erasure_waits_and_there_are_rules_for_it() {
        let usual = ErasureSettings::default();
        assert_eq!(usual.wait_days, 28);
        assert!(usual.rules.iter().any(|r| r.at_once_when_hidden));
        let mut wrongs = Vec::new();
        let node = tree::parse("erasure.toml", USUAL);
        assert!(node.is_ok_and(|node| {
            crate::shape::fields(&node, "", ERASURE, &mut wrongs);
            sensible(&node, &mut wrongs);
            wrongs.is_empty()
        }));
    }
}
