//! Passkeys of accounts, and what browsers were asked to prove with them. What is sealed is the caller's; here it is bound to
//! the account and to the passkey, so that no row can be put in the place of another.

use jiff::Timestamp;
use record::time_text;
use sqlx::{Row, any::AnyRow};
use zeroize::Zeroizing;

use crate::{
    Store, StoreError,
    accounts::time,
    error::sql,
    row::unreadable,
    seal::{Bound, Sealed, open, seal},
    second_step::replace_codes,
};

/// A passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPasskey {
    /// The hash of its id.
    pub credential: [u8; 32],
    /// Whose it is.
    pub account: String,
    /// What is sealed.
    pub content: Vec<u8>,
    /// When it was added (UTC).
    pub made_at: Timestamp,
    /// When it was last used (UTC).
    pub used_at: Option<Timestamp>,
}

/// What a browser was asked to prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyAsked {
    /// Of whom; `None` while nobody knows.
    pub account: Option<String>,
    /// What for.
    pub purpose: String,
    /// What is sealed.
    pub content: Vec<u8>,
    /// When (UTC).
    pub begun: Timestamp,
}

fn altered() -> StoreError {
    unreadable("a passkey".into(), "it has been altered or moved".into())
}

impl Store {
    fn sealed_passkey(
        &self,
        account: &str,
        id: &[u8],
        content: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let bound = Bound::Passkey {
            partnership: self.partnership(),
            account,
            id,
        };
        Ok(seal(&self.inner.partnership_key, &bound, content)?.joined())
    }

    fn opened_passkey(
        &self,
        account: &str,
        id: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let bound = Bound::Passkey {
            partnership: self.partnership(),
            account,
            id,
        };
        Sealed::split(sealed)
            .and_then(|sealed| open(&self.inner.partnership_key, &bound, &sealed))
            .ok_or_else(altered)
    }

    fn passkey_in(&self, row: &AnyRow) -> Result<KeptPasskey, StoreError> {
        let failed = sql("read a passkey");
        let credential: Vec<u8> = row.try_get(0).map_err(&failed)?;
        let credential: [u8; 32] = credential.try_into().map_err(|_| altered())?;
        let account: String = row.try_get(1).map_err(&failed)?;
        let sealed: Vec<u8> = row.try_get(2).map_err(&failed)?;
        let made_at = time(Some(row.try_get(3).map_err(&failed)?))?;
        Ok(KeptPasskey {
            content: self
                .opened_passkey(&account, &credential, &sealed)?
                .to_vec(),
            credential,
            account,
            made_at: made_at.unwrap_or(Timestamp::UNIX_EPOCH),
            used_at: time(row.try_get(4).map_err(&failed)?)?,
        })
    }

    /// The passkeys of an account, the oldest first.
    pub async fn passkeys(&self, account: &str) -> Result<Vec<KeptPasskey>, StoreError> {
        sqlx::query(
            "SELECT credential, account, sealed, made_at, used_at FROM passkey WHERE account = $1 ORDER BY made_at, credential",
        )
        .bind(account)
        .fetch_all(&self.inner.reading)
        .await
        .map_err(sql("list the passkeys of an account"))?
        .iter()
        .map(|row| self.passkey_in(row))
        .collect()
    }

    /// The passkey with the hash of an id, whosever it is.
    pub async fn passkey(&self, credential: &[u8; 32]) -> Result<Option<KeptPasskey>, StoreError> {
        sqlx::query(
            "SELECT credential, account, sealed, made_at, used_at FROM passkey WHERE credential = $1",
        )
        .bind(credential.to_vec())
        .fetch_optional(&self.inner.reading)
        .await
        .map_err(sql("find a passkey"))?
        .as_ref()
        .map(|row| self.passkey_in(row))
        .transpose()
    }

    /// Keeps a new passkey, with the hashes of codes on paper where they are new too; false when there is one with this id.
    pub async fn add_passkey(
        &self,
        new: &KeptPasskey,
        codes: Option<&[[u8; 32]]>,
    ) -> Result<bool, StoreError> {
        let failed = sql("keep a passkey");
        let sealed = self.sealed_passkey(&new.account, &new.credential, &new.content)?;
        let mut tx = self.begin("keep a passkey").await?;
        let done = sqlx::query(
            "INSERT INTO passkey (credential, account, sealed, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT (credential) DO NOTHING",
        )
        .bind(new.credential.to_vec())
        .bind(&new.account)
        .bind(sealed)
        .bind(time_text(new.made_at))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?
        .rows_affected();
        if done == 0 {
            return Ok(false);
        }
        if let Some(codes) = codes {
            replace_codes(&mut tx, &new.account, codes).await?;
        }
        tx.commit().await.map_err(failed)?;
        Ok(true)
    }

    /// Keeps what became of a passkey when it was used. False when it was used or removed meanwhile: `before` is what was read.
    pub async fn passkey_used(
        &self,
        before: &KeptPasskey,
        content: &[u8],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let failed = sql("note the use of a passkey");
        let sealed = self.sealed_passkey(&before.account, &before.credential, content)?;
        let mut tx = self.begin("note the use of a passkey").await?;
        // The update without change takes the row, so that no other use comes between reading and writing.
        let row = sqlx::query(
            "UPDATE passkey SET made_at = made_at WHERE credential = $1 RETURNING credential, account, sealed, made_at, used_at",
        )
        .bind(before.credential.to_vec())
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
        let same = match row.first() {
            Some(row) => self.passkey_in(row)?.content == before.content,
            None => false,
        };
        if !same {
            return Ok(false);
        }
        sqlx::query("UPDATE passkey SET sealed = $2, used_at = $3 WHERE credential = $1")
            .bind(before.credential.to_vec())
            .bind(sealed)
            .bind(time_text(at))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(true)
    }

    /// Removes a passkey of an account, unless it is the last second step: another passkey or an app in use has to be left.
    pub async fn remove_passkey(
        &self,
        account: &str,
        credential: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let failed = sql("remove a passkey");
        let mut tx = self.begin("remove a passkey").await?;
        // Takes every passkey of the account, so that two removed at once do not leave none.
        sqlx::query("UPDATE passkey SET made_at = made_at WHERE account = $1")
            .bind(account)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        let done = sqlx::query(
            "DELETE FROM passkey WHERE credential = $1 AND account = $2 AND ( \
             EXISTS (SELECT 1 FROM second_step WHERE account = $2 AND confirmed_at IS NOT NULL) \
             OR EXISTS (SELECT 1 FROM passkey AS other WHERE other.account = $2 AND other.credential <> $1))",
        )
        .bind(credential.to_vec())
        .bind(account)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?
        .rows_affected();
        tx.commit().await.map_err(failed)?;
        Ok(done == 1)
    }

    /// Keeps what a browser is asked to prove, under the hash of a secret it was given.
    pub async fn ask_for_passkey(
        &self,
        id_hash: &[u8; 32],
        asked: &PasskeyAsked,
    ) -> Result<(), StoreError> {
        let account = asked.account.as_deref().unwrap_or_default();
        let sealed = self.sealed_passkey(account, id_hash, &asked.content)?;
        let query = sqlx::query(
            "INSERT INTO passkey_asked (id_hash, account, purpose, sealed, begun) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id_hash.to_vec())
        .bind(asked.account.clone())
        .bind(asked.purpose.clone())
        .bind(sealed)
        .bind(time_text(asked.begun));
        self.write("ask for a passkey", query).await?;
        Ok(())
    }

    /// Takes what a browser was asked, so that it is answered once; those begun before an instant are forgotten.
    pub async fn take_passkey_asked(
        &self,
        id_hash: &[u8; 32],
        before: Timestamp,
    ) -> Result<Option<PasskeyAsked>, StoreError> {
        let failed = sql("take what a passkey was asked");
        self.forget_passkeys_asked(before).await?;
        let query = sqlx::query(
            "DELETE FROM passkey_asked WHERE id_hash = $1 RETURNING account, purpose, sealed, begun",
        )
        .bind(id_hash.to_vec());
        let rows = self
            .write_answering("take what a passkey was asked", query)
            .await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let account: Option<String> = row.try_get(0).map_err(&failed)?;
        let sealed: Vec<u8> = row.try_get(2).map_err(&failed)?;
        let begun = time(Some(row.try_get(3).map_err(&failed)?))?;
        Ok(Some(PasskeyAsked {
            content: self
                .opened_passkey(account.as_deref().unwrap_or_default(), id_hash, &sealed)?
                .to_vec(),
            account,
            purpose: row.try_get(1).map_err(&failed)?,
            begun: begun.unwrap_or(Timestamp::UNIX_EPOCH),
        }))
    }

    /// Forgets what was asked before an instant.
    pub async fn forget_passkeys_asked(&self, before: Timestamp) -> Result<(), StoreError> {
        let query =
            sqlx::query("DELETE FROM passkey_asked WHERE begun < $1").bind(time_text(before));
        self.write("forget what passkeys were asked", query).await?;
        Ok(())
    }
}
