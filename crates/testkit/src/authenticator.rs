//! A device that makes and uses passkeys, without a browser: what the page would send, right or spoilt in one way.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// What is wrong with what a device sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    Nothing,
    Origin,
    CrossOrigin,
    Challenge,
    Type,
    Party,
    NotPresent,
    NotVerified,
    Signature,
    Handle,
    Trailing,
    Copied,
    Prf,
    /// Another id is said than stands in the device's data.
    Id,
    NoId,
    LongId,
    /// Another type of credential.
    Kind,
    /// Signs data as they are when a passkey is made.
    Making,
}

impl Spoil {
    pub const ALL: [Self; 17] = [
        Self::Origin,
        Self::CrossOrigin,
        Self::Challenge,
        Self::Type,
        Self::Party,
        Self::NotPresent,
        Self::NotVerified,
        Self::Signature,
        Self::Handle,
        Self::Trailing,
        Self::Copied,
        Self::Prf,
        Self::Id,
        Self::NoId,
        Self::LongId,
        Self::Kind,
        Self::Making,
    ];
}

/// One passkey in one device.
pub struct Authenticator {
    key: EcdsaKeyPair,
    id: [u8; 16],
    handle: String,
    party: String,
    /// How many signatures it says it made; stays 0 for one that does not count.
    pub count: u32,
    /// May be copied to other devices.
    pub synced: bool,
}

fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A head of CBOR and what it announces.
fn cbor(major: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = match bytes.len() {
        n @ 0..=23 => vec![major << 5 | n as u8],
        n @ 24..=255 => vec![major << 5 | 24, n as u8],
        n => [vec![major << 5 | 25], (n as u16).to_be_bytes().to_vec()].concat(),
    };
    out.extend_from_slice(bytes);
    out
}

impl Default for Authenticator {
    fn default() -> Self {
        Self::new()
    }
}

impl Authenticator {
    pub fn new() -> Self {
        let rng = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &rng).unwrap();
        let mut id = [0; 16];
        rng.fill(&mut id).unwrap();
        Self { key, id, handle: String::new(), party: String::new(), count: 0, synced: true }
    }

    /// `COSE_Key` of its public key.
    fn cose(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = (cbor(2, &point[1..33]), cbor(2, &point[33..]));
        [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21][..], &x, &[0x22], &y].concat()
    }

    /// Its id as it stands in its data, and as it says it.
    fn ids(&self, spoil: Spoil) -> (Vec<u8>, String) {
        let id = match spoil {
            Spoil::NoId => Vec::new(),
            Spoil::LongId => vec![7; 1024],
            _ => self.id.to_vec(),
        };
        let said = b64(if spoil == Spoil::Id { &[5; 16] } else { id.as_slice() });
        (id, said)
    }

    fn auth_data(&self, spoil: Spoil, made: bool) -> Vec<u8> {
        let party = if spoil == Spoil::Party { "elsewhere.example" } else { &self.party };
        let mut flags = 0x01 | 0x04;
        match spoil {
            Spoil::NotPresent => flags &= !0x01,
            Spoil::NotVerified => flags &= !0x04,
            _ => {}
        }
        if self.synced {
            flags |= 0x08 | 0x10;
        }
        if spoil == Spoil::Copied {
            // Copied, and yet not to be copied.
            flags = (flags & !0x08) | 0x10;
        }
        if made {
            flags |= 0x40;
        }
        let mut out = [digest(&SHA256, party.as_bytes()).as_ref(), &[flags], &self.count.to_be_bytes()].concat();
        if made {
            let (id, _) = self.ids(spoil);
            out.extend([&[0; 16][..], &(id.len() as u16).to_be_bytes(), &id, &self.cose()].concat());
        }
        if spoil == Spoil::Trailing {
            out.push(0);
        }
        out
    }

    fn client_data(&self, spoil: Spoil, kind: &str, challenge: &Value) -> Vec<u8> {
        let other = b64(&[9; 32]);
        json!({
            "type": if spoil == Spoil::Type { "payment.get" } else { kind },
            "challenge": if spoil == Spoil::Challenge { other } else { text(challenge) },
            "origin": if spoil == Spoil::Origin { "https://evil.example" } else { "http://localhost:8080" },
            "crossOrigin": spoil == Spoil::CrossOrigin,
        })
        .to_string()
        .into_bytes()
    }

    const fn kind(spoil: Spoil) -> &'static str {
        match spoil {
            Spoil::Kind => "password",
            _ => "public-key",
        }
    }

    fn results(spoil: Spoil) -> Value {
        match spoil {
            Spoil::Prf => json!({ "prf": { "enabled": true, "results": { "first": b64(&[7; 32]) } } }),
            _ => json!({ "credProps": { "rk": true }, "prf": { "enabled": true } }),
        }
    }

    /// Makes the passkey: `options` are what the server began with, the answer is what the page sends.
    pub fn make(&mut self, options: &Value, spoil: Spoil) -> Value {
        let asked = &options["publicKey"];
        (self.party, self.handle) = (text(&asked["rp"]["id"]), text(&asked["user"]["id"]));
        let (auth_data, (_, id)) = (self.auth_data(spoil, true), self.ids(spoil));
        let object = [
            &[0xa3][..],
            &cbor(3, b"fmt"),
            &cbor(3, b"none"),
            &cbor(3, b"attStmt"),
            &[0xa0],
            &cbor(3, b"authData"),
            &cbor(2, &auth_data),
        ]
        .concat();
        json!({
            "id": id, "rawId": id, "type": Self::kind(spoil),
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": b64(&self.client_data(spoil, "webauthn.create", &asked["challenge"])),
                "attestationObject": b64(&object), "transports": ["internal"], "publicKeyAlgorithm": -7,
            },
            "clientExtensionResults": Self::results(spoil),
        })
    }

    /// Signs: `options` are what the server began with, the answer is what the page sends.
    pub fn sign(&mut self, options: &Value, spoil: Spoil) -> Value {
        let client = self.client_data(spoil, "webauthn.get", &options["publicKey"]["challenge"]);
        let auth_data = self.auth_data(spoil, spoil == Spoil::Making);
        let message = [auth_data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let mut signature = self.key.sign(&SystemRandom::new(), &message).unwrap().as_ref().to_vec();
        if spoil == Spoil::Signature {
            let last = signature.len() - 1;
            signature[last] ^= 1;
        }
        let (_, id) = self.ids(spoil);
        let handle = if spoil == Spoil::Handle { b64(&[3; 16]) } else { self.handle.clone() };
        json!({
            "id": id, "rawId": id, "type": Self::kind(spoil),
            "response": {
                "clientDataJSON": b64(&client), "authenticatorData": b64(&auth_data),
                "signature": b64(&signature), "userHandle": handle,
            },
            "clientExtensionResults": Self::results(spoil),
        })
    }
}
