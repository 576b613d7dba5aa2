//! The access matrix: every part, role and act against the reviewed text file beside this test.

use access::{Act, Back, Person, Role, Standing, Way, permit, permit_in_office};
use cases::members::Part;

fn person(role: Role) -> Person {
    Person {
        id: "p".into(),
        name: "Test Person".into(),
        email: "p@example.org".into(),
        role,
        seat: None,
        agency: None,
        agencies_too: Default::default(),
        left: false,
    }
}

/// A role that carries the part of a standing.
fn role_for(standing: Standing) -> Role {
    let Way::Member(part) = standing.way else {
        return Role::BusinessManager;
    };
    match Role::ALL
        .into_iter()
        .find(|role| access::parts_of(*role).contains(&part))
    {
        Some(Role::Reader) | None => match part {
            Part::Reviews => Role::Reviewer,
            Part::Panel => Role::PanelMember,
            Part::Advises => Role::LegalAdviser,
            Part::Communicates => Role::CommunicationsLead,
            _ => Role::Auditor,
        },
        Some(role) => role,
    }
}

fn matrix() -> String {
    let member = |part| Standing::by(Way::Member(part));
    let back = |part, back| Standing {
        back,
        ..Standing::by(Way::Member(part))
    };
    let (decision, family, documents) = (
        Back {
            decision: true,
            ..Back::NOTHING
        },
        Back {
            family: true,
            ..Back::NOTHING
        },
        Back {
            documents: true,
            ..Back::NOTHING
        },
    );
    let standings = [
        ("runs the case", member(Part::Manages)),
        ("covers for an absent manager", Standing::by(Way::Covers)),
        ("decides for a partner", member(Part::Decides)),
        ("chairs", member(Part::Chairs)),
        ("reads", member(Part::Reads)),
        ("reviews", member(Part::Reviews)),
        ("sits on the panel", member(Part::Panel)),
        ("gives legal advice", member(Part::Advises)),
        (
            "prepares what is said in public",
            member(Part::Communicates),
        ),
        ("answers for an agency", member(Part::Contributes)),
        ("inspects", member(Part::Inspects)),
        ("opened it with a reason", Standing::by(Way::Opened)),
        ("not a member", Standing::by(Way::Stranger)),
        ("barred", Standing::by(Way::Barred)),
        (
            "stepped back from everything",
            Standing::by(Way::SteppedBack),
        ),
        (
            "runs the case, stepped back from the decision",
            back(Part::Manages, decision),
        ),
        (
            "runs the case, stepped back from the family",
            back(Part::Manages, family),
        ),
        (
            "runs the case, stepped back from the documents",
            back(Part::Manages, documents),
        ),
        (
            "decides, stepped back from the decision",
            back(Part::Decides, decision),
        ),
        (
            "decides, stepped back from the documents",
            back(Part::Decides, documents),
        ),
        (
            "chairs, stepped back from the family",
            back(Part::Chairs, family),
        ),
        (
            "chairs, and the settings name others to decide about interests",
            Standing {
                may_decide: false,
                ..member(Part::Chairs)
            },
        ),
    ];
    let mut lines =
        vec!["# In a case: act, standing, answer (any role but the administrator)".to_owned()];
    for act in Act::IN_CASE {
        for (name, standing) in standings {
            let answer = match permit(&person(role_for(standing)), act, standing) {
                Ok(permit) => format!("yes: {}", permit.rule()),
                Err(denied) => format!("no: {denied}"),
            };
            lines.push(format!("{act:?} | {name} | {answer}"));
        }
    }
    lines.push(
        "# In a case one does not take part in, and with it opened: act, role, answer".to_owned(),
    );
    for role in Role::ALL {
        for (name, act, way) in [
            ("not a member", Act::OpenWithReason, Way::Stranger),
            ("opened it with a reason", Act::ReadCase, Way::Opened),
            ("barred", Act::OpenWithReason, Way::Barred),
            (
                "stepped back from everything",
                Act::OpenWithReason,
                Way::SteppedBack,
            ),
        ] {
            let answer = permit(&person(role), act, Standing::by(way))
                .map_or_else(|d| format!("no: {d}"), |p| format!("yes: {}", p.rule()));
            lines.push(format!("{act:?} | {name}, {} | {answer}", role.id()));
        }
    }
    lines.push("# What a role carries: role, part, answer".to_owned());
    for role in Role::ALL {
        for part in Part::ALL {
            let standing = Standing::by(Way::Member(part));
            let sections: Vec<String> = access::Section::ALL
                .into_iter()
                .filter(|section| permit(&person(role), Act::Read(*section), standing).is_ok())
                .map(|section| format!("{section:?}"))
                .collect();
            let answer = match permit(&person(role), Act::ReadCase, standing) {
                Ok(_) if sections.is_empty() => "comes to the case, reads no section".to_owned(),
                Ok(_) => format!("reads {}", sections.join(", ")),
                Err(denied) => format!("no: {denied}"),
            };
            lines.push(format!("{} | {} | {answer}", role.id(), part.id()));
        }
    }
    lines.push("# In a case: the administrator, added by mistake".to_owned());
    for act in Act::IN_CASE {
        let answer = permit(
            &person(Role::Administrator),
            act,
            Standing::by(Way::Member(Part::Manages)),
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
        assert!(permit(&gone, act, Standing::by(Way::Member(Part::Manages))).is_err());
    }
    for act in Act::IN_OFFICE {
        assert!(permit_in_office(&gone, act).is_err());
    }
}
