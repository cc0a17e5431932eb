//! What an app is given: access tokens and identity tokens, signed; refresh tokens, opaque.

use super::error::Refusal;
use super::jose::Jws;
use super::keys::Keys;
use super::model::{Client, Permission};
use super::rules::{ACCESS_MS, ID_TOKEN_MS};
use super::scope::{self, Scope};
use kernel::Timestamp;
use kernel::rng::bytes;
use ledger::House;
use serde_json::{Map, Value, json};

/// Everything a token is made from.
pub struct Making<'a> {
    pub house: &'a House,
    pub keys: &'a Keys,
    pub issuer: &'a str,
    pub client: &'a Client,
    pub permission: &'a Permission,
    /// What this token is good for: the permission's scopes or fewer.
    pub scopes: &'a [Scope],
    pub jkt: Option<&'a str>,
}

/// The name of a person among apps.
fn subject(account: i64) -> String {
    format!("account-{account}")
}

fn failed() -> Refusal {
    Refusal::new("server_error", "The server could not sign. Try again.")
}

/// The answer of the token endpoint.
pub fn answer(making: &Making<'_>, nonce: Option<&str>, refresh: Option<&str>) -> Result<Value, Refusal> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("access_token", access(making)?.into());
    put("token_type", if making.jkt.is_some() { "DPoP" } else { "Bearer" }.into());
    put("expires_in", (ACCESS_MS / 1000).into());
    put("scope", scope::text(making.scopes).into());
    if let Some(patient) = &making.permission.allowed.patient {
        put("patient", patient.as_str().into());
        // The page of this server is gone when an app was opened from it.
        put("need_patient_banner", true.into());
    }
    if making.scopes.contains(&Scope::OpenId) {
        put("id_token", identity(making, nonce)?.into());
    }
    if let Some(refresh) = refresh {
        put("refresh_token", refresh.into());
    }
    Ok(Value::Object(out))
}

/// RFC 9068, with `sid` for the permission that every use is checked against.
fn access(making: &Making<'_>) -> Result<String, Refusal> {
    let now = making.house.clock.now();
    let until = now.plus_ms(ACCESS_MS).0.min(making.permission.until.0) / 1000;
    let mut claims = json!({
        "iss": making.issuer,
        "aud": format!("{}/fhir", making.issuer),
        "sub": subject(making.permission.account),
        "client_id": making.client.ident,
        "scope": scope::text(making.scopes),
        "sid": making.permission.id.to_string(),
        "acr": making.permission.allowed.acr,
        "auth_time": making.permission.allowed.auth_time,
        "jti": super::jose::encode(bytes::<16>(&*making.house.rng)),
        "iat": now.0 / 1000,
        "exp": until,
    });
    if let Some(jkt) = making.jkt {
        claims["cnf"] = json!({ "jkt": jkt });
    }
    if let Some(patient) = &making.permission.allowed.patient {
        claims["patient"] = patient.as_str().into();
    }
    making.keys.signing(now).and_then(|key| key.sign("at+jwt", &claims)).ok_or_else(failed)
}

/// OpenID Connect Core section 2.
fn identity(making: &Making<'_>, nonce: Option<&str>) -> Result<String, Refusal> {
    let now = making.house.clock.now();
    let allowed = &making.permission.allowed;
    let mut claims = json!({
        "iss": making.issuer,
        "aud": making.client.ident,
        "sub": subject(making.permission.account),
        "sid": making.permission.id.to_string(),
        "auth_time": allowed.auth_time,
        "acr": allowed.acr,
        "iat": now.0 / 1000,
        "exp": now.plus_ms(ID_TOKEN_MS).0 / 1000,
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = nonce.into();
    }
    if let (true, Some(user)) = (making.scopes.contains(&Scope::FhirUser), &allowed.fhir_user) {
        claims["fhirUser"] = format!("{}/fhir/{user}", making.issuer).into();
    }
    making.keys.signing(now).and_then(|key| key.sign("JWT", &claims)).ok_or_else(failed)
}

/// What an access token says, once it is believed: signed here, meant for here, not over.
pub struct Read {
    pub permission: i64,
    pub client_id: String,
    pub scopes: Vec<Scope>,
    pub scope: String,
    pub expires: Timestamp,
    pub issued: i64,
    pub jkt: Option<String>,
}

/// Reads an access token. `now` decides whether it is over; whether its permission stands is for the database to say.
pub fn read(keys: &Keys, issuer: &str, token: &str, now: Timestamp) -> Result<Read, Refusal> {
    let no = |text: &'static str| Refusal::new("invalid_token", text);
    let jws = Jws::parse(token).map_err(no)?;
    let key = jws.field("kid").and_then(|kid| keys.named(kid, now));
    if jws.field("typ") != Some("at+jwt") || !key.is_some_and(|key| jws.verify(key)) {
        return Err(no("This is no access token of this server."));
    }
    if jws.text("iss") != Some(issuer) || !jws.is_for(&format!("{issuer}/fhir")) {
        return Err(no("This access token is meant for another address."));
    }
    let expires = Timestamp(jws.time("exp").unwrap_or_default().saturating_mul(1000));
    if expires <= now {
        return Err(no("This access token is over."));
    }
    let text = |name: &str| jws.text(name).unwrap_or_default().to_owned();
    let cnf = jws.claims.get("cnf").and_then(|cnf| cnf.get("jkt")).and_then(Value::as_str);
    let scope = text("scope");
    Ok(Read {
        permission: text("sid").parse().map_err(|_| no("This access token names no permission."))?,
        client_id: text("client_id"),
        scopes: scope::parse(&scope).map_err(|_| no("This access token is not understood."))?,
        scope,
        expires,
        issued: jws.time("iat").unwrap_or_default(),
        jkt: cnf.map(str::to_owned),
    })
}

/// About the person, for `/oauth/userinfo`.
pub fn about(issuer: &str, permission: &Permission, scopes: &[Scope], name: &str) -> Value {
    let mut out = json!({ "sub": subject(permission.account) });
    if let (true, Some(user)) = (scopes.contains(&Scope::FhirUser), &permission.allowed.fhir_user) {
        out["fhirUser"] = format!("{issuer}/fhir/{user}").into();
    }
    if scopes.contains(&Scope::Profile) {
        out["name"] = name.into();
    }
    out
}
