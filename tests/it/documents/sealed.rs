//! Sealed documents: kept as they came, handed to nobody but the patient and whom a live grant names.

use super::desk::{added, files};
use super::sealing::{begin, code, fresh_id, full, ids, keep, list, make_vault, seal, send, vault_form, wish};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use testkit::{Person, TestApp};

async fn done_by(app: &TestApp, patient: &Person, who: &str) -> Vec<(String, String)> {
    let told = app.get("/api/ledger/entries?reads=others", patient).await.expect(200).json();
    let entries = told["entries"].as_array().unwrap().iter().filter(|entry| entry["actor"]["name"] == who);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    entries.map(|entry| (text(&entry["action"]), text(&entry["what"]))).collect()
}

fn compartment<'a>(sealing: &'a Value, name: &str) -> &'a Value {
    sealing["compartments"].as_array().unwrap().iter().find(|one| one["compartment"] == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_is_kept_as_it_was_made_and_its_public_keys_are_told_in_the_ledger() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Odette Quillfeather").await, app.practitioner("Dr Reader", &[]).await);
    assert_eq!(app.get("/api/vault", &patient).await.expect(200).json(), json!({ "vault": null, "guarding": [] }));
    let vault = make_vault(&app, &patient, 1).await;
    let form = vault_form(1);
    for name in ["boxKey", "signKey", "salt", "keys"] {
        assert_eq!(vault[name], form[name], "{name}");
    }
    assert_eq!(vault["ways"][1]["wrap"], form["ways"][1]["wrap"]);
    app.post("/api/vault", &patient, vault_form(2)).await.expect(409);
    // A recovery code is only ever replaced, a passkey can go.
    let again = json!({ "kind": "recovery", "name": "Recovery code", "wrap": STANDARD.encode([11; 61]) });
    let ways = app.post("/api/vault/ways", &patient, again).await.expect(200).json()["vault"]["ways"].clone();
    let kinds: Vec<&Value> = ways.as_array().unwrap().iter().map(|way| &way["kind"]).collect();
    assert_eq!(kinds, ["passkey", "recovery"]);
    app.post(&format!("/api/vault/ways/{}/remove", ways[1]["id"]), &patient, json!({})).await.expect(409);
    app.post(&format!("/api/vault/ways/{}/remove", ways[0]["id"]), &doctor, json!({})).await.expect(404);
    app.post(&format!("/api/vault/ways/{}/remove", ways[0]["id"]), &patient, json!({})).await.expect(200);

    let of_doctor = format!("/api/vault/keys?practitioner={}", doctor.id);
    app.get(&of_doctor, &patient).await.expect(404);
    make_vault(&app, &doctor, 2).await;
    let keys = app.get(&of_doctor, &patient).await.expect(200).json();
    assert_eq!((&keys["boxKey"], &keys["code"]), (&vault_form(2)["boxKey"], &json!(code(&app, &doctor).await)));
    let entry: Value =
        serde_json::from_slice(&STANDARD.decode(keys["logged"]["entry"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!((&entry["action"], &entry["who"]["name"]), (&json!("keys"), &json!("Dr Reader")));
    assert!(entry["what"].as_str().unwrap().starts_with(&format!("VaultKeys/{}/", doctor.id)), "{entry}");
    let proof = format!("/api/ledger/proof?seq={}&size={}", keys["logged"]["seq"], entry["seq"].as_i64().unwrap() + 1);
    app.get(&proof, &patient).await.expect(200);
    let by_code = app.get(&format!("/api/vault/keys?code={}", code(&app, &patient).await), &doctor).await.expect(200);
    assert_eq!((&by_code.json()["boxKey"], &by_code.json()["logged"]), (&form["boxKey"], &Value::Null));
    app.get("/api/vault/keys", &patient).await.expect(400);
    let administrator = app.administrator("Robin Ames").await;
    app.post("/api/vault", &administrator, vault_form(3)).await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_gets_what_a_live_grant_names_and_nothing_from_the_revocation_on() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let (doctor, other) =
        (app.practitioner("Dr Reader", &[]).await, app.practitioner("Dr Other", &["Riverside"]).await);
    for (n, who) in [(1, &patient), (2, &doctor), (3, &other)] {
        make_vault(&app, who, n).await;
    }
    keep(&app, &patient, "general", 1, &[]).await.expect(200);
    keep(&app, &patient, "mental-health", 1, &[]).await.expect(200);
    let general = seal(&app, &patient, ("general", 1), b"one").await;
    let mental = seal(&app, &patient, ("mental-health", 1), b"two").await;
    assert_eq!(ids(&list(&app, &patient, &patient).await), [mental.as_str(), general.as_str()]);
    // A grant of everything else opens nothing sealed, and no key can be handed over for it.
    app.grant_with(&patient, &other, json!({ "labels": ["mental-health"] })).await;
    let seen = list(&app, &other, &patient).await;
    assert_eq!((ids(&seen), &seen["keys"], &seen["signKey"]), (vec![], &json!([]), &Value::Null));
    keep(&app, &patient, "general", 1, &[&other]).await.expect(422);

    let grant = app.grant_with(&patient, &doctor, json!({ "sealed": ["general"] })).await;
    assert_eq!(grant["sealed"], json!(["general"]));
    keep(&app, &patient, "mental-health", 1, &[&doctor]).await.expect(422);
    keep(&app, &patient, "general", 1, &[&doctor]).await.expect(200);
    let seen = list(&app, &doctor, &patient).await;
    assert_eq!((ids(&seen), seen["mayChange"].as_bool()), (vec![general.as_str()], Some(false)));
    assert_eq!(seen["keys"].as_array().unwrap().len(), 1);
    assert_eq!(seen["signKey"], vault_form(1)["signKey"]);
    let content = app.get(&format!("/api/sealed/{general}/content"), &doctor).await.expect(200);
    assert_eq!(content.body, full(b"one"));
    for (who, id) in [(&doctor, &mental), (&other, &general), (&other, &mental)] {
        app.get(&format!("/api/sealed/{id}/content"), who).await.expect(404);
    }
    app.post(&format!("/api/sealed/{general}/delete"), &doctor, json!({})).await.expect(403);
    let told = done_by(&app, &patient, "Dr Reader").await;
    for action in ["read", "search"] {
        assert!(told.contains(&(action.to_owned(), "SealedDocument".to_owned())), "{told:?}");
    }

    // While sharing is paused there is nothing; then it is there again.
    app.post("/api/restriction/begin", &patient, json!({})).await.expect(200);
    app.get(&format!("/api/sealed/{general}/content"), &doctor).await.expect(404);
    app.post("/api/restriction/lift", &patient, json!({})).await.expect(200);
    app.get(&format!("/api/sealed/{general}/content"), &doctor).await.expect(200);

    app.revoke(&patient, &grant).await;
    app.get(&format!("/api/sealed/{general}/content"), &doctor).await.expect(404);
    app.get(&format!("/api/patients/{}/sealed", patient.id), &doctor).await.expect(404);
    // What comes now must not be readable with the key that they hold: a new one is due first.
    let sealing = app.get("/api/sealing", &patient).await.expect(200).json();
    assert_eq!(compartment(&sealing, "general")["due"], true, "{sealing}");
    assert_eq!(compartment(&sealing, "mental-health")["due"], false);
    begin(&app, &patient, &patient.id, full(b"").len(), &wish(&fresh_id(&app), "general", 1)).await.expect(409);
    keep(&app, &patient, "general", 3, &[]).await.expect(409);
    keep(&app, &patient, "general", 2, &[&doctor]).await.expect(422);
    let sealing = keep(&app, &patient, "general", 2, &[]).await.expect(200).json();
    let now = compartment(&sealing, "general");
    assert_eq!((&now["due"], &now["epoch"], now["keys"].as_array().unwrap().len()), (&json!(false), &json!(2), 2));
    seal(&app, &patient, ("general", 2), b"three").await;
    // Let in again, they hold no key until one is handed over.
    app.grant_with(&patient, &doctor, json!({ "sealed": ["general"] })).await;
    let seen = list(&app, &doctor, &patient).await;
    assert_eq!((seen["documents"].as_array().unwrap().len(), &seen["keys"]), (2, &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_reaches_what_is_sealed() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    make_vault(&app, &patient, 1).await;
    keep(&app, &patient, "general", 1, &[]).await.expect(200);
    let sealed = seal(&app, &patient, ("general", 1), b"one").await;
    let place = format!("/api/sealed/{sealed}/content");
    let clinic = app.practitioner("Dr Clinic", &["Riverside"]).await;
    let form = json!({
        "grantee": { "type": "organization", "id": clinic.organization }, "categories": null, "until": null, "sealed": ["general"]
    });
    let refused = app.post("/api/grants", &patient, form).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "sealed", "{refused}");
    // Whoever looks after the record acts as the patient, but for this.
    let relative = app.patient("Relative").await;
    let areas = ["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"];
    let form = json!({ "person": relative.username, "acts": true, "categories": null, "labels": areas, "until": null });
    app.post("/api/family/delegations", &patient, form).await.expect(202);
    let asked = app.get("/api/family", &relative).await.expect(200).json();
    let number = asked["delegations"][0]["id"].as_i64().unwrap();
    app.post(&format!("/api/family/{number}/accept"), &relative, json!({})).await.expect(200);
    let inside = |method: &'static str, path: String, body| {
        let (app, relative, patient) = (&app, &relative, &patient);
        async move { app.send_in(&patient.id, method, &path, relative, body).await }
    };
    let seen = inside("GET", format!("/api/patients/{}/sealed", patient.id), None).await.expect(200).json();
    assert_eq!((ids(&seen), &seen["keys"], &seen["mayChange"]), (vec![], &json!([]), &json!(false)));
    inside("GET", place.clone(), None).await.expect(404);
    inside("POST", format!("/api/sealed/{sealed}/delete"), Some(json!({}))).await.expect(404);
    inside("GET", "/api/sealing".to_owned(), None).await.expect(403);
    // In an emergency the record opens, and what is sealed does not.
    let medic = app.practitioner("Dr Medic", &[]).await;
    let form = json!({ "patient": patient.id, "reason": "Found unconscious in the street" });
    app.post("/api/break-glass", &medic, form).await.expect(201);
    app.get(&place, &medic).await.expect(404);
    assert_eq!(ids(&list(&app, &medic, &patient).await), Vec::<&str>::new());
    for other in [app.administrator("Robin Ames").await, app.service("lab", "Riverside").await] {
        app.get(&place, &other).await.expect(404);
    }
    // An export says what is there, and takes no keys along.
    let taken = app.get(&format!("/api/patients/{}/export", patient.id), &patient).await.expect(200).text();
    assert!(!taken.contains(&sealed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_document_takes_the_place_of_the_readable_one() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    make_vault(&app, &patient, 1).await;
    keep(&app, &patient, "general", 1, &[]).await.expect(200);
    let readable = added(&app, &patient, "zymurgical.txt", "A zymurgical letter").await;
    app.run_jobs().await;
    let id = readable["id"].as_str().unwrap();
    let before = files(&app).len();
    let mut replacing = wish(&fresh_id(&app), "general", 1);
    replacing["replaces"] = json!("nothing-there");
    begin(&app, &patient, &patient.id, full(b"").len(), &replacing).await.expect(422);
    replacing["replaces"] = json!(id);
    send(&app, &patient, &replacing, b"sealed").await.expect(204);
    app.run_jobs().await;
    app.get(&format!("/api/documents/{id}"), &patient).await.expect(410);
    app.post(&format!("/api/documents/{id}/restore"), &patient, json!({})).await.expect(410);
    assert!(files(&app).len() <= before, "the readable file is gone");
    let history = app.get(&format!("/fhir/DocumentReference/{id}/_history"), &patient).await.expect(200).text();
    assert!(!history.contains("zymurgical"), "{history}");
    let left = app.house.db.read(|tx| {
        let mut left = 0;
        for table in ["document", "document_text", "document_term", "document_value"] {
            left += tx.count(&format!("SELECT COUNT(*) FROM {table}"), &[])?;
        }
        Ok::<_, db::DbError>(left)
    });
    assert_eq!(left.await.unwrap(), 0);
    // It is described anew, and deleted for good.
    let place = format!("/api/sealed/{}", replacing["id"].as_str().unwrap());
    let detail = json!({ "detail": STANDARD.encode([77; 64]) });
    let changed = app.post(&format!("{place}/change"), &patient, detail.clone()).await.expect(200).json();
    assert_eq!(changed["detail"], detail["detail"]);
    app.post(&format!("{place}/change"), &patient, json!({ "detail": "AAAA" })).await.expect(422);
    app.post(&format!("{place}/delete"), &patient, json!({})).await.expect(204);
    app.run_jobs().await;
    assert!(files(&app).is_empty(), "{:?}", files(&app));
    app.get(&format!("{place}/content"), &patient).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_sealed_file_is_refused() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Odette Quillfeather").await, app.patient("Somebody else").await);
    let size = full(b"").len();
    let id = fresh_id(&app);
    begin(&app, &patient, &patient.id, size, &wish(&id, "general", 1)).await.expect(409);
    make_vault(&app, &patient, 1).await;
    make_vault(&app, &other, 2).await;
    begin(&app, &patient, &patient.id, size, &wish(&id, "general", 1)).await.expect(409);
    keep(&app, &patient, "general", 1, &[]).await.expect(200);
    begin(&app, &patient, &patient.id, size - 1, &wish(&id, "general", 1)).await.expect(422);
    begin(&app, &patient, &patient.id, size, &wish("x", "general", 1)).await.expect(422);
    begin(&app, &patient, &patient.id, size, &wish(&id, "general", 2)).await.expect(409);
    begin(&app, &patient, &patient.id, size, &wish(&id, "everything", 1)).await.expect(400);
    begin(&app, &other, &patient.id, size, &wish(&id, "general", 1)).await.expect(404);
    let most = app.config.documents.settings().max_bytes as usize;
    begin(&app, &patient, &patient.id, most + 1024 * 1024, &wish(&id, "general", 1)).await.expect(413);
    send(&app, &patient, &wish(&id, "general", 1), b"one").await.expect(204);
    begin(&app, &patient, &patient.id, size, &wish(&id, "general", 1)).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_record_ends_what_is_sealed_and_its_keys() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Odette Quillfeather").await, app.patient("Somebody else").await);
    for (n, who) in [(1, &patient), (2, &other)] {
        make_vault(&app, who, n).await;
        keep(&app, who, "general", 1, &[]).await.expect(200);
        seal(&app, who, ("general", 1), b"one").await;
    }
    app.post(&format!("/api/patients/{}/erase", patient.id), &patient, json!({ "confirm": "erase" })).await.expect(200);
    app.run_jobs().await;
    assert_eq!(files(&app).len(), 1, "the other patient's is all that is left");
    let left = app.house.db.read(|tx| {
        let mut left = Vec::new();
        for table in ["seal_vault", "seal_way", "seal_wrap", "sealed_document"] {
            left.push(tx.count(&format!("SELECT COUNT(*) FROM {table}"), &[])?);
        }
        Ok::<_, db::DbError>(left)
    });
    assert_eq!(left.await.unwrap(), [1, 2, 1, 1]);
    // Whoever lost every way in begins anew, without what was sealed.
    app.post("/api/vault/discard", &other, json!({})).await.expect(200);
    app.run_jobs().await;
    assert!(files(&app).is_empty());
    make_vault(&app, &other, 9).await;
}

/// AES-256-GCM under a key that the server never sees, as the browser does it.
fn in_the_browser(app: &TestApp, plain: &[u8]) -> Vec<u8> {
    use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &kernel::rng::bytes::<32>(&*app.house.rng)).unwrap());
    let mut bytes = plain.to_vec();
    let nonce = Nonce::assume_unique_for_key(kernel::rng::bytes(&*app.house.rng));
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut bytes).unwrap();
    bytes
}

/// Everything in a folder and below it.
fn everything(folder: &std::path::Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(everything(&path)) } else { all.extend(std::fs::read(&path).unwrap_or_default()) }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn with_everything_the_server_has_neither_the_text_nor_the_title_is_found() {
    const TEXT: &[u8] = b"The Glimmerwick biopsy came back";
    const TITLE: &[u8] = b"Letter from Snorkelbury";
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    make_vault(&app, &patient, 1).await;
    keep(&app, &patient, "general", 1, &[]).await.expect(200);
    let mut wish = wish(&fresh_id(&app), "general", 1);
    wish["detail"] = json!(STANDARD.encode(in_the_browser(&app, TITLE)));
    send(&app, &patient, &wish, &in_the_browser(&app, TEXT)).await.expect(204);
    app.run_jobs().await;
    // Every layer that the server can take off: the rows with the patient's key, the file as it hands it out.
    let mut seen = everything(super::desk::folder(&app).parent().unwrap());
    let content = app.get(&format!("/api/sealed/{}/content", wish["id"].as_str().unwrap()), &patient).await.expect(200);
    seen.extend_from_slice(&content.body);
    let house = app.house.clone();
    let opened = app.house.db.read(move |tx| {
        let sql = "SELECT number, patient, detail FROM sealed_document";
        let rows =
            tx.query(sql, &[], |row| Ok::<_, vault::VaultError>((row.int(0)?, row.int(1)?, row.blob(2)?.to_vec())))?;
        let (number, owner, sealed) = rows.into_iter().next().unwrap();
        house.vault.key(tx, owner)?.open(&vault::Aad::new("sealed_document", number, owner, 0), &sealed)
    });
    let opened: Value = serde_json::from_slice(&opened.await.unwrap()).unwrap();
    let detail = STANDARD.decode(opened["detail"].as_str().unwrap()).unwrap();
    assert_eq!(Some(&json!(STANDARD.encode(&detail))), wish.get("detail"), "below its own seal there is the browser's");
    seen.extend(detail);
    for word in [TEXT, TITLE] {
        assert!(!seen.windows(word.len()).any(|window| window == word), "{}", String::from_utf8_lossy(word));
    }
    assert!(seen.len() > 64 * 1024, "there was something to search");
}
