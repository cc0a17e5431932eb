//! Doors for the fuzz targets: what a browser sends of a passkey, read as this server reads it.

use super::cbor;
use super::key::PublicKey;
use super::party::Party;
use super::verify::{self, Credential, Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

const CHALLENGE: [u8; 32] = [7; 32];

/// Of RFC 8032, section 7.1, test 1.
const SOMEBODY: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72,
    0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/// One value, and the key that it may be.
pub fn value(bytes: &[u8]) {
    if let Some((value, rest)) = cbor::read(bytes) {
        assert!(rest.len() < bytes.len(), "a value takes a byte at least");
        let _ = PublicKey::from_cose(&value);
    }
}

fn client(kind: &str) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(CHALLENGE);
    let said = format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"http://localhost:8080"}}"#);
    URL_SAFE_NO_PAD.encode(said)
}

/// A passkey as it is made: everything is right but what these bytes are.
pub fn made(object: &[u8]) {
    let credential = Credential {
        id: URL_SAFE_NO_PAD.encode([9; 16]),
        r#type: "public-key".to_owned(),
        response: Response {
            client_data: client("webauthn.create"),
            attestation_object: Some(URL_SAFE_NO_PAD.encode(object)),
            transports: Vec::new(),
            authenticator_data: None,
            signature: None,
            user_handle: None,
        },
        client_extension_results: serde_json::Map::new(),
    };
    let _ = verify::made(&Party::default(), &CHALLENGE, &credential);
}

/// A passkey as it signs: nobody but its owner can.
pub fn signed(signature: &[u8], data: &[u8]) {
    let credential = Credential {
        id: URL_SAFE_NO_PAD.encode([9; 16]),
        r#type: "public-key".to_owned(),
        response: Response {
            client_data: client("webauthn.get"),
            attestation_object: None,
            transports: Vec::new(),
            authenticator_data: Some(URL_SAFE_NO_PAD.encode(data)),
            signature: Some(URL_SAFE_NO_PAD.encode(signature)),
            user_handle: None,
        },
        client_extension_results: serde_json::Map::new(),
    };
    let key = PublicKey::Ed25519(SOMEBODY.to_vec());
    assert_eq!(verify::signed(&Party::default(), &CHALLENGE, &credential, &key, ""), None);
}

/// The body of the request, before anything of it is believed.
pub fn body(bytes: &[u8]) {
    if let Ok(credential) = serde_json::from_slice::<Credential>(bytes) {
        let _ = credential.keeps_its_secret();
        let _ = verify::made(&Party::default(), &CHALLENGE, &credential);
    }
}
