//! Enter in a line of text saves a form: its first button is the one that saves.

use crate::Wrong;
use crate::house::House;

#[tokio::test]
async fn the_first_button_of_every_form_saves_it() -> Result<(), Wrong> {
    let house = House::new().await?;
    for page in [
        "incident",
        "consideration/improvements",
        "definition/child",
        "decision/text",
        "people/child/new",
    ] {
        let shown = house.get("manager", &house.at(page)).await?;
        let form = shown.form();
        let first = form
            .split('<')
            .find(|tag| tag.contains("type=\"submit\""))
            .ok_or("the form has no button")?;
        assert!(
            first.contains("name=\"do\" value=\"save\"")
                && first.contains("tabindex=\"-1\"")
                && first.contains("aria-hidden=\"true\""),
            "{page}: {first}"
        );
    }
    Ok(())
}
