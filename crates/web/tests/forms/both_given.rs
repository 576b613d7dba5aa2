//! What is refused or asked about on the child's form keeps every typed word, on the page and in the draft.

use axum::http::StatusCode;

use crate::Wrong;
use crate::house::House;

const ABOUT: &str = "She liked the sea, \"loud\" music & <big> dogs.";

#[tokio::test]
async fn a_pseudonym_that_is_an_initial_or_a_name_is_refused_and_every_typed_word_is_kept()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("people/child/new");
    for (bad, why) in [
        ("Child R", "not an initial of the child&#39;s name"),
        ("R. D.", "not an initial of the child&#39;s name"),
        ("Rosalind", "not the name of anyone in this case"),
        ("wilfred", "not the name of anyone in this case"),
    ] {
        let typed = [
            ("name", "Rosalind Dunmere"),
            ("pseudonym", bad),
            ("parts", "other-child"),
            ("about", ABOUT),
        ];
        let refused = house.save("manager", &page, &typed).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "`{bad}`");
        let why = why.replace("&#39;", "'");
        assert!(
            refused.words().contains(&why),
            "`{bad}`: {}",
            refused.words()
        );
        assert!(refused.text.contains("href=\"#pseudonym\""), "`{bad}`");
        for (field, words) in typed {
            assert_eq!(refused.value(field), words, "`{bad}`: {field}");
        }
        // Whoever leaves the page and comes back finds the words there too.
        let draft = house.get("manager", &page).await?;
        assert!(draft.words().contains("This is what you had typed."));
        for (field, words) in typed {
            assert_eq!(draft.value(field), words, "`{bad}`, in the draft: {field}");
        }
    }
    assert_eq!(house.read().await?.people.children.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_new_pseudonym_that_is_an_initial_is_refused_and_the_wish_is_kept() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("people/child/child/pseudonym");
    let typed = [
        ("pseudonym", "Child W"),
        ("why", "His aunt asked for \u{201c}W\u{201d}."),
    ];
    let refused = house.save("manager", &page, &typed).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let draft = house.get("manager", &page).await?;
    for shown in [&refused, &draft] {
        for (field, words) in typed {
            assert_eq!(shown.value(field), words, "{field}");
        }
    }
    assert_eq!(house.read().await?.people.called("child"), "Child B");
    Ok(())
}

#[tokio::test]
async fn own_words_and_a_choice_from_the_list_are_asked_about_and_neither_is_dropped()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("people/child/child");
    let code = guidance::registers::code_set("ethnicity")
        .first()
        .ok_or("an empty list")?
        .code
        .clone();
    let typed = [
        ("ethnicity", code.as_str()),
        ("ethnicity-words", "As her grandmother said it"),
        ("about", ABOUT),
    ];
    let refused = house.save("manager", &page, &typed).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused
            .words()
            .contains("Choose from the list or use other words")
    );
    assert!(refused.text.contains("href=\"#ethnicity\""));
    let draft = house.get("manager", &page).await?;
    assert!(draft.words().contains("This is what you had typed."));
    for shown in [&refused, &draft] {
        for (field, words) in typed {
            assert_eq!(shown.value(field), words, "{field}");
        }
    }
    let before = house.read().await?;
    assert_eq!(
        before.people.child("child").ok_or("no child")?.ethnicity,
        None
    );
    // The draft is asked about as well when it is sent as it is, and one answer is taken.
    let still = house.save("manager", &page, &[]).await?;
    assert_eq!(still.status, StatusCode::UNPROCESSABLE_ENTITY);
    let saved = house.save("manager", &page, &[("ethnicity", "")]).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.words());
    assert_eq!(saved.to, house.at("people"));
    let after = house.read().await?;
    let held = after
        .people
        .child("child")
        .and_then(|c| c.ethnicity.clone())
        .ok_or("nothing was taken")?;
    assert_eq!(
        (held.code.as_str(), held.words.as_str()),
        ("", "As her grandmother said it")
    );
    Ok(())
}
