//! The way to a PostgreSQL over the network: by TLS, and only to a server that shows who it is.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use std::{net::TcpListener, path::Path, process::Command};

use shared::*;
use store::{DatabaseAt, Store, StoreError};

fn openssl(folder: &Path, args: &str) {
    let done = Command::new("openssl")
        .args(args.split(' '))
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("openssl makes the certificates: install it with `sudo apt-get install openssl` ({error})"));
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// Two authorities, and a certificate of the first for this machine.
fn certificates(folder: &Path) {
    for ca in ["ca", "other"] {
        openssl(
            folder,
            &format!(
                "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={ca} -keyout {ca}.key -out {ca}.pem"
            ),
        );
    }
    openssl(
        folder,
        "req -x509 -CA ca.pem -CAkey ca.key -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
         -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE -keyout server.key -out server.pem",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_is_reached_by_tls_and_a_server_with_anothers_certificate_is_refused() {
    let made = tempfile::tempdir().unwrap();
    certificates(made.path());
    postgres::give_to_server(made.path());
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .unwrap()
        .port();
    let file = |name: &str| made.path().join(name).display().to_string();
    let server = postgres::Server::start(&[
        "-c",
        "fsync=off",
        "-c",
        &format!("port={port}"),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "ssl=on",
        "-c",
        &format!("ssl_cert_file={}", file("server.pem")),
        "-c",
        &format!("ssl_key_file={}", file("server.key")),
    ]);
    let database = server.database().await;
    let name = &database.name;
    let url = |role: &str, ca: &str| {
        format!(
            "postgres://{name}_{role}@localhost:{port}/{name}?sslmode=verify-full&sslrootcert={}",
            file(ca)
        )
    };
    let at = |ca: &str| DatabaseAt::Postgres {
        server: url("server", ca),
        owner: url("owner", ca),
    };
    let refused = Store::create_on(&made.path().join("wrong"), "merrowshire", &at("other.pem"))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, StoreError::Unavailable { .. }),
        "{refused}"
    );

    let store = Store::create_on(&made.path().join("data"), "merrowshire", &at("ca.pem"))
        .await
        .unwrap();
    append(&store, "case/1", None, &["words"]).await.unwrap();
    let mut root = postgres::connect(&database.root).await;
    let (open, sealed): (i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE NOT s.ssl), count(*) FILTER (WHERE s.ssl) \
         FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = $1 || '_server'",
    )
    .bind(name)
    .fetch_one(&mut root)
    .await
    .unwrap();
    assert!(open == 0 && sealed >= 3, "{open} open, {sealed} by TLS");
    store.close().await;
}
