//! The oracle that moves: people give, limit, end and entrust, doctors break the glass, entries are labelled and changed,
//! and the clock goes on, often to the very millisecond at which something ends. At each moment everybody asks, and what
//! they get is compared with a plain reading of what was done: ten thousand answers on each database.

mod deeds;
mod drafts;
mod model;
mod town;

use super::items::KINDS;
use crate::chance::Dice;
use kernel::Timestamp;
use model::{Draft, Entry, Viewer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;
use town::Town;

const MOMENTS: usize = 50;
const QUESTIONS: usize = 200;
/// Done between two moments.
const DEEDS: usize = 7;
const AT_ONCE: usize = 16;

#[derive(Clone, Debug)]
enum Ask {
    /// One entry, by its number in the model.
    Entry(usize),
    /// All of a type in one record.
    Kind(&'static str, usize),
    /// Whose records are open to them at all.
    Whose,
    /// What doctors propose for the record that is open.
    Drafts,
}

/// What came back: the ids that were shown, and their number if it was said.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    ids: Vec<String>,
    total: Option<u64>,
}

fn expected(town: &Town, viewer: &Viewer, ask: &Ask) -> Shown {
    let model = &town.model;
    let mut ids: Vec<String> = match ask {
        Ask::Entry(at) => {
            let entry = &model.entries[*at];
            model.sees(viewer, entry).then(|| entry.id.clone()).into_iter().collect()
        }
        Ask::Kind(kind, patient) => {
            let of = |entry: &&Entry| entry.kind == *kind && entry.facts.patient == Some(*patient);
            let seen = model.entries.iter().filter(of).filter(|entry| model.sees(viewer, entry));
            seen.map(|entry| entry.id.clone()).collect()
        }
        Ask::Drafts => {
            let seen = model.drafts.iter().filter(|draft| model.answers(viewer, draft));
            seen.map(|draft| draft.id.to_string()).collect()
        }
        Ask::Whose => {
            let open = |patient: &usize| match viewer {
                Viewer::Practitioner(number) => model.open_to(*number, *patient),
                Viewer::Patient(person) => model.care(*person, *patient).is_some(),
                _ => false,
            };
            (0..town.patients.len()).filter(open).map(|patient| town.patients[patient].clone()).collect()
        }
    };
    ids.sort_unstable();
    let total = matches!(ask, Ask::Kind(..)).then_some(ids.len() as u64);
    Shown { ids, total }
}

/// The path of a question, and the record that is open for it.
fn path(town: &Town, viewer: &Viewer, ask: &Ask) -> (String, Option<String>) {
    let record = match viewer {
        Viewer::Deputy { patient, .. } => Some(town.patients[*patient].clone()),
        _ => None,
    };
    let path = match ask {
        Ask::Entry(at) => format!("/fhir/{}/{}", town.model.entries[*at].kind, town.model.entries[*at].id),
        Ask::Kind("Patient", patient) => format!("/fhir/Patient?_id={}&_total=accurate", town.patients[*patient]),
        Ask::Kind(kind, patient) => {
            format!("/fhir/{kind}?patient={}&_count=200&_total=accurate", town.patients[*patient])
        }
        Ask::Whose if matches!(viewer, Viewer::Patient(_)) => "/api/family".to_owned(),
        Ask::Whose => "/api/my-patients".to_owned(),
        Ask::Drafts => "/api/edits".to_owned(),
    };
    (path, record)
}

fn read(ask: &Ask, status: u16, body: &[u8]) -> Shown {
    assert!(status < 500, "{ask:?}: {status} {}", String::from_utf8_lossy(body));
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    let list = |name: &str| json[name].as_array().cloned().unwrap_or_default();
    let id = |v: &Value| v["id"].as_str().map(str::to_owned);
    let mut ids: Vec<String> = match ask {
        _ if status != 200 => Vec::new(),
        Ask::Entry(_) => id(&json).into_iter().collect(),
        Ask::Kind(..) => list("entry").iter().filter_map(|entry| id(&entry["resource"])).collect(),
        Ask::Drafts => list("edits").iter().map(|draft| draft["id"].to_string()).collect(),
        Ask::Whose => {
            let held = list("delegations").into_iter().filter(|one| one["mine"] == true && one["state"] == "active");
            held.filter_map(|one| id(&one["patient"])).chain(list("patients").iter().filter_map(id)).collect()
        }
    };
    ids.sort_unstable();
    // Who is refused is told no number.
    let total = matches!(ask, Ask::Kind(..)).then(|| json["total"].as_u64().unwrap_or(0));
    Shown { ids, total }
}

/// A question; for half of them, about something that the viewer can see.
fn ask(town: &Town, dice: &Dice, viewers: &[Viewer]) -> (Viewer, Ask) {
    let viewer = dice.pick(viewers);
    let seen: Vec<usize> =
        (0..town.model.entries.len()).filter(|at| town.model.sees(&viewer, &town.model.entries[*at])).collect();
    let entry = if seen.is_empty() || dice.one_in(2) { dice.below(town.model.entries.len()) } else { dice.pick(&seen) };
    let patient = town.model.entries[entry].facts.patient.unwrap();
    let ask = match dice.below(10) {
        6 if matches!(viewer, Viewer::Practitioner(_)) || (matches!(viewer, Viewer::Patient(_)) && dice.one_in(2)) => {
            Ask::Whose
        }
        6 if !matches!(viewer, Viewer::Patient(_) | Viewer::Deputy { .. }) => Ask::Entry(entry),
        5 if matches!(viewer, Viewer::Deputy { .. }) => Ask::Drafts,
        6 => Ask::Drafts,
        0..=5 => Ask::Entry(entry),
        7 => Ask::Kind(dice.pick(&KINDS), patient),
        _ => Ask::Kind(town.model.entries[entry].kind, patient),
    };
    (viewer, ask)
}

/// What a person needs to see to understand a wrong answer, and no more.
fn told(town: &Town, viewer: &Viewer, ask: &Ask, found: &Shown) -> String {
    let model = &town.model;
    let wanted = expected(town, viewer, ask);
    let wrong = found.ids.iter().find(|id| !wanted.ids.contains(id));
    let missing = wanted.ids.iter().find(|id| !found.ids.contains(id));
    let at = wrong.or(missing).and_then(|id| model.entries.iter().position(|entry| entry.id == *id));
    let entry = at.or(if let Ask::Entry(at) = ask { Some(*at) } else { None }).map(|at| &model.entries[at]);
    let patient = entry.and_then(|entry| entry.facts.patient);
    let mut out = format!(
        "{}: {viewer:?} asks {}\n  got      {found:?}\n  expected {wanted:?}\n",
        Timestamp(model.now).to_rfc3339(),
        path(town, viewer, ask).0
    );
    let mut line = |text: String| out.push_str(&format!("  {text}\n"));
    if let Some(entry) = entry {
        line(format!("{} {entry:?}", if wrong.is_some() { "shown without a reason:" } else { "not shown:" }));
    }
    let own = |whose: usize| patient.is_none_or(|patient| patient == whose);
    let grants = model.grants.iter().filter(|one| own(one.patient) && one.live(model.now));
    grants.for_each(|one| line(format!("live: {one:?}")));
    model.emergencies.iter().filter(|one| own(one.patient)).for_each(|one| line(format!("{one:?}")));
    model.cares.iter().filter(|one| own(one.patient)).for_each(|one| line(format!("{one:?}")));
    line(format!("workplaces {:?}, paused {:?}; the last deeds:", model.works_at, model.paused));
    let about = town.told.iter().rev().filter(|(whose, _)| whose.is_none_or(own)).take(8);
    about.for_each(|(_, text)| line(text.clone()));
    out
}

/// When the next child comes of age.
fn birthday(town: &Town) -> Option<i64> {
    let guardians = town.model.cares.iter().filter(|care| care.guardian).filter_map(|care| care.until);
    guardians.filter(|end| *end > town.model.now).min()
}

/// When the clock goes on to: a little later, much later, or around the moment at which something ends by itself.
fn later(town: &Town, dice: &Dice) -> i64 {
    let now = town.model.now;
    let grants = town.model.grants.iter().filter(|one| !one.revoked).filter_map(|one| one.until);
    let cares = town.model.cares.iter().filter(|one| !one.ended).filter_map(|one| one.until);
    let emergencies = town.model.emergencies.iter().filter(|one| !one.ended).map(|one| one.until);
    let ends: Vec<i64> = grants.chain(cares).chain(emergencies).filter(|end| *end > now).collect();
    match dice.below(4) {
        0 => now + 60_000 * (1 + dice.below(50) as i64),
        1 => now + 3_600_000 * (1 + dice.below(72) as i64),
        // Mostly the next one, so that the far ones stay to come.
        at if !ends.is_empty() => {
            let next = if at == 2 || dice.one_in(3) { *ends.iter().min().unwrap() } else { dice.pick(&ends) };
            (next + dice.pick(&[-1, 0, 0, 1])).max(now)
        }
        _ => now + 86_400_000,
    }
}

async fn answers(town: &Town, asks: &[(Viewer, Ask)]) -> Vec<Shown> {
    let mut out = Vec::new();
    for some in asks.chunks(AT_ONCE) {
        let mut running = JoinSet::new();
        for (at, (viewer, ask)) in some.iter().enumerate() {
            let ((path, record), who) = (path(town, viewer, ask), town.person(viewer).clone());
            let (app, ask) = (Arc::clone(&town.app), ask.clone());
            running.spawn(async move {
                let reply = match record {
                    Some(record) => app.send_in(&record, "GET", &path, &who, None).await,
                    None => app.get(&path, &who).await,
                };
                (at, read(&ask, reply.status, &reply.body))
            });
        }
        let mut found: Vec<(usize, Shown)> = running.join_all().await;
        found.sort_by_key(|(at, _)| *at);
        out.extend(found.into_iter().map(|(_, shown)| shown));
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn at_every_moment_everybody_gets_what_was_given_to_them_and_has_not_ended() {
    let seed = std::env::var("ORACLE_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(super::SEED);
    let dice = Dice::new(seed);
    let mut town = Town::new(&dice).await;
    let (mut cases, mut shown): (BTreeMap<String, usize>, BTreeMap<String, usize>) = Default::default();
    // Answers to who looks after a record for which something is proposed: all of it, some of it, nothing.
    let mut drafts = [0; 3];
    for moment in 0..MOMENTS {
        for _ in 0..DEEDS {
            town.deed(&dice).await;
        }
        if moment % 2 == 1 {
            // Both children come of age, at moments of their own.
            let to = match (birthday(&town), moment) {
                (Some(day), 15 | 35) => day - 1,
                (Some(day), 17 | 37) => day,
                (Some(day), _) => later(&town, &dice).min(day - 1),
                (None, _) => later(&town, &dice),
            };
            town.go(to).await;
        }
        let viewers = town.viewers();
        let asks: Vec<(Viewer, Ask)> = (0..QUESTIONS).map(|_| ask(&town, &dice, &viewers)).collect();
        for ((viewer, ask), found) in asks.iter().zip(answers(&town, &asks).await) {
            let wanted = expected(&town, viewer, ask);
            assert!(found == wanted, "ORACLE_SEED={seed}, moment {moment}\n{}", told(&town, viewer, ask, &found));
            let who = format!("{viewer:?}").split(['(', ' ']).next().unwrap_or_default().to_owned();
            if let (Ask::Drafts, Viewer::Deputy { .. }) = (ask, viewer) {
                let own =
                    |draft: &&Draft| matches!(viewer, Viewer::Deputy { patient, .. } if *patient == draft.patient);
                let of = town.model.drafts.iter().filter(own).count();
                drafts[usize::from(found.ids.len() < of) + usize::from(found.ids.is_empty())] += usize::from(of > 0);
            }
            *shown.entry(who.clone()).or_default() += usize::from(!found.ids.is_empty());
            *cases.entry(who).or_default() += 1;
        }
    }
    let days = (town.model.now - Timestamp::parse("2026-03-01T08:00:00Z").unwrap().0) / 86_400_000;
    println!(
        "drafts {drafts:?}, cases {cases:?}\nof them showed something {shown:?}\n{} days, {} deeds",
        days,
        town.told.len()
    );
    assert!(cases.values().sum::<usize>() >= 10_000);
    // Cases that show nothing would prove nothing, and neither would a clock that stands still.
    for who in ["Patient", "Deputy", "Practitioner", "Service", "App"] {
        assert!(shown[who] * 4 > cases[who] && shown[who] < cases[who], "{who}: {} of {}", shown[who], cases[who]);
    }
    let [all, some, none] = drafts;
    assert!(all > 3 && some > 0 && none > 3, "all, some and none of what is proposed: {drafts:?}");
    assert_eq!(birthday(&town), None, "the children came of age");
}
