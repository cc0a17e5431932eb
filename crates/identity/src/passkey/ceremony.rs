//! What is kept between the two halves of a ceremony. The page that began it keeps it, sealed: beginning one costs no
//! row, and a replica can finish what another began. Finishing it writes one row, so that it is good once.

use super::party::Party;
use crate::IdentityError;
use crate::memory::Memory;
use crate::model::Newcomer;
use crate::store::passkey as store;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::Tx;
use kernel::{Timestamp, rng::bytes};
use ledger::House;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long a page may take over a ceremony.
pub const LASTS_MS: i64 = 5 * 60_000;

/// A ceremony that goes on for longer than this in text was not begun here.
const LONGEST: usize = 4096;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Purpose {
    Register(Newcomer),
    Add { account: i64 },
    SignIn,
    Confirm { account: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceremony {
    pub challenge: [u8; 32],
    /// The user handle a passkey is made for.
    pub handle: String,
    pub expires: i64,
    pub purpose: Purpose,
}

/// What a page gets to begin with.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    pub ceremony: String,
    /// `{"publicKey": …}`, for the browser.
    pub options: Value,
}

/// The party of this server, where passkeys work at all.
pub fn party(house: &House) -> Result<Party, IdentityError> {
    house.memory::<Memory>().settings().party.ok_or(IdentityError::Forbidden(
        "Passkeys need an address with a name and TLS: the operator sets server.public_url to https://…",
    ))
}

pub fn begin(
    tx: &mut Tx<'_>,
    house: &House,
    purpose: Purpose,
    handle: String,
) -> Result<(Ceremony, String), IdentityError> {
    let expires = house.clock.now().plus_ms(LASTS_MS).0;
    let ceremony = Ceremony { challenge: bytes(&*house.rng), handle, expires, purpose };
    let plain = serde_json::to_vec(&ceremony).map_err(|_| kernel::Problem::internal())?;
    let sealed = store::seal_ceremony(tx, &house.vault, &*house.rng, &plain)?;
    Ok((ceremony, URL_SAFE_NO_PAD.encode(sealed)))
}

/// Opens what came back. Something that was not begun here, or too long ago, is like a wrong password.
pub fn open(tx: &mut Tx<'_>, house: &House, text: &str) -> Result<Ceremony, IdentityError> {
    let sealed = Some(text).filter(|text| text.len() <= LONGEST).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let plain = store::open_ceremony(tx, &house.vault, &sealed.ok_or(IdentityError::LoginFailed)?);
    let ceremony: Ceremony = serde_json::from_slice(&plain.map_err(|_| IdentityError::LoginFailed)?)
        .map_err(|_| IdentityError::LoginFailed)?;
    if ceremony.expires <= house.clock.now().0 {
        return Err(IdentityError::LoginFailed);
    }
    Ok(ceremony)
}

/// Uses a ceremony up, in the transaction that acts on it.
pub fn spend(tx: &mut Tx<'_>, ceremony: &Ceremony) -> Result<(), IdentityError> {
    match store::spend_ceremony(tx, &ceremony.challenge, Timestamp(ceremony.expires))? {
        true => Ok(()),
        false => Err(IdentityError::LoginFailed),
    }
}

/// Whom a passkey is made for, as the device shows it.
pub struct User<'u> {
    pub name: &'u str,
    pub display_name: &'u str,
}

pub fn creation(party: &Party, ceremony: &Ceremony, user: &User<'_>, known: &[store::Passkey]) -> Value {
    let algorithms: Vec<Value> =
        super::key::ALGORITHMS.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
    let exclude: Vec<Value> = known
        .iter()
        .map(|one| json!({ "type": "public-key", "id": one.detail.credential, "transports": one.detail.transports }))
        .collect();
    json!({ "publicKey": {
        "rp": { "id": party.id, "name": "HealthSync" },
        "user": { "id": ceremony.handle, "name": user.name, "displayName": user.display_name },
        "challenge": URL_SAFE_NO_PAD.encode(ceremony.challenge),
        "pubKeyCredParams": algorithms,
        "timeout": LASTS_MS,
        "excludeCredentials": exclude,
        // A passkey that the device cannot find by itself is no use on a sign-in page that asks for no name.
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
        "attestation": "none",
        // A credential that was made without asking for PRF never gives a result later.
        "extensions": { "credProps": true, "prf": {} },
    }})
}

/// `allowed` is empty where nobody is named: the device then offers what it has.
pub fn request(party: &Party, ceremony: &Ceremony, allowed: &[store::Passkey]) -> Value {
    let allow: Vec<Value> = allowed
        .iter()
        .map(|one| json!({ "type": "public-key", "id": one.detail.credential, "transports": one.detail.transports }))
        .collect();
    json!({ "publicKey": {
        "challenge": URL_SAFE_NO_PAD.encode(ceremony.challenge),
        "timeout": LASTS_MS,
        "rpId": party.id,
        "allowCredentials": allow,
        "userVerification": "required",
    }})
}
