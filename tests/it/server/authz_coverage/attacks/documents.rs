//! Files of the victim's record, and those on their way in.

use super::{Attack, Gives, attack};
use crate::server::authz_coverage::Scene;
use serde_json::json;

pub fn on_documents(s: &Scene) -> Vec<Attack> {
    use Gives::{Nothing, OwnThings};
    let patient = &s.victim.id;
    let document = |method, rest: &str| {
        attack(method, format!("/api/documents/{}{rest}", s.document), Nothing)
            .of(&format!("/api/documents/{{id}}{rest}"))
    };
    let sealed = |method, rest: &str| {
        attack(method, format!("/api/sealed/{}{rest}", s.sealed), Nothing).of(&format!("/api/sealed/{{id}}{rest}"))
    };
    vec![
        // A vault is the caller's own: what a right one holds, and that nobody else reaches it, is shown in documents/vaults.rs.
        attack("GET", "/api/vault", OwnThings),
        attack("POST", "/api/vault", OwnThings)
            .body(json!({ "boxKey": "", "signKey": "", "salt": "", "keys": "", "ways": [] })),
        attack("POST", "/api/vault/ways", OwnThings)
            .body(json!({ "kind": "recovery", "name": "Code", "wrap": "" })),
        attack("POST", format!("/api/vault/ways/{}/remove", s.way), Nothing).of("/api/vault/ways/{id}/remove"),
        attack("POST", "/api/vault/guardians", OwnThings).body(json!({ "guardians": [] })),
        attack("POST", "/api/vault/discard", OwnThings),
        attack("GET", "/api/vault/keys?code=0000-0000-0000-0000", Nothing),
        attack("GET", "/api/vault/openings", OwnThings),
        attack("POST", "/api/vault/openings", OwnThings).body(json!({ "kind": "device", "publicKey": "AAAA" })),
        attack("POST", format!("/api/vault/openings/{}/answer", s.opening), Nothing)
            .of("/api/vault/openings/{id}/answer")
            .body(json!({ "wrap": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })),
        attack("POST", format!("/api/vault/openings/{}/end", s.opening), Nothing).of("/api/vault/openings/{id}/end"),
        attack("GET", "/api/sealing", OwnThings),
        attack("POST", "/api/sealing/general/keys", OwnThings)
            .of("/api/sealing/{compartment}/keys")
            .body(json!({ "epoch": 1, "keys": [] })),
        attack("GET", format!("/api/patients/{patient}/sealed"), Nothing).of("/api/patients/{id}/sealed"),
        sealed("GET", "/content"),
        sealed("POST", "/change").body(json!({ "detail": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })),
        sealed("POST", "/delete"),
        attack("GET", "/api/document-kinds", OwnThings),
        attack("GET", "/api/lab-codes", OwnThings),
        attack("GET", format!("/api/patients/{patient}/documents"), Nothing).of("/api/patients/{id}/documents"),
        attack("GET", format!("/api/patients/{patient}/uploads"), Nothing).of("/api/patients/{id}/uploads"),
        attack("POST", format!("/api/documents?patient={patient}&name=planted.txt"), Nothing).of("/api/documents"),
        // Refused before anything is looked at; what a right one gives is shown in documents/uploads.rs.
        attack("POST", "/api/uploads", OwnThings),
        // Without its headers a piece is refused whoever sends it.
        attack("HEAD", format!("/api/uploads/{}", s.upload), Nothing).of("/api/uploads/{id}"),
        attack("PATCH", format!("/api/uploads/{}", s.upload), OwnThings).of("/api/uploads/{id}"),
        attack("DELETE", format!("/api/uploads/{}", s.upload), Nothing).of("/api/uploads/{id}"),
        document("GET", ""),
        document("POST", "/change").body(json!({ "title": "Made by an attack" })),
        document("POST", "/delete"),
        document("POST", "/restore"),
        document("POST", "/read"),
        document("GET", "/content"),
        document("GET", "/thumbnail"),
        document("GET", "/pages/1").of("/api/documents/{id}/pages/{n}"),
        document("GET", "/text"),
        document("GET", "/values"),
        document("POST", "/values/1/confirm").of("/api/documents/{id}/values/{n}/confirm").body(json!({
            "code": null, "label": "Planted", "value": "1", "unit": null, "low": null, "high": null, "date": "2026-01-05"
        })),
        document("POST", "/values/1/skip").of("/api/documents/{id}/values/{n}/skip"),
        document("POST", "/values/1/reopen").of("/api/documents/{id}/values/{n}/reopen"),
    ]
}
