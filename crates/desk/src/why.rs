//! Why someone sees a case and what they may do there, each with its rule, and who else sees it: asked of the same rules that decide.

use access::{Act, Admission, Way};

use crate::actor::Actor;
use crate::load::Desk;
use crate::view::CaseView;

/// Someone who sees the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeesIt {
    /// The name.
    pub name: String,
    /// Their part in the partnership, in words.
    pub acts_as: String,
    /// By which way they see it, in words.
    pub way: String,
}

impl Desk {
    /// Every act in a case with the rule that allows it or the one that does not.
    pub fn acts_in(
        &self,
        actor: &Actor,
        view: &CaseView,
    ) -> Vec<(Act, Result<&'static str, String>)> {
        let answer = |act| {
            let answer = self.permitted(actor, view, act);
            (act, answer.map_err(|denied| denied.rule().to_owned()))
        };
        Act::IN_CASE.into_iter().map(answer).collect()
    }

    /// By which way someone comes to a case, in words.
    pub fn way_words(&self, way: Way) -> String {
        match way {
            Way::Member(part) => part.words().to_owned(),
            Way::Covers => "covers for the absent person who runs the case".into(),
            Way::Opened => "opened it with a written reason, for a limited time".into(),
            Way::Stranger | Way::SteppedBack | Way::Barred => "does not see it".into(),
        }
    }

    /// Everyone of the partnership who sees a case now, by name.
    pub fn who_sees(&self, view: &CaseView) -> Vec<SeesIt> {
        let admission = Admission::of(&view.case);
        let office = self.office();
        let mut list: Vec<SeesIt> = office
            .people
            .values()
            .filter_map(|person| {
                let actor = self.actor(person);
                let standing = self.stands(&actor, &admission);
                access::permit(person, Act::ReadCase, standing)
                    .is_ok()
                    .then(|| SeesIt {
                        name: person.name.clone(),
                        acts_as: actor.part.clone(),
                        way: self.way_words(standing.way),
                    })
            })
            .collect();
        list.sort_by(|a, b| a.name.cmp(&b.name));
        list
    }
}
