//! The networks, and how many may look at once.

use crate::IdentityError;
use crate::doors::Doors;
use face::{FaceError, Sight};
use kernel::Problem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tokio::sync::Semaphore;

/// Checks that may wait for their turn: each takes at most a second.
const WAITING: usize = 8;

type Read = dyn Fn() -> Result<Arc<Sight>, FaceError> + Send + Sync;

/// Where the networks come from. They are read when they are first needed.
#[derive(Clone)]
pub struct Models(Arc<Read>);

impl Models {
    pub fn new(read: impl Fn() -> Result<Arc<Sight>, FaceError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }
}

pub struct Memory {
    models: RwLock<Option<Models>>,
    sight: OnceLock<Option<Arc<Sight>>>,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    pub looks: Doors,
    pub challenges: Doors,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            models: RwLock::default(),
            sight: OnceLock::new(),
            turns: Arc::new(Semaphore::new(1)),
            waiting: AtomicUsize::new(0),
            looks: Doors::default(),
            challenges: Doors::default(),
        }
    }
}

impl Memory {
    pub fn set(&self, models: Models) {
        *self.models.write().unwrap_or_else(PoisonError::into_inner) = Some(models);
    }

    /// Whether this server was given networks at all.
    pub fn has_models(&self) -> bool {
        let given = self.models.read().unwrap_or_else(PoisonError::into_inner).is_some();
        given && self.sight.get().is_none_or(Option::is_some)
    }

    /// The networks; reading them takes a moment the first time.
    fn sight(&self) -> Option<Arc<Sight>> {
        let read = || {
            let models = self.models.read().unwrap_or_else(PoisonError::into_inner).clone()?;
            (models.0)().inspect_err(|error| tracing::error!(%error, "the face check is not available")).ok()
        };
        self.sight.get_or_init(read).clone()
    }

    /// Looks at pictures, one check at a time, on threads that may block. More than a few that wait are told to come back.
    pub async fn look<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Sight) -> Result<T, IdentityError> + Send + 'static,
    ) -> Result<T, IdentityError> {
        struct Waiting<'m>(&'m AtomicUsize);
        impl Drop for Waiting<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let busy =
            || IdentityError::from(Problem::unavailable("Too many people are at the camera. Try again in a moment."));
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= WAITING {
            return Err(busy());
        }
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| busy())?;
        let memory = Arc::clone(&self);
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let sight = memory.sight().ok_or_else(super::switched_off)?;
            work(&sight)
        });
        done.await.unwrap_or_else(|_| Err(Problem::internal().into()))
    }
}
