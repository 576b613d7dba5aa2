//! Joining: an invitation by mail, that is used once, ends, is sent again and withdrawn, with one answer for every link that is no use.

use access::invitation::Answer;
use access::{OfficeEvent, Role};
use desk::{DeskError, Invitee, MailServer, Protection};
use jiff::SignedDuration;

use crate::people::signed_in;
use crate::witnesses::smtp::Smtp;
use crate::world::*;

fn wren() -> Invitee {
    Invitee {
        name: "Wren Ashdown".into(),
        email: "Wren.Ashdown@example.org ".into(),
        role: Role::Reader,
        seat: None,
        agency: None,
    }
}

pub async fn with_mail() -> (World, Smtp) {
    let (world, smtp) = (World::new().await, Smtp::new());
    let server = MailServer::new(
        "127.0.0.1",
        Some(smtp.port),
        Protection::None,
        None,
        "Candour <candour@merrowshire.example>",
    );
    world.desk.send_mail_through(server.unwrap());
    (world, smtp)
}

/// The secret in the link of the newest mail.
fn token(smtp: &Smtp) -> String {
    let mail = smtp.mails().pop().unwrap();
    let (_, rest) = mail.text.split_once("/sign-up/").unwrap();
    rest.chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect()
}

async fn no_use(world: &World, token: &str) {
    let looked = world.desk.joining(token).await;
    assert!(matches!(looked, Err(DeskError::NotThere)), "{looked:?}");
    let joined = world.desk.join(token, PASSWORD).await;
    assert!(matches!(joined, Err(DeskError::NotThere)));
}

#[tokio::test]
async fn an_invitation_leads_to_an_account_with_a_password_of_ones_own_and_is_used_once() {
    let (world, smtp) = with_mail().await;
    let orla = world.who("Orla");
    let invited = world.desk.invite(&orla, wren()).await.unwrap();
    assert_eq!(invited.link, None, "the manager never sees it");
    world.desk.send_waiting_mail().await.unwrap();
    world.desk.queue_newest().await.unwrap();
    world.desk.send_waiting_mail().await.unwrap();
    assert_eq!(smtp.mails().len(), 1, "once");
    let mail = smtp.mails().pop().unwrap();
    assert_eq!(mail.to, ["wren.ashdown@example.org"]);
    assert!(mail.text.contains("Orla Penhallow invites you") && mail.text.contains("8 June 2026"));

    let id = invited.person.id;
    let email = "wren.ashdown@example.org";
    let early = world.desk.sign_in(email, PASSWORD, "").await;
    assert!(
        matches!(early, Err(DeskError::NotSignedIn)),
        "no account yet"
    );
    let link = token(&smtp);
    for _ in 0..2 {
        let shown = world.desk.joining(&link).await.unwrap();
        assert_eq!(
            (shown.person.name.as_str(), shown.by.as_str()),
            ("Wren Ashdown", "Orla Penhallow")
        );
    }
    let weak = world.desk.join(&link, "wrenashdown").await;
    assert!(
        matches!(weak, Err(DeskError::Field { .. })),
        "looking and failing use nothing up"
    );
    let half = world.desk.join(&link, PASSWORD).await.unwrap();
    assert!(world.desk.to_set_up(&half.secret).await.unwrap().is_some());
    assert!(
        world.desk.session(&half.secret).await.unwrap().is_none(),
        "not with one step"
    );
    let signed = signed_in::second_step(&world.desk, email, &half.secret).await;
    assert_eq!(signed.unwrap().person.id, id);
    no_use(&world, &link).await;
    let office = world.desk.office();
    assert!(matches!(
        office.invitations[&id].answer,
        Answer::Accepted(_)
    ));
    let again = world.desk.invite_again(&orla, &id).await;
    assert!(
        matches!(again, Err(DeskError::Field { .. })),
        "there is an account"
    );
    let twice = world.desk.invite(&orla, wren()).await;
    assert!(matches!(twice, Err(DeskError::Field { .. })));
    assert!(world.desk.verify().await.is_ok());
}

#[tokio::test]
async fn an_old_a_withdrawn_an_expired_and_an_unknown_link_and_one_of_someone_who_left_are_no_use()
{
    let (world, smtp) = with_mail().await;
    let orla = world.who("Orla");
    let id = world.desk.invite(&orla, wren()).await.unwrap().person.id;
    world.desk.send_waiting_mail().await.unwrap();
    let first = token(&smtp);
    world.desk.invite_again(&orla, &id).await.unwrap();
    no_use(&world, &first).await;
    world.desk.send_waiting_mail().await.unwrap();
    let second = token(&smtp);
    assert_ne!(first, second);
    assert!(world.desk.joining(&second).await.is_ok());
    world.desk.withdraw_invitation(&orla, &id).await.unwrap();
    no_use(&world, &second).await;
    let nothing = world.desk.withdraw_invitation(&orla, &id).await;
    assert!(matches!(nothing, Err(DeskError::Field { .. })));

    world.desk.invite_again(&orla, &id).await.unwrap();
    world.desk.send_waiting_mail().await.unwrap();
    let third = token(&smtp);
    let now = world.desk.clock().now();
    world
        .desk
        .clock()
        .set(now + SignedDuration::from_hours(24 * 7 - 1));
    assert!(world.desk.joining(&third).await.is_ok());
    world
        .desk
        .clock()
        .set(now + SignedDuration::from_hours(24 * 7));
    no_use(&world, &third).await;

    world.desk.invite_again(&orla, &id).await.unwrap();
    world.desk.send_waiting_mail().await.unwrap();
    let fourth = token(&smtp);
    world
        .desk
        .person_left(&orla, &id, "did not come")
        .await
        .unwrap();
    no_use(&world, &fourth).await;
    for unknown in ["", "none", "%", &"a".repeat(32)] {
        no_use(&world, unknown).await;
    }
}

#[tokio::test]
async fn a_mail_that_waits_is_not_sent_after_the_invitation_was_withdrawn() {
    let (world, smtp) = with_mail().await;
    let orla = world.who("Orla");
    let id = world.desk.invite(&orla, wren()).await.unwrap().person.id;
    world.desk.withdraw_invitation(&orla, &id).await.unwrap();
    world.desk.send_waiting_mail().await.unwrap();
    world.desk.queue_newest().await.unwrap();
    world.desk.send_waiting_mail().await.unwrap();
    assert!(smtp.mails().is_empty());
}

#[tokio::test]
async fn without_mail_the_link_is_shown_once_to_whoever_invites_and_only_managers_and_administrators_invite()
 {
    let world = World::new().await;
    for who in ["Ivo", "Maud", "Tam"] {
        let denied = world.desk.invite(&world.who(who), wren()).await;
        assert!(matches!(denied, Err(DeskError::Denied(_))), "{who}");
    }
    let invited = world.desk.invite(&world.who("Nia"), wren()).await.unwrap();
    assert!(!format!("{invited:?}").contains("sign-up"));
    let link = invited.link.unwrap();
    let token = link.strip_prefix("/sign-up/").unwrap();
    assert_eq!(world.desk.joining(token).await.unwrap().by, "Nia Coombe");
    let half = world.desk.join(token, PASSWORD).await.unwrap();
    assert!(world.desk.to_set_up(&half.secret).await.unwrap().is_some());
}

#[test]
fn the_record_tells_of_invitations_and_locked_accounts_in_the_words_it_was_written_in() {
    for (kind, written) in [
        (
            "office.invitation-sent",
            r#"{"is":"invitation-sent","with":{"id":"i1","person":"p1","by":"p2","at":"2026-06-01T09:00:00Z","until":"2026-06-08T09:00:00Z"}}"#,
        ),
        (
            "office.invitation-withdrawn",
            r#"{"is":"invitation-withdrawn","with":{"person":"p1","invitation":"i1"}}"#,
        ),
        (
            "office.invitation-accepted",
            r#"{"is":"invitation-accepted","with":{"person":"p1","invitation":"i1","at":"2026-06-02T09:00:00Z"}}"#,
        ),
        (
            "office.unusual-reading",
            r#"{"is":"unusual-reading","with":{"id":"n1","person":"p1","what":"many-cases","cases":["c1","c2"],"at":"2026-06-01T23:00:00Z"}}"#,
        ),
        (
            "office.unusual-reading-looked-at",
            r#"{"is":"unusual-reading-looked-at","with":{"notice":"n1","by":"p2","at":"2026-06-02T09:00:00Z","words":"covered"}}"#,
        ),
        (
            "office.account-locked",
            r#"{"is":"account-locked","with":{"person":"p1","last-used":"2025-12-01T09:00:00Z"}}"#,
        ),
        (
            "office.account-unlocked",
            r#"{"is":"account-unlocked","with":{"person":"p1","why":"rang her"}}"#,
        ),
        (
            "office.sign-on-linked",
            r#"{"is":"sign-on-linked","with":{"person":"p1","organisation":"Merrowshire Council"}}"#,
        ),
        (
            "office.sign-on-removed",
            r#"{"is":"sign-on-removed","with":{"person":"p1","why":"she left the council"}}"#,
        ),
        (
            "office.account-kept-elsewhere",
            r#"{"is":"account-kept-elsewhere","with":{"person":"p1"}}"#,
        ),
        (
            "office.account-used-elsewhere",
            r#"{"is":"account-used-elsewhere","with":{"person":"p1"}}"#,
        ),
        (
            "office.service-recorded",
            r#"{"is":"service-recorded","with":{"person":"s1","owner":"p1","purpose":"reads clocks","until":"2026-12-31","networks":["192.0.2.0/24"]}}"#,
        ),
        (
            "office.service-token-made",
            r#"{"is":"service-token-made","with":{"service":"s1","token":"abc234"}}"#,
        ),
        (
            "office.service-token-ended",
            r#"{"is":"service-token-ended","with":{"service":"s1","token":"abc234"}}"#,
        ),
        (
            "office.agency-given",
            r#"{"is":"agency-given","with":{"person":"p1","agency":"a2"}}"#,
        ),
        (
            "office.agency-taken",
            r#"{"is":"agency-taken","with":{"person":"p1","agency":"a2","why":"moved"}}"#,
        ),
        (
            "office.new-password-allowed",
            r#"{"is":"new-password-allowed","with":{"renewal":{"id":"r1","person":"p1","by":"p2","at":"2026-06-01T09:00:00Z","until":"2026-06-02T09:00:00Z"},"why":"rang them"}}"#,
        ),
        (
            "office.new-password-chosen",
            r#"{"is":"new-password-chosen","with":{"person":"p1","renewal":"r1","at":"2026-06-01T10:00:00Z"}}"#,
        ),
        (
            "office.access-confirmed",
            r#"{"is":"access-confirmed","with":{"by":"p2","at":"2026-06-01T09:00:00Z","people":["p1"]}}"#,
        ),
    ] {
        let event: OfficeEvent = serde_json::from_str(written).unwrap();
        assert_eq!(event.kind(), kind);
        assert_eq!(serde_json::to_string(&event).unwrap(), written);
    }
}
