//! The partnerships that one program serves. They know of each other only so that a person of several has one account:
//! nothing of a case, and nobody's name, goes from one to the other.

use std::sync::{Arc, Weak};

use store::Account;

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;

/// A partnership of the house.
#[derive(Debug, Clone)]
struct Room {
    /// As its store names it.
    partnership: String,
    /// Where browsers reach it, such as `https://merrowshire.example`.
    address: String,
    desk: Desk,
}

/// The partnerships of one program.
#[derive(Debug, Default)]
pub struct House {
    rooms: Vec<Room>,
}

/// Where one of a person's partnerships is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPartnership {
    /// Its name.
    pub name: String,
    /// Where browsers reach it.
    pub address: String,
    /// True for the one whose account the others use.
    pub home: bool,
}

/// Who keeps the password and the codes of an account: this partnership, or another of the house.
pub(crate) struct Keeper {
    pub desk: Desk,
    pub account: Account,
}

impl House {
    /// Several partnerships with their addresses; each knows the others from now on, for as long as this is kept.
    ///
    /// # Errors
    /// Two of them are the same.
    pub fn of(desks: Vec<(String, Desk)>) -> Result<Arc<House>, DeskError> {
        let rooms: Vec<Room> = desks
            .into_iter()
            .map(|(address, desk)| Room {
                partnership: desk.inner.store.partnership().to_owned(),
                address,
                desk,
            })
            .collect();
        for (at, room) in rooms.iter().enumerate() {
            if rooms[..at]
                .iter()
                .any(|other| other.partnership == room.partnership)
            {
                return Err(DeskError::Other(format!(
                    "two partnerships are called `{}`: a folder may have been named twice",
                    room.partnership
                )));
            }
        }
        let house = Arc::new(House { rooms });
        for room in &house.rooms {
            let _ = room.desk.inner.house.set(Arc::downgrade(&house));
        }
        Ok(house)
    }

    fn desk(&self, partnership: &str) -> Option<&Desk> {
        let room = self.rooms.iter().find(|r| r.partnership == partnership);
        room.map(|room| &room.desk)
    }
}

impl Desk {
    pub(crate) fn house(&self) -> Option<Arc<House>> {
        self.inner.house.get().and_then(Weak::upgrade)
    }

    /// Whether two are the same.
    pub(crate) fn is(&self, other: &Desk) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Whether there are other partnerships in which somebody may have an account.
    pub fn has_neighbours(&self) -> bool {
        self.house().is_some_and(|house| house.rooms.len() > 1)
    }

    /// The others of the house.
    pub(crate) fn neighbours(&self) -> Vec<Desk> {
        let own = self.inner.store.partnership();
        self.house().map_or_else(Vec::new, |house| {
            let others = house.rooms.iter().filter(|room| room.partnership != own);
            others.map(|room| room.desk.clone()).collect()
        })
    }

    /// Who keeps the password and the codes of an account. None where it is another partnership that is not there,
    /// or where the person has left or is locked: then nobody signs in with it.
    pub(crate) async fn keeper(&self, account: &Account) -> Result<Option<Keeper>, DeskError> {
        let Some(home) = self.inner.store.account_home(&account.id).await? else {
            return Ok(Some(Keeper {
                desk: self.clone(),
                account: account.clone(),
            }));
        };
        let Some(desk) = (self.house()).and_then(|house| house.desk(&home.partnership).cloned())
        else {
            return Ok(None);
        };
        let found = desk.inner.store.account(&home.account).await?;
        let found = found.filter(|found| desk.holds(found));
        Ok(found.map(|account| Keeper { desk, account }))
    }

    /// Whether an account of this partnership can be signed in with.
    pub(crate) fn holds(&self, account: &Account) -> bool {
        let office = self.office();
        let there = office.person(&account.person).is_some();
        there && !account.disabled && !office.locked.contains(&account.person)
    }

    /// Whether a session of this account may go on, as far as the partnership that keeps its password says.
    pub(crate) fn still_held(&self, home: Option<&store::AccountHome>) -> bool {
        let Some(home) = home else { return true };
        let Some(house) = self.house() else {
            return false;
        };
        house.desk(&home.partnership).is_some_and(|desk| {
            let office = desk.office();
            // An account has the id of its person.
            office.person(&home.account).is_some() && !office.locked.contains(&home.account)
        })
    }

    /// Ends the sessions that people of the other partnerships began with an account of this one.
    pub(crate) async fn end_elsewhere(&self, account: &str) -> Result<(), DeskError> {
        let own = self.inner.store.partnership();
        for other in self.neighbours() {
            for theirs in other.inner.store.accounts_at_home(own, account).await? {
                let now = jiff::Timestamp::now();
                (other.inner.store)
                    .end_sessions_of(&theirs, None, now)
                    .await?;
                other.forget_sessions_of(&theirs, None);
            }
        }
        Ok(())
    }

    /// Where else somebody has this account, this partnership among them; empty when nowhere. Only they themselves are told.
    ///
    /// # Errors
    /// A store failed.
    pub async fn own_partnerships(&self, actor: &Actor) -> Result<Vec<OwnPartnership>, DeskError> {
        let Some(house) = self.house() else {
            return Ok(Vec::new());
        };
        let own = self.inner.store.partnership().to_owned();
        let home = self.inner.store.account_home(&actor.person.id).await?;
        let (home, account) = match home {
            Some(home) => (home.partnership, home.account),
            None => (own, actor.person.id.clone()),
        };
        let mut list = Vec::new();
        for room in &house.rooms {
            let there = room.partnership == home
                || !(room.desk.inner.store)
                    .accounts_at_home(&home, &account)
                    .await?
                    .is_empty();
            if there {
                list.push(OwnPartnership {
                    name: room.desk.settings().name.clone(),
                    address: room.address.clone(),
                    home: room.partnership == home,
                });
            }
        }
        if list.len() < 2 {
            list.clear();
        }
        Ok(list)
    }

    /// The address of the partnership that keeps somebody's password and codes, when it is another.
    ///
    /// # Errors
    /// The store failed.
    pub async fn kept_elsewhere(&self, actor: &Actor) -> Result<Option<OwnPartnership>, DeskError> {
        if (self.inner.store.account_home(&actor.person.id).await?).is_none() {
            return Ok(None);
        }
        let all = self.own_partnerships(actor).await?;
        Ok(all.into_iter().find(|one| one.home))
    }
}
