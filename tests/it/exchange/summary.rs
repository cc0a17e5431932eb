//! `GET /fhir/Patient/{id}/$summary`

use super::ips;
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use testkit::{Person, TestApp, sample};

async fn summary(app: &TestApp, id: &str, who: &Person) -> Value {
    let reply = app.get(&format!("/fhir/Patient/{id}/$summary"), who).await.expect(200);
    assert_eq!(reply.header("content-type"), Some("application/fhir+json; charset=utf-8"));
    reply.json()
}

/// What stands in a section, as the resources.
fn section<'b>(bundle: &'b Value, code: &str) -> Vec<&'b Value> {
    let entries = bundle["entry"].as_array().unwrap();
    let find = |url: &Value| &entries.iter().find(|e| &e["fullUrl"] == url).unwrap()["resource"];
    let sections = entries[0]["resource"]["section"].as_array().unwrap();
    let found = sections.iter().find(|s| s["code"]["coding"][0]["code"] == code);
    let entries = found.and_then(|s| s["entry"].as_array()).cloned().unwrap_or_default();
    entries.iter().map(|entry| find(&entry["reference"])).collect()
}

fn texts(bundle: &Value, code: &str, name: &str) -> Vec<String> {
    let text = |r: &&Value| {
        let concept = &r[name];
        concept["text"].as_str().or(concept["coding"][0]["display"].as_str()).unwrap_or_default().to_owned()
    };
    section(bundle, code).iter().map(text).collect()
}

fn in_status(mut resource: Value, status: &str) -> Value {
    resource["clinicalStatus"]["coding"][0]["code"] = status.into();
    resource
}

fn allergy(patient: &str, text: &str) -> Value {
    json!({
        "resourceType": "AllergyIntolerance", "code": { "text": text }, "criticality": "high",
        "patient": { "reference": format!("Patient/{patient}") },
        "clinicalStatus": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active" }] }
    })
}

fn medicine(patient: &str, text: &str, status: &str) -> Value {
    json!({
        "resourceType": "MedicationStatement", "status": status, "medicationCodeableConcept": { "text": text },
        "subject": { "reference": format!("Patient/{patient}") }
    })
}

fn result(patient: &str, code: &str, value: &str, date: &str) -> Value {
    json!({
        "resourceType": "Observation", "status": "final", "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
        "category": [{ "coding": [{ "code": "laboratory" }] }], "valueString": value, "effectiveDateTime": date,
        "subject": { "reference": format!("Patient/{patient}") }, "performer": [{ "reference": "Practitioner/elsewhere" }]
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_record_gives_a_summary_that_says_so() {
    let app = TestApp::start();
    let patient = app.patient("Cher").await;
    let bundle = summary(&app, &patient.id, &patient).await;
    assert_eq!(ips::faults(&bundle), [""; 0], "{bundle:#}");
    for section in bundle["entry"][0]["resource"]["section"].as_array().unwrap() {
        assert_eq!(section["emptyReason"]["coding"][0]["code"], "unavailable");
    }
    assert!(fhir::validate(&fhir::json::parse(bundle.to_string().as_bytes()).unwrap()).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_current_is_in_it_and_what_is_over_is_not() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let id = &patient.id;
    for (text, status) in [("Asthma", "active"), ("Leukemia", "remission"), ("A cold", "resolved")] {
        app.create(&in_status(sample::condition(id, text), status)).await;
    }
    app.create(&allergy(id, "Penicillin")).await;
    app.create(&in_status(allergy(id, "Milk"), "resolved")).await;
    app.create(&medicine(id, "Salbutamol", "active")).await;
    app.create(&medicine(id, "Amoxicillin", "completed")).await;
    app.create(&medicine(id, "A mistake", "entered-in-error")).await;
    let (now, old) = (app.house.clock.now(), app.house.clock.now().plus_minutes(-3 * 365 * 24 * 60));
    let mut unnamed = result(id, "4548-4", "5.4", &now.to_rfc3339());
    unnamed["performer"] = json!([{ "display": "Riverside Laboratory" }]);
    app.create(&unnamed).await;
    let mut aged = result(id, "2160-0", "0.9", &old.to_rfc3339());
    aged.as_object_mut().unwrap().remove("performer");
    app.create(&aged).await;
    aged["code"]["coding"][0]["code"] = "882-1".into();
    aged["valueString"] = "0 Rh positive".into();
    app.create(&aged).await;

    let bundle = summary(&app, id, &patient).await;
    assert_eq!(ips::faults(&bundle), [""; 0], "{bundle:#}");
    let mut problems = texts(&bundle, "11450-4", "code");
    problems.sort();
    assert_eq!(problems, ["Asthma", "Leukemia"]);
    assert_eq!(texts(&bundle, "48765-2", "code"), ["Penicillin"]);
    assert_eq!(texts(&bundle, "10160-0", "medicationCodeableConcept"), ["Salbutamol"]);
    let results = section(&bundle, "30954-2");
    let codes: Vec<&Value> = results.iter().map(|r| &r["code"]["coding"][0]["code"]).collect();
    assert_eq!(codes, ["882-1", "4548-4"], "a blood group does not age, a creatinine does");
    let narrative = bundle["entry"][0]["resource"]["section"][1]["text"]["div"].as_str().unwrap();
    assert!(narrative.contains("<td>Penicillin</td>"), "{narrative}");
    assert!(!bundle.to_string().contains("Amoxicillin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_medicine_that_is_named_by_reference_brings_what_it_names() {
    let app = TestApp::start();
    let urn = |number: u8| format!("urn:uuid:11111111-1111-4111-8111-11111111111{number}");
    let entry = |number: u8, resource: Value| {
        let request = json!({ "method": "POST", "url": resource["resourceType"] });
        json!({ "fullUrl": urn(number), "resource": resource, "request": request })
    };
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": [
        entry(1, json!({ "resourceType": "Patient", "name": [{ "family": "Rao" }] })),
        entry(2, json!({ "resourceType": "Medication", "code": { "text": "Insulin glargine" } })),
        entry(3, json!({
            "resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "medicationReference": { "reference": urn(2) }, "subject": { "reference": urn(1) },
            "encounter": { "display": "A visit" }
        })),
    ] });
    let taken = app.import(bundle.to_string()).await;
    let patient = app.patient_of(taken.outcomes[0].location.strip_prefix("Patient/").unwrap(), "Asha Rao").await;
    let bundle = summary(&app, &patient.id, &patient).await;
    assert_eq!(ips::faults(&bundle), [""; 0], "{bundle:#}");
    let named = &section(&bundle, "10160-0")[0]["medicationReference"]["reference"];
    let target = bundle["entry"].as_array().unwrap().iter().find(|e| &e["fullUrl"] == named);
    assert_eq!(target.map(|e| &e["resource"]["code"]["text"]), Some(&json!("Insulin glargine")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_gets_what_their_consent_covers_and_the_patient_leaves_sensitive_areas_out_unless_they_say() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let id = &patient.id;
    let path = format!("/fhir/Patient/{id}/$summary");
    let mut hidden = sample::condition(id, "Hidden sorrow");
    hidden["meta"] = json!({ "security": [{ "code": "PSY" }] });
    app.create(&hidden).await;
    app.create(&sample::condition(id, "Hypertension")).await;
    app.create(&allergy(id, "Penicillin")).await;

    app.get(&path, &doctor).await.expect(404);
    app.get(&path, None).await.expect(401);
    app.get(&format!("{path}?colour=red"), &patient).await.expect(400);
    app.get(&format!("/fhir/Observation/{id}/$summary"), &patient).await.expect(404);
    let own = summary(&app, id, &patient).await.to_string();
    assert!(own.contains("Hypertension") && !own.contains("Hidden sorrow"), "{own}");
    let whole = app.get(&format!("{path}?sensitive=true"), &patient).await.expect(200).text();
    assert!(whole.contains("Hidden sorrow"), "{whole}");

    let grant = app.grant_with(&patient, &doctor, json!({ "categories": ["condition"] })).await;
    let seen = summary(&app, id, &doctor).await;
    assert_eq!(ips::faults(&seen), [""; 0], "{seen:#}");
    assert_eq!(texts(&seen, "11450-4", "code"), ["Hypertension"]);
    assert!(!seen.to_string().contains("Penicillin") && !seen.to_string().contains("Hidden"), "{seen:#}");
    let words = |bundle: &Value, code: &str| {
        let sections = bundle["entry"][0]["resource"]["section"].as_array().unwrap();
        let section = sections.iter().find(|s| s["code"]["coding"][0]["code"] == code).unwrap();
        section["text"]["div"].as_str().unwrap().to_owned()
    };
    // What they may not see is not said to be absent; what is hidden by sensitive areas neither.
    assert!(words(&seen, "48765-2").contains("Nothing is shown to this reader."), "{seen:#}");
    assert!(words(&summary(&app, id, &patient).await, "10160-0").contains("Nothing is shown to this reader."));
    let all: Value = app.get(&format!("{path}?sensitive=true"), &patient).await.expect(200).json();
    assert!(words(&all, "10160-0").contains("No medicines are recorded here."), "{all:#}");
    // To ask for more is no way to get it.
    let asked = app.get(&format!("{path}?sensitive=true"), &doctor).await.expect(200).text();
    assert!(!asked.contains("Hidden"), "{asked}");

    let entries = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
    let newest = &entries["entries"][0];
    assert_eq!(
        (&newest["action"], &newest["what"], &newest["grant"]),
        (&json!("read"), &json!("Summary"), &grant["id"])
    );
    app.revoke(&patient, &grant).await;
    app.get(&path, &doctor).await.expect(404);
}

/// The summaries of every patient in these bundles, checked.
async fn check(app: &TestApp, name: &str, bundle: String) -> usize {
    let taken = app.import(bundle).await;
    let mut problems = 0;
    for outcome in taken.outcomes.iter().filter(|outcome| outcome.location.starts_with("Patient/")) {
        let id = outcome.location.strip_prefix("Patient/").unwrap();
        let patient = app.patient_of(id, "Somebody").await;
        let bundle = summary(app, id, &patient).await;
        assert_eq!(ips::faults(&bundle), [""; 0], "{name}");
        let node = bundle.to_string();
        let found = fhir::validate(&fhir::json::parse(node.as_bytes()).unwrap());
        assert!(found.is_ok(), "{name}: {:?}", found.err());
        problems += section(&bundle, "11450-4").len();
    }
    problems
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invented_patient_has_a_summary_that_fits_the_profiles() {
    let app = TestApp::start();
    let options = population::Options { seed: 7, organizations: 2, practitioners: 4, patients: 8, today: 20_700 };
    app.import(population::directory(&options).json).await;
    let mut problems = 0;
    for number in 0..options.patients {
        problems += check(&app, &format!("patient {number}"), population::patient(&options, number).json).await;
    }
    assert!(problems > 0, "nobody had anything");
}

fn synthea() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    std::env::var_os("HEALTHSYNC_SHARED_DATA").map_or(beside, PathBuf::from).join("synthea")
}

#[tokio::test(flavor = "multi_thread")]
async fn synthetic_patients_of_others_have_summaries_that_fit_the_profiles() {
    let Ok(folder) = std::fs::read_dir(synthea()) else {
        eprintln!("left out: no bundles in ../shared/data/synthea");
        return;
    };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".json.bz2"));
    // The hospitals come before the patients, and of those the six shortest.
    files.sort_by_key(|path| (!path.to_string_lossy().contains("Information"), path.metadata().unwrap().len()));
    let app = TestApp::start();
    let mut problems = 0;
    for file in files.iter().take(8) {
        let mut json = String::new();
        bzip2::read::BzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut json).unwrap();
        problems += check(&app, &file.display().to_string(), json).await;
    }
    assert!(problems > 0, "nobody had anything");
}
