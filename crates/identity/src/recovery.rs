//! What ends when somebody gets their account back.
//!
//! Always holds: a recovery that is complete ends every app that was let in before. Whoever made the account may not be
//! the owner of its e-mail address: where nobody ever showed that it is theirs, the first recovery by it also ends
//! every way in that was there before.

use crate::store::{self, Stored};
use crate::{IdentityError, oauth};
use db::Tx;
use kernel::Timestamp;
use ledger::House;

/// What a completed recovery brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gained {
    Password,
    /// A passkey that works from then on.
    Passkey(Timestamp),
}

/// A sentence for the notice that tells of a recovery which has only begun.
pub fn warning(tx: &mut Tx<'_>, stored: &Stored) -> Result<&'static str, IdentityError> {
    Ok(match store::is_proved(tx, stored.id)? {
        true => "",
        false => {
            " Nobody has shown yet that this e-mail address is theirs: with the recovery every other way to sign in is \
             removed."
        }
    })
}

/// Completes a recovery; gives the sentences that tell its owner what ended with it.
pub fn complete(
    tx: &mut Tx<'_>,
    house: &House,
    stored: &Stored,
    gained: Gained,
) -> Result<&'static str, IdentityError> {
    oauth::end_permissions(tx, stored.id, house.clock.now())?;
    match gained {
        Gained::Password => store::end_all_sessions(tx, stored.id)?,
        Gained::Passkey(from) => store::end_sessions_before(tx, stored.id, from)?,
    }
    if store::is_proved(tx, stored.id)? {
        return Ok("Every device was signed out, and apps will have to be connected again.");
    }
    store::forget_older_ways(tx, stored.id, gained == Gained::Password)?;
    store::prove(tx, stored.id)?;
    Ok("Every device was signed out, and apps will have to be connected again. Because nobody had shown before that \
        the e-mail address is theirs, every other passkey, password, recovery code and face check that was there before \
        was removed.")
}
