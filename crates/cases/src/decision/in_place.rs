//! What stepping back does to a decision that is under way: whose view is taken away, and in whose place a seat is signed for.

use super::{Given, Round};
use crate::context::Seat;
use crate::interests::{Declared, Interests, Scope};

impl Round {
    /// Takes away the views of those who stepped back from the decision: they stay in the story. A complete decision stands.
    pub(crate) fn without_views_of(&mut self, interests: &Interests) {
        if self.completed.is_none() {
            self.views.retain(|_, (view, by, _)| {
                view.given != Given::InPerson || !interests.keeps(&by.person, Scope::Decision)
            });
        }
    }

    /// In whose place a seat was signed for: who had stepped back from the decision when it was complete, or has now.
    pub fn in_place_of<'a>(&self, seat: &Seat, interests: &'a Interests) -> Option<&'a Declared> {
        let signer = self.signature(seat).map(|s| s.by.person.as_str());
        interests
            .back_from_decision(self.completed_at)
            .map(|(declared, _)| declared)
            .find(|d| d.seat.as_ref() == Some(seat) && signer != Some(d.person.as_str()))
    }
}
