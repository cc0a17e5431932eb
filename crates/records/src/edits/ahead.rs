//! What happened lies behind: a result, a procedure or a vaccination of tomorrow is a slip of the pen. Plans and orders may lie
//! ahead.

use fhir::{Kind, Node};
use kernel::{Issue, Timestamp};

/// Somewhere it is tomorrow already: the calendar is at most 14 hours ahead of UTC.
const DAY_AHEAD_MS: i64 = 14 * 3_600_000;
/// Clocks that differ.
const CLOCK_AHEAD_MS: i64 = 5 * 60_000;

/// The elements that say when something was measured or done, or began.
const fn elements(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Observation | Kind::DiagnosticReport | Kind::MedicationAdministration => {
            &["effectiveDateTime", "effectiveInstant", "effectivePeriod"]
        }
        Kind::Procedure => &["performedDateTime", "performedPeriod"],
        Kind::Immunization => &["occurrenceDateTime"],
        Kind::Condition | Kind::AllergyIntolerance => &["onsetDateTime", "onsetPeriod"],
        _ => &[],
    }
}

/// What is wrong with the dates of an entry. A date that stands already is no fault of this change.
pub(super) fn fault(kind: Kind, node: &Node<'_>, stood: Option<&Node<'_>>, now: Timestamp) -> Option<Issue> {
    let element = elements(kind).iter().find(|element| {
        let written = node.get(element);
        written != stood.and_then(|stood| stood.get(element)) && written.is_some_and(|date| lies_ahead(date, now))
    })?;
    let text = "This day lies in the future. What was measured, done or began lies behind; what is to come is a plan.";
    Some(Issue::new("value", format!("resource.{element}"), text))
}

fn lies_ahead(date: &Node<'_>, now: Timestamp) -> bool {
    let Some(text) = date.as_str().or_else(|| date.str_of("start")) else { return false };
    let latest = if text.contains('T') { CLOCK_AHEAD_MS } else { DAY_AHEAD_MS };
    fhir::date::span(text).is_some_and(|(begins, _)| begins > now.0.saturating_add(latest))
}
