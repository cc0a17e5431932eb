//! Documents whose files lie in a bucket: everything that the folder does, over S3's own protocol.

use super::desk::{added, begin, piece};
use kernel::{Clock as _, FixedClock, SystemClock};
use serde_json::json;
use std::sync::Arc;
use testkit::TestApp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Asks the server of the tests directly: it believes who signs nothing.
async fn ask(url: &str, method: &str, path: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "{method} {path}: {said}");
    said
}

/// The names of the files in it.
async fn names(url: &str, bucket: &str) -> Vec<String> {
    let list = ask(url, "GET", &format!("/{bucket}?list-type=2")).await;
    list.split("<Key>").skip(1).map(|rest| rest.split("</Key>").next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_lives_and_ends_in_a_bucket_as_it_does_in_a_folder() {
    let Some(url) = std::env::var("TEST_S3_URL").ok().filter(|url| !url.is_empty()) else {
        println!("Left out: TEST_S3_URL names no object store (scripts/objects starts one).");
        return;
    };
    let bucket = format!("b{:016x}", u64::from_le_bytes(kernel::rng::bytes(&kernel::SystemRng)));
    ask(&url, "PUT", &format!("/{bucket}")).await;
    let clock = Arc::new(FixedClock::at(SystemClock.now()));
    let app = TestApp::with(
        clock.clone(),
        &[
            ("HEALTHSYNC__BLOBS__URL", &format!("s3://{bucket}/health")),
            ("HEALTHSYNC__BLOBS__ENDPOINT", &url),
            ("HEALTHSYNC__BLOBS__ACCESS_KEY", "AKIATESTS"),
            ("HEALTHSYNC__BLOBS__SECRET_KEY", "the-secret-of-the-tests"),
        ],
    );
    let patient = app.patient("Odette Quillfeather").await;
    let letter: String =
        (0..3_000).map(|line| format!("{line}: a very long letter, with words in every line\n")).collect();
    let begun = begin(&app, &patient, letter.len()).await.expect(201);
    let place = begun.header("location").unwrap().to_owned();
    let (first, rest) = letter.as_bytes().split_at(100_000);
    piece(&app, &patient, &place, 0, first).await.expect(204);
    assert_eq!(names(&url, &bucket).await.len(), 1, "the first piece");
    let done = piece(&app, &patient, &place, 100_000, rest).await.expect(204);
    let document = done.header("content-location").unwrap().to_owned();
    let read = app.get(&format!("{document}/content"), &patient).await.expect(200);
    assert!(read.body == letter.as_bytes());
    let kept = names(&url, &bucket).await;
    assert!(kept.len() == 1 && kept[0].starts_with("health/documents/") && kept[0].ends_with("/file"), "{kept:?}");

    let small = added(&app, &patient, "small.txt", "A short letter").await;
    assert_eq!(names(&url, &bucket).await.len(), 2);
    app.post(&format!("/api/documents/{}/delete", small["id"].as_str().unwrap()), &patient, json!({}))
        .await
        .expect(200);
    clock.advance_ms(31 * 24 * 3_600_000);
    let patient = app.again(&patient).await;
    app.run_jobs().await;
    app.run_jobs().await;
    assert_eq!(names(&url, &bucket).await, kept, "30 days after it was deleted");
    app.post(&format!("/api/patients/{}/erase", patient.id), &patient, json!({ "confirm": "erase" })).await.expect(200);
    app.run_jobs().await;
    assert_eq!(names(&url, &bucket).await, Vec::<String>::new(), "after it was erased");
}
