//! SIGINT and SIGTERM: as process 1 of a container nobody else handles them, and the runner kills
//! after ten seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// Which signal came, if one did.
#[derive(Clone, Default)]
pub(super) struct Signals(Arc<AtomicU8>);

impl Signals {
    /// The number of the first signal that asked the run to stop.
    pub fn received(&self) -> Option<u8> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            number => Some(number),
        }
    }
}

/// Cancels `stop` at the first of these signals.
pub(super) fn watch(stop: CancellationToken) -> Signals {
    let signals = Signals::default();
    for (kind, number, name) in
        [(SignalKind::interrupt(), 2, "SIGINT"), (SignalKind::terminate(), 15, "SIGTERM")]
    {
        let (stop, signals) = (stop.clone(), signals.clone());
        match signal(kind) {
            Ok(mut stream) => {
                tokio::spawn(async move {
                    stream.recv().await;
                    warn!("{name}: stopping; what is finished is kept");
                    let _ = signals.0.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed);
                    stop.cancel();
                });
            }
            Err(error) => warn!("{name} cannot be handled: {error}"),
        }
    }
    signals
}
