//! The pages' data over HTTP, on SQLite and, where `TEST_DATABASE_URL` names a server, on PostgreSQL.

mod beside;
mod consented;
mod people;
mod picking;
mod readings;
mod timeline;

use crate::bundle::{Options, process};
use crate::index::id_hash;
use axum::Extension;
use axum::body::Body;
use axum::http::Request;
use consent::{Grant, GrantForm, GranteeType};
use db::DbError;
use fhir::Kind;
use kernel::{Actor, Ctx, FixedClock, Id, Purpose, SystemRng, Timestamp};
use ledger::House;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;
use vault::KeySource;

/// 2024-06-01
pub const NOW: Timestamp = Timestamp(1_717_200_000_000);

/// A house with a clinic, two doctors and two patients.
pub struct Town {
    pub house: House,
    pub runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

pub fn on_each_engine(test: impl Fn(&Town)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db").display().to_string();
    test(&town(path, folder));
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        test(&town(db::testing::fresh_postgres(&url), tempfile::tempdir().unwrap()));
    }
}

fn town(url: String, folder: tempfile::TempDir) -> Town {
    let clock = Arc::new(FixedClock::at(NOW));
    let keys = KeySource::Hex("5a".repeat(32));
    let house = House::open(&db::Options { url }, keys, "test.example", clock, Arc::new(SystemRng)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let town = Town { house, runtime, _folder: folder };
    town.put(&[
        json!({"resourceType": "Organization", "id": "clinic", "name": "Riverside Clinic",
            "address": [{"city": "Springfield"}]}),
        json!({"resourceType": "Practitioner", "id": "rao",
            "name": [{"family": "Rao", "given": ["Asha"], "prefix": ["Dr."]}]}),
        json!({"resourceType": "Practitioner", "id": "lee", "name": [{"family": "Lee", "given": ["Min"]}]}),
        json!({"resourceType": "PractitionerRole", "id": "rao-clinic",
            "practitioner": {"reference": "Practitioner/rao"}, "organization": {"reference": "Organization/clinic"},
            "specialty": [{"text": "Cardiology"}]}),
        json!({"resourceType": "Patient", "id": "ann", "name": [{"family": "Roe", "given": ["Ann"]}],
            "birthDate": "1980-06-15", "gender": "female",
            "communication": [{"language": {"coding": [{"code": "es", "display": "Spanish"}]}}]}),
        json!({"resourceType": "Patient", "id": "bob", "name": [{"family": "Bell", "given": ["Bob"]}],
            "birthDate": "1950-01-01"}),
    ]);
    town
}

impl Town {
    /// Stores resources under their own ids, as an import does.
    pub fn put(&self, resources: &[Value]) {
        let entry = |r: &Value| {
            let url = format!("{}/{}", r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap());
            json!({"resource": r, "request": {"method": "PUT", "url": url}})
        };
        let entries: Vec<Value> = resources.iter().map(entry).collect();
        let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": entries});
        process(&self.house, &self.operator(), serde_json::to_vec(&bundle).unwrap(), &Options::default()).unwrap();
    }

    pub fn operator(&self) -> Ctx {
        Ctx::operator(self.house.clock.clone(), self.house.rng.clone())
    }

    pub fn rid(&self, kind: Kind, id: &str) -> i64 {
        let idh = id_hash(self.house.vault.terms(), kind, id);
        let find = move |tx: &mut db::Tx<'_>| {
            let params = [kind.code().into(), idh.into()];
            tx.count("SELECT rid FROM resource WHERE kind = ?1 AND idh = ?2", &params)
        };
        self.house.db.read_blocking::<_, DbError, _>(find).unwrap()
    }

    fn acting(&self, actor: Actor, purpose: Purpose) -> Ctx {
        Ctx { actor, name: Arc::from("Somebody"), purpose, ..self.operator() }
    }

    pub fn patient(&self, id: &str) -> Ctx {
        let patient = Id::new(self.rid(Kind::Patient, id));
        self.acting(Actor::Patient { account: Id::new(patient.get() + 1000), patient }, Purpose::Patient)
    }

    /// A doctor of the clinic (rao), or of none (lee).
    pub fn doctor(&self, id: &str) -> Ctx {
        let practitioner = Id::new(self.rid(Kind::Practitioner, id));
        let clinic = Id::new(self.rid(Kind::Organization, "clinic"));
        let organizations = if id == "rao" { vec![clinic] } else { Vec::new() };
        let account = Id::new(practitioner.get() + 1000);
        self.acting(Actor::Practitioner { account, practitioner, organizations }, Purpose::Treatment)
    }

    pub fn give(&self, patient: &str, form: &Value) -> Grant {
        let (ctx, house) = (self.patient(patient), self.house.clone());
        let form: GrantForm = serde_json::from_value(form.clone()).unwrap();
        let give = move |tx: &mut db::Tx<'_>| {
            let grantee = consent::resolve(tx, &house, form.grantee.r#type, &form.grantee.id)?.unwrap();
            consent::service::grant(&ctx, &house, tx, &form, grantee)
        };
        self.house.db.write_blocking(give).unwrap()
    }

    pub fn revoke(&self, patient: &str, grant: i64) {
        let (ctx, house) = (self.patient(patient), self.house.clone());
        self.house.db.write_blocking(move |tx| consent::service::revoke(&ctx, &house, tx, grant)).unwrap();
    }

    pub fn call(&self, ctx: &Ctx, method: &str, uri: &str, body: Option<&Value>) -> (u16, Value) {
        let app = crate::routes().layer(Extension(ctx.clone())).with_state(self.house.clone());
        let request = Request::builder().method(method).uri(uri).header("content-type", "application/json");
        let request = request.body(Body::from(body.map_or_else(String::new, Value::to_string))).unwrap();
        self.runtime.block_on(async {
            let response = app.oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 26).await.unwrap();
            (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
        })
    }

    /// The answer to a GET that must succeed.
    pub fn get(&self, ctx: &Ctx, uri: &str) -> Value {
        let (status, answer) = self.call(ctx, "GET", uri, None);
        assert_eq!(status, 200, "{uri}: {answer}");
        answer
    }

    pub fn status(&self, ctx: &Ctx, uri: &str) -> u16 {
        self.call(ctx, "GET", uri, None).0
    }

    /// What the ledger says of a patient's record: action, what and count, the newest first.
    pub fn trail(&self, patient: &str) -> Vec<(String, String, i64)> {
        let (house, patient) = (self.house.clone(), Id::new(self.rid(Kind::Patient, patient)));
        let read = move |tx: &mut db::Tx<'_>| ledger::entries(tx, &house.vault, patient, None, 1000);
        let entries = self.house.db.read_blocking(read).unwrap();
        let told = |stored: &ledger::Stored| {
            let entry: Value = serde_json::from_slice(&stored.entry).unwrap();
            let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            (text("action"), text("what"), entry["count"].as_i64().unwrap())
        };
        entries.iter().map(told).collect()
    }
}

/// A grant of everything but sensitive areas, without an end.
pub fn form(grantee: GranteeType, id: &str) -> Value {
    json!({"grantee": {"type": grantee, "id": id}, "categories": null, "until": null})
}

pub fn with(mut form: Value, name: &str, value: Value) -> Value {
    form[name] = value;
    form
}

/// `Type/id` of every entry of the groups, in order.
pub fn entries(groups: &Value) -> Vec<String> {
    let groups = groups.as_array().unwrap().iter();
    let entries = groups.flat_map(|group| group["entries"].as_array().unwrap());
    entries.map(|e| format!("{}/{}", e["type"].as_str().unwrap(), e["id"].as_str().unwrap())).collect()
}

fn loinc(code: &str, display: &str) -> Value {
    json!({"coding": [{"system": "http://loinc.org", "code": code, "display": display}]})
}

/// A code of one of HL7's own systems.
fn hl7(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code}]})
}

fn observation(id: &str, category: &str, visit: Option<&str>, when: &str, rest: Value) -> Value {
    let mut out = json!({"resourceType": "Observation", "id": id, "status": "final",
        "category": [{"coding": [{"code": category}]}], "subject": {"reference": "Patient/ann"},
        "effectiveDateTime": when});
    if let Some(visit) = visit {
        out["encounter"] = json!({"reference": format!("Encounter/{visit}")});
    }
    out.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    out
}

pub fn pressure(id: &str, visit: Option<&str>, when: &str, systolic: i64, diastolic: i64) -> Value {
    let part = |code: &str, display: &str, n: i64| json!({"code": loinc(code, display), "valueQuantity": {"value": n, "unit": "mmHg", "code": "mm[Hg]"}});
    let parts =
        [part("8480-6", "Systolic blood pressure", systolic), part("8462-4", "Diastolic blood pressure", diastolic)];
    let rest = json!({"code": loinc("85354-9", "Blood pressure panel"), "component": parts});
    observation(id, "vital-signs", visit, when, rest)
}

pub fn weight(id: &str, visit: Option<&str>, when: &str, value: f64, unit: &str) -> Value {
    let rest = json!({"code": loinc("29463-7", "Body weight"),
        "valueQuantity": {"value": value, "unit": unit, "code": unit}});
    observation(id, "vital-signs", visit, when, rest)
}

fn hba1c(id: &str, visit: &str, when: &str, value: f64, interpretation: &str) -> Value {
    let rest = json!({"code": loinc("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"),
        "valueQuantity": {"value": value, "unit": "%", "code": "%"},
        "referenceRange": [{"low": {"value": 4, "code": "%"}, "high": {"value": 5.6, "code": "%"}}],
        "interpretation": [{"coding": [{"code": interpretation}]}]});
    observation(id, "laboratory", Some(visit), when, rest)
}

fn order(id: &str, visit: &str, when: &str, status: &str) -> Value {
    json!({"resourceType": "MedicationRequest", "id": id, "status": status, "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm",
            "code": "860975", "display": "Metformin 500 MG Oral Tablet"}]},
        "subject": {"reference": "Patient/ann"}, "encounter": {"reference": format!("Encounter/{visit}")},
        "authoredOn": when, "dosageInstruction": [{"text": "One tablet with breakfast"}]})
}

/// Two visits of Ann with what happened in them, and a few entries outside of any. Nineteen entries besides herself.
pub fn history() -> Vec<Value> {
    let ann = json!({"reference": "Patient/ann"});
    vec![
        json!({"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"},
            "type": [{"text": "Diabetes check (procedure)"}], "subject": ann,
            "participant": [{"individual": {"reference": "Practitioner/rao"}}],
            "serviceProvider": {"reference": "Organization/clinic"},
            "diagnosis": [{"condition": {"reference": "Condition/c1"}}],
            "period": {"start": "2024-03-10T09:00:00Z", "end": "2024-03-10T09:30:00Z"}}),
        pressure("bp1", Some("e1"), "2024-03-10T09:05:00Z", 142, 91),
        weight("w1", Some("e1"), "2024-03-10T09:05:00Z", 81.5, "kg"),
        hba1c("a1", "e1", "2024-03-10T09:10:00Z", 7.4, "H"),
        order("m1", "e1", "2024-03-10T09:20:00Z", "active"),
        observation(
            "phq",
            "survey",
            Some("e1"),
            "2024-03-10T09:15:00Z",
            json!({"code": loinc("44261-6", "PHQ-9 total score"), "valueInteger": 12}),
        ),
        // Known for long, written down in this visit.
        json!({"resourceType": "Condition", "id": "c1", "subject": ann, "onsetDateTime": "2015",
            "encounter": {"reference": "Encounter/e1"},
            "clinicalStatus": hl7("condition-clinical", "active"),
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}], "text": "Type 2 diabetes"}}),
        json!({"resourceType": "Encounter", "id": "e2", "status": "finished", "class": {"code": "EMER"},
            "type": [{"text": "Emergency room admission"}], "subject": ann,
            "period": {"start": "2023-05-05T22:00:00Z", "end": "2023-05-06T04:00:00Z"}}),
        pressure("bp2", Some("e2"), "2023-05-05T22:10:00Z", 150, 95),
        hba1c("a2", "e2", "2023-05-06T01:00:00Z", 6.9, "H"),
        order("m0", "e2", "2023-05-06T03:00:00Z", "completed"),
        json!({"resourceType": "DocumentReference", "id": "d1", "status": "current", "subject": ann,
            "type": {"text": "Discharge summary"}, "date": "2023-05-06T04:00:00Z",
            "author": [{"reference": "Practitioner/lee"}], "context": {"encounter": [{"reference": "Encounter/e2"}]},
            "content": [{"attachment": {"contentType": "text/plain", "data": "SGVsbG8="}}]}),
        json!({"resourceType": "Condition", "id": "c2", "subject": ann, "onsetDateTime": "2023-05-05T21:00:00Z",
            "abatementDateTime": "2023-05-20", "encounter": {"reference": "Encounter/e2"},
            "clinicalStatus": hl7("condition-clinical", "resolved"), "code": {"text": "Acute bronchitis (disorder)"}}),
        json!({"resourceType": "Immunization", "id": "i1", "status": "completed", "patient": ann,
            "vaccineCode": {"text": "Influenza, seasonal"}, "occurrenceDateTime": "2022-10-01",
            "protocolApplied": [{"doseNumberPositiveInt": 2}]}),
        json!({"resourceType": "AllergyIntolerance", "id": "al", "patient": ann, "criticality": "high",
            "clinicalStatus": hl7("allergyintolerance-clinical", "active"), "code": {"text": "Penicillin"},
            "reaction": [{"manifestation": [{"text": "Hives"}]}]}),
        json!({"resourceType": "Procedure", "id": "p1", "status": "completed", "subject": ann,
            "code": {"text": "Appendectomy (procedure)"}, "performedDateTime": "1999-07"}),
        json!({"resourceType": "CarePlan", "id": "cp", "status": "active", "intent": "plan", "subject": ann,
            "title": "Diabetes plan", "period": {"start": "2015-02-01"},
            "activity": [{"detail": {"status": "in-progress", "description": "Walk 30 minutes a day"}}]}),
        json!({"resourceType": "DeviceUseStatement", "id": "dev", "status": "active", "subject": ann,
            "device": {"display": "Glucose meter"}}),
        weight("w2", None, "2022-10-01T08:00:00Z", 84.0, "kg"),
    ]
}

/// A town in which Ann has her history, and Bob a reading of his own.
pub fn with_history(town: &Town) {
    town.put(&history());
    let mut other = pressure("bob-bp", None, "2024-01-01T10:00:00Z", 120, 80);
    other["subject"] = json!({"reference": "Patient/bob"});
    town.put(&[other]);
}
