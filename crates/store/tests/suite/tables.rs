//! Accounts, sessions, drafts, forms and settings: what stands beside the record.

use crate::shared::*;
use jiff::ToSpan;
use serde_json::json;
use store::{
    Claim, FormDone, Invitation, KeptPasskey, NewAccount, NewSession, PasskeyAsked, ServiceToken,
    SignOnLink, Store, StoreError,
};

/// A new store on the database this module is named after.
async fn new_store() -> (Home, Store) {
    new_store_on(Engine::of(module_path!())).await
}

fn account(id: &str, email: &str) -> NewAccount {
    NewAccount {
        id: id.into(),
        email: email.into(),
        password_hash: "$argon2id$invented".into(),
        person: format!("person-of-{id}"),
    }
}

async fn with_account() -> (Home, Store) {
    let (dir, store) = new_store().await;
    store
        .create_account(account("a1", "Jo.Merrow@Merrowshire.example "))
        .await
        .unwrap();
    (dir, store)
}

#[tokio::test]
async fn an_address_has_one_account_however_it_is_capitalised() {
    let (_dir, store) = with_account().await;
    let found = store
        .account_by_email("JO.merrow@merrowshire.EXAMPLE")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.id.as_str(), found.person.as_str()),
        ("a1", "person-of-a1")
    );
    let taken = store
        .create_account(account("a2", "jo.merrow@merrowshire.example"))
        .await
        .unwrap_err();
    assert!(matches!(taken, StoreError::EmailTaken(_)));
    assert!(store.account("a2").await.unwrap().is_none());
    assert_eq!(store.accounts().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_at_once_are_all_counted_held_and_forgotten_after_success() {
    let (_dir, store) = with_account().await;
    let (what, since) = ([3; 32], at() - 15.minutes());
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.count_attempt(&what, at(), since).await.unwrap() })
        })
        .collect();
    let mut counts = Vec::new();
    for one in tries {
        counts.push(one.await.unwrap());
    }
    counts.sort_unstable();
    assert_eq!(counts, (1..=20).collect::<Vec<u32>>());
    let later = at() + 15.minutes();
    store.hold_attempts(&what, later).await.unwrap();
    let held = store.attempts(&what).await.unwrap();
    assert_eq!((held.failed, held.until), (0, Some(later)));
    // Those of long ago no longer count.
    let much_later = at() + 60.minutes();
    let counted = store.count_attempt(&what, much_later, later);
    assert_eq!(counted.await.unwrap(), 1);
    store.attempt_succeeded(&what, much_later).await.unwrap();
    let known = store.attempts(&what).await.unwrap();
    assert_eq!((known.failed, known.until), (0, None));
    assert_eq!(known.succeeded, Some(much_later));
    assert_eq!(store.attempts(&[4; 32]).await.unwrap().failed, 0);
    let old = store.forget_attempts_before(much_later + 1.minutes());
    assert_eq!(old.await.unwrap(), 1);
}

#[tokio::test]
async fn an_account_ends_with_its_sessions_and_its_password_can_be_replaced() {
    let (_dir, store) = with_account().await;
    let new = NewSession {
        id_hash: [9; 32],
        account: "a1".into(),
        created: at(),
        csrf_secret: vec![9; 32],
    };
    store.begin_session(new).await.unwrap();
    store.half_sign_in(&[8; 32], "a1", at()).await.unwrap();
    store
        .set_password_hash("a1", "$argon2id$new")
        .await
        .unwrap();
    let found = store.account("a1").await.unwrap().unwrap();
    assert_eq!(
        (found.disabled, found.password_hash.as_str()),
        (false, "$argon2id$new")
    );
    store.end_account("a1", at()).await.unwrap();
    assert!(store.account("a1").await.unwrap().unwrap().disabled);
    let ended = store.session(&[9; 32]).await.unwrap().unwrap();
    assert_eq!(ended.ended, Some(at()));
    assert!(store.half_signed_in(&[8; 32]).await.unwrap().is_none());
    let nobody = store.end_account("a9", at()).await.unwrap_err();
    assert!(matches!(nobody, StoreError::NoSuchAccount(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_works_once_whoever_comes_first_and_never_an_older_one() {
    let (_dir, store) = with_account().await;
    assert!(store.second_step("a1").await.unwrap().is_none());
    store.begin_second_step("a1", &[1; 20], at()).await.unwrap();
    store.begin_second_step("a1", &[2; 20], at()).await.unwrap();
    assert!(!store.use_step("a1", 5).await.unwrap(), "not in use yet");
    let codes: Vec<[u8; 32]> = (1..=10).map(|n| [n; 32]).collect();
    let taken = store.confirm_second_step("a1", 7, &codes, at());
    assert!(taken.await.unwrap());
    let again = store.confirm_second_step("a1", 8, &codes, at());
    assert!(!again.await.unwrap(), "once");
    // One in use is not exchanged by beginning another.
    store.begin_second_step("a1", &[3; 20], at()).await.unwrap();
    let step = store.second_step("a1").await.unwrap().unwrap();
    assert_eq!(step.secret.as_slice(), [2; 20]);
    assert_eq!((step.confirmed_at, step.last_step), (Some(at()), 7));
    let many = |used: u64| {
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.use_step("a1", used).await.unwrap() })
            })
            .collect();
        async move {
            let mut right = 0;
            for one in tries {
                right += u32::from(one.await.unwrap());
            }
            right
        }
    };
    assert_eq!(many(7).await, 0);
    assert_eq!(many(8).await, 1);
    assert_eq!(many(6).await, 0);
    for (hash, right) in [([3; 32], true), ([3; 32], false), ([99; 32], false)] {
        let used = store.use_recovery_code("a1", &hash, at());
        assert_eq!(used.await.unwrap(), right);
    }
    assert_eq!(store.recovery_codes_left("a1").await.unwrap(), 9);
    store
        .replace_recovery_codes("a1", &[[50; 32]])
        .await
        .unwrap();
    assert_eq!(store.recovery_codes_left("a1").await.unwrap(), 1);
    store.half_sign_in(&[5; 32], "a1", at()).await.unwrap();
    assert_eq!(store.count_code(&[5; 32]).await.unwrap(), 1);
    assert_eq!(store.count_code(&[5; 32]).await.unwrap(), 2);
    assert_eq!(store.count_code(&[6; 32]).await.unwrap(), u32::MAX);
    store.drop_second_step("a1", at()).await.unwrap();
    assert!(store.second_step("a1").await.unwrap().is_none());
    assert!(store.half_signed_in(&[5; 32]).await.unwrap().is_none());
    assert_eq!(store.recovery_codes_left("a1").await.unwrap(), 0);
}

#[tokio::test]
async fn an_invitation_makes_one_account_in_its_time_and_the_newest_link_is_the_only_one() {
    let (_dir, store) = with_account().await;
    let ends_at = at() + jiff::SignedDuration::from_hours(24);
    let waits = |invitation: &str| Invitation {
        person: "p9".into(),
        invitation: invitation.into(),
        ends_at,
    };
    let new = |email: &str| NewAccount {
        id: "p9".into(),
        email: email.into(),
        password_hash: "hash".into(),
        person: "p9".into(),
    };
    let accept = |hash: u8, email: &str, at| {
        let (store, new) = (store.clone(), new(email));
        async move { store.accept_invitation(&[hash; 32], new, at).await }
    };
    store.keep_invitation(&[1; 32], &waits("i1")).await.unwrap();
    store.keep_invitation(&[2; 32], &waits("i2")).await.unwrap();
    assert_eq!(store.invitation(&[1; 32]).await.unwrap(), None);
    let found = store.invitation(&[2; 32]).await.unwrap();
    assert_eq!(found, Some(waits("i2")));
    assert!(!accept(1, "nine@example.org", at()).await.unwrap(), "old");
    assert!(
        !accept(2, "nine@example.org", ends_at).await.unwrap(),
        "late"
    );
    let there = store.account("a1").await.unwrap().unwrap().email;
    let taken = accept(2, &there, at()).await;
    assert!(matches!(taken, Err(StoreError::EmailTaken(_))), "{taken:?}");
    assert!(
        store.invitation(&[2; 32]).await.unwrap().is_some(),
        "it stays"
    );
    assert!(accept(2, "Nine@example.org", at()).await.unwrap());
    assert!(!accept(2, "nine@example.org", at()).await.unwrap(), "once");
    let made = store.account_by_email("nine@example.org").await.unwrap();
    assert_eq!(made.map(|a| a.id), Some("p9".into()));
    store.keep_invitation(&[3; 32], &waits("i3")).await.unwrap();
    store.drop_invitation("p9").await.unwrap();
    assert_eq!(store.invitation(&[3; 32]).await.unwrap(), None);
}

#[tokio::test]
async fn a_passkey_is_one_accounts_is_not_used_twice_at_once_and_the_last_step_stays() {
    let (_dir, store) = with_account().await;
    let key = |n: u8| KeptPasskey {
        credential: [n; 32],
        account: "a1".into(),
        content: vec![n; 40],
        made_at: at(),
        used_at: None,
    };
    assert!(store.add_passkey(&key(1), Some(&[[9; 32]])).await.unwrap());
    assert!(!store.add_passkey(&key(1), None).await.unwrap(), "once");
    assert_eq!(store.recovery_codes_left("a1").await.unwrap(), 1);
    assert_eq!(store.passkey(&[1; 32]).await.unwrap(), Some(key(1)));
    assert!(!store.remove_passkey("a1", &[1; 32]).await.unwrap(), "last");
    assert!(store.add_passkey(&key(2), None).await.unwrap());
    assert!(
        !store.remove_passkey("a2", &[1; 32]).await.unwrap(),
        "whose"
    );
    assert!(store.passkey_used(&key(1), &[7; 40], at()).await.unwrap());
    let again = store.passkey_used(&key(1), &[8; 40], at()).await.unwrap();
    assert!(!again, "it was used since it was read");
    assert!(store.remove_passkey("a1", &[1; 32]).await.unwrap());
    assert_eq!(store.passkeys("a1").await.unwrap(), [key(2)]);

    let asked = PasskeyAsked {
        account: Some("a1".into()),
        purpose: "add".into(),
        content: vec![5; 9],
        begun: at(),
    };
    store.ask_for_passkey(&[4; 32], &asked).await.unwrap();
    let taken = store.take_passkey_asked(&[4; 32], at()).await.unwrap();
    assert_eq!(taken, Some(asked.clone()));
    let taken = store.take_passkey_asked(&[4; 32], at()).await.unwrap();
    assert_eq!(taken, None, "once");
    store.ask_for_passkey(&[5; 32], &asked).await.unwrap();
    let later = at() + jiff::SignedDuration::from_mins(6);
    let late = store.take_passkey_asked(&[5; 32], later).await.unwrap();
    assert_eq!(late, None, "too late");
    store.drop_second_step("a1", at()).await.unwrap();
    assert_eq!(store.passkeys("a1").await.unwrap(), []);
}

#[tokio::test]
async fn a_providers_name_for_someone_leads_to_one_account_until_it_is_taken_away() {
    let (_dir, store) = with_account().await;
    let link = |subject: &str, account: &str| SignOnLink {
        issuer: "https://login.example.org".into(),
        subject: subject.into(),
        account: account.into(),
        organisation: "council".into(),
        linked_at: "2026-06-01T09:00:00Z".parse().unwrap(),
    };
    assert!(store.link_sign_on(&link("s1", "a1")).await.unwrap());
    assert!(!store.link_sign_on(&link("s1", "a2")).await.unwrap());
    let found = store
        .sign_on("https://login.example.org", "s1")
        .await
        .unwrap();
    assert_eq!(found, Some(link("s1", "a1")));
    // Names are compared letter by letter, and belong to their issuer.
    for (issuer, subject) in [
        ("https://login.example.org", "S1"),
        ("https://login.example.com", "s1"),
    ] {
        assert_eq!(store.sign_on(issuer, subject).await.unwrap(), None);
    }
    assert!(store.link_sign_on(&link("s2", "a1")).await.unwrap());
    assert_eq!(store.sign_ons_of("a1").await.unwrap().len(), 2);
    assert!(store.unlink_sign_ons("a1").await.unwrap());
    assert!(!store.unlink_sign_ons("a1").await.unwrap());
    assert!(store.link_sign_on(&link("s1", "a1")).await.unwrap());
    // Whoever leaves takes it with them.
    let now = "2026-06-02T09:00:00Z".parse().unwrap();
    store.end_account("a1", now).await.unwrap();
    assert_eq!(store.sign_ons_of("a1").await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_and_a_new_one_gives_those_before_it_an_end() {
    let (_dir, store) = with_account().await;
    let made: jiff::Timestamp = "2026-06-01T09:00:00Z".parse().unwrap();
    let token = |called: &str| ServiceToken {
        service: "it".into(),
        called: called.into(),
        made_at: made,
        ends_at: None,
        used_at: None,
    };
    let week = made + jiff::SignedDuration::from_hours(24 * 7);
    let later = week + jiff::SignedDuration::from_hours(24 * 7);
    let add = async |hash: u8, called: &str, until| {
        store
            .add_service_token(&[hash; 32], &token(called), until)
            .await
            .unwrap();
    };
    add(1, "abc", week).await;
    add(2, "def", week).await;
    add(3, "ghi", later).await;
    let find = async |hash: u8| store.service_token(&[hash; 32]).await.unwrap();
    assert_eq!(find(4).await, None);
    assert_eq!(find(3).await.unwrap().ends_at, None);
    assert_eq!(find(2).await.unwrap().ends_at, Some(later));
    assert_eq!(find(1).await.unwrap().ends_at, Some(week), "not put off");
    store.service_token_used(&[3; 32], week).await.unwrap();
    assert_eq!(find(3).await.unwrap().used_at, Some(week));
    assert_eq!(store.service_tokens("it").await.unwrap().len(), 3);
    assert!(store.end_service_tokens("it", Some("abc")).await.unwrap());
    assert!(!store.end_service_tokens("it", Some("abc")).await.unwrap());
    assert!(store.end_service_tokens("it", None).await.unwrap());
    assert_eq!(find(3).await, None);
}

#[tokio::test]
async fn a_session_is_found_seen_and_ended() {
    let (_dir, store) = with_account().await;
    for id in [1, 2, 3] {
        let new = NewSession {
            id_hash: [id; 32],
            account: "a1".into(),
            created: at(),
            csrf_secret: vec![id; 32],
        };
        store.begin_session(new).await.unwrap();
    }
    let later = at() + 5.minutes();
    store.session_seen(&[1; 32], later).await.unwrap();
    store
        .session_reauthenticated(&[1; 32], later)
        .await
        .unwrap();
    store.show_names(&[1; 32], true).await.unwrap();
    let session = store.session(&[1; 32]).await.unwrap().unwrap();
    assert_eq!(
        (
            session.created,
            session.last_seen,
            session.reauthenticated_at
        ),
        (at(), later, Some(later))
    );
    assert!(session.names_shown);
    assert_eq!(session.csrf_secret, vec![1; 32]);
    assert_eq!(store.sessions_of("a1").await.unwrap()[0].id_hash, [1; 32]);

    store.end_session(&[3; 32], later).await.unwrap();
    store.end_session(&[3; 32], later + 1.hour()).await.unwrap();
    assert_eq!(
        store.session(&[3; 32]).await.unwrap().unwrap().ended,
        Some(later)
    );
    assert_eq!(
        store
            .end_sessions_of("a1", Some(&[1; 32]), later)
            .await
            .unwrap(),
        1
    );
    assert_eq!(store.sessions_of("a1").await.unwrap().len(), 1);
    assert!(store.session(&[9; 32]).await.unwrap().is_none());
    assert_eq!(store.forget_sessions_before(later).await.unwrap(), 2);
    assert!(store.session(&[1; 32]).await.unwrap().is_some());
}

#[tokio::test]
async fn a_notice_is_shown_once() {
    let (_dir, store) = with_account().await;
    let new = NewSession {
        id_hash: [1; 32],
        account: "a1".into(),
        created: at(),
        csrf_secret: vec![1; 32],
    };
    store.begin_session(new).await.unwrap();
    assert_eq!(store.take_notice(&[1; 32]).await.unwrap(), None);
    store
        .put_notice(&[1; 32], "The incident was saved")
        .await
        .unwrap();
    assert_eq!(
        store.take_notice(&[1; 32]).await.unwrap().as_deref(),
        Some("The incident was saved")
    );
    assert_eq!(store.take_notice(&[1; 32]).await.unwrap(), None);
}

#[tokio::test]
async fn a_draft_survives_reopening_as_typed() {
    let (dir, store) = new_store().await;
    let typed = json!({ "what-happened": "  two  spaces and a\nnew line ", "date-day": "31", "boxes": ["a", "b"] });
    store
        .put_draft(
            "p1",
            "/cases/1/incident",
            Some(4),
            &json!({ "early": "words" }),
            at(),
        )
        .await
        .unwrap();
    store
        .put_draft(
            "p1",
            "/cases/1/incident",
            Some(5),
            &typed,
            at() + 1.minute(),
        )
        .await
        .unwrap();
    store
        .put_draft("p1", "/cases/2/incident", None, &typed, at())
        .await
        .unwrap();
    store.close().await;
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    let draft = store
        .draft("p1", "/cases/1/incident")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (draft.values, draft.based_on, draft.saved_at),
        (typed, Some(5), at() + 1.minute())
    );
    assert_eq!(store.drafts("p1").await.unwrap().len(), 2);
    assert!(
        store
            .draft("p2", "/cases/1/incident")
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_sent_page_deletes_its_draft_and_not_what_was_saved_since() {
    let (_dir, store) = new_store().await;
    store
        .put_draft("p1", "/page", None, &json!({ "a": "1" }), at())
        .await
        .unwrap();
    let read = store.draft("p1", "/page").await.unwrap().unwrap();
    store
        .put_draft("p1", "/page", None, &json!({ "a": "2" }), at())
        .await
        .unwrap();
    assert!(!store.delete_draft("p1", &read.id).await.unwrap());
    let newer = store.draft("p1", "/page").await.unwrap().unwrap();
    assert_eq!(newer.values, json!({ "a": "2" }));
    assert!(
        !store.delete_draft("p2", &newer.id).await.unwrap(),
        "another person's draft stays"
    );
    assert!(store.delete_draft("p1", &newer.id).await.unwrap());
    assert!(store.draft("p1", "/page").await.unwrap().is_none());
}

#[tokio::test]
async fn drafts_handed_over_never_overwrite_what_the_other_has_typed() {
    let (_dir, store) = new_store().await;
    store
        .put_draft(
            "leaving",
            "/page",
            Some(1),
            &json!("from the one who leaves"),
            at(),
        )
        .await
        .unwrap();
    store
        .put_draft("leaving", "/other", None, &json!("other"), at())
        .await
        .unwrap();
    store
        .put_draft("staying", "/page", Some(2), &json!("own"), at())
        .await
        .unwrap();
    assert_eq!(
        store.transfer_drafts("leaving", "staying").await.unwrap(),
        2
    );
    assert_eq!(
        store.transfer_drafts("staying", "staying").await.unwrap(),
        0
    );
    assert!(store.drafts("leaving").await.unwrap().is_empty());
    assert_eq!(store.drafts("staying").await.unwrap().len(), 3);
    assert_eq!(
        store
            .draft("staying", "/page")
            .await
            .unwrap()
            .unwrap()
            .values,
        json!("own")
    );
    assert!(store.delete_own_draft("staying", "/page").await.unwrap());
    let handed = store.draft("staying", "/page").await.unwrap().unwrap();
    assert_eq!(handed.values, json!("from the one who leaves"));
    assert_eq!(handed.handed_from.as_deref(), Some("leaving"));
    // Typing again beside a draft that was handed over keeps both.
    store
        .put_draft("staying", "/page", Some(3), &json!("typed again"), at())
        .await
        .unwrap();
    assert_eq!(store.drafts("staying").await.unwrap().len(), 3);
    // Handed on once more, the one who typed it is still named.
    store.transfer_drafts("staying", "third").await.unwrap();
    let names: Vec<_> = store
        .drafts("third")
        .await
        .unwrap()
        .into_iter()
        .filter_map(|draft| draft.handed_from)
        .collect();
    assert_eq!(names.iter().filter(|name| *name == "leaving").count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_claims_of_one_form_exactly_one_is_yours() {
    let (_dir, store) = new_store().await;
    let claims: Vec<_> = (0..50)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.claim("token", at()).await.unwrap() })
        })
        .collect();
    let mut yours = 0;
    for one in claims {
        match one.await.unwrap() {
            Claim::Yours => yours += 1,
            other => assert_eq!(other, Claim::Underway),
        }
    }
    assert_eq!(yours, 1);
    store.finish_form("token", "/cases/1").await.unwrap();
    assert_eq!(
        store.claim("token", at()).await.unwrap(),
        Claim::Done("/cases/1".into())
    );
    store.release_form("token").await.unwrap();
    assert_eq!(
        store.claim("token", at()).await.unwrap(),
        Claim::Done("/cases/1".into())
    );
}

#[tokio::test]
async fn a_form_left_by_a_process_that_is_gone_can_be_sent_again_and_one_that_was_carried_out_is_told_so()
 {
    let (dir, store) = new_store().await;
    assert_eq!(store.claim("left", at()).await.unwrap(), Claim::Yours);
    assert_eq!(store.claim("done", at()).await.unwrap(), Claim::Yours);
    let form = FormDone {
        token: "done".into(),
        path: "/cases/1".into(),
    };
    store
        .append_all(permit(), Vec::new(), Some(form))
        .await
        .unwrap();
    store.close().await;
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(store.claim("left", at()).await.unwrap(), Claim::Yours);
    assert_eq!(
        store.claim("done", at()).await.unwrap(),
        Claim::Done("/cases/1".into())
    );
}

#[tokio::test]
async fn a_refused_form_can_be_sent_again() {
    let (_dir, store) = new_store().await;
    assert_eq!(store.claim("token", at()).await.unwrap(), Claim::Yours);
    store.release_form("token").await.unwrap();
    assert_eq!(store.claim("token", at()).await.unwrap(), Claim::Yours);
    assert_eq!(
        store.forget_forms_before(at() + 1.minute()).await.unwrap(),
        1
    );
    assert_eq!(store.claim("token", at()).await.unwrap(), Claim::Yours);
}

#[tokio::test]
async fn a_setting_is_kept_replaced_and_never_the_stores_own() {
    let (dir, store) = new_store().await;
    assert_eq!(store.meta("holidays").await.unwrap(), None);
    store.put_meta("holidays", "{}").await.unwrap();
    store
        .put_meta("holidays", "{\"england-and-wales\":{}}")
        .await
        .unwrap();
    assert!(matches!(
        store.put_meta("store.partnership", "tilbrook").await,
        Err(StoreError::Unfit { .. })
    ));
    store.close().await;
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(
        store.meta("holidays").await.unwrap().as_deref(),
        Some("{\"england-and-wales\":{}}")
    );
    assert_eq!(store.partnership(), "merrowshire");
}
