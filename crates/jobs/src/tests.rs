//! The same tests on SQLite and, where `TEST_DATABASE_URL` names a server, on PostgreSQL.

use crate::{Counts, JobError, Registry, counts, enqueue, enqueue_once, run, run_due, sign_checkpoints, store};
use db::{DbError, Options};
use kernel::{Ctx, FixedClock, Problem, SystemRng, Timestamp};
use ledger::{Action, Entry, House};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use vault::KeySource;

struct Place {
    folder: tempfile::TempDir,
    url: String,
    clock: Arc<FixedClock>,
}

impl Place {
    fn new(postgres: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match postgres {
            Some(server) => db::testing::fresh_postgres(server),
            None => folder.path().join("t.db").display().to_string(),
        };
        Self { folder, url, clock: Arc::new(FixedClock::at(START)) }
    }

    fn house(&self) -> House {
        let keys = KeySource::File(self.folder.path().join("master.key"));
        let options = Options { url: self.url.clone() };
        House::open(&options, keys, "test", Arc::clone(&self.clock) as _, Arc::new(SystemRng)).unwrap()
    }
}

const START: Timestamp = Timestamp(1_800_000_000_000);

async fn on_each_engine(test: impl AsyncFn(Place)) {
    test(Place::new(None)).await;
    if let Ok(server) = std::env::var("TEST_DATABASE_URL") {
        test(Place::new(Some(&server))).await;
    }
}

/// A registry whose `count` job counts its runs and fails as long as `failing` says.
fn counting(failures: u32) -> (Registry, Arc<AtomicU32>) {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let registry = Registry::new().on("count", move |_, _| {
        let run = counted.fetch_add(1, Ordering::SeqCst) + 1;
        async move { if run <= failures { Err(JobError::Failed("on purpose".into())) } else { Ok(()) } }
    });
    (registry, runs)
}

async fn add(house: &House, due: Timestamp) {
    house.db.write(move |tx| enqueue(tx, "count", due, b"5").map(drop)).await.unwrap();
}

async fn state(house: &House) -> Counts {
    let now = house.clock.now();
    house.db.read(move |tx| counts(tx, now)).await.unwrap()
}

#[tokio::test]
async fn a_job_runs_at_its_time_once_and_is_gone() {
    on_each_engine(async |place| {
        let house = place.house();
        let (registry, runs) = counting(0);
        add(&house, START.plus_minutes(1)).await;
        assert_eq!(run_due(&house, &registry).await.unwrap(), 0);
        place.clock.advance_ms(60_000);
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        assert_eq!(run_due(&house, &registry).await.unwrap(), 0);
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert_eq!(state(&house).await, Counts { waiting: 0, failed: 0, late_ms: 0 });
    })
    .await;
}

#[tokio::test]
async fn a_job_of_a_transaction_that_failed_never_was() {
    on_each_engine(async |place| {
        let house = place.house();
        let (registry, runs) = counting(0);
        let failed: Result<(), DbError> = house
            .db
            .write(move |tx| {
                enqueue(tx, "count", START, b"")?;
                Err(DbError::Failed("on purpose".into()))
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(run_due(&house, &registry).await.unwrap(), 0);
        assert_eq!(runs.load(Ordering::SeqCst), 0);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_ever_later() {
    on_each_engine(async |place| {
        let house = place.house();
        let (registry, runs) = counting(2);
        add(&house, START).await;
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        place.clock.advance_ms(4_999);
        assert_eq!(run_due(&house, &registry).await.unwrap(), 0);
        place.clock.advance_ms(1);
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        place.clock.advance_ms(9_999);
        assert_eq!(run_due(&house, &registry).await.unwrap(), 0);
        place.clock.advance_ms(1);
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        assert_eq!(state(&house).await.waiting, 0);
    })
    .await;
}

#[tokio::test]
async fn after_ten_tries_a_job_is_kept_as_failed_and_reported_in_the_same_commit() {
    on_each_engine(async |place| {
        let house = place.house();
        let (registry, runs) = counting(u32::MAX);
        let refuse_report = Arc::new(AtomicU32::new(1));
        let refusing = Arc::clone(&refuse_report);
        let registry = registry.when_given_up(move |tx, _, kind| {
            tx.allocate("request", 1)?;
            assert_eq!(kind, "count");
            // The first report fails: then the job is not given up either.
            match refusing.swap(0, Ordering::SeqCst) {
                1 => Err(JobError::Failed("no report".into())),
                _ => Ok(()),
            }
        });
        add(&house, START).await;
        for _ in 0..10 {
            assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
            place.clock.advance_ms(3_600_000);
        }
        assert_eq!((state(&house).await.waiting, state(&house).await.failed), (1, 0));
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        place.clock.advance_ms(3_600_000);
        assert_eq!(state(&house).await, Counts { waiting: 0, failed: 1, late_ms: 0 });
        assert_eq!(run_due(&house, &registry).await.unwrap(), 0);
        assert_eq!(runs.load(Ordering::SeqCst), 11);
        let told = house.db.read(|tx| tx.count("SELECT value FROM counter WHERE name = 'request'", &[])).await;
        assert_eq!(told.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_panics_is_a_job_that_failed() {
    on_each_engine(async |place| {
        let house = place.house();
        let registry = Registry::new().on("count", |_, work| async move {
            assert!(work.tries > 1, "on purpose");
            assert_eq!(work.payload, b"5");
            Ok(())
        });
        add(&house, START).await;
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        assert_eq!(state(&house).await.waiting, 1);
        place.clock.advance_ms(5_000);
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        assert_eq!(state(&house).await.waiting, 0);
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_process_died_is_begun_again_and_the_dead_cannot_end_it() {
    on_each_engine(async |place| {
        let (dead, alive) = (place.house(), place.house());
        let (registry, runs) = counting(0);
        add(&dead, START).await;
        let claimed = dead.db.write(|tx| store::claim(tx, &["count"], START, 4)).await.unwrap();
        assert_eq!(claimed.len(), 1);
        // While the lease lasts nobody else begins it.
        place.clock.advance_ms(119_999);
        assert_eq!(run_due(&alive, &registry).await.unwrap(), 0);
        place.clock.advance_ms(1);
        let now = START.plus_minutes(2);
        let again = alive.db.write(move |tx| store::claim(tx, &["count"], now, 4)).await.unwrap();
        assert_eq!(again[0].work.tries, 2);
        // It wakes up after all and says that it is done: too late, the other one is at work.
        let late = claimed[0].work.clone();
        dead.db.write(move |tx| store::done(tx, &late)).await.unwrap();
        assert_eq!(state(&alive).await.waiting, 1);
        let work = again[0].work.clone();
        alive.db.write(move |tx| store::done(tx, &work)).await.unwrap();
        assert_eq!(state(&alive).await.waiting, 0);
        assert_eq!(runs.load(Ordering::SeqCst), 0);
    })
    .await;
}

#[tokio::test]
async fn two_processes_share_the_queue_and_each_job_runs_once() {
    on_each_engine(async |place| {
        let (here, there) = (place.house(), place.house());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noting = Arc::clone(&seen);
        let registry = Registry::new().on("count", move |_, work| {
            noting.lock().unwrap().push(work.payload[0]);
            async { Ok(()) }
        });
        let add = |tx: &mut db::Tx<'_>| (0..30_u8).try_for_each(|n| enqueue(tx, "count", START, &[n]).map(drop));
        here.db.write(add).await.unwrap();
        let (a, b) = tokio::join!(run_due(&here, &registry), run_due(&there, &registry));
        assert_eq!(a.unwrap() + b.unwrap(), 30);
        let mut seen = seen.lock().unwrap().clone();
        seen.sort_unstable();
        assert_eq!(seen, (0..30).collect::<Vec<u8>>());
    })
    .await;
}

#[tokio::test]
async fn a_kind_that_this_version_does_not_know_waits_for_one_that_does() {
    on_each_engine(async |place| {
        let house = place.house();
        add(&house, START).await;
        assert_eq!(run_due(&house, &Registry::new()).await.unwrap(), 0);
        let other = Registry::new().on("other", |_, _| async { Ok(()) });
        assert_eq!(run_due(&house, &other).await.unwrap(), 0);
        assert_eq!(state(&house).await.waiting, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_enqueued_once_waits_once_and_at_the_earlier_time() {
    on_each_engine(async |place| {
        let house = place.house();
        let (registry, runs) = counting(0);
        for minutes in [5, 2, 9] {
            house.db.write(move |tx| enqueue_once(tx, "count", START.plus_minutes(minutes))).await.unwrap();
        }
        assert_eq!(state(&house).await.waiting, 1);
        place.clock.advance_ms(2 * 60_000);
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test]
async fn work_by_the_clock_runs_again_and_again_and_is_never_given_up() {
    on_each_engine(async |place| {
        let house = place.house();
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let registry = Registry::new().every("tick", 3_600_000, move |_, _| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            async move { if run < 12 { Err(Problem::internal().into()) } else { Ok(()) } }
        });
        for _ in 0..12 {
            assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
            place.clock.advance_ms(3_600_000);
        }
        assert_eq!((state(&house).await.waiting, state(&house).await.failed), (1, 0));
        assert_eq!(run_due(&house, &registry).await.unwrap(), 1);
        place.clock.advance_ms(3_599_999);
        assert_eq!(run_due(&place.house(), &registry).await.unwrap(), 0);
        place.clock.advance_ms(1);
        assert_eq!(run_due(&place.house(), &registry).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn checkpoints_are_signed_when_the_ledger_grew_and_only_then() {
    on_each_engine(async |place| {
        let house = place.house();
        let registry = sign_checkpoints(Registry::new());
        let signed = async || house.db.read(|tx| tx.count("SELECT COUNT(*) FROM checkpoint", &[])).await.unwrap();
        let minute = async || {
            run_due(&house, &registry).await.unwrap();
            place.clock.advance_ms(60_000);
        };
        minute().await;
        let before = signed().await;
        minute().await;
        assert_eq!(signed().await, before);
        let ctx = Ctx::operator(Arc::clone(&house.clock), Arc::clone(&house.rng));
        let log = move |tx: &mut db::Tx<'_>| {
            ledger::append(tx, Entry::system(&ctx, Action::Login));
            Ok::<_, DbError>(())
        };
        house.db.write(log).await.unwrap();
        minute().await;
        assert_eq!(signed().await, before + 1);
        let ledger = Arc::clone(&house.ledger);
        let latest = house.db.read(move |tx| ledger::latest(tx, &ledger)).await.unwrap().unwrap();
        assert_eq!(latest.size, 1);
    })
    .await;
}

#[tokio::test]
async fn the_runner_wakes_for_new_work_and_stops_when_told() {
    on_each_engine(async |place| {
        let house = place.house();
        let (registry, runs) = counting(0);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let runner = tokio::spawn(run(house.clone(), registry, async {
            let _ = stopped.await;
        }));
        tokio::time::sleep(Duration::from_millis(100)).await;
        for n in 1..=6 {
            add(&house, START).await;
            let until = std::time::Instant::now() + Duration::from_secs(10);
            while runs.load(Ordering::SeqCst) < n {
                assert!(std::time::Instant::now() < until, "job {n} never ran");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(8), runner).await.unwrap().unwrap();
        assert_eq!(state(&house).await.waiting, 0);
    })
    .await;
}

#[tokio::test]
async fn long_work_has_places_of_its_own_and_takes_none_from_others() {
    on_each_engine(async |place| {
        let house = place.house();
        let (registry, runs) = counting(0);
        let (going, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let seen = Arc::clone(&most);
        let registry = registry.few("long", 1, move |_, _| {
            let (going, seen) = (Arc::clone(&going), Arc::clone(&seen));
            async move {
                seen.fetch_max(going.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_secs(4)).await;
                going.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        });
        let many = |tx: &mut db::Tx<'_>| (0..6).try_for_each(|_| enqueue(tx, "long", START, b"").map(drop));
        house.db.write(many).await.unwrap();
        add(&house, START).await;
        run(house.clone(), registry, tokio::time::sleep(Duration::from_secs(3))).await;
        assert_eq!((runs.load(Ordering::SeqCst), most.load(Ordering::SeqCst)), (1, 1));
        assert_eq!(state(&house).await.waiting, 5);
    })
    .await;
}
