//! Talking to the provider: its documents, and its word about a person for a code.

use super::rules::{self, Addresses, Person};
use super::store::Under;
use super::{Memory, Provider};
use crate::oauth::form::with;
use crate::oauth::jose::Jws;
use crate::outgoing::{self, Form, Origin};
use ledger::House;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long a provider's document is good without asking again.
const GOOD_MS: i64 = 3_600_000;

/// The providers' documents, by issuer, with the moment they came.
#[derive(Default)]
pub struct Documents(Mutex<HashMap<String, (i64, Addresses)>>);

/// Why somebody cannot come in by a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It cannot be reached, or does not do what it should. For the log.
    Unavailable(String),
    /// It answered, and its word is not believed. For the log.
    Disbelieved(String),
}

impl Failure {
    /// What went wrong is for whoever runs this server, not for whoever tries to come in.
    pub fn log(&self) {
        match self {
            Self::Unavailable(why) => tracing::warn!(why, "a sign-in provider does not answer as it should"),
            Self::Disbelieved(why) => tracing::warn!(why, "the word of a sign-in provider was not believed"),
        }
    }
}

/// Where the provider is asked what.
pub async fn addresses(house: &House, provider: &Provider) -> Result<Addresses, Failure> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now().0);
    let lock = || memory.documents.0.lock().unwrap_or_else(PoisonError::into_inner);
    let known = lock().get(&provider.issuer).filter(|(at, _)| (0..GOOD_MS).contains(&(now - at))).cloned();
    if let Some((_, addresses)) = known {
        return Ok(addresses);
    }
    let url = format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'));
    let document = outgoing::json(house, &url, Origin::Operator, None).await.map_err(Failure::Unavailable)?;
    let addresses = rules::addresses(provider, &document).map_err(Failure::Unavailable)?;
    lock().insert(provider.issuer.clone(), (now, addresses.clone()));
    Ok(addresses)
}

/// Who came back with a code.
pub async fn person(house: &House, provider: &Provider, under: &Under, code: &str) -> Result<Person, Failure> {
    let addresses = addresses(house, provider).await?;
    let secret = provider.client_secret.as_deref();
    let in_form = secret.filter(|_| !addresses.basic);
    let pairs = [
        ("grant_type", Some("authorization_code")),
        ("code", Some(code)),
        ("redirect_uri", Some(under.back.as_str())),
        ("client_id", Some(provider.client_id.as_str())),
        ("code_verifier", Some(under.verifier.as_str())),
        ("client_secret", in_form),
    ];
    let body = with("", &pairs).trim_start_matches('?').to_owned();
    let authorization = secret.filter(|_| addresses.basic).map(|secret| rules::basic(&provider.client_id, secret));
    let form = Some(Form { body, authorization });
    let answer = outgoing::json(house, &addresses.token, Origin::Operator, form).await;
    let answer = answer.map_err(|why| Failure::Unavailable(format!("the code was not taken: {why}")))?;
    let token = answer.get("id_token").and_then(Value::as_str);
    let token = token.ok_or_else(|| Failure::Disbelieved("it gave no identity token".to_owned()))?;
    let disbelieved = |why: &str| Failure::Disbelieved(why.to_owned());
    let jws = Jws::parse(token).map_err(disbelieved)?;
    let signed = outgoing::signed_by(house, &addresses.keys, Origin::Operator, &jws).await;
    if !signed.map_err(Failure::Unavailable)? {
        return Err(disbelieved("the identity token is not signed by the provider"));
    }
    rules::person(provider, &jws, &under.nonce, house.clock.now().0 / 1000).map_err(disbelieved)
}
