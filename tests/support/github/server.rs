//! HTTP: one thread with its own runtime, which ends when the fake is dropped.

use std::convert::Infallible;
use std::future::pending;
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use super::answer::Answer;
use super::call::Call;
use super::faults::{Deed, Fault};
use super::routes;
use super::world::World;

/// The running server; dropping it stops it and closes every connection.
pub struct Server {
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves the world on a listener.
    pub fn start(listener: TcpListener, world: World) -> Self {
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, world) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has spoken already.
            let _spoken = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, world: World) {
    listener.set_nonblocking(true).expect("a listener can wait");
    let listener = tokio::net::TcpListener::from_std(listener).expect("the listener joins the runtime");
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        // Without this every small answer waits 40 ms for the caller's acknowledgement.
        let _slower_at_worst = stream.set_nodelay(true);
        let world = world.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| respond(world.clone(), request));
            // Ends in an error whenever a fault closes the connection on purpose.
            let _closed = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// The connection ends here without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed on purpose")]
struct Closed;

async fn respond(world: World, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Closed> {
    let (parts, body) = request.into_parts();
    let call = Call {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: parts.headers,
        body: body.collect().await.map_err(|_| Closed)?.to_bytes(),
    };
    let (number, faults, latency) = {
        let mut state = world.state();
        let (number, faults) = state.arrives(&call);
        (number, faults, state.rules.latency)
    };
    if latency > Duration::ZERO {
        tokio::time::sleep(latency).await;
    }
    let answer = outcome(&world, &call, &faults).await?;
    world.state().answered(number, answer.status);
    let mut response = Response::builder().status(answer.status).header("content-type", answer.content_type);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    Ok(response.body(Full::new(answer.body)).expect("the fake's own headers are valid"))
}

/// The right answer, or what the faults make of it.
async fn outcome(world: &World, call: &Call, faults: &[Fault]) -> Result<Answer, Closed> {
    for fault in faults {
        match fault {
            Fault::Before(deed) => perform(deed, world).await?,
            Fault::Hang => pending().await,
            Fault::Close => return Err(Closed),
            other => {
                if let Some(answer) = other.answer(now()) {
                    return Ok(answer);
                }
            }
        }
    }
    let mut answer = routes::answer(&mut world.state(), call, now());
    for fault in faults {
        match fault {
            Fault::After(deed) => perform(deed, world).await?,
            Fault::HangAfter => pending().await,
            Fault::CloseAfter => return Err(Closed),
            Fault::BadGatewayAfter => answer = Answer::bad_gateway(),
            _ => {}
        }
    }
    Ok(answer)
}

/// Does a deed without the lock and off the server's thread, so that it may use the world, call the fake
/// and wait. One that panics has said so on stderr; its call gets no answer.
async fn perform(deed: &Deed, world: &World) -> Result<(), Closed> {
    let (deed, world) = (deed.clone(), world.clone());
    tokio::task::spawn_blocking(move || deed(&world)).await.map_err(|_| Closed)
}

/// Seconds since 1970 on the real clock, which is the one that limits are told in.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
}
