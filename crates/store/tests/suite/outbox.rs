//! The outbox: queued once whatever happens, sealed, retried, marked once.

use crate::shared::*;
use jiff::ToSpan;
use store::{NewMail, Rotate, Store};

async fn new_store() -> (Home, Store) {
    new_store_on(Engine::of(module_path!())).await
}

fn mail(id: &str, size: u64) -> NewMail {
    NewMail {
        id: id.into(),
        size,
        content: format!("to the scrutineer of Tilbrook: {id}").into_bytes(),
    }
}

#[tokio::test]
async fn a_mail_is_queued_once_and_marked_once() {
    let (_home, store) = new_store().await;
    let both = [mail("b", 7), mail("a", 9)];
    assert_eq!(store.queue_mails(&both, at()).await.unwrap(), 2);
    let later = at().checked_add(1.hour()).unwrap();
    assert_eq!(store.queue_mails(&both, later).await.unwrap(), 0);
    let waiting = store.waiting_mails().await.unwrap();
    let ids: Vec<&str> = waiting.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["b", "a"], "the smaller checkpoint first");
    assert_eq!(waiting[0].content, mail("b", 7).content);
    assert_eq!((waiting[0].queued_at, waiting[0].next_at), (at(), at()));

    store.mail_failed("b", "not taken", later).await.unwrap();
    let b = store.waiting_mails().await.unwrap().remove(0);
    assert_eq!(
        (b.tries, b.problem.as_str(), b.next_at),
        (1, "not taken", later)
    );
    store.mail_sent("b", later).await.unwrap();
    store
        .mail_sent("b", later.checked_add(1.hour()).unwrap())
        .await
        .unwrap();
    store.mail_failed("b", "too late", later).await.unwrap();
    store.drop_mail("b").await.unwrap();
    assert_eq!(
        store.queue_mails(&both, later).await.unwrap(),
        0,
        "never a second time"
    );
    let sent = store.sent_mails(10).await.unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].sent_at, sent[0].tries), (Some(later), 1));
    store.drop_mail("a").await.unwrap();
    assert!(store.waiting_mails().await.unwrap().is_empty());
    store.close().await;
}

#[tokio::test]
async fn what_waits_opens_after_the_keys_were_changed() {
    let (home, store) = new_store().await;
    append(&store, "case/1", None, &["calm words"])
        .await
        .unwrap();
    store.queue_mails(&[mail("a", 1)], at()).await.unwrap();
    store.close().await;
    let both = Rotate {
        master: true,
        partnership: true,
        keep_old: None,
    };
    let data = home.path().join("data");
    let done = store::rotate_keys(&data, &both).await.unwrap();
    assert_eq!(done.unopened, 0);
    let store = Store::open(&data).await.unwrap();
    let waiting = store.waiting_mails().await.unwrap();
    assert_eq!(waiting[0].content, mail("a", 1).content);
    store.close().await;
}
