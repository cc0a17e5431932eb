//! That everybody is told as they wish, and of some things always.

use super::{ctx, inbox, on_each_engine, patient, titles};
use crate::{Addressee, Kind, Letter, Notice, Outbox, Way, readings, send};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use kernel::{Actor, Ctx, FixedClock, Id, Pass};
use ledger::{Action, Entry, Ground, House};
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

fn with_letters(house: &House) -> Arc<Outbox> {
    let outbox = Outbox::new(Arc::clone(&house.clock));
    crate::mail_by(house, outbox.clone());
    crate::addressed_by(house, |_, _, account| {
        let owner = if account.get() <= 2 { 5 } else { vault::DIRECTORY };
        let email = (account.get() != 2).then(|| format!("a{}@mail.example", account.get()));
        let pages = Some("https://here.example".to_owned());
        Ok(Some(Addressee { name: "Asha".into(), email, owner, pages }))
    });
    outbox
}

async fn tell(house: &House, account: i64, notice: Notice) -> Way {
    let inside = house.clone();
    house.db.write(move |tx| send(tx, &inside, Id::new(account), &notice)).await.unwrap()
}

fn about(kind: Kind, title: &str) -> Notice {
    Notice::new(kind, title, "A body with more in it.")
}

async fn letters(house: &House, outbox: &Outbox) -> Vec<(String, String)> {
    jobs::run_due(house, &crate::jobs(jobs::Registry::new())).await.unwrap();
    outbox.mails().into_iter().rev().map(|sent| (sent.mail.subject, sent.mail.text)).collect()
}

fn confirmed(house: &House, actor: Actor) -> Ctx {
    let pass = Pass { fresh: Some(house.clock.now()), ..Pass::default() };
    Ctx { pass, ..ctx(house, actor) }
}

async fn ask(house: &House, ctx: Ctx, body: Option<Value>) -> (u16, Value) {
    let method = if body.is_some() { Method::PUT } else { Method::GET };
    let content = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let request = Request::builder().method(method).uri("/api/inbox/wishes");
    let mut request = request.header("content-type", "application/json").body(content).unwrap();
    request.extensions_mut().insert(ctx);
    let response = crate::routes().with_state(house.clone()).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn wish(house: &House, ways: Value) {
    let (status, json) = ask(house, confirmed(house, patient()), Some(json!({ "ways": ways }))).await;
    assert_eq!(status, 200, "{json}");
}

fn way_of<'j>(json: &'j Value, kind: &str) -> &'j Value {
    let mut kinds = json["kinds"].as_array().unwrap().iter();
    &kinds.find(|each| each["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"))["way"]
}

#[tokio::test]
async fn by_default_a_patient_gets_a_letter_of_what_waits_and_none_of_the_rest() {
    on_each_engine(async |house| {
        let outbox = with_letters(&house);
        assert_eq!(tell(&house, 1, about(Kind::AccessRequest, "Dr Rao asks for access")).await, Way::Mail);
        assert_eq!(tell(&house, 1, about(Kind::Edit, "Dr Rao proposes a change")).await, Way::App);
        assert_eq!(tell(&house, 3, about(Kind::Grant, "A patient gave you access")).await, Way::App);
        // Without an address the inbox is all there is.
        assert_eq!(tell(&house, 2, about(Kind::AccessRequest, "Dr Rao asks for access")).await, Way::Mail);
        let sent = letters(&house, &outbox).await;
        let [(subject, text)] = sent.as_slice() else { panic!("{sent:?}") };
        assert_eq!(subject, "HealthSync: Dr Rao asks for access");
        assert!(text.contains("https://here.example/inbox") && !text.contains("A body"), "{text}");
        assert_eq!(titles(&house, 1).await.len(), 2);
        assert_eq!(titles(&house, 2).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_turned_off_is_not_told_and_what_they_want_once_a_day_comes_in_one_letter() {
    on_each_engine(async |mut house| {
        let clock = steer(&mut house);
        let outbox = with_letters(&house);
        wish(&house, json!({ "edit": "off", "read": "daily", "case": "daily", "access-request": "app" })).await;
        tell(&house, 1, about(Kind::Edit, "off")).await;
        tell(&house, 1, about(Kind::AccessRequest, "app only")).await;
        for _ in 0..2 {
            tell(&house, 1, about(Kind::Read, "Dr Rao read your record")).await;
        }
        let link = about(Kind::Read, "Your link \u{201c}my diabetes\u{201d} was opened");
        let says = Letter::Says { subject: "one of your health links was opened".into(), text: String::new() };
        tell(&house, 1, link.letter(says)).await;
        let seen = "Dr Lee answered your question";
        tell(&house, 1, about(Kind::Case, seen)).await;
        assert_eq!(titles(&house, 1).await.len(), 5);
        assert_eq!(letters(&house, &outbox).await, [], "not before its time");
        // What was read in the app meanwhile needs no letter.
        let item = inbox(&house, 1).await.0[0].id;
        let now = house.clock.now();
        house.db.write(move |tx| crate::store::mark_read(tx, Id::new(1), Some(item), now)).await.unwrap();
        // The house stands at eight o'clock; letters leave at six.
        clock.advance_ms((22 * 60 - 1) * MINUTE);
        assert_eq!(letters(&house, &outbox).await, []);
        clock.advance_ms(MINUTE);
        let sent = letters(&house, &outbox).await;
        let [(subject, text)] = sent.as_slice() else { panic!("{sent:?}") };
        assert_eq!(subject, "HealthSync: 3 things are new in your inbox");
        assert!(
            text.contains("- Dr Rao read your record (2 times)\n- one of your health links was opened\n"),
            "{text}"
        );
        assert!(!text.contains("diabetes") && !text.contains(seen), "{text}");
        clock.advance_ms(3 * 24 * 60 * MINUTE);
        assert_eq!(letters(&house, &outbox).await.len(), 1, "nothing new, no letter");
    })
    .await;
}

/// Gives the house a clock that the test moves.
fn steer(house: &mut House) -> Arc<FixedClock> {
    let clock = Arc::new(FixedClock::at(house.clock.now()));
    house.clock = clock.clone();
    clock
}

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn emergencies_and_security_are_always_told_and_their_letters_end_with_a_last_one() {
    on_each_engine(async |house| {
        let outbox = with_letters(&house);
        let put = |ctx, ways: Value| ask(&house, ctx, Some(json!({ "ways": ways })));
        let (status, json) = put(confirmed(&house, patient()), json!({ "security": "off", "read": "off" })).await;
        assert_eq!((status, &json["issues"][0]["path"]), (422, &"ways.security".into()));
        let (_, json) = ask(&house, ctx(&house, patient()), None).await;
        assert_eq!(way_of(&json, "read"), "app", "nothing of it was kept");
        // Without a fresh proof their letters go on.
        let (status, json) = put(ctx(&house, patient()), json!({ "security": "app" })).await;
        assert_eq!((status, &json["kind"]), (401, &"step-up".into()));
        let (status, json) = put(confirmed(&house, patient()), json!({ "security": "app" })).await;
        assert_eq!((status, way_of(&json, "security")), (200, &"app".into()));
        assert_eq!(letters(&house, &outbox).await.len(), 1);
        assert_eq!(titles(&house, 1).await, ["E-mails about security or emergencies were turned off"]);
        tell(&house, 1, about(Kind::Security, "A new device")).await;
        assert_eq!(titles(&house, 1).await[0], "A new device");
        assert_eq!(letters(&house, &outbox).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn each_role_chooses_among_what_it_is_told_and_bad_input_is_refused_with_its_place() {
    on_each_engine(async |house| {
        let (status, json) = ask(&house, ctx(&house, patient()), None).await;
        assert_eq!((status, &json["dailyAt"], &json["email"]), (200, &"06:00".into(), &"no-mailer".into()));
        assert_eq!(json["kinds"][2], json!({ "kind": "emergency", "way": "mail", "ways": ["app", "mail", "daily"] }));
        with_letters(&house);
        let second = Actor::Patient { account: Id::new(2), patient: Id::new(5) };
        assert_eq!(ask(&house, ctx(&house, second), None).await.1["email"], "no-address");
        assert_eq!(ask(&house, ctx(&house, patient()), None).await.1["email"], "reached");
        let admin = Actor::Administrator { account: Id::new(4) };
        let (_, json) = ask(&house, ctx(&house, admin.clone()), None).await;
        assert_eq!(json["kinds"].as_array().unwrap().len(), 3);
        let me = || confirmed(&house, patient());
        for (body, status, path) in [
            (json!({ "ways": { "read": "post" } }), 400, "ways.read"),
            (json!({ "ways": { "reads": "off" } }), 422, "ways.reads"),
            (json!({ "dailyAt": "24:00" }), 422, "dailyAt"),
            (json!({ "quiet": true }), 400, "quiet"),
        ] {
            let (found, json) = ask(&house, me(), Some(body.clone())).await;
            assert_eq!((found, &json["issues"][0]["path"]), (status, &path.into()), "{body} {json}");
        }
        let (status, json) = ask(&house, me(), Some(json!({ "dailyAt": "18:30" }))).await;
        assert_eq!((status, &json["dailyAt"]), (200, &"18:30".into()));
        assert_eq!(ask(&house, confirmed(&house, admin), Some(json!({ "ways": { "read": "off" } }))).await.0, 422);
        assert_eq!(ask(&house, ctx(&house, Actor::Nobody), None).await.0, 401);
        let pass = Pass { limited: true, ..Pass::default() };
        let limited = Ctx { pass, ..ctx(&house, patient()) };
        assert_eq!(ask(&house, limited, Some(json!({ "ways": {} }))).await.0, 403);
    })
    .await;
}

/// A reading of record 5 by the practitioner.
fn reading(house: &House, ground: Ground) -> Entry {
    let doctor = Actor::Practitioner { account: Id::new(3), practitioner: Id::new(7), organizations: Vec::new() };
    let ctx = Ctx { name: "Dr Rao".into(), organization: Some("City Clinic".into()), ..ctx(house, doctor) };
    Entry::new(&ctx, Id::new(5), Action::Read).ground(ground, ctx.purpose, None)
}

async fn read(house: &House, ground: Ground) -> usize {
    let found = readings::untold(house, &[reading(house, ground), reading(house, ground)]);
    let (inside, told) = (house.clone(), found.clone());
    house.db.write(move |tx| readings::tell(tx, &inside, &told)).await.unwrap();
    readings::remember(house, &found);
    found.len()
}

#[tokio::test]
async fn a_new_reader_is_news_and_later_ones_are_told_once_a_day() {
    on_each_engine(async |mut house| {
        let clock = steer(&mut house);
        assert_eq!(read(&house, Ground::OwnRecord).await, 0);
        assert_eq!(read(&house, Ground::BreakGlass).await, 0, "an emergency has a notice of its own");
        assert_eq!(read(&house, Ground::Grant).await, 1);
        let first = "Dr Rao of City Clinic read your record for the first time";
        assert_eq!(titles(&house, 1).await, [first]);
        clock.advance_ms((24 * 60 - 1) * MINUTE);
        assert_eq!(read(&house, Ground::Grant).await, 0);
        clock.advance_ms(MINUTE);
        assert_eq!(read(&house, Ground::Grant).await, 1);
        assert_eq!(titles(&house, 1).await, ["Dr Rao of City Clinic read your record", first]);
        let kinds: Vec<Kind> = inbox(&house, 2).await.0.iter().map(|item| item.notice.kind).collect();
        assert_eq!(kinds, [Kind::Read, Kind::NewReader]);
        // Another process does not know that they were told; the database does.
        let found = readings::untold(&house, &[reading(&house, Ground::Grant)]);
        assert_eq!(found, []);
        clock.advance_ms(24 * 60 * MINUTE);
        let again = readings::untold(&house, &[reading(&house, Ground::Grant)]);
        for _ in 0..2 {
            let (inside, again) = (house.clone(), again.clone());
            house.db.write(move |tx| readings::tell(tx, &inside, &again)).await.unwrap();
        }
        assert_eq!(titles(&house, 1).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn nothing_of_wishes_and_readers_is_left_of_a_patient_who_is_erased() {
    on_each_engine(async |house| {
        with_letters(&house);
        wish(&house, json!({ "read": "daily" })).await;
        read(&house, Ground::Grant).await;
        let erase = |tx: &mut db::Tx<'_>| {
            crate::forget_patient(tx, Id::new(5))?;
            crate::forget(tx, Id::new(1))?;
            let left = |table: &str| format!("SELECT COUNT(*) FROM {table}");
            Ok::<_, db::DbError>([tx.count(&left("wish"), &[])?, tx.count(&left("reader"), &[])?])
        };
        assert_eq!(house.db.write(erase).await.unwrap(), [0, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_reading_of_a_record_that_is_erased_meanwhile_tells_nobody_and_fails_nothing() {
    on_each_engine(async |house| {
        let vault = Arc::clone(&house.vault);
        house.db.write(move |tx| vault.erase(tx, 5)).await.unwrap();
        assert_eq!(read(&house, Ground::Grant).await, 1);
        assert_eq!(house.db.read(|tx| tx.count("SELECT COUNT(*) FROM notice", &[])).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn in_quiet_hours_no_letter_leaves_but_those_that_cannot_wait() {
    on_each_engine(async |mut house| {
        let clock = steer(&mut house);
        let outbox = with_letters(&house);
        // Eight o'clock here is half past one in the afternoon there.
        let hours = json!({ "zone": "Asia/Kolkata", "quiet": "13:00-14:00", "dailyAt": "13:45" });
        let (status, kept) = ask(&house, confirmed(&house, patient()), Some(hours)).await;
        assert_eq!(status, 200, "{kept}");
        assert_eq!((&kept["zone"], &kept["quiet"]), (&json!("Asia/Kolkata"), &json!("13:00-14:00")));
        wish(&house, json!({ "read": "daily" })).await;
        tell(&house, 1, about(Kind::AccessRequest, "Dr Rao asks for access")).await;
        tell(&house, 1, about(Kind::Read, "Dr Rao read your record")).await;
        tell(&house, 1, about(Kind::Emergency, "Dr Lee opened your record")).await;
        let sent = letters(&house, &outbox).await;
        let [(subject, _)] = sent.as_slice() else { panic!("{sent:?}") };
        assert!(subject.contains("Dr Lee"), "{subject}");
        clock.advance_ms(30 * MINUTE - 1);
        assert_eq!(letters(&house, &outbox).await.len(), 1);
        clock.advance_ms(1);
        assert_eq!(letters(&house, &outbox).await.len(), 3, "what waited, and the daily letter");
        let (status, kept) = ask(&house, confirmed(&house, patient()), Some(json!({ "quiet": "" }))).await;
        assert_eq!((status, &kept["quiet"], &kept["zone"]), (200, &Value::Null, &json!("Asia/Kolkata")));
    })
    .await;
}
