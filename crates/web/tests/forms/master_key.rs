//! The page of the partnership says what is at risk because of how the master key is kept, to those who can do something about it.

use axum::http::StatusCode;

use crate::Wrong;
use crate::house::House;

#[tokio::test]
async fn the_page_of_the_partnership_says_until_shares_are_made_that_losing_the_key_loses_everything()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.get("manager", "/partnership").await?;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.words()
            .contains("nothing can be read again, by anyone")
    );
    assert_eq!(
        house.get("reader", "/partnership").await?.status,
        StatusCode::FORBIDDEN
    );
    Ok(())
}
