//! The scopes of an app as a further condition on rows: what the caller may see **and** what they let the app do.
//!
//! A condition of a scope (`?category=…`) is compared with the rows of the blind index in the same statement, so that
//! totals, pages and histories are exact. That the permission still stands is asked there too: what was let in at the door and
//! takes its time reads and writes nothing once it was taken back.

use crate::access::Columns;
use crate::error::ConsentError;
use db::{Sql, Tx};
use fhir::Kind;
use kernel::app::{App, Operation, Rule};
use kernel::{Ctx, Problem, Timestamp};

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

/// What somebody allowed the app, unless it is over: by itself, with its account, or with the session for whose time it was
/// given; or unless it was narrowed since the rules of this request were read. Striking an app off the list ends its
/// permissions.
fn permission(sql: &mut Sql, app: &App, now: Timestamp) {
    let now = now.0;
    sql.push("SELECT o.grant_id FROM oauth_grant o JOIN account u ON u.account = o.account AND u.state = 0");
    sql.push(" WHERE o.grant_id = ").int(app.permission).push(" AND o.revoked IS NULL AND o.until > ").int(now);
    sql.push(" AND o.version = ").int(app.version);
    sql.push(" AND (o.session IS NULL OR EXISTS (SELECT 1 FROM session s");
    sql.push(" WHERE s.account = o.account AND s.id = o.session AND s.expires > ").int(now).push("))");
}

fn stands(sql: &mut Sql, app: &App, now: Timestamp) {
    sql.push("EXISTS (");
    permission(sql, app, now);
    sql.push(")");
}

/// Whether the app that acts for the caller still may, asked where something is written: a row that is new has no condition
/// that would say it.
pub fn still(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Problem> {
    let Some(app) = &ctx.pass.app else { return Ok(()) };
    let mut sql = Sql::new("");
    permission(&mut sql, app, ctx.now());
    let found = tx.rows(&sql, |row| row.int(0)).map_err(ConsentError::from)?;
    match found.is_empty() {
        false => Ok(()),
        true => Err(Problem::new(401, "invalid-token", "This permission was taken back, narrowed or is over.")),
    }
}

/// The condition that the permission stands and one of these rules holds for a row.
pub fn restrict(sql: &mut Sql, c: &Columns<'_>, app: &App, now: Timestamp, counts: impl Fn(&Rule) -> bool) {
    stands(sql, app, now);
    sql.push(" AND ");
    ruled(sql, c, app, counts);
}

fn ruled(sql: &mut Sql, c: &Columns<'_>, app: &App, counts: impl Fn(&Rule) -> bool) {
    sql.push("(1 = 0");
    for rule in app.rules.iter().filter(|rule| counts(rule)) {
        sql.push(" OR (");
        one(sql, c, app, rule);
        sql.push(")");
    }
    sql.push(")");
}

/// What an app that writes may point at.
pub fn restrict_target(sql: &mut Sql, c: &Columns<'_>, app: &App, now: Timestamp) {
    stands(sql, app, now);
    sql.push(" AND (");
    ruled(sql, c, app, |_| true);
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
