//! A reading of one case: authorised, with the rules and clocks that apply, and written down before the page is sent.

use std::sync::Arc;

use access::{Act, Section};
use calendar::Date;
use cases::{Case, Clock};
use guidance::Rules;

use crate::actor::Actor;
use crate::editions::EditionNotice;
use crate::error::DeskError;
use crate::load::Desk;

/// What a page of a case draws from.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// The case.
    pub case: Arc<Case>,
    /// The rules that apply to a step taken today.
    pub rules: Arc<Rules>,
    /// Today in England.
    pub today: Date,
    /// How the reader stands to the case now, also while they look at a past day.
    pub standing: access::Standing,
    /// What changed in the guidance, while nobody has said which edition applies.
    pub notice: Option<EditionNotice>,
}

/// The case without what is said of documents that are kept apart and that the reader does not read.
fn without_apart(actor: &Actor, standing: access::Standing, case: Arc<Case>) -> Arc<Case> {
    case.without_documents(|apart| {
        let section = Section::of_document(Some(apart));
        access::permit(&actor.person, Act::Read(section), standing).is_err()
    })
}

impl Desk {
    /// Reads a part of a case by its id; `act` is what one must be allowed to do for it.
    ///
    /// # Errors
    /// Not there, or not theirs to know of.
    pub async fn view(
        &self,
        actor: &Actor,
        id: &str,
        act: Act,
        part: &str,
    ) -> Result<CaseView, DeskError> {
        let case = self.load(id).await?;
        self.seen(actor, case, act, part).await
    }

    /// The same with every entry at hand: for the story and for papers.
    ///
    /// # Errors
    /// Not there, or not theirs to know of.
    pub async fn view_whole(
        &self,
        actor: &Actor,
        id: &str,
        act: Act,
        part: &str,
    ) -> Result<CaseView, DeskError> {
        let case = self.load_whole(id).await?;
        self.seen(actor, case, act, part).await
    }

    async fn seen(
        &self,
        actor: &Actor,
        case: Arc<Case>,
        act: Act,
        part: &str,
    ) -> Result<CaseView, DeskError> {
        self.permit(actor, &case, act)?;
        self.log_read(actor, &case.id, part).await?;
        let today = self.today();
        let editions = self.editions();
        let rules = editions.for_step(&case, today)?;
        let notice = editions.notice(&case, today);
        let standing = self.standing(actor, &case);
        Ok(CaseView {
            standing,
            case: without_apart(actor, standing, case),
            rules,
            today,
            notice,
        })
    }

    /// The case as it stood at the end of a past day, by what was recorded by then, seen with today's permissions.
    ///
    /// # Errors
    /// Not there, or not theirs to know of.
    pub async fn view_past(
        &self,
        actor: &Actor,
        id: &str,
        day: Date,
    ) -> Result<CaseView, DeskError> {
        let case = self.load_whole(id).await?;
        self.permit(actor, &case, Act::Read(Section::Course))?;
        self.log_read(actor, id, "the case as it stood on a past day")
            .await?;
        let past = Arc::new(case.as_it_stood(self.inner.clock.end_of(day)));
        if past.story.is_empty() {
            return Err(DeskError::field(
                "day",
                "Enter a day on or after the one the case was opened: before it nothing was recorded",
            ));
        }
        let rules = self.editions().for_step(&past, day)?;
        let standing = self.standing(actor, &case);
        Ok(CaseView {
            standing,
            case: without_apart(actor, standing, past),
            rules,
            today: day,
            notice: None,
        })
    }

    /// The clocks of a case, nearest first; kept until the case, the day or the settings change.
    pub fn clocks(&self, view: &CaseView) -> Arc<Vec<Clock>> {
        let key = (
            view.case.version(),
            view.today,
            Arc::as_ptr(&view.rules).addr(),
        );
        if let Ok(kept) = self.inner.clocks.read()
            && let Some((of, clocks)) = kept.get(&view.case.id)
            && *of == key
        {
            return clocks.clone();
        }
        let editions = self.editions();
        let clocks = Arc::new(cases::clocks::clocks(
            &view.case,
            editions.as_ref(),
            &view.rules,
            view.today,
        ));
        // Only what stands today is kept: a past day is looked at once.
        if view.today == self.today()
            && let Ok(mut kept) = self.inner.clocks.write()
        {
            if kept.len() > 2000 {
                kept.clear();
            }
            kept.insert(view.case.id.clone(), (key, clocks.clone()));
        }
        clocks
    }
}
