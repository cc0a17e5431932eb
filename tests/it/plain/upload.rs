//! `/api/records/upload`: a file as a form.

use crate::documents::desk::{REPORT, files};
use axum::body::Body;
use http::Request;
use serde_json::json;
use testkit::{Person, Reply, TestApp};

const BOUNDARY: &str = "----cut-here";

/// A part of a form: its name, the name of its file if it is one, and what it says.
type Part<'p> = (&'p str, Option<&'p str>, &'p str);

fn form(parts: &[Part<'_>]) -> String {
    let mut out = String::new();
    for (name, file, content) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        out.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        ));
    }
    out + &format!("--{BOUNDARY}--\r\n")
}

async fn send(app: &TestApp, who: &Person, key: Option<&str>, body: String) -> Reply {
    let mut request = Request::post("/api/records/upload")
        .header("host", "localhost")
        .header("authorization", format!("Bearer {}", who.token))
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    app.request(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_a_file_becomes_a_document_whatever_comes_first() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let said: [Part<'_>; 4] = [
        ("title", None, "Blood count"),
        ("kind", None, "laboratory report"),
        ("date", None, "2026-03-04"),
        ("tags", None, "blood,spring"),
    ];
    let file: [Part<'_>; 1] = [("file", Some("report.txt"), REPORT)];
    let document = send(&app, &patient, None, form(&[&said[..], &file].concat())).await.expect(201).json();
    assert_eq!((&document["title"], &document["date"]), (&json!("Blood count"), &json!("2026-03-04")));
    assert_eq!((&document["kind"]["code"], &document["tags"]), (&json!("11502-2"), &json!(["blood", "spring"])));
    let address = format!("/api/documents/{}/content", document["id"].as_str().unwrap());
    assert_eq!(app.get(&address, &patient).await.expect(200).text(), REPORT);

    let other = send(&app, &patient, None, form(&[&file[..], &said].concat())).await.expect(201).json();
    assert_eq!((&other["title"], &other["sameAs"]), (&json!("Blood count"), &document["id"]));
    let listed = app.get("/api/records/my-records?kind=document", &patient).await.expect(200).json();
    assert_eq!(listed["records"].as_array().unwrap().len(), 2);
    assert_eq!(listed["records"][0]["author"], "Odette Quillfeather");
    assert_eq!(files(&app).len(), 2, "no piece of an upload is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_again_is_the_same_document() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let body = || form(&[("file", Some("report.txt"), REPORT)]);
    let first = send(&app, &patient, Some("scan-7"), body()).await.expect(201).json();
    let again = send(&app, &patient, Some("scan-7"), body()).await.expect(200).json();
    assert_eq!(first["id"], again["id"]);
    let other = send(&app, &patient, Some("scan-8"), body()).await.expect(201).json();
    assert_ne!(first["id"], other["id"]);
    let somebody = app.patient("Somebody else").await;
    let theirs = send(&app, &somebody, Some("scan-7"), body()).await.expect(201).json();
    assert_ne!(first["id"], theirs["id"], "a key is its sender's own");
    send(&app, &patient, Some(&"k".repeat(201)), body()).await.expect(400);

    let another = form(&[("file", Some("report.txt"), "Something else")]);
    let refused = send(&app, &patient, Some("scan-7"), another).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "Idempotency-Key", "no file is dropped without a word");
    let delete = format!("/api/documents/{}/delete", first["id"].as_str().unwrap());
    app.post(&delete, &patient, json!({})).await.expect(200);
    send(&app, &patient, Some("scan-7"), body()).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_says_why_and_leaves_nothing() {
    let app = TestApp::with_settings(&[("HEALTHSYNC__DOCUMENTS__MAX_BYTES", "100000")]);
    let patient = app.patient("Odette Quillfeather").await;
    let file: Part<'_> = ("file", Some("report.txt"), REPORT);
    let large = "a".repeat(100_001);
    for (parts, status, path) in [
        (vec![("title", None, "No file")], 400, "file"),
        (vec![file, ("colour", None, "red")], 400, ""),
        (vec![file, file], 400, "file"),
        (vec![file, ("patient", None, patient.id.as_str())], 400, "patient"),
        (vec![file, ("kind", None, "love letter")], 422, "kind"),
        (vec![file, ("date", None, "soon")], 422, "date"),
    ] {
        let problem = send(&app, &patient, None, form(&parts)).await.expect(status).json();
        assert_eq!(problem["issues"][0]["path"], path, "{problem}");
    }
    send(&app, &patient, None, form(&[("file", Some("a.txt"), &large)])).await.expect(413);
    send(&app, &patient, None, form(&[("file", Some("a.txt"), "")])).await.expect(422);
    let refused = form(&[("file", Some("a.pdf"), "\u{7f}ELF\u{2}\u{1}\u{1}\0\0\0\0\0\0\0\0\0")]);
    assert_eq!(send(&app, &patient, None, refused).await.expect(422).json()["kind"], "unknown-type");
    let whole = form(&[file]);
    send(&app, &patient, None, whole[..whole.len() / 2].to_owned()).await.expect(400);
    app.post("/api/records/upload", &patient, json!({})).await.expect(415);
    assert!(files(&app).is_empty(), "{:?}", files(&app));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_s_software_says_whose_file_it_is_and_needs_that_patient_s_consent() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let service = app.service("lab", "City Laboratory").await;
    let file: Part<'_> = ("file", Some("report.txt"), REPORT);
    let named = form(&[("patient", None, &patient.id), file]);
    send(&app, &service, None, form(&[file])).await.expect(400);
    send(&app, &service, None, named.clone()).await.expect(404);
    let organization = service.organization.clone().unwrap();
    let grantee = json!({ "grantee": { "type": "organization", "id": organization } });
    let nobody = app.practitioner("Dr Nobody", &[]).await;
    app.grant_with(&patient, &nobody, grantee).await;
    let document = send(&app, &service, None, named.clone()).await.expect(201).json();
    assert_eq!(document["addedBy"], "organization");
    send(&app, &nobody, None, named).await.expect(403);
}
