//! The documents by which apps find their way: RFC 8414, OpenID Connect Discovery, SMART's own.

use super::jose::Alg;
use serde_json::{Value, json};

const SCOPES: [&str; 14] = [
    "openid",
    "profile",
    "fhirUser",
    "launch",
    "launch/patient",
    "offline_access",
    "online_access",
    "patient/*.cruds",
    "patient/*.rs",
    "user/*.cruds",
    "user/*.rs",
    "system/*.cruds",
    "system/*.rs",
    "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs",
];

const CAPABILITIES: [&str; 15] = [
    "launch-ehr",
    "launch-standalone",
    "authorize-post",
    "client-public",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-banner",
    "context-ehr-patient",
    "context-standalone-patient",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
];

fn shared(issuer: &str) -> Value {
    let signed = [Alg::Es256, Alg::Es384, Alg::Rs384].map(Alg::as_str);
    json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/oauth/jwks"),
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "introspection_endpoint": format!("{issuer}/oauth/introspect"),
        "revocation_endpoint": format!("{issuer}/oauth/revoke"),
        "registration_endpoint": format!("{issuer}/oauth/register"),
        "pushed_authorization_request_endpoint": format!("{issuer}/oauth/par"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": signed,
        "introspection_endpoint_auth_methods_supported": ["private_key_jwt"],
        "introspection_endpoint_auth_signing_alg_values_supported": signed,
        "revocation_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "revocation_endpoint_auth_signing_alg_values_supported": signed,
        "dpop_signing_alg_values_supported": Alg::ALL.map(Alg::as_str),
        "authorization_response_iss_parameter_supported": true,
    })
}

/// For OAuth and OpenID Connect alike: one server, one document.
pub fn configuration(issuer: &str) -> Value {
    let mut out = shared(issuer);
    let more = json!({
        "userinfo_endpoint": format!("{issuer}/oauth/userinfo"),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "claims_supported": ["iss", "aud", "sub", "sid", "iat", "exp", "auth_time", "acr", "nonce", "fhirUser", "name"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
    });
    if let (Value::Object(out), Value::Object(more)) = (&mut out, more) {
        out.extend(more);
    }
    out
}

/// SMART App Launch 2.2, `/fhir/.well-known/smart-configuration`.
pub fn smart(issuer: &str) -> Value {
    let mut out = shared(issuer);
    out["capabilities"] = json!(CAPABILITIES);
    out
}
