//! The packs that come with the product: they load, they hold on the right days, and they say what the sources say.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use std::collections::BTreeSet;

use calendar::Length;
use guidance::{
    ClockId, DecisionRule, Element, ElementId, GuidanceError, Library, PackId, PackKind, PartnerId,
    RouteId, Rules, Standing, Weight, What, diff,
};
use jiff::civil::{Date, date};

fn library() -> Library {
    Library::embedded().unwrap_or_else(|error| panic!("{error}"))
}

fn ids(elements: &[Element]) -> Vec<&str> {
    elements.iter().map(|element| element.id.as_str()).collect()
}

fn on(day: Date) -> std::sync::Arc<Rules> {
    library().on(day, None).unwrap()
}

#[test]
fn every_pack_in_the_folder_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
    let on_disk: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".toml"))
        .map(|name| format!("policies/{name}"))
        .collect();
    let embedded: BTreeSet<String> = library()
        .packs()
        .iter()
        .map(|pack| pack.file.clone())
        .collect();
    assert_eq!(on_disk, embedded);
}

#[test]
fn an_edition_holds_from_its_first_day_up_to_but_not_including_its_last() {
    for (day, id) in [
        (date(2018, 6, 29), "working-together-2018+no-panel"),
        (date(2019, 3, 31), "working-together-2018+no-panel"),
        (date(2019, 4, 1), "working-together-2018+panel-2019-04"),
        (date(2022, 8, 31), "working-together-2018+panel-2019-04"),
        (date(2022, 9, 1), "working-together-2018+panel-2022-09"),
        (date(2023, 12, 14), "working-together-2018+panel-2022-09"),
        (date(2023, 12, 15), "working-together-2023+panel-2022-09"),
        (date(2025, 5, 31), "working-together-2023+panel-2022-09"),
        (date(2025, 6, 1), "working-together-2023+panel-2025-06"),
        (date(2026, 3, 17), "working-together-2023+panel-2025-06"),
        (date(2026, 3, 18), "working-together-2026+panel-2025-06"),
        (date(2040, 1, 1), "working-together-2026+panel-2025-06"),
    ] {
        assert_eq!(on(day).id, id, "on {day}");
    }
}

#[test]
fn a_day_before_the_first_edition_has_no_rules() {
    assert!(matches!(
        library().on(date(2018, 6, 28), None),
        Err(GuidanceError::NothingInForce(_))
    ));
}

#[test]
fn a_local_pack_applies_only_while_it_and_the_edition_it_extends_are_in_force() {
    let library = library();
    let sefton = PackId::from("sefton-2021");
    for (day, id) in [
        (date(2021, 7, 13), "working-together-2018+panel-2019-04"),
        (
            date(2021, 7, 14),
            "working-together-2018+panel-2019-04+sefton-2021",
        ),
        (
            date(2023, 12, 14),
            "working-together-2018+panel-2022-09+sefton-2021",
        ),
        (date(2023, 12, 15), "working-together-2023+panel-2022-09"),
    ] {
        assert_eq!(library.on(day, Some(&sefton)).unwrap().id, id, "on {day}");
    }
}

#[test]
fn a_local_pack_that_is_not_there_or_not_local_is_refused() {
    let library = library();
    let day = date(2024, 1, 8);
    let error = library
        .on(day, Some(&PackId::from("merrowshire-2024")))
        .unwrap_err();
    assert!(error.to_string().contains("`merrowshire-2024`"), "{error}");
    let error = library
        .on(day, Some(&PackId::from("panel-2022-09")))
        .unwrap_err();
    assert!(matches!(error, GuidanceError::CannotCombine { .. }));
}

#[test]
fn the_id_of_rules_leads_back_to_the_same_rules_on_every_boundary_day() {
    let library = library();
    let sefton = PackId::from("sefton-2021");
    for pack in library.packs() {
        for day in [Some(pack.in_force.from), pack.in_force.until]
            .into_iter()
            .flatten()
        {
            for day in [day, day.yesterday().unwrap()] {
                for local in [None, Some(&sefton)] {
                    let Ok(rules) = library.on(day, local) else {
                        continue;
                    };
                    assert_eq!(*library.rules(&rules.id).unwrap(), *rules, "on {day}");
                }
            }
        }
    }
}

#[test]
fn one_pack_is_read_with_the_latest_guidance_of_the_panel_that_overlaps_it() {
    let library = library();
    for (asked, id) in [
        (
            "working-together-2018",
            "working-together-2018+panel-2022-09",
        ),
        (
            "working-together-2023",
            "working-together-2023+panel-2025-06",
        ),
        (
            "working-together-2026",
            "working-together-2026+panel-2025-06",
        ),
        (
            "sefton-2021",
            "working-together-2018+panel-2022-09+sefton-2021",
        ),
        (
            "working-together-2018+sefton-2021",
            "working-together-2018+panel-2022-09+sefton-2021",
        ),
    ] {
        assert_eq!(library.rules(asked).unwrap().id, id);
    }
}

#[test]
fn packs_that_were_never_in_force_together_are_refused() {
    let library = library();
    for id in [
        "working-together-2018+panel-2025-06",
        "working-together-2023+sefton-2021",
        "working-together-2018+working-together-2023",
        "panel-2025-06",
        "working-together-2026+no-panel+sefton-2021",
    ] {
        let error = library.rules(id).unwrap_err();
        assert!(
            matches!(error, GuidanceError::CannotCombine { .. }),
            "{id}: {error}"
        );
    }
    assert!(matches!(
        library.rules("working-together-2010"),
        Err(GuidanceError::UnknownPack { .. })
    ));
}

#[test]
fn every_edition_has_what_a_case_is_held_to() {
    for day in [
        date(2018, 7, 2),
        date(2021, 7, 14),
        date(2024, 1, 8),
        date(2025, 7, 1),
        date(2026, 4, 1),
    ] {
        let rules = on(day);
        let limbs: Vec<&str> = rules
            .definition
            .limbs
            .iter()
            .map(|limb| limb.element.id.as_str())
            .collect();
        assert_eq!(limbs, ["abuse-or-neglect", "died-or-seriously-harmed"]);
        assert!(
            !rules.definition.limbs[0].needs_harm_kinds
                && rules.definition.limbs[1].needs_harm_kinds
        );
        for (limb, options) in rules
            .definition
            .limbs
            .iter()
            .zip([["known", "suspected"], ["died", "seriously-harmed"]])
        {
            assert_eq!(
                limb.options
                    .iter()
                    .map(|option| option.id.as_str())
                    .collect::<Vec<_>>(),
                options
            );
            let weights: Vec<_> = limb
                .element
                .findings
                .iter()
                .map(|f| (f.id.as_str(), f.weight))
                .collect();
            let expected = [
                ("met", Weight::Yes),
                ("not-met", Weight::No),
                ("not-yet-known", Weight::Unknown),
            ];
            assert_eq!(weights, expected);
        }
        let harm: Vec<(&str, bool)> = rules
            .definition
            .harm_kinds
            .iter()
            .map(|k| (k.id.as_str(), k.open))
            .collect();
        let expected = [
            "physical-health",
            "mental-health",
            "intellectual",
            "emotional",
            "social",
            "behavioural",
            "other",
        ];
        assert_eq!(harm, expected.map(|id| (id, id == "other")));
        assert_eq!(
            ids(&rules.criteria),
            [
                "improvements",
                "recurrent-themes",
                "working-together",
                "panel-conclusion"
            ]
        );
        assert_eq!(
            ids(&rules.circumstances),
            [
                "single-agency",
                "no-agency",
                "several-areas",
                "institutional"
            ]
        );
        assert_eq!(
            ids(&rules.questions),
            [
                "area-importance",
                "adds-to-rapid-review",
                "national-importance"
            ]
        );
        assert_eq!(
            ids(&rules.family.explain),
            ["purpose", "process", "publication"]
        );
        assert_eq!(
            ids(&rules.family.principles),
            ["clarity", "transparency", "negotiation", "inclusivity"]
        );
        assert_eq!(rules.considered().count(), 8);
        for element in rules
            .considered()
            .filter(|element| element.id.as_str() != "panel-conclusion")
        {
            let choices: Vec<(&str, Weight)> = element
                .findings
                .iter()
                .map(|f| (f.id.as_str(), f.weight))
                .collect();
            let usual = [
                ("does", Weight::Yes),
                ("may", Weight::Possibly),
                ("does-not", Weight::No),
                ("not-known", Weight::Unknown),
            ];
            assert_eq!(choices, usual, "{}", element.id);
        }
        let panel = rules.element(&ElementId::from("panel-conclusion")).unwrap();
        assert_eq!(
            panel.finding("not-yet-considered").unwrap().weight,
            Weight::Pending
        );
        assert_eq!(
            panel.finding("concluded-local-review").unwrap().weight,
            Weight::Yes
        );
        assert_eq!(
            panel.finding("did-not-so-conclude").unwrap().weight,
            Weight::No
        );
        assert_eq!(rules.decision.rule, DecisionRule::Unanimous);
        assert_eq!(
            (rules.decision.quorum, rules.decision.must_sign.len()),
            (3, 3)
        );
        let roles = [
            "business-manager",
            "deputy-manager",
            "delegate",
            "deputy-delegate",
            "chair",
            "reader",
            "administrator",
            "scrutineer",
        ];
        assert!(roles.iter().all(|role| rules.roles.contains_key(*role)));
        for (place, notifies) in [
            ("in-area", "this-authority"),
            ("elsewhere-in-england", "authority-of-place"),
            ("outside-england", "authority-of-residence"),
        ] {
            assert_eq!(rules.place(place).unwrap().notifies, notifies);
        }
    }
}

#[test]
fn every_text_carries_a_source_and_no_id_stands_twice() {
    let library = library();
    for id in [
        "working-together-2018",
        "working-together-2023",
        "working-together-2026",
        "sefton-2021",
    ] {
        let rules = library.rules(id).unwrap();
        let mut seen = BTreeSet::new();
        for element in rules.elements() {
            assert!(
                !element.label.is_empty() && !element.question.is_empty(),
                "{}",
                element.id
            );
            assert!(
                !element.source.document.is_empty() && !element.source.section.is_empty(),
                "{}",
                element.id
            );
            assert!(
                seen.insert(element.id.clone()),
                "{} stands twice",
                element.id
            );
            assert!(library.pack(element.pack.as_str()).is_ok());
        }
        for clock in &rules.clocks {
            assert!(!clock.source.document.is_empty(), "{}", clock.id);
            assert!(rules.triggers.contains_key(&clock.trigger), "{}", clock.id);
        }
    }
}

#[test]
fn the_clocks_have_the_lengths_and_triggers_of_the_sources() {
    for id in [
        "working-together-2018",
        "working-together-2023",
        "working-together-2026",
    ] {
        let rules = library().rules(id).unwrap();
        for (clock, trigger, length) in [
            ("notify-panel", "aware", Length::WorkingDays(5)),
            ("tell-partners", "aware", Length::WorkingDays(5)),
            ("notify-looked-after-death", "aware", Length::WorkingDays(5)),
            ("rapid-review", "notified", Length::WorkingDays(15)),
            ("panel-reply", "rapid-review-sent", Length::AsSoonAsPossible),
            ("tell-decision", "review-decided", Length::AsSoonAsPossible),
            ("publish-report", "review-decided", Length::Months(6)),
            (
                "send-before-publication",
                "publication",
                Length::ClearWorkingDaysBefore(7),
            ),
            ("keep-published", "publication", Length::Years(1)),
        ] {
            let rule = rules.clock(&ClockId::from(clock)).unwrap();
            assert_eq!(
                (rule.trigger.as_str(), rule.length),
                (trigger, length),
                "{clock} of {id}"
            );
        }
    }
}

#[test]
fn every_clock_but_that_of_availability_is_met_by_a_fact() {
    for id in [
        "working-together-2018",
        "working-together-2023",
        "working-together-2026",
    ] {
        let rules = library().rules(id).unwrap();
        let by_time: Vec<&str> = rules
            .clocks
            .iter()
            .filter(|clock| clock.done_when.is_empty())
            .map(|clock| clock.id.as_str())
            .collect();
        assert_eq!(by_time, ["keep-published"]);
    }
}

#[test]
fn the_start_of_the_fifteen_days_is_disputed_in_every_edition_with_sources_and_a_default() {
    for day in [
        date(2018, 7, 2),
        date(2021, 7, 14),
        date(2023, 1, 9),
        date(2026, 4, 1),
    ] {
        let rules = on(day);
        let clock = rules.clock(&ClockId::from("rapid-review")).unwrap();
        let triggers: Vec<&str> = clock
            .standing
            .readings()
            .iter()
            .filter_map(|reading| Some(reading.trigger.as_ref()?.as_str()))
            .collect();
        assert_eq!(triggers, ["notified", "aware"]);
        assert_eq!(clock.standing.applied().unwrap().id, "notified");
        assert!(
            clock
                .standing
                .readings()
                .iter()
                .all(|reading| !reading.source.document.is_empty())
        );
    }
}

#[test]
fn only_serious_incidents_start_a_rapid_review() {
    for id in ["working-together-2018", "working-together-2023"] {
        let rules = library().rules(id).unwrap();
        let starting: Vec<&str> = rules
            .notifications
            .iter()
            .filter(|kind| kind.starts_rapid_review)
            .map(|kind| kind.id.as_str())
            .collect();
        assert_eq!(starting, ["serious-incident"]);
        let rapid = rules.clock(&ClockId::from("rapid-review")).unwrap();
        assert!(rapid.applies("serious-incident") && !rapid.applies("looked-after-death"));
    }
    let library = library();
    assert!(
        library
            .rules("working-together-2018")
            .unwrap()
            .notification("care-leaver-death")
            .is_none()
    );
    assert_eq!(
        library
            .rules("working-together-2023")
            .unwrap()
            .notification("care-leaver-death")
            .unwrap()
            .duty,
        "should"
    );
}

#[test]
fn the_difference_between_2018_and_2023_names_care_leavers_integrated_care_boards_and_physical_health()
 {
    let library = library();
    let changes = diff(
        &library.rules("working-together-2018").unwrap(),
        &library.rules("working-together-2023").unwrap(),
    );
    let of = |part: &str, id: &str| -> Vec<&What> {
        changes
            .iter()
            .filter(|change| change.part == part && change.id == id)
            .map(|change| &change.what)
            .collect()
    };
    assert_eq!(of("notifications", "care-leaver-death"), [&What::Added]);
    assert_eq!(of("clocks", "notify-care-leaver-death"), [&What::Added]);
    assert_eq!(of("notes", "one-off-incident"), [&What::Added]);
    for (part, id) in [("circumstances", "several-areas"), ("partners", "health")] {
        let changed = of(part, id).into_iter().any(|what| {
            matches!(what, What::Changed { from, to, .. }
                if from.contains("clinical commissioning group") && to.contains("integrated care board"))
        });
        assert!(changed, "{part} {id}");
    }
    assert!(
        of("harm kinds", "physical-health")
            .iter()
            .any(|what| matches!(
                what,
                What::Changed {
                    field: "standing",
                    ..
                }
            ))
    );
    assert!(
        changes.iter().all(|change| change.what != What::Removed),
        "{changes:?}"
    );
    assert!(of("criteria", "improvements").is_empty());
}

#[test]
fn a_difference_from_something_to_itself_is_nothing_and_back_again_turns_added_to_removed() {
    let library = library();
    let old = library.rules("working-together-2018").unwrap();
    let new = library.rules("working-together-2023").unwrap();
    assert_eq!(diff(&old, &old), []);
    let there = diff(&old, &new);
    let back = diff(&new, &old);
    assert_eq!(there.len(), back.len());
    assert_eq!(
        there
            .iter()
            .filter(|change| change.what == What::Added)
            .count(),
        back.iter()
            .filter(|change| change.what == What::Removed)
            .count()
    );
}

#[test]
fn what_2026_carries_over_is_to_be_confirmed_or_disputed_and_never_said_to_have_been_read() {
    let rules = on(date(2026, 4, 1));
    let carried = rules
        .elements()
        .filter(|element| element.pack.as_str().starts_with("working-together"));
    for element in carried {
        assert_ne!(element.standing, Standing::ReadInSource, "{}", element.id);
    }
    for clock in rules
        .clocks
        .iter()
        .filter(|clock| clock.pack.as_str().starts_with("working-together"))
    {
        assert_ne!(clock.standing, Standing::ReadInSource, "{}", clock.id);
    }
    assert_ne!(rules.decision.standing, Standing::ReadInSource);
    assert!(
        rules
            .notifications
            .iter()
            .all(|kind| kind.standing != Standing::ReadInSource)
    );
}

#[test]
fn the_panel_of_2025_has_five_purposes_and_its_predecessors_four() {
    assert_eq!(on(date(2018, 7, 2)).rapid_review.len(), 4);
    assert_eq!(on(date(2021, 7, 14)).rapid_review.len(), 4);
    let rules = on(date(2026, 4, 1));
    assert_eq!(
        ids(&rules.rapid_review),
        [
            "gather-facts",
            "immediate-safety",
            "improvement",
            "next-steps",
            "context"
        ]
    );
}

#[test]
fn every_element_of_the_seed_is_in_seftons_rules_with_seftons_own_source() {
    let rules = library().rules("sefton-2021").unwrap();
    let own = |source: &guidance::Source, what: &str| {
        assert!(
            source.document.starts_with("Sefton LSCB manual"),
            "{what}: {source}"
        );
    };
    assert_eq!(rules.definition.limbs.len(), 2);
    rules
        .definition
        .limbs
        .iter()
        .for_each(|limb| own(&limb.element.source, "limb"));
    assert_eq!(rules.definition.harm_kinds.len(), 7);
    rules
        .definition
        .harm_kinds
        .iter()
        .for_each(|kind| own(&kind.source, &kind.id));
    assert_eq!(
        ids(&rules.definition.notes),
        [
            "likely-long-term",
            "recovery",
            "child-who-may-have-caused-harm"
        ]
    );
    rules
        .definition
        .notes
        .iter()
        .for_each(|note| own(&note.source, "note"));
    assert_eq!((rules.criteria.len(), rules.circumstances.len()), (4, 4));
    rules
        .considered()
        .for_each(|element| own(&element.source, element.id.as_str()));
    let areas = rules.element(&ElementId::from("several-areas")).unwrap();
    assert!(areas.question.contains("clinical commissioning group"));
    assert_eq!(rules.role(&rules.family.informer), "LSCB Chair");
    assert_eq!(rules.names["partnership"], "LSCB");
    own(&rules.family.source, "informer");
    assert_eq!(
        (rules.family.principles.len(), rules.family.explain.len()),
        (4, 3)
    );
    rules
        .family
        .principles
        .iter()
        .chain(&rules.family.explain)
        .for_each(|element| own(&element.source, "family"));
    assert_eq!(
        rules
            .route(&RouteId::from("reflective-review"))
            .unwrap()
            .label,
        "Reflective Review"
    );
    for duty in ["clear-evidence", "views-not-sought", "appropriateness"] {
        assert!(rules.element(&ElementId::from(duty)).is_some(), "{duty}");
    }
    assert_eq!(
        rules.partner(&PartnerId::from("health")).unwrap().body_word,
        "clinical commissioning group"
    );
    assert_eq!(
        rules.packs.iter().map(|pack| pack.kind).collect::<Vec<_>>(),
        [PackKind::National, PackKind::Panel, PackKind::Local]
    );
}

#[test]
fn no_text_of_a_pack_calls_a_child_a_perpetrator() {
    for pack in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies")).unwrap() {
        let text = std::fs::read_to_string(pack.unwrap().path())
            .unwrap()
            .to_lowercase();
        assert!(!text.contains("perpetrator"));
    }
}

#[test]
fn what_was_read_in_an_edition_stays_read_beside_guidance_of_the_panel_that_doubts_its_own() {
    for day in [
        date(2018, 7, 2),
        date(2023, 1, 9),
        date(2024, 1, 8),
        date(2025, 7, 1),
    ] {
        let rules = on(day);
        assert_eq!(
            rules
                .element(&ElementId::from("improvements"))
                .unwrap()
                .standing,
            Standing::ReadInSource,
            "{day}"
        );
        assert_eq!(
            rules
                .clock(&ClockId::from("notify-panel"))
                .unwrap()
                .standing,
            Standing::ReadInSource,
            "{day}"
        );
    }
}

#[test]
fn a_window_is_said_with_its_last_day() {
    let library = library();
    let words = |id: &str| library.pack(id).unwrap().in_force.words();
    assert_eq!(
        words("working-together-2023"),
        "15 December 2023 to 17 March 2026"
    );
    assert_eq!(words("working-together-2026"), "from 18 March 2026");
}
