//! From the combined tree to [`Rules`]: what is missing, and every reference to something that does not exist,
//! is found here and told with the file and line in which it was written.

use std::collections::BTreeMap;

use calendar::{DayZero, Length};

use crate::{
    ClockRule, DecisionRule, DecisionRules, Definition, Element, FamilyRules, FindingChoice,
    HarmKind, Limb, NotificationKind, PackId, PackRef, PartnerKind, PlaceRule, Reading, Route,
    Rules, Source, Standing, Weight, Wrong, form::ELEMENTS, shape::join, tree::Node,
};

/// Builds the rules; faults go to `wrongs`, and the result is only good if none was added.
pub(crate) fn build(
    id: &str,
    packs: Vec<PackRef>,
    tree: &Node,
    wrongs: &mut Vec<Wrong>,
) -> Option<Rules> {
    let before = wrongs.len();
    let title = packs
        .iter()
        .map(|pack| pack.title.as_str())
        .collect::<Vec<_>>()
        .join("; ");
    let mut builder = Builder { tree, wrongs };
    for section in [
        "definition",
        "limb",
        "harm",
        "criterion",
        "circumstance",
        "clock",
        "notification",
        "place",
        "partner",
        "family",
        "decision",
    ] {
        if tree
            .get(section)
            .is_none_or(|node| node.table().is_none() && node.items().is_empty())
        {
            builder.wrongs.push(tree.wrong(
                section,
                "this section: no edition is complete without it; nothing is given",
            ));
        }
    }
    let rules = Rules {
        id: id.to_owned(),
        title,
        packs,
        names: builder.map("names"),
        triggers: builder.map("triggers"),
        roles: builder.map("roles"),
        definition: Definition {
            title: builder.words(
                tree.get("definition").unwrap_or(tree),
                "definition",
                "title",
            ),
            limbs: builder.each("limb", Builder::limb),
            harm_kinds: builder.each("harm", Builder::harm),
            notes: builder.elements("reminder"),
        },
        criteria: builder.elements("criterion"),
        circumstances: builder.elements("circumstance"),
        questions: builder.elements("question"),
        clocks: builder.each("clock", Builder::clock),
        routes: builder.each("route", Builder::route),
        notifications: builder.each("notification", Builder::notification),
        places: builder.each("place", Builder::place),
        family: builder.family(),
        partners: builder.each("partner", Builder::partner),
        decision: builder.decision(),
        rapid_review: builder.elements("purpose"),
        duties: builder.elements("duty"),
    };
    (wrongs.len() == before).then_some(rules)
}

struct Builder<'a> {
    tree: &'a Node,
    wrongs: &'a mut Vec<Wrong>,
}

impl Builder<'_> {
    fn words(&mut self, node: &Node, path: &str, key: &str) -> String {
        match node.text(key) {
            Some(text) => text.to_owned(),
            None => {
                self.wrongs.push(node.wrong(
                    join(path, key),
                    "a text in quotation marks, nothing is given",
                ));
                String::new()
            }
        }
    }

    fn texts(node: &Node, key: &str) -> Vec<String> {
        node.list(key)
            .iter()
            .filter_map(Node::as_text)
            .map(str::to_owned)
            .collect()
    }

    fn map<K: From<String> + Ord>(&self, section: &str) -> BTreeMap<K, String> {
        let entries = self
            .tree
            .get(section)
            .and_then(Node::table)
            .into_iter()
            .flatten();
        entries
            .filter_map(|(key, node)| Some((K::from(key.clone()), node.as_text()?.to_owned())))
            .collect()
    }

    fn each<T>(&mut self, section: &str, read: fn(&mut Self, &Node, &str) -> T) -> Vec<T> {
        let items = self.tree.list(section);
        items
            .iter()
            .map(|item| {
                read(
                    self,
                    item,
                    &join(section, item.text("id").unwrap_or_default()),
                )
            })
            .collect()
    }

    /// Refuses a text that should be the id of something defined elsewhere.
    fn known(&mut self, node: &Node, path: &str, what: &str, ids: Vec<&str>) {
        let Some(id) = node.as_text() else { return };
        if !ids.contains(&id) {
            let ids = ids
                .iter()
                .map(|id| format!("`{id}`"))
                .collect::<Vec<_>>()
                .join(", ");
            self.wrongs
                .push(node.wrong(path, format!("the id of {what} ({ids}), found `{id}`")));
        }
    }

    fn ids<'t>(tree: &'t Node, sections: &[&str]) -> Vec<&'t str> {
        sections
            .iter()
            .flat_map(|section| tree.list(section))
            .filter_map(|item| item.text("id"))
            .collect()
    }

    fn keys<'t>(tree: &'t Node, section: &str) -> Vec<&'t str> {
        tree.get(section)
            .and_then(Node::table)
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
            .collect()
    }

    fn trigger(&mut self, node: &Node, path: &str) {
        if let Some(trigger) = node.get("trigger") {
            self.known(
                trigger,
                &join(path, "trigger"),
                "a trigger",
                Self::keys(self.tree, "triggers"),
            );
        }
    }

    fn source(node: &Node) -> Source {
        let part = |key| {
            node.get("source")
                .and_then(|source| source.text(key))
                .map(str::to_owned)
        };
        Source {
            document: part("document").unwrap_or_default(),
            section: part("section").unwrap_or_default(),
            url: part("url"),
        }
    }

    fn standing(&mut self, node: &Node, path: &str) -> Standing {
        let Some(standing) = node.get("standing") else {
            return Standing::ToBeConfirmed;
        };
        match standing.as_text() {
            Some("read") => Standing::ReadInSource,
            Some(_) => Standing::ToBeConfirmed,
            None => {
                let path = join(path, "standing");
                if let Some(default) = standing.get("default") {
                    let ids = standing
                        .list("readings")
                        .iter()
                        .filter_map(|reading| reading.text("id"))
                        .collect();
                    self.known(default, &join(&path, "default"), "one of the readings", ids);
                }
                let readings = standing.list("readings");
                readings.iter().for_each(|reading| {
                    self.trigger(
                        reading,
                        &join(&path, reading.text("id").unwrap_or_default()),
                    );
                });
                Standing::Disputed {
                    default: standing.text("default").unwrap_or_default().to_owned(),
                    readings: readings
                        .iter()
                        .map(|reading| Reading {
                            id: reading.text("id").unwrap_or_default().to_owned(),
                            text: reading.text("text").unwrap_or_default().to_owned(),
                            source: Self::source(reading),
                            trigger: reading.text("trigger").map(Into::into),
                        })
                        .collect(),
                }
            }
        }
    }

    fn choices(&mut self, node: &Node, path: &str, key: &str, usual: &str) -> Vec<FindingChoice> {
        if let Some(set) = node.get(key) {
            self.known(
                set,
                &join(path, key),
                "a set of findings",
                Self::keys(self.tree, "findings"),
            );
        }
        let set = node.text(key).unwrap_or(usual);
        let choices = self
            .tree
            .get("findings")
            .and_then(|sets| sets.get(set))
            .map(Node::items)
            .unwrap_or_default();
        choices
            .iter()
            .map(|choice| FindingChoice {
                id: choice.text("id").unwrap_or_default().to_owned(),
                label: choice.text("label").unwrap_or_default().to_owned(),
                weight: weight(choice.text("weight")),
            })
            .collect()
    }

    fn elements(&mut self, section: &'static str) -> Vec<Element> {
        let usual = if ["criterion", "circumstance", "question"].contains(&section) {
            "usual"
        } else {
            ""
        };
        let items = self.tree.list(section);
        items
            .iter()
            .map(|item| {
                self.element(
                    item,
                    &join(section, item.text("id").unwrap_or_default()),
                    usual,
                )
            })
            .collect()
    }

    fn element(&mut self, node: &Node, path: &str, usual: &str) -> Element {
        let label = self.words(node, path, "label");
        let question = if usual.is_empty() {
            node.text("question").unwrap_or(&label).to_owned()
        } else {
            self.words(node, path, "question")
        };
        let findings = self.choices(node, path, "findings", usual);
        if !usual.is_empty() && findings.is_empty() {
            self.wrongs.push(node.wrong(
                join(path, "findings"),
                format!("answers: the set [findings.{usual}] is not given"),
            ));
        }
        Element {
            id: node.text("id").unwrap_or_default().into(),
            label,
            question,
            help: node.text("help").unwrap_or_default().to_owned(),
            source: Self::source(node),
            standing: self.standing(node, path),
            findings,
            pack: PackId::from(node.origin.pack.as_str()),
        }
    }

    fn limb(&mut self, node: &Node, path: &str) -> Limb {
        Limb {
            element: self.element(node, path, "limb"),
            needs_harm_kinds: node.flag("needs-harm-kinds"),
            options: self.choices(node, path, "options", ""),
        }
    }

    fn harm(&mut self, node: &Node, path: &str) -> HarmKind {
        HarmKind {
            id: node.text("id").unwrap_or_default().to_owned(),
            label: self.words(node, path, "label"),
            open: node.flag("open"),
            source: Self::source(node),
            standing: self.standing(node, path),
        }
    }

    fn clock(&mut self, node: &Node, path: &str) -> ClockRule {
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
            done_when: self.words(node, path, "done-when"),
            applies_to: Self::texts(node, "applies-to"),
            source: Self::source(node),
            standing,
            pack: PackId::from(node.origin.pack.as_str()),
            advice: node.text("advice").map(str::to_owned),
        }
    }

    fn route(&mut self, node: &Node, path: &str) -> Route {
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

    fn notification(&mut self, node: &Node, path: &str) -> NotificationKind {
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

    fn place(&mut self, node: &Node, path: &str) -> PlaceRule {
        PlaceRule {
            id: node.text("id").unwrap_or_default().to_owned(),
            label: self.words(node, path, "label"),
            notifies: self.words(node, path, "notifies"),
            help: node.text("help").unwrap_or_default().to_owned(),
            source: Self::source(node),
            standing: self.standing(node, path),
        }
    }

    fn partner(&mut self, node: &Node, path: &str) -> PartnerKind {
        PartnerKind {
            id: node.text("id").unwrap_or_default().into(),
            label: self.words(node, path, "label"),
            body_word: self.words(node, path, "body-word"),
        }
    }

    fn family(&mut self) -> FamilyRules {
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

    fn decision(&mut self) -> DecisionRules {
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

fn weight(word: Option<&str>) -> Weight {
    match word {
        Some("yes") => Weight::Yes,
        Some("possibly") => Weight::Possibly,
        Some("no") => Weight::No,
        Some("pending") => Weight::Pending,
        _ => Weight::Unknown,
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
