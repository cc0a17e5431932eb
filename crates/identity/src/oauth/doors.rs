//! How often apps may ask: per address, before anything is looked up, and per app, once it is known which it is.
//! Kept in memory and bounded, like the doors of signing in.

use super::error::Refusal;
use super::memory::Memory;
use super::model::{AppKind, Client};
use crate::doors::{bound, same_place, seconds};
use crate::memory::Memory as Rooms;
use kernel::Timestamp;
use ledger::House;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What is asked, with the time for which tries are counted, and how many times the tries to sign in that the operator
/// set for a minute there may be in it. People of a clinic come from one address, and so do the users of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// A person arrives with an app's request.
    Authorize,
    /// An app asks by itself: pushes, redeems, refreshes, looks, ends.
    Token,
    /// An app puts itself on the list.
    Register,
}

impl Door {
    const fn rule(self) -> (i64, u32) {
        match self {
            Self::Authorize => (MINUTE_MS, 10),
            Self::Token => (MINUTE_MS, 40),
            Self::Register => (HOUR_MS, 1),
        }
    }
}

/// What one app may ask for in a minute, as a multiple like those above.
const APP_FACTOR: u32 = 100;
const APP_AT_PLACE_FACTOR: u32 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Place(Door, IpAddr),
    /// An app that proved itself, from wherever.
    App(i64),
    /// What calls itself this app, at an address: whoever takes another's name keeps it out nowhere else.
    AppAt(i64, Option<IpAddr>),
}

struct Window {
    begun: i64,
    last: i64,
    count: u32,
}

#[derive(Default)]
pub struct Doors(Mutex<HashMap<Key, Window>>);

impl Doors {
    fn pass(&self, key: Key, now: Timestamp, length_ms: i64, most: u32) -> Result<(), Refusal> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bound(&mut windows, now, |window| window.last);
        let window = windows.entry(key).or_insert(Window { begun: now.0, last: now.0, count: 0 });
        if now.0 - window.begun >= length_ms {
            *window = Window { begun: now.0, last: now.0, count: 0 };
        }
        window.last = now.0;
        if window.count >= most {
            return Err(Refusal::too_many(seconds(window.begun + length_ms - now.0)));
        }
        window.count += 1;
        Ok(())
    }
}

fn tries(house: &House) -> u32 {
    house.memory::<Rooms>().settings().attempts_per_minute
}

/// Passes an address as often as it may ask for this.
pub fn at(house: &House, door: Door, place: Option<IpAddr>) -> Result<(), Refusal> {
    let Some(place) = place.map(same_place) else { return Ok(()) };
    let (length, factor) = door.rule();
    let most = tries(house).saturating_mul(factor);
    house.memory::<Memory>().doors.pass(Key::Place(door, place), house.clock.now(), length, most)
}

/// Passes an app as often as it may ask. `proved` says that it is the app, and not only somebody with its name.
pub fn of(house: &House, client: &Client, place: Option<IpAddr>, proved: bool) -> Result<(), Refusal> {
    let (key, factor) = match proved && client.said.kind != AppKind::Public {
        true => (Key::App(client.id), APP_FACTOR),
        false => (Key::AppAt(client.id, place.map(same_place)), APP_AT_PLACE_FACTOR),
    };
    let most = tries(house).saturating_mul(factor);
    house.memory::<Memory>().doors.pass(key, house.clock.now(), MINUTE_MS, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_for_one_is_not_counted_for_another() {
        let (doors, place) = (Doors::default(), IpAddr::from([192, 0, 2, 1]));
        let key = Key::Place(Door::Token, place);
        for _ in 0..3 {
            doors.pass(key, Timestamp(1_000), MINUTE_MS, 3).unwrap();
        }
        let refused = doors.pass(key, Timestamp(31_000), MINUTE_MS, 3).unwrap_err();
        assert_eq!((refused.status, refused.retry_after), (429, Some(30)));
        doors.pass(Key::Place(Door::Authorize, place), Timestamp(31_000), MINUTE_MS, 3).unwrap();
        doors.pass(Key::AppAt(1, Some(place)), Timestamp(31_000), MINUTE_MS, 3).unwrap();
        doors.pass(Key::App(1), Timestamp(31_000), MINUTE_MS, 3).unwrap();
        doors.pass(key, Timestamp(61_000), MINUTE_MS, 3).unwrap();
    }
}
