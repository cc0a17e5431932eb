//! Help for the tests of apps: an app that asks, a person who answers, and keys that sign.

use axum::body::Body;
use http::{Request, header};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use testkit::{Person, Reply, TestApp};

pub const ISSUER: &str = "http://localhost";
pub const FHIR: &str = "http://localhost/fhir";
pub const BACK: &str = "https://app.example/cb";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const STATEMENT: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
pub const VITALS: &str = "category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs";

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

pub fn sha256(text: &str) -> String {
    base64url(digest(&SHA256, text.as_bytes()))
}

pub fn seconds() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// A key of an app.
pub struct Key {
    pair: EcdsaKeyPair,
    alg: &'static str,
    pub kid: &'static str,
}

impl Key {
    fn new(how: &'static EcdsaSigningAlgorithm, alg: &'static str, kid: &'static str) -> Self {
        let chance = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(how, &chance).unwrap();
        Self { pair: EcdsaKeyPair::from_pkcs8(how, document.as_ref(), &chance).unwrap(), alg, kid }
    }

    pub fn es256(kid: &'static str) -> Self {
        Self::new(&ECDSA_P256_SHA256_FIXED_SIGNING, "ES256", kid)
    }

    pub fn es384(kid: &'static str) -> Self {
        Self::new(&ECDSA_P384_SHA384_FIXED_SIGNING, "ES384", kid)
    }

    pub fn jwk(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let half = point.len() / 2;
        let crv = if self.alg == "ES256" { "P-256" } else { "P-384" };
        json!({
            "kty": "EC", "crv": crv, "kid": self.kid,
            "x": base64url(&point[1..=half]), "y": base64url(&point[half + 1..]),
        })
    }

    pub fn thumbprint(&self) -> String {
        let key = self.jwk();
        let text = |name: &str| key[name].as_str().unwrap().to_owned();
        sha256(&format!(r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#, text("crv"), text("x"), text("y")))
    }

    pub fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", base64url(signature))
    }

    pub fn header(&self) -> Value {
        json!({ "alg": self.alg, "typ": "JWT", "kid": self.kid })
    }

    /// A statement of an app, as it should be.
    pub fn claims(client: &str) -> Value {
        json!({
            "iss": client, "sub": client, "aud": format!("{ISSUER}/oauth/token"),
            "exp": seconds() + 240, "iat": seconds(), "jti": number(),
        })
    }

    pub fn statement(&self, client: &str) -> String {
        self.sign_as(&self.header(), &Self::claims(client))
    }

    /// A proof of possession, as it should be.
    pub fn proof_claims(method: &str, address: &str, token: Option<&str>) -> Value {
        let mut claims = json!({ "htm": method, "htu": address, "iat": seconds(), "jti": number() });
        if let Some(token) = token {
            claims["ath"] = sha256(token).into();
        }
        claims
    }

    pub fn proof_header(&self) -> Value {
        json!({ "alg": self.alg, "typ": "dpop+jwt", "jwk": self.jwk() })
    }

    pub fn proof(&self, method: &str, address: &str, token: Option<&str>) -> String {
        self.sign_as(&self.proof_header(), &Self::proof_claims(method, address, token))
    }
}

pub fn number() -> String {
    kernel::rng::uuid(&kernel::SystemRng)
}

/// `a=b&c=d`
pub fn form(pairs: &[(&str, &str)]) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(pairs);
    out.finish()
}

/// Names and values, of which a test changes some.
#[derive(Clone, Debug)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    pub fn set(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.retain(|(own, _)| own != name);
        self.0.push((name.to_owned(), value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(own, _)| own != name);
        self
    }

    pub fn twice(mut self, name: &str) -> Self {
        let found = self.0.iter().find(|(own, _)| own == name).cloned().unwrap();
        self.0.push(found);
        self
    }

    pub fn text(&self) -> String {
        form(&self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
    }
}

/// What a public app asks for at first.
pub fn asks(client: &str, scope: &str) -> Fields {
    Fields::of(&[
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", BACK),
        ("scope", scope),
        ("state", "s t&ate"),
        ("aud", FHIR),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ])
}

/// What it sends with a code.
pub fn redeems(client: &str, code: &str) -> Fields {
    Fields::of(&[
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("redirect_uri", BACK),
        ("code", code),
        ("code_verifier", VERIFIER),
    ])
}

pub async fn post_with(app: &TestApp, path: &str, headers: &[(&str, &str)], body: String) -> Reply {
    let mut request = Request::builder().method("POST").uri(path).header(header::HOST, "localhost");
    request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.request(request.body(Body::from(body)).unwrap()).await
}

pub async fn post(app: &TestApp, path: &str, fields: &Fields) -> Reply {
    post_with(app, path, &[], fields.text()).await
}

pub async fn token(app: &TestApp, fields: &Fields) -> Reply {
    post(app, "/oauth/token", fields).await
}

/// A request with an app's token.
pub async fn with_token(app: &TestApp, method: &str, path: &str, token: &str, body: Option<Value>) -> Reply {
    with_authorization(app, method, path, &[("authorization", &format!("Bearer {token}"))], body).await
}

pub async fn with_authorization(
    app: &TestApp,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Reply {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    request = request.header(header::CONTENT_TYPE, "application/fhir+json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.request(request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()).await
}

/// A parameter of an address.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let query = address.split_once('?')?.1;
    form_urlencoded::parse(query.as_bytes()).find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}

/// Registers an app of this kind; gives its `client_id`. A program without people is confirmed by another administrator.
pub async fn registered(app: &TestApp, administrator: &Person, more: Value) -> String {
    let mut body = json!({ "name": "Heart diary", "kind": "public", "redirectUris": [BACK] });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let made = app.post("/api/admin/apps", administrator, body).await.expect(201).json();
    if made["state"] == "waiting" {
        let other = app.administrator("Somebody else").await;
        app.post(&format!("/api/admin/apps/{}/confirm", made["id"]), &other, json!({})).await.expect(200);
    }
    made["clientId"].as_str().unwrap().to_owned()
}

/// The handle under which a request waits for its person.
pub async fn asked(app: &TestApp, fields: &Fields) -> String {
    let reply = app.get(&format!("/oauth/authorize?{}", fields.text()), None).await.expect(303);
    let to = reply.header("location").unwrap().to_owned();
    assert!(to.starts_with("/apps/authorize?request="), "{to}");
    parameter(&to, "request").unwrap()
}

/// The person allows everything; gives the code.
pub async fn allowed(app: &TestApp, person: &Person, fields: &Fields, permit: Value) -> String {
    let handle = asked(app, fields).await;
    let shown = app.get(&format!("/api/apps/requests/{handle}"), person).await.expect(200).json();
    let scopes: Vec<&str> =
        shown["wishes"].as_array().unwrap().iter().map(|wish| wish["scope"].as_str().unwrap()).collect();
    let mut body = json!({ "scopes": scopes });
    if shown["offline"] == true {
        body["days"] = 90.into();
    }
    for (name, value) in permit.as_object().unwrap() {
        body[name] = value.clone();
    }
    let path = format!("/api/apps/requests/{handle}/allow");
    let to = app.post(&path, person, body).await.expect(200).json()["redirect"].as_str().unwrap().to_owned();
    assert!(to.starts_with(BACK), "{to}");
    assert_eq!(parameter(&to, "state").as_deref(), Some("s t&ate"));
    assert_eq!(parameter(&to, "iss").as_deref(), Some(ISSUER));
    parameter(&to, "code").unwrap()
}

/// The whole way of a public app; gives the token answer.
pub async fn connected(app: &TestApp, person: &Person, client: &str, scope: &str) -> Value {
    let code = allowed(app, person, &asks(client, scope), json!({})).await;
    token(app, &redeems(client, &code)).await.expect(200).json()
}

pub fn text<'v>(json: &'v Value, name: &str) -> &'v str {
    json[name].as_str().unwrap_or_else(|| panic!("{name} in {json}"))
}
