//! The examples of docs/rest-api.md, as somebody would type them.

use axum::body::Body;
use http::Request;
use identity::NewAccount;
use kernel::Role;
use serde_json::{Value, json};
use server::people::{self, Secret, Stands};
use std::collections::BTreeMap;
use testkit::TestApp;

const PASSWORD: &str = "password123";

/// The commands of the page's `sh` blocks, as a shell would cut them into words.
fn commands(page: &str) -> Vec<Vec<String>> {
    let mut blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut out = Vec::new();
    for text in blocks.by_ref() {
        let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
        for c in text.chars() {
            match (quote, c) {
                (Some(q), c) if q == c => quote = None,
                (None, '\'' | '"') => quote = Some(c),
                // In single quotes a dollar is a dollar; none of the examples has one there.
                (None, ' ' | '\n') => {
                    if !word.is_empty() {
                        words.push(std::mem::take(&mut word));
                    }
                    if c == '\n' && !words.is_empty() {
                        out.push(std::mem::take(&mut words));
                    }
                }
                (_, c) => word.push(c),
            }
        }
        assert!(quote.is_none(), "an open quote in {text}");
    }
    out.retain(|words| words[0] == "curl");
    out
}

/// Does what `curl` would do with these words.
async fn run(app: &TestApp, words: &[String], known: &BTreeMap<&str, String>) -> (String, Value) {
    let fill =
        |word: &str| known.iter().fold(word.to_owned(), |w, (name, value)| w.replace(&format!("${name}"), value));
    let (mut path, mut headers, mut body, mut form) = (String::new(), Vec::new(), None, Vec::new());
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-s" => {}
            "-H" => headers.push(fill(rest.next().unwrap())),
            "-d" => body = rest.next().cloned(),
            "-F" => form.push(rest.next().unwrap().clone()),
            address => path = fill(address),
        }
    }
    let method = if body.is_some() || !form.is_empty() { "POST" } else { "GET" };
    let mut request = Request::builder().method(method).uri(&path).header("host", "localhost");
    for header in &headers {
        let (name, value) = header.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    if !form.is_empty() {
        let mut text = String::new();
        for field in &form {
            let (name, value) = field.split_once('=').unwrap();
            let (file, value) = match value.strip_prefix('@') {
                Some(file) => (format!("; filename=\"{file}\""), crate::documents::desk::REPORT),
                None => (String::new(), value),
            };
            text += &format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n");
        }
        request = request.header("content-type", "multipart/form-data; boundary=cut");
        body = Some(text + "--cut--\r\n");
    }
    let reply = app.request(request.body(Body::from(body.unwrap_or_default())).unwrap()).await;
    assert!(reply.status < 300, "{path}: {} {}", reply.status, reply.text());
    (path.split('?').next().unwrap().to_owned(), reply.json())
}

async fn account(app: &TestApp, role: Role, username: &str, stands: Stands) -> String {
    let new = NewAccount {
        role,
        email: Some(format!("{username}@healthsync.example")),
        username: username.to_owned(),
        password: Some(PASSWORD.to_owned()),
        name: username.to_owned(),
    };
    let (house, operator) = (&app.house, app.operator());
    let account = people::add(house, &operator, new, Secret::Public, stands, Vec::new()).await.unwrap();
    account.patient.or(account.practitioner).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_page_do_what_the_page_says() {
    let app = TestApp::start();
    let patient =
        app.create(&json!({ "resourceType": "Patient", "name": [{ "given": ["Asha"], "family": "Rao" }] })).await;
    let patient = account(&app, Role::Patient, "patient1", Stands::For(patient)).await;
    account(&app, Role::Practitioner, "doctor1", Stands::New).await;
    app.create(&testkit::sample::condition(&patient, "Diabetes mellitus")).await;
    let login = |name: &str| json!({ "username": name, "password": PASSWORD });
    let token = app.post("/api/auth/login", None, login("patient1")).await.expect(200).json()["token"].clone();
    let doctor = app.post("/api/auth/login", None, login("doctor1")).await.expect(200).json()["token"].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let known = BTreeMap::from([
        ("URL", String::new()),
        ("TOKEN", text(&token)),
        ("DOCTOR", text(&doctor)),
        ("PATIENT", patient.clone()),
    ]);
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rest-api.md")).unwrap();
    let mut tried = BTreeMap::new();
    for words in commands(&page) {
        let (path, answer) = run(&app, &words, &known).await;
        tried.insert(path.replace(&patient, "{patient_id}"), answer);
    }
    let listed = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')?.0.split_once(' '));
    let listed: Vec<&str> = listed.map(|(_, path)| path).filter(|path| path.starts_with("/api/")).collect();
    assert_eq!(listed.len(), 11, "{listed:?}");
    for path in listed {
        assert!(tried.contains_key(path), "no example of {path}");
    }
    let found = &tried["/api/doctors/search-patients"];
    assert_eq!(found["patients"][0]["conditions"], json!(["Diabetes mellitus"]), "{found}");
    assert_eq!(tried["/api/doctors/patient-records/{patient_id}"]["records"].as_array().unwrap().len(), 2);
    assert_eq!(tried["/api/appointments/my-appointments"]["appointments"][0]["status"], "proposed");
    assert_eq!(tried["/api/records/upload"]["title"], "Blood count");
}
