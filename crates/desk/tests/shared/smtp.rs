//! A mail server of the tests: takes mails on this machine, refuses or goes silent when told to, and keeps what it took.
#![allow(dead_code, reason = "not every test that uses it asks for everything")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is done with a mail that was sent whole, before it is answered: `true` takes it, `false` refuses it.
type Answer = dyn Fn(&Mail) -> bool + Send + Sync;

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
}

impl Mail {
    /// The value of a header, on one line.
    pub fn header(&self, name: &str) -> String {
        let begins = format!("{name}: ");
        let mut lines = self.text.lines().skip_while(|l| !l.starts_with(&begins));
        let mut value = lines
            .next()
            .and_then(|l| l.strip_prefix(&begins))
            .unwrap_or_default()
            .to_owned();
        for more in lines.take_while(|l| l.starts_with(' ')) {
            value.push_str(more);
        }
        value
    }
}

pub struct Smtp {
    pub port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl Smtp {
    /// Takes everything.
    pub fn new() -> Smtp {
        Smtp::answering(|_| true)
    }

    pub fn answering(answer: impl Fn(&Mail) -> bool + Send + Sync + 'static) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer): (_, Arc<Answer>) = (mails.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, answer) = (kept.clone(), answer.clone());
                std::thread::spawn(move || talk(&stream, &kept, &*answer));
            }
        });
        Smtp { port, mails }
    }

    /// What was sent whole so far, taken or not.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }
}

/// One conversation; ends when the other side goes away.
fn talk(stream: &TcpStream, kept: &Mutex<Vec<Mail>>, answer: &Answer) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let mut stream = stream;
    let mut say = |words: &str| stream.write_all(format!("{words}\r\n").as_bytes()).ok();
    say("220 mail.example.org")?;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let line = lines.next()?.ok()?;
        let within = |line: &str| {
            let (_, rest) = line.split_once('<')?;
            Some(rest.split_once('>')?.0.to_owned())
        };
        match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" | "HELO" => say("250-mail.example.org\r\n250 8BITMIME")?,
            "MAIL" => {
                (from, to) = (within(&line)?, Vec::new());
                say("250 ok")?;
            }
            "RCPT" => {
                to.push(within(&line)?);
                say("250 ok")?;
            }
            "DATA" => {
                say("354 go on")?;
                let mut text = String::new();
                loop {
                    let line = lines.next()?.ok()?;
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                let mail = Mail {
                    from: from.clone(),
                    to: to.clone(),
                    text,
                };
                kept.lock().ok()?.push(mail.clone());
                match answer(&mail) {
                    true => say("250 taken")?,
                    false => say("550 not here")?,
                }
            }
            "QUIT" => {
                say("221 good-bye")?;
                return Some(());
            }
            _ => say("250 ok")?,
        }
    }
}
