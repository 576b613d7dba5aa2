//! The items of a pack one by one: limbs, kinds of harm, clocks, routes, notifications, places, partners, the family, the decision.

use calendar::{DayZero, Length};

use super::{Builder, weight};
use crate::{
    ClockRule, DecisionRule, DecisionRules, FamilyRules, HarmKind, Limb, NotificationKind, PackId,
    PartnerKind, PlaceRule, Route, Statement, form::ELEMENTS, shape::join, tree::Node,
};

impl Builder<'_> {
    pub(super) fn limb(&mut self, node: &Node, path: &str) -> Limb {
        Limb {
            element: self.element(node, path, "limb"),
            needs_harm_kinds: node.flag("needs-harm-kinds"),
            options: self.choices(node, path, "options", ""),
        }
    }

    pub(super) fn harm(&mut self, node: &Node, path: &str) -> HarmKind {
        HarmKind {
            id: node.text("id").unwrap_or_default().to_owned(),
            label: self.words(node, path, "label"),
            open: node.flag("open"),
            source: Self::source(node),
            standing: self.standing(node, path),
        }
    }

    pub(super) fn clock(&mut self, node: &Node, path: &str) -> ClockRule {
        self.trigger(node, path);
        for kind in node.list("applies-to") {
            let kinds = Self::ids(self.tree, &["notification"]);
            self.known(
                kind,
                &join(path, "applies-to"),
                "a kind of notification",
                kinds,
            );
        }
        if node.list("owed-to").is_empty() {
            self.wrongs.push(node.wrong(
                join(path, "owed-to"),
                "a list of those to whom it is owed, nothing is given",
            ));
        }
        let standing = self.standing(node, path);
        if let (Some(trigger), Some(applied)) = (
            node.text("trigger"),
            standing
                .applied()
                .and_then(|reading| reading.trigger.as_ref()),
        ) && applied.as_str() != trigger
        {
            let at = node.get("trigger").unwrap_or(node);
            self.wrongs.push(at.wrong(
                join(path, "trigger"),
                format!("`{applied}`, the trigger of the reading applied, found `{trigger}`"),
            ));
        }
        let length = node.get("length").and_then(length).unwrap_or_else(|| {
            self.wrongs
                .push(node.wrong(join(path, "length"), "a length, nothing is given"));
            Length::AsSoonAsPossible
        });
        ClockRule {
            id: node.text("id").unwrap_or_default().into(),
            title: self.words(node, path, "title"),
            trigger: self.words(node, path, "trigger").into(),
            length,
            day_zero: match node.text("day-zero") {
                Some("trigger-day-counts") => DayZero::TriggerDayCounts,
                _ => DayZero::TriggerDay,
            },
            owed_by: self.words(node, path, "owed-by"),
            owed_to: Self::texts(node, "owed-to"),
            done_when: node.text("done-when").unwrap_or_default().to_owned(),
            applies_to: Self::texts(node, "applies-to"),
            source: Self::source(node),
            standing,
            pack: PackId::from(node.origin.pack.as_str()),
            advice: node.text("advice").map(str::to_owned),
        }
    }

    pub(super) fn route(&mut self, node: &Node, path: &str) -> Route {
        let mut needs_findings = Vec::new();
        for need in node.list("needs") {
            if let Some(element) = need.get("element") {
                self.known(
                    element,
                    &join(path, "needs"),
                    "an element",
                    Self::ids(self.tree, &ELEMENTS),
                );
            }
            needs_findings.push((
                need.text("element").unwrap_or_default().into(),
                weight(need.text("at-least")),
            ));
        }
        Route {
            id: node.text("id").unwrap_or_default().into(),
            label: self.words(node, path, "label"),
            help: node.text("help").unwrap_or_default().to_owned(),
            needs_findings,
            always: node.text("local") == Some("fixed"),
            source: Self::source(node),
            standing: self.standing(node, path),
        }
    }

    pub(super) fn notification(&mut self, node: &Node, path: &str) -> NotificationKind {
        if node.list("recipients").is_empty() {
            self.wrongs.push(node.wrong(
                join(path, "recipients"),
                "a list of those who receive it, nothing is given",
            ));
        }
        NotificationKind {
            id: node.text("id").unwrap_or_default().to_owned(),
            label: self.words(node, path, "label"),
            help: node.text("help").unwrap_or_default().to_owned(),
            recipients: Self::texts(node, "recipients"),
            starts_rapid_review: node.flag("starts-rapid-review"),
            duty: self.words(node, path, "duty"),
            source: Self::source(node),
            standing: self.standing(node, path),
        }
    }

    pub(super) fn place(&mut self, node: &Node, path: &str) -> PlaceRule {
        PlaceRule {
            id: node.text("id").unwrap_or_default().to_owned(),
            label: self.words(node, path, "label"),
            notifies: self.words(node, path, "notifies"),
            help: node.text("help").unwrap_or_default().to_owned(),
            source: Self::source(node),
            standing: self.standing(node, path),
        }
    }

    pub(super) fn statement(&mut self, node: &Node, path: &str) -> Statement {
        Statement {
            id: node.text("id").unwrap_or_default().into(),
            text: self.words(node, path, "text"),
            source: Self::source(node),
            standing: self.standing(node, path),
            pack: PackId::from(node.origin.pack.as_str()),
        }
    }

    pub(super) fn partner(&mut self, node: &Node, path: &str) -> PartnerKind {
        PartnerKind {
            id: node.text("id").unwrap_or_default().into(),
            label: self.words(node, path, "label"),
            body_word: self.words(node, path, "body-word"),
        }
    }

    pub(super) fn family(&mut self) -> FamilyRules {
        let node = self.tree.get("family").unwrap_or(self.tree);
        if let Some(informer) = node.get("informer") {
            self.known(
                informer,
                "family.informer",
                "a role",
                Self::keys(self.tree, "roles"),
            );
        }
        FamilyRules {
            informer: self.words(node, "family", "informer").into(),
            explain: self.elements("explain"),
            principles: self.elements("principle"),
            source: Self::source(node),
            standing: self.standing(node, "family"),
        }
    }

    pub(super) fn decision(&mut self) -> DecisionRules {
        let node = self.tree.get("decision").unwrap_or(self.tree);
        for partner in node.list("must-sign") {
            self.known(
                partner,
                "decision.must-sign",
                "a partner",
                Self::ids(self.tree, &["partner"]),
            );
        }
        if let Some(clock) = node.get("due-clock") {
            self.known(
                clock,
                "decision.due-clock",
                "a clock",
                Self::ids(self.tree, &["clock"]),
            );
        }
        let quorum = node
            .number("quorum")
            .and_then(|number| u8::try_from(number).ok())
            .unwrap_or_default();
        let partners = self.tree.list("partner").len();
        if quorum == 0 || usize::from(quorum) > partners {
            let at = node.get("quorum").unwrap_or(node);
            self.wrongs.push(at.wrong(
                "decision.quorum",
                format!("a number from 1 to {partners}, the number of partners"),
            ));
        }
        DecisionRules {
            quorum,
            must_sign: Self::texts(node, "must-sign")
                .into_iter()
                .map(Into::into)
                .collect(),
            rule: match self.words(node, "decision", "rule").as_str() {
                "majority" => DecisionRule::Majority,
                _ => DecisionRule::Unanimous,
            },
            tie_break: self.words(node, "decision", "tie-break"),
            due_clock: self.words(node, "decision", "due-clock").into(),
            source: Self::source(node),
            standing: self.standing(node, "decision"),
        }
    }
}

fn length(node: &Node) -> Option<Length> {
    let unit = |key| {
        node.number(key)
            .and_then(|number| u16::try_from(number).ok())
    };
    if node.as_text() == Some("as-soon-as-possible") {
        return Some(Length::AsSoonAsPossible);
    }
    unit("working-days")
        .map(Length::WorkingDays)
        .or_else(|| unit("calendar-days").map(Length::CalendarDays))
        .or_else(|| unit("months").map(Length::Months))
        .or_else(|| unit("years").map(Length::Years))
        .or_else(|| unit("clear-working-days-before").map(Length::ClearWorkingDaysBefore))
}
