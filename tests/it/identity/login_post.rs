//! `POST /api/auth/login`

use serde_json::{Value, json};
use testkit::{PASSWORD, Person, TestApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn login(app: &TestApp, username: &str, password: &str) -> testkit::Reply {
    app.post("/api/auth/login", None, json!({ "username": username, "password": password })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_signs_in_by_user_name_or_e_mail_and_reads_their_own_record() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    for name in [asha.username.clone(), format!("{}@example.org", asha.username)] {
        let answer = login(&app, &name, testkit::PASSWORD).await.expect(200).json();
        assert_eq!(answer["account"]["role"], "patient");
        assert_eq!(answer["account"]["patient"], asha.id.as_str());
        let token = answer["token"].as_str().unwrap().to_owned();
        let signed_in = Person { token, ..asha.clone() };
        let patient = app.get(&format!("/fhir/Patient/{}", asha.id), &signed_in).await.expect(200).json();
        assert_eq!(patient["name"][0]["family"], "Rao");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_name_get_the_same_words() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    let wrong = login(&app, &asha.username, "not the password").await.expect(401).json();
    let unknown = login(&app, "nobody-at-all", "not the password").await.expect(401).json();
    assert_eq!(wrong, unknown);
    assert_eq!(wrong["kind"], "login-failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    let mut last = None;
    for _ in 0..8 {
        last = Some(login(&app, &asha.username, "not the password").await);
    }
    let last = last.unwrap().expect(429);
    assert!(last.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
    // The right password has to wait as well: otherwise its refusal would tell.
    login(&app, &asha.username, testkit::PASSWORD).await.expect(429);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_only_so_many_tries_a_minute_whatever_the_names() {
    let app = TestApp::with_settings(&[("HEALTHSYNC__LIMITS__LOGIN_PER_MINUTE", "3")]);
    let listening = app.listen().await;
    let mut statuses = Vec::new();
    for n in 0..4 {
        let mut socket = TcpStream::connect(listening.address).await.unwrap();
        let form = json!({ "username": format!("name-{n}"), "password": "a guess at it" }).to_string();
        let request = format!(
            "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
            form.len()
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        statuses.push(answer[9..12].to_owned());
    }
    assert_eq!(statuses, ["401", "401", "401", "429"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_a_cookie_that_no_script_can_read_and_no_token() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    let form = json!({ "username": asha.username, "password": testkit::PASSWORD, "session": "cookie" });
    let answer = app.post("/api/auth/login", None, form).await.expect(200);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(answer.json().get("token"), None::<&Value>);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_a_field_that_nobody_knows_is_refused() {
    let app = TestApp::start();
    let form = json!({ "username": "a", "password": "b", "remember": true });
    let problem = app.post("/api/auth/login", None, form).await.expect(400).json();
    assert!(problem["detail"].as_str().unwrap().contains("remember"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_password_opens_nothing_once_the_new_one_is_set_however_early_it_was_typed() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let form = json!({ "username": patient.username, "password": PASSWORD });
    let change = app.post("/api/auth/password", &patient, json!({ "password": "lamp river Tuesday" }));
    let old = || app.post("/api/auth/login", None, form.clone());
    let (set, one, two, three, four) = tokio::join!(change, old(), old(), old(), old());
    assert_eq!(set.status, 200, "{}", set.text());
    for tried in [one, two, three, four].iter().filter(|reply| reply.status == 200) {
        let token = tried.json()["token"].as_str().unwrap().to_owned();
        let session = Person { token, ..patient.clone() };
        app.get("/api/auth/methods", &session).await.expect(401);
    }
    app.post("/api/auth/login", None, form).await.expect(401);
}
