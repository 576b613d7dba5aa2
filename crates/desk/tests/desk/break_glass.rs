//! Opening a case with a written reason: who may, what they see and for how long, who is told, and what a wrong reference answers.

use access::{Act, Denied, Role};
use cases::Command;
use cases::break_glass::{Command as Glass, Review};
use cases::members::{Event as Member, Part};
use desk::{DeskError, MailServer, Protection};

use crate::witnesses::smtp::Smtp;
use crate::world::*;

const WHY: &str = "The coroner rang at night and Orla cannot be reached.";

fn words_of<T: std::fmt::Debug>(result: Result<T, DeskError>) -> (String, String) {
    match result {
        Err(DeskError::Field { field, message }) => (field, message),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_case_opened_with_a_reason_is_read_until_the_time_is_over_and_only_read() {
    let world = World::new().await;
    let case = world.case().await;
    let (desk, nia) = (&world.desk, world.who("Nia"));
    assert!(not_there(
        desk.view(&nia, &case.id, access::Act::ReadCase, "the case")
            .await
    ));
    let id = desk
        .open_with_reason(&nia, &case.reference().to_lowercase(), WHY)
        .await
        .unwrap();
    assert_eq!(id, case.id);
    let view = desk
        .view(&nia, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    assert_eq!(desk.cases(&nia, "").len(), 1);
    for act in Act::IN_CASE {
        let only_reads = match act {
            Act::Read(section) => !section.is_apart(),
            _ => act == Act::ReadCase,
        };
        assert_eq!(desk.may(&nia, &view, act), only_reads, "{act:?}");
    }
    let write = desk
        .act(&nia, &case.id, None, true, vec![found("improvements", "x")])
        .await;
    assert!(matches!(write, Err(DeskError::Denied(Denied::NotYours(_)))));
    // Opening it again while it is open adds nothing; whoever takes part is led to it.
    let entries = view.case.version();
    desk.open_with_reason(&nia, case.reference(), WHY)
        .await
        .unwrap();
    let orla = world.who("Orla");
    desk.open_with_reason(&orla, case.reference(), WHY)
        .await
        .unwrap();
    let view = desk
        .view(&nia, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    assert_eq!(view.case.version(), entries);
    desk.clock().set(at("2026-06-02T08:59:59Z"));
    assert!(
        desk.view(&nia, &case.id, access::Act::ReadCase, "the case")
            .await
            .is_ok()
    );
    desk.clock().set(at("2026-06-02T09:00:00Z"));
    assert!(not_there(
        desk.view(&nia, &case.id, access::Act::ReadCase, "the case")
            .await
    ));
    assert!(desk.cases(&nia, "").is_empty());
    let readers = desk.readers(&orla, &case.id).await.unwrap();
    assert!(readers.iter().any(|r| r.name == "Nia Coombe"));
}

#[tokio::test]
async fn what_is_read_under_an_opening_is_written_down_although_the_same_was_read_a_moment_before()
{
    let world = World::new().await;
    let case = world.case().await;
    let (desk, orla, ivo) = (&world.desk, world.who("Orla"), world.who("Ivo"));
    desk.view(&ivo, &case.id, access::Act::ReadCase, "the overview")
        .await
        .unwrap();
    let remove = Command::Members(Member::MemberRemoved {
        person: world.id("Ivo"),
        why: "does not act in this case".into(),
    });
    desk.act(&orla, &case.id, None, true, vec![remove])
        .await
        .unwrap();
    desk.open_with_reason(&ivo, case.reference(), WHY)
        .await
        .unwrap();
    desk.view(&ivo, &case.id, access::Act::ReadCase, "the overview")
        .await
        .unwrap();
    let readers = desk.readers(&orla, &case.id).await.unwrap();
    let his = readers.iter().filter(|r| r.name == "Ivo Larkfield");
    assert_eq!(his.count(), 2);
}

#[tokio::test]
async fn a_wrong_reference_and_one_that_is_not_theirs_to_open_are_answered_alike() {
    let world = World::new().await;
    let case = world.case().await;
    let (desk, orla, nia) = (&world.desk, world.who("Orla"), world.who("Nia"));
    let bar = Member::PersonBarred {
        person: world.id("Nia"),
        name: "Nia Coombe".into(),
        why: "a neighbour".into(),
    };
    desk.act(&orla, &case.id, None, false, vec![Command::Members(bar)])
        .await
        .unwrap();
    let barred = words_of(desk.open_with_reason(&nia, case.reference(), WHY).await);
    let nothing = words_of(desk.open_with_reason(&nia, "MER-2026-999", WHY).await);
    assert_eq!(barred, nothing);
    assert_eq!(barred.0, "reference");
    let empty = words_of(desk.open_with_reason(&nia, case.reference(), " ").await);
    assert_eq!(
        empty.0, "why",
        "asked for before the reference is looked up"
    );
    let view = desk
        .view(&orla, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    assert!(view.case.break_glass.list.is_empty());
}

#[tokio::test]
async fn only_the_manager_the_deputy_and_the_delegates_may_open_a_case_with_a_reason() {
    let world = World::new().await;
    let case = world.open("Orla", Vec::new(), Vec::new()).await;
    for name in ["Maud", "Tam", "Sol"] {
        let who = world.who(name);
        let no = world
            .desk
            .open_with_reason(&who, case.reference(), WHY)
            .await;
        assert!(
            matches!(no, Err(DeskError::Denied(Denied::NotYourRole(_)))),
            "{name}: {no:?}"
        );
    }
    let ivo = world.who("Ivo");
    assert_eq!(ivo.person.role, Role::Delegate);
    assert!(
        world
            .desk
            .open_with_reason(&ivo, case.reference(), WHY)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn whoever_runs_the_case_is_told_at_once_with_the_reference_and_a_link_and_reviews_it() {
    let world = World::new().await;
    let members = vec![(world.id("Maud"), Part::Chairs)];
    let known = vec![child("girl", "Wren Hollins", "Child A")];
    let case = world.open("Orla", members, known).await;
    let (desk, orla, ivo) = (&world.desk, world.who("Orla"), world.who("Ivo"));
    let smtp = Smtp::new();
    let server = MailServer::new(
        "127.0.0.1",
        Some(smtp.port),
        Protection::None,
        None,
        "Candour <candour@merrowshire.example>",
    );
    desk.send_mail_through(server.unwrap());
    desk.open_with_reason(&ivo, case.reference(), WHY)
        .await
        .unwrap();
    assert!(
        desk.needs(&orla)
            .iter()
            .any(|n| n.what.starts_with("Ivo Larkfield opened"))
    );
    assert!(
        desk.needs(&world.who("Maud"))
            .iter()
            .any(|n| n.what.starts_with("Ivo Larkfield opened"))
    );
    for _ in 0..3 {
        desk.queue_newest().await.unwrap();
        desk.send_waiting_mail().await.unwrap();
    }
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = &mails[0];
    assert_eq!(mail.to, ["orla.penhallow@example.org"]);
    assert_eq!(
        mail.header("Subject"),
        format!("{}: opened with a written reason", case.reference())
    );
    assert!(mail.text.contains(&format!("/cases/{}/openings", case.id)));
    for said in ["Ivo", "coroner", "Child A", "Wren", "Hollins"] {
        assert!(!mail.text.contains(said), "the mail says {said}");
    }
    assert!(
        desk.sent_mail(10).await.unwrap().is_empty(),
        "not among the checkpoints"
    );
    // Reviewed by someone else, once.
    let view = desk
        .view(&orla, &case.id, access::Act::ReadCase, "openings")
        .await
        .unwrap();
    let opened = desk.openings(&orla, &view).unwrap();
    assert_eq!(opened[0].opening.why, WHY);
    let review = Command::BreakGlass(Glass::Review(Review {
        opening: opened[0].opening.id.clone(),
        right: false,
        words: "The duty manager could have been reached.".into(),
    }));
    let own = desk
        .act(&ivo, &case.id, None, true, vec![review.clone()])
        .await;
    assert!(matches!(own, Err(DeskError::Denied(_))), "{own:?}");
    desk.act(&orla, &case.id, None, true, vec![review])
        .await
        .unwrap();
    assert!(
        !desk
            .needs(&orla)
            .iter()
            .any(|n| n.what.contains("written reason"))
    );
}

#[tokio::test]
async fn a_mail_about_an_opening_is_not_sent_to_someone_who_no_longer_runs_the_case() {
    let world = World::new().await;
    let case = world.open("Orla", Vec::new(), Vec::new()).await;
    let (desk, orla, ivo) = (&world.desk, world.who("Orla"), world.who("Ivo"));
    desk.open_with_reason(&ivo, case.reference(), WHY)
        .await
        .unwrap();
    desk.hand_over(&orla, &world.id("Orla"), &world.id("Nia"), "leaves")
        .await
        .unwrap();
    let remove = Command::Members(Member::MemberRemoved {
        person: world.id("Orla"),
        why: "has left the case".into(),
    });
    let nia = world.who("Nia");
    desk.act(&nia, &case.id, None, true, vec![remove])
        .await
        .unwrap();
    let smtp = Smtp::new();
    let server = MailServer::new(
        "127.0.0.1",
        Some(smtp.port),
        Protection::None,
        None,
        "candour@merrowshire.example",
    );
    desk.send_mail_through(server.unwrap());
    desk.queue_newest().await.unwrap();
    desk.send_waiting_mail().await.unwrap();
    let to: Vec<String> = smtp.mails().into_iter().flat_map(|m| m.to).collect();
    assert_eq!(
        to,
        ["nia.coombe@example.org"],
        "whoever runs it now is told"
    );
}
