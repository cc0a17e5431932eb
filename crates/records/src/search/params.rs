//! Reading the query string: what it asks for, or what is wrong with it.

use fhir::Kind;
use fhir::search::{Param, ParamKind, param};
use kernel::{Issue, Problem};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Said only when it is known anyway.
    None,
    Accurate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// By the clinical date.
    Date { descending: bool },
    /// By the time of the last change.
    Updated { descending: bool },
    /// In the order they were first stored.
    Stored { descending: bool },
}

/// One `name:modifier=a,b` of the query.
#[derive(Clone, Debug)]
pub struct Criterion {
    pub what: What,
    pub modifier: Option<String>,
    /// Alternatives, still escaped.
    pub values: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub enum What {
    Id,
    LastUpdated,
    Param(&'static Param),
}

#[derive(Clone, Debug)]
pub struct Query {
    pub kind: Kind,
    pub criteria: Vec<Criterion>,
    pub count: i64,
    pub sort: Sort,
    pub total: Total,
    /// The cursor of the previous page.
    pub after: Option<String>,
    /// The pairs that make up this query without its cursor, for the links of the answer.
    pub pairs: Vec<(String, String)>,
}

const COUNT_DEFAULT: i64 = 50;
/// Larger pages are cut, as FHIR allows.
const COUNT_MAX: i64 = 1000;
/// Alternatives and criteria: beyond this a query is a mistake or an attack.
const VALUES_MAX: usize = 200;

fn refuse(name: &str, text: String) -> Problem {
    Problem::bad_request(text.clone()).with_issues(vec![Issue::new("value", name, text)])
}

pub fn parse(kind: Kind, pairs: &[(String, String)]) -> Result<Query, Problem> {
    let mut query = Query {
        kind,
        criteria: Vec::new(),
        count: COUNT_DEFAULT,
        sort: Sort::Stored { descending: false },
        total: Total::None,
        after: None,
        pairs: pairs.iter().filter(|(name, _)| name != "_cursor").cloned().collect(),
    };
    for (name, value) in pairs {
        control(&mut query, name, value)?;
    }
    let values: usize = query.criteria.iter().map(|c| c.values.len()).sum();
    if values > VALUES_MAX {
        return Err(refuse("", format!("A search takes at most {VALUES_MAX} values.")));
    }
    Ok(query)
}

fn control(query: &mut Query, name: &str, value: &str) -> Result<(), Problem> {
    match name {
        "_count" => {
            let count: i64 =
                value.parse().ok().filter(|n| *n >= 0).ok_or_else(|| refuse(name, "_count is a number.".into()))?;
            query.count = count.min(COUNT_MAX);
            // R4: no entries means that only the total is wanted.
            if count == 0 {
                query.total = Total::Accurate;
            }
        }
        "_sort" => query.sort = sort(query.kind, value)?,
        "_total" => {
            query.total = match value {
                "none" | "estimate" => Total::None,
                "accurate" => Total::Accurate,
                _ => return Err(refuse(name, "_total is none, estimate or accurate.".into())),
            }
        }
        // Some clients ask for the total this way.
        "_totalMethod" if value == "count" => query.total = Total::Accurate,
        "_summary" => match value {
            "count" => {
                query.total = Total::Accurate;
                query.count = 0;
            }
            "false" => {}
            _ => return Err(refuse(name, "_summary can be count or false here.".into())),
        },
        "_cursor" => query.after = Some(value.to_owned()),
        "_format" | "_pretty" => format(name, value)?,
        _ => query.criteria.push(criterion(query.kind, name, value)?),
    }
    Ok(())
}

fn format(name: &str, value: &str) -> Result<(), Problem> {
    if name == "_format" && !matches!(value, "json" | "application/json" | "application/fhir+json") {
        return Err(Problem::new(406, "not-supported", "This server speaks JSON: _format=json."));
    }
    Ok(())
}

/// What a history takes: how it is written, and how many versions it shows, the newest first.
pub fn only_format_and_count(query: Option<&str>) -> Result<usize, Problem> {
    let mut count = usize::MAX;
    for (name, value) in super::pairs(query.unwrap_or_default()) {
        match name.as_str() {
            "_format" | "_pretty" => format(&name, &value)?,
            "_count" => count = value.parse().map_err(|_| refuse(&name, "_count is a number.".into()))?,
            _ => return Err(refuse(&name, format!("{name} is not offered at this address."))),
        }
    }
    Ok(count)
}

/// What an interaction takes that is no search: how the answer is written, and nothing else.
pub fn only_format(query: Option<&str>) -> Result<(), Problem> {
    for (name, value) in super::pairs(query.unwrap_or_default()) {
        match name.as_str() {
            "_format" | "_pretty" => format(&name, &value)?,
            _ => return Err(refuse(&name, format!("{name} is not offered at this address."))),
        }
    }
    Ok(())
}

fn sort(kind: Kind, value: &str) -> Result<Sort, Problem> {
    let (descending, name) = value.strip_prefix('-').map_or((false, value), |name| (true, name));
    let primary = crate::index::primary_param(kind).map(|p| p.name);
    match name {
        "_lastUpdated" => Ok(Sort::Updated { descending }),
        "_id" => Ok(Sort::Stored { descending }),
        _ if Some(name) == primary => Ok(Sort::Date { descending }),
        _ => Err(refuse(
            "_sort",
            format!(
                "{} can be sorted by {}_lastUpdated and _id.",
                kind.name(),
                primary.map_or(String::new(), |p| format!("{p}, "))
            ),
        )),
    }
}

fn criterion(kind: Kind, name: &str, value: &str) -> Result<Criterion, Problem> {
    let (base, modifier) = match name.split_once(':') {
        Some((base, modifier)) => (base, Some(modifier.to_owned())),
        None => (name, None),
    };
    let what = match base {
        "_id" => What::Id,
        "_lastUpdated" => What::LastUpdated,
        _ if base.contains('.') || base == "_has" => {
            return Err(refuse(name, format!("{name}: searching through references is not offered yet.")));
        }
        _ => What::Param(
            param(kind, base)
                .ok_or_else(|| refuse(name, format!("{} has no search parameter {base}.", kind.name())))?,
        ),
    };
    if let What::Param(p) = what
        && matches!(p.kind, ParamKind::Composite | ParamKind::Special)
    {
        return Err(refuse(name, format!("The search parameter {base} is not offered yet.")));
    }
    let values: Vec<String> = fhir::search::query::split_values(value).into_iter().map(str::to_owned).collect();
    if values.iter().any(String::is_empty) {
        return Err(refuse(name, format!("{name} needs a value.")));
    }
    Ok(Criterion { what, modifier, values })
}
