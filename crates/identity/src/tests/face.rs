//! What is kept of a face, seen by a thief with everything the server has.

use super::{PASSWORD, add, bearer, call, on_each_engine, sign_in};
use crate::face::Answer;
use crate::face::rules::{Frame, THRESHOLD, apart, as_planned, matches, message, templates};
use crate::face::service::{enrol, keep};
use crate::face::store::{self, New};
use crate::face::template::{Lock, Secret, Templates};
use ::face::{Descriptor, Fault, LENGTH, Plan, distance};
use db::DbError;
use kernel::{Ctx, Pass, Problem, Rng, Role, SeededRng};
use vault::{Aad, VaultError};

/// A face like those the network gives: of length 1.4, in no special direction.
fn face(seed: u64) -> Descriptor {
    let mut chance = [0; LENGTH];
    SeededRng::new(seed).fill(&mut chance);
    let raw = chance.map(|byte| f32::from(byte) - 127.5);
    let length = raw.iter().map(|v| v * v).sum::<f32>().sqrt();
    raw.map(|v| v * 1.4 / length)
}

/// The same face in another frame.
fn again(face: &Descriptor, by: f32) -> Descriptor {
    let mut out = *face;
    out[7] += by;
    out
}

#[tokio::test]
async fn a_database_with_the_keys_of_the_server_opens_no_template() {
    on_each_engine(async |place| {
        let house = place.house();
        let account = add(&house, Role::Patient, "asha").await;
        let (one, secret, salt) = (face(1), Secret([7; 32]), [9; 16]);
        let templates: Templates = [one, again(&one, 0.1), again(&one, 0.2)];
        let closed = Lock::new(&house.vault, &secret, &salt).unwrap().close(&*house.rng, &templates).unwrap();
        let (inside, kept, id) = (house.clone(), closed.clone(), account.id);
        let stored = house
            .db
            .write(move |tx| {
                let stored = crate::store::find(tx, &inside.vault, id)?.unwrap();
                let now = inside.clock.now();
                let new = New { name: "Phone", key: b"public", salt, template: &kept, now };
                store::insert(tx, &inside.vault, &*inside.rng, &stored, &new)?;
                Ok::<_, VaultError>(stored)
            })
            .await
            .unwrap();

        // The thief has the row, the owner's key and the salt that lies beside it.
        let vault = std::sync::Arc::clone(&house.vault);
        let owner = crate::store::owner(&stored.profile);
        let (sealed, opened) = house
            .db
            .read(move |tx| {
                let sql = "SELECT face, template FROM face WHERE account = ?1";
                let row = |row: &db::Row<'_, '_>| Ok::<_, DbError>((row.int(0)?, row.blob(1)?.to_vec()));
                let (number, sealed) = tx.query_opt(sql, &[id.into()], row)?.unwrap();
                let opened = vault.key(tx, owner)?.open(&Aad::new("face template", id, number, 0), &sealed)?;
                Ok::<_, VaultError>((sealed, opened))
            })
            .await
            .unwrap();
        assert_ne!(sealed, opened);
        assert_eq!(opened, closed);
        for guess in [[0; 32], [8; 32], salt.repeat(2).try_into().unwrap()] {
            assert!(Lock::new(&house.vault, &Secret(guess), &salt).unwrap().open(&opened).is_none());
        }
        assert!(Lock::new(&house.vault, &secret, &[10; 16]).unwrap().open(&opened).is_none());

        // The device's secret opens them; what is inside is turned, and is of use only to compare with.
        let lock = Lock::new(&house.vault, &secret, &salt).unwrap();
        let turned = lock.open(&opened).unwrap();
        assert!(distance(&turned[0], &one) > 0.8);
        assert!(matches(&turned, &[lock.turn(&one), lock.turn(&again(&one, 0.3)), lock.turn(&one)]));
        assert!(!matches(&turned, &[one, one, one]));
    })
    .await;
}

#[test]
fn the_middle_of_the_frames_decides_and_two_are_too_few() {
    let one = face(1);
    let templates: Templates = [one, again(&one, 0.05), again(&one, 0.1)];
    let other = face(2);
    assert!(apart(&templates, &[other, other, one]) > THRESHOLD);
    assert!(matches(&templates, &[other, one, one]));
    assert!(!matches(&templates, &[one, one]));
    assert!(!matches(&templates, &[]));
    let just = |by| matches(&[one; 3], &[again(&one, by); 3]);
    assert!(just(THRESHOLD - 0.01) && !just(THRESHOLD + 0.01));
}

#[test]
fn frames_are_taken_when_they_were_asked_for_and_none_twice() {
    let plan = Plan { prompts: Vec::new(), frames: vec![300, 600, 900] };
    let frames = |moments: [u32; 3]| moments.map(|at| Frame { at, jpeg: at.to_le_bytes().to_vec() });
    assert!(as_planned(&plan, &frames([310, 650, 1300]), 1300));
    assert!(!as_planned(&plan, &frames([310, 650, 1400]), 1400), "too late a frame");
    assert!(!as_planned(&plan, &frames([310, 650, 640]), 1300), "not one after the other");
    assert!(!as_planned(&plan, &frames([300, 600, 900])[..2], 1300), "one is missing");
    assert!(!as_planned(&plan, &frames([300, 600, 900]), 300), "sooner than they can be there");
    assert!(!as_planned(&plan, &frames([300, 600, 900]), 60_001), "a minute is over");
    let mut twice = frames([300, 600, 900]);
    twice[2].jpeg = twice[0].jpeg.clone();
    assert!(!as_planned(&plan, &twice, 1300), "the same picture twice");
}

#[test]
fn what_is_signed_names_everything() {
    let frames = [Frame { at: 300, jpeg: vec![1, 2, 3] }];
    let text = String::from_utf8(message("login", "asha", "c1", &frames)).unwrap();
    let hash = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";
    assert_eq!(text, format!("healthsync face check\nlogin\nasha\nc1\n300 {hash}\n"));
}

#[tokio::test]
async fn failures_are_counted_until_a_check_is_passed_or_set_up_anew_and_a_challenge_is_taken_once() {
    on_each_engine(async |place| {
        let house = place.house();
        let account = add(&house, Role::Patient, "asha").await.id;
        let inside = house.clone();
        let counted = house.db.write(move |tx| {
            let stored = crate::store::find(tx, &inside.vault, account)?.unwrap();
            let now = inside.clock.now();
            let new = New { name: "Phone", key: b"public", salt: [9; 16], template: b"closed", now };
            let device = store::insert(tx, &inside.vault, &*inside.rng, &stored, &new)?;
            let counts = [store::failed(tx, account)?, store::failed(tx, account)?, store::failures(tx, account)?];
            let passed = (store::passed(tx, account, device, now)?, store::failures(tx, account)?);
            store::failed(tx, account)?;
            store::insert(tx, &inside.vault, &*inside.rng, &stored, &New { key: b"another", ..new })?;
            let anew = store::failures(tx, account)?;
            let deleted = (store::delete(tx, account, device)?, store::passed(tx, account, device, now)?);
            let plan = Plan { prompts: Vec::new(), frames: vec![300] };
            store::insert_challenge(tx, &[7; 32], &plan, now)?;
            let taken =
                [store::take_challenge(tx, &[7; 32])?.is_some(), store::take_challenge(tx, &[7; 32])?.is_some()];
            Ok::<_, VaultError>((counts, passed, anew, deleted, taken))
        });
        assert_eq!(counted.await.unwrap(), ([1, 2, 2], (true, 0), 0, (true, false), [true, false]));
    })
    .await;
}

#[test]
fn frames_that_do_not_show_one_face_are_not_enrolled() {
    let (one, other) = (face(1), face(2));
    let same = [one, again(&one, 0.1), again(&one, 0.2), again(&one, 0.3)];
    assert_eq!(templates(&same), Ok([same[0], same[2], same[3]]));
    for (rest, fault) in [
        (&[one, one, other, other][..], Fault::Changed),
        (&[one, other, face(3), face(4)], Fault::Changed),
        (&[one, one], Fault::Changed),
        (&[one], Fault::Nobody),
        (&[], Fault::Nobody),
    ] {
        assert_eq!(templates(rest), Err(fault), "{}", rest.len());
    }
}

#[tokio::test]
async fn a_face_is_enrolled_only_by_somebody_who_just_proved_who_they_are() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, Role::Patient, "asha").await;
        let signed_in = sign_in(&house, "asha", PASSWORD).await.unwrap();
        let ctx = call(&house, &bearer(&signed_in.session.token)).await.unwrap();
        let now = house.clock.now();
        for (fresh, limited, kind) in [
            // Past the proof: there are no networks here.
            (Some(now), false, "face-off"),
            (Some(now.plus_ms(-5 * 60_000)), false, "step-up"),
            (None, false, "step-up"),
            (Some(now), true, "limited"),
        ] {
            let ctx = Ctx { pass: Pass { fresh, limited, ..Pass::default() }, ..ctx.clone() };
            let (challenge, secret) = ("c".to_owned(), Secret([7; 32]));
            let answer = Answer { challenge, key: Vec::new(), secret, signature: Vec::new(), frames: Vec::new() };
            let refused = Problem::from(enrol(&house, &ctx, "Phone", answer).await.unwrap_err());
            assert_eq!(refused.kind, kind, "{fresh:?} {limited}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_account_has_ten_devices_at_most() {
    on_each_engine(async |place| {
        let house = place.house();
        let account = add(&house, Role::Patient, "asha").await.id;
        let ctx = super::operator(&house);
        let enrolled = async |n: u8| {
            let (inside, ctx) = (house.clone(), ctx.clone());
            let kept = house.db.write(move |tx| {
                let now = inside.clock.now();
                let new = New { name: "Phone", key: &[n], salt: [9; 16], template: b"closed", now };
                keep(tx, &inside, &ctx, account, &new)
            });
            kept.await.map_err(|error| Problem::from(error).status)
        };
        for n in 0..10 {
            assert_eq!(enrolled(n).await.map(|device| device.name), Ok("Phone".to_owned()));
        }
        assert_eq!(enrolled(10).await.map(|device| device.id), Err(409));
    })
    .await;
}
