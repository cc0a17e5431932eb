//! One request: JSON over TLS, with limits on time and size, following nothing.

use super::reach::{Origin, Place, may_be_asked, may_connect, place};
use super::{Authority, Memory, Settings, settings};
use axum::body::{Body, Bytes};
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use ledger::House;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use serde_json::Value;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

const WITHIN: Duration = Duration::from_secs(10);
const LONGEST: usize = 256 << 10;
/// Addresses of one name that are tried.
const MOST_ADDRESSES: usize = 4;

/// A form to be sent, perhaps with a name and a secret.
#[derive(Default)]
pub struct Form {
    pub body: String,
    /// The value of `Authorization`.
    pub authorization: Option<String>,
}

/// Requests at once to addresses that strangers named: one that never answers must not hold everything up.
const MOST_AT_ONCE: usize = 32;

pub struct Gate(Semaphore);

impl Default for Gate {
    fn default() -> Self {
        Self(Semaphore::new(MOST_AT_ONCE))
    }
}

/// The answer to a GET, or to a POST of a form. What went wrong is said in words for the log.
pub async fn json(house: &House, url: &str, origin: Origin, form: Option<Form>) -> Result<Value, String> {
    json_within(WITHIN, house, url, origin, form).await
}

pub(crate) async fn json_within(
    within: Duration,
    house: &House,
    url: &str,
    origin: Origin,
    form: Option<Form>,
) -> Result<Value, String> {
    let memory = house.memory::<Memory>();
    let _turn = match origin {
        Origin::Operator => None,
        Origin::Stranger => Some(memory.gate.0.try_acquire().map_err(|_| "too many are asked already".to_owned())?),
    };
    tokio::time::timeout(within, asked(house, url, origin, form)).await.map_err(|_| "no answer in time".to_owned())?
}

/// Posts a text to an address that the operator named, and hands over the status and the text of the answer.
pub async fn tell(house: &House, url: &str, text: String, within: Duration) -> Result<(u16, String), String> {
    let work = async {
        let place = place(url).filter(|_| may_be_asked(url)).ok_or("the address is not safe")?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(&place.path)
            .header(header::HOST, &place.authority)
            .header(header::USER_AGENT, "HealthSync")
            .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
            .header(header::CONTENT_LENGTH, text.len())
            .body(Body::from(text))
            .map_err(|e| e.to_string())?;
        let (status, body) = answered(house, Origin::Operator, &place, request).await?;
        let text = String::from_utf8(body.to_vec()).map_err(|_| "the answer is no text".to_owned())?;
        Ok((status.as_u16(), text))
    };
    tokio::time::timeout(within, work).await.map_err(|_| "no answer in time".to_owned())?
}

async fn asked(house: &House, url: &str, origin: Origin, form: Option<Form>) -> Result<Value, String> {
    let place = place(url).filter(|_| may_be_asked(url)).ok_or("the address is not safe")?;
    let request = request(&place, form)?;
    let (status, body) = answered(house, origin, &place, request).await?;
    if !status.is_success() {
        return Err(format!("the answer was {status}"));
    }
    serde_json::from_slice(&body).map_err(|_| "the answer is no JSON".to_owned())
}

async fn answered(
    house: &House,
    origin: Origin,
    place: &Place,
    request: Request<Body>,
) -> Result<(StatusCode, Bytes), String> {
    let stream = connected(&settings(house), origin, place).await?;
    if !place.secure {
        return sent(stream, request).await;
    }
    let name = ServerName::try_from(place.host.clone()).map_err(|e| e.to_string())?;
    let connector = TlsConnector::from(trusted(house)?);
    let stream = connector.connect(name, stream).await.map_err(|e| format!("not to be trusted: {e}"))?;
    sent(stream, request).await
}

/// Connects to an address that was checked, and not to a name that might lead elsewhere the next moment.
pub async fn connected(settings: &Settings, origin: Origin, place: &Place) -> Result<TcpStream, String> {
    let found = tokio::net::lookup_host((place.host.as_str(), place.port));
    let found = found.await.map_err(|e| format!("the name leads nowhere: {e}"))?;
    let mut why = "the address is in a private network: outgoing.private_networks allows it".to_owned();
    for address in found.filter(|address| may_connect(settings, origin, address.ip())).take(MOST_ADDRESSES) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => why = format!("no way there: {error}"),
        }
    }
    Err(why)
}

fn request(place: &Place, form: Option<Form>) -> Result<Request<Body>, String> {
    let request = Request::builder()
        .uri(&place.path)
        .header(header::HOST, &place.authority)
        .header(header::ACCEPT, "application/json, application/jwk-set+json")
        .header(header::USER_AGENT, "HealthSync");
    let request = match form {
        None => request.method(Method::GET).body(Body::empty()),
        Some(form) => {
            let request = request
                .method(Method::POST)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::CONTENT_LENGTH, form.body.len());
            let request = match form.authorization {
                Some(value) => request.header(header::AUTHORIZATION, value),
                None => request,
            };
            request.body(Body::from(form.body))
        }
    };
    request.map_err(|e| e.to_string())
}

async fn sent<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    request: Request<Body>,
) -> Result<(StatusCode, Bytes), String> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|e| format!("it does not speak HTTP: {e}"))?;
    // The set ends what is in it when this function is left, also by the end of its time.
    let mut running = JoinSet::new();
    running.spawn(connection);
    let response = sender.send_request(request).await.map_err(|e| format!("it hung up: {e}"))?;
    let status = response.status();
    let body = Limited::new(response.into_body(), LONGEST).collect().await;
    let body = body.map_err(|_| "the answer is too long or broke off".to_owned())?.to_bytes();
    Ok((status, body))
}

/// The certificates that this machine trusts, and those the operator adds.
fn trusted(house: &House) -> Result<Arc<ClientConfig>, String> {
    let memory = house.memory::<Memory>();
    if let Some(known) = memory.trusted.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
        return Ok(Arc::clone(known));
    }
    let config = client(&settings(house).authorities)?;
    *memory.trusted.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&config));
    Ok(config)
}

/// Who is believed to be whom.
pub fn client(authorities: &[Authority]) -> Result<Arc<ClientConfig>, String> {
    let mut roots = rustls::RootCertStore::empty();
    // One that cannot be read is one that is not trusted.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(authorities.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
