//! The public key of a passkey: read from COSE (RFC 9053), kept as its parts, and asked whether it signed something.

use super::cbor::Value;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};

/// The algorithms taken, by their COSE numbers and in the order of preference: ES256, Ed25519, RS256 (which Windows
/// Hello on older machines needs).
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PublicKey {
    /// 0x04, x, y.
    Es256(#[serde(with = "base64url")] Vec<u8>),
    Ed25519(#[serde(with = "base64url")] Vec<u8>),
    Rs256 {
        #[serde(with = "base64url")]
        n: Vec<u8>,
        #[serde(with = "base64url")]
        e: Vec<u8>,
    },
}

impl PublicKey {
    /// `None` for keys of other kinds and those that are none.
    pub fn from_cose(key: &Value<'_>) -> Option<Self> {
        let part = |label: i64| key.get(&Value::Int(label));
        let bytes = |label: i64| part(label).and_then(Value::bytes);
        let (kind, algorithm) = (part(1)?.int()?, part(3)?.int()?);
        match (kind, algorithm) {
            (2, -7) if part(-1)?.int() == Some(1) => {
                let (x, y) = (bytes(-2)?, bytes(-3)?);
                (x.len() == 32 && y.len() == 32).then(|| Self::Es256([&[4], x, y].concat()))
            }
            (1, -8) if part(-1)?.int() == Some(6) => {
                let x = bytes(-2)?;
                (x.len() == 32).then(|| Self::Ed25519(x.to_vec()))
            }
            (3, -257) => {
                let (n, e) = (bytes(-1)?, bytes(-2)?);
                (256..=1024).contains(&n.len()).then(|| Self::Rs256 { n: n.to_vec(), e: e.to_vec() })
            }
            _ => None,
        }
    }

    pub fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature),
            Self::Ed25519(point) => UnparsedPublicKey::new(&ED25519, point).verify(message, signature),
            Self::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        verified.is_ok()
    }
}

mod base64url {
    use super::{Engine, URL_SAFE_NO_PAD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        URL_SAFE_NO_PAD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

    fn map(pairs: Vec<(i64, Value<'_>)>) -> Value<'_> {
        Value::Map(pairs.into_iter().map(|(key, value)| (Value::Int(key), value)).collect())
    }

    #[test]
    fn a_signature_counts_for_its_own_key_and_message_only() {
        let rng = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &rng).unwrap();
        let point = pair.public_key().as_ref();
        let key = PublicKey::from_cose(&map(vec![
            (1, Value::Int(2)),
            (3, Value::Int(-7)),
            (-1, Value::Int(1)),
            (-2, Value::Bytes(&point[1..33])),
            (-3, Value::Bytes(&point[33..])),
        ]))
        .unwrap();
        let signature = pair.sign(&rng, b"message").unwrap();
        assert!(key.signed(b"message", signature.as_ref()));
        assert!(!key.signed(b"massage", signature.as_ref()));
        let pair = Ed25519KeyPair::from_pkcs8(Ed25519KeyPair::generate_pkcs8(&rng).unwrap().as_ref()).unwrap();
        let point = pair.public_key().as_ref();
        let parts = vec![(1, Value::Int(1)), (3, Value::Int(-8)), (-1, Value::Int(6)), (-2, Value::Bytes(point))];
        let other = PublicKey::from_cose(&map(parts)).unwrap();
        assert!(other.signed(b"message", pair.sign(b"message").as_ref()));
        assert!(!other.signed(b"message", signature.as_ref()));
        let kept = serde_json::to_string(&other).unwrap();
        assert_eq!(serde_json::from_str::<PublicKey>(&kept).unwrap(), other);
    }

    #[test]
    fn keys_of_other_kinds_and_sizes_are_refused() {
        let (x, short, n) = ([7; 32], [7; 31], [7; 128]);
        for parts in [
            vec![],
            // P-384.
            vec![(1, Value::Int(2)), (3, Value::Int(-35)), (-1, Value::Int(2)), (-2, Value::Bytes(&x))],
            vec![(1, Value::Int(2)), (3, Value::Int(-7)), (-1, Value::Int(1)), (-2, Value::Bytes(&x))],
            vec![(1, Value::Int(1)), (3, Value::Int(-8)), (-1, Value::Int(6)), (-2, Value::Bytes(&short))],
            // RSA with 1024 bits.
            vec![(1, Value::Int(3)), (3, Value::Int(-257)), (-1, Value::Bytes(&n)), (-2, Value::Bytes(&[1, 0, 1]))],
        ] {
            assert_eq!(PublicKey::from_cose(&map(parts.clone())), None, "{parts:?}");
        }
    }
}
