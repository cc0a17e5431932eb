//! Guardians whom an administrator links, and what opens nothing any more.

use super::family::{at, log, reads, told, waiting};
use serde_json::json;
use testkit::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_links_a_guardian_to_a_child_whose_record_is_there_with_a_reason_that_all_read() {
    let app = TestApp::with_clock(at("2026-03-01T12:00:00Z"));
    let (admin, parent) = (app.administrator("Ada Min").await, app.patient("Asha Rao").await);
    let born = |day: &str| json!({ "resourceType": "Patient", "name": [{ "text": "Mila Rao" }], "birthDate": day });
    let (child, grown) = (app.create(&born("2015-01-01")).await, app.create(&born("1990-01-01")).await);
    let form = |patient: &str, reason: &str| json!({ "patient": patient, "person": parent.username, "reason": reason });
    let why = "Birth certificate seen at the desk";
    app.post("/api/admin/guardians", &parent, form(&child, why)).await.expect(403);
    app.post("/api/admin/guardians", &admin, form(&child, "short")).await.expect(422);
    app.post("/api/admin/guardians", &admin, form(&grown, why)).await.expect(422);
    let made = app.post("/api/admin/guardians", &admin, form(&child, why)).await.expect(201).json();
    let path = format!("/fhir/Patient/{child}");
    assert_eq!(reads(&app, &parent, &child, &path).await, 200);
    assert_eq!(reads(&app, &admin, &child, &path).await, 404);
    assert!(told(&app, &parent).await.contains(why) && told(&app, &admin).await.contains(why));
    // What concerns the child reaches the guardian, with the name, and leads into the child's record.
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    let declared = json!({ "patient": child, "reason": "Unconscious after a fall" });
    app.post("/api/break-glass", &doctor, declared).await.expect(201);
    let inbox = told(&app, &parent).await;
    assert!(inbox.contains("For Mila Rao: Dr Kim Lee opened your record"), "{inbox}");
    assert!(inbox.contains(&format!("/family/{child}?to=/sharing")), "{inbox}");
    // Who is a guardian is found by the id of the record only, and the child's log says who asked.
    let list = format!("/api/admin/guardians?patient={child}");
    app.get(&list, &parent).await.expect(403);
    app.get("/api/admin/guardians", &admin).await.expect(400);
    app.get("/api/admin/guardians?patient=nobody", &admin).await.expect(404);
    let state = async || app.get(&list, &admin).await.expect(200).json()["delegations"][0]["state"].clone();
    assert_eq!(state().await, "active");
    let asked = ("search".to_owned(), "Ada Min".to_owned(), "administration".to_owned());
    assert!(log(&app, &parent, &child).await.contains(&asked));
    let end = format!("/api/admin/guardians/{}/end", made["id"]);
    app.post(&end, &admin, json!({ "reason": "The court decided otherwise" })).await.expect(204);
    assert_eq!(reads(&app, &parent, &child, &path).await, 404);
    assert_eq!(state().await, "ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_question_and_a_childs_own_account_open_nothing() {
    let clock = at("2026-03-01T12:00:00Z");
    let app = TestApp::with_clock(clock.clone());
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let form = json!({ "person": daughter.username, "acts": true, "categories": null, "labels": [], "until": null });
    app.post("/api/family/delegations", &mother, form.clone()).await.expect(202);
    let id = waiting(&app, &daughter).await;
    clock.advance_ms(14 * 24 * 3_600_000);
    let daughter = app.again(&daughter).await;
    app.post(&format!("/api/family/{id}/accept"), &daughter, json!({})).await.expect(409);
    let teen = json!({ "resourceType": "Patient", "name": [{ "text": "Teen" }], "birthDate": "2012-01-01" });
    let teen = app.create(&teen).await;
    let teen = app.patient_of(&teen, "Teen").await;
    app.post("/api/family/delegations", &teen, form).await.expect(403);
}
