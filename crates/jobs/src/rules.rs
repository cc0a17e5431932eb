//! When a job is tried again, and when it is given up.

use kernel::Timestamp;

/// After this many tries a person has to look: about an hour and a half after the first.
pub const MOST_TRIES: i64 = 10;

/// Whoever began a job has this long before another may begin it again: a replica that died is replaced after it.
pub const LEASE_MS: i64 = 120_000;

/// A job is stopped before its lease ends, so that two never work on it at once.
pub const LIMIT_MS: i64 = LEASE_MS - 10_000;

const FIRST_WAIT_MS: i64 = 5_000;
const LONGEST_WAIT_MS: i64 = 3_600_000;

/// When to try again after the `tries`th try failed; `None` when that was the last.
pub fn next_try(now: Timestamp, tries: i64) -> Option<Timestamp> {
    if tries >= MOST_TRIES {
        return None;
    }
    let doublings = u32::try_from(tries - 1).unwrap_or(0).min(20);
    Some(now.plus_ms((FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_last_until_the_job_is_given_up() {
        let waits: Vec<_> = (1..=10).map(|tries| next_try(Timestamp(0), tries).map(|t| t.0 / 1000)).collect();
        let expected = [5, 10, 20, 40, 80, 160, 320, 640, 1280].map(Some);
        assert_eq!(waits[..9], expected);
        assert_eq!(waits[9], None);
    }
}
