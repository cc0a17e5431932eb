//! How an app proves that it is itself: by nothing (public) or by a statement signed with its key (RFC 7523).

use super::doors;
use super::error::Refusal;
use super::form::Form;
use super::jose::{Alg, Jws};
use super::model::{AppKind, Client};
use super::rules::{ASSERTION_SECONDS, timely};
use super::{store_clients, store_tokens};
use crate::outgoing::{self, Origin};
use crate::session::hash;
use http::{HeaderMap, header};
use kernel::Timestamp;
use ledger::House;
use std::net::IpAddr;
use std::sync::Arc;

const STATEMENT: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The registration of an app by its `client_id`.
pub async fn find(house: &House, ident: &str) -> Result<Option<Client>, Refusal> {
    let (vault, ident) = (Arc::clone(&house.vault), ident.to_owned());
    Ok(house.db.read(move |tx| store_clients::client_by_ident(tx, &vault, &ident)).await?)
}

/// Which app this is, at the endpoint `path` of this issuer; each as often as it may ask.
pub async fn authenticate(
    house: &House,
    issuer: &str,
    path: &str,
    headers: &HeaderMap,
    form: &Form,
    place: Option<IpAddr>,
) -> Result<Client, Refusal> {
    let client = proved(house, issuer, path, headers, form).await?;
    doors::of(house, &client, place, true)?;
    Ok(client)
}

async fn proved(house: &House, issuer: &str, path: &str, headers: &HeaderMap, form: &Form) -> Result<Client, Refusal> {
    if headers.contains_key(header::AUTHORIZATION) || form.get("client_secret").is_some() {
        return Err(Refusal::client("Apps share no secret with this server: sign a statement (private_key_jwt)."));
    }
    let Some(statement) = form.get("client_assertion") else {
        let ident = form.get("client_id").ok_or_else(|| Refusal::client("Say which app this is: client_id."))?;
        let client = find(house, ident).await?.ok_or_else(|| Refusal::client("There is no such app."))?;
        if client.said.kind != AppKind::Public {
            return Err(Refusal::client("This app has a key and must sign: client_assertion."));
        }
        return Ok(client);
    };
    if form.get("client_assertion_type") != Some(STATEMENT) {
        return Err(Refusal::client("The client_assertion_type is not known here."));
    }
    let statement = Jws::parse(statement).map_err(Refusal::client)?;
    let ident = statement.text("sub").ok_or_else(|| Refusal::client("The statement has no sub."))?;
    if form.get("client_id").is_some_and(|given| given != ident) {
        return Err(Refusal::client("The statement is of another app than client_id."));
    }
    let Some(client) = find(house, ident).await? else { return Err(absent(house, ident).await?) };
    check(&client, &statement, issuer, path, house.clock.now())?;
    signed(house, &client, &statement).await?;
    once(house, &client, &statement).await?;
    Ok(client)
}

/// Why nobody is found by this `client_id`.
async fn absent(house: &House, ident: &str) -> Result<Refusal, Refusal> {
    let ident = ident.to_owned();
    let waits = house.db.read(move |tx| store_clients::waits(tx, &ident)).await?;
    Ok(Refusal::client(match waits {
        true => "This program waits until another administrator has confirmed it.",
        false => "There is no such app.",
    }))
}

/// The statement is the app's own, meant for here, and young.
fn check(client: &Client, statement: &Jws, issuer: &str, path: &str, now: Timestamp) -> Result<(), Refusal> {
    let no = |text: &'static str| Err(Refusal::client(text));
    if client.said.kind == AppKind::Public {
        return no("This app is registered without a key.");
    }
    if statement.field("typ").is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
        return no("The statement is of another type.");
    }
    // One weak spot less: RS256 is for proofs of possession, which many browsers can sign in no other way.
    if statement.alg == Alg::Rs256 {
        return no("Statements are signed with ES256, ES384 or RS384.");
    }
    if statement.text("iss") != Some(&client.ident) || statement.text("sub") != Some(&client.ident) {
        return no("iss and sub of the statement are the client_id.");
    }
    let here = [issuer.to_owned(), format!("{issuer}/oauth/token"), format!("{issuer}{path}")];
    if !here.iter().any(|own| statement.is_for(own)) {
        return no("The statement is meant for another server (aud).");
    }
    let seconds = now.0 / 1000;
    if !statement.time("exp").is_some_and(|exp| timely(seconds, exp, ASSERTION_SECONDS)) {
        return no("The statement is over, or good for more than five minutes (exp).");
    }
    if statement.time("nbf").is_some_and(|from| from > seconds + super::rules::SKEW_SECONDS) {
        return no("The statement is not good yet (nbf).");
    }
    if !statement.text("jti").is_some_and(|jti| !jti.is_empty() && jti.len() <= 256) {
        return no("The statement needs a number of its own (jti).");
    }
    Ok(())
}

/// A key of the app's signed it: one that it sent, or one that it publishes. What else is wrong was found before, so that
/// nobody makes this server ask around with statements that are worth nothing.
async fn signed(house: &House, client: &Client, statement: &Jws) -> Result<(), Refusal> {
    let wanted = statement.field("kid");
    let mut keys = client.keys().into_iter().filter(|key| wanted.is_none_or(|kid| key.kid.as_deref() == Some(kid)));
    let good = match &client.said.jwks_uri {
        Some(url) => outgoing::signed_by(house, url, Origin::Stranger, statement).await.map_err(|why| {
            tracing::warn!(client = client.id, why, "the keys of an app cannot be read");
            Refusal::client("The keys of this app cannot be read at its jwks_uri.")
        })?,
        None => keys.any(|key| statement.verify(&key)),
    };
    if good { Ok(()) } else { Err(Refusal::client("The statement is not signed by a key of this app.")) }
}

/// Each statement works once, at every replica.
async fn once(house: &House, client: &Client, statement: &Jws) -> Result<(), Refusal> {
    let jti = statement.text("jti").unwrap_or_default();
    let id = hash(&format!("{}\n{jti}", client.ident));
    let until = Timestamp((statement.time("exp").unwrap_or_default() + 60).saturating_mul(1000));
    if house.db.write(move |tx| store_tokens::first_time(tx, &id, until)).await? {
        return Ok(());
    }
    Err(Refusal::client("This statement was used already (jti)."))
}
