//! The people of a partnership: their roles, what was delegated to whom and until when, absences with cover.
//! A fold of the partnership's own stream in the record, as a case is of its own.

use std::collections::{BTreeMap, BTreeSet};

use cases::Date;
use cases::context::{Authority, Seat};
use cases::erasure::{Certificate, Target};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::unusual::{Looked, Notice, Noticed};

use crate::invitation::{Answer, Invitation, Invited};
use crate::service::Service;

/// A role in the partnership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs the process.
    BusinessManager,
    /// Deputises for the business manager, with all powers.
    DeputyManager,
    /// Decides and signs for a safeguarding partner.
    Delegate,
    /// Deputises for a delegate.
    DeputyDelegate,
    /// Chairs, and speaks to the family.
    Chair,
    /// Reads the cases they are added to.
    Reader,
    /// Runs the system and sees no case content.
    Administrator,
    /// Leads a safeguarding partner as a whole.
    LeadPartner,
    /// Scrutinises independently: reads, and has no vote.
    Scrutineer,
    /// Answers for an agency, signs its answers, and looks after its people.
    AgencyLead,
    /// Writes the answers of an agency.
    AgencyAuthor,
    /// Reviews independently.
    Reviewer,
    /// Sits on the panel of a review.
    PanelMember,
    /// Gives legal advice.
    LegalAdviser,
    /// Prepares what is said in public.
    CommunicationsLead,
    /// Inspects for a limited time.
    Auditor,
    /// Another system, for which a person answers.
    ServiceAccount,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 17] = [
        Role::BusinessManager,
        Role::DeputyManager,
        Role::Delegate,
        Role::DeputyDelegate,
        Role::Chair,
        Role::Reader,
        Role::Administrator,
        Role::LeadPartner,
        Role::Scrutineer,
        Role::AgencyLead,
        Role::AgencyAuthor,
        Role::Reviewer,
        Role::PanelMember,
        Role::LegalAdviser,
        Role::CommunicationsLead,
        Role::Auditor,
        Role::ServiceAccount,
    ];

    /// The id under which packs and settings name the role.
    pub fn id(self) -> &'static str {
        match self {
            Role::BusinessManager => "business-manager",
            Role::DeputyManager => "deputy-manager",
            Role::Delegate => "delegate",
            Role::DeputyDelegate => "deputy-delegate",
            Role::Chair => "chair",
            Role::Reader => "reader",
            Role::Administrator => "administrator",
            Role::LeadPartner => "lead-partner",
            Role::Scrutineer => "scrutineer",
            Role::AgencyLead => "agency-lead",
            Role::AgencyAuthor => "agency-author",
            Role::Reviewer => "reviewer",
            Role::PanelMember => "panel-member",
            Role::LegalAdviser => "legal-adviser",
            Role::CommunicationsLead => "communications-lead",
            Role::Auditor => "auditor",
            Role::ServiceAccount => "service-account",
        }
    }

    /// The role with this id.
    pub fn from_id(id: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.id() == id)
    }

    /// True for the roles that act for a safeguarding partner.
    pub fn acts_for_a_partner(self) -> bool {
        matches!(
            self,
            Role::Delegate | Role::DeputyDelegate | Role::LeadPartner
        )
    }

    /// True for the roles of an agency that answers.
    pub fn acts_for_an_agency(self) -> bool {
        matches!(self, Role::AgencyLead | Role::AgencyAuthor)
    }
}

/// A person of the partnership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Person {
    /// The person's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The e-mail address they sign in with.
    pub email: String,
    /// The role.
    pub role: Role,
    /// The seat they act for, when the role acts for a partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<Seat>,
    /// The agency they answer for (id), when the role acts for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The other agencies they answer for (ids).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub agencies_too: BTreeSet<String>,
    /// True once the person has left.
    #[serde(default)]
    pub left: bool,
}

impl Person {
    /// The agencies they answer for (ids).
    pub fn agencies(&self) -> impl Iterator<Item = &str> {
        let first = self.agency.as_deref();
        first
            .into_iter()
            .chain(self.agencies_too.iter().map(String::as_str))
    }

    /// Whether they answer for an agency (id).
    pub fn answers_for(&self, agency: &str) -> bool {
        self.agencies().any(|own| own == agency)
    }
}

/// An agency that the partnership asks for information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Agency {
    /// Its id in the partnership.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What kind of agency it is, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The address to which requests go when nobody of it has an account.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mailbox: String,
    /// The last day on which it is asked; none while it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Authority given to a person to decide and sign for a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Delegation {
    /// The person's id.
    pub person: String,
    /// The authority.
    #[serde(flatten)]
    pub authority: Authority,
}

/// An absence with cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Absence {
    /// Who is absent (id).
    pub person: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Who covers (id).
    pub cover: String,
}

/// Someone outside who is sent every checkpoint of the record, so that nobody who runs the server can rewrite it unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Witness {
    /// Who this is, in words: "the independent scrutineer".
    pub who: String,
    /// The e-mail address.
    pub address: String,
}

/// What was changed in the partnership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum OfficeEvent {
    /// The partnership was set up, or its settings changed: the checked settings file as text.
    SettingsWritten {
        /// The TOML text.
        settings: String,
    },
    /// A person was added or changed.
    PersonRecorded(Person),
    /// An agency was added to the partnership's list, or changed.
    AgencyRecorded(Agency),
    /// A person answers for another agency too.
    AgencyGiven {
        /// The person (id).
        person: String,
        /// The agency (id).
        agency: String,
    },
    /// A person no longer answers for one of several agencies.
    AgencyTaken {
        /// The person (id).
        person: String,
        /// The agency (id).
        agency: String,
        /// Why.
        why: String,
    },
    /// A person left.
    PersonLeft {
        /// Id.
        person: String,
        /// Why.
        why: String,
    },
    /// Authority was delegated.
    AuthorityDelegated(Delegation),
    /// Authority ended early.
    AuthorityEnded {
        /// The person's id.
        person: String,
        /// The last day.
        on: Date,
        /// Why.
        why: String,
    },
    /// An absence was recorded.
    AbsenceRecorded(Absence),
    /// Cases, tasks and drafts were handed over in one act.
    WorkHandedOver {
        /// From (id).
        from: String,
        /// To (id).
        to: String,
        /// The references of the cases.
        cases: Vec<String>,
        /// Why.
        why: String,
    },
    /// A newer official list of bank holidays was loaded.
    HolidaysLoaded {
        /// The last day the list covers.
        last: Date,
        /// Where it came from.
        source: String,
    },
    /// Content of a case was erased. What is kept of it outlives the case: the certificate, which holds none of the content.
    ContentErased(Box<Certificate>),
    /// A person set up their second step of signing in.
    SecondStepSetUp {
        /// Id.
        person: String,
    },
    /// A person added a passkey.
    PasskeyAdded {
        /// Id.
        person: String,
        /// What the person calls it.
        label: String,
        /// Its id, as in the signatures it makes.
        credential: String,
        /// Its public key as in those signatures; none for a kind that signs no decisions.
        #[serde(rename = "public-key")]
        public_key: Option<String>,
    },
    /// A person removed one of their passkeys.
    PasskeyRemoved {
        /// Id.
        person: String,
        /// What the person called it.
        label: String,
    },
    /// A person signed in with one of their codes on paper.
    RecoveryCodeUsed {
        /// Id.
        person: String,
    },
    /// Somebody took a person's second step off, because it was lost.
    SecondStepTakenOff {
        /// Id.
        person: String,
        /// How they made sure who asked.
        why: String,
    },
    /// A person signed on at their organisation for the first time: from then on they can sign in there.
    SignOnLinked {
        /// Id.
        person: String,
        /// The organisation, by name.
        organisation: String,
    },
    /// A person's sign-on at their organisation was taken away.
    SignOnRemoved {
        /// Id.
        person: String,
        /// Why.
        why: String,
    },
    /// A person was invited, or once more; the invitation before is over.
    InvitationSent(Invitation),
    /// Somebody can choose a new password with a link: they asked for it, or whoever restores accounts gave it.
    NewPasswordAllowed {
        /// For whom, by whom, until when.
        renewal: Invitation,
        /// How whoever gave it made sure who asked; empty when the person asked by mail.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
    },
    /// Somebody chose a new password with such a link; every session of theirs ended.
    NewPasswordChosen {
        /// Who (id).
        person: String,
        /// With which link (id).
        renewal: String,
        /// When (UTC).
        at: Timestamp,
    },
    /// An invitation was withdrawn.
    InvitationWithdrawn {
        /// Who was invited (id).
        person: String,
        /// The invitation (id).
        invitation: String,
    },
    /// A person accepted their invitation and has an account.
    InvitationAccepted {
        /// Id.
        person: String,
        /// The invitation (id).
        invitation: String,
        /// When (UTC).
        at: Timestamp,
    },
    /// An account was locked because nobody used it.
    AccountLocked {
        /// The person (id).
        person: String,
        /// When it was last used (UTC).
        #[serde(rename = "last-used")]
        last_used: Timestamp,
    },
    /// An account was unlocked.
    AccountUnlocked {
        /// The person (id).
        person: String,
        /// How it was made sure who asked.
        why: String,
    },
    /// It was confirmed that people who have not signed in for long still need their accounts.
    AccessConfirmed {
        /// By whom (id).
        by: String,
        /// When (UTC).
        at: Timestamp,
        /// Whose (ids).
        people: Vec<String>,
    },
    /// A person joined with the account they have at another partnership, which keeps its password and codes.
    AccountKeptElsewhere {
        /// Id.
        person: String,
    },
    /// A person uses their account at another partnership too; at which is theirs to know.
    AccountUsedElsewhere {
        /// Id.
        person: String,
    },
    /// A service account was given, or what it is given was changed.
    ServiceRecorded(Service),
    /// Whoever answers for a service account made a token for it.
    ServiceTokenMade {
        /// The service account (person id).
        service: String,
        /// By what the token is called: its first letters, which open nothing.
        token: String,
    },
    /// A token of a service account was ended.
    ServiceTokenEnded {
        /// The service account (person id).
        service: String,
        /// By what the token is called.
        token: String,
    },
    /// Somebody's reading was unusual.
    UnusualReading(Notice),
    /// Somebody else looked at that.
    UnusualReadingLookedAt(Looked),
    /// The witnesses were named: these and no others from now on.
    WitnessesNamed {
        /// The list as it is from now on.
        witnesses: Vec<Witness>,
    },
}

impl OfficeEvent {
    /// The kind in the log.
    pub fn kind(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        format!(
            "office.{}",
            value
                .get("is")
                .and_then(|v| v.as_str())
                .unwrap_or("unknown")
        )
    }
}

/// The partnership's people as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Office {
    /// By id.
    pub people: BTreeMap<String, Person>,
    /// The agencies that are asked, by id.
    pub agencies: BTreeMap<String, Agency>,
    /// Where people sign on (organisation, by name), by person.
    pub sign_ons: BTreeMap<String, String>,
    /// Who joined with an account that another partnership keeps (ids).
    pub kept_elsewhere: BTreeSet<String>,
    /// What the service accounts are given, by their ids.
    pub services: BTreeMap<String, Service>,
    /// Delegations, oldest first.
    pub delegations: Vec<Delegation>,
    /// Absences, oldest first.
    pub absences: Vec<Absence>,
    /// The settings file as text.
    pub settings: String,
    /// What was erased, oldest first.
    pub erasures: Vec<Certificate>,
    /// Who is sent the checkpoints.
    pub witnesses: Vec<Witness>,
    /// The newest invitation of each person who was invited, by the person's id.
    pub invitations: BTreeMap<String, Invited>,
    /// The newest link for a new password of each person who was given one, by the person's id.
    pub renewals: BTreeMap<String, Invited>,
    /// Whose accounts are locked (ids).
    pub locked: BTreeSet<String>,
    /// When the accounts that are not used were last confirmed (UTC), and by whom (id).
    pub confirmed: Option<(Timestamp, String)>,
    /// Notices of unusual reading, oldest first.
    pub unusual: Vec<Noticed>,
    /// How many events were applied.
    pub version: u64,
}

impl Office {
    /// Applies an event.
    pub fn apply(&mut self, event: &OfficeEvent) {
        self.version += 1;
        match event {
            OfficeEvent::SettingsWritten { settings } => self.settings = settings.clone(),
            OfficeEvent::PersonRecorded(person) => {
                self.people.insert(person.id.clone(), person.clone());
            }
            OfficeEvent::AgencyRecorded(agency) => {
                self.agencies.insert(agency.id.clone(), agency.clone());
            }
            OfficeEvent::AgencyGiven { person, agency } => {
                if let Some(person) = self.people.get_mut(person) {
                    person.agencies_too.insert(agency.clone());
                }
            }
            OfficeEvent::AgencyTaken { person, agency, .. } => {
                if let Some(person) = self.people.get_mut(person) {
                    person.agencies_too.remove(agency);
                    // Of what is left, one stands where it always stood.
                    if person.agency.as_ref() == Some(agency) {
                        person.agency = person.agencies_too.pop_first();
                    }
                }
            }
            OfficeEvent::PersonLeft { person, .. } => {
                if let Some(person) = self.people.get_mut(person) {
                    person.left = true;
                }
            }
            OfficeEvent::AuthorityDelegated(delegation) => {
                self.delegations.push(delegation.clone())
            }
            OfficeEvent::AuthorityEnded { person, on, .. } => {
                for delegation in self
                    .delegations
                    .iter_mut()
                    .filter(|d| &d.person == person && d.authority.until.is_none_or(|u| u > *on))
                {
                    delegation.authority.until = Some(*on);
                }
            }
            OfficeEvent::AbsenceRecorded(absence) => self.absences.push(absence.clone()),
            OfficeEvent::ContentErased(certificate) => self.erasures.push((**certificate).clone()),
            // What is said of signing in is kept for whoever reads the record; nothing here rests on it.
            OfficeEvent::SecondStepSetUp { .. }
            | OfficeEvent::PasskeyAdded { .. }
            | OfficeEvent::PasskeyRemoved { .. }
            | OfficeEvent::RecoveryCodeUsed { .. }
            | OfficeEvent::SecondStepTakenOff { .. }
            | OfficeEvent::AccountUsedElsewhere { .. }
            | OfficeEvent::ServiceTokenMade { .. }
            | OfficeEvent::ServiceTokenEnded { .. } => {}
            OfficeEvent::SignOnLinked {
                person,
                organisation,
            } => {
                self.sign_ons.insert(person.clone(), organisation.clone());
            }
            OfficeEvent::AccountKeptElsewhere { person } => {
                self.kept_elsewhere.insert(person.clone());
            }
            OfficeEvent::ServiceRecorded(service) => {
                self.services
                    .insert(service.person.clone(), service.clone());
            }
            OfficeEvent::SignOnRemoved { person, .. } => {
                self.sign_ons.remove(person);
            }
            OfficeEvent::UnusualReading(notice) => self.unusual.push(Noticed {
                notice: notice.clone(),
                looked: None,
            }),
            OfficeEvent::UnusualReadingLookedAt(looked) => {
                let found = self
                    .unusual
                    .iter_mut()
                    .find(|n| n.notice.id == looked.notice);
                if let Some(noticed) = found {
                    noticed.looked = Some(looked.clone());
                }
            }
            OfficeEvent::AccountLocked { person, .. } => {
                self.locked.insert(person.clone());
            }
            OfficeEvent::AccountUnlocked { person, .. } => {
                self.locked.remove(person);
            }
            OfficeEvent::AccessConfirmed { by, at, .. } => {
                self.confirmed = Some((*at, by.clone()));
            }
            OfficeEvent::NewPasswordAllowed { renewal, .. } => {
                let given = Invited {
                    sent: renewal.clone(),
                    answer: Answer::Waits,
                };
                self.renewals.insert(renewal.person.clone(), given);
            }
            OfficeEvent::NewPasswordChosen {
                person,
                renewal,
                at,
            } => {
                // An account that was kept elsewhere has a password of its own from then on.
                self.kept_elsewhere.remove(person);
                let used = self.renewals.get_mut(person);
                if let Some(used) = used.filter(|used| &used.sent.id == renewal) {
                    used.answer = Answer::Accepted(*at);
                }
            }
            OfficeEvent::InvitationSent(sent) => {
                let invited = Invited {
                    sent: sent.clone(),
                    answer: Answer::Waits,
                };
                self.invitations.insert(sent.person.clone(), invited);
            }
            OfficeEvent::InvitationWithdrawn { person, invitation } => {
                self.answer(person, invitation, Answer::Withdrawn);
            }
            OfficeEvent::InvitationAccepted {
                person,
                invitation,
                at,
            } => self.answer(person, invitation, Answer::Accepted(*at)),
            OfficeEvent::WitnessesNamed { witnesses } => self.witnesses = witnesses.clone(),
            OfficeEvent::WorkHandedOver { .. } | OfficeEvent::HolidaysLoaded { .. } => {}
        }
    }

    fn answer(&mut self, person: &str, invitation: &str, answer: Answer) {
        if let Some(invited) = self.invitations.get_mut(person)
            && invited.sent.id == invitation
        {
            invited.answer = answer;
        }
    }

    /// A person who has not left.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(id).filter(|p| !p.left)
    }

    /// The certificate of a case that was erased as a whole, by its id.
    pub fn erased(&self, case: &str) -> Option<&Certificate> {
        self.erasures
            .iter()
            .find(|c| c.target == Target::Case && c.case == case)
    }

    /// The authorities a person holds on a day.
    pub fn authorities(&self, person: &str, on: Date) -> Vec<Authority> {
        self.delegations
            .iter()
            .filter(|d| {
                d.person == person
                    && d.authority.from <= on
                    && d.authority.until.is_none_or(|u| on <= u)
            })
            .map(|d| d.authority.clone())
            .collect()
    }

    /// Whose work a person covers on a day (ids).
    pub fn covers(&self, person: &str, on: Date) -> Vec<&str> {
        self.absences
            .iter()
            .filter(|a| a.cover == person && a.from <= on && on <= a.until)
            .map(|a| a.person.as_str())
            .collect()
    }

    /// Who covers for a person on a day.
    pub fn cover_of(&self, person: &str, on: Date) -> Option<&Person> {
        let absence = self
            .absences
            .iter()
            .rev()
            .find(|a| a.person == person && a.from <= on && on <= a.until)?;
        self.person(&absence.cover)
    }

    /// The agencies that are asked on a day, by name.
    pub fn agencies_on(&self, day: Date) -> Vec<&Agency> {
        let mut list: Vec<&Agency> = self
            .agencies
            .values()
            .filter(|a| a.until.is_none_or(|until| day <= until))
            .collect();
        list.sort_by_key(|a| a.name.to_lowercase());
        list
    }

    /// The people of an agency who have not left.
    pub fn people_of_agency<'a>(&'a self, agency: &'a str) -> impl Iterator<Item = &'a Person> {
        self.people
            .values()
            .filter(move |p| !p.left && p.answers_for(agency) && p.role != Role::ServiceAccount)
    }

    /// People with a role who have not left.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Person> {
        self.people
            .values()
            .filter(move |p| p.role == role && !p.left)
    }
}
