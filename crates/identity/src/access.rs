//! The first line of every use case here.

use crate::{IdentityError, store};
use db::Tx;
use kernel::{Actor, Ctx, Id, Role, id};
use ledger::House;

/// The caller's account; 401 for nobody.
pub fn signed_in(ctx: &Ctx) -> Result<Id<id::Account>, IdentityError> {
    ctx.actor.account().ok_or(IdentityError::NotSignedIn)
}

/// The account of a person; a program has the token that the operator gave it, with an end, and no way in of its own.
pub fn person(ctx: &Ctx) -> Result<Id<id::Account>, IdentityError> {
    match ctx.actor {
        Actor::Service { .. } => Err(IdentityError::Forbidden("A service has tokens, and no other way to sign in.")),
        _ => signed_in(ctx),
    }
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

/// The same inside of the transaction that changes something about an account: two administrators who lock each other at the
/// same moment were both administrators when they asked.
pub fn still_administrator(tx: &mut Tx<'_>, house: &House, ctx: &Ctx) -> Result<(), IdentityError> {
    administrator(ctx)?;
    let Actor::Administrator { account, .. } = &ctx.actor else { return Ok(()) };
    let stands = store::find(tx, &house.vault, account.get())?
        .is_some_and(|stored| !stored.locked && stored.profile.role == Role::Administrator);
    if stands { Ok(()) } else { Err(IdentityError::NotSignedIn) }
}
