//! The agencies that the partnership asks for information: its own list, with who of each has an account.

use access::Act;
use access::office::{Agency, OfficeEvent};

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

impl Desk {
    /// Adds an agency to the list, or changes one; an empty id is a new one.
    ///
    /// # Errors
    /// Not allowed, or a field to correct: `agency-name`, `mailbox`, `agency-until`.
    pub async fn record_agency(
        &self,
        actor: &Actor,
        mut agency: Agency,
    ) -> Result<Agency, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManageAgencies)?;
        agency.name = agency.name.trim().to_owned();
        agency.kind = agency.kind.trim().to_owned();
        agency.mailbox = agency.mailbox.trim().to_owned();
        if agency.name.is_empty() {
            return Err(DeskError::field(
                "agency-name",
                "Enter the name of the agency",
            ));
        }
        if !agency.mailbox.is_empty() && !agency.mailbox.contains('@') {
            return Err(DeskError::field(
                "mailbox",
                "Enter an e-mail address, like name@example.org, or leave it empty",
            ));
        }
        let _alone = self.inner.office_writing.lock().await;
        let office = self.office();
        let same = |a: &&Agency| a.name.to_lowercase() == agency.name.to_lowercase();
        let today = self.today();
        if office
            .agencies_on(today)
            .into_iter()
            .find(same)
            .is_some_and(|a| a.id != agency.id)
        {
            return Err(DeskError::field(
                "agency-name",
                "An agency of this name is on the list already",
            ));
        }
        if agency.id.is_empty() {
            agency.id = fresh()?;
        } else if !office.agencies.contains_key(&agency.id) {
            return Err(DeskError::NotThere);
        }
        let still = office.people_of_agency(&agency.id).count();
        if agency.until.is_some_and(|until| until < today) && still > 0 {
            return Err(DeskError::field(
                "agency-until",
                "People of this agency still have accounts: end those first, or choose a day that is today or later",
            ));
        }
        self.append_office(
            permit,
            &actor.person.id,
            vec![OfficeEvent::AgencyRecorded(agency.clone())],
        )
        .await?;
        Ok(agency)
    }
}
