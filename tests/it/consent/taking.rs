//! Who takes a whole record along that is not their own: a child's guardian, and nobody else.

use super::family::{chosen, parent, reads};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{TestApp, sample};

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_takes_the_childs_record_along_and_whoever_was_chosen_does_not_and_neither_erases_it() {
    let app = TestApp::with_clock(Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T12:00:00Z").unwrap())));
    let (parent, child, own) = parent(&app, "Asha Rao").await;
    app.create(&sample::condition(&child, "Asthma")).await;
    let base = format!("/api/patients/{child}");
    let whole = app.send_in(&child, "GET", &format!("{base}/export"), &parent, None).await.expect(200).text();
    assert!(whole.contains("Asthma"), "{whole}");
    for part in ["export/pdf", "export/archive"] {
        app.send_in(&child, "GET", &format!("{base}/{part}"), &parent, None).await.expect(200);
    }
    let log = app.send_in(&child, "GET", "/api/ledger/entries?count=200", &parent, None).await.expect(200).json();
    let taken = |one: &Value| one["action"] == "export" && one["ground"] == "guardianship";
    assert!(log["entries"].as_array().unwrap().iter().any(taken), "{log}");
    let erase = format!("{base}/erase");
    app.send_in(&child, "POST", &erase, &parent, Some(json!({ "confirm": "erase" }))).await.expect(404);
    assert_eq!(reads(&app, &parent, &child, &format!("{base}/summary")).await, 200);

    // An adult's record stays with the adult, however much of it somebody looks after.
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let labels = ["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"];
    chosen(&app, &mother, &daughter, json!({ "labels": labels })).await;
    let base = format!("/api/patients/{}", mother.id);
    for part in ["export", "export/pdf", "export/archive"] {
        assert_eq!(reads(&app, &daughter, &mother.id, &format!("{base}/{part}")).await, 404, "{part}");
    }

    // What has ended opens nothing.
    let admin = app.administrator("Ada Min").await;
    let end = format!("/api/admin/guardians/{own}/end");
    app.post(&end, &admin, json!({ "reason": "The court decided otherwise" })).await.expect(204);
    assert_eq!(reads(&app, &parent, &child, &format!("/api/patients/{child}/export")).await, 404);
}
