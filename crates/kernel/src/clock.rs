//! Time as a parameter.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_ms(minutes * 60_000)
    }

    /// `2026-11-21T10:37:05.123Z`, the FHIR instant with milliseconds.
    pub fn to_rfc3339(self) -> String {
        // A date of a record may lie on the last day that can be written; what is beyond is shown as that day.
        let edge = if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        format!("{:.3}", jiff::Timestamp::from_millisecond(self.0).unwrap_or(edge))
    }

    /// `Sun, 22 Nov 2026 04:00:00 GMT`, as HTTP writes it.
    pub fn to_http(self) -> String {
        let at = jiff::Timestamp::from_millisecond(self.0);
        at.map(|t| t.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).unwrap_or_default()
    }

    /// Reads an RFC 3339 instant; `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_millisecond()))
    }
}

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until a test moves it.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_with_milliseconds_and_read_back() {
        let t = Timestamp(1_700_000_000_120);
        assert_eq!(t.to_rfc3339(), "2023-11-14T22:13:20.120Z");
        assert_eq!(t.to_http(), "Tue, 14 Nov 2023 22:13:20 GMT");
        assert_eq!(Timestamp::parse("2023-11-14T23:13:20.120+01:00"), Some(t));
        assert_eq!(Timestamp::parse("yesterday"), None);
        assert_eq!(Timestamp(i64::MAX).to_rfc3339(), "9999-12-30T22:00:00.999Z");
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = FixedClock::at(Timestamp(5));
        assert_eq!(clock.now(), clock.now());
        clock.advance_ms(10);
        assert_eq!(clock.now(), Timestamp(15));
    }
}
