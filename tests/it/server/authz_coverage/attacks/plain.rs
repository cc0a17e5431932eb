//! The plain API, as somebody's script would try it.

use super::{Attack, Gives, attack};
use crate::server::authz_coverage::Scene;
use serde_json::json;

pub fn on_plain(s: &Scene) -> Vec<Attack> {
    use Gives::{NoWrite, Nothing, OwnThings};
    let patient = &s.victim.id;
    vec![
        attack("POST", "/api/records/upload", OwnThings),
        attack("GET", "/api/records/my-records", OwnThings),
        attack("POST", "/api/records/grant-access", OwnThings)
            .body(json!({ "doctor": "nobody", "kinds": null, "days": null })),
        attack("POST", "/api/appointments/create", NoWrite)
            .body(json!({ "doctor": "nobody", "patient": patient, "start": "2030-05-02T09:00:00Z" })),
        attack("GET", "/api/appointments/my-appointments", OwnThings),
        attack("POST", "/api/health-metrics/add", NoWrite)
            .body(json!({ "type": "weight", "value": 70, "unit": "kg", "patient": patient })),
        attack("GET", format!("/api/health-metrics/analysis?patient={patient}"), Nothing)
            .of("/api/health-metrics/analysis"),
        attack("GET", "/api/doctors/search-patients?name=Quillf&condition=Zanzibar", OwnThings),
        attack("GET", format!("/api/doctors/patient-records/{patient}"), Nothing)
            .of("/api/doctors/patient-records/{patient_id}"),
    ]
}
