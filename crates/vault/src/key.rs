//! A data key and what it seals: AES-256-GCM with a random 96-bit nonce.

use crate::VaultError;
use kernel::{Rng, rng::bytes};
use ring::aead::{AES_256_GCM, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::fmt;

/// Where sealed bytes belong. They open only there: a row copied elsewhere, or an old version put back, does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aad {
    /// A word for the column, such as `resource` or `ledger`.
    pub place: &'static str,
    pub a: i64,
    pub b: i64,
    pub version: i64,
}

impl Aad {
    pub const fn new(place: &'static str, a: i64, b: i64, version: i64) -> Self {
        Self { place, a, b, version }
    }

    fn bytes(&self) -> ([u8; 64], usize) {
        let mut out = [0; 64];
        let place = self.place.as_bytes();
        let n = place.len().min(39);
        out[0] = n as u8;
        out[1..=n].copy_from_slice(&place[..n]);
        out[n + 1..n + 9].copy_from_slice(&self.a.to_le_bytes());
        out[n + 9..n + 17].copy_from_slice(&self.b.to_le_bytes());
        out[n + 17..n + 25].copy_from_slice(&self.version.to_le_bytes());
        (out, n + 25)
    }
}

/// One owner's key, ready for use.
pub struct DataKey(LessSafeKey);

/// A key that was made but not yet stored: what it seals is worth nothing until `Vault::store_key` is committed.
pub struct FreshKey {
    pub(crate) raw: [u8; 32],
}

impl FreshKey {
    pub fn generate(rng: &dyn Rng) -> Self {
        Self { raw: bytes(rng) }
    }

    pub fn data_key(&self) -> Result<DataKey, VaultError> {
        DataKey::from_raw(&self.raw)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

impl DataKey {
    pub(crate) fn from_raw(raw: &[u8]) -> Result<Self, VaultError> {
        let key = UnboundKey::new(&AES_256_GCM, raw).map_err(|_| VaultError::DoesNotOpen)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Nonce, ciphertext and tag: 28 bytes longer than the content.
    pub fn seal(&self, rng: &dyn Rng, aad: &Aad, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_LEN] = bytes(rng);
        let (aad, n) = aad.bytes();
        let mut out = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                ring::aead::Aad::from(&aad[..n]),
                &mut out[NONCE_LEN..],
            )
            .map_err(|_| VaultError::DoesNotOpen)?;
        out.extend_from_slice(tag.as_ref());
        Ok(out)
    }

    pub fn open(&self, aad: &Aad, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or(VaultError::DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::DoesNotOpen)?;
        let (aad, n) = aad.bytes();
        let mut out = rest.to_vec();
        let plain = self
            .0
            .open_in_place(nonce, ring::aead::Aad::from(&aad[..n]), &mut out)
            .map_err(|_| VaultError::DoesNotOpen)?
            .len();
        out.truncate(plain);
        Ok(out)
    }

    /// A piece of a stream, whose key seals nothing else, sealed where it stands.
    pub(crate) fn seal_piece(&self, nonce: Nonce, piece: &mut Vec<u8>) -> Result<(), VaultError> {
        let sealed = self.0.seal_in_place_append_tag(nonce, ring::aead::Aad::empty(), piece);
        sealed.map_err(|_| VaultError::DoesNotOpen)
    }

    pub(crate) fn open_piece(&self, nonce: Nonce, piece: &mut Vec<u8>) -> Result<(), VaultError> {
        let opened = self.0.open_in_place(nonce, ring::aead::Aad::empty(), piece);
        let length = opened.map_err(|_| VaultError::DoesNotOpen)?.len();
        piece.truncate(length);
        Ok(())
    }
}
