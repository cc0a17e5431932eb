//! Sealed documents under the same access: the patient's own session, and practitioners whom a live grant names a compartment.
//!
//! Apps, whoever looks after the record, links, cards, emergencies, organizations and their software, and the operator reach
//! none: nobody of them has a key.

use super::{Access, Basis, Scope};
use crate::compartment::Compartment;
use db::{DbError, Sql, Tx};
use ledger::Ground;

impl Access {
    /// The condition on rows of sealed documents and their keys; `patient` and `compartment` are columns, the
    /// latter with the bit of a compartment.
    pub fn restrict_sealed(&self, sql: &mut Sql, patient: &str, compartment: &str) {
        match &self.scope {
            Scope::Own { patient: own, .. } if self.app.is_none() && self.behalf.is_none() => {
                sql.push(patient).push(" = ").int(*own);
            }
            Scope::Reader { grantees } if self.app.is_none() => {
                sql.push("EXISTS (SELECT 1 FROM reach g WHERE g.grantee = ")
                    .int(grantees.first().copied().unwrap_or_default());
                sql.push(" AND g.patient = ").push(patient).push(" AND g.until > ").int(self.now);
                sql.push(" AND (g.labels & ").push(compartment).push(") <> 0");
                self.for_purpose(sql);
                sql.push(")");
            }
            _ => {
                sql.push("1 = 0");
            }
        }
    }

    /// Why sealed documents of this compartment could be opened, for the ledger.
    pub fn sealed_ground(&self, tx: &mut Tx<'_>, patient: i64, compartment: Compartment) -> Result<Basis, DbError> {
        let Scope::Reader { grantees } = &self.scope else {
            return Ok(Basis { ground: Ground::OwnRecord, purpose: self.purpose, grant: None, grantee: None });
        };
        let mut sql = Sql::new("SELECT g.grant_id FROM reach g WHERE g.grantee = ");
        sql.int(grantees.first().copied().unwrap_or_default()).push(" AND g.patient = ").int(patient);
        sql.push(" AND g.until > ").int(self.now).push(" AND (g.labels & ").int(compartment.bit()).push(") <> 0");
        self.for_purpose(&mut sql);
        sql.push(" ORDER BY g.grant_id");
        let grants = tx.rows(&sql, |row| row.int(0))?;
        let grantee = grantees.first().copied();
        Ok(Basis { ground: Ground::Grant, purpose: self.purpose, grant: grants.first().copied(), grantee })
    }

    /// The practitioner who asks, if it is one.
    pub fn practitioner(&self) -> Option<i64> {
        match &self.scope {
            Scope::Reader { grantees } => grantees.first().copied(),
            _ => None,
        }
    }
}
