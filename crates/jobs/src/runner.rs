//! Takes due jobs and runs them, a few at a time.

use crate::registry::{Kind, Registry};
use crate::rules::{LIMIT_MS, next_try};
use crate::store::{self, Claimed};
use crate::{JobError, Work};
use db::DbError;
use ledger::House;
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::task::JoinSet;

/// Jobs of one process that run at the same time: they must not crowd out requests.
const AT_ONCE: usize = 4;

/// News of this process wakes the runner at once; what another process enqueued is seen this much later at most.
const POLL: Duration = Duration::from_secs(2);

/// How long running jobs may go on after the server was told to stop. What is cut off runs again after its lease.
const GRACE: Duration = Duration::from_secs(5);

/// Runs jobs until `shutdown` is ready.
pub async fn run(house: House, registry: Registry, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let mut bell = house.db.bell(store::NEWS);
    let mut running = JoinSet::new();
    let mut at_work = HashMap::new();
    if let Err(error) = prepare(&house, &registry).await {
        tracing::error!(%error, "the schedules could not be written");
    }
    loop {
        let mut wait = POLL;
        let places = places(&registry, at_work.values().copied());
        match claim_in(&house, &registry, &places).await {
            Ok(claimed) if claimed.is_empty() => wait = until_next(&house, &places).await,
            Ok(claimed) => {
                for (name, kind, work) in claimed {
                    let task = running.spawn(attempt(house.clone(), registry.clone(), name, kind, work));
                    at_work.insert(task.id(), name);
                }
                continue;
            }
            Err(error) => tracing::warn!(%error, "the queue cannot be read"),
        }
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = running.join_next_with_id() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                at_work.remove(&id);
            }
            () = woken(&mut bell) => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    let _ = tokio::time::timeout(GRACE, async { while running.join_next().await.is_some() {} }).await;
}

/// Runs everything that is due now and what that enqueues for now, one after the other; says how many tries it made.
/// For tests, and for commands that must leave nothing undone.
pub async fn run_due(house: &House, registry: &Registry) -> Result<usize, DbError> {
    prepare(house, registry).await?;
    let mut count = 0;
    loop {
        let claimed = claim(house, registry, (&names(registry), AT_ONCE)).await?;
        if claimed.is_empty() {
            return Ok(count);
        }
        for (name, kind, work) in claimed {
            attempt(house.clone(), registry.clone(), name, kind, work).await;
            count += 1;
        }
    }
}

async fn prepare(house: &House, registry: &Registry) -> Result<(), DbError> {
    let by_the_clock: Vec<_> =
        registry.kinds.iter().filter(|(_, kind)| kind.every.is_some()).map(|(&name, _)| name).collect();
    if by_the_clock.is_empty() {
        return Ok(());
    }
    let now = house.clock.now();
    house
        .db
        .write(move |tx| {
            for name in by_the_clock {
                store::ensure(tx, name, now)?;
            }
            Ok(())
        })
        .await
}

fn names(registry: &Registry) -> Vec<&'static str> {
    registry.kinds.keys().copied().collect()
}

/// Kinds of jobs of which more may begin now, and how many: those with places of their own each by themselves.
type Places = Vec<(Vec<&'static str>, usize)>;

fn places(registry: &Registry, at_work: impl Iterator<Item = &'static str>) -> Places {
    let mut busy = HashMap::<&str, usize>::new();
    for name in at_work {
        *busy.entry(name).or_default() += 1;
    }
    let of = |name: &str| busy.get(name).copied().unwrap_or(0);
    let (own, shared): (Vec<_>, Vec<_>) = registry.kinds.iter().partition(|(_, kind)| kind.most.is_some());
    let shared: Vec<&'static str> = shared.into_iter().map(|(&name, _)| name).collect();
    let taken: usize = shared.iter().map(|name| of(name)).sum();
    let mut places = vec![(shared, AT_ONCE.saturating_sub(taken))];
    places.extend(own.into_iter().map(|(&name, kind)| (vec![name], kind.most.unwrap_or(0).saturating_sub(of(name)))));
    places.retain(|(kinds, most)| !kinds.is_empty() && *most > 0);
    places
}

async fn claim_in(
    house: &House,
    registry: &Registry,
    places: &Places,
) -> Result<Vec<(&'static str, Kind, Work)>, DbError> {
    let mut claimed = Vec::new();
    for (kinds, most) in places {
        claimed.extend(claim(house, registry, (kinds, *most)).await?);
    }
    Ok(claimed)
}

/// Looks with a read first: an idle server writes nothing.
async fn claim(
    house: &House,
    registry: &Registry,
    (kinds, most): (&[&'static str], usize),
) -> Result<Vec<(&'static str, Kind, Work)>, DbError> {
    let kinds = kinds.to_vec();
    let now = house.clock.now();
    let wanted = kinds.clone();
    let due = if kinds.is_empty() { None } else { house.db.read(move |tx| store::next_due(tx, &wanted)).await? };
    if due.is_none_or(|due| due > now) {
        return Ok(Vec::new());
    }
    let claimed = house.db.write(move |tx| store::claim(tx, &kinds, now, most as i64)).await?;
    let known = |Claimed { kind, work }: Claimed| {
        registry.kinds.get_key_value(kind.as_str()).map(|(&name, kind)| (name, kind.clone(), work))
    };
    Ok(claimed.into_iter().filter_map(known).collect())
}

/// Until something is due that has a place.
async fn until_next(house: &House, places: &Places) -> Duration {
    let kinds: Vec<&'static str> = places.iter().flat_map(|(kinds, _)| kinds).copied().collect();
    if kinds.is_empty() {
        return POLL;
    }
    let now = house.clock.now();
    match house.db.read(move |tx| store::next_due(tx, &kinds)).await {
        Ok(Some(due)) => POLL.min(Duration::from_millis(u64::try_from(due.0 - now.0).unwrap_or(0))),
        _ => POLL,
    }
}

/// Ready when something was enqueued.
async fn woken(bell: &mut tokio::sync::watch::Receiver<()>) {
    if bell.changed().await.is_err() {
        // The database is closing: the shutdown comes from elsewhere.
        std::future::pending::<()>().await;
    }
}

/// One try, in a task of its own so that a panic ends only this try.
async fn attempt(house: House, registry: Registry, name: &'static str, kind: Kind, work: Work) {
    let task = tokio::spawn((kind.handler)(house.clone(), work.clone()));
    let stop = task.abort_handle();
    let limit = Duration::from_millis(LIMIT_MS.unsigned_abs());
    let outcome = match tokio::time::timeout(limit, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(JobError::Failed("the job panicked".into())),
        Err(_) => {
            stop.abort();
            Err(JobError::Failed("the job took too long".into()))
        }
    };
    if let Err(error) = &outcome {
        tracing::warn!(kind = name, job = work.id, tries = work.tries, %error, "a job failed");
    }
    let failed = outcome.is_err();
    let id = work.id;
    if let Err(error) = settle(&house, &registry, name, kind.every, work, failed).await {
        // It is begun again when its lease ends.
        tracing::warn!(kind = name, job = id, %error, "the end of a job could not be written");
    }
}

async fn settle(
    house: &House,
    registry: &Registry,
    name: &'static str,
    every: Option<i64>,
    work: Work,
    failed: bool,
) -> Result<(), JobError> {
    let now = house.clock.now();
    let (house, give_up) = (house.clone(), registry.give_up.clone());
    let db = house.db.clone();
    db.write(move |tx| match (failed, every, next_try(now, work.tries)) {
        (false, None, _) => Ok(store::done(tx, &work)?),
        (false, Some(every), _) => Ok(store::again(tx, &work, now.plus_ms(every), 0)?),
        (true, _, Some(due)) => Ok(store::again(tx, &work, due, work.tries)?),
        (true, Some(every), None) => Ok(store::again(tx, &work, now.plus_ms(every), 0)?),
        (true, None, None) => {
            tracing::error!(kind = name, job = work.id, "a job was given up");
            match give_up {
                Some(tell) if store::give_up(tx, &work, now)? => tell(tx, &house, name),
                Some(_) => Ok(()),
                None => store::give_up(tx, &work, now).map(drop).map_err(JobError::from),
            }
        }
    })
    .await
}
