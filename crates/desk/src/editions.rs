//! Which rules apply: the packs joined with the partnership's settings, by day and by id.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use calendar::{Date, Holidays};
use cases::{Case, Editions, NamedSeat, Seat};
use guidance::{Library, Rules, Settings};

use crate::error::DeskError;

/// The editions as one partnership sees them.
#[derive(Debug)]
pub struct PartnershipEditions {
    library: Library,
    settings: Arc<Settings>,
    holidays: Arc<Holidays>,
    days: RwLock<HashMap<Date, Option<Arc<Rules>>>>,
    ids: RwLock<HashMap<String, Option<Arc<Rules>>>>,
}

/// What a page says when the edition changed during a case.
#[derive(Debug, Clone, PartialEq)]
pub struct EditionNotice {
    /// The edition the case was opened under.
    pub opened_under: Arc<Rules>,
    /// The edition in force today.
    pub today: Arc<Rules>,
    /// What changed between them.
    pub changes: Vec<guidance::Change>,
}

impl PartnershipEditions {
    /// Joins packs, settings and holidays.
    pub fn new(
        library: Library,
        settings: Arc<Settings>,
        holidays: Arc<Holidays>,
    ) -> PartnershipEditions {
        PartnershipEditions {
            library,
            settings,
            holidays,
            days: RwLock::default(),
            ids: RwLock::default(),
        }
    }

    /// The packs.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The settings.
    pub fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// The bank holidays, shared.
    pub fn shared_holidays(&self) -> Arc<Holidays> {
        self.holidays.clone()
    }

    /// The rules with the partnership's own choices; an older edition that does not know one of them stands as it was.
    fn fitted(&self, rules: Arc<Rules>) -> Option<Arc<Rules>> {
        Some(rules.with_settings(&self.settings).map_or(rules, Arc::new))
    }

    /// The rules for a step taken today in a case: those a named person chose since the last change, else those in force.
    ///
    /// # Errors
    /// No edition is in force today.
    pub fn for_step(&self, case: &Case, today: Date) -> Result<Arc<Rules>, DeskError> {
        let now = self.in_force(today)?;
        let since = now.packs.iter().map(|p| p.in_force.from).max();
        let chosen = case
            .editions
            .last()
            .filter(|c| since.is_none_or(|s| c.at.to_zoned(jiff::tz::TimeZone::UTC).date() >= s));
        Ok(chosen.and_then(|c| self.by_id(&c.edition)).unwrap_or(now))
    }

    /// The rules in force on a day.
    ///
    /// # Errors
    /// No edition is in force.
    pub fn in_force(&self, day: Date) -> Result<Arc<Rules>, DeskError> {
        self.on(day).ok_or_else(|| {
            DeskError::Other(format!(
                "no edition of the guidance is in force on {}",
                calendar::words::long(day)
            ))
        })
    }

    /// What changed since the case was opened, while nobody has said which edition applies to what has begun.
    pub fn notice(&self, case: &Case, today: Date) -> Option<EditionNotice> {
        let opening = case.incident.opening.as_ref()?;
        let opened_under = self.by_id(&opening.edition)?;
        let today_rules = self.on(today)?;
        if opened_under.id == today_rules.id || case.decision.complete().is_some() {
            return None;
        }
        let since = today_rules.packs.iter().map(|p| p.in_force.from).max()?;
        if case
            .editions
            .iter()
            .any(|c| c.at.to_zoned(jiff::tz::TimeZone::UTC).date() >= since)
        {
            return None;
        }
        let changes = guidance::diff(&opened_under, &today_rules);
        Some(EditionNotice {
            opened_under,
            today: today_rules,
            changes,
        })
    }
}

impl Editions for PartnershipEditions {
    fn on(&self, day: Date) -> Option<Arc<Rules>> {
        if let Some(found) = self.days.read().ok().and_then(|d| d.get(&day).cloned()) {
            return found;
        }
        let rules = self
            .library
            .on(day, self.settings.local_pack.as_ref())
            .ok()
            .and_then(|r| self.by_id(&r.id));
        if let Ok(mut days) = self.days.write() {
            days.insert(day, rules.clone());
        }
        rules
    }

    fn by_id(&self, id: &str) -> Option<Arc<Rules>> {
        if let Some(found) = self.ids.read().ok().and_then(|d| d.get(id).cloned()) {
            return found;
        }
        let rules = self.library.rules(id).ok().and_then(|r| self.fitted(r));
        if let Ok(mut ids) = self.ids.write() {
            ids.insert(id.to_owned(), rules.clone());
        }
        rules
    }

    fn holidays(&self) -> &Holidays {
        &self.holidays
    }

    fn seats(&self, on: Date) -> Vec<NamedSeat> {
        let rules = self.on(on);
        let mut seats = Vec::new();
        for partner in &self.settings.partners {
            let label = rules
                .as_ref()
                .and_then(|r| r.partner(&partner.id).map(|p| p.label.clone()))
                .unwrap_or_else(|| partner.id.to_string());
            seats.extend(partner.bodies.iter().map(|body| NamedSeat {
                seat: Seat {
                    partner: partner.id.to_string(),
                    body: body.id.clone(),
                },
                partner: label.clone(),
                body: body.name.clone(),
            }));
        }
        seats
    }
}
