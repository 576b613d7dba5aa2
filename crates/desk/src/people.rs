//! The people of the partnership: adding them, delegating authority, absence, leaving; the settings.

use std::collections::BTreeSet;

use access::office::{Absence, Delegation, OfficeEvent};
use access::{Act, Permit, Person, Role};
use cases::Seat;
use store::{Change, NewEntry, StoreError};

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, OFFICE, fresh};

/// A person to be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitee {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The role.
    pub role: Role,
    /// The seat, for roles that act for a partner.
    pub seat: Option<Seat>,
    /// The agency they answer for (id), for roles that do.
    pub agency: Option<String>,
}

/// A person to be added with a first password: whoever sets a partnership up, and invented people. Everyone else is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The role.
    pub role: Role,
    /// The seat, for roles that act for a partner.
    pub seat: Option<Seat>,
    /// The agency they answer for (id), for roles that do.
    pub agency: Option<String>,
    /// The first password.
    pub password: String,
}

impl Desk {
    /// Appends events to the partnership's stream and applies them.
    pub(crate) async fn append_office(
        &self,
        permit: Permit,
        actor: &str,
        events: Vec<OfficeEvent>,
    ) -> Result<(), DeskError> {
        let change = self.office_change(actor, &events)?;
        let done = self
            .inner
            .store
            .append_all(permit, vec![change], None)
            .await;
        if let Err(error) = done {
            if let StoreError::Unknown { .. } = error {
                self.read_office_again();
            }
            return Err(error.into());
        }
        self.office_follows(&events);
        Ok(())
    }

    /// Events of the partnership as they go to the record.
    pub(crate) fn office_change(
        &self,
        actor: &str,
        events: &[OfficeEvent],
    ) -> Result<Change, DeskError> {
        let now = self.inner.clock.now();
        let entry = |event: &OfficeEvent| {
            let content = serde_json::to_vec(event).map_err(|e| DeskError::Other(e.to_string()))?;
            Ok(NewEntry {
                kind: event.kind(),
                version: 1,
                at: now,
                actor: actor.to_owned(),
                content,
            })
        };
        Ok(Change {
            stream: OFFICE.to_owned(),
            expected: None,
            entries: events.iter().map(entry).collect::<Result<_, DeskError>>()?,
            files: Vec::new(),
        })
    }

    /// The people in memory follow what was recorded.
    pub(crate) fn office_follows(&self, events: &[OfficeEvent]) {
        let mut office = (*self.office()).clone();
        for event in events {
            office.apply(event);
        }
        if let Ok(mut place) = self.inner.office.write() {
            *place = std::sync::Arc::new(office);
        }
    }

    /// Reads who may do what from the record again as soon as it can be read, after a change of which it is not known whether it was made.
    pub(crate) fn read_office_again(&self) {
        let desk = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
                let _alone = desk.inner.office_writing.lock().await;
                match desk.inner.store.stream(OFFICE, 0).await {
                    Ok(entries) => {
                        let mut office = access::office::Office::default();
                        for opened in &entries {
                            match crate::load::read_office(opened) {
                                Ok(event) => office.apply(&event),
                                Err(error) => {
                                    tracing::error!(%error, "who may do what could not be read again");
                                    return;
                                }
                            }
                        }
                        if let Ok(mut place) = desk.inner.office.write() {
                            *place = std::sync::Arc::new(office);
                        }
                        return;
                    }
                    Err(StoreError::Closed) => return,
                    Err(_) => {}
                }
            }
        });
    }

    /// Adds a person with an account and a first password, for invented people; no page does it.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn add_person(&self, actor: &Actor, new: NewPerson) -> Result<Person, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        self.add_person_with(permit, &actor.person.id, new).await
    }

    pub(crate) async fn add_person_with(
        &self,
        permit: Permit,
        by: &str,
        new: NewPerson,
    ) -> Result<Person, DeskError> {
        let password = new.password.clone();
        let _alone = self.inner.office_writing.lock().await;
        let person = self.checked_person(Invitee {
            name: new.name,
            email: new.email,
            role: new.role,
            seat: new.seat,
            agency: new.agency,
        })?;
        self.create_account(&person, &password).await?;
        self.append_office(
            permit,
            by,
            vec![OfficeEvent::PersonRecorded(person.clone())],
        )
        .await?;
        Ok(person)
    }

    /// The person to be recorded, when nothing has to be corrected.
    pub(crate) fn checked_person(&self, new: Invitee) -> Result<Person, DeskError> {
        if new.name.trim().is_empty() {
            return Err(DeskError::field("name", "Enter the person's name"));
        }
        if !new.email.contains('@') {
            return Err(DeskError::field(
                "email",
                "Enter an e-mail address, like name@example.org",
            ));
        }
        if self
            .office()
            .people
            .values()
            .any(|p| !p.left && p.email.eq_ignore_ascii_case(new.email.trim()))
        {
            return Err(DeskError::field(
                "email",
                "Someone already has an account with this e-mail address",
            ));
        }
        if !self.roles().contains(&new.role) {
            return Err(DeskError::field(
                "role",
                "Choose a role that the guidance in force today knows",
            ));
        }
        if new.role.acts_for_a_partner()
            && !new
                .seat
                .as_ref()
                .is_some_and(|s| self.seats().iter().any(|n| &n.seat == s))
        {
            return Err(DeskError::field(
                "seat",
                "Choose the safeguarding partner this person acts for",
            ));
        }
        let agencies = self.office();
        let today = self.today();
        if new.role.acts_for_an_agency()
            && !agencies
                .agencies_on(today)
                .iter()
                .any(|a| Some(&a.id) == new.agency.as_ref())
        {
            return Err(DeskError::field(
                "agency",
                "Choose the agency this person answers for, after adding it to the list of agencies",
            ));
        }
        Ok(Person {
            id: fresh()?,
            name: new.name.trim().to_owned(),
            email: new.email.trim().to_lowercase(),
            role: new.role,
            seat: new.seat.filter(|_| new.role.acts_for_a_partner()),
            agency: new.agency.filter(|_| new.role.acts_for_an_agency()),
            agencies_too: BTreeSet::new(),
            left: false,
        })
    }

    /// Records that authority to decide and sign was delegated.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn delegate(&self, actor: &Actor, delegation: Delegation) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        if actor.person.role == Role::Administrator {
            return Err(
                access::Denied::NotYourRole("the manager records delegated authority").into(),
            );
        }
        if self.office().person(&delegation.person).is_none() {
            return Err(DeskError::field("person", "Choose a person"));
        }
        if delegation.authority.from_whom.trim().is_empty() {
            return Err(DeskError::field(
                "from-whom",
                "Enter who gave the authority",
            ));
        }
        if delegation
            .authority
            .until
            .is_some_and(|u| u < delegation.authority.from)
        {
            return Err(DeskError::field(
                "until",
                "Enter a last day that is not before the first",
            ));
        }
        let _alone = self.inner.office_writing.lock().await;
        self.append_office(
            permit,
            &actor.person.id,
            vec![OfficeEvent::AuthorityDelegated(delegation)],
        )
        .await
    }

    /// Ends the authority of a person from a day on.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn end_authority(
        &self,
        actor: &Actor,
        person: &str,
        on: calendar::Date,
        why: &str,
    ) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManagePeople)?;
        if actor.person.role == Role::Administrator {
            return Err(
                access::Denied::NotYourRole("the manager records delegated authority").into(),
            );
        }
        if why.trim().is_empty() {
            return Err(DeskError::field("why", "Enter why the authority ends"));
        }
        let _alone = self.inner.office_writing.lock().await;
        self.append_office(
            permit,
            &actor.person.id,
            vec![OfficeEvent::AuthorityEnded {
                person: person.into(),
                on,
                why: why.into(),
            }],
        )
        .await
    }

    /// Records an absence with cover.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn record_absence(&self, actor: &Actor, absence: Absence) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::HandOver)?;
        if absence.until < absence.from {
            return Err(DeskError::field(
                "until",
                "Enter a last day that is not before the first",
            ));
        }
        if absence.person == absence.cover {
            return Err(DeskError::field("cover", "Choose someone else to cover"));
        }
        let covers = self
            .office()
            .person(&absence.cover)
            .is_some_and(|p| matches!(p.role, Role::BusinessManager | Role::DeputyManager));
        if !covers {
            return Err(DeskError::field(
                "cover",
                "Choose a manager or deputy to cover",
            ));
        }
        let _alone = self.inner.office_writing.lock().await;
        self.append_office(
            permit,
            &actor.person.id,
            vec![OfficeEvent::AbsenceRecorded(absence)],
        )
        .await
    }

    /// The people of an agency lead's own agency who have an account, the lead among them.
    ///
    /// # Errors
    /// Not an agency's lead.
    pub fn own_agency(&self, actor: &Actor) -> Result<Vec<Person>, DeskError> {
        access::permit_in_office(&actor.person, Act::KeepOwnAgency)?;
        let office = self.office();
        let own = &actor.person;
        let theirs = |p: &&Person| !p.left && p.agencies().any(|agency| own.answers_for(agency));
        let mut people: Vec<Person> = office.people.values().filter(theirs).cloned().collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(people)
    }

    /// Who may end the account of a person: whoever adds people, and for the people of an agency its lead.
    fn may_end_account(&self, actor: &Actor, person: &str) -> Result<Permit, DeskError> {
        let of_own = self.own_agency(actor).unwrap_or_default();
        if of_own.iter().any(|p| p.id == person) {
            return Ok(access::permit_in_office(&actor.person, Act::KeepOwnAgency)?);
        }
        Ok(access::permit_in_office(&actor.person, Act::ManagePeople)?)
    }

    /// Records that a person left: the account ends at once.
    ///
    /// # Errors
    /// Not allowed, or the person still runs cases.
    pub async fn person_left(
        &self,
        actor: &Actor,
        person: &str,
        why: &str,
    ) -> Result<(), DeskError> {
        let permit = self.may_end_account(actor, person)?;
        if why.trim().is_empty() {
            return Err(DeskError::field(
                "why",
                "Enter why this person's account ends",
            ));
        }
        if person == actor.person.id {
            return Err(DeskError::field(
                "person",
                "You cannot end your own account: ask another manager",
            ));
        }
        // An agency's lead ends what is theirs to end: someone who answers for another agency too stays with that one.
        if access::permit_in_office(&actor.person, Act::ManagePeople).is_err() {
            let found = self.office().person(person).cloned();
            let found = found.ok_or(DeskError::NotThere)?;
            let (theirs, others): (Vec<&str>, Vec<&str>) =
                (found.agencies()).partition(|agency| actor.person.answers_for(agency));
            if !others.is_empty() {
                let theirs = theirs.into_iter().map(str::to_owned).collect();
                return (self.take_agencies(permit, actor, person, theirs, why)).await;
            }
        }
        let runs = self
            .inner
            .register
            .read()
            .map(|r| {
                r.values()
                    .any(|s| s.open && s.owner.as_deref() == Some(person))
            })
            .unwrap_or(false);
        if runs {
            return Err(DeskError::field(
                "person",
                "This person runs open cases: hand them over first",
            ));
        }
        let _alone = self.inner.office_writing.lock().await;
        self.append_office(
            permit,
            &actor.person.id,
            vec![OfficeEvent::PersonLeft {
                person: person.into(),
                why: why.into(),
            }],
        )
        .await?;
        self.end_account(person).await
    }

    /// The roles a person can be given today: those that the edition in force names.
    pub fn roles(&self) -> Vec<access::Role> {
        let rules = self.editions().in_force(self.today()).ok();
        let known = |role: &access::Role| {
            (rules.as_ref()).is_none_or(|rules| rules.roles.contains_key(role.id()))
        };
        let people = access::Role::ALL.into_iter();
        people
            .filter(|role| *role != Role::ServiceAccount && known(role))
            .collect()
    }

    /// The words for a person's part: the partnership's name of the role, and the partner.
    pub fn part_words(&self, person: &Person) -> String {
        let editions = self.editions();
        let role = editions
            .settings()
            .roles
            .get(person.role.id())
            .cloned()
            .or_else(|| {
                let rules = editions.in_force(self.today()).ok()?;
                rules.roles.get(person.role.id()).cloned()
            });
        let role = role.unwrap_or_else(|| person.role.id().replace('-', " "));
        match &person.seat {
            Some(seat) => {
                let named = self.seats().into_iter().find(|s| &s.seat == seat);
                format!(
                    "{role}, {}",
                    named.map_or_else(|| seat.partner.clone(), |n| n.body)
                )
            }
            None => role,
        }
    }
}
