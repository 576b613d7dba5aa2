//! Ten thousand signed-in sessions and two hundred requests a second, as they come, whether or not the last ones were answered:
//! how long an answer takes, how much memory the serving process holds, and how soon someone is refused whose access ends meanwhile.
//! Loopback only, bounded in count and time. Run with `cargo bench -p web --bench sessions`; see docs/performance.md.

#[path = "../../desk/tests/shared/signed_in.rs"]
mod signed_in;
#[path = "shared/world.rs"]
mod world;

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use access::Role;
use cases::members::Part;
use desk::{Clock, Desk, NewMember, NewPerson, Setup};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use world::{EVENTS, SETTINGS, case_file, memory, setting};

type Wrong = Box<dyn std::error::Error + Send + Sync>;

/// The folder a process of its own is to open and serve.
const SERVED: &str = "CANDOUR_BENCH_SERVED";
const MANAGER: &str = "bench@benchshire.example";
const PASSWORD: &str = "a long bench password";
/// How many people lose their access while the others read.
const REVOKED: usize = 20;

fn main() -> Result<(), Wrong> {
    // `cargo test --benches` passes --test: this is a benchmark, not a test.
    if std::env::args().any(|a| a == "--test") {
        return Ok(());
    }
    tokio::runtime::Runtime::new()?.block_on(async {
        match std::env::var_os(SERVED) {
            Some(data) => serve(std::path::Path::new(&data)).await,
            None => run().await,
        }
    })
}

/// What the load needs to know of the world.
struct World {
    cases: Vec<String>,
    /// The people's ids, and of each the cases.
    people: Vec<(String, Vec<usize>)>,
    /// The secrets of the sessions, those of one person beside each other.
    sessions: Vec<String>,
    each: usize,
}

async fn run() -> Result<(), Wrong> {
    let count = usize::try_from(setting("CANDOUR_BENCH_SESSIONS", 10_000))?;
    let each = 10;
    let people = (count / each).max(REVOKED + 1);
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let start = Instant::now();
    let world = build(&data, people, each).await?;
    println!(
        "world                     {} cases of {EVENTS} events, {} people in two cases each, {} sessions, made in {:.0} s",
        world.cases.len(),
        world.people.len(),
        world.sessions.len(),
        start.elapsed().as_secs_f64()
    );
    let mut child = Command::new(std::env::current_exe()?)
        .env(SERVED, &data)
        .stdout(Stdio::piped())
        .spawn()?;
    let measured = measure(&mut child, Arc::new(world)).await;
    child.kill()?;
    child.wait()?;
    measured
}

/// Makes the partnership, its cases and people through the desk, and the sessions as signing in would leave them.
async fn build(data: &std::path::Path, people: usize, each: usize) -> Result<World, Wrong> {
    let manager = NewPerson {
        name: "Bench Manager".into(),
        email: MANAGER.into(),
        role: Role::BusinessManager,
        seat: None,
        agency: None,
        password: PASSWORD.into(),
    };
    let setup = Setup {
        settings: SETTINGS.into(),
        people: vec![manager],
    };
    let desk = Desk::create(data, Clock::real(), setup).await?;
    let actor = desk.actor(&desk.person_by_email(MANAGER).ok_or("no manager")?);
    let mut cases = Vec::new();
    for n in 0..people.div_ceil(5) {
        cases.push(
            desk.import(&actor, case_file(n, &actor))
                .await?
                .case
                .id
                .clone(),
        );
    }
    let mut known = Vec::new();
    for n in 0..people {
        let new = NewPerson {
            name: format!("Reader {n}"),
            email: format!("reader-{n}@benchshire.example"),
            role: Role::Reader,
            seat: None,
            agency: None,
            password: PASSWORD.into(),
        };
        let person = desk.add_person(&actor, new).await?;
        let theirs = vec![n % cases.len(), (n * 7 + 1) % cases.len()];
        for case in &theirs {
            let member = NewMember::new(&person.id, Part::Reads, "reads it");
            // The two can be the same case.
            let _ = desk.add_member(&actor, &cases[*case], member).await;
        }
        known.push((person.id, theirs));
    }
    desk.close().await;
    drop(desk);
    let sessions = sessions(&data.join("candour.sqlite"), &known, each).await?;
    Ok(World {
        cases,
        people: known,
        sessions,
        each,
    })
}

async fn sessions(
    file: &std::path::Path,
    people: &[(String, Vec<usize>)],
    each: usize,
) -> Result<Vec<String>, Wrong> {
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display())).await?;
    let mut tx = pool.begin().await?;
    let now = jiff::Timestamp::now().to_string();
    let mut secrets = Vec::new();
    for (person, _) in people {
        let (account,): (String,) = sqlx::query_as("SELECT id FROM account WHERE person = $1")
            .bind(person)
            .fetch_one(&mut *tx)
            .await?;
        for _ in 0..each {
            let secret = format!("{person}-session-{}", secrets.len());
            sqlx::query("INSERT INTO session (id_hash, account, created, last_seen, csrf_secret, names_shown) VALUES ($1, $2, $3, $3, $4, 0)")
                .bind(Sha256::digest(&secret).to_vec())
                .bind(&account)
                .bind(&now)
                .bind(vec![7u8; 32])
                .execute(&mut *tx)
                .await?;
            secrets.push(secret);
        }
    }
    tx.commit().await?;
    pool.close().await;
    Ok(secrets)
}

/// Opens the record and serves it until it is stopped; says where, and the session of the manager.
async fn serve(data: &std::path::Path) -> Result<(), Wrong> {
    let desk = Desk::open(data, Clock::real()).await?;
    let signed = signed_in::sign_in(&desk, MANAGER, PASSWORD).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{} {}", listener.local_addr()?, signed.secret);
    let app = web::page::App {
        desk,
        https: web::Https::Nobody,
        demo: false,
    };
    axum::serve(listener, web::router(app)).await?;
    Ok(())
}

/// One request on a connection of its own; its status and the page.
async fn ask(
    address: &str,
    cookie: &str,
    path: &str,
    form: Option<&str>,
) -> Result<(u16, String), Wrong> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let head = match form {
        None => format!("GET {path} HTTP/1.1\r\n"),
        Some(form) => format!(
            "POST {path} HTTP/1.1\r\nOrigin: http://{address}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            form.len()
        ),
    };
    let request = format!(
        "{head}Host: {address}\r\nCookie: candour={cookie}\r\nConnection: close\r\n\r\n{}",
        form.unwrap_or_default()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await?;
    let text = String::from_utf8_lossy(&all).into_owned();
    let status = text.get(9..12).and_then(|s| s.parse().ok());
    Ok((status.ok_or("no status")?, text))
}

fn token(page: &str) -> Result<String, Wrong> {
    let (_, rest) = page
        .split_once("name=\"csrf\" value=\"")
        .ok_or("no token")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

fn part(sorted: &[Duration], share: f64) -> f64 {
    let at = ((sorted.len() as f64 - 1.0) * share).round() as usize;
    sorted.get(at).map_or(0.0, |d| d.as_secs_f64() * 1000.0)
}

/// The page the nth request asks for: the list, a case, and further in.
fn path(world: &World, person: usize, n: usize) -> String {
    let (_, cases) = &world.people[person];
    let case = &world.cases[cases[n % cases.len()]];
    match n % 20 {
        0..6 => "/".to_owned(),
        6..14 => format!("/cases/{case}"),
        14..17 => format!("/cases/{case}/consideration"),
        17 => format!("/cases/{case}/decision"),
        18 => format!("/cases/{case}/clocks"),
        _ => format!("/cases/{case}/story"),
    }
}

async fn measure(child: &mut Child, world: Arc<World>) -> Result<(), Wrong> {
    let out = child.stdout.take().ok_or("no output")?;
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line)?;
    let (address, manager) = line.trim().split_once(' ').ok_or("no address")?;
    let (address, manager) = (address.to_owned(), manager.to_owned());
    let rate = setting("CANDOUR_BENCH_RATE", 200);
    let seconds = setting("CANDOUR_BENCH_SECONDS", 120);
    let wanted = usize::try_from(rate * seconds)?;
    let begun = Instant::now();
    let mut asked = Vec::with_capacity(wanted);
    let mut peak = 0;
    let revoking = tokio::spawn(revoke(address.clone(), manager, world.clone()));
    for n in 0..wanted {
        let due = begun + Duration::from_micros(1_000_000 / rate) * u32::try_from(n)?;
        tokio::time::sleep_until(due.into()).await;
        // Every session comes once in ten thousand requests; the first people are those whose access ends.
        let at = (n * 7_919) % world.sessions.len();
        let person = at / world.each;
        let (address, world) = (address.clone(), world.clone());
        asked.push(tokio::spawn(async move {
            let path = path(&world, person, n);
            let answer = ask(&address, &world.sessions[at], &path, None).await;
            // From when it was due, so that waiting behind others counts.
            (answer.map(|(status, _)| status), due.elapsed(), person)
        }));
        if n % 200 == 0 {
            peak = peak.max(memory(child.id()));
        }
    }
    let (mut times, mut wrong) = (Vec::new(), 0);
    for one in asked {
        let (status, took, person) = one.await?;
        match status {
            Ok(200) => times.push(took),
            Ok(303) if person < REVOKED => {}
            _ => wrong += 1,
        }
    }
    times.sort();
    peak = peak.max(memory(child.id()));
    println!(
        "load                      {} requests at {rate}/s in {:.1} s: median {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, most {:.1} ms; {wrong} wrong; {peak} MiB at most",
        times.len(),
        begun.elapsed().as_secs_f64(),
        part(&times, 0.5),
        part(&times, 0.95),
        part(&times, 0.99),
        part(&times, 1.0)
    );
    let mut refused = revoking.await??;
    refused.sort();
    println!(
        "revocation                {} people: from the manager's request to the first refusal median {:.0} ms, most {:.0} ms",
        refused.len(),
        part(&refused, 0.5),
        part(&refused, 1.0)
    );
    Ok(())
}

/// Ends the access of the first people one after another, and asks with a session of theirs until it is refused.
async fn revoke(
    address: String,
    manager: String,
    world: Arc<World>,
) -> Result<Vec<Duration>, Wrong> {
    let mut took = Vec::new();
    for person in 0..REVOKED {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (id, _) = &world.people[person];
        let session = &world.sessions[person * world.each];
        let (before, _) = ask(&address, session, "/", None).await?;
        if before != 200 {
            return Err(format!("a reader is answered {before} before their access ends").into());
        }
        let (_, page) = ask(&address, &manager, &format!("/people/{id}"), None).await?;
        let form = format!("csrf={}&left-why=left", token(&page)?);
        let begun = Instant::now();
        let ends = format!("/people/{id}/left");
        let ending = ask(&address, &manager, &ends, Some(&form));
        let refused = async {
            loop {
                if ask(&address, session, "/", None).await?.0 != 200 {
                    return Ok::<_, Wrong>(begun.elapsed());
                }
                if begun.elapsed() > Duration::from_secs(10) {
                    return Err("not refused after ten seconds".into());
                }
            }
        };
        let (ended, refused) = tokio::join!(ending, refused);
        if ended?.0 != 303 {
            return Err("the access was not ended".into());
        }
        took.push(refused?);
    }
    Ok(took)
}
