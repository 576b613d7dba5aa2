//! How fast a signed-in case page is served, its reads written down, beside a bare route that renders a page of the same size;
//! with 1,000 cases of 200 events. Loopback only, bounded in count and time. Run with `cargo bench -p web`.
//! `CANDOUR_BENCH_CASES` and `CANDOUR_BENCH_SECONDS` make it smaller.

#[path = "../../desk/tests/shared/signed_in.rs"]
mod signed_in;
#[path = "shared/world.rs"]
mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use access::Role;
use axum::Router;
use axum::routing::get;
use desk::{Clock, Desk, NewPerson, Setup};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use world::{EVENTS, SETTINGS, case_file, memory, setting};

type Wrong = Box<dyn std::error::Error + Send + Sync>;

const CONNECTIONS: usize = 32;
/// One keep-alive connection asking for one path after another until told to stop.
async fn ask(
    address: String,
    cookie: String,
    paths: Arc<Vec<String>>,
    offset: usize,
    until: Instant,
    done: Arc<AtomicU64>,
) -> Result<(), Wrong> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0u8; 256 * 1024];
    let mut at = offset;
    while Instant::now() < until {
        let path = &paths[at % paths.len()];
        at += CONNECTIONS;
        stream
            .write_all(
                format!(
                    "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: candour={cookie}\r\n\r\n"
                )
                .as_bytes(),
            )
            .await?;
        let (mut held, mut needed) = (0, usize::MAX);
        while held < needed {
            if held == buffer.len() {
                buffer.resize(buffer.len() * 2, 0);
            }
            let n = stream.read(&mut buffer[held..]).await?;
            if n == 0 {
                return Err("the connection was closed".into());
            }
            held += n;
            if needed == usize::MAX
                && let Some(end) = buffer[..held].windows(4).position(|w| w == b"\r\n\r\n")
            {
                let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
                if !head.starts_with("http/1.1 200") {
                    return Err(
                        format!("{path}: {}", head.lines().next().unwrap_or_default()).into(),
                    );
                }
                let length: usize = head
                    .lines()
                    .find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok())
                    .ok_or("no length")?;
                needed = end + 4 + length;
            }
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Requests a second at 32 connections.
async fn rate(
    address: &str,
    cookie: &str,
    paths: &Arc<Vec<String>>,
    seconds: u64,
) -> Result<f64, Wrong> {
    let done = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let until = start + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|n| {
            tokio::spawn(ask(
                address.to_owned(),
                cookie.to_owned(),
                paths.clone(),
                n,
                until,
                done.clone(),
            ))
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(done.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

async fn size(address: &str, cookie: &str, path: &str) -> Result<usize, Wrong> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: candour={cookie}\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await?;
    let end = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(0);
    Ok(all.len() - end - 4)
}

/// A bare route: a page of about `bytes` drawn by the same template engine, nothing else.
fn bare(bytes: usize) -> Router {
    let line =
        "Two services recorded missed appointments as no answer, and neither told the other.";
    let lines = bytes / (line.len() + 7);
    Router::new().route(
        "/",
        get(move || async move { maud::html! { (maud::DOCTYPE) html { head { title { "Bare" } } body { @for _ in 0..lines { p { (line) } } } } } }),
    )
}

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

async fn run() -> Result<(), Wrong> {
    let (count, seconds) = (
        setting("CANDOUR_BENCH_CASES", 1000),
        setting("CANDOUR_BENCH_SECONDS", 5),
    );
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let people = vec![NewPerson {
        name: "Bench Manager".into(),
        email: "bench@benchshire.example".into(),
        role: Role::BusinessManager,
        seat: None,
        agency: None,
        password: "a long bench password".into(),
    }];
    let desk = Desk::create(
        &data,
        Clock::real(),
        Setup {
            settings: SETTINGS.into(),
            people,
        },
    )
    .await?;
    let actor = desk.actor(
        &desk
            .person_by_email("bench@benchshire.example")
            .ok_or("no manager")?,
    );
    let start = Instant::now();
    for n in 0..usize::try_from(count)? {
        desk.import(&actor, case_file(n, &actor)).await?;
    }
    println!(
        "cases                     {count} of {EVENTS} events, written in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    desk.close().await;
    drop(desk);

    let mut child = std::process::Command::new(std::env::current_exe()?)
        .env(SERVED, &data)
        .stdout(std::process::Stdio::piped())
        .spawn()?;
    let measured = load(&mut child, seconds).await;
    child.kill()?;
    child.wait()?;
    measured
}

/// The folder a process of its own is to open and serve.
const SERVED: &str = "CANDOUR_BENCH_SERVED";

/// What the serving process says of itself, in one line.
#[derive(serde::Serialize, serde::Deserialize)]
struct Served {
    address: String,
    plain: String,
    cookie: String,
    paths: Vec<String>,
    opened: f64,
}

/// Opens the record and serves it, and beside it the bare route, until it is stopped.
async fn serve(data: &std::path::Path) -> Result<(), Wrong> {
    let start = Instant::now();
    let desk = Desk::open(data, Clock::real()).await?;
    let opened = start.elapsed().as_secs_f64();
    let signed =
        signed_in::sign_in(&desk, "bench@benchshire.example", "a long bench password").await?;
    let actor = desk.actor(
        &desk
            .person_by_email("bench@benchshire.example")
            .ok_or("no manager")?,
    );
    let paths: Vec<String> = desk
        .cases(&actor, "")
        .iter()
        .map(|c| format!("/cases/{}", c.id))
        .collect();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let app = web::page::App {
        desk,
        https: web::Https::Nobody,
        demo: false,
    };
    let server = tokio::spawn(async move { axum::serve(listener, web::router(app)).await });
    let bytes = size(&address, &signed.secret, &paths[0]).await?;
    let plain = TcpListener::bind("127.0.0.1:0").await?;
    let plain_address = plain.local_addr()?.to_string();
    tokio::spawn(async move { axum::serve(plain, bare(bytes)).await });
    let said = Served {
        address,
        plain: plain_address,
        cookie: signed.secret,
        paths,
        opened,
    };
    println!("{}", serde_json::to_string(&said)?);
    server.await??;
    Ok(())
}

/// Asks the serving process for pages, and for its memory.
async fn load(child: &mut std::process::Child, seconds: u64) -> Result<(), Wrong> {
    let out = child.stdout.take().ok_or("no output")?;
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line)?;
    let served: Served = serde_json::from_str(&line)?;
    let pid = child.id();
    println!(
        "open                      {:.2} s in a process of its own; {} MiB once it is open",
        served.opened,
        memory(pid)
    );
    let paths = Arc::new(served.paths);
    let few: Arc<Vec<String>> = Arc::new(paths.iter().take(50).cloned().collect());
    let bytes = size(&served.address, &served.cookie, &paths[0]).await?;
    let plain_bytes = size(&served.plain, "", "/").await?;
    println!("page                      {bytes} bytes; bare page {plain_bytes} bytes");
    let root = Arc::new(vec!["/".to_owned()]);
    for round in 1..=3 {
        let all = rate(&served.address, &served.cookie, &paths, seconds).await?;
        let hot = rate(&served.address, &served.cookie, &few, seconds).await?;
        let bare = rate(&served.plain, "", &root, seconds).await?;
        println!(
            "round {round}                   all cases {all:.0}/s, 50 cases {hot:.0}/s, bare {bare:.0}/s; ratio to bare {:.2} and {:.2}; {} MiB",
            all / bare,
            hot / bare,
            memory(pid)
        );
    }
    Ok(())
}
