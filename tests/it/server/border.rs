//! What every request passes.

use axum::body::Body;
use http::{Request, header};
use serde_json::json;
use testkit::{Reply, TestApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn with_host(app: &TestApp, host: &str) -> Reply {
    app.request(Request::get("/api/health").header(header::HOST, host).body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_not_ours_is_not_answered() {
    let app = TestApp::with_settings(&[("HEALTHSYNC__SERVER__PUBLIC_URL", "https://health.example.org")]);
    with_host(&app, "localhost:8080").await.expect(200);
    with_host(&app, "health.example.org").await.expect(200);
    let refused = with_host(&app, "rebound.example.net").await.expect(421);
    assert!(refused.text().contains("public_url"));
}

#[tokio::test(flavor = "multi_thread")]
async fn to_apps_this_server_is_no_address_that_a_caller_chose() {
    let app = TestApp::start();
    let ask = async |app: &TestApp, host: &str, path: &str| {
        app.request(Request::get(path).header(header::HOST, host).body(Body::empty()).unwrap()).await
    };
    for path in ["/.well-known/openid-configuration", "/fhir/.well-known/smart-configuration"] {
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"] {
            let said = ask(&app, host, path).await.expect(200).json();
            assert_eq!(said["issuer"], format!("http://{host}"), "{path}");
        }
        for host in ["203.0.113.9", "203.0.113.9:8080", "[2001:db8::1]"] {
            let refused = ask(&app, host, path).await.expect(421);
            assert!(refused.text().contains("public_url"), "{path}: {}", refused.text());
        }
    }
    ask(&app, "203.0.113.9", "/oauth/authorize").await.expect(421);
    let request = Request::get("/fhir/Patient").header(header::HOST, "203.0.113.9");
    let request = request.header(header::AUTHORIZATION, "Bearer a.b.c").body(Body::empty()).unwrap();
    app.request(request).await.expect(421);
    // Pages are served at whatever address leads here.
    with_host(&app, "203.0.113.9").await.expect(200);
    let named = TestApp::with_settings(&[("HEALTHSYNC__SERVER__PUBLIC_URL", "https://health.example.org")]);
    let said = ask(&named, "203.0.113.9", "/.well-known/openid-configuration").await.expect(200).json();
    assert_eq!(said["issuer"], "https://health.example.org");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_protect_it() {
    let app = TestApp::start();
    let page = app.get("/", None).await.expect(200);
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'self'"));
    let data = app.get("/api/auth/sessions", None).await.expect(401);
    assert_eq!(data.header("cache-control"), Some("no-store"));
    for reply in [page, data] {
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(reply.header("x-request-id").unwrap().len(), 16);
        assert!(reply.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
        assert_eq!(reply.header("strict-transport-security"), None);
    }
    let behind_tls = TestApp::with_settings(&[("HEALTHSYNC__SERVER__PUBLIC_URL", "https://health.example.org")]);
    assert!(behind_tls.get("/", None).await.header("strict-transport-security").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told_in_the_words_of_its_world() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    let fhir = app.get("/fhir/Patient/1/2/3/4/5", &asha).await.expect(404);
    assert_eq!(fhir.json()["resourceType"], "OperationOutcome");
    let api = app.get("/api/nothing/here", &asha).await.expect(404);
    assert_eq!(api.header("content-type"), Some("application/problem+json"));
    let method = app.delete("/api/auth/login", None).await.expect(405);
    assert_eq!(method.json()["status"], 405);
    let method = app.send("PATCH", "/fhir/Patient", &asha, json!({})).await.expect(405);
    assert_eq!(method.json()["resourceType"], "OperationOutcome");
    // An address of the app is a page; a file that is not there is none.
    app.get("/timeline", None).await.expect(200);
    app.get("/assets/absent.js", None).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_cannot_change_anything_with_my_cookie() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    let form = json!({ "username": asha.username, "password": testkit::PASSWORD, "session": "cookie" });
    let answer = app.post("/api/auth/login", None, form).await.expect(200);
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let logout = |headers: &[(&'static str, &str)]| {
        let mut request =
            Request::post("/api/inbox/read-all").header(header::HOST, "localhost").header("cookie", &cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app.request(request.body(Body::empty()).unwrap())
    };
    logout(&[("origin", "https://evil.example")]).await.expect(403);
    logout(&[("sec-fetch-site", "cross-site")]).await.expect(403);
    logout(&[]).await.expect(403);
    logout(&[("origin", "http://localhost")]).await.expect(204);
    logout(&[("sec-fetch-site", "same-origin")]).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_the_limit_is_refused_before_it_is_read() {
    let app = TestApp::with_settings(&[("HEALTHSYNC__LIMITS__BODY_BYTES", "1000")]);
    let lab = app.service("lab", "Riverside").await;
    let long = json!({ "resourceType": "Patient", "name": [{ "text": "x".repeat(2000) }] });
    let refused = app.post("/fhir/Patient", &lab, long.clone()).await.expect(413);
    assert_eq!(refused.json()["issue"][0]["code"], "too-long");
    // The same without a length announced beforehand.
    let request = Request::post("/fhir/Patient")
        .header(header::HOST, "localhost")
        .header(header::AUTHORIZATION, format!("Bearer {}", lab.token))
        .header(header::CONTENT_TYPE, "application/fhir+json");
    let chunks = piecewise(long.to_string());
    app.request(request.body(chunks).unwrap()).await.expect(413);
}

/// A body whose length nobody knows in advance.
fn piecewise(text: String) -> Body {
    let (mut write, read) = tokio::io::duplex(64);
    tokio::spawn(async move { write.write_all(text.as_bytes()).await });
    Body::new(testkit::ReadBody::new(read))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_answer_is_packed_for_those_who_take_it() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let readings: Vec<_> =
        (0..200).map(|n| testkit::sample::heart_rate(&patient.id, "2026-01-05", 60.0 + f64::from(n) / 10.0)).collect();
    app.import(testkit::sample::transaction(&readings).to_string()).await;
    let ask = |count: u32, encoding: &str| {
        let request = Request::get(format!("/fhir/Observation?_count={count}"))
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", patient.token))
            .header(header::ACCEPT_ENCODING, encoding);
        app.request(request.body(Body::empty()).unwrap())
    };
    let plain = ask(200, "identity").await.expect(200);
    assert_eq!(plain.header("content-encoding"), None);
    let packed = ask(200, "gzip, br").await.expect(200);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.starts_with(&[0x1f, 0x8b]) && packed.body.len() * 4 < plain.body.len());
    assert_eq!(ask(2, "gzip").await.expect(200).header("content-encoding"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_socket_a_connection_serves_many_requests_and_stopping_ends_live_streams() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    let listening = app.listen().await;
    let mut socket = TcpStream::connect(listening.address).await.unwrap();
    let mut buffer = vec![0; 65536];
    for _ in 0..3 {
        let request = format!("GET /api/health HTTP/1.1\r\nHost: {}\r\n\r\n", listening.address);
        socket.write_all(request.as_bytes()).await.unwrap();
        let n = socket.read(&mut buffer).await.unwrap();
        assert!(buffer[..n].starts_with(b"HTTP/1.1 200"));
    }
    let request = format!(
        "GET /api/events HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
        listening.address, asha.token
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let n = socket.read(&mut buffer).await.unwrap();
    assert!(String::from_utf8_lossy(&buffer[..n]).contains("text/event-stream"));
    let begun = std::time::Instant::now();
    listening.stop().await;
    assert!(begun.elapsed().as_secs() < 5, "the open stream held the server up");
}
