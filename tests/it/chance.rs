//! Chance that a seed decides: a failure is repeated by its number.

use kernel::{Rng, SeededRng, rng::bytes};

pub struct Dice(SeededRng);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(SeededRng::new(seed))
    }

    /// A number below `end`.
    pub fn below(&self, end: usize) -> usize {
        let rng: &dyn Rng = &self.0;
        let number = u64::from_le_bytes(bytes::<8>(rng));
        (number % end as u64) as usize
    }

    pub fn one_in(&self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Clone>(&self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// Some of the items, in their order; possibly none.
    pub fn some<T: Copy>(&self, items: &[T], one_in: usize) -> Vec<T> {
        items.iter().copied().filter(|_| self.one_in(one_in)).collect()
    }
}
