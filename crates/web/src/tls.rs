//! Speaking https without a proxy: the certificate and its key from files, read again when they change, so that a renewed one needs no restart.
//! TLS 1.2 and 1.3 only, as rustls speaks them. A slow or silent caller holds up nobody else.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
    server::TlsStream,
};

/// How long a caller may take to agree on the connection.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many may be agreeing on one at once.
const AT_ONCE: usize = 512;
/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Why https cannot be spoken with these files.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("read `{}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The file holds no certificate.
    #[error("read `{}`: there is no certificate in it; it has to be in the PEM form, with those that lead to its issuer behind it", .0.display())]
    NoCertificate(PathBuf),
    /// The file holds no key.
    #[error("read `{}`: there is no private key in it; it has to be in the PEM form and not under a passphrase", .0.display())]
    NoKey(PathBuf),
    /// Everyone on the machine can read the key.
    #[error("read `{}`: everyone on this machine can read it; run `chmod o-rwx {}`, and consider who may have copied it", .0.display(), .0.display())]
    Exposed(PathBuf),
    /// The two do not belong together, or cannot be used.
    #[error("use the certificate `{}` with the key `{}`", certificate.display(), key.display())]
    Unfit {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What is wrong.
        #[source]
        source: rustls::Error,
    },
}

/// A certificate with its key, and the files they come from.
#[derive(Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    now: RwLock<Arc<CertifiedKey>>,
    read_at: RwLock<[Option<SystemTime>; 2]>,
}

impl Tls {
    /// Reads both files.
    ///
    /// # Errors
    /// One cannot be read or used, or everyone can read the key.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Tls, TlsError> {
        Ok(Tls {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            read_at: RwLock::new([changed(certificate), changed(key)]),
            now: RwLock::new(Arc::new(read(certificate, key)?)),
        })
    }

    /// Reads the files again when one of them has changed; answers whether it did.
    ///
    /// # Errors
    /// As [`Tls::from_files`]; what was read before stays in use.
    pub fn look_again(&self) -> Result<bool, TlsError> {
        let there = [changed(&self.certificate), changed(&self.key)];
        let mut read_at = self.read_at.write().unwrap_or_else(PoisonError::into_inner);
        if *read_at == there {
            return Ok(false);
        }
        let fresh = read(&self.certificate, &self.key)?;
        *read_at = there;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(true)
    }
}

impl ResolvesServerCert for Tls {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        Some(now.clone())
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path)
        .and_then(|about| about.modified())
        .ok()
}

fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let text = |path: &Path| {
        std::fs::read(path).map_err(|source| TlsError::File {
            path: path.to_owned(),
            source,
        })
    };
    let chain = CertificateDer::pem_slice_iter(&text(certificate)?)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or_else(|| TlsError::NoCertificate(certificate.to_owned()))?;
    let bytes = text(key)?;
    let open_to_all = std::fs::metadata(key)
        .is_ok_and(|about| std::os::unix::fs::MetadataExt::mode(&about) & 0o007 != 0);
    if open_to_all {
        return Err(TlsError::Exposed(key.to_owned()));
    }
    let private =
        PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| TlsError::NoKey(key.to_owned()))?;
    let unfit = |source| TlsError::Unfit {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        source,
    };
    let signs = ring::sign::any_supported_type(&private).map_err(unfit)?;
    let both = CertifiedKey::new(chain, signs);
    both.keys_match().map_err(unfit)?;
    Ok(both)
}

/// Callers with whom a connection was agreed.
pub struct TlsListener {
    agreed: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

impl TlsListener {
    /// Speaks https on a listener.
    ///
    /// # Errors
    /// The listener has no address, or the cryptography is not there.
    pub fn new(listener: TcpListener, tls: Tls) -> io::Result<TlsListener> {
        let tls = Arc::new(tls);
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_cert_resolver(tls.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let address = listener.local_addr()?;
        let (hand_over, agreed) = mpsc::channel(AT_ONCE);
        Ok(TlsListener {
            agreed,
            address,
            tasks: [
                tokio::spawn(take_callers(listener, acceptor, hand_over)),
                tokio::spawn(keep_fresh(tls)),
            ],
        })
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn take_callers(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    hand_over: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let (stream, address) = match listener.accept().await {
            Ok(caller) => caller,
            Err(error) => {
                // Too many open files, for instance: it passes.
                tracing::warn!(%error, "a caller could not be taken");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let (acceptor, hand_over) = (acceptor.clone(), hand_over.clone());
        tokio::spawn(async move {
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, acceptor.accept(stream)).await {
                // Nobody takes it when the server is stopping.
                let _ = hand_over.send((stream, address)).await;
            }
            drop(place);
        });
    }
}

async fn keep_fresh(tls: Arc<Tls>) {
    loop {
        tokio::time::sleep(LOOK).await;
        match tls.look_again() {
            Ok(true) => tracing::info!("the certificate was read again"),
            Ok(false) => {}
            Err(error) => tracing::error!(
                %error,
                "the changed certificate cannot be used; the one of before stays in use"
            ),
        }
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.agreed.recv().await {
            Some(caller) => caller,
            // The task that takes callers has ended, so there are none any more.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl axum::extract::connect_info::Connected<axum::serve::IncomingStream<'_, TlsListener>>
    for Caller
{
    fn connect_info(stream: axum::serve::IncomingStream<'_, TlsListener>) -> Caller {
        Caller(*stream.remote_addr())
    }
}

impl axum::extract::connect_info::Connected<axum::serve::IncomingStream<'_, TcpListener>>
    for Caller
{
    fn connect_info(stream: axum::serve::IncomingStream<'_, TcpListener>) -> Caller {
        Caller(*stream.remote_addr())
    }
}

/// Where a request came from, as this machine saw it.
#[derive(Debug, Clone, Copy)]
pub struct Caller(pub SocketAddr);
