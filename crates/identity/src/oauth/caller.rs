//! From an access token to the caller: the person who let the app in, as far as the scopes reach.
//!
//! As with sessions, one short read per request compares the epoch; everything else comes from memory until somebody's
//! access narrows. So a revoked permission, client or session is refused from the next request on, live tokens included.

use super::error::Refusal;
use super::keys::keys;
use super::memory::{Believed, Memory};
use super::{dpop, scope, store, store_clients, tokens};
use crate::caller::{actor, context};
use crate::session::hash;
use crate::store::epoch;
use http::{HeaderMap, Method, Uri, header};
use kernel::app::App;
use kernel::{Ctx, Id, Problem, Role};
use ledger::House;
use std::sync::Arc;
use vault::VaultError;

fn shown(headers: &HeaderMap) -> Option<(bool, &str)> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("dpop") {
        return Some((true, token));
    }
    // A session's token has no dots.
    (scheme.eq_ignore_ascii_case("bearer") && token.contains('.')).then_some((false, token))
}

/// Whether a request comes with the token of an app, and not with a session.
pub fn presents_app(headers: &HeaderMap) -> bool {
    shown(headers).is_some()
}

/// Who is calling on `/fhir`, when it is an app.
pub async fn authenticate(
    house: &House,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    request: u64,
) -> Result<Ctx, Problem> {
    let issuer = super::issuer(house, headers);
    let address = format!("{issuer}{}", uri.path());
    let believed = believe(house, &issuer, method.as_str(), &address, headers).await.map_err(|refusal| {
        match refusal.status {
            // A proof that fails is a token that is not shown by its owner.
            400 | 401 => Problem::new(401, "invalid-token", refusal.text),
            503 => Problem::unavailable(refusal.text),
            _ => Problem::internal(),
        }
    })?;
    note_use(house, &believed);
    let mut ctx =
        context(house, believed.actor.clone(), Arc::clone(&believed.name), Arc::clone(&believed.workplaces), request);
    ctx.pass.app = Some(Arc::clone(&believed.app));
    Ok(ctx)
}

/// Believes a token, or says why not.
pub async fn believe(
    house: &House,
    issuer: &str,
    method: &str,
    address: &str,
    headers: &HeaderMap,
) -> Result<Arc<Believed>, Refusal> {
    let no = |text: &'static str| Refusal::new("invalid_token", text);
    let (bound, token) = shown(headers).ok_or_else(|| no("Send the access token: Authorization: Bearer."))?;
    let now = house.clock.now();
    let proof = dpop::read(headers, method, address, bound.then_some(token), now)?;
    let believed = standing(house, issuer, token).await?;
    match (&believed.jkt, bound, proof) {
        (None, false, _) => {}
        (Some(jkt), true, Some(proof)) if *jkt == proof.jkt => dpop::once_here(house, &proof)?,
        (Some(_), true, Some(_)) => return Err(no("The token is bound to another key than the proof's.")),
        (Some(_), true, None) => return Err(Refusal::new("invalid_dpop_proof", "The proof is missing: DPoP.")),
        (Some(_), false, _) => return Err(no("This token is bound to a key: Authorization: DPoP, with a proof.")),
        (None, true, _) => return Err(no("This token is bound to no key: Authorization: Bearer.")),
    }
    Ok(believed)
}

async fn standing(house: &House, issuer: &str, token: &str) -> Result<Arc<Believed>, Refusal> {
    let (memory, now, id) = (house.memory::<Memory>(), house.clock.now(), hash(&format!("{issuer}\n{token}")));
    let known = memory.believed(&id).filter(|known| known.expires > now);
    let trusted = known.as_ref().map(|known| known.epoch);
    let read = match &known {
        Some(_) => None,
        None => Some(tokens::read(&*keys(house).await?, issuer, token, now)?),
    };
    let h = house.clone();
    let read = match read {
        Some(read) => read,
        // The epoch decides whether what is remembered is still true.
        None => {
            let same = house.db.read(move |tx| Ok::<_, VaultError>(Some(epoch(tx)?) == trusted)).await?;
            match known {
                Some(known) if same => return Ok(known),
                _ => tokens::read(&*keys(house).await?, issuer, token, now)?,
            }
        }
    };
    let found = house.db.read(move |tx| build(tx, &h, &read)).await?;
    let Some(believed) = found.map(Arc::new) else {
        memory.disbelieve(&id);
        return Err(Refusal::new("invalid_token", "This permission was taken back or is over."));
    };
    memory.believe(id, &believed, now);
    Ok(believed)
}

/// `None` when permission, client, session or account do not stand any more.
fn build(tx: &mut db::Tx<'_>, house: &House, read: &tokens::Read) -> Result<Option<Believed>, VaultError> {
    let now = house.clock.now();
    let epoch = epoch(tx)?;
    let Some((permission, stored)) = store::permission(tx, &house.vault, read.permission)? else { return Ok(None) };
    let client = store_clients::client(tx, &house.vault, permission.client)?;
    let Some(client) = client.filter(|client| client.stands() && client.ident == read.client_id) else {
        return Ok(None);
    };
    let Some(until) = store::stands_until(tx, &permission, &stored, now)? else { return Ok(None) };
    let Some(actor) = actor(stored.id, &stored.profile) else { return Ok(None) };
    // A token says what was allowed when it was made; since then it may have become less. What a program without people may do
    // stands in its registration.
    let scopes = match stored.profile.role {
        Role::Service => read.scopes.clone(),
        _ => scope::within(&permission.scopes(), &read.scopes),
    };
    let app = App {
        client: client.id,
        name: Arc::from(client.said.name.as_str()),
        permission: permission.id,
        version: permission.version,
        patient: permission.patient.map(Id::new),
        rules: scope::rules(&scopes, house.vault.terms()),
    };
    Ok(Some(Believed {
        epoch,
        expires: read.expires.min(until),
        actor,
        name: Arc::from(stored.profile.name.as_str()),
        workplaces: crate::caller::workplaces(&stored.profile),
        app: Arc::new(app),
        scopes,
        jkt: read.jkt.clone(),
    }))
}

/// Writes down once a minute that a permission is used, without making the request wait.
fn note_use(house: &House, believed: &Believed) {
    let (now, permission) = (house.clock.now(), believed.app.permission);
    if house.memory::<Memory>().due(permission, now) {
        let db = house.db.clone();
        tokio::spawn(async move {
            if let Err(error) = db.write(move |tx| store::touch(tx, permission, now)).await {
                tracing::debug!(%error, "the use of an app was not written down");
            }
        });
    }
}
