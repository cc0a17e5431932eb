//! How long what is over is kept: from days as they are written to days as they are used.

use super::file;
use crate::retention::Retention;

/// A hundred years: more is a slip, and what is to stay is said with 0.
const MOST_DAYS: u32 = 36_525;

pub fn retention(written: &file::Retention, wrong: &mut Vec<String>) -> Retention {
    let default = Retention::default();
    let mut days = |name: &str, written: Option<u32>, default: Option<u32>| match written {
        None => default,
        Some(0) => None,
        Some(days @ 1..=MOST_DAYS) => Some(days),
        Some(_) => {
            wrong.push(format!(
                "retention.{name}: expected 1 to {MOST_DAYS} days, or 0 to keep it for as long as the record"
            ));
            default
        }
    };
    Retention {
        notices: days("notices_days", written.notices_days, default.notices),
        requests: days("requests_days", written.requests_days, default.requests),
        drafts: days("drafts_days", written.drafts_days, default.drafts),
        family: days("family_days", written.family_days, default.family),
        cases: days("cases_days", written.cases_days, default.cases),
        links: days("links_days", written.links_days, default.links),
        emergencies: days("emergencies_days", written.emergencies_days, default.emergencies),
    }
}

/// As `healthsync.toml` says it.
pub fn listed(keep: &Retention) -> String {
    let kinds = [
        ("notices", keep.notices),
        ("requests", keep.requests),
        ("drafts", keep.drafts),
        ("family", keep.family),
        ("cases", keep.cases),
        ("links", keep.links),
        ("emergencies", keep.emergencies),
    ];
    let line = |(kind, days): (&str, Option<u32>)| format!("{kind}_days = {}\n", days.unwrap_or_default());
    format!("\n[retention]\n{}", kinds.map(line).concat())
}
