//! Making accounts, and what becomes of them.

use super::{HERE, PASSWORD, add, call, clinic, make_patient, new, nobody, on_each_engine, operator, sign_in};
use super::{bearer, stands};
use crate::{IdentityError, Link, Links, NewAccount, Registration, SessionKind};
use kernel::{Actor, Ctx, Id, Problem, Role};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

fn form() -> Registration {
    Registration {
        email: "Ada@Example.org".into(),
        password: PASSWORD.into(),
        given: "Ada".into(),
        family: "Obi".into(),
        birth_date: "1984-02-29".into(),
        gender: "female".into(),
        session: SessionKind::Cookie,
    }
}

#[tokio::test]
async fn a_patient_registers_and_is_signed_in() {
    on_each_engine(async |place| {
        let house = place.house();
        let signed_in = crate::register(&house, &nobody(&house), HERE, form(), "", |tx, house, form| {
            assert_eq!(form.family, "Obi");
            Ok(make_patient(tx, house))
        })
        .await
        .unwrap();
        assert_eq!(signed_in.account.patient.as_deref(), Some("patient-1"));
        assert_eq!((&*signed_in.account.name, signed_in.account.role), ("Ada Obi", Role::Patient));
        assert_eq!(signed_in.session.idle_seconds, 30 * 60);
        assert!(stands(&house, &signed_in.session.token).await);
        sign_in(&house, "ada@example.org", PASSWORD).await.unwrap();
        let vault = Arc::clone(&house.vault);
        let own = house.db.read(move |tx| ledger::entries(tx, &vault, Id::new(1), None, 10)).await.unwrap();
        let first = String::from_utf8(own.last().unwrap().entry.clone()).unwrap();
        assert!(first.contains(r#""action":"register""#) && first.contains("Ada Obi"), "{first}");
    })
    .await;
}

#[tokio::test]
async fn registering_again_makes_no_second_patient() {
    on_each_engine(async |place| {
        let house = place.house();
        let made = Arc::new(AtomicU32::new(0));
        let mut answers = Vec::new();
        for email in ["ada@example.org", "ADA@example.org"] {
            let made = Arc::clone(&made);
            let form = Registration { email: email.into(), ..form() };
            let result = crate::register(&house, &nobody(&house), HERE, form, "", move |tx, house, _| {
                made.fetch_add(1, Ordering::SeqCst);
                Ok(make_patient(tx, house))
            })
            .await;
            answers.push(result.map(drop).map_err(|e| Problem::from(e).kind));
        }
        assert_eq!(answers, [Ok(()), Err("taken")]);
        assert_eq!(made.load(Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test]
async fn a_patient_that_cannot_be_made_leaves_no_account() {
    on_each_engine(async |place| {
        let house = place.house();
        let result = crate::register(&house, &nobody(&house), HERE, form(), "", |tx, house, _| {
            make_patient(tx, house);
            Err(Problem::bad_request("no"))
        })
        .await;
        assert_eq!(Problem::from(result.err().unwrap()).status, 400);
        let left = house
            .db
            .read(|tx| {
                Ok::<_, db::DbError>(
                    tx.count("SELECT COUNT(*) FROM account", &[])? + tx.count("SELECT COUNT(*) FROM session", &[])?,
                )
            })
            .await;
        assert_eq!(left.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn every_field_of_a_registration_that_breaks_a_rule_is_named() {
    on_each_engine(async |place| {
        let house = place.house();
        let bad = Registration {
            email: "ada".into(),
            password: "short".into(),
            given: " ".into(),
            family: "x".repeat(101),
            birth_date: "2027-02-30".into(),
            gender: "yes".into(),
            session: SessionKind::Cookie,
        };
        let result = crate::register(&house, &nobody(&house), HERE, bad, "", |_, _, _| panic!("refused before")).await;
        let problem = Problem::from(result.err().unwrap());
        let paths: Vec<&str> = problem.issues.iter().map(|i| i.path.as_str()).collect();
        assert_eq!(problem.status, 422);
        assert_eq!(paths, ["email", "password", "given", "family", "birthDate", "gender"]);
    })
    .await;
}

#[tokio::test]
async fn a_name_belongs_to_one_account_whether_as_user_name_or_as_e_mail_address() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Administrator, "admin1").await;
        let ctx = operator(&house);
        let other = |username: &str, email: Option<&str>| NewAccount {
            username: username.into(),
            email: email.map(str::to_owned),
            ..new(Role::Administrator, "x")
        };
        for (username, email, taken) in [
            ("ADMIN1", None, true),
            ("admin1@example.org", None, true),
            ("admin2", Some("Admin1@Example.org"), true),
            ("admin2", Some("admin2@example.org"), false),
        ] {
            let result = crate::user_add(&house, &ctx, other(username, email), Links::default()).await;
            assert_eq!(matches!(result, Err(IdentityError::Taken)), taken, "{username} {email:?}");
            assert_eq!(result.is_ok(), !taken, "{username} {email:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_account_that_breaks_the_rules_is_not_made() {
    on_each_engine(async |place| {
        let house = place.house();
        let ctx = operator(&house);
        let base = || new(Role::Administrator, "admin1");
        let patient = || Links { patient: Some(Link::new(Id::new(5), "p")), ..Links::default() };
        for (account, links, path) in [
            (NewAccount { username: "ab".into(), ..base() }, Links::default(), "username"),
            (NewAccount { username: "a b c".into(), ..base() }, Links::default(), "username"),
            (NewAccount { email: Some("x".into()), ..base() }, Links::default(), "email"),
            (NewAccount { password: None, ..base() }, Links::default(), "password"),
            (NewAccount { password: Some("seven77".into()), ..base() }, Links::default(), "password"),
            (NewAccount { password: Some("Password123".into()), ..base() }, Links::default(), "password"),
            (NewAccount { name: String::new(), ..base() }, Links::default(), "name"),
            (NewAccount { role: Role::Service, ..base() }, Links::default(), "password"),
            (NewAccount { role: Role::Patient, ..base() }, Links::default(), "role"),
            (NewAccount { role: Role::Practitioner, ..base() }, Links::default(), "role"),
            (NewAccount { role: Role::Service, password: None, ..base() }, Links::default(), "role"),
            (base(), patient(), "role"),
        ] {
            let shown = format!("{account:?}");
            let problem = Problem::from(crate::user_add(&house, &ctx, account, links).await.err().unwrap());
            assert_eq!((problem.status, problem.issues[0].path.as_str()), (422, path), "{shown}");
        }
        crate::user_add(&house, &ctx, base(), Links::default()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn only_administrators_and_the_operator_make_accounts_for_others() {
    on_each_engine(async |place| {
        let house = place.house();
        let as_actor = |actor: Actor| Ctx { actor, ..operator(&house) };
        let account = Id::new(9);
        for (actor, status) in [
            (Actor::Nobody, 401),
            (Actor::Patient { account, patient: Id::new(1) }, 403),
            (Actor::Practitioner { account, practitioner: Id::new(1), organizations: vec![] }, 403),
            (Actor::Service { account, organization: Id::new(1) }, 403),
        ] {
            let ctx = as_actor(actor);
            let made = crate::user_add(&house, &ctx, new(Role::Administrator, "admin1"), Links::default()).await;
            assert_eq!(Problem::from(made.err().unwrap()).status, status);
            let token = crate::token_create(&house, &ctx, "Lab", clinic(1, "Lab")).await;
            assert_eq!(Problem::from(token.err().unwrap()).status, status);
        }
        let ctx = as_actor(Actor::Administrator { account });
        crate::user_add(&house, &ctx, new(Role::Administrator, "admin1"), Links::default()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_service_has_tokens_for_a_year_and_no_password() {
    on_each_engine(async |place| {
        let house = place.house();
        let ctx = operator(&house);
        let first = crate::token_create(&house, &ctx, "Riverside Lab", clinic(800, "Riverside")).await.unwrap();
        let second = crate::token_create(&house, &ctx, "Riverside Lab", clinic(800, "Riverside")).await.unwrap();
        assert_ne!(first, second);
        let caller = call(&house, &bearer(&first)).await.unwrap();
        assert_eq!(caller.actor, Actor::Service { account: Id::new(1), organization: Id::new(800) });
        assert_eq!((&*caller.name, caller.organization.as_deref()), ("Riverside Lab", Some("Riverside")));
        assert_eq!(call(&house, &bearer(&second)).await.unwrap().actor, caller.actor);
        assert!(sign_in(&house, "riverside-lab", PASSWORD).await.is_err());
        // The name is that organization's.
        let other = crate::token_create(&house, &ctx, "Riverside Lab", clinic(801, "Hilltop")).await;
        assert!(matches!(other, Err(IdentityError::Taken)));
        place.clock.advance_ms(365 * 24 * 3_600_000 - 1);
        assert!(stands(&house, &first).await);
        place.clock.advance_ms(1);
        assert!(!stands(&house, &first).await);
    })
    .await;
}

#[tokio::test]
async fn a_locked_service_is_refused_until_it_is_unlocked() {
    on_each_engine(async |place| {
        let (here, there) = (place.house(), place.house());
        let token = crate::token_create(&here, &operator(&here), "Lab", clinic(800, "Lab")).await.unwrap();
        assert!(stands(&here, &token).await);
        let (inside, ctx) = (there.clone(), operator(&there));
        there.db.write(move |tx| crate::service::lock(tx, &inside, &ctx, Id::new(1)).map(drop)).await.unwrap();
        assert!(!stands(&here, &token).await);
        let (inside, ctx) = (there.clone(), operator(&there));
        there.db.write(move |tx| crate::service::unlock(tx, &inside, &ctx, Id::new(1)).map(drop)).await.unwrap();
        assert!(stands(&here, &token).await);
    })
    .await;
}

#[tokio::test]
async fn a_new_member_works_there_from_the_next_request_on() {
    on_each_engine(async |place| {
        let (here, there) = (place.house(), place.house());
        let doctor = Id::new(add(&here, Role::Practitioner, "doctor1").await.id);
        let token = sign_in(&here, "doctor1", PASSWORD).await.unwrap().session.token;
        assert!(stands(&here, &token).await);
        for _ in 0..2 {
            let (inside, ctx) = (there.clone(), operator(&there));
            let account = there
                .db
                .write(move |tx| crate::add_member(tx, &inside, &ctx, doctor, clinic(801, "Hilltop")))
                .await
                .unwrap();
            assert_eq!(account.organizations.len(), 2);
        }
        let Actor::Practitioner { organizations, .. } = call(&here, &bearer(&token)).await.unwrap().actor else {
            panic!("a practitioner");
        };
        assert_eq!(organizations, [Id::new(800), Id::new(801)]);
        let members = "SELECT COUNT(*) FROM membership WHERE organization = 801";
        assert_eq!(here.db.read(move |tx| tx.count(members, &[])).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_erased_patient_has_no_account_any_more() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "patient1").await;
        let token = sign_in(&house, "patient1", PASSWORD).await.unwrap().session.token;
        let vault = Arc::clone(&house.vault);
        house.db.write(move |tx| vault.erase(tx, 1)).await.unwrap();
        let answer = Problem::from(sign_in(&house, "patient1", PASSWORD).await.err().unwrap());
        assert_eq!(answer.kind, "login-failed");
        // A process that has not seen this session yet finds nobody behind it.
        assert!(!stands(&place.house(), &token).await);
        let vault = Arc::clone(&house.vault);
        let mut left = 0;
        house
            .db
            .read_blocking(move |tx| crate::store::each(tx, &vault, |_| left += 1).map(|()| assert_eq!(left, 0)))
            .unwrap();
    })
    .await;
}
