//! One form sent many times at once, and two people in one case: exactly one event, no text overwritten unseen, both texts kept and shown.

use std::sync::{Arc, Barrier};

use crate::house::{House, Signed, ask, contact, sign_in, times};

#[test]
fn a_form_sent_50_times_at_once_is_recorded_once_and_each_sending_gets_the_same_answer() {
    let (house, mut child) = House::new();
    for _ in 0..times(2, 40) {
        let (n, together) = (house.number(), Arc::new(Barrier::new(50)));
        let path = format!("{}/incident/contact", house.case);
        let senders: Vec<_> = (0..50)
            .map(|_| {
                let (port, robin, path, together) = (
                    house.port,
                    house.robin.clone(),
                    path.clone(),
                    together.clone(),
                );
                std::thread::spawn(move || {
                    together.wait();
                    ask(
                        port,
                        "POST",
                        &path,
                        &robin.cookie,
                        &contact(&robin.csrf, n, ""),
                    )
                    .expect("an answer")
                })
            })
            .collect();
        let answers: Vec<_> = senders
            .into_iter()
            .map(|s| s.join().expect("sent"))
            .collect();
        for answer in &answers {
            assert_eq!(answer.status, 303, "{}", answer.body);
            assert_eq!(answer.location(), answers[0].location());
        }
        assert_eq!(house.held().get(&n), Some(&1));
    }
    child.kill();
    house.verify();
}

/// One of the two, with what they have open and how it went.
struct Editor {
    signed: Signed,
    words: String,
    page: String,
    /// After how many steps of both they opened and sent the form.
    opened: usize,
    sent: usize,
    accepted: bool,
    looked: String,
}

fn hidden(page: &str, name: &str) -> String {
    let form = page.split("data-keep").nth(1).unwrap_or_default();
    crate::house::between(form, &format!("name=\"{name}\" value=\""), "\"").to_owned()
}

/// All orders of three steps of each of two people.
fn orders() -> Vec<Vec<usize>> {
    (0_u32..64)
        .filter(|bits| bits.count_ones() == 3)
        .map(|bits| (0..6).map(|at| (bits >> at & 1) as usize).collect())
        .collect()
}

#[test]
fn two_people_in_one_case_overwrite_nothing_unseen_in_any_order_of_opening_sending_and_looking() {
    let (house, mut child) = House::new();
    let (port, robin) = (house.port, house.robin.clone());
    let body = format!(
        "csrf={}&name=Wren+Alder&email=wren%40example.org&role=deputy-manager&seat=",
        robin.csrf
    );
    let invited = ask(port, "POST", "/people", &robin.cookie, &body).expect("an answer");
    let person = crate::house::between(&invited.body, "href=\"/people/", "\"").to_owned();
    let link = crate::house::between(&invited.body, "/sign-up/", "<");
    assert!(!person.is_empty() && !link.is_empty());
    let body = "password=lantern+meadow+oak&password-again=lantern+meadow+oak";
    let joined = ask(port, "POST", &format!("/sign-up/{link}"), "", body).expect("an answer");
    assert_eq!(joined.status, 200, "{}", joined.body);
    let wren = sign_in(port, "wren@example.org");
    // The form, the field that is typed into, and what has to be sent beside it.
    let forms: [(&str, &str, &str); 3] = [
        ("incident", "summary", ""),
        (
            "incident/awareness",
            "aware-who",
            "&aware-on-day=2&aware-on-month=3&aware-on-year=2026&why-corrected=It+was+wrong",
        ),
        (
            "incident/lead",
            "lead-reasons",
            "&lead-area=Merrowshire&area=Merrowshire&agreed-by=Both&lead-on-day=2&lead-on-month=3&lead-on-year=2026",
        ),
    ];
    let (mut conflicts, mut both) = (0, 0);
    for (form, field, beside) in forms {
        for order in orders() {
            let body = format!(
                "csrf={}&form-token=open{}&danger=no&members={person}",
                robin.csrf,
                house.number()
            );
            let case = ask(port, "POST", "/open-a-case", &robin.cookie, &body)
                .expect("an answer")
                .location();
            let path = format!("{case}/{form}");
            let mut editors = [("robin", &robin), ("wren", &wren)].map(|(name, signed)| Editor {
                signed: signed.clone(),
                words: format!("words of {name} {}", house.number()),
                page: String::new(),
                opened: 0,
                sent: 0,
                accepted: false,
                looked: String::new(),
            });
            let mut steps = [0, 0];
            let mut first_sent: Option<usize> = None;
            for (moment, who) in order.iter().enumerate() {
                let other_sent =
                    first_sent.is_some_and(|first| first != *who && editors[first].accepted);
                let editor = &mut editors[*who];
                match steps[*who] {
                    0 => {
                        let page =
                            ask(port, "GET", &path, &editor.signed.cookie, "").expect("the form");
                        assert_eq!(page.status, 200, "{}", page.body);
                        (editor.page, editor.opened) = (page.body, moment);
                    }
                    1 => {
                        let body = format!(
                            "csrf={}&form-token={}&based-on={}&do=save&{field}={}{beside}",
                            editor.signed.csrf,
                            hidden(&editor.page, "form-token"),
                            hidden(&editor.page, "based-on"),
                            editor.words.replace(' ', "+")
                        );
                        let answer = ask(port, "POST", &path, &editor.signed.cookie, &body)
                            .expect("an answer");
                        (editor.sent, editor.accepted) = (moment, answer.status == 303);
                        let (opened, mine) = (editor.opened, editor.words.clone());
                        if other_sent {
                            let other = &editors[1 - *who];
                            // Whoever had the form open while the other saved is shown both texts, and nothing is overwritten.
                            if opened < other.sent {
                                assert_eq!(answer.status, 409, "{form} {order:?}: {}", answer.body);
                                assert!(
                                    answer.body.contains(&mine)
                                        && answer.body.contains(&other.words),
                                    "{form} {order:?}"
                                );
                                conflicts += 1;
                            } else {
                                assert_eq!(answer.status, 303, "{form} {order:?}: {}", answer.body);
                                both += 1;
                            }
                        } else {
                            assert_eq!(answer.status, 303, "{form} {order:?}: {}", answer.body);
                            first_sent = Some(*who);
                        }
                    }
                    _ => {
                        editor.looked = ask(port, "GET", &path, &editor.signed.cookie, "")
                            .expect("the form")
                            .body
                    }
                }
                steps[*who] += 1;
            }
            let log = ask(port, "GET", &format!("{case}/story"), &robin.cookie, "")
                .expect("the story")
                .body;
            for editor in &editors {
                if editor.accepted {
                    assert!(
                        log.contains(&editor.words),
                        "{form} {order:?}: what was accepted is in the story: {}",
                        editor.words
                    );
                } else {
                    assert!(
                        editor.looked.contains(&editor.words),
                        "{form} {order:?}: what was not accepted is in the draft"
                    );
                    assert!(!log.contains(&editor.words), "{form} {order:?}");
                }
            }
        }
    }
    assert!(conflicts > 0 && both > 0);
    child.kill();
    house.verify();
    println!(
        "60 orders on 3 forms: {conflicts} times both texts were shown, {both} times the second had read the first"
    );
}
