//! Grants as FHIR Consents: what is read says what was given, to those whom it concerns; and a Consent that is posted
//! gives exactly what it says, or is refused with the path of what it cannot be.

use serde_json::{Value, json};
use testkit::TestApp;

fn consent(patient: &str, practitioner: &str) -> Value {
    json!({
        "resourceType": "Consent", "status": "active",
        "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] },
        "category": [{ "coding": [{ "system": "http://loinc.org", "code": "59284-0" }] }],
        "patient": { "reference": format!("Patient/{patient}") },
        "policyRule": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN" }] },
        "provision": {
            "type": "permit",
            "period": { "end": "2099-01-01T00:00:00Z" },
            "actor": [{
                "role": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "IRCP" }] },
                "reference": { "reference": format!("Practitioner/{practitioner}") },
            }],
            "purpose": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT" }],
            "securityLabel": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HIV" }],
            "class": [{ "system": "https://healthsync.dev/fhir/categories", "code": "vital" }],
            "dataPeriod": { "start": "2020-01-01" },
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_posted_consent_is_a_grant_and_what_is_read_back_says_the_same_to_both_sides_only() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let stranger = app.practitioner("Dr Ann Other", &[]).await;
    let mut said = consent(&patient.id, &doctor.id);
    said["dateTime"] = json!("2020-01-01");
    said["verification"] = json!([{ "verified": true }]);
    said["provision"]["period"]["start"] = json!("2020-01-01");
    let made = app.post("/fhir/Consent", &patient, said).await.expect(201);
    let location = made.header("location").unwrap().split_once("/fhir/").unwrap().1.to_owned();
    app.get(&format!("/fhir/{location}"), &patient).await.expect(200);
    let made = made.json();
    let grants = app.get("/api/grants", &patient).await.expect(200).json();
    let grant = &grants["grants"][0];
    assert_eq!((&grant["categories"], &grant["labels"]), (&json!(["vital"]), &json!(["hiv"])));
    assert_eq!((&grant["from"], &grant["to"]), (&json!("2020-01-01"), &Value::Null));
    assert_eq!(made["id"], format!("grant-{}", grant["id"]));

    let one = format!("/fhir/Consent/{}", made["id"].as_str().unwrap());
    let many = format!("/fhir/Consent?patient={}", patient.id);
    for who in [&patient, &doctor] {
        let read = app.get(&one, who).await.expect(200);
        fhir::validate(&fhir::json::parse(&read.body).unwrap()).unwrap();
        let read = read.json();
        assert_eq!(read["provision"]["class"], made["provision"]["class"]);
        assert_eq!(read["provision"]["actor"][0]["reference"]["reference"], format!("Practitioner/{}", doctor.id));
        let found = app.get(&many, who).await.expect(200).json();
        assert_eq!((&found["total"], &found["entry"][0]["resource"]["id"]), (&json!(1), &made["id"]));
    }
    app.get(&one, &stranger).await.expect(404);
    assert_eq!(app.get(&many, &stranger).await.expect(200).json()["total"], 0);
    let log = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
    let seen: Vec<_> = log["entries"].as_array().unwrap().iter().map(|e| (&e["action"], &e["what"])).collect();
    for action in ["read", "search"] {
        assert!(seen.contains(&(&json!(action), &json!("Consent"))), "{action}: {seen:?}");
    }

    app.revoke(&patient, grant).await;
    app.get(&one, &doctor).await.expect(404);
    assert_eq!(app.get(&one, &patient).await.expect(200).json()["status"], "inactive");
    let active = app.get("/fhir/Consent?status=active", &patient).await.expect(200).json();
    assert_eq!(active["total"], 0);
    app.get("/fhir/Consent?actor=Practitioner/x", &patient).await.expect(400);
    // What was read is sent again without its id.
    let mut again = made.clone();
    let refused = app.post("/fhir/Consent", &patient, again.clone()).await.expect(422).outcome();
    assert_eq!(refused.iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(), ["Consent.id"], "{refused:?}");
    again.as_object_mut().unwrap().remove("id");
    app.post("/fhir/Consent", &patient, again).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_grant_cannot_express_is_refused_with_its_path_and_gives_nothing() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let other = app.patient("Bo Lind").await;
    let good = consent(&patient.id, &doctor.id);
    let change = |path: &str, value: Value| {
        let mut form = good.clone();
        *form.pointer_mut(path).unwrap() = value;
        form
    };
    let mut nested = good.clone();
    nested["provision"]["provision"] = json!([{ "type": "deny" }]);
    let mut coded = good.clone();
    coded["provision"]["code"] = json!([{ "text": "Blood pressure" }]);
    let mut later = good.clone();
    later["provision"]["period"]["start"] = json!("2098-01-01T00:00:00Z");
    let mut swapped = good.clone();
    swapped["provision"]["period"] = json!({ "start": "2099-02-01", "end": "2099-01-01" });
    let with = |name: &str, value: Value| {
        let mut form = good.clone();
        form[name] = value;
        form
    };
    let role = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
    let faults = [
        (later, "Consent.provision.period.start"),
        (swapped, "Consent.provision.period.start"),
        (with("verification", json!([{ "verified": false }])), "Consent.verification[0].verified"),
        (
            change("/provision/actor/0/role", json!({ "coding": [{ "system": role, "code": "CST" }] })),
            "Consent.provision.actor[0].role",
        ),
        (change("/provision/actor/0/role", json!({ "text": "Custodian" })), "Consent.provision.actor[0].role"),
        (with("dateTime", json!("2098-01-01")), "Consent.dateTime"),
        (with("id", json!("grant-1")), "Consent.id"),
        (nested, "Consent.provision.provision"),
        (coded, "Consent.provision.code"),
        (change("/provision/type", json!("deny")), "Consent.provision.type"),
        (change("/status", json!("proposed")), "Consent.status"),
        (change("/patient/reference", json!(format!("Patient/{}", other.id))), "Consent.patient"),
        (change("/provision/class/0/code", json!("gossip")), "Consent.provision.class[0]"),
        (change("/provision/securityLabel/0/code", json!("R")), "Consent.provision.securityLabel[0]"),
        (change("/provision/period/end", json!("2001-01-01T00:00:00Z")), "Consent.provision.period.end"),
        (change("/provision/purpose/0/code", json!("ETREAT")), "Consent.provision.purpose[0]"),
        (
            change("/provision/actor/0/reference/reference", json!("Practitioner/nobody")),
            "Consent.provision.actor[0].reference",
        ),
    ];
    for (form, path) in faults {
        let refused = app.post("/fhir/Consent", &patient, form).await.expect(422).outcome();
        assert!(refused.iter().any(|(place, _)| place == path), "{path} in {refused:?}");
    }
    app.post("/fhir/Consent", &doctor, good).await.expect(403);
    assert_eq!(app.get("/api/grants", &patient).await.expect(200).json()["grants"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_inside_a_bundle_of_its_patient_is_refused_with_its_place_and_gives_nothing() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let reading = testkit::sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0);
    let entry =
        |kind: &str, resource: Value| json!({ "resource": resource, "request": { "method": "POST", "url": kind } });
    let entries = [entry("Observation", reading), entry("Consent", consent(&patient.id, &doctor.id))];
    let bundle = |kind: &str| json!({ "resourceType": "Bundle", "type": kind, "entry": entries });
    let refused = app.post("/fhir", &patient, bundle("transaction")).await.expect(422);
    assert_eq!(refused.outcome()[0].0, "Bundle.entry[1].request");
    let readings = format!("/fhir/Observation?patient={}&_total=accurate", patient.id);
    assert_eq!(app.get(&readings, &patient).await.expect(200).json()["total"], 0, "all or nothing");
    let answers = app.post("/fhir", &patient, bundle("batch")).await.expect(200).json();
    let status = |i: usize| answers["entry"][i]["response"]["status"].as_str().unwrap()[..3].to_owned();
    assert_eq!((status(0), status(1)), ("201".to_owned(), "422".to_owned()), "{answers}");
    assert_eq!(app.get("/api/grants", &patient).await.expect(200).json()["grants"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_of_consents_gives_as_many_a_page_as_asked_for_and_each_once() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    for name in ["Dr One", "Dr Two", "Dr Three", "Dr Four", "Dr Five"] {
        let doctor = app.practitioner(name, &[]).await;
        app.grant(&patient, &doctor).await;
    }
    let search = format!("/fhir/Consent?patient={}&_count=2&_total=accurate", patient.id);
    let (mut seen, mut next, mut sizes) = (Vec::new(), Some(search.clone()), Vec::new());
    while let Some(address) = next.take() {
        let page = app.get(&address, &patient).await.expect(200).json();
        let found = page["entry"].as_array().unwrap();
        sizes.push(found.len());
        seen.extend(found.iter().map(|each| each["resource"]["id"].as_str().unwrap().to_owned()));
        let links = page["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next");
        next = links
            .map(|link| link["url"].as_str().unwrap().split_once("/fhir/").unwrap().1)
            .map(|u| format!("/fhir/{u}"));
    }
    assert_eq!(sizes, [2, 2, 1]);
    seen.dedup();
    assert_eq!(seen.len(), 5, "{seen:?}");
    assert_eq!(app.get(&search, &patient).await.expect(200).json()["total"], 5);
    let none = app.get(&search.replace("_count=2", "_count=0"), &patient).await.expect(200).json();
    assert_eq!((&none["total"], none.get("entry")), (&json!(5), None));
    app.get(&format!("{search}&_cursor=grants-below-x"), &patient).await.expect(400);
}
