//! The patient summary: what a new reader needs first, in the order of the International Patient Summary
//! (HL7 IPS 1.1.0, Composition sections; the codes are LOINC's).
//!
//! What stands in it is chosen by the index (status, code, date): only what is shown is opened.

mod choose;
mod contradiction;
mod gather;

use super::{Entry, Look, describe, found, look, words};
use crate::error::Error;
use choose::{Chosen, Index, Standing, choose, settle};
use consent::{Category, body::display_name};
use db::Tx;
use fhir::{Kind, Node};
use kernel::{Ctx, Problem, Timestamp};
use ledger::{Action, Disclosure, House};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

pub(crate) use gather::all as all_of;
pub use gather::{Gathered, Item, Part, Whose, gather};

/// Whose record it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PatientHeader {
    pub id: String,
    pub name: String,
    #[schema(required = true)]
    pub birth_date: Option<String>,
    /// In whole years, at death if the person has died.
    #[schema(required = true)]
    pub age: Option<i64>,
    #[schema(required = true)]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Absent while the person lives, as far as anybody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deceased: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub death_date: Option<String>,
    /// Where their picture is read; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SummaryEntry {
    #[serde(flatten)]
    pub entry: Entry,
    /// Whether it is going on; absent where that is no question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// How many entries of the same code stand behind this one, itself included; absent when it is the only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Section {
    /// LOINC.
    pub code: &'static str,
    pub title: &'static str,
    pub category: Category,
    /// What is going on first, then the newest.
    pub entries: Vec<SummaryEntry>,
    /// What an empty section means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty: Option<&'static str>,
    /// What whoever reads it must know before; absent where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Summary {
    pub patient: PatientHeader,
    pub sections: Vec<Section>,
}

/// Where a section's entries come from.
struct Source {
    kind: Kind,
    /// The parameter of its code, by which repetitions are found.
    code: Option<&'static str>,
    /// The parameter of its status and the codes that mean it is going on.
    active: Option<(&'static str, &'static [&'static str])>,
    /// Only entries of this category.
    only: Option<Category>,
}

struct Plan {
    code: &'static str,
    title: &'static str,
    category: Category,
    empty: &'static str,
    sources: &'static [Source],
}

const fn coded(kind: Kind, code: &'static str) -> Source {
    Source { kind, code: Some(code), active: None, only: None }
}

const fn running(kind: Kind, code: Option<&'static str>, status: &'static str, on: &'static [&'static str]) -> Source {
    Source { kind, code, active: Some((status, on)), only: None }
}

const fn latest(kind: Kind, only: Category) -> Source {
    Source { kind, code: Some("code"), active: None, only: Some(only) }
}

static PLANS: [Plan; 9] = [
    Plan {
        code: "11450-4",
        title: "Problems",
        category: Category::Condition,
        empty: "No problems are recorded here.",
        sources: &[running(Kind::Condition, Some("code"), "clinical-status", &["active", "recurrence", "relapse"])],
    },
    Plan {
        code: "48765-2",
        title: "Allergies",
        category: Category::Allergy,
        empty: "No allergies are recorded here. That does not mean that there are none.",
        sources: &[running(Kind::AllergyIntolerance, Some("code"), "clinical-status", &["active"])],
    },
    Plan {
        code: "10160-0",
        title: "Medicines",
        category: Category::Medicine,
        empty: "No medicines are recorded here.",
        sources: &[
            running(Kind::MedicationRequest, Some("code"), "status", &["active", "on-hold"]),
            running(Kind::MedicationStatement, Some("code"), "status", &["active", "on-hold", "intended"]),
        ],
    },
    Plan {
        code: "11369-6",
        title: "Immunizations",
        category: Category::Immunization,
        empty: "No immunizations are recorded here.",
        sources: &[Source { kind: Kind::Immunization, code: None, active: None, only: None }],
    },
    Plan {
        code: "47519-4",
        title: "Procedures",
        category: Category::Procedure,
        empty: "No procedures are recorded here.",
        sources: &[coded(Kind::Procedure, "code")],
    },
    Plan {
        code: "46264-8",
        title: "Devices",
        category: Category::Device,
        empty: "No devices are recorded here.",
        sources: &[
            running(Kind::Device, None, "status", &["active"]),
            Source { kind: Kind::DeviceUseStatement, code: None, active: None, only: None },
        ],
    },
    Plan {
        code: "30954-2",
        title: "Results",
        category: Category::Result,
        empty: "No results are recorded here.",
        sources: &[latest(Kind::Observation, Category::Result), latest(Kind::DiagnosticReport, Category::Result)],
    },
    Plan {
        code: "8716-3",
        title: "Vital signs",
        category: Category::Vital,
        empty: "No vital signs are recorded here.",
        sources: &[latest(Kind::Observation, Category::Vital)],
    },
    Plan {
        code: "18776-5",
        title: "Plan",
        category: Category::Plan,
        empty: "No plan is recorded here.",
        sources: &[
            running(Kind::CarePlan, None, "status", &["active", "on-hold"]),
            running(Kind::Goal, None, "lifecycle-status", &["active", "accepted", "planned", "on-hold"]),
            running(Kind::ServiceRequest, Some("code"), "status", &["active", "on-hold"]),
        ],
    },
];

const NOT_SHARED: &str = "Not part of your access: there may be entries that you do not see.";

/// The summary of a record.
pub async fn read(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Summary>, Problem> {
    look(house, ctx, id, |tx, look| {
        let summary = summary(tx, look)?;
        let shown: usize = summary.sections.iter().map(|section| section.entries.len()).sum();
        look.disclose(tx, Action::Read, "Summary", shown + 1, summary)
    })
    .await
}

pub(crate) fn summary(tx: &mut Tx<'_>, look: &mut Look<'_>) -> Result<Summary, Error> {
    let patient = header(tx, look)?.ok_or_else(Problem::not_found)?;
    let visible = look.access.categories(tx, look.patient)?;
    let mut index = Index::default();
    let mut sections = Vec::with_capacity(PLANS.len());
    for plan in &PLANS {
        let mut chosen = Vec::new();
        for source in plan.sources {
            choose(tx, look, &mut index, source, &mut chosen)?;
        }
        let (standing, warning) = stands(tx, look, plan, chosen)?;
        let entries = describe_all(tx, look, plan.category, standing)?;
        // "None are recorded" would be a lie about what the reader may not see.
        let shared = visible & plan.category.bit() != 0;
        let empty = entries.is_empty().then_some(if shared { plan.empty } else { NOT_SHARED });
        let (code, title, category) = (plan.code, plan.title, plan.category);
        sections.push(Section { code, title, category, entries, empty, warning });
    }
    Ok(Summary { patient, sections })
}

/// What is shown of a section, and what must be said with it.
fn stands(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    plan: &Plan,
    chosen: Vec<Chosen>,
) -> Result<(Vec<Standing>, Option<&'static str>), Error> {
    let mut standing = settle(tx, look, chosen)?;
    let warning = if plan.category == Category::Allergy { contradiction::settle(&mut standing)? } else { None };
    Ok((standing, warning))
}

fn describe_all(
    tx: &mut Tx<'_>,
    look: &mut Look<'_>,
    category: Category,
    standing: Vec<Standing>,
) -> Result<Vec<SummaryEntry>, Error> {
    let mut out: Vec<SummaryEntry> = Vec::with_capacity(standing.len());
    let mut titles: HashMap<String, usize> = HashMap::new();
    for Standing { stored, active, times } in standing {
        let entry = describe::entry(tx, look, &stored, &found::parse(&stored)?, category)?;
        // A medicine ordered and stated, or named by reference, has no code in common.
        if category == Category::Medicine {
            if let Some(first) = titles.get(&entry.title).and_then(|at| out.get_mut(*at)) {
                first.times = Some(first.times.unwrap_or(1) + times);
                continue;
            }
            titles.insert(entry.title.clone(), out.len());
        }
        out.push(SummaryEntry { entry, active, times: (times > 1).then_some(times) });
    }
    Ok(out)
}

/// Whose record it is.
pub(crate) fn header(tx: &mut Tx<'_>, look: &mut Look<'_>) -> Result<Option<PatientHeader>, Error> {
    let found = found::open(tx, look, &[look.patient])?;
    let Some(stored) = found.get(&look.patient) else { return Ok(None) };
    let node = found::parse(stored)?;
    let death_date = words::text_of(&node, "deceasedDateTime").and_then(words::moment);
    let birth = words::text_of(&node, "birthDate").map(str::to_owned);
    let end = death_date.clone().unwrap_or_else(|| look.ctx.now().to_rfc3339());
    let died_some_day = node.get("deceasedBoolean").and_then(Node::as_bool) == Some(true);
    Ok(Some(PatientHeader {
        id: stored.id().to_owned(),
        name: Some(display_name(&node)).filter(|n| !n.is_empty()).unwrap_or_else(|| "(without a name)".to_owned()),
        age: birth.as_deref().filter(|_| !died_some_day).and_then(|birth| age(birth, &end)),
        birth_date: birth,
        gender: words::text_of(&node, "gender").map(str::to_owned),
        address: node.array_of("address").first().and_then(address),
        phone: node
            .array_of("telecom")
            .iter()
            .find(|t| matches!(t.str_of("system"), Some("phone" | "sms")))
            .and_then(|t| words::text_of(t, "value"))
            .map(str::to_owned),
        language: language(&node),
        deceased: (died_some_day || death_date.is_some()).then_some(true),
        death_date,
        photo: crate::photo::address_in(&node),
    }))
}

/// Whole years between two dates of which both say the day.
pub(crate) fn age(birth: &str, end: &str) -> Option<i64> {
    let (birth, end) = (birth.get(..10)?, end.get(..10)?);
    let years = end.get(..4)?.parse::<i64>().ok()? - birth.get(..4)?.parse::<i64>().ok()?;
    let had_birthday = end.get(5..)? >= birth.get(5..)?;
    Some(if had_birthday { years } else { years - 1 }).filter(|age| *age >= 0)
}

fn address(address: &Node<'_>) -> Option<String> {
    if let Some(text) = words::text_of(address, "text") {
        return Some(text.to_owned());
    }
    let lines = address.array_of("line").iter().filter_map(Node::as_str).map(str::to_owned);
    let town = ["postalCode", "city"].iter().filter_map(|name| words::text_of(address, name)).collect::<Vec<_>>();
    let rest = ["state", "country"].iter().filter_map(|name| words::text_of(address, name)).map(str::to_owned);
    let parts: Vec<String> = lines.chain([town.join(" ")]).chain(rest).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn language(patient: &Node<'_>) -> Option<String> {
    let spoken = patient.array_of("communication");
    let preferred = spoken.iter().find(|c| c.get("preferred").and_then(Node::as_bool) == Some(true));
    words::concept_of(preferred.or_else(|| spoken.first())?, "language")
}

/// The date of the newest entry that can be seen, but for what lies ahead.
pub(crate) fn newest(tx: &mut Tx<'_>, look: &Look<'_>) -> Result<Option<String>, Error> {
    let mut sql = found::range(look, "pt.lo", crate::index::WHOLE_RECORD, Some(0));
    sql.push(" AND (pt.marks & ").int(super::ENTRIES).push(") <> 0 AND pt.lo > ").int(consent::UNDATED);
    sql.push(" AND pt.lo <= ").int(look.ctx.now().0).push(" ORDER BY pt.lo DESC LIMIT 1");
    Ok(tx.rows(&sql, |row| Ok::<_, Error>(row.int(0)?))?.first().map(|time| Timestamp(*time).to_rfc3339()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_counted_in_birthdays() {
        assert_eq!(age("1980-06-15", "2026-06-14T23:59:59.999Z"), Some(45));
        assert_eq!(age("1980-06-15", "2026-06-15"), Some(46));
        assert_eq!(age("1980", "2026-06-15"), None, "nobody knows whether the birthday was");
        assert_eq!(age("2027-01-01", "2026-06-15"), None);
    }

    #[test]
    fn an_address_is_one_line() {
        let json = br#"{"line":["1 Main St"],"city":"Pune","postalCode":"411001","country":"IN"}"#;
        assert_eq!(address(&fhir::json::parse(json).unwrap()).as_deref(), Some("1 Main St, 411001 Pune, IN"));
    }

    #[test]
    fn every_parameter_a_section_is_chosen_by_exists() {
        for source in PLANS.iter().flat_map(|plan| plan.sources) {
            let names = source.code.iter().copied().chain(source.active.map(|(name, _)| name));
            for name in names {
                assert!(fhir::search::param(source.kind, name).is_some(), "{} {name}", source.kind.name());
            }
        }
    }
}
