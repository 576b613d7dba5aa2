//! The access matrix: every part, role and act against the reviewed text file beside this test.

use access::{Act, Person, Role, Standing, permit, permit_in_office};
use cases::members::Part;

fn person(role: Role) -> Person {
    Person {
        id: "p".into(),
        name: "Test Person".into(),
        email: "p@example.org".into(),
        role,
        seat: None,
        left: false,
    }
}

fn matrix() -> String {
    let standings = [
        ("runs the case", Standing::Member(Part::Manages)),
        ("covers for an absent manager", Standing::Covers),
        ("decides for a partner", Standing::Member(Part::Decides)),
        ("chairs", Standing::Member(Part::Chairs)),
        ("reads", Standing::Member(Part::Reads)),
        ("not a member", Standing::Stranger),
        ("barred", Standing::Barred),
    ];
    let mut lines =
        vec!["# In a case: act, standing, answer (any role but the administrator)".to_owned()];
    for act in Act::IN_CASE {
        for (name, standing) in standings {
            let answer = match permit(&person(Role::BusinessManager), act, standing) {
                Ok(permit) => format!("yes: {}", permit.rule()),
                Err(denied) => format!("no: {denied}"),
            };
            lines.push(format!("{act:?} | {name} | {answer}"));
        }
    }
    lines.push("# In a case: the administrator, added by mistake".to_owned());
    for act in Act::IN_CASE {
        let answer = permit(
            &person(Role::Administrator),
            act,
            Standing::Member(Part::Manages),
        )
        .map_or_else(|d| format!("no: {d}"), |p| format!("yes: {}", p.rule()));
        lines.push(format!("{act:?} | administrator | {answer}"));
    }
    lines.push("# In the partnership: act, role, answer".to_owned());
    for act in Act::IN_OFFICE {
        for role in Role::ALL {
            let answer = permit_in_office(&person(role), act)
                .map_or_else(|d| format!("no: {d}"), |p| format!("yes: {}", p.rule()));
            lines.push(format!("{act:?} | {} | {answer}", role.id()));
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_access_matrix_is_the_reviewed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/matrix.txt");
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    let now = matrix();
    if std::env::var_os("CANDOUR_WRITE_MATRIX").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    assert_eq!(
        reviewed, now,
        "review the change, then run with CANDOUR_WRITE_MATRIX=1 to write crates/access/matrix.txt"
    );
}

#[test]
fn someone_who_has_left_may_do_nothing() {
    let mut gone = person(Role::BusinessManager);
    gone.left = true;
    for act in Act::IN_CASE {
        assert!(permit(&gone, act, Standing::Member(Part::Manages)).is_err());
    }
    for act in Act::IN_OFFICE {
        assert!(permit_in_office(&gone, act).is_err());
    }
}
