//! Apps that publish their keys at an address (`jwks_uri`) instead of sending them.

use super::external::provider::start;
use super::oauth::{Fields, Key, STATEMENT, registered, token};
use serde_json::{Value, json};
use testkit::{Reply, TestApp};

const OWN_MACHINE: (&str, &str) = ("HEALTHSYNC__OUTGOING__PRIVATE_NETWORKS", "127.0.0.0/8");

/// A program without people that publishes its keys there.
async fn backend(app: &TestApp, url: &str) -> String {
    let admin = app.administrator("Robin").await;
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization.unwrap();
    let more = json!({ "kind": "backend", "redirectUris": [], "jwksUri": url, "scope": "system/Observation.rs",
                       "organization": organization });
    registered(app, &admin, more).await
}

async fn asks(app: &TestApp, statement: &str) -> Reply {
    let fields = Fields::of(&[
        ("grant_type", "client_credentials"),
        ("scope", "system/Observation.rs"),
        ("client_assertion_type", STATEMENT),
        ("client_assertion", statement),
    ]);
    token(app, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_an_app_publishes_is_good_and_one_it_takes_back_is_not() {
    let there = start(false).await;
    let app = TestApp::with_settings(&[OWN_MACHINE]);
    let client = backend(&app, &format!("{}/keys", there.issuer)).await;
    let old = Key::es384("old");
    *there.keys.lock().unwrap() = vec![Key::es384("old")];
    asks(&app, &old.statement(&client)).await.expect(401);
    *there.keys.lock().unwrap() = vec![old];
    let uses_first = async || {
        let statement = there.keys.lock().unwrap()[0].statement(&client);
        asks(&app, &statement).await
    };
    uses_first().await.expect(200);
    uses_first().await.expect(200);
    assert_eq!(*there.fetched.lock().unwrap(), 2, "the keys are remembered");
    // Another key comes, the old one goes: the first signature with the new one is what makes this server look.
    let gone = std::mem::replace(&mut *there.keys.lock().unwrap(), vec![Key::es384("new")]);
    uses_first().await.expect(200);
    let reply = asks(&app, &gone[0].statement(&client)).await.expect(401).json();
    assert_eq!(reply["error"], "invalid_client", "{reply}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_makes_this_server_ask_inside_its_own_network() {
    let there = start(false).await;
    // A name can lead anywhere: what counts is the address behind it when it is asked.
    let app = TestApp::start();
    let port = there.issuer.rsplit(':').next().unwrap();
    for url in [format!("https://localhost:{port}/keys"), format!("https://127.0.0.1:{port}/keys")] {
        let client = backend(&app, &url).await;
        let statement = there.keys.lock().unwrap()[0].statement(&client);
        let reply = asks(&app, &statement).await.expect(401).json();
        assert_eq!(reply["error_description"], "The keys of this app cannot be read at its jwks_uri.", "{reply}");
    }
    assert_eq!(*there.fetched.lock().unwrap(), 0);
    let admin = app.administrator("Noor").await;
    let body = json!({ "name": "X", "kind": "confidential", "redirectUris": ["https://app.example/cb"],
                       "jwksUri": there.issuer });
    let problem = app.post("/api/admin/apps", &admin, body).await.expect(422).json();
    assert_eq!(problem["issues"][0]["path"], "keys");
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_that_are_worth_nothing_anyway_make_this_server_ask_nobody() {
    let there = start(false).await;
    let app = TestApp::with_settings(&[OWN_MACHINE]);
    let client = backend(&app, &format!("{}/keys", there.issuer)).await;
    let key = Key::es384("first");
    type Change = fn(&mut Value);
    let wrong: [(&str, Change); 4] = [
        ("over", |c| c["exp"] = 1.into()),
        ("for another server", |c| c["aud"] = "https://evil.example".into()),
        ("of another app", |c| c["iss"] = "x".into()),
        ("without a number", |c| c["jti"] = Value::Null),
    ];
    for (what, change) in wrong {
        let mut claims = Key::claims(&client);
        change(&mut claims);
        let statement = key.sign_as(&key.header(), &claims);
        assert_eq!(asks(&app, &statement).await.expect(401).json()["error"], "invalid_client", "{what}");
    }
    assert_eq!(*there.fetched.lock().unwrap(), 0);
    // A stranger who signs on and on is asked for at most a few times a minute.
    for _ in 0..20 {
        asks(&app, &key.statement(&client)).await.expect(401);
    }
    assert_eq!(*there.fetched.lock().unwrap(), 6);
}
