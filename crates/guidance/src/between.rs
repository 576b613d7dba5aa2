//! Checks packs against each other: ids used once, what they extend, no circles, no two of a kind on one day.

use std::collections::BTreeSet;

use crate::{Pack, PackKind, Wrong};

/// Finds every fault between packs that are each right by themselves.
pub(crate) fn check(packs: &[Pack], wrongs: &mut Vec<Wrong>) {
    let at = |pack: &Pack, key: &str, expected: String| {
        let node = key
            .split('.')
            .try_fold(&*pack.tree, |node, key| node.get(key))
            .unwrap_or(&pack.tree);
        node.wrong(key, expected)
    };
    let before = |a: &Pack, b: &Pack| (a.in_force.from, &a.id) < (b.in_force.from, &b.id);
    for (index, pack) in packs.iter().enumerate() {
        if let Some(other) = packs.iter().take(index).find(|other| other.id == pack.id) {
            wrongs.push(at(
                pack,
                "id",
                format!(
                    "an id of its own, but `{}` is called `{}` too",
                    other.file, pack.id
                ),
            ));
            return;
        }
        let rival = packs.iter().find(|other| {
            other.kind == pack.kind
                && before(other, pack)
                && other.partnership == pack.partnership
                && other.in_force.overlaps(&pack.in_force)
        });
        if let Some(other) = rival {
            let expected = format!(
                "days on which no other {} pack is in force, but `{}` is",
                pack.kind.words(),
                other.id
            );
            wrongs.push(at(pack, "in-force", expected));
        }
        let Some(extended) = &pack.extends else {
            continue;
        };
        let wanted = if pack.kind == PackKind::Panel {
            PackKind::Panel
        } else {
            PackKind::National
        };
        match packs.iter().find(|other| other.id == *extended) {
            None => wrongs.push(at(
                pack,
                "extends",
                format!("the id of a pack, but none is called `{extended}`"),
            )),
            Some(other) if other.kind != wanted => {
                let expected = format!(
                    "a {} pack, but `{extended}` is a {} one",
                    wanted.words(),
                    other.kind.words()
                );
                wrongs.push(at(pack, "extends", expected));
            }
            Some(other)
                if pack.kind == PackKind::Local && !pack.in_force.overlaps(&other.in_force) =>
            {
                let expected =
                    format!("days on which `{extended}` is in force, which this pack extends");
                wrongs.push(at(pack, "in-force", expected));
            }
            Some(_) => {}
        }
        let mut seen = BTreeSet::from([&pack.id]);
        let mut next = Some(extended);
        while let Some(id) = next {
            if !seen.insert(id) {
                wrongs.push(at(
                    pack,
                    "extends",
                    format!("a pack that does not come back to itself, but `{id}` is met twice"),
                ));
                break;
            }
            next = packs
                .iter()
                .find(|other| other.id == *id)
                .and_then(|other| other.extends.as_ref());
        }
    }
}
