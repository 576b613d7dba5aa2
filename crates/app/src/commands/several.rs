//! `candour serve --partnerships`: several partnerships in one program, each with its own folder, at a host of its own.
//! One that cannot be opened is said and left out; the others are served.

use std::path::{Path, PathBuf};

use desk::{Clock, Desk, House, MailServer, Scanner};
use serde::Deserialize;
use tokio::net::TcpListener;
use web::Https;
use web::house::{Site, name_of_host};
use web::page::App;
use web::tls::{Tls, TlsListener};

use super::nightly::Nightly;
use super::serve::{WARNING, by_itself};
use super::{Stop, with_sources};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    partnership: Vec<Named>,
}

/// One of its partnerships.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Named {
    /// The address at which browsers reach it.
    address: String,
    /// Its data folder; seen from the folder of the file.
    data: PathBuf,
    /// The organisations at which its people sign on; seen from the folder of the file.
    sign_on: Option<PathBuf>,
}

/// What holds for all of them.
pub struct Beside {
    /// The backup each night, each into a folder of its own.
    pub nightly: Option<Nightly>,
    /// Where mails go.
    pub mail: Option<MailServer>,
    /// What files are shown to.
    pub scanner: Option<Scanner>,
}

/// The file with its hosts, checked.
fn read(path: &Path) -> Result<Vec<(String, Named)>, Stop> {
    let wrong = |why: String| Stop::BadInput(format!("read `{}`: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    let file: File = toml::from_str(&text).map_err(|e| wrong(e.to_string()))?;
    if file.partnership.is_empty() {
        return Err(wrong("it names no partnership".into()));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut list: Vec<(String, Named)> = Vec::new();
    for mut one in file.partnership {
        let rest =
            (one.address.strip_prefix("https://")).or_else(|| one.address.strip_prefix("http://"));
        let host = rest.map(|rest| rest.trim_end_matches('/'));
        let host = host.and_then(name_of_host).ok_or_else(|| {
            wrong(format!(
                "`{}` is no address like https://merrowshire.example",
                one.address
            ))
        })?;
        if list.iter().any(|(other, _)| *other == host) {
            return Err(wrong(format!("the host `{host}` stands in it twice")));
        }
        one.data = folder.join(&one.data);
        one.sign_on = one.sign_on.map(|file| folder.join(file));
        list.push((host, one));
    }
    Ok(list)
}

async fn open(named: &Named) -> Result<Desk, Stop> {
    let desk = Desk::open(&named.data, Clock::real()).await?;
    desk.use_passkeys_at(&named.address)
        .map_err(|error| Stop::BadInput(error.to_string()))?;
    if let Some(file) = &named.sign_on {
        desk.sign_on_at(file, &named.address)
            .map_err(|error| Stop::BadInput(error.to_string()))?;
    }
    Ok(desk)
}

/// Serves them until it is told to stop.
pub async fn serve(
    file: &Path,
    listener: TcpListener,
    tls: Option<Tls>,
    https: Https,
    beside: Beside,
) -> Result<(), Stop> {
    let (mut sites, mut desks, mut running) = (Vec::new(), Vec::new(), Vec::new());
    for (host, named) in read(file)? {
        let desk = match open(&named).await {
            Ok(desk) => Some(desk),
            Err(error) => {
                eprintln!("{host} is not served: {}", with_sources(&error));
                tracing::error!(host, "a partnership could not be opened and is not served");
                None
            }
        };
        if let Some(desk) = &desk {
            desks.push((named.address.clone(), desk.clone()));
            if let Some(nightly) = &beside.nightly {
                let nightly = nightly.below(&host)?;
                running.push(tokio::spawn(nightly.run(desk.clone())));
            }
            if let Some(scanner) = &beside.scanner {
                desk.scan_files_with(scanner.clone());
            }
            if let Some(server) = &beside.mail {
                desk.send_mail_through(server.clone());
            }
            running.extend(by_itself(desk));
        }
        let app = desk.map(|desk| App {
            desk,
            https,
            demo: false,
        });
        sites.push(Site { host, app });
    }
    store::forget_passphrase();
    if let Some(scanner) = &beside.scanner
        && !scanner.answers().await
    {
        eprintln!("The virus scanner does not answer: no file is added until it does.");
    }
    if desks.is_empty() {
        return Err(Stop::Failed(
            "none of the partnerships can be opened".into(),
        ));
    }
    // Kept as long as they are served.
    let _house = House::of(desks).map_err(|error| Stop::BadInput(error.to_string()))?;
    let at = listener
        .local_addr()
        .map_err(|e| Stop::Failed(e.to_string()))?;
    let scheme = if https == Https::Here {
        "https"
    } else {
        "http"
    };
    for site in sites.iter().filter(|site| site.app.is_some()) {
        say!("Candour serves {} at {scheme}://{at}", site.host);
    }
    say!("{WARNING}");
    let served = match tls {
        None => web::serve_house(sites, listener).await,
        Some(tls) => match TlsListener::new(listener, tls) {
            Ok(listener) => web::serve_house(sites, listener).await,
            Err(error) => Err(error),
        },
    };
    running.iter().for_each(tokio::task::JoinHandle::abort);
    served.map_err(|e| Stop::Failed(format!("serve: {e}")))
}
