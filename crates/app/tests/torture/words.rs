//! What was typed comes back when the form was drawn before the person signed in again, and is saved once it is sent again.

use crate::house::{House, ask, between, contact, sign_in};

#[test]
fn a_form_drawn_before_signing_in_again_comes_back_with_its_words_and_can_be_sent() {
    let (house, mut child) = House::new();
    let again = sign_in(house.port, "robin@example.org");
    let (n, path) = (house.number(), format!("{}/incident/contact", house.case));
    // The mark of the first session, sent by the second, as from another tab.
    let body = contact(&house.robin.csrf, n, "typed+for+an+hour");
    let back = ask(house.port, "POST", &path, &again.cookie, &body).expect("an answer");
    assert_eq!(back.status, 403, "{}", back.body);
    assert!(
        back.body.contains(&format!("mark{n}x")) && back.body.contains("typed for an hour"),
        "{}",
        back.body
    );
    assert!(
        back.body
            .contains("Nothing was saved: you have signed in again"),
        "{}",
        back.body
    );
    assert_eq!(house.held().get(&n), None);
    // Nobody else's draft came of it.
    let fresh = ask(house.port, "GET", &path, &again.cookie, "").expect("the form");
    assert!(!fresh.body.contains("typed for an hour"));
    // The page itself can be sent.
    let form = back.body.split("data-keep").nth(1).expect("the form");
    let csrf = between(form, "name=\"csrf\" value=\"", "\"").to_owned();
    let sent = ask(
        house.port,
        "POST",
        &path,
        &again.cookie,
        &contact(&csrf, n, "typed+for+an+hour"),
    )
    .expect("an answer");
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert_eq!(house.held().get(&n), Some(&1));

    // The same for a case that is being opened.
    let body = format!(
        "csrf={}&form-token=other&danger=no&summary=words+of+an+hour",
        house.robin.csrf
    );
    let back = ask(house.port, "POST", "/open-a-case", &again.cookie, &body).expect("an answer");
    assert_eq!(back.status, 403);
    assert!(back.body.contains("words of an hour"), "{}", back.body);
    child.kill();
    house.verify();
}
