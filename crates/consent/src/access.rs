//! The witness of a decision: without an `Access` no function of `records` can be called, and only this file makes one.

mod behalf;
mod booker;
mod own;
mod sealed;
mod shape;
mod whole;
mod workplace;

pub(crate) use shape::terms;
pub use shape::{Basis, Columns, Marked, Reach, Terms};
use shape::{covered, custody};

use crate::app;
use crate::marks::{Category, LABEL_BITS};
use crate::restriction;
use crate::writer::Writer;
use db::{DbError, Sql, Tx};
use fhir::Kind;
use kernel::app::{App, Operation};
use kernel::{Actor, Behalf, Ctx, Id, Problem, Purpose, Timestamp, id};
use ledger::{Ground, House};
use std::sync::{Arc, LazyLock};

/// What somebody may see, as established from who they are. The rows themselves are decided inside the query.
#[derive(Clone, Debug)]
pub struct Access {
    scope: Scope,
    purpose: Purpose,
    now: i64,
    /// The app that acts for the caller, and what it is about to do.
    app: Option<Arc<App>>,
    operation: Operation,
    /// Who looks after the record that is open, when it is another's.
    behalf: Option<Arc<Behalf>>,
}

#[derive(Clone, Debug)]
enum Scope {
    /// The operator at the machine: import, export, checks.
    Everything,
    /// A patient and their own record.
    Own { account: i64, patient: i64 },
    /// A practitioner: what live grants to them or to their organizations cover.
    Reader { grantees: Vec<i64> },
    /// Whoever holds a health link: what the patient put behind it. The grantee is the link itself. That of an emergency
    /// card opens while sharing is paused too.
    Bearer { grantees: Vec<i64>, card: bool },
    /// An organization's own software: what that organization contributed.
    Custody { organization: i64 },
    /// A patient looks at their record as a grant would show it.
    Preview { patient: i64, terms: Terms },
    /// Only the directory.
    Directory,
    /// A practitioner in an emergency looks for the patient: who people are, and nothing else of them.
    Lookup,
}

const UNVERIFIED: &str =
    "Your registration as a clinician has not been verified yet. Until it is, this account reads nothing.";

pub(crate) const ONLY_PRACTITIONERS: &str =
    "Only a practitioner who is signed in themselves opens a record in an emergency.";

/// What everybody who is signed in may look up: it is about no patient.
pub const DIRECTORY_KINDS: [&str; 9] = [
    "Organization",
    "OrganizationAffiliation",
    "Practitioner",
    "PractitionerRole",
    "Location",
    "HealthcareService",
    "Endpoint",
    "Schedule",
    "Slot",
];

pub fn is_directory(kind: Kind) -> bool {
    DIRECTORY_KINDS.contains(&kind.name())
}

/// The types of the directory as they are stored, `12, 34, …`.
fn directory_codes() -> &'static str {
    static CODES: LazyLock<String> = LazyLock::new(|| {
        let codes = DIRECTORY_KINDS.iter().filter_map(|kind| Kind::parse(kind)).map(|kind| kind.code().to_string());
        codes.collect::<Vec<_>>().join(", ")
    });
    &CODES
}

impl Access {
    /// Establishes what the caller may see.
    pub fn open(ctx: &Ctx) -> Result<Self, Problem> {
        // A code sent by e-mail opens an account, never a record.
        ctx.full()?;
        let scope = match &ctx.actor {
            Actor::Nobody => return Err(Problem::unauthorized()),
            Actor::Operator => Scope::Everything,
            Actor::Patient { account, patient } => Scope::Own { account: account.get(), patient: patient.get() },
            Actor::Practitioner { practitioner, organizations, .. } => {
                let mut grantees = vec![practitioner.get()];
                grantees.extend(organizations.iter().map(|o| o.get()));
                Scope::Reader { grantees }
            }
            // The same words whatever was asked for, so that they tell of no record.
            Actor::Applicant { .. } => return Err(Problem::new(403, "unverified", UNVERIFIED)),
            Actor::Administrator { .. } => Scope::Directory,
            Actor::Service { organization, .. } => Scope::Custody { organization: organization.get() },
        };
        Ok(Self::new(ctx, scope))
    }

    fn new(ctx: &Ctx, scope: Scope) -> Self {
        let (app, operation, behalf) = (ctx.pass.app.clone(), Operation::Read, ctx.behalf().cloned());
        Self { scope, purpose: ctx.purpose, now: ctx.now().0, app, operation, behalf }
    }

    /// The same access for something else than reading. What an app may do at all with a type is said here, before
    /// anything is looked up; which rows, is part of every query.
    pub fn to(&self, operation: Operation, kind: Kind) -> Result<Self, Problem> {
        if let Some(app) = &self.app
            && !app.may(operation, kind.code())
        {
            return Err(app::beyond(app, operation, kind));
        }
        Ok(Self { operation, ..self.clone() })
    }

    /// Whether an app acts here.
    pub const fn by_app(&self) -> bool {
        self.app.is_some()
    }

    /// Whether the app may do this with what is about to be written, or was written once: rows that the index does not
    /// hold. `terms` are all of the resource's coded index rows. Nobody's app may do everything.
    pub fn app_covers(&self, kind: Kind, patient: i64, terms: &[(i64, i64)]) -> bool {
        self.app.as_ref().is_none_or(|app| app::covers(app, self.operation, kind, patient, terms))
    }

    /// The patient's own record, seen as a grant with these terms would show it.
    pub fn preview(ctx: &Ctx, terms: Terms) -> Result<Self, Problem> {
        ctx.full()?;
        let Actor::Patient { patient, .. } = ctx.actor else {
            return Err(Problem::forbidden("Only a patient can preview what a grant would show."));
        };
        let scope = Scope::Preview { patient: patient.get(), terms };
        Ok(Self::new(ctx, scope))
    }

    /// What stands behind a health link, for somebody of whom nothing is known but that they hold it: whoever calls this
    /// has checked that. Whether the link still stands is asked by every statement.
    pub fn by_link(ctx: &Ctx, link: i64, card: bool) -> Self {
        Self::new(ctx, Scope::Bearer { grantees: vec![crate::link::grantee(link)], card })
    }

    /// A practitioner who just confirmed who they are looks for the patient of an emergency.
    pub fn lookup(ctx: &Ctx) -> Result<Self, Problem> {
        if !matches!(ctx.actor, Actor::Practitioner { .. }) || ctx.pass.app.is_some() {
            return Err(match ctx.actor {
                Actor::Nobody => Problem::unauthorized(),
                _ => Problem::forbidden(ONLY_PRACTITIONERS),
            });
        }
        ctx.confirmed()?;
        Ok(Self::new(ctx, Scope::Lookup))
    }

    /// Whether rows of this kind and patient can be seen at all is a question for the query: this appends the
    /// condition to it.
    pub fn restrict(&self, sql: &mut Sql, c: &Columns<'_>) {
        if let Some(app) = &self.app {
            sql.push("(");
            app::restrict(sql, c, app, Timestamp(self.now), |rule| rule.allows(self.operation));
            sql.push(" AND ");
            self.restrict_caller(sql, c);
            sql.push(")");
        } else {
            self.restrict_caller(sql, c);
        }
    }

    /// What the caller may see, whatever acts for them.
    fn restrict_caller(&self, sql: &mut Sql, c: &Columns<'_>) {
        if matches!(self.scope, Scope::Everything) {
            sql.push("1 = 1");
            return;
        }
        sql.push("(");
        match &self.scope {
            Scope::Everything => {}
            Scope::Directory => {
                sql.push("1 = 0");
            }
            Scope::Lookup => {
                sql.push("(").push(c.marks).push(" & ").int(Category::Person.bit()).push(") <> 0");
                // Somebody who hid who they are keeps it.
                sql.push(" AND (").push(c.marks).push(" & ").int(LABEL_BITS).push(") = 0");
            }
            Scope::Own { patient, .. } => {
                sql.push(c.patient).push(" = ").int(*patient);
                self.while_it_stands(sql, c);
            }
            Scope::Preview { patient, terms } => {
                sql.push(c.patient).push(" = ").int(*patient).push(" AND ");
                covered(sql, c, *terms);
                self.while_it_stands(sql, c);
            }
            Scope::Custody { organization } => custody(sql, c, *organization),
            Scope::Reader { grantees } | Scope::Bearer { grantees, .. } => {
                sql.push("EXISTS (SELECT 1 FROM reach g WHERE g.grantee IN (")
                    .ints(grantees)
                    .push(") AND g.patient = ");
                sql.push(c.patient).push(" AND g.until > ").int(self.now);
                self.for_purpose(sql);
                sql.push(&format!(
                    " AND ({marks} & g.categories) <> 0 AND ({marks} & {LABEL_BITS} & ~g.labels) = 0
                     AND (({time} >= g.lo AND {time} < g.hi) OR ({marks} & {person}) <> 0))",
                    marks = c.marks,
                    time = c.time,
                    person = Category::Person.bit(),
                ));
            }
        }
        if let Some(kind) = c.kind {
            sql.push(" OR (")
                .push(c.patient)
                .push(" = 0 AND ")
                .push(kind)
                .push(" IN (")
                .push(directory_codes())
                .push("))");
        }
        sql.push(")");
    }

    /// As `restrict`, for the targets of references in what a caller writes: an organization may also point at
    /// patients who gave it a grant, and an app at whatever it may do anything with, and at its patient.
    pub fn restrict_target(&self, sql: &mut Sql, c: &Columns<'_>) {
        if let Some(app) = &self.app {
            sql.push("(");
            app::restrict_target(sql, c, app, Timestamp(self.now));
            sql.push(" AND ");
        }
        self.restrict_target_of_caller(sql, c);
        if self.app.is_some() {
            sql.push(")");
        }
    }

    fn restrict_target_of_caller(&self, sql: &mut Sql, c: &Columns<'_>) {
        let Scope::Custody { organization } = self.scope else { return self.restrict_caller(sql, c) };
        sql.push("(");
        self.restrict_caller(sql, c);
        sql.push(" OR EXISTS (SELECT 1 FROM reach g WHERE g.grantee = ").int(organization);
        sql.push(" AND g.patient = ").push(c.patient).push(" AND g.until > ").int(self.now);
        restriction::awake(sql, "g");
        sql.push("))");
    }

    /// The live grants that count for what the caller reads for: care includes care in an emergency. While sharing is
    /// paused, only an emergency counts.
    fn for_purpose(&self, sql: &mut Sql) {
        sql.push(" AND g.purpose ");
        match self.purpose {
            Purpose::Treatment => sql.push("IN ('treatment', 'emergency')"),
            other => sql.push("= ").str(other.as_str()),
        };
        if !matches!(self.scope, Scope::Bearer { card: true, .. }) {
            restriction::awake(sql, "g");
        }
    }

    /// Why these rows of this patient could be seen, for the ledger: of several live grants, the one that covers most of
    /// them, and one that the patient gave before an emergency that a practitioner declared.
    pub fn ground(&self, tx: &mut Tx<'_>, patient: i64, rows: &[Marked]) -> Result<Basis, DbError> {
        let plain = |ground| Basis { ground, purpose: self.purpose, grant: None, grantee: None };
        Ok(match &self.scope {
            Scope::Everything => plain(Ground::Operator),
            Scope::Own { .. } | Scope::Preview { .. } => {
                plain(self.behalf.as_ref().map_or(Ground::OwnRecord, |behalf| Ground::of(behalf.guardian)))
            }
            Scope::Custody { .. } => plain(Ground::Custody),
            Scope::Directory => plain(Ground::Administration),
            Scope::Bearer { .. } => plain(Ground::HealthLink),
            Scope::Lookup => Basis { purpose: Purpose::Emergency, ..plain(Ground::BreakGlass) },
            Scope::Reader { grantees } => {
                let mut sql = Sql::new("SELECT g.grant_id, g.categories, g.labels, g.lo, g.hi, g.purpose, g.grantee");
                sql.push(" FROM reach g WHERE g.grantee IN (").ints(grantees).push(") AND g.patient = ").int(patient);
                sql.push(" AND g.until > ").int(self.now);
                self.for_purpose(&mut sql);
                let mut live = tx.rows(&sql, |row| {
                    let purpose = Purpose::parse(row.text(5)?).unwrap_or(self.purpose);
                    let grant = (row.int(0)?, row.int(6)?);
                    Ok::<_, DbError>((purpose == Purpose::Emergency, grant, terms(row, 1)?))
                })?;
                live.sort_by_key(|(emergency, grant, _)| (*emergency, *grant));
                let most =
                    |covered: &(bool, (i64, i64), Terms)| rows.iter().filter(|row| covered.2.cover(**row)).count();
                // The first of those that cover as many: `max_by_key` alone would take the last.
                match live.iter().rev().max_by_key(|grant| most(grant)) {
                    Some((true, (grant, grantee), _)) => {
                        let (grant, grantee) = (Some(*grant), Some(*grantee));
                        Basis { ground: Ground::BreakGlass, purpose: Purpose::Emergency, grant, grantee }
                    }
                    Some((false, (grant, grantee), _)) => {
                        Basis { grant: Some(*grant), grantee: Some(*grantee), ..plain(Ground::Grant) }
                    }
                    None => plain(Ground::Grant),
                }
            }
        })
    }

    /// The live grants to a reader or their organizations, for the purpose they read with; others have none.
    pub fn reachable(&self, tx: &mut Tx<'_>) -> Result<Vec<Reach>, DbError> {
        if matches!(self.scope, Scope::Reader { .. }) { self.live(tx) } else { Ok(Vec::new()) }
    }

    /// The same with what a health link stands for.
    fn live(&self, tx: &mut Tx<'_>) -> Result<Vec<Reach>, DbError> {
        let (Scope::Reader { grantees } | Scope::Bearer { grantees, .. }) = &self.scope else { return Ok(Vec::new()) };
        let mut sql = Sql::new(
            "SELECT g.patient, g.grant_id, g.grantee, g.categories, g.labels, g.lo, g.hi, g.until, g.purpose FROM reach g
             WHERE g.grantee IN (",
        );
        sql.ints(grantees).push(") AND g.until > ").int(self.now);
        self.for_purpose(&mut sql);
        tx.rows(&sql, |row| {
            let (grant, grantee, terms) = (row.int(1)?, row.int(2)?, terms(row, 3)?);
            let purpose = Purpose::parse(row.text(8)?).unwrap_or(self.purpose);
            Ok(Reach { patient: row.int(0)?, grant, grantee, terms, until: row.int(7)?, purpose })
        })
    }

    /// Those of them that patients gave: an emergency lets nobody write.
    pub fn consented(&self, tx: &mut Tx<'_>) -> Result<Vec<Reach>, DbError> {
        let mut reach = self.reachable(tx)?;
        reach.retain(|reach| reach.purpose != Purpose::Emergency);
        Ok(reach)
    }

    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The one patient this access is about, if it is about one.
    pub const fn own_patient(&self) -> Option<Id<id::Patient>> {
        match self.scope {
            Scope::Own { patient, .. } | Scope::Preview { patient, .. } => Some(Id::new(patient)),
            _ => None,
        }
    }

    /// Who may set labels on this entry by hand: the patient, and a practitioner while a visit is open. The caller has found
    /// the row under this access.
    pub fn labeller(&self, ctx: &Ctx, house: &House, tx: &mut Tx<'_>, row: crate::Row) -> Result<Writer, Problem> {
        let allowed = match &self.scope {
            Scope::Own { patient, .. } => *patient == row.patient,
            Scope::Reader { .. } => {
                self.consented(tx).map_err(crate::ConsentError::from)?.iter().any(|reach| reach.patient == row.patient)
                    && crate::edit::visit_live(ctx, house, tx, row.patient)?.is_some()
            }
            _ => false,
        };
        if self.app.is_some() || !allowed {
            return Err(Problem::forbidden("The patient sets labels, or a doctor in a visit that the patient opened."));
        }
        Ok(Writer::Labelling { author: row.author, patient: row.patient, organization: row.organization })
    }

    /// Who the caller is as a writer; most callers are none.
    pub fn writer(&self, ctx: &Ctx) -> Result<Writer, Problem> {
        match (&self.scope, ctx.actor.account()) {
            (Scope::Everything, _) => Ok(Writer::Operator),
            (Scope::Own { .. }, _) if self.behalf.as_ref().is_some_and(|behalf| !behalf.acts) => {
                Err(Problem::forbidden(crate::family::ONLY_LOOKS))
            }
            (Scope::Own { account, patient }, _) => Ok(Writer::Patient { account: *account, patient: *patient }),
            (Scope::Custody { organization }, Some(account)) => {
                Ok(Writer::Service { account: account.get(), organization: *organization })
            }
            (Scope::Directory, Some(account)) => Ok(Writer::Administrator { account: account.get() }),
            (Scope::Reader { .. }, _) => Err(Problem::forbidden(
                "A doctor changes entries of a record only inside an edit approval that the patient hands over.",
            )),
            _ => Err(Problem::forbidden("This access is for reading only.")),
        }
    }
}
