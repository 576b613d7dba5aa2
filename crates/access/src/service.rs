//! Service accounts: another system that reads cases it is a member of, or answers for its agency, and never acts as a person.
//! Somebody answers for each, and it ends with them, with its time, or outside its networks.

use cases::Date;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::office::{Office, Person, Role};

/// The longest time for which a service account is given, in days.
pub const LONGEST_DAYS: i32 = 366;

/// What a service account is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Service {
    /// Its id among the people of the partnership.
    pub person: String,
    /// Who answers for it (person id) and makes its tokens.
    pub owner: String,
    /// What it is for, in words.
    pub purpose: String,
    /// The last day on which it is let in.
    pub until: Date,
    /// The networks it may come from, such as `192.0.2.0/24`; any when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<IpNet>,
}

/// Why a service account is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// It was ended, or there is none.
    Ended,
    /// Its time is over.
    Over,
    /// Whoever answers for it is not there any more.
    NobodyAnswers,
    /// It comes from another network than was said.
    Elsewhere,
}

impl Shut {
    /// In words, for the page of whoever looks after it and for the log.
    pub fn words(self) -> &'static str {
        match self {
            Shut::Ended => "it was ended",
            Shut::Over => "its time is over",
            Shut::NobodyAnswers => "nobody answers for it any more",
            Shut::Elsewhere => "it came from another network",
        }
    }
}

/// Whether someone can answer for a service account of an agency, or of the partnership when there is none.
/// The administrator sees no case and so holds no key to one; whoever inspects is there for a time only.
pub fn may_own(person: &Person, agency: Option<&str>) -> bool {
    let role = !matches!(
        person.role,
        Role::Administrator | Role::Auditor | Role::ServiceAccount
    );
    let theirs = match agency {
        Some(agency) => person.answers_for(agency),
        None => person.agency.is_none(),
    };
    !person.left && role && theirs
}

impl Office {
    /// The service account with this id, when it is let in on a day from an address (unknown where a proxy hides it).
    ///
    /// # Errors
    /// Why it is not.
    pub fn let_in(
        &self,
        id: &str,
        on: Date,
        from: Option<std::net::IpAddr>,
    ) -> Result<&Person, Shut> {
        let person = self.person(id).ok_or(Shut::Ended)?;
        let service = self.services.get(id).ok_or(Shut::Ended)?;
        if on > service.until {
            return Err(Shut::Over);
        }
        let owner = self.person(&service.owner);
        let answers = owner.is_some_and(|owner| {
            may_own(owner, person.agency.as_deref()) && !self.locked.contains(&owner.id)
        });
        if !answers {
            return Err(Shut::NobodyAnswers);
        }
        let inside = |network: &IpNet| from.is_some_and(|from| network.contains(&from));
        if !service.networks.is_empty() && !service.networks.iter().any(inside) {
            return Err(Shut::Elsewhere);
        }
        Ok(person)
    }

    /// The service accounts that a person answers for, by name; those that have ended are left out.
    pub fn services_of<'a>(&'a self, owner: &'a str) -> Vec<(&'a Person, &'a Service)> {
        let of = self.services.values().filter(|s| s.owner == owner);
        let mut list: Vec<_> = of
            .filter_map(|s| Some((self.person(&s.person)?, s)))
            .collect();
        list.sort_by_key(|(person, _)| person.name.to_lowercase());
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::OfficeEvent;

    fn person(id: &str, role: Role, agency: Option<&str>) -> Person {
        Person {
            id: id.into(),
            name: id.into(),
            email: String::new(),
            role,
            seat: None,
            agency: agency.map(str::to_owned),
            agencies_too: Default::default(),
            left: false,
        }
    }

    fn office() -> Office {
        let mut office = Office::default();
        for event in [
            OfficeEvent::PersonRecorded(person("owner", Role::BusinessManager, None)),
            OfficeEvent::PersonRecorded(person("it", Role::ServiceAccount, None)),
            OfficeEvent::ServiceRecorded(Service {
                person: "it".into(),
                owner: "owner".into(),
                purpose: "reads the clocks".into(),
                until: cases::Date::constant(2026, 12, 4),
                networks: vec!["192.0.2.0/24".parse().unwrap()],
            }),
        ] {
            office.apply(&event);
        }
        office
    }

    #[test]
    fn a_service_account_is_let_in_until_its_last_day_from_its_network_while_somebody_answers_for_it()
     {
        let mut office = office();
        let on = cases::Date::constant(2026, 12, 4);
        let (inside, outside) = ("192.0.2.9".parse().ok(), "198.51.100.1".parse().ok());
        assert!(office.let_in("it", on, inside).is_ok());
        assert_eq!(office.let_in("it", on, outside), Err(Shut::Elsewhere));
        assert_eq!(office.let_in("it", on, None), Err(Shut::Elsewhere));
        let next = cases::Date::constant(2026, 12, 5);
        assert_eq!(office.let_in("it", next, inside), Err(Shut::Over));
        assert_eq!(office.let_in("owner", on, inside), Err(Shut::Ended));
        office.locked.insert("owner".into());
        assert_eq!(office.let_in("it", on, inside), Err(Shut::NobodyAnswers));
        office.locked.clear();
        office.apply(&OfficeEvent::PersonLeft {
            person: "owner".into(),
            why: "left".into(),
        });
        assert_eq!(office.let_in("it", on, inside), Err(Shut::NobodyAnswers));
    }

    #[test]
    fn whoever_answers_for_a_service_account_is_of_the_same_agency_and_no_administrator() {
        let lead = person("lead", Role::AgencyLead, Some("health"));
        assert!(may_own(&lead, Some("health")));
        assert!(!may_own(&lead, Some("school")));
        assert!(!may_own(&lead, None));
        assert!(!may_own(&person("a", Role::Administrator, None), None));
    }
}
