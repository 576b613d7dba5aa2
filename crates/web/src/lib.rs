//! Pages and forms: every request goes to the desk and comes back as HTML, a document, or a clear no.

pub mod api;
pub mod assets;
pub mod form;
pub mod govuk;
pub mod house;
pub mod layout;
pub mod page;
pub mod pages;
mod router;
pub mod tls;

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use desk::Desk;
use tls::Caller;

pub use router::router;

/// How the pages are served.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// True for the fictional cases: the sign-in page says as whom.
    pub demo: bool,
    /// Who speaks https.
    pub https: Https,
}

/// Who speaks https with the browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Https {
    /// Nobody: for trying out on one's own machine.
    #[default]
    Nobody,
    /// A proxy before this program: cookies are marked for it, and the last address it names is the caller's.
    Proxy,
    /// This program, with a certificate of its own; what is said of other addresses is not believed.
    Here,
}

/// Serves until the process is told to stop, then finishes what is under way.
///
/// # Errors
/// The listener failed.
pub async fn serve<L>(desk: Desk, listener: L, options: Options) -> std::io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
    for<'a> Caller: Connected<IncomingStream<'a, L>>,
{
    let app = page::App {
        desk: desk.clone(),
        https: options.https,
        demo: options.demo,
    };
    serve_router(router(app), listener).await?;
    tokio::time::timeout(Duration::from_secs(10), desk.close())
        .await
        .ok();
    Ok(())
}

/// Serves several partnerships, each at the name of its host, as [`serve`] serves one.
///
/// # Errors
/// The listener failed.
pub async fn serve_house<L>(sites: Vec<house::Site>, listener: L) -> std::io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
    for<'a> Caller: Connected<IncomingStream<'a, L>>,
{
    let apps = sites.iter().filter_map(|site| site.app.clone());
    let desks: Vec<Desk> = apps.map(|app| app.desk).collect();
    serve_router(house::house(sites), listener).await?;
    for desk in desks {
        tokio::time::timeout(Duration::from_secs(10), desk.close())
            .await
            .ok();
    }
    Ok(())
}

async fn serve_router<L>(router: axum::Router, listener: L) -> std::io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
    for<'a> Caller: Connected<IncomingStream<'a, L>>,
{
    // Signing in counts failures by where they come from.
    let service = router.into_make_service_with_connect_info::<Caller>();
    axum::serve(listener, service)
        .with_graceful_shutdown(told_to_stop())
        .await
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
