//! A patient's own record in other hands: those of an app, or of whoever looks after it.

use super::{Access, Columns, Marked};
use crate::marks::LABEL_BITS;
use crate::restriction;
use db::Sql;
use kernel::Problem;

impl Access {
    /// Whoever looks after the record sees what they were let see, for as long as it stands: the same statement asks.
    pub(super) fn while_it_stands(&self, sql: &mut Sql, c: &Columns<'_>) {
        // An app is somebody else's, whoever let it in; a guardian stands in the patient's own place.
        if self.app.is_some() || self.behalf.as_ref().is_some_and(|behalf| !behalf.guardian) {
            restriction::shared(sql, c.patient);
        }
        let Some(behalf) = &self.behalf else { return };
        if self.now >= behalf.until.0 {
            sql.push(" AND 1 = 0");
            return;
        }
        sql.push(" AND EXISTS (SELECT 1 FROM delegation d WHERE d.delegation_id = ").int(behalf.delegation);
        sql.push(" AND d.account = ").int(behalf.account.get()).push(" AND d.patient = ").push(c.patient);
        sql.push(" AND d.state = 1 AND d.until > ").int(self.now);
        sql.push(&format!(
            " AND ({marks} & d.categories) <> 0 AND ({marks} & {LABEL_BITS} & ~d.labels) = 0)",
            marks = c.marks
        ));
    }

    /// Whoever looks after a part of the record writes nothing but what they would see.
    pub fn within_delegation(&self, row: Marked) -> Result<(), Problem> {
        match self.behalf.as_ref().is_none_or(|behalf| crate::family::terms_of(behalf).cover(row)) {
            true => Ok(()),
            false => Err(Problem::forbidden("You look after a part of this record only, and this is not in it.")),
        }
    }
}
