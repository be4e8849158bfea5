//! Signals from the system.

use std::io;
use std::sync::Arc;

use super::state::Shared;

/// Waits until the process is told to end; meanwhile it reloads when told to.
#[cfg(unix)]
pub(super) async fn until_told(shared: &Arc<Shared>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hang_up = signal(SignalKind::hangup())?;
    loop {
        tokio::select! {
            _ = term.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            _ = hang_up.recv() => {
                let shared = Arc::clone(shared);
                // The result is in the log.
                let _ = tokio::task::spawn_blocking(move || shared.reload()).await;
            }
        }
    }
}

/// Waits until the process is told to end.
#[cfg(not(unix))]
pub(super) async fn until_told(_: &Arc<Shared>) -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
