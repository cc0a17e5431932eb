//! Pure decisions: when an appointment can be, and how long.

use crate::model::Booking;
use kernel::{Issue, Timestamp};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
const USUAL_MINUTES: i64 = 30;
/// Nobody plans further ahead; what does is a slip of the keyboard.
const FURTHEST_MS: i64 = 10 * 366 * DAY_MS;
const LONGEST_REASON: usize = 500;

/// A wish that can be met, as far as it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub start: Timestamp,
    pub end: Timestamp,
    pub reason: Option<String>,
}

/// Reads the form; every fault at its place.
pub fn wish(form: &Booking, now: Timestamp) -> Result<Wish, Vec<Issue>> {
    let mut issues = Vec::new();
    let minutes = form.minutes.unwrap_or(USUAL_MINUTES);
    if !(5..=480).contains(&minutes) {
        issues.push(Issue::new("value", "minutes", "An appointment takes 5 to 480 minutes."));
    }
    let start = Timestamp::parse(&form.start);
    match start {
        None => {
            let text = "Say when as a date with time and zone, such as 2030-01-31T18:00:00Z.";
            issues.push(Issue::new("value", "start", text));
        }
        Some(start) if start <= now => {
            issues.push(Issue::new("value", "start", "An appointment can only be in the future."));
        }
        Some(start) if start.0 > now.0 + FURTHEST_MS => {
            issues.push(Issue::new("value", "start", "Appointments are made for the next ten years."));
        }
        Some(_) => {}
    }
    let reason = form.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
        issues.push(Issue::new("too-long", "reason", "At most 500 letters."));
    }
    match start {
        Some(start) if issues.is_empty() => Ok(Wish { start, end: start.plus_ms(minutes * MINUTE_MS), reason }),
        _ => Err(issues),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(start: &str, minutes: Option<i64>) -> Booking {
        let start = start.to_owned();
        Booking { doctor: None, patient: None, start, minutes, kind: None, reason: None }
    }

    #[test]
    fn an_appointment_has_a_beginning_in_the_future_and_a_sensible_length() {
        let now = Timestamp::parse("2026-11-22T08:00:00Z").unwrap();
        let good = wish(&form("2026-11-23T08:00:00+01:00", Some(20)), now).unwrap();
        assert_eq!(good.start.to_rfc3339(), "2026-11-23T07:00:00.000Z");
        assert_eq!(good.end.0 - good.start.0, 20 * MINUTE_MS);
        assert_eq!(wish(&form("2026-11-23T08:00:00Z", None), now).unwrap().end.0 % DAY_MS, 30_600_000);
        for (start, minutes) in [
            ("tomorrow", None),
            ("2026-11-22T08:00:00Z", None),
            ("2026-11-23", None),
            ("2037-01-01T00:00:00Z", None),
            ("2026-11-23T08:00:00Z", Some(0)),
            ("2026-11-23T08:00:00Z", Some(481)),
        ] {
            assert_eq!(wish(&form(start, minutes), now).unwrap_err().len(), 1, "{start} {minutes:?}");
        }
    }
}
