//! Server-sent events that tell listeners that something has happened.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_core::Stream;
use tokio::sync::{mpsc, watch};

use super::reply::plain;
use super::shared::Shared;

/// The shortest time between two messages.
const PAUSE: Duration = Duration::from_millis(150);
/// The longest silence, so that clients that have gone are noticed.
const SILENCE: Duration = Duration::from_secs(15);

/// The channel to listeners.
#[derive(Debug)]
pub(super) struct Bell {
    /// How often something has happened; `None` once the service stops.
    count: watch::Sender<Option<u64>>,
}

impl Default for Bell {
    fn default() -> Self {
        Self { count: watch::Sender::new(Some(0)) }
    }
}

impl Bell {
    /// Something has happened.
    pub(super) fn ring(&self) {
        self.count.send_modify(|count| *count = count.map(|count| count + 1));
    }

    /// Nothing will happen any more.
    pub(super) fn end(&self) {
        self.count.send_replace(None);
    }
}

/// Messages as a body.
struct Messages(mpsc::Receiver<Bytes>);

impl Stream for Messages {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|message| message.map(Ok))
    }
}

/// Sends a message each time something has happened, and once at the start.
pub(super) async fn listen(State(shared): State<Shared>) -> Response {
    let mut count = shared.kept.bell.count.subscribe();
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        loop {
            let Some(now) = *count.borrow_and_update() else { return };
            if sender.send(Bytes::from(format!("data: {now}\n\n"))).await.is_err() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
            while let Err(_silent) = tokio::time::timeout(SILENCE, count.changed()).await {
                if sender.send(Bytes::from_static(b": nothing new\n\n")).await.is_err() {
                    return;
                }
            }
        }
    });
    let mut response = plain(StatusCode::OK, "text/event-stream", Body::from_stream(Messages(receiver)));
    response.headers_mut().insert("cache-control", HeaderValue::from_static("no-store"));
    response
}
