//! A random turn of the space descriptions live in. Distances stay; where anything lies does not, so that turned
//! descriptions of two enrolments cannot be told to be one face's, and a new turn makes an old one worthless.

use crate::descriptor::{Descriptor, LENGTH};

/// Numbers a rotation is made from: as many bytes of chance, 8 for each.
pub const CHANCE_BYTES: usize = LENGTH * LENGTH * 8;

/// An orthogonal matrix, its rows one after the other.
pub struct Rotation(Vec<f64>);

impl Rotation {
    /// Made of [`CHANCE_BYTES`] of chance, evenly over all rotations: normal numbers, made orthogonal row by row. Less
    /// chance than that is no rotation.
    pub fn from_chance(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<8>();
        if words.len() != LENGTH * LENGTH || !rest.is_empty() {
            return None;
        }
        // 53 bits each, between 0 and 1 without either.
        let even = |word: &[u8; 8]| ((u64::from_le_bytes(*word) >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        let mut rows = Vec::with_capacity(LENGTH * LENGTH);
        for [a, b] in words.as_chunks::<2>().0 {
            // Box and Muller.
            let (radius, angle) = ((-2.0 * even(a).ln()).sqrt(), std::f64::consts::TAU * even(b));
            rows.extend([radius * angle.cos(), radius * angle.sin()]);
        }
        for n in 0..LENGTH {
            let (done, rest) = rows.split_at_mut(n * LENGTH);
            let row = &mut rest[..LENGTH];
            // Twice, because once leaves what rounding brought in.
            for before in done.chunks_exact(LENGTH).chain(done.chunks_exact(LENGTH)) {
                let along: f64 = row.iter().zip(before).map(|(a, b)| a * b).sum();
                for (value, other) in row.iter_mut().zip(before) {
                    *value -= along * other;
                }
            }
            let length = row.iter().map(|v| v * v).sum::<f64>().sqrt();
            for value in row {
                *value /= length;
            }
        }
        Some(Self(rows))
    }

    pub fn turn(&self, descriptor: &Descriptor) -> Descriptor {
        let mut out = [0.0; LENGTH];
        for (out, row) in out.iter_mut().zip(self.0.chunks_exact(LENGTH)) {
            *out = row.iter().zip(descriptor).map(|(a, b)| a * f64::from(*b)).sum::<f64>() as f32;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance;
    use kernel::{Rng, SeededRng};

    fn rotation(seed: u64) -> Rotation {
        let mut chance = vec![0; CHANCE_BYTES];
        SeededRng::new(seed).fill(&mut chance);
        Rotation::from_chance(&chance).unwrap()
    }

    fn descriptor(seed: u64) -> Descriptor {
        let mut chance = [0; LENGTH];
        SeededRng::new(seed).fill(&mut chance);
        chance.map(|byte| f32::from(byte) / 1000.0 - 0.128)
    }

    #[test]
    fn a_turn_keeps_every_distance_and_two_turns_have_nothing_in_common() {
        let (one, other) = (rotation(1), rotation(2));
        let (a, b) = (descriptor(3), descriptor(4));
        assert!((distance(&a, &b) - distance(&one.turn(&a), &one.turn(&b))).abs() < 1e-5);
        // The same face under two turns lies as far apart as strangers do, and so it does from itself unturned.
        let usual = distance(&a, &b);
        assert!(distance(&one.turn(&a), &other.turn(&a)) > 0.6 * usual);
        assert!(distance(&one.turn(&a), &a) > 0.6 * usual);
        assert_eq!(one.turn(&a), rotation(1).turn(&a));
    }

    #[test]
    fn too_little_chance_gives_no_turn() {
        assert!(Rotation::from_chance(&[7; 32]).is_none());
        assert!(Rotation::from_chance(&vec![7; CHANCE_BYTES + 1]).is_none());
    }
}
