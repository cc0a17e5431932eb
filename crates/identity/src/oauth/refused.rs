//! What a person is shown whose browser an unknown app sent here with a request that cannot be answered. Going back is
//! then theirs to decide: an address that anybody may put on the list must not be reached through this server without a
//! word (RFC 9700 section 4.11.2). What the page shows travels in its address, sealed: it costs no row.

use super::error::Refusal;
use super::model::{Client, Registered};
use super::{jose, store};
use crate::IdentityError;
use ledger::House;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use vault::{Aad, DIRECTORY, VaultError};

/// A page that is older is not believed any more.
const LASTS_MS: i64 = 15 * 60_000;

/// An address with the longest `state`, sealed and in letters.
const LONGEST: usize = 16 << 10;

const PLACE: Aad = Aad::new("oauth refused", 0, 0, 0);

/// A refusal on its way back to an app.
#[derive(Clone, Debug)]
pub struct Back {
    pub address: String,
    pub client: Box<Client>,
    pub refusal: Refusal,
}

impl Back {
    /// Whether somebody here looked at the app whose address this is.
    pub fn is_trusted(&self) -> bool {
        self.client.said.registered == Registered::Managed
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// What the app calls itself.
    pub app: String,
    pub address: String,
    pub reason: String,
    expires: i64,
}

/// Gives the text by which the page finds out what to show.
pub async fn close(house: &House, back: &Back) -> Result<String, VaultError> {
    let expires = house.clock.now().plus_ms(LASTS_MS).0;
    let app = back.client.said.name.clone();
    let shown = Shown { app, address: back.address.clone(), reason: back.refusal.text.to_string(), expires };
    let inside = house.clone();
    let sealed = house.db.read(move |tx| store::seal(tx, &inside, DIRECTORY, &PLACE, &shown)).await?;
    Ok(jose::encode(sealed))
}

/// Opens it again. 404 for what this server did not say, or not lately.
pub async fn open(house: &House, text: &str) -> Result<Shown, IdentityError> {
    // Everybody may: whoever has the text was sent here with it.
    let sealed = Some(text).filter(|text| text.len() <= LONGEST).and_then(jose::decode);
    let (sealed, vault) = (sealed.ok_or(IdentityError::NotFound)?, Arc::clone(&house.vault));
    let opened = house.db.read(move |tx| match store::open::<Shown>(tx, &vault, DIRECTORY, &PLACE, &sealed) {
        Err(VaultError::DoesNotOpen) => Ok(None),
        found => found.map(Some),
    });
    let opened = opened.await?.filter(|shown| shown.expires > house.clock.now().0);
    opened.ok_or(IdentityError::NotFound)
}
