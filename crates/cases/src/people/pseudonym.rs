//! The name by which a child is known here: never an initial of anyone's name, never a name itself.

use super::{Child, People};
use crate::context::Refusal;

/// The letters a pseudonym rests on when it is only letters: "Child A", "A.", "AF", "A. F.".
fn letters(pseudonym: &str) -> Vec<char> {
    let words: Vec<String> = pseudonym
        .split_whitespace()
        .map(|w| w.chars().filter(|c| c.is_alphabetic()).collect())
        .collect();
    words
        .iter()
        .filter(|w| {
            w.chars().count() == 1 || (w.chars().count() <= 3 && w.chars().all(char::is_uppercase))
        })
        .flat_map(|w| w.chars().flat_map(char::to_uppercase))
        .collect()
}

fn initials(names: &str) -> impl Iterator<Item = char> + '_ {
    names
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter_map(|w| w.chars().next())
        .flat_map(char::to_uppercase)
}

/// Refuses a pseudonym that is an initial of the child's name, a name, or taken.
///
/// # Errors
/// A [`Refusal`] for the field `pseudonym`.
pub fn check(
    people: &People,
    child: Option<&Child>,
    id: &str,
    pseudonym: &str,
) -> Result<(), Refusal> {
    let wrong = |message: &str| Err(Refusal::field("pseudonym", message));
    if pseudonym.trim().is_empty() {
        return wrong("Enter a pseudonym");
    }
    if pseudonym.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
        return wrong(
            "Enter a pseudonym that is more than one letter: a letter alone reads as an initial",
        );
    }
    if people
        .children
        .iter()
        .any(|c| c.id != id && c.pseudonym.eq_ignore_ascii_case(pseudonym.trim()))
    {
        return wrong("Enter a pseudonym that no other child in this case has");
    }
    let name = child.map(|c| c.name.as_str()).unwrap_or_default();
    let letters = letters(pseudonym);
    if initials(name).any(|i| letters.contains(&i)) {
        return wrong("Enter a pseudonym that is not an initial of the child's name");
    }
    let lower = pseudonym.to_lowercase();
    if people
        .names()
        .chain([name])
        .flat_map(str::split_whitespace)
        .any(|n| n.len() > 1 && lower.split_whitespace().any(|p| p == n.to_lowercase()))
    {
        return wrong("Enter a pseudonym that is not the name of anyone in this case");
    }
    Ok(())
}

/// The first of "Child A", "Child B" ... that is free and no initial of anyone's name.
pub fn suggest(people: &People, child: Option<&Child>) -> String {
    let name = child.map(|c| c.name.clone()).unwrap_or_default();
    let id = child.map(|c| c.id.clone()).unwrap_or_default();
    ('A'..='Z')
        .map(|letter| format!("Child {letter}"))
        .find(|p| {
            check(people, child, &id, p).is_ok()
                && !people
                    .names()
                    .chain([name.as_str()])
                    .any(|n| initials(n).any(|i| p.ends_with(i)))
        })
        .unwrap_or_else(|| format!("Child {}", people.children.len() + 101))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(name: &str) -> Child {
        Child {
            id: "1".into(),
            name: name.into(),
            ..Child::default()
        }
    }

    #[test]
    fn a_pseudonym_is_never_an_initial_and_the_suggestion_steps_over_it() {
        let people = People::default();
        let one = child("Aspen Fairweather");
        assert!(check(&people, Some(&one), "1", "Child A").is_err());
        assert!(check(&people, Some(&one), "1", "Child F").is_err());
        assert_eq!(suggest(&people, Some(&one)), "Child B");
        assert!(check(&people, Some(&one), "1", "Aspen").is_err());
        assert!(check(&people, Some(&one), "1", "Robin").is_ok());
    }
}
