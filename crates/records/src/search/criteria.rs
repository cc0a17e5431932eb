//! One criterion as a condition on the row `r`.

use super::params::{Criterion, What};
use crate::index::{
    PREFIX_MAX, code_hash, exact_hash, id_hash, prefix_hash, primary_param, token_hash, unit_hash, uri_hash,
};
use db::Sql;
use fhir::Kind;
use fhir::reference::{self, Target};
use fhir::search::query::{
    Prefix, SystemQuery, fold, parse_date_query, parse_number_query, parse_quantity_query, parse_token_query, unescape,
};
use fhir::search::{Param, ParamKind};
use kernel::{Issue, Problem};
use vault::Terms;

fn refuse(name: &str, text: impl Into<String>) -> Problem {
    let text = text.into();
    Problem::bad_request(text.clone()).with_issues(vec![Issue::new("value", name, text)])
}

fn named(name: &str, issue: Issue) -> Problem {
    refuse(name, format!("{name}: {}", issue.text))
}

/// Appends the condition of one criterion.
pub fn condition(sql: &mut Sql, terms: &Terms, kind: Kind, criterion: &Criterion) -> Result<(), Problem> {
    match criterion.what {
        What::Id => {
            let ids: Vec<i64> = criterion.values.iter().map(|id| id_hash(terms, kind, &unescape(id))).collect();
            sql.push("r.idh IN (").ints(&ids).push(")");
            Ok(())
        }
        What::LastUpdated => alternatives(sql, &criterion.values, |sql, value| {
            let (prefix, (lo, hi)) = parse_date_query(value).map_err(|i| named("_lastUpdated", i))?;
            instant(sql, "r.updated", prefix, lo, hi);
            Ok(())
        }),
        What::Param(param) => match (param.kind, criterion.modifier.as_deref()) {
            (_, Some("missing")) => missing(sql, param, &criterion.values),
            (ParamKind::Token | ParamKind::Reference | ParamKind::Uri, modifier) => {
                let hashes = hashes(terms, param, modifier, &criterion.values)?;
                if modifier == Some("not") {
                    sql.push("NOT ");
                }
                sql.push("EXISTS (SELECT 1 FROM tok t WHERE t.p = ").int(param.code).push(" AND t.h IN (");
                sql.ints(&hashes).push(") AND t.rid = r.rid)");
                Ok(())
            }
            (ParamKind::String, modifier) => {
                let hashes = text_hashes(terms, param, modifier, &criterion.values)?;
                sql.push("EXISTS (SELECT 1 FROM str t WHERE t.p = ").int(param.code).push(" AND t.h IN (");
                sql.ints(&hashes).push(") AND t.rid = r.rid)");
                Ok(())
            }
            (ParamKind::Date, None) => alternatives(sql, &criterion.values, |sql, value| date(sql, kind, param, value)),
            (ParamKind::Number | ParamKind::Quantity, None) => {
                alternatives(sql, &criterion.values, |sql, value| quantity(sql, terms, param, value))
            }
            (_, Some(modifier)) => Err(unknown_modifier(param, modifier)),
            _ => Err(refuse(param.name, format!("The search parameter {} is not offered yet.", param.name))),
        },
    }
}

fn unknown_modifier(param: &Param, modifier: &str) -> Problem {
    refuse(param.name, format!("The search parameter {} does not take :{modifier}.", param.name))
}

fn alternatives(
    sql: &mut Sql,
    values: &[String],
    mut each: impl FnMut(&mut Sql, &str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    sql.push("(");
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            sql.push(" OR ");
        }
        each(sql, value)?;
    }
    sql.push(")");
    Ok(())
}

/// The hashes that stand for any of the values of a token, reference or uri parameter.
pub fn hashes(terms: &Terms, param: &Param, modifier: Option<&str>, values: &[String]) -> Result<Vec<i64>, Problem> {
    let mut out = Vec::new();
    for value in values {
        match (param.kind, modifier) {
            (ParamKind::Token, None | Some("not")) => {
                let token = parse_token_query(value).map_err(|i| named(param.name, i))?;
                let code = token
                    .code
                    .ok_or_else(|| refuse(param.name, "Name the code as well as its system: system|code."))?;
                out.push(match token.system {
                    SystemQuery::Any => code_hash(terms, param.code, &code),
                    SystemQuery::Absent => {
                        let text = "Codes without a system are not told apart: give the code alone, or system|code.";
                        return Err(refuse(param.name, text));
                    }
                    SystemQuery::Is(system) => token_hash(terms, param.code, &system, &code),
                });
            }
            (ParamKind::Uri, None) => out.push(uri_hash(terms, param.code, &unescape(value))),
            (ParamKind::Reference, modifier) => references(terms, param, modifier, &unescape(value), &mut out)?,
            (_, Some(modifier)) => return Err(unknown_modifier(param, modifier)),
            _ => return Err(refuse(param.name, "This parameter takes no such value.")),
        }
    }
    Ok(out)
}

/// `Patient/1`, `1` (of any type the parameter points to), `:Patient=1`, or an address elsewhere.
fn references(
    terms: &Terms,
    param: &Param,
    modifier: Option<&str>,
    value: &str,
    out: &mut Vec<i64>,
) -> Result<(), Problem> {
    if let Some(modifier) = modifier {
        let kind = Kind::parse(modifier).ok_or_else(|| unknown_modifier(param, modifier))?;
        out.push(id_hash(terms, kind, value.rsplit('/').next().unwrap_or(value)));
        return Ok(());
    }
    match reference::target(value) {
        Some(Target::Literal { kind, id, absolute: false }) => out.push(id_hash(terms, kind, id)),
        Some(_) => out.push(uri_hash(terms, param.code, value)),
        None => {
            let targets: &[Kind] = if param.targets.is_empty() { Kind::all() } else { &param.targets };
            out.extend(targets.iter().map(|kind| id_hash(terms, *kind, value)));
        }
    }
    Ok(())
}

fn text_hashes(terms: &Terms, param: &Param, modifier: Option<&str>, values: &[String]) -> Result<Vec<i64>, Problem> {
    values
        .iter()
        .map(|value| {
            let text = unescape(value);
            match modifier {
                None => Ok(prefix_hash(terms, param.code, &fold(&text).chars().take(PREFIX_MAX).collect::<String>())),
                Some("exact") => Ok(exact_hash(terms, param.code, &text)),
                Some(modifier) => Err(unknown_modifier(param, modifier)),
            }
        })
        .collect()
}

fn missing(sql: &mut Sql, param: &Param, values: &[String]) -> Result<(), Problem> {
    let table = match param.kind {
        ParamKind::Token | ParamKind::Reference | ParamKind::Uri => "tok",
        ParamKind::Date => "dat",
        ParamKind::Number | ParamKind::Quantity => "qty",
        _ => "str",
    };
    match values {
        [value] if value == "true" => sql.push("r.rid NOT IN "),
        [value] if value == "false" => sql.push("r.rid IN "),
        _ => return Err(refuse(param.name, ":missing is true or false.")),
    };
    sql.push("(SELECT t.rid FROM ").push(table).push(" t WHERE t.p = ").int(param.code).push(")");
    Ok(())
}

/// A point in time against a searched span.
fn instant(sql: &mut Sql, column: &str, prefix: Prefix, lo: i64, hi: i64) {
    match prefix {
        Prefix::Eq | Prefix::Ap => {
            sql.push("(").push(column).push(" >= ").int(lo).push(" AND ").push(column).push(" < ").int(hi).push(")");
        }
        Prefix::Ne => {
            sql.push("(").push(column).push(" < ").int(lo).push(" OR ").push(column).push(" >= ").int(hi).push(")");
        }
        Prefix::Gt | Prefix::Sa => {
            sql.push(column).push(" >= ").int(hi);
        }
        Prefix::Ge => {
            sql.push(column).push(" >= ").int(lo);
        }
        Prefix::Lt | Prefix::Eb => {
            sql.push(column).push(" < ").int(lo);
        }
        Prefix::Le => {
            sql.push(column).push(" < ").int(hi);
        }
    }
}

/// The span of a resource against a searched span (<https://hl7.org/fhir/R4/search.html#date>).
fn span(sql: &mut Sql, prefix: Prefix, lo: i64, hi: i64) {
    match prefix {
        // The searched span contains the resource's.
        Prefix::Eq => sql.push("d.lo >= ").int(lo).push(" AND d.hi <= ").int(hi),
        Prefix::Ne => sql.push("(d.lo < ").int(lo).push(" OR d.hi > ").int(hi).push(")"),
        Prefix::Gt => sql.push("d.hi > ").int(hi),
        Prefix::Ge => sql.push("d.hi > ").int(lo),
        Prefix::Lt => sql.push("d.lo < ").int(lo),
        Prefix::Le => sql.push("d.lo < ").int(hi),
        Prefix::Sa => sql.push("d.lo >= ").int(hi),
        Prefix::Eb => sql.push("d.hi <= ").int(lo),
        // They overlap.
        Prefix::Ap => sql.push("d.lo < ").int(hi).push(" AND d.hi > ").int(lo),
    };
}

fn date(sql: &mut Sql, kind: Kind, param: &Param, value: &str) -> Result<(), Problem> {
    let (prefix, (lo, hi)) = parse_date_query(value).map_err(|i| named(param.name, i))?;
    // The clinical date is in the row itself, and leads straight to the one entry of the date index.
    if primary_param(kind).is_some_and(|p| p.code == param.code) {
        sql.push("EXISTS (SELECT 1 FROM dat d WHERE d.p = ").int(param.code);
        sql.push(" AND d.lo = r.time AND d.rid = r.rid AND ");
    } else {
        sql.push("r.rid IN (SELECT d.rid FROM dat d WHERE d.p = ").int(param.code).push(" AND ");
    }
    span(sql, prefix, lo, hi);
    sql.push(")");
    Ok(())
}

fn quantity(sql: &mut Sql, terms: &Terms, param: &Param, value: &str) -> Result<(), Problem> {
    let (number, unit) = if param.kind == ParamKind::Number {
        (parse_number_query(value).map_err(|i| named(param.name, i))?, 0)
    } else {
        let query = parse_quantity_query(value).map_err(|i| named(param.name, i))?;
        let unit = query.unit.map_or(0, |unit| unit_hash(terms, &unit));
        (query.number, unit)
    };
    sql.push("r.rid IN (SELECT q.rid FROM qty q WHERE q.p = ").int(param.code).push(" AND q.unit = ").int(unit);
    sql.push(" AND ");
    match number.prefix {
        Prefix::Eq => sql.push("q.value >= ").real(number.lo).push(" AND q.value < ").real(number.hi),
        Prefix::Ne => sql.push("(q.value < ").real(number.lo).push(" OR q.value >= ").real(number.hi).push(")"),
        Prefix::Gt | Prefix::Sa => sql.push("q.value > ").real(number.value),
        Prefix::Ge => sql.push("q.value >= ").real(number.value),
        Prefix::Lt | Prefix::Eb => sql.push("q.value < ").real(number.value),
        Prefix::Le => sql.push("q.value <= ").real(number.value),
        // R4 suggests a tenth either way.
        Prefix::Ap => {
            let margin = number.value.abs() / 10.0;
            sql.push("q.value >= ").real(number.value - margin).push(" AND q.value <= ").real(number.value + margin)
        }
    };
    sql.push(")");
    Ok(())
}
