//! Compression before sealing: zstd with a dictionary of the words that FHIR JSON is made of.
//!
//! Resources are small and most of each is the same in every other, which a dictionary saves. The first byte says
//! how a body was packed, so that dictionaries can be added.

use crate::VaultError;
use std::cell::RefCell;
use std::sync::OnceLock;
use std::thread::LocalKey;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// The words of FHIR, by hand: the first one. Stored data needs it for ever: add, never replace.
const DICTIONARY_1: &[u8] = include_bytes!("../dictionary/fhir-1.zdict");
/// Trained on invented histories (`cargo xtask dictionary`).
const DICTIONARY_2: &[u8] = include_bytes!("../dictionary/fhir-2.zdict");

const RAW: u8 = 0;
const ZSTD_DICTIONARY_1: u8 = 2;
const ZSTD_DICTIONARY_2: u8 = 3;

/// zstd's default level.
const LEVEL: i32 = 3;

/// No resource is larger than the largest request.
const LARGEST: usize = 64 << 20;

fn encoder() -> &'static EncoderDictionary<'static> {
    static CELL: OnceLock<EncoderDictionary<'static>> = OnceLock::new();
    CELL.get_or_init(|| EncoderDictionary::copy(DICTIONARY_2, LEVEL))
}

fn decoder() -> &'static DecoderDictionary<'static> {
    static CELL: OnceLock<DecoderDictionary<'static>> = OnceLock::new();
    CELL.get_or_init(|| DecoderDictionary::copy(DICTIONARY_2))
}

thread_local! {
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
    static FIRST: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

pub fn pack(plain: &[u8]) -> Vec<u8> {
    let packed = COMPRESSOR.with_borrow_mut(|slot| {
        let mut compressor = match slot.take() {
            Some(compressor) => compressor,
            None => Compressor::with_prepared_dictionary(encoder()).ok()?,
        };
        let mut out = vec![ZSTD_DICTIONARY_2; 5 + zstd::zstd_safe::compress_bound(plain.len())];
        out[1..5].copy_from_slice(&u32::try_from(plain.len()).ok()?.to_le_bytes());
        let n = compressor.compress_to_buffer(plain, &mut out[5..]).ok()?;
        out.truncate(5 + n);
        *slot = Some(compressor);
        Some(out)
    });
    match packed {
        Some(packed) if packed.len() <= plain.len() => packed,
        _ => {
            let mut out = Vec::with_capacity(plain.len() + 1);
            out.push(RAW);
            out.extend_from_slice(plain);
            out
        }
    }
}

pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, VaultError> {
    match packed.split_first() {
        Some((&RAW, plain)) => Ok(plain.to_vec()),
        Some((&ZSTD_DICTIONARY_1, rest)) => decompress(&FIRST, || Decompressor::with_dictionary(DICTIONARY_1), rest),
        Some((&ZSTD_DICTIONARY_2, rest)) => {
            decompress(&DECOMPRESSOR, || Decompressor::with_prepared_dictionary(decoder()), rest)
        }
        _ => Err(VaultError::DoesNotOpen),
    }
}

/// What a thread keeps to unpack with.
type Slot = LocalKey<RefCell<Option<Decompressor<'static>>>>;

fn decompress(
    slot: &'static Slot,
    make: impl FnOnce() -> std::io::Result<Decompressor<'static>>,
    packed: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let (size, data) = packed.split_first_chunk::<4>().ok_or(VaultError::DoesNotOpen)?;
    let size = u32::from_le_bytes(*size) as usize;
    if size > LARGEST {
        return Err(VaultError::DoesNotOpen);
    }
    slot.with_borrow_mut(|slot| {
        let mut decompressor = match slot.take() {
            Some(decompressor) => decompressor,
            None => make().map_err(|_| VaultError::DoesNotOpen)?,
        };
        let out = decompressor.decompress(data, size).map_err(|_| VaultError::DoesNotOpen)?;
        *slot = Some(decompressor);
        Ok(out)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_with_the_first_dictionary_still_opens() {
        let plain = br#"{"resourceType":"Observation","status":"final"}"#;
        let mut packed = vec![ZSTD_DICTIONARY_1];
        packed.extend_from_slice(&(plain.len() as u32).to_le_bytes());
        let mut compressor = Compressor::with_dictionary(LEVEL, DICTIONARY_1).unwrap();
        packed.extend_from_slice(&compressor.compress(plain).unwrap());
        assert_eq!(unpack(&packed).unwrap(), plain);
    }
}
