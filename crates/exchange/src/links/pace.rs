//! How often one address may ask for links: kept in memory and bounded, like the limits on signing in.

use kernel::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const MINUTE_MS: i64 = 60_000;
/// A viewer needs two requests for an opening; a guesser needs very many.
pub const PER_MINUTE: u32 = 60;
/// Addresses remembered; when there are more, all are forgotten, which a single guesser cannot bring about.
const MOST: usize = 20_000;

#[derive(Default)]
pub struct Pace(Mutex<HashMap<IpAddr, (i64, u32)>>);

/// One customer of a provider has a whole /64: it counts as one address.
fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !0 << 64).into()),
        v4 => v4,
    }
}

impl Pace {
    /// Counts one request; `Err` is how many seconds to wait.
    pub fn step(&self, peer: Option<IpAddr>, now: Timestamp) -> Result<(), u32> {
        let Some(peer) = peer else { return Ok(()) };
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= MOST {
            counted.clear();
        }
        let (begun, count) = counted.entry(place(peer)).or_insert((now.0, 0));
        if now.0 - *begun >= MINUTE_MS {
            (*begun, *count) = (now.0, 0);
        }
        *count += 1;
        let wait = u32::try_from((*begun + MINUTE_MS - now.0).div_euclid(1000) + 1).unwrap_or(60);
        if *count > PER_MINUTE { Err(wait) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_so_often_in_a_minute_and_others_are_not_held_up() {
        let (pace, now) = (Pace::default(), Timestamp(0));
        let ask = |text: &str, now| pace.step(Some(text.parse().unwrap()), now);
        for _ in 0..PER_MINUTE {
            assert_eq!(ask("2001:db8::1", now), Ok(()));
        }
        assert_eq!(ask("2001:db8::2", now), Err(61), "the same customer");
        assert_eq!(ask("192.0.2.1", now), Ok(()));
        assert_eq!(ask("2001:db8::1", now.plus_minutes(1)), Ok(()));
    }
}
