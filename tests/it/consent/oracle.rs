//! The consent oracle: what somebody gets from the whole store is what they get from a store that holds only what they
//! may see. Which that is, is decided here by a plain reading of the rules, apart from the application.
//!
//! The two stores are one database: the rows of what may not be seen are taken out of every table and put back. So ids,
//! times and versions are the same in both, and answers are compared byte for byte. In the smaller store a practitioner
//! may see everything, so that what is withheld without a reason shows as well as what is shown without one.

mod apps;
mod asks;
mod items;
mod moving;
mod rules;
mod world;

use crate::chance::Dice;
use asks::{Answer, Ask, answer};
use items::KINDS;
use rules::Viewer;
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::Person;
use tokio::task::JoinSet;
use world::{Hidden, World, key};

/// Another number is another thousand cases: `ORACLE_SEED=7 cargo nextest run -p tests oracle`.
const SEED: u64 = 20_261_121;

const ROUNDS: usize = 8;
/// Resources in a round, besides visits, medicines and the patients themselves.
const SIZE: usize = 110;
/// Questions of each viewer in a round.
const QUESTIONS: usize = 18;
/// Questions that are under way at once.
const AT_ONCE: usize = 12;

/// How much the cases meant.
#[derive(Debug, Default)]
struct Tally {
    cases: usize,
    /// Answers that showed or counted something of a record.
    shown: usize,
    /// By status.
    statuses: BTreeMap<u16, usize>,
    /// What was hidden from somebody: resources, and old versions of what they saw.
    rows: usize,
    versions: usize,
    /// Entries that apps were shown.
    by_apps: usize,
}

async fn ask_all(world: &World, who: &Person, asks: &[Ask]) -> Vec<Answer> {
    let mut answers: Vec<Option<Answer>> = vec![None; asks.len()];
    for (some, places) in asks.chunks(AT_ONCE).zip(answers.chunks_mut(AT_ONCE)) {
        let mut running = JoinSet::new();
        for (at, ask) in some.iter().cloned().enumerate() {
            let (app, who) = (Arc::clone(&world.app), who.clone());
            running.spawn(async move { (at, answer(&app, &who, &ask).await) });
        }
        while let Some(done) = running.join_next().await {
            let (at, answer) = done.unwrap();
            places[at] = Some(answer);
        }
    }
    answers.into_iter().map(Option::unwrap).collect()
}

/// What a viewer may not see.
async fn hidden(world: &World, viewer: &Viewer) -> Hidden {
    let rows = world.rows().await;
    let mut hidden = Hidden::default();
    for item in &world.items {
        let row = rows[&key(item)];
        if !viewer.sees(&world.grants, &item.facts) {
            let list = if item.kind == "Patient" { &mut hidden.patients } else { &mut hidden.rows };
            list.push(row);
            continue;
        }
        let unseen = (1..).zip(&item.past).filter(|(_, past)| !viewer.sees(&world.grants, past));
        hidden.versions.extend(unseen.map(|(version, _)| (row, version)));
    }
    hidden
}

/// Of each type they find exactly what they may see: nothing more and nothing less.
async fn everything(world: &World, viewer: &Viewer, person: &Person, told: &str) {
    for kind in KINDS.into_iter().chain(["Patient", "Medication"]) {
        let path = format!("/fhir/{kind}?_count=50&_sort=-_lastUpdated");
        let mut found = answer(&world.app, person, &Ask { method: "GET", path, body: None }).await.found();
        let seen = world.items.iter().filter(|item| item.kind == kind && !item.deleted);
        let mut expected: Vec<String> =
            seen.filter(|item| viewer.sees(&world.grants, &item.facts)).map(|item| item.id.clone()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{told}: {viewer:?} finds {kind}, {:?}", world.grants);
    }
}

async fn round(world: &World, dice: &Dice, told: &str, tally: &mut Tally) {
    for (viewer, person) in &world.viewers {
        everything(world, viewer, person, told).await;
    }
    world.keep().await;
    let mut whole = Vec::new();
    for (viewer, person) in &world.viewers {
        let asks: Vec<Ask> = (0..QUESTIONS).map(|_| world.ask(dice, viewer)).collect();
        whole.push((ask_all(world, person, &asks).await, asks));
    }
    for ((viewer, person), (from_all, asks)) in world.viewers.iter().zip(whole) {
        let hidden = hidden(world, viewer).await;
        world.remove(&hidden).await;
        if matches!(viewer, Viewer::Practitioner { .. }) {
            world.open_to(person).await;
        }
        let from_own = ask_all(world, person, &asks).await;
        world.restore().await;
        for ((ask, from_all), from_own) in asks.iter().zip(from_all).zip(from_own) {
            let (from_all, from_own) = (from_all.without_terms(), from_own.without_terms());
            assert!(
                from_all == from_own,
                "{told}: {viewer:?} asks {ask:?}\nfrom the whole store: {from_all:#?}\nfrom their share: {from_own:#?}\n{:?}",
                world.grants
            );
            let first = &from_own.0[0];
            tally.cases += 1;
            let empty = ["\"total\":0", "{\"patients\":[]}", "{\"items\":[]}"].iter().any(|e| first.body.contains(e));
            tally.shown += usize::from(first.status == 200 && !empty);
            *tally.statuses.entry(first.status).or_default() += 1;
        }
        tally.rows += hidden.rows.len() + hidden.patients.len();
        tally.versions += hidden.versions.len();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_gets_is_what_a_store_with_only_their_share_would_give() {
    let seed = std::env::var("ORACLE_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED);
    let mut world = World::new().await;
    let mut tally = Tally::default();
    let (client, apps) = apps::let_in(&world).await;
    for number in 0..ROUNDS {
        let dice = Dice::new(seed.wrapping_add(number as u64));
        world.shuffle(&dice, number, SIZE).await;
        let told = format!("ORACLE_SEED={seed}, round {number}");
        round(&world, &dice, &told, &mut tally).await;
        for app in &apps {
            tally.by_apps += app.compare(&world, &client, &told).await;
        }
    }
    println!("{tally:?}");
    assert!(tally.cases >= 1000, "{tally:?}");
    // Cases that show nothing, or hide nothing, would prove nothing.
    assert!(tally.shown * 3 > tally.cases, "{tally:?}");
    assert!(tally.statuses.get(&400).is_none_or(|wrong| wrong * 20 < tally.cases), "{tally:?}");
    assert!(tally.rows > 1000 && tally.versions > 20 && tally.by_apps > 80, "{tally:?}");
}
