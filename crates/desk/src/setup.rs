//! Setting up a partnership: an empty record, the checked settings, the first person; holidays; backup and checking.

use std::path::Path;

use access::office::OfficeEvent;
use access::{Act, Permit, Person};
use calendar::Holidays;
use guidance::Settings;
use store::{Condition, DatabaseAt, Store};

use crate::actor::Actor;
use crate::clock::Clock;
use crate::error::DeskError;
use crate::load::{Desk, OFFICE};
use crate::people::NewPerson;

/// What is needed to set a partnership up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The settings file as text.
    pub settings: String,
    /// The first people; at least one business manager.
    pub people: Vec<NewPerson>,
}

impl Desk {
    /// Creates a data folder for a partnership.
    ///
    /// # Errors
    /// The settings are wrong, the folder is in use, or a person's data are refused.
    pub async fn create(dir: &Path, clock: Clock, setup: Setup) -> Result<Desk, DeskError> {
        Desk::create_on(dir, clock, setup, &DatabaseAt::Folder).await
    }

    /// The same, with the database where it is wanted.
    ///
    /// # Errors
    /// Those of [`create`](Desk::create), and what the database refuses.
    pub async fn create_on(
        dir: &Path,
        clock: Clock,
        setup: Setup,
        database: &DatabaseAt,
    ) -> Result<Desk, DeskError> {
        let settings = Settings::parse("settings.toml", &setup.settings).map_err(|wrong| {
            DeskError::Other(
                wrong
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("; "),
            )
        })?;
        for person in &setup.people {
            crate::accounts::check_password(&person.password, &[&person.name, &person.email])?;
        }
        let store = Store::create_on(dir, &settings.name, database).await?;
        let event = OfficeEvent::SettingsWritten {
            settings: setup.settings,
        };
        let content = serde_json::to_vec(&event).map_err(|e| DeskError::Other(e.to_string()))?;
        let entry = store::NewEntry {
            kind: event.kind(),
            version: 1,
            at: clock.now(),
            actor: "candour".into(),
            content,
        };
        store
            .append(
                Permit::for_system("a partnership is set up once"),
                OFFICE,
                Some(0),
                vec![entry],
            )
            .await?;
        let desk = Desk::over(store, clock).await?;
        for person in setup.people {
            desk.add_person_with(
                Permit::for_system("a partnership is set up once"),
                "candour",
                person,
            )
            .await?;
        }
        Ok(desk)
    }

    /// The actor for a person, for the command line and the fictional cases.
    pub fn actor(&self, person: &Person) -> Actor {
        Actor {
            person: person.clone(),
            part: self.part_words(person),
            names: false,
        }
    }

    /// The person with this e-mail address.
    pub fn person_by_email(&self, email: &str) -> Option<Person> {
        self.office()
            .people
            .values()
            .find(|p| !p.left && p.email.eq_ignore_ascii_case(email.trim()))
            .cloned()
    }

    /// Loads a newer official list of bank holidays; it holds from the next start and at once.
    ///
    /// # Errors
    /// Not allowed, not an official list, or older than the one in use.
    pub async fn load_holidays(
        &self,
        permit: Permit,
        by: &str,
        text: &str,
        source: &str,
    ) -> Result<Holidays, DeskError> {
        let list =
            Holidays::from_json(text).map_err(|e| DeskError::field("file", &e.to_string()))?;
        let editions = self.editions();
        if list.last_day() < editions.shared_holidays().last_day() {
            return Err(DeskError::field(
                "file",
                "This list ends earlier than the one in use",
            ));
        }
        let _alone = self.inner.office_writing.lock().await;
        self.inner.store.put_meta("holidays", text).await?;
        self.append_office(
            permit,
            by,
            vec![OfficeEvent::HolidaysLoaded {
                last: list.last_day(),
                source: source.into(),
            }],
        )
        .await?;
        let library = guidance::Library::embedded()?;
        let fresh = crate::editions::PartnershipEditions::new(
            library,
            editions.settings().clone(),
            std::sync::Arc::new(list.clone()),
        );
        if let Ok(mut place) = self.inner.editions.write() {
            *place = std::sync::Arc::new(fresh);
        }
        self.remake_register();
        Ok(list)
    }

    /// A permit for whoever runs the program on its machine, named in the record as the operator.
    pub fn operator(&self) -> Permit {
        Permit::for_system("the operator of the machine")
    }

    /// Checks every entry of the record.
    ///
    /// # Errors
    /// The first broken entry, named.
    pub async fn verify(&self) -> Result<record::Verified, DeskError> {
        Ok(self.inner.store.verify().await?)
    }

    /// Position and hash of the newest entry: the state of the record, printed on papers.
    ///
    /// # Errors
    /// The store failed.
    pub async fn head(&self) -> Result<store::Head, DeskError> {
        Ok(self.inner.store.head().await?)
    }

    /// What is at risk because of how the master key is kept, in plain words; `None` when any two of three shares restore it.
    ///
    /// # Errors
    /// The store failed.
    pub async fn keys_risk(&self) -> Result<Option<&'static str>, DeskError> {
        Ok(self.inner.store.keys_risk().await?)
    }

    /// Writes a verified copy of everything.
    ///
    /// # Errors
    /// The store failed.
    pub async fn back_up(
        &self,
        to: &Path,
        how: &store::BackUp,
    ) -> Result<store::Written, DeskError> {
        Ok(self.inner.store.back_up(to, how).await?)
    }

    /// Why the record cannot be read or written at the moment, if it cannot: for the readiness endpoint.
    pub async fn not_ready(&self) -> Option<&'static str> {
        match self.inner.store.condition() {
            Condition::Halted(_) => {
                return Some("writing has stopped; look at the log, then start Candour again");
            }
            Condition::Waiting => return Some("the database is away; Candour waits for it"),
            Condition::Writing => {}
        }
        match self.inner.store.head().await {
            Ok(_) => None,
            Err(_) => Some("the record cannot be read"),
        }
    }

    /// Closes the store after what is under way.
    pub async fn close(&self) {
        if let Err(error) = self.keep_register().await {
            tracing::warn!(%error, "the register was not kept; the next start reads more of the record");
        }
        self.inner.store.close().await;
    }

    /// Changes the settings.
    ///
    /// # Errors
    /// Not allowed, or what is wrong with them.
    pub async fn write_settings(&self, actor: &Actor, text: &str) -> Result<(), DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::ManageSettings)?;
        let settings = Settings::parse("settings.toml", text).map_err(|wrong| {
            DeskError::field(
                "settings",
                &wrong
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("; "),
            )
        })?;
        let editions = self.editions();
        let rules =
            guidance::Library::embedded()?.on(self.today(), settings.local_pack.as_ref())?;
        rules
            .with_settings(&settings)
            .map_err(|e| DeskError::field("settings", &e.to_string()))?;
        let _alone = self.inner.office_writing.lock().await;
        self.append_office(
            permit,
            &actor.person.id,
            vec![OfficeEvent::SettingsWritten {
                settings: text.to_owned(),
            }],
        )
        .await?;
        let fresh = crate::editions::PartnershipEditions::new(
            guidance::Library::embedded()?,
            std::sync::Arc::new(settings),
            editions.shared_holidays(),
        );
        if let Ok(mut place) = self.inner.editions.write() {
            *place = std::sync::Arc::new(fresh);
        }
        self.remake_register();
        Ok(())
    }
}
