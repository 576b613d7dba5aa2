//! Points out reasons that are too thin: advice, never a block (an empty reason is refused elsewhere).

use std::collections::BTreeSet;

/// Fewer words than this are pointed out.
pub const FEW_WORDS: usize = 8;
/// Texts that share at least this share of their word triples are "nearly the same".
const NEARLY: f64 = 0.7;

/// Why a reason is thin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thin {
    /// Only a few words.
    FewWords,
    /// Nearly the same as another text, which is named.
    NearlyTheSame(String),
    /// It only repeats the question.
    RepeatsTheQuestion,
}

impl Thin {
    /// What is pointed out, as advice.
    pub fn words(&self) -> String {
        match self {
            Thin::FewWords => "These reasons are only a few words. Say what in this case points to the finding, and what speaks against it.".into(),
            Thin::NearlyTheSame(of) => format!("These reasons are nearly the same as those for {of}. Say what is particular here, or refer to that page."),
            Thin::RepeatsTheQuestion => "These reasons mostly repeat the question. Say what in this case answers it.".into(),
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn triples(text: &str) -> BTreeSet<Vec<String>> {
    words(text).windows(3).map(<[String]>::to_vec).collect()
}

/// How alike two texts are, from 0 to 1, by the word triples they share.
pub fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (triples(a), triples(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let both = a.intersection(&b).count() as f64;
    both / (a.len() + b.len()) as f64 * 2.0
}

/// What is thin about `reasons`, seen beside the question and `others` (name, text).
pub fn thin<'a>(
    reasons: &str,
    question: &str,
    others: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<Thin> {
    let mut found = Vec::new();
    if reasons.trim().is_empty() {
        return found;
    }
    if words(reasons).len() < FEW_WORDS {
        found.push(Thin::FewWords);
    }
    if likeness(reasons, question) >= NEARLY {
        found.push(Thin::RepeatsTheQuestion);
    }
    for (name, text) in others {
        let same = words(text) == words(reasons) && !text.trim().is_empty();
        if same || likeness(reasons, text) >= NEARLY {
            found.push(Thin::NearlyTheSame(name.to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_words_are_pointed_out_and_a_full_reason_is_not() {
        assert_eq!(thin("Yes, it does.", "q", []), vec![Thin::FewWords]);
        let full = "Two services recorded missed appointments as no answer and neither told the other for five weeks.";
        assert!(thin(full, "Does it highlight themes?", []).is_empty());
    }

    #[test]
    fn a_copied_reason_is_pointed_out_with_where_it_came_from() {
        let a = "Two services recorded missed appointments as no answer and neither told the other for five weeks.";
        let b = "Two services recorded missed appointments as no answer and neither told the other for six weeks.";
        assert_eq!(
            thin(a, "q", [("recurrent themes", b)]),
            vec![Thin::NearlyTheSame("recurrent themes".into())]
        );
    }
}
