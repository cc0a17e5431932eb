//! The addresses, as a browser and a program see them.

use super::{HERE, PASSWORD, Place, add, on_each_engine, sign_in};
use crate::memory::Peer;
use crate::{Settings, configure};
use ::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::body::{Body, to_bytes};
use kernel::Role;
use ledger::House;
use serde_json::{Value, json};
use std::time::Duration;
use tower::ServiceExt;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    json: Value,
}

/// What the server's border does, around the routes of this room.
async fn raw(house: &House, request: Request<Body>) -> axum::response::Response {
    let ctx = crate::authenticate(house, request.method(), request.headers(), HERE, 7).await;
    let mut request = request;
    match ctx {
        Ok(ctx) => request.extensions_mut().insert(ctx),
        Err(problem) => return axum::response::IntoResponse::into_response(problem),
    };
    request.extensions_mut().insert(Peer(HERE.unwrap()));
    let routes = crate::routes().merge(notify::routes()).with_state(house.clone());
    routes.oneshot(request).await.unwrap()
}

async fn ask(house: &House, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match body {
        Some(body) => {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    let response = raw(house, request.body(body).unwrap()).await;
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Answer { status, headers, json: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}

async fn token(house: &House, name: &str) -> String {
    format!("Bearer {}", sign_in(house, name, PASSWORD).await.unwrap().session.token)
}

const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");

#[tokio::test]
async fn a_browser_gets_a_cookie_that_no_script_can_read_and_no_token() {
    on_each_engine(async |place| {
        for (secure, name, flags) in [
            (false, "healthsync_session=", "; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"),
            (true, "__Host-healthsync=", "; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"),
        ] {
            let house = place.house();
            configure(&house, Settings { secure, ..Settings::default() });
            let user = if secure { "patient2" } else { "patient1" };
            add(&house, Role::Patient, user).await;
            let form = json!({"username": user, "password": PASSWORD, "session": "cookie"});
            let answer = ask(&house, Method::POST, "/api/auth/login", &[], Some(form)).await;
            assert_eq!(answer.status, 200, "{}", answer.json);
            assert_eq!(answer.json.get("token"), None);
            assert_eq!(answer.json["idleSeconds"], 1800);
            assert_eq!(answer.json["account"]["role"], "patient");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
            let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
            assert!(set.starts_with(name) && set.ends_with(flags), "{set}");

            let cookie = ("cookie", set.split(';').next().unwrap());
            let answer = ask(&house, Method::GET, "/api/auth/session", &[cookie], None).await;
            assert_eq!((answer.status.as_u16(), &answer.json["account"]["username"]), (200, &json!(user)));
            let answer = ask(&house, Method::POST, "/api/auth/logout", &[cookie, SAME], None).await;
            assert_eq!(answer.status, 204);
            let cleared = answer.headers[header::SET_COOKIE].to_str().unwrap();
            assert!(cleared.starts_with(name) && cleared.contains("Max-Age=0"), "{cleared}");
            assert_eq!(ask(&house, Method::GET, "/api/auth/session", &[cookie], None).await.status, 401);
        }
    })
    .await;
}

#[tokio::test]
async fn a_program_gets_a_token_and_no_cookie() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Practitioner, "doctor1").await;
        let form = json!({"username": "doctor1", "password": PASSWORD});
        let answer = ask(&house, Method::POST, "/api/auth/login", &[], Some(form)).await;
        assert_eq!(answer.headers.get(header::SET_COOKIE), None);
        let bearer = format!("Bearer {}", answer.json["token"].as_str().unwrap());
        let answer = ask(&house, Method::GET, "/api/auth/session", &[("authorization", &bearer)], None).await;
        assert_eq!(
            answer.json["account"],
            json!({
                "id": 1, "username": "doctor1", "name": "doctor1 the practitioner", "role": "practitioner",
                "practitioner": "practitioner-700", "organizations": [{"id": "org-800", "name": "Riverside Clinic"}],
                "email": "doctor1@example.org",
            })
        );
        assert_eq!(answer.json["expires"], "2027-01-15T20:00:00.000Z");
    })
    .await;
}

#[tokio::test]
async fn a_login_that_is_not_what_the_address_takes_is_named() {
    on_each_engine(async |place| {
        let house = place.house();
        for (form, status) in [
            (json!({"username": "a"}), 400),
            (json!({"username": "a", "password": "b", "colour": "c"}), 400),
            (json!({"username": "a", "password": "b", "session": "service"}), 400),
            (json!({"username": "a", "password": "b"}), 401),
        ] {
            let shown = form.to_string();
            let answer = ask(&house, Method::POST, "/api/auth/login", &[], Some(form)).await;
            assert_eq!(answer.status, status, "{shown}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        }
    })
    .await;
}

#[tokio::test]
async fn my_devices_are_listed_and_any_of_mine_can_be_revoked() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "patient1").await;
        add(&house, Role::Patient, "patient2").await;
        let (mine, other, foreign) =
            (token(&house, "patient1").await, token(&house, "patient1").await, token(&house, "patient2").await);
        let mine = ("authorization", mine.as_str());
        let answer = ask(&house, Method::GET, "/api/auth/sessions", &[mine], None).await;
        let sessions = answer.json["sessions"].as_array().unwrap();
        assert_eq!(sessions.len(), 2);
        assert_eq!((&sessions[0]["current"], &sessions[1]["current"]), (&json!(false), &json!(true)));
        assert_eq!((&sessions[0]["device"], &sessions[0]["kind"]), (&json!("test"), &json!("token")));
        let path = format!("/api/auth/sessions/{}/revoke", sessions[0]["id"]);
        // Somebody else's session does not exist.
        let stranger = ("authorization", foreign.as_str());
        assert_eq!(ask(&house, Method::POST, &path, &[stranger], None).await.status, 404);
        assert_eq!(ask(&house, Method::POST, "/api/auth/sessions/x/revoke", &[mine], None).await.status, 404);
        assert_eq!(ask(&house, Method::POST, &path, &[mine], None).await.status, 204);
        assert_eq!(ask(&house, Method::POST, &path, &[mine], None).await.status, 404);
        let other = ("authorization", other.as_str());
        assert_eq!(ask(&house, Method::GET, "/api/auth/sessions", &[other], None).await.status, 401);
        assert_eq!(ask(&house, Method::GET, "/api/auth/sessions", &[mine], None).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn only_an_administrator_sees_and_locks_accounts() {
    on_each_engine(async |place| {
        let house = place.house();
        let admin = add(&house, Role::Administrator, "admin1").await;
        let patient = add(&house, Role::Patient, "patient1").await;
        add(&house, Role::Practitioner, "doctor1").await;
        let lock = format!("/api/admin/users/{}/lock", patient.id);
        let addresses =
            [(Method::GET, "/api/admin/users?x=1"), (Method::POST, &lock), (Method::POST, "/api/admin/users/9/unlock")];
        for (method, path) in &addresses {
            assert_eq!(ask(&house, method.clone(), path, &[], None).await.status, 401, "{path}");
            for name in ["patient1", "doctor1"] {
                let token = token(&house, name).await;
                let answer = ask(&house, method.clone(), path, &[("authorization", &token)], None).await;
                assert_eq!(answer.status, 403, "{name} {path}");
            }
        }
        let token = token(&house, "admin1").await;
        let me = ("authorization", token.as_str());
        assert_eq!(ask(&house, Method::GET, "/api/admin/users?x=1", &[me], None).await.status, 400);
        assert_eq!(ask(&house, Method::GET, "/api/admin/users?role=king", &[me], None).await.status, 400);
        assert_eq!(ask(&house, Method::POST, "/api/admin/users/99/lock", &[me], None).await.status, 404);
        let own = format!("/api/admin/users/{}/lock", admin.id);
        assert_eq!(ask(&house, Method::POST, &own, &[me], None).await.status, 409);
        let answer = ask(&house, Method::POST, &lock, &[me], None).await;
        assert_eq!((answer.status.as_u16(), &answer.json["state"]), (200, &json!("locked")));
        let answer = ask(&house, Method::POST, &lock.replace("/lock", "/unlock"), &[me], None).await;
        assert_eq!((answer.status.as_u16(), &answer.json["state"]), (200, &json!("active")));
    })
    .await;
}

#[tokio::test]
async fn accounts_are_found_by_part_of_a_name_and_paged() {
    on_each_engine(async |place: Place| {
        let house = place.house();
        add(&house, Role::Administrator, "admin1").await;
        for n in 1..=4 {
            add(&house, Role::Patient, &format!("patient{n}")).await;
        }
        let token = token(&house, "admin1").await;
        let me = ("authorization", token.as_str());
        let names = |answer: &Answer| {
            let users = answer.json["users"].as_array().unwrap();
            users.iter().map(|u| u["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let first = ask(&house, Method::GET, "/api/admin/users?query=PATIENT&count=3", &[me], None).await;
        assert_eq!(names(&first), ["patient4", "patient3", "patient2"]);
        assert_eq!((&first.json["total"], &first.json["next"]), (&json!(4), &json!(3)));
        let path = format!("/api/admin/users?query=PATIENT&count=3&before={}", first.json["next"]);
        let second = ask(&house, Method::GET, &path, &[me], None).await;
        assert_eq!(names(&second), ["patient1"]);
        assert_eq!((&second.json["total"], &second.json["next"]), (&json!(4), &Value::Null));
        let admins = ask(&house, Method::GET, "/api/admin/users?role=administrator", &[me], None).await;
        assert_eq!(names(&admins), ["admin1"]);
        assert!(admins.json["users"][0]["lastSeen"].is_string(), "whoever signed in was there");
        let by_email = ask(&house, Method::GET, "/api/admin/users?query=patient2@ex", &[me], None).await;
        assert_eq!(names(&by_email), ["patient2"]);
    })
    .await;
}

#[tokio::test]
async fn the_live_stream_says_what_changed_and_ends_with_the_session() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "patient1").await;
        let token = token(&house, "patient1").await;
        let me = ("authorization", token.as_str());
        let request = Request::builder().uri("/api/events").header(me.0, me.1).body(Body::empty()).unwrap();
        let response = raw(&house, request).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let reading = tokio::spawn(async move {
            let bytes = to_bytes(response.into_body(), 1 << 16).await.unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        let say = async |news: &'static str| {
            house
                .db
                .write(move |tx| {
                    tx.announce(news);
                    Ok::<_, db::DbError>(())
                })
                .await
                .unwrap();
        };
        say("patient:1 record:abc ledger").await;
        say("patient:2 record:foreign").await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(ask(&house, Method::POST, "/api/auth/logout", &[me], None).await.status, 204);
        let text = tokio::time::timeout(Duration::from_secs(5), reading).await.unwrap().unwrap();
        let changed: Vec<&str> = text.lines().filter(|line| line.starts_with("data:")).collect();
        assert_eq!(
            changed,
            [r#"data: {"topics":["ledger","record:abc"]}"#, r#"data: {"topics":["session"]}"#],
            "{text}"
        );
        assert!(text.contains(": still here"), "{text}");
        assert!(!text.contains("foreign"));
        assert_eq!(ask(&house, Method::GET, "/api/events", &[], None).await.status, 401);
    })
    .await;
}

#[test]
fn every_route_is_documented() {
    let json = serde_json::to_value(crate::openapi()).unwrap();
    let paths: Vec<&String> = json["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths.len(), 64, "{paths:?}");
    assert_eq!(json["components"]["schemas"]["Account"]["properties"]["role"]["enum"].as_array().unwrap().len(), 4);
}
