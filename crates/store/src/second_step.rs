//! The second step of signing in: the sealed secret of an app, codes on paper by their hashes, and whoever is half signed in.
//! A code of the app works once, because the newest step used only ever grows; a code on paper is marked when it is used.

use jiff::Timestamp;
use record::time_text;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::{
    Store, StoreError,
    accounts::time,
    database::whole,
    error::sql,
    row::unreadable,
    seal::{Bound, Sealed, open, seal},
};

/// The second step of an account.
pub struct SecondStep {
    /// The secret that the app and the server share.
    pub secret: Zeroizing<Vec<u8>>,
    /// Since when it is asked for (UTC); `None` while it is being set up.
    pub confirmed_at: Option<Timestamp>,
    /// The newest step whose code was used.
    pub last_step: u64,
}

/// Someone whose password was right and whose code is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfSignedIn {
    /// The account.
    pub account: String,
    /// When the password was given (UTC).
    pub begun: Timestamp,
    /// How many wrong codes were given since.
    pub tries: u32,
}

impl Store {
    fn step_bound<'a>(&'a self, account: &'a str) -> Bound<'a> {
        Bound::SecondStep {
            partnership: self.partnership(),
            account,
        }
    }

    /// The second step of an account, set up or being set up.
    pub async fn second_step(&self, account: &str) -> Result<Option<SecondStep>, StoreError> {
        let failed = sql("find the second step of an account");
        let Some(row) = sqlx::query(
            "SELECT sealed, confirmed_at, last_step FROM second_step WHERE account = $1",
        )
        .bind(account)
        .fetch_optional(&self.inner.reading)
        .await
        .map_err(&failed)?
        else {
            return Ok(None);
        };
        let sealed: Vec<u8> = row.try_get(0).map_err(&failed)?;
        let secret = Sealed::split(&sealed)
            .and_then(|sealed| {
                open(
                    &self.inner.partnership_key,
                    &self.step_bound(account),
                    &sealed,
                )
            })
            .ok_or_else(|| {
                unreadable(
                    "the second step of an account".into(),
                    "it has been altered or moved".into(),
                )
            })?;
        let last: i64 = row.try_get(2).map_err(&failed)?;
        Ok(Some(SecondStep {
            secret,
            confirmed_at: time(row.try_get(1).map_err(&failed)?)?,
            last_step: u64::try_from(last).unwrap_or(0),
        }))
    }

    /// Keeps a secret that is being set up, in place of one that was never confirmed; one that is in use stays.
    pub async fn begin_second_step(
        &self,
        account: &str,
        secret: &[u8],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sealed = seal(
            &self.inner.partnership_key,
            &self.step_bound(account),
            secret,
        )?
        .joined();
        let query = sqlx::query(
            "INSERT INTO second_step (account, sealed, begun_at, last_step) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, begun_at = excluded.begun_at \
             WHERE second_step.confirmed_at IS NULL",
        )
        .bind(account)
        .bind(sealed)
        .bind(time_text(at));
        self.write("begin a second step", query).await?;
        Ok(())
    }

    /// Takes a secret into use, with the step of the code that proved it and the hashes of its codes on paper.
    /// Answers false when there is none to confirm.
    pub async fn confirm_second_step(
        &self,
        account: &str,
        step: u64,
        codes: &[[u8; 32]],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let failed = sql("take a second step into use");
        let mut tx = self.begin("take a second step into use").await?;
        let done = sqlx::query(
            "UPDATE second_step SET confirmed_at = $2, last_step = $3 WHERE account = $1 AND confirmed_at IS NULL",
        )
        .bind(account)
        .bind(time_text(at))
        .bind(whole(step))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?
        .rows_affected();
        if done == 0 {
            return Ok(false);
        }
        replace_codes(&mut tx, account, codes).await?;
        tx.commit().await.map_err(&failed)?;
        Ok(true)
    }

    /// Puts new codes on paper in the place of the old.
    pub async fn replace_recovery_codes(
        &self,
        account: &str,
        codes: &[[u8; 32]],
    ) -> Result<(), StoreError> {
        let failed = sql("keep recovery codes");
        let mut tx = self.begin("keep recovery codes").await?;
        replace_codes(&mut tx, account, codes).await?;
        tx.commit().await.map_err(failed)
    }

    /// Uses a step's code; false when this or a newer one was used before, by whomever.
    pub async fn use_step(&self, account: &str, step: u64) -> Result<bool, StoreError> {
        let query = sqlx::query(
            "UPDATE second_step SET last_step = $2 WHERE account = $1 AND last_step < $2 AND confirmed_at IS NOT NULL",
        )
        .bind(account)
        .bind(whole(step));
        Ok(self.write("use a code", query).await? == 1)
    }

    /// Uses a code on paper; false when there is no such code, or it was used.
    pub async fn use_recovery_code(
        &self,
        account: &str,
        hash: &[u8; 32],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let query = sqlx::query(
            "UPDATE recovery_code SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL",
        )
        .bind(account)
        .bind(hash.to_vec())
        .bind(time_text(at));
        Ok(self.write("use a recovery code", query).await? == 1)
    }

    /// How many codes on paper are left.
    pub async fn recovery_codes_left(&self, account: &str) -> Result<u64, StoreError> {
        let failed = sql("count the recovery codes");
        let row = sqlx::query(
            "SELECT count(*) FROM recovery_code WHERE account = $1 AND used_at IS NULL",
        )
        .bind(account)
        .fetch_one(&self.inner.reading)
        .await
        .map_err(&failed)?;
        let left: i64 = row.try_get(0).map_err(&failed)?;
        Ok(u64::try_from(left).unwrap_or(0))
    }

    /// Takes the second step off an account, with its codes, and ends every session of it.
    pub async fn drop_second_step(&self, account: &str, at: Timestamp) -> Result<(), StoreError> {
        let failed = sql("take a second step off");
        let mut tx = self.begin("take a second step off").await?;
        for statement in [
            "DELETE FROM recovery_code WHERE account = $1",
            "DELETE FROM second_step WHERE account = $1",
            "DELETE FROM passkey WHERE account = $1",
            "DELETE FROM passkey_asked WHERE account = $1",
            "DELETE FROM half_signed_in WHERE account = $1",
        ] {
            sqlx::query(statement)
                .bind(account)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        sqlx::query("UPDATE session SET ended = $2 WHERE account = $1 AND ended IS NULL")
            .bind(account)
            .bind(time_text(at))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Notes that an account's password was right, under the hash of the secret in the browser's cookie.
    pub async fn half_sign_in(
        &self,
        id_hash: &[u8; 32],
        account: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO half_signed_in (id_hash, account, begun, tries) VALUES ($1, $2, $3, 0)",
        )
        .bind(id_hash.to_vec())
        .bind(account)
        .bind(time_text(at));
        self.write("begin to sign in", query).await?;
        Ok(())
    }

    /// Who is half signed in with this cookie.
    pub async fn half_signed_in(
        &self,
        id_hash: &[u8; 32],
    ) -> Result<Option<HalfSignedIn>, StoreError> {
        let failed = sql("find who is half signed in");
        let Some(row) =
            sqlx::query("SELECT account, begun, tries FROM half_signed_in WHERE id_hash = $1")
                .bind(id_hash.to_vec())
                .fetch_optional(&self.inner.reading)
                .await
                .map_err(&failed)?
        else {
            return Ok(None);
        };
        let begun = time(Some(row.try_get(1).map_err(&failed)?))?;
        let tries: i64 = row.try_get(2).map_err(&failed)?;
        Ok(Some(HalfSignedIn {
            account: row.try_get(0).map_err(&failed)?,
            begun: begun.unwrap_or(Timestamp::UNIX_EPOCH),
            tries: u32::try_from(tries).unwrap_or(u32::MAX),
        }))
    }

    /// Counts a wrong code before it is answered, so that many at once are all counted; the answer is how many there were with this.
    pub async fn count_code(&self, id_hash: &[u8; 32]) -> Result<u32, StoreError> {
        let failed = sql("count a code");
        let query = sqlx::query(
            "UPDATE half_signed_in SET tries = tries + 1 WHERE id_hash = $1 RETURNING tries",
        )
        .bind(id_hash.to_vec());
        let rows = self.write_answering("count a code", query).await?;
        let tries: i64 = match rows.first() {
            Some(row) => row.try_get(0).map_err(&failed)?,
            None => i64::MAX,
        };
        Ok(u32::try_from(tries).unwrap_or(u32::MAX))
    }

    /// Ends a half sign-in, and forgets those begun before an instant.
    pub async fn end_half_signed_in(
        &self,
        id_hash: &[u8; 32],
        before: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM half_signed_in WHERE id_hash = $1 OR begun < $2")
            .bind(id_hash.to_vec())
            .bind(time_text(before));
        self.write("end a half sign-in", query).await?;
        Ok(())
    }
}

pub(crate) async fn replace_codes(
    tx: &mut sqlx::AnyConnection,
    account: &str,
    codes: &[[u8; 32]],
) -> Result<(), StoreError> {
    let failed = sql("keep recovery codes");
    sqlx::query("DELETE FROM recovery_code WHERE account = $1")
        .bind(account)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
    for code in codes {
        sqlx::query("INSERT INTO recovery_code (account, hash) VALUES ($1, $2)")
            .bind(account)
            .bind(code.to_vec())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
    }
    Ok(())
}
