//! Proofs of possession that were seen at this process, until they are too old to be taken anyway.

use super::rules::{PROOF_SECONDS, SKEW_SECONDS};
use std::collections::{BTreeMap, HashSet};

/// How long a proof can be taken, and so has to be remembered.
pub const LASTS_MS: i64 = (PROOF_SECONDS + SKEW_SECONDS) * 1000;

/// Proofs are forgotten together with those of the same span.
const SPAN_MS: i64 = 10_000;

/// Proofs remembered: eight thousand in each second of the time for which they are good, at about 20 bytes.
const MOST: usize = 1 << 20;

/// Half of a SHA-256: that two proofs share it by chance is as likely as guessing a key.
type Short = [u8; 16];

pub struct Proofs {
    spans: BTreeMap<i64, HashSet<Short>>,
    count: usize,
    most: usize,
}

impl Default for Proofs {
    fn default() -> Self {
        Self { spans: BTreeMap::new(), count: 0, most: MOST }
    }
}

impl Proofs {
    /// Whether a proof is seen for the first time. When too many are remembered the answer is no: a flood must not make
    /// old proofs good again.
    pub fn first(&mut self, id: &[u8; 32], now: i64) -> bool {
        self.forget(now);
        let mut short = Short::default();
        short.copy_from_slice(&id[..16]);
        if self.count >= self.most || self.spans.values().any(|seen| seen.contains(&short)) {
            return false;
        }
        self.spans.entry((now + LASTS_MS).div_euclid(SPAN_MS)).or_default().insert(short);
        self.count += 1;
        true
    }

    /// Forgets the spans that are over.
    fn forget(&mut self, now: i64) {
        while let Some(span) = self.spans.first_entry().filter(|span| (span.key() + 1) * SPAN_MS <= now) {
            self.count -= span.remove().len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> [u8; 32] {
        let mut out = [0; 32];
        out[..8].copy_from_slice(&n.to_le_bytes());
        out
    }

    #[test]
    fn a_proof_is_known_for_as_long_as_it_could_be_taken() {
        let mut proofs = Proofs::default();
        assert!(proofs.first(&id(1), 1_000));
        for now in [1_000, 60_000, 1_000 + LASTS_MS] {
            assert!(!proofs.first(&id(1), now), "{now}");
        }
        assert!(proofs.first(&id(2), 60_000));
        // Then it is forgotten, because its own time refuses it.
        assert!(proofs.first(&id(1), 1_000 + LASTS_MS + SPAN_MS));
        assert_eq!(proofs.count, 2);
    }

    #[test]
    fn a_flood_that_is_over_keeps_nobody_out() {
        let mut proofs = Proofs { most: 1_000, ..Proofs::default() };
        assert!((0..1_000).all(|n| proofs.first(&id(n), 0)));
        assert!(!proofs.first(&id(1_000), 0), "no more fit");
        assert!(!proofs.first(&id(7), LASTS_MS), "and none of them is good again");
        assert!(proofs.first(&id(1_000), LASTS_MS + SPAN_MS));
        assert_eq!(proofs.count, 1);
    }
}
