//! SIGINT and SIGTERM: as process 1 of a container nobody else handles them, and the runner kills
//! after ten seconds. On Windows what stands for them: Ctrl-C, Ctrl-Break, and the window that is closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::runner::Runner;

/// From the signal to the end of all publishing, from there to the last words, and from there to the end of the
/// process: five seconds in all, because the runner kills after ten and stops the container before.
///
/// The first of them are shared. Requests in flight, which are paid for, get two seconds at most (`chain`'s grace);
/// nothing else is waited for, and publishing begins when the last of them is answered or dropped. So it has four
/// seconds where nothing was in flight, two in the worst case, and of pictures a blob is made already while the run
/// goes on.
const TO_PUBLISH: Duration = Duration::from_millis(4_200);
/// Of that, for the record: it comes last, and a run without one loses no picture.
pub(super) const TO_REMEMBER: Duration = Duration::from_millis(300);
const TO_TELL: Duration = Duration::from_millis(500);
/// Of that, for the alert: the report has to be written as well.
pub(super) const TO_ALERT: Duration = Duration::from_millis(250);
const LAST_WORDS: Duration = Duration::from_millis(300);

/// What a signal changes.
#[derive(Clone, Default)]
pub(super) struct Signals {
    number: Arc<AtomicU8>,
    /// Cancelled at the first signal: nothing new is begun.
    pub stop: CancellationToken,
    /// Cancelled when also what was begun has to be given up.
    pub late: CancellationToken,
}

/// Listens from now on. The thread and its runtime are its own, so that a signal is heard, and the process
/// ended, whatever the run hangs in.
pub(super) fn watch(runner: &Runner) -> Signals {
    let signals = Signals::default();
    let (heard, runner) = (signals.clone(), runner.clone());
    let (listens, ready) = mpsc::channel();
    let listen = move || {
        if let Err(error) = heard.listen(&runner, &listens) {
            warn!("signals cannot be handled: {error}");
        }
    };
    match thread::Builder::new().name("signals".to_owned()).spawn(listen) {
        // An error is the end of the listening as well.
        Ok(_) => _ = ready.recv(),
        Err(error) => warn!("signals cannot be handled: {error}"),
    }
    signals
}

impl Signals {
    /// The number of the first signal that asked the run to stop.
    pub(super) fn received(&self) -> Option<u8> {
        match self.number.load(Ordering::Relaxed) {
            0 => None,
            number => Some(number),
        }
    }

    /// Waits for a signal, which begins the end of the process.
    fn listen(&self, runner: &Runner, listens: &mpsc::Sender<()>) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (number, name) = runtime.block_on(asked_to_stop(listens))?;
        self.number.store(number, Ordering::Relaxed);
        self.stop.cancel();
        apart(move || warn!("{name}: stopping; what is finished is kept"));
        thread::sleep(TO_PUBLISH);
        self.late.cancel();
        thread::sleep(TO_TELL);
        let runner = runner.clone();
        apart(move || {
            let told = format!("the run did not end by itself within 5 s after {name}, so it was ended");
            runner.set_output("verdict", "failed");
            runner.summary(&format!("Hero images failed: {told}.\n"));
            runner.line(&format!("error: {told}"));
        });
        thread::sleep(LAST_WORDS);
        std::process::exit(128 + i32::from(number))
    }
}

/// Says when it listens, and waits for the first signal: its number, and its name.
#[cfg(unix)]
async fn asked_to_stop(listens: &mpsc::Sender<()>) -> std::io::Result<(u8, &'static str)> {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let _ = listens.send(());
    let came = async |signal: &mut Signal| {
        // It ends only with the process.
        if signal.recv().await.is_none() {
            std::future::pending().await
        }
    };
    Ok(tokio::select! {
        () = came(&mut interrupt) => (2, "SIGINT"),
        () = came(&mut terminate) => (15, "SIGTERM"),
    })
}

/// Says when it listens, and waits for the first event that asks a program to end: the number of the signal that it
/// stands for, and its name.
#[cfg(windows)]
async fn asked_to_stop(listens: &mpsc::Sender<()>) -> std::io::Result<(u8, &'static str)> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};

    let (mut interrupt, mut pause) = (ctrl_c()?, ctrl_break()?);
    let (mut close, mut shutdown) = (ctrl_close()?, ctrl_shutdown()?);
    let _ = listens.send(());
    Ok(tokio::select! {
        Some(()) = interrupt.recv() => (2, "Ctrl-C"),
        Some(()) = pause.recv() => (2, "Ctrl-Break"),
        Some(()) = close.recv() => (15, "closing of the window"),
        Some(()) = shutdown.recv() => (15, "shutdown of the machine"),
        // They end only with the process.
        else => std::future::pending().await,
    })
}

/// Tells something without waiting for a log that nobody may be reading.
fn apart(tell: impl FnOnce() + Send + 'static) {
    // Without a thread it stays untold.
    let _ = thread::Builder::new().spawn(tell);
}
