//! Accounts that nobody uses: locked after a time unless they are needed, confirmed each quarter, restored by named people, and told of weekly.

use cases::members::Part;
use desk::DeskError;
use jiff::SignedDuration;

use crate::joining::with_mail;
use crate::people::signed_in;
use crate::world::*;

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn name_restorers(world: &World) {
    let mut settings = (*world.desk.settings()).clone();
    settings.access.restored_by = ["maud.ellery@example.org", "ivo.larkfield@example.org"]
        .map(str::to_owned)
        .to_vec();
    let orla = world.who("Orla");
    let text = settings.to_toml();
    world.desk.write_settings(&orla, &text).await.unwrap();
}

fn later(world: &World, days: i32) {
    let now = world.desk.clock().now();
    world.desk.clock().set(now + DAY * days);
}

fn is_locked(world: &World, name: &str) -> bool {
    let office = world.desk.office();
    let found = office.people.values().find(|p| p.name.starts_with(name));
    office.locked.contains(&found.unwrap().id)
}

#[tokio::test]
async fn an_account_that_nobody_uses_is_locked_unless_it_is_needed_and_the_manager_confirms_those_each_quarter()
 {
    let world = World::new().await;
    let orla = world.who("Orla");
    world
        .open("Orla", vec![(world.id("Maud"), Part::Chairs)], Vec::new())
        .await;
    assert_eq!(
        world.desk.lock_unused().await.unwrap(),
        0,
        "it begins to count"
    );
    later(&world, 100);
    let sol = signed_in::sign_in(&world.desk, "sol.adder@example.org", PASSWORD).await;
    let sol = sol.unwrap().secret;
    later(&world, 79);
    assert_eq!(
        world.desk.lock_unused().await.unwrap(),
        0,
        "not a day early"
    );
    later(&world, 1);
    assert_eq!(world.desk.lock_unused().await.unwrap(), 1);
    assert_eq!(world.desk.lock_unused().await.unwrap(), 0, "once");
    for (who, locked) in [
        ("Orla", false),
        ("Nia", false),
        ("Ivo", false),
        ("Maud", false),
        ("Tam", true),
        ("Sol", false),
    ] {
        assert_eq!(is_locked(&world, who), locked, "{who}");
    }
    assert!(world.desk.session(&sol).await.unwrap().is_some());

    let list = world.desk.to_confirm(&orla).await.unwrap();
    let names: Vec<_> = list.iter().map(|one| one.person.name.as_str()).collect();
    assert!(
        names.contains(&"Maud Ellery") && !names.contains(&"Tam Birch"),
        "{names:?}"
    );
    assert!(world.desk.confirmation_is_due(&orla).await.unwrap());
    let ids: Vec<String> = list.iter().map(|one| one.person.id.clone()).collect();
    let other = world.desk.confirm_unused(&orla, &ids[1..]).await;
    assert!(
        matches!(other, Err(DeskError::Field { .. })),
        "not the list that was read"
    );
    assert!(
        world
            .desk
            .confirm_unused(&world.who("Maud"), &ids)
            .await
            .is_err()
    );
    world.desk.confirm_unused(&orla, &ids).await.unwrap();
    assert!(!world.desk.confirmation_is_due(&orla).await.unwrap());
    later(&world, 91);
    assert!(world.desk.confirmation_is_due(&orla).await.unwrap());
}

#[tokio::test]
async fn a_locked_account_says_so_only_after_the_right_password_and_is_unlocked_by_either_named_person_loudly()
 {
    let (world, smtp) = with_mail().await;
    name_restorers(&world).await;
    let email = "tam.birch@example.org";
    let tam = world.id("Tam");
    let signed = signed_in::sign_in(&world.desk, email, PASSWORD)
        .await
        .unwrap();
    let half = world.desk.sign_in(email, PASSWORD, "").await.unwrap();
    later(&world, 180);
    world.desk.lock_unused().await.unwrap();
    assert!(is_locked(&world, "Tam"));
    assert!(world.desk.session(&signed.secret).await.unwrap().is_none());
    assert!(matches!(
        world.desk.to_set_up(&half.secret).await,
        Err(DeskError::NotSignedIn)
    ));
    let wrong = world.desk.sign_in(email, "not the password", "").await;
    assert!(matches!(wrong, Err(DeskError::NotSignedIn)));
    let right = world.desk.sign_in(email, PASSWORD, "").await;
    let Err(DeskError::Field { message, .. }) = right else {
        panic!("{right:?}");
    };
    assert!(
        message.contains("Maud Ellery, Ivo Larkfield or the business manager"),
        "{message}"
    );

    let (maud, ivo) = (world.who("Maud"), world.who("Ivo"));
    let without = world.desk.unlock_account(&maud, &tam, " ").await;
    assert!(matches!(without, Err(DeskError::Field { .. })));
    world
        .desk
        .unlock_account(&maud, &tam, "Rang him")
        .await
        .unwrap();
    assert!(!is_locked(&world, "Tam"));
    let twice = world.desk.unlock_account(&maud, &tam, "Rang him").await;
    assert!(matches!(twice, Err(DeskError::Field { .. })), "not locked");
    assert_eq!(
        world.desk.lock_unused().await.unwrap(),
        0,
        "nor locked again at once"
    );
    assert!(world.desk.sign_in(email, PASSWORD, "").await.is_ok());
    world
        .desk
        .take_step_off(&ivo, &tam, "Rang him")
        .await
        .unwrap();
    let own = world
        .desk
        .take_step_off(&ivo, &ivo.person.id, "Lost it")
        .await;
    assert!(matches!(own, Err(DeskError::Field { .. })));
    world.desk.send_waiting_mail().await.unwrap();
    let mails = smtp.mails();
    let to = |address: &str| {
        let theirs = mails.iter().filter(|m| m.to == [address]);
        theirs.map(|m| m.text.clone()).collect::<Vec<_>>()
    };
    for address in [
        email,
        "maud.ellery@example.org",
        "ivo.larkfield@example.org",
    ] {
        let texts = to(address);
        assert_eq!(texts.len(), 2, "{address}");
        assert!(
            texts
                .iter()
                .any(|t| t.contains("Maud Ellery unlocked the account of Tam Birch"))
        );
        assert!(
            texts
                .iter()
                .any(|t| t.contains("Ivo Larkfield took the second step off"))
        );
    }
    assert!(world.desk.verify().await.is_ok());
}

#[tokio::test]
async fn nobody_else_restores_an_account() {
    let world = World::new().await;
    let (tam, nia) = (world.id("Tam"), world.id("Nia"));
    for who in ["Ivo", "Maud"] {
        let who = world.who(who);
        let denied = world.desk.take_step_off(&who, &tam, "Rang him").await;
        assert!(matches!(denied, Err(DeskError::Denied(_))));
        let denied = world.desk.unlock_account(&who, &tam, "Rang him").await;
        assert!(matches!(denied, Err(DeskError::Denied(_))));
    }
    name_restorers(&world).await;
    let tam = world.who("Tam");
    let denied = world.desk.take_step_off(&tam, &nia, "Rang her").await;
    assert!(matches!(denied, Err(DeskError::Denied(_))));
}

#[tokio::test]
async fn who_has_access_is_told_once_a_week_by_name_and_role_alone() {
    let (world, smtp) = with_mail().await;
    let case = world.case().await;
    for _ in 0..2 {
        world.desk.queue_digests().await.unwrap();
        world.desk.send_waiting_mail().await.unwrap();
        later(&world, 6);
    }
    assert_eq!(smtp.mails().len(), 1, "once in the week");
    let mail = smtp.mails().pop().unwrap();
    assert_eq!(mail.to, ["ivo.larkfield@example.org"]);
    assert!(mail.text.contains("- Ivo Larkfield, "));
    assert!(!mail.text.contains("Orla") && !mail.text.contains(case.reference()));
    assert!(!mail.text.contains("Child A"));
    world.desk.queue_digests().await.unwrap();
    world.desk.send_waiting_mail().await.unwrap();
    assert_eq!(smtp.mails().len(), 2, "and the week after");
}
