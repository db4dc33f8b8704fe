//! Connections: accepted, counted, watched and ended.
//!
//! [`serve`] takes the place of `axum::serve`, which bounds nothing. A [`Table`]
//! knows every open connection. When it is full, a newcomer takes the place of
//! the connection that has been quiet for longest; where all are busy, newcomers
//! are told to come back. One sweep a second ends what is silent for too long,
//! so a request costs no timers. [`stream`] notes what a client takes and sends,
//! [`bodies`] when a request is over.

mod bodies;
mod refusal;
mod stream;
mod table;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{interval, sleep, timeout};
use tower::Service as _;

use bodies::{Arriving, Leaving};
use refusal::Refusals;
use stream::Stream;
use table::{Activity, ConnectionSlot, Table};

/// The most bytes of a request's head that are held.
const HEAD_LIMIT: usize = 64 * 1024;
const SWEPT_EVERY: Duration = Duration::from_secs(1);
const LOOKED_EVERY: Duration = Duration::from_millis(100);
/// The wait after the system has refused a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Bounds of all connections of a server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connections: usize,
    /// Connections of one address, or of one IPv6 network.
    pub of_one_address: usize,
    pub patience: Patience,
}

/// The longest waits for a client.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Time before a newcomer may end a quiet connection: its request may be on its way.
    pub fresh: Duration,
    /// Receipt of a whole request head.
    pub head: Duration,
    /// Idle time.
    pub idle: Duration,
    /// Pause within a request's body.
    pub body: Duration,
    /// Time without progress of an answer.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            fresh: Duration::from_millis(250),
            head: Duration::from_secs(10),
            // More than proxies keep connections for, so that they are the ones who end them.
            idle: Duration::from_secs(75),
            body: Duration::from_secs(20),
            answer: Duration::from_secs(30),
        }
    }
}

/// Serves until `stop` resolves. Then closes the port at once, ends connections without a request,
/// and gives all others `grace` to finish theirs.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
    grace: Duration,
) {
    let table = Arc::new(Table::new(limits));
    let (stopping, stopped) = watch::channel(());
    // Each connection that is served holds one.
    let (open, mut all_closed) = mpsc::channel::<()>(1);
    let desk = Desk { router: router.with_state(()), table: Arc::clone(&table), stopped, _open: open };
    accept_until(&listener, &desk, stop).await;

    drop(listener);
    drop(stopping);
    drop(desk);
    if timeout(grace, finish(&table, &mut all_closed)).await.is_err() {
        let cut_off = table.close_all();
        tracing::warn!(cut_off, "connections were still busy and are cut off");
    }
}

/// Ends connections as soon as they are without a request; returns when all are.
async fn finish(table: &Table, all_closed: &mut mpsc::Receiver<()>) {
    let mut looks = interval(LOOKED_EVERY);
    loop {
        tokio::select! {
            _ = all_closed.recv() => return,
            _ = looks.tick() => table.close_quiet(LOOKED_EVERY),
        }
    }
}

/// Context of a connection; cheap to clone.
#[derive(Clone)]
struct Desk {
    router: Router,
    table: Arc<Table>,
    stopped: watch::Receiver<()>,
    _open: mpsc::Sender<()>,
}

async fn accept_until(listener: &TcpListener, desk: &Desk, stop: impl Future<Output = ()>) {
    let refusals = Refusals::default();
    let mut sweeps = interval(SWEPT_EVERY);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => return,
            _ = sweeps.tick() => desk.table.sweep(),
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => admit(desk, &refusals, stream, address),
                Err(error) => after(&error, &desk.table).await,
            },
        }
    }
}

fn admit(desk: &Desk, refusals: &Refusals, stream: TcpStream, address: SocketAddr) {
    match desk.table.reserve(address.ip()) {
        Ok(place) => {
            let id = place.id();
            let close = tokio::spawn(converse(desk.clone(), place, stream, address)).abort_handle();
            desk.table.set_close(id, close);
        }
        Err(full) => refusals.refuse(full, stream),
    }
}

/// Makes room, as the system has none left, unless the client has gone away.
async fn after(error: &io::Error, table: &Table) {
    let is_of_client = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    );
    if !is_of_client {
        tracing::warn!(%error, "a connection could not be accepted");
        table.make_room();
        sleep(PAUSE).await;
    }
}

/// Answers the requests of one connection.
async fn converse(desk: Desk, place: ConnectionSlot, stream: TcpStream, address: SocketAddr) {
    // Answers are written whole: waiting for more to send only costs time.
    let _ = stream.set_nodelay(true);
    let Desk { router, mut stopped, .. } = desk;
    let activity = Arc::clone(&place.activity);
    let io = TokioIo::new(Stream::new(stream, Arc::clone(&activity)));
    let service = service_fn(move |request| answer(router.clone(), Arc::clone(&activity), address, request));
    let connection = http1::Builder::new().max_buf_size(HEAD_LIMIT).serve_connection(io, service);
    tokio::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => log(ended),
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            log(connection.await);
        }
    }
}

fn log(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}

async fn answer(
    mut router: Router,
    activity: Arc<Activity>,
    address: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Leaving>, Infallible> {
    let busy = activity.begin_request();
    let mut request = request.map(|body| Arriving::new(body, Arc::clone(&activity)));
    request.extensions_mut().insert(ConnectInfo(address));
    let Ok(response) = router.call(request).await;
    let mut response = if activity.is_body_late() { too_late() } else { response };
    if activity.is_body_unread() {
        // Nothing can follow on this connection.
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Leaving::new(body, busy)))
}

/// 408 for a body that did not come.
fn too_late() -> Response {
    StatusCode::REQUEST_TIMEOUT.into_response()
}
