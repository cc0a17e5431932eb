//! What grants and rows look like to the predicate.

use crate::marks::{Category, LABEL_BITS, UNDATED};
use db::{DbError, Sql};
use kernel::Purpose;
use ledger::Ground;

/// What a grant covers, in the form that rows are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub categories: i64,
    pub labels: i64,
    pub lo: i64,
    pub hi: i64,
}

/// What of a row is compared with a grant: what kind of data it is, and its clinical date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    pub marks: i64,
    pub time: i64,
}

/// A live grant that a reader has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    pub patient: i64,
    pub grant: i64,
    /// The practitioner, or the organization it was given to.
    pub grantee: i64,
    pub terms: Terms,
    pub until: i64,
    pub purpose: Purpose,
}

/// Why rows of one patient could be seen, for the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    pub ground: Ground,
    pub purpose: Purpose,
    /// The grant that covers most of what was seen.
    pub grant: Option<i64>,
    /// To whom it was given: the practitioner, or where they work.
    pub grantee: Option<i64>,
}

/// The names of the columns a predicate speaks of, in the statement it becomes part of.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    pub rid: &'a str,
    pub patient: &'a str,
    pub marks: &'a str,
    pub time: &'a str,
    /// Of table `resource` only; elsewhere custody is looked up by `rid`.
    pub organization: Option<&'a str>,
    /// Where rows of no patient can occur.
    pub kind: Option<&'a str>,
}

impl<'a> Columns<'a> {
    /// Table `resource` under the alias `r`.
    pub const RESOURCE: Self = Self {
        rid: "r.rid",
        patient: "r.patient",
        marks: "r.marks",
        time: "r.time",
        organization: Some("r.org"),
        kind: Some("r.kind"),
    };

    /// Table `pt` under the alias `pt`: rows of patients only.
    pub const PATIENT_INDEX: Columns<'a> = Columns {
        rid: "pt.rid",
        patient: "pt.patient",
        marks: "pt.marks",
        time: "pt.lo",
        organization: None,
        kind: None,
    };
}

/// The terms of a grant, from this column on.
pub(crate) fn terms(row: &db::Row<'_, '_>, at: usize) -> Result<Terms, DbError> {
    Ok(Terms { categories: row.int(at)?, labels: row.int(at + 1)?, lo: row.int(at + 2)?, hi: row.int(at + 3)? })
}

impl Terms {
    /// Everything but the sensitive areas, of all time.
    pub const fn all() -> Self {
        Self { categories: Category::everything(), labels: 0, lo: UNDATED, hi: i64::MAX }
    }

    /// Whether whatever the others show, these show too.
    pub const fn hold(self, others: Self) -> bool {
        others.categories & !self.categories == 0
            && others.labels & !self.labels == 0
            && self.lo <= others.lo
            && self.hi >= others.hi
    }

    /// The same rule as the condition of a scan, for a row that is in hand.
    pub const fn cover(self, row: Marked) -> bool {
        let person = row.marks & Category::Person.bit() != 0;
        row.marks & self.categories != 0
            && row.marks & LABEL_BITS & !self.labels == 0
            && (person || (row.time >= self.lo && row.time < self.hi))
    }
}

/// The condition of a grant's terms on one row.
pub(super) fn covered(sql: &mut Sql, c: &Columns<'_>, terms: Terms) {
    sql.push("(").push(c.marks).push(" & ").int(terms.categories | Category::Person.bit()).push(") <> 0 AND (");
    sql.push(c.marks).push(" & ").int(LABEL_BITS & !terms.labels).push(") = 0 AND ((");
    sql.push(c.time).push(" >= ").int(terms.lo).push(" AND ").push(c.time).push(" < ").int(terms.hi);
    sql.push(") OR (").push(c.marks).push(" & ").int(Category::Person.bit()).push(") <> 0)");
}

pub(super) fn custody(sql: &mut Sql, c: &Columns<'_>, organization: i64) {
    match c.organization {
        Some(column) => {
            sql.push(column).push(" = ").int(organization);
        }
        None => {
            sql.push("EXISTS (SELECT 1 FROM resource x WHERE x.rid = ").push(c.rid);
            sql.push(" AND x.org = ").int(organization).push(")");
        }
    }
}
