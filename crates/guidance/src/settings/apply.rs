//! Settings applied to the rules of a day, and refused where they go below a floor or name what the edition does not know.

use crate::{GuidanceError, Rules, Settings, Standing};

impl Rules {
    /// These rules as a partnership has chosen to apply them: its titles of roles, its quorum, the routes it uses,
    /// the reading of a disputed clock.
    ///
    /// # Errors
    /// [`GuidanceError::SettingsRefused`] with every reason: below a floor of the edition, or something the edition does not know.
    pub fn with_settings(&self, settings: &Settings) -> Result<Rules, GuidanceError> {
        let mut rules = self.clone();
        let mut reasons = Vec::new();
        if let Some(quorum) = settings.quorum {
            if quorum < self.decision.quorum {
                let least = self.decision.quorum;
                reasons.push(format!(
                    "`quorum` is {quorum}, and may not be below {least}"
                ));
            } else if usize::from(quorum) > self.partners.len() {
                reasons.push(format!(
                    "`quorum` is {quorum}, but there are {} partners",
                    self.partners.len()
                ));
            }
            rules.decision.quorum = quorum;
        }
        for id in &settings.routes_off {
            match self.route(id) {
                None => reasons.push(format!(
                    "`routes-off` names `{id}`, which is no route of this edition"
                )),
                Some(route) if route.always => {
                    reasons.push(format!(
                        "`routes-off` names `{id}`, which the edition always leaves open"
                    ));
                }
                Some(_) => rules.routes.retain(|route| route.id != *id),
            }
        }
        for (id, name) in &settings.roles {
            match rules.roles.get_mut(id) {
                Some(title) => name.clone_into(title),
                None => reasons.push(format!("`roles.{id}` names no role of this edition")),
            }
        }
        for (id, reading) in &settings.readings {
            if let Err(reason) = choose(&mut rules, id, reading) {
                reasons.push(reason);
            }
        }
        for partner in &settings.partners {
            if self.partner(&partner.id).is_none() {
                reasons.push(format!(
                    "`partners` names `{}`, which is no partner of this edition",
                    partner.id
                ));
            }
        }
        for partner in &self.partners {
            let named = settings
                .partners
                .iter()
                .any(|setting| setting.id == partner.id && !setting.bodies.is_empty());
            if !named {
                reasons.push(format!("`partners` names no body for `{}`", partner.id));
            }
        }
        if reasons.is_empty() {
            return Ok(rules);
        }
        Err(GuidanceError::SettingsRefused {
            id: self.id.clone(),
            reasons,
        })
    }
}

fn choose(rules: &mut Rules, id: &str, chosen: &str) -> Result<(), String> {
    let clock = rules
        .clocks
        .iter_mut()
        .find(|clock| clock.id.as_str() == id);
    let clock = clock.ok_or_else(|| format!("`readings.{id}` names no clock of this edition"))?;
    let Standing::Disputed { readings, default } = &mut clock.standing else {
        return Err(format!(
            "`readings.{id}`: this clock is not disputed, there is nothing to choose"
        ));
    };
    let known = readings.iter().filter(|reading| reading.trigger.is_some());
    let ids = known
        .clone()
        .map(|reading| format!("`{}`", reading.id))
        .collect::<Vec<_>>()
        .join(" or ");
    match known
        .clone()
        .find(|reading| reading.id == chosen)
        .and_then(|reading| reading.trigger.clone())
    {
        Some(trigger) => {
            clock.trigger = trigger;
            chosen.clone_into(default);
            Ok(())
        }
        None => Err(format!(
            "`readings.{id}` is `{chosen}`, and can only be {ids}"
        )),
    }
}
