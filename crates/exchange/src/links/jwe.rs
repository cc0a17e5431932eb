//! The file behind a link: JWE compact serialization (RFC 7516) with `dir` and `A256GCM` (RFC 7518), packed with DEFLATE.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use kernel::{Problem, Rng, rng};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::io::Write;

const HEADER: &str = r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json","zip":"DEF"}"#;

/// Packs and seals a document under the link's key, with an initialization vector that no other file has.
pub fn seal(key: &[u8], rng: &dyn Rng, plain: &[u8]) -> Result<String, Problem> {
    let mut packer = DeflateEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::default());
    let packed = packer.write_all(plain).and_then(|()| packer.finish());
    let mut body = packed.map_err(|_| Problem::internal())?;
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| Problem::internal())?;
    let iv: [u8; NONCE_LEN] = rng::bytes(rng);
    let header = URL_SAFE_NO_PAD.encode(HEADER);
    let tag = LessSafeKey::new(key)
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(iv), Aad::from(header.as_bytes()), &mut body)
        .map_err(|_| Problem::internal())?;
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    // Between the first two dots would stand a wrapped key; with `dir` there is none.
    Ok(format!("{header}..{}.{}.{}", encode(&iv), encode(&body), encode(tag.as_ref())))
}
