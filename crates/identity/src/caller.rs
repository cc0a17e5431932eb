//! From a cookie or a token to the caller: what every request passes first.
//!
//! One short read per request compares the epoch; the rest comes from memory until somebody's access narrows.

use crate::memory::Memory;
use crate::model::{Profile, SessionKind};
use crate::rules::{idle_ms, may_change};
use crate::session::hash;
use crate::store::{self, SessionRow, Stored};
use db::DbError;
use http::{HeaderMap, Method, header};
use kernel::{Actor, Ctx, Id, Pass, Problem, Purpose, Role, Timestamp};
use ledger::House;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use vault::VaultError;

/// The secret of a session, hashed.
pub type Token = [u8; 32];

/// Sessions remembered, about 500 bytes each.
const MOST: usize = 50_000;

/// How often it is written down that a session is alive.
pub const WRITTEN_EVERY_MS: i64 = 60_000;

/// A session that was found good.
pub struct Live {
    epoch: i64,
    pub row: SessionRow,
    actor: Actor,
    name: Arc<str>,
    workplaces: Arc<[(i64, Arc<str>)]>,
    pub idle_ms: i64,
    pass: Pass,
    /// When it was last used, here.
    seen: AtomicI64,
    /// When that was last written down.
    written: AtomicI64,
}

#[derive(Default)]
pub struct Cache(RwLock<HashMap<Token, Arc<Live>>>);

impl Cache {
    fn get(&self, token: &Token) -> Option<Arc<Live>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }

    fn put(&self, token: Token, live: &Arc<Live>) {
        let mut map = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= MOST {
            map.clear();
        }
        map.insert(token, Arc::clone(live));
    }

    fn remove(&self, token: &Token) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(token);
    }
}

impl Live {
    fn alive(&self, now: Timestamp) -> bool {
        now < self.row.expires
            && self.row.over.is_none_or(|over| now < over)
            && now.0 - self.seen.load(Ordering::Relaxed) < self.idle_ms
    }
}

/// The names of the session cookie. `__Host-` binds it to this host and to TLS.
pub const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-healthsync" } else { "healthsync_session" }
}

enum Credentials<'h> {
    None,
    Cookie(&'h str),
    Bearer(&'h str),
    /// An Authorization header that is no bearer token.
    Strange,
}

fn credentials(headers: &HeaderMap, secure: bool) -> Credentials<'_> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let bearer = value.to_str().ok().and_then(|v| v.split_once(' '));
        return match bearer {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Credentials::Bearer(token.trim()),
            _ => Credentials::Strange,
        };
    }
    let name = cookie_name(secure);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map_or(Credentials::None, |(_, value)| Credentials::Cookie(value))
}

/// The hash of the token that came with a request, whether or not it is good.
pub fn token_of(house: &House, headers: &HeaderMap) -> Option<Token> {
    match credentials(headers, house.memory::<Memory>().settings().secure) {
        Credentials::Cookie(token) | Credentials::Bearer(token) => Some(hash(token)),
        Credentials::None | Credentials::Strange => None,
    }
}

/// The hash of the token in the cookie that came with a request.
pub fn cookie_of(house: &House, headers: &HeaderMap) -> Option<Token> {
    match credentials(headers, house.memory::<Memory>().settings().secure) {
        Credentials::Cookie(token) => Some(hash(token)),
        _ => None,
    }
}

/// Who is calling: nobody without credentials; 401 when they are unknown, ended or expired; 403 when a cookie came with
/// a change that another site's page may have caused.
pub async fn authenticate(
    house: &House,
    method: &Method,
    headers: &HeaderMap,
    peer: Option<IpAddr>,
    request: u64,
) -> Result<Ctx, Problem> {
    let memory = house.memory::<Memory>();
    let secure = memory.settings().secure;
    let token = match credentials(headers, secure) {
        Credentials::None => return Ok(context(house, Actor::Nobody, Arc::from(""), Arc::default(), request)),
        Credentials::Strange => return Err(Problem::unauthorized()),
        Credentials::Bearer(token) => token,
        Credentials::Cookie(token) if may_change(method, headers, secure) => token,
        Credentials::Cookie(_) => {
            let detail = "This change did not come from a page of this server. Open the page again and retry.";
            return Err(Problem::forbidden(detail));
        }
    };
    let token = hash(token);
    let Some(live) = live(house, &memory, token).await? else {
        tracing::debug!(?peer, "a session that is unknown or over was refused");
        return Err(Problem::unauthorized());
    };
    note_use(house, &live);
    let (name, workplaces) = (Arc::clone(&live.name), Arc::clone(&live.workplaces));
    let ctx = context(house, live.actor.clone(), name, workplaces, request);
    Ok(Ctx { pass: live.pass.clone(), ..ctx })
}

/// A session that something is being sent to, for as long as it stands. It hangs on the session and not on its secret: that one
/// is exchanged when its owner proves again who they are, and what they are reading goes on.
#[derive(Clone)]
pub struct Standing {
    house: House,
    session: i64,
    /// The secret by which it was found last.
    token: Arc<Mutex<Token>>,
    actor: Actor,
    /// Whether they act in a record of somebody else: the session knows only whose it is, and the record is asked by whoever
    /// reads it.
    elsewhere: bool,
    limited: bool,
}

impl Standing {
    /// The session of this request; 401 without one.
    pub async fn of(house: &House, ctx: &Ctx, headers: &HeaderMap) -> Result<Self, Problem> {
        let token = token_of(house, headers).ok_or_else(Problem::unauthorized)?;
        let session = session_of(house, headers).await?.id;
        let (actor, elsewhere, limited) = (ctx.actor.clone(), ctx.behalf().is_some(), ctx.pass.limited);
        Ok(Self { house: house.clone(), session, token: Arc::new(Mutex::new(token)), actor, elsewhere, limited })
    }

    /// Whether it stands still, for the same caller with the same rights, asked of the database now. Asking does not keep it
    /// alive.
    pub async fn holds(&self) -> bool {
        let found = self.live().await.ok().flatten();
        let same = |live: &Live| {
            if self.elsewhere { live.actor.account() == self.actor.account() } else { live.actor == self.actor }
        };
        found.is_some_and(|live| same(&live) && live.pass.limited == self.limited)
    }

    async fn live(&self) -> Result<Option<Arc<Live>>, VaultError> {
        let memory = self.house.memory::<Memory>();
        let token = *self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let found = live(&self.house, &memory, token).await?;
        if found.as_ref().is_some_and(|live| live.row.over.is_none()) {
            return Ok(found);
        }
        let (Some(account), session) = (self.actor.account(), self.session) else { return Ok(None) };
        let now = self.house.db.read(move |tx| store::secret_of_session(tx, account.get(), session)).await?;
        let Some(now) = now else { return Ok(None) };
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = now;
        live(&self.house, &memory, now).await
    }
}

/// The session that a request came with; 401 when it came without one that is good.
pub async fn session_of(house: &House, headers: &HeaderMap) -> Result<SessionRow, Problem> {
    let token = token_of(house, headers).ok_or_else(Problem::unauthorized)?;
    let live = live(house, &house.memory::<Memory>(), token).await?;
    live.map(|live| live.row.clone()).ok_or_else(Problem::unauthorized)
}

/// The session behind a token, if it is good now.
pub async fn live(house: &House, memory: &Memory, token: Token) -> Result<Option<Arc<Live>>, VaultError> {
    let now = house.clock.now();
    let known = memory.cache.get(&token);
    // One that seems over may have been used at another replica since: the database knows.
    let trusted = known.as_ref().filter(|known| known.alive(now)).map(|known| known.epoch);
    let vault = Arc::clone(&house.vault);
    let found = house
        .db
        .read(move |tx| {
            let epoch = store::epoch(tx)?;
            if trusted == Some(epoch) {
                return Ok(None);
            }
            let Some(row) = store::find_session(tx, &token, now)? else { return Ok(Some(None)) };
            let stored = store::find(tx, &vault, row.account)?;
            Ok::<_, VaultError>(Some(stored.and_then(|stored| build(epoch, row, stored))))
        })
        .await?;
    let Some(fresh) = found else { return Ok(known) };
    let Some(fresh) = fresh else {
        memory.cache.remove(&token);
        return Ok(None);
    };
    if let Some(known) = known {
        fresh.seen.fetch_max(known.seen.load(Ordering::Relaxed), Ordering::Relaxed);
        fresh.written.fetch_max(known.written.load(Ordering::Relaxed), Ordering::Relaxed);
    }
    let fresh = Arc::new(fresh);
    if !fresh.alive(now) {
        memory.cache.remove(&token);
        return Ok(None);
    }
    memory.cache.put(token, &fresh);
    Ok(Some(fresh))
}

/// `None` when the account is locked or its profile does not fit its role.
fn build(epoch: i64, row: SessionRow, stored: Stored) -> Option<Live> {
    if stored.locked {
        return None;
    }
    let actor = actor(stored.id, &stored.profile)?;
    let workplaces = workplaces(&stored.profile);
    let (seen, idle_ms) = (row.seen.0, idle_ms(row.kind, stored.profile.role));
    Some(Live {
        epoch,
        actor,
        name: Arc::from(stored.profile.name.as_str()),
        workplaces,
        idle_ms,
        pass: Pass { limited: row.limited, fresh: row.fresh, ..Pass::default() },
        seen: AtomicI64::new(seen),
        written: AtomicI64::new(seen),
        row,
    })
}

/// Where somebody works, by name.
pub fn workplaces(profile: &Profile) -> Arc<[(i64, Arc<str>)]> {
    profile.organizations.iter().map(|place| (place.rid.get(), Arc::from(place.name.as_str()))).collect()
}

/// The actor an account is.
pub fn actor(account: i64, profile: &Profile) -> Option<Actor> {
    let account = Id::new(account);
    Some(match profile.role {
        Role::Patient => Actor::Patient { account, patient: profile.patient.as_ref()?.rid },
        // Only verification makes the link: without it there is nobody in the directory whom a patient could let in.
        Role::Practitioner => match &profile.practitioner {
            Some(link) => Actor::Practitioner {
                account,
                practitioner: link.rid,
                organizations: profile.organizations.iter().map(|place| place.rid).collect(),
            },
            None => Actor::Applicant { account },
        },
        Role::Administrator => Actor::Administrator { account },
        Role::Service => Actor::Service { account, organization: profile.organizations.first()?.rid },
    })
}

/// Notes that the session is in use; writes it down once a minute, without making the request wait.
fn note_use(house: &House, live: &Arc<Live>) {
    let now = house.clock.now();
    live.seen.fetch_max(now.0, Ordering::Relaxed);
    let written = live.written.load(Ordering::Relaxed);
    let due = now.0 - written >= WRITTEN_EVERY_MS;
    if due && live.written.compare_exchange(written, now.0, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
        let (db, session, account) = (house.db.clone(), live.row.id, live.row.account);
        tokio::spawn(async move {
            if let Err(error) = db.write(move |tx| store::touch(tx, session, account, now)).await {
                let _: &DbError = &error;
                tracing::debug!(%error, "the use of a session was not written down");
            }
        });
    }
}

/// The session kinds that came with a request differ in what their owner sees of them.
pub const fn shown_kind(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Cookie => "cookie",
        SessionKind::Token | SessionKind::Service => "token",
    }
}

/// Why somebody of this kind usually asks; a request may say otherwise further in.
const fn purpose(actor: &Actor) -> Purpose {
    match actor {
        Actor::Patient { .. } => Purpose::Patient,
        Actor::Practitioner { .. } => Purpose::Treatment,
        Actor::Nobody
        | Actor::Operator
        | Actor::Applicant { .. }
        | Actor::Administrator { .. }
        | Actor::Service { .. } => Purpose::Operations,
    }
}

pub fn context(house: &House, actor: Actor, name: Arc<str>, workplaces: Arc<[(i64, Arc<str>)]>, request: u64) -> Ctx {
    // What is done in no record, and under a grant to the person, names the first.
    let organization = workplaces.first().map(|(_, name)| Arc::clone(name));
    let purpose = purpose(&actor);
    let (clock, rng) = (Arc::clone(&house.clock), Arc::clone(&house.rng));
    Ctx { actor, name, organization, workplaces, clock, rng, request, purpose, pass: Pass::default() }
}
