//! Resources to put into a record. The texts are unlikely words, so that a test can look for them where they must not be.

use serde_json::{Value, json};

/// A heart rate (LOINC 8867-4).
pub fn heart_rate(patient: &str, time: &str, value: f64) -> Value {
    json!({
        "resourceType": "Observation",
        "status": "final",
        "category": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"
        }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4", "display": "Heart rate" }] },
        "subject": { "reference": format!("Patient/{patient}") },
        "effectiveDateTime": time,
        "valueQuantity": {
            "value": value, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"
        },
    })
}

/// A diagnosis in words.
pub fn condition(patient: &str, text: &str) -> Value {
    json!({
        "resourceType": "Condition",
        "clinicalStatus": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"
        }] },
        "code": { "text": text },
        "subject": { "reference": format!("Patient/{patient}") },
        "onsetDateTime": "2024-03-01",
    })
}

/// A transaction of resources that are all created.
pub fn transaction(resources: &[Value]) -> Value {
    let entry = |resource: &Value| json!({ "resource": resource, "request": { "method": "POST", "url": resource["resourceType"] } });
    json!({
        "resourceType": "Bundle", "type": "transaction", "entry": resources.iter().map(entry).collect::<Vec<_>>()
    })
}
