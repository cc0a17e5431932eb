//! The first line of every use case here.

use crate::IdentityError;
use kernel::{Actor, Ctx, Id, id};

/// The caller's account; 401 for nobody.
pub fn signed_in(ctx: &Ctx) -> Result<Id<id::Account>, IdentityError> {
    ctx.actor.account().ok_or(IdentityError::NotSignedIn)
}

/// Passes administrators and the operator at the machine; 401 for nobody, 403 for the rest.
pub const fn administrator(ctx: &Ctx) -> Result<(), IdentityError> {
    match ctx.actor {
        Actor::Administrator { .. } | Actor::Operator => Ok(()),
        Actor::Nobody => Err(IdentityError::NotSignedIn),
        Actor::Patient { .. } | Actor::Practitioner { .. } | Actor::Applicant { .. } | Actor::Service { .. } => {
            Err(IdentityError::Forbidden("Only an administrator can do this."))
        }
    }
}
