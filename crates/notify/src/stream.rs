//! Live events: what was announced, to whom it concerns, as server-sent events.

use crate::rules::{ANY_RECORD, Audience, TOPICS};
use axum::response::sse::{Event, Sse};
use db::Db;
use futures_util::Stream;
use futures_util::stream::unfold;
use kernel::{Actor, Clock, Ctx, Problem, Timestamp};
use ledger::House;
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, timeout_at};

/// What happens within this time is told together: one change often causes several pieces of news.
const TOGETHER: Duration = Duration::from_millis(50);

/// Proxies close silent connections; a comment keeps them open, and is when the session is looked at again.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Said to whoever looks after more or fewer records than before.
const FAMILY: &str = "family";

/// Open streams of one account: a person has a few windows, a runaway program has many.
const MOST_STREAMS: usize = 20;

/// The streams that are open in this process.
struct Streams {
    open: Mutex<HashMap<i64, usize>>,
    ended: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { open: Mutex::default(), ended: watch::channel(false).0 }
    }
}

/// Counts a stream for as long as it lives.
struct Place {
    streams: Arc<Streams>,
    account: i64,
}

impl Place {
    fn take(streams: Arc<Streams>, account: i64) -> Result<Self, Problem> {
        let mut open = streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(account).or_default();
        if *count >= MOST_STREAMS {
            let detail = "This account has too many live connections open. Close some windows.";
            return Err(Problem::new(429, "rate-limited", detail).retry_after(30));
        }
        *count += 1;
        drop(open);
        Ok(Self { streams, account })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
    }
}

/// Ends all streams of this process, so that the server can stop without waiting for browsers to go away.
pub fn end_streams(house: &House) {
    let _ = house.memory::<Streams>().ended.send(true);
}

/// What one listener hears next.
enum Heard {
    Topics(BTreeSet<String>),
    Heartbeat,
    End,
}

struct Listener {
    news: broadcast::Receiver<Arc<str>>,
    ended: watch::Receiver<bool>,
    audience: Audience,
    clock: Arc<dyn Clock>,
    heartbeat: Interval,
    last: bool,
    _place: Place,
}

impl Listener {
    fn new(db: &Db, clock: Arc<dyn Clock>, audience: Audience, place: Place) -> Self {
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ended = place.streams.ended.subscribe();
        Self { news: db.subscribe(), ended, audience, clock, heartbeat, last: false, _place: place }
    }

    async fn hear(&mut self) -> Heard {
        let mut topics = BTreeSet::new();
        loop {
            let heard = tokio::select! {
                heard = self.news.recv() => heard,
                _ = self.heartbeat.tick() => return Heard::Heartbeat,
                _ = self.ended.wait_for(|ended| *ended) => return Heard::End,
            };
            if !self.note(heard, &mut topics) {
                return Heard::End;
            }
            if !topics.is_empty() {
                break;
            }
        }
        let until = Instant::now() + TOGETHER;
        while let Ok(heard) = timeout_at(until, self.news.recv()).await {
            if !self.note(heard, &mut topics) {
                break;
            }
        }
        Heard::Topics(topics)
    }

    /// Adds what concerns this listener; `false` when there will be no more news.
    fn note(&mut self, heard: Result<Arc<str>, RecvError>, topics: &mut BTreeSet<String>) -> bool {
        match heard {
            Ok(news) => {
                let told: Vec<String> = self.audience.topics(&news, self.clock.now()).map(str::to_owned).collect();
                // From here on this listener may look after more or fewer records than when it began to listen: it hears
                // of none, and comes back.
                if told.iter().any(|topic| topic == FAMILY) {
                    self.audience.forget_others();
                    self.last = true;
                }
                topics.extend(told);
            }
            Err(RecvError::Lagged(_)) => {
                topics.extend(TOPICS.into_iter().chain([ANY_RECORD]).map(str::to_owned));
                if self.audience.hears_others() {
                    self.audience.forget_others();
                    self.last = true;
                }
            }
            Err(RecvError::Closed) => return false,
        }
        true
    }
}

/// The stream of changes that concern the caller, for as long as `still_valid` says that they are who they were.
pub fn stream<V, F>(
    house: &House,
    ctx: &Ctx,
    looked_after: Vec<(i64, Timestamp)>,
    still_valid: V,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<V, F>>, Problem>
where
    V: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    let account = ctx.actor.account().ok_or_else(Problem::unauthorized)?;
    let place = Place::take(house.memory::<Streams>(), account.get())?;
    // A session that may not see health data does not hear whose record changes either.
    let actor = if ctx.pass.limited { Actor::Applicant { account } } else { ctx.actor.clone() };
    let audience = Audience::of(&actor).and(if ctx.pass.limited { Vec::new() } else { looked_after });
    let listener = Listener::new(&house.db, Arc::clone(&house.clock), audience, place);
    Ok(Sse::new(unfold((listener, still_valid), |(mut listener, still_valid)| async move {
        let event = next(&mut listener, &still_valid).await?;
        Some((Ok(event), (listener, still_valid)))
    })))
}

async fn next<V, F>(listener: &mut Listener, still_valid: &V) -> Option<Event>
where
    V: Fn() -> F + Sync,
    F: Future<Output = bool> + Send,
{
    if listener.last {
        return None;
    }
    match listener.hear().await {
        Heard::End => None,
        Heard::Heartbeat if still_valid().await => Some(Event::default().comment("still here")),
        Heard::Heartbeat => {
            listener.last = true;
            Some(changed(&BTreeSet::from(["session".to_owned()])))
        }
        Heard::Topics(topics) => {
            // Asked before each word that leaves: who was signed out, left an organization or became somebody else hears
            // nothing but that. The browser comes back as who it is now.
            let over = !still_valid().await;
            listener.last |= over;
            let last = BTreeSet::from(["session".to_owned()]);
            Some(changed(if over { &last } else { &topics }))
        }
    }
}

fn changed(topics: &BTreeSet<String>) -> Event {
    Event::default().event("changed").data(serde_json::json!({ "topics": topics }).to_string())
}
