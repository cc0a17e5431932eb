//! Which kinds of work there are, and who does them.

use crate::JobError;
use db::Tx;
use ledger::House;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// One try of a job.
#[derive(Clone, Debug)]
pub struct Work {
    pub id: i64,
    /// 1 for the first try.
    pub tries: i64,
    pub payload: Vec<u8>,
}

type Running = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
pub(crate) type Handler = Arc<dyn Fn(House, Work) -> Running + Send + Sync>;
pub(crate) type GiveUp = Arc<dyn Fn(&mut Tx<'_>, &House, &'static str) -> Result<(), JobError> + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Kind {
    pub handler: Handler,
    /// Milliseconds between runs, when it runs by the clock.
    pub every: Option<i64>,
    /// How many of it run at once, when it has places of its own.
    pub most: Option<usize>,
}

/// The kinds of work of this server.
#[derive(Clone, Default)]
pub struct Registry {
    pub(crate) kinds: BTreeMap<&'static str, Kind>,
    pub(crate) give_up: Option<GiveUp>,
}

impl Registry {
    pub fn new() -> Self {
        Self::default()
    }

    /// Work that others enqueue.
    #[must_use]
    pub fn on<F>(self, kind: &'static str, handler: impl Fn(House, Work) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.add(kind, (None, None), handler)
    }

    /// Long work, of which so many run at once in places of their own: what waits for its turn takes no place from others, and
    /// its time does not run.
    #[must_use]
    pub fn few<F>(
        self,
        kind: &'static str,
        most: usize,
        handler: impl Fn(House, Work) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.add(kind, (None, Some(most)), handler)
    }

    /// Work that is done again and again, on one replica at a time, and never given up.
    #[must_use]
    pub fn every<F>(
        self,
        kind: &'static str,
        every_ms: i64,
        handler: impl Fn(House, Work) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.add(kind, (Some(every_ms), None), handler)
    }

    /// What is to be told, in the same transaction, when a job is given up for good.
    #[must_use]
    pub fn when_given_up(
        mut self,
        tell: impl Fn(&mut Tx<'_>, &House, &'static str) -> Result<(), JobError> + Send + Sync + 'static,
    ) -> Self {
        self.give_up = Some(Arc::new(tell));
        self
    }

    fn add<F>(
        mut self,
        kind: &'static str,
        (every, most): (Option<i64>, Option<usize>),
        handler: impl Fn(House, Work) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |house, work| Box::pin(handler(house, work)));
        self.kinds.insert(kind, Kind { handler, every, most });
        self
    }
}
