//! `openapi.json`

use testkit::TestApp;

#[test]
fn the_committed_description_is_what_the_rooms_say() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap_or_default();
    assert!(committed == server::openapi::text(), "openapi.json is stale: run cargo xtask gen");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_hands_its_description_out() {
    let app = TestApp::start();
    let served = app.get("/openapi.json", None).await.expect(200).json();
    assert_eq!(served["info"]["title"], "HealthSync");
    assert!(served["paths"].as_object().unwrap().len() > 25);
}
