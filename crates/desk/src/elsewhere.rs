//! Text that belongs to another case: names in it of people of another case, and where pasted text came from.
//! Only cases that the person sees are looked at, so that nobody learns of one that is not theirs.

use std::collections::BTreeSet;

use access::{Act, Section};
use cases::Case;
use cases::pasted::{Pasted, Source};

use crate::actor::Actor;
use crate::load::Desk;
use crate::view::CaseView;

/// A person of another case who is named in a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elsewhere {
    /// First and last name.
    pub name: String,
    /// The reference of the case in which the person is recorded.
    pub reference: String,
}

/// The words of a text in small letters; what is no letter or digit parts them, but an apostrophe or a hyphen inside.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}' | '-'))
        .map(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric())
                .trim_end_matches("'s")
                .trim_end_matches("\u{2019}s")
        })
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The first and the last word of a name; none for a name of one word, which says too little.
fn ends(name: &str) -> Option<(String, String)> {
    let words = words(name);
    match words.as_slice() {
        [first, .., last] => Some((first.clone(), last.clone())),
        _ => None,
    }
}

/// The first and last words of the names of all people of a case.
pub(crate) fn names(case: &Case) -> Vec<(String, String)> {
    let children = case.people.children.iter().map(|c| c.name.as_str());
    let adults = case.people.adults.iter().map(|a| a.name.as_str());
    let all: BTreeSet<_> = children.chain(adults).filter_map(ends).collect();
    all.into_iter().collect()
}

impl Desk {
    /// The people of other cases this person sees whose first and last name stand beside each other in the texts,
    /// unless someone of this case has the same.
    pub fn named_elsewhere(
        &self,
        actor: &Actor,
        view: &CaseView,
        texts: &[&str],
    ) -> Vec<Elsewhere> {
        let mut beside: BTreeSet<(String, String)> = BTreeSet::new();
        for text in texts {
            let words = words(text);
            beside.extend(words.windows(2).map(|two| (two[0].clone(), two[1].clone())));
        }
        for own in names(&view.case) {
            beside.remove(&(own.1.clone(), own.0.clone()));
            beside.remove(&own);
        }
        if beside.is_empty() {
            return Vec::new();
        }
        let mut found = BTreeSet::new();
        for summary in self.visible(actor) {
            if summary.id == view.case.id
                || !self.may_in(actor, &summary, Act::Read(Section::People))
                || !self.may_in(actor, &summary, Act::SeeNames)
            {
                continue;
            }
            for (first, last) in &summary.names {
                let either = [(first, last), (last, first)];
                if either
                    .iter()
                    .any(|n| beside.contains(&(n.0.clone(), n.1.clone())))
                {
                    found.insert(Elsewhere {
                        name: format!("{} {}", capital(first), capital(last)),
                        reference: summary.reference.clone(),
                    });
                }
            }
        }
        found.into_iter().collect()
    }

    /// Where pasted text came from, in words for this reader: another case by its reference only for those who see it.
    pub fn pasted_in_words(&self, actor: &Actor, view: &CaseView, pasted: &Pasted) -> String {
        let from = match &pasted.from {
            Source::Elsewhere { what } => what.clone(),
            Source::Page { page } => format!("the page \u{201c}{page}\u{201d}"),
            source @ Source::Case { reference, page } => {
                match source.other_case(view.case.reference()) {
                    None => format!("the page \u{201c}{page}\u{201d} of this case"),
                    Some(_) if self.sees_reference(actor, reference) => {
                        format!("another case, {reference}")
                    }
                    Some(_) => "another case".to_owned(),
                }
            }
        };
        format!(
            "Text was pasted into \u{201c}{}\u{201d} from {from}.",
            pasted.into
        )
    }

    fn sees_reference(&self, actor: &Actor, reference: &str) -> bool {
        (self.visible(actor).iter()).any(|s| s.reference.eq_ignore_ascii_case(reference))
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_at_what_is_no_letter_and_a_name_needs_two_words() {
        assert_eq!(
            words("Wren Hollins\u{2019}s aunt, Mary-Anne O'Neil (42)."),
            ["wren", "hollins", "aunt", "mary-anne", "o'neil", "42"]
        );
        assert_eq!(
            ends("Wren Mary Hollins"),
            Some(("wren".into(), "hollins".into()))
        );
        assert_eq!(ends("Wren"), None);
    }
}
