//! Doors for the fuzz targets: what apps and providers send, read as this server reads it.

use super::form::{Form, percent};
use super::jose::{Jwk, Jws};
use super::{dpop, scope};
use http::{HeaderMap, HeaderValue};
use kernel::Timestamp;
use serde_json::{Map, Value, json};

/// What a token says, if the key of RFC 7515, appendix A.3, signed it.
pub fn believed(token: &str) -> Option<Map<String, Value>> {
    let key = Jwk::parse(&json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }))
    .ok()?;
    let token = Jws::parse(token).ok()?;
    let _ = (token.time("exp"), token.is_for("anybody"), token.text("sub"), token.field("kid"));
    token.verify(&key).then_some(token.claims)
}

/// A key that somebody publishes.
pub fn key(bytes: &[u8]) {
    if let Ok(key) =
        serde_json::from_slice::<Value>(bytes).map_err(drop).and_then(|json| Jwk::parse(&json).map_err(drop))
    {
        assert_eq!(key.thumbprint().len(), 43);
    }
}

/// Proof of possession. Whoever has a key can make one, so it may be believed.
pub fn proof(header: &[u8]) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(header) {
        headers.insert("dpop", value);
        let _ = dpop::read(&headers, "POST", "https://a.example/oauth/token", None, Timestamp(1_562_262_616_000));
    }
}

/// A request as a form; what it says is written and read again as the same.
pub fn form(text: &str) {
    let Ok(form) = Form::read(text) else { return };
    if let Some(asked) = form.get("scope") {
        scopes(asked);
        let again = Form::read(&format!("scope={}", percent(asked)));
        assert!(again.is_ok_and(|again| again.get("scope") == Some(asked)));
    }
}

pub fn scopes(text: &str) {
    let Ok(scopes) = scope::parse(text) else { return };
    let again = scope::parse(&scope::text(&scopes));
    assert_eq!(again.as_deref(), Ok(scopes.as_slice()));
    assert!(scope::beyond(&scopes, &scopes).is_none(), "what was allowed is allowed");
}
