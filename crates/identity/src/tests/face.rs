//! What is kept of a face, seen by a thief with everything the server has.

use super::{add, on_each_engine};
use crate::face::rules::{Frame, THRESHOLD, apart, as_planned, matches, message};
use crate::face::store::{self, New};
use crate::face::template::{Lock, Secret, Templates};
use ::face::{Descriptor, LENGTH, Plan, distance};
use db::DbError;
use kernel::{Rng, Role, SeededRng};
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
async fn failures_are_counted_until_a_check_is_passed_and_a_challenge_is_taken_once() {
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
            let deleted = (store::delete(tx, account, device)?, store::passed(tx, account, device, now)?);
            let plan = Plan { prompts: Vec::new(), frames: vec![300] };
            store::insert_challenge(tx, &[7; 32], &plan, now)?;
            let taken =
                [store::take_challenge(tx, &[7; 32])?.is_some(), store::take_challenge(tx, &[7; 32])?.is_some()];
            Ok::<_, VaultError>((counts, passed, deleted, taken))
        });
        assert_eq!(counted.await.unwrap(), ([1, 2, 2], (true, 0), (true, false), [true, false]));
    })
    .await;
}
