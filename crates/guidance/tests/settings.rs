//! A partnership's settings: read back as written, refused with the line, and held to the floors of the edition.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use std::collections::BTreeMap;

use guidance::{
    BodySetting, ClockId, GuidanceError, Library, Numbers, PackId, PartnerId, PartnerSetting,
    RoleId, RouteId, Rules, Settings,
};
use proptest::prelude::*;

fn rules() -> std::sync::Arc<Rules> {
    Library::embedded()
        .unwrap()
        .rules("working-together-2026")
        .unwrap()
}

fn partner(id: &str, bodies: &[(&str, &str)]) -> PartnerSetting {
    let bodies = bodies
        .iter()
        .map(|(id, name)| BodySetting {
            id: (*id).into(),
            name: (*name).into(),
        })
        .collect();
    PartnerSetting {
        id: PartnerId::from(id),
        bodies,
    }
}

fn settings() -> Settings {
    Settings {
        name: "Merrowshire Safeguarding Children Partnership".into(),
        short: "MER".into(),
        area: "Merrowshire".into(),
        local_pack: Some(PackId::from("merrowshire-2026")),
        session_minutes: 30,
        largest_file: 500,
        quorum: Some(3),
        routes_off: vec![RouteId::from("audit")],
        family_update: Some("after each panel meeting".into()),
        front_door: Numbers {
            front_door: "01632 960001".into(),
            out_of_hours: "01632 960002".into(),
            emergency: "999".into(),
        },
        roles: BTreeMap::from([(RoleId::from("chair"), "Independent chair".into())]),
        readings: BTreeMap::from([("rapid-review".into(), "aware".into())]),
        erasure: guidance::ErasureSettings::default(),
        access: guidance::AccessSettings::default(),
        partners: vec![
            partner(
                "local-authority",
                &[("merrowshire-council", "Merrowshire Council")],
            ),
            partner(
                "health",
                &[("north", "North Merrow ICB"), ("tilbrook", "Tilbrook ICB")],
            ),
            partner("police", &[("merrow-police", "Merrow Police")]),
        ],
    }
}

fn refused(settings: &Settings) -> Vec<String> {
    match rules().with_settings(settings).unwrap_err() {
        GuidanceError::SettingsRefused { reasons, .. } => reasons,
        other => panic!("{other}"),
    }
}

#[test]
fn settings_are_read_back_as_they_were_written() {
    let text = settings().to_toml();
    assert_eq!(
        Settings::parse("settings.toml", &text)
            .unwrap_or_else(|wrongs| panic!("{wrongs:?}\n{text}")),
        settings()
    );
    assert!(text.contains("# The numbers people see"), "{text}");
}

proptest! {
    #[test]
    fn any_names_survive_the_file(name in "\\PC{1,40}", area in "[^\\x00]{1,30}", minutes in 5u16..=720) {
        prop_assume!(!name.trim().is_empty() && !area.trim().is_empty());
        let settings = Settings { name, area, session_minutes: minutes, ..settings() };
        prop_assert_eq!(Settings::parse("settings.toml", &settings.to_toml()).unwrap(), settings);
    }
}

#[test]
fn what_the_file_leaves_out_is_filled_in() {
    let text = "name = \"M\"\nshort = \"MER\"\narea = \"M\"\npartners = []\n\
        [front-door]\nfront-door = \"1\"\nout-of-hours = \"2\"\nemergency = \"999\"\n";
    let settings = Settings::parse("settings.toml", text).unwrap();
    assert_eq!(
        (
            settings.session_minutes,
            settings.quorum,
            settings.local_pack
        ),
        (30, None, None)
    );
}

#[test]
fn a_wrong_settings_file_is_refused_with_line_and_key() {
    let text = settings().to_toml();
    for (from, to, key) in [
        ("short = \"MER\"", "short = \"merrowshire\"", "short"),
        (
            "session-minutes = 30",
            "session-minutes = 3",
            "session-minutes",
        ),
        (
            "session-minutes = 30",
            "session-minuets = 30",
            "session-minuets",
        ),
        ("area = \"Merrowshire\"", "area = 5", "area"),
        ("emergency = \"999\"", "", "front-door.emergency"),
        ("id = \"tilbrook\"", "id = \"north\"", "partners.bodies.id"),
        ("id = \"health\"", "id = \"police\"", "partners.id"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let wrongs = Settings::parse("settings.toml", &changed).unwrap_err();
        assert!(
            wrongs.iter().any(|wrong| wrong.key == key),
            "{key}: {wrongs:?}"
        );
        let line = 1 + text.lines().position(|line| line.contains(from)).unwrap();
        if !to.is_empty() && !key.contains('.') {
            assert!(
                wrongs.iter().any(|wrong| wrong.line == line),
                "{key} on {line}: {wrongs:?}"
            );
        }
    }
}

#[test]
fn the_choices_are_applied() {
    let rules = rules().with_settings(&settings()).unwrap();
    assert_eq!(rules.role(&RoleId::from("chair")), "Independent chair");
    assert!(rules.route(&RouteId::from("audit")).is_none());
    assert!(rules.route(&RouteId::from("reflective-review")).is_some());
    let clock = rules.clock(&ClockId::from("rapid-review")).unwrap();
    assert_eq!(clock.trigger.as_str(), "aware");
    assert_eq!(clock.standing.applied().unwrap().id, "aware");
}

#[test]
fn a_quorum_may_not_be_below_the_floor_or_above_the_partners() {
    assert!(
        refused(&Settings {
            quorum: Some(2),
            ..settings()
        })[0]
            .contains("may not be below 3")
    );
    assert!(
        refused(&Settings {
            quorum: Some(4),
            ..settings()
        })[0]
            .contains("3 partners")
    );
}

#[test]
fn a_route_the_edition_always_leaves_open_cannot_be_switched_off() {
    let routes_off = vec![RouteId::from("nothing-further"), RouteId::from("tea")];
    let reasons = refused(&Settings {
        routes_off,
        ..settings()
    });
    assert!(
        reasons[0].contains("always leaves open") && reasons[1].contains("no route"),
        "{reasons:?}"
    );
}

#[test]
fn every_partner_has_a_body_and_none_is_invented() {
    let partners = vec![
        partner("local-authority", &[("council", "Merrowshire Council")]),
        partner("police", &[("police", "Merrow Police")]),
        partner("schools", &[("schools", "Schools")]),
    ];
    let reasons = refused(&Settings {
        partners,
        ..settings()
    });
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(
        reasons[0].contains("`schools`") && reasons[1].contains("no body for `health`"),
        "{reasons:?}"
    );
}

#[test]
fn only_a_reading_that_says_what_starts_the_clock_can_be_chosen() {
    let with = |clock: &str, reading: &str| {
        refused(&Settings {
            readings: BTreeMap::from([(clock.into(), reading.into())]),
            ..settings()
        })
        .remove(0)
    };
    assert!(with("rapid-review", "day-sixteen").contains("`notified` or `aware`"));
    assert!(with("publish-report", "aware").contains("not disputed"));
    assert!(with("tea-break", "aware").contains("no clock"));
}

#[test]
fn a_role_the_edition_does_not_know_is_refused() {
    let roles = BTreeMap::from([(RoleId::from("mayor"), "Mayor".into())]);
    assert!(
        refused(&Settings {
            roles,
            ..settings()
        })[0]
            .contains("roles.mayor")
    );
}
