//! The same for what opens an account besides passwords, and for apps: devices that know a face, connections with a
//! provider, what apps say of themselves and ask for, and the tokens they get. Verification documents are in the file above.

use super::scan::{Haystack, finds};
use super::{name, rows};
use crate::identity::camera::{self, Phone};
use crate::identity::external::provider::{act, app_with, browser, connect, sign_in, start};
use crate::identity::oauth::{Fields, Key, allowed, asks, redeems, registered, text, token, with_token};
use serde_json::json;
use std::path::PathBuf;
use testkit::TestApp;

const APP: &str = "Brambleknock Heartlog";
const RETURN: &str = "https://app.example/brambleknock-return";
const ASKED_CODE: &str = "990044112277";
const NONCE: &str = "whortleberrynonce";
const APP_KEY: &str = "marchpanekid";
const KEYS_AT: &str = "https://quillfeatherkeys.example/jwks";
const PROVIDER: &str = "Sisterhood of Crumblewick";
const SUBJECT: &str = "staff-0099-zwiebelturm";
const THERE: &str = "crumblewick.nurse@mudflatharbour.example";
const DEVICE: &str = "Pettifogged telephone";

/// Everything that lies in the data folder and in the database.
fn piles(app: &TestApp) -> Vec<Haystack> {
    let mut folders: Vec<PathBuf> = vec![app.folder.path().to_owned()];
    let mut piles = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => piles.push(Haystack::new(name(&path), std::fs::read(&path).unwrap())),
            }
        }
    }
    if std::env::var("TEST_DATABASE_URL").is_ok() {
        piles.extend(rows(&app.house).into_iter().map(|(table, bytes)| Haystack::new(table, bytes)));
    }
    let size: usize = piles.iter().map(Haystack::len).sum();
    assert!(size > 2_000, "there is something to search in: {size} bytes");
    piles
}

fn assert_nowhere<'w>(app: &TestApp, words: impl IntoIterator<Item = &'w str>) {
    let piles = piles(app);
    let found: Vec<String> =
        words.into_iter().flat_map(|word| piles.iter().flat_map(move |pile| finds(pile, word))).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn apps_leave_no_word_behind_nor_what_they_were_given() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let doctor = app.practitioner("Dr A", &["Hillside"]).await;
    let more = json!({ "name": APP, "redirectUris": [RETURN, "https://app.example/cb"] });
    let client = registered(&app, &admin, more).await;
    let mut key = Key::es384("k").jwk();
    key["kid"] = APP_KEY.into();
    let signing = json!({ "name": APP, "kind": "confidential", "keys": [key] });
    registered(&app, &admin, signing).await;
    let published = json!({ "name": APP, "kind": "confidential", "jwksUri": KEYS_AT });
    registered(&app, &admin, published).await;
    let scope = format!("openid offline_access patient/Observation.rs?code={ASKED_CODE}");
    let fields = asks(&client, &scope).set("nonce", NONCE);
    let code = allowed(&app, &patient, &fields, json!({})).await;
    let given = token(&app, &redeems(&client, &code)).await.expect(200).json();
    let path = format!("/fhir/Observation?code={ASKED_CODE}&patient={}", patient.id);
    with_token(&app, "GET", &path, text(&given, "access_token"), None).await.expect(200);
    let refresh = Fields::of(&[
        ("grant_type", "refresh_token"),
        ("client_id", &client),
        ("refresh_token", text(&given, "refresh_token")),
    ]);
    let later = token(&app, &refresh).await.expect(200).json();
    // One that nobody answers, and one that a doctor opens for a patient.
    crate::identity::oauth::asked(&app, &asks(&client, "patient/*.rs").set("nonce", NONCE)).await;
    app.grant(&patient, &doctor).await;
    let permit = json!({ "patient": patient.id });
    let other = allowed(&app, &doctor, &asks(&client, "launch/patient patient/*.rs"), permit).await;
    app.run_jobs().await;
    let words = [APP, RETURN, ASKED_CODE, NONCE, APP_KEY, KEYS_AT, code.as_str(), other.as_str()];
    let tokens = [&given, &later].into_iter().flat_map(|given| {
        ["access_token", "refresh_token", "id_token"].into_iter().filter_map(|name| given[name].as_str())
    });
    assert_nowhere(&app, words.into_iter().chain(tokens));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_with_a_provider_leaves_no_word_behind() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[("HEALTHSYNC__SIGN_IN__HOSPITAL__NAME", PROVIDER)]);
    let (doctor, other) = (app.practitioner("Dr A", &[]).await, app.practitioner("Dr B", &[]).await);
    let own = browser(&app, &doctor).await;
    connect(&app, &provider, &own, (SUBJECT, THERE)).await;
    let (_, session) = sign_in(&app, &provider, (SUBJECT, THERE), |_| {}).await;
    let session = session.unwrap();
    // One that was ended, and one that nobody finished.
    let strange = browser(&app, &other).await;
    connect(&app, &provider, &strange, (&format!("{SUBJECT}-2"), THERE)).await;
    let links = app.get("/api/auth/external/links", &other).await.expect(200).json();
    let remove = format!("/api/auth/external/links/{}/remove", links["links"][0]["id"]);
    act(&app, &remove, &strange, &json!({})).await.expect(204);
    let gone = crate::identity::external::provider::go(&app).await;
    app.run_jobs().await;
    let secret = session.split_once('=').unwrap().1;
    assert_nowhere(&app, [PROVIDER, SUBJECT, THERE, &provider.issuer, secret, &gone.state]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_knows_a_face_leaves_no_word_behind() {
    let Some(scene) = camera::scene().await else { return };
    let phone = Phone::new();
    let asked = camera::challenge(&scene).await;
    let frames = camera::frames(&scene.one, &asked);
    camera::enrol_as(&scene, &phone, DEVICE, &asked, &frames).await.expect(201);
    let asked = camera::challenge(&scene).await;
    let frames = camera::frames(&scene.one, &asked);
    let login = camera::login(&scene, &phone, &asked, &frames).await.expect(200).json();
    scene.app.run_jobs().await;
    let form = phone.form("login", "", &asked, &frames[..1]);
    let secrets = ["key", "secret"].map(|name| text(&form, name).to_owned());
    let words = [DEVICE, text(&login, "token"), text(&asked, "challenge"), "a secret that this device keeps"];
    assert_nowhere(&scene.app, words.into_iter().chain(secrets.iter().map(String::as_str)));
}
