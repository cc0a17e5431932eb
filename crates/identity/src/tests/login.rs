//! Signing in: who gets in, and what those who do not get to know.

use super::{HERE, PASSWORD, add, bearer, call, nobody, on_each_engine, operator, sign_in};
use crate::memory::Memory;
use crate::{IdentityError, SessionKind, Settings, configure};
use db::DbError;
use kernel::{Id, Problem, Role};
use std::sync::atomic::Ordering;

fn said(result: Result<crate::SignedIn, IdentityError>) -> Problem {
    result.err().expect("a refusal").into()
}

#[tokio::test]
async fn an_account_signs_in_with_its_name_or_its_e_mail_address_in_any_case() {
    on_each_engine(async |place| {
        let house = place.house();
        let account = add(&house, Role::Administrator, "Admin1").await;
        for name in ["Admin1", "admin1", " ADMIN1 ", "admin1@example.org", "Admin1@Example.ORG"] {
            let signed_in = sign_in(&house, name, PASSWORD).await.unwrap();
            assert_eq!(signed_in.account, account, "{name}");
            assert_eq!(signed_in.session.token.len(), 43);
            assert_eq!(signed_in.session.idle_seconds, 15 * 60);
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_a_locked_account_answer_alike_after_the_same_work() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Administrator, "admin1").await;
        let locked = add(&house, Role::Administrator, "admin2").await;
        let inside = house.clone();
        let operator = super::operator(&house);
        house
            .db
            .write(move |tx| crate::service::lock(tx, &inside, &operator, Id::new(locked.id)).map(drop))
            .await
            .unwrap();
        let gate = house.memory::<Memory>();
        let mut answers = Vec::new();
        for (name, password) in [("nobody", PASSWORD), ("admin1", "password124"), ("admin2", PASSWORD)] {
            let before = gate.gate.computed.load(Ordering::SeqCst);
            answers.push(said(sign_in(&house, name, password).await));
            assert_eq!(gate.gate.computed.load(Ordering::SeqCst) - before, 1, "{name}: one hash");
        }
        assert_eq!((answers[0].status, answers[0].kind), (401, "login-failed"));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn five_failures_make_even_the_right_password_wait() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Administrator, "admin1").await;
        // A name that is nobody's is slowed down like any other: the delay tells nothing.
        for name in ["admin1", "nobody"] {
            for _ in 0..5 {
                assert_eq!(said(sign_in_from(&house, None, name, "wrong password").await).status, 401);
            }
            let answer = said(sign_in_from(&house, None, name, PASSWORD).await);
            assert_eq!((answer.status, answer.kind, answer.retry_after), (429, "rate-limited", Some(30)), "{name}");
        }
        // The e-mail address is the same account.
        assert_eq!(said(sign_in_from(&house, None, "admin1@example.org", PASSWORD).await).status, 429);
        place.clock.advance_ms(29_999);
        assert_eq!(said(sign_in_from(&house, None, "admin1", PASSWORD).await).retry_after, Some(1));
        place.clock.advance_ms(1);
        sign_in_from(&house, None, "admin1", PASSWORD).await.unwrap();
        // And the slate is clean.
        assert_eq!(said(sign_in_from(&house, None, "admin1", "wrong password").await).status, 401);
        sign_in_from(&house, None, "admin1", PASSWORD).await.unwrap();
    })
    .await;
}

async fn sign_in_from(
    house: &ledger::House,
    peer: Option<std::net::IpAddr>,
    name: &str,
    password: &str,
) -> Result<crate::SignedIn, IdentityError> {
    let entrance = crate::Entrance::new(SessionKind::Token, crate::Method::Password, "", peer);
    crate::login(house, &nobody(house), (name, password), entrance).await
}

#[tokio::test]
async fn fifty_failures_from_one_address_make_that_address_wait() {
    on_each_engine(async |place| {
        let house = place.house();
        configure(&house, Settings { attempts_per_minute: 1000, ..Settings::default() });
        add(&house, Role::Administrator, "admin1").await;
        for n in 0..50 {
            assert_eq!(said(sign_in_from(&house, HERE, &format!("guess{n}"), PASSWORD).await).status, 401);
        }
        assert_eq!(said(sign_in_from(&house, HERE, "admin1", PASSWORD).await).retry_after, Some(30));
        sign_in_from(&house, Some("192.0.2.77".parse().unwrap()), "admin1", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_elsewhere_does_not_keep_the_owner_waiting() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Administrator, "admin1").await;
        for _ in 0..5 {
            assert_eq!(said(sign_in_from(&house, HERE, "admin1", "wrong password").await).status, 401);
        }
        assert_eq!(said(sign_in_from(&house, HERE, "admin1", PASSWORD).await).status, 429);
        sign_in_from(&house, Some("192.0.2.77".parse().unwrap()), "admin1", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_hash_of_bcrypt_opens_the_account_once_and_is_ours_from_then_on() {
    on_each_engine(async |place| {
        let house = place.house();
        // Of "correct horse battery" with cost 4, so that the test is quick.
        let hash = bcrypt::hash_with_salt("correct horse battery", 4, *b"a salt, 16 bytes").unwrap();
        let new = crate::NewAccount {
            role: Role::Administrator,
            username: "admin1".to_owned(),
            email: None,
            password: None,
            name: "Admin".to_owned(),
        };
        let bad = said_of(crate::prepare_with_hash(new.clone(), "$2b$31$tooexpensive".to_owned()));
        assert_eq!((bad.status, bad.issues[0].path.as_str()), (422, "passwordHash"));
        let ready = crate::prepare_with_hash(new, hash.to_string()).unwrap();
        let (inside, operator) = (house.clone(), super::operator(&house));
        let made = house.db.write(move |tx| crate::insert(tx, &inside, &operator, ready, crate::Links::default()));
        let account = made.await.unwrap();
        assert_eq!(said(sign_in(&house, "admin1", "correct horse batterx").await).kind, "login-failed");
        sign_in(&house, "admin1", "correct horse battery").await.unwrap();
        let vault = std::sync::Arc::clone(&house.vault);
        let kept = house.db.read(move |tx| {
            let stored = crate::store::find(tx, &vault, account.id)?.expect("the account");
            crate::store::secret(tx, &vault, &stored)
        });
        assert!(kept.await.unwrap().unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        sign_in(&house, "admin1", "correct horse battery").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_slip_behind_the_end_of_bcrypt_does_not_become_the_password() {
    on_each_engine(async |place| {
        let house = place.house();
        let long = "correct horse battery staple, and every other word that a long passphrase has, at the end";
        let slip = format!("{}something else", &long[..72]);
        let hash = bcrypt::hash_with_salt(&long[..72], 4, *b"a salt, 16 bytes").unwrap();
        let new = crate::NewAccount {
            role: Role::Administrator,
            username: "admin1".to_owned(),
            email: None,
            password: None,
            name: "Admin".to_owned(),
        };
        let ready = crate::prepare_with_hash(new, hash.to_string()).unwrap();
        let (inside, operator) = (house.clone(), super::operator(&house));
        let made = house.db.write(move |tx| crate::insert(tx, &inside, &operator, ready, crate::Links::default()));
        made.await.unwrap();
        // bcrypt itself knows no better, which is why nothing is made of what was typed.
        sign_in(&house, "admin1", &slip).await.unwrap();
        sign_in(&house, "admin1", long).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_face_opens_the_account_and_is_no_fresh_proof_and_a_program_comes_in_by_its_token_only() {
    on_each_engine(async |place| {
        let house = place.house();
        let patient = add(&house, Role::Patient, "patient1").await;
        let open = async |account: i64, method: crate::Method| {
            let (inside, entrance) = (house.clone(), crate::Entrance::new(SessionKind::Token, method, "test", HERE));
            house.db.write(move |tx| crate::open(tx, &inside, Id::new(account), &entrance)).await
        };
        let face = open(patient.id, crate::Method::Face).await.unwrap();
        assert_eq!((face.session.limited, face.session.fresh), (false, None));
        let ctx = call(&house, &bearer(&face.session.token)).await.unwrap();
        let refused = crate::code::make_recovery_codes(&house, &ctx).await.err().unwrap();
        assert_eq!(Problem::from(refused).kind, "step-up");
        // A provider that says "in a minute" does not make it last longer, and one that says nothing proves nothing.
        for (proved, fresh) in [(Some(super::START.plus_ms(60_000)), Some(super::START)), (None, None)] {
            let mut entrance = crate::Entrance::new(SessionKind::Token, crate::Method::Federated, "test", HERE);
            entrance.proved = proved;
            let inside = house.clone();
            let opened = house.db.write(move |tx| crate::open(tx, &inside, Id::new(patient.id), &entrance)).await;
            assert_eq!(opened.unwrap().session.fresh, fresh);
        }
        let passkey = open(patient.id, crate::Method::Passkey).await.unwrap();
        assert_eq!(passkey.session.fresh, Some(super::START));

        let token = crate::token_create(&house, &operator(&house), "Lab", super::clinic(800, "Lab")).await.unwrap();
        let lab = call(&house, &bearer(&token)).await.unwrap();
        let account = lab.actor.account().unwrap().get();
        for method in [crate::Method::Passkey, crate::Method::Password, crate::Method::Federated, crate::Method::Face] {
            assert_eq!(said_of(open(account, method).await).kind, "login-failed");
        }
        assert_eq!(said_of(crate::code::make_recovery_codes(&house, &lab).await).status, 403);
        assert_eq!(
            said_of(crate::methods::set_password(&house, &lab, [0; 32], "lamp river Tuesday").await).status,
            403
        );
    })
    .await;
}

fn said_of<T>(result: Result<T, IdentityError>) -> Problem {
    result.err().expect("a refusal").into()
}

#[tokio::test]
async fn an_address_has_so_many_tries_a_minute() {
    on_each_engine(async |place| {
        let house = place.house();
        configure(&house, Settings { attempts_per_minute: 3, ..Settings::default() });
        add(&house, Role::Administrator, "admin1").await;
        for _ in 0..3 {
            sign_in(&house, "admin1", PASSWORD).await.unwrap();
        }
        assert_eq!(said(sign_in(&house, "admin1", PASSWORD).await).retry_after, Some(60));
        place.wait_minutes(1);
        sign_in(&house, "admin1", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn many_tries_at_the_same_moment_do_not_all_pass() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Administrator, "admin1").await;
        let tries = (0..20).map(|_| {
            let house = house.clone();
            tokio::spawn(async move { said(sign_in_from(&house, None, "admin1", "wrong password").await).status })
        });
        let mut answers = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            answers.push(one.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|&&status| status == 401).count(), 5, "{answers:?}");
        assert_eq!(answers.iter().filter(|&&status| status == 429).count(), 15, "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn a_password_longer_than_any_is_not_hashed() {
    on_each_engine(async |place| {
        let house = place.house();
        let answer = said(sign_in(&house, "admin1", &"x".repeat(201)).await);
        assert_eq!(answer.kind, "login-failed");
        assert_eq!(house.memory::<Memory>().gate.computed.load(Ordering::SeqCst), 0);
    })
    .await;
}

#[tokio::test]
async fn signing_in_is_logged_in_the_patients_own_sequence_or_the_systems() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "patient1").await;
        add(&house, Role::Administrator, "admin1").await;
        sign_in(&house, "patient1", PASSWORD).await.unwrap();
        sign_in(&house, "admin1", PASSWORD).await.unwrap();
        let vault = std::sync::Arc::clone(&house.vault);
        let (own, system) = house
            .db
            .read(move |tx| {
                let own = ledger::entries(tx, &vault, Id::new(1), None, 10)?;
                Ok::<_, ledger::LedgerError>((own, ledger::entries(tx, &vault, Id::new(0), None, 10)?))
            })
            .await
            .unwrap();
        let newest = String::from_utf8(own[0].entry.clone()).unwrap();
        assert!(newest.contains(r#""action":"login""#) && newest.contains("patient1 the patient"), "{newest}");
        let newest = String::from_utf8(system[0].entry.clone()).unwrap();
        assert!(newest.contains(r#""action":"login""#) && newest.contains("admin1 the administrator"), "{newest}");
        assert!(!system.iter().any(|e| String::from_utf8_lossy(&e.entry).contains("patient1")));
    })
    .await;
}

#[tokio::test]
async fn a_stolen_database_names_nobody() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Administrator, "canary").await;
        let token = sign_in(&house, "canary", PASSWORD).await.unwrap().session.token;
        let stored = house
            .db
            .read(|tx| {
                let mut all = tx.query("SELECT profile, secret FROM account", &[], |row| {
                    Ok::<_, DbError>([row.blob(0)?, row.blob(1)?].concat())
                })?;
                all.extend(tx.query("SELECT token, device FROM session", &[], |row| {
                    Ok::<_, DbError>([row.blob(0)?, row.blob(1)?].concat())
                })?);
                Ok::<_, DbError>(all.concat())
            })
            .await
            .unwrap();
        let text = String::from_utf8_lossy(&stored);
        for secret in ["canary", "example.org", "argon2", PASSWORD, token.as_str(), "test"] {
            assert!(!text.contains(secret), "{secret}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_password_that_is_switched_off_while_it_is_checked_opens_nothing() {
    on_each_engine(async |place| {
        let house = place.house();
        let account = add(&house, Role::Administrator, "admin1").await.id;
        let memory = house.memory::<Memory>();
        let computed = || memory.gate.computed.load(Ordering::SeqCst);
        let before = computed();
        // Whatever is written waits for this, until the hash is reckoned: by then the account was looked at.
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let off = house.db.write(move |tx| {
            let _ = wait.recv();
            tx.execute("INSERT INTO password_miss (account, count) VALUES (?1, 100)", &[account.into()])
        });
        let hashing = async {
            while computed() == before {
                tokio::task::yield_now().await;
            }
            go.send(()).unwrap();
        };
        let (off, tried, ()) = tokio::join!(off, sign_in(&house, "admin1", PASSWORD), hashing);
        assert_eq!((off.unwrap(), said(tried).kind), (1, "login-failed"));
        let misses = house.db.read(move |tx| crate::store::misses(tx, account)).await.unwrap();
        assert_eq!(misses, 100, "nothing is forgiven");
    })
    .await;
}
