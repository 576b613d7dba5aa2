//! Both steps of signing in, for tests that have the desk at hand: the app is set up the first time, a code on paper is used each time after.

use desk::{Desk, DeskError, SignIn};

/// The second step for whoever has done the first.
pub async fn second_step(desk: &Desk, email: &str, secret: &str) -> Result<SignIn, DeskError> {
    let lost = || DeskError::Other("there is no code".into());
    if desk.to_set_up(secret).await?.is_some() {
        let code = desk.code_of_an_invented_person(secret).await?;
        let (signed, _) = desk.set_up(secret, &code.ok_or_else(lost)?, "").await?;
        return Ok(signed);
    }
    let person = desk.person_by_email(email).ok_or_else(lost)?;
    let codes = desk.new_recovery_codes(&desk.actor(&person)).await?;
    desk.enter_code(secret, codes.first().ok_or_else(lost)?, "")
        .await
}

/// Both steps.
pub async fn sign_in(desk: &Desk, email: &str, password: &str) -> Result<SignIn, DeskError> {
    let half = desk.sign_in(email, password, "").await?;
    second_step(desk, email, &half.secret).await
}
