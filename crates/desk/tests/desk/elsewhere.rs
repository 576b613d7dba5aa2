//! Text that belongs to another case: pointed out by the names in it and by where it was pasted from, to those who see both cases only.

use cases::Command;
use cases::members::{Event as Members, Part};
use cases::pasted::{Pasted, Source};
use desk::{Acted, Elsewhere, SentForm};

use crate::world::*;

async fn view(world: &World, who: &str, case: &str) -> desk::CaseView {
    let who = world.who(who);
    let view = world.desk.view(&who, case, access::Act::ReadCase, "a test");
    view.await.unwrap()
}

#[tokio::test]
async fn the_names_of_people_of_another_case_are_found_and_only_by_whoever_sees_that_case() {
    let world = World::new().await;
    let desk = &world.desk;
    let first = world.case().await;
    let known = vec![
        child("boy", "Otto Quillfeather", "Child A"),
        child("namesake", "Jay Hollins", "Child B"),
    ];
    let second = world
        .open("Orla", vec![(world.id("Nia"), Part::Decides)], known)
        .await;
    let orla = world.who("Orla");
    let seen = view(&world, "Orla", &second.id).await;
    let found = |text: &str| desk.named_elsewhere(&orla, &seen, &[text]);
    let wren = [Elsewhere {
        name: "Wren Hollins".into(),
        reference: first.reference().into(),
    }];
    for text in [
        "On 4 May Wren Hollins was seen.",
        "WREN HOLLINS\u{2019}s father",
        "the aunt of wren\nhollins",
        "Hollins, Wren: seen",
    ] {
        assert_eq!(found(text), wren, "{text}");
    }
    // One name alone says too little, and who is recorded here too belongs here.
    for text in [
        "Wren was seen.",
        "Mr Hollins",
        "Jay Hollins and Otto Quillfeather",
        "the wren, and then Hollins",
        "",
    ] {
        assert!(found(text).is_empty(), "{text}");
    }
    // Nia sees the second case only, and learns nothing of the first.
    let nia = world.who("Nia");
    let seen = view(&world, "Nia", &second.id).await;
    let named = desk.named_elsewhere(&nia, &seen, &["Wren Hollins"]);
    assert!(named.is_empty(), "{named:?}");
}

#[tokio::test]
async fn where_text_was_pasted_from_stands_in_the_record_and_another_case_is_named_to_those_who_see_it()
 {
    let world = World::new().await;
    let desk = &world.desk;
    let first = world.case().await;
    let second = world
        .open(
            "Orla",
            vec![(world.id("Nia"), Part::Decides)],
            vec![child("boy", "Otto Quillfeather", "Child A")],
        )
        .await;
    let pasted = [
        Pasted {
            into: "Reasons".into(),
            from: Source::Case {
                reference: first.reference().into(),
                page: "Improvements".into(),
            },
        },
        Pasted {
            into: "Reasons".into(),
            from: Source::Elsewhere {
                what: "a Word document".into(),
            },
        },
    ];
    let orla = world.who("Orla");
    let form = SentForm {
        token: "0123456789abcdef",
        leads: &|_: &Acted| "/".to_owned(),
        pasted: &pasted,
    };
    desk.carry_out(
        &orla,
        &second.id,
        None,
        false,
        vec![found("improvements", "It does.")],
        Some(form),
    )
    .await
    .unwrap();
    let last = |story: desk::StoryPage| story.lines[0].pasted.join(" ");
    let to_orla = last(desk.story(&orla, &second.id).await.unwrap());
    let reference = first.reference();
    assert!(to_orla.contains(reference), "{to_orla}");
    assert!(to_orla.contains("a Word document"), "{to_orla}");
    let to_nia = last(desk.story(&world.who("Nia"), &second.id).await.unwrap());
    assert!(to_nia.contains("from another case."), "{to_nia}");
    assert!(!to_nia.contains(reference), "{to_nia}");
    // Added to the first case, Nia is told which it is.
    let add = Command::Members(Members::MemberAdded {
        person: world.id("Nia"),
        name: "Nia".into(),
        part: Part::Decides,
        why: "signs".into(),
        agency: None,
        until: None,
    });
    desk.act(&orla, &first.id, None, true, vec![add])
        .await
        .unwrap();
    let to_nia = last(desk.story(&world.who("Nia"), &second.id).await.unwrap());
    assert!(to_nia.contains(reference), "{to_nia}");
}
