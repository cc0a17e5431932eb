//! Whether what a browser sent proves something: the steps of WebAuthn level 3, sections 7.1 and 7.2, that remain
//! without attestation.

use super::cbor::{self, Value};
use super::key::PublicKey;
use super::party::Party;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Problem;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use utoipa::ToSchema;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const MAY_BE_COPIED: u8 = 0x08;
const IS_COPIED: u8 = 0x10;
const HAS_CREDENTIAL: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// The longest credential id the standard allows.
const LONGEST_ID: usize = 1023;

/// What `PublicKeyCredential.toJSON()` gives, without what the page must keep to itself. Browsers add to it over time, so
/// what is unknown is left aside here, unlike in every other body.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    pub id: String,
    pub r#type: String,
    pub response: Response,
    /// Of `prf` only `enabled` may be here.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub client_extension_results: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuthenticatorResponse)]
pub struct Response {
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    /// When a passkey is made.
    pub attestation_object: Option<String>,
    #[serde(default)]
    pub transports: Vec<String>,
    /// When it signs.
    pub authenticator_data: Option<String>,
    pub signature: Option<String>,
    pub user_handle: Option<String>,
}

/// A passkey that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub credential: String,
    pub key: PublicKey,
    pub signatures: i64,
    pub synced: bool,
    pub prf: bool,
    pub transports: Vec<String>,
}

#[derive(Deserialize)]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

struct AuthData<'b> {
    flags: u8,
    signatures: i64,
    /// The credential id and its key, when one was made.
    credential: Option<(&'b [u8], PublicKey)>,
}

impl Credential {
    /// Refuses a body that carries what a passkey derived in the browser: keys of sealed documents come from it, and a
    /// server that saw it once could open them.
    pub fn keeps_its_secret(&self) -> Result<(), Problem> {
        let told = |name: &str| self.client_extension_results.get(name);
        let prf = told("prf").is_some_and(|prf| prf.as_object().is_none_or(|o| o.keys().any(|key| key != "enabled")));
        if prf || told("hmacGetSecret").is_some() {
            let text = "This carries what the passkey derived for the browser alone. Nothing of it was kept: remove \
                        clientExtensionResults.prf.results before sending.";
            return Err(Problem::new(422, "prf", text));
        }
        Ok(())
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// The client data's bytes, when they speak of this ceremony at this server.
fn client_data(party: &Party, text: &str, kind: &str, challenge: &[u8; 32]) -> Option<Vec<u8>> {
    let bytes = decode(text)?;
    let said: ClientData = serde_json::from_slice(&bytes).ok()?;
    let ours = said.r#type == kind
        && decode(&said.challenge).is_some_and(|c| c == challenge)
        && party.accepts(&said.origin)
        && !said.cross_origin;
    ours.then_some(bytes)
}

/// Reads authenticator data to its last byte, and checks that it is for this party and that the owner was checked.
fn auth_data<'b>(party: &Party, bytes: &'b [u8]) -> Option<AuthData<'b>> {
    let (party_hash, rest) = bytes.split_at_checked(32)?;
    let (&flags, rest) = rest.split_first()?;
    let (count, mut rest) = rest.split_first_chunk::<4>()?;
    let checked = flags & USER_PRESENT != 0 && flags & USER_VERIFIED != 0;
    let contradicts_itself = flags & IS_COPIED != 0 && flags & MAY_BE_COPIED == 0;
    if party_hash != digest(&SHA256, party.id.as_bytes()).as_ref() || !checked || contradicts_itself {
        return None;
    }
    let mut credential = None;
    if flags & HAS_CREDENTIAL != 0 {
        let (_model, after) = rest.split_at_checked(16)?;
        let (length, after) = after.split_first_chunk::<2>()?;
        let (id, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (key, after) = cbor::read(after)?;
        if id.is_empty() || id.len() > LONGEST_ID {
            return None;
        }
        credential = Some((id, PublicKey::from_cose(&key)?));
        rest = after;
    }
    if flags & HAS_EXTENSIONS != 0 {
        let (Value::Map(_), after) = cbor::read(rest)? else { return None };
        rest = after;
    }
    rest.is_empty().then_some(AuthData { flags, signatures: i64::from(u32::from_be_bytes(*count)), credential })
}

/// A passkey that was made for this challenge; `None` when anything about it is not as it must be.
pub fn made(party: &Party, challenge: &[u8; 32], sent: &Credential) -> Option<Made> {
    client_data(party, &sent.response.client_data, "webauthn.create", challenge)?;
    let object = decode(sent.response.attestation_object.as_deref()?)?;
    let (object, rest) = cbor::read(&object)?;
    if !rest.is_empty() || sent.r#type != "public-key" {
        return None;
    }
    let data = auth_data(party, object.get(&Value::Text("authData"))?.bytes()?)?;
    let (id, key) = data.credential?;
    if decode(&sent.id)? != id {
        return None;
    }
    let prf = sent.client_extension_results.get("prf").and_then(|prf| prf.get("enabled"));
    let known = ["usb", "nfc", "ble", "internal", "hybrid", "smart-card"];
    Some(Made {
        credential: URL_SAFE_NO_PAD.encode(id),
        key,
        signatures: data.signatures,
        synced: data.flags & MAY_BE_COPIED != 0,
        prf: prf.and_then(serde_json::Value::as_bool).unwrap_or(false),
        transports: sent.response.transports.iter().filter(|t| known.contains(&t.as_str())).cloned().collect(),
    })
}

/// How many signatures the passkey with this key and handle says it made, if it signed this challenge.
pub fn signed(party: &Party, challenge: &[u8; 32], sent: &Credential, key: &PublicKey, handle: &str) -> Option<i64> {
    let client = client_data(party, &sent.response.client_data, "webauthn.get", challenge)?;
    let bytes = decode(sent.response.authenticator_data.as_deref()?)?;
    let data = auth_data(party, &bytes)?;
    let same_owner = match sent.response.user_handle.as_deref() {
        Some(said) => decode(said)? == decode(handle)?,
        // A device that was given the credential's id need not say whose it is.
        None => true,
    };
    if sent.r#type != "public-key" || data.credential.is_some() || !same_owner {
        return None;
    }
    let message = [bytes.as_slice(), digest(&SHA256, &client).as_ref()].concat();
    key.signed(&message, &decode(sent.response.signature.as_deref()?)?).then_some(data.signatures)
}
