//! What only those do whose record it is: neither an app nor somebody who looks after it.

use super::{Access, Scope};
use kernel::{Id, Problem, id};

impl Access {
    /// Whether the record is the caller's own, in their own session. What is not is answered like what is not there.
    pub fn is_own(&self, patient: Id<id::Patient>) -> Result<(), Problem> {
        match self.scope {
            Scope::Own { patient: own, .. } if self.app.is_none() && self.behalf.is_none() && own == patient.get() => {
                Ok(())
            }
            _ => Err(Problem::not_found()),
        }
    }

    /// Only the patient, or the operator on their behalf, ends a record for good.
    pub fn may_erase(&self, patient: Id<id::Patient>) -> Result<(), Problem> {
        if matches!(self.scope, Scope::Everything) && self.app.is_none() { Ok(()) } else { self.is_own(patient) }
    }
}
