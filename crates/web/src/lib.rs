//! Pages and forms: every request goes to the desk and comes back as HTML, a document, or a clear no.

pub mod assets;
pub mod form;
pub mod govuk;
pub mod layout;
pub mod page;
pub mod pages;
mod router;

use std::net::SocketAddr;
use std::time::Duration;

use desk::Desk;
use tokio::net::TcpListener;

pub use router::router;

/// How the pages are served.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// True for the fictional cases: the sign-in page says as whom.
    pub demo: bool,
    /// True when a proxy before this program speaks https: cookies are marked for it, and the last address it names is the caller's.
    pub https: bool,
}

/// Serves until the process is told to stop, then finishes what is under way.
///
/// # Errors
/// The listener failed.
pub async fn serve(desk: Desk, listener: TcpListener, options: Options) -> std::io::Result<()> {
    let app = page::App {
        desk: desk.clone(),
        https: options.https,
        demo: options.demo,
    };
    // Signing in counts failures by where they come from.
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(told_to_stop())
        .await?;
    tokio::time::timeout(Duration::from_secs(10), desk.close())
        .await
        .ok();
    Ok(())
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            interrupt.await.ok();
        }
    }
}
