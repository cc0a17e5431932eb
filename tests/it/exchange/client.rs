//! A reader of SMART Health Links, written from the specification (HL7 SMART Health Cards and Links 1.0.0) and from RFC 7516;
//! it shares no code with the product.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::DeflateDecoder;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Value, json};
use std::io::Read;
use testkit::{Reply, TestApp};

/// A link as somebody holds it.
#[derive(Clone, Debug)]
pub struct Link {
    pub payload: Value,
    /// The path at the server under test.
    pub path: String,
    key: Vec<u8>,
}

/// Reads `shlink:/…`, also behind the address of a viewer.
pub fn read(text: &str) -> Link {
    let (_, payload) = text.split_once("shlink:/").unwrap();
    let payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let (url, key) = (payload["url"].as_str().unwrap(), payload["key"].as_str().unwrap());
    assert!(url.len() <= 128, "{url}");
    assert_eq!(key.len(), 43);
    assert!(payload["label"].as_str().is_none_or(|label| label.chars().count() <= 80));
    assert!(payload["v"].is_null() || payload["v"] == 1);
    let key = URL_SAFE_NO_PAD.decode(key).unwrap();
    let path = url.split_once("://").unwrap().1.split_once('/').unwrap().1;
    Link { path: format!("/{path}"), payload, key }
}

impl Link {
    pub fn has_flag(&self, flag: char) -> bool {
        self.payload["flag"].as_str().unwrap_or_default().contains(flag)
    }

    /// Asks for the manifest as it comes.
    pub async fn ask(&self, app: &TestApp, body: Value) -> Reply {
        app.post(&self.path, None, body).await
    }

    /// Asks for the manifest and opens its one file.
    pub async fn open(&self, app: &TestApp, recipient: &str, passcode: Option<&str>) -> Value {
        let mut body = json!({ "recipient": recipient });
        if let Some(passcode) = passcode {
            body["passcode"] = passcode.into();
        }
        let manifest = self.ask(app, body).await.expect(200).json();
        let file = &manifest["files"][0];
        assert_eq!(file["contentType"], "application/fhir+json");
        self.decrypt(file["embedded"].as_str().unwrap())
    }

    /// JWE compact serialization: header, no key, initialization vector, ciphertext, tag.
    pub fn decrypt(&self, jwe: &str) -> Value {
        let parts: Vec<&str> = jwe.split('.').collect();
        assert_eq!(parts.len(), 5, "{jwe}");
        assert_eq!(parts[1], "", "with `dir` there is no encrypted key");
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
        let header: Value = serde_json::from_slice(&decode(parts[0])).unwrap();
        assert_eq!((&header["alg"], &header["enc"]), (&json!("dir"), &json!("A256GCM")));
        assert_eq!(header["cty"], "application/fhir+json");
        let nonce = Nonce::try_assume_unique_for_key(&decode(parts[2])).unwrap();
        let mut sealed = decode(parts[3]);
        sealed.extend(decode(parts[4]));
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.key).unwrap());
        let plain = key.open_in_place(nonce, Aad::from(parts[0].as_bytes()), &mut sealed).unwrap();
        let mut json = Vec::new();
        match header["zip"].as_str() {
            Some("DEF") => drop(DeflateDecoder::new(&*plain).read_to_end(&mut json).unwrap()),
            None => json.extend_from_slice(plain),
            Some(other) => panic!("zip {other}"),
        }
        serde_json::from_slice(&json).unwrap()
    }
}

/// The initialization vector of a JWE.
pub fn iv(jwe: &str) -> &str {
    jwe.split('.').nth(2).unwrap()
}
