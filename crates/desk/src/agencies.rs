//! The agencies that the partnership asks for information: its own list, with who of each has an account.

use access::office::{Agency, OfficeEvent};
use access::{Act, Permit};
use cases::{Case, Command};

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

impl Desk {
    /// Whether a person answers for an agency of a case (id), as a member of it and still today.
    pub fn answers_for(&self, actor: &Actor, case: &Case, agency: &str) -> bool {
        let listed = case.agencies.listed(agency);
        case.members.answers_for(&actor.person.id, agency)
            && (listed.is_empty() || actor.person.answers_for(listed))
    }

    /// What an agency is asked is not there for someone who was added for it and no longer answers for it.
    pub(crate) fn refuse_other_agencies(
        &self,
        actor: &Actor,
        case: &Case,
        command: &Command,
    ) -> Result<(), DeskError> {
        let Command::Agencies(cases::agencies::Command::Request(step)) = command else {
            return Ok(());
        };
        let asked = case.agencies.request(step.request());
        let agency = asked.map_or("", |asked| asked.request.agency.as_str());
        let added = case.members.answers_for(&actor.person.id, agency);
        if added && !self.answers_for(actor, case, agency) {
            return Err(DeskError::NotThere);
        }
        Ok(())
    }

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

    /// Lets a person answer for another agency too. It opens no case: they are added to each.
    ///
    /// # Errors
    /// Not allowed, not there, or a field to correct: `other-agency`.
    pub async fn give_agency(
        &self,
        actor: &Actor,
        person: &str,
        agency: &str,
    ) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        let _alone = self.inner.office_writing.lock().await;
        let office = self.office();
        let found = office.person(person).ok_or(DeskError::NotThere)?;
        let wrong = |message| Err(DeskError::field("other-agency", message));
        if !found.role.acts_for_an_agency() {
            return wrong("The role of this person does not answer for agencies");
        }
        if !(office.agencies_on(self.today()).iter()).any(|listed| listed.id == agency) {
            return wrong("Choose an agency");
        }
        if found.answers_for(agency) {
            return wrong("This person answers for that agency already");
        }
        let event = OfficeEvent::AgencyGiven {
            person: person.to_owned(),
            agency: agency.to_owned(),
        };
        (self.append_office(permit, &actor.person.id, vec![event])).await
    }

    /// Records that a person no longer answers for one of several agencies. What they were added to for it is theirs no longer, at once.
    ///
    /// # Errors
    /// Not allowed, not there, or a field to correct: `agency`, `why`.
    pub async fn take_agency(
        &self,
        actor: &Actor,
        person: &str,
        agency: &str,
        why: &str,
    ) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        let agencies = vec![agency.to_owned()];
        (self.take_agencies(permit, actor, person, agencies, why)).await
    }

    /// The same for several, by whoever may. One stays: of the last the account ends.
    pub(crate) async fn take_agencies(
        &self,
        permit: Permit,
        actor: &Actor,
        person: &str,
        agencies: Vec<String>,
        why: &str,
    ) -> Result<(), DeskError> {
        if why.trim().is_empty() {
            return Err(DeskError::field(
                "why",
                "Enter why this person no longer answers for the agency",
            ));
        }
        {
            let _alone = self.inner.office_writing.lock().await;
            let office = self.office();
            let found = office.person(person).ok_or(DeskError::NotThere)?;
            if agencies.iter().any(|agency| !found.answers_for(agency)) {
                return Err(DeskError::field(
                    "agency",
                    "This person does not answer for that agency",
                ));
            }
            if found.agencies().count() <= agencies.len() {
                return Err(DeskError::field(
                    "agency",
                    "It is the only agency they answer for: end the account",
                ));
            }
            let events = agencies.into_iter().map(|agency| OfficeEvent::AgencyTaken {
                person: person.to_owned(),
                agency,
                why: why.trim().to_owned(),
            });
            self.append_office(permit, &actor.person.id, events.collect())
                .await?;
        }
        let now = jiff::Timestamp::now();
        self.inner.store.end_sessions_of(person, None, now).await?;
        self.forget_sessions_of(person, None);
        Ok(())
    }
}
