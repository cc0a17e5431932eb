//! The application under test.

use crate::{Person, Reply};
use axum::Router;
use axum::body::Body;
use fhir::Kind;
use http::{Method, Request, header};
use http_body_util::BodyExt;
use kernel::{Clock, Ctx, SystemClock, SystemRng};
use ledger::House;
use records::bundle::{Options, Summary};
use serde_json::Value;
use server::config::{self, Config, Given, Log};
use server::desk::Desk;
use std::net::SocketAddr;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tower::ServiceExt;

/// The whole server without a socket. Tests that use it run on a multi-threaded runtime, as the server does.
pub struct TestApp {
    pub house: House,
    pub config: Config,
    pub desk: Arc<Desk>,
    router: Router,
    /// The letters that were sent.
    pub outbox: Arc<notify::Outbox>,
    /// The data folder, removed at the end.
    pub folder: TempDir,
}

/// The same server behind a socket of its own.
pub struct Listening {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<()>,
}

/// An answer that is read piece by piece.
pub struct Slowly(Body);

impl Slowly {
    /// The next piece, `None` after the end; an error when the answer is broken off.
    pub async fn piece(&mut self) -> Option<Result<bytes::Bytes, String>> {
        let frame = self.0.frame().await?;
        Some(frame.map(|frame| frame.into_data().unwrap_or_default()).map_err(|error| error.to_string()))
    }
}

/// Does what a server would do in the background, where one that is not running any more left its data.
pub async fn run_jobs_of(config: &Config, clock: Arc<dyn Clock>) {
    let house = server::house::open_with(config, clock, Arc::new(SystemRng)).unwrap();
    let _desk = Desk::new(house.clone(), config, None);
    // The schedules first, then what they brought.
    for _ in 0..2 {
        jobs::run_due(&house, &server::work::registry(config.retention)).await.unwrap();
    }
}

impl TestApp {
    pub fn start() -> Self {
        Self::with_clock(Arc::new(SystemClock))
    }

    /// With a clock that the test moves.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self::build(clock, &[])
    }

    /// With settings as the environment would give them: `("HEALTHSYNC__LIMITS__BODY_BYTES", "1000")`.
    pub fn with_settings(settings: &[(&str, &str)]) -> Self {
        Self::build(Arc::new(SystemClock), settings)
    }

    fn build(clock: Arc<dyn Clock>, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = std::env::var("TEST_DATABASE_URL").ok().map(|url| db::testing::fresh_postgres(&url));
        let given = Given { data: folder.path().to_owned(), database, ..Given::default() };
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut config = config::load(&given, settings).unwrap();
        // This process is a test: what looks into files is the real program.
        config.documents.program = crate::binary::path();
        // What the server fails on is shown with the test that it fails.
        server::log::start(&Log { level: "error".to_owned(), ..config.log.clone() });
        let house = server::house::open_with(&config, clock, Arc::new(SystemRng)).unwrap();
        let outbox = notify::Outbox::new(Arc::clone(&house.clock));
        notify::mail_by(&house, outbox.clone());
        let desk = Desk::new(house.clone(), &config, None);
        let router = server::router::router(&desk);
        Self { house, config, desk, router, outbox, folder }
    }

    /// With both.
    pub fn with(clock: Arc<dyn Clock>, settings: &[(&str, &str)]) -> Self {
        Self::build(clock, settings)
    }

    /// Does what is due in the background, such as sending letters.
    pub async fn run_jobs(&self) {
        jobs::run_due(&self.house, &server::work::registry(self.config.retention)).await.unwrap();
    }

    /// The operator at the command line.
    pub fn operator(&self) -> Ctx {
        Ctx::operator(Arc::clone(&self.house.clock), Arc::clone(&self.house.rng))
    }

    /// Sends a request as it is.
    pub async fn request(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Sends a request with the caller's token. `/fhir` gets FHIR's media type, everything else plain JSON.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        who: impl Into<Option<&Person>>,
        body: impl Into<Option<Value>>,
    ) -> Reply {
        let mut request = addressed(method, path, who.into());
        let body = match body.into() {
            Some(json) => {
                let kind = if path.starts_with("/fhir") { "application/fhir+json" } else { "application/json" };
                request = request.header(header::CONTENT_TYPE, kind);
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.request(request.body(body).unwrap()).await
    }

    /// The same in the record that is open: another's, whom the caller looks after.
    pub async fn send_in(&self, record: &str, method: &str, path: &str, who: &Person, body: Option<Value>) -> Reply {
        self.send_with(("x-record", record), method, path, who, body).await
    }

    /// Sends a request with one more header.
    pub async fn send_with(
        &self,
        (name, value): (&str, &str),
        method: &str,
        path: &str,
        who: &Person,
        body: Option<Value>,
    ) -> Reply {
        let mut request = addressed(method, path, Some(who)).header(name, value);
        let body = match body {
            Some(json) => {
                let kind = if path.starts_with("/fhir") { "application/fhir+json" } else { "application/json" };
                request = request.header(header::CONTENT_TYPE, kind);
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.request(request.body(body).unwrap()).await
    }

    /// Sends a request and looks only at the beginning of the answer, which may have no end.
    pub async fn head(&self, method: &str, path: &str, who: Option<&Person>) -> Reply {
        let request = addressed(method, path, who).body(Body::empty()).unwrap();
        let (parts, _) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body: bytes::Bytes::new() }
    }

    /// Begins to read an answer, as slowly as the test likes.
    pub async fn reading(&self, path: &str, who: &Person) -> Slowly {
        let request = addressed("GET", path, Some(who)).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        Slowly(response.into_body())
    }

    pub async fn get(&self, path: &str, who: impl Into<Option<&Person>>) -> Reply {
        self.send("GET", path, who, None).await
    }

    pub async fn post(&self, path: &str, who: impl Into<Option<&Person>>, body: Value) -> Reply {
        self.send("POST", path, who, body).await
    }

    pub async fn put(&self, path: &str, who: impl Into<Option<&Person>>, body: Value) -> Reply {
        self.send("PUT", path, who, body).await
    }

    pub async fn delete(&self, path: &str, who: impl Into<Option<&Person>>) -> Reply {
        self.send("DELETE", path, who, None).await
    }

    /// Makes a resource as the operator; returns its FHIR id.
    pub async fn create(&self, resource: &Value) -> String {
        let kind = Kind::parse(resource["resourceType"].as_str().unwrap()).unwrap();
        let bytes = resource.to_string().into_bytes();
        let done = records::change::create(&self.house, &self.operator(), kind, bytes).await.unwrap();
        done.stored.id().to_owned()
    }

    /// Takes a bundle in as `healthsync import` does.
    pub async fn import(&self, bundle: impl Into<Vec<u8>>) -> Summary {
        self.import_for(None, bundle).await
    }

    /// The same as the contribution of an organization, by its name.
    pub async fn import_for(&self, organization: Option<&str>, bundle: impl Into<Vec<u8>>) -> Summary {
        let organization = match organization {
            Some(name) => Some(self.workplace(name).await.rid.get()),
            None => None,
        };
        let (house, ctx, bundle) = (self.house.clone(), self.operator(), bundle.into());
        let options = Options { organization, ..Options::default() };
        let process = move || records::bundle::process(&house, &ctx, bundle, &options);
        tokio::task::spawn_blocking(process).await.unwrap().unwrap()
    }

    /// Puts the application behind a socket on this machine, for what a call inside the process cannot show.
    pub async fn listen(&self) -> Listening {
        listen(self.router.clone(), self.house.clone()).await
    }

    /// Another server on the same database, behind a socket of its own: it shares nothing else with this one.
    pub async fn replica(&self) -> Listening {
        let house = server::house::open_with(&self.config, Arc::clone(&self.house.clock), Arc::new(SystemRng)).unwrap();
        let desk = Desk::new(house.clone(), &self.config, None);
        listen(server::router::router(&desk), house).await
    }
}

async fn listen(router: Router, house: House) -> Listening {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        server::listen::serve(listener, None, router, 100, async {
            let _ = stopped.await;
            notify::end_streams(&house);
        })
        .await;
    });
    Listening { address, stop: Some(stop), task }
}

fn addressed(method: &str, path: &str, who: Option<&Person>) -> http::request::Builder {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    match who {
        Some(person) => request.header(header::AUTHORIZATION, format!("Bearer {}", person.token)),
        None => request,
    }
}

impl Listening {
    /// Stops as the server does on SIGTERM, and waits for the end.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        (&mut self.task).await.unwrap();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}
