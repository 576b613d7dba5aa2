//! A pack that is wrong is refused with file, line, key and what is expected.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use guidance::{GuidanceError, Library, Wrong, check};

const NATIONAL: &str = include_str!("../../../policies/working-together-2023.toml");
const LATER: &str = include_str!("../../../policies/working-together-2026.toml");
const PANEL: &str = include_str!("../../../policies/panel-2019-04.toml");
const SEFTON: &str = include_str!("../../../policies/sefton-2021.toml");

/// The line, from 1, on which the text first stands in the file.
fn line(file: &str, text: &str) -> usize {
    1 + file
        .lines()
        .position(|line| line.contains(text))
        .unwrap_or_else(|| panic!("no line with {text}"))
}

/// The faults of a pack by itself.
fn wrongs(text: &str) -> Vec<Wrong> {
    check("x.toml", text).expect_err("the pack should be refused")
}

/// The one fault of a pack by itself.
fn wrong(text: &str) -> Wrong {
    let mut wrongs = wrongs(text);
    assert_eq!(wrongs.len(), 1, "{wrongs:#?}");
    wrongs.remove(0)
}

/// The one fault of this file beside the embedded packs.
fn beside(text: &str) -> Wrong {
    let error = Library::embedded()
        .unwrap()
        .with(vec![("x.toml".into(), text.into())])
        .unwrap_err();
    let GuidanceError::Wrong(mut wrongs) = error else {
        panic!("{error}")
    };
    assert_eq!(wrongs.len(), 1, "{wrongs:#?}");
    wrongs.remove(0)
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to replace: {from}");
    text.replacen(from, to, 1)
}

/// A small local pack that extends the current national edition; `rest` begins on line 9.
fn local(rest: &str) -> String {
    format!(
        "id = \"merrowshire-2026\"\ntitle = \"Merrowshire\"\nkind = \"local\"\npartnership = \"Merrowshire\"\n\
         in-force = {{ from = 2026-05-01 }}\nextends = \"working-together-2026\"\n[sources]\n\
         own = {{ document = \"Merrowshire manual\", section = \"3\" }}\n{rest}"
    )
}

#[test]
fn a_file_that_is_no_toml() {
    let found = wrong("id = \"a\"\ntitle = \n");
    assert_eq!(found.line, 2);
    assert!(
        found
            .to_string()
            .starts_with("x.toml:2: expected a TOML file"),
        "{found}"
    );
}

#[test]
fn an_unknown_key_at_the_top_and_in_an_item() {
    let found = wrong(&replaced(
        NATIONAL,
        "kind = \"national\"",
        "kind = \"national\"\ncolour = \"blue\"",
    ));
    assert_eq!(
        (found.key.as_str(), found.line),
        ("colour", line(NATIONAL, "kind = \"national\"") + 1)
    );
    assert!(found.expected.contains("`criterion`"), "{found}");

    let text = replaced(
        NATIONAL,
        "title = \"Notify the Panel\"",
        "title = \"Notify the Panel\"\nwithin = 5",
    );
    let found = wrong(&text);
    assert_eq!(
        (found.key.as_str(), found.line),
        ("clock.notify-panel.within", line(&text, "within = 5"))
    );
    assert!(found.expected.contains("`length`"), "{found}");
}

#[test]
fn a_missing_source() {
    let text = replaced(NATIONAL, "source = \"report-incident\"\n", "");
    let found = wrong(&text);
    assert_eq!(found.key, "notification.looked-after-death.source");
    assert_eq!(found.line, line(&text, "id = \"looked-after-death\"") - 1);
    assert!(
        found.expected.starts_with("where this is written"),
        "{found}"
    );
}

#[test]
fn a_source_that_is_not_among_the_sources() {
    let text = replaced(
        NATIONAL,
        "source = \"regulation-14\"",
        "source = \"regulation-41\"",
    );
    let found = wrong(&text);
    assert_eq!(
        (found.key.as_str(), found.line),
        ("duty.monitor-review.source", line(&text, "regulation-41"))
    );
    assert!(
        found.expected.contains("`regulation-14`")
            && found.expected.contains("found `regulation-41`"),
        "{found}"
    );
}

#[test]
fn a_missing_standing() {
    let found = wrong(&replaced(
        NATIONAL,
        "source = \"regulation-11\"\nstanding = \"read\"",
        "source = \"regulation-11\"",
    ));
    assert_eq!(found.key, "criterion.improvements.standing");
}

#[test]
fn an_id_used_twice_also_across_criteria_and_circumstances() {
    let text = replaced(NATIONAL, "id = \"single-agency\"", "id = \"improvements\"");
    let found = wrong(&text);
    assert_eq!(found.key, "circumstance.id");
    let first = line(&text, "id = \"improvements\"");
    assert!(
        found.line > first
            && found
                .expected
                .contains(&format!("stands on line {first} too")),
        "{found}"
    );

    let text = replaced(NATIONAL, "id = \"tell-partners\"", "id = \"notify-panel\"");
    assert_eq!(wrong(&text).key, "clock.id");
}

#[test]
fn a_window_upside_down_or_empty() {
    for until in ["2023-12-14", "2023-12-15"] {
        let found = wrong(&replaced(
            NATIONAL,
            "until = 2026-03-18",
            &format!("until = {until}"),
        ));
        assert_eq!(
            (found.key.as_str(), found.line),
            ("in-force.until", line(NATIONAL, "in-force"))
        );
        assert!(found.expected.contains("2023-12-15"), "{found}");
    }
}

#[test]
fn a_day_that_does_not_exist() {
    assert!(
        !wrongs(&replaced(
            NATIONAL,
            "from = 2023-12-15",
            "from = 2023-02-29"
        ))
        .is_empty()
    );
}

#[test]
fn a_clock_with_an_unknown_trigger() {
    let text = replaced(NATIONAL, "trigger = \"aware\"", "trigger = \"suspicious\"");
    let found = wrong(&text);
    assert_eq!(
        (found.key.as_str(), found.line),
        ("clock.notify-panel.trigger", line(&text, "suspicious"))
    );
    assert!(found.expected.contains("`aware`"), "{found}");
}

#[test]
fn a_clock_with_a_wrong_length() {
    for length in [
        "5",
        "{ fortnights = 2 }",
        "{ working-days = 0 }",
        "{ months = 6, years = 1 }",
        "\"soon\"",
    ] {
        let text = replaced(
            NATIONAL,
            "length = { working-days = 5 }",
            &format!("length = {length}"),
        );
        let found = wrong(&text);
        assert_eq!(
            (found.key.as_str(), found.line),
            (
                "clock.notify-panel.length",
                line(&text, &format!("length = {length}"))
            )
        );
        assert!(found.expected.contains("{ working-days = 5 }"), "{found}");
    }
}

#[test]
fn an_unknown_set_of_findings() {
    let found = wrong(&replaced(
        NATIONAL,
        "findings = \"panel\"",
        "findings = \"pannel\"",
    ));
    assert_eq!(found.key, "criterion.panel-conclusion.findings");
    assert!(found.expected.contains("`panel`"), "{found}");
}

#[test]
fn a_weight_that_is_none() {
    let found = wrong(&replaced(
        NATIONAL,
        "weight = \"possibly\"",
        "weight = \"perhaps\"",
    ));
    assert_eq!(found.key, "findings.usual.may.weight");
    assert!(found.expected.contains("\"possibly\""), "{found}");
}

#[test]
fn a_route_that_needs_an_unknown_element() {
    let needs = "id = \"audit\"\nneeds = [{ element = \"weather\", at-least = \"possibly\" }]";
    let found = wrong(&replaced(NATIONAL, "id = \"audit\"", needs));
    assert_eq!(found.key, "route.audit.needs");
    assert!(
        found.expected.contains("`single-agency`") && found.expected.contains("found `weather`"),
        "{found}"
    );
}

#[test]
fn a_default_that_is_no_reading_and_a_clock_that_does_not_follow_its_reading() {
    let found = wrong(&replaced(
        NATIONAL,
        "{ default = \"notified\"",
        "{ default = \"told\"",
    ));
    assert_eq!(found.key, "clock.rapid-review.standing.default");
    let found = wrong(&replaced(
        NATIONAL,
        "{ default = \"notified\"",
        "{ default = \"aware\"",
    ));
    assert_eq!(found.key, "clock.rapid-review.trigger");
}

#[test]
fn unknown_partners_clocks_roles_and_kinds_of_notification() {
    for (from, to, key) in [
        (
            "must-sign = [\"local-authority\"",
            "must-sign = [\"fire-service\"",
            "decision.must-sign",
        ),
        (
            "due-clock = \"rapid-review\"",
            "due-clock = \"slow-review\"",
            "decision.due-clock",
        ),
        (
            "informer = \"chair\"",
            "informer = \"mayor\"",
            "family.informer",
        ),
        (
            "applies-to = [\"serious-incident\"]",
            "applies-to = [\"incident\"]",
            "clock.notify-panel.applies-to",
        ),
        ("quorum = 3", "quorum = 4", "decision.quorum"),
        ("quorum = 3", "quorum = 0", "decision.quorum"),
    ] {
        let found = wrong(&replaced(NATIONAL, from, to));
        assert_eq!(found.key, key, "{found}");
    }
}

#[test]
fn an_edition_without_criteria_is_not_complete() {
    let text: String = NATIONAL
        .split("[[")
        .filter(|part| !part.starts_with("criterion]]"))
        .collect::<Vec<_>>()
        .join("[[");
    assert!(wrongs(&text).iter().any(|wrong| wrong.key == "criterion"));
}

#[test]
fn several_faults_are_all_told_in_the_order_of_lines() {
    let text = replaced(
        &replaced(NATIONAL, "quorum = 3", "quorum = \"three\""),
        "duty = \"must\"",
        "duty = \"may\"",
    );
    let found = wrongs(&text);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].line < found[1].line);
}

#[test]
fn packs_that_extend_each_other_in_a_circle() {
    let error = Library::of(vec![
        (
            "a.toml".into(),
            replaced(
                NATIONAL,
                "kind = \"national\"",
                "kind = \"national\"\nextends = \"working-together-2026\"",
            ),
        ),
        ("b.toml".into(), LATER.into()),
    ])
    .unwrap_err();
    let GuidanceError::Wrong(wrongs) = error else {
        panic!("{error}")
    };
    assert_eq!(wrongs.len(), 2, "{wrongs:#?}");
    assert!(
        wrongs.iter().all(|wrong| wrong.key == "extends"
            && wrong.expected.contains("does not come back to itself"))
    );
    assert_eq!(wrongs[1].line, line(LATER, "extends ="));

    let itself = replaced(
        LATER,
        "extends = \"working-together-2023\"",
        "extends = \"working-together-2026\"",
    );
    let Err(GuidanceError::Wrong(wrongs)) = Library::of(vec![("b.toml".into(), itself)]) else {
        panic!("accepted")
    };
    assert_eq!(wrongs[0].key, "extends");
}

#[test]
fn a_pack_that_extends_nothing_known_or_the_wrong_kind() {
    let found = beside(&replaced(
        &local(""),
        "extends = \"working-together-2026\"",
        "extends = \"working-together-2062\"",
    ));
    assert_eq!((found.key.as_str(), found.line), ("extends", 6));
    let found = beside(&replaced(
        &local(""),
        "extends = \"working-together-2026\"",
        "extends = \"panel-2025-06\"",
    ));
    assert!(found.expected.contains("a national pack"), "{found}");
}

#[test]
fn two_packs_of_the_same_kind_in_force_on_one_day() {
    let panel = replaced(
        &replaced(PANEL, "id = \"panel-2019-04\"", "id = \"panel-2019-05\""),
        "until = 2022-09-01",
        "until = 2020-01-01",
    );
    let found = beside(&replaced(&panel, "from = 2019-04-01", "from = 2019-05-01"));
    assert_eq!(
        (found.key.as_str(), found.line),
        ("in-force", line(PANEL, "in-force"))
    );
    assert!(found.expected.contains("`panel-2019-04`"), "{found}");
}

#[test]
fn local_packs_overlap_only_within_one_partnership() {
    let again = replaced(SEFTON, "id = \"sefton-2021\"", "id = \"sefton-2022\"");
    let again = replaced(&again, "from = 2021-07-14", "from = 2022-07-14");
    assert_eq!(beside(&again).key, "in-force");
    let other = replaced(
        &again,
        "partnership = \"Sefton\"\nin-force",
        "partnership = \"Merrowshire\"\nin-force",
    );
    assert!(
        Library::embedded()
            .unwrap()
            .with(vec![("x.toml".into(), other)])
            .is_ok()
    );
}

#[test]
fn a_local_pack_whose_days_miss_the_edition_it_extends() {
    let found = beside(
        &replaced(SEFTON, "{ from = 2021-07-14 }", "{ from = 2024-01-01 }")
            .replace("Sefton\"\nin", "Other\"\nin")
            .replace("sefton-2021", "other-2024"),
    );
    assert_eq!(found.key, "in-force");
    assert!(
        found.expected.contains("`working-together-2018`"),
        "{found}"
    );
}

#[test]
fn an_id_of_a_pack_used_twice() {
    assert_eq!(beside(SEFTON).key, "id");
}

#[test]
fn a_local_pack_without_what_it_extends_and_whose_it_is() {
    let keys: Vec<String> =
        wrongs("id = \"m\"\ntitle = \"M\"\nkind = \"local\"\nin-force = { from = 2026-05-01 }\n")
            .into_iter()
            .map(|wrong| wrong.key)
            .collect();
    assert_eq!(keys, ["extends", "partnership"]);
}

#[test]
fn a_local_pack_refers_to_what_its_edition_does_not_know() {
    let text = local(
        "[[clock]]\nid = \"ask-agencies\"\ntitle = \"Ask\"\ntrigger = \"asked\"\nlength = { working-days = 7 }\n\
        owed-by = \"Agencies\"\nowed-to = [\"Business manager\"]\ndone-when = \"returned\"\nsource = \"own\"\nstanding = \"read\"\n",
    );
    let found = beside(&text);
    assert_eq!(
        (found.key.as_str(), found.line),
        ("clock.ask-agencies.trigger", line(&text, "asked"))
    );
}

/// What a local pack may not do, and where it is told.
#[test]
fn floors_that_a_local_pack_may_not_lower() {
    for (rest, key, expected) in [
        (
            "[[clock]]\nid = \"notify-panel\"\nlength = { working-days = 6 }",
            "clock.notify-panel.length",
            "working-days = 5 or fewer",
        ),
        (
            "[[clock]]\nid = \"notify-panel\"\nlength = { calendar-days = 5 }",
            "clock.notify-panel.length",
            "working-days = 5 or fewer",
        ),
        (
            "[[clock]]\nid = \"publish-report\"\nlength = { months = 12 }",
            "clock.publish-report.length",
            "months = 6 or fewer",
        ),
        (
            "[[clock]]\nid = \"publish-report\"\nlength = \"as-soon-as-possible\"",
            "clock.publish-report.length",
            "months = 6 or fewer",
        ),
        (
            "[[clock]]\nid = \"send-before-publication\"\nlength = { clear-working-days-before = 6 }",
            "clock.send-before-publication.length",
            "= 7 or more",
        ),
        (
            "[[clock]]\nid = \"keep-published\"\nlength = { months = 6 }",
            "clock.keep-published.length",
            "years = 1 or more",
        ),
        (
            "[[clock]]\nid = \"keep-published\"\nfloor = \"at-most\"",
            "clock.keep-published.floor",
            "only other words",
        ),
        (
            "[[clock]]\nid = \"keep-published\"\nday-zero = \"trigger-day-counts\"",
            "clock.keep-published.day-zero",
            "a laxer one",
        ),
        (
            "[[clock]]\nid = \"notify-panel\"\ntrigger = \"notified\"",
            "clock.notify-panel.trigger",
            "the trigger `working-together-2023` sets",
        ),
        (
            "[[clock]]\nid = \"notify-panel\"\napplies-to = [\"looked-after-death\"]",
            "clock.notify-panel.applies-to",
            "only other words",
        ),
        (
            "[[criterion]]\nid = \"improvements\"\nfindings = \"panel\"",
            "criterion.improvements.findings",
            "only other words",
        ),
        (
            "[[limb]]\nid = \"died-or-seriously-harmed\"\nneeds-harm-kinds = false",
            "limb.died-or-seriously-harmed.needs-harm-kinds",
            "only other words",
        ),
        (
            "[[notification]]\nid = \"serious-incident\"\nduty = \"should\"",
            "notification.serious-incident",
            "does not leave this to local choice",
        ),
        (
            "[[place]]\nid = \"in-area\"\nnotifies = \"authority-of-residence\"",
            "place.in-area",
            "does not leave this to local choice",
        ),
        (
            "[[place]]\nid = \"at-sea\"\nlabel = \"At sea\"\nnotifies = \"this-authority\"",
            "place.at-sea",
            "cannot add one",
        ),
        (
            "[[duty]]\nid = \"rationale\"\nhelp = \"Reasons are recorded where convenient.\"",
            "duty.rationale",
            "does not leave this to local choice",
        ),
        (
            "[[duty]]\nid = \"monitor-review\"\nhelp = \"Once.\"",
            "duty.monitor-review",
            "does not leave this to local choice",
        ),
        (
            "[[route]]\nid = \"nothing-further\"\nlabel = \"NFA\"",
            "route.nothing-further",
            "does not leave this to local choice",
        ),
    ] {
        let text = local(&format!("{rest}\nsource = \"own\"\nstanding = \"read\"\n"));
        let found = beside(&text);
        assert_eq!(found.key, key, "{found}");
        assert!(found.expected.contains(expected), "{found}");
        assert!((9..=11).contains(&found.line), "{found}");
    }
    for (rest, key) in [
        (
            "[decision]\nquorum = 2\nsource = \"own\"\nstanding = \"read\"\n",
            "decision.quorum",
        ),
        (
            "[decision]\nmust-sign = [\"police\"]\nsource = \"own\"\nstanding = \"read\"\n",
            "decision.must-sign",
        ),
        (
            "[decision]\ndue-clock = \"publish-report\"\nsource = \"own\"\nstanding = \"read\"\n",
            "decision.due-clock",
        ),
        (
            "[definition]\ntitle = \"Critical incident\"\n",
            "definition.title",
        ),
        ("[triggers]\naware = \"Somebody heard\"\n", "triggers.aware"),
        (
            "[findings]\nusual = [{ id = \"does\", label = \"Yes\", weight = \"no\" }]\n",
            "findings.usual",
        ),
    ] {
        assert_eq!(beside(&local(rest)).key, key);
    }
}

#[test]
fn what_a_local_pack_may_do() {
    let text = local(
        "[roles]\nchair = \"Independent chair\"\n[decision]\nrule = \"majority\"\ntie-break = \"The chair is asked.\"\nsource = \"own\"\nstanding = \"read\"\n\
         [[clock]]\nid = \"notify-panel\"\nlength = { working-days = 3 }\nsource = \"own\"\nstanding = \"read\"\n\
         [[clock]]\nid = \"keep-published\"\nlength = { years = 3 }\nsource = \"own\"\nstanding = \"read\"\n\
         [[criterion]]\nid = \"local-concern\"\nlabel = \"Local concern\"\nquestion = \"Does it touch a priority of ours?\"\nsource = \"own\"\nstanding = \"read\"\n\
         [[route]]\nid = \"reflective-review\"\nlabel = \"Looking back together\"\nsource = \"own\"\nstanding = \"read\"\n",
    );
    let library = Library::embedded()
        .unwrap()
        .with(vec![("x.toml".into(), text)])
        .unwrap();
    let rules = library.rules("merrowshire-2026").unwrap();
    assert_eq!(
        rules.id,
        "working-together-2026+panel-2025-06+merrowshire-2026"
    );
    assert_eq!(
        rules.clock(&"notify-panel".into()).unwrap().length,
        calendar::Length::WorkingDays(3)
    );
    assert_eq!(
        rules.clock(&"keep-published".into()).unwrap().length,
        calendar::Length::Years(3)
    );
    assert_eq!(rules.criteria.len(), 5);
    assert_eq!(rules.criteria[4].findings.len(), 4);
    assert_eq!(rules.role(&"chair".into()), "Independent chair");
    let route = rules.route(&"reflective-review".into()).unwrap();
    assert!(route.label == "Looking back together" && !route.help.is_empty());
}

#[test]
fn a_pack_that_takes_nothing_over_and_says_how() {
    let found = wrong(&replaced(
        NATIONAL,
        "kind = \"national\"",
        "kind = \"national\"\ninherited = \"to-be-confirmed\"",
    ));
    assert_eq!(found.key, "inherited");
}
