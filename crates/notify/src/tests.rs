//! The same tests on SQLite and, where `TEST_DATABASE_URL` names a server, on PostgreSQL.

mod letters;
mod wishes;

use crate::{Item, Kind, Notice, end_streams, send, store, to_administrators, to_members, to_patient, to_practitioner};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use axum::response::IntoResponse;
use db::{DbError, Options};
use kernel::{Actor, Ctx, FixedClock, Id, SystemRng, Timestamp};
use ledger::House;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tower::ServiceExt;
use vault::{FreshKey, KeySource, VaultError};

fn open(postgres: Option<&str>) -> (House, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = match postgres {
        Some(server) => db::testing::fresh_postgres(server),
        None => folder.path().join("t.db").display().to_string(),
    };
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let keys = KeySource::File(folder.path().join("master.key"));
    (House::open(&Options { url }, keys, "test", clock, Arc::new(SystemRng)).unwrap(), folder)
}

/// Accounts as identity stores them, as far as this room reads them: 1 and 2 are patient 5's, 3 is practitioner 7's and
/// works in 8, 4 is an administrator who works there too.
fn settle(house: &House) {
    let inside = house.clone();
    let insert = move |tx: &mut db::Tx<'_>| {
        for (account, role, patient, practitioner) in [
            (1, "patient", Some(5), None),
            (2, "patient", Some(5), None),
            (3, "practitioner", None, Some(7)),
            (4, "administrator", None, None),
        ] {
            tx.execute(
                "INSERT INTO account (account, role, state, login, patient, practitioner, profile, created)
                 VALUES (?1, ?2, 0, ?1, ?3, ?4, ?5, 0)",
                &[i64::from(account).into(), role.into(), patient.into(), practitioner.into(), (&[0_u8; 1]).into()],
            )?;
        }
        for account in [3, 4] {
            tx.execute("INSERT INTO membership (account, organization) VALUES (?1, 8)", &[i64::from(account).into()])?;
        }
        let fresh = FreshKey::generate(&*inside.rng);
        inside.vault.store_key(tx, &*inside.rng, 5, &fresh, inside.clock.now())
    };
    house.db.write_blocking(insert).unwrap();
}

async fn on_each_engine(test: impl AsyncFn(House)) {
    let servers = [None, std::env::var("TEST_DATABASE_URL").ok()];
    for server in servers.iter().take(if servers[1].is_some() { 2 } else { 1 }) {
        let (house, _folder) = open(server.as_deref());
        settle(&house);
        test(house).await;
    }
}

fn notice(title: &str) -> Notice {
    Notice::new(Kind::Grant, title, "A body.").link("/grants")
}

async fn tell(house: &House, account: i64, title: &str) {
    let (inside, notice) = (house.clone(), notice(title));
    house.db.write(move |tx| send(tx, &inside, Id::new(account), &notice)).await.unwrap();
}

async fn inbox(house: &House, account: i64) -> (Vec<Item>, i64) {
    let vault = Arc::clone(&house.vault);
    house.db.read(move |tx| store::inbox(tx, &vault, Id::new(account))).await.unwrap()
}

async fn titles(house: &House, account: i64) -> Vec<String> {
    inbox(house, account).await.0.into_iter().map(|item| item.notice.title).collect()
}

fn ctx(house: &House, actor: Actor) -> Ctx {
    Ctx { actor, ..Ctx::operator(Arc::clone(&house.clock), Arc::clone(&house.rng)) }
}

fn patient() -> Actor {
    Actor::Patient { account: Id::new(1), patient: Id::new(5) }
}

#[tokio::test]
async fn a_notice_reaches_those_it_is_for_and_nobody_else() {
    on_each_engine(async |house| {
        let inside = house.clone();
        house
            .db
            .write(move |tx| {
                to_patient(tx, &inside, Id::new(5), &notice("patient"))?;
                to_practitioner(tx, &inside, Id::new(7), &notice("practitioner"))?;
                to_members(tx, &inside, Id::new(8), &notice("members"))?;
                to_administrators(tx, &inside, &notice("administrators"))?;
                to_patient(tx, &inside, Id::new(6), &notice("nobody"))
            })
            .await
            .unwrap();
        assert_eq!(titles(&house, 1).await, ["patient"]);
        assert_eq!(titles(&house, 2).await, ["patient"]);
        assert_eq!(titles(&house, 3).await, ["members", "practitioner"]);
        assert_eq!(titles(&house, 4).await, ["administrators", "members"]);
        let (items, unread) = inbox(&house, 1).await;
        assert_eq!((&items[0].notice, items[0].read, unread), (&notice("patient"), false, 1));
        assert_eq!(items[0].time, Timestamp(1_800_000_000_000));
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_sealed_and_goes_with_its_patient() {
    on_each_engine(async |house| {
        tell(&house, 1, "canary one").await;
        tell(&house, 3, "canary two").await;
        let texts = house
            .db
            .read(|tx| tx.query("SELECT detail FROM notice", &[], |row| Ok::<_, DbError>(row.blob(0)?.to_vec())))
            .await
            .unwrap();
        assert!(texts.iter().all(|text| !String::from_utf8_lossy(text).contains("canary")));
        let vault = Arc::clone(&house.vault);
        house.db.write(move |tx| vault.erase(tx, 5)).await.unwrap();
        let vault = Arc::clone(&house.vault);
        let gone = house.db.read(move |tx| store::inbox(tx, &vault, Id::new(1))).await;
        assert!(matches!(gone, Err(VaultError::NoKey)));
        assert_eq!(titles(&house, 3).await, ["canary two"]);
    })
    .await;
}

#[tokio::test]
async fn a_notice_put_into_another_inbox_does_not_open() {
    on_each_engine(async |house| {
        tell(&house, 1, "mine").await;
        house.db.write(|tx| tx.execute("UPDATE notice SET account = 2", &[])).await.unwrap();
        let vault = Arc::clone(&house.vault);
        let moved = house.db.read(move |tx| store::inbox(tx, &vault, Id::new(2))).await;
        assert!(matches!(moved, Err(VaultError::DoesNotOpen)));
    })
    .await;
}

#[tokio::test]
async fn the_oldest_notices_make_room() {
    on_each_engine(async |house| {
        let inside = house.clone();
        house
            .db
            .write(move |tx| {
                (0..503).try_for_each(|n| send(tx, &inside, Id::new(1), &notice(&n.to_string())).map(drop))
            })
            .await
            .unwrap();
        let (items, unread) = inbox(&house, 1).await;
        assert_eq!((items.len(), unread), (100, 500));
        assert_eq!(items[0].notice.title, "502");
    })
    .await;
}

async fn ask(house: &House, method: Method, path: &str, actor: Actor) -> (u16, serde_json::Value) {
    let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    request.extensions_mut().insert(ctx(house, actor));
    let response = crate::routes().with_state(house.clone()).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn the_inbox_is_read_and_marked_over_http() {
    on_each_engine(async |house| {
        for title in ["one", "two", "three"] {
            tell(&house, 1, title).await;
        }
        tell(&house, 3, "foreign").await;
        let (status, json) = ask(&house, Method::GET, "/api/inbox", patient()).await;
        assert_eq!((status, &json["unread"]), (200, &3.into()));
        assert_eq!(
            json["items"][0],
            serde_json::json!({
                "id": 3, "time": "2027-01-15T08:00:00.000Z", "kind": "grant", "title": "three", "body": "A body.",
                "link": "/grants", "read": false,
            })
        );
        assert_eq!(ask(&house, Method::POST, "/api/inbox/2/read", patient()).await.0, 204);
        let (_, json) = ask(&house, Method::GET, "/api/inbox", patient()).await;
        assert_eq!((&json["unread"], &json["items"][1]["read"]), (&2.into(), &true.into()));
        // Somebody else's does not exist.
        for foreign in ["4", "99", "x"] {
            let path = format!("/api/inbox/{foreign}/read");
            assert_eq!(ask(&house, Method::POST, &path, patient()).await.0, 404, "{foreign}");
        }
        assert_eq!(ask(&house, Method::POST, "/api/inbox/read-all", patient()).await.0, 204);
        assert_eq!(ask(&house, Method::GET, "/api/inbox", patient()).await.1["unread"], 0);
        assert_eq!(inbox(&house, 3).await.1, 1);
        for (method, path) in
            [(Method::GET, "/api/inbox"), (Method::POST, "/api/inbox/4/read"), (Method::POST, "/api/inbox/read-all")]
        {
            assert_eq!(ask(&house, method, path, Actor::Nobody).await.0, 401, "{path}");
        }
    })
    .await;
}

async fn announce(house: &House, news: &[&'static str]) {
    for &item in news {
        let say = move |tx: &mut db::Tx<'_>| {
            tx.announce(item);
            Ok::<_, DbError>(())
        };
        house.db.write(say).await.unwrap();
    }
}

/// Everything a stream said until it ended.
async fn until_end(response: axum::response::Response) -> String {
    let bytes = tokio::time::timeout(Duration::from_secs(10), to_bytes(response.into_body(), 1 << 20)).await;
    String::from_utf8(bytes.unwrap().unwrap().to_vec()).unwrap()
}

fn topics(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("data: ")).collect()
}

#[tokio::test]
async fn what_happens_together_is_told_together_and_foreign_news_not_at_all() {
    on_each_engine(async |house| {
        let response =
            crate::stream(&house, &ctx(&house, patient()), Vec::new(), || async { true }).unwrap().into_response();
        let reading = tokio::spawn(until_end(response));
        tokio::time::sleep(Duration::from_millis(100)).await;
        tell(&house, 1, "hello").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let both = |tx: &mut db::Tx<'_>| {
            tx.announce("patient:5 record:abc ledger");
            tx.announce("account:1 inbox");
            tx.announce("patient:6 grants");
            Ok::<_, DbError>(())
        };
        house.db.write(both).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        end_streams(&house);
        let text = reading.await.unwrap();
        let expected = [r#"{"topics":["inbox"]}"#, r#"{"topics":["inbox","ledger","record:abc"]}"#];
        assert_eq!(topics(&text), expected, "{text}");
        assert_eq!(text.matches("event: changed").count(), 2);
        assert!(text.starts_with(": still here"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_when_its_session_does_and_says_nothing_else_then() {
    on_each_engine(async |house| {
        let valid = Arc::new(AtomicBool::new(true));
        let asked = Arc::clone(&valid);
        let still = move || {
            let valid = asked.load(Ordering::SeqCst);
            async move { valid }
        };
        let response = crate::stream(&house, &ctx(&house, patient()), Vec::new(), still).unwrap().into_response();
        let reading = tokio::spawn(until_end(response));
        tokio::time::sleep(Duration::from_millis(100)).await;
        // Another of the account's sessions ended, not this one.
        announce(&house, &["account:1 session"]).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        valid.store(false, Ordering::SeqCst);
        announce(&house, &["patient:5 record:abc", "account:1 session"]).await;
        let text = reading.await.unwrap();
        assert_eq!(topics(&text).last(), Some(&r#"{"topics":["session"]}"#), "{text}");
        assert_eq!(topics(&text)[0], r#"{"topics":["session"]}"#, "{text}");
    })
    .await;
}

#[tokio::test]
async fn who_falls_behind_is_told_to_look_at_everything() {
    on_each_engine(async |house| {
        let response = crate::stream(&house, &ctx(&house, patient()), Vec::new(), || async { true }).unwrap().into_response();
        // Nobody reads yet; more happens than is kept.
        let flood = |tx: &mut db::Tx<'_>| {
            (0..1500).for_each(|n| tx.announce(format!("patient:6 record:{n}")));
            Ok::<_, DbError>(())
        };
        house.db.write(flood).await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let reading = tokio::spawn(until_end(response));
        tokio::time::sleep(Duration::from_millis(500)).await;
        end_streams(&house);
        let text = reading.await.unwrap();
        let all = r#"{"topics":["cases","desk","edits","emergencies","family","grants","inbox","ledger","links","patients","record:*","requests","session","vault"]}"#;
        assert_eq!(topics(&text), [all], "{text}");
    })
    .await;
}

#[tokio::test]
async fn an_account_has_so_many_streams_and_a_closed_one_makes_room() {
    on_each_engine(async |house| {
        let me = ctx(&house, patient());
        let open = || crate::stream(&house, &me, Vec::new(), || async { true }).map(IntoResponse::into_response);
        let mut held: Vec<_> = (0..20).map(|_| open().unwrap()).collect();
        let refused = open().err().unwrap();
        assert_eq!((refused.status, refused.retry_after), (429, Some(30)));
        held.pop();
        held.push(open().unwrap());
        assert_eq!(open().err().unwrap().status, 429);
        assert_eq!(
            crate::stream(&house, &ctx(&house, Actor::Nobody), Vec::new(), || async { true }).err().unwrap().status,
            401
        );
    })
    .await;
}

#[tokio::test]
async fn the_administrators_are_told_of_a_job_that_was_given_up() {
    on_each_engine(async |house| {
        let inside = house.clone();
        house.db.write(move |tx| crate::job_given_up(tx, &inside, "checkpoint")).await.unwrap();
        assert_eq!(titles(&house, 4).await, ["A background job was given up"]);
        assert_eq!(titles(&house, 1).await, [""; 0]);
    })
    .await;
}
