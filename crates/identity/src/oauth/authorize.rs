//! An app asks: its request is checked, kept, and shown to a person by a handle that says nothing.

use super::clients;
use super::doors;
use super::error::Refusal;
use super::form::{Form, with};
use super::model::{AppKind, Asked, Client, Opened, Pending};
use super::refused::Back;
use super::rules::{PUSHED_MS, REQUEST_MS, is_digest, same_redirect};
use super::scope::{self, Scope};
use super::{store, store_tokens};
use crate::session::hash;
use kernel::rng::bytes;
use ledger::House;
use std::net::IpAddr;
use std::sync::Arc;

/// Requests that wait at once, about a kilobyte each.
const MOST_WAITING: i64 = 20_000;

const PUSHED: &str = "urn:ietf:params:oauth:request_uri:";

/// How a refusal reaches the app.
#[derive(Clone, Debug)]
pub enum Refused {
    /// It cannot be sent back: whoever asked may not be the app.
    Here(Refusal),
    /// Back to the app's own address.
    Back(Back),
}

/// Takes a request from a browser; gives the handle under which it waits for a person.
pub async fn begin(house: &House, issuer: &str, form: &Form, place: Option<IpAddr>) -> Result<String, Refused> {
    let here = |text: &'static str| Refused::Here(Refusal::request(text));
    let ident = form.get("client_id").ok_or_else(|| here("Say which app this is: client_id."))?;
    let client = clients::find(house, ident).await.map_err(Refused::Here)?;
    let client = client.ok_or_else(|| here("No app is registered here under this client_id."))?;
    doors::of(house, &client, place, false).map_err(Refused::Here)?;
    if let Some(uri) = form.get("request_uri") {
        return pushed(house, &client, uri).await.map_err(Refused::Here);
    }
    let redirect = redirect_of(&client, form).map_err(Refused::Here)?;
    let back = |refusal: Refusal| {
        let address = refused(&redirect, &refusal, form.get("state"), issuer);
        Refused::Back(Back { address, client: Box::new(client.clone()), refusal })
    };
    let asked = check(house, &client, form, issuer, redirect.clone()).await.map_err(back)?;
    if form.get("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "none")) {
        // Every permission here is given by a person who sees what it is.
        return Err(back(Refusal::new("interaction_required", "A person must answer this request.")));
    }
    keep(house, &client, asked, false).await.map_err(Refused::Here)
}

/// Takes a request that the app sent itself (RFC 9126); gives the address that stands for it.
pub async fn push(
    house: &House,
    issuer: &str,
    client: &Client,
    form: &Form,
    jkt: Option<String>,
) -> Result<(String, i64), Refusal> {
    if form.get("request_uri").is_some() {
        return Err(Refusal::request("A pushed request cannot point at another."));
    }
    let redirect = redirect_of(client, form)?;
    let mut asked = check(house, client, form, issuer, redirect).await?;
    // A proof at this door binds the code as well (RFC 9449 section 10.1).
    if jkt.is_some() && asked.jkt.is_some() && jkt != asked.jkt {
        return Err(Refusal::new("invalid_dpop_proof", "dpop_jkt is not the key of the proof."));
    }
    asked.jkt = asked.jkt.or(jkt);
    let handle = keep(house, client, asked, true).await?;
    Ok((format!("{PUSHED}{handle}"), PUSHED_MS / 1000))
}

/// Shows a pushed request: it is taken once.
async fn pushed(house: &House, client: &Client, uri: &str) -> Result<String, Refusal> {
    let wrong = || Refusal::request("This request_uri is unknown, used or over.");
    let id = hash(uri.strip_prefix(PUSHED).ok_or_else(wrong)?);
    let (h, now, own) = (house.clone(), house.clock.now(), client.id);
    let found = house.db.write(move |tx| {
        let found = store::request(tx, &h.vault, &id, true, now)?.filter(|pending| pending.client == own);
        if found.is_some() {
            store::take_request(tx, &id)?;
        }
        Ok::<_, vault::VaultError>(found)
    });
    let pending = found.await?.ok_or_else(wrong)?;
    keep(house, client, pending.asked, false).await
}

/// The address of an answer that refuses.
pub fn refused(redirect: &str, refusal: &Refusal, state: Option<&str>, issuer: &str) -> String {
    let text = Some(refusal.text.as_ref());
    let pairs = [("error", Some(refusal.error)), ("error_description", text), ("state", state), ("iss", Some(issuer))];
    with(redirect, &pairs)
}

/// Until this address is known to be the app's, nothing may be sent to it.
fn redirect_of(client: &Client, form: &Form) -> Result<String, Refusal> {
    let given = form.need("redirect_uri")?;
    let known = client.said.redirect_uris.iter().any(|own| same_redirect(own, given));
    if known {
        Ok(given.to_owned())
    } else {
        Err(Refusal::request("This redirect_uri is not registered for this app."))
    }
}

async fn check(
    house: &House,
    client: &Client,
    form: &Form,
    issuer: &str,
    redirect_uri: String,
) -> Result<Asked, Refusal> {
    if client.said.kind == AppKind::Backend {
        return Err(Refusal::new(
            "unauthorized_client",
            "This app works without people: grant_type=client_credentials.",
        ));
    }
    for (name, error) in [("request", "request_not_supported"), ("registration", "registration_not_supported")] {
        if form.get(name).is_some() {
            return Err(Refusal::new(error, format!("The parameter {name} is not taken here.")));
        }
    }
    if form.need("response_type")? != "code" {
        return Err(Refusal::new("unsupported_response_type", "The response_type is code."));
    }
    if form.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(Refusal::request("The response_mode is query."));
    }
    let state = form.need("state")?;
    let challenge = form.need("code_challenge")?;
    if form.need("code_challenge_method")? != "S256" {
        return Err(Refusal::request("The code_challenge_method is S256."));
    }
    if !is_digest(challenge) {
        return Err(Refusal::request("The code_challenge is no SHA-256 in base64url."));
    }
    if form.get("dpop_jkt").is_some_and(|jkt| !is_digest(jkt)) {
        return Err(Refusal::request("The dpop_jkt is no thumbprint."));
    }
    let too_long = [Some(state), form.get("nonce")].into_iter().flatten().any(|text| text.len() > 2000);
    if too_long {
        return Err(Refusal::request("state and nonce have at most 2000 characters."));
    }
    let max_age = match form.get("max_age").map(str::parse::<i64>) {
        None => None,
        Some(Ok(seconds)) if seconds >= 0 => Some(seconds),
        Some(_) => return Err(Refusal::request("max_age is a number of seconds.")),
    };
    let max_age =
        if form.get("prompt").is_some_and(|p| p.split(' ').any(|w| w == "login")) { Some(0) } else { max_age };
    let scopes = scopes(client, form.get("scope"))?;
    audience(form, issuer, &scopes)?;
    let launch = opened(house, client, form, &scopes).await?;
    Ok(Asked {
        redirect_uri,
        state: Some(state.to_owned()),
        scope: scope::text(&scopes),
        challenge: challenge.to_owned(),
        nonce: form.get("nonce").map(str::to_owned),
        jkt: form.get("dpop_jkt").map(str::to_owned),
        launch,
        max_age,
        at: house.clock.now().0,
        issuer: issuer.to_owned(),
    })
}

fn scopes(client: &Client, text: Option<&str>) -> Result<Vec<Scope>, Refusal> {
    let text = text.ok_or_else(|| Refusal::scope("Say what is asked for: scope."))?;
    let scopes = scope::parse(text).map_err(Refusal::scope)?;
    if scope::data(&scopes).any(|data| data.whose == scope::Whose::System) {
        return Err(Refusal::scope("system/ scopes are for programs without people: grant_type=client_credentials."));
    }
    if let Some(beyond) = client.beyond(&scopes) {
        return Err(Refusal::scope(format!("This app is not registered for {beyond}.")));
    }
    let has = |scope: &Scope| scopes.contains(scope);
    if (has(&Scope::FhirUser) || has(&Scope::Profile)) && !has(&Scope::OpenId) {
        return Err(Refusal::scope("fhirUser and profile come with openid."));
    }
    if has(&Scope::Offline) && has(&Scope::Online) {
        return Err(Refusal::scope("Ask for offline_access or online_access, not both."));
    }
    Ok(scopes)
}

/// A token must not be wheedled out for another server's data: the app says for which it is.
fn audience(form: &Form, issuer: &str, scopes: &[Scope]) -> Result<(), Refusal> {
    let own = format!("{issuer}/fhir");
    let given = form.get("aud").or_else(|| form.get("resource"));
    match given {
        Some(given) if given.trim_end_matches('/') == own => Ok(()),
        Some(_) if form.get("aud").is_none() => {
            Err(Refusal::new("invalid_target", format!("The data of this server is at {own}.")))
        }
        Some(_) => Err(Refusal::request(format!("aud must be {own}."))),
        None if scope::data(scopes).next().is_none() => Ok(()),
        None => Err(Refusal::request("Say whose data is asked for: aud.")),
    }
}

/// What was handed over when the app was opened from a record.
async fn opened(house: &House, client: &Client, form: &Form, scopes: &[Scope]) -> Result<Option<Opened>, Refusal> {
    let launch = match (form.get("launch"), scopes.contains(&Scope::Launch)) {
        (None, false) => return Ok(None),
        (None, true) => return Err(Refusal::request("The scope launch comes with the parameter launch.")),
        (Some(_), false) => return Err(Refusal::scope("The parameter launch comes with the scope launch.")),
        (Some(launch), true) => hash(launch),
    };
    let (vault, now, client) = (Arc::clone(&house.vault), house.clock.now(), client.id);
    let found = house.db.write(move |tx| store_tokens::take_launch(tx, &vault, &launch, client, now)).await?;
    found.map(Some).ok_or_else(|| Refusal::request("This launch is unknown, used or over."))
}

/// Keeps a request; gives its handle, which is stored nowhere.
async fn keep(house: &House, client: &Client, asked: Asked, pushed: bool) -> Result<String, Refusal> {
    let handle = super::jose::encode(bytes::<32>(&*house.rng));
    let id = hash(&handle);
    let expires = house.clock.now().plus_ms(if pushed { PUSHED_MS } else { REQUEST_MS });
    let (h, pending) = (house.clone(), Pending { client: client.id, asked });
    let kept = house.db.write(move |tx| {
        // Anybody may ask, so that many who never come back must not fill the disk.
        if store::requests_waiting(tx, h.clock.now())? >= MOST_WAITING {
            return Ok(false);
        }
        store::insert_request(tx, &h, &id, &pending, pushed, expires)?;
        Ok::<_, vault::VaultError>(true)
    });
    match kept.await? {
        true => Ok(handle),
        false => Err(Refusal::new("temporarily_unavailable", "Too many requests wait for an answer. Try again later.")),
    }
}
