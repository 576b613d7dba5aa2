//! Witnesses: each is sent each checkpoint once, with nothing about any case in the mail, and a mail that was refused is tried again later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use access::Witness;
use desk::{DeskError, MailServer, Protection};

use crate::world::*;

#[path = "../shared/smtp.rs"]
pub mod smtp;
use smtp::Smtp;

fn witness(who: &str, address: &str) -> Witness {
    Witness {
        who: who.into(),
        address: address.into(),
    }
}

fn server(smtp: &Smtp) -> MailServer {
    MailServer::new(
        "127.0.0.1",
        Some(smtp.port),
        Protection::None,
        None,
        "Candour <candour@merrowshire.example>",
    )
    .unwrap()
}

/// What an attachment held, from its base64.
fn attached(text: &str) -> Vec<u8> {
    let (_, rest) = text.split_once("Content-Disposition: attachment").unwrap();
    let (_, body) = rest.split_once("\n\n").unwrap();
    let digits: Vec<u32> = body
        .lines()
        .take_while(|line| !line.starts_with("--"))
        .flat_map(str::chars)
        .filter_map(|c| {
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                .find(c)
                .and_then(|at| u32::try_from(at).ok())
        })
        .collect();
    digits
        .chunks(4)
        .flat_map(|four| {
            let bits = four.iter().fold(0, |all, d| all << 6 | d) << (6 * (4 - four.len()));
            bits.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect()
}

#[tokio::test]
async fn each_witness_is_sent_each_checkpoint_once_and_nothing_about_a_case() {
    let world = World::new().await;
    let (orla, smtp) = (world.who("Orla"), Smtp::new());
    let case = world.case().await;
    let list = vec![
        witness("the independent scrutineer", "scrutineer@example.org"),
        witness("Merrow Police", "police@example.net"),
    ];
    world
        .desk
        .name_witnesses(&orla, list.clone())
        .await
        .unwrap();
    assert!(world.desk.waiting_mail().await.unwrap().is_empty());
    let made = world.desk.checkpoint("on request").await.unwrap().unwrap();
    for _ in 0..3 {
        // Asked for again, queued again after a start: still one mail each.
        world.desk.checkpoint("on request").await.unwrap();
        world.desk.queue_newest().await.unwrap();
    }
    let waiting = world.desk.waiting_mail().await.unwrap();
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    assert_eq!(world.desk.send_waiting_mail().await.unwrap(), 0);
    assert!(
        world.desk.mail_server().is_none(),
        "nothing is sent without a server"
    );

    world.desk.send_mail_through(server(&smtp));
    assert_eq!(world.desk.send_waiting_mail().await.unwrap(), 2);
    for _ in 0..3 {
        world.desk.queue_newest().await.unwrap();
        assert_eq!(world.desk.send_waiting_mail().await.unwrap(), 0);
    }
    let mails = smtp.mails();
    let mut to: Vec<&str> = mails
        .iter()
        .flat_map(|m| &m.to)
        .map(String::as_str)
        .collect();
    to.sort_unstable();
    assert_eq!(to, ["police@example.net", "scrutineer@example.org"]);
    for mail in &mails {
        assert_eq!(mail.from, "candour@merrowshire.example");
        assert_eq!(
            attached(&mail.text),
            made.note.as_bytes(),
            "the checkpoint is attached as it is"
        );
        let id = mail.header("Message-ID");
        assert!(id.ends_with("@merrowshire.example>"), "{id}");
        for never in [case.reference(), "Wren", "Hollins", "Child A", "on request"] {
            assert!(!mail.text.contains(never), "{never}: {}", mail.text);
        }
    }
    assert_ne!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
    let sent = world.desk.sent_mail(10).await.unwrap();
    assert!(sent.len() == 2 && sent.iter().all(|m| m.sent_at.is_some()));
}

#[tokio::test]
async fn a_refused_mail_waits_longer_each_time_and_is_sent_when_it_is_taken() {
    let world = World::new().await;
    let taken = Arc::new(AtomicBool::new(false));
    let smtp = {
        let taken = taken.clone();
        Smtp::answering(move |_| taken.load(Ordering::SeqCst))
    };
    world.desk.send_mail_through(server(&smtp));
    let list = vec![witness("the scrutineer", "scrutineer@example.org")];
    world
        .desk
        .name_witnesses(&world.who("Orla"), list)
        .await
        .unwrap();
    world.desk.checkpoint("on request").await.unwrap();
    let begun = world.desk.clock().now();
    let mut waits = Vec::new();
    for tries in 1..=8 {
        assert_eq!(world.desk.send_waiting_mail().await.unwrap(), 0);
        assert_eq!(
            world.desk.send_waiting_mail().await.unwrap(),
            0,
            "not due yet"
        );
        assert_eq!(smtp.mails().len(), tries);
        let waiting = world.desk.waiting_mail().await.unwrap();
        assert_eq!(waiting[0].tries as usize, tries);
        assert_eq!(waiting[0].problem, "the mail server refused the mail");
        waits.push(waiting[0].next_at.duration_since(world.desk.clock().now()));
        world.desk.clock().set(waiting[0].next_at);
    }
    assert!(waits.is_sorted() && waits[0] < waits[4], "{waits:?}");
    assert!(world.desk.clock().now() > begun);
    taken.store(true, Ordering::SeqCst);
    assert_eq!(world.desk.send_waiting_mail().await.unwrap(), 1);
    let ids: Vec<String> = smtp
        .mails()
        .iter()
        .map(|m| m.header("Message-ID"))
        .collect();
    assert!(
        ids.iter().all(|id| *id == ids[0] && id.len() > 30),
        "whoever has it twice can tell: {ids:?}"
    );
    assert!(world.desk.waiting_mail().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_and_one_who_is_no_witness_any_more_is_sent_nothing() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let nobody = MailServer::new(
        "127.0.0.1",
        Some(port),
        Protection::None,
        None,
        "c@example.org",
    );
    world.desk.send_mail_through(nobody.unwrap());
    let both = vec![
        witness("the scrutineer", "scrutineer@example.org"),
        witness("Tilbrook ICB", "icb@example.org"),
    ];
    world
        .desk
        .name_witnesses(&orla, both.clone())
        .await
        .unwrap();
    world.desk.checkpoint("on request").await.unwrap();
    assert_eq!(world.desk.send_waiting_mail().await.unwrap(), 0);
    let waiting = world.desk.waiting_mail().await.unwrap();
    assert!(
        waiting
            .iter()
            .all(|m| m.tries == 1 && m.problem == "the mail server could not be reached"),
        "{waiting:?}"
    );
    world
        .desk
        .name_witnesses(&orla, both[..1].to_vec())
        .await
        .unwrap();
    world.desk.send_waiting_mail().await.unwrap();
    // Naming is itself an entry, but no new checkpoint was made of it.
    let waiting = world.desk.waiting_mail().await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].address, "scrutineer@example.org");
}

#[tokio::test]
async fn witnesses_are_named_by_those_who_set_the_partnership_up_and_with_addresses_that_work() {
    let world = World::new().await;
    let one = |address: &str| vec![witness("the scrutineer", address)];
    for who in ["Ivo", "Maud", "Tam"] {
        let done = world
            .desk
            .name_witnesses(&world.who(who), one("scrutineer@example.org"))
            .await;
        assert!(matches!(done, Err(DeskError::Denied(_))), "{who}");
    }
    let orla = world.who("Orla");
    for wrong in [
        "",
        "nobody",
        "two words@example.org",
        "a@example.org\r\nBcc: b@example.org",
    ] {
        let done = world.desk.name_witnesses(&orla, one(wrong)).await;
        assert!(
            matches!(&done, Err(DeskError::Field { field, .. }) if field == "address-0"),
            "{wrong}: {done:?}"
        );
    }
    let twice = [one("A@example.org"), one("a@EXAMPLE.org")].concat();
    let done = world.desk.name_witnesses(&orla, twice).await;
    assert!(matches!(&done, Err(DeskError::Field { field, .. }) if field == "address-1"));
    assert!(world.desk.witnesses().is_empty());
    let unprotected = MailServer::new(
        "mail.example.org",
        None,
        Protection::None,
        None,
        "c@example.org",
    );
    assert!(
        unprotected.is_err(),
        "nothing goes unprotected over a network"
    );
}
