//! Pages and forms: every request goes to the desk and comes back as HTML, a document, or a clear no.

pub mod assets;
pub mod form;
pub mod govuk;
pub mod layout;
pub mod page;
pub mod pages;
mod router;

use std::time::Duration;

use desk::Desk;
use tokio::net::TcpListener;

pub use router::router;

/// How the pages are served.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// True for the fictional cases: the sign-in page says as whom.
    pub demo: bool,
    /// True when a proxy or this program speaks https, so that cookies are marked for it.
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
    axum::serve(listener, router(app))
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
