//! What a browser would send of vaults and sealed documents. The server opens none of it, so the bytes here are made up.

use super::desk::{addressed, piece};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use testkit::{Person, Reply, TestApp};

/// The suite, and full pieces.
const FULL: usize = 1 + 64 * 1024 + 16;

fn b64(byte: u8, length: usize) -> String {
    STANDARD.encode(vec![byte; length])
}

pub fn vault_form(n: u8) -> Value {
    json!({
        "boxKey": b64(n, 32), "signKey": b64(n.wrapping_add(100), 32), "salt": b64(3, 32), "keys": b64(4, 177),
        "ways": [
            { "kind": "recovery", "name": "Recovery code", "wrap": b64(5, 61) },
            { "kind": "passkey", "name": "Phone", "credential": "AAAA", "wrap": b64(6, 61) },
        ],
    })
}

/// Somebody's vault, whose keys are made of this number.
pub async fn make_vault(app: &TestApp, who: &Person, n: u8) -> Value {
    app.post("/api/vault", who, vault_form(n)).await.expect(201).json()["vault"].clone()
}

pub async fn code(app: &TestApp, who: &Person) -> String {
    let vault = app.get("/api/vault", who).await.expect(200).json();
    vault["vault"]["code"].as_str().unwrap().to_owned()
}

/// Hands over the key of an epoch: to the patient themselves when it is a new one, and to these.
pub async fn keep(app: &TestApp, patient: &Person, compartment: &str, epoch: i64, to: &[&Person]) -> Reply {
    let key = |reader: Value, code: String| json!({ "reader": reader, "code": code, "wrap": b64(7, 81), "signature": b64(8, 64) });
    let state = app.get("/api/sealing", patient).await.expect(200).json();
    let known = state["compartments"].as_array().unwrap().iter().find(|c| c["compartment"] == compartment);
    let current = known.map_or(0, |c| c["epoch"].as_i64().unwrap());
    let mut keys = Vec::new();
    if epoch > current {
        keys.push(key(Value::Null, code(app, patient).await));
    }
    for reader in to {
        keys.push(key(json!(reader.id), code(app, reader).await));
    }
    app.post(&format!("/api/sealing/{compartment}/keys"), patient, json!({ "epoch": epoch, "keys": keys })).await
}

/// Bytes as long as those of a sealed file, which begin with these.
pub fn full(content: &[u8]) -> Vec<u8> {
    let mut bytes = content.to_vec();
    bytes.resize(FULL, 9);
    bytes
}

pub fn wish(id: &str, compartment: &str, epoch: i64) -> Value {
    json!({ "id": id, "compartment": compartment, "epoch": epoch, "detail": b64(10, 200) })
}

pub fn fresh_id(app: &TestApp) -> String {
    kernel::rng::bytes::<16>(&*app.house.rng).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Begins to send a sealed file.
pub async fn begin(app: &TestApp, who: &Person, patient: &str, size: usize, wish: &Value) -> Reply {
    let described = format!("sealed {},patient {}", STANDARD.encode(wish.to_string()), STANDARD.encode(patient));
    let request = addressed("POST", "/api/uploads", who).header("upload-length", size);
    app.request(request.header("upload-metadata", described).body(Body::empty()).unwrap()).await
}

/// Sends a sealed file; answers its id.
pub async fn seal(app: &TestApp, patient: &Person, place: (&str, i64), content: &[u8]) -> String {
    let id = fresh_id(app);
    send(app, patient, &wish(&id, place.0, place.1), content).await.expect(204);
    id
}

pub async fn send(app: &TestApp, patient: &Person, wish: &Value, content: &[u8]) -> Reply {
    let bytes = full(content);
    let begun = begin(app, patient, &patient.id, bytes.len(), wish).await.expect(201);
    let place = begun.header("location").unwrap().to_owned();
    piece(app, patient, &place, 0, &bytes[..1000]).await.expect(204);
    let done = piece(app, patient, &place, 1000, &bytes[1000..]).await;
    if done.status == 204 {
        let address = format!("/api/sealed/{}", wish["id"].as_str().unwrap());
        assert_eq!(done.header("content-location"), Some(address.as_str()));
        let asked = app.request(addressed("HEAD", &place, patient).body(Body::empty()).unwrap()).await.expect(204);
        assert_eq!(asked.header("content-location"), Some(address.as_str()), "whoever missed the answer finds it");
    }
    done
}

pub async fn list(app: &TestApp, who: &Person, patient: &Person) -> Value {
    app.get(&format!("/api/patients/{}/sealed", patient.id), who).await.expect(200).json()
}

pub fn ids(list: &Value) -> Vec<&str> {
    list["documents"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}
