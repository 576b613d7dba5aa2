//! Drafts: kept by the script while typing, put away when the person says so.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Redirect;

use crate::form::{Values, is_own_page};
use crate::page::{App, PageError, SignedIn};

/// Only pages of this site have drafts.
fn local(page: &str) -> Result<&str, PageError> {
    if is_own_page(page) && page.len() < 300 {
        Ok(page)
    } else {
        Err(PageError::Wrong("There is no draft for this page.".into()))
    }
}

/// Puts a draft away and goes back to its page.
pub async fn put_away(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Redirect, PageError> {
    who.check(&values)?;
    let page = local(values.get("page"))?;
    who.desk().drop_draft(who.actor(), page).await?;
    Ok(Redirect::to(page))
}

/// Keeps what is being typed.
pub async fn keep(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<StatusCode, PageError> {
    who.check(&values)?;
    let page = local(values.get("page"))?.to_owned();
    let based_on = values.get("based-on").parse().ok();
    let mut kept = values.kept();
    kept.remove("page");
    who.desk()
        .keep_draft(who.actor(), &page, based_on, &kept)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
