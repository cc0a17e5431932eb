//! A place that the operator named and that is asked often, such as a store of files: its connections are kept for the next
//! request. What is sent and what comes back is as long as it is, and is never held whole here.

use super::fetch::{client, connected};
use super::reach::{Origin, Place, may_be_asked, place};
use super::{Authority, Settings};
use axum::body::{Body, Bytes};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// To connect, all of TLS included.
const REACHED_WITHIN: Duration = Duration::from_secs(5);
/// Until an answer begins, and between two pieces of it.
const SILENT: Duration = Duration::from_secs(30);
/// Most servers hang up on who says nothing for a minute.
const IDLE: Duration = Duration::from_secs(20);
const MOST_IDLE: usize = 16;
const READY_WITHIN: Duration = Duration::from_millis(100);
/// The longest answer that is taken whole.
const LONGEST: usize = 4 << 20;

struct Idle {
    sender: SendRequest<Body>,
    since: Instant,
}

/// The way to one place.
pub struct Line {
    place: Place,
    authorities: Vec<Authority>,
    trusted: OnceLock<Arc<ClientConfig>>,
    idle: Mutex<Vec<Idle>>,
}

// By hand: connections show nothing of themselves.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("place", &self.place.authority).finish_non_exhaustive()
    }
}

/// An answer whose body comes piece by piece. One that is left before its end closes its connection.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: Incoming,
    /// The connection, and whose it is, until the body was read to its end.
    held: Option<(SendRequest<Body>, Arc<Line>)>,
}

impl Line {
    /// The way to the host of an address; TLS, except on one's own machine.
    pub fn new(url: &str, authorities: Vec<Authority>) -> Result<Self, String> {
        let place = place(url).filter(|_| may_be_asked(url));
        let place = place.ok_or("expected https://name, or http:// on this machine")?;
        Ok(Self { place, authorities, trusted: OnceLock::new(), idle: Mutex::default() })
    }

    /// Host and port of the place, for words about it.
    pub fn authority(&self) -> &str {
        &self.place.authority
    }

    /// Sends a request whose URI is path and query, and which may come twice: a kept connection that turns out to be over costs a
    /// second try on a new one, for which it is made again. What went wrong is said in words that do not repeat the address: it
    /// may be signed.
    pub async fn ask(self: &Arc<Self>, make: impl Fn() -> Result<Request<Body>, String>) -> Result<Answer, String> {
        if let Some(sender) = self.kept().await
            && let Ok(answer) = self.sent(sender, make()?).await
        {
            return Ok(answer);
        }
        let sender = timeout(REACHED_WITHIN, self.opened()).await.map_err(|_| "no way there in time".to_owned())??;
        self.sent(sender, make()?).await
    }

    async fn sent(
        self: &Arc<Self>,
        mut sender: SendRequest<Body>,
        mut request: Request<Body>,
    ) -> Result<Answer, String> {
        let host = HeaderValue::from_str(&self.place.authority).map_err(|e| e.to_string())?;
        request.headers_mut().insert(header::HOST, host);
        request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static("HealthSync"));
        let answer = timeout(SILENT, sender.send_request(request)).await;
        let answer: Response<Incoming> =
            answer.map_err(|_| "no answer in time".to_owned())?.map_err(|e| format!("it hung up: {e}"))?;
        let (parts, body) = answer.into_parts();
        Ok(Answer { status: parts.status, headers: parts.headers, body, held: Some((sender, Arc::clone(self))) })
    }

    /// A connection of before that still stands.
    async fn kept(&self) -> Option<SendRequest<Body>> {
        loop {
            let Idle { mut sender, since } = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            // One that is still busy with what it was asked before is not waited for.
            let ready = timeout(READY_WITHIN, sender.ready());
            if since.elapsed() < IDLE && matches!(ready.await, Ok(Ok(()))) {
                return Some(sender);
            }
        }
    }

    fn keep(&self, sender: SendRequest<Body>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|idle| idle.since.elapsed() < IDLE);
        if idle.len() < MOST_IDLE {
            idle.push(Idle { sender, since: Instant::now() });
        }
    }

    async fn opened(&self) -> Result<SendRequest<Body>, String> {
        let stream = connected(&Settings::default(), Origin::Operator, &self.place).await?;
        // A request is head and body, and the body must not wait for the other side to have heard the head.
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        if !self.place.secure {
            return greeted(stream).await;
        }
        let name = ServerName::try_from(self.place.host.clone()).map_err(|e| e.to_string())?;
        let config = match self.trusted.get() {
            Some(config) => Arc::clone(config),
            None => {
                let made = client(&self.authorities)?;
                Arc::clone(self.trusted.get_or_init(|| made))
            }
        };
        let stream = TlsConnector::from(config).connect(name, stream).await;
        greeted(stream.map_err(|e| format!("not to be trusted: {e}"))?).await
    }
}

async fn greeted<S>(stream: S) -> Result<SendRequest<Body>, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let made = http1::handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(|e| format!("it does not speak HTTP: {e}"))?;
    // It ends when nobody holds the sender or the body of an answer any more.
    tokio::spawn(connection);
    Ok(sender)
}

impl Answer {
    /// The next piece of the body; `None` after its end.
    pub async fn piece(&mut self) -> Option<Result<Bytes, String>> {
        loop {
            match timeout(SILENT, self.body.frame()).await {
                Err(_) => return Some(Err("it fell silent".to_owned())),
                Ok(Some(Err(error))) => return Some(Err(format!("it broke off: {error}"))),
                Ok(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        return Some(Ok(data));
                    }
                }
                Ok(None) => {
                    if let Some((sender, line)) = self.held.take() {
                        line.keep(sender);
                    }
                    return None;
                }
            }
        }
    }

    /// All of the body as a text, for what is known to be short.
    pub async fn text(mut self) -> Result<String, String> {
        let read = Limited::new(&mut self.body, LONGEST).collect();
        let read = timeout(SILENT, read).await.map_err(|_| "it fell silent".to_owned())?;
        let read = read.map_err(|_| "the answer is too long or broke off".to_owned())?.to_bytes();
        if let Some((sender, line)) = self.held.take() {
            line.keep(sender);
        }
        String::from_utf8(read.to_vec()).map_err(|_| "the answer is no text".to_owned())
    }
}
