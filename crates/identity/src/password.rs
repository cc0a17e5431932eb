//! Argon2id, off the threads that answer requests and never more than two at once.

use crate::IdentityError;
use crate::rules::fold_password;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use kernel::{Problem, Rng, rng::bytes};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two iterations, one lane.
const MEMORY_KIB: u32 = 19_456;
const ITERATIONS: u32 = 2;
const LANES: u32 = 1;

/// Hashes computed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// Logins that may wait for their turn; at 25 ms each the last waits under a second.
const WAITING: usize = 64;

/// What the password of an account that does not exist is compared with: same parameters, so same work. No password is
/// known that gives it.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlz$5pQ3xk2VqYb0cJ8m1nR7tWzL4dF6gH9sAeKuXiOvBwE";

pub struct Gate {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// How many hashes were computed.
    pub computed: AtomicU64,
}

impl Default for Gate {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: AtomicUsize::new(0), computed: AtomicU64::new(0) }
    }
}

fn argon2() -> Result<Argon2<'static>, IdentityError> {
    let params = Params::new(MEMORY_KIB, ITERATIONS, LANES, None).map_err(|_| Problem::internal())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Waits for a turn and runs `work` on a thread that may block.
async fn in_turn<T: Send + 'static>(
    gate: &Gate,
    work: impl FnOnce() -> Result<T, IdentityError> + Send + 'static,
) -> Result<T, IdentityError> {
    struct Waiting<'g>(&'g AtomicUsize);
    impl Drop for Waiting<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let busy = || IdentityError::from(Problem::unavailable("Too many people are signing in. Try again in a moment."));
    let before = gate.waiting.fetch_add(1, Ordering::Relaxed);
    let _waiting = Waiting(&gate.waiting);
    if before >= WAITING {
        return Err(busy());
    }
    let turn = Arc::clone(&gate.turns).acquire_owned().await.map_err(|_| busy())?;
    gate.computed.fetch_add(1, Ordering::Relaxed);
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.unwrap_or_else(|_| Err(Problem::internal().into()))
}

/// bcrypt as other programs write it.
fn is_bcrypt(hash: &str) -> bool {
    ["$2a$", "$2b$", "$2x$", "$2y$"].iter().any(|mark| hash.starts_with(mark))
}

/// Whether a hash has the algorithm and the parameters of those made here.
pub fn is_ours(hash: &str) -> bool {
    let same = |parsed: PasswordHash| {
        Params::try_from(&parsed).is_ok_and(|p| (p.m_cost(), p.t_cost(), p.p_cost()) == (MEMORY_KIB, ITERATIONS, LANES))
    };
    hash.starts_with("$argon2id$") && PasswordHash::new(hash).is_ok_and(same)
}

/// bcrypt looks at so many bytes of a password, and at none behind them.
const BCRYPT_BYTES: usize = 72;

/// Whether what was typed may take the place of a hash that it gave: bcrypt takes anything behind its end for right, so that a
/// slip there would become the password, and the password wrong.
pub fn may_replace(hash: &str, password: &str) -> bool {
    let cut = is_bcrypt(hash) && fold_password(password).len() > BCRYPT_BYTES;
    !is_ours(hash) && !cut
}

/// Whether a hash that comes from elsewhere can be checked here. A bcrypt hash whose cost is beyond use would stop
/// everybody's sign-in for seconds.
pub fn is_known(hash: &str) -> bool {
    if is_bcrypt(hash) {
        let cost = hash.get(4..6).and_then(|cost| cost.parse::<u32>().ok());
        return hash.len() == 60 && hash.is_ascii() && cost.is_some_and(|cost| (4..=14).contains(&cost));
    }
    hash.starts_with("$argon2id$")
        && PasswordHash::new(hash)
            .is_ok_and(|parsed| Params::try_from(&parsed).is_ok_and(|p| p.m_cost() <= 1 << 18 && p.t_cost() <= 10))
}

pub async fn hash(gate: &Gate, rng: &dyn Rng, password: &str) -> Result<String, IdentityError> {
    let (salt, password) = (bytes::<16>(rng), fold_password(password));
    in_turn(gate, move || {
        let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| Problem::internal())?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password gives this hash. Without a hash the same work is done, and the answer is no.
pub async fn verify(gate: &Gate, hash: Option<String>, password: &str) -> Result<bool, IdentityError> {
    let password = fold_password(password);
    in_turn(gate, move || {
        let kept = hash.as_deref().unwrap_or(NOBODY);
        if is_bcrypt(kept) {
            // The error is about the text of the hash, which was checked when it came in.
            return Ok(bcrypt::verify(&*password, kept).unwrap_or(false));
        }
        let parsed = PasswordHash::new(kept).map_err(|_| Problem::internal())?;
        let same = argon2()?.verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(same && hash.is_some())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::SystemRng;

    #[test]
    fn a_foreign_hash_that_would_stop_everybody_is_not_taken() {
        let bcrypt = |cost: &str| format!("$2b${cost}${}", "a".repeat(53));
        for (cost, known) in [("03", false), ("04", true), ("14", true), ("15", false), ("31", false), ("xx", false)] {
            assert_eq!(is_known(&bcrypt(cost)), known, "{cost}");
        }
        let argon = |m: u32, t: u32| {
            format!("$argon2id$v=19$m={m},t={t},p=1$YSBzYWx0LCAxNiBieXRlcw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        };
        for (m, t, known) in [(19_456, 2, true), (1 << 18, 10, true), ((1 << 18) + 8, 2, false), (19_456, 11, false)] {
            assert_eq!(is_known(&argon(m, t)), known, "{m} {t}");
        }
    }

    #[test]
    fn the_hash_of_nobody_has_the_parameters_of_every_other() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (MEMORY_KIB, ITERATIONS, LANES));
        assert_eq!(parsed.hash.unwrap().as_ref().len(), 32);
        assert_eq!(parsed.salt.unwrap().as_ref().len(), 16 - 1);
        assert_eq!(parsed.algorithm.as_str(), "argon2id");
    }

    #[tokio::test]
    async fn a_password_gives_its_own_hash_only_and_each_hash_has_its_own_salt() {
        let gate = Gate::default();
        let first = hash(&gate, &SystemRng, "correct horse").await.unwrap();
        let second = hash(&gate, &SystemRng, "correct horse").await.unwrap();
        assert_ne!(first, second);
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert!(verify(&gate, Some(first.clone()), "correct horse").await.unwrap());
        assert!(!verify(&gate, Some(first), "correct horsf").await.unwrap());
        assert!(!verify(&gate, None, "correct horse").await.unwrap());
        // "é" composed and decomposed.
        let accented = hash(&gate, &SystemRng, "caf\u{e9} caf\u{e9}").await.unwrap();
        assert!(verify(&gate, Some(accented), "cafe\u{301} cafe\u{301}").await.unwrap());
    }

    #[tokio::test]
    async fn a_flood_is_told_to_come_back() {
        let gate = Gate::default();
        gate.waiting.store(WAITING, Ordering::Relaxed);
        let problem = Problem::from(verify(&gate, None, "x").await.unwrap_err());
        assert_eq!((problem.status, problem.retry_after), (503, Some(1)));
        assert_eq!(gate.waiting.load(Ordering::Relaxed), WAITING);
    }
}
