//! `GET /api/health`, `GET /api/admin/health`, `GET /api/demo`

use serde_json::json;
use testkit::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn anybody_learns_that_the_server_lives_and_nothing_else() {
    let app = TestApp::start();
    assert_eq!(app.get("/api/health", None).await.expect(200).json(), json!({ "status": "ok" }));
    assert_eq!(app.get("/api/demo", None).await.expect(200).json(), json!({ "accounts": [] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_sizes_counts_and_checks() {
    let app = TestApp::start();
    let admin = app.administrator("Robin Ames").await;
    app.patient("Asha Rao").await;
    let health = app.get("/api/admin/health", &admin).await.expect(200).json();
    assert_eq!(health["counts"]["accounts"], 2);
    assert_eq!(health["counts"]["patients"], 1);
    assert!(health["database"]["bytes"].as_u64().unwrap() > 0);
    assert!(health["process"]["memoryBytes"].as_u64().unwrap() > 1_000_000);
    assert_eq!(health["requests"]["errors"], 0);
    let states: Vec<&str> = health["checks"].as_array().unwrap().iter().filter_map(|c| c["state"].as_str()).collect();
    assert!(states.len() >= 3 && !states.contains(&"error"), "{health}");
}
