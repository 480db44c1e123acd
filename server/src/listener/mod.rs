//! Accepts connections; limits how many there are, and how long each may keep us waiting (SPEC §16).
//!
//! ```text
//! accept ─► slots (a cap below the file limit; one address has a share) ─► a task per connection:
//!             hyper ─ reads and writes through io.rs, which reports progress ─┐
//!             watch ─ knows from that who has to act next, and by when ───────┴─► the first to finish ends the connection
//! ```
//!
//! Rejected: hyper's own timer of heads. It starts only once the HTTP version is known, and counts an idle connection as a slow
//! head. Hyper has no timer for a client that never reads the response. So one watch covers all cases, beside hyper's pings, which
//! detect lost HTTP/2 peers. The time of a body is limited where it is read (`http/body.rs`), because there it can be answered.

mod bodies;
mod files;
mod io;
mod slots;
mod timeouts;
mod watch;

pub use files::room;
pub use timeouts::{ClientTimeouts, Pace};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use bodies::{RequestBody, ResponseBody};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use io::Watched;
use ipnet::IpNet;
use slots::{ConnectionSlot, ConnectionSlots};
use socket2::SockRef;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::{ServiceExt, service_fn};
use watch::{Exchange, Watch};

/// A longer head is refused (431). Also the most of a response that waits in memory.
const HEAD_BYTES: usize = 64 * 1024;
/// The most of a response that waits in the kernel for a slow client: small enough that progress is visible.
const SEND_BUFFER: usize = 128 * 1024;
/// Streams that one HTTP/2 connection may have open at once.
const STREAMS: u32 = 64;
/// How often an HTTP/2 peer is pinged, and how long it has to answer.
const PING: Duration = Duration::from_secs(20);
/// The pause after a failed accept, for example when no file is left.
const BREATH: Duration = Duration::from_millis(50);

#[derive(Debug, Clone)]
pub struct Settings {
    pub timeouts: ClientTimeouts,
    /// The most connections at once.
    pub connections: usize,
    /// The most connections at once of one client address.
    pub share: usize,
    /// Trusted proxies: many clients share their address, so the limit per address does not apply.
    pub trusted_proxies: Arc<[IpNet]>,
    /// How long requests in progress may still take after the stop.
    pub grace: Duration,
}

impl Settings {
    /// Allows this many connections, a quarter of them for one address.
    pub fn new(connections: usize, trusted_proxies: Arc<[IpNet]>) -> Self {
        Self {
            timeouts: ClientTimeouts::default(),
            connections,
            share: (connections / 4).max(1),
            trusted_proxies,
            grace: Duration::from_secs(20),
        }
    }
}

/// Serves until `stop`. Then it accepts no more connections, closes the idle ones, and finishes the requests in progress.
pub async fn serve(listener: TcpListener, app: Router, settings: Settings, stop: impl Future<Output = ()>) {
    // Accepted connections inherit it.
    if let Err(error) = SockRef::from(&listener).set_send_buffer_size(SEND_BUFFER) {
        tracing::warn!(%error, "the size of the send buffers stays the system's");
    }
    let slots = Arc::new(ConnectionSlots::new(&settings));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        while connections.try_join_next().is_some() {}
        let watch = Arc::new(Watch::new(settings.timeouts));
        if let Some(slot) = slots.take(peer.ip(), &watch) {
            connections.spawn(connection(stream, peer, slot, watch, app.clone(), graceful.watcher()));
        }
    }
    drop(listener);
    // Dropping the set ends the connections that are not finished by then.
    let _ = tokio::time::timeout(settings.grace, graceful.shutdown()).await;
}

/// Waits for the next connection. A failed accept (a broken connection, no file left) does not end the listener.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Serves one connection, until it ends by itself or its deadline passes.
async fn connection(stream: TcpStream, peer: SocketAddr, slot: ConnectionSlot, watch: Arc<Watch>, app: Router, graceful: Watcher) {
    // Responses are written whole: waiting for more data would only delay their end.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(service_fn({
        let watch = watch.clone();
        move |request: Request<Incoming>| exchange(request, peer, watch.clone(), app.clone())
    }));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None::<Duration>).max_buf_size(HEAD_BYTES);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(PING).keep_alive_timeout(PING).max_concurrent_streams(STREAMS);
    let io = TokioIo::new(Watched::new(stream, watch.clone()));
    let served = graceful.watch(builder.serve_connection(io, service).into_owned());
    tokio::select! {
        // An error of a connection concerns only its client.
        _ = served => {}
        () = watch.end() => {}
    }
    drop(slot);
}

/// One request and its response.
async fn exchange(mut request: Request<Incoming>, peer: SocketAddr, watch: Arc<Watch>, app: Router) -> Result<Response, Infallible> {
    let exchange = Exchange::begin(watch.clone(), hyper::body::Body::is_end_stream(request.body()));
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(watch.timeouts());
    let question = exchange.question();
    let response = app.oneshot(request.map(|body| axum::body::Body::new(RequestBody::new(body, question)))).await?;
    Ok(response.map(|body| ResponseBody::new(body, exchange)))
}

type Response = axum::http::Response<ResponseBody>;
