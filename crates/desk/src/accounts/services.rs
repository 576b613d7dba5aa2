//! Looking after service accounts: the manager gives them, changes and ends them; whoever answers for one makes its tokens.
//! So nobody comes by a key to cases who is kept from them: a service account is kept from what that person is kept from.

use access::office::OfficeEvent;
use access::service::LONGEST_DAYS;
use access::{Act, Person, Role, Service, may_own};
use calendar::Date;
use jiff::{SignedDuration, Timestamp};
use store::ServiceToken;

use super::id_of;
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

/// What a token begins with, so that whoever searches for secrets that lie about finds it.
pub const TOKEN_PREFIX: &str = "candour_service_";
/// A token that another took the place of goes on for so long, so that the other system can be changed over.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How many letters of a token it is called by.
const CALLED: usize = 6;

/// What a service account is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewService {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Who answers for it (person id).
    pub owner: String,
    /// The agency it answers for (id); none for one that reads cases.
    pub agency: Option<String>,
    /// The last day on which it is let in.
    pub until: Option<Date>,
    /// The networks it may come from, as typed: one on a line; any when empty.
    pub networks: String,
}

/// A service account with its tokens.
#[derive(Debug, Clone)]
pub struct ServiceLine {
    /// The account.
    pub person: Person,
    /// What it is given.
    pub service: Service,
    /// Why it is not let in today, wherever it comes from; none while it is.
    pub shut: Option<access::Shut>,
    /// Its tokens, the newest first.
    pub tokens: Vec<ServiceToken>,
}

impl Desk {
    async fn line_of(&self, person: &Person, service: &Service) -> Result<ServiceLine, DeskError> {
        let now = Timestamp::now();
        let mut tokens = self.inner.store.service_tokens(&person.id).await?;
        tokens.retain(|token| token.ends_at.is_none_or(|ends| now < ends));
        let shut = self.office().let_in(&person.id, self.today(), None).err();
        Ok(ServiceLine {
            person: person.clone(),
            service: service.clone(),
            shut: shut.filter(|shut| *shut != access::Shut::Elsewhere),
            tokens,
        })
    }

    /// All service accounts that have not ended, by name.
    ///
    /// # Errors
    /// Not someone who gives them.
    pub async fn services(&self, actor: &Actor) -> Result<Vec<ServiceLine>, DeskError> {
        access::permit_in_office(&actor.person, Act::ManageServices)?;
        let office = self.office();
        let mut list = Vec::new();
        for service in office.services.values() {
            if let Some(person) = office.person(&service.person) {
                list.push(self.line_of(person, service).await?);
            }
        }
        list.sort_by_key(|line| line.person.name.to_lowercase());
        Ok(list)
    }

    /// Those for which someone answers.
    ///
    /// # Errors
    /// The store failed.
    pub async fn own_services(&self, actor: &Actor) -> Result<Vec<ServiceLine>, DeskError> {
        let office = self.office();
        let mut list = Vec::new();
        for (person, service) in office.services_of(&actor.person.id) {
            list.push(self.line_of(person, service).await?);
        }
        Ok(list)
    }

    /// The people who can answer for a service account of an agency, or of the partnership when there is none, by name.
    pub fn may_answer_for(&self, agency: Option<&str>) -> Vec<Person> {
        let office = self.office();
        let mut list: Vec<Person> = (office.people.values())
            .filter(|person| may_own(person, agency))
            .cloned()
            .collect();
        list.sort_by_key(|person| person.name.to_lowercase());
        list
    }

    /// What is to be corrected in what a service account is to be given; what is right comes back.
    fn checked_service(&self, id: &str, new: &NewService) -> Result<Service, DeskError> {
        if new.purpose.trim().is_empty() {
            return Err(DeskError::field(
                "purpose",
                "Enter what the other system is for",
            ));
        }
        let office = self.office();
        let owner = office.person(&new.owner);
        if !owner.is_some_and(|owner| may_own(owner, new.agency.as_deref())) {
            let words = match new.agency {
                Some(_) => "Choose someone of the same agency to answer for it",
                None => "Choose someone to answer for it who is of no agency and no administrator",
            };
            return Err(DeskError::field("owner", words));
        }
        let today = self.today();
        let last = today
            .checked_add(jiff::Span::new().days(LONGEST_DAYS))
            .unwrap_or(Date::MAX);
        let until = new.until.filter(|until| (today..=last).contains(until));
        let Some(until) = until else {
            return Err(DeskError::field(
                "until",
                "Enter a last day from today on and within a year: its access is looked at again then",
            ));
        };
        let mut networks = Vec::new();
        for line in new.networks.split([',', '\n', ' ']) {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let network = line
                .parse::<ipnet::IpNet>()
                .or_else(|_| line.parse::<std::net::IpAddr>().map(ipnet::IpNet::from));
            networks.push(network.map_err(|_| {
                DeskError::field(
                    "networks",
                    "Enter each network on a line of its own, like 192.0.2.0/24 or 2001:db8::/32",
                )
            })?);
        }
        Ok(Service {
            person: id.to_owned(),
            owner: new.owner.clone(),
            purpose: new.purpose.trim().to_owned(),
            until,
            networks,
        })
    }

    /// Gives another system access: to nothing yet, as a person is given a role and no case.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn give_service(&self, actor: &Actor, new: NewService) -> Result<Person, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManageServices)?;
        let _alone = self.inner.office_writing.lock().await;
        if new.name.trim().is_empty() {
            return Err(DeskError::field(
                "name",
                "Enter what the other system is called",
            ));
        }
        let office = self.office();
        let listed = office.agencies_on(self.today());
        if new.agency.is_some() && !listed.iter().any(|a| Some(&a.id) == new.agency.as_ref()) {
            return Err(DeskError::field(
                "agency",
                "Choose an agency of the list, or none",
            ));
        }
        let person = Person {
            id: fresh()?,
            name: new.name.trim().to_owned(),
            email: String::new(),
            role: Role::ServiceAccount,
            seat: None,
            agency: new.agency.clone(),
            agencies_too: Default::default(),
            left: false,
        };
        let service = self.checked_service(&person.id, &new)?;
        let events = vec![
            OfficeEvent::PersonRecorded(person.clone()),
            OfficeEvent::ServiceRecorded(service),
        ];
        self.append_office(permit, &actor.person.id, events).await?;
        Ok(person)
    }

    /// Changes what a service account is given: what it is for, who answers for it, until when, from where. When somebody else
    /// answers for it from now on, the tokens that the person before made end.
    ///
    /// # Errors
    /// Not allowed, not there, or a field to correct.
    pub async fn change_service(
        &self,
        actor: &Actor,
        id: &str,
        mut new: NewService,
    ) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManageServices)?;
        let _alone = self.inner.office_writing.lock().await;
        let office = self.office();
        let (Some(person), Some(before)) = (office.person(id), office.services.get(id)) else {
            return Err(DeskError::NotThere);
        };
        new.agency = person.agency.clone();
        let service = self.checked_service(id, &new)?;
        let handed_on = before.owner != service.owner;
        // First what opens, then what is said of it: a token of someone who no longer answers is never left behind.
        if handed_on {
            self.inner.store.end_service_tokens(id, None).await?;
        }
        let event = OfficeEvent::ServiceRecorded(service);
        self.append_office(permit, &actor.person.id, vec![event])
            .await
    }

    /// Makes a token for a service account that one answers for. It is shown once; those before it end within a week.
    ///
    /// # Errors
    /// Not theirs, or not let in any more.
    pub async fn make_service_token(
        &self,
        actor: &Actor,
        service: &str,
    ) -> Result<String, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::AnswerForService)?;
        let _alone = self.inner.office_writing.lock().await;
        let own = self.own_services(actor).await?;
        let line = own.iter().find(|line| line.person.id == service);
        let line = line.ok_or(DeskError::NotThere)?;
        if let Some(shut) = line.shut {
            return Err(DeskError::Field {
                field: "token".into(),
                message: format!(
                    "This account is not let in, because {}: ask the business manager",
                    shut.words()
                ),
            });
        }
        let secret = format!("{}{}", fresh()?, fresh()?);
        let token = ServiceToken {
            service: service.to_owned(),
            called: secret.chars().take(CALLED).collect(),
            made_at: Timestamp::now(),
            ends_at: None,
            used_at: None,
        };
        let event = OfficeEvent::ServiceTokenMade {
            service: service.to_owned(),
            token: token.called.clone(),
        };
        self.append_office(permit, &actor.person.id, vec![event])
            .await?;
        let secret = format!("{TOKEN_PREFIX}{secret}");
        let others_end = token
            .made_at
            .saturating_add(OVERLAP)
            .unwrap_or(token.made_at);
        (self.inner.store)
            .add_service_token(&id_of(&secret), &token, others_end)
            .await?;
        Ok(secret)
    }

    /// Ends a token at once: by whoever answers for the account, or gives accounts.
    ///
    /// # Errors
    /// Not allowed, or not there.
    pub async fn end_service_token(
        &self,
        actor: &Actor,
        service: &str,
        called: &str,
    ) -> Result<(), DeskError> {
        let office = self.office();
        let owns = (office.services.get(service)).is_some_and(|s| s.owner == actor.person.id);
        let act = if owns {
            Act::AnswerForService
        } else {
            Act::ManageServices
        };
        let permit = access::permit_in_office(&actor.person, act)?;
        let _alone = self.inner.office_writing.lock().await;
        let store = &self.inner.store;
        if !store.end_service_tokens(service, Some(called)).await? {
            return Err(DeskError::NotThere);
        }
        let event = OfficeEvent::ServiceTokenEnded {
            service: service.to_owned(),
            token: called.to_owned(),
        };
        self.append_office(permit, &actor.person.id, vec![event])
            .await
    }
}
