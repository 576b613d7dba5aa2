//! The certificate of an erasure on paper, with what is true of it now: whether every key is gone, and the checkpoint that covers it.

use access::office::OfficeEvent;
use cases::erasure::{Certificate, Head};
use papers::erasure_certificate::{CertificateState, erasure_certificate};
use store::Content;

use super::{keys_of, streams_of};
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, OFFICE};
use crate::paper::Format;

/// A certificate made as a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// The file.
    pub bytes: Vec<u8>,
    /// A name for it: no name of a person is in it.
    pub name: String,
}

impl Desk {
    /// Makes the certificate of an erasure as a paper.
    ///
    /// # Errors
    /// Not theirs to see, not there, or the paper could not be made.
    pub async fn certificate(
        &self,
        actor: &Actor,
        id: &str,
        format: Format,
    ) -> Result<Certified, DeskError> {
        let all = self.erasures(actor)?;
        let certificate = all
            .into_iter()
            .find(|c| c.id == id)
            .ok_or(DeskError::NotThere)?;
        let state = self.state_of(&certificate).await?;
        let mut document = erasure_certificate(&certificate, &state);
        document.made = calendar::words::short(self.today());
        let bytes = tokio::task::spawn_blocking(move || match format {
            Format::Pdf => papers::pdf(&document),
            Format::Docx => papers::docx(&document),
        })
        .await
        .map_err(|e| DeskError::Other(e.to_string()))??;
        let ending = match format {
            Format::Pdf => "pdf",
            Format::Docx => "docx",
        };
        Ok(Certified {
            bytes,
            name: format!(
                "{}-erasure-{}.{ending}",
                certificate.reference, certificate.id
            ),
        })
    }

    async fn state_of(&self, certificate: &Certificate) -> Result<CertificateState, DeskError> {
        let store = &self.inner.store;
        let office = self.office();
        let after = match self.position_of(&certificate.id).await? {
            Some(position) => store.checkpoint_over(position).await?,
            None => None,
        };
        Ok(CertificateState {
            partnership: self.settings().name.clone(),
            names: office
                .people
                .values()
                .map(|p| (p.id.clone(), p.name.clone()))
                .collect(),
            destroyed: store
                .still_kept(&keys_of(certificate), &streams_of(certificate))
                .await?
                .is_empty(),
            after: after.map(|after| Head {
                size: after.head.size,
                root: after.head.root.to_hex(),
            }),
            until_vacuum: store.keeps_deleted_until_vacuum(),
        })
    }

    /// Where in the log a certificate stands.
    async fn position_of(&self, id: &str) -> Result<Option<u64>, DeskError> {
        for opened in self.inner.store.stream(OFFICE, 0).await? {
            if let Content::Clear(_) = opened.content
                && let OfficeEvent::ContentErased(found) = crate::load::read_office(&opened)?
                && found.id == id
            {
                return Ok(Some(opened.position));
            }
        }
        Ok(None)
    }
}
