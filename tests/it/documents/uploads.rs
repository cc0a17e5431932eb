//! Files on their way in: in pieces, in one step, refused, given up.

use super::desk::{REPORT, added, begin, files, offset, piece, send};
use kernel::{FixedClock, Timestamp};
use serde_json::json;
use std::sync::Arc;
use testkit::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_in_pieces_and_the_last_one_makes_the_document() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let begun = begin(&app, &patient, REPORT.len()).await.expect(201);
    let place = begun.header("location").unwrap().to_owned();
    let (first, rest) = REPORT.as_bytes().split_at(40);
    let reply = piece(&app, &patient, &place, 0, first).await.expect(204);
    assert_eq!(reply.header("upload-offset"), Some("40"));
    piece(&app, &patient, &place, 0, first).await.expect(409);
    piece(&app, &patient, &place, 41, rest).await.expect(409);
    assert_eq!(offset(&app, &patient, &place).await, 40);
    let too_long = [rest, b"and more"].concat();
    piece(&app, &patient, &place, 40, &too_long).await.expect(413);
    assert_eq!(offset(&app, &patient, &place).await, 40);

    let stranger = app.patient("Somebody else").await;
    piece(&app, &stranger, &place, 40, rest).await.expect(404);
    app.delete(&place, &stranger).await.expect(404);

    let done = piece(&app, &patient, &place, 40, rest).await.expect(204);
    let address = done.header("content-location").unwrap().to_owned();
    let document = app.get(&address, &patient).await.expect(200).json();
    assert_eq!(document["fileName"], "report.txt");
    assert_eq!(document["contentType"], "text/plain");
    assert_eq!(document["size"], REPORT.len());
    let content = app.get(&format!("{address}/content"), &patient).await.expect(200);
    assert_eq!(content.text(), REPORT);
    assert_eq!(content.header("content-length"), Some(REPORT.len().to_string().as_str()));
    // Whoever did not hear the answer finds it.
    assert_eq!(offset(&app, &patient, &place).await, REPORT.len());
    assert_eq!(files(&app).len(), 1, "the pieces are gone: {:?}", files(&app));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_closed_the_window_finds_what_did_not_finish_and_nobody_else_does() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let list = format!("/api/patients/{}/uploads", patient.id);
    assert_eq!(app.get(&list, &patient).await.expect(200).json(), json!({ "items": [] }));
    let first = begin(&app, &patient, REPORT.len()).await.expect(201).header("location").unwrap().to_owned();
    let second = begin(&app, &patient, 500).await.expect(201).header("location").unwrap().to_owned();
    piece(&app, &patient, &first, 0, &REPORT.as_bytes()[..40]).await.expect(204);
    let found = app.get(&list, &patient).await.expect(200).json();
    let known = |place: &str, size: usize, received: usize, item: &serde_json::Value| {
        assert_eq!(item["address"], place);
        assert_eq!((&item["name"], &item["fingerprint"]), (&json!("report.txt"), &json!("of these bytes")));
        assert_eq!((&item["size"], &item["received"]), (&json!(size), &json!(received)));
    };
    known(&second, 500, 0, &found["items"][0]);
    known(&first, REPORT.len(), 40, &found["items"][1]);
    let told = app.get("/api/ledger/entries?count=1", &patient).await.expect(200).text();
    assert!(told.contains("DocumentReference"), "the names of files are of the record: {told}");

    // Nobody else's, whatever they may see of the record.
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.get(&list, &doctor).await.expect(403);
    app.grant(&patient, &doctor).await;
    app.get(&list, &doctor).await.expect(403);
    let stranger = app.patient("Somebody else").await;
    app.get(&list, &stranger).await.expect(404);

    piece(&app, &patient, &first, 40, &REPORT.as_bytes()[40..]).await.expect(204);
    let discard = super::desk::addressed("DELETE", &second, &patient).body(axum::body::Body::empty()).unwrap();
    app.request(discard).await.expect(204);
    assert_eq!(app.get(&list, &patient).await.expect(200).json(), json!({ "items": [] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_or_given_up_leaves_nothing() {
    let start = Timestamp::parse("2026-11-22T08:00:00Z").unwrap();
    let clock = Arc::new(FixedClock::at(start));
    let app = TestApp::with(clock.clone(), &[("HEALTHSYNC__DOCUMENTS__MAX_BYTES", "100000")]);
    let patient = app.patient("Odette Quillfeather").await;
    begin(&app, &patient, 100_001).await.expect(413);
    begin(&app, &patient, 0).await.expect(422);
    send(&app, &patient, &patient.id, "big.txt", vec![b'a'; 100_001]).await.expect(413);
    send(&app, &patient, &patient.id, "empty.txt", "").await.expect(422);
    send(&app, &patient, "nobody", "a.txt", REPORT).await.expect(404);
    let refused =
        send(&app, &patient, &patient.id, "program.pdf", &b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0"[..]).await;
    assert_eq!(refused.expect(422).json()["kind"], "unknown-type");

    let place = begin(&app, &patient, 50).await.expect(201).header("location").unwrap().to_owned();
    let ended = begin(&app, &patient, 50).await.expect(201).header("location").unwrap().to_owned();
    for place in [&place, &ended] {
        piece(&app, &patient, place, 0, b"only the beginning").await.expect(204);
    }
    assert_eq!(files(&app).len(), 2);
    app.request(super::desk::addressed("DELETE", &ended, &patient).body(axum::body::Body::empty()).unwrap())
        .await
        .expect(204);
    app.run_jobs().await;
    assert_eq!(files(&app).len(), 1);
    clock.advance_ms(25 * 3_600_000);
    let patient = app.again(&patient).await;
    piece(&app, &patient, &place, 18, b"too late").await.expect(404);
    app.run_jobs().await;
    app.run_jobs().await;
    assert!(files(&app).is_empty(), "{:?}", files(&app));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_bring_a_file_is_decided_like_for_every_entry() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.grant(&patient, &doctor).await;
    send(&app, &doctor, &patient.id, "a.txt", REPORT).await.expect(403);
    // A clinic's software, for whom the patient gave access.
    let service = app.service("lab", "City Laboratory").await;
    send(&app, &service, &patient.id, "a.txt", REPORT).await.expect(404);
    let organization = service.organization.clone().unwrap();
    app.grant_with(&patient, &doctor, json!({ "grantee": { "type": "organization", "id": organization } })).await;
    let document = send(&app, &service, &patient.id, "a.txt", REPORT).await.expect(201).json();
    assert_eq!((&document["addedBy"], &document["mayChange"]), (&json!("organization"), &json!(true)));
    let own =
        app.get(&format!("/api/documents/{}", document["id"].as_str().unwrap()), &patient).await.expect(200).json();
    assert_eq!(own["mayChange"], false, "what a clinic brought is the clinic's to change");
    assert_eq!(own["patient"], patient.id);
    let second = added(&app, &patient, "same.txt", REPORT).await;
    assert_eq!(second["sameAs"], document["id"]);
}
