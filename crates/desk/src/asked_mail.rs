//! Telling an agency by mail that it is asked, that its day is near or over, or that its answer was sent back: a reference and a link,
//! never what is asked nor about whom. Each is sent once to each of its people, and not at all once the agency has answered.

use access::Act;
use serde::{Deserialize, Serialize};
use store::NewMail;

use crate::error::DeskError;
use crate::load::Desk;
use crate::mail::Mail;
use crate::register::{AskedOf, Summary};

/// This many working days before the day, whoever has not answered is reminded.
const NEAR: i64 = 2;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// The agency is asked.
    Asked,
    /// Its day is near.
    Near,
    /// Its day is over.
    Over,
    /// Its answer was sent back.
    Back,
    /// Its answer waits to be signed.
    ToSign,
}

/// Whom: the address is looked up when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Whom {
    /// Someone with an account (id).
    Person(String),
    /// The mailbox of an agency on the partnership's list (id), of which nobody takes part in the case.
    Mailbox(String),
}

/// A mail to an agency, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToAgency {
    /// What it tells.
    pub what: What,
    /// Whom.
    pub whom: Whom,
    /// The case (id).
    pub asked_in: String,
    /// Its reference.
    pub reference: String,
    /// The request (id).
    pub request: String,
}

impl Desk {
    /// Queues what agencies are to be told now; each once, however often it is asked for.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn queue_asked(&self) -> Result<(), DeskError> {
        let waiting: Vec<_> = self.inner.register.read().map_or_else(
            |_| Vec::new(),
            |register| {
                let open = register.values().filter(|s| !s.asked.is_empty());
                open.cloned().collect()
            },
        );
        let mut mails = Vec::new();
        for summary in &waiting {
            for asked in &summary.asked {
                for what in self.due_to_tell(asked) {
                    for whom in self.whom_to_tell(summary, asked, what) {
                        let mail = ToAgency {
                            what,
                            whom,
                            asked_in: summary.id.clone(),
                            reference: summary.reference.clone(),
                            request: asked.request.clone(),
                        };
                        mails.push((self.agency_mail_id(&mail, asked), mail));
                    }
                }
            }
        }
        if let Ok(queued) = self.inner.queued.lock() {
            mails.retain(|(id, _)| !queued.contains(id));
        }
        let mut new = Vec::new();
        for (id, mail) in &mails {
            new.push(NewMail {
                id: id.clone(),
                size: 0,
                content: serde_json::to_vec(&Mail::ToAgency(mail.clone()))
                    .map_err(|e| DeskError::Other(e.to_string()))?,
            });
        }
        let now = self.inner.clock.now();
        self.inner.store.queue_mails(&new, now).await?;
        if let Ok(mut queued) = self.inner.queued.lock() {
            queued.extend(mails.into_iter().map(|(id, _)| id));
        }
        Ok(())
    }

    /// What is to be told of a request today.
    fn due_to_tell(&self, asked: &AskedOf) -> Vec<What> {
        if asked.to_sign {
            return vec![What::ToSign];
        }
        if asked.back {
            return vec![What::Back];
        }
        let Some(due) = asked.due else {
            return vec![What::Asked];
        };
        let today = self.today();
        if due < today {
            return vec![What::Asked, What::Over];
        }
        let holidays = self.editions().shared_holidays();
        let near = holidays
            .working_days_between(today, due)
            .is_ok_and(|days| days <= NEAR);
        // Whoever is asked at short notice is told once, not reminded in the same hour.
        match near && asked.on.is_some_and(|on| on < today) {
            true => vec![What::Asked, What::Near],
            false => vec![What::Asked],
        }
    }

    /// Whom: the people of the agency in this case; its mailbox when there is none of them.
    fn whom_to_tell(&self, summary: &Summary, asked: &AskedOf, what: What) -> Vec<Whom> {
        let office = self.office();
        let people: Vec<Whom> = summary
            .answer_for
            .iter()
            .filter_map(|(person, _)| office.person(person))
            .filter(|person| summary.asks(person, asked))
            .filter(|person| {
                let act = match what {
                    What::ToSign => Act::SignAnswer,
                    _ => Act::Contribute,
                };
                self.may_in(&self.actor(person), summary, act)
            })
            .map(|person| Whom::Person(person.id.clone()))
            .collect();
        let someone = summary
            .answer_for
            .iter()
            .any(|(_, agency)| *agency == asked.agency.0);
        if someone || what == What::ToSign {
            return people;
        }
        let listed = office.agencies.get(&asked.of);
        listed
            .filter(|agency| !agency.mailbox.is_empty())
            .map(|agency| Whom::Mailbox(agency.id.clone()))
            .into_iter()
            .collect()
    }

    /// Whether what a mail says still holds, and the address it goes to today.
    pub(crate) fn still_asked(&self, mail: &ToAgency) -> Option<String> {
        let register = self.inner.register.read().ok()?;
        let summary = register.get(&mail.asked_in)?;
        let asked = (summary.asked.iter()).find(|asked| asked.request == mail.request)?;
        if !self.due_to_tell(asked).contains(&mail.what) {
            return None;
        }
        if !self
            .whom_to_tell(summary, asked, mail.what)
            .contains(&mail.whom)
        {
            return None;
        }
        let office = self.office();
        match &mail.whom {
            Whom::Person(id) => office.person(id).map(|p| p.email.clone()),
            Whom::Mailbox(id) => office.agencies.get(id).map(|a| a.mailbox.clone()),
        }
    }

    /// The subject and the text: the reference, what to do, and a link.
    pub(crate) fn agency_words(&self, mail: &ToAgency) -> (String, String) {
        let settings = self.settings();
        let address = settings.access.address.trim_end_matches('/').to_owned();
        let page = format!("/cases/{}/agencies/request/{}", mail.asked_in, mail.request);
        let (subject, what) = match mail.what {
            What::Asked => (
                "your agency is asked for information",
                "Your agency is asked for information.",
            ),
            What::Near => (
                "your agency\u{2019}s answer is due soon",
                "The day by which your agency is asked to answer is near, and no answer is recorded yet.",
            ),
            What::Over => (
                "your agency\u{2019}s answer is late",
                "The day by which your agency was asked to answer is over, and no answer is recorded. A late answer still helps; if nothing is held, say that.",
            ),
            What::Back => (
                "your agency\u{2019}s answer was sent back",
                "Something in your agency\u{2019}s answer is to be corrected or completed.",
            ),
            What::ToSign => (
                "your agency\u{2019}s answer waits for you",
                "Your agency\u{2019}s answer is written and waits for you to read and sign it.",
            ),
        };
        let link = match (&mail.whom, address.is_empty()) {
            (Whom::Mailbox(_), _) => {
                "Nobody of your agency takes part in this case in Candour yet. Please tell the partnership at once who answers for you: they then get an account of their own.".to_owned()
            }
            (Whom::Person(_), true) => format!("Sign in to Candour and go to this page: {page}"),
            (Whom::Person(_), false) => format!("Sign in to read and answer: {address}{page}"),
        };
        (
            format!("{}: {subject}", mail.reference),
            format!("{what}\r\n\r\n{link}\r\n\r\n{}\r\n", settings.name),
        )
    }

    /// The same for the same news and person, so that nobody is told twice; an answer that is sent back again is news again.
    fn agency_mail_id(&self, mail: &ToAgency, asked: &AskedOf) -> String {
        let whom = match &mail.whom {
            Whom::Person(id) => format!("person {id}"),
            Whom::Mailbox(id) => format!("mailbox {id}"),
        };
        let times = match mail.what {
            What::Back | What::ToSign => asked.times.to_string(),
            What::Asked | What::Near | What::Over => String::new(),
        };
        let what = format!("{:?}", mail.what);
        self.once_id(
            "asked",
            &[&mail.asked_in, &mail.request, &what, &whom, &times],
        )
    }
}
