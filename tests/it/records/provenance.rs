//! `healthsync provenance verify`: what doctors changed stands in a download as the server signed it, or the file is refused.

use serde_json::{Value, json};
use std::process::Command;
use testkit::{TestApp, binary, sample};

/// What the command says of a file, and whether it believes it.
fn verified(app: &TestApp, key: &str, file: &[u8]) -> (bool, String) {
    let path = app.folder.path().join("record.json");
    std::fs::write(&path, file).unwrap();
    let mut command = Command::new(binary());
    let done = command.args(["provenance", "verify"]).arg(&path).args(["--key", key]).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_proves_who_changed_it_and_one_changed_letter_is_found() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.grant(&patient, &doctor).await;
    let mut condition = sample::condition(&patient.id, "Asthma");
    condition.as_object_mut().unwrap().remove("id");
    let form = json!({
        "patient": patient.id, "reason": "Seen today", "changes": [{ "act": "add", "resource": condition }]
    });
    let draft = app.post("/api/edits", &doctor, form).await.expect(201).json();
    let path = format!("/api/edits/{}", draft["id"]);
    let code =
        app.post(&format!("{path}/code"), &patient, json!({ "version": draft["version"] })).await.expect(200).json();
    app.post(&format!("{path}/land"), &doctor, json!({ "code": code["code"] })).await.expect(200);
    let file = app.get(&format!("/api/patients/{}/export", patient.id), &patient).await.expect(200);
    let text = file.text();
    let key = app.house.ledger.vkey().unwrap().to_string();
    let (believed, said) = verified(&app, &key, text.as_bytes());
    assert!(believed && said.contains("Dr Kim Lee") && said.contains("/_history/1: as it was signed"), "{said}");
    // Another diagnosis, another author, another reason, a signature for something else, another key.
    for (from, to, why) in [
        ("Asthma", "Asthmo", "NOT as it was signed"),
        ("Seen today", "Seen never", "something else than what was signed"),
        (doctor.id.as_str(), patient.id.as_str(), "something else than what was signed"),
        ("_history/1", "_history/9", "something else than what was signed"),
    ] {
        let (believed, said) = verified(&app, &key, text.replace(from, to).as_bytes());
        assert!(!believed && said.contains(why), "{from}: {said}");
    }
    let mut bundle: Value = serde_json::from_str(&text).unwrap();
    let entries = bundle["entry"].as_array_mut().unwrap();
    let provenance = entries.iter_mut().find(|e| e["resource"]["resourceType"] == "Provenance").unwrap();
    let data = provenance["resource"]["signature"][0]["data"].as_str().unwrap().to_owned();
    let middle = data.len() / 2;
    let other = if data.as_bytes()[middle] == b'A' { "B" } else { "A" };
    let forged = format!("{}{other}{}", &data[..middle], &data[middle + 1..]);
    let (believed, said) = verified(&app, &key, text.replace(&data, &forged).as_bytes());
    assert!(!believed, "{said}");
    let stranger = TestApp::start().house.ledger.vkey().unwrap().to_string();
    let (believed, said) = verified(&app, &stranger, text.as_bytes());
    assert!(!believed && said.contains("this key did not sign it"), "{said}");
    let (believed, said) = verified(&app, &key, text.replace("application/jose", "application/json").as_bytes());
    assert!(!believed && said.contains("nothing in it that this key could have signed"), "{said}");
}
