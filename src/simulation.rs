//! A tiny HTTP server on the loopback address that answers in place of others. It knows no service: a function says
//! what is answered. One request for each connection, bounded in bytes and time.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Most bytes of a request: head and body.
const REQUEST: usize = 1024 * 1024;
/// Longest time for a request and its answer.
const LONGEST: Duration = Duration::from_secs(30);
/// What ends the head of a request.
const END: &[u8] = b"\r\n\r\n";

/// What is answered to a request.
pub struct SimulatedAnswer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// The running server; it stops when this is dropped.
pub struct Simulation {
    address: String,
    server: JoinHandle<()>,
}

impl Simulation {
    /// Starts a server on a free port of this machine. `answers` is given path and query of each request.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(
        answers: impl Fn(&str) -> SimulatedAnswer + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let answers = Arc::new(answers);
        let server = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                let answers = Arc::clone(&answers);
                // Who goes away in the middle gets no answer, and needs none.
                connections.spawn(async move {
                    let _ = tokio::time::timeout(LONGEST, serve(stream, &*answers)).await;
                });
            }
        });
        Ok(Self { address, server })
    }

    /// Its address, without a trailing slash.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut stream: TcpStream, answers: impl Fn(&str) -> SimulatedAnswer) -> io::Result<()> {
    let mut request = Vec::new();
    let head = loop {
        if let Some(end) = request.windows(END.len()).position(|bytes| bytes == END) {
            break end + END.len();
        }
        if !more(&mut stream, &mut request).await? {
            return Ok(());
        }
    };
    let text = String::from_utf8_lossy(&request[..head]).into_owned();
    // What is not read makes the connection break before the answer has arrived.
    while request.len() < head.saturating_add(length(&text)) {
        if !more(&mut stream, &mut request).await? {
            return Ok(());
        }
    }
    let SimulatedAnswer { status, body } = answers(text.split(' ').nth(1).unwrap_or("/"));
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} Simulated\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    stream.shutdown().await
}

/// Reads on; `false` at the end, and where the request is too long.
async fn more(stream: &mut TcpStream, request: &mut Vec<u8>) -> io::Result<bool> {
    Ok(request.len() <= REQUEST && stream.read_buf(request).await? > 0)
}

/// How long the body is, by the head.
fn length(head: &str) -> usize {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let length = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Http, HttpRequest};

    #[tokio::test]
    async fn every_request_is_answered_by_its_path_whatever_its_body() {
        let answers = |target: &str| SimulatedAnswer { status: 418, body: target.to_owned().into() };
        let simulation = Simulation::start(answers).await.unwrap();
        let http = Http::direct();
        let url = format!("{}/a/b?c=d", simulation.address());
        let long = serde_json::json!({"text": "x".repeat(200_000)});
        for call in [
            HttpRequest::get(&url),
            HttpRequest::post_json(&url, long),
            HttpRequest::post_form(&url, [("prompt", "p".to_owned())]),
        ] {
            let answer = http.send(call).await.unwrap();
            assert_eq!((answer.status, &*answer.body), (418, &b"/a/b?c=d"[..]));
        }
    }
}
