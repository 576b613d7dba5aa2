//! A forgotten password: a link by mail or from whoever restores accounts, that is used once, ends, and never stands for the second step.

use std::time::Duration;

use access::invitation::Answer;
use desk::{DeskError, SignIn};
use jiff::SignedDuration;

use crate::joining::with_mail;
use crate::people::signed_in::sign_in;
use crate::witnesses::smtp::Smtp;
use crate::world::*;

const NEW: &str = "heron thistle lantern nine";

/// The secret in a link.
fn secret(link: &str) -> String {
    let whole = link.replace("=\r\n", "").replace("=\n", "");
    let (_, rest) = whole.split_once("/new-password/").unwrap();
    rest.chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect()
}

/// Asks as the page does, waits until what was begun is done, and sends what waits: how many mails there are then.
async fn asked(world: &World, smtp: &Smtp, email: &str) -> usize {
    world.desk.ask_new_password(email, "").await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.desk.send_waiting_mail().await.unwrap();
    smtp.mails().len()
}

/// Somebody with a session and an app.
async fn with_app(world: &World, name: &str) -> SignIn {
    let email = world.who(name).person.email;
    sign_in(&world.desk, &email, PASSWORD).await.unwrap()
}

async fn goes_on(world: &World, session: &SignIn) -> bool {
    (world.desk.session(&session.secret))
        .await
        .unwrap()
        .is_some()
}

#[tokio::test]
async fn a_link_by_mail_changes_a_forgotten_password_once_and_the_code_is_asked_for_still() {
    let (world, smtp) = with_mail().await;
    let desk = &world.desk;
    let nia = with_app(&world, "Nia").await;
    let email = world.who("Nia").person.email.clone();
    // An address without an account, and an account without a second step, are sent nothing; the answer is the same.
    assert_eq!(asked(&world, &smtp, "nobody@example.org").await, 0);
    let without = world.who("Orla").person.email.clone();
    assert_eq!(asked(&world, &smtp, &without).await, 0);
    assert_eq!(asked(&world, &smtp, &email.to_uppercase()).await, 1);
    // Again within the hour: one is enough, and nobody's mailbox is filled.
    assert_eq!(asked(&world, &smtp, &email).await, 1);
    let mail = smtp.mails().pop().unwrap();
    assert_eq!(mail.to, [email.as_str()]);
    let link = secret(&mail.text);
    let shown = desk.renewing(&link).await.unwrap();
    assert_eq!(shown.person.id, world.id("Nia"));
    assert!(goes_on(&world, &nia).await, "looking changes nothing");
    for weak in ["short", "password1234", &email] {
        let refused = desk.renew_password(&link, weak).await;
        assert!(matches!(refused, Err(DeskError::Field { .. })), "{weak}");
    }
    let half = desk.renew_password(&link, NEW).await.unwrap();
    // Every session of hers is over; the code of her app is asked for, as always.
    assert!(!goes_on(&world, &nia).await);
    assert!(desk.to_set_up(&half.secret).await.unwrap().is_none());
    assert!(desk.session(&half.secret).await.unwrap().is_none());
    // The link is used; nothing of it is left for whoever reads the mail later.
    for again in [
        desk.renewing(&link).await.err(),
        desk.renew_password(&link, NEW).await.err(),
    ] {
        assert!(matches!(again, Some(DeskError::NotThere)), "{again:?}");
    }
    assert!(desk.sign_in(&email, PASSWORD, "").await.is_err());
    desk.sign_in(&email, NEW, "").await.unwrap();
    // The mail that was sent is not sent again when everything is queued anew.
    desk.queue_newest().await.unwrap();
    desk.send_waiting_mail().await.unwrap();
    assert_eq!(smtp.mails().len(), 1);
}

#[tokio::test]
async fn a_link_for_a_new_password_ends_with_its_hour_with_a_lock_and_with_leaving() {
    let (world, smtp) = with_mail().await;
    let desk = &world.desk;
    with_app(&world, "Nia").await;
    let email = world.who("Nia").person.email.clone();
    asked(&world, &smtp, &email).await;
    let link = secret(&smtp.mails().pop().unwrap().text);
    desk.renewing(&link).await.unwrap();
    let now = desk.clock().now();
    desk.clock().set(now + SignedDuration::from_mins(61));
    assert!(desk.renewing(&link).await.is_err());
    assert!(desk.renew_password(&link, NEW).await.is_err());
    // After its hour another can be asked for, and takes its place.
    asked(&world, &smtp, &email).await;
    let second = secret(&smtp.mails().pop().unwrap().text);
    assert_ne!(link, second);
    desk.renewing(&second).await.unwrap();
    (desk.person_left(&world.who("Orla"), &world.id("Nia"), "moved"))
        .await
        .unwrap();
    assert!(desk.renewing(&second).await.is_err());
    assert!(desk.renew_password(&second, NEW).await.is_err());
    // Nothing more goes to someone who has left.
    desk.clock().set(now + SignedDuration::from_hours(5));
    let sent = smtp.mails().len();
    assert_eq!(asked(&world, &smtp, &email).await, sent);
}

#[tokio::test]
async fn whoever_restores_accounts_gives_a_link_for_a_new_password_with_how_they_made_sure() {
    let world = World::new().await;
    let desk = &world.desk;
    let orla = world.who("Orla");
    let session = with_app(&world, "Nia").await;
    let nia = world.id("Nia");
    assert!(!desk.sends_new_passwords());
    for (by, whom, why) in [
        ("Orla", "Nia", " "),
        ("Orla", "Orla", "it is me"),
        ("Tam", "Nia", "rang her"),
    ] {
        let given = desk
            .give_new_password(&world.who(by), &world.id(whom), why)
            .await;
        assert!(given.is_err(), "{by} for {whom}");
    }
    let given = async |why| desk.give_new_password(&orla, &nia, why).await;
    let first = secret(&given("rang her").await.unwrap().unwrap());
    let second = secret(&given("rang her again").await.unwrap().unwrap());
    // A newer link ends the one before.
    assert!(desk.renewing(&first).await.is_err());
    assert!(goes_on(&world, &session).await);
    desk.renew_password(&second, NEW).await.unwrap();
    assert!(!goes_on(&world, &session).await);
    let office = desk.office();
    let given_to_her = &office.renewals[&nia];
    assert_eq!(given_to_her.sent.by, orla.person.id);
    assert!(matches!(given_to_her.answer, Answer::Accepted(_)));
    // Someone who changes it on their own page ends a link that still waits.
    let waiting = secret(&given("once more").await.unwrap().unwrap());
    desk.renewing(&waiting).await.unwrap();
    let half = desk
        .sign_in(&world.who("Nia").person.email, NEW, "")
        .await
        .unwrap();
    let code = desk.code_of_an_invented_person(&half.secret).await.unwrap();
    let signed = desk.enter_code(&half.secret, &code.unwrap(), "").await;
    let session = desk.session(&signed.unwrap().secret).await.unwrap();
    desk.change_password(&session.unwrap(), NEW, "gravel otter lantern two")
        .await
        .unwrap();
    assert!(desk.renewing(&waiting).await.is_err());
}
