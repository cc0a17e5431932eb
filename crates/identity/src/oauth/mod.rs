//! Apps of others: an authorization server (OAuth 2, OpenID Connect, SMART App Launch 2.2).
//!
//! Always holds: an app gets at most what a person here allowed it, and never more than that person may see; PKCE with
//! S256, a code of 60 seconds that works once, access tokens of five minutes that are refused from the moment their
//! permission, their client or their session ends; a refresh token that comes twice ends the permission. A scope is a
//! condition in the query (`kernel::app`), not a filter after it. Deliberately absent: the implicit and password grants,
//! secrets shared with apps (an app with a server signs), tokens for `/api`.

pub mod answer;
pub mod authorize;
mod caller;
mod clients;
mod confirming;
pub mod discovery;
pub mod doors;
mod dpop;
pub(crate) mod endings;
mod error;
pub(crate) mod form;
#[cfg(fuzzing)]
pub mod fuzz;
pub(crate) mod jose;
mod keys;
mod memory;
mod model;
mod narrowing;
mod proofs;
pub mod refused;
mod register;
mod rules;
pub mod scope;
mod store;
mod store_clients;
mod store_keys;
mod store_tokens;
pub mod token;
mod tokens;

pub use answer::{Choice, Patient, allow, launch};
pub use caller::{authenticate, presents_app};
pub use confirming::confirm;
pub use error::Refusal;
pub use form::Form;
pub use keys::{Renewal, renew as renew_key, tend as tend_keys};
pub use memory::{Settings, configure, issuer};
pub use model::{AppKind, Client, Permission, Registered, Registration, Standing};
pub use narrowing::{Narrower, narrow};
pub use register::{register, register_itself, revoke_client};
pub(crate) use store::{end_permissions, forget_patient, sweep};

use crate::IdentityError;
use http::HeaderMap;
use ledger::House;
use std::net::IpAddr;
use vault::VaultError;

/// The public halves of the keys that tokens are signed with (RFC 7517).
pub async fn key_set(house: &House) -> Result<serde_json::Value, VaultError> {
    Ok(keys::keys(house).await?.set(house.clock.now()))
}

/// Takes a request that an app pushes (RFC 9126).
pub async fn push(
    house: &House,
    issuer: &str,
    headers: &HeaderMap,
    form: &Form,
    place: Option<IpAddr>,
) -> Result<(String, i64), Refusal> {
    let client = clients::authenticate(house, issuer, "/oauth/par", headers, form, place).await?;
    let proof = dpop::read(headers, "POST", &format!("{issuer}/oauth/par"), None, house.clock.now())?;
    if let Some(proof) = &proof {
        dpop::once(house, proof).await?;
    }
    authorize::push(house, issuer, &client, form, proof.map(|proof| proof.jkt)).await
}

/// An app as administrators see it.
pub struct Listed {
    pub client: Client,
    /// Permissions of it that still stand.
    pub permissions: i64,
    /// Who put a program without people on the list.
    pub registered_by: Option<String>,
}

/// The apps on the list, newest first.
pub async fn registered(house: &House) -> Result<Vec<Listed>, IdentityError> {
    const SHOWN: i64 = 500;
    let inside = house.clone();
    let found = house.db.read(move |tx| {
        let mut out = Vec::new();
        for (client, permissions) in store_clients::clients(tx, &inside.vault, inside.clock.now(), SHOWN)? {
            let registered_by = confirming::registrant(tx, &inside, &client)?;
            out.push(Listed { client, permissions, registered_by });
        }
        Ok(out)
    });
    found.await
}

/// One that was just put there, or confirmed: no person has let it in.
pub async fn listed(house: &House, client: Client) -> Result<Listed, IdentityError> {
    let inside = house.clone();
    let found = house.db.read(move |tx| {
        let registered_by = confirming::registrant(tx, &inside, &client)?;
        Ok(Listed { client, permissions: 0, registered_by })
    });
    found.await
}
