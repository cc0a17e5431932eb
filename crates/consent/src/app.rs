//! The scopes of an app as a further condition on rows: what the caller may see **and** what they let the app do.
//!
//! A condition of a scope (`?category=…`) is compared with the rows of the blind index in the same statement, so that
//! totals, pages and histories are exact.

use crate::access::Columns;
use db::Sql;
use fhir::Kind;
use kernel::Problem;
use kernel::app::{App, Operation, Rule};

/// Nothing of this type can be done this way: said before anything is looked up, so it tells nothing of any record.
pub fn beyond(app: &App, operation: Operation, kind: Kind) -> Problem {
    let word = match operation {
        Operation::Create => "create",
        Operation::Read => "read",
        Operation::Update => "change",
        Operation::Delete => "delete",
        Operation::Search => "search",
    };
    Problem::new(
        403,
        "insufficient-scope",
        format!("The app \"{}\" was not allowed to {word} {}.", app.name, kind.name()),
    )
}

/// The condition that one of these rules holds for a row.
pub fn restrict(sql: &mut Sql, c: &Columns<'_>, app: &App, counts: impl Fn(&Rule) -> bool) {
    sql.push("(1 = 0");
    for rule in app.rules.iter().filter(|rule| counts(rule)) {
        sql.push(" OR (");
        one(sql, c, app, rule);
        sql.push(")");
    }
    sql.push(")");
}

/// What an app that writes may point at.
pub fn restrict_target(sql: &mut Sql, c: &Columns<'_>, app: &App) {
    sql.push("(");
    restrict(sql, c, app, |_| true);
    sql.push(" OR (");
    match app.patient {
        Some(patient) => sql.push(c.rid).push(" = ").int(patient.get()),
        None => kinds(sql, c, Kind::Patient.code()),
    };
    sql.push("))");
}

fn kinds<'s>(sql: &'s mut Sql, c: &Columns<'_>, kind: i64) -> &'s mut Sql {
    match c.kind {
        Some(column) => sql.push(column).push(" = ").int(kind),
        // Tables that do not say the type: the row itself does.
        None => sql
            .push("EXISTS (SELECT 1 FROM resource k WHERE k.rid = ")
            .push(c.rid)
            .push(" AND k.kind = ")
            .int(kind)
            .push(")"),
    }
}

fn one(sql: &mut Sql, c: &Columns<'_>, app: &App, rule: &Rule) {
    sql.push("1 = 1");
    if let Some(kind) = rule.kind {
        sql.push(" AND ");
        kinds(sql, c, kind);
    }
    if rule.one_patient {
        // The directory belongs to no patient: names of doctors and clinics go with any record.
        sql.push(" AND ").push(c.patient).push(" IN (").int(vault::DIRECTORY);
        if let Some(patient) = app.patient {
            sql.push(", ").int(patient.get());
        }
        sql.push(")");
    }
    for (param, hash) in &rule.terms {
        sql.push(" AND EXISTS (SELECT 1 FROM tok a WHERE a.p = ").int(*param).push(" AND a.h = ").int(*hash);
        sql.push(" AND a.rid = ").push(c.rid).push(")");
    }
}

/// The same decision on what is in hand and not in the index: something about to be written, or an old version.
pub fn covers(app: &App, operation: Operation, kind: Kind, patient: i64, terms: &[(i64, i64)]) -> bool {
    app.rules.iter().any(|rule| {
        rule.allows(operation)
            && rule.speaks_of(kind.code())
            && (!rule.one_patient || patient == vault::DIRECTORY || app.patient.is_some_and(|own| own.get() == patient))
            && rule.terms.iter().all(|term| terms.contains(term))
    })
}
