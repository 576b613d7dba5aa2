//! Keeps names out of papers about a case: children stand under their pseudonyms, adults under what they are to the child,
//! also where somebody wrote a name into reasons or notes. The record keeps the words as they were written.
//! A single name without its capital letter, a nickname or a misspelling is not recognised: whoever releases a paper reads it.

use std::collections::BTreeMap;

use cases::Case;

use crate::document::{Block, Document, Text};

/// Stands where a name is shared by several people of the case, such as a family name.
const SHARED: &str = "[name left out]";
const MONTHS: [&str; 4] = ["april", "may", "june", "august"];

/// The names of a case and what stands in their place.
pub(crate) struct Pseudonyms {
    /// Names as lower-case words, the longest first, and what stands in their place.
    hidden: Vec<(Vec<String>, String)>,
    /// Names of people who act in the case, kept though they may share a word with a hidden one.
    kept: Vec<Vec<String>>,
}

impl Pseudonyms {
    /// The names recorded in a case; `kept` are names of bodies and of people who act in it.
    pub(crate) fn of<'a>(case: &'a Case, kept: impl IntoIterator<Item = &'a str>) -> Self {
        let children = case
            .people
            .children
            .iter()
            .map(|c| (c.name.as_str(), c.pseudonym.clone()));
        let adults = case
            .people
            .adults
            .iter()
            .map(|a| (a.name.as_str(), a.label.clone()));
        let pseudonyms: Vec<String> = case
            .people
            .children
            .iter()
            .flat_map(|c| words(&c.pseudonym))
            .map(|w| w.lower)
            .collect();
        let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut hidden: Vec<(Vec<String>, String)> = Vec::new();
        for (name, called) in children.chain(adults) {
            let name: Vec<String> = words(name).into_iter().map(|w| w.lower).collect();
            for part in name
                .iter()
                .filter(|p| p.chars().count() > 1 && !pseudonyms.contains(p))
            {
                let owners = parts.entry(part.clone()).or_default();
                if !owners.contains(&called) {
                    owners.push(called.clone());
                }
            }
            if name.len() > 1 {
                hidden.push((name, called));
            }
        }
        for (part, owners) in parts {
            let place = if owners.len() == 1 {
                owners.concat()
            } else {
                SHARED.to_owned()
            };
            hidden.push((vec![part], place));
        }
        hidden.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let recorded = case.story.iter().map(|r| r.by.name.as_str());
        let members = case.members.list.values().map(|(name, _)| name.as_str());
        let contacts = case
            .family
            .people
            .values()
            .flat_map(|p| &p.contacts)
            .map(|c| c.by_whom.as_str());
        let rounds = case.decision.earlier.iter().chain([&case.decision.current]);
        let given = rounds
            .flat_map(|r| &r.signatures)
            .filter_map(|s| match &s.signature.given {
                cases::decision::Given::Otherwise { person, .. } => Some(person.as_str()),
                cases::decision::Given::InPerson => None,
            });
        let acting = recorded.chain(members).chain(contacts).chain(given);
        let kept = kept
            .into_iter()
            .chain(acting)
            .map(|name| words(name).into_iter().map(|w| w.lower).collect::<Vec<_>>())
            .filter(|name: &Vec<String>| name.len() > 1 && !hidden.iter().any(|(h, _)| h == name))
            .collect();
        Self { hidden, kept }
    }

    /// The text without the names, and how many were replaced.
    pub(crate) fn text(&self, text: &str) -> (String, usize) {
        let words = words(text);
        let (mut out, mut copied, mut at, mut count) = (String::with_capacity(text.len()), 0, 0, 0);
        while at < words.len() {
            if let Some(kept) = self
                .kept
                .iter()
                .find(|name| follows(text, &words, at, name))
            {
                at += kept.len();
                continue;
            }
            let found = self.hidden.iter().find(|(name, _)| {
                follows(text, &words, at, name) && (name.len() > 1 || is_a_name(text, &words, at))
            });
            let Some((name, place)) = found else {
                at += 1;
                continue;
            };
            let between = &text[copied..words[at].start];
            // Two parts of one name are one person: "Mary-Ann" is not "Child B-Child B".
            let same_person =
                copied > 0 && [" ", "-"].contains(&between) && out.ends_with(place.as_str());
            if !same_person {
                out.push_str(between);
                out.push_str(place);
            }
            if words[at].lower != name[0] {
                out.push_str("'s");
            }
            copied = words[at + name.len() - 1].end;
            at += name.len();
            count += 1;
        }
        out.push_str(&text[copied..]);
        (out, count)
    }

    /// Takes the names out of a whole paper; how many were replaced.
    pub(crate) fn paper(&self, paper: &mut Document) -> usize {
        let mut count = 0;
        let mut line = |text: &mut String| {
            let (now, n) = self.text(text);
            count += n;
            *text = now;
        };
        line(&mut paper.title);
        line(&mut paper.subject);
        for block in &mut paper.blocks {
            each_line(block, &mut line);
        }
        count
    }
}

fn each_line(block: &mut Block, line: &mut impl FnMut(&mut String)) {
    match block {
        Block::Paragraph(text) | Block::Note(text) => each_run(text, line),
        Block::Bullets(texts) | Block::Numbered(texts) => {
            texts.iter_mut().for_each(|t| each_run(t, line))
        }
        Block::Facts(facts) => {
            for (name, values) in facts {
                line(name);
                values.iter_mut().for_each(|t| each_run(t, line));
            }
        }
        Block::Table(table) => {
            line(&mut table.caption);
            table.head.iter_mut().for_each(&mut *line);
            table
                .rows
                .iter_mut()
                .flatten()
                .for_each(|t| each_run(t, line));
        }
        Block::Quote { text, by } => {
            each_run(text, line);
            line(by);
        }
        Block::Heading { text, .. } => line(text),
        Block::Address(lines) => lines.iter_mut().for_each(line),
        Block::Write { label, hint, .. } => {
            line(label);
            line(hint);
        }
        Block::Tick { label, options } => {
            line(label);
            options.iter_mut().for_each(line);
        }
        Block::SignHere { who } => line(who),
        Block::Figure { alt, caption, .. } => {
            line(alt);
            line(caption);
        }
        // A signature over other words would be none.
        Block::Verbatim(_) | Block::Line | Block::PageBreak => {}
    }
}

fn each_run(text: &mut Text, line: &mut impl FnMut(&mut String)) {
    text.0.iter_mut().for_each(|run| line(&mut run.text));
}

struct Word {
    start: usize,
    end: usize,
    lower: String,
}

fn words(text: &str) -> Vec<Word> {
    let mut list: Vec<Word> = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (letter.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                list.push(Word {
                    start: from,
                    end: at,
                    lower: text[from..at].to_lowercase(),
                });
                start = None;
            }
            _ => {}
        }
    }
    list
}

/// Whether the words from `at` on are this name, with no more than two signs between them.
fn follows(text: &str, words: &[Word], at: usize, name: &[String]) -> bool {
    name.iter().enumerate().all(|(n, part)| {
        words.get(at + n).is_some_and(|word| {
            let near = n == 0 || {
                let between = &text[words[at + n - 1].end..word.start];
                between.chars().count() <= 2 && !between.contains('.')
            };
            near && (&word.lower == part || (name.len() == 1 && plural(&word.lower, part)))
        })
    })
}

/// Whether a word is a name with an s and no apostrophe, as people write in haste: "Robins cot", "the Hartwells".
fn plural(word: &str, name: &str) -> bool {
    name.chars().count() > 3 && word.strip_suffix('s') == Some(name)
}

/// Whether a single word is written like a name: with a capital, and not as the month of a date.
fn is_a_name(text: &str, words: &[Word], at: usize) -> bool {
    let word = &words[at];
    let capital = text[word.start..]
        .chars()
        .next()
        .is_some_and(char::is_uppercase);
    let number = |n: Option<&Word>| n.is_some_and(|w| w.lower.chars().all(|c| c.is_ascii_digit()));
    let dated = number(at.checked_sub(1).and_then(|b| words.get(b))) || number(words.get(at + 1));
    capital && !(dated && MONTHS.contains(&word.lower.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cases::people::{Adult, Child};

    fn case() -> Case {
        let mut case = Case::default();
        case.people.children.push(Child {
            name: "May Fairweather".into(),
            pseudonym: "Child B".into(),
            ..Child::default()
        });
        case.people.adults.push(Adult {
            name: "Joan Fairweather".into(),
            label: "Child B's mother".into(),
            ..Adult::default()
        });
        case
    }

    #[test]
    fn a_name_in_free_text_gives_way_to_the_pseudonym_and_a_date_does_not() {
        let case = case();
        let names = Pseudonyms::of(&case, []);
        let (text, count) = names.text("On 4 May 2026 JOAN Fairweather said that May's cot was at Fairweather Cottage. It may be.");
        assert_eq!(
            text,
            "On 4 May 2026 Child B's mother said that Child B's cot was at [name left out] Cottage. It may be."
        );
        assert_eq!(count, 3);
    }

    #[test]
    fn a_name_is_recognised_across_a_line_break_with_a_hyphen_and_without_its_apostrophe() {
        let mut case = case();
        case.people.children[0].name = "Mary-Ann O'Fairweather".into();
        let names = Pseudonyms::of(&case, []);
        assert_eq!(
            names
                .text("mary ann\nO\u{2019}Fairweather and Fairweathers bed")
                .0,
            "Child B and [name left out]'s bed"
        );
        assert_eq!(names.text("MARY-ANN was seen").0, "Child B was seen");
    }

    proptest::proptest! {
        #[test]
        fn a_full_name_never_comes_out_whatever_stands_around_it(before in "\\PC{0,30}", after in "\\PC{0,30}", loud in proptest::bool::ANY) {
            let name = if loud { "JOAN FAIRWEATHER" } else { "Joan Fairweather" };
            let text = format!("{before} {name}, {after}");
            let (out, count) = Pseudonyms::of(&case(), []).text(&text);
            proptest::prop_assert!(count > 0);
            proptest::prop_assert!(!out.to_lowercase().contains("joan fairweather"), "{out}");
            proptest::prop_assert!(out.starts_with(&before) || before.to_lowercase().contains("may") || before.to_lowercase().contains("joan") || before.to_lowercase().contains("fairweather"));
        }
    }

    #[test]
    fn people_who_act_in_the_case_keep_their_names() {
        let case = case();
        let names = Pseudonyms::of(&case, ["Joan Mistry"]);
        assert_eq!(
            names.text("Joan Mistry wrote to Joan.").0,
            "Joan Mistry wrote to Child B's mother."
        );
    }
}
