//! What the registers keep of each stream, sealed: a place to begin from when the store is opened, never the truth.
//! One that does not open, or is behind its stream, is left out, and whoever asked reads the stream instead.

use sqlx::Row;

use crate::{
    Store, StoreError,
    database::whole,
    error::sql,
    seal::{Bound, Sealed, open, seal},
};

/// What is kept of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSummary {
    /// The stream.
    pub stream: String,
    /// How many entries it had.
    pub entries: u64,
    /// What the register made of them.
    pub content: Vec<u8>,
}

impl Store {
    /// Keeps summaries in place of the ones before, all in one transaction.
    pub async fn put_summaries(&self, summaries: &[KeptSummary]) -> Result<(), StoreError> {
        let failed = sql("keep what the register holds");
        if summaries.is_empty() {
            return Ok(());
        }
        let partnership = self.partnership();
        let mut tx = self.begin_beside("keep what the register holds").await?;
        for summary in summaries {
            let stream = summary.stream.as_str();
            let bound = Bound::Summary {
                partnership,
                stream,
            };
            let sealed = seal(&self.inner.partnership_key, &bound, &summary.content)?.joined();
            sqlx::query(
                "INSERT INTO summary (partnership, stream, entries, sealed) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (partnership, stream) DO UPDATE SET entries = excluded.entries, sealed = excluded.sealed",
            )
            .bind(partnership)
            .bind(stream)
            .bind(whole(summary.entries))
            .bind(sealed)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        }
        tx.commit().await.map_err(&failed)
    }

    /// Every kept summary that opens.
    pub async fn summaries(&self) -> Result<Vec<KeptSummary>, StoreError> {
        let failed = sql("read what the register holds");
        let partnership = self.partnership();
        let mut connection = self.inner.reading.acquire().await.map_err(&failed)?;
        let rows =
            sqlx::query("SELECT stream, entries, sealed FROM summary WHERE partnership = $1")
                .bind(partnership)
                .fetch_all(&mut *connection)
                .await
                .map_err(&failed)?;
        let mut list = Vec::with_capacity(rows.len());
        for row in &rows {
            let stream: String = row.try_get(0).map_err(&failed)?;
            let entries: i64 = row.try_get(1).map_err(&failed)?;
            let sealed: Vec<u8> = row.try_get(2).map_err(&failed)?;
            let bound = Bound::Summary {
                partnership,
                stream: &stream,
            };
            let content = Sealed::split(&sealed)
                .and_then(|sealed| open(&self.inner.partnership_key, &bound, &sealed))
                .map(|content| content.to_vec());
            if let (Some(content), Ok(entries)) = (content, u64::try_from(entries)) {
                list.push(KeptSummary {
                    stream,
                    entries,
                    content,
                });
            }
        }
        Ok(list)
    }

    /// Forgets what is kept of a stream, after its content was destroyed.
    pub async fn forget_summary(&self, stream: &str) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM summary WHERE partnership = $1 AND stream = $2")
            .bind(self.partnership())
            .bind(stream);
        self.write("forget what the register holds", query).await?;
        Ok(())
    }
}
