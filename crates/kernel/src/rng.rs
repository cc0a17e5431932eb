//! Randomness as a parameter.

use std::sync::Mutex;

pub trait Rng: Send + Sync {
    fn fill(&self, out: &mut [u8]);
}

/// The operating system's generator: the only one that may make keys, codes and ids outside tests.
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, out: &mut [u8]) {
        // Without randomness no key, nonce or id can be made safely: stopping is the only right answer.
        #[expect(clippy::expect_used, reason = "a system without randomness cannot run safely")]
        getrandom::fill(out).expect("the operating system gives random bytes");
    }
}

/// A deterministic generator (SplitMix64) for tests and demonstrations. Never for keys that matter.
pub struct SeededRng(Mutex<u64>);

impl SeededRng {
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Rng for SeededRng {
    fn fill(&self, out: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in out.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// `N` random bytes.
pub fn bytes<const N: usize>(rng: &dyn Rng) -> [u8; N] {
    let mut out = [0; N];
    rng.fill(&mut out);
    out
}

/// A random (version 4) UUID in its usual form: the logical id of what the server creates.
pub fn uuid(rng: &dyn Rng) -> String {
    uuid_of(bytes::<16>(rng))
}

/// These bytes written as a UUID, but for the bits that say what kind of one it is.
pub fn uuid_of(mut b: [u8; 16]) -> String {
    use std::fmt::Write;
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    let mut out = String::with_capacity(36);
    for (i, byte) in b.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_every_byte() {
        assert_eq!(uuid(&SeededRng::new(7)), uuid(&SeededRng::new(7)));
        assert_ne!(uuid(&SeededRng::new(7)), uuid(&SeededRng::new(8)));
        assert_ne!(bytes::<32>(&SystemRng), bytes::<32>(&SystemRng));
    }

    #[test]
    fn a_uuid_says_its_version() {
        let id = uuid(&SystemRng);
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "4");
    }
}
