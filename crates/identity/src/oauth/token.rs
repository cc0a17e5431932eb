//! The token endpoint and its kin: a code, a refresh token or a signed statement becomes an access token; a token is
//! revoked, or looked at.

use super::clients;
use super::dpop;
use super::endings;
use super::error::Refusal;
use super::form::Form;
use super::keys::keys;
use super::model::{AppKind, Client, CodeTerms, Permission};
use super::rules::{REFRESH_MS, verifies};
use super::scope::{self, Scope, Whose};
use super::tokens::{self, Making};
use super::{store, store_tokens};
use crate::IdentityError;
use crate::session::hash;
use db::Tx;
use http::HeaderMap;
use kernel::rng::bytes;
use ledger::House;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;
use vault::VaultError;

pub const PATH: &str = "/oauth/token";

/// Hands out tokens.
pub async fn token(
    house: &House,
    issuer: &str,
    headers: &HeaderMap,
    form: &Form,
    place: Option<IpAddr>,
) -> Result<Value, Refusal> {
    let grant = form.need("grant_type")?;
    if !matches!(grant, "authorization_code" | "refresh_token" | "client_credentials") {
        return Err(Refusal::new("unsupported_grant_type", "This grant_type is not offered."));
    }
    let client = clients::authenticate(house, issuer, PATH, headers, form, place).await?;
    let fits = match client.said.kind {
        AppKind::Backend => grant == "client_credentials",
        AppKind::Public | AppKind::Confidential => grant != "client_credentials",
    };
    if !fits {
        return Err(Refusal::new("unauthorized_client", "This app is registered for another grant_type."));
    }
    let proof = dpop::read(headers, "POST", &format!("{issuer}{PATH}"), None, house.clock.now())?;
    if let Some(proof) = &proof {
        dpop::once(house, proof).await?;
    }
    let jkt = proof.map(|proof| proof.jkt);
    if client.said.bound && jkt.is_none() {
        return Err(Refusal::new("invalid_dpop_proof", "The tokens of this app are bound to a key: send DPoP."));
    }
    match grant {
        "authorization_code" => by_code(house, issuer, client, form, jkt).await,
        "refresh_token" => by_refresh(house, issuer, client, form, jkt).await,
        _ => by_statement(house, issuer, client, form, jkt).await,
    }
}

/// A permission that still stands, and was given to this app.
fn standing(
    tx: &mut Tx<'_>,
    house: &House,
    client: &Client,
    grant: i64,
) -> Result<Result<Permission, Refusal>, VaultError> {
    let over = || Refusal::grant("This permission was taken back or is over.");
    let Some((permission, stored)) = store::permission(tx, &house.vault, grant)? else { return Ok(Err(over())) };
    let now = house.clock.now();
    if permission.client != client.id {
        return Ok(Err(Refusal::grant("This belongs to another app.")));
    }
    let stands = store::stands_until(tx, &permission, &stored, now)?.is_some();
    Ok(if stands { Ok(permission) } else { Err(over()) })
}

fn code_fits(client: &Client, permission: &Permission, terms: &CodeTerms, sent: &Sent) -> Result<(), Refusal> {
    if permission.client != client.id {
        return Err(Refusal::grant("This code is unknown, used or over."));
    }
    if sent.redirect.as_deref() != Some(&terms.redirect_uri) {
        return Err(Refusal::grant("The redirect_uri is not that of the request."));
    }
    if !verifies(&sent.verifier, &terms.challenge) {
        return Err(Refusal::grant("The code_verifier does not fit the code_challenge."));
    }
    if terms.jkt.is_some() && terms.jkt != sent.jkt {
        return Err(Refusal::grant("The code is bound to another key (dpop_jkt)."));
    }
    Ok(())
}

/// What came with a code.
struct Sent {
    redirect: Option<String>,
    verifier: String,
    jkt: Option<String>,
}

async fn by_code(
    house: &House,
    issuer: &str,
    client: Client,
    form: &Form,
    jkt: Option<String>,
) -> Result<Value, Refusal> {
    let code = hash(form.need("code")?);
    let sent = Sent {
        redirect: form.get("redirect_uri").map(str::to_owned),
        verifier: form.need("code_verifier")?.to_owned(),
        jkt: jkt.clone(),
    };
    let keys = keys(house).await?;
    let (h, c) = (house.clone(), client.clone());
    let fresh = super::jose::encode(bytes::<32>(&*house.rng));
    let refresh = fresh.clone();
    // A refusal is an answer and no failure: that the code was used must be kept.
    let taken = house.db.write(move |tx| {
        let unknown = || Refusal::grant("This code is unknown, used or over.");
        let now = h.clock.now();
        let Some(came) = store_tokens::take_code(tx, &h.vault, &code, now)? else { return Ok(Err(unknown())) };
        let Some((owner, whose)) = store::permission(tx, &h.vault, came.grant)? else { return Ok(Err(unknown())) };
        if came.used {
            // Two have it: neither is to be trusted (RFC 6749 section 4.1.2).
            endings::stolen(tx, &h, &c, &owner, &whose)?;
            return Ok(Err(unknown()));
        }
        if let Err(refusal) = code_fits(&c, &owner, &came.terms, &sent) {
            return Ok(Err(refusal));
        }
        if came.expires <= now {
            return Ok(Err(unknown()));
        }
        let permission = match standing(tx, &h, &c, came.grant)? {
            Ok(permission) => permission,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let scopes = permission.scopes();
        let goes_on = scopes.iter().any(|scope| matches!(scope, Scope::Offline | Scope::Online));
        if goes_on {
            let until = now.plus_ms(REFRESH_MS).min(permission.until);
            store_tokens::insert_refresh(tx, &hash(&refresh), permission.id, until, sent.jkt.as_deref())?;
        }
        store::touch(tx, permission.id, now)?;
        Ok::<_, IdentityError>(Ok((permission, scopes, came.terms.nonce, goes_on)))
    });
    let (permission, scopes, nonce, goes_on) = taken.await??;
    let making = Making {
        house,
        keys: &keys,
        issuer,
        client: &client,
        permission: &permission,
        scopes: &scopes,
        jkt: jkt.as_deref(),
    };
    tokens::answer(&making, nonce.as_deref(), goes_on.then_some(fresh.as_str()))
}

async fn by_refresh(
    house: &House,
    issuer: &str,
    client: Client,
    form: &Form,
    jkt: Option<String>,
) -> Result<Value, Refusal> {
    let token = hash(form.need("refresh_token")?);
    let narrower = form.get("scope").map(scope::parse).transpose().map_err(Refusal::scope)?;
    let keys = keys(house).await?;
    let (h, c, bound) = (house.clone(), client.clone(), jkt.clone());
    let fresh = super::jose::encode(bytes::<32>(&*house.rng));
    let next = fresh.clone();
    let taken = house.db.write(move |tx| {
        let unknown = || Refusal::grant("This refresh token is unknown, used or over.");
        let now = h.clock.now();
        let Some(came) = store_tokens::refresh(tx, &token)? else { return Ok(Err(unknown())) };
        let Some((owner, whose)) = store::permission(tx, &h.vault, came.grant)? else { return Ok(Err(unknown())) };
        if owner.client != c.id {
            return Ok(Err(unknown()));
        }
        if came.used {
            // Somebody has a copy; which of the two asks cannot be told, so the whole family ends.
            endings::stolen(tx, &h, &c, &owner, &whose)?;
            return Ok(Err(unknown()));
        }
        if came.expires <= now {
            return Ok(Err(unknown()));
        }
        // A public app proves nothing else about itself: the key stays the one it began with.
        if came.terms.is_some() && came.terms != bound {
            return Ok(Err(Refusal::grant("This refresh token is bound to another key.")));
        }
        let permission = match standing(tx, &h, &c, came.grant)? {
            Ok(permission) => permission,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let whole = permission.scopes();
        let scopes = narrower.unwrap_or_else(|| whole.clone());
        if let Some(beyond) = scope::beyond(&whole, &scopes) {
            return Ok(Err(Refusal::scope(format!("{beyond} was not allowed."))));
        }
        store_tokens::use_refresh(tx, &token, now)?;
        let until = now.plus_ms(REFRESH_MS).min(permission.until);
        store_tokens::insert_refresh(tx, &hash(&next), permission.id, until, came.terms.as_deref())?;
        store::touch(tx, permission.id, now)?;
        Ok::<_, IdentityError>(Ok((permission, scopes)))
    });
    let (permission, scopes) = taken.await??;
    let making = Making {
        house,
        keys: &keys,
        issuer,
        client: &client,
        permission: &permission,
        scopes: &scopes,
        jkt: jkt.as_deref(),
    };
    tokens::answer(&making, None, Some(&fresh))
}

/// Backend services: no person, no refresh; the permission is the registration's own.
async fn by_statement(
    house: &House,
    issuer: &str,
    client: Client,
    form: &Form,
    jkt: Option<String>,
) -> Result<Value, Refusal> {
    let text = form.get("scope").ok_or_else(|| Refusal::scope("Say what is asked for: scope."))?;
    let scopes = scope::parse(text).map_err(Refusal::scope)?;
    let plain = scopes.iter().all(|scope| matches!(scope, Scope::Data(data) if data.whose == Whose::System));
    if scopes.is_empty() || !plain {
        return Err(Refusal::scope("A program without people asks for system/ scopes."));
    }
    if let Some(beyond) = client.beyond(&scopes) {
        return Err(Refusal::scope(format!("This app is not registered for {beyond}.")));
    }
    let keys = keys(house).await?;
    let (h, c) = (house.clone(), client.clone());
    let found = house.db.write(move |tx| {
        let now = h.clock.now();
        let Some(grant) = store::own_permission(tx, c.id, now)? else {
            return Ok(Err(Refusal::grant("This app has no permission.")));
        };
        let standing = standing(tx, &h, &c, grant)?;
        if standing.is_ok() {
            store::touch(tx, grant, now)?;
        }
        Ok::<_, VaultError>(standing)
    });
    let permission = found.await??;
    let making = Making {
        house,
        keys: &keys,
        issuer,
        client: &client,
        permission: &permission,
        scopes: &scopes,
        jkt: jkt.as_deref(),
    };
    tokens::answer(&making, None, None)
}

/// Ends the permission behind a token of this app (RFC 7009): both kinds of token, and all that came from it. What is
/// unknown is no error.
pub async fn revoke(
    house: &House,
    issuer: &str,
    headers: &HeaderMap,
    form: &Form,
    place: Option<IpAddr>,
) -> Result<(), Refusal> {
    let client = clients::authenticate(house, issuer, "/oauth/revoke", headers, form, place).await?;
    let token = form.need("token")?;
    if client.said.kind == AppKind::Backend {
        // Its permission is its registration; a token of five minutes is given up by not using it.
        return Err(Refusal::new("unsupported_token_type", "The tokens of this app end with its registration."));
    }
    let keys = keys(house).await?;
    let signed = tokens::read(&keys, issuer, token, house.clock.now()).ok().map(|read| read.permission);
    let (h, opaque) = (house.clone(), hash(token));
    let ended = house.db.write(move |tx| {
        let grant = match signed {
            Some(grant) => Some(grant),
            None => store_tokens::refresh(tx, &opaque)?.map(|came| came.grant),
        };
        let Some(grant) = grant else { return Ok(()) };
        if let Some((permission, _)) = store::permission(tx, &h.vault, grant)?
            && permission.client == client.id
        {
            endings::given_back(tx, &h, &client, &permission)?;
        }
        Ok::<_, IdentityError>(())
    });
    Ok(ended.await?)
}

/// What a token of this app is good for now (RFC 7662). An app without a key could be anybody and is told nothing.
pub async fn introspect(
    house: &House,
    issuer: &str,
    headers: &HeaderMap,
    form: &Form,
    place: Option<IpAddr>,
) -> Result<Value, Refusal> {
    let client = clients::authenticate(house, issuer, "/oauth/introspect", headers, form, place).await?;
    if client.said.kind == AppKind::Public {
        return Err(Refusal::client("Only an app that signs may look at tokens."));
    }
    let (token, keys, now) = (form.need("token")?, keys(house).await?, house.clock.now());
    let read = tokens::read(&keys, issuer, token, now).ok();
    let (h, c, opaque, signed) =
        (house.clone(), client.clone(), hash(token), read.as_ref().map(|read| read.permission));
    let found = house.db.read(move |tx| {
        let (grant, expires) = match signed {
            Some(grant) => (grant, None),
            None => match store_tokens::refresh(tx, &opaque)?.filter(|came| !came.used && came.expires > now) {
                Some(came) => (came.grant, Some(came.expires)),
                None => return Ok(None),
            },
        };
        Ok::<_, VaultError>(standing(tx, &h, &c, grant)?.ok().map(|permission| (permission, expires)))
    });
    let Some((permission, refresh_until)) = found.await? else { return Ok(json!({ "active": false })) };
    let scope = match &read {
        // Of what the token was made for, what its person still allows.
        Some(read) if client.said.kind != AppKind::Backend => {
            scope::text(&scope::within(&permission.scopes(), &read.scopes))
        }
        Some(read) => read.scope.clone(),
        None => permission.allowed.scope.clone(),
    };
    let mut out = json!({
        "active": true,
        "client_id": client.ident,
        "iss": issuer,
        "sub": format!("account-{}", permission.account),
        "sid": permission.id.to_string(),
        "scope": scope,
        "exp": read.as_ref().map_or_else(|| refresh_until.map_or(0, |until| until.0), |read| read.expires.0) / 1000,
    });
    if let Some(patient) = &permission.allowed.patient {
        out["patient"] = patient.as_str().into();
    }
    if let Some(read) = read {
        out["iat"] = read.issued.into();
        out["aud"] = format!("{issuer}/fhir").into();
        out["token_type"] = if read.jkt.is_some() { "DPoP" } else { "Bearer" }.into();
        if let Some(jkt) = read.jkt {
            out["cnf"] = json!({ "jkt": jkt });
        }
    }
    Ok(out)
}

/// About the person behind an access token with `openid`.
pub async fn userinfo(house: &House, issuer: &str, method: &str, headers: &HeaderMap) -> Result<Value, Refusal> {
    let believed = super::caller::believe(house, issuer, method, &format!("{issuer}/oauth/userinfo"), headers).await?;
    let (vault, grant) = (Arc::clone(&house.vault), believed.app.permission);
    let found = house.db.read(move |tx| store::permission(tx, &vault, grant)).await?;
    let (permission, stored) = found.ok_or_else(|| Refusal::new("invalid_token", "This permission is over."))?;
    // The token's scopes, which may be fewer than the permission's.
    if !believed.scopes.contains(&Scope::OpenId) {
        return Err(Refusal::new("insufficient_scope", "This takes the scope openid."));
    }
    Ok(tokens::about(issuer, &permission, &believed.scopes, &stored.profile.name))
}
