//! Where chance comes from: one stream per seed, purpose and index, so that a patient is the same whoever is made
//! before.

use kernel::SeededRng;
use kernel::rng::{bytes, uuid};

pub struct Chance(SeededRng);

/// What a stream is for. The number keeps streams of one seed apart.
#[derive(Clone, Copy)]
pub enum Stream {
    Directory = 1,
    Practitioner = 2,
    Patient = 3,
    Readings = 4,
    Showcase = 5,
}

impl Chance {
    pub fn new(seed: u64, stream: Stream, index: u64) -> Self {
        Self(SeededRng::new(mix(mix(seed ^ mix(stream as u64)) ^ mix(index ^ 0x5EED))))
    }

    fn next(&self) -> u64 {
        u64::from_le_bytes(bytes::<8>(&self.0))
    }

    /// Uniform in `0.0..1.0`.
    pub fn unit(&self) -> f64 {
        // 53 bits are what a double can hold.
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn yes(&self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub fn between(&self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform among `low..=high`.
    pub fn int(&self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { low + (self.unit() * (high - low + 1) as f64) as i64 }
    }

    pub fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[(self.unit() * items.len() as f64) as usize]
    }

    /// The index of one weight, chosen in proportion.
    pub fn weighted(&self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (i, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return i;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Normal with mean 0 and deviation 1 (Box–Muller), cut at ±3 so that no value leaves what a body can do.
    pub fn normal(&self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        (radius * (std::f64::consts::TAU * self.unit()).cos()).clamp(-3.0, 3.0)
    }

    /// Days until the next event of a process that happens `per_year` times a year.
    pub fn waiting_days(&self, per_year: f64) -> f64 {
        -(1.0 - self.unit()).ln() / per_year.max(1e-9) * 365.25
    }

    pub fn urn(&self) -> String {
        format!("urn:uuid:{}", uuid(&self.0))
    }
}

const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_neighbouring_indexes_do_not_resemble_each_other() {
        let a: Vec<bool> = (0..1000).map(|i| Chance::new(1, Stream::Patient, i).yes(0.5)).collect();
        let changes = a.windows(2).filter(|w| w[0] != w[1]).count();
        assert!((430..570).contains(&changes), "{changes} changes in 1000");
    }

    #[test]
    fn the_normal_has_mean_zero_and_deviation_one() {
        let chance = Chance::new(9, Stream::Readings, 0);
        let draws: Vec<f64> = (0..20_000).map(|_| chance.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 0.97).abs() < 0.05, "mean {mean}, variance {variance}");
    }

    #[test]
    fn a_weighted_choice_follows_its_weights() {
        let chance = Chance::new(3, Stream::Directory, 0);
        let hits = (0..10_000).filter(|_| chance.weighted(&[1.0, 3.0]) == 1).count();
        assert!((7_300..7_700).contains(&hits), "{hits} of 10000");
    }
}
