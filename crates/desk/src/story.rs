//! The whole story of a case for a reader: hidden entries show that they are there, not what they say.

use std::collections::BTreeSet;

use access::{Act, Section};
use cases::Recorded;
use cases::story::Line;

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;
use crate::view::CaseView;

/// One entry of the story with who and when.
#[derive(Debug, Clone)]
pub struct StoryLine {
    /// What it says.
    pub line: Line,
    /// Who recorded it.
    pub by: cases::By,
    /// When, in England's local time.
    pub at: jiff::Zoned,
    /// The edition that applied.
    pub edition: String,
    /// What was missing: recorded afterwards.
    pub missing: Vec<cases::Missing>,
    /// When and by whom it was brought in from another record.
    pub imported: Option<cases::event::Imported>,
    /// Where text that was pasted came from, in sentences.
    pub pasted: Vec<String>,
    /// True when its content was erased: only that it was there is still known.
    pub erased: bool,
    /// Whether this reader may mark it as made in error.
    pub can_mark: bool,
}

/// The story, newest first.
#[derive(Debug, Clone)]
pub struct StoryPage {
    /// The case.
    pub view: CaseView,
    /// The lines.
    pub lines: Vec<StoryLine>,
}

/// Leaves of a line that something was recorded, and when.
fn withhold(line: &mut StoryLine) {
    line.line = Line {
        number: line.line.number,
        said: "recorded something that does not belong to your part in this case".into(),
        details: Vec::new(),
        in_error: None,
        hidden: true,
    };
    line.by = cases::By {
        name: "Someone".into(),
        ..cases::By::default()
    };
    (line.edition, line.missing, line.imported) = (String::new(), Vec::new(), None);
    line.pasted.clear();
    line.can_mark = false;
}

impl Desk {
    /// The story of a case.
    ///
    /// # Errors
    /// Not there, or not theirs to know of.
    pub async fn story(&self, actor: &Actor, id: &str) -> Result<StoryPage, DeskError> {
        let view = self
            .view_whole(actor, id, Act::Read(Section::Course), "the whole story")
            .await?;
        let lines = self.story_of(actor, &view);
        Ok(StoryPage { view, lines })
    }

    /// The newest lines of a view that was already authorised and written down, without what changed.
    pub fn latest_of(&self, actor: &Actor, view: &CaseView, n: usize) -> Vec<StoryLine> {
        cases::story::latest(&view.case, &view.rules, n, |mark| {
            mark.visible_to.contains(&actor.person.id)
        })
        .into_iter()
        .zip(view.case.story.iter().rev())
        .filter(|(_, recorded)| self.may_read(actor, view, recorded))
        .map(|(line, recorded)| StoryLine {
            line,
            by: recorded.by.clone(),
            at: self.inner.clock.local(recorded.at),
            edition: recorded.edition.clone(),
            missing: Vec::new(),
            imported: recorded.imported.clone(),
            pasted: Vec::new(),
            erased: false,
            can_mark: false,
        })
        .collect()
    }

    /// The lines of a view that was already authorised and written down.
    pub fn story_of(&self, actor: &Actor, view: &CaseView) -> Vec<StoryLine> {
        let may_mark = self.may(actor, view, Act::MarkInError);
        let names = actor.names && self.may(actor, view, Act::SeeNames);
        let mut lines = self.lines(view, may_mark, names, |mark| {
            mark.visible_to.contains(&actor.person.id)
        });
        let withheld: BTreeSet<u64> = view
            .case
            .story
            .iter()
            .filter(|recorded| !self.may_read(actor, view, recorded))
            .map(|recorded| recorded.number)
            .collect();
        for recorded in view.case.story.iter().filter(|r| !r.pasted.is_empty()) {
            let lines = lines.iter_mut();
            for line in lines.filter(|l| l.line.number == recorded.number && !l.line.hidden) {
                let words = |one| self.pasted_in_words(actor, view, one);
                line.pasted = recorded.pasted.iter().map(words).collect();
            }
        }
        for line in &mut lines {
            if withheld.contains(&line.line.number) {
                withhold(line);
            }
        }
        lines
    }

    /// Whether an entry belongs to a section that a person reads.
    fn may_read(&self, actor: &Actor, view: &CaseView, recorded: &Recorded) -> bool {
        let section = Section::of(&view.case, &recorded.event);
        self.may(actor, view, Act::Read(section))
    }

    /// What would no longer be so if an entry of this view were marked as made in error; the view holds the whole story.
    pub fn rests_on(&self, view: &CaseView, entry: u64) -> Vec<cases::closing::Rest> {
        let editions = self.editions();
        cases::closing::rests_on(
            &view.case,
            entry,
            editions.as_ref(),
            &view.rules,
            view.today,
        )
    }

    /// The lines as a paper carries them: it is handed on, so that what is hidden from anyone and every name stay out of it,
    /// whoever makes it.
    pub(crate) fn story_to_print(&self, view: &CaseView) -> Vec<StoryLine> {
        let mut lines = self.lines(view, false, false, |_| false);
        let apart = |recorded: &&std::sync::Arc<Recorded>| {
            Section::of(&view.case, &recorded.event).is_apart()
        };
        let apart: BTreeSet<u64> = (view.case.story.iter().filter(apart))
            .map(|recorded| recorded.number)
            .collect();
        for line in &mut lines {
            if apart.contains(&line.line.number) {
                line.line.said = "recorded something that is kept apart from the case".into();
                line.line.details.clear();
            }
        }
        lines
    }

    /// What is shown in the place of an entry whose content was erased.
    fn erased_line(&self, gone: &cases::erasure::Gone) -> StoryLine {
        let office = self.office();
        let name = office.people.get(&gone.entry.actor).map(|p| p.name.clone());
        let on = calendar::words::moment(&self.inner.clock.local(gone.on));
        StoryLine {
            line: Line {
                number: gone.entry.number,
                said: format!("made an entry: content erased on {on}, rule: {}", gone.rule),
                details: Vec::new(),
                in_error: None,
                hidden: false,
            },
            by: cases::By {
                person: gone.entry.actor.clone(),
                name: name.unwrap_or_else(|| "Someone".into()),
                ..cases::By::default()
            },
            at: self.inner.clock.local(gone.entry.at),
            edition: String::new(),
            missing: Vec::new(),
            imported: None,
            pasted: Vec::new(),
            erased: true,
            can_mark: false,
        }
    }

    fn lines(
        &self,
        view: &CaseView,
        may_mark: bool,
        names: bool,
        may_see: impl Fn(&cases::closing::Mark) -> bool,
    ) -> Vec<StoryLine> {
        let lines = cases::story::story_with_names(&view.case, &view.rules, names, may_see);
        let mut list: Vec<StoryLine> = view
            .case
            .story
            .iter()
            .zip(lines)
            .map(|(recorded, line)| StoryLine {
                can_mark: may_mark
                    && line.in_error.is_none()
                    && recorded.event.can_be_marked(&view.case),
                line,
                by: recorded.by.clone(),
                at: self.inner.clock.local(recorded.at),
                edition: recorded.edition.clone(),
                missing: recorded.missing.clone(),
                imported: recorded.imported.clone(),
                pasted: Vec::new(),
                erased: false,
            })
            .collect();
        list.extend(
            view.case
                .erasure
                .entries
                .values()
                .map(|gone| self.erased_line(gone)),
        );
        list.sort_by_key(|line| line.line.number);
        list.reverse();
        list
    }
}
