//! The program speaks https with a certificate of its own, takes a renewed one without a restart, and says in plain words which files it cannot use.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a check that cannot reach the program has to stop"
)]

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName},
    },
};

const CANDOUR: &str = env!("CARGO_BIN_EXE_candour");

/// Files of a certificate, and the certificate as a caller trusts it.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
    trusted: CertificateDer<'static>,
}

fn files(folder: &Path, name: &str) -> Files {
    let made =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let (certificate, key) = (
        folder.join(format!("{name}.crt")),
        folder.join(format!("{name}.key")),
    );
    fs::write(&certificate, made.cert.pem()).expect("written");
    fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("private");
    Files {
        certificate,
        key,
        trusted: made.cert.der().clone(),
    }
}

fn run(args: &[&str]) -> (i32, String) {
    let out = Command::new(CANDOUR)
        .args(args)
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&out.stdout) + String::from_utf8_lossy(&out.stderr);
    (out.status.code().unwrap_or(-1), said.into_owned())
}

fn set_up(folder: &Path) -> String {
    let (_, example) = run(&["init", "--example", "--data", "none"]);
    fs::write(folder.join("settings.toml"), example).expect("written");
    fs::write(folder.join("password"), "lantern meadow oak").expect("written");
    let at = |name: &str| folder.join(name).display().to_string();
    let (data, settings, password) = (at("data"), at("settings.toml"), at("password"));
    let (code, said) = run(&[
        "init",
        "--data",
        &data,
        "--settings",
        &settings,
        "--name",
        "Robin Kestrel",
        "--email",
        "robin@example.org",
        "--password-file",
        &password,
        "--no-shares",
    ]);
    assert_eq!(code, 0, "{said}");
    data
}

struct Server {
    child: Child,
    port: u16,
    /// Kept, so that it can go on saying something.
    _said: BufReader<ChildStdout>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn serve(data: &str, files: &Files) -> Server {
    let mut child = Command::new(CANDOUR)
        .args(["serve", "--data", data, "--listen", "127.0.0.1:0"])
        .arg("--tls-certificate")
        .arg(&files.certificate)
        .arg("--tls-key")
        .arg(&files.key)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut heard = BufReader::new(child.stdout.take().expect("what it says"));
    let mut said = String::new();
    heard.read_line(&mut said).expect("a line");
    let port = said
        .rsplit_once("https://127.0.0.1:")
        .and_then(|(_, rest)| rest.trim().trim_end_matches('/').parse().ok())
        .unwrap_or_else(|| panic!("it says where it is: {said}"));
    Server {
        child,
        port,
        _said: heard,
    }
}

async fn ask(port: u16, trusted: &CertificateDer<'static>) -> Result<String, std::io::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await?;
    stream
        .write_all(
            b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n",
        )
        .await?;
    let mut answer = Vec::new();
    // A server that closes without saying so first is no error here.
    let _ = stream.read_to_end(&mut answer).await;
    Ok(String::from_utf8_lossy(&answer).to_lowercase())
}

#[tokio::test]
async fn it_speaks_https_and_nothing_else_and_a_silent_caller_holds_up_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = set_up(folder.path());
    let files = files(folder.path(), "own");
    let server = serve(&data, &files);
    // Callers who connect and say nothing.
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(
            TcpStream::connect(("127.0.0.1", server.port))
                .await
                .expect("a connection"),
        );
    }
    let answer = tokio::time::timeout(Duration::from_secs(5), ask(server.port, &files.trusted))
        .await
        .expect("in time")
        .expect("an answer");
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(
        answer.contains("strict-transport-security: max-age="),
        "{answer}"
    );
    // Plain http on the same port is no page.
    let mut plain = TcpStream::connect(("127.0.0.1", server.port))
        .await
        .expect("a connection");
    plain
        .write_all(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .expect("sent");
    let mut said = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), plain.read_to_end(&mut said)).await;
    assert!(!String::from_utf8_lossy(&said).contains("HTTP"), "{said:?}");
    // Whoever trusts another certificate is not connected.
    let other = self::files(folder.path(), "other");
    assert!(ask(server.port, &other.trusted).await.is_err());
}

#[test]
fn a_renewed_certificate_is_taken_and_a_wrong_one_leaves_the_old_in_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = files(folder.path(), "own");
    let tls = web::tls::Tls::from_files(&files.certificate, &files.key).expect("a certificate");
    assert!(!tls.look_again().expect("nothing new"));
    let later = |path: &Path, seconds| {
        let file = fs::File::options().write(true).open(path).expect("a file");
        file.set_modified(std::time::SystemTime::now() + Duration::from_secs(seconds))
            .expect("a time");
    };
    let renewed = self::files(folder.path(), "renewed");
    fs::copy(&renewed.certificate, &files.certificate).expect("copied");
    later(&files.certificate, 10);
    // The key is still that of the old one.
    assert!(tls.look_again().is_err());
    fs::copy(&renewed.key, &files.key).expect("copied");
    later(&files.key, 20);
    assert!(tls.look_again().expect("both are new"));
    assert!(!tls.look_again().expect("nothing new"));
}

#[test]
fn files_that_cannot_be_used_are_named_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = files(folder.path(), "own");
    let other = files(folder.path(), "other");
    let nothing = folder.path().join("nothing.pem");
    fs::write(&nothing, "no certificate\n").expect("written");
    fs::set_permissions(&nothing, fs::Permissions::from_mode(0o600)).expect("private");
    let exposed = folder.path().join("exposed.key");
    fs::copy(&own.key, &exposed).expect("copied");
    fs::set_permissions(&exposed, fs::Permissions::from_mode(0o644)).expect("open");
    let missing = folder.path().join("missing.pem");
    let said = |certificate: &Path, key: &Path| {
        let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
        let (code, said) = run(&[
            "serve",
            "--data",
            "none",
            "--tls-certificate",
            &certificate,
            "--tls-key",
            &key,
        ]);
        assert_eq!(code, 2, "{said}");
        said
    };
    assert!(said(&missing, &own.key).contains("missing.pem"));
    assert!(said(&nothing, &own.key).contains("no certificate"));
    assert!(said(&own.certificate, &nothing).contains("no private key"));
    assert!(said(&own.certificate, &exposed).contains("chmod o-rwx"));
    assert!(said(&own.certificate, &other.key).contains("use the certificate"));
    let own_certificate = own.certificate.display().to_string();
    let (code, said) = run(&[
        "serve",
        "--data",
        "none",
        "--tls-certificate",
        &own_certificate,
    ]);
    assert_eq!(code, 2, "{said}");
}
