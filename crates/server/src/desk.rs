//! What the server itself keeps while it runs: the house, its limits, and what it counted.

use crate::config::Config;
use crate::proxies::Network;
use kernel::Timestamp;
use ledger::House;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The state of the server's own routes and of its border.
pub struct Desk {
    pub house: House,
    pub started: Timestamp,
    /// Whether browsers come by TLS: decides the name of the cookie and two headers.
    pub secure: bool,
    /// The name requests may be addressed to besides `localhost` and addresses.
    pub public_host: Option<String>,
    /// Where it listens.
    pub listen: IpAddr,
    pub fhir_body_bytes: u64,
    pub request_seconds: u64,
    /// The largest file of a document.
    pub document_bytes: u64,
    pub demo: Option<crate::api::demo::Demo>,
    /// Where a demonstration keeps its letters.
    pub outbox: Option<Arc<notify::Outbox>>,
    /// Whose word on where a request came from is taken.
    pub proxies: Vec<Network>,
    pub counted: Counted,
    /// The number of the first request of this process; chance makes it differ from those of the last.
    first: u64,
}

/// Requests since the start.
#[derive(Default)]
pub struct Counted {
    requests: AtomicU64,
    errors: AtomicU64,
}

impl Desk {
    pub fn new(house: House, config: &Config, demo: Option<crate::api::demo::Demo>) -> Arc<Self> {
        let settings = identity::Settings {
            secure: config.secure(),
            attempts_per_minute: config.limits.login_per_minute,
            party: identity::Party::of(config.public_url.as_deref()),
            address: config.public_url.clone(),
            ..identity::Settings::default()
        };
        identity::configure(&house, settings);
        // A demonstration sends nothing to anybody unless it is told how: its letters are there for all to read.
        let outbox = (demo.is_some() && !notify::can_mail(&house)).then(|| {
            let outbox = notify::Outbox::new(Arc::clone(&house.clock));
            notify::mail_by(&house, outbox.clone());
            outbox
        });
        identity::external::configure(&house, config.sign_in.clone());
        let private = config.outgoing.private_networks.clone();
        let outgoing = identity::outgoing::Settings {
            private: Some(Arc::new(move |address| private.iter().any(|network| network.holds(address)))),
            authorities: config.outgoing.authorities.clone(),
        };
        identity::outgoing::configure(&house, outgoing);
        identity::oauth::configure(&house, identity::oauth::Settings { public_url: config.public_url.clone() });
        documents::configure(&house, config.documents.settings());
        if let Some(models) = crate::face::models(config.face_models.clone()) {
            identity::face::install(&house, models);
        }
        let first = u64::from_le_bytes(kernel::rng::bytes(&*house.rng));
        Arc::new(Self {
            started: house.clock.now(),
            house,
            secure: config.secure(),
            public_host: config.public_host().map(str::to_ascii_lowercase),
            listen: config.listen.ip(),
            fhir_body_bytes: config.limits.body_bytes,
            request_seconds: config.limits.request_seconds,
            document_bytes: config.documents.max_bytes,
            demo,
            outbox,
            proxies: config.trusted_proxies.clone(),
            counted: Counted::default(),
            first,
        })
    }

    /// The number of the next request.
    pub fn next_request(&self) -> u64 {
        self.first.wrapping_add(self.counted.requests.fetch_add(1, Ordering::Relaxed))
    }
}

impl Counted {
    pub fn failed(&self) {
        self.errors.fetch_add(1, Ordering::Relaxed);
    }

    /// How many requests, and how many of them the server failed on.
    pub fn so_far(&self) -> (u64, u64) {
        (self.requests.load(Ordering::Relaxed), self.errors.load(Ordering::Relaxed))
    }
}
