//! What only those do whose record it is: neither an app nor, but for taking it along, somebody who looks after it.

use super::{Access, Scope};
use kernel::{Behalf, Id, Problem, id};

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

    /// Whether the caller may take the whole record away: the patient, and a guardian, who stands in the child's place.
    /// Whoever looks after an adult's record reads it here, and takes nothing along.
    pub fn may_take(&self, patient: Id<id::Patient>) -> Result<(), Problem> {
        let stands_in = |behalf: &Behalf| behalf.guardian && behalf.acts && behalf.whole;
        match self.scope {
            Scope::Own { patient: own, .. }
                if self.app.is_none() && self.behalf.as_deref().is_none_or(stands_in) && own == patient.get() =>
            {
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
