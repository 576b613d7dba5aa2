//! The permit: possession of one is the only way to write to the store.

/// Proof that a named rule allowed one act; only this crate can make one.
#[derive(Debug)]
pub struct Permit {
    rule: &'static str,
    actor: String,
}

impl Permit {
    pub(crate) fn new(rule: &'static str, actor: &str) -> Permit {
        Permit {
            rule,
            actor: actor.to_owned(),
        }
    }

    /// The rule that allowed the act, as shown on the page "why can I see this".
    pub fn rule(&self) -> &'static str {
        self.rule
    }

    /// The person (id) or part of the system that acts.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// A permit for the program itself: setting up a partnership, and writing down that someone looked.
    pub fn for_system(what: &'static str) -> Permit {
        Permit::new(what, "candour")
    }
}
