//! Accounts, sessions, drafts, forms and settings: what stands beside the record.

use crate::shared::*;
use jiff::ToSpan;
use serde_json::json;
use store::{Claim, FormDone, NewAccount, NewSession, Store, StoreError};

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
async fn failed_sign_ins_at_once_are_all_counted_and_forgotten_after_success() {
    let (_dir, store) = with_account().await;
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.count_failed_sign_in("a1").await.unwrap() })
        })
        .collect();
    let mut counts = Vec::new();
    for one in tries {
        counts.push(one.await.unwrap());
    }
    counts.sort_unstable();
    assert_eq!(counts, (1..=20).collect::<Vec<u32>>());
    store.lock_account("a1", at()).await.unwrap();
    let locked = store.account("a1").await.unwrap().unwrap();
    assert_eq!((locked.failed, locked.locked_until), (20, Some(at())));
    store.clear_failed_sign_ins("a1").await.unwrap();
    let cleared = store.account("a1").await.unwrap().unwrap();
    assert_eq!((cleared.failed, cleared.locked_until), (0, None));
}

#[tokio::test]
async fn an_account_can_be_disabled_and_its_password_replaced() {
    let (_dir, store) = with_account().await;
    store.set_account_disabled("a1", true).await.unwrap();
    store
        .set_password_hash("a1", "$argon2id$new")
        .await
        .unwrap();
    let found = store.account("a1").await.unwrap().unwrap();
    assert!(found.disabled);
    assert_eq!(found.password_hash, "$argon2id$new");
    let nobody = store.set_account_disabled("a9", true).await.unwrap_err();
    assert!(matches!(nobody, StoreError::NoSuchAccount(_)));
    assert!(store.count_failed_sign_in("a9").await.is_err());
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
