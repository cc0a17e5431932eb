//! A provider that says whatever a test wants, on a port of this machine, in the clear or with TLS.

use crate::identity::oauth::{Key, parameter, seconds};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, Request, header};
use kernel::{Clock, SystemClock};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use testkit::{Person, Reply, TestApp};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// What the provider says, and what it was asked.
pub struct Provider {
    pub issuer: String,
    /// The keys it publishes; the first one signs.
    pub keys: Mutex<Vec<Key>>,
    /// What its discovery document says besides, or instead.
    pub document: Mutex<Value>,
    /// The answer to the next code, and its status.
    pub answer: Mutex<(u16, Value)>,
    pub asked: Mutex<(Option<String>, String)>,
    /// How often its keys were fetched.
    pub fetched: Mutex<usize>,
}

/// A certificate for `localhost`, with its key.
pub fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/server/tests/tls").join(name)
}

/// Takes connections with TLS.
struct Secured(TcpListener, TlsAcceptor);

impl axum::serve::Listener for Secured {
    type Io = TlsStream<TcpStream>;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (socket, address) = self.0.accept().await.unwrap();
            if let Ok(stream) = self.1.accept(socket).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

pub async fn start(secure: bool) -> Arc<Provider> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let issuer = if secure { format!("https://localhost:{}", address.port()) } else { format!("http://{address}") };
    let provider = Arc::new(Provider {
        issuer,
        keys: Mutex::new(vec![Key::es256("first")]),
        document: Mutex::new(json!({})),
        answer: Mutex::new((200, json!({}))),
        asked: Mutex::default(),
        fetched: Mutex::default(),
    });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(document))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .with_state(Arc::clone(&provider));
    if secure {
        let chain = vec![CertificateDer::from_pem_file(certificate("localhost.crt")).unwrap()];
        let key = PrivateKeyDer::from_pem_file(certificate("localhost.key")).unwrap();
        let ring = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(chain, key).unwrap();
        let listener = Secured(listener, TlsAcceptor::from(Arc::new(config)));
        tokio::spawn(async move { axum::serve(listener, router).await });
    } else {
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    provider
}

async fn document(State(p): State<Arc<Provider>>) -> Json<Value> {
    let at = |path: &str| format!("{}/{path}", p.issuer);
    let mut document = json!({ "issuer": p.issuer, "authorization_endpoint": at("authorize"),
                               "token_endpoint": at("token"), "jwks_uri": at("keys") });
    for (name, value) in p.document.lock().unwrap().as_object().unwrap() {
        document[name] = value.clone();
    }
    Json(document)
}

async fn keys(State(p): State<Arc<Provider>>) -> Json<Value> {
    *p.fetched.lock().unwrap() += 1;
    let keys: Vec<Value> = p.keys.lock().unwrap().iter().map(Key::jwk).collect();
    Json(json!({ "keys": keys }))
}

async fn token(State(p): State<Arc<Provider>>, headers: HeaderMap, body: String) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    *p.asked.lock().unwrap() = (authorization, body);
    let (status, answer) = p.answer.lock().unwrap().clone();
    (StatusCode::from_u16(status).unwrap(), Json(answer)).into_response()
}

impl Provider {
    /// A whole word about somebody, for whoever went to this address.
    pub fn claims(&self, to: &str, subject: &str, email: &str) -> Value {
        json!({ "iss": self.issuer, "aud": "us", "sub": subject, "iat": seconds(), "exp": seconds() + 300,
                "nonce": parameter(to, "nonce"), "email": email, "email_verified": true })
    }

    pub fn signed(&self, claims: &Value) -> String {
        let keys = self.keys.lock().unwrap();
        keys[0].sign_as(&keys[0].header(), claims)
    }

    pub fn says(&self, token: impl Into<Value>) {
        *self.answer.lock().unwrap() =
            (200, json!({ "access_token": "x", "token_type": "Bearer", "id_token": token.into() }));
    }
}

/// A server that knows this provider as `hospital`; `more` are other settings.
pub fn app_with(issuer: &str, more: &[(&str, &str)]) -> TestApp {
    app_at(Arc::new(SystemClock), issuer, more)
}

/// The same with a clock that the test moves.
pub fn app_at(clock: Arc<dyn Clock>, issuer: &str, more: &[(&str, &str)]) -> TestApp {
    let mut settings = vec![
        ("HEALTHSYNC__SIGN_IN__HOSPITAL__NAME", "St. Elsewhere"),
        ("HEALTHSYNC__SIGN_IN__HOSPITAL__ISSUER", issuer),
        ("HEALTHSYNC__SIGN_IN__HOSPITAL__CLIENT_ID", "us"),
        ("HEALTHSYNC__LIMITS__LOGIN_PER_MINUTE", "1000"),
    ];
    settings.extend_from_slice(more);
    TestApp::with(clock, &settings)
}

/// The provider knows who has an address of this domain, which is that of everybody in tests.
pub const KNOWS: (&str, &str) = ("HEALTHSYNC__SIGN_IN__HOSPITAL__EMAIL_DOMAINS", "example.org");

pub fn address(person: &Person) -> String {
    format!("{}@example.org", person.username)
}

/// What a browser with these cookies gets.
pub async fn visit(app: &TestApp, path: &str, cookies: &str) -> Reply {
    let request = Request::get(path).header(header::HOST, "localhost").header(header::COOKIE, cookies);
    app.request(request.body(axum::body::Body::empty()).unwrap()).await
}

/// What a page of this server gets that sends something.
pub async fn act(app: &TestApp, path: &str, cookies: &str, body: &Value) -> Reply {
    let request = Request::post(path)
        .header(header::HOST, "localhost")
        .header(header::COOKIE, cookies)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json");
    app.request(request.body(axum::body::Body::from(body.to_string())).unwrap()).await
}

/// A cookie that an answer sets, as a browser sends it.
pub fn cookie(reply: &Reply, name: &str) -> Option<String> {
    let lines = reply.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap());
    let found = lines.filter_map(|line| line.split(';').next()).find(|pair| pair.starts_with(&format!("{name}=")))?;
    (!found.ends_with('=')).then(|| found.to_owned())
}

/// Somebody who went to the provider: the address they were sent to, and the cookie they got.
pub struct Gone {
    pub to: String,
    pub state: String,
    pub cookie: String,
}

pub async fn go(app: &TestApp) -> Gone {
    gone(&visit(app, "/oauth/external/hospital", "").await.expect(303), |reply| {
        reply.header("location").unwrap().to_owned()
    })
}

pub fn gone(reply: &Reply, to: impl Fn(&Reply) -> String) -> Gone {
    let to = to(reply);
    Gone { state: parameter(&to, "state").unwrap(), cookie: cookie(reply, "healthsync_external").unwrap(), to }
}

/// Comes back with a code; gives where that leads, and the cookie of a session.
pub async fn come_back(app: &TestApp, gone: &Gone, cookies: &str) -> (String, Option<String>) {
    let path = format!("/oauth/external/hospital/back?code=c0de&state={}", gone.state);
    let reply = visit(app, &path, &format!("{}; {cookies}", gone.cookie)).await.expect(303);
    (reply.header("location").unwrap().to_owned(), cookie(&reply, "healthsync_session"))
}

/// Signs in somebody with this subject and address, with what `change` does to the provider's word.
pub async fn sign_in(
    app: &TestApp,
    provider: &Provider,
    (subject, email): (&str, &str),
    change: impl FnOnce(&mut Value),
) -> (String, Option<String>) {
    let gone = go(app).await;
    let mut claims = provider.claims(&gone.to, subject, email);
    change(&mut claims);
    provider.says(provider.signed(&claims));
    come_back(app, &gone, "").await
}

/// A session of somebody's in a browser, by their password.
pub async fn browser(app: &TestApp, person: &Person) -> String {
    let form = json!({ "username": person.username, "password": testkit::PASSWORD, "session": "cookie" });
    let reply = app.post("/api/auth/login", None, form).await.expect(200);
    cookie(&reply, "healthsync_session").unwrap()
}

/// Connects the account of whoever has these cookies.
pub async fn connect(app: &TestApp, provider: &Provider, cookies: &str, (subject, email): (&str, &str)) -> String {
    let reply = act(app, "/api/auth/external/hospital/link", cookies, &json!({})).await.expect(200);
    let gone = gone(&reply, |reply| reply.json()["address"].as_str().unwrap().to_owned());
    provider.says(provider.signed(&provider.claims(&gone.to, subject, email)));
    come_back(app, &gone, cookies).await.0
}
