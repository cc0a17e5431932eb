//! Proof that whoever shows a token holds the key it is bound to (RFC 9449).

use super::error::Refusal;
use super::jose::{Jwk, Jws, sha256};
use super::memory::Memory;
use super::proofs::LASTS_MS;
use super::rules::{PROOF_SECONDS, SKEW_SECONDS};
use super::store_tokens;
use crate::session::hash;
use http::HeaderMap;
use kernel::Timestamp;
use ledger::House;

fn no<T>(text: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new("invalid_dpop_proof", text))
}

/// A proof that was believed: the thumbprint of its key, and by what it is known again.
pub struct Proof {
    pub jkt: String,
    id: [u8; 32],
}

/// Reads the proof of a request, if it has one. With a token the proof must speak of it.
pub fn read(
    headers: &HeaderMap,
    method: &str,
    address: &str,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Option<Proof>, Refusal> {
    let mut all = headers.get_all("dpop").iter();
    let Some(header) = all.next() else { return Ok(None) };
    if all.next().is_some() {
        return no("There is more than one proof.");
    }
    let proof = Jws::parse(header.to_str().unwrap_or_default()).or_else(no)?;
    if proof.field("typ") != Some("dpop+jwt") {
        return no("The proof is of another type.");
    }
    let Some(key) = proof.header.get("jwk") else { return no("The proof brings no key.") };
    let key = Jwk::parse(key).or_else(no)?;
    if !proof.verify(&key) {
        return no("The proof is not signed by its key.");
    }
    if proof.text("htm") != Some(method) {
        return no("The proof is for another method (htm).");
    }
    let said = proof.text("htu").unwrap_or_default();
    if !same_address(said, address) {
        return no("The proof is for another address (htu).");
    }
    let seconds = now.0 / 1000;
    if !proof.time("iat").is_some_and(|at| at > seconds - PROOF_SECONDS && at <= seconds + SKEW_SECONDS) {
        return no("The proof is not from now (iat).");
    }
    let Some(jti) = proof.text("jti").filter(|jti| !jti.is_empty() && jti.len() <= 256) else {
        return no("The proof needs a number of its own (jti).");
    };
    if token.is_some_and(|token| proof.text("ath") != Some(&sha256(token))) {
        return no("The proof is for another token (ath).");
    }
    let jkt = key.thumbprint();
    let id = hash(&format!("{jkt}\n{jti}"));
    Ok(Some(Proof { jkt, id }))
}

/// Query and fragment do not count.
fn same_address(said: &str, address: &str) -> bool {
    let bare = |text: &str| text.split(['?', '#']).next().unwrap_or_default().to_owned();
    !said.is_empty() && bare(said) == bare(address)
}

/// Each proof works once: where tokens are handed out, at every replica.
pub async fn once(house: &House, proof: &Proof) -> Result<(), Refusal> {
    let (id, until) = (proof.id, house.clock.now().plus_ms(LASTS_MS));
    if house.db.write(move |tx| store_tokens::first_time(tx, &id, until)).await? {
        return Ok(());
    }
    no("This proof was used already (jti).")
}

/// Each proof works once at this process: for requests that read, which must not wait for a write.
pub fn once_here(house: &House, proof: &Proof) -> Result<(), Refusal> {
    if house.memory::<Memory>().first_proof(&proof.id, house.clock.now()) {
        return Ok(());
    }
    no("This proof was used already (jti).")
}
