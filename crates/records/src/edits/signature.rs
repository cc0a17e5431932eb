//! What the server signs of a change that landed, so that anybody who has its public key checks it without the server: a JWS
//! (RFC 7515, EdDSA) in the Provenance, over who wrote what for whom, when and why, and the hash of each version that came to be.
//!
//! Always holds: what the Provenance says beside the signature must agree with what was signed, word for word. Deliberately
//! absent: that the patient approved it cannot be seen by strangers; the server that signs says so.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use fhir::Node;
use ledger::House;
use ledger::note::Vkey;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::{Value, json};

/// What it is for: no other signature of this key passes for one.
const TYPE: &str = "healthsync-edit+jws";
/// FHIR's word for it in `Signature.sigFormat`.
pub const FORMAT: &str = "application/jose";

/// A version that a change made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// `Condition/12/_history/3`.
    pub reference: String,
    /// SHA-256 of the resource as it is sent, in base64.
    pub sha256: String,
}

impl Made {
    pub(super) fn new(reference: String, resource: &[u8]) -> Self {
        Self { reference, sha256: hash(resource) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    recorded: String,
    author: String,
    patient: String,
    reason: String,
    targets: Vec<String>,
    made: Vec<Made>,
    /// Binds it to the draft that the server keeps.
    #[serde(rename = "draft")]
    _draft: String,
}

fn hash(bytes: &[u8]) -> String {
    STANDARD.encode(digest(&SHA256, bytes))
}

fn names(targets: &[Value]) -> Vec<&str> {
    targets.iter().filter_map(|target| target["reference"].as_str().or(target["display"].as_str())).collect()
}

/// The signature of a Provenance that is about to be kept, as its `data` holds it.
pub(super) fn sign(house: &House, provenance: &Value, made: &[Made], draft: &[u8]) -> String {
    let targets = provenance["target"].as_array().map(|targets| names(targets)).unwrap_or_default();
    let made: Vec<Value> = made.iter().map(|one| json!({ "reference": one.reference, "sha256": one.sha256 })).collect();
    let claims = json!({
        "recorded": provenance["recorded"],
        "author": provenance["agent"][0]["who"]["reference"],
        "patient": provenance["agent"][1]["who"]["reference"],
        "reason": provenance["reason"][0]["text"],
        "targets": targets,
        "made": made,
        "draft": STANDARD.encode(draft),
    });
    let header = json!({ "alg": "EdDSA", "typ": TYPE, "kid": house.ledger.origin() });
    let text = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let signature = URL_SAFE_NO_PAD.encode(house.ledger.sign_bytes(text.as_bytes()));
    STANDARD.encode(format!("{text}.{signature}"))
}

/// How a version stands beside what was signed of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Byte for byte as it was signed.
    Same,
    /// It says something else.
    Altered,
    /// It is not at hand.
    Absent,
}

/// A Provenance that this key signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub recorded: String,
    pub author: String,
    pub made: Vec<(String, Standing)>,
}

/// Checks one Provenance. `None` when it carries no signature of this kind; an error says what does not hold. `find` gives
/// the text of a version, if it is at hand.
pub fn check<'r>(
    provenance: &[u8],
    key: &Vkey,
    find: impl Fn(&str) -> Option<&'r [u8]>,
) -> Result<Option<Signed>, &'static str> {
    let node = fhir::json::parse(provenance).map_err(|_| "it is not JSON")?;
    let signatures = node.array_of("signature");
    let Some(signature) = signatures.iter().find(|one| one.str_of("sigFormat") == Some(FORMAT)) else {
        return Ok(None);
    };
    let claims = believed(signature.str_of("data").unwrap_or_default(), key)?;
    let who = |at: usize| node.array_of("agent").get(at).and_then(|agent| agent.get("who")?.str_of("reference"));
    let targets: Vec<&str> = node
        .array_of("target")
        .iter()
        .filter_map(|target: &Node<'_>| target.str_of("reference").or_else(|| target.str_of("display")))
        .collect();
    let reason = node.array_of("reason").first().and_then(|reason| reason.str_of("text"));
    let agrees = node.str_of("recorded") == Some(&claims.recorded)
        && who(0) == Some(&claims.author)
        && who(1) == Some(&claims.patient)
        && reason == Some(&claims.reason)
        && targets == claims.targets;
    if !agrees {
        return Err("it says something else than what was signed");
    }
    let author = node.array_of("agent").first().and_then(|agent| agent.get("who")?.str_of("display"));
    let author = author.map_or_else(|| claims.author.clone(), |name| format!("{name} ({})", claims.author));
    let stands = |made: Made| {
        let standing = match find(&made.reference) {
            None => Standing::Absent,
            Some(bytes) if hash(bytes) == made.sha256 => Standing::Same,
            Some(_) => Standing::Altered,
        };
        (made.reference, standing)
    };
    Ok(Some(Signed { recorded: claims.recorded, author, made: claims.made.into_iter().map(stands).collect() }))
}

/// What a JWS says, if this key signed it for this.
fn believed(data: &str, key: &Vkey) -> Result<Claims, &'static str> {
    const NONE: &str = "its signature cannot be read";
    let jws = STANDARD.decode(data).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(NONE)?;
    let (text, signature) = jws.rsplit_once('.').ok_or(NONE)?;
    let (header, claims) = text.split_once('.').ok_or(NONE)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| NONE)?;
    if !key.signed(text.as_bytes(), &signature) {
        return Err("this key did not sign it");
    }
    let header: Value =
        URL_SAFE_NO_PAD.decode(header).ok().and_then(|h| serde_json::from_slice(&h).ok()).ok_or(NONE)?;
    if header["alg"] != "EdDSA" || header["typ"] != TYPE {
        return Err("this key signed it for something else");
    }
    URL_SAFE_NO_PAD.decode(claims).ok().and_then(|claims| serde_json::from_slice(&claims).ok()).ok_or(NONE)
}
