//! Whoever signs up with somebody else's e-mail address, and waits for them: what they left there ends when the owner of
//! the address gets the account.

use super::oauth::{Fields, connected, registered, text, token};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Authenticator, Person, Reply, Spoil, TestApp};

const DAY_MS: i64 = 24 * 3_600_000;
const EMAIL: &str = "asha@example.org";
const PASSWORD: &str = "first come first served";

struct Scene {
    clock: Arc<FixedClock>,
    app: TestApp,
    client: String,
    /// Who made the account, with a passkey, recovery codes and an app.
    first: Person,
    passkey: Authenticator,
    given: Value,
    codes: Value,
}

async fn make(app: &TestApp, who: &Person) -> Authenticator {
    let begun = app.post("/api/auth/passkeys/start", who, json!({})).await.expect(200).json();
    let mut device = Authenticator::new();
    let credential = device.make(&begun["options"], Spoil::Nothing);
    let form = json!({ "ceremony": begun["ceremony"], "credential": credential, "name": "A device" });
    app.post("/api/auth/passkeys/finish", who, form).await.expect(201);
    device
}

async fn sign_in(app: &TestApp, device: &mut Authenticator) -> Reply {
    let begun = app.post("/api/auth/passkey/start", None, json!({})).await.expect(200).json();
    let credential = device.sign(&begun["options"], Spoil::Nothing);
    let form = json!({ "ceremony": begun["ceremony"], "credential": credential });
    app.post("/api/auth/passkey/finish", None, form).await
}

async fn password(app: &TestApp) -> u16 {
    app.post("/api/auth/login", None, json!({ "username": EMAIL, "password": PASSWORD })).await.status
}

async fn scene() -> Scene {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let admin = app.administrator("Robin").await;
    let client = registered(&app, &admin, json!({})).await;
    let form = json!({ "email": EMAIL, "password": PASSWORD, "given": "Asha", "family": "Rao",
                       "birthDate": "1990-01-01", "gender": "female" });
    let made = app.post("/api/auth/register", None, form).await.expect(201).json();
    let first = Person {
        account: made["account"]["id"].as_i64().unwrap(),
        username: EMAIL.to_owned(),
        token: text(&made, "token").to_owned(),
        id: text(&made["account"], "patient").to_owned(),
        organization: None,
    };
    let passkey = make(&app, &first).await;
    let codes = app.post("/api/auth/recovery-codes", &first, json!({})).await.expect(201).json()["codes"].clone();
    let given = connected(&app, &first, &client, "offline_access patient/*.rs").await;
    for account in [first.account, admin.account] {
        let ways = move |tx: &mut db::Tx<'_>| {
            let (number, bytes) = (account.into(), &account.to_be_bytes());
            for sql in [
                "INSERT INTO face (face, account, device, created, detail, template) VALUES (?1, ?1, 0, 0, ?2, ?2)",
                "INSERT INTO external_link (link, account, person, created, detail) VALUES (?1, ?1, ?2, 0, ?2)",
            ] {
                tx.execute(sql, &[number, bytes.into()])?;
            }
            tx.execute("INSERT INTO face_failure (account, count) VALUES (?1, 1)", &[number])
        };
        app.house.db.write(ways).await.unwrap();
    }
    Scene { clock, app, client, first, passkey, given, codes }
}

impl Scene {
    /// Signs in by a code sent to the address.
    async fn coded(&self) -> Person {
        let asked = self.app.post("/api/auth/code/start", None, json!({ "email": EMAIL })).await.expect(200).json();
        self.app.run_jobs().await;
        let letters = self.app.outbox.mails();
        let letter = letters.iter().find(|sent| sent.mail.subject.contains("code for")).unwrap();
        let mut words = letter.mail.text.split_whitespace();
        let code = words.find(|word| word.len() == 8 && word.parse::<u32>().is_ok()).unwrap();
        let form = json!({ "request": asked["request"], "code": code });
        let login = self.app.post("/api/auth/code/finish", None, form).await.expect(200).json();
        Person { token: text(&login, "token").to_owned(), ..self.first.clone() }
    }

    async fn is_proved(&self, who: &Person) -> bool {
        self.app.get("/api/auth/methods", who).await.expect(200).json()["emailProved"] == true
    }

    /// How many accounts have a face check, failures of one, and a provider's sign-in.
    async fn other_ways(&self) -> [i64; 3] {
        let count = |tx: &mut db::Tx<'_>| {
            let mut counted = [0; 3];
            for (n, table) in ["face", "face_failure", "external_link"].iter().enumerate() {
                counted[n] = tx.count(&format!("SELECT COUNT(*) FROM {table}"), &[])?;
            }
            Ok::<_, db::DbError>(counted)
        };
        self.app.house.db.read(count).await.unwrap()
    }

    async fn wait_a_day(&self) {
        self.clock.advance_ms(DAY_MS);
        self.app.run_jobs().await;
    }

    async fn app_goes_on(&self) -> bool {
        let fields = Fields::of(&[
            ("grant_type", "refresh_token"),
            ("client_id", &self.client),
            ("refresh_token", text(&self.given, "refresh_token")),
        ]);
        token(&self.app, &fields).await.status == 200
    }

    fn newest_letter(&self) -> String {
        self.app.outbox.mails().remove(0).mail.text
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_recovery_by_an_address_that_was_never_proved_ends_every_way_in_from_before() {
    let mut scene = scene().await;
    let owner = scene.coded().await;
    assert!(!scene.is_proved(&owner).await);
    let mut phone = make(&scene.app, &owner).await;
    scene.app.run_jobs().await;
    assert!(scene.newest_letter().contains("every other way to sign in is removed"), "{}", scene.newest_letter());
    assert_eq!(password(&scene.app).await, 200, "until the day is over");
    // Whoever made the account cannot save a way in for later.
    let again = sign_in(&scene.app, &mut scene.passkey).await.expect(200).json();
    let again = Person { token: text(&again, "token").to_owned(), ..scene.first.clone() };
    let mut saved = make(&scene.app, &again).await;

    scene.wait_a_day().await;
    assert!(scene.newest_letter().contains("was removed"), "{}", scene.newest_letter());
    let login = sign_in(&scene.app, &mut phone).await.expect(200).json();
    let owner = Person { token: text(&login, "token").to_owned(), ..scene.first.clone() };
    assert!(scene.is_proved(&owner).await);
    assert_eq!(password(&scene.app).await, 401);
    sign_in(&scene.app, &mut scene.passkey).await.expect(401);
    sign_in(&scene.app, &mut saved).await.expect(401);
    assert!(!scene.app_goes_on().await);
    scene.app.get("/api/auth/sessions", &again).await.expect(401);
    let methods = scene.app.get("/api/auth/methods", &owner).await.expect(200).json();
    assert_eq!((&methods["recoveryCodes"]["left"], &methods["password"]["set"]), (&json!(0), &json!(false)));
    assert_eq!(methods["passkeys"].as_array().unwrap().len(), 1);
    assert_eq!(scene.other_ways().await, [1; 3], "those of somebody else");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_by_password_ends_them_too_and_keeps_that_password() {
    let mut scene = scene().await;
    let owner = scene.coded().await;
    let form = json!({ "password": "lamp river Tuesday" });
    scene.app.post("/api/auth/password", &owner, form).await.expect(200);
    scene.wait_a_day().await;
    assert_eq!(password(&scene.app).await, 401);
    sign_in(&scene.app, &mut scene.passkey).await.expect(401);
    assert_eq!(scene.other_ways().await, [1; 3], "those of somebody else");
    let form = json!({ "username": EMAIL, "password": "lamp river Tuesday" });
    let login = scene.app.post("/api/auth/login", None, form).await.expect(200).json();
    let owner = Person { token: text(&login, "token").to_owned(), ..scene.first.clone() };
    let methods = scene.app.get("/api/auth/methods", &owner).await.expect(200).json();
    assert_eq!((&methods["recoveryCodes"]["left"], &methods["emailProved"]), (&json!(0), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_showed_once_that_the_address_is_theirs_keeps_the_other_ways_in() {
    for proof in ["password", "recovery code"] {
        let mut scene = scene().await;
        let owner = scene.coded().await;
        let form = match proof {
            "password" => json!({ "password": PASSWORD }),
            _ => json!({ "recoveryCode": scene.codes[0] }),
        };
        let owner = owner.with(&scene.app.post("/api/auth/confirm", &owner, form).await.expect(200).json());
        assert!(scene.is_proved(&owner).await, "{proof}");
        let lost = scene.coded().await;
        let mut phone = make(&scene.app, &lost).await;
        scene.wait_a_day().await;
        sign_in(&scene.app, &mut phone).await.expect(200);
        sign_in(&scene.app, &mut scene.passkey).await.expect(200);
        assert_eq!(password(&scene.app).await, 200, "{proof}");
        assert_eq!(scene.other_ways().await, [2; 3], "{proof}");
        assert!(!scene.app_goes_on().await, "{proof}: apps end with every recovery");
    }
}
