//! The child's and the family's part: informing, what was explained, views in their own words or the reason why none were sought.

use cases::Case;
use cases::family::{Contact, ContactKind, PersonPart, Views, to_consider};
use guidance::Rules;

use crate::document::{Block, Text};
use crate::pieces::{bullets, day, fact, facts_of, heading, say, source_words};

/// Each living child and family member in turn, then how the principles are applied.
pub(super) fn family(blocks: &mut Vec<Block>, case: &Case, rules: &Rules) {
    blocks.push(heading(1, "Child and family"));
    blocks.push(say(format!(
        "Told by: {}. Source: {}.",
        rules.role(&rules.family.informer),
        source_words(&rules.family.source, &rules.family.standing)
    )));
    let people = to_consider(case);
    if people.is_empty() {
        blocks.push(say("No living child and no family member is recorded yet."));
    }
    for id in &people {
        let none = PersonPart::default();
        person(
            blocks,
            case,
            rules,
            id,
            case.family.people.get(id).unwrap_or(&none),
        );
    }
    for child in case.people.children.iter().filter(|c| c.died()) {
        blocks.push(say(format!(
            "{} has died: there is no informing step, letter or views question.",
            child.pseudonym
        )));
    }
    if !people.is_empty() {
        blocks.push(heading(2, "How the principles are applied for this family"));
        blocks.push(Block::Facts(
            rules
                .family
                .principles
                .iter()
                .map(|p| {
                    fact(
                        &p.label,
                        case.family
                            .principles
                            .get(p.id.as_str())
                            .cloned()
                            .unwrap_or_default(),
                    )
                })
                .collect(),
        ));
    }
}

fn person(blocks: &mut Vec<Block>, case: &Case, rules: &Rules, id: &str, part: &PersonPart) {
    blocks.push(heading(2, case.people.called(id)));
    let informing = part.appropriate.as_ref().map_or_else(
        || "Not yet decided whether informing is appropriate".to_owned(),
        |a| {
            let answer = if a.appropriate {
                "Appropriate"
            } else {
                "Not appropriate now"
            };
            let by = if a.decided_by.is_empty() {
                String::new()
            } else {
                format!(" Decided by {}.", a.decided_by)
            };
            let again = a.look_again.map_or_else(String::new, |d| {
                format!(" To be looked at again on {}.", calendar::words::long(d))
            });
            format!("{answer}. {}{by}{again}", a.reasons)
        },
    );
    let mut rows = vec![fact("Informing", informing)];
    rows.push(fact(
        "Told of the decision",
        part.told()
            .map_or_else(|| "Not yet".to_owned(), |c| contact(rules, c)),
    ));
    if part.told().is_none()
        && rules
            .family
            .explain
            .iter()
            .all(|e| part.explained(e.id.as_str()).is_none())
    {
        rows.push(fact("Explained", "Nothing yet"));
    } else {
        for element in &rules.family.explain {
            let words = part.explained(element.id.as_str()).map_or_else(
                || "Not yet explained".to_owned(),
                |(on, words)| format!("{}: \u{201c}{words}\u{201d}", calendar::words::long(on)),
            );
            rows.push(fact(
                &format!("Explained: {}", element.label.to_lowercase()),
                words,
            ));
        }
    }
    let contacts: Vec<String> = part
        .contacts
        .iter()
        .filter(|c| c.kind == ContactKind::Contact)
        .map(|c| contact(rules, c))
        .collect();
    if !contacts.is_empty() {
        rows.push(facts_of("Other contact", contacts));
    }
    if !part.letters.is_empty() {
        rows.push(facts_of(
            "Letters released",
            part.letters
                .iter()
                .map(|l| {
                    format!(
                        "{}, signed by {}",
                        calendar::words::long(l.dated),
                        l.signed_by
                    )
                })
                .collect(),
        ));
    }
    rows.push(fact("Views", views(part.views.as_ref())));
    blocks.push(Block::Facts(rows));
    match &part.views {
        Some(Views::Given { on, words }) => blocks.push(said(case, id, words, *on)),
        Some(Views::Declined { on, words }) if !words.trim().is_empty() => {
            blocks.push(said(case, id, words, *on))
        }
        _ => {}
    }
    let promises: Vec<String> = part
        .kept
        .iter()
        .map(|(promise, on)| format!("{promise}: kept on {}", calendar::words::long(*on)))
        .chain(part.open_promises().into_iter().map(|(promise, keeper)| {
            format!(
                "{promise}: open, kept by {}",
                if keeper.is_empty() {
                    "no one named"
                } else {
                    keeper
                }
            )
        }))
        .collect();
    if !promises.is_empty() {
        blocks.push(say("Promises made:"));
        blocks.push(bullets(promises));
    }
}

fn said(case: &Case, id: &str, words: &str, on: calendar::Date) -> Block {
    Block::Quote {
        text: Text::plain(words),
        by: format!("{}, {}", case.people.called(id), calendar::words::long(on)),
    }
}

fn contact(rules: &Rules, contact: &Contact) -> String {
    let role = if contact.role.is_empty() {
        String::new()
    } else {
        format!(" ({})", rules.role(&contact.role.as_str().into()))
    };
    let behalf = if contact.on_behalf.is_empty() {
        String::new()
    } else {
        format!(
            ", on behalf of the {}: {}",
            rules.role(&rules.family.informer),
            contact.on_behalf
        )
    };
    let time = if contact.time.is_empty() {
        String::new()
    } else {
        format!(" at {}", contact.time)
    };
    let words = if contact.words.is_empty() {
        String::new()
    } else {
        format!(". {}", contact.words)
    };
    format!(
        "{}{time}, {}, by {}{role}{behalf}{words}",
        calendar::words::long(contact.on),
        contact.how,
        contact.by_whom
    )
}

fn views(views: Option<&Views>) -> String {
    let Some(views) = views else {
        return "Not yet asked".into();
    };
    match views {
        Views::NotYetAsked => "Not yet asked".into(),
        Views::AskedWaiting { on, how } => format!(
            "Asked on {} ({how}), waiting for an answer",
            calendar::words::long(*on)
        ),
        Views::Given { on, .. } => format!(
            "Given on {}, in their words below",
            calendar::words::long(*on)
        ),
        Views::Declined { on, .. } => format!(
            "Declined on {}; they can change their mind",
            calendar::words::long(*on)
        ),
        Views::CouldNotBeReached { on, tried } => format!(
            "Could not be reached; last tried on {}. Tried: {tried}",
            calendar::words::long(*on)
        ),
        Views::NotAsked {
            who,
            on,
            why,
            look_again,
        } => {
            format!(
                "Decided on {} by {who} not to ask. Why: {why} To be looked at again on {}.",
                calendar::words::long(*on),
                day(Some(*look_again))
            )
        }
    }
}
