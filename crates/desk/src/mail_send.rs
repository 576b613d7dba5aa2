//! Sending what waits in the outbox over SMTP, one mail at a time, with growing waits after a failure.
//! A mail is marked as sent after the server took it. When the program is killed between the two, it is sent once more:
//! that cannot be avoided, so its Message-ID is the same again, and the reader's mail program or the reader can tell.

use std::time::{Duration, SystemTime};

use jiff::SignedDuration;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use store::KeptMail;

use crate::error::DeskError;
use crate::load::Desk;
use crate::mail::{Letter, Mail, read_mail};

/// After the first failure, the second, and so on; the last for all that follow.
const WAITS: [SignedDuration; 6] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(4),
    SignedDuration::from_hours(12),
];
/// How long the mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the first byte (usually port 465).
    Implicit,
    /// TLS after a command, and nothing is sent without it (usually port 587).
    StartTls,
    /// None: only to a server on this machine.
    None,
}

/// Where mails go.
#[derive(Clone)]
pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    name: String,
}

impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailServer")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl MailServer {
    /// A mail server; nothing is sent to it yet. Without a port, the usual one of the protection.
    ///
    /// # Errors
    /// What cannot work, in words.
    pub fn new(
        host: &str,
        port: Option<u16>,
        protection: Protection,
        login: Option<(String, String)>,
        from: &str,
    ) -> Result<MailServer, String> {
        let from: Mailbox = from
            .parse()
            .map_err(|_| format!("`{from}` is no address to send from"))?;
        let unfit = |e: lettre::transport::smtp::Error| format!("the mail server `{host}`: {e}");
        let here = matches!(host, "localhost" | "127.0.0.1" | "::1");
        let (builder, usual) = match protection {
            Protection::Implicit => (
                AsyncSmtpTransport::<Tokio1Executor>::relay(host).map_err(unfit)?,
                465,
            ),
            Protection::StartTls => (
                AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host).map_err(unfit)?,
                587,
            ),
            Protection::None if here => (
                AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
                25,
            ),
            Protection::None => {
                return Err(format!(
                    "mail to `{host}` would go unprotected: only a server on this machine is reached without TLS"
                ));
            }
        };
        let mut builder = builder.port(port.unwrap_or(usual)).timeout(Some(PATIENCE));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(MailServer {
            transport: builder.build(),
            from,
            name: host.to_owned(),
        })
    }
}

/// Whether this can be written to.
pub(crate) fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

impl Desk {
    /// Says where mails go; before, none is sent. A second call changes nothing.
    pub fn send_mail_through(&self, server: MailServer) {
        let _ = self.inner.mail.set(server);
    }

    /// The name of the mail server, if there is one.
    pub fn mail_server(&self) -> Option<String> {
        self.inner.mail.get().map(|server| server.name.clone())
    }

    /// Sends every mail that is due; answers how many the server took. None without a mail server.
    ///
    /// # Errors
    /// The store failed.
    pub async fn send_waiting_mail(&self) -> Result<u64, DeskError> {
        let Some(server) = self.inner.mail.get() else {
            return Ok(0);
        };
        let mut unmarked = self.inner.mailing.lock().await;
        let named = self.witnesses();
        let mut sent = 0;
        // What goes wrong with the server itself goes wrong with every mail: the others are not tried against it one by one.
        let mut away: Option<&'static str> = None;
        for mail in self.inner.store.waiting_mails().await? {
            let now = self.inner.clock.now();
            if unmarked.contains(&mail.id) {
                self.inner.store.mail_sent(&mail.id, now).await?;
                unmarked.remove(&mail.id);
                continue;
            }
            let kept = read_mail(&mail)?;
            // A mail to someone who is no longer to have it is not sent.
            let to = match &kept {
                Mail::Checkpoint(letter) => named
                    .iter()
                    .find(|w| w.address.eq_ignore_ascii_case(&letter.address))
                    .map(|w| w.address.clone()),
                Mail::Opened(told) => self.still_told(told),
                Mail::ToAgency(mail) => self.still_asked(mail),
                Mail::ToInvited(mail) => self.still_invited(mail),
                Mail::ToRenew(mail) => self.still_renewed(mail),
                Mail::Restored(told) => {
                    let office = self.office();
                    office.person(&told.tell).map(|p| p.email.clone())
                }
                Mail::Digest(digest) => self.still_digested(digest),
            };
            let Some(to) = to else {
                self.inner.store.drop_mail(&mail.id).await?;
                continue;
            };
            if mail.next_at > now {
                continue;
            }
            let tried = match away {
                Some(problem) => Err(problem),
                None => self.send(server, &mail, &kept, &to).await,
            };
            match tried {
                Ok(()) => {
                    sent += 1;
                    unmarked.insert(mail.id.clone());
                    self.inner.store.mail_sent(&mail.id, now).await?;
                    unmarked.remove(&mail.id);
                }
                Err(problem) => {
                    if problem != REFUSED {
                        away = Some(problem);
                    }
                    tracing::warn!(problem, "a mail was not sent");
                    let wait = usize::try_from(mail.tries)
                        .ok()
                        .and_then(|tries| WAITS.get(tries))
                        .unwrap_or(&WAITS[WAITS.len() - 1]);
                    let next = now.checked_add(*wait).unwrap_or(now);
                    self.inner
                        .store
                        .mail_failed(&mail.id, problem, next)
                        .await?;
                }
            }
        }
        Ok(sent)
    }

    async fn send(
        &self,
        server: &MailServer,
        mail: &KeptMail,
        kept: &Mail,
        to: &str,
    ) -> Result<(), &'static str> {
        const UNWRITTEN: &str = "the mail could not be written";
        let link = match kept {
            Mail::ToInvited(to) => self.new_link(to).await.map_err(|_| UNWRITTEN)?,
            Mail::ToRenew(to) => (self.new_renewal_link(to).await).map_err(|_| UNWRITTEN)?,
            _ => String::new(),
        };
        let message = (self.message(server, mail, kept, to, &link)).map_err(|_| UNWRITTEN)?;
        match server.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() || error.is_transient() => Err(REFUSED),
            Err(error) if error.is_timeout() => Err("the mail server did not answer in time"),
            Err(error) if error.is_tls() => Err("no protected connection to the mail server"),
            Err(_) => Err("the mail server could not be reached"),
        }
    }

    fn message(
        &self,
        server: &MailServer,
        mail: &KeptMail,
        kept: &Mail,
        to: &str,
        link: &str,
    ) -> Result<Message, Box<dyn std::error::Error>> {
        let mut id = mail.id.clone();
        if let Mail::ToInvited(_) | Mail::ToRenew(_) = kept {
            // Sent once more, it holds another link: nobody's mail program may take it for the one before.
            id = format!("{id}.{}", crate::load::fresh()?);
        }
        let builder = Message::builder()
            .message_id(Some(format!("<{id}@{}>", server.from.email.domain())))
            .date(SystemTime::now())
            .from(server.from.clone())
            .to(Mailbox::new(None, to.parse()?));
        let letter: &Letter = match kept {
            Mail::Checkpoint(letter) => letter,
            other => {
                let (subject, text) = match other {
                    Mail::Opened(told) => self.told_words(told),
                    Mail::ToAgency(mail) => self.agency_words(mail),
                    Mail::ToInvited(to) => self.invited_words(to, link),
                    Mail::ToRenew(to) => self.renewed_words(to, link),
                    Mail::Restored(told) => self.restored_words(told),
                    Mail::Digest(digest) => self.digest_words(digest),
                    Mail::Checkpoint(_) => return Err("a checkpoint is a letter".into()),
                };
                return Ok(builder
                    .subject(subject)
                    .singlepart(SinglePart::plain(text))?);
            }
        };
        let partnership = self.settings().name.clone();
        let made = calendar::words::moment(&self.inner.clock.local(letter.made_at));
        let text = format!(
            "The attached file is a checkpoint of the record that {partnership} keeps with Candour: it states that the record had {size} entries on {made}, and a number worked out from all of them; it says nothing about any case.\r\n\r\n\
             Please keep it as it is, where nobody who runs Candour for the partnership can change it; you need not open it or answer.\r\n\r\n\
             If the record is ever doubted, give the file to whoever checks it: `candour record verify --checkpoint {file}` shows whether the record still begins with what you hold.\r\n",
            size = mail.size,
            file = file_name(mail.size),
        );
        let attached = Attachment::new(file_name(mail.size)).body(
            letter.note.clone().into_bytes(),
            ContentType::parse("application/octet-stream")?,
        );
        Ok(builder
            .subject(format!(
                "Checkpoint of {} entries: {partnership}",
                mail.size
            ))
            .multipart(
                MultiPart::mixed()
                    .singlepart(SinglePart::plain(text))
                    .singlepart(attached),
            )?)
    }
}

/// The server took the mail's address or text and said no.
const REFUSED: &str = "the mail server refused the mail";

/// The name of a checkpoint as a file.
fn file_name(size: u64) -> String {
    format!("checkpoint-{size}.txt")
}
