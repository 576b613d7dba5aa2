//! Statements of law in packs: every edition has them with source and standing, later packs change them, misspelt ones are refused,
//! and what changed is told. Also which ways of meeting a limb ask for kinds of harm.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use guidance::{GuidanceError, Library, Limb, Rules, STATEMENTS, Standing, What, check, diff};
use std::sync::Arc;

const NATIONAL: &str = include_str!("../../../policies/working-together-2023.toml");

fn library() -> Library {
    Library::embedded().unwrap_or_else(|error| panic!("{error}"))
}

fn rules(id: &str) -> Arc<Rules> {
    library().rules(id).unwrap()
}

/// Rules of the edition of 2023 alone, after one change to its file.
fn changed(from: &str, to: &str) -> Arc<Rules> {
    assert!(NATIONAL.contains(from), "nothing to change: {from}");
    let text = NATIONAL.replacen(from, to, 1);
    let library = Library::of(vec![("x.toml".into(), text)]).unwrap_or_else(|e| panic!("{e}"));
    library.rules("working-together-2023").unwrap()
}

fn harmed(rules: &Rules) -> Limb {
    let id = "died-or-seriously-harmed".into();
    rules.definition.limb(&id).unwrap().clone()
}

/// A local pack over the current national edition; `rest` begins on line 9.
fn local(rest: &str) -> Result<Library, GuidanceError> {
    let text = format!(
        "id = \"merrowshire-2026\"\ntitle = \"Merrowshire\"\nkind = \"local\"\npartnership = \"Merrowshire\"\n\
         in-force = {{ from = 2026-05-01 }}\nextends = \"working-together-2026\"\n[sources]\n\
         own = {{ document = \"Merrowshire manual\", section = \"3\" }}\n{rest}"
    );
    library().with(vec![("x.toml".into(), text)])
}

#[test]
fn every_national_edition_makes_every_statement_with_its_source() {
    for id in [
        "working-together-2018",
        "working-together-2023",
        "working-together-2026",
    ] {
        let rules = rules(id);
        for statement in STATEMENTS {
            let said = rules
                .says(statement)
                .unwrap_or_else(|| panic!("`{id}` does not say `{statement}`"));
            assert!(said.text.ends_with('.') && !said.source.document.is_empty());
        }
        assert_eq!(rules.statements.len(), STATEMENTS.len());
    }
}

#[test]
fn what_was_only_recalled_is_to_be_confirmed() {
    let rules = rules("working-together-2023");
    let standing = |id| rules.says(id).unwrap().standing;
    assert_eq!(*standing("panel-cannot-order"), Standing::ToBeConfirmed);
    assert_eq!(*standing("place-decides"), Standing::ReadInSource);
}

#[test]
fn an_edition_that_takes_over_another_has_not_thereby_read_its_statements() {
    let rules = rules("working-together-2026");
    let said = rules.says("place-decides").unwrap();
    assert_eq!(*said.standing, Standing::ToBeConfirmed);
}

#[test]
fn the_panels_site_says_where_a_review_is_led_and_what_ends_a_rapid_review() {
    let before = rules("working-together-2023+panel-2022-09");
    let now = rules("working-together-2023+panel-2025-06");
    for id in ["area-of-place-leads", "not-met-ends-rapid-review"] {
        let (before, now) = (before.says(id).unwrap(), now.says(id).unwrap());
        assert_eq!(*before.standing, Standing::ToBeConfirmed);
        assert_eq!(*now.standing, Standing::ReadInSource);
        assert!(now.source.document.contains("Panel"), "{}", now.source);
    }
}

#[test]
fn the_help_of_a_duty_or_a_reminder_can_be_asked_for_too() {
    let rules = rules("sefton-2021");
    for id in ["appropriateness", "clear-evidence", "recovery"] {
        let said = rules.says(id).unwrap();
        let element = rules.element(&id.into()).unwrap();
        assert_eq!(
            (said.text, said.source),
            (&*element.help, &element.source),
            "{id}"
        );
    }
}

#[test]
fn what_an_edition_does_not_say_is_not_said() {
    let (before, after) = NATIONAL
        .split_once("[[statement]]\nid = \"panel-cannot-order\"")
        .unwrap();
    let (_, after) = after.split_once("[[statement]]").unwrap();
    let text = format!("{before}[[statement]]{after}");
    let library = Library::of(vec![("x.toml".into(), text)]).unwrap();
    let rules = library.rules("working-together-2023").unwrap();
    assert_eq!(rules.says("panel-cannot-order"), None);
    assert!(rules.says("place-decides").is_some());
}

#[test]
fn a_statement_no_page_asks_for_is_refused_with_the_ones_there_are() {
    let text = NATIONAL.replacen(
        "id = \"panel-cannot-order\"",
        "id = \"panel-canot-order\"",
        1,
    );
    let wrongs = check("x.toml", &text).expect_err("a misspelt id");
    let line = 1 + text
        .lines()
        .position(|l| l.contains("panel-canot-order"))
        .unwrap();
    assert_eq!(wrongs.len(), 1, "{wrongs:#?}");
    let said = wrongs[0].to_string();
    assert_eq!(wrongs[0].line, line);
    assert!(
        said.contains("\"panel-cannot-order\"") && said.contains("found \"panel-canot-order\""),
        "{said}"
    );
}

#[test]
fn a_statement_without_words_or_with_an_unknown_key_is_refused() {
    for (from, to, key) in [
        (
            "text = \"The Panel cannot",
            "words = \"The Panel cannot",
            "statement.panel-cannot-order.words",
        ),
        (
            "text = \"The Panel cannot order a local review. The partners consider what it says and decide again, with reasons, where they think fit.\"\n",
            "",
            "statement.panel-cannot-order.text",
        ),
    ] {
        assert!(NATIONAL.contains(from), "{from}");
        let wrongs = check("x.toml", &NATIONAL.replacen(from, to, 1)).expect_err(key);
        assert!(wrongs.iter().any(|wrong| wrong.key == key), "{wrongs:#?}");
    }
}

#[test]
fn a_local_pack_says_in_its_own_words_what_is_left_to_it_and_nothing_else() {
    let statement = |id: &str| {
        format!(
            "[[statement]]\nid = \"{id}\"\ntext = \"In our words.\"\nsource = \"own\"\nstanding = \"read\"\n"
        )
    };
    let library = local(&statement("taking-part-is-a-choice")).unwrap();
    let rules = library.rules("merrowshire-2026").unwrap();
    let said = rules.says("taking-part-is-a-choice").unwrap();
    assert_eq!(
        (said.text, said.source.document.as_str()),
        ("In our words.", "Merrowshire manual")
    );
    let refused = local(&statement("place-decides")).unwrap_err().to_string();
    assert!(
        refused.contains("x.toml:9: `statement.place-decides`")
            && refused.contains("does not leave this to local choice"),
        "{refused}"
    );
}

#[test]
fn what_changed_between_two_editions_tells_of_statements() {
    let changes = diff(
        &rules("working-together-2018"),
        &rules("working-together-2023"),
    );
    let of: Vec<_> = changes
        .iter()
        .filter(|c| c.part == "statements" && c.id == "notify-is-the-authoritys")
        .collect();
    assert_eq!(of.len(), 1, "{of:#?}");
    let What::Changed { field, from, to } = &of[0].what else {
        panic!("{of:#?}")
    };
    assert_eq!(*field, "text");
    assert!(!from.contains("on behalf") && to.contains("on behalf"));
}

#[test]
fn a_child_who_died_is_not_asked_for_kinds_of_harm_because_the_packs_say_so() {
    for id in [
        "working-together-2018",
        "sefton-2021",
        "working-together-2023",
        "working-together-2026",
    ] {
        let limb = harmed(&rules(id));
        assert!(!limb.asks_harm_kinds(Some("died")), "{id}");
        assert!(limb.asks_harm_kinds(Some("seriously-harmed")), "{id}");
        assert!(limb.may_ask_harm_kinds(), "{id}");
    }
    let first = &rules("working-together-2023").definition.limbs[0];
    assert!(!first.may_ask_harm_kinds() && !first.asks_harm_kinds(Some("known")));
}

#[test]
fn a_pack_of_before_stays_valid_and_the_limbs_own_word_holds_for_every_way() {
    let text = NATIONAL
        .replace(", needs-harm-kinds = false }", " }")
        .replace(", needs-harm-kinds = true }", " }");
    let (with, _) = text.split_once("# --- Sentences that pages show").unwrap();
    let library = Library::of(vec![("x.toml".into(), with.to_owned())]).unwrap();
    let rules = library.rules("working-together-2023").unwrap();
    assert!(rules.statements.is_empty() && rules.says("place-decides").is_none());
    let limb = harmed(&rules);
    assert!(limb.asks_harm_kinds(Some("died")) && limb.asks_harm_kinds(None));
}

#[test]
fn an_option_can_ask_for_kinds_of_harm_where_its_limb_does_not() {
    let limb = harmed(&changed(
        "needs-harm-kinds = true\nsource",
        "needs-harm-kinds = false\nsource",
    ));
    assert!(!limb.asks_harm_kinds(None) && !limb.asks_harm_kinds(Some("died")));
    assert!(limb.asks_harm_kinds(Some("seriously-harmed")) && limb.may_ask_harm_kinds());
}

#[test]
fn only_a_way_of_meeting_a_limb_says_whether_kinds_of_harm_are_asked_for() {
    let text = NATIONAL.replacen(
        "label = \"It does\", weight = \"yes\" }",
        "label = \"It does\", weight = \"yes\", needs-harm-kinds = true }",
        1,
    );
    let wrongs = check("x.toml", &text).expect_err("a finding of a criterion");
    assert_eq!(wrongs.len(), 1, "{wrongs:#?}");
    assert_eq!(wrongs[0].key, "findings.usual.needs-harm-kinds");
}

#[test]
fn what_changed_tells_of_ways_that_ask_for_kinds_of_harm() {
    let before = changed(", needs-harm-kinds = false }", " }");
    let changes = diff(&before, &changed("title", "title"));
    let told: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].contains("`died-or-seriously-harmed`: options")
            && told[0].contains("without kinds of harm"),
        "{told:#?}"
    );
}
