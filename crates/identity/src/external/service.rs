//! Going to a provider and coming back: to sign in, or to connect one's account.

use super::rules::{self, Person};
use super::store::{self, Detail, Link, Owner, Under};
use super::tokens::{self, Failure};
use super::{Provider, provider};
use crate::access::signed_in;
use crate::entrance::{Entrance, enter};
use crate::oauth::form::with;
use crate::oauth::jose::{encode, sha256};
use crate::session::{SignedIn, hash};
use crate::store::{SessionRow, Stored};
use crate::{IdentityError, alarm, methods};
use db::Tx;
use kernel::rng::bytes;
use kernel::{Ctx, Problem, Timestamp};
use ledger::{Action, Entry, House, append};
use std::sync::Arc;

pub use tokens::Documents;

/// How long the provider may take with its person.
const WITHIN_MS: i64 = 10 * 60_000;
/// Connections of one account.
const MOST: usize = 10;

/// Somebody on the way to the provider.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Where to send the browser.
    pub address: String,
    /// What the browser must bring back, in a cookie of its own and in the address.
    pub state: String,
}

/// What became of somebody who came back, as the page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// The provider cannot be reached.
    Unavailable,
    /// They, or the provider, said no.
    Declined,
    /// Anything else that is not as it should be.
    Failed,
    /// Nobody here is connected with whoever it is there.
    Unknown,
    /// Whoever it is there is connected with another account here.
    Taken,
}

/// Where somebody arrives.
pub enum Arrival {
    SignedIn(Box<SignedIn>),
    Connected,
}

impl From<Failure> for Came {
    fn from(failure: Failure) -> Self {
        failure.log();
        match failure {
            Failure::Unavailable(_) => Self::Unavailable,
            Failure::Disbelieved(_) => Self::Failed,
        }
    }
}

/// Begins signing in; `back` is where the provider sends the browser.
pub async fn begin(house: &House, provider: &Provider, back: String) -> Result<Begun, IdentityError> {
    go(house, provider, back, None).await
}

/// Begins connecting the caller's account.
pub async fn begin_link(
    house: &House,
    ctx: &Ctx,
    session: &SessionRow,
    provider: &Provider,
    back: String,
) -> Result<Begun, IdentityError> {
    let account = signed_in(ctx)?.get();
    ctx.confirmed()?;
    let vault = Arc::clone(&house.vault);
    let stored = house.db.read(move |tx| crate::store::find(tx, &vault, account)).await?;
    if !stored.is_some_and(|stored| rules::is_staff(&stored)) {
        return Err(IdentityError::Forbidden("Only practitioners and administrators sign in this way."));
    }
    go(house, provider, back, Some(Owner { account, session: session.id })).await
}

async fn go(house: &House, provider: &Provider, back: String, owner: Option<Owner>) -> Result<Begun, IdentityError> {
    let addresses = tokens::addresses(house, provider).await.map_err(|failure| {
        failure.log();
        Problem::unavailable("This sign-in cannot be reached. Try again, or sign in another way.")
    })?;
    let [state, nonce, verifier] = [(); 3].map(|()| encode(bytes::<32>(&*house.rng)));
    let challenge = sha256(&verifier);
    let address = with(
        &addresses.authorize,
        &[
            ("response_type", Some("code")),
            ("client_id", Some(&provider.client_id)),
            ("redirect_uri", Some(&back)),
            ("scope", Some("openid email")),
            ("state", Some(&state)),
            ("nonce", Some(&nonce)),
            ("code_challenge", Some(&challenge)),
            ("code_challenge_method", Some("S256")),
        ],
    );
    let (h, id, expires) = (house.clone(), hash(&state), house.clock.now().plus_ms(WITHIN_MS));
    let under = Under { provider: provider.ident.clone(), verifier, nonce, back, owner };
    house.db.write(move |tx| store::begin(tx, &h, &id, &under, expires)).await?;
    Ok(Begun { address, state })
}

/// What a browser brought back.
pub struct Brought<'b> {
    pub state: &'b str,
    pub code: &'b str,
    /// Whose answer it says it is.
    pub issuer: Option<&'b str>,
    /// The session the browser came with.
    pub session: Option<&'b SessionRow>,
}

/// Somebody comes back with a code: signs them in, or connects their account.
pub async fn finish(
    house: &House,
    ctx: &Ctx,
    provider: &Provider,
    brought: &Brought<'_>,
    entrance: Entrance,
) -> Result<Arrival, Came> {
    let (h, id, now) = (house.clone(), hash(brought.state), house.clock.now());
    let under = house.db.write(move |tx| store::take(tx, &h, &id, now)).await.map_err(broken)?;
    let under = under.filter(|under| under.provider == provider.ident).ok_or(Came::Failed)?;
    let addresses = tokens::addresses(house, provider).await?;
    let whose = brought.issuer.is_some_and(|issuer| issuer == provider.issuer);
    if !whose && (brought.issuer.is_some() || addresses.says_issuer) {
        return Err(Came::Failed);
    }
    // The answer must come into the very session that asked: another's account must not be connected instead.
    let same = |owner: &Owner| {
        brought.session.is_some_and(|row| row.id == owner.session && row.account == owner.account && !row.limited)
    };
    if !under.owner.as_ref().is_none_or(same) {
        return Err(Came::Failed);
    }
    let person = tokens::person(house, provider, &under, brought.code).await?;
    let (h, ctx, provider) = (house.clone(), ctx.clone(), provider.clone());
    house
        .db
        .write(move |tx| {
            Ok::<_, IdentityError>(match under.owner {
                Some(owner) => connect(tx, &h, &ctx, &provider, owner.account, &person)?,
                None => arrive(tx, &h, &ctx, &provider, &person, entrance)?,
            })
        })
        .await
        .map_err(broken)?
}

/// A fault of this server's own: the page says no more than that it did not work.
fn broken(error: impl Into<IdentityError>) -> Came {
    let error = error.into();
    tracing::warn!(%error, "coming back from a sign-in provider");
    Came::Failed
}

/// Signs in whoever is connected, or is found by an address that the provider knows.
fn arrive(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    provider: &Provider,
    person: &Person,
    entrance: Entrance,
) -> Result<Result<Arrival, Came>, IdentityError> {
    let id = store::person(&house.vault, &provider.issuer, &person.subject);
    let account = match store::linked(tx, &id)? {
        // Whoever is no member of the staff any more comes in otherwise.
        Some(account) => crate::store::find(tx, &house.vault, account)?.filter(rules::is_staff),
        None => by_address(tx, house, provider, person)?,
    };
    let Some(stored) = account.filter(|stored| !stored.locked) else { return Ok(Err(Came::Unknown)) };
    if store::linked(tx, &id)?.is_none() {
        link(tx, house, &crate::entrance::acting(house, ctx, &stored), provider, &stored, person)?;
    }
    store::touch(tx, &id, house.clock.now())?;
    // The provider's session may be hours old: only what it says of the proof itself makes this one fresh.
    let entrance = Entrance { proved: person.proved.map(|at| Timestamp(at.saturating_mul(1000))), ..entrance };
    Ok(Ok(Arrival::SignedIn(Box::new(enter(tx, house, ctx, stored.id, &entrance)?))))
}

fn by_address(
    tx: &mut Tx<'_>,
    house: &House,
    provider: &Provider,
    person: &Person,
) -> Result<Option<Stored>, IdentityError> {
    let Some(email) = person.email.as_deref().filter(|email| rules::knows_address(provider, email)) else {
        return Ok(None);
    };
    let found = crate::store::find_by_email(tx, &house.vault, email)?;
    Ok(found.filter(rules::is_found_by_address))
}

/// Connects the caller's account with whoever came back.
fn connect(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    provider: &Provider,
    account: i64,
    person: &Person,
) -> Result<Result<Arrival, Came>, IdentityError> {
    let Some(stored) = crate::store::find(tx, &house.vault, account)?.filter(|s| rules::is_staff(s) && !s.locked)
    else {
        return Ok(Err(Came::Failed));
    };
    let id = store::person(&house.vault, &provider.issuer, &person.subject);
    match store::linked(tx, &id)? {
        Some(known) if known == account => return Ok(Ok(Arrival::Connected)),
        Some(_) => return Ok(Err(Came::Taken)),
        None => {}
    }
    if store::of_account(tx, &house.vault, &stored)?.len() >= MOST {
        return Ok(Err(Came::Failed));
    }
    link(tx, house, &crate::entrance::acting(house, ctx, &stored), provider, &stored, person)?;
    Ok(Ok(Arrival::Connected))
}

fn link(
    tx: &mut Tx<'_>,
    house: &House,
    own: &Ctx,
    provider: &Provider,
    stored: &Stored,
    person: &Person,
) -> Result<(), IdentityError> {
    let id = store::person(&house.vault, &provider.issuer, &person.subject);
    let detail = Detail { issuer: provider.issuer.clone(), name: provider.name.clone(), email: person.email.clone() };
    store::insert(tx, house, stored, &id, &detail)?;
    append(tx, Entry::system(own, Action::Connect).what(format!("sign-in provider of account {}", stored.id), 1));
    let body = format!("From now on your account can be opened with the sign-in of {} as well.", provider.name);
    alarm::tell(tx, house, stored, "A way to sign in was added", &body)
}

/// The connections of the caller's account.
pub async fn links(house: &House, ctx: &Ctx) -> Result<Vec<Link>, IdentityError> {
    let account = signed_in(ctx)?;
    let vault = Arc::clone(&house.vault);
    house
        .db
        .read(move |tx| {
            let stored = crate::store::find(tx, &vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
            Ok(store::of_account(tx, &vault, &stored)?)
        })
        .await
}

/// Ends a connection, and the sessions that were opened by a provider.
pub fn unlink(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, link: i64) -> Result<(), IdentityError> {
    let account = signed_in(ctx)?.get();
    ctx.confirmed()?;
    let stored = crate::store::find(tx, &house.vault, account)?.ok_or(IdentityError::NotSignedIn)?;
    let all = store::of_account(tx, &house.vault, &stored)?;
    let found = all.iter().find(|one| one.id == link).ok_or(IdentityError::NotFound)?;
    let now = house.clock.now();
    let passkey = crate::store::passkey::of_account(tx, &house.vault, &stored)?.iter().any(|one| one.ready <= now);
    if all.len() == 1 && !passkey && !methods::others(tx, house, &stored)? {
        return Err(IdentityError::last_method());
    }
    store::delete(tx, account, link)?;
    crate::store::end_sessions_of_method(tx, account, crate::Method::Federated)?;
    append(tx, Entry::system(ctx, Action::Disconnect).what(format!("sign-in provider of account {account}"), 1));
    let body = format!(
        "The sign-in of {} opens your account no more, and every device that was signed in by a provider was signed out.",
        found.detail.name
    );
    alarm::tell(tx, house, &stored, "A way to sign in was removed", &body)
}

/// The provider of a path.
pub fn named(house: &House, ident: &str) -> Result<Arc<Provider>, IdentityError> {
    provider(house, ident).ok_or(IdentityError::NotFound)
}
