//! What changed between two editions, element by element.
//! Where a rule is written, and in which pack, is no change of the rule and is not told.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Element, FindingChoice, Rules, Standing};

/// One change between two sets of rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The part of the rules, such as `criteria` or `clocks`.
    pub part: &'static str,
    /// The id within the part.
    pub id: String,
    /// What changed.
    #[serde(flatten)]
    pub what: What,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum What {
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, and they differ.
    Changed {
        /// In which field.
        field: &'static str,
        /// What the first says.
        from: String,
        /// What the second says.
        to: String,
    },
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.what {
            What::Added => write!(f, "{} `{}`: added", self.part, self.id),
            What::Removed => write!(f, "{} `{}`: removed", self.part, self.id),
            What::Changed { field, from, to } => {
                write!(
                    f,
                    "{} `{}`: {field}: from \"{from}\" to \"{to}\"",
                    self.part, self.id
                )
            }
        }
    }
}

/// What changed from `a` to `b`, in the order of the parts; what was added comes last in its part.
pub fn diff(a: &Rules, b: &Rules) -> Vec<Change> {
    let (a, b) = (flat(a), flat(b));
    let mut changes = Vec::new();
    for ((part, old), (_, new)) in a.iter().zip(&b) {
        let lookup: BTreeMap<&str, &Fields> = new
            .iter()
            .map(|(id, fields)| (id.as_str(), fields))
            .collect();
        for (id, fields) in old {
            let Some(others) = lookup.get(id.as_str()) else {
                changes.push(Change {
                    part,
                    id: id.clone(),
                    what: What::Removed,
                });
                continue;
            };
            for ((field, from), (_, to)) in fields
                .iter()
                .zip(others.iter())
                .filter(|(from, to)| from != to)
            {
                let what = What::Changed {
                    field,
                    from: from.clone(),
                    to: to.clone(),
                };
                changes.push(Change {
                    part,
                    id: id.clone(),
                    what,
                });
            }
        }
        let added = new
            .iter()
            .filter(|(id, _)| old.iter().all(|(other, _)| other != id));
        changes.extend(added.map(|(id, _)| Change {
            part,
            id: id.clone(),
            what: What::Added,
        }));
    }
    changes
}

/// The fields of one item, always the same ones in the same order within a part.
type Fields = Vec<(&'static str, String)>;
type Part = (&'static str, Vec<(String, Fields)>);

fn flat(rules: &Rules) -> Vec<Part> {
    let elements = |list: &[Element]| list.iter().map(element).collect::<Vec<_>>();
    let names = |map: Vec<(String, &String)>| {
        map.into_iter()
            .map(|(id, name)| (id, vec![("name", name.clone())]))
            .collect::<Vec<_>>()
    };
    let definition = &rules.definition;
    let decision = &rules.decision;
    vec![
        (
            "definition",
            vec![(
                "definition".to_owned(),
                vec![("title", definition.title.clone())],
            )],
        ),
        (
            "limbs",
            definition
                .limbs
                .iter()
                .map(|limb| {
                    let (id, mut fields) = element(&limb.element);
                    fields.push(("kinds of harm", yes_no(limb.needs_harm_kinds)));
                    fields.push(("options", choices(&limb.options)));
                    (id, fields)
                })
                .collect(),
        ),
        (
            "harm kinds",
            definition
                .harm_kinds
                .iter()
                .map(|kind| {
                    let fields = vec![
                        ("label", kind.label.clone()),
                        ("standing", standing(&kind.standing)),
                    ];
                    (kind.id.clone(), fields)
                })
                .collect(),
        ),
        ("notes", elements(&definition.notes)),
        ("rapid review", elements(&rules.rapid_review)),
        ("criteria", elements(&rules.criteria)),
        ("circumstances", elements(&rules.circumstances)),
        ("questions", elements(&rules.questions)),
        ("clocks", rules.clocks.iter().map(clock).collect()),
        (
            "routes",
            rules
                .routes
                .iter()
                .map(|route| {
                    let needs: Vec<String> = route
                        .needs_findings
                        .iter()
                        .map(|(id, weight)| format!("{id} {weight:?}"))
                        .collect();
                    let fields = vec![
                        ("label", route.label.clone()),
                        ("help", route.help.clone()),
                        ("needs", needs.join(", ")),
                        ("standing", standing(&route.standing)),
                    ];
                    (route.id.to_string(), fields)
                })
                .collect(),
        ),
        (
            "notifications",
            rules
                .notifications
                .iter()
                .map(|kind| {
                    let fields = vec![
                        ("label", kind.label.clone()),
                        ("help", kind.help.clone()),
                        ("recipients", kind.recipients.join(", ")),
                        ("starts a rapid review", yes_no(kind.starts_rapid_review)),
                        ("duty", kind.duty.clone()),
                        ("standing", standing(&kind.standing)),
                    ];
                    (kind.id.clone(), fields)
                })
                .collect(),
        ),
        (
            "places",
            rules
                .places
                .iter()
                .map(|place| {
                    let fields = vec![
                        ("label", place.label.clone()),
                        ("notifies", place.notifies.clone()),
                        ("help", place.help.clone()),
                        ("standing", standing(&place.standing)),
                    ];
                    (place.id.clone(), fields)
                })
                .collect(),
        ),
        (
            "family",
            vec![(
                "informer".to_owned(),
                vec![("role", rules.family.informer.to_string())],
            )],
        ),
        ("explain", elements(&rules.family.explain)),
        ("principles", elements(&rules.family.principles)),
        (
            "partners",
            rules
                .partners
                .iter()
                .map(|kind| {
                    let fields = vec![
                        ("label", kind.label.clone()),
                        ("body word", kind.body_word.clone()),
                    ];
                    (kind.id.to_string(), fields)
                })
                .collect(),
        ),
        (
            "decision",
            vec![(
                "decision".to_owned(),
                vec![
                    ("quorum", decision.quorum.to_string()),
                    (
                        "must sign",
                        decision
                            .must_sign
                            .iter()
                            .map(|id| id.as_str())
                            .collect::<Vec<_>>()
                            .join(", "),
                    ),
                    ("rule", format!("{:?}", decision.rule).to_lowercase()),
                    ("tie-break", decision.tie_break.clone()),
                    ("due clock", decision.due_clock.to_string()),
                    ("standing", standing(&decision.standing)),
                ],
            )],
        ),
        ("duties", elements(&rules.duties)),
        ("asked of agencies", elements(&rules.asked)),
        (
            "statements",
            rules
                .statements
                .iter()
                .map(|said| {
                    let fields = vec![
                        ("text", said.text.clone()),
                        ("standing", standing(&said.standing)),
                    ];
                    (said.id.to_string(), fields)
                })
                .collect(),
        ),
        (
            "roles",
            names(
                rules
                    .roles
                    .iter()
                    .map(|(id, name)| (id.to_string(), name))
                    .collect(),
            ),
        ),
        (
            "triggers",
            names(
                rules
                    .triggers
                    .iter()
                    .map(|(id, name)| (id.to_string(), name))
                    .collect(),
            ),
        ),
        (
            "names",
            names(
                rules
                    .names
                    .iter()
                    .map(|(id, name)| (id.clone(), name))
                    .collect(),
            ),
        ),
    ]
}

fn element(element: &Element) -> (String, Fields) {
    let fields = vec![
        ("label", element.label.clone()),
        ("question", element.question.clone()),
        ("help", element.help.clone()),
        ("findings", choices(&element.findings)),
        ("standing", standing(&element.standing)),
    ];
    (element.id.to_string(), fields)
}

fn clock(clock: &crate::ClockRule) -> (String, Fields) {
    let fields = vec![
        ("title", clock.title.clone()),
        ("trigger", clock.trigger.to_string()),
        ("length", clock.length.to_string()),
        ("day zero", format!("{:?}", clock.day_zero)),
        ("owed by", clock.owed_by.clone()),
        ("owed to", clock.owed_to.join(", ")),
        ("done when", clock.done_when.clone()),
        ("applies to", clock.applies_to.join(", ")),
        ("advice", clock.advice.clone().unwrap_or_default()),
        ("standing", standing(&clock.standing)),
    ];
    (clock.id.to_string(), fields)
}

fn choices(choices: &[FindingChoice]) -> String {
    choices
        .iter()
        .map(|choice| {
            let harm = match choice.needs_harm_kinds {
                Some(true) => ", with kinds of harm",
                Some(false) => ", without kinds of harm",
                None => "",
            };
            format!("{} ({}{harm})", choice.label, choice.id)
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn standing(standing: &Standing) -> String {
    match standing {
        Standing::Disputed { readings, default } => {
            let readings: Vec<&str> = readings
                .iter()
                .map(|reading| reading.text.as_str())
                .collect();
            format!("disputed, `{default}` applied: {}", readings.join(" / "))
        }
        other => other.words().to_owned(),
    }
}

fn yes_no(flag: bool) -> String {
    if flag { "yes".into() } else { "no".into() }
}
