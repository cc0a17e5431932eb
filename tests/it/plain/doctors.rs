//! `/api/doctors/search-patients`.

use serde_json::{Value, json};
use testkit::{Person, TestApp, sample};

async fn found(app: &TestApp, doctor: &Person, query: &str) -> Vec<Value> {
    let list = app.get(&format!("/api/doctors/search-patients?{query}"), doctor).await.expect(200).json();
    list["patients"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_finds_consenting_patients_by_name_birth_date_and_condition_and_nobody_else() {
    let app = TestApp::start();
    let mut patients = Vec::new();
    for (given, born, condition) in
        [("Odette", "1980-06-15", "Zymurgical fever"), ("Ottilie", "1951-01-02", "Zymurgical fever")]
    {
        let resource = json!({
            "resourceType": "Patient", "name": [{ "given": [given], "family": "Quillfeather" }], "birthDate": born
        });
        let id = app.create(&resource).await;
        app.create(&sample::condition(&id, condition)).await;
        patients.push(app.patient_of(&id, given).await);
    }
    let doctor = app.practitioner("Dr Reader", &[]).await;
    for query in ["", "name=Quill", "condition=zymurgical", "birth_date=1980"] {
        assert!(found(&app, &doctor, query).await.is_empty(), "{query}");
    }
    let grant = app.grant(&patients[0], &doctor).await;
    let limited = app.grant_with(&patients[1], &doctor, json!({ "categories": ["vital"] })).await;
    assert_eq!(found(&app, &doctor, "name=quill").await.len(), 2);
    let by_date = found(&app, &doctor, "birth_date=1980-06").await;
    assert_eq!((by_date.len(), &by_date[0]["id"]), (1, &json!(patients[0].id)));
    assert_eq!((&by_date[0]["name"], &by_date[0]["birthDate"]), (&json!("Odette Quillfeather"), &json!("1980-06-15")));
    app.get(by_date[0]["link"].as_str().unwrap(), &doctor).await.expect(200);
    // Her fever is not in what she lets him see: it finds nobody.
    let by_condition = found(&app, &doctor, "condition=zymurg%20fev").await;
    assert_eq!((by_condition.len(), &by_condition[0]["conditions"]), (1, &json!(["Zymurgical fever"])));
    assert!(found(&app, &doctor, "condition=fevers").await.is_empty());

    app.revoke(&patients[0], &grant).await;
    assert!(found(&app, &doctor, "condition=zymurgical").await.is_empty());
    app.revoke(&patients[1], &limited).await;
    assert!(found(&app, &doctor, "name=quill").await.is_empty());
    app.get("/api/doctors/search-patients", &patients[0]).await.expect(403);
    app.get("/api/doctors/search-patients", &app.administrator("Admin").await).await.expect(403);
    app.get("/api/doctors/search-patients?birth_date=June", &doctor).await.expect(400);
    app.get("/api/doctors/search-patients?ward=7", &doctor).await.expect(400);
}
