//! The load: HTTP/1.1 over connections that stay open, with as little work per request as possible, because the driver
//! shares the processors with the server it measures.

use crate::machine::{Cpu, Shares};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One open connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub struct Answer<'c> {
    pub status: u16,
    pub body: &'c [u8],
}

/// The bytes of a request. The token is a secret of a server that lives for this run only.
pub fn request(method: &str, path: &str, token: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n").into_bytes();
    if !token.is_empty() {
        out.extend_from_slice(format!("Authorization: Bearer {token}\r\n").as_bytes());
    }
    if !body.is_empty() {
        let kind = if path.starts_with("/fhir") { "application/fhir+json" } else { "application/json" };
        out.extend_from_slice(format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
    out
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 1 << 16] })
    }

    /// Sends a request and waits for the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let n = self.stream.read(&mut self.buffer[filled..]).await?;
            if n == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection"));
            }
            filled += n;
            if let Some((head, status, length)) = head(&self.buffer[..filled])? {
                let whole = head + length;
                if self.buffer.len() < whole {
                    self.buffer.resize(whole, 0);
                }
                self.stream.read_exact(&mut self.buffer[filled..whole.max(filled)]).await?;
                return Ok(Answer { status, body: &self.buffer[head..whole] });
            }
        }
    }
}

/// Length of the head, status and length of the body, once the head is whole.
fn head(bytes: &[u8]) -> io::Result<Option<(usize, u16, usize)>> {
    let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { return Ok(None) };
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let text = std::str::from_utf8(&bytes[..end]).map_err(|_| wrong("a head that is no text"))?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.get(9..12)?.parse().ok()).ok_or_else(|| wrong("no status"))?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    match (length, status) {
        (Some(length), _) => Ok(Some((end + 4, status, length))),
        (None, 204 | 304) => Ok(Some((end + 4, status, 0))),
        (None, _) => Err(wrong("an answer without Content-Length")),
    }
}

/// How long a load lasts.
#[derive(Clone, Copy)]
pub enum Lasting {
    /// Until every request was sent once.
    Once,
    /// Over and over, and counted after a time of warming up.
    For { warm: Duration, counted: Duration },
}

/// What is sent: each connection takes the next request as soon as it has its answer.
pub struct Load {
    pub connections: usize,
    pub requests: Arc<Vec<Vec<u8>>>,
    pub expect: u16,
    pub lasting: Lasting,
}

/// What came of it.
pub struct Driven {
    pub requests: u64,
    pub seconds: f64,
    /// In microseconds, sorted.
    pub latency: Vec<u32>,
    pub shares: Shares,
}

impl Driven {
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    /// Milliseconds within which this part of the answers came.
    pub fn percentile(&self, part: f64) -> f64 {
        let last = self.latency.len().saturating_sub(1);
        let at = (part * last as f64).round() as usize;
        self.latency.get(at).map_or(0.0, |us| f64::from(*us) / 1000.0)
    }
}

/// Drives a load against the server with this process number. An answer that is not as expected fails all of it:
/// errors are answered fast, and would look like speed.
pub async fn drive(address: SocketAddr, pid: u32, load: &Load) -> Result<Driven, String> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut connections = Vec::with_capacity(load.connections);
    for _ in 0..load.connections {
        connections.push(Connection::open(address).await.map_err(|e| format!("cannot connect: {e}"))?);
    }
    let begun = Instant::now();
    let (from, until) = match load.lasting {
        Lasting::Once => (begun, None),
        Lasting::For { warm, counted } => (begun + warm, Some(begun + warm + counted)),
    };
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|c| tokio::spawn(one(c, Arc::clone(&load.requests), Arc::clone(&next), load.expect, from, until)))
        .collect();
    tokio::time::sleep_until(from.into()).await;
    let before = Cpu::now(pid)?;
    if let Some(until) = until {
        tokio::time::sleep_until(until.into()).await;
    }
    let mut after = Cpu::now(pid)?;
    let mut latency = Vec::new();
    for task in tasks {
        latency.extend(task.await.map_err(|e| e.to_string())??);
    }
    let seconds = match until {
        Some(until) => (until - from).as_secs_f64(),
        None => {
            after = Cpu::now(pid)?;
            begun.elapsed().as_secs_f64()
        }
    };
    latency.sort_unstable();
    Ok(Driven { requests: latency.len() as u64, seconds, latency, shares: after.since(&before, seconds) })
}

async fn one(
    mut connection: Connection,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    expect: u16,
    from: Instant,
    until: Option<Instant>,
) -> Result<Vec<u32>, String> {
    let mut latency = Vec::with_capacity(1 << 14);
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if until.is_none() && number >= requests.len() {
            return Ok(latency);
        }
        let request = &requests[number % requests.len()];
        let sent = Instant::now();
        let answer = connection.exchange(request).await.map_err(|e| format!("request {number}: {e}"))?;
        if answer.status != expect {
            let body = String::from_utf8_lossy(&answer.body[..answer.body.len().min(600)]);
            return Err(format!("request {number}: status {} instead of {expect}: {body}", answer.status));
        }
        let received = Instant::now();
        if until.is_some_and(|until| received >= until) {
            return Ok(latency);
        }
        if received >= from {
            latency.push(u32::try_from((received - sent).as_micros()).unwrap_or(u32::MAX));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-type: x\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(head(&answer[..answer.len() - 7]).unwrap(), None);
        assert_eq!(head(answer).unwrap(), Some((answer.len() - 5, 201, 5)));
        assert_eq!(head(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().map(|h| (h.1, h.2)), Some((204, 0)));
        assert!(head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(head(b"nonsense\r\n\r\n").is_err());
    }

    #[test]
    fn a_percentile_is_one_of_the_latencies() {
        let latency: Vec<u32> = (1..=100).map(|ms| ms * 1000).collect();
        let shares = Shares { server: 0.0, driver: 0.0, others: 0.0 };
        let driven = Driven { requests: 100, seconds: 2.0, latency, shares };
        assert_eq!((driven.percentile(0.0), driven.percentile(1.0), driven.per_second()), (1.0, 100.0, 50.0));
        assert!((driven.percentile(0.5) - 50.5).abs() <= 0.5);
    }

    #[test]
    fn a_request_says_how_long_its_body_is() {
        let text = String::from_utf8(request("POST", "/fhir/Observation", "t", b"{}")).unwrap();
        assert!(text.contains("Authorization: Bearer t\r\n") && text.ends_with("Content-Length: 2\r\n\r\n{}"));
        assert!(!String::from_utf8(request("GET", "/", "", b"")).unwrap().contains("Content"));
    }
}
