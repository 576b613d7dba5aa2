//! What a partnership has settled about access: who decides about interests, how long an opening with a written reason and an
//! invitation last, when an unused account is locked, who restores accounts,
//! and the address at which its people find the program, for links in mails.

use serde::Serialize;

use crate::{
    RoleId, Wrong,
    shape::{Field, Kind, may},
    tree::Node,
};

/// What a partnership has settled about access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AccessSettings {
    /// Roles that decide about interests which others declared.
    pub interests_decided_by: Vec<RoleId>,
    /// Hours for which a case that was opened with a written reason can be read.
    pub open_hours: u16,
    /// Days for which an invitation can be accepted.
    pub invitation_days: u16,
    /// Days after which an account that nobody used is locked.
    pub unused_days: u16,
    /// The addresses of two people who, beside the manager, restore a locked account or a lost second step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub restored_by: Vec<String>,
    /// Where people find the program, for links in mails: `https://candour.example.org`; empty when that was not said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
}

/// Roles that may be named to decide about interests: whoever runs a case writes down and does not decide.
const MAY_DECIDE: [&str; 3] = ["chair", "delegate", "deputy-delegate"];

pub(super) const ACCESS: &[Field] = &[
    may("interests-decided-by", Kind::Many(&Kind::Id)),
    may("open-hours", Kind::Number),
    may("invitation-days", Kind::Number),
    may("unused-days", Kind::Number),
    may("restored-by", Kind::Many(&Kind::Text)),
    may("address", Kind::Text),
];

impl Default for AccessSettings {
    fn default() -> AccessSettings {
        AccessSettings {
            interests_decided_by: vec![RoleId::from("chair"), RoleId::from("delegate")],
            open_hours: 24,
            invitation_days: 7,
            unused_days: 180,
            restored_by: Vec::new(),
            address: String::new(),
        }
    }
}

/// What a table says, with the usual for what it leaves out.
pub(super) fn read(node: &Node) -> AccessSettings {
    let usual = AccessSettings::default();
    let number = |key: &str| node.number(key).and_then(|n| u16::try_from(n).ok());
    AccessSettings {
        interests_decided_by: match node.get("interests-decided-by") {
            None => usual.interests_decided_by,
            Some(_) => node
                .list("interests-decided-by")
                .iter()
                .filter_map(Node::as_text)
                .map(RoleId::from)
                .collect(),
        },
        open_hours: number("open-hours").unwrap_or(usual.open_hours),
        invitation_days: number("invitation-days").unwrap_or(usual.invitation_days),
        unused_days: number("unused-days").unwrap_or(usual.unused_days),
        restored_by: (node.list("restored-by").iter())
            .filter_map(Node::as_text)
            .map(|address| address.trim().to_lowercase())
            .collect(),
        address: node.text("address").unwrap_or_default().to_owned(),
    }
}

/// Finds what cannot be meant.
pub(super) fn sensible(node: &Node, wrongs: &mut Vec<Wrong>) {
    let at = |key: &str, expected: &str| node.get(key).unwrap_or(node).wrong(key, expected);
    let hours = node.number("open-hours");
    if hours.is_some_and(|hours| !(1..=168).contains(&hours)) {
        wrongs.push(at("open-hours", "a number of hours from 1 to 168"));
    }
    for (key, from, to) in [("invitation-days", 1, 30), ("unused-days", 30, 730)] {
        let days = node.number(key);
        if days.is_some_and(|days| !(from..=to).contains(&days)) {
            wrongs.push(at(key, &format!("a number of days from {from} to {to}")));
        }
    }
    let named = node.list("restored-by");
    let named: Vec<&str> = named.iter().filter_map(Node::as_text).collect();
    let twice = (named.len() == 2) && named[0].trim().eq_ignore_ascii_case(named[1].trim());
    if !named.is_empty() && (named.len() != 2 || twice || !named.iter().all(|a| a.contains('@'))) {
        wrongs.push(at(
            "restored-by",
            "the e-mail addresses of two people of the partnership",
        ));
    }
    let named = node.list("interests-decided-by");
    let roles: Vec<&str> = named.iter().filter_map(Node::as_text).collect();
    if node.get("interests-decided-by").is_some()
        && (roles.is_empty() || roles.iter().any(|r| !MAY_DECIDE.contains(r)))
    {
        wrongs.push(at(
            "interests-decided-by",
            &format!("one or more of {}", MAY_DECIDE.join(", ")),
        ));
    }
    let address = node.text("address").unwrap_or_default();
    let whole = address.starts_with("https://") || address.starts_with("http://");
    if !(address.is_empty() || whole && !address.contains([' ', '?', '#'])) {
        wrongs.push(at(
            "address",
            "the address of the program, like https://candour.example.org",
        ));
    }
}
