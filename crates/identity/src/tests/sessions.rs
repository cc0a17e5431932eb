//! How long a session lives, and how it ends.

use super::{PASSWORD, START, add, bearer, call, cookie, on_each_engine, operator, sign_in, stands};
use crate::{SessionKind, store};
use ::http::{HeaderMap, HeaderValue, Method};
use kernel::{Actor, Id, Purpose, Role};
use ledger::House;

async fn seen(house: &House) -> i64 {
    house.db.read(|tx| tx.count("SELECT MAX(seen) FROM session", &[])).await.unwrap()
}

/// Waits for what is written without making the request wait.
async fn seen_becomes(house: &House, expected: i64) {
    for _ in 0..200 {
        if seen(house).await == expected {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("seen is {} and not {expected}", seen(house).await);
}

#[tokio::test]
async fn the_caller_is_who_signed_in() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "patient1").await;
        add(&house, Role::Practitioner, "doctor1").await;
        add(&house, Role::Administrator, "admin1").await;
        let token = sign_in(&house, "patient1", PASSWORD).await.unwrap().session.token;
        let ctx = call(&house, &bearer(&token)).await.unwrap();
        assert_eq!(ctx.actor, Actor::Patient { account: Id::new(1), patient: Id::new(1) });
        assert_eq!((&*ctx.name, ctx.purpose, ctx.request), ("patient1 the patient", Purpose::Patient, 1));
        // The same secret in a cookie, among others.
        assert_eq!(call(&house, &cookie(&token)).await.unwrap().actor, ctx.actor);

        let token = sign_in(&house, "doctor1", PASSWORD).await.unwrap().session.token;
        let ctx = call(&house, &bearer(&token)).await.unwrap();
        let organizations = vec![Id::new(800)];
        let doctor = Actor::Practitioner { account: Id::new(2), practitioner: Id::new(700), organizations };
        assert_eq!((ctx.actor, ctx.purpose), (doctor, Purpose::Treatment));
        assert_eq!(ctx.organization.as_deref(), Some("Riverside Clinic"));

        let token = sign_in(&house, "admin1", PASSWORD).await.unwrap().session.token;
        let ctx = call(&house, &bearer(&token)).await.unwrap();
        assert_eq!(ctx.actor, Actor::Administrator { account: Id::new(3) });
        assert_eq!(call(&house, &HeaderMap::new()).await.unwrap().actor, Actor::Nobody);
    })
    .await;
}

#[tokio::test]
async fn credentials_that_are_not_good_are_refused_and_never_taken_for_none() {
    on_each_engine(async |place| {
        let house = place.house();
        assert!(!stands(&house, "made-up").await);
        assert_eq!(call(&house, &cookie("made-up")).await.err().unwrap().status, 401);
        for strange in ["Basic YWRtaW4xOnBhc3N3b3JkMTIz", "Bearer", "token", ""] {
            let headers = HeaderMap::from_iter([(http::header::AUTHORIZATION, HeaderValue::from_static(strange))]);
            assert_eq!(call(&house, &headers).await.err().map(|p| p.status), Some(401), "{strange}");
        }
    })
    .await;
}

#[tokio::test]
async fn staff_are_signed_out_after_fifteen_idle_minutes_and_patients_after_thirty() {
    on_each_engine(async |place| {
        for (role, minutes) in [(Role::Administrator, 15), (Role::Practitioner, 15), (Role::Patient, 30)] {
            let house = place.house();
            let name = format!("{}1", role.as_str());
            add(&house, role, &name).await;
            let token = sign_in(&house, &name, PASSWORD).await.unwrap().session.token;
            // Use keeps it alive …
            for _ in 0..3 {
                place.clock.advance_ms(minutes * 60_000 - 1);
                assert!(stands(&house, &token).await, "{name}");
            }
            // … silence does not, neither here nor in another process.
            place.wait_minutes(minutes);
            assert!(!stands(&house, &token).await, "{name}");
            assert!(!stands(&place.house(), &token).await, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_busy() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "patient1").await;
        let token = sign_in(&house, "patient1", PASSWORD).await.unwrap().session.token;
        for _ in 0..(12 * 60 / 20 - 1) {
            place.wait_minutes(20);
            assert!(stands(&house, &token).await);
        }
        place.clock.advance_ms(20 * 60_000 - 1);
        assert!(stands(&house, &token).await);
        place.clock.advance_ms(1);
        assert!(!stands(&house, &token).await);
    })
    .await;
}

#[tokio::test]
async fn that_a_session_is_used_is_written_down_once_a_minute() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Administrator, "admin1").await;
        let token = sign_in(&house, "admin1", PASSWORD).await.unwrap().session.token;
        place.clock.advance_ms(59_999);
        assert!(stands(&house, &token).await);
        place.clock.advance_ms(1);
        assert!(stands(&house, &token).await);
        seen_becomes(&house, START.0 + 60_000).await;
        place.clock.advance_ms(30_000);
        assert!(stands(&house, &token).await);
        // A write that comes after it in the one queue: had the use been written, it would show.
        house.db.write(|tx| tx.execute("UPDATE counter SET value = value", &[])).await.unwrap();
        assert_eq!(seen(&house).await, START.0 + 60_000);
        // Another process takes it from there.
        place.clock.advance_ms(14 * 60_000);
        assert!(stands(&place.house(), &token).await);
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_is_refused_at_once_in_every_process() {
    on_each_engine(async |place| {
        let (here, there) = (place.house(), place.house());
        add(&here, Role::Administrator, "admin1").await;
        let first = sign_in(&here, "admin1", PASSWORD).await.unwrap();
        let second = sign_in(&here, "admin1", PASSWORD).await.unwrap();
        for house in [&here, &there] {
            assert!(stands(house, &first.session.token).await);
        }
        let (account, session) = (first.account.id, first.session.id);
        assert!(there.db.write(move |tx| store::end_session(tx, account, session)).await.unwrap());
        for house in [&here, &there] {
            assert!(!stands(house, &first.session.token).await);
            assert!(stands(house, &second.session.token).await);
        }
    })
    .await;
}

#[tokio::test]
async fn locking_ends_every_session_and_unlocking_brings_none_back() {
    on_each_engine(async |place| {
        let (here, there) = (place.house(), place.house());
        let account = Id::new(add(&here, Role::Administrator, "admin1").await.id);
        let token = sign_in(&here, "admin1", PASSWORD).await.unwrap().session.token;
        assert!(stands(&here, &token).await);
        let (inside, ctx) = (there.clone(), operator(&there));
        there.db.write(move |tx| crate::service::lock(tx, &inside, &ctx, account).map(drop)).await.unwrap();
        assert!(!stands(&here, &token).await);
        assert!(sign_in(&here, "admin1", PASSWORD).await.is_err());
        let (inside, ctx) = (there.clone(), operator(&there));
        there.db.write(move |tx| crate::service::unlock(tx, &inside, &ctx, account).map(drop)).await.unwrap();
        assert!(!stands(&here, &token).await);
        sign_in(&here, "admin1", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    on_each_engine(async |place| {
        let house = place.house();
        let account = add(&house, Role::Patient, "patient1").await;
        let token = sign_in(&house, "patient1", PASSWORD).await.unwrap().session.token;
        crate::set_password(&house, &operator(&house), Id::new(account.id), "another password").await.unwrap();
        assert!(!stands(&house, &token).await);
        assert!(sign_in(&house, "patient1", PASSWORD).await.is_err());
        sign_in(&house, "patient1", "another password").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_cookie_changes_something_only_from_a_page_of_this_origin() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "patient1").await;
        let token = sign_in(&house, "patient1", PASSWORD).await.unwrap().session.token;
        let ask = async |mut headers: HeaderMap, extra: &[(&'static str, &'static str)]| {
            headers.extend(
                extra
                    .iter()
                    .map(|(k, v)| (k.parse().unwrap(), HeaderValue::from_static(v)))
                    .map(|(k, v): (http::HeaderName, _)| (Some(k), v)),
            );
            crate::authenticate(&house, &Method::POST, &headers, None, 1).await.map(drop).map_err(|p| p.status)
        };
        assert_eq!(ask(cookie(&token), &[("sec-fetch-site", "same-origin")]).await, Ok(()));
        assert_eq!(ask(cookie(&token), &[("origin", "http://a.example"), ("host", "a.example")]).await, Ok(()));
        assert_eq!(ask(cookie(&token), &[("sec-fetch-site", "cross-site")]).await, Err(403));
        assert_eq!(ask(cookie(&token), &[("origin", "http://b.example"), ("host", "a.example")]).await, Err(403));
        assert_eq!(ask(cookie(&token), &[]).await, Err(403));
        // A token is not sent by browsers on their own.
        assert_eq!(ask(bearer(&token), &[("sec-fetch-site", "cross-site")]).await, Ok(()));
        // Reading is no change.
        assert!(call(&house, &cookie(&token)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_fifty_first_session_ends_the_first() {
    on_each_engine(async |place| {
        let house = place.house();
        let account = Id::new(add(&house, Role::Patient, "patient1").await.id);
        let inside = house.clone();
        let entrance = crate::Entrance::new(SessionKind::Cookie, crate::Method::Password, "x", None);
        let tokens: Vec<String> = house
            .db
            .write(move |tx| {
                (0..51)
                    .map(|_| crate::open(tx, &inside, account, &entrance).map(|s| s.session.token))
                    .collect::<Result<_, _>>()
            })
            .await
            .unwrap();
        assert!(!stands(&house, &tokens[0]).await);
        assert!(stands(&house, &tokens[1]).await);
        assert!(stands(&house, &tokens[50]).await);
    })
    .await;
}

#[tokio::test]
async fn sessions_that_are_over_are_swept_away_and_others_are_not() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "patient1").await;
        sign_in(&house, "patient1", PASSWORD).await.unwrap();
        let token = crate::token_create(&house, &operator(&house), "Lab", super::clinic(800, "Lab")).await.unwrap();
        let registry = crate::jobs(::jobs::Registry::new());
        let count = async || house.db.read(|tx| tx.count("SELECT COUNT(*) FROM session", &[])).await;
        place.wait_minutes(29);
        ::jobs::run_due(&house, &registry).await.unwrap();
        assert_eq!(count().await.unwrap(), 2);
        place.wait_minutes(61);
        ::jobs::run_due(&house, &registry).await.unwrap();
        assert_eq!(count().await.unwrap(), 1);
        assert!(stands(&house, &token).await);
        place.wait_minutes(366 * 24 * 60);
        ::jobs::run_due(&house, &registry).await.unwrap();
        assert_eq!(count().await.unwrap(), 0);
    })
    .await;
}
