//! When somebody's time is taken: by appointments, however they came here and whoever may see them.
//!
//! Always holds: asked inside the transaction that books, so that two who book the same moment do not both find it free;
//! the answer is yes or no, and never whose time it is or what for.

use crate::error::Error;
use crate::index::{BUSY, id_hash};
use db::Tx;
use fhir::search::param;
use fhir::{Kind, Node, date};
use ledger::House;

/// States of an appointment that take time. A proposal does not: who asks first must not keep everybody else away.
const TAKING: [&str; 5] = ["booked", "pending", "arrived", "checked-in", "fulfilled"];

/// An appointment without an end takes as long as one usually does.
const USUAL_MS: i64 = 30 * 60_000;

/// None lasts longer: so that asking looks at a month of appointments and not at all there ever were.
const LONGEST_MS: i64 = 31 * 86_400_000;

/// From when to when an appointment takes the time of those who come.
pub fn span(appointment: &Node<'_>) -> Option<(i64, i64)> {
    if !TAKING.contains(&appointment.str_of("status")?) {
        return None;
    }
    let (lo, _) = date::span(appointment.str_of("start")?)?;
    let hi = appointment.str_of("end").and_then(date::span).map_or(lo + USUAL_MS, |(end, _)| end);
    (hi > lo).then_some((lo, hi.min(lo + LONGEST_MS)))
}

/// Whether a practitioner or a patient has an appointment that lies in this time in part, besides the one with this number.
pub fn taken(
    tx: &mut Tx<'_>,
    house: &House,
    (kind, id): (Kind, &str),
    (lo, hi): (i64, i64),
    besides: Option<i64>,
) -> Result<bool, Error> {
    let actor = param(Kind::Appointment, "actor").map_or(-1, |param| param.code);
    let whose = id_hash(house.vault.terms(), kind, id);
    let count = tx.count(
        "SELECT COUNT(*) FROM tok t JOIN dat d ON d.rid = t.rid
         WHERE t.p = ?1 AND t.h = ?2 AND d.p = ?3 AND d.lo < ?4 AND d.hi > ?5 AND d.lo > ?6 AND t.rid <> ?7",
        &[
            actor.into(),
            whose.into(),
            BUSY.into(),
            hi.into(),
            lo.into(),
            (lo - LONGEST_MS - 1).into(),
            besides.unwrap_or(-1).into(),
        ],
    )?;
    Ok(count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Option<(i64, i64)> {
        span(&fhir::json::parse(json.as_bytes()).unwrap())
    }

    #[test]
    fn what_was_booked_takes_time_and_what_was_proposed_or_cancelled_does_not() {
        let at = |status: &str| {
            format!(r#"{{"status":"{status}","start":"1970-01-01T00:00:01Z","end":"1970-01-01T00:00:03Z"}}"#)
        };
        assert_eq!(of(&at("booked")), Some((1_000, 3_000)));
        assert_eq!(of(&at("fulfilled")), Some((1_000, 3_000)));
        for free in ["proposed", "cancelled", "entered-in-error", "noshow", "waitlist"] {
            assert_eq!(of(&at(free)), None, "{free}");
        }
        assert_eq!(of(r#"{"status":"booked","start":"1970-01-01T00:00:00Z"}"#), Some((0, USUAL_MS)));
        assert_eq!(of(r#"{"status":"booked"}"#), None);
    }
}
