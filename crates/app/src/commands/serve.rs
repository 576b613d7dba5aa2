//! `candour serve` and `candour demo`.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use desk::{Clock, Desk, Scanner};
use tokio::net::TcpListener;
use web::Https;
use web::tls::{Tls, TlsListener};

use super::{Stop, several, with_sources};
use crate::demo;

/// The file that says a folder was made by the demo, so that a real one is never served with the demo's password shown.
const MARK: &str = "this-is-a-demo";

/// Said whenever the program starts, until the record and the accounts are finished.
pub const WARNING: &str =
    "Do not enter real children: this version is for trying out with invented cases.";

/// What `demo` takes.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where to listen.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8420")]
    listen: String,
    /// The data folder; a new one in the temporary folder when left out.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Organisations at which the invented people can sign on, as for `serve`; only on this machine, at http://localhost.
    #[arg(long, value_name = "FILE")]
    sign_on: Option<PathBuf>,
}

/// What `serve` takes.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The data folder.
    #[arg(long, value_name = "DIR", required_unless_present = "partnerships")]
    data: Option<PathBuf>,
    /// Several partnerships in place of one: a file that names the address and the data folder of each, as the guide on the server describes it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "address", "sign_on"])]
    partnerships: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8420")]
    listen: String,
    /// Say that a proxy before it speaks https, so that cookies are marked for it, and that it names the caller's address in `X-Forwarded-For`.
    #[arg(long, conflicts_with = "tls_certificate")]
    https: bool,
    /// Speak https without a proxy: the certificate, with those that lead to its issuer behind it (PEM). Read again when it changes.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key (PEM), readable by the program and not by everyone.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// A clamd that every file is shown to before it is added: the path of its socket, or HOST:PORT. While it does not answer, no file is added.
    #[arg(long, value_name = "ADDRESS", env = "CANDOUR_CLAMD")]
    clamd: Option<String>,
    /// The address at which browsers reach it, such as `https://candour.example.org`; passkeys belong to it, and without it there are none.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// The organisations at which their people can sign on (OpenID Connect): a file as the guide on signing on describes it.
    #[arg(long, value_name = "FILE", requires = "address")]
    sign_on: Option<PathBuf>,
    #[command(flatten)]
    nightly: super::nightly::NightlyArgs,
    #[command(flatten)]
    mail: super::mail::MailArgs,
}

/// Structured logs on standard error; they never hold content.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CANDOUR_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second call, as in tests, changes nothing.
    let _ = if std::io::stderr().is_terminal() {
        logs.try_init()
    } else {
        logs.json().try_init()
    };
}

async fn listen(at: &str) -> Result<TcpListener, Stop> {
    TcpListener::bind(at)
        .await
        .map_err(|e| Stop::BadInput(format!("listen on `{at}`: {e}")))
}

async fn run(
    desk: Desk,
    listener: TcpListener,
    tls: Option<Tls>,
    options: web::Options,
) -> Result<(), Stop> {
    let by_itself = by_itself(&desk);
    let served = match tls {
        None => web::serve(desk, listener, options).await,
        Some(tls) => match TlsListener::new(listener, tls) {
            Ok(listener) => web::serve(desk, listener, options).await,
            Err(error) => Err(error),
        },
    };
    by_itself.iter().for_each(tokio::task::JoinHandle::abort);
    served.map_err(|e| Stop::Failed(format!("serve: {e}")))
}

/// What runs beside the pages of a partnership.
pub(super) fn by_itself(desk: &Desk) -> [tokio::task::JoinHandle<()>; 2] {
    desk.examine_files_with(desk::Examiner::this_program());
    [
        tokio::spawn(look_daily(desk.clone())),
        tokio::spawn(super::mail::send_what_waits(desk.clone())),
    ]
}

/// What the program does by itself as long as it runs: looks every quarter of an hour whether the daily checkpoint is due, and whether the lists are those of today.
async fn look_daily(desk: Desk) {
    let mut every = tokio::time::interval(std::time::Duration::from_secs(900));
    loop {
        every.tick().await;
        if let Err(error) = desk.refresh_register().await {
            tracing::error!(%error, "the register could not be brought up to date");
        }
        if let Err(error) = desk.forget_old().await {
            tracing::error!(%error, "old sessions and used forms could not be forgotten");
        }
        if let Err(error) = desk.lock_unused().await {
            tracing::error!(%error, "accounts that nobody uses could not be locked");
        }
        if let Err(error) = desk.erase_due().await {
            tracing::error!(%error, "erasures that are due could not be carried out; they are tried again in a quarter of an hour");
        }
        if let Err(error) = desk.daily_checkpoint().await {
            tracing::error!(%error, "the daily checkpoint could not be made; it is tried again in a quarter of an hour");
        }
    }
}

/// Runs `demo`.
pub async fn demo(args: DemoArgs) -> Result<(), Stop> {
    log();
    let listener = listen(&args.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|e| Stop::Failed(e.to_string()))?;
    let (data, fresh) = match args.data {
        Some(dir) => {
            let there = dir.join("candour.sqlite").exists();
            (dir, !there)
        }
        None => {
            let dir = std::env::temp_dir().join(format!("candour-demo-{}", std::process::id()));
            (dir, true)
        }
    };
    if !fresh && !data.join(MARK).exists() {
        return Err(Stop::BadInput(format!(
            "`{}` was not made by the demo: serve it with `candour serve --data`",
            data.display()
        )));
    }
    if fresh {
        say!("Making invented cases in {} ...", data.display());
        demo::create(&data, Clock::real().today()).await?;
        std::fs::write(data.join(MARK), "Invented cases only.\n")
            .map_err(|e| Stop::Failed(format!("write `{}`: {e}", data.display())))?;
    }
    let desk = Desk::open(&data, Clock::real()).await?;
    say!("\nCandour is at http://{address}/\n");
    if address.ip().is_loopback() {
        // A browser uses passkeys at a name only.
        let named = format!("http://localhost:{}", address.port());
        desk.use_passkeys_at(&named)?;
        say!("Passkeys can be tried at {named}/\n");
        if let Some(file) = &args.sign_on {
            desk.sign_on_at(file, &named)
                .map_err(|error| Stop::BadInput(error.to_string()))?;
        }
    }
    say!(
        "Sign in as one of these invented people; the password of each is  {}\nThe page after it shows the code that their telephone would.\n",
        demo::PASSWORD
    );
    for person in desk.office().people.values() {
        say!(
            "  {:<46} {}, {}",
            person.email,
            person.name,
            desk.part_words(person)
        );
    }
    say!(
        "\n{WARNING}\nThe data are in {}. Stop with Ctrl-C.",
        data.display()
    );
    run(
        desk,
        listener,
        None,
        web::Options {
            demo: true,
            https: Https::Nobody,
        },
    )
    .await
}

/// Runs `serve`.
pub async fn serve(args: ServeArgs) -> Result<(), Stop> {
    log();
    let nightly = args.nightly.chosen()?;
    let mail = args.mail.chosen()?;
    let scanner = args.clamd.as_deref().map(Scanner::read).transpose();
    let scanner = scanner.map_err(Stop::BadInput)?;
    let tls = match (&args.tls_certificate, &args.tls_key) {
        (Some(certificate), Some(key)) => {
            let tls = Tls::from_files(certificate, key);
            Some(tls.map_err(|e| Stop::BadInput(with_sources(&e)))?)
        }
        _ => None,
    };
    let https = match (&tls, args.https) {
        (Some(_), _) => Https::Here,
        (None, true) => Https::Proxy,
        (None, false) => Https::Nobody,
    };
    if let Some(file) = &args.partnerships {
        let beside = several::Beside {
            nightly,
            mail,
            scanner,
        };
        let listener = listen(&args.listen).await?;
        return several::serve(file, listener, tls, https, beside).await;
    }
    let data =
        (args.data.as_ref()).ok_or_else(|| Stop::BadInput("say which data folder".into()))?;
    let desk = Desk::open(data, Clock::real()).await?;
    store::forget_passphrase();
    if let Some(address) = &args.address {
        desk.use_passkeys_at(address)
            .map_err(|error| Stop::BadInput(error.to_string()))?;
        if let Some(file) = &args.sign_on {
            desk.sign_on_at(file, address)
                .map_err(|error| Stop::BadInput(error.to_string()))?;
        }
    }
    let listener = listen(&args.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|e| Stop::Failed(e.to_string()))?;
    say!(
        "Candour serves {} at {}://{address}/\n{WARNING}",
        desk.settings().name,
        if https == Https::Here {
            "https"
        } else {
            "http"
        },
    );
    if let Some(scanner) = scanner {
        if !scanner.answers().await {
            eprintln!("The virus scanner does not answer: no file is added until it does.");
        }
        desk.scan_files_with(scanner);
    }
    if let Some(server) = mail {
        desk.send_mail_through(server);
    }
    let nightly = nightly.map(|nightly| tokio::spawn(nightly.run(desk.clone())));
    let served = run(desk, listener, tls, web::Options { demo: false, https }).await;
    if let Some(nightly) = nightly {
        nightly.abort();
    }
    served
}
