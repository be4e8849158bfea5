//! Connections: accepted, served, and closed in the end without losing a request.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::rate::Peer;
use super::routes::router;
use super::state::Shared;
use super::timed::Timed;

/// The answer to a connection that is one too many.
const TOO_MANY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
/// Longest head of a request.
const LONGEST_HEAD: usize = 64 << 10;
/// Connections that may still be accepted at the very end.
const MOST_AT_LAST: usize = 1024;
/// Time for the first requests on the connections that were accepted last.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// How long to wait if no connection can be accepted, for example when file descriptors run out.
const PAUSE: Duration = Duration::from_millis(20);

/// Serves until it is told to stop, and then until everything is answered; returns whether everything was.
pub(super) async fn listen(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) -> bool {
    let served = Served {
        router: router(Arc::clone(&shared)),
        places: Arc::new(Semaphore::new(shared.options.limits.connections)),
        graceful: GracefulShutdown::new(),
        shared,
    };
    loop {
        tokio::select! {
            accepted = listener.accept() => served.take(accepted).await,
            () = told(&mut stop) => break,
        }
    }
    let shared = Arc::clone(&served.shared);
    shared.begin_stop();
    shared.log.say("info", "stop", "");
    // Callers that are on their way are still accepted, and told to go elsewhere next time.
    let drain = sleep(shared.drain());
    tokio::pin!(drain);
    loop {
        tokio::select! {
            accepted = listener.accept() => served.take(accepted).await,
            () = &mut drain => break,
        }
    }
    served.take_last(listener).await;
    // A connection on which nothing was read yet would be closed, even if a request is on its way.
    sleep(LAST_WORDS).await;
    timeout(shared.options.limits.grace, served.graceful.shutdown()).await.is_ok()
}

/// Waits until it is told to stop, or until nobody is left who could tell it.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|is_told| *is_told).await;
}

struct Served {
    router: Router,
    places: Arc<Semaphore>,
    graceful: GracefulShutdown,
    shared: Arc<Shared>,
}

impl Served {
    /// What the system has taken for us by now is ours to answer, though not what goes on to come. The system itself is
    /// asked, since what is known of the socket here may be older.
    async fn take_last(&self, listener: TcpListener) {
        let Ok(listener) = listener.into_std() else { return };
        for _ in 0..MOST_AT_LAST {
            let Ok((stream, address)) = listener.accept() else { break };
            let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
            self.take(stream.map(|stream| (stream, address))).await;
        }
    }

    async fn take(&self, accepted: std::io::Result<(TcpStream, std::net::SocketAddr)>) {
        let (stream, peer) = match accepted {
            Ok((stream, address)) => (stream, Peer(address.ip())),
            Err(error) => {
                self.shared.log.message("warning", "accept", &error.kind().to_string());
                sleep(PAUSE).await;
                return;
            }
        };
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            self.serve(stream, peer, place);
        } else {
            self.shared.metrics.refused_connections.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(refuse(stream));
        }
    }

    fn serve(&self, stream: TcpStream, peer: Peer, place: OwnedSemaphorePermit) {
        let limits = &self.shared.options.limits;
        // Answers are sent immediately; if that cannot be set, they are late, not wrong.
        let _ = stream.set_nodelay(true);
        let router = TowerToHyperService::new(self.router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            router.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(LONGEST_HEAD)
            .serve_connection(TokioIo::new(Timed::new(stream, limits.send)), service);
        let connection = self.graceful.watch(connection);
        let shared = Arc::clone(&self.shared);
        shared.metrics.connections.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            // It is no fault of ours if a client went away or did not send HTTP.
            let _ = connection.await;
            shared.metrics.connections.fetch_sub(1, Ordering::Relaxed);
            drop(place);
        });
    }
}

/// Tells a client that there are too many connections.
async fn refuse(mut stream: TcpStream) {
    let _ = timeout(Duration::from_secs(1), stream.write_all(TOO_MANY)).await;
    let _ = stream.shutdown().await;
}
