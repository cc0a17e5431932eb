//! The same tests on SQLite and, where `TEST_DATABASE_URL` names a server, on PostgreSQL.

mod accounts;
mod face;
mod http;
mod login;
mod oauth;
mod outgoing;
mod sessions;
mod verification;

use crate::caller::cookie_name;
use crate::{Account, IdentityError, Link, Links, NewAccount, SessionKind, SignedIn, Workplace};
use ::http::{HeaderMap, HeaderValue, Method, header};
use db::{Options, Tx};
use kernel::{Actor, Ctx, FixedClock, Id, Problem, Role, SystemRng, Timestamp, id};
use ledger::House;
use std::net::IpAddr;
use std::sync::Arc;
use vault::{FreshKey, KeySource};

/// An empty database, its master key, and a clock that stands still.
struct Place {
    folder: tempfile::TempDir,
    url: String,
    clock: Arc<FixedClock>,
}

const START: Timestamp = Timestamp(1_800_000_000_000);
const PASSWORD: &str = "lamp river Tuesday";
const HERE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));

impl Place {
    fn new(postgres: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match postgres {
            Some(server) => db::testing::fresh_postgres(server),
            None => folder.path().join("t.db").display().to_string(),
        };
        Self { folder, url, clock: Arc::new(FixedClock::at(START)) }
    }

    /// Opens the database: each call is like another process.
    fn house(&self) -> House {
        let keys = KeySource::File(self.folder.path().join("master.key"));
        let options = Options { url: self.url.clone() };
        House::open(&options, keys, "test", Arc::clone(&self.clock) as _, Arc::new(SystemRng)).unwrap()
    }

    fn wait_minutes(&self, minutes: i64) {
        self.clock.advance_ms(minutes * 60_000);
    }
}

async fn on_each_engine(test: impl AsyncFn(Place)) {
    test(Place::new(None)).await;
    if let Ok(server) = std::env::var("TEST_DATABASE_URL") {
        test(Place::new(Some(&server))).await;
    }
}

fn operator(house: &House) -> Ctx {
    Ctx::operator(Arc::clone(&house.clock), Arc::clone(&house.rng))
}

fn nobody(house: &House) -> Ctx {
    Ctx { actor: Actor::Nobody, name: Arc::from(""), ..operator(house) }
}

fn clinic(rid: i64, name: &str) -> Workplace {
    Workplace { rid: Id::new(rid), id: format!("org-{rid}"), name: name.to_owned() }
}

/// What the record store does for a new patient, as far as identity needs it: a number and a key.
fn make_patient(tx: &mut Tx<'_>, house: &House) -> Link<id::Patient> {
    let rid = tx.allocate("rid", 1).unwrap();
    let fresh = FreshKey::generate(&*house.rng);
    house.vault.store_key(tx, &*house.rng, rid, &fresh, house.clock.now()).unwrap();
    Link::new(Id::new(rid), format!("patient-{rid}"))
}

fn new(role: Role, username: &str) -> NewAccount {
    NewAccount {
        role,
        username: username.to_owned(),
        email: Some(format!("{username}@example.org")),
        password: Some(PASSWORD.to_owned()),
        name: format!("{username} the {}", role.as_str()),
    }
}

/// Makes an account with what its role needs.
async fn add(house: &House, role: Role, username: &str) -> Account {
    let mut links = Links::default();
    match role {
        Role::Patient => {
            let inside = house.clone();
            let link = house.db.write(move |tx| Ok::<_, Problem>(make_patient(tx, &inside))).await.unwrap();
            links.patient = Some(link);
        }
        Role::Practitioner => {
            links.practitioner = Some(Link::new(Id::new(700), "practitioner-700"));
            links.organizations = vec![clinic(800, "Riverside Clinic")];
        }
        _ => {}
    }
    crate::user_add(house, &operator(house), new(role, username), links).await.unwrap()
}

async fn sign_in(house: &House, username: &str, password: &str) -> Result<SignedIn, IdentityError> {
    let entrance = crate::Entrance::new(SessionKind::Token, crate::Method::Password, "test", HERE);
    crate::login(house, &nobody(house), (username, password), entrance).await
}

fn bearer(token: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::try_from(format!("Bearer {token}")).unwrap())])
}

fn cookie(token: &str) -> HeaderMap {
    let value = format!("other=1; {}={token}", cookie_name(false));
    HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(value).unwrap())])
}

async fn call(house: &House, headers: &HeaderMap) -> Result<Ctx, Problem> {
    crate::authenticate(house, &Method::GET, headers, HERE, 1).await
}

/// Whether a token is good.
async fn stands(house: &House, token: &str) -> bool {
    match call(house, &bearer(token)).await {
        Ok(ctx) => ctx.actor != Actor::Nobody,
        Err(problem) => {
            assert_eq!((problem.status, problem.kind), (401, "login"));
            false
        }
    }
}
