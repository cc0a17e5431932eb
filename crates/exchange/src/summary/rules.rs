//! What of a record is current enough for a summary. The page's own choice (the newest of each code, mistakes left out) has
//! been made before; these rules narrow it to what IPS is for: care by somebody who sees the patient for the first time.

use fhir::Node;
use kernel::Timestamp;
use records::view::summary::{Gathered, Item};

/// ABO and Rh group, ABO group, Rh (LOINC). They do not change, so their age does not matter.
pub const BLOOD_GROUPS: [&str; 3] = ["882-1", "883-9", "10331-7"];

const DAY_MS: i64 = 86_400_000;

/// Results older than two years, and vital signs older than one, say little of today; the same windows as in the default
/// strategy of the widely used HAPI FHIR server (its `BaseIpsGenerationStrategy`).
const RESULTS_MS: i64 = 2 * 365 * DAY_MS;
const VITALS_MS: i64 = 365 * DAY_MS;

/// IPS requires these sections, also empty (Composition-uv-ips, `sectionProblems`, `sectionAllergies`, `sectionMedications`).
pub const REQUIRED: [&str; 3] = ["11450-4", "48765-2", "10160-0"];

/// Takes out what is not current; returns how many resources are left.
pub fn keep(gathered: &mut Gathered, now: Timestamp) -> usize {
    for part in &mut gathered.parts {
        part.items.retain(|item| is_current(part.code, item, now));
    }
    let blood: Vec<Item> = gathered.asked.clone();
    // A blood group is a result whatever its category says, and never too old.
    if let Some(results) = gathered.parts.iter_mut().find(|part| part.code == "30954-2") {
        let known = |item: &Item| blood.iter().any(|b| b.entry.id == item.entry.id);
        results.items.retain(|item| !known(item));
        results.items.splice(0..0, blood.clone());
    }
    if let Some(vitals) = gathered.parts.iter_mut().find(|part| part.code == "8716-3") {
        vitals.items.retain(|item| blood.iter().all(|b| b.entry.id != item.entry.id));
    }
    1 + gathered.parts.iter().map(|part| part.items.len()).sum::<usize>()
}

fn is_current(section: &str, item: &Item, now: Timestamp) -> bool {
    let Ok(node) = fhir::json::parse(&item.json) else { return false };
    let status = item.entry.status.as_deref().unwrap_or_default();
    match section {
        // What nobody said to be over may be going on: only what is said to be over is left out. A remission is kept,
        // because a relapse is what a stranger must think of.
        "11450-4" | "48765-2" => !matches!(status, "inactive" | "resolved"),
        // A proposal is not yet a medicine.
        "10160-0" => {
            let proposed = matches!(node.str_of("intent"), Some("proposal" | "plan" | "option"));
            !proposed && matches!(status, "active" | "on-hold" | "intended" | "unknown")
        }
        "11369-6" => status == "completed",
        "47519-4" => matches!(status, "completed" | "in-progress" | "unknown" | "stopped"),
        "46264-8" => !matches!(status, "inactive" | "completed" | "stopped"),
        "30954-2" => dated_within(item, now, RESULTS_MS),
        "8716-3" => dated_within(item, now, VITALS_MS),
        "18776-5" => item.active == Some(true),
        _ => true,
    }
}

/// What has no date could be of any time, and is no news.
const fn dated_within(item: &Item, now: Timestamp, window: i64) -> bool {
    item.time != consent::UNDATED && item.time > now.0 - window
}

/// A concept that R4 leaves open and IPS demands.
pub fn has(node: &Node<'_>, name: &str) -> bool {
    node.get(name).is_some_and(|value| !value.members().is_empty() || !value.as_array().is_empty())
}
