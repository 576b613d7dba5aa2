//! One person, one account, several partnerships: joined with the password they have, asked for the same codes, out everywhere at once.
//! Nothing else goes from one partnership to the other.

use std::sync::Arc;

use access::Role;
use desk::{Desk, DeskError, House, Invitee, NewPerson, SignIn};

use crate::world::*;

const ADDRESS: &str = "petra.quillfeather@police.example";

struct Two {
    one: World,
    two: World,
    house: Option<Arc<House>>,
    /// Her id in each.
    ids: (String, String),
}

fn tilbrook() -> &'static str {
    "Tilbrook and Vale Safeguarding Children Partnership"
}

/// The next code of her app, which the first partnership keeps.
async fn code(desk: &Desk, secret: &str) -> String {
    let code = desk.code_of_an_invented_person(secret).await.unwrap();
    code.unwrap_or_default()
}

/// Both steps at a partnership, the second with a code on paper of the one that keeps them.
async fn sign_in(at: &Desk, keeper: &Desk, password: &str) -> Result<SignIn, DeskError> {
    let half = at.sign_in(ADDRESS, password, "").await?;
    let person = keeper.person_by_email(ADDRESS).unwrap();
    let codes = keeper.new_recovery_codes(&keeper.actor(&person)).await?;
    at.enter_code(&half.secret, &codes[0], "").await
}

impl Two {
    /// Petra has an account in the first, with an app, and joins the second with it.
    async fn new() -> Two {
        let (one, two) = (World::new().await, World::of(tilbrook()).await);
        let new = NewPerson {
            name: "Petra Quillfeather".into(),
            email: ADDRESS.into(),
            role: Role::Reader,
            seat: None,
            agency: None,
            password: PASSWORD.into(),
        };
        let there = one.desk.add_person(&one.who("Orla"), new).await.unwrap().id;
        let half = one.desk.sign_in(ADDRESS, PASSWORD, "").await.unwrap();
        let first = code(&one.desk, &half.secret).await;
        one.desk.set_up(&half.secret, &first, "").await.unwrap();
        let house = House::of(vec![
            ("https://merrow.example".into(), one.desk.clone()),
            ("https://tilbrook.example".into(), two.desk.clone()),
        ])
        .unwrap();
        let token = Two::invited(&two).await;
        let no = two
            .desk
            .join_with_account(&token, "not it at all", "")
            .await;
        assert!(matches!(no, Err(DeskError::Field { .. })), "{no:?}");
        let half = (two.desk.join_with_account(&token, PASSWORD, ""))
            .await
            .unwrap();
        assert!(two.desk.to_set_up(&half.secret).await.unwrap().is_none());
        // Her app is the one she has; a code that was used at one is used.
        let used = two.desk.enter_code(&half.secret, &first, "").await;
        assert!(matches!(used, Err(DeskError::Field { .. })), "{used:?}");
        let here = two.desk.person_by_email(ADDRESS).unwrap().id;
        Two {
            one,
            two,
            house: Some(house),
            ids: (there, here),
        }
    }

    /// An invitation of hers to a partnership: the secret in its link.
    async fn invited(to: &World) -> String {
        let new = Invitee {
            name: "Petra Quillfeather".into(),
            email: ADDRESS.into(),
            role: Role::Reader,
            seat: None,
            agency: None,
        };
        let invited = to.desk.invite(&to.who("Orla"), new).await.unwrap();
        let link = invited.link.unwrap();
        link.rsplit('/').next().unwrap().to_owned()
    }

    async fn goes_on(&self, session: &SignIn) -> bool {
        (self.two.desk.session(&session.secret))
            .await
            .unwrap()
            .is_some()
    }
}

#[tokio::test]
async fn one_password_and_one_app_open_both_partnerships_and_only_she_is_told_which() {
    let two = Two::new().await;
    let signed = sign_in(&two.two.desk, &two.one.desk, PASSWORD)
        .await
        .unwrap();
    let session = two.two.desk.session(&signed.secret).await.unwrap().unwrap();
    assert_eq!(session.actor.person.id, two.ids.1);
    // A second look at who she is asks for the same password.
    assert!(
        two.two
            .desk
            .reauthenticate(&session, "wrong")
            .await
            .is_err()
    );
    (two.two.desk.reauthenticate(&session, PASSWORD).await).unwrap();
    let own = two.two.desk.own_partnerships(&session.actor).await.unwrap();
    let names: Vec<&str> = own.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names.len(), 2);
    assert!(own[0].home && own[1].name == tilbrook());
    // The other one's manager sees that it is so, and not where.
    let office = two.two.desk.office();
    assert!(office.kept_elsewhere.contains(&two.ids.1));
    let told = serde_json::to_string(&*office).unwrap();
    assert!(!told.contains("Merrowshire Safeguarding"), "{told}");
    let told = serde_json::to_string(&*two.one.desk.office()).unwrap();
    assert!(!told.contains("Tilbrook and Vale"), "{told}");
    // Nobody else is told anything.
    let orla = two.two.who("Orla");
    assert!(
        two.two
            .desk
            .own_partnerships(&orla)
            .await
            .unwrap()
            .is_empty()
    );
    // The password and the codes are changed where they are kept.
    for done in [
        (two.two.desk)
            .change_password(&session, PASSWORD, "gravel otter lantern two")
            .await,
        (two.two.desk)
            .new_recovery_codes(&session.actor)
            .await
            .map(|_| ()),
    ] {
        match done {
            Err(DeskError::Field { message, .. }) => {
                assert!(message.contains("https://merrow.example"), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_changed_password_a_lost_step_and_leaving_end_what_she_began_at_the_other_at_once() {
    let two = Two::new().await;
    let (one, other) = (&two.one.desk, &two.two.desk);
    let orla = two.one.who("Orla");
    let signed = sign_in(other, one, PASSWORD).await.unwrap();
    assert!(two.goes_on(&signed).await);
    let at_home = sign_in(one, one, PASSWORD).await.unwrap();
    let session = one.session(&at_home.secret).await.unwrap().unwrap();
    let new = "gravel otter lantern two";
    one.change_password(&session, PASSWORD, new).await.unwrap();
    assert!(!two.goes_on(&signed).await, "after a changed password");
    assert!(sign_in(other, one, PASSWORD).await.is_err());

    let signed = sign_in(other, one, new).await.unwrap();
    one.take_step_off(&orla, &two.ids.0, "She rang from her desk")
        .await
        .unwrap();
    assert!(!two.goes_on(&signed).await, "after her step was taken off");
    // Without a second step at home she is in nowhere, until she sets it up there.
    let half = other.sign_in(ADDRESS, new, "").await.unwrap();
    assert!(other.to_set_up(&half.secret).await.unwrap().is_none());
    assert!(other.enter_code(&half.secret, "123456", "").await.is_err());
    let half = one.sign_in(ADDRESS, new, "").await.unwrap();
    let first = code(one, &half.secret).await;
    one.set_up(&half.secret, &first, "").await.unwrap();

    let signed = sign_in(other, one, new).await.unwrap();
    one.person_left(&orla, &two.ids.0, "She left the force")
        .await
        .unwrap();
    assert!(!two.goes_on(&signed).await, "after she left");
    assert!(other.sign_in(ADDRESS, new, "").await.is_err());
}

#[tokio::test]
async fn leaving_one_leaves_the_other_as_it_was_and_without_the_house_nobody_vouches() {
    let mut two = Two::new().await;
    let (one, other) = (two.one.desk.clone(), two.two.desk.clone());
    let signed = sign_in(&other, &one, PASSWORD).await.unwrap();
    // The other program part is away: what it keeps cannot be asked, and nothing is let through.
    two.house = None;
    assert!(!two.goes_on(&signed).await);
    assert!(other.sign_in(ADDRESS, PASSWORD, "").await.is_err());
    let two = Two::new().await;
    let (one, other) = (&two.one.desk, &two.two.desk);
    other
        .person_left(&two.two.who("Orla"), &two.ids.1, "Her case is closed")
        .await
        .unwrap();
    assert!(sign_in(other, one, PASSWORD).await.is_err());
    let at_home = sign_in(one, one, PASSWORD).await.unwrap();
    assert!(one.session(&at_home.secret).await.unwrap().is_some());
}

#[tokio::test]
async fn two_doors_give_no_more_tries_than_one_and_an_account_is_joined_only_with_its_password() {
    let two = Two::new().await;
    let (one, other) = (&two.one.desk, &two.two.desk);
    for _ in 0..10 {
        let _ = other
            .sign_in(ADDRESS, "a wrong password", "192.0.2.1")
            .await;
    }
    for desk in [one, other] {
        let held = desk.sign_in(ADDRESS, PASSWORD, "192.0.2.1").await;
        assert!(matches!(held, Err(DeskError::TooManyAttempts(_))));
    }
    // Whoever was invited with the address of somebody else's account does not come by it.
    let world = World::of("Fennmouth Safeguarding Children Partnership").await;
    let house = House::of(vec![(
        "https://fennmouth.example".into(),
        world.desk.clone(),
    )])
    .unwrap();
    let token = Two::invited(&world).await;
    let alone = world.desk.join_with_account(&token, PASSWORD, "").await;
    assert!(matches!(alone, Err(DeskError::Field { .. })), "{alone:?}");
    assert!(
        world
            .desk
            .join(&token, "a password of her own")
            .await
            .is_ok()
    );
    drop(house);
    let twice = House::of(vec![
        ("https://a.example".into(), world.desk.clone()),
        ("https://b.example".into(), world.desk.clone()),
    ]);
    assert!(twice.is_err());
}
