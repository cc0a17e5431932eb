//! What slows guessing down: a limit per address and minute, and a delay that grows with every failure in a row.
//! Kept in memory and bounded: a process that starts anew forgets it, which a guesser cannot bring about.

use crate::IdentityError;
use kernel::Timestamp;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const MINUTE_MS: i64 = 60_000;
const FIRST_DELAY_MS: i64 = 30_000;
const LONGEST_DELAY_MS: i64 = 15 * MINUTE_MS;

/// Failures are forgotten after this long without another.
const FORGET_MS: i64 = 60 * MINUTE_MS;

/// Addresses and accounts remembered; beyond it, those longest silent are forgotten first.
const MOST: usize = 20_000;

/// Whose failures are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The keyed hash of a name, which may be nobody's, tried from a place: whoever guesses elsewhere does not keep the
    /// owner out.
    At(i64, Option<IpAddr>),
    Place(Option<IpAddr>),
    /// Face checks of an account by devices that are enrolled with it: nobody else's count.
    Face(i64),
    FacePlace(Option<IpAddr>),
}

#[derive(Clone, Copy, Default)]
struct Window {
    last: i64,
    begun: i64,
    count: u32,
}

#[derive(Clone, Copy, Default)]
struct Failures {
    last: i64,
    count: u32,
    until: i64,
}

#[derive(Default)]
pub struct Doors {
    windows: Mutex<HashMap<IpAddr, Window>>,
    failures: Mutex<HashMap<Key, Failures>>,
}

/// One customer of a provider has a whole /64: it counts as one address.
pub fn same_place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !0 << 64).into()),
        v4 => v4,
    }
}

/// How long to wait after `count` failures in a row, the `free`th of which is the first that costs.
fn delay_ms(count: u32, free: u32) -> i64 {
    if count < free { 0 } else { (FIRST_DELAY_MS << (count - free).min(10)).min(LONGEST_DELAY_MS) }
}

pub fn seconds(ms: i64) -> u32 {
    u32::try_from((ms + 999) / 1000).unwrap_or(u32::MAX).max(1)
}

/// Makes room for one more.
pub fn bound<K: Copy + Eq + Hash, V>(map: &mut HashMap<K, V>, now: Timestamp, last: impl Fn(&V) -> i64) {
    if map.len() < MOST {
        return;
    }
    map.retain(|_, value| last(value) > now.0 - FORGET_MS);
    if map.len() >= MOST {
        let mut times: Vec<i64> = map.values().map(&last).collect();
        let (_, middle, _) = times.select_nth_unstable(MOST / 2);
        let middle = *middle;
        map.retain(|_, value| last(value) > middle);
    }
}

impl Doors {
    /// Counts a try from an address, whatever comes of it.
    pub fn attempt(&self, peer: Option<IpAddr>, now: Timestamp, most: u32) -> Result<(), IdentityError> {
        let Some(peer) = peer.map(same_place) else { return Ok(()) };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        bound(&mut windows, now, |w| w.last);
        let window = windows.entry(peer).or_insert(Window { begun: now.0, ..Window::default() });
        if now.0 - window.begun >= MINUTE_MS {
            *window = Window { begun: now.0, count: 0, last: now.0 };
        }
        window.last = now.0;
        if window.count >= most {
            return Err(IdentityError::TooMany(seconds(window.begun + MINUTE_MS - now.0)));
        }
        window.count += 1;
        Ok(())
    }

    /// Begins a try: refused while a delay runs. It counts as failed until [`Doors::succeeded`], so that a hundred
    /// tries at the same moment do not all pass before the first has failed.
    /// `free` says for each key how many failures it may have before waiting begins.
    pub fn begin(&self, keys: &[Key], now: Timestamp, free: &[u32]) -> Result<(), IdentityError> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = keys.iter().filter_map(|key| failures.get(key)).map(|f| f.until - now.0).max().unwrap_or(0);
        if waits > 0 {
            return Err(IdentityError::TooMany(seconds(waits)));
        }
        bound(&mut failures, now, |f| f.last);
        for (key, free) in keys.iter().zip(free) {
            let entry = failures.entry(*key).or_default();
            if now.0 - entry.last > FORGET_MS {
                *entry = Failures::default();
            }
            entry.last = now.0;
            entry.count += 1;
            entry.until = now.0 + delay_ms(entry.count, *free);
        }
        Ok(())
    }

    /// Forgets the failures of whoever proved to be who they say.
    pub fn succeeded(&self, keys: &[Key]) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            failures.remove(key);
        }
    }

    /// Takes back a try that was never decided, because the server was too busy.
    pub fn undecided(&self, keys: &[Key]) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Some(entry) = failures.get_mut(key) {
                entry.count = entry.count.saturating_sub(1);
                entry.until = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Key = Key::At(1, None);
    const FREE: &[u32] = &[5, 5];

    fn peer(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    fn wait(result: Result<(), IdentityError>) -> Option<u32> {
        match result {
            Ok(()) => None,
            Err(IdentityError::TooMany(seconds)) => Some(seconds),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn five_failures_cost_thirty_seconds_and_each_further_one_twice_the_last() {
        let doors = Doors::default();
        let mut now = Timestamp(1_000_000);
        for _ in 0..5 {
            assert_eq!(wait(doors.begin(&[A], now, FREE)), None);
        }
        for expected in [30, 60, 120, 240, 480, 900, 900] {
            assert_eq!(wait(doors.begin(&[A], now, FREE)), Some(expected));
            assert_eq!(wait(doors.begin(&[Key::At(2, None)], now, &[100])), None);
            now = now.plus_ms(i64::from(expected) * 1000);
            assert_eq!(wait(doors.begin(&[A], now, FREE)), None, "after {expected} s one more try");
        }
    }

    #[test]
    fn success_and_an_hour_of_silence_wipe_the_slate() {
        let doors = Doors::default();
        for now in [Timestamp(0), Timestamp(0)] {
            for _ in 0..4 {
                doors.begin(&[A], now, FREE).unwrap();
            }
            doors.succeeded(&[A]);
        }
        for _ in 0..5 {
            doors.begin(&[A], Timestamp(0), FREE).unwrap();
        }
        let later = Timestamp(FORGET_MS + 1);
        for _ in 0..5 {
            assert_eq!(wait(doors.begin(&[A], later, FREE)), None);
        }
        assert_eq!(wait(doors.begin(&[A], later, FREE)), Some(30));
    }

    #[test]
    fn a_delay_on_the_address_holds_for_every_account() {
        let doors = Doors::default();
        let here = Key::Place(peer("192.0.2.1"));
        for account in 0..5 {
            doors.begin(&[Key::At(account, None), here], Timestamp(0), FREE).unwrap();
        }
        assert_eq!(wait(doors.begin(&[Key::At(9, None), here], Timestamp(0), FREE)), Some(30));
        assert_eq!(wait(doors.begin(&[Key::At(9, None)], Timestamp(0), FREE)), None);
    }

    #[test]
    fn an_address_has_so_many_tries_a_minute() {
        let doors = Doors::default();
        for _ in 0..3 {
            assert_eq!(wait(doors.attempt(peer("192.0.2.1"), Timestamp(10_000), 3)), None);
        }
        assert_eq!(wait(doors.attempt(peer("192.0.2.1"), Timestamp(20_000), 3)), Some(50));
        assert_eq!(wait(doors.attempt(peer("::ffff:192.0.2.1"), Timestamp(20_000), 3)), Some(50));
        assert_eq!(wait(doors.attempt(peer("192.0.2.2"), Timestamp(20_000), 3)), None);
        assert_eq!(wait(doors.attempt(peer("192.0.2.1"), Timestamp(70_000), 3)), None);
    }

    #[test]
    fn one_network_of_ipv6_is_one_place() {
        assert_eq!(same_place("2001:db8::1".parse().unwrap()), same_place("2001:db8::ffff:2".parse().unwrap()));
        assert_ne!(same_place("2001:db8::1".parse().unwrap()), same_place("2001:db8:0:1::1".parse().unwrap()));
    }

    #[test]
    fn a_flood_of_addresses_does_not_fill_the_memory() {
        let doors = Doors::default();
        for n in 0..(MOST as i64 + 10) {
            doors.begin(&[Key::At(n, None)], Timestamp(n), FREE).unwrap();
        }
        let failures = doors.failures.lock().unwrap();
        assert!(failures.len() <= MOST);
        // The newest stay.
        assert!(failures.contains_key(&Key::At(MOST as i64 + 9, None)));
    }
}
