//! What is too large to be held whole: sealed in pieces, each opened by itself, none left out, moved or added.
//!
//! The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption and its
//! Nonce-Reuse Misuse-Resistance", 2015): a key of its own for each stream, sealed with the owner's data key, and a nonce that
//! counts the pieces and marks the last. So a piece cannot change places, an end that was cut off shows, and destroying the
//! owner's key closes every stream.

use crate::{Aad, DataKey, VaultError};
use kernel::{Rng, rng::bytes};
use ring::aead::{NONCE_LEN, Nonce};

/// Plain bytes in a piece; the last may have fewer, and only a stream of nothing has a piece of none.
pub const PIECE: usize = 64 << 10;
/// What sealing adds to a piece.
pub const TAG: usize = 16;
/// What stands before the first piece: the form, and the stream's key as the data key sealed it.
pub const HEADER: usize = 1 + NONCE_LEN + 32 + TAG;
const FORM: u8 = 1;

/// How many bytes this many become.
pub const fn sealed_len(plain: u64) -> u64 {
    let pieces = if plain == 0 { 1 } else { plain.div_ceil(PIECE as u64) };
    HEADER as u64 + plain + pieces * TAG as u64
}

struct Counted {
    key: DataKey,
    next: u32,
}

impl Counted {
    fn nonce(&mut self, last: bool) -> Result<Nonce, VaultError> {
        let mut nonce = [0; NONCE_LEN];
        nonce[7..11].copy_from_slice(&self.next.to_be_bytes());
        nonce[11] = u8::from(last);
        self.next = self.next.checked_add(1).ok_or(VaultError::DoesNotOpen)?;
        Ok(Nonce::assume_unique_for_key(nonce))
    }
}

/// Seals the pieces of one stream, in their order.
pub struct Sealer(Counted);

impl Sealer {
    /// With what is to stand before the first piece.
    pub fn new(rng: &dyn Rng, owner: &DataKey, place: &Aad) -> Result<(Self, Vec<u8>), VaultError> {
        let raw = bytes::<32>(rng);
        let mut header = vec![FORM];
        header.extend_from_slice(&owner.seal(rng, place, &raw)?);
        Ok((Self(Counted { key: DataKey::from_raw(&raw)?, next: 0 }), header))
    }

    /// Seals a piece where it stands: `PIECE` bytes, or fewer for the last.
    pub fn seal(&mut self, piece: &mut Vec<u8>, last: bool) -> Result<(), VaultError> {
        debug_assert!(piece.len() == PIECE || (last && piece.len() < PIECE), "only the last piece is shorter");
        let nonce = self.0.nonce(last)?;
        self.0.key.seal_piece(nonce, piece)
    }
}

/// Opens the pieces of one stream, in their order.
pub struct Opener(Counted);

impl Opener {
    pub fn new(owner: &DataKey, place: &Aad, header: &[u8]) -> Result<Self, VaultError> {
        let (form, sealed) = header.split_first().ok_or(VaultError::DoesNotOpen)?;
        if *form != FORM {
            return Err(VaultError::DoesNotOpen);
        }
        Ok(Self(Counted { key: DataKey::from_raw(&owner.open(place, sealed)?)?, next: 0 }))
    }

    /// Opens a piece where it stands. `last` is whether nothing follows it: a stream whose end is missing does not open.
    pub fn open(&mut self, piece: &mut Vec<u8>, last: bool) -> Result<(), VaultError> {
        let nonce = self.0.nonce(last)?;
        self.0.key.open_piece(nonce, piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FreshKey;
    use kernel::SystemRng;

    const PLACE: Aad = Aad::new("blob", 7, 0, 0);

    fn key() -> DataKey {
        FreshKey::generate(&SystemRng).data_key().unwrap()
    }

    fn sealed(key: &DataKey, plain: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
        let (mut sealer, header) = Sealer::new(&SystemRng, key, &PLACE).unwrap();
        let mut pieces: Vec<Vec<u8>> = plain.chunks(PIECE).map(<[u8]>::to_vec).collect();
        if pieces.is_empty() {
            pieces.push(Vec::new());
        }
        let end = pieces.len() - 1;
        for (i, piece) in pieces.iter_mut().enumerate() {
            sealer.seal(piece, i == end).unwrap();
        }
        (header, pieces)
    }

    fn opened(key: &DataKey, place: &Aad, header: &[u8], pieces: &[Vec<u8>]) -> Result<Vec<u8>, VaultError> {
        let mut opener = Opener::new(key, place, header)?;
        let mut out = Vec::new();
        for (i, piece) in pieces.iter().enumerate() {
            let mut piece = piece.clone();
            opener.open(&mut piece, i + 1 == pieces.len())?;
            out.extend_from_slice(&piece);
        }
        Ok(out)
    }

    #[test]
    fn a_stream_of_any_length_comes_back_as_it_went_in() {
        let key = key();
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let plain: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let (header, pieces) = sealed(&key, &plain);
            let size = header.len() + pieces.iter().map(Vec::len).sum::<usize>();
            assert_eq!(size as u64, sealed_len(length as u64), "{length}");
            assert_eq!(opened(&key, &PLACE, &header, &pieces).unwrap(), plain, "{length}");
        }
    }

    #[test]
    fn pieces_that_were_moved_cut_off_or_changed_do_not_open() {
        let key = key();
        let (header, pieces) = sealed(&key, &vec![5; 2 * PIECE + 9]);
        let fails = |pieces: &[Vec<u8>]| assert!(opened(&key, &PLACE, &header, pieces).is_err());
        fails(&[pieces[1].clone(), pieces[0].clone(), pieces[2].clone()]);
        fails(&pieces[..2]);
        fails(&[pieces[0].clone(), pieces[2].clone()]);
        fails(&[pieces[0].clone(), pieces[1].clone(), pieces[2].clone(), pieces[2].clone()]);
        let mut changed = pieces.clone();
        changed[0][17] ^= 1;
        fails(&changed);
        let elsewhere = Aad::new("blob", 8, 0, 0);
        assert!(opened(&key, &elsewhere, &header, &pieces).is_err());
        assert!(opened(&super::tests::key(), &PLACE, &header, &pieces).is_err());
    }
}
