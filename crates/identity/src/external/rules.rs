//! Pure decisions: what a provider's documents must say, when its word is believed, and whom it may name by an address.

use super::Provider;
use crate::oauth::form::percent;
use crate::oauth::jose::Jws;
use crate::outgoing::may_be_asked;
use crate::rules::fold_email;
use crate::store::Stored;
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::Role;
use serde_json::Value;

/// Clocks differ.
const SKEW_SECONDS: i64 = 60;
/// The longest `sub` that the standard allows.
const LONGEST_SUBJECT: usize = 255;

/// Where the provider is asked what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    pub authorize: String,
    pub token: String,
    pub keys: String,
    /// The secret stands in a header, not in the form.
    pub basic: bool,
    /// Its answers say whose they are (RFC 9207).
    pub says_issuer: bool,
}

/// Reads the discovery document. It must be the provider's own: another's would send people, and codes, elsewhere.
pub fn addresses(provider: &Provider, document: &Value) -> Result<Addresses, String> {
    if document.get("issuer").and_then(Value::as_str) != Some(provider.issuer.as_str()) {
        return Err("the discovery document is of another issuer".to_owned());
    }
    // What is asked for by TLS leads on by TLS only.
    let plain = provider.issuer.starts_with("http://");
    let fits = |url: &str| may_be_asked(url) && (plain || url.starts_with("https://"));
    let text = |name: &str| {
        let found = document.get(name).and_then(Value::as_str).filter(|url| fits(url));
        found.map(str::to_owned).ok_or_else(|| format!("the discovery document has no safe {name}"))
    };
    let methods = document.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let knows = |method: &str| methods.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(method)));
    Ok(Addresses {
        authorize: text("authorization_endpoint")?,
        token: text("token_endpoint")?,
        keys: text("jwks_uri")?,
        // What is usual where nothing is said (OpenID Connect Discovery section 3).
        basic: methods.is_none() || knows("client_secret_basic") || !knows("client_secret_post"),
        says_issuer: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
    })
}

/// The value of `Authorization` (RFC 6749 section 2.3.1).
pub fn basic(name: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{}:{}", percent(name), percent(secret))))
}

/// Who it is, by the provider's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub subject: String,
    /// Only if the provider verified it.
    pub email: Option<String>,
    /// When they proved to the provider who they are, in seconds.
    pub proved: Option<i64>,
}

/// Reads an identity token whose signature was verified (OpenID Connect Core section 3.1.3.7).
pub fn person(provider: &Provider, jws: &Jws, nonce: &str, now: i64) -> Result<Person, &'static str> {
    if jws.field("typ").is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
        return Err("this is no identity token");
    }
    if jws.text("iss") != Some(&provider.issuer) {
        return Err("the identity token is of another provider");
    }
    if !jws.is_for(&provider.client_id) {
        return Err("the identity token is for somebody else");
    }
    let many = matches!(jws.claims.get("aud"), Some(Value::Array(all)) if all.len() > 1);
    if (many || jws.claims.contains_key("azp")) && jws.text("azp") != Some(&provider.client_id) {
        return Err("the identity token was given to somebody else");
    }
    if jws.time("exp").is_none_or(|exp| exp <= now - SKEW_SECONDS) {
        return Err("the identity token is over");
    }
    if jws.time("iat").is_none_or(|iat| iat > now + SKEW_SECONDS) {
        return Err("the identity token is from the future");
    }
    if jws.claims.contains_key("nbf") && jws.time("nbf").is_none_or(|from| from > now + SKEW_SECONDS) {
        return Err("the identity token is not good yet");
    }
    if jws.text("nonce") != Some(nonce) {
        return Err("the identity token answers another question");
    }
    let fits = |subject: &&str| !subject.is_empty() && subject.len() <= LONGEST_SUBJECT;
    let subject = jws.text("sub").filter(fits).ok_or("the identity token names nobody")?;
    let verified = jws.claims.get("email_verified") == Some(&Value::Bool(true));
    Ok(Person {
        subject: subject.to_owned(),
        email: jws.text("email").filter(|_| verified).map(str::to_owned),
        proved: jws.time("auth_time").filter(|at| (0..=now + SKEW_SECONDS).contains(at)),
    })
}

/// Whether the operator said that this provider knows who has this address.
pub fn knows_address(provider: &Provider, email: &str) -> bool {
    let email = fold_email(email);
    let domain = email.rsplit_once('@').map(|(_, domain)| domain);
    domain.is_some_and(|domain| provider.domains.iter().any(|own| own.eq_ignore_ascii_case(domain)))
}

/// Whether an account may be opened by a provider at all.
pub fn is_staff(stored: &Stored) -> bool {
    matches!(stored.profile.role, Role::Practitioner | Role::Administrator)
}

/// Whether an account is found by its address alone. One that somebody made for themselves and nobody has verified is
/// not: whoever registers with another's address would wait for them there.
pub fn is_found_by_address(stored: &Stored) -> bool {
    is_staff(stored) && (stored.profile.role == Role::Administrator || stored.profile.practitioner.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::jose::SigningKey;
    use serde_json::json;

    fn provider() -> Provider {
        Provider {
            ident: "hospital".into(),
            name: "Hospital".into(),
            issuer: "https://login.example".into(),
            client_id: "us".into(),
            client_secret: None,
            domains: vec!["hospital.example".into()],
        }
    }

    #[test]
    fn a_discovery_document_is_the_providers_own_and_leads_to_safe_places() {
        let good = json!({ "issuer": "https://login.example", "authorization_endpoint": "https://login.example/a",
                           "token_endpoint": "https://login.example/t", "jwks_uri": "https://login.example/k" });
        assert!(addresses(&provider(), &good).unwrap().basic);
        for (name, value) in [
            ("issuer", json!("https://evil.example")),
            ("issuer", json!("https://login.example/")),
            ("token_endpoint", json!("http://login.example/t")),
            ("token_endpoint", json!("http://127.0.0.1/t")),
            ("jwks_uri", Value::Null),
            ("authorization_endpoint", json!("javascript:alert(1)")),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            assert!(addresses(&provider(), &bad).is_err(), "{bad}");
        }
        let mut post = good.clone();
        post["token_endpoint_auth_methods_supported"] = json!(["client_secret_post", "private_key_jwt"]);
        assert!(!addresses(&provider(), &post).unwrap().basic);
    }

    #[test]
    fn a_name_and_a_secret_are_written_as_the_standard_has_it() {
        assert_eq!(basic("a b", "c:d"), format!("Basic {}", STANDARD.encode("a%20b:c%3Ad")));
    }

    #[test]
    fn a_word_of_the_provider_is_believed_only_whole() {
        let key = SigningKey::from_pkcs8(&SigningKey::generate().unwrap()).unwrap();
        let good = json!({ "iss": "https://login.example", "aud": "us", "sub": "7", "exp": 2000, "iat": 1000, "nonce": "n",
                           "email": "a@example.org", "email_verified": true, "auth_time": 990 });
        let parsed = |kind: &str, claims: &Value| Jws::parse(&key.sign(kind, claims).unwrap()).unwrap();
        let read = |claims: &Value| person(&provider(), &parsed("JWT", claims), "n", 1000);
        let whole = Person { subject: "7".into(), email: Some("a@example.org".into()), proved: Some(990) };
        assert_eq!(read(&good), Ok(whole));
        for (name, value) in [
            ("iss", json!("https://evil.example")),
            ("aud", json!("them")),
            ("aud", json!(["us", "them"])),
            ("azp", json!("them")),
            ("azp", json!(7)),
            ("exp", json!(900)),
            ("exp", Value::Null),
            ("iat", json!(1100)),
            ("iat", Value::Null),
            ("nbf", json!(1100)),
            ("nonce", json!("m")),
            ("nonce", Value::Null),
            ("sub", json!("")),
            ("sub", Value::Null),
            ("sub", json!("7".repeat(256))),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            assert!(read(&bad).is_err(), "{bad}");
        }
        for verified in [json!(false), json!("true"), Value::Null] {
            let mut unsure = good.clone();
            unsure["email_verified"] = verified;
            assert_eq!(read(&unsure).unwrap().email, None);
        }
        for at in [json!(2000), json!(-1), json!("990"), Value::Null] {
            let mut unsure = good.clone();
            unsure["auth_time"] = at;
            assert_eq!(read(&unsure).unwrap().proved, None);
        }
        assert!(person(&provider(), &parsed("at+jwt", &good), "n", 1000).is_err(), "a token for something else");
    }

    #[test]
    fn a_provider_knows_the_addresses_of_its_own_domains_only() {
        for (email, known) in [
            ("kim@hospital.example", true),
            (" Kim@HOSPITAL.example ", true),
            ("kim@sub.hospital.example", false),
            ("kim@evilhospital.example", false),
            ("kim@hospital.example.evil", false),
            ("kim@evil.example@hospital.example.org", false),
            ("hospital.example", false),
        ] {
            assert_eq!(knows_address(&provider(), email), known, "{email}");
        }
    }
}
