//! Unusual reading is noticed once, shown to others who look after accounts, and answered in words.

use access::Act;
use access::unusual::{SEVERAL, Unusual};
use desk::DeskError;

use crate::world::*;

#[tokio::test]
async fn several_cases_at_night_are_noticed_once_and_looked_at_by_someone_else() {
    let world = World::new().await;
    let desk = &world.desk;
    let mut cases = Vec::new();
    for n in 0..SEVERAL {
        let known = vec![child(
            "girl",
            &format!("Wren Name{n}"),
            &format!("Child {n}"),
        )];
        cases.push(world.open("Orla", Vec::new(), known).await);
    }
    let (orla, nia) = (world.who("Orla"), world.who("Nia"));
    let read = || async {
        for case in &cases {
            desk.view(&orla, &case.id, Act::ReadCase, "the overview")
                .await
                .unwrap();
        }
    };
    // By day nothing is noticed; "Wren" is in all of them, so the names in common are.
    world.desk.clock().set(at("2026-06-01T12:00:00Z"));
    read().await;
    let noticed = desk.unusual_reading(&nia).unwrap();
    assert_eq!(noticed.len(), 1);
    assert_eq!(noticed[0].notice.what, Unusual::OneName);
    // Eleven at night in England in summer.
    world.desk.clock().set(at("2026-06-01T22:00:00Z"));
    read().await;
    read().await;
    let noticed = desk.unusual_reading(&nia).unwrap();
    assert_eq!(noticed.len(), 2, "{noticed:?}");
    assert_eq!(noticed[0].notice.what, Unusual::AtNight);
    assert_eq!(noticed[0].notice.person, orla.person.id);
    assert_eq!(noticed[0].notice.cases.len(), SEVERAL);
    // Nobody sees or answers what is said of themselves, and readers see nothing.
    assert!(desk.unusual_reading(&orla).unwrap().is_empty());
    assert!(desk.unusual_reading(&world.who("Tam")).is_err());
    let id = noticed[0].notice.id.clone();
    let own = desk.looked_at_reading(&orla, &id, "mine").await;
    assert!(matches!(own, Err(DeskError::NotThere)));
    assert!(desk.looked_at_reading(&nia, &id, " ").await.is_err());
    desk.looked_at_reading(&nia, &id, "Covered for the night team.")
        .await
        .unwrap();
    assert!(desk.looked_at_reading(&nia, &id, "again").await.is_err());
    let noticed = desk.unusual_reading(&nia).unwrap();
    let looked = noticed[0].looked.as_ref().unwrap();
    assert_eq!(looked.words, "Covered for the night team.");
}
