//! The invented partnership: Merrowshire, its bodies, its people and what was delegated to whom.

use std::collections::BTreeMap;

use access::office::{Absence, Agency, Delegation};
use access::{Person, Role};
use cases::Seat;
use cases::context::Authority;
use desk::{Desk, DeskError, NewPerson};

use super::days::Days;

/// The password of everyone in the demo.
pub const PASSWORD: &str = "meadow-lantern-oak";

/// The settings file of the partnership; the telephone numbers belong to no one.
pub(super) const SETTINGS: &str = r#"name = "Merrowshire Safeguarding Children Partnership"
short = "MER"
area = "Merrowshire"
session-minutes = 45
family-update = "every four weeks, or as often as the family asks"

[front-door]
front-door = "Merrowshire Front Door for Children, 01632 960101 (8:30am to 5:30pm, Monday to Friday)"
out-of-hours = "Emergency Duty Team, 01632 960102 (nights, weekends and bank holidays)"
emergency = "999"

[[partners]]
id = "local-authority"

[[partners.bodies]]
id = "merrowshire-council"
name = "Merrowshire Council"

[[partners]]
id = "health"

[[partners.bodies]]
id = "merrow-valley"
name = "NHS Merrow Valley Integrated Care Board"

[[partners.bodies]]
id = "tilbrook-and-coast"
name = "NHS Tilbrook and Coast Integrated Care Board"

[[partners]]
id = "police"

[[partners.bodies]]
id = "merrowshire-constabulary"
name = "Merrowshire Constabulary"
"#;

/// The people of the demo, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Who {
    Manager,
    Deputy,
    Chair,
    Council,
    CouncilDeputy,
    Valley,
    ValleyDeputy,
    Coast,
    CoastDeputy,
    Police,
    PoliceDeputy,
    Lawyer,
    Administrator,
    HealthLead,
    HealthAuthor,
}

impl Who {
    const ALL: [Who; 15] = [
        Who::Manager,
        Who::Deputy,
        Who::Chair,
        Who::Council,
        Who::CouncilDeputy,
        Who::Valley,
        Who::ValleyDeputy,
        Who::Coast,
        Who::CoastDeputy,
        Who::Police,
        Who::PoliceDeputy,
        Who::Lawyer,
        Who::Administrator,
        Who::HealthLead,
        Who::HealthAuthor,
    ];

    /// The four who sign.
    pub const DELEGATES: [Who; 4] = [Who::Council, Who::Valley, Who::Coast, Who::Police];

    fn described(self) -> (&'static str, Role) {
        match self {
            Who::Manager => ("Morwenna Tallis", Role::BusinessManager),
            Who::Deputy => ("Idris Pennyfeather", Role::DeputyManager),
            Who::Chair => ("Beatrix Holloway-Quill", Role::Chair),
            Who::Council => ("Harriet Wexcombe", Role::Delegate),
            Who::CouncilDeputy => ("Tobias Underhay", Role::DeputyDelegate),
            Who::Valley => ("Anjali Marchbanks", Role::Delegate),
            Who::ValleyDeputy => ("Colm Fairbrother", Role::DeputyDelegate),
            Who::Coast => ("Perpetua Lindmere", Role::Delegate),
            Who::CoastDeputy => ("Samir Dunmore", Role::DeputyDelegate),
            Who::Police => ("Gareth Ollerden", Role::Delegate),
            Who::PoliceDeputy => ("Wren Castlemain", Role::DeputyDelegate),
            Who::Lawyer => ("Josephine Amblecote", Role::Reader),
            Who::Administrator => ("Felix Thornhurst", Role::Administrator),
            Who::HealthLead => ("Rosalind Farthingale", Role::AgencyLead),
            Who::HealthAuthor => ("Dilys Penhallow", Role::AgencyAuthor),
        }
    }

    /// The seat the person acts for.
    pub fn seat(self) -> Option<Seat> {
        let (partner, body) = match self {
            Who::Council | Who::CouncilDeputy => ("local-authority", "merrowshire-council"),
            Who::Valley | Who::ValleyDeputy => ("health", "merrow-valley"),
            Who::Coast | Who::CoastDeputy => ("health", "tilbrook-and-coast"),
            Who::Police | Who::PoliceDeputy => ("police", "merrowshire-constabulary"),
            _ => return None,
        };
        Some(Seat {
            partner: partner.into(),
            body: body.into(),
        })
    }

    fn authority_from(self) -> &'static str {
        match self {
            Who::Council | Who::CouncilDeputy => {
                "Chief Executive of Merrowshire Council, lead safeguarding partner"
            }
            Who::Valley | Who::ValleyDeputy => {
                "Chief Executive of NHS Merrow Valley Integrated Care Board, lead safeguarding partner"
            }
            Who::Coast | Who::CoastDeputy => {
                "Chief Executive of NHS Tilbrook and Coast Integrated Care Board, lead safeguarding partner"
            }
            _ => "Chief Constable of Merrowshire Constabulary, lead safeguarding partner",
        }
    }

    /// The agency the person answers for, by its name.
    fn agency(self) -> Option<&'static str> {
        matches!(self, Who::HealthLead | Who::HealthAuthor).then_some(COMMUNITY_HEALTH)
    }

    fn new_person(self) -> NewPerson {
        let (name, role) = self.described();
        let email = format!(
            "{}@merrowshire.example",
            name.to_lowercase().replace(' ', ".")
        );
        NewPerson {
            name: name.into(),
            email,
            role,
            seat: self.seat(),
            agency: None,
            password: PASSWORD.into(),
        }
    }
}

/// The agency of the demo whose people have accounts.
pub(super) const COMMUNITY_HEALTH: &str = "Merrow Valley Community Health";

/// The agencies that the partnership asks: name, kind, mailbox.
const AGENCIES: [(&str, &str, &str); 5] = [
    (
        COMMUNITY_HEALTH,
        "community health",
        "safeguarding@merrowvalleyhealth.example",
    ),
    (
        "Tilbrook Infirmary",
        "hospital",
        "named.nurse@tilbrookinfirmary.example",
    ),
    (
        "Lantern Street Surgery",
        "general practice",
        "practice.lead@lanternstreet.example",
    ),
    (
        "Tilbrook Housing Partnership",
        "housing",
        "tenancy@tilbrookhousing.example",
    ),
    (
        "Larch Row Primary School",
        "school",
        "office@larchrow.example",
    ),
];

/// Those there from the first day: the business manager and the administrator.
pub(super) fn first_people() -> Vec<NewPerson> {
    vec![Who::Manager.new_person(), Who::Administrator.new_person()]
}

/// Nobody has a telephone here: the page for the code shows it.
async fn set_up_second_step(desk: &Desk, email: &str) -> Result<(), DeskError> {
    let half = desk.sign_in(email, PASSWORD, "").await?;
    let lost = || DeskError::Other("the demo has no code".into());
    let code = desk.code_of_an_invented_person(&half.secret).await?;
    let (signed_in, _) = desk
        .set_up(&half.secret, &code.ok_or_else(lost)?, "")
        .await?;
    if let Some(session) = desk.session(&signed_in.secret).await? {
        desk.sign_out(&session).await?;
    }
    Ok(())
}

/// The id of an agency on the partnership's list.
pub(super) fn agency_id(desk: &Desk, name: &str) -> Option<String> {
    let office = desk.office();
    let found = office.agencies.values().find(|a| a.name == name);
    found.map(|a| a.id.clone())
}

/// The manager adds everyone else and records what was delegated, and an absence that is covered.
pub(super) async fn settle_in(
    desk: &Desk,
    days: &Days,
) -> Result<BTreeMap<Who, Person>, DeskError> {
    let lost = || DeskError::Other("a person of the demo is not there".into());
    let manager = desk
        .person_by_email(&Who::Manager.new_person().email)
        .ok_or_else(lost)?;
    let acting = desk.actor(&manager);
    for (name, kind, mailbox) in AGENCIES {
        let agency = Agency {
            id: String::new(),
            name: name.into(),
            kind: kind.into(),
            mailbox: mailbox.into(),
            until: None,
        };
        desk.record_agency(&acting, agency).await?;
    }
    let mut people = BTreeMap::new();
    for who in Who::ALL {
        let mut new = who.new_person();
        new.agency = who.agency().and_then(|name| agency_id(desk, name));
        let person = match desk.person_by_email(&new.email) {
            Some(person) => person,
            None => desk.add_person(&acting, new).await?,
        };
        if let Some(seat) = who.seat() {
            let deputy = person.role == Role::DeputyDelegate;
            let authority = Authority {
                seat,
                capacity: if deputy {
                    "deputy".into()
                } else {
                    "delegate".into()
                },
                from_whom: who.authority_from().into(),
                from: days.earlier(days.set_up()?, 30),
                until: if deputy { Some(days.ahead(90)?) } else { None },
            };
            desk.delegate(
                &acting,
                Delegation {
                    person: person.id.clone(),
                    authority,
                },
            )
            .await?;
        }
        set_up_second_step(desk, &person.email).await?;
        people.insert(who, person);
    }
    let cover = people.get(&Who::Deputy).ok_or_else(lost)?.id.clone();
    let absence = Absence {
        person: manager.id,
        from: days.ahead(18)?,
        until: days.ahead(27)?,
        cover,
    };
    desk.record_absence(&acting, absence).await?;
    Ok(people)
}
